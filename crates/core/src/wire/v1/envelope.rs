//! A signed text: exact bytes, the key that signed them, and the signature over a context string and those bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a signature is for. A signature made in one context never verifies in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    Manifest,
    Ticket,
    Receipt,
    Recipients,
    Roster,
    Certificate,
    Enrolment,
    Ack,
    Reply,
    Purge,
    Share,
    ShareReturn,
}

impl Context {
    /// The context string of `docs/protocol.md`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Manifest => "bansou/manifest/v1",
            Self::Ticket => "bansou/ticket/v1",
            Self::Receipt => "bansou/receipt/v1",
            Self::Recipients => "bansou/recipients/v1",
            Self::Roster => "bansou/roster/v1",
            Self::Certificate => "bansou/certificate/v1",
            Self::Enrolment => "bansou/enrolment/v1",
            Self::Ack => "bansou/ack/v1",
            Self::Reply => "bansou/reply/v1",
            Self::Purge => "bansou/purge/v1",
            Self::Share => "bansou/share/v1",
            Self::ShareReturn => "bansou/share-return/v1",
        }
    }

    /// The bytes that are signed: the label, its length first, then the body.
    pub fn signed_bytes(self, body: &str) -> Vec<u8> {
        let label = self.label();
        let mut out = Vec::with_capacity(label.len() + body.len() + 9);
        out.push(u8::try_from(label.len()).expect("labels are short"));
        out.extend_from_slice(label.as_bytes());
        out.extend_from_slice(&(body.len() as u64).to_be_bytes());
        out.extend_from_slice(body.as_bytes());
        out
    }
}

/// Why a signed text was not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the key or signature is not well formed")]
    Malformed,
    #[error("the signature does not match: the text was changed, or another key signed it")]
    BadSignature,
    #[error("the signed text is not the expected kind: {0}")]
    Body(String),
}

/// A signed JSON text. `body` is kept as the exact string that was signed; it is parsed only after verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    pub body: String,
    /// Ed25519 public key (RFC 8032), 32 bytes, base64.
    pub key: String,
    /// Ed25519 signature, 64 bytes, base64.
    pub sig: String,
}

impl Signed {
    /// Puts a body and the signature made over `Context::signed_bytes` together.
    pub fn new(body: String, key: &[u8; 32], sig: &[u8; 64]) -> Self {
        Self { body, key: encode_key(key), sig: STANDARD.encode(sig) }
    }

    /// The JSON text that travels and is stored: one line, fixed field order.
    pub fn to_json(&self) -> String {
        to_json(self)
    }

    /// Reads the JSON text of an envelope; nothing in it is believed yet.
    pub fn from_json(text: &str) -> Result<Self, EnvelopeError> {
        serde_json::from_str(text).map_err(|e| EnvelopeError::Body(e.to_string()))
    }

    /// The public key that claims to have signed, as 32 bytes.
    pub fn key_bytes(&self) -> Result<[u8; 32], EnvelopeError> {
        decode(&self.key)
    }

    /// Verifies (strictly, RFC 8032) and then parses the body. The caller decides whether `key` may sign this.
    pub fn open<T: DeserializeOwned>(&self, context: Context) -> Result<T, EnvelopeError> {
        let key = VerifyingKey::from_bytes(&self.key_bytes()?).map_err(|_| EnvelopeError::Malformed)?;
        let sig = Signature::from_bytes(&decode::<64>(&self.sig)?);
        key.verify_strict(&context.signed_bytes(&self.body), &sig).map_err(|_| EnvelopeError::BadSignature)?;
        serde_json::from_str(&self.body).map_err(|e| EnvelopeError::Body(e.to_string()))
    }

    /// Like `open`, and refuses a signature by any key but `expected`.
    pub fn open_by<T: DeserializeOwned>(&self, context: Context, expected: &[u8; 32]) -> Result<T, EnvelopeError> {
        if &self.key_bytes()? != expected {
            return Err(EnvelopeError::BadSignature);
        }
        self.open(context)
    }
}

/// The short name of a key: the first 16 bytes of its SHA-256, in hex.
pub fn key_id(key: &[u8; 32]) -> String {
    hex(&Sha256::digest(key)[..16])
}

/// What two people compare by voice: 30 digits in six groups, from the SHA-256 of the key.
pub fn fingerprint(key: &[u8; 32]) -> String {
    let digest = Sha256::digest(key);
    digest
        .chunks(4)
        .take(6)
        .map(|c| {
            let n = u32::from_be_bytes([c[0], c[1], c[2], c[3]]) % 100_000;
            format!("{n:05}")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The base64 text of an Ed25519 public key, as it stands in envelopes and rosters.
pub fn encode_key(key: &[u8; 32]) -> String {
    STANDARD.encode(key)
}

/// Reads the base64 text of an Ed25519 public key.
pub fn decode_key(text: &str) -> Result<[u8; 32], EnvelopeError> {
    decode(text)
}

/// The JSON text of a wire type: one line, fields in the order of the struct, so the same value gives the same bytes.
pub fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("wire types hold only strings, numbers, lists and booleans")
}

/// True for the name of a bundle: 64 lower-case hexadecimal digits.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn decode<const N: usize>(text: &str) -> Result<[u8; N], EnvelopeError> {
    STANDARD.decode(text).ok().and_then(|b| b.try_into().ok()).ok_or(EnvelopeError::Malformed)
}
