//! Measures a full-screen program at a terminal of 120 by 40: start to first frame, key to frame, rest, memory. For `bench/screens`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measuring tool stops where it cannot measure"
)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const USAGE: &str = "terminal-bench NAME STARTS KEYS SECONDS WANTED [TYPED WANTED FOCUS]... -- PROGRAM [ARGUMENT]...";
/// A frame has ended when nothing came for so long.
const QUIET: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_secs(60);

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
}

impl Terminal {
    fn start(program: &[String]) -> Self {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(&program[0]);
        command.args(&program[1..]);
        command.cwd(std::env::current_dir().unwrap());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..n].to_vec())).is_err() {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { child, _master: pair.master, keys, output, screen: parser() }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    /// Takes what comes within `patience`, and answers what programs ask a terminal: who it is and where its cursor stands.
    fn take(&mut self, patience: Duration) -> Option<Instant> {
        let (at, bytes) = match self.output.recv_timeout(patience) {
            Ok(chunk) => chunk,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => panic!("the program ended; its screen:\n{}", self.text()),
        };
        self.screen.process(&bytes);
        let asks = |what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
        if asks(b"\x1b[6n") {
            let (row, column) = self.screen.screen().cursor_position();
            self.write(format!("\x1b[{};{}R", row + 1, column + 1).as_bytes());
        }
        if asks(b"\x1b[c") {
            self.write(b"\x1b[?62;22c");
        }
        Some(at)
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    fn wait(&mut self, wanted: &str) -> Instant {
        let began = Instant::now();
        loop {
            if let Some(at) = self.take(Duration::from_millis(200))
                && self.text().contains(wanted)
            {
                return at;
            }
            assert!(began.elapsed() < PATIENCE, "waited for {wanted:?}; the screen:\n{}", self.text());
        }
    }

    /// Takes everything until the terminal is quiet; when the last of it came.
    fn settle(&mut self, quiet: Duration) -> Option<Instant> {
        std::iter::from_fn(|| self.take(quiet)).last()
    }

    /// Milliseconds on the processor, and how often the program was woken, over all its threads.
    fn work(&self) -> (f64, u64) {
        let tasks = format!("/proc/{}/task", self.child.process_id().unwrap());
        let (mut busy, mut woken) = (0.0, 0);
        for task in std::fs::read_dir(tasks).unwrap().flatten() {
            let said = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
            busy += said("schedstat").split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e6;
            let status = said("status");
            woken += status
                .lines()
                .filter_map(|l| l.split_once("ctxt_switches:")?.1.trim().parse::<u64>().ok())
                .sum::<u64>();
        }
        (busy, woken)
    }

    /// Megabytes: resident, and its share of what is shared.
    fn memory(&self) -> (f64, f64) {
        let rollup =
            std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.process_id().unwrap())).unwrap();
        let of = |name: &str| {
            let line = rollup.lines().find(|l| l.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
        };
        (of("Rss:"), of("Pss:"))
    }

    fn end(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn parser() -> vt100::Parser {
    let cells = |n| NonZero::new(n).expect("a size above 0");
    vt100::Parser::new(cells(40), cells(120), 0)
}

fn at(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or(f64::NAN)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let split = args.iter().position(|a| a == "--").expect(USAGE);
    let (words, program) = (&args[..split], &args[split + 1..]);
    let [name, starts, keys, seconds, wanted, rest @ ..] = words else { panic!("{USAGE}") };
    let number = |text: &String| text.parse::<u64>().expect(USAGE);
    let mut started = Vec::new();
    for _ in 1..number(starts) {
        let began = Instant::now();
        let mut terminal = Terminal::start(program);
        started.push((terminal.wait(wanted) - began).as_secs_f64() * 1e3);
        terminal.end();
    }
    let began = Instant::now();
    let mut terminal = Terminal::start(program);
    started.push((terminal.wait(wanted) - began).as_secs_f64() * 1e3);
    started.sort_by(f64::total_cmp);
    for pair in rest.chunks_exact(2) {
        terminal.settle(QUIET);
        terminal.write(pair[0].replace("\\r", "\r").as_bytes());
        terminal.wait(&pair[1]);
    }
    terminal.settle(Duration::from_millis(500));
    let (busy, mut frames) = (terminal.work().0, Vec::new());
    for number in 0..number(keys) {
        let pressed = Instant::now();
        terminal.write(if number / 10 % 2 == 0 { b"\x1b[B" } else { b"\x1b[A" });
        let first = terminal.take(Duration::from_millis(500));
        if let Some(first) = first {
            let last = terminal.settle(QUIET).unwrap_or(first);
            frames.push((last - pressed).as_secs_f64() * 1e3);
        }
    }
    let per_key = (terminal.work().0 - busy) / number(keys).max(1) as f64;
    frames.sort_by(f64::total_cmp);
    terminal.settle(Duration::from_millis(500));
    let before = terminal.work();
    thread::sleep(Duration::from_secs(number(seconds)));
    let after = terminal.work();
    let span = number(seconds) as f64;
    let (resident, share) = terminal.memory();
    println!(
        "{name:<38} {:8.1} {:8.2} {:8.2} {per_key:8.2} {:8.3} {:8.1} {resident:8.1} {share:8.1}   {} of {keys} keys",
        at(&started, 0.5),
        at(&frames, 0.5),
        at(&frames, 0.99),
        (after.0 - before.0) / span / 10.0,
        (after.1 - before.1) as f64 / span,
        frames.len(),
    );
    terminal.end();
}
