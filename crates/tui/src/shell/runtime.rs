//! The loop: one queue of messages, the pure update, and a desk thread that does what the screens ask.

mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};
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
use super::terminal::{self, Clip, GONE, Input, PANICKED, Terminal};
use super::{memory, place};
use crate::app::effect::Effect;
use crate::app::look::{Look, Theme};
use crate::app::model::{Ctx, Model};
use crate::app::msg::{Msg, Problem};
use crate::app::settings::{CODE as CONFIG_CODE, Settings};
use crate::app::update::update;
use crate::app::width::Ambiguous;
use crate::words::Words;
pub(super) use watch::fail;
use watch::{Fault, Watch};

/// How long a stop from the keyboard waits for work that has begun.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many messages fill the blocks in which the queue keeps messages that were read already.
const QUEUE_BLOCKS: usize = 64;

/// How the screens are asked for on the command line.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub lang: Lang,
    /// False: no colours, whatever the settings say.
    pub colour: bool,
    /// Lines for a screen reader in place of frames.
    pub reader: bool,
}

/// How the screens were left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// With this exit status.
    With(u8),
    /// For the practice.
    ToPractise,
}

/// Opens the screens on a home; `None` is the default one. Where there is none, they ask for what it needs.
pub fn run(home: Option<&Path>, wish: Wish) -> Result<Left, Failure> {
    let path = match home {
        Some(path) => path.to_owned(),
        None => place::default_home().ok_or_else(|| Failure::NoHome { path: "~/.local/share/bansou".into() })?,
    };
    let first = terminal::present() && place::is_free(&path);
    if first {
        place::must_be_local(&path)?;
        place::must_not_be_synced(&path)?;
    } else {
        place::must_exist(&path)?;
    }
    screens(Desk::locked(path), wish, None, first)
}

/// Opens the screens on a practice home that is open already; `exchange` is the folder first offered there.
pub fn practice(home: Home, wish: Wish, exchange: Option<&Path>) -> Result<u8, Failure> {
    // What was typed while it was made was meant for nothing on the screen.
    terminal::drop_typed();
    match screens(Desk::open(home), wish, exchange, false)? {
        Left::With(status) => Ok(status),
        Left::ToPractise => Ok(0),
    }
}

fn screens(desk: Desk, wish: Wish, exchange: Option<&Path>, first: bool) -> Result<Left, Failure> {
    let lang = wish.lang;
    let io = |e: std::io::Error| Failure::File { path: "terminal".into(), kind: e.kind() };
    if !terminal::present() {
        return Err(Failure::input(
            "端末ではありません。端末で実行するか、命令を使ってください(bansou --help)。",
            "This is not a terminal. Run it in one, or use a command (bansou --help).",
        ));
    }
    memory::warn(lang);
    let words = Words::new(lang);
    let (to_app, from_all) = channel();
    terminal::install_panic_hook(words.get("panic.line"), to_app.clone());
    terminal::heed_signals(to_app.clone()).map_err(io)?;
    let mut terminal = Terminal::open(wish.reader).map_err(io)?;
    let mut input = Input::open().map_err(io)?;
    let mut early = Vec::new();
    let settings = place::settings();
    let small = !wish.reader && terminal::small();
    let look = Look { first, small, ..look(wish, &settings, &mut terminal, &mut input, &mut early) };
    let mut model = Model::new(look, clock::now(), Arc::new(programme::builtin()));
    let jobs = desk.start(to_app.clone(), lang);
    if desk_is_open(&jobs, &mut model) {
        model.look.practice = true;
    }
    model.look.home = std::env::var("HOME").unwrap_or_default().leak();
    if let Some(folder) = exchange {
        model.look.bundle_dir = folder.display().to_string().leak();
    }
    tell(&mut model, &settings);
    for msg in early {
        let _ = to_app.send(msg);
    }
    let keys = to_app.clone();
    std::thread::spawn(move || terminal::read_keys(input, &keys));
    let turns =
        Turns { terminal: &mut terminal, from_all, to_app, to_desk: &jobs.to_desk, lock_after: settings.lock_after };
    let left = catch_unwind(AssertUnwindSafe(|| turns.run(&mut model)));
    drop((terminal, model));
    let _ = jobs.to_desk.send(Job::Stop);
    let _ = jobs.thread.join();
    memory::wipe_stack();
    // This thread's own panic has been told by the hook.
    if matches!(left, Ok(Ok(Left::With(PANICKED)))) {
        terminal::say(words.get("panic.line"));
    }
    left.unwrap_or(Ok(Left::With(PANICKED))).map_err(io)
}

/// The look by the command line, then the settings, then what the terminal says.
fn look(wish: Wish, settings: &Settings, terminal: &mut Terminal, input: &mut Input, early: &mut Vec<Msg>) -> Look {
    if wish.reader {
        // Lines are read, not looked at: nothing is asked of the terminal, and no clock changes them.
        let fixed = Look {
            lang: wish.lang,
            reader: true,
            clock: false,
            keys: settings.keys,
            fold: settings.fold,
            ..Look::default()
        };
        let clip_out = settings.clip_out;
        return Look { bundle_dir: settings.bundle_dir.clone().leak(), clip_out, ..fixed };
    }
    let asked = settings.ambiguous.is_none() || (wish.colour && settings.theme.is_none());
    let answer = if asked { terminal.probe(input, early) } else { Ambiguous::Narrow };
    let variable = || Theme::of_variable(&std::env::var("COLORFGBG").ok()?);
    let said = || input.background().map(|[r, g, b]| Theme::over(r, g, b));
    let theme =
        if wish.colour { settings.theme.or_else(said).or_else(variable).unwrap_or_default() } else { Theme::Mono };
    Look {
        lang: wish.lang,
        theme,
        ambiguous: settings.ambiguous.unwrap_or(answer),
        keys: settings.keys,
        text: settings.text,
        clock: settings.clock,
        fold: settings.fold,
        clip_out: settings.clip_out,
        // Read once for the whole run, like the keys.
        bundle_dir: settings.bundle_dir.clone().leak(),
        ..Look::default()
    }
}

