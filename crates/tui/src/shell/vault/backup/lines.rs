//! Journal entries and records as lines of JSON, and back.

use bansou_core::record::v1::backup::{BackupEntry, BackupMention, BackupRecord, Line as _};
use bansou_core::wire::v1::envelope::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::super::RecordId;
use super::super::error::VaultError;
use super::super::journal::{Deed, Entry, Mention, sha256};
use super::super::walk::Told;

/// One journal entry and its text, none when it was erased.
pub(super) fn of_entry(entry: &Entry, text: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let text = text.map(|t| str::from_utf8(t).map(str::to_owned)).transpose().map_err(|_| VaultError::Backup)?;
    let mentions = entry
        .mentions
        .iter()
        .map(|m| BackupMention { deed: m.deed.word().into(), id: hex(&m.id), rev: m.rev, sha256: hex(&m.hash) })
        .collect();
    let entry = BackupEntry { seq: entry.seq, prev: hex(&entry.prev), mentions, text };
    Ok(Zeroizing::new(entry.line()))
}

/// One record.
pub(super) fn of_record(id: &RecordId, rev: u64, bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok().map(str::to_owned);
    let base64 = text.is_none().then(|| STANDARD.encode(bytes));
    Zeroizing::new(BackupRecord { id: hex(id), rev, text, base64 }.line())
}

/// The lines of one file.
pub(super) fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty())
}

pub(super) fn entry(line: &[u8]) -> Result<Told, VaultError> {
    let read = BackupEntry::read(line).map_err(|_| VaultError::Backup)?;
    let text = read.text.map(|text| Zeroizing::new(text.into_bytes()));
    let digest = text.as_ref().map_or([0; 32], |text| sha256(text));
    let mentions = read
        .mentions
        .iter()
        .map(|m| {
            let deed = Deed::of(&m.deed).ok_or(VaultError::Backup)?;
            Ok(Mention { deed, id: digits(&m.id)?, rev: m.rev, hash: digits(&m.sha256)? })
        })
        .collect::<Result<_, VaultError>>()?;
    Ok((Entry { seq: read.seq, prev: digits(&read.prev)?, mentions, digest }, text))
}

pub(super) fn record(line: &[u8]) -> Result<(RecordId, u64, Zeroizing<Vec<u8>>), VaultError> {
    let read = BackupRecord::read(line).map_err(|_| VaultError::Backup)?;
    let bytes = match (read.text, read.base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(text)) => STANDARD.decode(text).map_err(|_| VaultError::Backup)?,
        _ => return Err(VaultError::Backup),
    };
    Ok((digits(&read.id)?, read.rev, Zeroizing::new(bytes)))
}

/// An id as a file name.
pub(super) fn id(text: &str) -> Result<[u8; 16], VaultError> {
    digits(text)
}

fn digits<const N: usize>(text: &str) -> Result<[u8; N], VaultError> {
    let pairs = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    // Only as `hex` writes it: `from_str_radix` would also take capitals and a sign.
    let plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if pairs.0.len() != N || !pairs.1.is_empty() || !plain {
        return Err(VaultError::Backup);
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs.0) {
        let pair = std::str::from_utf8(pair).map_err(|_| VaultError::Backup)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| VaultError::Backup)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_written_in_one_way_only() {
        assert_eq!(digits("0aff"), Ok([0x0a, 0xff]));
        for other in ["0AFF", "+aff", "0a+f", "0af", "0afff", "", "0aｆ"] {
            assert_eq!(digits::<2>(other), Err(VaultError::Backup), "{other}");
        }
    }
}
