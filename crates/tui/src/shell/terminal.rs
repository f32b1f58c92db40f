//! The real terminal: entering and leaving it, frames without tearing, and its events as messages.

use std::io::{self, IsTerminal, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;

use crate::app::key::{Code, Key};
use crate::app::msg::Msg;
use crate::app::width::Ambiguous;

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal in raw mode on its alternate screen; restored when dropped.
pub struct Terminal(ratatui::Terminal<CrosstermBackend<Stdout>>);

/// True when both ends are a terminal, so that screens make sense.
pub fn present() -> bool {
    io::stdin().is_terminal() && stdout().is_terminal()
}

/// True when the user or the terminal wants no colours.
pub fn colourless() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) || std::env::var_os("TERM").is_some_and(|v| v == "dumb")
}

impl Terminal {
    /// Enters raw mode and the alternate screen, with bracketed paste.
    pub fn open() -> io::Result<Terminal> {
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        let entered = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
            .and_then(|()| ratatui::Terminal::new(CrosstermBackend::new(stdout())));
        if entered.is_err() {
            restore();
        }
        entered.map(Terminal)
    }

    /// Draws one frame; the terminal shows it in one go where it can.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        execute!(stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.0.draw(view).map(|_| ());
        execute!(stdout(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Empties the screen, so that the next frame draws every cell. Also used before locking.
    pub fn clear(&mut self) -> io::Result<()> {
        // ratatui's own `clear` asks the terminal where its cursor is and fails when no answer comes in time.
        let area = self.0.size()?.into();
        self.0.resize(area)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Puts the terminal back as it was; nothing of the screens stays visible. Does nothing when not entered.
fn restore() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Each step is tried: a terminal that is gone must not keep the others from happening.
        let _ = execute!(stdout(), EndSynchronizedUpdate, DisableBracketedPaste);
        let _ = execute!(stdout(), Clear(ClearType::All), LeaveAlternateScreen, cursor::Show);
        let _ = disable_raw_mode();
    }
}

/// Reads one line from the terminal without showing it; Ctrl+C and Esc give it up.
pub fn read_hidden_line() -> io::Result<String> {
    enable_raw_mode()?;
    let mut line = String::with_capacity(1024);
    let read = loop {
        match crossterm::event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => match key.code {
                KeyCode::Enter => break Ok(()),
                KeyCode::Esc => break Err(io::ErrorKind::Interrupted.into()),
                KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                    break Err(io::ErrorKind::Interrupted.into());
                }
                KeyCode::Backspace => drop(line.pop()),
                KeyCode::Char(c) => line.push(c),
                _ => {}
            },
            Ok(_) => {}
            Err(e) => break Err(e),
        }
    };
    disable_raw_mode()?;
    read.map(|()| line)
}

/// After a panic: the terminal is restored and one calm line is printed, without any text of the panic.
pub fn install_panic_hook(line: String) {
    std::panic::set_hook(Box::new(move |_| {
        restore();
        let _ = writeln!(io::stderr(), "{line}");
    }));
}

/// Asks the terminal how wide it draws ambiguous characters: prints one and reads the cursor.
/// Call on the alternate screen, before events are read. No answer counts as narrow.
pub fn probe_ambiguous() -> Ambiguous {
    let asked = execute!(stdout(), cursor::MoveTo(0, 0), crossterm::style::Print("\u{2460}"));
    let column = asked.and_then(|()| cursor::position()).map(|(x, _)| x);
    let _ = execute!(stdout(), cursor::MoveTo(0, 0), Clear(ClearType::CurrentLine));
    match column {
        Ok(2) => Ambiguous::Wide,
        _ => Ambiguous::Narrow,
    }
}

/// Reads events until the terminal or the receiver is gone. Blocks: give it its own thread.
pub fn read_events(to: &Sender<Msg>) {
    while let Ok(event) = crossterm::event::read() {
        if let Some(msg) = message(event)
            && to.send(msg).is_err()
        {
            return;
        }
    }
}

/// The message of an event; `None` for what the screens do not use.
fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Resize(..) => Some(Msg::Resized),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Key(event) if event.kind != KeyEventKind::Release => key(event.code, event.modifiers).map(Msg::Key),
        _ => None,
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    let code = match code {
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => Code::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::F(n) => Code::F(n),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let shifted = !matches!(code, Code::Char(_) | Code::BackTab);
    Some(Key {
        code,
        ctrl: modifiers.contains(KeyModifiers::CONTROL),
        alt: modifiers.contains(KeyModifiers::ALT),
        shift: shifted && modifiers.contains(KeyModifiers::SHIFT),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_keys_become_our_keys() {
        let none = KeyModifiers::NONE;
        for (code, modifiers, expected) in [
            (KeyCode::Char('j'), none, Some(Key::char('j'))),
            (KeyCode::Char('G'), KeyModifiers::SHIFT, Some(Key::char('G'))),
            (KeyCode::Char('S'), KeyModifiers::CONTROL, Some(Key::ctrl('s'))),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Some(Key::plain(Code::BackTab))),
            (KeyCode::F(9), none, Some(Key::f(9))),
            (KeyCode::CapsLock, none, None),
        ] {
            assert_eq!(key(code, modifiers), expected, "{code:?}");
        }
    }

    #[test]
    fn a_paste_is_one_message_and_a_released_key_is_none() {
        let paste = Event::Paste("一\n二".into());
        assert_eq!(message(paste), Some(Msg::Paste("一\n二".into())));
        let mut event = crossterm::event::KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(message(Event::Key(event)), None);
    }
}
