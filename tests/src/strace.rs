//! Every system call of a program as a place to fail: runs a program under strace, and reads what strace recorded.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Calls that change files or names, and those that move the descriptors they use.
const RECORDED: &str = "openat,open,creat,close,dup,dup2,dup3,fcntl,lseek,read,write,writev,pwrite64,pwritev,pwritev2,\
    ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,symlink,\
    symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,copy_file_range,sendfile,splice,sendto,pread64,msync";

/// What is done to the program when it comes to a call.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Killed with SIGKILL before the call does anything.
    Kill,
    /// The call does nothing and returns this error, such as `EIO`.
    Error(&'static str),
    /// That call and every later one of its kind return this error.
    ErrorsFrom(&'static str),
}

/// One call of a run by name and place among the calls of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub syscall: String,
    /// From 1.
    pub nth: usize,
    /// The file it is about, below the folder that was asked for.
    pub path: PathBuf,
}

/// One finished call.
#[derive(Clone, Debug)]
pub struct Call {
    pub thread: u32,
    pub name: String,
    args: Vec<String>,
    /// What it returned; none when the program ended in it.
    pub result: Option<i64>,
    /// How many calls had finished when this one began.
    pub began: usize,
}

/// Stops the test when strace is missing; a fault test that is skipped proves nothing.
pub fn needed() {
    let there = Command::new("strace").arg("-V").output().is_ok_and(|o| o.status.success());
    assert!(there, "strace is missing: apt-get install strace");
}

/// A command that records the calls of `program`, whose arguments the caller adds.
pub fn record(log: &Path, program: &OsStr) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-q", "-xx", "-y", "-s", "67108864", "-e", &format!("trace={RECORDED}")]);
    command.arg("-o").arg(log).arg(program);
    command
}

/// Like `record` for a program that is ended from outside: the process one starts is the program, strace runs beside it.
pub fn record_beside(log: &Path, program: &OsStr) -> Command {
    let recorded = record(log, program);
    let mut command = Command::new("strace");
    command.arg("-D").args(recorded.get_args());
    command
}

/// Waits until strace, which ran beside a program that has ended, has written everything down (30 s at most).
pub fn ended(log: &Path) {
    for _ in 0..600 {
        let text = fs::read_to_string(log).unwrap_or_default();
        let first = text.split(' ').next().unwrap_or_default();
        let last = |l: &str| l.split(' ').next() == Some(first) && l.contains(" +++ ");
        if !first.is_empty() && text.lines().rev().take(64).any(last) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("strace did not end: {}", log.display());
}

/// A command that runs `program` with one fault.
pub fn inject(point: &Point, fault: Fault, program: &OsStr) -> Command {
    let Point { syscall, nth, .. } = point;
    let what = match fault {
        Fault::Kill => format!("inject={syscall}:signal=SIGKILL:when={nth}"),
        Fault::Error(error) => format!("inject={syscall}:error={error}:when={nth}"),
        Fault::ErrorsFrom(error) => format!("inject={syscall}:error={error}:when={nth}+"),
    };
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "signal=none"]);
    command.args(["-e", &format!("trace={syscall}"), "-e", &what]).arg(program);
    command
}

/// Reads a recording, in the order in which the calls finished.
pub fn calls(log: &Path) -> Vec<Call> {
    let text = fs::read_to_string(log).unwrap_or_else(|e| panic!("{}: {e}", log.display()));
    let mut begun: BTreeMap<u32, (String, usize)> = BTreeMap::new();
    let mut out: Vec<Call> = Vec::new();
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no thread: {line:.80}"));
        let (thread, rest) = (thread.parse().unwrap(), rest.trim_start());
        if rest.starts_with("+++") || rest.starts_with("---") {
            continue;
        }
        if let Some(start) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread, (start.trim_end().to_owned(), out.len()));
            continue;
        }
        let (whole, began) = match rest.strip_prefix("<... ") {
            Some(end) => {
                let Some((start, began)) = begun.remove(&thread) else { continue };
                let (_, end) = end.split_once(" resumed>").unwrap_or_else(|| panic!("not understood: {line:.80}"));
                (start + end, began)
            }
            None => (rest.to_owned(), out.len()),
        };
        out.push(parse(thread, &whole, began).unwrap_or_else(|| panic!("not understood: {whole:.200}")));
    }
    out
}

fn parse(thread: u32, line: &str, began: usize) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    let (args, result) = rest.rsplit_once(" = ")?;
    let args = args.trim_end().strip_suffix(')')?;
    let result = result.split([' ', '<']).next()?;
    let args = args.split(", ").map(str::to_owned).collect();
    Some(Call { thread, name: name.to_owned(), args, result: result.parse().ok(), began })
}

impl Call {
    /// It was done: neither refused nor cut short.
    pub fn done(&self) -> bool {
        self.result.is_some_and(|r| r >= 0)
    }

    pub fn arg(&self, n: usize) -> &str {
        self.args.get(n).map_or("", String::as_str)
    }

    /// A number among the arguments.
    pub fn number(&self, n: usize) -> u64 {
        self.arg(n).parse().unwrap_or_else(|_| panic!("{}: argument {n} is no number: {}", self.name, self.arg(n)))
    }

    /// A file descriptor among the arguments; none for `AT_FDCWD`.
    pub fn descriptor(&self, n: usize) -> Option<i64> {
        self.arg(n).split('<').next()?.parse().ok()
    }

