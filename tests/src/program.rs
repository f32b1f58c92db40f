//! Runs the real programs: finds them, gives each its own home and passphrase, starts the server, ends what it started.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::house;
use crate::written::Records;

/// The built program of this name: from `BANSOU_BIN_DIR`, else the newer of the debug and release builds.
pub fn binary(name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    if let Some(dir) = std::env::var_os("BANSOU_BIN_DIR") {
        let path = Path::new(&dir).join(&file);
        assert!(path.is_file(), "{} is not there, though BANSOU_BIN_DIR names its folder", path.display());
        return path;
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| house::root().join("target"), PathBuf::from);
    let built = ["debug", "release"].map(|profile| target.join(profile).join(&file));
    let newest = built.into_iter().filter(|p| p.is_file()).max_by_key(|p| p.metadata().and_then(|m| m.modified()).ok());
    newest.unwrap_or_else(|| panic!("{name} is not built: run `cargo build --workspace --bins` first"))
}

/// Copies a folder, replacing what was there.
pub fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

/// A person with an own home folder, an own passphrase file, and nothing of the machine's environment.
pub struct Person {
    dir: TempDir,
    home: PathBuf,
    passphrase: PathBuf,
    records: Option<Records>,
    /// What its programs are started through, such as `nsenter` with its arguments; empty: directly.
    through: Vec<String>,
}

/// What a program answered.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The answer when it succeeded; otherwise stops the test and shows both streams.
    pub fn ok(self) -> Self {
        self.code(0)
    }

    /// The answer when it ended with this exit code; otherwise stops the test and shows both streams.
    pub fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, expected, "exit code\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// What every refusal owes: this exit code, nothing on stdout, and one sentence in the language with a code, no panic.
    pub fn refused(self, expected: i32, japanese: bool) -> Self {
        let answer = self.code(expected);
        assert_eq!(answer.stdout, "", "a refusal has nothing to say on stdout\n--- stderr\n{}", answer.stderr);
        assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
        let (sentence, _) = answer.stderr.split_once(" [E-").unwrap_or_else(|| panic!("no code: {}", answer.stderr));
        assert!(sentence.chars().count() >= 10, "no sentence: {}", answer.stderr);
        assert_eq!(
            answer.stderr.chars().any(|c| ('ぁ'..='ん').contains(&c)),
            japanese,
            "wrong language: {}",
            answer.stderr
        );
        answer
    }

    /// The one JSON document on stdout.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("stdout is not one JSON document: {e}\n{}", self.stdout))
    }
}

