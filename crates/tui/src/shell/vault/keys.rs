//! The ways in: standard age files that wrap the data key, and the keys derived from it.

use std::io::{BufRead, Write};
use std::iter;

use age::secrecy::ExposeSecret as _;
use age::stream::StreamReader;
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::passphrase::normalised;
use super::secret::{RecoveryCode, Secret};
use super::{Format, Unlock, WORK_CEILING, WORK_FLOOR};
use crate::shell::seal::agefile::{self, Flaw, Policy};

mod slot;

use crate::shell::memory::Key;
pub(super) use slot::{Slot, SlotKey, TAG};

/// The 32 random bytes from which every key of the store is derived.
pub(super) type DataKey = Key;

/// Keys of one purpose each, derived from the data key for one format.
pub(super) struct Keys {
    pub format: Format,
    pub seal: Key,
    pub name: Key,
    pub anchor: Key,
}

impl Keys {
    pub(super) fn derive(dek: &DataKey, format: Format) -> Self {
        let key = |purpose| derived(dek, &format!("{}/{purpose}", format.label()));
        Self { format, seal: key("seal"), name: key("name"), anchor: key("anchor") }
    }
}

/// HKDF-SHA256 of the data key (RFC 5869, no salt).
fn derived(dek: &DataKey, label: &str) -> Key {
    let mut out = Key::zeroed();
    let hkdf = Hkdf::<Sha256>::new(None, dek.as_slice());
    hkdf.expand(label.as_bytes(), out.as_mut_slice()).expect("32 bytes is a valid HKDF length");
    out
}

/// A fresh data key.
pub(super) fn fresh() -> Result<DataKey, VaultError> {
    let mut dek = Key::zeroed();
    getrandom::fill(dek.as_mut_slice()).map_err(|_| VaultError::Io(std::io::ErrorKind::Other))?;
    Ok(dek)
}

/// Wraps the data key for a passphrase at this cost (log2).
pub(super) fn wrap_passphrase(dek: &DataKey, passphrase: &Secret, cost: u8) -> Result<Vec<u8>, VaultError> {
    let mut recipient = scrypt::Recipient::new(normalised(passphrase));
    recipient.set_work_factor(cost);
    wrap(dek, &recipient)
}

/// A fresh recovery code.
pub(super) fn fresh_recovery() -> RecoveryCode {
    Secret::new(x25519::Identity::generate().to_string().expose_secret().to_owned())
}

/// The public half (`age1…`) of an identity as typed.
pub fn recipient_of(identity: &Secret) -> Result<String, VaultError> {
    Ok(typed(identity)?.to_public().to_string())
}

/// Wraps the data key for an age recipient (`age1…`).
pub(super) fn wrap_recipient(dek: &DataKey, recipient: &str) -> Result<Vec<u8>, VaultError> {
    wrap(dek, &parsed(recipient)?)
}

fn parsed(recipient: &str) -> Result<x25519::Recipient, VaultError> {
    recipient.parse().map_err(|_| VaultError::Recipient)
}

/// Opens `keys/passphrase.age`; the header, with the cost in it, is checked before any work is done.
pub(super) fn unwrap_passphrase(file: &[u8], passphrase: &Secret) -> Result<DataKey, VaultError> {
    let policy = Policy::Passphrase(WORK_FLOOR..=WORK_CEILING);
    agefile::check(file, &policy).map_err(|_| VaultError::KeyFile)?;
    let mut identity = scrypt::Identity::new(normalised(passphrase));
    identity.set_max_work_factor(WORK_CEILING);
    unwrap(file, &policy, &identity, VaultError::WrongPassphrase)
}

/// Opens a key file that wraps the data key for an identity.
pub(super) fn unwrap_identity(file: &[u8], identity: &Secret) -> Result<DataKey, VaultError> {
    unwrap(file, &agefile::X25519, &typed(identity)?, VaultError::WrongRecovery)
}

/// An identity as typed: spaces and line breaks do not count, nor does its case.
fn typed(identity: &Secret) -> Result<x25519::Identity, VaultError> {
    let mut text = Zeroizing::new(String::with_capacity(identity.expose().len()));
    text.extend(identity.expose().chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()));
    text.parse().map_err(|_| VaultError::WrongRecovery)
}

fn wrap(dek: &DataKey, recipient: &dyn age::Recipient) -> Result<Vec<u8>, VaultError> {
    let mut file = Vec::with_capacity(1024);
    let encryptor = Encryptor::with_recipients(iter::once(recipient)).map_err(|_| VaultError::KeyFile)?;
    let mut writer = encryptor.wrap_output(&mut file)?;
    writer.write_all(dek.as_slice())?;
    writer.finish()?;
    Ok(file)
}

fn unwrap(
    file: &[u8],
    policy: &Policy<'_>,
    identity: &dyn age::Identity,
    wrong: VaultError,
) -> Result<DataKey, VaultError> {
    let plain = agefile::open(file, policy, identity, 32).map_err(|flaw| match flaw {
        Flaw::NoMatch => wrong,
        _ => VaultError::KeyFile,
    })?;
    let mut dek = Key::zeroed();
    if plain.len() != dek.len() {
        return Err(VaultError::KeyFile);
    }
    dek.copy_from_slice(&plain);
    Ok(dek)
}

/// Encrypts a stream for recipients and for whoever opens the store this data key belongs to.
pub(super) fn seal_stream(
    slot: &Slot,
    recipients: &[String],
    out: impl Write,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let parsed: Vec<x25519::Recipient> = recipients.iter().map(|r| parsed(r)).collect::<Result<_, _>>()?;
    let all = iter::once(slot as &dyn age::Recipient).chain(parsed.iter().map(|r| r as &dyn age::Recipient));
    let mut stream = Encryptor::with_recipients(all).map_err(|_| VaultError::Recipient)?.wrap_output(out)?;
    fill(&mut stream)?;
    stream.finish()?;
    Ok(())
}

/// Opens what `seal_stream` wrote, by the passphrase of that time or by the identity of a recipient.
pub(super) fn open_stream<R: BufRead>(unlock: &Unlock<'_>, file: R) -> Result<StreamReader<R>, VaultError> {
    let by_passphrase;
    let by_identity;
    let (identity, wrong): (&dyn age::Identity, _) = match unlock {
        Unlock::Passphrase(passphrase) => {
            by_passphrase = SlotKey::new(passphrase);
            (&by_passphrase, VaultError::WrongPassphrase)
        }
        Unlock::Identity(identity) => {
            by_identity = typed(identity)?;
            (&by_identity, VaultError::WrongRecovery)
        }
    };
    open_by(identity, wrong, file)
}

/// Opens what `seal_stream` wrote with this very slot.
pub(super) fn open_own<R: BufRead>(slot: &Slot, file: R) -> Result<StreamReader<R>, VaultError> {
    open_by(slot, VaultError::Backup, file)
}

fn open_by<R: BufRead>(
    identity: &dyn age::Identity,
    wrong: VaultError,
    file: R,
) -> Result<StreamReader<R>, VaultError> {
    let decryptor = Decryptor::new_buffered(file).map_err(|_| VaultError::Backup)?;
    decryptor.decrypt(iter::once(identity)).map_err(|e| match e {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => wrong,
        _ => VaultError::Backup,
    })
}
