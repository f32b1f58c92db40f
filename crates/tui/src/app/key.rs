//! One key press as the screens see it, and how it is written in tables and hints.

use std::fmt;
use std::str::FromStr;

/// What was pressed, without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A printed character, already shifted.
    Char(char),
    /// F1 to F12.
    F(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
}

/// A key with its modifiers. Shift is recorded only where it does not already change the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Key {
        Key { code, ctrl: false, alt: false, shift: false }
    }

    /// A printed character.
    pub const fn char(c: char) -> Key {
        Key::plain(Code::Char(c))
    }

    /// Ctrl and a letter.
    pub const fn ctrl(c: char) -> Key {
        Key { ctrl: true, ..Key::char(c) }
    }

    /// A function key.
    pub const fn f(n: u8) -> Key {
        Key::plain(Code::F(n))
    }

    /// The character this key types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// The ASCII key meant by a full-width letter that an input method left on has typed (`ｊ` is `j`).
    pub fn folded(self) -> Option<Key> {
        match self.typed()? {
            c @ '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).map(|c| Key::plain(Code::Char(c))),
            '\u{3000}' => Some(Key::char(' ')),
            '\u{3002}' => Some(Key::char('.')),
            '\u{3001}' => Some(Key::char(',')),
            '\u{30FB}' => Some(Key::char('/')),
            '\u{30FC}' => Some(Key::char('-')),
            '\u{300C}' => Some(Key::char('[')),
            '\u{300D}' => Some(Key::char(']')),
            _ => None,
        }
    }

    /// True for keys that also work while an input method is on and inside text fields.
    pub fn works_in_text(self) -> bool {
        self.ctrl || !matches!(self.code, Code::Char(_))
    }
}

impl FromStr for Key {
    type Err = ();

    /// The key that is written so, in any case but for single letters.
    fn from_str(text: &str) -> Result<Key, ()> {
        use Code::{BackTab, Backspace, Delete, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right, Tab, Up};
        if let Some(rest) = text.get(..5).filter(|start| start.eq_ignore_ascii_case("ctrl+")).and(text.get(5..)) {
            let key: Key = rest.parse()?;
            let code = match key.code {
                Code::Char(c) => Code::Char(c.to_ascii_lowercase()),
                other => other,
            };
            return Ok(Key { code, ctrl: true, ..key });
        }
        let mut letters = text.chars();
        if let (Some(one), None) = (letters.next(), letters.next()) {
            return if one.is_control() { Err(()) } else { Ok(Key::char(one)) };
        }
        let named = [Enter, Esc, Tab, BackTab, Backspace, Delete, Left, Right, Up, Down, Home, End, PageUp, PageDown];
        let named = named.map(Key::plain).into_iter().chain((1..=12).map(Key::f)).chain([Key::char(' ')]);
        named.into_iter().find(|key| key.to_string().eq_ignore_ascii_case(text)).ok_or(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl+")?;
        }
        if self.alt {
            f.write_str("Alt+")?;
        }
        if self.shift {
            f.write_str("Shift+")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "F{n}"),
            Code::BackTab => f.write_str("Shift+Tab"),
            Code::PageUp => f.write_str("PgUp"),
            Code::PageDown => f.write_str("PgDn"),
            other => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_letters_mean_their_ascii_keys() {
        for (typed, meant) in
            [('ｊ', 'j'), ('：', ':'), ('／', '/'), ('？', '?'), ('３', '3'), ('　', ' '), ('ー', '-'), ('「', '[')]
        {
            assert_eq!(Key::char(typed).folded(), Some(Key::char(meant)));
        }
        for stays in ['j', 'あ', '漢'] {
            assert_eq!(Key::char(stays).folded(), None);
        }
        assert_eq!(Key::ctrl('ｊ').folded(), None);
    }

    #[test]
    fn what_names_no_key_is_none() {
        for text in ["", "Ctrl+", "F13", "Entr", "ab", "\u{7}", "Hyper+x"] {
            assert_eq!(text.parse::<Key>(), Err(()), "{text}");
        }
        assert_eq!("ctrl+S".parse(), Ok(Key::ctrl('s')));
    }

    #[test]
    fn keys_are_written_as_people_say_them() {
        for (key, text) in [
            (Key::char('j'), "j"),
            (Key::char(' '), "Space"),
            (Key::ctrl('s'), "Ctrl+S"),
            (Key::f(9), "F9"),
            (Key::plain(Code::BackTab), "Shift+Tab"),
            (Key::plain(Code::PageDown), "PgDn"),
            (Key::char('G'), "G"),
            (Key::plain(Code::Enter), "Enter"),
        ] {
            assert_eq!(key.to_string(), text);
            assert_eq!(text.parse(), Ok(key));
        }
    }
}
