//! The folder of a store: private modes, one process at a time, files replaced whole.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::VaultError;

/// Makes a private folder, and those above it that are missing, so that a power cut does not take them away again; one
/// that exists already is left as it is.
pub(super) fn folder(path: &Path) -> Result<(), VaultError> {
    let missing: Vec<&Path> = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    missing.into_iter().try_for_each(|made| sync_folder(parent(made)))
}

/// The folder that a path lies in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
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

/// Makes a private file that appears under its name only when it is whole and on the disk; never over another file.
pub(super) fn write_whole(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    if path.exists() {
        return Err(VaultError::FileExists);
    }
    let mut name = path.file_name().ok_or(VaultError::Io(std::io::ErrorKind::InvalidFilename))?.to_owned();
    name.push(".new");
    let fresh = path.with_file_name(name);
    remove(&fresh)?;
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&fresh)?;
    let written = fill(&mut file).and_then(|()| Ok(file.sync_all()?)).and_then(|()| {
        // A hard link refuses to replace a file that came meanwhile, which a rename would not.
        std::fs::hard_link(&fresh, path).or_else(|_| std::fs::rename(&fresh, path))?;
        Ok(())
    });
    remove(&fresh)?;
    written?;
    sync_folder(parent(path))
}

/// Replaces a private file whole: after a crash it is the old one or the new one.
pub(super) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let fresh = folder.join(format!("{name}.new"));
    remove(&fresh)?;
    write_new(&fresh, bytes)?;
    std::fs::rename(&fresh, folder.join(name))?;
    sync_folder(folder)
}

/// Removes a file that may not be there.
pub(super) fn remove(path: &Path) -> Result<(), VaultError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
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
