//! The journal: every change with what stood before and after it, so that undo, history and audit read one source.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{Id, Record, RecordError};

/// One change to one record; `before` none = made, `after` none = removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub id: Id,
    pub before: Option<Record>,
    pub after: Option<Record>,
}

/// One accepted command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalEntry {
    pub v: u32,
    /// Japan time.
    pub at: DateTime,
    /// Name of the command, such as `session/hold`.
    pub command: String,
    pub changes: Vec<Change>,
    /// Journal number that this entry takes back.
    pub undoes: Option<u64>,
}

impl JournalEntry {
    /// The stored text.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("entries hold only plain data with text keys")
    }

    /// Reads a stored entry.
    pub fn decode(text: &[u8]) -> Result<Self, RecordError> {
        let entry: Self = serde_json::from_slice(text).map_err(|e| super::refused(text, &e))?;
        if entry.v != 1 {
            return Err(RecordError::Newer(entry.v));
        }
        Ok(entry)
    }
}
