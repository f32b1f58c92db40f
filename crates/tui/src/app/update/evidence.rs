//! Attachments coming in, changed, and shown.

use bansou_core::attachment::{AttachmentAction, AttachmentCommand};
use bansou_core::command::Command;
use bansou_core::record::v1::{JournalEntry, Record};

use super::applied;
use crate::app::effect::Effect;
use crate::app::evidence::{Errand, Given, Source};
use crate::app::form::{Form, Purpose};
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model, Screen, Tab};
use crate::app::msg::Msg;
use crate::app::overlay::Overlay;
use crate::app::screens::Scene;
use crate::app::screens::forms::{self, evidence};

/// Asks the shell for work with the bytes of an attachment.
pub(super) fn start(model: &mut Model, errand: Errand) -> Effect {
    Effect::Evidence { id: model.wait(errand.waiting()), errand }
}

/// Takes in what a form names, or corrects what an attachment is about; a form that cannot be read stays with the reason.
pub(super) fn submit(model: &mut Model, mut form: Form, ctx: &Ctx) -> Vec<Effect> {
    match submitted(model, &form, ctx) {
        Ok(effects) => effects,
        Err(reason) => {
            form.refused = Some(reason);
            model.form = Some(form);
            Vec::new()
        }
    }
}

fn submitted(model: &mut Model, form: &Form, ctx: &Ctx) -> Result<Vec<Effect>, String> {
    let words = model.look.words();
    let unread = |label: &str| words.fill("form.unread", &[("field", words.get(label))]);
    let Some(scene) = Scene::of(model) else { return Ok(Vec::new()) };
    let engagement = scene.engagement.id;
    let about = evidence::read(&scene, form).map_err(unread)?;
    let (dated, note, links) = (about.dated, about.note, about.links);
    let source = match form.purpose {
        Purpose::EditAttachment(attachment) => {
            let action = AttachmentAction::Edit { attachment, dated, note, links };
            return applied(model, ctx, Command::Attachment(AttachmentCommand { engagement, action }));
        }
        Purpose::Attach { pasted: true } => {
            let (name, text) = (forms::line(form, "attach.name"), form.text("attach.text").to_owned());
            Source::Text { name, text }
        }
        _ => Source::File(forms::line(form, "attach.path")),
    };
    let empty = match &source {
        Source::File(path) => path.is_empty().then_some("attach.path"),
        Source::Text { text, .. } => text.trim().is_empty().then_some("attach.text"),
    };
    if let Some(label) = empty {
        return Err(unread(label));
    }
    let given = Given { engagement, source, dated, note, links };
    Ok(vec![start(model, Errand::Add(Box::new(given)))])
}

/// Follows what the shell answers; nothing of it when it was not asked for or the screens are locked.
pub(super) fn told(model: &mut Model, ctx: &Ctx, msg: Msg) -> Vec<Effect> {
    let (Msg::Attached { id, .. } | Msg::Read { id, .. }) = &msg else { return Vec::new() };
    if model.pending.remove(id).is_some() && !model.locked() {
        match msg {
            Msg::Attached { seq, entry, .. } => attached(model, ctx, seq, *entry),
            Msg::Read { title, lines, .. } => read(model, title, lines),
            _ => {}
        }
    }
    Vec::new()
}

/// The shell has taken it in: the change can be undone like any other. The same bytes twice are said to be stored once.
fn attached(model: &mut Model, ctx: &Ctx, seq: u64, entry: JournalEntry) {
    let new = entry.changes.iter().find_map(|c| match &c.after {
        Some(Record::Attachment(new)) => Some(new.clone()),
        _ => None,
    });
    model.follow(&entry.changes);
    model.history.push((seq, entry));
    model.status.saved = Some(ctx.now);
    if let Some(new) = new {
        let at = model.books.attachments_of(new.engagement).iter().position(|a| a.id == new.id);
        if let (Screen::Work(work), Some(at)) = (&mut model.screen, at) {
            work.cursors.insert(Tab::Evidence, Cursor::on(at));
        }
        let twice = model.books.attachments.values().any(|a| a.id != new.id && a.blob == new.blob);
        model.say(if twice { "attach.twice" } else { "attach.added" });
    }
}

/// A text has been opened; nothing is shown when somebody has begun to look on meanwhile.
fn read(model: &mut Model, title: String, lines: Vec<String>) {
    match model.look.client_safe {
        true => model.say("notice.covered"),
        false => model.overlay = Some(Overlay::Page { title, lines, cursor: Cursor::default() }),
    }
}
