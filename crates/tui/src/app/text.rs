//! Editable text: a cursor between graphemes, Japanese word motion, undo in groups, cleaning of what is pasted.

use std::sync::OnceLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::key::{Code, Key};
use super::width::printable;

/// Typing that pauses longer than this (milliseconds) starts a new undo step.
const PAUSE: u64 = 600;
/// Undo steps kept for one field.
const STEPS: usize = 200;

/// Whether line breaks may stay in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// Text under edit. The cursor is a byte offset that always lies between two graphemes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    at: usize,
    undone: Vec<(String, usize)>,
    done: Vec<(String, usize)>,
    typing: Option<u64>,
}

/// Pasted or typed text made safe to keep: no control or bidi characters, composed (NFC), `\n` line ends.
pub fn clean(text: &str, lines: Lines) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    unix.chars()
        .map(|c| match c {
            '\n' if lines == Lines::One => ' ',
            '\t' => ' ',
            c => c,
        })
        .filter(|c| *c == '\n' || printable(*c))
        .nfc()
        .collect()
}

fn segmenter() -> WordSegmenterBorrowed<'static> {
    static WORDS: OnceLock<WordSegmenterBorrowed<'static>> = OnceLock::new();
    *WORDS.get_or_init(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()))
}

impl Text {
    /// Text with the cursor at its end.
    pub fn new(text: &str) -> Text {
        Text { text: text.to_owned(), at: text.len(), ..Text::default() }
    }

    /// What is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The cursor, a byte offset.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Moves the cursor to the grapheme boundary at or before `at`.
    pub fn go(&mut self, at: usize) {
        self.typing = None;
        self.at = self
            .text
            .grapheme_indices(true)
            .map(|(start, _)| start)
            .chain([self.text.len()])
            .take_while(|start| *start <= at)
            .last()
            .unwrap_or(0);
    }

    /// Puts typed text at the cursor; typing without a pause or a space is one undo step.
    pub fn insert(&mut self, typed: &str, now: u64) {
        if typed.is_empty() {
            return;
        }
        let goes_on = self.typing.is_some_and(|last| now.saturating_sub(last) < PAUSE) && !typed.starts_with(' ');
        if !goes_on {
            self.keep();
        }
        self.text.insert_str(self.at, typed);
        self.go(self.at + typed.len());
        self.typing = Some(now);
    }

    /// Puts pasted text at the cursor as one undo step.
    pub fn paste(&mut self, pasted: &str) {
        self.typing = None;
        self.insert(pasted, 0);
        self.typing = None;
    }

