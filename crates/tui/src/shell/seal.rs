//! Sealing and opening what travels: signed inside, encrypted to the secretariat, padded, frozen. See `docs/formats.md`.

pub mod agefile;
mod archive;
pub mod keys;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use age::x25519::Identity;
use bansou_core::text::Lang;
use bansou_core::wire::v1::enrolment::Audience;
use bansou_core::wire::v1::envelope::{Context, Signed, key_id};
use bansou_core::wire::v1::manifest::{DetachedSignature, Manifest, check_manifest, sha256_hex};
use bansou_core::wire::v1::ticket::Ticket;
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use crate::shell::vault::padding::padded;
use agefile::X25519;
use archive::Reader;
pub(in crate::shell) use archive::header as tar_header;
pub use keys::{KeyRing, PublicKeys};

/// Largest bundle before encryption, in bytes.
pub const LARGEST: usize = 64 << 20;
const MANIFEST_LIMIT: usize = 64 << 10;
const TEXT_LIMIT: usize = 256 << 10;
const TEXT_FLOOR: usize = 4 << 10;
/// Largest text of a share or of its return, in bytes.
pub const SHARE_LIMIT: usize = 4 << 20;

/// Why something was not sealed or not opened. Never quotes what was inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// The manifest breaks a rule, or its parts are not the ones given.
    Manifest,
    Recipients,
    TooLarge,
    Random,
    Keys,
    NotABundle,
    WrongRecipient,
    Changed,
    Archive,
    Signature,
    /// Signed for other recipients, another programme or by another expert than the ticket says.
    Forwarded,
}

impl SealError {
    /// Stable code for lists and scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Manifest => "E-SEAL-MANIFEST",
            Self::Recipients => "E-SEAL-RECIPIENTS",
            Self::TooLarge => "E-SEAL-TOO-LARGE",
            Self::Random => "E-SEAL-RANDOM",
            Self::Keys => "E-SEAL-KEYS",
            Self::NotABundle => "E-SEAL-FORMAT",
            Self::WrongRecipient => "E-SEAL-RECIPIENT",
            Self::Changed => "E-SEAL-CHANGED",
            Self::Archive => "E-SEAL-ARCHIVE",
            Self::Signature => "E-SEAL-SIGNATURE",
            Self::Forwarded => "E-SEAL-FORWARDED",
        }
    }

    /// Exit code of the command line.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Random => 1,
            Self::Recipients => 3,
            Self::TooLarge => 8,
            _ => 9,
        }
    }

    /// What happened and what to do.
    pub fn text(self, lang: Lang) -> &'static str {
        let (ja, en) = match self {
            Self::Manifest => (
                "送信物の目録が規則に合いません。作り直してください。",
                "The manifest of the bundle breaks a rule. Make the bundle again.",
            ),
            Self::Recipients => (
                "宛先ファイルに使えない宛先があります。事務局から新しい宛先ファイルを受け取ってください。",
                "The recipients file has a recipient that cannot be used. Get a new one from the secretariat.",
            ),
            Self::TooLarge => (
                "送信物が大きすぎます（上限 64 MiB）。分けてください。",
                "The bundle is too large (limit 64 MiB). Split it.",
            ),
            Self::Random => (
                "乱数を得られませんでした。もう一度実行してください。",
                "The system gave no random numbers. Try again.",
            ),
            Self::Keys => (
                "鍵の記録を読めません。バックアップから保管庫を戻してください。",
                "The stored keys cannot be read. Restore the store from a backup.",
            ),
            Self::NotABundle => (
                "封をした送信物の形式ではありません。ファイルを確かめてください。",
                "This is not a sealed bundle. Check the file.",
            ),
            Self::WrongRecipient => (
                "この送信物は別の宛先に封をされています。鍵か、送り主の宛先ファイルを確かめてください。",
                "This bundle is sealed to somebody else. Check the key, or the sender's recipients file.",
            ),
            Self::Changed => (
                "送信物が途中で壊れたか、書き換えられています。もう一度受け取ってください。",
                "The bundle was damaged or changed on its way. Get it again.",
            ),
            Self::Archive => (
                "送信物の中身の並びが決まりと違います。受け取らず、送り主に知らせてください。",
                "The inside of the bundle is not laid out as it must be. Do not accept it; tell the sender.",
            ),
            Self::Signature => (
                "署名が合いません。受け取らず、送り主に知らせてください。",
                "The signature does not match. Do not accept it; tell the sender.",
            ),
            Self::Forwarded => (
                "この送信物は、ここに宛てて署名されたものではありません。受け取らず、事務局の責任者に知らせてください。",
                "This bundle was not signed for this addressee. Do not accept it; tell the person in charge.",
            ),
        };
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

