//! The recipients file: to whom experts seal, signed by the secretariat's root key.

use serde::{Deserialize, Serialize};

/// Body of a `Context::Recipients` envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipients {
    /// Always 1.
    pub v: u32,
    /// Strictly increasing; an older file than the one held is refused.
    pub version: u64,
    /// `YYYY-MM-DD`; after it sealing still works but warns.
    pub expires: String,
    /// age X25519 recipients (`age1…`); every bundle is sealed to all of them.
    pub age: Vec<String>,
    /// Ed25519 key (base64) that signs the server's receipts; empty until the secretariat has pinned a server.
    pub receipt_key: String,
    /// Programme id, such as `r2-2020`.
    pub programme: String,
    /// True for a practice programme: its bundles say so and are never paid.
    pub practice: bool,
}

/// Body of a `Context::Roster` envelope: who may upload. Signed by the root key and held by the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Always 1.
    pub v: u32,
    /// Strictly increasing.
    pub version: u64,
    /// Ed25519 public keys (base64) of experts whose tickets are accepted.
    pub experts: Vec<String>,
    /// Ed25519 public keys (base64) of the secretariat's staff that may pull and acknowledge.
    pub staff: Vec<String>,
}
