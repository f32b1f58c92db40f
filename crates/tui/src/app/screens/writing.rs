//! Draws the windows over a text field: the preview of a paste, search and replace, phrases, names of files.

use ratatui::layout::Rect;

use crate::app::canvas::Canvas;
use crate::app::field::Field;
use crate::app::form::{self, Form};
use crate::app::keymap::{Action, Table};
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::paths::{ROWS, Strip};
use crate::app::rows::Rows;
use crate::app::typed::limit;
use crate::app::width::fit;
use crate::app::writing::{Pasting, Seek, Write, phrases, to_keep};

/// Cells before a field.
const LABEL: u16 = 16;

/// What a paste will put where; nothing of it is in a field yet.
pub fn paste(model: &Model, pasting: &Pasting, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let Some(form) = &model.form else {
        return;
    };
    let (lines, characters) = (pasting.lines.to_string(), pasting.characters.to_string());
    canvas.text(area.x, area.y, area.width, words.get("write.paste_title"), Role::Strong);
    let mut size = words.fill("write.size", &[("lines", &lines), ("n", &characters)]);
    let removed = pasting.removed;
    if removed.controls + removed.directions > 0 {
        let (c, d) = (removed.controls.to_string(), removed.directions.to_string());
        size = format!("{size}  {}", words.fill("write.cleaned", &[("c", &c), ("d", &d)]));
    }
    canvas.text(area.x, area.y + 1, area.width, &size, Role::Plain);
    let way = match (pasting.split, pasting.cells.len() > 1) {
        (true, _) => "write.one_each",
        (false, true) => "write.all_in_one",
        (false, false) => "write.as_it_is",
    };
    canvas.text(area.x, area.y + 2, area.width, words.get(way), Role::Plain);
    let rest = Rect { y: area.y + 4, height: area.height.saturating_sub(4), ..area };
    if pasting.split {
        cells(form, pasting, canvas, rest);
    } else {
        whole(form, pasting, canvas, rest);
    }
    canvas.point(area.x, area.y);
}

fn cells(form: &Form, pasting: &Pasting, canvas: &mut Canvas<'_>, area: Rect) {
    let words = canvas.look.words();
    let targets = pasting.targets(form);
    let left = pasting.cells.len() - targets.len();
    let room = usize::from(area.height.saturating_sub(1));
    let mut y = area.y;
    for (index, cell) in targets.iter().take(room) {
        let label = form.entries[*index].label;
        canvas.text(area.x, y, LABEL * 2 - 2, words.get(label), Role::Quiet);
        canvas.text(area.x + LABEL * 2, y, area.width.saturating_sub(LABEL * 2), cell, Role::Plain);
        y += 1;
    }
    if left > 0 {
        canvas.text(area.x, y, area.width, &words.fill("write.no_field_for", &[("n", &left.to_string())]), Role::Bad);
    }
}

fn whole(form: &Form, pasting: &Pasting, canvas: &mut Canvas<'_>, area: Rect) {
    let words = canvas.look.words();
    let mut y = area.y;
    if let Some(entry) = form.entries.get(form.at) {
        let there = form.text(entry.label).chars().count();
        let most = limit(entry.label, form.wants_enter());
        let over = most.map_or(0, |most| (there + pasting.characters).saturating_sub(most));
        if let Some(most) = most.filter(|_| over > 0) {
            let values = [("n", &over.to_string()[..]), ("max", &most.to_string())];
            canvas.text(area.x, y, area.width, &words.fill("write.over", &values), Role::Bad);
            y += 1;
        }
    }
    let rows = Rows::new(&pasting.text, usize::from(area.width), canvas.look.ambiguous);
    for (y, (from, to)) in (y..area.bottom()).zip(rows) {
        canvas.text(area.x, y, area.width, &pasting.text[from..to], Role::Quiet);
    }
}

/// Search and replace, with how many places there are.
pub fn seek(model: &Model, seek: &Seek, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let width = area.width.saturating_sub(LABEL + 1);
    for (y, label, field, focus) in
        [(area.y, "write.find", &seek.find, !seek.second), (area.y + 1, "write.with", &seek.with, seek.second)]
    {
        let role = if focus { Role::Strong } else { Role::Plain };
        canvas.text(area.x, y, LABEL - 1, words.get(label), role);
        one_line(field, canvas, (area.x + LABEL, y), width, focus);
    }
    let text = model.form.as_ref().and_then(|form| Some(form.text(form.entries.get(form.at)?.label)));
    let wanted = seek.find.text();
    let count = if wanted.is_empty() { 0 } else { text.map_or(0, |text| text.matches(wanted).count()) };
    let line = words.fill("write.places", &[("n", &count.to_string())]);
    canvas.text(area.x, area.y + 3, area.width, &line, Role::Plain);
}

fn one_line(field: &Field, canvas: &mut Canvas<'_>, (x, y): (u16, u16), width: u16, focus: bool) {
    let ambiguous = canvas.look.ambiguous;
    let (seen, column) = field.window(usize::from(width), ambiguous);
    canvas.marked(x, y, width, seen, field.marked(usize::from(width), ambiguous).filter(|_| focus));
    if focus {
        canvas.point(x + column as u16, y);
    }
}

/// The phrases by name, the chosen one in full below.
pub fn choose(model: &Model, query: &Field, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let rows = phrases(model, query.text());
    let below = 4.min(area.height / 3);
    let height = usize::from(area.height.saturating_sub(below + 3));
    let at = cursor.at(rows.len());
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(area.x, y, area.width, rows[index].name, role);
        let own = if rows[index].own.is_some() { words.get("write.own") } else { "" };
        canvas.right(area.x, y, area.width, own, role);
    }
    if let Some(text) = to_keep(model) {
        let key = model.look.keys.shown(Table::Phrases, Action::Write(Write::Keep));
        let line = words.fill("write.would_keep", &[("key", &key), ("text", text.lines().next().unwrap_or(""))]);
        let line = fit(&line, usize::from(area.width), canvas.look.ambiguous);
        canvas.text(area.x, area.y + 1, area.width, &line, Role::Quiet);
    }
    let text = rows.get(at).map_or(words.get("write.no_phrase"), |phrase| phrase.text);
    let foot = Rect { y: area.bottom().saturating_sub(below), height: below, ..area };
    canvas.paragraph(foot, text, Role::Quiet);
    canvas.text(area.x, area.y, 2, ">", Role::Strong);
    one_line(query, canvas, (area.x + 2, area.y), area.width.saturating_sub(3), true);
}

/// The names that a path goes on with, below its field, or above where no room is left.
pub fn names(strip: &Strip, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(field) = canvas.cursor else { return };
    let (names, at) = (&strip.found.names, strip.cursor.at(strip.found.names.len()));
    let seen = strip.cursor.window(names.len(), usize::from(ROWS));
    let height = seen.len() as u16;
    let below = field.y + height < body.bottom();
    let y = if below { field.y + 1 } else { field.y.saturating_sub(height) };
    let area = Rect { x: form::LABEL - 1, y, width: body.width.saturating_sub(form::LABEL), height };
    canvas.blank(area, Role::Plain);
    for (y, index) in (area.y..).zip(seen) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(area.x, y, area.width, &format!(" {}", names[index]), role);
        if index == at {
            canvas.right(area.x, y, area.width, &format!("  {}/{} ", at + 1, strip.found.all), role);
        }
    }
}
