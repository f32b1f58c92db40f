//! Bytes from the terminal become messages; what was read is overwritten as soon as it is understood.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroize as _;

use super::width_of_one;
use crate::app::key::{Code, Key};
use crate::app::msg::Msg;

/// Bytes read at once.
const READ: usize = 1024;
const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";

/// The reading end of the terminal.
pub struct Input {
    terminal: File,
    read: [u8; READ],
    /// Read and not yet understood: the beginning of a sequence, of a letter, or of a paste.
    held: Vec<u8>,
    /// How much of `held` holds no end of a paste.
    searched: usize,
    /// The column was asked for and has not come in time.
    asked: bool,
    /// What the terminal has said of its background.
    background: Option<[u8; 3]>,
}

/// What bytes at the beginning of the input mean.
#[derive(Debug, PartialEq)]
enum Found {
    Msg(Msg),
    /// The terminal says in which column, from 1, its cursor is.
    Column(u16),
    /// The terminal says the red, green and blue of its background.
    Background([u8; 3]),
    /// Bytes that mean nothing to the screens.
    Nothing,
}

impl Input {
    /// Reads the terminal that is the standard input.
    pub fn open() -> io::Result<Self> {
        let terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        Ok(Self {
            terminal,
            read: [0; READ],
            held: Vec::with_capacity(READ),
            searched: 0,
            asked: false,
            background: None,
        })
    }

    /// Waits for bytes and gives what they mean; an error when the terminal is gone.
    pub fn read(&mut self) -> io::Result<Vec<Msg>> {
        let mut out = Vec::new();
        // Without a question the same bytes are F3 with a modifier.
        let late = self.take(&mut out)?.filter(|_| std::mem::take(&mut self.asked));
        out.extend(late.map(|column| Msg::Ambiguous(width_of_one(column))));
        Ok(out)
    }

    /// Waits, not longer than `patience`, for the column of the cursor; keys that come meanwhile are kept in `early`.
    pub fn column(&mut self, patience: Duration, early: &mut Vec<Msg>) -> Option<u16> {
        let patience = Timespec::try_from(patience).ok()?;
        loop {
            let ready = poll(&mut [PollFd::new(&self.terminal, PollFlags::IN)], Some(&patience)).ok()?;
            if ready == 0 {
                self.asked = true;
                return None;
            }
            if let Some(column) = self.take(early).ok()? {
                return Some(column);
            }
        }
    }

    /// Red, green and blue of the background, once the terminal has said so.
    pub fn background(&self) -> Option<[u8; 3]> {
        self.background
    }

    fn take(&mut self, out: &mut Vec<Msg>) -> io::Result<Option<u16>> {
        let n = match self.terminal.read(&mut self.read) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Ok(None),
            Err(e) => return Err(e),
        };
        self.held.extend_from_slice(&self.read[..n]);
        self.read.zeroize();
        Ok(self.understand(n < READ, out))
    }

    /// Turns what is held into messages. `whole`: nothing more is on its way, so a lone Esc is the key.
    fn understand(&mut self, whole: bool, out: &mut Vec<Msg>) -> Option<u16> {
        let mut column = None;
        let mut at = 0;
        while let Some((length, found)) = self.next(at, whole) {
            at += length;
            match found {
                Found::Msg(msg) => out.push(msg),
                Found::Column(x) => column = Some(x),
                Found::Background(colour) => self.background = Some(colour),
                Found::Nothing => {}
            }
        }
        if at > 0 {
            // A fresh place for the rest: the old one is overwritten when it is given back.
            let mut rest = Vec::with_capacity(READ.max(self.held.len() - at));
            rest.extend_from_slice(&self.held[at..]);
            self.held.zeroize();
            self.held = rest;
            self.searched = 0;
        }
        column
    }

    /// The first thing at `at` and its length in bytes; `None` while it is not complete.
    fn next(&mut self, at: usize, whole: bool) -> Option<(usize, Found)> {
        let bytes = &self.held[at..];
        if !bytes.starts_with(PASTE) {
            return first(bytes, whole);
        }
        let from = PASTE.len().max((self.searched + 1).saturating_sub(PASTED.len()));
        let end = bytes.get(from..)?.windows(PASTED.len()).position(|w| w == PASTED).map(|i| from + i);
        let Some(end) = end else {
            self.searched = bytes.len();
            return None;
        };
        let text = String::from_utf8_lossy(&bytes[PASTE.len()..end]).into_owned();
        Some((end + PASTED.len(), Found::Msg(Msg::Paste(text))))
    }
}

