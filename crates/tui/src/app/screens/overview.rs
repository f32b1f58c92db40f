//! The engagement at a glance: sessions, next steps, deliverables.

use bansou_core::{deliverable, today};
use ratatui::layout::Rect;

use super::{Scene, clients, day, distance};
use crate::app::canvas::Canvas;
use crate::app::look::Role;

/// Draws the sessions with their dates, what to do next, and how far the deliverables are.
pub fn draw(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let mut y = area.y;
    for number in 1..=scene.engagement.sessions.len() as u8 {
        let (state, role) = scene.state(number);
        let name = words.fill("work.session", &[("n", &number.to_string())]);
        canvas.text(1, y, 10, &name, Role::Plain);
        canvas.text(12, y, 7, words.get(state), role);
        canvas.text(20, y, area.width - 20, &session_line(scene, number), Role::Plain);
        y += 1;
    }
    canvas.rule(0, y, area.width);
    y += 1;
    canvas.text(1, y, 12, words.get("work.next"), Role::Strong);
    canvas.point(1, y);
    let todos = today::of_engagement(&scene.model.books, scene.pack, scene.engagement, scene.today);
    for todo in todos.iter().take(3) {
        let when = todo.due.map_or_else(String::new, |d| distance(words, d, scene.today));
        let text = format!("{} {when}", clients::sentence(scene.model, todo));
        canvas.text(14, y, area.width - 14, &text, Role::Plain);
        y += 1;
    }
    if todos.is_empty() {
        canvas.text(14, y, area.width - 14, words.get("work.nothing"), Role::Plain);
        y += 1;
    }
    canvas.rule(0, y, area.width);
    canvas.text(1, y + 1, area.width, words.get("work.deliverables"), Role::Strong);
    y += 2;
    let lang = scene.model.lang();
    for state in deliverable::states(&scene.model.books, scene.pack, scene.engagement) {
        if y >= area.bottom() {
            break;
        }
        let (word, role) = match (state.complete(), state.percent) {
            (true, _) => ("state.done", Role::Good),
            (false, 0) => ("state.not_yet", Role::Quiet),
            (false, _) => ("state.doing", Role::Busy),
        };
        canvas.text(2, y, 7, words.get(word), role);
        let name = format!("({}) {}", state.number, state.name.get(lang));
        canvas.text(9, y, 38, &name, Role::Plain);
        canvas.bar(48, y, 22, state.percent.into(), 100);
        canvas.text(71, y, 6, &format!("{}%", state.percent), Role::Plain);
        y += 1;
    }
}

fn session_line(scene: &Scene<'_>, number: u8) -> String {
    let words = scene.words;
    let Some(session) = scene.engagement.session(number) else {
        return String::new();
    };
    let date = scene.engagement.date_of(number);
    let date = date.map_or_else(|| words.get("work.no_date").to_owned(), |d| day(words, d));
    let mut parts = vec![date];
    if session.held.is_some() {
        let sent = scene.model.books.report_sent(scene.engagement.id, number).is_some();
        parts.push(words.get(if sent { "work.reported" } else { "work.not_reported" }).to_owned());
        let confirmed = session.confirmation.is_some();
        parts.push(words.get(if confirmed { "work.confirmed" } else { "work.not_confirmed" }).to_owned());
    }
    parts.join("  ")
}