/// Says over the first screen that the settings hold mistakes; everything else goes on.
fn tell(model: &mut Model, settings: &Settings) {
    let words = model.look.words();
    let Some(first) = settings.mistakes.first() else { return };
    let count = settings.mistakes.len().to_string();
    model.fail(Problem {
        happened: words.fill("config.wrong", &[("n", &count), ("first", &first.text(words))]),
        todo: words.get("config.todo").to_owned(),
        code: CONFIG_CODE.to_owned(),
    });
}

/// A practice home is open before the first frame; the model is told as if it had been unlocked.
fn desk_is_open(jobs: &super::desk::Running, model: &mut Model) -> bool {
    if !jobs.open {
        return false;
    }
    let id = model.wait("waiting.unlock");
    jobs.to_desk.send(Job::Announce(id)).is_ok()
}

/// The loop and what it talks to.
struct Turns<'a> {
    terminal: &'a mut Terminal,
    from_all: Receiver<Msg>,
    to_app: Sender<Msg>,
    to_desk: &'a Sender<Job>,
    lock_after: Duration,
}

impl Turns<'_> {
    /// Draws, waits, updates, until the screens ask to leave or the terminal is gone.
    fn run(self, model: &mut Model) -> std::io::Result<Left> {
        let start = Instant::now();
        let mut watch = Watch::start(clock::uptime(), self.lock_after);
        let mut fresh = true;
        let mut clip = Clip::default();
        loop {
            if fresh {
                // A terminal that takes no frame is gone, and its hang-up is on its way.
                if self.terminal.show(model).is_err() {
                    return Ok(Left::With(GONE));
                }
            }
            let passed = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            let keep = model.hand.due.map(|due| Duration::from_millis(due.saturating_sub(passed())));
            let patience = keep.into_iter().chain(clip.patience(start.elapsed())).fold(watch.patience(), Duration::min);
            let heard = match self.from_all.recv_timeout(patience) {
                Ok(msg) => Some(msg),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(Left::With(PANICKED)),
            };
            clip.look(start.elapsed());
            // A machine that has slept locks before the key that woke it is looked at.
            let due = watch.look(clock::uptime());
            // No redraw on a timer while a field has the focus: the input method draws there.
            let due = due.filter(|msg| *msg != Msg::Tick || !model.typing());
            // Nor when what was typed is kept: no key asked for it.
            fresh = due.is_some() || heard.as_ref().is_some_and(|msg| *msg != Msg::Kept { problem: None });
            let keep = model.hand.due.filter(|due| *due <= passed()).map(|_| Msg::Keep);
            match watch.fault().filter(|_| due == Some(Msg::Lock)) {
                Some(Fault::Screens) => fail(),
                Some(Fault::Desk) => drop(self.to_desk.send(Job::Panic)),
                None => {}
            }
            // Everything that is waiting is applied before the next frame.
            let waiting =
                due.into_iter().chain(heard).chain(keep).chain(std::iter::from_fn(|| self.from_all.try_recv().ok()));
            for msg in waiting {
                if matches!(msg, Msg::Key(_) | Msg::Paste(_)) {
                    watch.touch(clock::uptime().0);
                }
                let ctx = Ctx { now: clock::now(), millis: passed(), seed: clock::seed() };
                for effect in update(model, msg, &ctx) {
                    match effect {
                        Effect::Quit(status) => return Ok(Left::With(status)),
                        Effect::Practise => return Ok(Left::ToPractise),
                        Effect::Aloud => self.terminal.aloud()?,
                        Effect::Clip(text) => clip.give(&text, start.elapsed()),
                        Effect::Redraw => self.terminal.clear()?,
                        Effect::Lock => {
                            clip.empty();
                            Self::lock(self.terminal, self.to_desk, &self.to_app, model)?;
                        }
                        Effect::Suspend => Self::suspend(self.terminal, self.to_desk)?,
                        other => drop(self.to_desk.send(Job::Do(other))),
                    }
                }
                if model.look.practice {
                    watch.practise();
                }
            }
        }
    }

    /// Stands still once the desk has wiped what the lock before this took from it.
    fn suspend(terminal: &mut Terminal, to_desk: &Sender<Job>) -> std::io::Result<()> {
        let (done, wiped) = channel();
        let _ = to_desk.send(Job::Answer(done));
        let _ = wiped.recv_timeout(PATIENCE);
        terminal.suspend()
    }

    /// Tells the desk, shows the locked screen at once, then overwrites what drawing, queue and stack still hold.
    fn lock(
        terminal: &mut Terminal,
        to_desk: &Sender<Job>,
        to_app: &Sender<Msg>,
        model: &Model,
    ) -> std::io::Result<()> {
        let _ = to_desk.send(Job::Do(Effect::Lock));
        terminal.forget()?;
        terminal.show(model)?;
        for _ in 0..QUEUE_BLOCKS {
            let _ = to_app.send(Msg::Tick);
        }
        memory::wipe_stack();
        Ok(())
    }
}
