//! The steps of the practice: noticing what was done, putting a step aside, hiding them. Nothing of it in a real home.

use bansou_core::tutorial::{Sight, Tutorial};

use crate::app::keymap::{Action, Table};
use crate::app::list::Cursor;
use crate::app::model::{Model, Screen};
use crate::app::overlay::Overlay;

/// Rows of the list at most, for its cursor.
pub(super) const ROWS: usize = 99;

/// Opens the steps, which begins them in a practice that has what they are about; or does something with them.
pub(super) fn act(model: &mut Model, action: Action) {
    let tutorial = Tutorial::built_in();
    if model.locked() {
        return;
    }
    if !model.look.practice || model.hand.tutorial.is_none() && !tutorial.fits(&model.books) {
        model.say("tutorial.elsewhere");
        return;
    }
    let progress = model.hand.tutorial.get_or_insert_default();
    match action {
        Action::SkipStep => tutorial.skip(progress),
        Action::HideSteps => {
            progress.hidden = !progress.hidden;
            let said = if progress.hidden { "tutorial.hidden" } else { "tutorial.shown" };
            model.overlay = None;
            let key = model.look.keys.shown(Table::Global, Action::Tutorial);
            model.status.notice = Some(model.look.words().fill(said, &[("key", &key)]));
        }
        _ => {
            // The present step is on the screen, however small it is.
            let above = tutorial.now(progress).map_or(ROWS, |(at, _)| at.saturating_sub(2));
            model.overlay = Some(Overlay::Tutorial { cursor: Cursor::on(above) });
        }
    }
}

/// Notes what was done by now, besides what the hands just did, and says so when a step became whole.
pub(super) fn follow(model: &mut Model, done: &[Sight]) {
    // What the store may still refuse was not done yet.
    let unsaved = model.pending.values().any(|pending| pending.entry.is_some());
    if !model.look.practice || model.locked() || unsaved && done.is_empty() {
        return;
    }
    let Some(mut progress) = model.hand.tutorial.take() else { return };
    let tutorial = Tutorial::built_in();
    let sights: Vec<Sight> = done.iter().copied().chain(seen(model)).collect();
    let whole = tutorial.follow(&mut progress, &model.books, &model.history, &sights);
    model.hand.tutorial = Some(progress);
    let Some(at) = whole else { return };
    let (words, number, goal) =
        (model.look.words(), (at + 1).to_string(), tutorial.steps[at].goal.get(model.look.lang));
    // What the program has to say about the work itself keeps its room.
    model.status.notice = Some(match model.status.notice.take() {
        None => words.fill("tutorial.whole", &[("n", &number), ("goal", goal)]),
        Some(notice) => words.fill("tutorial.whole_and", &[("n", &number), ("notice", &notice)]),
    });
}

/// What the screens show now.
fn seen(model: &Model) -> impl Iterator<Item = Sight> {
    let help = matches!(model.overlay, Some(Overlay::Help { .. })).then_some(Sight::Help);
    let client = matches!(model.screen, Screen::Work(_)).then_some(Sight::Client);
    let hit = model.hand.jump.is_some().then_some(Sight::Hit);
    [help, client, hit].into_iter().flatten()
}