    /// Applies one editing key; false when the key is not an editing key.
    pub fn press(&mut self, key: Key, now: u64) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]), now);
            return true;
        }
        match (key.code, key.ctrl) {
            (Code::Left, false) => self.go(self.before()),
            (Code::Right, false) => self.go(self.after()),
            (Code::Left, true) => self.go(self.word_before()),
            (Code::Right, true) => self.go(self.word_after()),
            (Code::Backspace, false) => self.erase(self.before(), self.at),
            (Code::Delete, false) => self.erase(self.at, self.after()),
            (Code::Char('w'), true) => self.erase(self.word_before(), self.at),
            (Code::Char('k'), true) => self.erase(self.at, self.line_end()),
            (Code::Home, false) => self.go(self.line_start()),
            (Code::End, false) => self.go(self.line_end()),
            (Code::Char('z'), true) => self.undo(),
            (Code::Char('y'), true) => self.redo(),
            _ => return false,
        }
        true
    }

    /// Takes this text instead, as one step that undo takes back.
    pub fn restore(&mut self, text: &str, at: usize) {
        if self.text != text {
            self.keep();
            text.clone_into(&mut self.text);
        }
        self.go(at);
    }

    fn before(&self) -> usize {
        let shorter = self.text[..self.at].graphemes(true).next_back();
        self.at - shorter.map_or(0, str::len)
    }

    fn after(&self) -> usize {
        let next = self.text[self.at..].graphemes(true).next();
        self.at + next.map_or(0, str::len)
    }

    fn line_start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |n| n + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.at..].find('\n').map_or(self.text.len(), |n| self.at + n)
    }

    /// Start of the word before the cursor; blanks in between are passed over.
    fn word_before(&self) -> usize {
        let end = self.text[..self.at].trim_end().len();
        segmenter().segment_str(&self.text).take_while(|b| *b < end).last().unwrap_or(0)
    }

    /// End of the word after the cursor.
    fn word_after(&self) -> usize {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        segmenter().segment_str(&self.text).find(|b| *b > start).unwrap_or(self.text.len())
    }

    fn erase(&mut self, from: usize, to: usize) {
        if from < to {
            self.keep();
            self.text.replace_range(from..to, "");
            self.go(from);
        }
    }

    fn keep(&mut self) {
        self.done.push((self.text.clone(), self.at));
        if self.done.len() > STEPS {
            self.done.remove(0);
        }
        self.undone.clear();
        self.typing = None;
    }

    fn undo(&mut self) {
        if let Some(earlier) = self.done.pop() {
            self.undone.push((std::mem::take(&mut self.text), self.at));
            (self.text, self.at) = earlier;
            self.typing = None;
        }
    }

    fn redo(&mut self) {
        if let Some(later) = self.undone.pop() {
            self.done.push((std::mem::take(&mut self.text), self.at));
            (self.text, self.at) = later;
            self.typing = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Text {
        let mut edited = Text::default();
        for c in text.chars() {
            edited.insert(&c.to_string(), 0);
        }
        edited
    }

    #[test]
    fn one_backspace_removes_one_visible_character() {
        for whole in ["か\u{3099}", "葛\u{E0100}", "🇯🇵", "👨\u{200D}👩\u{200D}👧", "⚠\u{FE0F}", "ｶﾞ", "𠮷"]
        {
            let mut text = typed(&format!("x{whole}"));
            assert!(text.press(Key::plain(Code::Backspace), 0));
            assert_eq!(text.as_str(), "x", "{whole:?}");
            let mut text = typed(&format!("x{whole}"));
            assert!(text.press(Key::plain(Code::Left), 0));
            assert_eq!(text.at(), 1, "{whole:?}");
        }
    }

    #[test]
    fn words_are_japanese_words() {
        let mut text = typed("情報セキュリティ基本方針");
        text.press(Key::ctrl('w'), 0);
        assert_eq!(text.as_str(), "情報セキュリティ基本");
        let left = Key { ctrl: true, ..Key::plain(Code::Left) };
        text.press(left, 0);
        text.press(left, 0);
        assert_eq!(text.at(), "情報".len());
        let right = Key { ctrl: true, ..Key::plain(Code::Right) };
        text.press(right, 0);
        assert_eq!(text.at(), "情報セキュリティ".len());
    }

    #[test]
    fn kill_to_line_end_keeps_japanese_whole() {
        let mut text = typed("株式会社\n長戸");
        text.go("株式".len());
        text.press(Key::ctrl('k'), 0);
        assert_eq!(text.as_str(), "株式\n長戸");
    }

    #[test]
    fn one_commit_is_one_undo_step_and_a_pause_starts_another() {
        let mut text = Text::default();
        for c in ["あ", "い", "う"] {
            text.insert(c, 1000);
        }
        for c in ["え", "お"] {
            text.insert(c, 2000);
        }
        text.press(Key::ctrl('z'), 0);
        assert_eq!(text.as_str(), "あいう");
        text.press(Key::ctrl('z'), 0);
        assert_eq!(text.as_str(), "");
        text.press(Key::ctrl('y'), 0);
        assert_eq!(text.as_str(), "あいう");
    }

    #[test]
    fn pasted_text_is_cleaned() {
        assert_eq!(clean("一行\r\n二\t行\r三\u{7}\u{202E}行", Lines::Many), "一行\n二 行\n三行");
        assert_eq!(clean("a\r\nb", Lines::One), "a b");
        assert_eq!(clean("か\u{3099}㈱①", Lines::One), "が㈱①");
    }
}
