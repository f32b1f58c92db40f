//! Hearing notes, oldest first. They never leave this machine.

use bansou_core::record::v1::Id;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// Draws the notes; the whole text of the chosen one below them.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    canvas.text(1, area.y, area.width - 1, words.get("notes.title"), Role::Strong);
    if scene.model.look.client_safe {
        canvas.text(1, area.y + 1, area.width - 1, words.get("view.hidden"), Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let notes = scene.model.books.notes_of(scene.engagement.id);
    if notes.is_empty() {
        canvas.text(1, area.y + 1, area.width - 1, words.get("notes.empty"), Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let at = cursor.at(notes.len());
    let height = usize::from(area.height / 2);
    for (y, index) in (area.y + 1..).zip(cursor.window(notes.len(), height)) {
        let note = notes[index];
        let role = if index == at { Role::Bar } else { Role::Plain };
        let first = note.text.lines().next().unwrap_or("");
        let date = note.at.strftime("%m/%d %H:%M").to_string();
        canvas.row(1, y, area.width - 1, &format!("{date}  {} {first}", note.who), role);
        if index == at {
            canvas.point(1, y);
        }
    }
    let below = area.y + 2 + height as u16;
    canvas.rule(0, below - 1, area.width);
    let text = &notes[at].text;
    let width = usize::from(area.width.saturating_sub(4));
    let rows = crate::app::area::wrap(text, width, scene.model.look.ambiguous);
    for (y, (from, to)) in (below..area.bottom()).zip(rows) {
        canvas.text(2, y, area.width - 3, &text[from..to], Role::Plain);
    }
}

/// The note under the cursor.
pub fn chosen(scene: &Scene<'_>, cursor: Cursor) -> Option<Id> {
    let notes = scene.model.books.notes_of(scene.engagement.id);
    notes.get(cursor.at(notes.len())).map(|n| n.id)
}
