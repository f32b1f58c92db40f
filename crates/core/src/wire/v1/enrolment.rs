//! How an expert joins: invitation, request, certificate, and whom to believe in each.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::envelope::{Context, EnvelopeError, Signed};
use super::manifest::sha256_hex;
use super::recipients::Recipients;
use crate::record::v1::PatternCode;

/// Body of a `Context::Enrolment` envelope signed by the root key; handed over outside the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Always 1.
    pub v: u32,
    pub programme: String,
    pub practice: bool,
    /// Base address; empty means never touch the network.
    pub server: String,
    /// Ed25519, base64; its fingerprint is compared by voice or on paper.
    pub root_key: String,
    /// `Context::Recipients`, signed by the root key.
    pub recipients: Signed,
    /// Single use, at least 128 random bits in hex.
    pub token: String,
}

/// Body of a `Context::Enrolment` envelope signed by the expert's new key; sealed to the secretariat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Always 1.
    pub v: u32,
    pub token: String,
    /// Ed25519, base64; signs this request, which proves its possession.
    pub signing_key: String,
    /// `age1…`, for acknowledgements and returns.
    pub age_recipient: String,
    pub name: String,
    /// Full-width katakana.
    pub kana: String,
    /// 登録セキスペ registration number.
    pub riss_number: String,
    pub pattern: PatternCode,
    /// JIS X 0401, 1–47.
    pub prefecture: u8,
}

/// Body of a `Context::Certificate` envelope signed by the root key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Always 1.
    pub v: u32,
    pub expert_id: String,
    /// Ed25519, base64.
    pub signing_key: String,
    /// `age1…`.
    pub age_recipient: String,
    pub pattern: PatternCode,
    pub programme: String,
    /// Last day on which it counts.
    pub valid_until: Date,
}

/// What the secretariat sends back to a new expert; unsigned itself, its contents are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    pub certificate: Signed,
    pub recipients: Signed,
    pub server: String,
}

/// A recipients file that was verified against the pinned root key; the only way to seal a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    recipients: Recipients,
    sha256: String,
}

impl Audience {
    /// The verified file.
    pub fn recipients(&self) -> &Recipients {
        &self.recipients
    }

    /// Lower-case hex SHA-256 of the exact signed text, as manifests name it.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// Why a part of an enrolment was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolmentError {
    #[error("{0}")]
    Envelope(#[from] EnvelopeError),
    #[error("this has a newer format; use a newer bansou")]
    Newer,
    #[error("a key in it is not well formed; ask for a new one")]
    Malformed,
    #[error("its parts name different programmes; ask the secretariat for a new one")]
    Programme,
    #[error("the recipients file names nobody to seal to; ask the secretariat for a new one")]
    NoRecipients,
    #[error("the recipients file is older than the one held, or differs under the same version; keep the one held")]
    Rollback,
    #[error("the invitation is unknown or was used before; ask the secretariat for a new one")]
    Token,
    #[error("the certificate is for other keys than those of this store; send a new request")]
    OtherKeys,
    #[error("the certificate is no longer valid; ask the secretariat for a new one")]
    Expired,
}

/// Verifies a recipients file; `held` is the newest one known, which it may not fall behind.
pub fn check_recipients(signed: &Signed, root: &[u8; 32], held: Option<&Audience>) -> Result<Audience, EnrolmentError> {
    let recipients: Recipients = signed.open_by(Context::Recipients, root)?;
    if recipients.v != 1 {
        return Err(EnrolmentError::Newer);
    }
    if recipients.age.is_empty() {
        return Err(EnrolmentError::NoRecipients);
    }
    if !recipients.age.iter().all(|r| is_age_recipient(r)) {
        return Err(EnrolmentError::Malformed);
    }
    let audience = Audience { recipients, sha256: sha256_hex(signed.body.as_bytes()) };
    match held {
        Some(held) if held.recipients.programme != audience.recipients.programme => Err(EnrolmentError::Programme),
        Some(held) if held.recipients.version > audience.recipients.version => Err(EnrolmentError::Rollback),
        Some(held) if held.recipients.version == audience.recipients.version && *held != audience => {
            Err(EnrolmentError::Rollback)
        }
        _ => Ok(audience),
    }
}

/// Reads an invitation. It names its own root key: a person compares that key's fingerprint before it is pinned.
pub fn check_invitation(signed: &Signed) -> Result<(Invitation, Audience), EnrolmentError> {
    let invitation: Invitation = signed.open(Context::Enrolment)?;
    if invitation.v != 1 {
        return Err(EnrolmentError::Newer);
    }
    let root = key_of(&invitation.root_key)?;
    if signed.key_bytes()? != root {
        return Err(EnvelopeError::BadSignature.into());
    }
    let audience = check_recipients(&invitation.recipients, &root, None)?;
    let held = audience.recipients();
    if held.programme != invitation.programme || held.practice != invitation.practice {
        return Err(EnrolmentError::Programme);
    }
    Ok((invitation, audience))
}

/// Reads a request; `open` holds the SHA-256 (hex) of every token that was given out and not used.
pub fn check_request(signed: &Signed, open: &BTreeSet<String>) -> Result<Request, EnrolmentError> {
    let request: Request = signed.open(Context::Enrolment)?;
    if request.v != 1 {
        return Err(EnrolmentError::Newer);
    }
    if signed.key_bytes()? != key_of(&request.signing_key)? {
        return Err(EnvelopeError::BadSignature.into());
    }
    if !is_age_recipient(&request.age_recipient) {
        return Err(EnrolmentError::Malformed);
    }
    if !open.contains(&sha256_hex(request.token.as_bytes())) {
        return Err(EnrolmentError::Token);
    }
    Ok(request)
}

/// Verifies a certificate of `programme` on `today`.
pub fn check_certificate(
    signed: &Signed,
    root: &[u8; 32],
    programme: &str,
    today: Date,
) -> Result<Certificate, EnrolmentError> {
    let certificate: Certificate = signed.open_by(Context::Certificate, root)?;
    if certificate.v != 1 {
        return Err(EnrolmentError::Newer);
    }
    key_of(&certificate.signing_key)?;
    if certificate.programme != programme {
        return Err(EnrolmentError::Programme);
    }
    if certificate.valid_until < today {
        return Err(EnrolmentError::Expired);
    }
    Ok(certificate)
}

/// Verifies a pack for the keys of this store; `held` is the recipients file of the invitation.
pub fn check_pack(
    pack: &Pack,
    root: &[u8; 32],
    held: &Audience,
    own: (&[u8; 32], &str),
    today: Date,
) -> Result<(Certificate, Audience), EnrolmentError> {
    let certificate = check_certificate(&pack.certificate, root, &held.recipients.programme, today)?;
    if key_of(&certificate.signing_key)? != *own.0 || certificate.age_recipient != own.1 {
        return Err(EnrolmentError::OtherKeys);
    }
    Ok((certificate, check_recipients(&pack.recipients, root, Some(held))?))
}

/// The 32 bytes of a base64 public key.
pub fn key_of(text: &str) -> Result<[u8; 32], EnrolmentError> {
    STANDARD.decode(text).ok().and_then(|b| b.try_into().ok()).ok_or(EnrolmentError::Malformed)
}

/// Whether a text has the shape of an age recipient.
pub(super) fn is_age_recipient(text: &str) -> bool {
    text.len() == 62 && text.starts_with("age1") && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
