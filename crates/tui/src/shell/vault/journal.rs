//! The bytes of one journal entry: which rows it touched, the hash of the entry before, and that of the caller's text.

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
    /// SHA-256 of the plain bytes; zeros for a deletion, and after sealing anew for what no longer stands.
    pub hash: [u8; 32],
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub seq: u64,
    /// Hash of the entry before; zeros for the first.
    pub prev: [u8; 32],
    pub mentions: Vec<Mention>,
    /// SHA-256 of the caller's text; zeros once the text was erased.
    pub digest: [u8; 32],
}

const MENTION: usize = 1 + 16 + 8 + 32;

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

    /// The bytes that are sealed, in format 2; their SHA-256 is what the next entry calls `prev`.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = self.head(32);
        out.extend_from_slice(&self.digest);
        out
    }

    /// What the next entry calls `prev`. In format 1 the text stood where its digest is now.
    pub(super) fn hash(&self, format: Format, text: &[u8]) -> [u8; 32] {
        match format {
            Format::One => {
                let mut whole = self.head(text.len());
                whole.extend_from_slice(text);
                sha256(&whole)
            }
            Format::Two => sha256(&self.encode()),
        }
    }

    /// Whether the text is gone.
    pub(super) fn erased(&self) -> bool {
        self.digest == [0; 32]
    }

    /// Reads an entry, and the text of one of format 1; whether it follows the one before is for the ledger to say.
    pub(super) fn decode(format: Format, bytes: &[u8]) -> Option<(Self, &[u8])> {
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
        let (digest, text) = match format {
            Format::One => (sha256(rest), rest),
            Format::Two => (rest.try_into().ok()?, &[][..]),
        };
        Some((Self { seq: u64::from_be_bytes(*seq), prev: *prev, mentions, digest }, text))
    }
}
