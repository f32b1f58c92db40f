//! What is typed and not yet saved: kept while typing, put back when the form opens again, forgotten when it is saved.

use std::collections::BTreeMap;

use bansou_core::record::v1::{Draft, DraftPlace, Drafts};

use super::act;
use crate::app::draft::{self, Name};
use crate::app::effect::{Effect, Ticket};
use crate::app::hand::Left;
use crate::app::key::{Code, Key};
use crate::app::keymap::{self, Table};
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model, Screen, TABS, Tab, Work};
use crate::app::msg::{Msg, Problem};
use crate::app::notes_view::NotesView;
use crate::app::office::{Office, ROOMS};
use crate::app::screens::{Scene, clients, notes};

/// Milliseconds after which a typed key has to be on its way to the store.
const SOON: u64 = 600;
/// The name of the hearing sheet as a place.
const SHEET: &str = "hearing.sheet";
/// What a message says about drafts, before it is handled.
pub(super) enum News {
    Typed,
    Saved(Ticket),
    Failed(Ticket),
    Nothing,
}

pub(super) fn news(msg: &Msg) -> News {
    match msg {
        Msg::Key(_) | Msg::Paste(_) => News::Typed,
        Msg::Saved { id, .. } | Msg::Done { id, .. } | Msg::Attached { id, .. } => News::Saved(*id),
        Msg::Failed { id, .. } | Msg::Stopped { id, .. } => News::Failed(*id),
        _ => News::Nothing,
    }
}

/// After a message: a form that has just opened gets its draft back, and what was typed gets its time.
pub(super) fn follow(model: &mut Model, news: &News, ctx: &Ctx) {
    match news {
        News::Saved(id) => model.hand.left.retain(|left| left.sent != Some(*id)),
        News::Failed(id) => model.hand.left.iter_mut().filter(|l| l.sent == Some(*id)).for_each(|l| l.sent = None),
        News::Typed | News::Nothing => {}
    }
    let name = name(model);
    if name != model.hand.open {
        model.hand.place = name.is_some().then(|| place(model)).flatten();
        if let Some(name) = &name {
            restore(model, name);
        }
        model.hand.open = name;
    }
    if !matches!(news, News::Nothing) && !model.locked() {
        model.hand.due.get_or_insert(ctx.millis + SOON);
    }
}

/// The name of the open form, when what is typed into it is kept.
fn name(model: &Model) -> Option<Name> {
    let form = model.form.as_ref().filter(|form| !model.locked() && draft::keeps(form))?;
    let work = match &model.screen {
        Screen::Work(work) => Some(work),
        _ => None,
    };
    Some(draft::name(form, work))
}

fn restore(model: &mut Model, name: &Name) {
    let left = &mut model.hand.left;
    let Some(at) = left.iter().rposition(|l| l.sent.is_none() && Name::of(&l.draft) == *name) else { return };
    let draft = left.remove(at).draft;
    if let Some(form) = &mut model.form {
        draft::fill(form, &draft);
        model.say("notice.draft_back");
    }
}

/// The open form as a draft, when something was typed into it.
pub(super) fn open(model: &Model) -> Option<Draft> {
    let form = model.form.as_ref().filter(|form| form.touched())?;
    Some(draft::of(form, name(model)?, model.hand.place.clone()))
}

/// The form is left with what was typed: it is there again when the form opens again.
pub(super) fn leave(model: &mut Model) {
    if let Some(draft) = open(model) {
        model.hand.left.push(Left { draft: Draft { place: None, ..draft }, sent: None });
        model.say("notice.draft_kept");
    }
}

/// What was typed was accepted; it is kept until the store has it, when something was asked of the shell since `ticket`.
pub(super) fn sent(model: &mut Model, draft: Option<Draft>, ticket: Ticket) {
    // A line that goes on with the next one stands where it stood.
    if model.form.is_none() {
        model.hand.open = None;
    }
    if let Some(draft) = draft.filter(|_| model.next_ticket > ticket) {
        let sent = Some(model.next_ticket - 1);
        model.hand.left.push(Left { draft: Draft { place: None, ..draft }, sent });
    }
}

/// Everything that would be lost if the power went now.
fn all(model: &Model) -> Drafts {
    let forms = model.hand.left.iter().map(|left| left.draft.clone()).chain(open(model)).collect();
    Drafts { forms, tutorial: model.hand.tutorial.clone() }
}

/// Asks for the drafts to be kept, when they are not the ones that are kept already.
pub(super) fn keep(model: &mut Model) -> Option<Effect> {
    model.hand.due = None;
    let drafts = (!model.locked()).then(|| all(model))?;
    if model.hand.kept.as_ref() == Some(&drafts) {
        return None;
    }
    model.hand.kept = Some(drafts.clone());
    Some(Effect::KeepDrafts(Box::new(drafts)))
}

