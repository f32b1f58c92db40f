//! What was changed, newest first: when, what, for whom, and what stood there before and after.

use bansou_core::history::{self, Difference, REDO, UNDO};
use bansou_core::record::v1::{JournalEntry, Record};
use ratatui::layout::Rect;

use super::{Scene, client_name, day, fields};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::{Model, Screen};
use crate::app::width::fit;

/// Cells of a client's name.
const NAME: u16 = 20;
/// Rows of the chosen change below the list.
const DETAIL: u16 = 7;

/// Places in the model's history of the rows shown, newest first: of one engagement when it was opened from there.
pub fn rows(model: &Model) -> Vec<usize> {
    let Screen::History { deleted, from, .. } = &model.screen else { return Vec::new() };
    let of = match from.as_ref() {
        Screen::Work(work) => Some(work.engagement),
        _ => None,
    };
    let today = model.clock.date();
    let shown = |e: &JournalEntry| {
        !bansou_core::command::housekeeping(e)
            && of.is_none_or(|id| history::engagement_of(e) == Some(id))
            && (!deleted || history::in_bin(&model.books, e, today))
    };
    (0..model.history.len()).rev().filter(|at| shown(&model.history[*at].1)).collect()
}

/// Draws the changes, and the chosen one field by field.
pub fn draw(model: &Model, cursor: Cursor, deleted: bool, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let rows = rows(model);
    let count = rows.len().to_string();
    let title = words.fill(if deleted { "history.deleted" } else { "history.title" }, &[("n", &count)]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    canvas.point(1, area.y + 1);
    let about = if deleted { "history.bin" } else { "history.about" };
    canvas.text(1, area.y + 1, area.width - 1, words.get(about), Role::Quiet);
    if rows.is_empty() {
        canvas.text(1, area.y + 2, area.width - 1, words.get("history.nothing"), Role::Plain);
        return;
    }
    let at = cursor.at(rows.len());
    let below = DETAIL.max(area.height / 3);
    let height = usize::from(area.height.saturating_sub(2 + below));
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, role);
        row(model, rows[index], canvas, Rect { x: 3, y, width: area.width - 4, height: 1 }, role);
        if index == at {
            canvas.point(1, y);
        }
    }
    let y = area.bottom() - below;
    canvas.rule(0, y, area.width);
    detail(
        model,
        &model.history[rows[at]].1,
        canvas,
        Rect { x: 1, y: y + 1, width: area.width - 2, height: below - 1 },
    );
}

fn row(model: &Model, at: usize, canvas: &mut Canvas<'_>, area: Rect, role: Role) {
    let words = model.look.words();
    let (seq, entry) = &model.history[at];
    let when = format!("{} {}", day(words, entry.at.date()), entry.at.strftime("%H:%M"));
    let x = canvas.text(area.x, area.y, 18, &when, role) + 2;
    let scene = history::engagement_of(entry).and_then(|id| Scene::about(model, id));
    let name = scene.map_or("", |s| client_name(model, s.client, None));
    canvas.text(x, area.y, NAME, name, role);
    let x = x + NAME + 1;
    let undone = model.history.iter().any(|(_, e)| e.undoes == Some(*seq));
    let mark = if undone { words.get("history.undone") } else { "" };
    let room = area.right().saturating_sub(x + canvas.cells(mark) + 1);
    let mut text = told(model, entry);
    if let (Some(first), false) = (differences(entry).first(), model.look.client_safe) {
        text = format!("{text}  {}", line(model, entry, first));
    }
    canvas.text(x, area.y, room, &fit(&text, usize::from(room), model.look.ambiguous), role);
    canvas.right(area.x, area.y, area.width, mark, role);
}

/// What was done, in words.
pub fn told(model: &Model, entry: &JournalEntry) -> String {
    let words = model.look.words();
    let Some(change) = entry.changes.first() else { return String::new() };
    let Some(record) = change.after.as_ref().or(change.before.as_ref()) else { return String::new() };
    let kind = record.kind();
    let what = words.get(KINDS.iter().find(|k| k.0 == kind).map_or("kind.other", |k| k.1));
    let deed = match (&change.before, &change.after) {
        (None, _) => "history.made",
        (_, None) => "history.removed",
        (Some(Record::Plan(before)), Some(Record::Plan(after))) if after.lines.len() < before.lines.len() => {
            "history.removed_part"
        }
        _ => "history.changed",
    };
    let text = words.fill(deed, &[("what", what)]);
    match entry.command.as_str() {
        UNDO => words.fill("history.took_back", &[("text", &text)]),
        REDO => words.fill("history.did_again", &[("text", &text)]),
        _ => text,
    }
}

fn detail(model: &Model, entry: &JournalEntry, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    canvas.text(area.x, area.y, area.width, &told(model, entry), Role::Strong);
    if model.look.client_safe {
        canvas.text(area.x, area.y + 1, area.width, words.get("view.hidden"), Role::Plain);
        return;
    }
    let all = differences(entry);
    let room = usize::from(area.height.saturating_sub(1));
    let shown = if all.len() > room { room.saturating_sub(1) } else { all.len() };
    for (y, difference) in (area.y + 1..).zip(&all[..shown]) {
        let text = fit(&line(model, entry, difference), usize::from(area.width - 2), model.look.ambiguous);
        canvas.text(area.x + 2, y, area.width - 2, &text, Role::Plain);
    }
    if shown < all.len() && room > 0 {
        let more = words.fill("today.more", &[("n", &(all.len() - shown).to_string())]);
        canvas.text(area.x + 2, area.bottom() - 1, area.width - 2, &more, Role::Quiet);
    }
}

/// What differs in fields that have a name for people, with the kind of their record.
fn differences(entry: &JournalEntry) -> Vec<(&'static str, Difference)> {
    let mut named: Vec<(usize, &str, Difference)> = Vec::new();
    for change in &entry.changes {
        let Some(record) = change.after.as_ref().or(change.before.as_ref()) else { continue };
        let all = history::differences(change).into_iter();
        named.extend(all.filter_map(|d| Some((fields::place(&d.path)?, record.kind(), d))));
    }
    named.sort_by_key(|(place, ..)| *place);
    named.into_iter().map(|(_, kind, difference)| (kind, difference)).collect()
}

/// One field: its name, what stood there, what stands there.
fn line(model: &Model, entry: &JournalEntry, (kind, difference): &(&str, Difference)) -> String {
    let scene = history::engagement_of(entry).and_then(|id| Scene::about(model, id));
    let name = fields::name(model, scene.as_ref(), kind, &difference.path);
    format!("{name}: {}", fields::turn(model, scene.as_ref(), kind, difference))
}

/// The kinds of records, and the keys of their names.
const KINDS: [(&str, &str); 18] = [
    ("client", "kind.client"),
    ("engagement", "kind.engagement"),
    ("sheet", "kind.sheet"),
    ("note", "kind.note"),
    ("attachment", "kind.attachment"),
    ("policy", "kind.policy"),
    ("regulations", "kind.regulations"),
    ("plan", "kind.plan"),
    ("final-report", "kind.final_report"),
    ("artefact", "kind.artefact"),
    ("claim", "kind.claim"),
    ("outbox", "kind.outbox"),
    ("hold", "kind.hold"),
    ("pairing", "kind.pairing"),
    ("handout", "kind.handout"),
    ("returned", "kind.returned"),
    ("shared", "kind.shared"),
    ("phrase", "kind.phrase"),
];
