//! The line at the foot of the screen that takes down what is said: who, when, and the words.

use bansou_core::note;
use bansou_core::record::v1::Id;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::form::{Entry, Form, Input, Memo, Purpose};
use crate::app::look::Role;
use crate::app::model::{Model, Screen};

/// Rows it takes at the foot of the screen.
const ROWS: u16 = 3;
/// Names in the ring at most.
const NAMES: usize = 20;

/// A line for an engagement; `hearing` is the item of the sheet that it answers, `shown` the session on the screen.
pub fn open(scene: &Scene<'_>, hearing: Option<String>, shown: Option<u8>) -> Form {
    let model = scene.model;
    let speakers = speakers(scene);
    let at = speakers.iter().position(|s| *s == model.hand.speaker).unwrap_or(0);
    let session = note::session_on(scene.engagement, model.clock).or(shown);
    let memo = Memo { engagement: scene.engagement.id, session, hearing, begun: None };
    let entries = vec![Entry::pick("memo.who", speakers, at), Entry::line("memo.text", "")];
    Form { at: 1, ..Form::new(Purpose::Memo(memo), "key.memo", entries) }
}

/// Who may have said it: the fixed roles, the contact, and whom the notes name. A name keeps its place in the ring.
fn speakers(scene: &Scene<'_>) -> Vec<String> {
    let mut all = ["memo.owner", "memo.staff", "memo.expert"].map(|key| scene.words.get(key).to_owned()).to_vec();
    let mut add = |name: &str| {
        if !name.trim().is_empty() && all.len() < NAMES && !all.iter().any(|s| s == name) {
            all.push(name.to_owned());
        }
    };
    add(&scene.client.contact.counterpart);
    scene.model.books.notes_of(scene.engagement.id).iter().for_each(|n| add(&n.who));
    all
}

/// Draws the line over the last rows of the body.
pub fn draw(model: &Model, form: &Form, memo: &Memo, canvas: &mut Canvas<'_>, body: Rect) {
    let (words, hidden) = (model.look.words(), model.look.client_safe);
    let Some(scene) = Scene::about(model, memo.engagement) else {
        return;
    };
    let area = Rect { y: body.bottom().saturating_sub(ROWS), height: ROWS, ..body };
    canvas.blank(area, Role::Plain);
    canvas.rule(0, area.y, area.width);
    let (above, role) = match &form.refused {
        Some(reason) => (reason.clone(), Role::Bad),
        None if hidden => (words.get("memo.hidden").to_owned(), Role::Quiet),
        None => (above(&scene, memo), Role::Quiet),
    };
    canvas.text(1, area.y + 1, area.width - 1, &above, role);
    let y = area.y + 2;
    let session = session_word(&scene, memo.session);
    let x = canvas.text(1, y, area.width / 3, &format!("{session} "), Role::Plain);
    let x = canvas.text(x, y, area.width / 3, &format!("[{}]", form.text("memo.who")), Role::Strong);
    let x = canvas.text(x, y, 3, " > ", Role::Strong);
    let Some(Entry { input: Input::Line(field), .. }) = form.entries.get(1) else {
        return;
    };
    let width = usize::from(area.width.saturating_sub(x + 1));
    let (seen, column) = field.window(width, model.look.ambiguous);
    if hidden {
        let stars = "*".repeat(field.text().graphemes(true).count().min(width.saturating_sub(1)));
        canvas.text(x, y, area.width, &stars, Role::Plain);
        return canvas.point(x + stars.len() as u16, y);
    }
    canvas.text(x, y, width as u16 + 1, seen, Role::Plain);
    canvas.point(x + column as u16, y);
}

/// What stands above the line: the question that is answered, the client on the list, or the line before.
fn above(scene: &Scene<'_>, memo: &Memo) -> String {
    let lang = scene.model.lang();
    if let Some(item) = memo.hearing.as_deref().and_then(|id| scene.pack.hearing.item(id)) {
        return item.text().get(lang).to_owned();
    }
    if matches!(scene.model.screen, Screen::Clients { .. }) {
        return scene.client.name.clone();
    }
    let notes = scene.model.books.notes_of(scene.engagement.id);
    notes.last().map_or_else(
        || scene.words.get("memo.first").to_owned(),
        |n| format!("{} {} {}", n.at.strftime("%m/%d %H:%M"), n.who, n.text),
    )
}

/// The session of a note in words.
pub fn session_word(scene: &Scene<'_>, session: Option<u8>) -> String {
    match session {
        Some(number) => scene.words.fill("work.session", &[("n", &number.to_string())]),
        None => scene.words.get("memo.between").to_owned(),
    }
}

/// The form to correct a note.
pub fn edit(scene: &Scene<'_>, note: Id) -> Option<Form> {
    let note = scene.model.books.notes.get(&note)?;
    let sessions = (0..=scene.engagement.sessions.len() as u8).map(|n| session_word(scene, (n > 0).then_some(n)));
    let entries = vec![
        Entry::many("field.text", &note.text),
        Entry::line("memo.who", &note.who),
        Entry::pick("memo.session", sessions.collect(), note.session.unwrap_or(0).into()),
    ];
    Some(Form::new(Purpose::EditNote(note.id), "form.note", entries))
}
