//! A multi-line text area: wrapping by Japanese line-breaking rules, cursor rows, scrolling.

use std::sync::OnceLock;

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use unicode_segmentation::UnicodeSegmentation;

use super::key::{Code, Key};
use super::text::{Lines, Text, clean};
use super::width::{Ambiguous, cell, cells};

/// Several lines under edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    text: Text,
    goal: Option<usize>,
}

/// Byte ranges of the drawn rows of `text` when wrapped at `width` cells.
pub fn wrap(text: &str, width: usize, ambiguous: Ambiguous) -> Vec<(usize, usize)> {
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap_line(line, start, width.max(1), ambiguous, &mut rows);
        start += line.len() + 1;
    }
    rows
}

fn breaks(line: &str) -> impl Iterator<Item = usize> + '_ {
    static RULES: OnceLock<LineSegmenterBorrowed<'static>> = OnceLock::new();
    let rules = *RULES.get_or_init(|| {
        let mut options = LineBreakOptions::default();
        options.strictness = Some(LineBreakStrictness::Strict);
        LineSegmenter::new_for_non_complex_scripts(options)
    });
    rules.segment_str(line).filter(|at| *at > 0)
}

fn wrap_line(line: &str, base: usize, width: usize, ambiguous: Ambiguous, rows: &mut Vec<(usize, usize)>) {
    let (mut row, mut used, mut from) = (0, 0, 0);
    for to in breaks(line) {
        let piece = &line[from..to];
        let wide = cells(piece, ambiguous);
        if used > 0 && used + wide > width {
            rows.push((base + row, base + from));
            (row, used) = (from, 0);
        }
        if wide > width {
            for (at, grapheme) in piece.grapheme_indices(true) {
                let add = cell(grapheme, ambiguous);
                if used > 0 && used + add > width {
                    rows.push((base + row, base + from + at));
                    (row, used) = (from + at, 0);
                }
                used += add;
            }
        } else {
            used += wide;
        }
        from = to;
    }
    rows.push((base + row, base + line.len()));
}

impl Area {
    /// An area that starts with `text`, the cursor at its end.
    pub fn new(text: &str) -> Area {
        Area { text: Text::new(text), goal: None }
    }

    /// What is written.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The cursor, a byte offset.
    pub fn at(&self) -> usize {
        self.text.at()
    }

    /// Takes this text instead, as one step that undo takes back.
    pub fn restore(&mut self, text: &str, at: usize) {
        self.text.restore(text, at);
    }

    /// Applies one key; Up and Down need the width (cells) the text is drawn at.
    pub fn press(&mut self, key: Key, now: u64, width: usize, ambiguous: Ambiguous) -> bool {
        match key.code {
            Code::Up | Code::Down if !key.ctrl => {
                self.move_row(key.code == Code::Down, width, ambiguous);
                return true;
            }
            Code::Enter => self.text.insert("\n", now),
            _ if !self.text.press(key, now) => return false,
            _ => {}
        }
        self.goal = None;
        true
    }

    /// Puts pasted text at the cursor.
    pub fn paste(&mut self, text: &str) {
        self.text.paste(&clean(text, Lines::Many));
        self.goal = None;
    }

    fn move_row(&mut self, down: bool, width: usize, ambiguous: Ambiguous) {
        let rows = wrap(self.text(), width, ambiguous);
        let (row, column) = self.place(&rows, usize::MAX, ambiguous);
        let goal = *self.goal.get_or_insert(column);
        let target = match down {
            true if row + 1 < rows.len() => row + 1,
            false if row > 0 => row - 1,
            _ => return,
        };
        let (from, to) = rows[target];
        let mut at = from;
        for (start, grapheme) in self.text()[from..to].grapheme_indices(true) {
            let end = start + grapheme.len();
            if cells(&self.text()[from..from + end], ambiguous) > goal {
                break;
            }
            at = from + end;
        }
        // The end of a wrapped row is the start of the next one: stay on the row that was asked for.
        let wrapped = rows.get(target + 1).is_some_and(|next| next.0 == to);
        if wrapped && at == to && at > from {
            let last = self.text()[from..to].graphemes(true).next_back();
            at = to - last.map_or(0, str::len);
        }
        self.text.go(at);
    }

    /// Row and cell of the cursor; a cursor behind a full last row goes to the next one.
    fn place(&self, rows: &[(usize, usize)], width: usize, ambiguous: Ambiguous) -> (usize, usize) {
        let at = self.text.at();
        let row = rows.iter().rposition(|(from, _)| *from <= at).unwrap_or(0);
        let from = rows.get(row).map_or(0, |r| r.0);
        let column = cells(&self.text()[from..at], ambiguous);
        if column >= width.max(1) { (row + 1, 0) } else { (row, column) }
    }

    /// The rows seen in `width` x `height` cells and the cursor (column, row) among them.
    pub fn window(&self, width: usize, height: usize, ambiguous: Ambiguous) -> (Vec<&str>, (usize, usize)) {
        let rows = wrap(self.text(), width, ambiguous);
        let (row, column) = self.place(&rows, width, ambiguous);
        let top = (row + 1).saturating_sub(height.max(1));
        let seen = rows.iter().skip(top).take(height).map(|(from, to)| &self.text()[*from..*to]).collect();
        (seen, (column, row - top))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width, Ambiguous::Narrow).into_iter().map(|(a, b)| &text[a..b]).collect()
    }

    #[test]
    fn rows_never_exceed_the_width_and_use_all_of_it() {
        let text = "あいうえおかきくけこさしすせそ";
        assert_eq!(rows(text, 20), ["あいうえおかきくけこ", "さしすせそ"]);
        assert_eq!(rows(text, 19), ["あいうえおかきくけ", "こさしすせそ"]);
        assert_eq!(rows("", 10), [""]);
        assert_eq!(rows("a\n\nb", 10), ["a", "", "b"]);
        assert_eq!(rows("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(rows("漢字", 1), ["漢", "字"]);
    }

    #[test]
    fn no_row_ends_with_an_opening_bracket_or_begins_with_a_full_stop() {
        assert_eq!(rows("全員に周知すること（第2回）を決める。", 20), ["全員に周知すること", "（第2回）を決める。"]);
        assert_eq!(rows("これは九文字の文だ。", 18), ["これは九文字の文", "だ。"]);
    }

    #[test]
    fn the_cursor_stays_inside_at_a_full_row() {
        let area = Area::new("あいうえおかきくけこ");
        let (seen, cursor) = area.window(20, 3, Ambiguous::Narrow);
        assert_eq!(seen, ["あいうえおかきくけこ"]);
        assert_eq!(cursor, (0, 1));
    }

    #[test]
    fn up_and_down_keep_the_column() {
        let mut area = Area::new("あいうえお\nか\nさしすせそ");
        let up = Key::plain(Code::Up);
        area.press(up, 0, 20, Ambiguous::Narrow);
        assert_eq!(area.window(20, 5, Ambiguous::Narrow).1, (2, 1));
        area.press(up, 0, 20, Ambiguous::Narrow);
        assert_eq!(area.window(20, 5, Ambiguous::Narrow).1, (10, 0));
    }

    #[test]
    fn enter_breaks_the_line_and_a_small_window_follows_the_cursor() {
        let mut area = Area::new("一");
        area.press(Key::plain(Code::Enter), 0, 20, Ambiguous::Narrow);
        area.paste("二\r\n三");
        assert_eq!(area.text(), "一\n二\n三");
        let (seen, cursor) = area.window(20, 2, Ambiguous::Narrow);
        assert_eq!((seen, cursor), (vec!["二", "三"], (2, 1)));
    }
}
