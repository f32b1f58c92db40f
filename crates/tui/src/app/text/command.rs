//! What the keys of Emacs and vi do to a text: taking into the clipboard, whole lines, words by their start and end.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::super::key::{Code, Key};
use super::super::textkeys::TextKey;
use super::{Reach, Run, Text};

impl Text {
    /// Does what a key means; what is taken out or copied goes into `clip`. Every change is one undo step.
    pub fn command(&mut self, what: TextKey, clip: &mut String, now: u64) {
        let (at, start, end) = (self.at, self.line_start(), self.line_end());
        match what {
            TextKey::Mark(reach) if self.reach == Some(reach) => self.unmark(),
            TextKey::Mark(reach) => {
                self.anchor = self.anchor.filter(|_| self.reach.is_some()).or(Some(at));
                self.reach = Some(reach);
            }
            _ if self.reach.is_some() && !what.moves() => self.with_marked(what, clip),
            // In vi the arrow to the left stays in its line.
            TextKey::As(key) if key == Key::plain(Code::Left) && at == start => {}
            TextKey::As(key) => drop(self.press(key, now)),
            TextKey::KillLine if at == end => self.kill(at..self.after(), clip),
            TextKey::KillLine => self.kill(at..end, clip),
            TextKey::KillWord => self.kill(at..self.word_after(), clip),
            TextKey::WordStart => self.walk(self.word_start(), false),
            TextKey::WordEnd => self.walk(self.word_end(), false),
            TextKey::LineEnd | TextKey::Tail => self.walk(end, false),
            TextKey::Top => self.walk(0, false),
            TextKey::Bottom => self.walk(self.text.rfind('\n').map_or(0, |n| n + 1), false),
            TextKey::Insert => self.walk(at, false),
            TextKey::Append => self.walk(if at < end { self.after() } else { at }, false),
            TextKey::Head => {
                let line = &self.text[start..end];
                self.walk(start + (line.len() - line.trim_start().len()), false);
            }
            TextKey::Below => self.replace(end..end, "\n"),
            TextKey::Above => {
                self.replace(start..start, "\n");
                self.walk(start, false);
            }
            TextKey::Erase => {
                let one = at..if at < end { self.after() } else { at };
                self.take(self.selection().unwrap_or(one), clip);
            }
            TextKey::EraseTail => self.take(at..end, clip),
            TextKey::EraseLine | TextKey::CopyLine if self.text.is_empty() => {}
            TextKey::CopyLine => *clip = format!("{}\n", &self.text[start..end]),
            TextKey::EraseLine => {
                *clip = format!("{}\n", &self.text[start..end]);
                self.erase_lines(start..end);
            }
            TextKey::Put | TextKey::Yank => self.put(clip),
        }
    }

    /// The visual mode that selects, if one does.
    pub fn reach(&self) -> Option<Reach> {
        self.reach
    }

    /// Leaves the visual mode; the cursor stays.
    pub fn unmark(&mut self) {
        self.go(self.at);
    }

    /// The range between the ends of a selection, with what its mode selects beyond them.
    pub(super) fn reached(&self, ends: Range<usize>) -> Range<usize> {
        let (start, end) = (ends.start, ends.end);
        match self.reach {
            None => ends,
            Some(Reach::Characters) => start..end + self.text[end..].graphemes(true).next().map_or(0, str::len),
            Some(Reach::Lines) => {
                let behind = self.text[end..].find('\n').map_or(self.text.len(), |n| end + n);
                self.text[..start].rfind('\n').map_or(0, |n| n + 1)..behind
            }
        }
    }

    /// Does what a key means for what a visual mode selects, and leaves the mode; a key that means nothing there only
    /// leaves it.
    fn with_marked(&mut self, what: TextKey, clip: &mut String) {
        let range = self.selection().unwrap_or(self.at..self.at);
        let lines = self.reach == Some(Reach::Lines);
        let end = if lines { "\n" } else { "" };
        let taken = format!("{}{end}", &self.text[range.clone()]);
        self.go(range.start);
        match what {
            _ if taken.is_empty() => return,
            TextKey::CopyLine => {}
            TextKey::Erase | TextKey::EraseLine | TextKey::EraseTail if lines => self.erase_lines(range),
            TextKey::Erase | TextKey::EraseLine | TextKey::EraseTail => self.replace(range, ""),
            TextKey::Put if !clip.is_empty() => {
                let put = match (lines, clip.strip_suffix('\n')) {
                    (true, line) => line.unwrap_or(clip).to_owned(),
                    (false, Some(line)) => format!("\n{line}\n"),
                    (false, None) => clip.clone(),
                };
                self.replace(range, &put);
            }
            _ => return,
        }
        *clip = taken;
    }

    /// Takes whole lines out; the last one goes with the line break before it.
    fn erase_lines(&mut self, lines: Range<usize>) {
        let with_break = match lines.end < self.text.len() {
            true => lines.start..lines.end + 1,
            false => lines.start.saturating_sub(1)..lines.end,
        };
        self.replace(with_break, "");
        self.walk(self.line_start(), false);
    }

    /// Puts the cursor onto the last character of its line when it stands behind it, as vi does.
    pub fn onto(&mut self) {
        if (self.anchor.is_none() || self.reach.is_some()) && self.at == self.line_end() && self.at > self.line_start()
        {
            self.at = self.before();
        }
    }

    /// One character back in its line: where vi leaves the cursor at the end of writing.
    pub fn back_in_line(&mut self) {
        self.run = None;
        self.anchor = None;
        if self.at > self.line_start() {
            self.at = self.before();
        }
    }

    fn put(&mut self, clip: &str) {
        let (at, end) = (self.at, self.line_end());
        if let Some(line) = clip.strip_suffix('\n') {
            self.replace(end..end, &format!("\n{line}"));
            return self.walk(end + 1, false);
        }
        if !clip.is_empty() {
            let behind = if at < end { self.after() } else { at };
            self.replace(behind..behind, clip);
            self.back_in_line();
        }
    }

    /// Takes a range out, into the clipboard.
    fn take(&mut self, range: Range<usize>, clip: &mut String) {
        if !range.is_empty() {
            self.text[range.clone()].clone_into(clip);
            self.replace(range, "");
        }
    }

    /// Takes a range out; right after another it goes behind what is in the clipboard.
    fn kill(&mut self, range: Range<usize>, clip: &mut String) {
        if range.is_empty() {
            return;
        }
        if self.run != Some(Run::Killing) {
            clip.clear();
        }
        clip.push_str(&self.text[range.clone()]);
        self.replace(range, "");
        self.run = Some(Run::Killing);
    }

    /// Start of the word after the one under the cursor.
    fn word_start(&self) -> usize {
        let on_blank = self.text[self.at..].starts_with(char::is_whitespace);
        let from = if on_blank { self.at } else { self.word_after() };
        let rest = &self.text[from..];
        from + (rest.len() - rest.trim_start().len())
    }

    /// The last character of the word under the cursor, or of the next one when it stands there already.
    fn word_end(&self) -> usize {
        let mut ahead = Text { text: self.text.clone(), at: self.after(), ..Text::default() };
        ahead.at = ahead.word_after();
        ahead.before().max(self.at)
    }
}
