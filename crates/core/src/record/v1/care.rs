//! How the store itself is looked after: its ways in, drills, backups, and what it was restored from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One per home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Care {
    /// Day on which the store was made here.
    pub made_on: Date,
    /// By name: `passphrase`, `recovery`, and what the owner added.
    pub ways: BTreeMap<String, Way>,
    /// Day on which the recovery code was last typed in and was right.
    pub drilled_on: Option<Date>,
    pub backup: Option<BackupMade>,
    pub restored: Option<Restored>,
}

/// A way in, as the owner knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// `age1…`; none for the passphrase, and for the recovery code of a store that is older than this record.
    pub recipient: Option<String>,
    /// SHA-256 (hex) of the key file.
    pub sha256: String,
    pub since: Date,
}

/// The last backup that was made and read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupMade {
    pub on: Date,
    /// Newest journal entry in it.
    pub seq: u64,
}

/// This store began as a copy: what was done after that copy may exist elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restored {
    pub on: Date,
    /// Newest journal entry of the copy.
    pub from_seq: u64,
}
