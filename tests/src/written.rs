//! Records every byte that programs hand to the system to be written or sent, and where it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Calls whose bytes leave the program.
const WRITES: &str = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg";
/// Calls whose texts become names of files.
const NAMES: &str =
    "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat";

/// Records in a folder, one file for each run.
pub struct Records {
    dir: PathBuf,
    runs: AtomicU32,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// Bytes by place: the path of a file, or what the system calls a socket or pipe. In the order they were written.
    pub bytes: BTreeMap<String, Vec<u8>>,
    /// Names of files that were opened, made or moved.
    pub names: BTreeSet<String>,
}

impl Records {
    pub fn new(dir: PathBuf) -> Self {
        fs::create_dir(&dir).unwrap();
        Self { dir, runs: AtomicU32::new(0) }
    }

    /// The recorder and its arguments, the program last.
    pub fn around(&self, program: &Path) -> (PathBuf, Vec<OsString>) {
        let record = self.dir.join(self.runs.fetch_add(1, Ordering::Relaxed).to_string());
        let calls = format!("trace={WRITES},{NAMES}");
        // Strings as long as the longest write, all of their bytes in hexadecimal.
        let flags =
            ["-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "100000000", "-e", "signal=none", "-e", &calls, "-o"];
        let arguments = flags.iter().map(OsString::from).chain([record.into(), program.into()]).collect();
        (PathBuf::from("strace"), arguments)
    }

    /// Everything recorded so far, of all runs.
    pub fn written(&self) -> Written {
        let mut written = Written::default();
        let mut files: Vec<PathBuf> = fs::read_dir(&self.dir).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "nothing was recorded");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            text.lines().for_each(|line| take(line, &mut written));
        }
        written
    }
}

/// Takes in one line: `12 write(3</path>, "\x61\x62", 2) = 2`.
fn take(line: &str, written: &mut Written) {
    let Some((head, rest)) = line.split_once('(') else { return };
    let call = head.split_whitespace().last().unwrap_or_default();
    let texts: Vec<Vec<u8>> = rest.split('"').skip(1).step_by(2).map(plain).collect();
    if NAMES.split(',').any(|n| n == call) {
        written.names.extend(texts.iter().map(|t| String::from_utf8_lossy(t).into_owned()));
    } else if WRITES.split(',').any(|n| n == call) {
        let descriptor = rest.split_once('>').map_or(rest, |(d, _)| d);
        let (number, place) = descriptor.split_once('<').unwrap_or((descriptor, "?"));
        let place = String::from_utf8_lossy(&plain(place)).into_owned();
        // What is said to whoever started the program is told apart from other pipes.
        let place = if matches!(number, "1" | "2") { format!("{number}:{place}") } else { place };
        let all = written.bytes.entry(place).or_default();
        texts.iter().for_each(|t| all.extend_from_slice(t));
    }
}

/// Bytes written as `\x61`, and anything else as it is.
fn plain(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let Some(first) = rest.first() {
        let code =
            (rest.len() >= 4 && rest.starts_with(b"\\x")).then(|| std::str::from_utf8(&rest[2..4]).ok()).flatten();
        match code.and_then(|c| u8::from_str_radix(c, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &rest[4..];
            }
            None => {
                out.push(*first);
                rest = &rest[1..];
            }
        }
    }
    out
}
