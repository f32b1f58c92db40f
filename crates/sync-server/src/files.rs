//! The server's folder: private directories, the receipt key, the secretariat's key and the lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use bansou_core::wire::v1::envelope::{decode_key, encode_key};
use ed25519_dalek::SigningKey;

use crate::ServerError;

const RECEIPT_KEY: &str = "receipt.key";
const SECRETARIAT: &str = "secretariat.pub";

/// Creates the folders with mode 0700, and takes the lock that keeps a second server out.
pub fn prepare(data: &Path) -> Result<File, ServerError> {
    for dir in [data.to_owned(), data.join("blobs"), data.join("partial")] {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dir)
            .and_then(|()| fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)))
            .map_err(|e| ServerError::Io("creating the data folder", e))?;
    }
    let lock = private(OpenOptions::new().create(true).truncate(false))
        .open(data.join("lock"))
        .map_err(|e| ServerError::Io("opening the lock file", e))?;
    lock.try_lock().map_err(|_| ServerError::Locked)?;
    Ok(lock)
}

/// The key that signs receipts: generated at the first start, read afterwards.
pub fn receipt_key(data: &Path) -> Result<SigningKey, ServerError> {
    let path = data.join(RECEIPT_KEY);
    if !path.exists() {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)
            .map_err(|e| ServerError::Io("drawing a receipt key", io::Error::other(e.to_string())))?;
        write_new(data, RECEIPT_KEY, &encode_key(&seed)).map_err(|e| ServerError::Io("writing receipt.key", e))?;
    }
    read_key(&path).map(|seed| SigningKey::from_bytes(&seed)).ok_or(ServerError::Damaged(RECEIPT_KEY))
}

/// The secretariat's root key: `given` is stored at the first start and must be the same afterwards.
pub fn secretariat(data: &Path, given: Option<&str>) -> Result<[u8; 32], ServerError> {
    let given = given.map(|text| decode_key(text.trim()).map_err(|_| ServerError::BadSecretariat)).transpose()?;
    let path = data.join(SECRETARIAT);
    if !path.exists() {
        let key = given.ok_or(ServerError::NoSecretariat)?;
        write_new(data, SECRETARIAT, &encode_key(&key)).map_err(|e| ServerError::Io("writing secretariat.pub", e))?;
    }
    let held = read_key(&path).ok_or(ServerError::Damaged(SECRETARIAT))?;
    if given.is_some_and(|given| given != held) {
        return Err(ServerError::OtherSecretariat);
    }
    Ok(held)
}

/// Makes the names in a directory durable.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Options for a file that only the owner may read.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.write(true).mode(0o600)
}

fn write_new(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    let temporary = dir.join(format!("{name}.new"));
    let mut file = private(OpenOptions::new().create(true).truncate(true)).open(&temporary)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&temporary, dir.join(name))?;
    sync_dir(dir)
}

fn read_key(path: &Path) -> Option<[u8; 32]> {
    let mut text = String::new();
    File::open(path).ok()?.take(200).read_to_string(&mut text).ok()?;
    decode_key(text.trim()).ok()
}
