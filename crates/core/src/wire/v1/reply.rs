//! What the secretariat decided about one bundle; sealed to the expert inside an `ack`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Body of a `Context::Reply` envelope, signed by the secretariat's staff key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Always 1.
    pub v: u32,
    /// SHA-256 (hex) of the sealed bundle.
    pub sha256: String,
    /// Bundle id of its manifest.
    pub bundle_id: String,
    /// Number of the bundle in its sender's chain, so that a sender who lost its own records learns it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    pub accepted: bool,
    /// Why it is returned; empty when accepted.
    pub note: String,
    pub on: Date,
}
