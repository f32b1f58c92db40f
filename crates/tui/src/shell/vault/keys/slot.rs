//! The stanza of a backup that its passphrase opens: stock age tools pass over it and use the other recipients.

use std::cell::Cell;
use std::collections::HashSet;

use age::{DecryptError, EncryptError};
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret as _;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::super::secret::Secret;
use super::{DataKey, derived, unwrap_passphrase};
use crate::shell::memory::Key;

/// Name of the stanza; its body is nonce (24), the wrapped file key (32) and a copy of `keys/passphrase.age`.
pub(in crate::shell::vault) const TAG: &str = "bansou-vault-v2";
const NONCE: usize = 24;
const WRAPPED: usize = 32;

/// What a backup carries so that the passphrase of its day opens it.
pub(in crate::shell::vault) struct Slot {
    key: Key,
    passphrase_file: Zeroizing<Vec<u8>>,
}

impl Slot {
    pub(in crate::shell::vault) fn new(dek: &DataKey, passphrase_file: Zeroizing<Vec<u8>>) -> Self {
        Self { key: wrapping(dek), passphrase_file }
    }
}

fn wrapping(dek: &DataKey) -> Key {
    derived(dek, "bansou/vault/v2/backup")
}

impl age::Recipient for Slot {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let failed = || EncryptError::Io(std::io::ErrorKind::Other.into());
        let mut body = vec![0; NONCE];
        getrandom::fill(&mut body).map_err(|_| failed())?;
        // Bound to the key file beside it, so that neither can be exchanged alone.
        let payload = Payload { msg: file_key.expose_secret(), aad: &self.passphrase_file };
        let wrapped = XChaCha20Poly1305::new(self.key.as_slice().into())
            .encrypt(XNonce::from_slice(&body), payload)
            .map_err(|_| failed())?;
        body.extend_from_slice(&wrapped);
        body.extend_from_slice(&self.passphrase_file);
        Ok((vec![Stanza { tag: TAG.to_owned(), args: Vec::new(), body }], HashSet::new()))
    }
}

/// Opens a slot with a passphrase.
pub(in crate::shell::vault) struct SlotKey<'a> {
    passphrase: &'a Secret,
    /// A hostile file could ask for the cost of many slots; one is tried.
    tried: Cell<bool>,
}

impl<'a> SlotKey<'a> {
    pub(in crate::shell::vault) fn new(passphrase: &'a Secret) -> Self {
        Self { passphrase, tried: Cell::new(false) }
    }
}

impl age::Identity for SlotKey<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        let key = |file: &[u8]| Some(wrapping(&unwrap_passphrase(file, self.passphrase).ok()?));
        (stanza.tag == TAG && !self.tried.replace(true))
            .then(|| open(key, &stanza.body).ok_or(DecryptError::KeyDecryptionFailed))
    }
}

impl age::Identity for Slot {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        (stanza.tag == TAG).then(|| open(|_| Some(&self.key), &stanza.body).ok_or(DecryptError::KeyDecryptionFailed))
    }
}

fn open<K: std::borrow::Borrow<Key>>(key: impl FnOnce(&[u8]) -> Option<K>, body: &[u8]) -> Option<FileKey> {
    let (nonce, rest) = body.split_at_checked(NONCE)?;
    let (wrapped, file) = rest.split_at_checked(WRAPPED)?;
    let key = key(file)?;
    let key = key.borrow();
    let opened = XChaCha20Poly1305::new(key.as_slice().into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: wrapped, aad: file })
        .map(Zeroizing::new)
        .ok()?;
    (opened.len() == 16).then(|| FileKey::init_with_mut(|key| key.copy_from_slice(&opened)))
}
