//! The ticket that admits one sealed bundle: small, outside the encryption, signed by the expert.

use serde::{Deserialize, Serialize};

/// Body of a `Context::Ticket` envelope. The signing key is the expert's; the server knows it from the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Always 1.
    pub v: u32,
    /// SHA-256 of the sealed bundle, 64 lower-case hex digits. The idempotency key of the whole protocol.
    pub sha256: String,
    /// Bytes of the sealed bundle.
    pub size: u64,
    /// Version of the recipients file the bundle was sealed to.
    pub recipients_version: u64,
}
