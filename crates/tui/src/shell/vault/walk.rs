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

fn damaged(part: Part, fault: Fault, seq: u64) -> VaultError {
    VaultError::Damaged { what: vec![Finding::new(part, fault, seq.to_string())] }
}

/// Opens one journal row, and the row of its text, which must be the one that the entry was written with. Without
/// `text` it is not even looked at.
pub(super) fn told(db: &Database, keys: &Keys, seq: u64, row: &[u8], text: bool) -> Result<Told, VaultError> {
    let journal = |fault| damaged(Part::Journal, fault, seq);
    let bytes = opened(keys, seq, row).map_err(journal)?;
    let (entry, old_text) = read(keys, seq, &bytes).map_err(journal)?;
    if !text {
        return Ok((entry, None));
    }
    let text = match keys.format {
        Format::One => Some(copy(old_text)),
        Format::Two => match db.text(seq)? {
            None if entry.erased() => None,
            None => return Err(damaged(Part::Text, Fault::Missing, seq)),
            Some(row) => {
                let text = sealed::open(keys, Table::Text, &seq.to_be_bytes(), 0, &row);
                Some(text.ok_or_else(|| damaged(Part::Text, Fault::Changed, seq))?)
            }
        },
    };
    match text.as_ref().is_none_or(|text| sha256(text) == entry.digest) {
        true => Ok((entry, text)),
        false => Err(damaged(Part::Text, Fault::Foreign, seq)),
    }
}

/// Reads the texts of all entries, which opening does not: what is wrong with each, by its entry.
pub(super) fn texts(db: &Database, keys: &Keys) -> Result<BTreeMap<u64, Finding>, VaultError> {
    let mut broken = BTreeMap::new();
    let (mut kept, mut stopped) = (0, Ok(()));
    db.each_entry(0, |seq, row| {
        match told(db, keys, seq, row, true) {
            Ok((_, text)) => kept += u64::from(text.is_some()),
            Err(VaultError::Damaged { what }) => broken.extend(what.into_iter().map(|finding| (seq, finding))),
            Err(e) => stopped = Err(e),
        }
        stopped.is_ok()
    })?;
    stopped?;
    if broken.is_empty() && kept != db.texts()? {
        // Of no entry.
        broken.insert(u64::MAX, Finding::new(Part::Text, Fault::Foreign, "?"));
    }
    Ok(broken)
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
