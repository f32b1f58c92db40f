//! One labelled field of a form: how it is made, how many rows it takes, and how it is drawn.

use ratatui::layout::Rect;

use super::{AREA_WIDTH, Entry, Input};
use crate::app::area::Area;
use crate::app::canvas::Canvas;
use crate::app::field::{Field, Secret};
use crate::app::look::Role;
use crate::app::typed::{self, Kind, Reader};

/// Rows of a multi-line field.
const AREA_ROWS: u16 = 6;
/// Cells before the fields.
pub const LABEL: u16 = 24;
/// Cells of a date, a time or a number; beside it stands what it is read as.
const TYPED: u16 = 20;

impl Entry {
    /// A single-line field that starts with `text`.
    pub fn line(label: &'static str, text: &str) -> Entry {
        Entry { label, input: Input::Line(Field::new(text)) }
    }

    /// A multi-line field that starts with `text`.
    pub fn many(label: &'static str, text: &str) -> Entry {
        Entry { label, input: Input::Many(Area::new(text)) }
    }

    /// A choice.
    pub fn pick(label: &'static str, options: Vec<String>, at: usize) -> Entry {
        Entry { label, input: Input::Pick { options, at } }
    }

    /// A passphrase.
    pub fn secret(label: &'static str) -> Entry {
        Entry { label, input: Input::Secret(Secret::default()) }
    }

    /// The text of a line or of an area.
    pub fn text(&self) -> &str {
        match &self.input {
            Input::Line(field) => field.text(),
            Input::Many(area) => area.text(),
            Input::Pick { .. } | Input::Secret(_) => "",
        }
    }

    /// The text, or the position chosen; nothing of a secret.
    pub(super) fn value(&self) -> String {
        match &self.input {
            Input::Line(field) => field.text().to_owned(),
            Input::Many(area) => area.text().to_owned(),
            Input::Pick { at, .. } => at.to_string(),
            Input::Secret(_) => String::new(),
        }
    }

    pub(super) fn height(&self) -> u16 {
        match self.input {
            Input::Many(_) => AREA_ROWS,
            _ => 1,
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool, reader: &Reader<'_>) {
        let words = canvas.look.words();
        let ambiguous = canvas.look.ambiguous;
        let mark = if focused { ">" } else { " " };
        let role = if focused { Role::Strong } else { Role::Plain };
        canvas.text(area.x + 1, area.y, 1, mark, role);
        canvas.text(area.x + 3, area.y, LABEL - 4, words.get(self.label), role);
        let x = area.x + LABEL;
        let width = area.width.saturating_sub(LABEL + 1);
        let column = match &self.input {
            Input::Line(field) => {
                let kind = typed::kind(self.label);
                let short = matches!(kind, Kind::Date | Kind::Time | Kind::Number);
                let room = if short { width.min(TYPED) } else { width };
                let (seen, column) = field.window(usize::from(room), ambiguous);
                canvas.marked(x, area.y, room, seen, field.marked(usize::from(room), ambiguous).filter(|_| focused));
                let after = if short { room } else { canvas.cells(seen) };
                let (shown, role) = match reader.beside(self.label, field.text()) {
                    Some(Ok(shown)) => (shown, Role::Quiet),
                    Some(Err(_)) => (words.get("write.unread").to_owned(), Role::Busy),
                    None => (String::new(), Role::Quiet),
                };
                canvas.text(x + after + 2, area.y, width.saturating_sub(after + 2), &shown, role);
                column
            }
            Input::Many(text) => {
                let height = usize::from(AREA_ROWS - 1);
                let (seen, cursor) = text.seen(usize::from(AREA_WIDTH), height, ambiguous);
                let marked = text.selection().filter(|_| focused).unwrap_or(0..0);
                for (y, (from, to)) in (area.y + 1..).zip(seen) {
                    let part = marked.start.clamp(from, to) - from..marked.end.clamp(from, to) - from;
                    canvas.marked(area.x + 3, y, AREA_WIDTH, &text.text()[from..to], Some(part));
                }
                if focused {
                    canvas.text(x, area.y, width, &text.mode(canvas.look), Role::Strong);
                    canvas.point(area.x + 3 + cursor.0 as u16, area.y + 1 + cursor.1 as u16);
                }
                return;
            }
            Input::Pick { options, at } => {
                let shown = options.get(*at).map_or("", String::as_str);
                canvas.text(x, area.y, width, &format!("< {shown} >"), Role::Plain);
                2
            }
            Input::Secret(secret) => {
                let stars = "*".repeat(secret.count().min(usize::from(width.saturating_sub(1))));
                canvas.text(x, area.y, width, &stars, Role::Plain);
                stars.len()
            }
        };
        if focused {
            canvas.point(x + column as u16, area.y);
        }
    }
}
