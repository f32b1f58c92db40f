//! The ticket that admits one sealed bundle: small, outside the encryption, signed by the expert.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::envelope::hex;

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

impl Ticket {
    /// A ticket for these sealed bytes.
    pub fn for_bytes(bytes: &[u8], recipients_version: u64) -> Self {
        Self { v: 1, sha256: hex(&Sha256::digest(bytes)), size: bytes.len() as u64, recipients_version }
    }
}
