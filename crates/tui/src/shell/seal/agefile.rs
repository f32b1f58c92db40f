//! age files as bundles use them: only X25519 recipients, a bounded header, plain bytes in pre-sized memory.

use std::io::{Read as _, Write as _};

use age::x25519::{Identity, Recipient};
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::SealError;

const HEADER_LIMIT: usize = 64 << 10;
const STANZA_LIMIT: usize = 16;
const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

/// Encrypts to every recipient (`age1…`).
pub(super) fn encrypt(plain: &[u8], recipients: &[String]) -> Result<Vec<u8>, SealError> {
    // One stanza each, and one more of random grease.
    if recipients.is_empty() || recipients.len() >= STANZA_LIMIT {
        return Err(SealError::Recipients);
    }
    let parsed: Vec<Recipient> =
        recipients.iter().map(|r| r.parse().map_err(|_| SealError::Recipients)).collect::<Result<_, _>>()?;
    let encryptor = Encryptor::with_recipients(parsed.iter().map(|r| r as &dyn age::Recipient))
        .map_err(|_| SealError::Recipients)?;
    let mut out = Vec::with_capacity(plain.len() + plain.len() / 2048 + 4096);
    let mut writer = encryptor.wrap_output(&mut out).map_err(|_| SealError::Recipients)?;
    writer.write_all(plain).and_then(|()| writer.finish().map(drop)).map_err(|_| SealError::Recipients)?;
    Ok(out)
}

/// Decrypts at most `limit` bytes; gives nothing out unless the whole file is authentic.
pub(super) fn decrypt(file: &[u8], identity: &Identity, limit: usize) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let header = header_length(file).ok_or(SealError::NotABundle)?;
    let payload = file.len().checked_sub(header + 16).ok_or(SealError::NotABundle)?;
    let size = payload.checked_sub(payload.div_ceil(CHUNK + TAG) * TAG).ok_or(SealError::NotABundle)?;
    if size > limit {
        return Err(SealError::TooLarge);
    }
    let decryptor = Decryptor::new_buffered(file).map_err(|_| SealError::NotABundle)?;
    let mut reader = decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).map_err(|e| match e {
        DecryptError::NoMatchingKeys => SealError::WrongRecipient,
        _ => SealError::Changed,
    })?;
    let mut plain = Zeroizing::new(vec![0; size]);
    reader.read_exact(&mut plain).map_err(|_| SealError::Changed)?;
    match reader.read(&mut [0; 1]) {
        Ok(0) => Ok(plain),
        _ => Err(SealError::Changed),
    }
}

/// Length of a header that we accept: version 1, at most 16 stanzas, each X25519 or grease and whole.
fn header_length(file: &[u8]) -> Option<usize> {
    let window = &file[..file.len().min(HEADER_LIMIT)];
    let mut at = 0;
    let mut line = || {
        let length = window[at..].iter().position(|b| *b == b'\n')?;
        let text = std::str::from_utf8(&window[at..at + length]).ok()?;
        at += length + 1;
        Some((text, at))
    };
    if line()?.0 != "age-encryption.org/v1" {
        return None;
    }
    let mut stanzas = 0;
    loop {
        let (text, end) = line()?;
        if let Some(mac) = text.strip_prefix("--- ") {
            return (mac.len() == 43 && stanzas > 0).then_some(end);
        }
        let mut words = text.strip_prefix("-> ")?.split(' ');
        let kind = words.next()?;
        stanzas += 1;
        if stanzas > STANZA_LIMIT || !(kind == "X25519" || kind.ends_with("-grease")) {
            return None;
        }
        // A body ends with a line shorter than 64 characters, which may be empty but may not be missing.
        loop {
            let (body, _) = line()?;
            if body.len() > 64 || !body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/') {
                return None;
            }
            if body.len() < 64 {
                break;
            }
        }
    }
}
