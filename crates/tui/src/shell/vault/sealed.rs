//! One sealed row: XChaCha20-Poly1305 over a padded frame, bound to its table, name and revision.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::copy;
use super::error::VaultError;
use super::keys::Keys;
use super::padding::padded;
use super::xchacha::{self, NONCE, TAG};

/// A table of the store, or a sealed file beside it; part of what a row is bound to.
#[derive(Clone, Copy)]
pub(super) enum Table {
    Record,
    Journal,
    Text,
    Blob,
    Draft,
}

impl Table {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Record => b"record",
            Self::Journal => b"journal",
            Self::Text => b"text",
            Self::Blob => b"blob",
            Self::Draft => b"draft",
        }
    }

    /// Smallest frame. An entry is of one size up to three mentions; all of them are read at every opening.
    fn floor(self) -> usize {
        match self {
            Self::Journal => 256,
            _ => 512,
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
    let size = padded(8 + bytes.len(), table.floor());
    let mut row = Zeroizing::new(Vec::with_capacity(NONCE + TAG + size));
    row.resize(NONCE + TAG, 0);
    getrandom::fill(&mut row[..NONCE]).map_err(|_| VaultError::Io(std::io::ErrorKind::Other))?;
    row.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    row.extend_from_slice(bytes);
    row.resize(NONCE + TAG + size, 0);
    let (head, frame) = row.split_at_mut(NONCE + TAG);
    let (nonce, tag) = head.split_first_chunk_mut().expect("a head holds a nonce");
    let aad = associated(keys, table, name, rev);
    tag.copy_from_slice(&xchacha::seal(&keys.seal, nonce, &aad, frame).ok_or(VaultError::TooLarge)?);
    Ok(std::mem::take(&mut *row))
}

/// Opens a row; nothing when it was not sealed under exactly this table, name and revision.
pub(super) fn open(keys: &Keys, table: Table, name: &[u8], rev: u64, row: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = row.split_first_chunk()?;
    let (tag, sealed) = rest.split_first_chunk()?;
    let mut frame = copy(sealed);
    if !xchacha::open(&keys.seal, nonce, &associated(keys, table, name, rev), tag, &mut frame) {
        return None;
    }
    let length = usize::try_from(u64::from_be_bytes(*frame.first_chunk()?)).ok()?;
    frame.get(8..)?.get(..length)?;
    // In place: a second copy of everything would cost an unlock a tenth of its time.
    frame.copy_within(8..8 + length, 0);
    frame.truncate(length);
    Some(frame)
}
