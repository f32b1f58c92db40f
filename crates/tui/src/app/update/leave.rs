//! Leaving: quitting, and closing after a purge.

use super::drafts;
use super::locking::lock;
use crate::app::effect::Effect;
use crate::app::model::{Ctx, Model};

/// Ends the program with this exit status; what was typed is kept before.
pub(super) fn end(model: &mut Model, status: u8) -> Vec<Effect> {
    drafts::keep(model).into_iter().chain([Effect::Quit(status)]).collect()
}

/// Ends the program, unless something is still on its way to the store.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    if model.pending.is_empty() {
        end(model, 0)
    } else {
        model.say("notice.still_working");
        Vec::new()
    }
}

/// A purge ends with a lock: the screens forget the firm too, and opening by passphrase makes old copies unreadable.
pub(super) fn after_purge(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let effects = lock(model, ctx);
    model.say("notice.erased");
    effects
}
