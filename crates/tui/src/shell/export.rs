//! Writes everything of a home into a new folder, in the clear: private modes, the list of hashes last.

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use bansou_core::export::{self, Content};
use bansou_core::wire::v1::envelope::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::doctor;
use super::failure::Failure;
use super::home::Home;
use super::place::private_folder;

/// Bytes that a small file may take on a disk beside its contents.
const BLOCK: u64 = 4 << 10;
/// Room that is left to the system, in bytes.
const SPARE: u64 = 16 << 20;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub files: usize,
    pub bytes: u64,
}

/// Refuses a folder that holds something, lies in the home, or whose disk is too small; changes nothing.
pub fn check(home: &Home, dir: &Path) -> Result<(), Failure> {
    let wrong = |e: std::io::Error| Failure::file(dir, &e);
    if let Ok(mut listed) = std::fs::read_dir(dir)
        && listed.next().is_some()
    {
        return Err(Failure::Place {
            code: "E-EXPORT-FOLDER",
            ja: "書き出し先のフォルダーが空ではありません。新しいフォルダーを指定してください。".into(),
            en: "The folder for the export is not empty. Name a new one.".into(),
        });
    }
    let place = std::path::absolute(dir).map_err(wrong)?;
    let above = place.ancestors().find_map(|a| a.canonicalize().ok());
    if above.is_some_and(|a| home.path.canonicalize().is_ok_and(|h| a.starts_with(h))) {
        return Err(Failure::Place {
            code: "E-EXPORT-HOME",
            ja: "保管庫の中には書き出せません。外のフォルダーを指定してください。".into(),
            en: "The export cannot lie in the home itself. Name a folder outside.".into(),
        });
    }
    let mut need = SPARE;
    for file in export::files(&home.books, &home.packs, &home.history()?) {
        need += BLOCK + bytes(home, &file.content)?.len() as u64;
    }
    match doctor::free(dir) {
        Some(free) if free < need => Err(Failure::Place {
            code: "E-EXPORT-SPACE",
            ja: format!(
                "書き出しに約{} MiB要りますが、空きは{} MiBです。空きを作ってください。",
                (need >> 20) + 1,
                free >> 20
            ),
            en: format!("The export needs about {} MiB and {} MiB are free. Make room.", (need >> 20) + 1, free >> 20),
        }),
        _ => Ok(()),
    }
}

/// Checks the folder, notes the export in the journal, and writes. A folder without `index.json` is not complete.
pub fn write(home: &mut Home, dir: &Path) -> Result<Written, Failure> {
    check(home, dir)?;
    home.note("export")?;
    let wrong = |path: &Path, e: std::io::Error| Failure::file(path, &e);
    private_folder(dir)?;
    // A folder that was there already may have been open to others.
    std::fs::set_permissions(dir, Permissions::from_mode(0o700)).map_err(|e| wrong(dir, e))?;
    let mut written = Written { files: 0, bytes: 0 };
    let mut index: Vec<Value> = Vec::new();
    for file in export::files(&home.books, &home.packs, &home.history()?) {
        let bytes = bytes(home, &file.content)?;
        let path = dir.join(&file.path);
        private_folder(path.parent().unwrap_or(dir))?;
        put(&path, &bytes).map_err(|e| wrong(&path, e))?;
        index.push(json!({"path": file.path, "size": bytes.len(), "sha256": hex(&Sha256::digest(&bytes))}));
        written.files += 1;
        written.bytes += bytes.len() as u64;
    }
    sync(dir)?;
    let list = json!({"schema": 1, "program": concat!("bansou ", env!("CARGO_PKG_VERSION")),
        "made_at": home.now().to_string(), "files": index});
    let path = dir.join("index.json");
    put(&path, format!("{list:#}\n").as_bytes()).map_err(|e| wrong(&path, e))?;
    sync(dir)?;
    Ok(written)
}

fn bytes(home: &Home, content: &Content) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
    match content {
        Content::Text(text) => Ok(text.clone().into_bytes().into()),
        Content::Blob(id) => home.blob(*id),
    }
}

fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(bytes)
}

/// One flush for all files of the disk, instead of one for each.
fn sync(dir: &Path) -> Result<(), Failure> {
    let opened = File::open(dir).map_err(|e| Failure::file(dir, &e))?;
    #[cfg(target_os = "linux")]
    let done = rustix::fs::syncfs(&opened).map_err(std::io::Error::from);
    #[cfg(not(target_os = "linux"))]
    let done = opened.sync_all();
    done.map_err(|e| Failure::file(dir, &e))
}
