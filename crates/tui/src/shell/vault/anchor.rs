//! The mark outside the database that shows when the database was put back to an older state.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Format;
use super::error::VaultError;
use super::home;
use super::keys::Keys;
use super::ledger::Head;

/// A slot: journal number (8 bytes, big-endian) and a MAC over it and the hash of that entry (32 bytes).
const SLOT: usize = 40;
/// The two slots lie in different disk blocks, so that a torn write spoils one at most.
const STEP: u64 = 4096;

/// Lies beside the mark from before a store is put back until its owner's records say so.
const PUT_BACK: &str = "state/put-back";

/// Whether a store was put back and nobody took note yet.
pub(super) fn put_back(home: &Path) -> bool {
    home.join(PUT_BACK).exists()
}

/// Notes it, on the disk when this returns.
pub(super) fn note_put_back(home: &Path) -> Result<(), VaultError> {
    if !put_back(home) {
        home::write_new(&home.join(PUT_BACK), &[])?;
    }
    home::sync_folder(&home.join("state"))
}

/// Takes the note away.
pub(super) fn forget_put_back(home: &Path) -> Result<(), VaultError> {
    home::remove(&home.join(PUT_BACK))?;
    home::sync_folder(&home.join("state"))
}

/// How the journal stands to the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The mark is of the last entry.
    Level,
    /// The journal goes on after the mark: a crash came between the two.
    Ahead,
    /// No mark, one of a later entry, or one of another history.
    Lost,
}

/// The mark as found on the disk: at most two readable slots.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Anchor(Vec<(u64, [u8; 32])>);

impl Anchor {
    /// Reads `state/anchor`; what is not there or not of the right size is no slot.
    pub(super) fn read(home: &Path, format: Format) -> Result<Self, VaultError> {
        let size = match format {
            Format::One => SLOT,
            Format::Two => STEP as usize + SLOT,
        };
        let bytes = home::read_small(&home.join("state/anchor"), size)?.unwrap_or_default();
        let whole = if bytes.len() == size { bytes } else { Zeroizing::new(Vec::new()) };
        let slots = whole.chunks(STEP as usize).filter_map(|block| {
            let (seq, rest) = block.split_first_chunk()?;
            let mac: &[u8; 32] = rest.first_chunk()?;
            (mac != &[0; 32]).then(|| (u64::from_be_bytes(*seq), *mac))
        });
        Ok(Self(slots.collect()))
    }

    /// Compares the slots with the entries as they are read.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { slots: &self.0, confirmed: None }
    }
}

/// Slots that wait for their entry.
pub(super) struct Watch<'a> {
    slots: &'a [(u64, [u8; 32])],
    confirmed: Option<u64>,
}

impl Watch<'_> {
    pub(super) fn see(&mut self, keys: &Keys, head: Head) {
        let here = self.slots.iter().filter(|(seq, _)| *seq == head.seq);
        if here.into_iter().any(|(_, found)| mac(keys, head).verify_slice(found).is_ok()) {
            self.confirmed = Some(head.seq);
        }
    }

    /// The newest slot decides: one that names a later entry or another history means an older store.
    pub(super) fn standing(&self, head: Option<Head>) -> Standing {
        let newest = self.slots.iter().map(|(seq, _)| *seq).max();
        match head {
            Some(head) if newest.is_some() && newest == self.confirmed => {
                if newest == Some(head.seq) {
                    Standing::Level
                } else {
                    Standing::Ahead
                }
            }
            _ => Standing::Lost,
        }
    }
}

/// The open mark of a store that is in use.
pub(super) struct Marker {
    file: File,
    /// Moved since it last reached the disk.
    moved: bool,
}

impl Marker {
    /// Makes the mark of a new store, on the disk when this returns.
    pub(super) fn create(home: &Path, keys: &Keys, head: Head) -> Result<(), VaultError> {
        home::write_new(&home.join("state/anchor"), &slots(keys, head))?;
        home::sync_folder(&home.join("state"))
    }

    /// Opens the mark of a store at `head`. A lost one is made anew, after a note that the store was put back.
    pub(super) fn open(home: &Path, keys: &Keys, head: Head, standing: Standing) -> Result<Self, VaultError> {
        if standing == Standing::Lost {
            note_put_back(home)?;
            home::replace(&home.join("state"), "anchor", &slots(keys, head))?;
        }
        let file = File::options().write(true).open(home.join("state/anchor"))?;
        let mut marker = Self { file, moved: false };
        if standing == Standing::Ahead {
            marker.write(keys, head)?;
            marker.settle()?;
        }
        Ok(marker)
    }

    /// Moves the mark. It reaches the disk later than the entry, never sooner: behind is no rollback.
    pub(super) fn write(&mut self, keys: &Keys, head: Head) -> Result<(), VaultError> {
        self.moved = true;
        Ok(self.file.write_all_at(&slot(keys, head), (head.seq % 2) * STEP)?)
    }

    /// Brings the mark to the disk.
    fn settle(&mut self) -> Result<(), VaultError> {
        self.file.sync_data()?;
        self.moved = false;
        Ok(())
    }
}

impl Drop for Marker {
    fn drop(&mut self) {
        // When this fails the mark is behind, which the next open repairs.
        let _ = if self.moved { self.settle() } else { Ok(()) };
    }
}

fn slots(keys: &Keys, head: Head) -> Vec<u8> {
    let mut bytes = vec![0; STEP as usize + SLOT];
    let at = usize::try_from((head.seq % 2) * STEP).expect("0 or 4096");
    bytes[at..at + SLOT].copy_from_slice(&slot(keys, head));
    bytes
}

fn slot(keys: &Keys, head: Head) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    bytes[..8].copy_from_slice(&head.seq.to_be_bytes());
    bytes[8..].copy_from_slice(&mac(keys, head).finalize().into_bytes());
    bytes
}

fn mac(keys: &Keys, head: Head) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(keys.anchor.as_slice()).expect("HMAC takes any key length");
    mac.update(&head.seq.to_be_bytes());
    mac.update(&head.hash);
    mac
}
