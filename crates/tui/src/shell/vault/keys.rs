//! The ways in: standard age files that wrap the data key, and the keys derived from it.

use std::io::{BufRead, Read, Write};
use std::iter;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::stream::StreamReader;
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use hkdf::Hkdf;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::secret::{RecoveryCode, Secret};
use super::{Format, Kind, Unlock, WORK_CEILING, WORK_FLOOR};

mod slot;

pub(super) use slot::{Slot, SlotKey};

/// The 32 random bytes from which every key of the store is derived.
pub(super) type DataKey = Zeroizing<[u8; 32]>;

/// Keys of one purpose each, derived from the data key for one format.
pub(super) struct Keys {
    pub format: Format,
    pub seal: Zeroizing<[u8; 32]>,
    pub name: Zeroizing<[u8; 32]>,
    pub anchor: Zeroizing<[u8; 32]>,
}

impl Keys {
    pub(super) fn derive(dek: &DataKey, format: Format) -> Self {
        let key = |purpose| derived(dek, &format!("{}/{purpose}", format.label()));
        Self { format, seal: key("seal"), name: key("name"), anchor: key("anchor") }
    }
}

/// HKDF-SHA256 of the data key (RFC 5869, no salt).
fn derived(dek: &DataKey, label: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let hkdf = Hkdf::<Sha256>::new(None, dek.as_slice());
    hkdf.expand(label.as_bytes(), out.as_mut_slice()).expect("32 bytes is a valid HKDF length");
    out
}

/// A fresh data key.
pub(super) fn fresh() -> Result<DataKey, VaultError> {
    let mut dek = Zeroizing::new([0; 32]);
    getrandom::fill(dek.as_mut_slice()).map_err(|_| VaultError::Io(std::io::ErrorKind::Other))?;
    Ok(dek)
}

/// Refuses what may not become a passphrase.
pub(super) fn allowed(passphrase: &Secret, kind: Kind) -> Result<(), VaultError> {
    let length = normalised(passphrase).expose_secret().chars().count();
    if length < kind.shortest_passphrase() || length > 1024 {
        return Err(VaultError::PassphraseLength);
    }
    Ok(())
}

/// Wraps the data key for a passphrase.
pub(super) fn wrap_passphrase(dek: &DataKey, passphrase: &Secret, kind: Kind) -> Result<Vec<u8>, VaultError> {
    let mut recipient = scrypt::Recipient::new(normalised(passphrase));
    recipient.set_work_factor(kind.work_factor());
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

/// Opens `keys/passphrase.age`; the cost in the file is checked before any work is done.
pub(super) fn unwrap_passphrase(file: &[u8], passphrase: &Secret) -> Result<DataKey, VaultError> {
    if !work_factor(file).is_some_and(|n| (WORK_FLOOR..=WORK_CEILING).contains(&n)) {
        return Err(VaultError::KeyFile);
    }
    let mut identity = scrypt::Identity::new(normalised(passphrase));
    identity.set_max_work_factor(WORK_CEILING);
    unwrap(file, &identity, VaultError::WrongPassphrase)
}

/// Opens a key file that wraps the data key for an identity.
pub(super) fn unwrap_identity(file: &[u8], identity: &Secret) -> Result<DataKey, VaultError> {
    unwrap(file, &typed(identity)?, VaultError::WrongRecovery)
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

fn unwrap(file: &[u8], identity: &dyn age::Identity, wrong: VaultError) -> Result<DataKey, VaultError> {
    let decryptor = Decryptor::new_buffered(file).map_err(|_| VaultError::KeyFile)?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(|e| match e {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => wrong,
        _ => VaultError::KeyFile,
    })?;
    let mut dek = Zeroizing::new([0; 32]);
    reader.read_exact(dek.as_mut_slice()).map_err(|_| VaultError::KeyFile)?;
    match reader.read(&mut [0; 1]) {
        Ok(0) => Ok(dek),
        _ => Err(VaultError::KeyFile),
    }
}

/// log2 of the scrypt cost in the header of an age file that has one scrypt stanza.
fn work_factor(file: &[u8]) -> Option<u8> {
    let stanza = file.split(|b| *b == b'\n').nth(1)?;
    let words: Vec<&str> = std::str::from_utf8(stanza).ok()?.split(' ').collect();
    match words[..] {
        ["->", "scrypt", _, cost] => cost.parse().ok(),
        _ => None,
    }
}

fn normalised(passphrase: &Secret) -> SecretString {
    let size = passphrase.expose().nfkc().map(char::len_utf8).sum();
    let mut text = String::with_capacity(size);
    text.extend(passphrase.expose().nfkc());
    SecretString::from(text)
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
