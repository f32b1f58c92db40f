//! Rows of a text: where lines wrap by the Japanese rules, worked out only around the place that is seen.

use std::sync::OnceLock;

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use unicode_segmentation::UnicodeSegmentation;

use super::text::boundary_before;
use super::width::{Ambiguous, cell};

/// A line longer than this (bytes) is wrapped in pieces, so that no key waits for the whole of it.
const PIECE: usize = 8 << 10;
/// So many characters behind a full row decide where it may end.
const AHEAD: usize = 16;

/// Byte ranges of the rows of a text when wrapped at `width` cells, from some row on.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    text: &'a str,
    width: usize,
    ambiguous: Ambiguous,
    /// Where the next row begins, and the line it belongs to.
    next: Option<(usize, (usize, usize))>,
}

impl<'a> Rows<'a> {
    /// All rows of a text.
    pub fn new(text: &'a str, width: usize, ambiguous: Ambiguous) -> Rows<'a> {
        Rows { text, width: width.max(1), ambiguous, next: Some((0, line_at(text, 0))) }
    }

    /// The rows from the beginning of the piece in which `at` lies.
    fn around(text: &'a str, at: usize, width: usize, ambiguous: Ambiguous) -> (usize, Rows<'a>) {
        let line = line_at(text, at);
        let whole = at.saturating_sub(line.0) / PIECE;
        let ends = (0..=whole + 1).rev().map(|n| piece(text, line, n));
        let start = ends.into_iter().find(|start| *start <= at && (*start < line.1 || *start == line.0));
        let start = start.unwrap_or(line.0);
        (start, Rows { next: Some((start, line)), ..Rows::new(text, width, ambiguous) })
    }
}

/// The line, without its line break, in which `at` lies.
fn line_at(text: &str, at: usize) -> (usize, usize) {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    (start, text[at..].find('\n').map_or(text.len(), |n| at + n))
}

/// Where the `n`th piece of a line begins.
fn piece(text: &str, line: (usize, usize), n: usize) -> usize {
    let at = line.0 + n * PIECE;
    if at >= line.1 { line.1 } else { boundary_before(text, at).max(line.0) }
}

impl Iterator for Rows<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let (from, line) = self.next?;
        let first = (from - line.0) / PIECE + 1;
        let end = (first..).map(|n| piece(self.text, line, n)).find(|end| *end > from || *end == line.1);
        let end = end.unwrap_or(line.1);
        let to = from + row(&self.text[from..end], self.width, self.ambiguous);
        self.next = match to < line.1 {
            true => Some((to, line)),
            false => (to < self.text.len()).then(|| (to + 1, line_at(self.text, to + 1))),
        };
        Some((from, to))
    }
}

/// Byte ranges of all rows of `text` when wrapped at `width` cells.
pub fn wrap(text: &str, width: usize, ambiguous: Ambiguous) -> Vec<(usize, usize)> {
    Rows::new(text, width, ambiguous).collect()
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

/// Bytes of the first row of `rest`: what fits, ended where a line may end; at least one character.
fn row(rest: &str, width: usize, ambiguous: Ambiguous) -> usize {
    let mut used = 0;
    let mut starts = Vec::new();
    let mut fits = None;
    for (at, grapheme) in rest.grapheme_indices(true) {
        used += cell(grapheme, ambiguous);
        if used > width && at > 0 {
            fits = Some(at);
            break;
        }
        starts.push(at);
    }
    let Some(fits) = fits else {
        return rest.len();
    };
    starts.push(fits);
    let ahead = rest[fits..].char_indices().nth(AHEAD).map_or(rest.len(), |(i, _)| fits + i);
    let allowed = |at: &usize| starts.binary_search(at).is_ok();
    breaks(&rest[..ahead]).take_while(|at| *at <= fits).filter(allowed).last().unwrap_or(fits)
}

/// The rows around a cursor and the one it stands on: up to `above` before it and `below` after it.
pub fn around(
    text: &str,
    at: usize,
    (width, ambiguous): (usize, Ambiguous),
    (above, below): (usize, usize),
) -> (Vec<(usize, usize)>, usize) {
    let (mut start, mut rest) = Rows::around(text, at, width, ambiguous);
    let mut rows: Vec<(usize, usize)> = Vec::new();
    let mut after = Vec::new();
    for row in rest.by_ref() {
        if row.0 > at {
            after.push(row);
            break;
        }
        rows.push(row);
    }
    while rows.len() <= above && start > 0 {
        let before = if text[..start].ends_with('\n') { start - 1 } else { boundary_before(text, start - 1) };
        let (from, earlier) = Rows::around(text, before, width, ambiguous);
        rows.splice(0..0, earlier.take_while(|row| row.0 < start));
        start = from;
    }
    let here = rows.len() - 1;
    after.extend(rest.take(below.saturating_sub(after.len())));
    after.truncate(below);
    rows.extend(after);
    let first = here.saturating_sub(above);
    (rows.split_off(first), here - first)
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
        assert_eq!(rows("a\n", 10), ["a", ""]);
        assert_eq!(rows("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(rows("漢字", 1), ["漢", "字"]);
    }

    #[test]
    fn no_row_ends_with_an_opening_bracket_or_begins_with_a_full_stop() {
        assert_eq!(rows("全員に周知すること（第2回）を決める。", 20), ["全員に周知すること", "（第2回）を決める。"]);
        assert_eq!(rows("これは九文字の文だ。", 18), ["これは九文字の文", "だ。"]);
        for mark in ["。", "、", "）", "」", "ー", "ァ", "っ", "々", "！", "？", "・"] {
            let text = format!("あいうえおかきくけこ{mark}さし");
            assert!(rows(&text, 20).iter().all(|row| !row.starts_with(mark)), "{mark} begins a row");
        }
        for mark in ["（", "「", "『", "【"] {
            let text = format!("あいうえおかきくけ{mark}さしす");
            assert!(rows(&text, 20).iter().all(|row| !row.ends_with(mark)), "{mark} ends a row");
        }
    }

    #[test]
    fn the_rows_around_a_place_are_those_of_the_whole() {
        let long = "方針を策定し、".repeat(1700);
        let text = format!("一\n\n{long}\n二\n{}\n", "x".repeat(PIECE));
        let all = wrap(&text, 20, Ambiguous::Narrow);
        for (n, row) in all.iter().enumerate().filter(|(n, _)| n % 37 == 0 || all.len() - n < 9 || *n < 9) {
            let (some, here) = around(&text, row.0, (20, Ambiguous::Narrow), (4, 3));
            assert_eq!(some, all[n.saturating_sub(4)..(n + 4).min(all.len())], "row {n}");
            assert_eq!(here, n.min(4), "row {n}");
        }
        let joined: usize = all.iter().map(|(from, to)| to - from).sum();
        assert_eq!(joined, text.replace('\n', "").len(), "nothing is left out");
    }
}
