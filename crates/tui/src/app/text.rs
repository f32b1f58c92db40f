//! Editable text: a cursor between graphemes, a selection, Japanese word motion, undo in groups, cleaning of pastes.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::OnceLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::key::{Code, Key};
use super::width::printable;

mod command;

/// Typing that pauses longer than this (milliseconds) starts a new undo step.
const PAUSE: u64 = 600;
/// Characters of one commit of an input method come within so many milliseconds of each other.
const COMMIT: u64 = 60;
/// Undo steps kept for one field.
const STEPS: usize = 500;
/// Words are looked for in so many bytes on each side of the cursor.
const NEAR: usize = 2048;

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
    /// The other end of the selection.
    anchor: Option<usize>,
    /// How far it reaches beyond both, in the visual modes of vi.
    reach: Option<Reach>,
    undone: Vec<Change>,
    done: VecDeque<Change>,
    run: Option<Run>,
}

/// What the visual modes of vi select: the character under the cursor as well, or whole lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Characters,
    Lines,
}

/// A place where something was taken out and something put in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    at: usize,
    removed: String,
    added: String,
    /// The cursor before.
    cursor: usize,
}

/// Keys that make one undo step together, and when the last of them came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Typing(u64),
    Erasing(u64),
    /// Into the clipboard.
    Killing,
}

/// The grapheme boundary at or before `at`.
pub fn boundary_before(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(true) => at,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    }
}

