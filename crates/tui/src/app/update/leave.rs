//! Leaving: quitting, and closing after a purge.

use super::locking::lock;
use crate::app::effect::Effect;
use crate::app::model::{Ctx, Model};

/// Ends the program, unless something is still on its way to the store.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    if model.pending.is_empty() {
        vec![Effect::Quit(0)]
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
