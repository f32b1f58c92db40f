//! What is in no record yet: one sealed file beside the mark, replaced whole each time.

use std::path::Path;

use zeroize::Zeroizing;

use super::Vault;
use super::error::{Fault, Finding, Part, VaultError};
use super::home;
use super::keys::Keys;
use super::sealed::{self, Table};

const NAME: &str = "draft";
/// Largest text kept, in bytes: far more than a person types, and a second of the slowest disk.
pub const LARGEST_DRAFT: usize = 4 << 20;

/// Seals the bytes into `state/` of a store.
pub(super) fn write(home: &Path, keys: &Keys, bytes: &[u8]) -> Result<(), VaultError> {
    if bytes.len() > LARGEST_DRAFT {
        return Err(VaultError::TooLarge);
    }
    let sealed = sealed::seal(keys, Table::Draft, NAME.as_bytes(), 0, bytes)?;
    home::replace(&home.join("state"), NAME, &sealed)
}

pub(super) fn damaged() -> Finding {
    Finding::new(Part::File, Fault::Changed, "state/draft")
}

impl Vault {
    /// Keeps these bytes instead of those kept before; none forgets them. On the disk when this returns.
    pub fn keep_draft(&mut self, bytes: Option<&[u8]>) -> Result<(), VaultError> {
        match bytes {
            Some(bytes) => write(&self.home, &self.keys, bytes),
            None => {
                home::remove(&self.home.join("state").join(NAME))?;
                home::sync_folder(&self.home.join("state"))
            }
        }
    }

    /// What was kept last.
    pub fn draft(&self) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let path = self.home.join("state").join(NAME);
        if !path.exists() {
            return Ok(None);
        }
        let sealed = home::read_small(&path, LARGEST_DRAFT + (LARGEST_DRAFT >> 2))?;
        let bytes = sealed.and_then(|row| sealed::open(&self.keys, Table::Draft, NAME.as_bytes(), 0, &row));
        bytes.map(Some).ok_or_else(|| VaultError::Damaged { what: vec![damaged()] })
    }
}
