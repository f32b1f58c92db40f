//! Drawing by cells: text that is clipped, lines that become ASCII on wide terminals, and the one hardware cursor.

use std::num::NonZeroU16;
use std::ops::Range;

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::look::{Look, Role};
use super::rows::Rows;
use super::width::{Ambiguous, cell, cells, is_ambiguous};

/// Cells from which on a place has room for a mark.
const MARKED: u16 = 5;

const TWO: NonZeroU16 = NonZeroU16::new(2).expect("two is not zero");

/// A buffer to draw on, with the look and the place of the hardware cursor.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    pub look: Look,
    pub cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a whole buffer.
    pub fn new(buffer: &'a mut Buffer, look: Look) -> Canvas<'a> {
        Canvas { buffer, look, cursor: None }
    }

    /// Everything that can be drawn on.
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Cells of a text on this terminal.
    pub fn cells(&self, text: &str) -> u16 {
        u16::try_from(cells(text, self.look.ambiguous)).unwrap_or(u16::MAX)
    }

    /// Draws text from (x, y) in at most `width` cells; answers the cell after it.
    pub fn text(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) -> u16 {
        let area = self.buffer.area;
        let end = x.saturating_add(width).min(area.right());
        let style = self.look.style(role);
        let mut at = x;
        if y >= area.bottom() {
            return at;
        }
        for (from, grapheme) in text.grapheme_indices(true) {
            let wide = cell(grapheme, self.look.ambiguous) as u16;
            if wide == 0 {
                continue;
            }
            if at + wide > end {
                if !text[from..].trim().is_empty() && end.saturating_sub(x) >= MARKED {
                    self.cut(at, end, y, style);
                }
                break;
            }
            let target = &mut self.buffer[(at, y)];
            target.set_symbol(grapheme).set_style(style);
            if self.look.ambiguous == Ambiguous::Wide && is_ambiguous(grapheme) {
                target.set_diff_option(CellDiffOption::ForcedWidth(TWO));
            }
            for covered in at + 1..at + wide {
                self.buffer[(covered, y)].reset();
                self.buffer[(covered, y)].set_style(style);
            }
            at += wide;
        }
        at
    }

    /// Marks the last cell before `end` of a text that was drawn up to `at`: what is cut must not look whole.
    fn cut(&mut self, at: u16, end: u16, y: u16, style: Style) {
        let last = end - 1;
        // A wide character that begins one cell earlier goes as a whole.
        if at == end && cell(self.buffer[(last - 1, y)].symbol(), self.look.ambiguous) == 2 {
            self.buffer[(last - 1, y)].reset();
            self.buffer[(last - 1, y)].set_style(style);
        }
        self.buffer[(last, y)].reset();
        self.buffer[(last, y)].set_symbol("~").set_style(style);
    }

    /// Draws text of which the bytes in `marked` are selected.
    pub fn marked(&mut self, x: u16, y: u16, width: u16, text: &str, marked: Option<Range<usize>>) {
        let marked = marked.unwrap_or(0..0);
        let end = x.saturating_add(width);
        let mut at = x;
        for (part, role) in [
            (&text[..marked.start], Role::Plain),
            (&text[marked.start..marked.end], Role::Bar),
            (&text[marked.end..], Role::Plain),
        ] {
            at = self.text(at, y, end.saturating_sub(at), part, role);
        }
    }

    /// Draws text and fills the rest of `width` with the same style.
    pub fn row(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) {
        self.blank(Rect::new(x, y, width, 1), role);
        self.text(x, y, width, text, role);
    }

    /// Draws text that ends at the right edge of `width` cells from `x`.
    pub fn right(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) {
        let wide = self.cells(text).min(width);
        self.text(x.saturating_add(width - wide), y, wide, text, role);
    }

    /// Draws text over as many rows of `area` as it needs; answers the row after it.
    pub fn paragraph(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let mut y = area.y;
        for (from, to) in Rows::new(text, usize::from(area.width.max(2)), self.look.ambiguous) {
            if y >= area.bottom() {
                break;
            }
            self.text(area.x, y, area.width, &text[from..to], role);
            y += 1;
        }
        y
    }

    /// Empties a rectangle.
    pub fn blank(&mut self, rect: Rect, role: Role) {
        let style = self.look.style(role);
        let rect = rect.intersection(self.buffer.area);
        for y in rect.top()..rect.bottom() {
            for x in rect.left()..rect.right() {
                self.buffer[(x, y)].reset();
                self.buffer[(x, y)].set_style(style);
            }
        }
    }

    /// A horizontal line.
    pub fn rule(&mut self, x: u16, y: u16, width: u16) {
        let line = self.chrome("\u{2500}", "-").repeat(usize::from(width));
        self.text(x, y, width, &line, Role::Quiet);
    }

    /// A vertical line.
    pub fn wall(&mut self, x: u16, y: u16, height: u16) {
        for row in y..y.saturating_add(height).min(self.buffer.area.bottom()) {
            self.text(x, row, 1, self.chrome("\u{2502}", "|"), Role::Quiet);
        }
    }

    /// A bar of `width` cells in ASCII, `part` of `whole` filled.
    pub fn bar(&mut self, x: u16, y: u16, width: u16, part: u64, whole: u64) {
        let inner = u64::from(width.saturating_sub(2));
        let full = (inner * part.min(whole) + whole / 2).checked_div(whole).unwrap_or(0);
        let bar = format!("[{}{}]", "#".repeat(full as usize), ".".repeat((inner - full) as usize));
        self.text(x, y, width, &bar, Role::Plain);
    }

    /// Puts the hardware cursor; the last call of a frame wins.
    pub fn point(&mut self, x: u16, y: u16) {
        let area = self.buffer.area;
        if !area.is_empty() {
            self.cursor = Some(Position::new(x.min(area.right() - 1), y.min(area.bottom() - 1)));
        }
    }

    fn chrome(&self, narrow: &'static str, wide: &'static str) -> &'static str {
        match self.look.ambiguous {
            Ambiguous::Narrow => narrow,
            Ambiguous::Wide => wide,
        }
    }
}
