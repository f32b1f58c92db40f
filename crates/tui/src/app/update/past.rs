//! What changed of one thing: opening the window, filling it, and giving a field a value it had before.

use bansou_core::past;

use super::command;
use crate::app::effect::Effect;
use crate::app::form::Input;
use crate::app::model::{Ctx, Model};
use crate::app::msg::Msg;
use crate::app::overlay::Overlay;
use crate::app::past::Past;
use crate::app::screens::past as screen;

/// Opens the changes of the focused field, or of the thing under the cursor.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let found = match &model.form {
        _ if model.locked() => None,
        Some(form) => screen::focused(model, form),
        None => screen::under(model),
    };
    let Some((title, item)) = found else {
        model.say("notice.past_none");
        return Vec::new();
    };
    let (id, records) = (model.wait("waiting.past"), item.records.clone());
    model.overlay = Some(Overlay::Past(Box::new(Past::asked(title, item, id))));
    vec![Effect::Past { id, records }]
}

/// The store has answered; a window that was closed meanwhile, or behind the lock, takes nothing in.
pub(super) fn told(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Past { id, entries, erased } => {
            if let (Some(_), Some(Overlay::Past(past))) = (model.pending.remove(&id), &mut model.overlay)
                && past.ticket == id
            {
                past.told(entries, erased);
            }
        }
        Msg::Then { id, then } => super::then::told(model, id, *then),
        _ => {}
    }
    Vec::new()
}

/// Gives the field back what stood there before the chosen change: as a change of its own, or into the open form.
pub(super) fn put_back(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let Some(Overlay::Past(past)) = &model.overlay else { return Vec::new() };
    let Some(chosen) = past.chosen() else { return Vec::new() };
    if model.form.is_some() {
        let stored = chosen.0.field.before.clone();
        let spoken = screen::spoken(model, chosen, stored.as_deref());
        model.overlay = None;
        fill(model, stored, &spoken);
        return Vec::new();
    }
    let asked = match past::put_back(&model.books, chosen.1, chosen.0) {
        Ok(asked) => asked,
        Err(refusal) => {
            super::refuse(model, &refusal);
            return Vec::new();
        }
    };
    let records = past.item.records.clone();
    let mut effects = command(model, ctx, asked);
    if !effects.is_empty() {
        model.say("notice.put_back");
        let id = model.wait("waiting.past");
        if let Some(Overlay::Past(past)) = &mut model.overlay {
            past.ticket = id;
        }
        effects.push(Effect::Past { id, records });
    }
    effects
}

fn fill(model: &mut Model, stored: Option<String>, spoken: &str) {
    let Some(entry) = model.form.as_mut().and_then(|form| form.entries.get_mut(form.at)) else { return };
    // A time without its seconds is what people type; other texts are as they were stored.
    let text = match (&stored, spoken.len() == 5 && spoken.contains(':')) {
        (Some(_), true) => spoken.to_owned(),
        (stored, _) => stored.clone().unwrap_or_default(),
    };
    match &mut entry.input {
        Input::Line(_) | Input::Many(_) => {
            // One step for Ctrl+Z.
            if let Some(edited) = entry.input.edit() {
                edited.select_all();
                if text.is_empty() { edited.erase_selected() } else { edited.paste(&text) }
            }
        }
        Input::Pick { options, at } => match screen::option(options, spoken, stored.as_deref()) {
            Some(place) => *at = place,
            None => return model.say("notice.past_none"),
        },
        Input::Secret(_) => return,
    }
    model.say("notice.past_filled");
}
