//! Going from screen to screen: a list that is left keeps its cursor and its filter until the lock.

use std::mem::{discriminant, replace};

use bansou_core::record::v1::Id;

use super::{care, history, office, work};
use crate::app::effect::Effect;
use crate::app::keymap::Place;
use crate::app::list::Cursor;
use crate::app::model::{Model, Screen, Work};
use crate::app::screens::claims::Row;
use crate::app::screens::{Scene, claims, clients, plan};

/// Goes where the person asks to go. From a form and from behind the lock there is no going anywhere.
pub(super) fn go(model: &mut Model, place: Place) -> Vec<Effect> {
    model.overlay = None;
    if model.form.is_some() || model.locked() {
        return Vec::new();
    }
    match place {
        Place::Doctor => {
            to(model, Screen::Doctor { cursor: Cursor::default(), report: None });
            return care::examine(model);
        }
        Place::Room(room) => office::go(model, room),
        _ if model.secretariat() => {}
        Place::Outbox => to(model, Screen::Outbox { cursor: Cursor::default() }),
        Place::Claims => to(model, Screen::Claims { cursor: Cursor::default() }),
        Place::Today => to(model, Screen::Today { cursor: Cursor::default(), spans: false }),
        Place::Clients => to(model, super::clients()),
        Place::History => history::go(model),
        Place::Tab(tab) => work::go(model, tab),
    }
    Vec::new()
}

/// Shows a screen; one that was left before comes back as it was.
pub(super) fn to(model: &mut Model, fresh: Screen) {
    let left = &mut model.hand.screens;
    let before = left.iter().position(|seen| is_same(seen, &fresh)).map(|at| left.remove(at));
    let old = replace(&mut model.screen, before.map_or(fresh.clone(), |seen| resumed(seen, fresh)));
    // The doctor examines anew, and behind the lock there is nothing to come back to.
    if !matches!(old, Screen::Locked { .. } | Screen::Doctor { .. }) {
        model.hand.screens.retain(|seen| !is_same(seen, &old));
        model.hand.screens.push(old);
    }
}

/// Puts the cursor of a list on a record, when it is in it.
pub(super) fn point_at(model: &mut Model, id: Id) {
    let at = match &model.screen {
        Screen::Clients { .. } => clients::shown(model).iter().position(|c| c.id == id),
        Screen::Claims { .. } => claims::rows(model).iter().position(|r| matches!(r, Row::Claim(c) if c.id == id)),
        Screen::Work(_) => Scene::of(model).and_then(|s| plan::lines(&s).iter().position(|l| l.1.id == id)),
        _ => None,
    };
    match (&mut model.screen, at.map(Cursor::on)) {
        (Screen::Clients { cursor, .. } | Screen::Claims { cursor }, Some(at)) => *cursor = at,
        (Screen::Work(work), Some(at)) => drop(work.cursors.insert(work.tab, at)),
        _ => {}
    }
}

/// Puts the cursor on what was just made.
pub(super) fn point_at_new(model: &mut Model, effects: &[Effect]) {
    if let [Effect::Save { entry, .. }] = effects
        && let Some(new) = entry.changes.iter().find(|c| c.before.is_none())
    {
        point_at(model, new.id);
    }
}

fn is_same(seen: &Screen, fresh: &Screen) -> bool {
    match (seen, fresh) {
        (Screen::Work(seen), Screen::Work(fresh)) => seen.engagement == fresh.engagement,
        _ => discriminant(seen) == discriminant(fresh),
    }
}

/// An engagement opens on the tab that is asked for, with the cursors where they were.
fn resumed(seen: Screen, fresh: Screen) -> Screen {
    match (seen, fresh) {
        (Screen::Work(seen), Screen::Work(fresh)) => Screen::Work(Work { cursors: seen.cursors, ..fresh }),
        (seen, _) => seen,
    }
}
