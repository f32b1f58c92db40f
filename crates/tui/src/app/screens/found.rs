//! Where a hit of the search leads: the screen it is written on, with the cursor on its row.

use std::collections::BTreeMap;

use bansou_core::record::v1::Id;
use bansou_core::search::Hit;

use super::{Scene, board, claims, clients, deliverables, final_report, inbox, outbox, payments, plan, policy};
use crate::app::list::Cursor;
use crate::app::model::{Model, Screen, Tab, Work};
use crate::app::notes_view::NotesView;
use crate::app::office::{Office, Room};

/// The screen of a hit; nothing when it is no longer there.
pub fn place(model: &Model, hit: &Hit) -> Option<Screen> {
    let text = hit.excerpt(&model.books, &model.packs)?;
    let (part, key) = text.row.split_once('.').unwrap_or((text.row.as_str(), ""));
    let books = &model.books;
    match hit.kind {
        "client" | "hold" => client(model, hit.client?),
        "claim" => {
            let at =
                claims::rows(model).iter().position(|r| matches!(r, claims::Row::Claim(c) if c.id == hit.record))?;
            Some(Screen::Claims { cursor: Cursor::on(at) })
        }
        "outbox" => {
            let at = outbox::items(model).iter().position(|item| item.id == hit.record)?;
            Some(Screen::Outbox { cursor: Cursor::on(at) })
        }
        "case" => {
            let at = board::shown(model, "").iter().position(|c| c.id == hit.record)?;
            Some(room(Room::Board, at, None))
        }
        "expert" => Some(room(Room::Experts, books.experts.keys().position(|id| *id == hit.record)?, None)),
        "pay-run" => {
            let at = payments::rows(model).iter().position(|(run, _)| run.id == hit.record)?;
            Some(room(Room::Payments, at, None))
        }
        "delivery" => {
            let at = inbox::deliveries(model).iter().position(|d| d.id == hit.record)?;
            Some(room(Room::Inbox, at, Some((hit.record, Cursor::default()))))
        }
        _ => work(model, hit, part, key, &text.field),
    }
}

fn room(room: Room, at: usize, open: Option<(Id, Cursor)>) -> Screen {
    let cursors = BTreeMap::from([(room, Cursor::on(at))]);
    Screen::Office(Office { room, cursors, open, ..Office::default() })
}

/// What is done with a client, or its row in the list.
fn client(model: &Model, id: Id) -> Option<Screen> {
    let archived = model.books.clients.get(&id)?.archived;
    if let Some(engagement) = model.books.engagement_of(id).filter(|_| !archived) {
        return Some(Screen::Work(Work::overview(engagement)));
    }
    let at = clients::everyone(model, archived).iter().position(|c| c.id == id)?;
    Some(Screen::Clients { cursor: Cursor::on(at), filter: String::new(), archived, order: clients::BY_NAME })
}

/// The tab of an engagement, and the row in it.
fn work(model: &Model, hit: &Hit, part: &str, key: &str, field: &str) -> Option<Screen> {
    let scene = Scene::about(model, hit.engagement?)?;
    let engagement = scene.engagement;
    let mut session = engagement.next_session().unwrap_or(engagement.last_session());
    let (tab, at) = match hit.kind {
        "note" => (Tab::Notes, model.books.notes_of(engagement.id).iter().position(|n| n.id == hit.record)),
        "attachment" => {
            (Tab::Evidence, model.books.attachments_of(engagement.id).iter().position(|a| a.id == hit.record))
        }
        "sheet" => {
            let number = key.parse().ok();
            (Tab::Diagnosis, scene.pack.diagnosis.questions.iter().position(|q| Some(q.number) == number))
        }
        "regulations" => (Tab::Regulations, scene.pack.regulations.sections().position(|s| s.number == key)),
        "final-report" => (Tab::Final, final_report::items(&scene).iter().position(|item| item.id == key)),
        "policy" => (Tab::Policy, blank(&scene, part, key)),
        "plan" => {
            let plan = model.books.plans.get(&hit.record)?;
            let line = key.parse::<usize>().ok().and_then(|n| plan.lines.get(n)).map(|l| l.id);
            (Tab::Plan, plan::lines(&scene).iter().position(|(_, l)| Some(l.id) == line))
        }
        "artefact" => {
            let made = model.books.artefacts.get(&hit.record)?;
            let same = |d: &deliverables::Document| d.kind == made.document && d.session == made.session;
            (Tab::Deliverables, deliverables::documents(&scene).iter().position(same))
        }
        _ => match key.parse::<u8>() {
            Ok(index) if part == "sessions" => {
                session = index + 1;
                (if field.contains(".report.") { Tab::Report } else { Tab::Sessions }, None)
            }
            _ => (Tab::Overview, None),
        },
    };
    let cursors = at.map(|at| (tab, Cursor::on(at))).into_iter().collect();
    let engagement = engagement.id;
    Some(Screen::Work(Work { engagement, tab, session, cursors, notes: NotesView::default(), score: None, then: None }))
}

/// The row of the policy on which a blank, an article or the publication stands.
fn blank(scene: &Scene<'_>, part: &str, key: &str) -> Option<usize> {
    let row = match part {
        "fields" => policy::Row::Field(key.to_owned()),
        "articles" => policy::Row::Article(key.parse().ok()?),
        "published" => policy::Row::Published,
        _ => return None,
    };
    policy::rows(scene).iter().position(|r| *r == row)
}
