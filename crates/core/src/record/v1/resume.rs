//! Going on after an older state was put back: whether bundles may be numbered, and those sealed out of this home's sight.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::outbox::OutboxState;

/// What this home knows about numbers that it did not give itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resumption {
    /// An older state was put back and nobody was asked since: nothing is sealed while this stands.
    pub restored: Option<PutBack>,
    /// Lowest number that the next bundle may take; 0 when every number was given here.
    pub next: u64,
    /// Bundles of this home's key that were sealed where this home did not see it, by the SHA-256 (hex) of their bytes.
    pub found: BTreeMap<String, Found>,
    /// Every time `next` was raised, oldest first.
    pub steps: Vec<Raised>,
}

/// An older state was put back; what it was made from is in `Care`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutBack {
    pub on: Date,
    /// Highest bundle number known at that moment; 0 when there was none.
    pub last: u64,
}

/// A bundle that a receipt or an own ticket proves; its contents are not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Bytes of the sealed bundle.
    pub size: u64,
    pub found_on: Date,
    /// `Exported` when only its ticket was seen, `Received` with a receipt, then as the secretariat decided.
    pub state: OutboxState,
    /// Signed receipt as JSON text.
    pub receipt: Option<String>,
    /// Its number, once the secretariat's answer told it.
    pub seq: Option<u64>,
    /// What the secretariat wrote back with its decision.
    pub reply: Option<String>,
}

/// Why and how far `next` was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raised {
    pub at: DateTime,
    pub by: RaisedBy,
    /// Bundles that became known with it.
    pub found: u64,
    pub next: u64,
    /// The user's own words; empty unless raised by hand.
    pub reason: String,
}

/// Who told what the numbers stand at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RaisedBy {
    /// The server's list of this key's bundles.
    Mailbox,
    /// Receipts and tickets in a folder.
    Folder,
    /// An answer of the secretariat named a number that this home would have given next or later.
    Reply,
    /// The user, without any of them.
    Hand,
}