/// The answer to `keep`. A failure is said beside the text, not over it, and the next key tries again.
pub(super) fn kept(model: &mut Model, problem: Option<Box<Problem>>, ctx: &Ctx) {
    match problem {
        None => model.status.saved = Some(ctx.now),
        Some(problem) => {
            model.hand.kept = None;
            let why = [("why", problem.happened.as_str())];
            model.status.notice = Some(model.look.words().fill("notice.draft_not_kept", &why));
        }
    }
}

/// An opened home: its drafts, and the form that stood open where it stood.
pub(super) fn unlocked(model: &mut Model, drafts: Drafts, ctx: &Ctx) -> Vec<Effect> {
    model.hand.kept = Some(drafts.clone());
    model.hand.tutorial = drafts.tutorial;
    model.hand.left = drafts.forms.into_iter().map(|draft| Left { draft, sent: None }).collect();
    let stood = model.hand.left.iter_mut().rev().find_map(|l| Some((Name::of(&l.draft), l.draft.place.take()?)));
    let Some((name_of_draft, place)) = stood else { return Vec::new() };
    let Some(screen) = screen(model, &place) else {
        model.say("notice.draft_waits");
        return Vec::new();
    };
    model.screen = screen;
    let (keys, table) = (model.look.keys, model.table_below());
    let mut actions = keys.rows(table).iter().chain(keys.global(table));
    let Some(action) = actions.find(|b| b.word == place.action).map(|b| b.action) else {
        model.say("notice.draft_waits");
        return Vec::new();
    };
    let effects = act(model, action, Key::plain(Code::Enter), ctx);
    if name(model).as_ref() != Some(&name_of_draft) {
        model.form = None;
        model.say("notice.draft_waits");
    }
    effects
}

/// Where the form that has just opened stands.
fn place(model: &Model) -> Option<DraftPlace> {
    let (keys, below) = (model.look.keys, model.screen_table());
    let pressed = model.hand.pressed?;
    let action = keys.rows(below).iter().chain(keys.global(below)).find(|b| b.action == pressed)?.word;
    let (screen, engagement, session, row) = match &model.screen {
        Screen::Work(work) if work.tab == Tab::Notes => {
            // What narrows the notes is forgotten with the screen: the row is the one without it.
            let (sheet, row) = notes::stands(&Scene::of(model)?, work);
            let name = if sheet { SHEET } else { "tab.notes" };
            (name, Some(work.engagement), work.session, row)
        }
        Screen::Work(work) => {
            let name = TABS.iter().find(|t| t.0 == work.tab)?.2;
            (name, Some(work.engagement), work.session, work.cursor().row())
        }
        Screen::Clients { cursor, archived, .. } => {
            // Filter and arrangement are forgotten with the screen: the row is the one by name, whatever the day.
            let chosen = clients::chosen(model, *cursor);
            let row = clients::everyone(model, *archived).iter().position(|c| Some(c.id) == chosen);
            (keymap::title(Table::Clients), None, 0, row.unwrap_or(0))
        }
        Screen::Claims { cursor } => (keymap::title(Table::Claims), None, 0, cursor.row()),
        Screen::Office(office) => (ROOMS.iter().find(|r| r.0 == office.room)?.2, None, 0, office.cursor().row()),
        Screen::Locked { .. }
        | Screen::Outbox { .. }
        | Screen::Doctor { .. }
        | Screen::Today { .. }
        | Screen::History { .. }
        | Screen::Merge { .. } => return None,
    };
    let row = u32::try_from(row).unwrap_or(0);
    Some(DraftPlace { screen: screen.to_owned(), engagement, session, row, action: action.to_owned() })
}

/// The screen of a place, when it stands in these books.
fn screen(model: &Model, place: &DraftPlace) -> Option<Screen> {
    let cursor = Cursor::on(place.row as usize);
    let room = ROOMS.iter().find(|r| r.2 == place.screen).map(|r| r.0);
    match (place.engagement, room) {
        (Some(engagement), _) if model.books.engagements.contains_key(&engagement) => {
            let sheet = place.screen == SHEET;
            let tab = if sheet { Tab::Notes } else { TABS.iter().find(|t| t.2 == place.screen)?.0 };
            let (notes, cursors) = match sheet {
                true => (NotesView { sheet, at: cursor, ..NotesView::default() }, BTreeMap::new()),
                false => (NotesView::default(), [(tab, cursor)].into()),
            };
            Some(Screen::Work(Work {
                engagement,
                tab,
                session: place.session,
                cursors,
                notes,
                score: None,
                then: None,
            }))
        }
        (None, Some(room)) if model.secretariat() => {
            Some(Screen::Office(Office { room, cursors: [(room, cursor)].into(), ..Office::default() }))
        }
        (None, None) if place.screen == keymap::title(Table::Clients) => {
            Some(Screen::Clients { cursor, filter: String::new(), archived: false, order: clients::BY_NAME })
        }
        (None, None) if place.screen == keymap::title(Table::Claims) => Some(Screen::Claims { cursor }),
        _ => None,
    }
}
