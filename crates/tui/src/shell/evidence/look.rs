//! Handing an attachment to a viewer: sealed memory under a name in `/proc`, so that no file is written.
//!
//! This process is closed to others of its user, its descriptors too. So the memory is handed to `cat`, which waits
//! for the end of a pipe that only this process holds: it names the memory for the viewer, and ends with the look or
//! with this process, however that ends.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use bansou_core::record::v1::Attachment;

use super::refused;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::place;

/// What the desktop has for opening files.
const DESKTOP: &str = "xdg-open";

/// An attachment that a viewer can read; dropping it takes the memory away.
pub struct Look {
    holder: Child,
    viewer: Child,
}

impl Look {
    /// Waits until the viewer has ended. One that only asks another program to show it ends at once.
    pub fn wait(&mut self) {
        let _ = self.viewer.wait();
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
        // A viewer that is still open keeps what it has read; it is only collected if it has ended.
        let _ = self.viewer.try_wait();
    }
}

/// Opens an attachment in the viewer of the settings.
pub fn look(home: &Home, of: &Attachment) -> Result<Look, Failure> {
    let program = viewer()?;
    let bytes = home.blob(of.blob)?;
    let unseen = |e: io::Error| Failure::File { path: "memory".into(), kind: e.kind() };
    let memory = sealed(&bytes).map_err(unseen)?;
    let own_group = |command: &mut Command| command.process_group(0).stderr(Stdio::null()).spawn();
    let mut holder = own_group(Command::new("cat").stdin(Stdio::piped()).stdout(memory)).map_err(unseen)?;
    let path = format!("/proc/{}/fd/1", holder.id());
    match own_group(Command::new(&program).arg(path).stdin(Stdio::null()).stdout(Stdio::null())) {
        Ok(viewer) => Ok(Look { holder, viewer }),
        Err(_) => {
            drop(holder.stdin.take());
            let _ = holder.wait();
            Err(refused(
                "表示のプログラムを始められません。設定 safety.viewer を確かめてください。",
                "The viewer cannot be started. Check the setting safety.viewer.",
            ))
        }
    }
}

/// The program of the settings, or that of the desktop.
fn viewer() -> Result<PathBuf, Failure> {
    let set = place::settings().viewer;
    if !set.is_empty() {
        return Ok(set.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(DESKTOP)).find(|file| file.is_file());
    found.ok_or_else(|| {
        refused(
            "表示のプログラムがありません。設定 safety.viewer に書くか、attachment export で書き出してください。",
            "There is no viewer. Name one in the setting safety.viewer, or use `attachment export`.",
        )
    })
}

/// Memory that can only be read from now on.
#[cfg(target_os = "linux")]
fn sealed(bytes: &[u8]) -> io::Result<std::fs::File> {
    use std::io::Write as _;

    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

    let mut file = std::fs::File::from(memfd_create("bansou", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
    file.write_all(bytes)?;
    fcntl_add_seals(&file, SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE)?;
    Ok(file)
}

/// Only Linux has it.
#[cfg(not(target_os = "linux"))]
fn sealed(_: &[u8]) -> io::Result<std::fs::File> {
    Err(io::ErrorKind::Unsupported.into())
}
