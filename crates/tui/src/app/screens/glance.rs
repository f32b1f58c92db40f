//! One client at a glance: beside the list on wide screens, in two lines below it on narrow ones.

use bansou_core::record::v1::Client;
use bansou_core::{deliverable, today};
use ratatui::layout::Rect;

use super::{Scene, checklist, client_name, clients, day, diagnosis, distance, percent_word};
use crate::app::canvas::Canvas;
use crate::app::look::Role;
use crate::app::model::Model;

/// Draws the client in two lines.
pub fn lines(model: &Model, client: &Client, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let width = area.width - 1;
    let name = client_name(model, client, None);
    let Some(scene) = scene_of(model, client) else {
        canvas.text(1, area.y, width, &format!("{name}  {}", words.get("clients.not_begun")), Role::Plain);
        return;
    };
    let counterpart = if model.look.client_safe { "" } else { &client.contact.counterpart };
    let first = format!("{name}  {}  {}  {counterpart}", scene.engagement.case_no, clients::next_date(&scene));
    canvas.text(1, area.y, width, &first, Role::Plain);
    if !model.look.client_safe {
        let second = format!("{}  {}", preparation(&scene), score_line(&scene));
        canvas.text(1, area.y + 1, width, &second, Role::Plain);
    }
}

fn scene_of<'a>(model: &'a Model, client: &Client) -> Option<Scene<'a>> {
    model.books.engagement_of(client.id).and_then(|e| Scene::about(model, e.id))
}

/// How far the preparation of the next session is.
pub fn preparation(scene: &Scene<'_>) -> String {
    let Some(next) = scene.engagement.next_session() else {
        return String::new();
    };
    let (done, all) = checklist::prepared(scene, next);
    let values = [("n", next.to_string()), ("done", done.to_string()), ("all", all.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    scene.words.fill("glance.prep", &values)
}

/// The total of the newest sheet and of the one before.
pub fn score_line(scene: &Scene<'_>) -> String {
    let sheets = scene.model.books.sheets_of(scene.engagement.id);
    let total = |sheet| {
        let answers = bansou_core::findings::answers(&scene.pack.diagnosis, sheet);
        scene.pack.diagnosis.score(&answers)
    };
    let Some(newest) = sheets.last() else {
        return scene.words.get("glance.no_score").to_owned();
    };
    let score = total(newest);
    let mut line = scene.words.fill("glance.score", &[("n", &score.total.to_string())]);
    if let Some(before) = sheets.len().checked_sub(2).map(|i| total(sheets[i])) {
        let change = format!("{:+}", score.total - before.total);
        let values = [("n", before.total.to_string()), ("change", change)];
        line.push_str(&scene.words.fill("glance.before", &[("n", &values[0].1), ("change", &values[1].1)]));
    }
    if !score.unknown.is_empty() {
        line.push_str(&scene.words.fill("glance.unknown", &[("n", &score.unknown.len().to_string())]));
    }
    line
}

/// Draws the client in a pane: next steps, preparation, diagnosis by part, deliverables, contact.
pub fn pane(model: &Model, client: &Client, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let (x, width) = (area.x, area.width);
    if model.look.client_safe {
        canvas.text(x, area.y, width, words.get("view.hidden"), Role::Plain);
        return;
    }
    canvas.text(x, area.y, width, &format!("{}  {}", client.name, client.kana), Role::Strong);
    let people = client.employees.to_string();
    let about = words.fill("glance.about", &[("industry", clients::industry(model, client)), ("n", &people)]);
    canvas.text(x, area.y + 1, width, &about, Role::Plain);
    let Some(scene) = scene_of(model, client) else {
        canvas.text(x, area.y + 3, width, words.get("clients.not_begun"), Role::Plain);
        return;
    };
    canvas.text(
        x,
        area.y + 2,
        width,
        &format!("{}  {}", scene.engagement.case_no, clients::next_date(&scene)),
        Role::Plain,
    );
    let mut rest = Rect { y: area.y + 4, height: area.height.saturating_sub(4), ..area };
    rest = next_steps(&scene, canvas, rest);
    rest = parts(&scene, canvas, rest);
    rest = papers(&scene, canvas, rest);
    let contact = format!("{} / {}", client.contact.representative_title, client.contact.counterpart);
    canvas.paragraph(rest, &words.fill("glance.contact", &[("text", &contact)]), Role::Plain);
}

/// What is left of an area below `y` and one empty row.
fn below(area: Rect, y: u16) -> Rect {
    let top = (y + 1).min(area.bottom());
    Rect { y: top, height: area.bottom() - top, ..area }
}

fn next_steps(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) -> Rect {
    let mut y = title(canvas, area, scene.words.get("work.next"));
    let todos = today::of_engagement(&scene.model.books, scene.pack, scene.engagement, scene.today);
    for todo in todos.iter().take(2) {
        let when = todo.due.map_or_else(String::new, |d| distance(scene.words, d, scene.today));
        let text = format!("{} {when}", super::today::sentence(scene.model, todo));
        y = row(canvas, area, y, &text, Role::Plain);
    }
    let Some(next) = scene.engagement.next_session() else {
        return below(area, y);
    };
    y = row(canvas, area, y, &preparation(scene), Role::Plain);
    for line in checklist::preparation(scene, next).iter().take(7) {
        let text = format!("  {} {}", checklist::mark(line), line.text().get(scene.model.lang()));
        y = row(canvas, area, y, &text, Role::Plain);
    }
    below(area, y)
}

fn parts(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) -> Rect {
    let mut y = title(canvas, area, &score_line(scene));
    for (name, percent) in diagnosis::parts(scene) {
        if y >= area.bottom() {
            break;
        }
        canvas.text(area.x, y, 14, name.get(scene.model.lang()), Role::Plain);
        canvas.bar(area.x + 15, y, area.width.saturating_sub(20), percent, 100);
        canvas.right(area.x, y, area.width, &format!("{percent}%"), Role::Plain);
        y += 1;
    }
    below(area, y)
}

fn papers(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) -> Rect {
    let mut y = title(canvas, area, scene.words.get("work.deliverables"));
    for state in deliverable::states(&scene.model.books, scene.pack, scene.engagement) {
        if y >= area.bottom() {
            break;
        }
        let (word, role) = match state.complete() {
            true => ("state.done", Role::Good),
            false => percent_word(usize::from(state.percent).min(99)),
        };
        canvas.text(area.x, y, 5, scene.words.get(word), role);
        let made =
            state.documents.iter().filter_map(|d| scene.model.books.artefacts.get(&d.1?)).map(|a| a.made_at).max();
        let when = made.map_or_else(|| format!("{}%", state.percent), |m| day(scene.words, m.date()));
        let name = format!("({}) {}", state.number, state.name.get(scene.model.lang()));
        canvas.text(area.x + 6, y, area.width.saturating_sub(17), &name, Role::Plain);
        canvas.right(area.x, y, area.width, &when, Role::Plain);
        y += 1;
    }
    below(area, y)
}

fn title(canvas: &mut Canvas<'_>, area: Rect, text: &str) -> u16 {
    row(canvas, area, area.y, text, Role::Strong)
}

fn row(canvas: &mut Canvas<'_>, area: Rect, y: u16, text: &str, role: Role) -> u16 {
    if y >= area.bottom() {
        return y;
    }
    canvas.text(area.x, y, area.width, text, role);
    y + 1
}
