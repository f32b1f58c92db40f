//! One row of a frame as words: what is drawn for the eye alone is left out, and values get their headings.

use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};

use crate::app::width::{Ambiguous, cells};

/// What stands together without a space.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Cells from the left.
    from: u16,
    to: u16,
    text: String,
    /// It explains something else.
    quiet: bool,
    /// It is chosen.
    bar: bool,
}

/// The words of a row, from the left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(Vec<Word>);

impl Row {
    /// Reads a row of a frame that was drawn with this style for what is quiet.
    pub fn read(buffer: &Buffer, y: u16, quiet: Style) -> Row {
        let mut words: Vec<Word> = Vec::new();
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let symbol = cell.symbol();
            let wide = u16::try_from(cells(symbol, Ambiguous::Narrow)).unwrap_or(1).max(1);
            if !symbol.trim().is_empty() && !symbol.starts_with(drawn) {
                let begun = words.last_mut().filter(|w| w.to == x);
                match begun {
                    Some(word) => word.text.push_str(symbol),
                    None => words.push(Word {
                        from: x,
                        to: x,
                        text: symbol.to_owned(),
                        quiet: cell.style().fg == quiet.fg,
                        bar: cell.style().add_modifier.contains(Modifier::REVERSED),
                    }),
                }
                if let Some(word) = words.last_mut() {
                    word.to = x + wide;
                }
            }
            x += wide;
        }
        words.retain(|w| !for_the_eye(&w.text));
        Row(words)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// It stands in reverse video.
    pub fn chosen(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|w| w.bar)
    }

    /// A horizontal line.
    pub fn is_rule(buffer: &Buffer, y: u16) -> bool {
        (0..buffer.area.width).filter(|x| buffer[(*x, y)].symbol().starts_with(drawn)).count() > 20
    }

    /// What alone stands in reverse video, as the chosen one of several.
    pub fn marked(&self, pause: &str) -> Option<String> {
        let bar: Vec<Word> = self.0.iter().filter(|w| w.bar).cloned().collect();
        (!bar.is_empty() && bar.len() < self.0.len()).then(|| Row(bar).text(pause))
    }

    /// The names of columns.
    pub fn heads(&self) -> bool {
        self.0.len() > 2 && self.0.iter().all(|w| w.quiet)
    }

    /// Its words; `pause` stands where the eye sees a gap.
    pub fn text(&self, pause: &str) -> String {
        let mut out = String::new();
        let mut end = None;
        for word in &self.0 {
            match end {
                Some(end) if word.from > end + 1 => out.push_str(pause),
                Some(_) => out.push(' '),
                None => {}
            }
            out.push_str(&word.text);
            end = Some(word.to);
        }
        out
    }

    /// Its words below these headings: `heading: value`.
    pub fn below(&self, heads: &Row, pause: &str) -> String {
        let columns = heads.columns();
        let mut parts: Vec<(Option<usize>, String)> = Vec::new();
        for word in &self.0 {
            let column = columns.iter().rposition(|(from, _)| *from < word.to);
            match parts.last_mut().filter(|(last, _)| *last == column) {
                Some((_, text)) => *text = format!("{text} {}", word.text),
                None => parts.push((column, word.text.clone())),
            }
        }
        let told = parts.into_iter().map(|(column, text)| match column.map(|c| &columns[c].1) {
            Some(head) => format!("{head}: {text}"),
            None => text,
        });
        told.collect::<Vec<_>>().join(pause)
    }

    /// Where each heading begins. A small letter goes on with the heading before it (`Next session`).
    fn columns(&self) -> Vec<(u16, String)> {
        let mut columns: Vec<(u16, u16, String)> = Vec::new();
        for word in &self.0 {
            let goes_on = word.text.starts_with(|c: char| c.is_ascii_lowercase());
            match columns.last_mut().filter(|(_, to, _)| goes_on && word.from == *to + 1) {
                Some((_, to, head)) => (*to, *head) = (word.to, format!("{head} {}", word.text)),
                None => columns.push((word.from, word.to, word.text.clone())),
            }
        }
        columns.into_iter().map(|(from, _, head)| (from, head)).collect()
    }
}

/// Lines, bars, radar and marks: their meaning is also said in words or numbers.
fn for_the_eye(text: &str) -> bool {
    let bar = |c: char| "=-#.:_|+*~^[]".contains(c);
    matches!(text, ">" | "<" | ":" | "|") || text.len() > 2 && text.chars().all(bar)
}

/// Lines and dots of drawings.
fn drawn(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{257f}' | '\u{2800}'..='\u{28ff}')
}