/// The first key of some bytes and its length; `None` while it is not complete.
fn first(bytes: &[u8], whole: bool) -> Option<(usize, Found)> {
    match bytes {
        [] => None,
        [0x1b] if whole => Some((1, key(Key::plain(Code::Esc)))),
        [0x1b, 0x1b, ..] => Some((2, key(Key::plain(Code::Esc)))),
        [0x1b, b'[', rest @ ..] => sequence(rest).map(|(n, found)| (n + 2, found)),
        [0x1b, b']', ..] if !whole && ASKED.starts_with(bytes) => None,
        [0x1b, b']', b'1', b'1', b';', rest @ ..] => background(rest).map(|(n, found)| (n + 5, found)),
        [0x1b, b'O', rest @ ..] => {
            let last = rest.first()?;
            Some((3, letter(*last).map_or(Found::Nothing, |code| key(Key::plain(code)))))
        }
        [0x1b] => None,
        [0x1b, rest @ ..] => {
            let (n, found) = first(rest, whole)?;
            match found {
                Found::Msg(Msg::Key(plain)) => Some((n + 1, key(Key { alt: true, ..plain }))),
                other => Some((n + 1, other)),
            }
        }
        [byte @ ..0x20, ..] | [byte @ 0x7f, ..] => Some((1, key(control(*byte)))),
        _ => character(bytes),
    }
}

fn key(key: Key) -> Found {
    Found::Msg(Msg::Key(key))
}

fn control(byte: u8) -> Key {
    match byte {
        b'\r' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        0x7f => Key::plain(Code::Backspace),
        0 => Key::ctrl(' '),
        1..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        // Ctrl+/ and Ctrl+_ are one byte.
        0x1f => Key::ctrl('/'),
        _ => Key::ctrl(char::from(byte - 0x1c + b'4')),
    }
}

/// One letter in UTF-8.
fn character(bytes: &[u8]) -> Option<(usize, Found)> {
    let start = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(e) if e.valid_up_to() > 0 => std::str::from_utf8(&start[..e.valid_up_to()]).ok()?,
        // Cut off in the middle of a letter: the rest is on its way.
        Err(e) if e.error_len().is_none() => return None,
        Err(_) => return Some((1, Found::Nothing)),
    };
    valid.chars().next().map(|c| (c.len_utf8(), key(Key::char(c))))
}

/// What follows `Esc [`: numbers, then one letter.
fn sequence(bytes: &[u8]) -> Option<(usize, Found)> {
    // The console of Linux writes F1 to F5 as `Esc [ [ A` to `E`.
    if let [b'[', rest @ ..] = bytes {
        let last = rest.first()?;
        let found = (b'A'..=b'E').contains(last).then(|| key(Key::f(last - b'A' + 1)));
        return Some((2, found.unwrap_or(Found::Nothing)));
    }
    let end = bytes.iter().position(|b| (0x40..=0x7e).contains(b))?;
    let numbers: Vec<u16> =
        std::str::from_utf8(&bytes[..end]).unwrap_or_default().split(';').map(|n| n.parse().unwrap_or(0)).collect();
    let number = |i: usize| numbers.get(i).copied().unwrap_or(0);
    let code = match bytes[end] {
        b'R' => return Some((end + 1, Found::Column(number(1)))),
        b'~' => numbered(number(0)),
        b'Z' => Some(Code::BackTab),
        last => letter(last),
    };
    let held = number(1).saturating_sub(1);
    let found = code.map(|code| {
        let shift = held & 1 != 0 && code != Code::BackTab;
        key(Key { code, ctrl: held & 4 != 0, alt: held & 2 != 0, shift })
    });
    Some((end + 1, found.unwrap_or(Found::Nothing)))
}

/// How an answer about the background begins.
const ASKED: &[u8] = b"\x1b]11;";
/// Longest answer about a colour, in bytes.
const COLOUR: usize = 32;

/// What follows `Esc ] 11 ;`: `rgb:` and three numbers in hexadecimal, ended by BEL or `Esc \`.
fn background(bytes: &[u8]) -> Option<(usize, Found)> {
    let Some(end) = bytes.iter().take(COLOUR).position(|b| matches!(b, 0x07 | 0x1b)) else {
        return (bytes.len() >= COLOUR).then_some((0, Found::Nothing));
    };
    let length = match bytes[end..] {
        [0x1b] => return None,
        [0x1b, b'\\', ..] => end + 2,
        _ => end + 1,
    };
    let text = std::str::from_utf8(&bytes[..end]).unwrap_or_default();
    let part = |n: usize| {
        let digits = text.strip_prefix("rgb:")?.split('/').nth(n)?.get(..2)?;
        u8::from_str_radix(digits, 16).ok()
    };
    let colour = (|| Some([part(0)?, part(1)?, part(2)?]))();
    Some((length, colour.map_or(Found::Nothing, Found::Background)))
}

