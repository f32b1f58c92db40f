//! What the keys of the sessions tab do, and the guidance window.

use bansou_core::command::Command;
use bansou_core::curriculum::Link;
use bansou_core::document::Request;
use bansou_core::record::v1::{Check, CheckState, Session};
use bansou_core::session::{SessionAction, SessionCommand};
use bansou_core::timing::{State, Tap};

use super::work::{Ask, Job, papers};
use crate::app::field::Field;
use crate::app::form::Purpose;
use crate::app::keymap::Action;
use crate::app::list::{Cursor, Step};
use crate::app::model::{Model, Screen, Tab, Work};
use crate::app::overlay::Overlay;
use crate::app::screens::checklist::leads;
use crate::app::screens::{Scene, checklist, forms, guidance, preview};

/// The document with which the firm is asked to prepare.
const PREP_REQUEST: &str = "prep-request";

/// Opens the guidance at what the cursor stands on.
pub(super) fn open_guidance(model: &mut Model) {
    if model.locked() {
        return;
    }
    if model.look.client_safe {
        return model.say("notice.guide_hidden");
    }
    if guidance::edition(model).is_none() {
        return model.say("notice.guide_none");
    }
    let about = guidance::about(model).into();
    model.overlay = Some(Overlay::Guidance { about, query: Field::default(), cursor: Cursor::default() });
}

/// Moves among the entries that are shown.
pub(super) fn step(model: &mut Model, step: Step) {
    let Some(Overlay::Guidance { about, query, .. }) = &model.overlay else {
        return;
    };
    let rows = guidance::entries(model, about, query.text()).len();
    if let Some(Overlay::Guidance { cursor, .. }) = &mut model.overlay {
        cursor.go(step, rows);
    }
}

pub(super) fn on_session(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let (engagement, session) = (work.engagement, work.session);
    let line = checklist::chosen(scene, session, work.cursor());
    let ask = |action| Ask::Do(Command::Session(SessionCommand { engagement, session, action }));
    let found = scene.engagement.session(session);
    let action = match (action, line.and_then(|l| l.link())) {
        (Action::Open, Some(Link::Schedule)) => Action::Schedule,
        (Action::Open, Some(Link::Confirmation)) => Action::Confirm,
        (action, _) => action,
    };
    match (action, line) {
        (Action::Tick, Some(line)) => {
            let done = Check { state: CheckState::Done, reason: None, carried_to: None };
            let check = line.check.is_none().then_some(done);
            ask(SessionAction::Check { item: line.id().to_owned(), check })
        }
        (Action::Skip, Some(line)) => Ask::Form(forms::prose(Purpose::Skip(line.id().to_owned()), "form.skip", "")),
        (Action::Schedule, _) => Ask::Form(forms::schedule(scene.words, scene.today)),
        (Action::Hold, _) => Ask::Form(forms::guide::hold(scene, session)),
        (Action::Confirm, _) => match found.and_then(|s| s.held.as_ref()) {
            Some(held) => Ask::Form(forms::confirm(scene.words, held)),
            None => Ask::Nothing,
        },
        (Action::Clock, _) => ask(SessionAction::Clock(tap(found))),
        (Action::Pause, _) => ask(SessionAction::Clock(pause(found))),
        (Action::Add, _) => Ask::Form(forms::guide::add_item(scene.words)),
        (Action::Delete, Some(line)) => ask(SessionAction::RemoveItem(line.id().to_owned())),
        (Action::Combine, _) => Ask::Form(forms::guide::combine(scene, session)),
        (Action::Preview | Action::Make | Action::SaveAs, _) => on_request(scene, work, action),
        _ => Ask::Nothing,
    }
}

/// The clock key: start, end, and go on after an end that came too early.
fn tap(session: Option<&Session>) -> Tap {
    match session.and_then(|s| s.clock.as_ref()).map(|c| c.state()) {
        Some(State::Running | State::Paused) => Tap::Stop,
        Some(State::Ended) | None => Tap::Start,
    }
}

fn pause(session: Option<&Session>) -> Tap {
    match session.and_then(|s| s.clock.as_ref()).map(|c| c.state()) {
        Some(State::Paused) => Tap::Start,
        _ => Tap::Pause,
    }
}

/// The page that asks the firm to prepare: to read, to set as PDF, to write to a file.
fn on_request(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let (engagement, session) = (work.engagement, work.session);
    let document = PREP_REQUEST.to_owned();
    let made = scene.model.books.artefact(engagement, PREP_REQUEST, Some(session));
    match action {
        Action::Preview => match preview::letter(scene.model, engagement, session) {
            Ok(lines) => Ask::Page(lines),
            Err(refusal) => Ask::Refused(refusal),
        },
        Action::Make => Ask::Shell(Job::Make(Request::Engagement { engagement, document, session: Some(session) })),
        _ => {
            let file = format!("{}-{PREP_REQUEST}-{session}.pdf", scene.engagement.case_no);
            papers::save_as(made, &file)
        }
    }
}

/// Opens the screen, and the row in it, that the chosen line of the checklist is about.
pub(super) fn follow_link(model: &mut Model) {
    let Screen::Work(work) = &model.screen else {
        return;
    };
    let lead = Scene::of(model).and_then(|s| leads::lead(&s, &checklist::chosen(&s, work.session, work.cursor())?));
    let held = Scene::of(model).map_or(1, |s| s.engagement.held_count().max(1));
    let Some(lead) = lead else {
        return;
    };
    if lead.link == Link::Claim {
        super::turn::to(model, Screen::Claims { cursor: Cursor::default() });
        return;
    }
    let (Screen::Work(work), Some((tab, row))) = (&mut model.screen, lead.row) else {
        return;
    };
    work.tab = tab;
    match tab {
        Tab::Report => work.session = work.session.min(held),
        Tab::Diagnosis | Tab::Regulations | Tab::Plan => drop(work.cursors.insert(tab, Cursor::on(row))),
        _ => {}
    }
}
