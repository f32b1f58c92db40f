//! What the keys of the list of what is to do lead to, and where one comes from and goes back to.

use bansou_core::record::v1::Id;
use bansou_core::today::{self, What};

use super::turn;
use crate::app::effect::Effect;
use crate::app::form::Purpose;
use crate::app::keymap::{Action, Place};
use crate::app::model::{Model, Screen, Tab, Work};
use crate::app::screens::{Scene, forms, today as screen};

/// Performs an action of the list of what is to do.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Screen::Today { cursor, spans } = &mut model.screen else { return Vec::new() };
    match action {
        Action::Spans => *spans = !*spans,
        Action::SaveAs => {
            let file = format!("bansou-{}.ics", model.clock.date());
            model.form = Some(forms::more::file(Purpose::SaveCalendar, "form.save_calendar", &file));
        }
        Action::Open => {
            let cursor = *cursor;
            let todos = screen::todos(model);
            if let Some(todo) = todos.get(cursor.at(todos.len())) {
                if let Some(engagement) = todo.engagement.and_then(|id| model.books.engagements.get(&id)) {
                    let work = Work::overview(engagement);
                    turn::to(model, Screen::Work(work));
                }
                return lead(model, todo.what);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Opens the screen on which the most urgent thing of the engagement is done.
pub(super) fn next_step(model: &mut Model) {
    let Some(scene) = Scene::of(model) else { return };
    let mut todos = today::of_engagement(&model.books, scene.pack, scene.engagement, scene.today);
    todos.sort_by_key(|t| (t.due.is_none(), t.due, t.what));
    match todos.first() {
        // Nothing of an engagement asks for work of the shell.
        Some(todo) => drop(lead(model, todo.what)),
        None => {
            if let Screen::Work(work) = &mut model.screen {
                work.tab = Tab::Sessions;
            }
        }
    }
}

/// Opens the place where a thing is done.
fn lead(model: &mut Model, what: What) -> Vec<Effect> {
    match (what, &mut model.screen) {
        (What::Report(n) | What::Returned(n), Screen::Work(work)) => (work.tab, work.session) = (Tab::Report, n),
        (What::Confirmation(n) | What::Hold(n) | What::Date(n), Screen::Work(work)) => {
            (work.tab, work.session) = (Tab::Sessions, n);
        }
        (What::Deliverables(_), Screen::Work(work)) => work.tab = Tab::Deliverables,
        (What::Claim { .. }, _) => return turn::go(model, Place::Claims),
        (What::Send(_), _) => return turn::go(model, Place::Outbox),
        (What::Drill | What::Backup, _) => return turn::go(model, Place::Doctor),
        _ => {}
    }
    Vec::new()
}

/// Shows the list of clients with the cursor on the one that was just left.
pub(super) fn left(model: &mut Model, engagement: Id) {
    let client = model.books.engagements.get(&engagement).map(|e| e.client);
    turn::to(model, super::clients());
    if let Some(client) = client {
        turn::point_at(model, client);
    }
}
