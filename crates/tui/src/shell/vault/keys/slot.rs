//! The stanza of a backup that its passphrase opens: stock age tools pass over it and use the other recipients.

use std::cell::Cell;
use std::collections::HashSet;

use age::{DecryptError, EncryptError};
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::super::secret::Secret;
use super::super::xchacha::{self, NONCE, TAG as SEAL};
use super::{DataKey, derived, unwrap_passphrase};
use crate::shell::memory::Key;

/// Name of the stanza; its body is nonce (24), the wrapped file key (32) and a copy of `keys/passphrase.age`.
pub(in crate::shell::vault) const TAG: &str = "bansou-vault-v2";
const FILE_KEY: usize = 16;

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
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| failed())?;
        let mut wrapped = Zeroizing::new(*file_key.expose_secret());
        // Bound to the key file beside it, so that neither can be exchanged alone.
        let tag = xchacha::seal(&self.key, &nonce, &self.passphrase_file, wrapped.as_mut_slice()).ok_or_else(failed)?;
        let body = [nonce.as_slice(), wrapped.as_slice(), &tag, &self.passphrase_file].concat();
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
    let (nonce, rest) = body.split_first_chunk()?;
    let (wrapped, rest) = rest.split_first_chunk::<FILE_KEY>()?;
    let (tag, file) = rest.split_first_chunk::<SEAL>()?;
    let mut file_key = Zeroizing::new(*wrapped);
    xchacha::open(key(file)?.borrow(), nonce, file, tag, file_key.as_mut_slice())
        .then(|| FileKey::init_with_mut(|out| out.copy_from_slice(file_key.as_slice())))
}
