//! What the machine tells about itself: terminal, free space, swap, core dumps, locked pages.

use std::path::{Path, PathBuf};

use bansou_core::doctor::{Disk, Memory, Swap, SwapKind, Terminal};

use crate::shell::memory;
use crate::shell::terminal::{colourless, present};

/// The terminal, if there is one; `wide` is the answer to the question about ambiguous width, if it was asked.
pub fn terminal(wide: Option<bool>) -> Option<Terminal> {
    let size = crossterm::terminal::size().ok().filter(|_| present())?;
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| set(name)).unwrap_or_default().to_lowercase();
    Some(Terminal {
        size,
        utf8: locale.contains("utf-8") || locale.contains("utf8"),
        colours: !colourless(),
        multiplexer: set("TMUX").is_some() || set("STY").is_some(),
        ssh: set("SSH_CONNECTION").is_some(),
        wide,
    })
}

/// Room for this user on the disk of a folder, or of the nearest one above it.
pub(super) fn disk(folder: &Path, used: u64) -> Option<Disk> {
    Some(Disk { free: free(folder)?, used })
}

/// Bytes that this user may still write where `path` lies or will lie.
pub fn free(path: &Path) -> Option<u64> {
    let whole = std::path::absolute(path).ok()?;
    let found = whole.ancestors().find_map(|above| rustix::fs::statvfs(above).ok())?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(target_os = "linux")]
pub(super) fn memory() -> Option<Memory> {
    let facts = memory::facts();
    let swaps = swaps(&std::fs::read_to_string("/proc/swaps").ok()?, Path::new("/sys"));
    let state = std::fs::read_to_string("/sys/power/state").unwrap_or_default();
    let way = std::fs::read_to_string("/sys/power/disk").unwrap_or_default();
    Some(Memory {
        swaps,
        hibernates: state.split_whitespace().any(|s| s == "disk") && !way.contains("[disabled]"),
        core_dumps_off: facts.core_dumps_off,
        undumpable: facts.undumpable,
        keys_locked: facts.keys_locked,
    })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn memory() -> Option<Memory> {
    None
}

/// The lines of `/proc/swaps`, each with what `/sys` tells about its device.
fn swaps(list: &str, sys: &Path) -> Vec<Swap> {
    let names = list.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    names.map(|name| Swap { name: name.to_owned(), kind: kind(name, sys) }).collect()
}

fn kind(name: &str, sys: &Path) -> SwapKind {
    if name.starts_with("/dev/zram") {
        return SwapKind::Zram;
    }
    let path = Path::new(name);
    let device = match std::fs::metadata(path) {
        // A swap file lies on the device of its file system.
        Ok(found) if found.is_file() => device_of(&found, sys),
        _ => path.canonicalize().unwrap_or(path.to_owned()).file_name().map(|n| sys.join("block").join(n)),
    };
    if device.is_some_and(|d| encrypted(&d, 0)) { SwapKind::Encrypted } else { SwapKind::Open }
}

fn device_of(found: &std::fs::Metadata, sys: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let (major, minor) = (rustix::fs::major(found.dev()), rustix::fs::minor(found.dev()));
    sys.join(format!("dev/block/{major}:{minor}")).canonicalize().ok()
}

/// Whether a device, or one that it lies on, is encrypted by the kernel.
fn encrypted(device: &Path, depth: u8) -> bool {
    let uuid = std::fs::read_to_string(device.join("dm/uuid")).unwrap_or_default();
    if uuid.starts_with("CRYPT-") {
        return true;
    }
    let Ok(slaves) = std::fs::read_dir(device.join("slaves")) else { return false };
    let mut below = slaves.flatten().map(|s| device.join("slaves").join(s.file_name())).peekable();
    depth < 8 && below.peek().is_some() && below.all(|slave| encrypted(&slave, depth + 1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_swap_is_open_unless_it_is_in_memory_or_all_below_it_is_encrypted() {
        let dir = tempfile::tempdir().unwrap();
        let device = |name: &str, uuid: &str, slaves: &[&str]| {
            let block = dir.path().join("block").join(name);
            std::fs::create_dir_all(block.join("dm")).unwrap();
            std::fs::create_dir_all(block.join("slaves")).unwrap();
            std::fs::write(block.join("dm/uuid"), uuid).unwrap();
            for slave in slaves {
                std::os::unix::fs::symlink(dir.path().join("block").join(slave), block.join("slaves").join(slave))
                    .unwrap();
            }
        };
        device("dm-901", "CRYPT-LUKS2-00-swap", &[]);
        device("dm-902", "LVM-00", &["dm-901"]);
        device("dm-903", "LVM-00", &["sdz9"]);
        device("dm-904", "LVM-00", &["dm-901", "sdz9"]);
        device("dm-905", "LVM-00", &["dm-905"]);
        device("sdz9", "", &[]);
        let list = "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n/dev/dm-901 partition 1 0 -2\n\
            /dev/dm-902 partition 1 0 -2\n/dev/dm-903 partition 1 0 -2\n/dev/dm-904 partition 1 0 -2\n\
            /dev/dm-905 partition 1 0 -2\n/dev/sdz9 partition 1 0 -2\n/no/such/file file 1 0 -2\n";
        let found: Vec<SwapKind> = swaps(list, dir.path()).into_iter().map(|s| s.kind).collect();
        use SwapKind::{Encrypted, Open, Zram};
        assert_eq!(found, [Zram, Encrypted, Encrypted, Open, Open, Open, Open, Open]);
        assert_eq!(swaps("Filename Type Size Used Priority\n", dir.path()), []);
    }
}
