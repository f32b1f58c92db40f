//! Own phrases: keeping what is marked, and deleting one.

use bansou_core::command::Command;
use bansou_core::phrases::PhraseCommand;

use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model};
use crate::app::overlay::Overlay;
use crate::app::update::command;
use crate::app::writing::{phrases, to_keep};

/// Keeps what is marked in the field below the window, or all of it; it stands first in the window then.
pub(super) fn keep(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let Some(text) = to_keep(model).map(str::to_owned) else {
        model.say("write.nothing_to_keep");
        return Vec::new();
    };
    let effects = command(model, ctx, Command::Phrase(PhraseCommand::Keep(text)));
    if !effects.is_empty() {
        model.overlay = Some(Overlay::Phrases { query: Field::default(), cursor: Cursor::default() });
        model.say("write.phrase_kept");
    }
    effects
}

/// Deletes the own phrase under the cursor.
pub(super) fn forget(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let Some(Overlay::Phrases { query, cursor }) = &model.overlay else { return Vec::new() };
    let rows = phrases(model, query.text());
    let Some(id) = rows.get(cursor.at(rows.len())).and_then(|offer| offer.own) else {
        model.say("write.not_own");
        return Vec::new();
    };
    let effects = command(model, ctx, Command::Phrase(PhraseCommand::Remove(id)));
    if !effects.is_empty() {
        model.say("write.phrase_removed");
    }
    effects
}
