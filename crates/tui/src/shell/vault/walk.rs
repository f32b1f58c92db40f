//! Reads a whole store and compares every row with the last journal entry that mentions it.

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

use super::anchor::{Anchor, Standing};
use super::database::Database;
use super::error::{Fault, Finding, Part, VaultError};
use super::journal::{Deed, Entry, Mention, sha256};
use super::keys::Keys;
use super::ledger::{Ledger, agrees, finding};
use super::sealed::{self, Table};
use super::{Format, RecordId, Row, copy};

/// What a walk found.
pub(super) struct Walk {
    pub ledger: Ledger,
    /// How the journal stands to the mark outside the database.
    pub standing: Standing,
    pub records: BTreeMap<RecordId, Row>,
    /// Entries whose text was erased.
    pub erased: BTreeSet<u64>,
    pub findings: Vec<Finding>,
}

/// Walks the journal from its beginning, then every record and the names of the blobs.
pub(super) fn walk(db: &Database, keys: &Keys, anchor: &Anchor) -> Result<Walk, VaultError> {
    let mut walk = Walk {
        ledger: Ledger::new(),
        standing: Standing::Lost,
        records: BTreeMap::new(),
        erased: BTreeSet::new(),
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

/// Opens one journal row.
fn opened(keys: &Keys, seq: u64, row: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    sealed::open(keys, Table::Journal, &seq.to_be_bytes(), 0, row).ok_or(Fault::Changed)
}

/// Reads an opened journal row: the entry, and the text of one of format 1.
fn read<'b>(keys: &Keys, seq: u64, bytes: &'b [u8]) -> Result<(Entry, &'b [u8]), Fault> {
    Entry::decode(keys.format, bytes).filter(|(entry, _)| entry.seq == seq).ok_or(Fault::Foreign)
}

/// An entry with its text, none when it was erased.
pub(super) type Told = (Entry, Option<Zeroizing<Vec<u8>>>);

/// Opens one journal row without its text.
pub(super) fn untold(keys: &Keys, seq: u64, row: &[u8]) -> Result<Entry, Fault> {
    Ok(read(keys, seq, &opened(keys, seq, row)?)?.0)
}

/// Opens one journal row and the row of its text, which must be the one that the entry was written with.
pub(super) fn told(db: &Database, keys: &Keys, seq: u64, row: &[u8]) -> Result<Result<Told, Fault>, VaultError> {
    let text_row = match keys.format {
        Format::One => None,
        Format::Two => db.text(seq)?,
    };
    let tell = || {
        let bytes = opened(keys, seq, row)?;
        let (entry, text) = read(keys, seq, &bytes)?;
        let text = match (keys.format, text_row) {
            (Format::One, _) => Some(copy(text)),
            (Format::Two, None) if entry.erased() => None,
            (Format::Two, None) => return Err(Fault::Missing),
            (Format::Two, Some(row)) => {
                Some(sealed::open(keys, Table::Text, &seq.to_be_bytes(), 0, &row).ok_or(Fault::Changed)?)
            }
        };
        match text.as_ref().is_none_or(|text| sha256(text) == entry.digest) {
            true => Ok((entry, text)),
            false => Err(Fault::Foreign),
        }
    };
    Ok(tell())
}

/// What is wrong with the texts of the journal.
pub(super) struct Texts {
    pub broken: BTreeMap<u64, Fault>,
    /// There are more text rows than entries that have one.
    pub stray: bool,
}

/// Reads the texts of all entries, which opening does not.
pub(super) fn texts(db: &Database, keys: &Keys) -> Result<Texts, VaultError> {
    let mut broken = BTreeMap::new();
    let (mut kept, mut stopped) = (0, Ok(()));
    db.each_entry(0, |seq, row| {
        match told(db, keys, seq, row) {
            Ok(Ok((_, text))) => kept += u64::from(text.is_some()),
            Ok(Err(fault)) => drop(broken.insert(seq, fault)),
            Err(e) => stopped = Err(e),
        }
        stopped.is_ok()
    })?;
    stopped?;
    Ok(Texts { stray: broken.is_empty() && kept != db.texts()?, broken })
}

impl Walk {
    fn journal(&mut self, db: &Database, keys: &Keys, anchor: &Anchor) -> Result<(), VaultError> {
        let mut watch = anchor.watch();
        db.each_entry(0, |seq, row| {
            let next = self.ledger.head.map_or(0, |head| head.seq + 1);
            let bytes = if seq == next { opened(keys, seq, row) } else { Err(Fault::Missing) };
            let taken = bytes.and_then(|bytes| {
                let (entry, _) = read(keys, seq, &bytes)?;
                if entry.erased() {
                    self.erased.insert(seq);
                }
                self.ledger.take(&entry, sha256(&bytes))
            });
            match taken {
                Ok(head) => {
                    watch.see(keys, head);
                    true
                }
                Err(fault) => {
                    self.findings.push(Finding::new(Part::Journal, fault, next.to_string()));
                    false
                }
            }
        })?;
        if self.ledger.head.is_none() && self.findings.is_empty() {
            self.findings.push(Finding::new(Part::Journal, Fault::Missing, "0"));
        }
        self.standing = watch.standing(self.ledger.head);
        Ok(())
    }

    fn records(&mut self, db: &Database, keys: &Keys) -> Result<(), VaultError> {
        let mut expected: BTreeMap<[u8; 16], Mention> =
            self.ledger.mentions.values().map(|m| (sealed::name(keys, Table::Record, &m.id), *m)).collect();
        db.each_record(|name, rev, row| {
            let mention = <[u8; 16]>::try_from(name).ok().and_then(|n| expected.remove(&n));
            match check(keys, name, rev, row, mention) {
                Ok((id, bytes)) => drop(self.records.insert(id, Row { rev, bytes })),
                Err(fault) => self.findings.push(finding(Part::Record, fault, name)),
            }
        })?;
        let missing = expected.iter().filter(|(_, m)| m.deed == Deed::Set);
        self.findings.extend(missing.map(|(name, _)| finding(Part::Record, Fault::Missing, name)));
        Ok(())
    }

    fn blobs(&mut self, db: &Database, keys: &Keys) -> Result<(), VaultError> {
        let mut expected: BTreeSet<_> =
            self.ledger.blobs.keys().map(|id| sealed::name(keys, Table::Blob, id).to_vec()).collect();
        for name in db.blob_names()? {
            if !expected.remove(&name) {
                self.findings.push(finding(Part::Blob, Fault::Foreign, &name));
            }
        }
        self.findings.extend(expected.iter().map(|name| finding(Part::Blob, Fault::Missing, name)));
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
    agrees(&mention, rev, &bytes)?;
    Ok((mention.id, bytes))
}
