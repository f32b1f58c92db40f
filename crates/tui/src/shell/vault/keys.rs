//! The ways in: standard age files that wrap the data key, and the keys derived from it.

use std::iter;

use age::secrecy::ExposeSecret as _;
use age::{Encryptor, scrypt, x25519};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::passphrase::{check, normalised};
use super::secret::{RecoveryCode, Secret};
use super::{Kind, WORK_CEILING, WORK_FLOOR};
use crate::shell::seal::agefile::{self, Flaw, Policy};

/// The 32 random bytes from which every key of the store is derived.
pub(super) type DataKey = Zeroizing<[u8; 32]>;

/// Keys of one purpose each, derived from the data key.
pub(super) struct Keys {
    pub seal: Zeroizing<[u8; 32]>,
    pub name: Zeroizing<[u8; 32]>,
    pub anchor: Zeroizing<[u8; 32]>,
}

impl Keys {
    pub(super) fn derive(dek: &DataKey) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, dek.as_slice());
        let key = |label: &str| {
            let mut out = Zeroizing::new([0; 32]);
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
    let mut dek = Zeroizing::new([0; 32]);
    getrandom::fill(dek.as_mut_slice()).map_err(|_| VaultError::Io(std::io::ErrorKind::Other))?;
    Ok(dek)
}

/// Wraps the data key for a passphrase, if a home of this kind takes it.
pub(super) fn wrap_passphrase(dek: &DataKey, passphrase: &Secret, kind: Kind) -> Result<Vec<u8>, VaultError> {
    check(passphrase, kind, &[])?;
    let mut recipient = scrypt::Recipient::new(normalised(passphrase));
    recipient.set_work_factor(kind.work_factor());
    wrap(dek, &recipient)
}

/// Wraps the data key for a fresh recovery identity and returns both.
pub(super) fn wrap_recovery(dek: &DataKey) -> Result<(Vec<u8>, RecoveryCode), VaultError> {
    let identity = x25519::Identity::generate();
    let file = wrap(dek, &identity.to_public())?;
    Ok((file, Secret::new(identity.to_string().expose_secret().to_owned())))
}

/// Opens `keys/passphrase.age`; the header, with the cost in it, is checked before any work is done.
pub(super) fn unwrap_passphrase(file: &[u8], passphrase: &Secret) -> Result<DataKey, VaultError> {
    let policy = Policy::Passphrase(WORK_FLOOR..=WORK_CEILING);
    agefile::check(file, &policy).map_err(|_| VaultError::KeyFile)?;
    let mut identity = scrypt::Identity::new(normalised(passphrase));
    identity.set_max_work_factor(WORK_CEILING);
    unwrap(file, &policy, &identity, VaultError::WrongPassphrase)
}

/// Opens `keys/recovery.age`. Spaces and line breaks of a typed code do not count, nor does its case.
pub(super) fn unwrap_recovery(file: &[u8], code: &RecoveryCode) -> Result<DataKey, VaultError> {
    let mut typed = Zeroizing::new(String::with_capacity(code.expose().len()));
    typed.extend(code.expose().chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()));
    let identity: x25519::Identity = typed.parse().map_err(|_| VaultError::WrongRecovery)?;
    unwrap(file, &agefile::X25519, &identity, VaultError::WrongRecovery)
}

fn wrap(dek: &DataKey, recipient: &dyn age::Recipient) -> Result<Vec<u8>, VaultError> {
    let mut file = Vec::with_capacity(1024);
    let encryptor = Encryptor::with_recipients(iter::once(recipient)).map_err(|_| VaultError::KeyFile)?;
    let mut writer = encryptor.wrap_output(&mut file)?;
    std::io::Write::write_all(&mut writer, dek.as_slice())?;
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
    let mut dek = Zeroizing::new([0; 32]);
    if plain.len() != dek.len() {
        return Err(VaultError::KeyFile);
    }
    dek.copy_from_slice(&plain);
    Ok(dek)
}
