//! The one place where age files are opened: a strict look at the header first, then plain bytes in pre-sized memory.

use std::io::{Read as _, Write as _};
use std::iter;
use std::ops::RangeInclusive;

use age::x25519::Recipient;
use age::{DecryptError, Decryptor, Encryptor, Identity};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::SealError;

const HEADER_LIMIT: usize = 64 << 10;
const STANZA_LIMIT: usize = 16;
const CHUNK: usize = 64 << 10;
const TAG: usize = 16;
const NONCE: usize = 16;
/// Base64 characters of 32 bytes (a share, a wrapped file key, the MAC) and of the 16 bytes of a salt.
const B32: usize = 43;
const B16: usize = 22;

/// Which stanzas a file may hold. A file with any other is refused before a key is used.
#[derive(Clone, Debug)]
pub enum Policy<'a> {
    /// One or more of these kinds, and grease.
    Keys(&'a [&'a str]),
    /// One scrypt stanza alone, with a cost (log2) in this range.
    Passphrase(RangeInclusive<u8>),
}

/// Bundles, letters and the recovery slot.
pub const X25519: Policy<'static> = Policy::Keys(&["X25519"]);

/// Why a file was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The text form of age, which nothing here writes or reads.
    Armor,
    /// No header of an age v1 file, or one that breaks its grammar.
    Header,
    /// Over 64 KiB of header, or over 16 stanzas.
    Size,
    /// A stanza that the policy does not allow, or scrypt in company.
    Kind,
    /// An scrypt cost out of bounds.
    Cost,
    /// More plain bytes than the caller takes.
    TooLarge,
    /// None of the keys opens it; or the wrong passphrase.
    NoMatch,
    /// The header or the payload is not what its author wrote.
    Changed,
}

impl From<Flaw> for SealError {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::NoMatch => Self::WrongRecipient,
            Flaw::Changed => Self::Changed,
            Flaw::TooLarge => Self::TooLarge,
            Flaw::Armor | Flaw::Header | Flaw::Size | Flaw::Kind | Flaw::Cost => Self::NotABundle,
        }
    }
}

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

/// Opens a file of at most `limit` plain bytes; gives nothing out unless all of it is authentic.
pub fn open(
    file: &[u8],
    policy: &Policy<'_>,
    identity: &dyn Identity,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    let header = check(file, policy)?;
    let payload = file.len().checked_sub(header + NONCE).ok_or(Flaw::Header)?;
    let size = payload.checked_sub(payload.div_ceil(CHUNK + TAG) * TAG).ok_or(Flaw::Changed)?;
    if size > limit {
        return Err(Flaw::TooLarge);
    }
    let decryptor = Decryptor::new_buffered(file).map_err(|_| Flaw::Header)?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(|e| match e {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => {
            Flaw::NoMatch
        }
        DecryptError::InvalidHeader => Flaw::Header,
        DecryptError::ExcessiveWork { .. } => Flaw::Cost,
        _ => Flaw::Changed,
    })?;
    let mut plain = Zeroizing::new(vec![0; size]);
    reader.read_exact(&mut plain).map_err(|_| Flaw::Changed)?;
    match reader.read(&mut [0; 1]) {
        Ok(0) => Ok(plain),
        _ => Err(Flaw::Changed),
    }
}

/// Reads the header without any key and gives its length in bytes; stricter than age itself, which still takes
/// two forms that its specification forbids.
pub fn check(file: &[u8], policy: &Policy<'_>) -> Result<usize, Flaw> {
    if file.trim_ascii_start().starts_with(b"-----BEGIN AGE") {
        return Err(Flaw::Armor);
    }
    let mut lines = Lines { file, at: 0 };
    if lines.next()? != b"age-encryption.org/v1" {
        return Err(Flaw::Header);
    }
    let mut stanzas = 0;
    loop {
        let line = lines.next()?;
        if let Some(mac) = line.strip_prefix(b"--- ") {
            return if stanzas > 0 && is_base64(mac, B32) { Ok(lines.at) } else { Err(Flaw::Header) };
        }
        stanzas += 1;
        if stanzas > STANZA_LIMIT {
            return Err(Flaw::Size);
        }
        let words: Vec<&[u8]> = line.strip_prefix(b"-> ").ok_or(Flaw::Header)?.split(|b| *b == b' ').collect();
        if !words.iter().all(|w| !w.is_empty() && w.iter().all(u8::is_ascii_graphic)) {
            return Err(Flaw::Header);
        }
        let body = lines.body()?;
        allowed(&words, body, policy)?;
        if matches!(policy, Policy::Passphrase(_)) && stanzas > 1 {
            return Err(Flaw::Kind);
        }
    }
}

/// Whether the policy has a place for this stanza, and whether a known kind has its shape. `body` counts characters.
fn allowed(words: &[&[u8]], body: usize, policy: &Policy<'_>) -> Result<(), Flaw> {
    let (kind, arguments) = (words[0], &words[1..]);
    match policy {
        Policy::Passphrase(costs) => match arguments {
            _ if kind != b"scrypt" => Err(Flaw::Kind),
            [salt, cost] if is_base64(salt, B16) && body == B32 => match decimal(cost).ok_or(Flaw::Header)? {
                cost if costs.contains(&cost) => Ok(()),
                _ => Err(Flaw::Cost),
            },
            _ => Err(Flaw::Header),
        },
        Policy::Keys(_) if kind.ends_with(b"-grease") => Ok(()),
        Policy::Keys(kinds) if !kinds.iter().any(|k| k.as_bytes() == kind) => Err(Flaw::Kind),
        Policy::Keys(_) if kind == b"X25519" => match arguments {
            [share] if is_base64(share, B32) && body == B32 => Ok(()),
            _ => Err(Flaw::Header),
        },
        Policy::Keys(_) => Ok(()),
    }
}

/// A cost as age writes it: digits without a leading zero. What does not fit is the largest number.
fn decimal(text: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(text).ok()?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    plain.then(|| digits.parse().unwrap_or(u8::MAX))
}

/// Canonical base64 without padding, of this many characters.
fn is_base64(text: &[u8], length: usize) -> bool {
    text.len() == length && STANDARD_NO_PAD.decode(text).is_ok()
}

/// A cursor over the lines of a header.
struct Lines<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a [u8], Flaw> {
        let window = &self.file[self.at..self.file.len().min(HEADER_LIMIT)];
        let cut = if self.file.len() > HEADER_LIMIT { Flaw::Size } else { Flaw::Header };
        let length = window.iter().position(|b| *b == b'\n').ok_or(cut)?;
        self.at += length + 1;
        Ok(&window[..length])
    }

    /// Reads a body: lines of 64 characters, then a shorter one, which may be empty but may not be missing.
    fn body(&mut self) -> Result<usize, Flaw> {
        let mut characters = 0;
        loop {
            let line = self.next()?;
            characters += line.len();
            if line.len() > 64 || !is_base64(line, line.len()) {
                return Err(Flaw::Header);
            }
            if line.len() < 64 {
                return Ok(characters);
            }
        }
    }
}
