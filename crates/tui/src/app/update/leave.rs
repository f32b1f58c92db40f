//! Leaving: locking, quitting, and closing after a purge.

use super::UNLOCKING;
use crate::app::effect::Effect;
use crate::app::model::{Ctx, Model};

/// Forgets everything that was open. What is on its way to the store is written before the shell wipes.
pub(super) fn lock(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let look = model.look;
    let (mut pending, next_ticket) = (std::mem::take(&mut model.pending), model.next_ticket);
    // An unlocking asked for before the lock must not open the screens after it.
    pending.retain(|_, pending| pending.what != UNLOCKING);
    *model = Model::new(look, ctx.now, model.packs.clone());
    (model.pending, model.next_ticket) = (pending, next_ticket);
    vec![Effect::Lock]
}

/// Ends the program, unless something is still on its way to the store.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    if model.pending.is_empty() {
        vec![Effect::Quit]
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
