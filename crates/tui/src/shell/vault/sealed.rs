//! One sealed row: XChaCha20-Poly1305 over a padded frame, bound to its table, name and revision.

use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::keys::Keys;
use super::padding::padded;

const NONCE: usize = 24;
const TAG: usize = 16;
const FLOOR: usize = 512;

/// A table of the store; part of what a row is bound to.
#[derive(Clone, Copy)]
pub(super) enum Table {
    Record,
    Journal,
    Blob,
}

impl Table {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Record => b"record",
            Self::Journal => b"journal",
            Self::Blob => b"blob",
        }
    }
}

/// The name under which an id is stored: the ids themselves (some are fixed) stay inside the seal.
pub(super) fn name(keys: &Keys, table: Table, id: &[u8; 16]) -> [u8; 16] {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(keys.name.as_slice()).expect("HMAC takes any key length");
    mac.update(table.label());
    mac.update(id);
    let mut name = [0; 16];
    name.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    name
}

fn associated(keys: &Keys, table: Table, name: &[u8], rev: u64) -> Vec<u8> {
    let mut aad = Vec::with_capacity(96);
    for field in [keys.format.label().as_bytes(), table.label(), name, &rev.to_be_bytes()] {
        aad.extend_from_slice(&(field.len() as u64).to_be_bytes());
        aad.extend_from_slice(field);
    }
    aad
}

/// Seals bytes as one row: nonce, tag, then the encrypted frame (length, bytes, zeros).
pub(super) fn seal(keys: &Keys, table: Table, name: &[u8], rev: u64, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
    let size = padded(8 + bytes.len(), FLOOR);
    let mut row = Zeroizing::new(Vec::with_capacity(NONCE + TAG + size));
    row.resize(NONCE + TAG, 0);
    getrandom::fill(&mut row[..NONCE]).map_err(|_| VaultError::Io(std::io::ErrorKind::Other))?;
    row.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    row.extend_from_slice(bytes);
    row.resize(NONCE + TAG + size, 0);
    let (head, frame) = row.split_at_mut(NONCE + TAG);
    let tag = XChaCha20Poly1305::new(Key::from_slice(keys.seal.as_slice()))
        .encrypt_in_place_detached(XNonce::from_slice(&head[..NONCE]), &associated(keys, table, name, rev), frame)
        .map_err(|_| VaultError::TooLarge)?;
    head[NONCE..].copy_from_slice(&tag);
    Ok(std::mem::take(&mut *row))
}

/// Opens a row; nothing when it was not sealed under exactly this table, name and revision.
pub(super) fn open(keys: &Keys, table: Table, name: &[u8], rev: u64, row: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (head, sealed) = row.split_at_checked(NONCE + TAG)?;
    let mut frame = Zeroizing::new(Vec::with_capacity(sealed.len()));
    frame.extend_from_slice(sealed);
    XChaCha20Poly1305::new(Key::from_slice(keys.seal.as_slice()))
        .decrypt_in_place_detached(
            XNonce::from_slice(&head[..NONCE]),
            &associated(keys, table, name, rev),
            &mut frame,
            Tag::from_slice(&head[NONCE..]),
        )
        .ok()?;
    let length = usize::try_from(u64::from_be_bytes(*frame.first_chunk()?)).ok()?;
    let bytes = frame.get(8..)?.get(..length)?;
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    out.extend_from_slice(bytes);
    Some(out)
}
