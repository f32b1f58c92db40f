//! Showing an engagement as it was, and coming back to now.

use bansou_core::as_of::Then;

use crate::app::effect::{Effect, Ticket};
use crate::app::field::Field;
use crate::app::list::{Cursor, Step};
use crate::app::model::{Model, Screen, Work};
use crate::app::overlay::Overlay;
use crate::app::screens::then::choices;
use crate::app::then::Bygone;

/// Asks for the point in time.
pub(super) fn choose(model: &mut Model) {
    let open = matches!(model.screen, Screen::Work(_));
    model.overlay = open.then(|| Overlay::AsOf { query: Field::default(), cursor: Cursor::default() });
    if !open {
        model.say("notice.no_client");
    }
}

/// Moves among the points in time.
pub(super) fn step(model: &mut Model, step: Step) {
    let Some(Overlay::AsOf { query, .. }) = &model.overlay else { return };
    let rows = choices(model, query.text()).len();
    if let Some(Overlay::AsOf { cursor, .. }) = &mut model.overlay {
        cursor.go(step, rows);
    }
}

/// Goes to the chosen point in time.
pub(super) fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::AsOf { query, cursor }) = model.overlay.take() else { return Vec::new() };
    let rows = choices(model, query.text());
    let Some((at, _)) = rows.get(cursor.at(rows.len())) else { return Vec::new() };
    let Screen::Work(Work { engagement, .. }) = model.screen else { return Vec::new() };
    match at {
        Some(at) => vec![Effect::Then { id: model.wait("waiting.then"), engagement, at: *at }],
        None => {
            leave(model);
            Vec::new()
        }
    }
}

/// Shows what the store told, if it is still waited for.
pub(super) fn told(model: &mut Model, id: Ticket, then: Then) {
    let waits = model.pending.remove(&id).is_some() && model.form.is_none();
    let bygone = Bygone::of(model, then);
    if let Screen::Work(work) = &mut model.screen
        && waits
        && bygone.model.books.engagements.contains_key(&work.engagement)
    {
        (work.then, work.score) = (Some(bygone), None);
    }
}

/// Back to now; false when it is now.
pub(super) fn leave(model: &mut Model) -> bool {
    let left = match &mut model.screen {
        Screen::Work(work) => work.then.take().is_some(),
        _ => false,
    };
    if left {
        model.say("notice.now_again");
    }
    left
}

/// The look of now, as it may have changed.
pub(super) fn follow(model: &mut Model) {
    let look = model.look;
    if let Screen::Work(Work { then: Some(then), .. }) = &mut model.screen {
        then.model.look = look;
    }
}
