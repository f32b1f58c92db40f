//! What waits to leave this machine: sealed bundles and how far each has come.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Id;

/// A sealed bundle; its bytes are frozen in `blob` and never sealed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxItem {
    /// Also the bundle id of the manifest.
    pub id: Id,
    pub kind: BundleKind,
    pub engagement: Option<Id>,
    pub claim: Option<Id>,
    pub session: Option<u8>,
    /// Position in this expert's chain, from 1.
    pub seq: u64,
    /// SHA-256 (hex) of this bundle's manifest text, which the next one names.
    pub manifest_sha256: String,
    /// SHA-256 (hex) of the sealed bytes.
    pub sha256: String,
    pub size: u64,
    /// None once the bytes were erased with the client they told of.
    pub blob: Option<Id>,
    /// Signed ticket as JSON text.
    pub ticket: String,
    pub sealed_at: DateTime,
    pub state: OutboxState,
    pub attempts: u32,
    /// Signed receipt as JSON text.
    pub receipt: Option<String>,
    /// What the secretariat wrote back with its decision.
    pub reply: Option<String>,
    /// Day on which the decision was taken in here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_on: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BundleKind {
    Report,
    Claim,
}

/// How far a bundle has come; `core::outbox` decides every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutboxState {
    Queued,
    Exported,
    Sending,
    Received,
    Accepted,
    Returned,
}