    /// The bytes of a string among the arguments.
    pub fn bytes(&self, n: usize) -> Vec<u8> {
        let arg = self.arg(n);
        assert!(!arg.ends_with("..."), "the recording was cut short: {}", self.name);
        let quoted = arg.strip_prefix('"').and_then(|a| a.strip_suffix('"'));
        unhex(quoted.unwrap_or_else(|| panic!("{}: argument {n} is no string", self.name)))
    }

    /// A path among the arguments: a string, or the file behind a descriptor.
    pub fn path(&self, n: usize) -> PathBuf {
        use std::os::unix::ffi::OsStringExt as _;
        let arg = self.arg(n);
        let bytes = match arg.split_once('<') {
            Some((_, rest)) if !arg.starts_with('"') => unhex(rest.split('>').next().unwrap_or_default()),
            _ if arg.starts_with('"') => self.bytes(n),
            _ => Vec::new(),
        };
        PathBuf::from(std::ffi::OsString::from_vec(bytes))
    }

    /// The file a call is about, whatever kind of call it is.
    pub fn file(&self) -> PathBuf {
        let first = self.path(0);
        let second = self.path(1);
        match self.name.as_str() {
            "openat" | "unlinkat" | "mkdirat" | "renameat" | "renameat2" if second.is_absolute() => second,
            "openat" | "unlinkat" | "mkdirat" => first.join(second),
            _ => first,
        }
    }

    /// Whether it makes or changes a file, a name, or what is on the disk.
    pub fn changes(&self) -> bool {
        match self.name.as_str() {
            "openat" => self.arg(2).contains("O_CREAT") || self.arg(2).contains("O_TRUNC"),
            "close" | "dup" | "dup2" | "dup3" | "fcntl" | "lseek" | "read" | "pread64" | "sendto" => false,
            _ => true,
        }
    }
}

/// Undoes `\x2f\x74`; strace leaves no other escape with `-xx`. A pipe or a socket has a readable name.
fn unhex(text: &str) -> Vec<u8> {
    if !text.starts_with('\\') {
        return text.as_bytes().to_vec();
    }
    let digit = |b: u8| char::from(b).to_digit(16).unwrap_or_else(|| panic!("not hexadecimal: {text:.60}"));
    let text = text.as_bytes();
    text.chunks(4).map(|c| u8::try_from(digit(c[2]) << 4 | digit(c[3])).unwrap()).collect()
}

/// The calls of a run (of its first thread) about files below `folder`, of the kinds that `wanted` takes.
pub fn points(calls: &[Call], folder: &Path, wanted: impl Fn(&Call) -> bool) -> Vec<Point> {
    let Some(first) = calls.first().map(|c| c.thread) else { return Vec::new() };
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for call in calls.iter().filter(|c| c.thread == first) {
        let nth = seen.entry(&call.name).and_modify(|n| *n += 1).or_insert(1);
        let path = call.file();
        // The shared memory of SQLite is no part of what must last.
        let counts = path.starts_with(folder) && !path.to_string_lossy().ends_with("-shm");
        if counts && wanted(call) {
            out.push(Point { syscall: call.name.clone(), nth: *nth, path });
        }
    }
    out
}

/// The first line that the program wrote to its standard output, as a point: all is saved, nothing is said yet.
pub fn answer(calls: &[Call]) -> Option<Point> {
    let first = calls.first()?.thread;
    let writes = calls.iter().filter(|c| c.thread == first && c.name == "write");
    let nth = writes.enumerate().find(|(_, c)| c.descriptor(0) == Some(1))?.0 + 1;
    Some(Point { syscall: "write".into(), nth, path: PathBuf::from("stdout") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_of_real_commands_is_read_back() {
        needed();
        let dir = tempfile::tempdir().unwrap();
        let (log, file) = (dir.path().join("log"), dir.path().join("a b"));
        let script = "printf 'x\\n\\0y' >\"$1\"; mv \"$1\" \"$1.new\"; echo said";
        let status = record(&log, "sh".as_ref()).args(["-c", script, "sh"]).arg(&file).output().unwrap();
        assert_eq!(status.stdout, b"said\n");
        let calls = calls(&log);
        let written = calls.iter().find(|c| c.name == "write" && c.file() == file).unwrap();
        assert_eq!((written.bytes(1), written.result), (b"x\n\0y".to_vec(), Some(4)));
        let renamed = calls.iter().find(|c| c.name.starts_with("rename") && c.done()).unwrap();
        assert!([renamed.path(0), renamed.path(1)].contains(&file));
        let points = points(&calls, dir.path(), Call::changes);
        assert!(points.iter().any(|p| p.syscall == "openat" && p.path == file), "{points:?}");
        assert_eq!(answer(&calls).unwrap().path, Path::new("stdout"));
    }

    #[test]
    fn calls_that_overlap_are_put_together_and_say_when_they_began() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let text = "7 fsync(4<\\x2f\\x61> <unfinished ...>\n8 write(5<\\x2f\\x62>, \"\\x41\", 1) = 1\n\
                    7 <... fsync resumed>) = 0\n8 +++ exited with 0 +++\n7 fsync(4) = -1 EIO (x) (INJECTED)\n7 write(1, \"\\x42\", 1) = ?\n";
        fs::write(&log, text).unwrap();
        let calls = calls(&log);
        let seen: Vec<_> = calls.iter().map(|c| (c.name.as_str(), c.began, c.result, c.done())).collect();
        assert_eq!(seen[..2], [("write", 0, Some(1), true), ("fsync", 0, Some(0), true)]);
        assert_eq!(seen[2..], [("fsync", 2, Some(-1), false), ("write", 3, None, false)]);
        assert_eq!((calls[0].bytes(1), calls[1].path(0)), (vec![0x41], PathBuf::from("/a")));
    }
}
