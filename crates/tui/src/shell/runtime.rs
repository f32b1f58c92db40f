//! The loop: one queue of messages, the pure update, and a desk thread that does what the screens ask.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use bansou_core::programme;
use bansou_core::text::Lang;

use super::clock;
use super::desk::{Desk, Job};
use super::failure::Failure;
use super::home::Home;
use super::place;
use super::terminal::{self, Terminal};
use crate::app::effect::Effect;
use crate::app::look::{Look, Theme};
use crate::app::model::{Ctx, Model};
use crate::app::msg::Msg;
use crate::app::update::update;
use crate::app::view::view;
use crate::words::Words;

/// Idle time after which the screens lock themselves.
const LOCK_AFTER: Duration = Duration::from_secs(10 * 60);
/// The clock of the title moves this often while no field has the focus.
const TICK: Duration = Duration::from_secs(30);

/// Opens the screens on a home; `None` is the default one.
pub fn run(home: Option<&Path>, lang: Lang) -> Result<u8, Failure> {
    let path = match home {
        Some(path) => path.to_owned(),
        None => place::default_home().ok_or_else(|| Failure::NoHome { path: "~/.local/share/bansou".into() })?,
    };
    place::must_exist(&path)?;
    screens(Desk::locked(path), lang)
}

/// Opens the screens on a practice home that is open already.
pub fn practice(home: Home, lang: Lang) -> Result<u8, Failure> {
    screens(Desk::open(home), lang)
}

fn screens(desk: Desk, lang: Lang) -> Result<u8, Failure> {
    let io = |e: std::io::Error| Failure::File { path: "terminal".into(), kind: e.kind() };
    if !terminal::present() {
        return Err(Failure::input(
            "端末ではありません。端末で実行するか、命令を使ってください(bansou --help)。",
            "This is not a terminal. Run it in one, or use a command (bansou --help).",
        ));
    }
    let words = Words::new(lang);
    terminal::install_panic_hook(words.get("panic.line").to_owned());
    let mut terminal = Terminal::open().map_err(io)?;
    let ambiguous = terminal::probe_ambiguous();
    let theme = if terminal::colourless() { Theme::Mono } else { Theme::Dark };
    let look = Look { lang, theme, ambiguous, client_safe: false, practice: false };
    let mut model = Model::new(look, clock::now(), Arc::new(programme::builtin()));
    let (to_app, from_all) = channel();
    let jobs = desk.start(to_app.clone(), lang);
    if desk_is_open(&jobs, &mut model) {
        model.look.practice = true;
    }
    let keys = to_app;
    std::thread::spawn(move || terminal::read_events(&keys));
    turn(&mut terminal, &mut model, &from_all, &jobs.to_desk).map_err(io)?;
    drop(terminal);
    let _ = jobs.to_desk.send(Job::Stop);
    let _ = jobs.thread.join();
    Ok(0)
}

/// A practice home is open before the first frame; the model is told as if it had been unlocked.
fn desk_is_open(jobs: &super::desk::Running, model: &mut Model) -> bool {
    if !jobs.open {
        return false;
    }
    let id = model.wait("waiting.unlock");
    jobs.to_desk.send(Job::Announce(id)).is_ok()
}

/// Draws, waits, updates, until the screens ask to leave or the terminal is gone.
fn turn(
    terminal: &mut Terminal,
    model: &mut Model,
    from_all: &Receiver<Msg>,
    to_desk: &Sender<Job>,
) -> std::io::Result<()> {
    let start = Instant::now();
    let mut touched = Instant::now();
    loop {
        terminal.draw(|frame| view(model, frame))?;
        let mut msg = match from_all.recv_timeout(TICK) {
            Ok(msg) => msg,
            Err(RecvTimeoutError::Timeout) if touched.elapsed() >= LOCK_AFTER => {
                touched = Instant::now();
                Msg::Key(crate::app::key::Key::f(9))
            }
            // No redraw on a timer while a field has the focus: the input method draws there.
            Err(RecvTimeoutError::Timeout) if model.typing() => continue,
            Err(RecvTimeoutError::Timeout) => Msg::Tick,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        // Everything that is waiting is applied before the next frame.
        loop {
            if matches!(msg, Msg::Key(_) | Msg::Paste(_)) {
                touched = Instant::now();
            }
            let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            let ctx = Ctx { now: clock::now(), millis, seed: clock::seed() };
            for effect in update(model, msg, &ctx) {
                match effect {
                    Effect::Quit => return Ok(()),
                    Effect::Redraw => terminal.clear()?,
                    Effect::Lock => {
                        let _ = to_desk.send(Job::Do(Effect::Lock));
                        terminal.clear()?;
                    }
                    other => drop(to_desk.send(Job::Do(other))),
                }
            }
            match from_all.try_recv() {
                Ok(next) => msg = next,
                Err(_) => break,
            }
        }
    }
}
