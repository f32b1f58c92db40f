//! Reads a whole store and compares every row with the last journal entry that mentions it.

use std::collections::{BTreeMap, BTreeSet};

use bansou_core::wire::v1::envelope::hex;
use zeroize::Zeroizing;

use super::anchor::Head;
use super::database::Database;
use super::error::{Fault, Finding, Part, VaultError};
use super::journal::{self, Deed, Mention, sha256};
use super::keys::Keys;
use super::sealed::{self, Table};
use super::{BlobId, Kind, RecordId, Row};

/// What a walk found.
pub(super) struct Walk {
    pub kind: Kind,
    pub head: Head,
    /// Hash of the entry that the anchor names, if the journal reaches it.
    pub anchored: Option<Head>,
    pub records: BTreeMap<RecordId, Row>,
    pub mentions: BTreeMap<RecordId, Mention>,
    pub blobs: BTreeMap<BlobId, [u8; 32]>,
    pub findings: Vec<Finding>,
}

/// Walks the journal from its beginning, then every record and the names of the blobs.
pub(super) fn walk(db: &Database, keys: &Keys, anchor: Option<u64>) -> Result<Walk, VaultError> {
    let mut walk = Walk {
        kind: Kind::Real,
        head: Head { seq: 0, hash: [0; 32] },
        anchored: None,
        records: BTreeMap::new(),
        mentions: BTreeMap::new(),
        blobs: BTreeMap::new(),
        findings: Vec::new(),
    };
    walk.journal(db, keys, anchor)?;
    // With a broken journal there is nothing to compare the rows with.
    if walk.findings.is_empty() {
        walk.records(db, keys)?;
        walk.blobs(db, keys)?;
    }
    Ok(walk)
}

impl Walk {
    fn journal(&mut self, db: &Database, keys: &Keys, anchor: Option<u64>) -> Result<(), VaultError> {
        let mut next = 0;
        db.each_entry(0, |seq, row| {
            let fault = if seq == next { self.entry(keys, seq, row) } else { Some(Fault::Missing) };
            if let Some(fault) = fault {
                self.findings.push(Finding::new(Part::Journal, fault, next.to_string()));
                return false;
            }
            if anchor == Some(seq) {
                self.anchored = Some(self.head);
            }
            next += 1;
            true
        })?;
        if next == 0 && self.findings.is_empty() {
            self.findings.push(Finding::new(Part::Journal, Fault::Missing, "0"));
        }
        Ok(())
    }

    fn entry(&mut self, keys: &Keys, seq: u64, row: &[u8]) -> Option<Fault> {
        let Some(bytes) = sealed::open(keys, Table::Journal, &seq.to_be_bytes(), 0, row) else {
            return Some(Fault::Changed);
        };
        let Some(entry) = journal::decode(seq, &self.head.hash, &bytes) else { return Some(Fault::Foreign) };
        if seq == 0 {
            match Kind::of(&entry.text) {
                Some(kind) => self.kind = kind,
                None => return Some(Fault::Foreign),
            }
        }
        for mention in entry.mentions {
            match mention.deed {
                Deed::Blob => drop(self.blobs.insert(mention.id, mention.hash)),
                Deed::Set | Deed::Deleted => drop(self.mentions.insert(mention.id, mention)),
            }
        }
        self.head = Head { seq, hash: sha256(&bytes) };
        None
    }

    fn records(&mut self, db: &Database, keys: &Keys) -> Result<(), VaultError> {
        let mut expected: BTreeMap<[u8; 16], Mention> =
            self.mentions.values().map(|m| (sealed::name(keys, Table::Record, &m.id), *m)).collect();
        db.each_record(|name, rev, row| {
            let mention = <[u8; 16]>::try_from(name).ok().and_then(|n| expected.remove(&n));
            match check(keys, name, rev, row, mention) {
                Ok((id, bytes)) => drop(self.records.insert(id, Row { rev, bytes })),
                Err(fault) => self.findings.push(Finding::new(Part::Record, fault, hex(name))),
            }
        })?;
        for (name, mention) in expected {
            if mention.deed == Deed::Set {
                self.findings.push(Finding::new(Part::Record, Fault::Missing, hex(&name)));
            }
        }
        Ok(())
    }

    fn blobs(&mut self, db: &Database, keys: &Keys) -> Result<(), VaultError> {
        let mut expected: BTreeSet<_> =
            self.blobs.keys().map(|id| sealed::name(keys, Table::Blob, id).to_vec()).collect();
        for name in db.blob_names()? {
            if !expected.remove(&name) {
                self.findings.push(Finding::new(Part::Blob, Fault::Foreign, hex(&name)));
            }
        }
        self.findings.extend(expected.iter().map(|n| Finding::new(Part::Blob, Fault::Missing, hex(n))));
        Ok(())
    }
}

fn check(
    keys: &Keys,
    name: &[u8],
    rev: u64,
    row: &[u8],
    mention: Option<Mention>,
) -> Result<(RecordId, Zeroizing<Vec<u8>>), Fault> {
    let mention = mention.ok_or(Fault::Foreign)?;
    let bytes = sealed::open(keys, Table::Record, name, rev, row).ok_or(Fault::Changed)?;
    if mention.deed == Deed::Deleted || rev < mention.rev {
        return Err(Fault::Older);
    }
    if rev > mention.rev {
        return Err(Fault::Foreign);
    }
    if sha256(&bytes) != mention.hash {
        return Err(Fault::Changed);
    }
    Ok((mention.id, bytes))
}