/// The grapheme boundary at or after `at`.
fn boundary_after(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(true) => at,
        _ => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
    }
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

    /// What is selected, in bytes; `None` when nothing is.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor.filter(|a| *a != self.at || self.reach.is_some())?;
        Some(self.reached(anchor.min(self.at)..anchor.max(self.at)))
    }

    /// The selected text.
    pub fn selected(&self) -> &str {
        self.selection().map_or("", |range| &self.text[range])
    }

    /// Selects everything; the cursor goes to the end.
    pub fn select_all(&mut self) {
        self.select(0..self.text.len());
    }

    /// Selects a range, the cursor at its end.
    pub fn select(&mut self, range: Range<usize>) {
        self.go(range.end);
        self.anchor = Some(boundary_before(&self.text, range.start));
    }

    /// Moves the cursor to the grapheme boundary at or before `at`; nothing is selected then.
    pub fn go(&mut self, at: usize) {
        self.run = None;
        (self.anchor, self.reach) = (None, None);
        self.at = boundary_before(&self.text, at);
    }

    /// Moves the cursor; with Shift, or in a visual mode, the selection grows or shrinks along.
    pub(super) fn walk(&mut self, at: usize, shift: bool) {
        let reach = self.reach;
        let anchor = (shift || reach.is_some()).then(|| self.anchor.unwrap_or(self.at));
        self.go(at);
        (self.anchor, self.reach) = (anchor, reach);
    }

    /// Puts typed text at the cursor; typing without a pause or a space, or one commit, is one undo step.
    pub fn insert(&mut self, typed: &str, now: u64) {
        if typed.is_empty() {
            return;
        }
        let most = if typed.is_ascii() { PAUSE } else { COMMIT };
        let goes_on = matches!(self.run, Some(Run::Typing(last)) if now.saturating_sub(last) < most)
            && self.selection().is_none()
            && !typed.starts_with(' ')
            && self.done.back().is_some_and(|last| last.at + last.added.len() == self.at);
        match self.done.back_mut().filter(|_| goes_on) {
            Some(last) => {
                last.added.push_str(typed);
                self.text.insert_str(self.at, typed);
                self.at = boundary_after(&self.text, self.at + typed.len());
            }
            None => {
                let range = self.selection().unwrap_or(self.at..self.at);
                self.replace(range, typed);
            }
        }
        self.run = Some(Run::Typing(now));
    }

    /// Puts pasted text at the cursor, or in the place of the selection, as one undo step.
    pub fn paste(&mut self, pasted: &str) {
        self.run = None;
        self.insert(pasted, 0);
        self.run = None;
    }

    /// Takes out what is selected.
    pub fn erase_selected(&mut self) {
        self.erase(0..0);
    }

    /// Puts `with` wherever `wanted` stands, as one undo step; answers how often.
    pub fn replace_all(&mut self, wanted: &str, with: &str) -> usize {
        let count = if wanted.is_empty() { 0 } else { self.text.matches(wanted).count() };
        if count > 0 {
            let replaced = self.text.replace(wanted, with);
            self.replace(0..self.text.len(), &replaced);
        }
        count
    }

    /// Selects the next place of `wanted` behind the cursor, from the beginning when there is none; false when nowhere.
    pub fn find_next(&mut self, wanted: &str) -> bool {
        if wanted.is_empty() {
            return false;
        }
        let behind = self.text[self.at..].find(wanted).map(|i| self.at + i);
        let found = behind.or_else(|| self.text.find(wanted));
        if let Some(at) = found {
            self.select(at..at + wanted.len());
        }
        found.is_some()
    }

    /// Applies one editing key; false when the key is not an editing key.
    pub fn press(&mut self, key: Key, now: u64) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]), now);
            return true;
        }
        if key.alt {
            return false;
        }
        let (at, selection) = (self.at, self.selection());
        let marked = selection.filter(|_| !key.shift && self.reach.is_none());
        match (key.code, key.ctrl) {
            (Code::Left, false) => self.walk(marked.map_or_else(|| self.before(), |s| s.start), key.shift),
            (Code::Right, false) => self.walk(marked.map_or_else(|| self.after(), |s| s.end), key.shift),
            (Code::Left, true) => self.walk(self.word_before(), key.shift),
            (Code::Right, true) => self.walk(self.word_after(), key.shift),
            (Code::Home, false) => self.walk(self.line_start(), key.shift),
            (Code::End, false) => self.walk(self.line_end(), key.shift),
            (Code::Home, true) => self.walk(0, key.shift),
            (Code::End, true) => self.walk(self.text.len(), key.shift),
            // Some terminals write Ctrl+H for Backspace.
            (Code::Backspace, false) | (Code::Char('h'), true) => self.erase_back(now),
            (Code::Delete, false) => self.erase(at..self.after()),
            (Code::Backspace | Code::Char('w'), true) => self.erase(self.word_before()..at),
            (Code::Delete, true) => self.erase(at..self.word_after()),
            (Code::Char('k'), true) => self.erase(at..self.line_end()),
            (Code::Char('u'), true) => self.erase(self.line_start()..at),
            (Code::Char('z'), true) => self.undo(),
            (Code::Char('y'), true) => self.redo(),
            _ => return false,
        }
        true
    }

    /// Takes this text instead, as one step that undo takes back.
    pub fn restore(&mut self, text: &str, at: usize) {
        if self.text != text {
            self.replace(0..self.text.len(), text);
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

    /// The text around `at`, in its line, and where it begins.
    fn near(&self, at: usize) -> (&str, usize) {
        let from = self.text.ceil_char_boundary(at.saturating_sub(NEAR));
        let to = self.text.floor_char_boundary(at + NEAR);
        let from = self.text[from..at].rfind('\n').map_or(from, |n| from + n + 1);
        let to = self.text[at..to].find('\n').map_or(to, |n| at + n);
        (&self.text[from..to], from)
    }

    /// Start of the word before the cursor; blanks in between are passed over.
    fn word_before(&self) -> usize {
        let end = self.text[..self.at].trim_end().len();
        let (near, from) = self.near(end);
        segmenter().segment_str(near).map(|b| from + b).take_while(|b| *b < end).last().unwrap_or(from.min(end))
    }

    /// End of the word after the cursor.
    fn word_after(&self) -> usize {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        let (near, from) = self.near(start);
        segmenter().segment_str(near).map(|b| from + b).find(|b| *b > start).unwrap_or(from + near.len())
    }

    /// Takes out what is selected, or else the range.
    fn erase(&mut self, range: Range<usize>) {
        let range = self.selection().unwrap_or(range);
        if range.start < range.end {
            self.replace(range, "");
        }
    }

    /// Backspace; held down it is one undo step.
    fn erase_back(&mut self, now: u64) {
        let range = self.before()..self.at;
        let goes_on = matches!(self.run, Some(Run::Erasing(last)) if now.saturating_sub(last) < PAUSE)
            && self.selection().is_none();
        match self.done.back_mut().filter(|_| goes_on && !range.is_empty()) {
            Some(last) => {
                last.removed.insert_str(0, &self.text[range.clone()]);
                last.at = range.start;
                self.text.replace_range(range.clone(), "");
                self.at = boundary_after(&self.text, range.start);
            }
            None => self.erase(range),
        }
        self.run = Some(Run::Erasing(now));
    }

    /// Puts `with` in the place of a range, as one undo step.
    fn replace(&mut self, range: Range<usize>, with: &str) {
        let (at, cursor) = (range.start, self.at);
        let removed = self.text[range.clone()].to_owned();
        self.text.replace_range(range, with);
        self.done.push_back(Change { at, removed, added: with.to_owned(), cursor });
        if self.done.len() > STEPS {
            self.done.pop_front();
        }
        self.undone.clear();
        self.go(boundary_after(&self.text, at + with.len()));
    }

    fn undo(&mut self) {
        if let Some(change) = self.done.pop_back() {
            self.text.replace_range(change.at..change.at + change.added.len(), &change.removed);
            self.go(change.cursor);
            self.undone.push(change);
        }
    }

    fn redo(&mut self) {
        if let Some(change) = self.undone.pop() {
            self.text.replace_range(change.at..change.at + change.removed.len(), &change.added);
            self.go(boundary_after(&self.text, change.at + change.added.len()));
            self.done.push_back(change);
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
            text.insert(c, 1100);
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

    fn press(text: &mut Text, keys: &[Key]) {
        for key in keys {
            assert!(text.press(*key, 0), "{key}");
        }
    }

    const fn shift(code: Code) -> Key {
        Key { shift: true, ..Key::plain(code) }
    }

    #[test]
    fn typing_letters_is_one_step_by_word_and_held_backspace_is_one() {
        let mut text = Text::default();
        for (n, c) in "ab cd".chars().enumerate() {
            text.insert(&c.to_string(), 200 * n as u64);
        }
        press(&mut text, &[Key::ctrl('z')]);
        assert_eq!(text.as_str(), "ab");
        press(&mut text, &[Key::ctrl('y'), Key::plain(Code::Backspace), Key::plain(Code::Backspace)]);
        assert_eq!(text.as_str(), "ab ");
        press(&mut text, &[Key::ctrl('z')]);
        assert_eq!(text.as_str(), "ab cd");
    }

    #[test]
    fn shift_selects_and_typing_replaces_the_selection() {
        let mut text = Text::new("情報を守る");
        press(&mut text, &[shift(Code::Left), shift(Code::Left)]);
        assert_eq!(text.selected(), "守る");
        press(&mut text, &[Key::plain(Code::Left)]);
        assert_eq!((text.selected(), text.at()), ("", "情報を".len()));
        press(&mut text, &[Key { ctrl: true, ..shift(Code::End) }, Key::char('x')]);
        assert_eq!(text.as_str(), "情報をx");
        press(&mut text, &[Key::ctrl('z')]);
        assert_eq!(text.as_str(), "情報を守る");
        text.select_all();
        press(&mut text, &[Key::plain(Code::Backspace)]);
        assert_eq!(text.as_str(), "");
        press(&mut text, &[Key::ctrl('z')]);
        assert_eq!(text.as_str(), "情報を守る");
    }

    #[test]
    fn places_are_found_in_a_ring_and_replaced_in_one_step() {
        let mut text = Text::new("鍵と鍵");
        assert!(text.find_next("鍵"));
        assert_eq!(text.selection(), Some(0.."鍵".len()));
        assert!(text.find_next("鍵"));
        assert_eq!(text.at(), text.as_str().len());
        assert!(!text.find_next("錠"));
        assert_eq!((text.replace_all("鍵", "錠前"), text.as_str()), (2, "錠前と錠前"));
        press(&mut text, &[Key::ctrl('z')]);
        assert_eq!((text.replace_all("", "x"), text.as_str()), (0, "鍵と鍵"));
    }

    #[test]
    fn words_are_found_at_the_ends_and_over_line_breaks() {
        let mut text = Text::new("一行目\n");
        press(&mut text, &[Key::ctrl('w')]);
        assert_eq!(text.as_str(), "一行");
        press(&mut text, &[Key::ctrl('u'), Key::ctrl('w'), Key { ctrl: true, ..Key::plain(Code::Right) }]);
        assert_eq!(text.as_str(), "");
    }
}