impl Person {
    pub fn new(passphrase: &str) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), passphrase)
    }

    /// A person whose home and papers lie in this folder.
    pub fn in_folder(dir: TempDir, passphrase: &str) -> Self {
        let home = dir.path().join("home");
        Self::with(dir, home, passphrase)
    }

    /// A person whose home is there already, such as one that a practice made.
    pub fn of_home(home: &Path, passphrase: &str) -> Self {
        Self::with(tempfile::tempdir().unwrap(), home.to_owned(), passphrase)
    }

    /// The same person, whose programs are started through another one.
    pub fn through(mut self, words: Vec<String>) -> Self {
        self.through = words;
        self
    }

    fn with(dir: TempDir, home: PathBuf, passphrase: &str) -> Self {
        let path = dir.path().join("passphrase");
        fs::write(&path, format!("{passphrase}\n")).unwrap();
        only_for_owner(&path);
        fs::create_dir_all(dir.path().join("user/tmp")).unwrap();
        Self { dir, home, passphrase: path, records: None, through: Vec::new() }
    }

    /// A person whose programs are watched: everything they write is recorded.
    pub fn watched(passphrase: &str) -> Self {
        let mut person = Self::new(passphrase);
        person.records = Some(Records::new(person.dir.path().join("records")));
        person
    }

    /// What the programs of a watched person have written so far.
    pub fn records(&self) -> &Records {
        self.records.as_ref().expect("only a watched person has records")
    }

    /// The program and what stands before its arguments, to be watched or not.
    pub fn program(&self, name: &str) -> (PathBuf, Vec<OsString>) {
        match &self.records {
            Some(records) => records.around(&binary(name)),
            None => (binary(name), Vec::new()),
        }
    }

    /// Bansou's home folder of this person; `bansou init` makes it.
    pub fn home(&self) -> PathBuf {
        self.home.clone()
    }

    /// A folder for what the person is handed: files, exports, PDFs.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub fn passphrase_file(&self) -> &Path {
        &self.passphrase
    }

    /// The JSON answer of a command that must succeed; its form is checked.
    pub fn json<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> serde_json::Value {
        let args: Vec<_> = args.into_iter().map(|a| a.as_ref().to_owned()).chain(["--json".into()]).collect();
        let answer = self.bansou(args).ok().json();
        assert_eq!(answer["schema"], 1, "{answer}");
        answer
    }

    /// `bansou` with this home, this passphrase and no prompts.
    pub fn bansou<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Answer {
        self.bansou_with_input(args, "")
    }

    /// Like `bansou`, with a text on its standard input.
    pub fn bansou_with_input<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>, input: &str) -> Answer {
        let (program, before) = match self.through.split_first() {
            None => self.program("bansou"),
            Some((first, rest)) => {
                let rest = rest.iter().map(OsString::from).chain([binary("bansou").into()]);
                (first.into(), rest.collect())
            }
        };
        let mut command = Command::new(program);
        command.args(before);
        run(self.given(command).args(args), input)
    }

    /// A command that ends in the path of `bansou`, such as a tracer's, with this home, this passphrase and no prompts.
    pub fn given(&self, mut command: Command) -> Command {
        command.envs(self.environment()).arg("--home").arg(self.home());
        command.arg("--passphrase-file").arg(&self.passphrase).arg("--no-input");
        command
    }

    /// What the programs of this person see besides the machine's environment.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let user = self.dir.path().join("user");
        let of = |folder: &str| user.join(folder);
        vec![
            ("HOME", user.clone()),
            ("TMPDIR", of("tmp")),
            ("XDG_DATA_HOME", of("data")),
            ("XDG_STATE_HOME", of("state")),
            ("XDG_CONFIG_HOME", of("config")),
            ("XDG_CACHE_HOME", of("cache")),
            ("BANSOU_HOME", self.home()),
        ]
    }
}

#[cfg(unix)]
fn only_for_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn only_for_owner(_: &Path) {}

/// Runs a command to its end with a text on its standard input.
pub fn run(command: &mut Command, input: &str) -> Answer {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A program may end without reading its input: a broken pipe is its right.
    let writer = thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Answer {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// A server on a free loopback port; it ends with this value.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// Starts `bansou-server` over a data folder, with further arguments, and waits (120 s at most) until it says `listening http://…`.
    pub fn start(data: &Path, args: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", data, args)
    }

    /// Like `start`, at an address of one's own: a server that comes back where it was.
    pub fn start_at(address: &str, data: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(binary("bansou-server"));
        command.arg("--data").arg(data).args(["--listen", address]).args(args);
        Self::spawn(command)
    }

    /// Starts a server from a command of one's own.
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, receiver) = mpsc::channel();
        // The reader keeps draining, so that the server never blocks on a full pipe.
        thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let mut server = Self { child, url: String::new() };
        let first =
            receiver.recv_timeout(Duration::from_secs(120)).expect("the server says where it listens within 120 s");
        let url = first.strip_prefix("listening ").unwrap_or_else(|| panic!("unexpected first line: {first}"));
        let address: SocketAddr = url.strip_prefix("http://").unwrap_or(url).parse().unwrap();
        assert!(address.ip().is_loopback(), "only loopback is used: {address}");
        server.url = url.to_owned();
        server
    }

    /// Process id, to look at memory or to send a signal.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without warning, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
