//! What the keys of the notes and of the hearing sheet do.

use std::collections::BTreeSet;

use bansou_core::command::Command;
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::hearing as sheet;
use bansou_core::note::NoteAction;
use bansou_core::record::v1::{Hearing, Id, Note};

use super::Ask;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::keymap::Action;
use crate::app::list::{Cursor, Step};
use crate::app::model::{Ctx, Model, Screen, Tab, Work};
use crate::app::overlay::Overlay;
use crate::app::screens::{Scene, forms, hearing, memo, notes};

/// The line to take something down, over whatever is shown.
pub(super) fn memo(scene: &Scene<'_>, work: &Work) -> Ask {
    let shown = (work.tab == Tab::Sessions).then_some(work.session);
    Ask::Form(memo::open(scene, None, shown))
}

fn note(engagement: Id, action: NoteAction) -> Ask {
    let action = FindingsAction::Note(action);
    Ask::Do(Command::Findings(FindingsCommand { engagement, action }))
}

pub(super) fn on_notes(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    if work.notes.sheet {
        return on_sheet(scene, work, action);
    }
    let picked = notes::picked(scene, work);
    if picked.is_empty() {
        return Ask::Nothing;
    }
    let ids: Vec<Id> = picked.iter().map(|n| n.id).collect();
    match action {
        Action::Edit => {
            let form = notes::chosen(scene, work).and_then(|n| memo::edit(scene, n.id));
            form.map_or(Ask::Nothing, Ask::Form)
        }
        Action::Delete => note(work.engagement, NoteAction::Remove(ids)),
        Action::Release => {
            let leaves = !picked.iter().all(|n| n.leaves);
            note(work.engagement, NoteAction::Release { notes: ids, leaves })
        }
        Action::Sort => {
            let (query, cursor) = (Field::default(), Cursor::default());
            Ask::Question(Box::new(Overlay::Sort { notes: ids, query, cursor }))
        }
        Action::NewLine => Ask::Form(forms::more::new_line(scene, &picked)),
        _ => Ask::Nothing,
    }
}

fn on_sheet(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let row = hearing::chosen(scene, &work.notes);
    let safe = scene.model.look.client_safe;
    match (action, row) {
        (Action::Open, Some(row)) => Ask::Form(memo::open(scene, Some(row.ask.id.clone()), None)),
        (Action::Edit, Some(row)) if !safe => {
            let form = row.answers.last().and_then(|n| memo::edit(scene, n.id));
            form.map_or(Ask::Nothing, Ask::Form)
        }
        (Action::Skip, Some(row)) => {
            let mut chosen = scene.engagement.hearing.clone();
            if !chosen.left_out.remove(&row.ask.id) {
                chosen.left_out.insert(row.ask.id.clone());
            }
            bring(work.engagement, chosen)
        }
        (Action::Industry, _) => Ask::Form(hearing::industry_form(scene)),
        (Action::Preview, _) => {
            let answers = sheet::answers(&scene.model.books, scene.engagement.id);
            let about = (scene.client, scene.engagement);
            let mut page = hearing::page(scene.words, scene.model.lang(), &scene.pack.hearing, about, &answers, safe);
            let case = [("case", scene.engagement.case_no.as_str())];
            page.extend([String::new(), scene.words.fill("hearing.print", &case)]);
            Ask::Page(page)
        }
        _ => Ask::Nothing,
    }
}

fn bring(engagement: Id, chosen: Hearing) -> Ask {
    Ask::Do(Command::Engagement(EngagementCommand { engagement, action: EngagementAction::Bring(chosen) }))
}

