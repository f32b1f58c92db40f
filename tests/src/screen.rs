//! A terminal that a test can type into and read: a real pseudo-terminal, with the screen kept by a VT100 parser.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::picture;
use crate::program::{Person, binary};

/// A program running in a terminal; it ends with this value.
pub struct Screen {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    parser: Arc<Mutex<vt100::Parser>>,
    output: Arc<Mutex<Vec<u8>>>,
}

const PATIENCE: Duration = Duration::from_secs(120);

impl Screen {
    /// Starts a program in a terminal of `columns` by `rows` with these arguments and environment.
    pub fn start<S: AsRef<OsStr>, V: AsRef<OsStr>>(
        program: &Path,
        args: impl IntoIterator<Item = S>,
        environment: impl IntoIterator<Item = (S, V)>,
        (columns, rows): (u16, u16),
    ) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        for (name, value) in environment {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        // The reader ends when no process holds the other side any more.
        drop(pair.slave);
        let parser = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 2000)));
        let mut output = pair.master.try_clone_reader().unwrap();
        let (shared, all) = (Arc::clone(&parser), Arc::new(Mutex::new(Vec::new())));
        let kept = Arc::clone(&all);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = output.read(&mut buffer) {
                shared.lock().unwrap_or_else(PoisonError::into_inner).process(&buffer[..n]);
                kept.lock().unwrap_or_else(PoisonError::into_inner).extend(&buffer[..n]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { child, master: pair.master, keys, parser, output: all }
    }

    /// Every byte the program has written to its terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The practice of three invented firms in `dir/practice`, in a terminal of 80 by 24, when its list is there.
    pub fn demo(dir: &Path) -> Self {
        let (folder, user) = (dir.join("practice").display().to_string(), dir.display().to_string());
        let args = ["--lang", "ja", "demo", "--dir", &folder];
        let screen = Self::start(&binary("bansou"), args, [("HOME", user.as_str())], (80, 24));
        screen.wait_for("【練習】");
        screen.wait_for("さくら会計事務所");
        screen
    }

    /// `bansou` of this person in a terminal; the test types the passphrase.
    pub fn bansou(person: &Person, args: &[&str], size: (u16, u16)) -> Self {
        let environment: Vec<(&str, std::path::PathBuf)> = person.environment();
        Self::start(&binary("bansou"), args.iter().copied(), environment, size)
    }

    /// Process id, to look at memory or to send a signal.
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends a signal to the program, by its name.
    pub fn signal(&self, name: &str) {
        let sent = std::process::Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until the terminal is as a shell wants it: lines, echo, and the ordinary screen.
    pub fn wait_restored(&self) {
        self.wait_until("the terminal to be restored", |_| {
            let name = self.master.tty_name().expect("a terminal has a name");
            let state = std::process::Command::new("stty").arg("-F").arg(name).arg("-a").output().unwrap();
            let state = String::from_utf8(state.stdout).unwrap();
            let words: Vec<&str> = state.split_whitespace().collect();
            let parser = self.parser.lock().unwrap_or_else(PoisonError::into_inner);
            words.contains(&"icanon") && words.contains(&"echo") && !parser.screen().alternate_screen()
        });
    }

    /// Pastes text, as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Types text or raw key bytes: Enter is `\r`, Esc is `\x1b`, F1 is `\x1bOP`.
    pub fn send(&mut self, keys: &str) {
        // What comes within a blink of the keys before counts as a paste.
        thread::sleep(Duration::from_millis(80));
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// What the screen shows, line by line, without colours.
    pub fn text(&self) -> String {
        self.parser.lock().unwrap_or_else(PoisonError::into_inner).screen().contents()
    }

    /// The screen as a picture.
    pub fn svg(&self, title: &str) -> String {
        picture::svg(self.parser.lock().unwrap_or_else(PoisonError::into_inner).screen(), title)
    }

    /// Waits until nothing changes for half a second.
    pub fn wait_still(&self) {
        let mut before = String::new();
        while before != self.text() {
            before = self.text();
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// Column and row of the cursor, from 0, when it is shown.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let parser = self.parser.lock().unwrap_or_else(PoisonError::into_inner);
        let (row, column) = parser.screen().cursor_position();
        (!parser.screen().hide_cursor()).then_some((column, row))
    }

    /// Waits until the screen shows this text; after 120 s stops the test and shows the screen.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?} to appear"), |screen| screen.contains(text));
    }

    /// Waits until the screen no longer shows this text.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("{text:?} to go"), |screen| !screen.contains(text));
    }

    fn wait_until(&self, what: &str, done: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !done(&self.text()) {
            assert!(began.elapsed() < PATIENCE, "waited 120 s for {what}; the screen shows:\n{}", self.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills the program without warning, as a power cut would.
    pub fn kill(mut self) {
        let id = self.id().to_string();
        // The terminal's own way of ending a child asks it first.
        assert!(std::process::Command::new("kill").args(["-9", &id]).status().unwrap().success());
        self.child.wait().unwrap();
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.master.resize(size(columns, rows)).unwrap();
        self.parser.lock().unwrap_or_else(PoisonError::into_inner).screen_mut().set_size(cells(rows), cells(columns));
    }

    /// Waits for the program to end (120 s at most) and gives its exit code.
    pub fn wait_exit(&mut self) -> u32 {
        let code = self.exit_within(PATIENCE);
        code.unwrap_or_else(|| panic!("waited 120 s for the program to end; the screen shows:\n{}", self.text()))
    }

    /// The exit code, if the program ends in this time.
    pub fn exit_within(&mut self, patience: Duration) -> Option<u32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status.exit_code());
            }
            if began.elapsed() > patience {
                return None;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(n: u16) -> NonZero<u16> {
    NonZero::new(n).expect("a terminal has at least one row and one column")
}