impl std::fmt::Display for SealError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text(Lang::En))
    }
}

impl std::error::Error for SealError {}

/// A part to be sealed.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    pub role: &'a str,
    pub name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a [u8],
}

/// A sealed bundle; its bytes are frozen: a retry sends the same ones.
#[derive(Clone, Debug)]
pub struct SealedBundle {
    pub bytes: Vec<u8>,
    /// Of `bytes`, lower-case hex.
    pub sha256: String,
    pub size: u64,
    /// Exact signed text; its SHA-256 is the `prev` of the next manifest.
    pub manifest_text: String,
}

/// What a receiver knows about a bundle before opening it.
#[derive(Clone, Debug)]
pub struct Expected {
    pub programme: String,
    pub practice: bool,
    /// SHA-256 (hex) of every recipients file that this receiver published or holds.
    pub recipients: BTreeSet<String>,
    /// Key of the ticket that came with it, if one did.
    pub signer: Option<[u8; 32]>,
}

/// An opened bundle. Whether `signer` may send is for the caller to decide.
pub struct Opened {
    pub manifest: Manifest,
    pub manifest_text: String,
    /// In the order of `manifest.parts`.
    pub parts: Vec<Zeroizing<Vec<u8>>>,
    pub signer: [u8; 32],
}

/// Signs a body in a context.
pub fn sign(key: &SigningKey, context: Context, body: String) -> Signed {
    let sig = key.sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &key.verifying_key().to_bytes(), &sig)
}

