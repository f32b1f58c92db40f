//! The files inside a backup: a manifest, and the journal and records of a store as lines of JSON.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{RecordError, shape_of};

/// A JSON document of one line inside a backup.
pub trait Line: Serialize + DeserializeOwned {
    /// The document, ended by a line feed.
    fn line(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec(self).expect("plain data with text keys");
        text.push(b'\n');
        text
    }

    /// Reads what `line` wrote; an unknown field is refused.
    fn read(text: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(text).map_err(|e| RecordError::Shape(shape_of(&e)))
    }
}

impl Line for BackupManifest {}
impl Line for BackupEntry {}
impl Line for BackupRecord {}

/// `manifest.json`: what a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupManifest {
    /// Format of the backup; always 1.
    pub v: u32,
    /// Format of the store it was made from (1 or 2): decides the hash that chains the journal.
    pub store: u32,
    /// `real` or `practice`.
    pub kind: String,
    /// Japan time, by the clock of the machine that made it; none when a migration made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<jiff::civil::DateTime>,
    /// Number of the newest journal entry.
    pub seq: u64,
    pub records: u64,
    pub blobs: u64,
}

/// One line of `journal/*.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupEntry {
    pub seq: u64,
    /// Hash of the entry before, hex.
    pub prev: String,
    pub mentions: Vec<BackupMention>,
    /// The text of the entry, a `JournalEntry` or empty; none when it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One row that an entry touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupMention {
    /// `set`, `deleted`, `blob` or `blob-deleted`.
    pub deed: String,
    /// 32 hex digits.
    pub id: String,
    pub rev: u64,
    /// SHA-256 (hex) of the plain bytes; zeros for a deletion, and after sealing anew for what no longer stands.
    pub sha256: String,
}

/// One line of `records/*.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRecord {
    /// 32 hex digits.
    pub id: String,
    pub rev: u64,
    /// The stored text, one record of this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bytes of what is no text: the keys of the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}
