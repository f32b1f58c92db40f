//! The report of a session: exactly what will leave this machine, and what is still missing.

use bansou_core::bundle::{self, Report};
use ratatui::layout::Rect;

use super::overview::star_word;
use super::{Scene, day, deliverables, mode_word};
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
    let missing: Vec<(&String, &str)> = report.missing.iter().filter_map(|kind| Some((kind, fix(kind)?))).collect();
    let foot = area.bottom().saturating_sub(missing.len().min(6) as u16 + 2);
    let mut y = area.y + 1;
    let width = usize::from(area.width.saturating_sub(22));
    for (label, value) in fields(scene, &report) {
        canvas.text(1, y, 18, words.get(label), Role::Quiet);
        for (from, to) in wrap(&value, width, scene.model.look.ambiguous) {
            if y >= foot {
                break;
            }
            canvas.text(20, y, area.width - 21, &value[from..to], Role::Plain);
            y += 1;
        }
    }
    canvas.rule(0, foot, area.width);
    let sent = scene.model.books.report_sent(scene.engagement.id, session);
    let (line, role) = match (sent, !missing.is_empty()) {
        (Some(sent), _) => (words.fill("fix.sent", &[("date", &day(words, sent.sealed_at.date()))]), Role::Good),
        (None, false) => (words.get("report.complete").to_owned(), Role::Good),
        (None, true) => (words.get("fix.title").to_owned(), Role::Bad),
    };
    canvas.text(1, foot + 1, area.width - 1, &line, role);
    for (y, (kind, fix)) in (foot + 2..area.bottom()).zip(missing) {
        canvas.text(2, y, 24, words.get(deliverables::name(kind)), Role::Bad);
        canvas.text(27, y, area.width.saturating_sub(28), words.get(fix), Role::Plain);
    }
}

/// How a missing item is supplied, with its key; none for what sealing makes by itself.
pub fn fix(kind: &str) -> Option<&'static str> {
    match kind {
        "confirmation" => Some("fix.confirmation"),
        "content" => Some("fix.content"),
        _ => None,
    }
}

/// Everything that leaves, by the label of its row.
fn fields(scene: &Scene<'_>, report: &Report) -> Vec<(&'static str, String)> {
    let words = scene.words;
    let sent = &report.payload;
    let time = format!("{}-{}", sent.start.strftime("%H:%M"), sent.end.strftime("%H:%M"));
    let held = format!("{} {time} {}", day(words, sent.held_on), words.get(mode_word(sent.mode)));
    let confirmed = sent.confirmation.as_ref().map_or_else(String::new, |c| format!("{} {}", c.signer_title, c.signer));
    let score = sent.diagnosis_score.map_or_else(String::new, |n| n.to_string());
    let next: Vec<String> = sent.planned.iter().map(|(n, on)| format!("{n}: {}", day(words, *on))).collect();
    let documents: Vec<&str> = report.documents.iter().map(|d| words.get(deliverables::name(&d.0))).collect();
    let answers = sent.final_report.as_ref().map_or_else(String::new, |f| f.len().to_string());
    let reasons = [sent.combined_reason.clone(), sent.ended_reason.clone()];
    let prefecture = scene.pack.prefectures.prefectures.get(usize::from(sent.prefecture.max(1)) - 1);
    let rows = [
        ("field.case_no", sent.case_no.clone()),
        ("field.name", sent.client_name.clone()),
        ("field.prefecture", prefecture.map_or_else(String::new, |p| p.get(scene.model.lang()).to_owned())),
        ("report.held", held),
        ("field.attendees", sent.attendees.to_string()),
        ("field.management", words.get(if sent.management_present { "form.yes" } else { "form.no" }).to_owned()),
        ("fix.next", next.join("  ")),
        ("report.confirmation", confirmed),
        ("report.score", score),
        ("engage.star", words.get(star_word(sent.two_star)).to_owned()),
        ("fix.reason", reasons.into_iter().flatten().collect::<Vec<_>>().join("  ")),
        ("tab.final", answers),
        ("report.documents", documents.join("  ")),
        ("report.focus", sent.focus.clone()),
        ("report.message", sent.message.clone()),
        ("report.content", sent.content.clone()),
    ];
    rows.into_iter().filter(|r| !r.1.is_empty()).collect()
}
