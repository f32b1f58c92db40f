//! Everything that lies in a home folder: kind, mode and owner, by name; nothing is opened.

use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use bansou_core::doctor::{Entry, EntryKind};

/// The folder itself as `.` and all below it, in order; and the bytes of its files.
pub(super) fn entries(home: &Path) -> (Vec<Entry>, u64) {
    let (mut entries, mut used) = (Vec::new(), 0);
    // The home may be reached by a link; nothing in it may be one.
    if let Ok(found) = fs::metadata(home) {
        add(".", &found, &mut entries, &mut used);
        below(home, "", &mut entries, &mut used);
    }
    (entries, used)
}

fn below(folder: &Path, prefix: &str, entries: &mut Vec<Entry>, used: &mut u64) {
    let Ok(listed) = fs::read_dir(folder) else { return };
    let mut names: Vec<_> = listed.flatten().map(|e| e.file_name()).collect();
    names.sort();
    for name in names {
        let path = folder.join(&name);
        // A file that is gone by now was SQLite's own.
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        let shown = format!("{prefix}{}", name.to_string_lossy());
        add(&shown, &found, entries, used);
        if found.is_dir() {
            below(&path, &format!("{shown}/"), entries, used);
        }
    }
}

fn add(path: &str, found: &Metadata, entries: &mut Vec<Entry>, used: &mut u64) {
    let kind = match found.file_type() {
        t if t.is_dir() => EntryKind::Folder,
        t if t.is_file() => EntryKind::File,
        _ => EntryKind::Other,
    };
    if kind == EntryKind::File {
        *used += found.len();
    }
    let own = found.uid() == rustix::process::geteuid().as_raw();
    entries.push(Entry { path: path.to_owned(), kind, mode: Some(found.permissions().mode() & 0o777), own });
}
