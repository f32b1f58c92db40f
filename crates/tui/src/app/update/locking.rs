//! Locking: what is forgotten, what is kept to come back to, and the warning before.

use bansou_core::books::Books;
use bansou_core::record::v1::{Drafts, JournalEntry};
use bansou_core::tutorial::Sight;

use super::owner::FOUNDING;
use super::{UNLOCKING, drafts, first, tutorial};
use crate::app::effect::Effect;
use crate::app::model::{Ctx, Model, Screen};

/// Says that the lock is near.
pub(super) fn warn(model: &mut Model, left: u64) {
    if !model.locked() {
        let line = model.look.words().fill("notice.idle", &[("n", &left.to_string())]);
        model.status.notice = Some(line);
    }
}

/// Forgets everything that was open. What is on its way to the store is written before the shell wipes.
pub(super) fn lock(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let look = model.look;
    tutorial::follow(model, &[Sight::Lock]);
    let kept = drafts::keep(model);
    let (mut pending, next_ticket) = (std::mem::take(&mut model.pending), model.next_ticket);
    // An unlocking asked for before the lock must not open the screens after it.
    pending.retain(|_, pending| ![UNLOCKING, FOUNDING].contains(&pending.what));
    pending.values_mut().for_each(|pending| pending.entry = None);
    let screen = std::mem::replace(&mut model.screen, Screen::Locked { back: None });
    // The first run holds nothing of a client, and no store keeps it.
    let first = model.form.take().filter(|_| look.first);
    *model = Model::new(look, ctx.now, model.packs.clone());
    if let Some(mut form) = first {
        form.take_secrets();
        model.form = Some(form);
    }
    model.screen = Screen::Locked { back: screen.place() };
    (model.pending, model.next_ticket) = (pending, next_ticket);
    kept.into_iter().chain([Effect::Lock]).collect()
}

/// Locks first: nothing is readable while the program stands still.
pub(super) fn suspend(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let mut effects = lock(model, ctx);
    effects.push(Effect::Suspend);
    effects
}

/// Takes in what the store holds, and goes to where one was.
pub(super) fn unlocked(
    model: &mut Model,
    books: Books,
    recent: Vec<(u64, JournalEntry)>,
    kept: Drafts,
    ctx: &Ctx,
) -> Vec<Effect> {
    model.form = None;
    model.clock = ctx.now;
    model.look.practice = books.profile.as_ref().is_some_and(|p| p.practice);
    model.books = books;
    model.history = recent;
    model.screen = returned(model).unwrap_or_else(|| first(model));
    drafts::unlocked(model, kept, ctx)
}

/// The screen before the lock, when it still stands in these books.
fn returned(model: &mut Model) -> Option<Screen> {
    let Screen::Locked { back } = &mut model.screen else { return None };
    let screen = *back.take()?;
    let stands = match &screen {
        Screen::Work(work) => model.books.engagements.contains_key(&work.engagement),
        Screen::Office(office) => {
            model.secretariat() && office.open.is_none_or(|(id, _)| model.books.deliveries.contains_key(&id))
        }
        _ => !model.secretariat(),
    };
    stands.then_some(screen)
}
