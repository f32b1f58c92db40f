//! The report of a session: exactly what will leave this machine, and what is still missing.

use bansou_core::bundle;
use ratatui::layout::Rect;

use super::{Scene, day, deliverables};
use crate::app::area::wrap;
use crate::app::canvas::Canvas;
use crate::app::look::Role;

/// Draws the fields of the bundle, its documents, and what is missing.
pub fn draw(scene: &Scene<'_>, session: u8, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let number = session.to_string();
    canvas.text(1, area.y, area.width - 1, &words.fill("report.title", &[("n", &number)]), Role::Strong);
    canvas.point(1, area.y);
    let report = match bundle::report(&scene.model.books, scene.pack, scene.engagement, session) {
        Ok(report) => report,
        Err(refusal) => {
            canvas.text(1, area.y + 2, area.width - 1, &refusal.text(scene.model.lang()), Role::Plain);
            return;
        }
    };
    let sent = &report.payload;
    let mut y = area.y + 1;
    let time = format!("{}-{}", sent.start.strftime("%H:%M"), sent.end.strftime("%H:%M"));
    let held = format!("{} {time}", day(words, sent.held_on));
    let confirmed = sent.confirmation.as_ref().map_or_else(String::new, |c| format!("{} {}", c.signer_title, c.signer));
    let score = sent.diagnosis_score.map_or_else(String::new, |n| n.to_string());
    let documents: Vec<&str> = report.documents.iter().map(|d| d.0.as_str()).collect();
    let rows = [
        ("field.case_no", sent.case_no.clone()),
        ("field.name", sent.client_name.clone()),
        ("report.held", held),
        ("field.attendees", sent.attendees.to_string()),
        ("report.confirmation", confirmed),
        ("report.score", score),
        ("report.documents", documents.join(" ")),
        ("report.focus", sent.focus.clone()),
        ("report.message", sent.message.clone()),
        ("report.content", sent.content.clone()),
    ];
    let width = usize::from(area.width.saturating_sub(22));
    for (label, value) in &rows {
        canvas.text(1, y, 18, words.get(label), Role::Quiet);
        for (from, to) in wrap(value, width, scene.model.look.ambiguous) {
            if y + 2 >= area.bottom() {
                break;
            }
            canvas.text(20, y, area.width - 21, &value[from..to], Role::Plain);
            y += 1;
        }
    }
    canvas.rule(0, area.bottom() - 2, area.width);
    let missing: Vec<&str> = report.missing.iter().map(|m| words.get(deliverables::name(m))).collect();
    let line = match missing.is_empty() {
        true => words.get("report.complete").to_owned(),
        false => words.fill("report.missing", &[("list", &missing.join(", "))]),
    };
    let role = if missing.is_empty() { Role::Good } else { Role::Bad };
    canvas.text(1, area.bottom() - 1, area.width - 1, &line, role);
}
