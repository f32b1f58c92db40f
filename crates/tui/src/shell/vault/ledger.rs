//! The journal followed from its beginning: what it says every row must be.

use std::collections::BTreeMap;

use bansou_core::wire::v1::envelope::hex;

use super::error::{Fault, Finding, Part};
use super::journal::{Deed, Entry, Mention, sha256};
use super::{BlobId, Kind, RecordId};

/// The end of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub seq: u64,
    pub hash: [u8; 32],
}

/// What the entries so far say.
pub(super) struct Ledger {
    pub kind: Kind,
    /// None before the first entry.
    pub head: Option<Head>,
    /// The last word on every record, deletions too.
    pub mentions: BTreeMap<RecordId, Mention>,
    /// Hash of every blob that was not deleted.
    pub blobs: BTreeMap<BlobId, [u8; 32]>,
    /// Which entry mentions which record, oldest first; a list costs nothing at the opening, a map would.
    pub told: Vec<(RecordId, u64)>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        let (mentions, blobs) = Default::default();
        Self { kind: Kind::Real, head: None, mentions, blobs, told: Vec::new() }
    }

    /// Takes the next entry, which must be the next number and name the entry before it; `hash` is its own.
    pub(super) fn take(&mut self, entry: &Entry, hash: [u8; 32]) -> Result<Head, Fault> {
        let (seq, prev) = self.head.map_or((0, [0; 32]), |head| (head.seq + 1, head.hash));
        if entry.seq != seq {
            return Err(Fault::Missing);
        }
        if entry.prev != prev {
            return Err(Fault::Foreign);
        }
        if seq == 0 {
            let kind = [Kind::Real, Kind::Practice].into_iter().find(|k| sha256(k.text()) == entry.digest);
            self.kind = kind.ok_or(Fault::Foreign)?;
        }
        for mention in &entry.mentions {
            self.mention(seq, mention);
        }
        let head = Head { seq, hash };
        self.head = Some(head);
        Ok(head)
    }

    /// Follows one mention, of the entry `seq`.
    pub(super) fn mention(&mut self, seq: u64, mention: &Mention) {
        match mention.deed {
            Deed::Set | Deed::Deleted => {
                self.mentions.insert(mention.id, *mention);
                self.told.push((mention.id, seq));
            }
            Deed::Blob => drop(self.blobs.insert(mention.id, mention.hash)),
            Deed::BlobDeleted => drop(self.blobs.remove(&mention.id)),
        }
    }

    /// The number that the next change to a record gets.
    pub(super) fn next_rev(&self, id: &RecordId) -> u64 {
        self.mentions.get(id).map_or(1, |m| m.rev + 1)
    }

    /// Whether this is still what stands: nothing later mentions the same row.
    pub(super) fn stands(&self, mention: &Mention) -> bool {
        match mention.deed {
            Deed::Set | Deed::Deleted => self.mentions.get(&mention.id) == Some(mention),
            Deed::Blob | Deed::BlobDeleted => self.blobs.contains_key(&mention.id),
        }
    }

    /// The records that must exist.
    pub(super) fn live(&self) -> impl Iterator<Item = &Mention> {
        self.mentions.values().filter(|m| m.deed == Deed::Set)
    }
}

/// Whether the bytes found under a revision are what the journal mentions last.
pub(super) fn agrees(mention: &Mention, rev: u64, bytes: &[u8]) -> Result<(), Fault> {
    if mention.deed == Deed::Deleted || rev < mention.rev {
        return Err(Fault::Older);
    }
    if rev > mention.rev {
        return Err(Fault::Foreign);
    }
    if sha256(bytes) == mention.hash { Ok(()) } else { Err(Fault::Changed) }
}

/// A finding about a row, named by what it is stored under.
pub(super) fn finding(part: Part, fault: Fault, name: &[u8]) -> Finding {
    Finding::new(part, fault, hex(name))
}
