//! A disk of a few megabytes that a test may fill, in a mount namespace of its own that ends with the test.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a page of the disk holds, in bytes.
pub const PAGE: usize = 4096;

/// A mounted disk, seen through the process that holds it.
pub struct SmallDisk {
    holder: Child,
    path: PathBuf,
}

impl SmallDisk {
    /// A disk of so many megabytes over an empty folder; nothing where a user may not mount. Never nothing on CI.
    pub fn mount(over: &Path, megabytes: usize) -> Option<Self> {
        let script = "mount -t tmpfs -o size=\"$2\"m,mode=0700 tmpfs \"$1\" && echo ready && exec cat";
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script, "sh"]).arg(over).arg(megabytes.to_string());
        let held = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let disk = held.ok().and_then(|mut holder| {
            let mut line = String::new();
            BufReader::new(holder.stdout.take()?).read_line(&mut line).ok()?;
            let path = PathBuf::from(format!("/proc/{}/root{}", holder.id(), over.display()));
            let disk = Self { holder, path };
            (line == "ready\n").then_some(disk)
        });
        assert!(disk.is_some() || std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no small disk can be mounted");
        disk
    }

    /// The disk for this process. A program must be started `inside`, and knows it by the path it was mounted over.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What a program is started through, to see the disk.
    pub fn inside(&self) -> Vec<String> {
        let holder = self.holder.id().to_string();
        ["nsenter", "--preserve-credentials", "-U", "-m", "-t", &holder, "--"].map(str::to_owned).to_vec()
    }

    fn filling(&self) -> PathBuf {
        self.path.join("filling")
    }

    /// Leaves exactly so many free pages.
    pub fn leave(&self, pages: usize) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.filling()).unwrap();
        while file.write_all(&[7; PAGE]).is_ok() {}
        let full = file.metadata().unwrap().len() / PAGE as u64 * PAGE as u64;
        file.set_len(full.saturating_sub((pages * PAGE) as u64)).unwrap();
    }

    /// Makes room again.
    pub fn make_room(&self) {
        let _ = fs::remove_file(self.filling());
    }

    /// Whether a file of one page can be made now.
    pub fn has_room(&self) -> bool {
        let path = self.path.join("try");
        let made = File::create(&path).and_then(|mut f| f.write_all(&[1; PAGE])).is_ok();
        let _ = fs::remove_file(path);
        made
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
