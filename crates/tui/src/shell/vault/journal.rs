//! The bytes of one journal entry: which rows it touched, the hash of the entry before, and the caller's own text.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Format;

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Set,
    Deleted,
    Blob,
    BlobDeleted,
}

impl Deed {
    const ALL: [Self; 4] = [Self::Set, Self::Deleted, Self::Blob, Self::BlobDeleted];

    /// Name in a backup.
    pub(super) fn word(self) -> &'static str {
        ["set", "deleted", "blob", "blob-deleted"][self as usize]
    }

    /// The deed of this name.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.word() == word)
    }
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

/// The caller's text, or what is left of it once it was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Kept(Zeroizing<Vec<u8>>),
    /// SHA-256 of the text that was here, so that the chain still holds.
    Erased([u8; 32]),
}

impl Text {
    pub(super) fn kept(bytes: &[u8]) -> Self {
        let mut copy = Zeroizing::new(Vec::with_capacity(bytes.len()));
        copy.extend_from_slice(bytes);
        Self::Kept(copy)
    }

    fn hash(&self) -> [u8; 32] {
        match self {
            Self::Kept(text) => sha256(text),
            Self::Erased(hash) => *hash,
        }
    }

    pub(super) fn erased(&self) -> Self {
        Self::Erased(self.hash())
    }
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub seq: u64,
    /// Hash of the entry before; zeros for the first.
    pub prev: [u8; 32],
    pub mentions: Vec<Mention>,
    pub text: Text,
}

const MENTION: usize = 1 + 16 + 8 + 32;
/// What follows the mentions in format 2: a text, or its hash.
const KEPT: u8 = 0;
const ERASED: u8 = 1;

/// SHA-256 as an array.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Entry {
    /// The part before the text: seq (8), prev (32), number of mentions (4), mentions (57 each). Big-endian.
    fn head(&self, room: usize) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(44 + self.mentions.len() * MENTION + room));
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.prev);
        out.extend_from_slice(&u32::try_from(self.mentions.len()).expect("an entry touches few rows").to_be_bytes());
        for mention in &self.mentions {
            out.push(mention.deed as u8);
            out.extend_from_slice(&mention.id);
            out.extend_from_slice(&mention.rev.to_be_bytes());
            out.extend_from_slice(&mention.hash);
        }
        out
    }

    /// The bytes that are sealed, in format 2.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let (tag, rest): (u8, &[u8]) = match &self.text {
            Text::Kept(text) => (KEPT, text),
            Text::Erased(hash) => (ERASED, hash),
        };
        let mut out = self.head(1 + rest.len());
        out.push(tag);
        out.extend_from_slice(rest);
        out
    }

    /// What the next entry calls `prev`. In format 2 it does not depend on whether the text was erased.
    pub(super) fn hash(&self, format: Format) -> [u8; 32] {
        match (format, &self.text) {
            (Format::One, Text::Kept(text)) => {
                let mut whole = self.head(text.len());
                whole.extend_from_slice(text);
                sha256(&whole)
            }
            _ => {
                let mut whole = self.head(32);
                whole.extend_from_slice(&self.text.hash());
                sha256(&whole)
            }
        }
    }

    /// Reads an entry; whether it follows the one before is for the ledger to say.
    pub(super) fn decode(format: Format, bytes: &[u8]) -> Option<Self> {
        let (seq, rest) = bytes.split_first_chunk()?;
        let (prev, rest) = rest.split_first_chunk()?;
        let (count, mut rest) = rest.split_first_chunk()?;
        let mut mentions = Vec::new();
        for _ in 0..u32::from_be_bytes(*count) {
            let (mention, after) = rest.split_at_checked(MENTION)?;
            mentions.push(Mention {
                deed: Deed::ALL.into_iter().find(|d| *d as u8 == mention[0])?,
                id: mention[1..17].try_into().ok()?,
                rev: u64::from_be_bytes(mention[17..25].try_into().ok()?),
                hash: mention[25..].try_into().ok()?,
            });
            rest = after;
        }
        let text = match (format, rest.split_first()) {
            (Format::One, _) => Text::kept(rest),
            (Format::Two, Some((&KEPT, text))) => Text::kept(text),
            (Format::Two, Some((&ERASED, hash))) => Text::Erased(hash.try_into().ok()?),
            _ => return None,
        };
        Some(Self { seq: u64::from_be_bytes(*seq), prev: *prev, mentions, text })
    }
}
