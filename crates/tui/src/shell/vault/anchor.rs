//! The mark outside the database that shows when the database was put back to an older state.

use std::path::Path;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::error::VaultError;
use super::home;
use super::keys::Keys;

/// The end of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub seq: u64,
    pub hash: [u8; 32],
}

/// `state/anchor`: journal number (8 bytes, big-endian) and a MAC over it and the hash of that entry (32 bytes).
pub(super) struct Anchor {
    pub seq: u64,
    mac: [u8; 32],
}

impl Anchor {
    /// Nothing when the file is missing or not of the right size.
    pub(super) fn read(home: &Path) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = home::read_small(&home.join("state/anchor"), 40)? else { return Ok(None) };
        let Some((seq, mac)) = bytes.split_first_chunk() else { return Ok(None) };
        Ok(mac.try_into().ok().map(|mac| Self { seq: u64::from_be_bytes(*seq), mac }))
    }

    /// Whether this mark was made at `head`.
    pub(super) fn is_of(&self, keys: &Keys, head: Head) -> bool {
        self.seq == head.seq && mac(keys, head).verify_slice(&self.mac).is_ok()
    }
}

/// Moves the mark to `head`.
pub(super) fn write(home: &Path, keys: &Keys, head: Head) -> Result<(), VaultError> {
    let mut bytes = head.seq.to_be_bytes().to_vec();
    bytes.extend_from_slice(&mac(keys, head).finalize().into_bytes());
    home::replace(&home.join("state"), "anchor", &bytes)
}

fn mac(keys: &Keys, head: Head) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(keys.anchor.as_slice()).expect("HMAC takes any key length");
    mac.update(&head.seq.to_be_bytes());
    mac.update(&head.hash);
    mac
}
