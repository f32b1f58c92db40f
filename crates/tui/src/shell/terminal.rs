//! The real terminal: entering and leaving it, frames without tearing, and what comes from it as messages.

mod clip;
mod input;
mod lines;

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write, stdout};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use crossterm::cursor::SetCursorStyle;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use crate::app::key::{Code, Key};
use crate::app::model::Model;
use crate::app::msg::Msg;
use crate::app::textkeys::{Shape, shape};
use crate::app::view::{too_small, view};
use crate::app::width::Ambiguous;
pub use clip::Clip;
pub use input::Input;
pub use lines::Lines;

/// How the terminal was entered.
static ENTERED: AtomicU8 = AtomicU8::new(NOT);
const NOT: u8 = 0;
const FRAMES: u8 = 1;
const LINES: u8 = 2;

/// Whether the cursor was given a shape.
static SHAPED: AtomicBool = AtomicBool::new(false);

/// How long the first frame waits for the terminal to say where its cursor is; a later answer is still heeded.
const PATIENCE: Duration = Duration::from_millis(200);

/// Draws through a buffer of its own, because that of the standard output is never given back.
type Drawing = ratatui::Terminal<CrosstermBackend<BufWriter<File>>>;

/// The terminal in raw mode: frames on its alternate screen, or lines one after the other. Restored when dropped.
pub enum Terminal {
    Frames(Box<Drawing>),
    Lines(Lines),
}

/// Forgets what was typed and not read yet.
pub fn drop_typed() {
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
}

/// True when both ends are a terminal, so that screens make sense.
pub fn present() -> bool {
    io::stdin().is_terminal() && stdout().is_terminal()
}

/// True when the user or the terminal wants no colours.
pub fn colourless() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) || std::env::var_os("TERM").is_some_and(|v| v == "dumb")
}

impl Terminal {
    /// Enters raw mode; for frames also the alternate screen, with bracketed paste.
    pub fn open(reader: bool) -> io::Result<Terminal> {
        if reader {
            enter_lines()?;
            return Ok(Terminal::Lines(Lines::default()));
        }
        enter()?;
        let drawing = drawing();
        if drawing.is_err() {
            restore();
        }
        drawing.map(|drawing| Terminal::Frames(Box::new(drawing)))
    }

    /// Shows what the model is now; the terminal shows a frame in one go where it can.
    pub fn show(&mut self, model: &Model) -> io::Result<()> {
        match self {
            Terminal::Lines(lines) => lines.tell(model),
            Terminal::Frames(drawing) => {
                queue!(drawing.backend_mut(), BeginSynchronizedUpdate)?;
                let drawn = drawing.draw(|frame| view(model, frame)).map(|_| ());
                if let Some(shape) = shape(model) {
                    SHAPED.store(true, Ordering::SeqCst);
                    queue!(drawing.backend_mut(), style(shape))?;
                }
                execute!(drawing.backend_mut(), EndSynchronizedUpdate)?;
                drawn
            }
        }
    }

    /// Empties the screen, so that the next frame draws every cell; lines are told again.
    pub fn clear(&mut self) -> io::Result<()> {
        match self {
            Terminal::Lines(lines) => {
                lines.again();
                Ok(())
            }
            Terminal::Frames(drawing) => {
                // ratatui's own `clear` asks the terminal where its cursor is and fails when no answer comes in time.
                let area = drawing.size()?.into();
                drawing.resize(area)
            }
        }
    }

    /// Empties the screen and gives back every cell and byte that was drawn, to be overwritten.
    pub fn forget(&mut self) -> io::Result<()> {
        match self {
            Terminal::Lines(lines) => {
                *lines = Lines::default();
                lines::wipe()
            }
            Terminal::Frames(drawn) => {
                **drawn = drawing()?;
                self.clear()
            }
        }
    }

    /// Goes on as lines: the frames are gone from the screen.
    pub fn aloud(&mut self) -> io::Result<()> {
        if matches!(self, Terminal::Lines(_)) {
            return Ok(());
        }
        restore();
        *self = Terminal::Lines(Lines::default());
        enter_lines()
    }

    /// Hands the terminal back to the shell until the program is continued.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        match self {
            Terminal::Lines(_) => enter_lines(),
            Terminal::Frames(_) => {
                enter()?;
                self.clear()
            }
        }
    }

    /// Asks the terminal for its background, and how wide it draws ambiguous characters: prints one and reads the
    /// cursor. No answer counts as narrow until it comes. Answers come in order, so one that knows no question about backgrounds lets
    /// nobody wait for it. Keys that come before the answers are kept in `early`.
    pub fn probe(&mut self, input: &mut Input, early: &mut Vec<Msg>) -> Ambiguous {
        let asked = stdout().write_all(b"\x1b]11;?\x1b\\\x1b[1;1H\xe2\x91\xa0\x1b[6n").and_then(|()| stdout().flush());
        let column = asked.ok().and_then(|()| input.column(PATIENCE, early));
        let _ = execute!(stdout(), cursor::MoveTo(0, 0), Clear(ClearType::CurrentLine));
        column.map_or(Ambiguous::Narrow, width_of_one)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// What the column of the cursor behind one ambiguous character tells.
fn width_of_one(column: u16) -> Ambiguous {
    if column == 3 { Ambiguous::Wide } else { Ambiguous::Narrow }
}

fn drawing() -> io::Result<Drawing> {
    let out = File::from(stdout().as_fd().try_clone_to_owned()?);
    ratatui::Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(64 << 10, out)))
}

