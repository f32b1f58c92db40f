//! The folder of a store: private modes, one process at a time, files replaced whole.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::VaultError;

/// Makes a private folder; one that exists already is left as it is.
pub(super) fn folder(path: &Path) -> Result<(), VaultError> {
    Ok(DirBuilder::new().recursive(true).mode(0o700).create(path)?)
}

/// Takes the store for this process; released when the file is dropped.
pub(super) fn lock(home: &Path) -> Result<File, VaultError> {
    let file = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(home.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(e)) => Err(e.into()),
    }
}

/// Makes a new private file, flushed to disk.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// Replaces a private file whole: after a crash it is the old one or the new one.
pub(super) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let fresh = folder.join(format!("{name}.new"));
    if fresh.exists() {
        std::fs::remove_file(&fresh)?;
    }
    write_new(&fresh, bytes)?;
    std::fs::rename(&fresh, folder.join(name))?;
    sync_folder(folder)
}

/// Makes renames in a folder survive a power cut.
pub(super) fn sync_folder(path: &Path) -> Result<(), VaultError> {
    Ok(File::open(path)?.sync_all()?)
}

/// Reads a small file, refusing more than `limit` bytes.
pub(super) fn read_small(path: &Path, limit: usize) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}
