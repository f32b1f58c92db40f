//! What the keys of going along do: the agreement, the files, and the rows of a return.

use std::collections::BTreeMap;

use bansou_core::command::Command;
use bansou_core::record::v1::Take;
use bansou_core::share::merge::State;
use bansou_core::share::{self, ShareCommand};
use bansou_core::wire::v1::share::ShareKey;

use super::work::Ask;
use super::{applied, command};
use crate::app::effect::Effect;
use crate::app::form::{Form, Purpose};
use crate::app::keymap::Action;
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model, Screen};
use crate::app::screens::forms;
use crate::app::screens::{Scene, merge};
use crate::app::share::Errand;

/// What a key of the overview asks for.
pub(super) fn on_overview(scene: &Scene<'_>, action: Action) -> Ask {
    let (books, id) = (&scene.model.books, scene.engagement.id);
    let copy = books.shared_of(id).is_some();
    match action {
        Action::Pair | Action::TakeIn if copy => Ask::Notice("pair.not_here"),
        Action::Pair => Ask::Form(forms::share::agreement(scene)),
        Action::TakeIn => Ask::Form(forms::share::take_in()),
        Action::HandOver if copy => Ask::Form(forms::share::hand_over(scene)),
        Action::HandOver if books.pairing_of(id).is_none() => Ask::Notice("pair.first"),
        Action::HandOver => {
            let core = bansou_core::command::Ctx { now: scene.model.clock, seed: [0; 16], packs: &scene.model.packs };
            match share::ready(books, &core, id) {
                Ok(()) => Ask::Form(forms::share::hand_over(scene)),
                Err(refusal) => Ask::Refused(refusal),
            }
        }
        Action::Merge if merge::newest(scene.model, id).is_none() => Ask::Notice("pair.no_return"),
        _ => Ask::Nothing,
    }
}

/// Lays the newest return of the engagement on the screen beside what stands here.
pub(super) fn show(model: &mut Model) {
    let Screen::Work(work) = &model.screen else { return };
    if let Some(returned) = merge::newest(model, work.engagement).map(|r| r.id) {
        let from = Box::new(model.screen.clone());
        model.screen = Screen::Merge { returned, cursor: Cursor::default(), from };
    }
}

/// Performs an action on the rows of a return.
pub(super) fn act(model: &mut Model, action: Action, ctx: &Ctx) -> Vec<Effect> {
    let Screen::Merge { returned, cursor, .. } = model.screen else { return Vec::new() };
    let rows = merge::rows(model, returned);
    let at = cursor.at(rows.len());
    let takes: BTreeMap<String, Take> = match action {
        Action::Take(take) => {
            let chosen = rows.get(at).filter(|r| r.open());
            chosen.map(|r| (r.name.clone(), take)).into_iter().collect()
        }
        Action::TakeAll => {
            let new = rows.iter().filter(|r| r.open() && r.state == State::Theirs);
            new.map(|r| (r.name.clone(), Take::Theirs)).collect()
        }
        _ => return Vec::new(),
    };
    if takes.is_empty() {
        model.say("pair.nothing_open");
        return Vec::new();
    }
    let effects = command(model, ctx, Command::Share(ShareCommand::Decide { returned, takes }));
    if !effects.is_empty() {
        // On to the next row that waits, from here and round again.
        let rows = merge::rows(model, returned);
        let waiting = |n: &usize| rows.get(*n).is_some_and(bansou_core::share::merge::Row::open);
        let next = (at..rows.len()).chain(0..at).find(waiting);
        if let (Screen::Merge { cursor, .. }, Some(next)) = (&mut model.screen, next) {
            *cursor = Cursor::on(next);
        }
    }
    effects
}

/// Records an agreement, or asks the shell to write or read a file; a form that cannot be read stays with the reason.
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
    let path = forms::line(form, "attach.path");
    let errand = match form.purpose {
        Purpose::Pair => {
            let Some(scene) = Scene::of(model) else { return Ok(Vec::new()) };
            let pairing = forms::share::agreed(&scene, form).map_err(unread)?;
            return applied(model, ctx, Command::Share(ShareCommand::Pair(Box::new(pairing))));
        }
        Purpose::HandOver => {
            let Some(scene) = Scene::of(model) else { return Ok(Vec::new()) };
            let (engagement, file) = (scene.engagement.id, form.text("field.file").trim().to_owned());
            if file.is_empty() {
                return Err(unread("field.file"));
            }
            match model.books.shared_of(engagement) {
                Some(_) => Errand::GiveBack { engagement, file },
                None => Errand::HandOver { engagement, file },
            }
        }
        _ if path.is_empty() => return Err(unread("attach.path")),
        Purpose::TakeCopy => {
            let key = ShareKey::parse(form.text("pair.leads_key")).map_err(|_| unread("pair.leads_key"))?;
            Errand::TakeCopy { file: path, key: key.line() }
        }
        _ => Errand::TakeIn { file: path },
    };
    Ok(vec![start(model, errand)])
}

pub(super) fn start(model: &mut Model, errand: Errand) -> Effect {
    Effect::Share { id: model.wait(errand.waiting()), errand }
}

/// The shell has written or read a file.
pub(super) fn done(model: &mut Model, what: &str) {
    match what {
        "waiting.hand_over" => model.say("pair.handed"),
        "waiting.give_back" => model.say("pair.given"),
        "waiting.take_copy" => model.say("share.taken"),
        "waiting.take_in" if matches!(model.screen, Screen::Work(_)) => show(model),
        _ => {}
    }
}
