//! A single-line text field: what is seen of it and where the hardware cursor goes.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

use super::key::Key;
use super::text::{Lines, Text, clean};
use super::width::{Ambiguous, cell, cells, cut};

/// One line under edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field(Text);

impl Field {
    /// A field that starts with `text`, the cursor at its end.
    pub fn new(text: &str) -> Field {
        Field(Text::new(text))
    }

    /// What is written.
    pub fn text(&self) -> &str {
        self.0.as_str()
    }

    /// Applies one key; false when the key is not for a text field.
    pub fn press(&mut self, key: Key, now: u64) -> bool {
        self.0.press(key, now)
    }

    /// The cursor, a byte offset.
    pub fn at(&self) -> usize {
        self.0.at()
    }

    /// Takes this text instead, as one step that undo takes back.
    pub fn restore(&mut self, text: &str, at: usize) {
        self.0.restore(text, at);
    }

    /// Puts pasted text at the cursor; line breaks become spaces and never submit.
    pub fn paste(&mut self, text: &str) {
        self.0.paste(&clean(text, Lines::One));
    }

    /// The text, with what is selected of it.
    pub fn as_text(&self) -> &Text {
        &self.0
    }

    /// The text under edit.
    pub fn edit(&mut self) -> &mut Text {
        &mut self.0
    }

    /// The part seen in `width` cells and the cursor's cell in it. The cursor always lies inside.
    pub fn window(&self, width: usize, ambiguous: Ambiguous) -> (&str, usize) {
        let (text, at) = (self.0.as_str(), self.0.at());
        let start = self.start(width, ambiguous);
        (cut(&text[start..], width, ambiguous), cells(&text[start..at], ambiguous))
    }

    /// What is selected of the part that is seen, in bytes of it.
    pub fn marked(&self, width: usize, ambiguous: Ambiguous) -> Option<Range<usize>> {
        let start = self.start(width, ambiguous);
        let seen = self.window(width, ambiguous).0.len();
        let marked = self.0.selection()?;
        Some(marked.start.saturating_sub(start).min(seen)..marked.end.saturating_sub(start).min(seen))
    }

    fn start(&self, width: usize, ambiguous: Ambiguous) -> usize {
        let (text, at) = (self.0.as_str(), self.0.at());
        let room = width.saturating_sub(1);
        let mut start = at;
        let mut used = 0;
        for (from, grapheme) in text[..at].grapheme_indices(true).rev() {
            used += cell(grapheme, ambiguous);
            if used > room {
                break;
            }
            start = from;
        }
        start
    }
}

/// A passphrase under edit: append and erase only, overwritten when dropped, never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret from its text.
    pub fn new(text: &str) -> Secret {
        let mut secret = Secret::default();
        secret.push(text);
        secret
    }

    /// Appends; makes room by hand so that no outgrown copy stays in memory.
    pub fn push(&mut self, text: &str) {
        if self.0.capacity() < self.0.len() + text.len() {
            let mut roomier = String::with_capacity((self.0.len() + text.len()).max(256) * 2);
            roomier.push_str(&self.0);
            self.0.zeroize();
            self.0 = roomier;
        }
        self.0.push_str(text);
    }

    /// Erases the last character.
    pub fn pop(&mut self) {
        let last = self.0.graphemes(true).next_back().map_or(0, str::len);
        self.0.truncate(self.0.len() - last);
    }

    /// The characters typed so far.
    pub fn count(&self) -> usize {
        self.0.graphemes(true).count()
    }

    /// The text, for the one who derives the key from it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;

    #[test]
    fn the_cursor_is_where_terminals_draw_it() {
        for (text, narrow, wide) in [
            ("情報", 4, 4),
            ("①○※→—", 5, 10),
            ("か\u{3099}", 2, 2),
            ("葛\u{E0100}𠮷", 4, 4),
            ("ｶﾞﾊﾟ", 4, 4),
            ("⚠\u{FE0F}x", 3, 3),
            ("👨\u{200D}👩\u{200D}👧x", 3, 3),
        ] {
            let field = Field::new(text);
            assert_eq!(field.window(40, Ambiguous::Narrow), (text, narrow));
            assert_eq!(field.window(40, Ambiguous::Wide), (text, wide));
        }
    }

    #[test]
    fn a_long_text_scrolls_with_the_cursor_inside() {
        let mut field = Field::new("情報セキュリティ基本方針");
        assert_eq!(field.window(10, Ambiguous::Narrow), ("基本方針", 8));
        assert_eq!(field.window(9, Ambiguous::Narrow), ("基本方針", 8));
        assert!(field.press(Key::plain(Code::Home), 0));
        assert_eq!(field.window(9, Ambiguous::Narrow), ("情報セキ", 0));
        assert_eq!(field.window(0, Ambiguous::Narrow), ("", 0));
    }

    #[test]
    fn a_pasted_line_break_becomes_a_space() {
        let mut field = Field::default();
        field.paste("一\r\n二");
        assert_eq!(field.text(), "一 二");
    }

    #[test]
    fn a_secret_prints_as_stars() {
        let mut secret = Secret::new("秘密の言葉");
        secret.pop();
        assert_eq!(secret.expose(), "秘密の言");
        assert_eq!(secret.count(), 4);
        assert_eq!(format!("{secret:?}"), "***");
    }
}