/// How a terminal is asked for a shape. It does not blink.
fn style(shape: Shape) -> SetCursorStyle {
    match shape {
        Shape::Bar => SetCursorStyle::SteadyBar,
        Shape::Block => SetCursorStyle::SteadyBlock,
        Shape::Own => SetCursorStyle::DefaultUserShape,
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(FRAMES, Ordering::SeqCst);
    let entered = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste);
    if entered.is_err() {
        restore();
    }
    entered
}

fn enter_lines() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(LINES, Ordering::SeqCst);
    Ok(())
}

/// Puts the terminal back as it was: no frame stays visible, lines do. Does nothing when not entered.
fn restore() {
    // Each step is tried: a terminal that is gone must not keep the others from happening.
    match ENTERED.swap(NOT, Ordering::SeqCst) {
        NOT => return,
        LINES => drop(stdout().write_all(b"\r\n")),
        _ => {
            let _ = execute!(stdout(), EndSynchronizedUpdate, DisableBracketedPaste);
            // A terminal that knows no shapes may print the request: it is only made where one was made before.
            if SHAPED.swap(false, Ordering::SeqCst) {
                let _ = execute!(stdout(), style(Shape::Own));
            }
            let _ = execute!(stdout(), Clear(ClearType::All), LeaveAlternateScreen, cursor::Show);
        }
    }
    let _ = disable_raw_mode();
}

/// Longest line that is typed without showing it, in bytes: 1,024 characters of up to 4.
const LONGEST: usize = 4096;

/// Reads one line from the terminal without showing it; Ctrl+C and Esc give it up.
pub fn read_hidden_line() -> io::Result<String> {
    let mut input = Input::open()?;
    enable_raw_mode()?;
    let mut line = String::with_capacity(LONGEST);
    let read = 'typing: loop {
        let msgs = match input.read() {
            Ok(msgs) => msgs,
            Err(e) => break Err(e),
        };
        for msg in msgs {
            match msg {
                Msg::Key(Key { code: Code::Enter, .. }) => break 'typing Ok(()),
                Msg::Key(key) if key == Key::plain(Code::Esc) || key == Key::ctrl('c') => {
                    break 'typing Err(io::ErrorKind::Interrupted.into());
                }
                Msg::Key(Key { code: Code::Backspace, .. }) => drop(line.pop()),
                Msg::Key(key) => line.extend(key.typed().filter(|c| line.len() + c.len_utf8() <= LONGEST)),
                Msg::Paste(text) if line.len() + text.len() <= LONGEST => line.push_str(&text),
                _ => {}
            }
        }
    };
    disable_raw_mode()?;
    read.map(|()| line)
}

/// Exit status after a panic.
pub const PANICKED: u8 = 1;

/// After a panic of this thread the terminal is restored and one calm line is printed, without any text of the panic.
/// A panic of another thread asks this one to end: only the thread that draws may leave the screen.
pub fn install_panic_hook(line: &'static str, to: Sender<Msg>) {
    let drawing = std::thread::current().id();
    std::panic::set_hook(Box::new(move |_| {
        if std::thread::current().id() == drawing {
            restore();
            say(line);
        } else {
            let _ = to.send(Msg::End(PANICKED));
        }
    }));
}

/// Prints a line on the standard error.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Reads keys until the terminal or the receiver is gone. Blocks: give it its own thread.
pub fn read_keys(mut input: Input, to: &Sender<Msg>) {
    loop {
        match input.read() {
            Ok(msgs) => {
                for msg in msgs {
                    if to.send(msg).is_err() {
                        return;
                    }
                }
            }
            Err(_) => return drop(to.send(Msg::End(GONE))),
        }
    }
}

/// Exit status when the terminal is gone, as after a hang-up.
pub const GONE: u8 = exit_status(SIGHUP);

/// What shells report for a program that a signal has ended.
const fn exit_status(signal: i32) -> u8 {
    128 + signal as u8
}

/// True when the terminal is too small for the screens.
pub fn small() -> bool {
    crossterm::terminal::size().is_ok_and(|(width, height)| too_small(width, height))
}

/// Turns the system's signals into messages, on a thread of its own.
pub fn heed_signals(to: Sender<Msg>) -> io::Result<()> {
    let mut signals = Signals::new([SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let msg = match signal {
                SIGWINCH => Msg::Resized { small: small() },
                SIGTSTP => Msg::Suspend,
                // Stopped without warning, and time has passed.
                SIGCONT => Msg::Lock,
                ended => Msg::End(exit_status(ended)),
            };
            if to.send(msg).is_err() {
                return;
            }
        }
    });
    Ok(())
}
