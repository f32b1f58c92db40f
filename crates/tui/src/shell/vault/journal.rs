//! The bytes of one journal entry: which rows it touched, the hash of the entry before, and the caller's own text.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Set,
    Deleted,
    Blob,
}

/// One row touched by an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub deed: Deed,
    pub id: [u8; 16],
    pub rev: u64,
    /// SHA-256 of the plain bytes; zeros for a deletion.
    pub hash: [u8; 32],
}

/// An entry as read back.
pub(super) struct Entry {
    pub mentions: Vec<Mention>,
    pub text: Zeroizing<Vec<u8>>,
}

const MENTION: usize = 1 + 16 + 8 + 32;

/// SHA-256 as an array.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// seq (8), hash of the entry before (32), number of mentions (4), mentions (57 each), text. Numbers are big-endian.
pub(super) fn encode(seq: u64, prev: &[u8; 32], mentions: &[Mention], text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(44 + mentions.len() * MENTION + text.len()));
    out.extend_from_slice(&seq.to_be_bytes());
    out.extend_from_slice(prev);
    out.extend_from_slice(&u32::try_from(mentions.len()).expect("an entry touches few rows").to_be_bytes());
    for mention in mentions {
        out.push(mention.deed as u8);
        out.extend_from_slice(&mention.id);
        out.extend_from_slice(&mention.rev.to_be_bytes());
        out.extend_from_slice(&mention.hash);
    }
    out.extend_from_slice(text);
    out
}

/// Reads an entry that must be number `seq` and follow `prev`.
pub(super) fn decode(seq: u64, prev: &[u8; 32], bytes: &[u8]) -> Option<Entry> {
    let (count, mut rest) = bytes.strip_prefix(&seq.to_be_bytes()[..])?.strip_prefix(&prev[..])?.split_first_chunk()?;
    let mut mentions = Vec::new();
    for _ in 0..u32::from_be_bytes(*count) {
        let (mention, after) = rest.split_at_checked(MENTION)?;
        let deed = [Deed::Set, Deed::Deleted, Deed::Blob].into_iter().find(|d| *d as u8 == mention[0])?;
        mentions.push(Mention {
            deed,
            id: mention[1..17].try_into().ok()?,
            rev: u64::from_be_bytes(mention[17..25].try_into().ok()?),
            hash: mention[25..].try_into().ok()?,
        });
        rest = after;
    }
    let mut text = Zeroizing::new(Vec::with_capacity(rest.len()));
    text.extend_from_slice(rest);
    Some(Entry { mentions, text })
}
