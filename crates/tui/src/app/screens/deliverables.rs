//! The documents of an engagement: which were made, when, and from what.

use bansou_core::{bundle, deliverable};
use ratatui::layout::Rect;

use super::{Scene, day, percent_word};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// One document that can be made: its kind, and the session for forms made once per session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub kind: String,
    pub session: Option<u8>,
}

/// The documents of the deliverables, then the forms of the sessions that were held.
pub fn documents(scene: &Scene<'_>) -> Vec<Document> {
    let states = deliverable::states(&scene.model.books, scene.pack, scene.engagement);
    let kinds = states.into_iter().flat_map(|s| s.documents).map(|(kind, _)| Document { kind, session: None });
    let forms = (1..=scene.engagement.held_count())
        .flat_map(|n| [bundle::form_of(n), "form5"].map(|kind| Document { kind: kind.to_owned(), session: Some(n) }));
    let asked = (1..=scene.engagement.last_session()).filter(|n| planned(scene, *n));
    let requests = asked.map(|n| Document { kind: "prep-request".to_owned(), session: Some(n) });
    kinds.chain(forms).chain(requests).collect()
}

/// Whether the firm can be asked to prepare for a session: it has a date and is still to come.
fn planned(scene: &Scene<'_>, number: u8) -> bool {
    scene.engagement.session(number).is_some_and(|s| s.planned.is_some() && s.held.is_none())
}

/// Draws how far each deliverable is, then the documents with the day they were made.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let mut y = area.y;
    for state in deliverable::states(&scene.model.books, scene.pack, scene.engagement) {
        let (word, role) = match state.complete() {
            true => ("state.done", Role::Good),
            false => percent_word(usize::from(state.percent).min(99)),
        };
        canvas.text(1, y, 5, words.get(word), role);
        let bar = area.width.saturating_sub(28);
        canvas.text(7, y, bar.saturating_sub(8), &format!("({}) {}", state.number, state.name.get(lang)), Role::Plain);
        canvas.bar(bar, y, 22, state.percent.into(), 100);
        canvas.right(bar, y, 27, &format!("{}%", state.percent), Role::Plain);
        y += 1;
    }
    canvas.rule(0, y, area.width);
    let documents = documents(scene);
    canvas.text(1, y + 1, area.width - 1, words.get("documents.title"), Role::Strong);
    let at = cursor.at(documents.len());
    let height = usize::from(area.bottom().saturating_sub(y + 2));
    for (y, index) in (y + 2..).zip(cursor.window(documents.len(), height)) {
        row(scene, &documents[index], index == at, canvas, Rect { y, height: 1, ..area });
    }
}

fn row(scene: &Scene<'_>, document: &Document, chosen: bool, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let y = area.y;
    let made = scene.model.books.artefact(scene.engagement.id, &document.kind, document.session);
    let (word, role) = if made.is_some() { ("state.done", Role::Good) } else { ("state.not_yet", Role::Quiet) };
    let base = if chosen { Role::Bar } else { Role::Plain };
    canvas.row(0, y, area.width, if chosen { " >" } else { "" }, base);
    canvas.text(3, y, 6, words.get(word), if chosen { base } else { role });
    let session = document.session.map_or_else(String::new, |n| words.fill("work.session", &[("n", &n.to_string())]));
    canvas.text(10, y, 40, &format!("{} {session}", words.get(name(&document.kind))), base);
    let when = made.map_or_else(String::new, |a| {
        let size = a.size.div_ceil(1024).to_string();
        words.fill("paper.made", &[("date", &day(words, a.made_at.date())), ("size", &size)])
    });
    canvas.right(1, y, area.width - 2, &when, base);
    if chosen {
        canvas.point(1, y);
    }
}

/// The catalogue key of a document's name.
pub fn name(kind: &str) -> &'static str {
    match kind {
        "diagnosis" => "document.diagnosis",
        "policy" => "document.policy",
        "regulations" => "document.regulations",
        "plan" => "document.plan",
        "final-report" => "document.final_report",
        "form4a" | "form4b" => "paper.claim",
        "form5" => "document.form5",
        "form6" => "document.form6",
        "form7" => "document.form7",
        "prep-request" => "document.prep_request",
        "confirmation" => "document.confirmation",
        "content" => "document.content",
        _ => "document.other",
    }
}