/// Signs the manifest and seals it with its parts to everybody in the recipients file.
pub fn seal(
    manifest: &Manifest,
    parts: &[Part<'_>],
    key: &SigningKey,
    audience: &Audience,
) -> Result<SealedBundle, SealError> {
    check_manifest(manifest).map_err(|_| SealError::Manifest)?;
    let to = audience.recipients();
    let agrees = manifest.expert == key_id(&key.verifying_key().to_bytes())
        && manifest.recipients_version == to.version
        && manifest.recipients_sha256 == audience.sha256()
        && (manifest.programme.as_str(), manifest.practice) == (to.programme.as_str(), to.practice)
        && manifest.parts.len() == parts.len()
        && manifest.parts.iter().zip(parts).all(|(entry, part)| {
            (entry.role.as_str(), entry.name.as_str(), entry.media_type.as_str(), entry.size)
                == (part.role, part.name, part.media_type, part.bytes.len() as u64)
                && entry.sha256 == sha256_hex(part.bytes)
        });
    if !agrees {
        return Err(SealError::Manifest);
    }
    let text = serde_json::to_string(manifest).map_err(|_| SealError::Manifest)?;
    let signed = sign(key, Context::Manifest, text);
    let signature = serde_json::to_string(&DetachedSignature { key: signed.key, sig: signed.sig })
        .map_err(|_| SealError::Manifest)?;
    let mut entries = vec![("manifest.json", signed.body.as_bytes()), ("manifest.sig", signature.as_bytes())];
    entries.extend(parts.iter().map(|p| (p.name, p.bytes)));
    let plain = archive::pack(&entries)?;
    if plain.len() > LARGEST || signed.body.len() > MANIFEST_LIMIT {
        return Err(SealError::TooLarge);
    }
    let bytes = agefile::encrypt(&plain, &to.age)?;
    Ok(SealedBundle { sha256: sha256_hex(&bytes), size: bytes.len() as u64, bytes, manifest_text: signed.body })
}

/// The ticket that admits a bundle to the server.
pub fn ticket(bundle: &SealedBundle, audience: &Audience, key: &SigningKey) -> Signed {
    let ticket = Ticket {
        v: 1,
        sha256: bundle.sha256.clone(),
        size: bundle.size,
        recipients_version: audience.recipients().version,
    };
    sign(key, Context::Ticket, serde_json::to_string(&ticket).expect("a ticket holds only plain data"))
}

/// Opens a bundle: decrypts, verifies the signature over the received text, then reads it and checks every part.
pub fn open(bytes: &[u8], identity: &Identity, expected: &Expected) -> Result<Opened, SealError> {
    read(&agefile::open(bytes, &X25519, identity, LARGEST)?, expected)
}

/// The second half of `open`: what was inside, from anybody who knows the recipients.
pub fn read(plain: &[u8], expected: &Expected) -> Result<Opened, SealError> {
    let mut reader = Reader::new(plain);
    let text = reader.entry("manifest.json", MANIFEST_LIMIT)?;
    let signature: DetachedSignature =
        serde_json::from_slice(reader.entry("manifest.sig", 512)?).map_err(|_| SealError::Archive)?;
    let body = String::from_utf8(text.to_vec()).map_err(|_| SealError::Archive)?;
    let signed = Signed { body, key: signature.key, sig: signature.sig };
    let manifest: Manifest = signed.open(Context::Manifest).map_err(|_| SealError::Signature)?;
    let signer = signed.key_bytes().map_err(|_| SealError::Signature)?;
    check_manifest(&manifest).map_err(|_| SealError::Manifest)?;
    let meant_for_us = manifest.expert == key_id(&signer)
        && (&manifest.programme, manifest.practice) == (&expected.programme, expected.practice)
        && expected.recipients.contains(&manifest.recipients_sha256)
        && expected.signer.is_none_or(|key| key == signer);
    if !meant_for_us {
        return Err(SealError::Forwarded);
    }
    let mut parts = Vec::with_capacity(manifest.parts.len());
    for entry in &manifest.parts {
        let part = reader.entry(&entry.name, LARGEST)?;
        if part.len() as u64 != entry.size || sha256_hex(part) != entry.sha256 {
            return Err(SealError::Archive);
        }
        let mut copy = Zeroizing::new(Vec::with_capacity(part.len()));
        copy.extend_from_slice(part);
        parts.push(copy);
    }
    reader.finish()?;
    Ok(Opened { manifest, manifest_text: signed.body, parts, signer })
}

/// Seals a small signed text (an acknowledgement, a request to join) to some recipients, padded with spaces.
pub fn seal_text(signed: &Signed, recipients: &[String]) -> Result<Vec<u8>, SealError> {
    seal_within(signed, recipients, TEXT_LIMIT)
}

/// Seals a share, or what comes back of it, to one person.
pub fn seal_share(signed: &Signed, recipient: &str) -> Result<Vec<u8>, SealError> {
    seal_within(signed, &[recipient.to_owned()], SHARE_LIMIT)
}

fn seal_within(signed: &Signed, recipients: &[String], limit: usize) -> Result<Vec<u8>, SealError> {
    let text = Zeroizing::new(serde_json::to_string(signed).map_err(|_| SealError::Manifest)?);
    let size = padded(text.len(), TEXT_FLOOR);
    if size > limit {
        return Err(SealError::TooLarge);
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(size));
    plain.extend_from_slice(text.as_bytes());
    plain.resize(size, b' ');
    agefile::encrypt(&plain, recipients)
}

/// Opens what `seal_text` sealed. The caller verifies the signature in its own context.
pub fn open_text(bytes: &[u8], identity: &Identity) -> Result<Signed, SealError> {
    open_within(bytes, identity, TEXT_LIMIT)
}

/// Opens what `seal_share` sealed. The caller verifies the signature in its own context.
pub fn open_share(bytes: &[u8], identity: &Identity) -> Result<Signed, SealError> {
    open_within(bytes, identity, SHARE_LIMIT)
}

fn open_within(bytes: &[u8], identity: &Identity, limit: usize) -> Result<Signed, SealError> {
    let plain = agefile::open(bytes, &X25519, identity, limit)?;
    serde_json::from_slice(&plain).map_err(|_| SealError::Archive)
}
