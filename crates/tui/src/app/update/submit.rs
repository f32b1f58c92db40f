//! What Ctrl+S does: a question's word, or the form that is open, as a command or a request to the shell.

use super::{UNLOCKING, applied, ask_word, care, drafts, evidence, memo, office, owner, save, share, turn, work};
use crate::app::effect::Effect;
use crate::app::form::{Form, Purpose};
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model, Screen, unlock_form};
use crate::app::overlay::Overlay;
use crate::app::screens::{Scene, forms};
use crate::app::typed::Reader;

pub(super) fn submit(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let (draft, ticket) = (drafts::open(model), model.next_ticket);
    let effects = submitted(model, ctx);
    // A refused form is still there, and one that asks for a word as well.
    if model.overlay.is_none() && model.form.as_ref().is_none_or(|form| form.refused.is_none()) {
        drafts::sent(model, draft, ticket);
    }
    effects
}

fn submitted(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Confirm { expected, typed, effect, .. }) if typed.text() == expected => {
            model.form = None;
            return match *effect {
                Effect::Save { entry, .. } => save(model, *entry),
                Effect::Evidence { errand, .. } => vec![evidence::start(model, errand)],
                Effect::Erase { client, word, .. } => work::erase::begin(model, client, word),
                other => vec![other],
            };
        }
        Some(asked @ Overlay::Confirm { .. }) => {
            model.overlay = Some(asked);
            model.say("notice.word_differs");
            return Vec::new();
        }
        other => model.overlay = other,
    }
    let Some(mut form) = model.form.take() else {
        return Vec::new();
    };
    if !form.settle(&Reader::of(model)) {
        model.form = Some(form);
        return Vec::new();
    }
    match form.purpose {
        Purpose::Unlock if model.waits_for(UNLOCKING) => {
            model.form = Some(form);
            Vec::new()
        }
        Purpose::Unlock => {
            let passphrase = form.take_secrets().pop().unwrap_or_default();
            model.form = Some(unlock_form());
            let id = model.wait(UNLOCKING);
            vec![Effect::Unlock { id, passphrase }]
        }
        Purpose::Filter => {
            if let Screen::Clients { cursor, filter, .. } = &mut model.screen {
                *cursor = Cursor::default();
                form.text("field.filter").clone_into(filter);
            }
            office::filter(model, form.text("field.filter"));
            Vec::new()
        }
        Purpose::Export => {
            let folder = named(model, &form, "field.folder");
            let id = model.wait("waiting.export");
            vec![Effect::ExportTo { id, folder }]
        }
        Purpose::SaveCalendar => {
            let file = named(model, &form, "field.file");
            let id = model.wait("waiting.file");
            vec![Effect::SaveCalendar { id, file }]
        }
        Purpose::SaveDocument(blob) => {
            let file = named(model, &form, "field.file");
            let id = model.wait("waiting.save_document");
            vec![Effect::SaveDocument { id, blob, file }]
        }
        Purpose::MakeFile(ref request) => {
            let (request, file) = (request.clone(), Some(named(model, &form, "field.file")));
            let id = model.wait("waiting.save_document");
            vec![Effect::MakeDocument { id, request, file }]
        }
        Purpose::Import => {
            let folder = form.text("field.folder").to_owned();
            let id = model.wait("waiting.import");
            vec![Effect::ImportFrom { id, folder }]
        }
        Purpose::Memo(_) => memo::enter(model, form, ctx),
        Purpose::Drill | Purpose::Passphrase => care::submit(model, form),
        Purpose::Found | Purpose::Owner | Purpose::Request | Purpose::Accept => owner::submit(model, form, ctx),
        Purpose::Office(_) => office::submit(model, form, ctx),
        Purpose::Attach { .. } | Purpose::EditAttachment(_) => evidence::submit(model, form, ctx),
        Purpose::Pair | Purpose::HandOver | Purpose::TakeIn | Purpose::TakeCopy => share::submit(model, form, ctx),
        _ => submit_command(model, form, ctx),
    }
}

/// The file or folder in a field, to be named again when it is written.
fn named(model: &mut Model, form: &Form, label: &str) -> String {
    form.text(label).trim().clone_into(&mut model.hand.file);
    model.hand.file.clone()
}

/// The form stays with the reason when its text cannot be read or the rules refuse it.
fn submit_command(model: &mut Model, mut form: Form, ctx: &Ctx) -> Vec<Effect> {
    let work = match &model.screen {
        Screen::Work(work) => Some(work),
        _ => None,
    };
    let words = model.look.words();
    let outcome = match forms::command(model, &form, work) {
        Ok(Some(command)) if form.purpose == Purpose::End => {
            let case = Scene::of(model).map_or_else(String::new, |s| s.engagement.case_no.clone());
            let asked = ask_word(model, ctx, command, "engage.sure", case);
            // The form stays below the question: who does not type the word finds it as it was.
            let below = form.clone();
            asked
                .map(|()| model.form = Some(below))
                .map(|()| Vec::new())
                .map_err(|r| format!("{} {}", r.code(), r.text(model.look.lang)))
        }
        Ok(Some(command)) => applied(model, ctx, command).inspect(|effects| match form.purpose {
            Purpose::MoveLine(line) => turn::point_at(model, line),
            _ => turn::point_at_new(model, effects),
        }),
        Ok(None) => Ok(Vec::new()),
        Err(label) => {
            let key = if form.text(label).trim().is_empty() { "form.empty" } else { "form.unread" };
            form.at = form.entries.iter().position(|e| e.label == label).unwrap_or(form.at);
            Err(words.fill(key, &[("field", words.get(label))]))
        }
    };
    outcome.unwrap_or_else(|reason| {
        form.refused = Some(reason);
        model.form = Some(form);
        Vec::new()
    })
}
