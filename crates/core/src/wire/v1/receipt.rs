//! The server's signed receipt for one bundle, linked to the receipt before it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::envelope::{Context, EnvelopeError, Signed, hex, key_id};
use super::ticket::Ticket;

/// `prev` of the first receipt of a log.
pub const FIRST_PREV: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Body of a `Context::Receipt` envelope, signed by the server's receipt key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Always 1.
    pub v: u32,
    /// SHA-256 of the sealed bundle, 64 lower-case hex digits.
    pub sha256: String,
    /// Bytes of the sealed bundle.
    pub size: u64,
    /// `key_id` of the key that signed the ticket.
    pub key_id: String,
    /// UTC, whole minute, RFC 3339: `2020-11-30T06:05:00Z`.
    pub received_at: String,
    /// Position in the server's log, from 1.
    pub index: u64,
    /// SHA-256 (hex) of the body of the receipt before this one; `FIRST_PREV` for the first.
    pub prev: String,
}

/// Why a receipt does not prove delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    #[error("the receipt is not signed by the pinned receipt key: {0}")]
    Envelope(#[from] EnvelopeError),
    #[error("the receipt is for another bundle than the one that was sent")]
    OtherBundle,
    #[error("the receipt log is broken at position {0}: a receipt is missing or was changed")]
    BrokenChain(u64),
}

impl Receipt {
    /// Verifies a receipt against the pinned key and the ticket that was sent: same hash, size and signing key.
    pub fn check(signed: &Signed, receipt_key: &[u8; 32], ticket: &Signed) -> Result<Self, ReceiptError> {
        let receipt: Self = signed.open_by(Context::Receipt, receipt_key)?;
        let sent: Ticket = ticket.open(Context::Ticket)?;
        let sender = key_id(&ticket.key_bytes()?);
        if receipt.v != 1 || receipt.sha256 != sent.sha256 || receipt.size != sent.size || receipt.key_id != sender {
            return Err(ReceiptError::OtherBundle);
        }
        Ok(receipt)
    }

    /// Verifies that `signed` follows a receipt whose body hash is `prev` and whose position is `index - 1`.
    pub fn follows(signed: &Signed, receipt_key: &[u8; 32], index: u64, prev: &str) -> Result<Self, ReceiptError> {
        let receipt: Self = signed.open_by(Context::Receipt, receipt_key)?;
        if receipt.v != 1 || receipt.index != index || receipt.prev != prev {
            return Err(ReceiptError::BrokenChain(index));
        }
        Ok(receipt)
    }
}

/// What the next receipt carries as `prev`: SHA-256 (hex) of this receipt's exact body.
pub fn chain_hash(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()))
}

/// The whole UTC minute of a Unix time in seconds, as written in `received_at`.
pub fn minute(unix_seconds: i64) -> String {
    let whole = unix_seconds - unix_seconds.rem_euclid(60);
    jiff::Timestamp::from_second(whole).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// One bundle in the secretariat's inbox: who sent it, and where it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxEntry {
    pub ticket: Signed,
    pub receipt: Signed,
}

/// Answer to `GET /v1/inbox?after=N` (staff) and `GET /v1/mailbox?after=N` (an expert's own): entries with a position
/// above N, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// Always 1.
    pub schema: u32,
    pub entries: Vec<InboxEntry>,
    /// True when there are further entries after the last one.
    pub more: bool,
}
