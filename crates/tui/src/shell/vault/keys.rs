//! The ways in: standard age files that wrap the data key, and the keys derived from it.

use std::io::Read as _;
use std::iter;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use hkdf::Hkdf;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::secret::{RecoveryCode, Secret};
use super::{Kind, WORK_CEILING, WORK_FLOOR};
use crate::shell::memory::Key;

/// The 32 random bytes from which every key of the store is derived.
pub(super) type DataKey = Key;

/// Keys of one purpose each, derived from the data key.
pub(super) struct Keys {
    pub seal: Key,
    pub name: Key,
    pub anchor: Key,
}

impl Keys {
    pub(super) fn derive(dek: &DataKey) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, dek.as_slice());
        let key = |label: &str| {
            let mut out = Key::zeroed();
            hkdf.expand(label.as_bytes(), out.as_mut_slice()).expect("32 bytes is a valid HKDF length");
            out
        };
        Self {
            seal: key("bansou/vault/v1/seal"),
            name: key("bansou/vault/v1/name"),
            anchor: key("bansou/vault/v1/anchor"),
        }
    }
}

/// A fresh data key.
pub(super) fn fresh() -> Result<DataKey, VaultError> {
    let mut dek = Key::zeroed();
    getrandom::fill(dek.as_mut_slice()).map_err(|_| VaultError::Io(std::io::ErrorKind::Other))?;
    Ok(dek)
}

/// Wraps the data key for a passphrase, after checking its length.
pub(super) fn wrap_passphrase(dek: &DataKey, passphrase: &Secret, kind: Kind) -> Result<Vec<u8>, VaultError> {
    let text = normalised(passphrase);
    let length = text.expose_secret().chars().count();
    if length < kind.shortest_passphrase() || length > 1024 {
        return Err(VaultError::PassphraseLength);
    }
    let mut recipient = scrypt::Recipient::new(text);
    recipient.set_work_factor(kind.work_factor());
    wrap(dek, &recipient)
}

/// Wraps the data key for a fresh recovery identity and returns both.
pub(super) fn wrap_recovery(dek: &DataKey) -> Result<(Vec<u8>, RecoveryCode), VaultError> {
    let identity = x25519::Identity::generate();
    let file = wrap(dek, &identity.to_public())?;
    Ok((file, Secret::new(identity.to_string().expose_secret().to_owned())))
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

/// Opens `keys/recovery.age`. Spaces and line breaks of a typed code do not count, nor does its case.
pub(super) fn unwrap_recovery(file: &[u8], code: &RecoveryCode) -> Result<DataKey, VaultError> {
    let mut typed = Zeroizing::new(String::with_capacity(code.expose().len()));
    typed.extend(code.expose().chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()));
    let identity: x25519::Identity = typed.parse().map_err(|_| VaultError::WrongRecovery)?;
    unwrap(file, &identity, VaultError::WrongRecovery)
}

fn wrap(dek: &DataKey, recipient: &dyn age::Recipient) -> Result<Vec<u8>, VaultError> {
    let mut file = Vec::with_capacity(1024);
    let encryptor = Encryptor::with_recipients(iter::once(recipient)).map_err(|_| VaultError::KeyFile)?;
    let mut writer = encryptor.wrap_output(&mut file)?;
    std::io::Write::write_all(&mut writer, dek.as_slice())?;
    writer.finish()?;
    Ok(file)
}

fn unwrap(file: &[u8], identity: &dyn age::Identity, wrong: VaultError) -> Result<DataKey, VaultError> {
    let decryptor = Decryptor::new_buffered(file).map_err(|_| VaultError::KeyFile)?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(|e| match e {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => wrong,
        _ => VaultError::KeyFile,
    })?;
    let mut dek = Key::zeroed();
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