/// Changes of the tab itself: the sheet, the filter, the marks.
pub(super) fn move_on(model: &mut Model, action: Action) {
    let Some(scene) = Scene::of(model) else {
        return;
    };
    let Screen::Work(work) = &model.screen else {
        return;
    };
    let mut view = work.notes.clone();
    let sessions = scene.engagement.sessions.len() as u8;
    let here = notes::chosen(&scene, work).map(|n| n.id);
    let list: Vec<Id> = notes::shown(&scene, &view).iter().map(|n| n.id).collect();
    match action {
        Action::Sheet => view.sheet = !view.sheet,
        Action::Filter if view.sheet => view.open_only = !view.open_only,
        Action::Filter => view.unsorted = !view.unsorted,
        _ if view.sheet => return,
        Action::NextSession => view.session = turned(view.session, sessions, 1),
        Action::PreviousSession => view.session = turned(view.session, sessions, -1),
        Action::Speaker => view.who = next_speaker(&scene, view.who.as_deref()),
        Action::Tick => {
            let Some(here) = here else { return };
            if !view.marked.remove(&here) {
                view.marked.insert(here);
            }
            view.from = Some(here);
        }
        Action::MarkRange => {
            let place = |id: Option<Id>| list.iter().position(|n| Some(*n) == id);
            let (Some(to), from) = (place(here), place(view.from)) else { return };
            let from = from.unwrap_or(to);
            view.marked.extend(&list[from.min(to)..=from.max(to)]);
            view.from = here;
        }
        Action::Release | Action::NewLine | Action::Delete => (view.marked, view.from) = (BTreeSet::new(), None),
        Action::MarkAll => {
            let all: BTreeSet<Id> = list.into_iter().collect();
            view.marked = if all.is_subset(&view.marked) { BTreeSet::new() } else { all };
        }
        _ => return,
    }
    if let Screen::Work(work) = &mut model.screen {
        work.notes = view;
    }
    if action == Action::Tick {
        super::step(model, Step::Down);
    }
}

/// The next choice of the ring: all, each session, between the sessions.
fn turned(now: Option<Option<u8>>, sessions: u8, by: i16) -> Option<Option<u8>> {
    let ring: Vec<Option<Option<u8>>> =
        std::iter::once(None).chain((1..=sessions).map(|n| Some(Some(n)))).chain([Some(None)]).collect();
    let at = ring.iter().position(|c| *c == now).unwrap_or(0) as i16;
    ring[(at + by).rem_euclid(ring.len() as i16) as usize]
}

/// The next person of those who said something, then everybody again.
fn next_speaker(scene: &Scene<'_>, now: Option<&str>) -> Option<String> {
    let said = |n: &&Note| n.who.clone();
    let names: BTreeSet<String> = scene.model.books.notes_of(scene.engagement.id).iter().map(said).collect();
    match now {
        None => names.into_iter().next(),
        Some(now) => names.into_iter().find(|name| name.as_str() > now),
    }
}

/// Moves the cursor of the window of places.
pub(in crate::app::update) fn step_sort(model: &mut Model, step: Step) {
    let Some(Overlay::Sort { query, .. }) = &model.overlay else {
        return;
    };
    let rows = Scene::of(model).map_or(0, |scene| notes::targets(&scene, query.text()).len());
    if let Some(Overlay::Sort { cursor, .. }) = &mut model.overlay {
        cursor.go(step, rows);
    }
}

/// Sorts the notes of the window onto the chosen place.
pub(in crate::app::update) fn sort(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let Some(Overlay::Sort { notes, query, cursor }) = model.overlay.take() else {
        return Vec::new();
    };
    let Some(scene) = Scene::of(model) else {
        return Vec::new();
    };
    let targets = notes::targets(&scene, query.text());
    let Some((onto, _)) = targets.get(cursor.at(targets.len())).cloned() else {
        return Vec::new();
    };
    let engagement = scene.engagement.id;
    let action = FindingsAction::Note(NoteAction::Sort { notes, onto });
    let effects = super::super::command(model, ctx, Command::Findings(FindingsCommand { engagement, action }));
    if let Screen::Work(work) = &mut model.screen {
        (work.notes.marked, work.notes.from) = (BTreeSet::new(), None);
    }
    effects
}
