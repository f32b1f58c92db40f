//! The secretariat's answer to one bundle: sealed to the expert, opaque to the server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::envelope::EnvelopeError;

/// Largest sealed answer, in bytes before base64.
pub const MAX_SEALED: usize = 512 * 1024;

/// Body of a `Context::Ack` envelope, signed by a staff key of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ack {
    /// Always 1.
    pub v: u32,
    /// SHA-256 of the sealed bundle that is answered.
    pub sha256: String,
    /// The answer, sealed to the expert (an age file), base64.
    pub sealed: String,
}

impl Ack {
    /// An answer to the bundle `sha256`.
    pub fn new(sha256: &str, sealed: &[u8]) -> Self {
        Self { v: 1, sha256: sha256.to_owned(), sealed: STANDARD.encode(sealed) }
    }

    /// The sealed bytes; refuses what is not base64 or larger than `MAX_SEALED`.
    pub fn sealed_bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        STANDARD.decode(&self.sealed).ok().filter(|b| b.len() <= MAX_SEALED).ok_or(EnvelopeError::Malformed)
    }
}
