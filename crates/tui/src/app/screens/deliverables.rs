//! The documents of an engagement: which were made, when, and from what.

use bansou_core::{bundle, deliverable};
use ratatui::layout::Rect;

use super::{Scene, day};
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
    kinds.chain(forms).collect()
}

/// Draws the documents with the day they were made.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let documents = documents(scene);
    canvas.text(1, area.y, area.width - 1, words.get("documents.title"), Role::Strong);
    let at = cursor.at(documents.len());
    for (y, index) in (area.y + 1..).zip(cursor.window(documents.len(), usize::from(area.height - 1))) {
        let document = &documents[index];
        let made = scene.model.books.artefact(scene.engagement.id, &document.kind, document.session);
        let (word, role) = if made.is_some() { ("state.done", Role::Good) } else { ("state.not_yet", Role::Quiet) };
        let base = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, base);
        canvas.text(3, y, 6, words.get(word), if index == at { base } else { role });
        let session =
            document.session.map_or_else(String::new, |n| words.fill("work.session", &[("n", &n.to_string())]));
        canvas.text(10, y, 40, &format!("{} {session}", words.get(name(&document.kind))), base);
        let when = made.map_or_else(String::new, |a| day(words, a.made_at.date()));
        canvas.right(1, y, area.width - 2, &when, base);
        if index == at {
            canvas.point(1, y);
        }
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
        "form5" => "document.form5",
        "form6" => "document.form6",
        "form7" => "document.form7",
        "confirmation" => "document.confirmation",
        "content" => "document.content",
        _ => "document.other",
    }
}