fn letter(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        _ => return None,
    })
}

fn numbered(number: u16) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        4 | 8 => Code::End,
        3 => Code::Delete,
        5 => Code::PageUp,
        6 => Code::PageDown,
        n @ 11..=15 => Code::F(n as u8 - 10),
        n @ 17..=21 => Code::F(n as u8 - 11),
        n @ 23..=24 => Code::F(n as u8 - 12),
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn input() -> Input {
        Input {
            terminal: File::open("/dev/null").unwrap(),
            read: [0; READ],
            held: Vec::new(),
            searched: 0,
            asked: false,
            background: None,
        }
    }

    fn messages(bytes: &[u8]) -> Vec<Msg> {
        let (mut input, mut out) = (input(), Vec::new());
        input.held.extend_from_slice(bytes);
        input.understand(true, &mut out);
        out
    }

    #[test]
    fn terminal_bytes_become_our_keys() {
        let with = |code, ctrl, alt, shift| Key { code, ctrl, alt, shift };
        let cases: [(&[u8], Key); 24] = [
            (b"j", Key::char('j')),
            (b"G", Key::char('G')),
            ("漢".as_bytes(), Key::char('漢')),
            (b"\x13", Key::ctrl('s')),
            (b"\x03", Key::ctrl('c')),
            (b"\0", Key::ctrl(' ')),
            (b"\r", Key::plain(Code::Enter)),
            (b"\t", Key::plain(Code::Tab)),
            (b"\x7f", Key::plain(Code::Backspace)),
            (b"\x1b", Key::plain(Code::Esc)),
            (b"\x1b[A", Key::plain(Code::Up)),
            (b"\x1bOB", Key::plain(Code::Down)),
            (b"\x1b[1;5C", with(Code::Right, true, false, false)),
            (b"\x1b[1;2D", with(Code::Left, false, false, true)),
            (b"\x1b[Z", Key::plain(Code::BackTab)),
            (b"\x1b[3~", Key::plain(Code::Delete)),
            (b"\x1b[6~", Key::plain(Code::PageDown)),
            (b"\x1bOP", Key::f(1)),
            (b"\x1b[[E", Key::f(5)),
            (b"\x1b[15~", Key::f(5)),
            (b"\x1b[20~", Key::f(9)),
            (b"\x1b[21~", Key::f(10)),
            (b"\x1b[24~", Key::f(12)),
            (b"\x1bx", with(Code::Char('x'), false, true, false)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(messages(bytes), [Msg::Key(expected)], "{bytes:?}");
        }
        assert_eq!(messages(b"\x1b[I\x1b[2~\xff"), [], "focus, Insert and bytes that are no text mean nothing");
    }

    #[test]
    fn a_paste_is_one_message_also_in_pieces_with_keys_around_it() {
        let text = format!("a\x1b[200~一\n二\x1b[201~{}\r", "b");
        let expected = [
            Msg::Key(Key::char('a')),
            Msg::Paste("一\n二".into()),
            Msg::Key(Key::char('b')),
            Msg::Key(Key::plain(Code::Enter)),
        ];
        assert_eq!(messages(text.as_bytes()), expected);
        for cut in 1..text.len() {
            let (mut input, mut out) = (input(), Vec::new());
            for (part, whole) in [(&text.as_bytes()[..cut], false), (&text.as_bytes()[cut..], true)] {
                input.held.extend_from_slice(part);
                input.understand(whole, &mut out);
            }
            assert_eq!(out, expected, "cut at {cut}");
        }
    }

    #[test]
    fn an_answer_about_the_background_is_no_key_in_whatever_pieces_it_comes() {
        for (answer, colour) in [
            (&b"\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\"[..], Some([0xfd, 0xf6, 0xe3])),
            (b"\x1b]11;rgb:00/2b/36\x07", Some([0, 0x2b, 0x36])),
            (b"\x1b]11;?\x07", None),
            (b"\x1b]11;rgb:zz/00/00\x07", None),
        ] {
            for cut in 1..answer.len() {
                let (mut input, mut out) = (input(), Vec::new());
                for (part, whole) in [(&answer[..cut], cut > 5), (&[answer, b"j"].concat()[cut..], true)] {
                    input.held.extend_from_slice(part);
                    input.understand(whole, &mut out);
                }
                assert_eq!((input.background(), &out[..]), (colour, &[Msg::Key(Key::char('j'))][..]), "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_cursor_report_is_no_key() {
        assert_eq!(first(b"\x1b[1;3R", true), Some((6, Found::Column(3))));
    }
}
