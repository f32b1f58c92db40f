//! How many terminal cells a text takes. The only place that measures.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How the terminal draws characters of East Asian "ambiguous" width (①, ─, …).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ambiguous {
    /// One cell each.
    #[default]
    Narrow,
    /// Two cells each.
    Wide,
}

/// False for what must never reach a terminal: control and bidirectional-override characters.
pub fn printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// True when terminals disagree about this grapheme's width.
pub fn is_ambiguous(grapheme: &str) -> bool {
    grapheme.width() == 1 && grapheme.width_cjk() == 2
}

/// Cells of one grapheme; 0 for what is not drawn.
pub fn cell(grapheme: &str, ambiguous: Ambiguous) -> usize {
    if !grapheme.chars().all(printable) {
        0
    } else if ambiguous == Ambiguous::Wide && is_ambiguous(grapheme) {
        2
    } else {
        usize::from(grapheme.cell_width())
    }
}

/// Cells of a whole text.
pub fn cells(text: &str, ambiguous: Ambiguous) -> usize {
    text.graphemes(true).map(|g| cell(g, ambiguous)).sum()
}

/// The longest start of `text` that takes at most `max` cells.
pub fn cut(text: &str, max: usize, ambiguous: Ambiguous) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += cell(grapheme, ambiguous);
        if used > max {
            return &text[..at];
        }
    }
    text
}

/// Exactly `width` cells: cut, then filled with spaces on the right.
pub fn fit(text: &str, width: usize, ambiguous: Ambiguous) -> String {
    let shown = cut(text, width, ambiguous);
    format!("{shown}{}", " ".repeat(width - cells(shown, ambiguous).min(width)))
}

/// Exactly `width` cells, the text at the right end.
pub fn fit_right(text: &str, width: usize, ambiguous: Ambiguous) -> String {
    let shown = cut(text, width, ambiguous);
    format!("{}{shown}", " ".repeat(width - cells(shown, ambiguous).min(width)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_follow_the_measured_table() {
        for (text, narrow, wide) in [
            ("ｶﾞ", 2, 2),
            ("ﾞ", 1, 1),
            ("ﾊﾞｯｸｱｯﾌﾟ", 8, 8),
            ("か\u{3099}", 2, 2),
            ("①", 1, 2),
            ("→", 1, 2),
            ("…", 1, 2),
            ("─", 1, 2),
            ("│", 1, 2),
            ("○", 1, 2),
            ("※", 1, 2),
            ("👨\u{200D}👩\u{200D}👧", 2, 2),
            ("🇯🇵", 2, 2),
            ("𠮷", 2, 2),
            ("葛\u{E0100}", 2, 2),
            ("㈱", 2, 2),
            ("〜", 2, 2),
            ("～", 2, 2),
            ("・", 2, 2),
            ("済中未遅予", 10, 10),
            ("⠿", 1, 1),
            ("abc", 3, 3),
            ("a\u{7}b\u{202E}", 2, 2),
            ("", 0, 0),
        ] {
            assert_eq!(cells(text, Ambiguous::Narrow), narrow, "{text:?} narrow");
            assert_eq!(cells(text, Ambiguous::Wide), wide, "{text:?} wide");
        }
    }

    #[test]
    fn fitting_is_exact_and_never_splits_a_character() {
        for (text, width, expected) in [
            ("㈱北星精密", 7, "㈱北星 "),
            ("abc", 5, "abc  "),
            ("か\u{3099}き", 3, "か\u{3099} "),
            ("", 2, "  "),
            ("漢", 1, " "),
            ("漢", 0, ""),
        ] {
            assert_eq!(fit(text, width, Ambiguous::Narrow), expected);
        }
        assert_eq!(fit_right("12", 4, Ambiguous::Narrow), "  12");
        assert_eq!(fit("①②", 3, Ambiguous::Wide), "① ");
    }
}
