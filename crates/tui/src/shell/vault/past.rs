//! What the journal tells of a few records, without reading the rest of it.

use std::collections::BTreeSet;

use super::error::{Fault, Finding, Part, VaultError};
use super::{JournalRow, RecordId, Vault, copy, walk};

impl Vault {
    /// The journal entries that mention one of these records, oldest first; the text of one that was erased is empty.
    pub fn past(&self, records: &[RecordId]) -> Result<Vec<JournalRow>, VaultError> {
        let told = self.ledger.told.iter().filter(|(id, _)| records.contains(id));
        let told: BTreeSet<u64> = told.map(|(_, seq)| *seq).collect();
        told.into_iter().map(|seq| self.entry(seq)).collect()
    }

    fn entry(&self, seq: u64) -> Result<JournalRow, VaultError> {
        let missing =
            || VaultError::Damaged { what: vec![Finding::new(Part::Journal, Fault::Missing, seq.to_string())] };
        let row = self.db.entry(seq)?.ok_or_else(missing)?;
        let (entry, text) = walk::told(&self.db, &self.keys, seq, &row, true)?;
        Ok(JournalRow { seq: entry.seq, entry: copy(text.as_deref().map_or(&[], Vec::as_slice)) })
    }
}
