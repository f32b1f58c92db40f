//! Opening the search, leaving it, going where a hit leads, and coming back.

use crate::app::effect::Effect;
use crate::app::hand::Jump;
use crate::app::list::Step;
use crate::app::model::{Model, Screen};
use crate::app::overlay::Overlay;
use crate::app::screens::found;
use crate::app::search::refresh;

/// Opens the search as it was left, unless a window waits for an answer.
pub(super) fn open(model: &mut Model) {
    let free = match &model.overlay {
        None | Some(Overlay::Help { .. } | Overlay::Keys { .. } | Overlay::Palette { .. } | Overlay::Choices(_)) => {
            true
        }
        Some(window) => matches!(window, Overlay::Page { .. } | Overlay::Guidance { .. } | Overlay::Tutorial { .. }),
    };
    if !free || model.locked() {
        return;
    }
    let mut search = model.hand.search.take().unwrap_or_default();
    search.kept = !search.typed.text().is_empty();
    model.overlay = Some(Overlay::Search(search));
    refresh(model);
}

/// Takes the window off the screen; a search is kept to come back to. False when there is none.
pub(super) fn put_away(model: &mut Model) -> bool {
    match model.overlay.take() {
        Some(Overlay::Search(search)) => {
            model.hand.search = Some(search);
            true
        }
        other => other.is_some(),
    }
}

/// Moves among the hits.
pub(super) fn step(model: &mut Model, step: Step) {
    if let Some(Overlay::Search(search)) = &mut model.overlay {
        search.cursor.go(step, search.hits.len());
    }
}

/// Goes to the place of the chosen hit. A form that is open keeps its text: it has to be left first.
pub(super) fn jump(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Search(search)) = &model.overlay else {
        return Vec::new();
    };
    let Some(hit) = search.chosen() else {
        return Vec::new();
    };
    if model.form.is_some() {
        model.say("notice.find_form");
        return Vec::new();
    }
    match found::place(model, hit) {
        Some(to) => {
            put_away(model);
            let from = std::mem::replace(&mut model.screen, to.clone());
            model.hand.jump = Some(Box::new(Jump { from, to }));
        }
        None => model.say("notice.find_gone"),
    }
    Vec::new()
}

/// Back from the place of a hit: the search over the screen it was opened on. False when one came here otherwise.
pub(super) fn returned(model: &mut Model) -> bool {
    if matches!(&model.screen, Screen::Work(work) if work.score.is_some()) {
        return false;
    }
    let Some(jump) = model.hand.jump.take() else {
        return false;
    };
    let same = match (&jump.to, &model.screen) {
        (Screen::Work(to), Screen::Work(now)) => to.engagement == now.engagement,
        (to, now) => std::mem::discriminant(to) == std::mem::discriminant(now),
    };
    if same {
        model.screen = jump.from;
        open(model);
    }
    same
}
