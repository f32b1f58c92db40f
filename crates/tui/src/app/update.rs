//! The only place where the model changes: one message in, requests to the shell out.

mod care;
mod drafts;
mod evidence;
mod guide;
mod history;
mod keys;
mod leave;
mod locking;
mod memo;
mod office;
mod past;
mod search;
mod share;
mod textkeys;
mod then;
mod today;
mod turn;
mod tutorial;
mod windows;
mod work;
mod writing;

use bansou_core::command::{self, Command};
use bansou_core::record::v1::{Change, JournalEntry};
use bansou_core::refusal::Refusal;

use super::cover;
use super::effect::Effect;
use super::field::Field;
use super::form::{Form, Purpose};
use super::key::Key;
use super::keymap::Action;
use super::list::{Cursor, Step};
use super::model::{Ctx, Model, Order, Screen, Tab, unlock_form};
use super::msg::Msg;
use super::office::Office;
use super::overlay::{self, Overlay};
use super::screens::{Scene, forms};
use super::typed::Reader;
use locking::{lock, suspend};

const UNLOCKING: &str = "waiting.unlock";

/// Applies one message.
pub fn update(model: &mut Model, msg: Msg, ctx: &Ctx) -> Vec<Effect> {
    if !model.typing() {
        model.clock = ctx.now;
    }
    let news = drafts::news(&msg);
    let effects = handle(model, msg, ctx);
    tutorial::follow(model, &[]);
    drafts::follow(model, &news, ctx);
    then::follow(model);
    effects
}

fn handle(model: &mut Model, msg: Msg, ctx: &Ctx) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => {
            let effects = keys::on_key(model, key, ctx);
            memo::begin(model, ctx);
            effects
        }
        Msg::Paste(text) => {
            writing::paste(model, &text);
            memo::begin(model, ctx);
            Vec::new()
        }
        Msg::Ambiguous(width) => {
            model.look.ambiguous = width;
            vec![Effect::Redraw]
        }
        Msg::Resized | Msg::Tick => Vec::new(),
        Msg::Idle { left } => {
            locking::warn(model, left);
            Vec::new()
        }
        Msg::Lock => lock(model, ctx),
        Msg::Suspend => suspend(model, ctx),
        Msg::End(status) => leave::end(model, status),
        Msg::Keep => drafts::keep(model).into_iter().collect(),
        Msg::Kept { problem } => {
            drafts::kept(model, problem, ctx);
            Vec::new()
        }
        Msg::Unlocked { id, books, recent, drafts } => {
            if model.pending.remove(&id).is_some() && model.locked() {
                return locking::unlocked(model, *books, recent, *drafts, ctx);
            }
            Vec::new()
        }
        Msg::Saved { id, seq } => {
            if let Some(entry) = model.pending.remove(&id).and_then(|p| p.entry) {
                model.history.push((seq, *entry));
            }
            model.status.saved = Some(ctx.now);
            Vec::new()
        }
        Msg::Done { id, entries } => match model.pending.remove(&id) {
            Some(asked) if !model.locked() => done(model, ctx, asked.what, entries),
            _ => Vec::new(),
        },
        Msg::Stopped { id, entries, problem } => {
            if model.pending.remove(&id).is_some() && !model.locked() {
                entries.iter().for_each(|e| model.follow(&e.changes));
            }
            model.fail(*problem);
            Vec::new()
        }
        Msg::RequestRead { id, seen } => {
            if model.pending.remove(&id).is_some() && !model.locked() {
                office::request_read(model, *seen);
            }
            Vec::new()
        }
        Msg::Examined { id, report } => {
            if model.pending.remove(&id).is_some()
                && let Screen::Doctor { report: shown, .. } = &mut model.screen
            {
                *shown = Some(*report);
            }
            Vec::new()
        }
        told @ (Msg::Attached { .. } | Msg::Read { .. }) => evidence::told(model, ctx, told),
        Msg::Listed(listed) => writing::paths::listed(model, *listed),
        told @ (Msg::Past { .. } | Msg::Then { .. }) => past::told(model, told),
        Msg::Failed { id, problem } => {
            if let Some(entry) = model.pending.remove(&id).and_then(|p| p.entry) {
                model.follow(&taken_back(&entry));
            }
            model.fail(*problem);
            Vec::new()
        }
    }
}

/// The shell has done what was asked for, and has committed these entries.
fn done(model: &mut Model, ctx: &Ctx, what: &'static str, entries: Vec<JournalEntry>) -> Vec<Effect> {
    office::done(model, what, &entries);
    if work::erase::purged(&entries) {
        return leave::after_purge(model, ctx);
    }
    entries.iter().for_each(|entry| model.follow(&entry.changes));
    model.status.saved = Some(ctx.now);
    if matches!(what, "waiting.save_document" | "waiting.file" | "waiting.export") {
        model.say("notice.written");
    }
    share::done(model, what);
    care::done(model, what)
}

/// The screen an opened home begins with.
fn first(model: &Model) -> Screen {
    if model.secretariat() { Screen::Office(Office::default()) } else { clients() }
}

fn clients() -> Screen {
    let order = Order::default();
    Screen::Clients { cursor: Cursor::default(), filter: String::new(), archived: false, order }
}

/// The changes that restore what was before an entry.
fn taken_back(entry: &JournalEntry) -> Vec<Change> {
    let back = |c: &Change| Change { id: c.id, before: c.after.clone(), after: c.before.clone() };
    entry.changes.iter().map(back).collect()
}

/// Applies a command to the books and asks for it to be saved; a refusal is shown and changes nothing.
fn apply(model: &mut Model, ctx: &Ctx, command: Command) -> Result<Vec<Effect>, Refusal> {
    let core = command::Ctx { now: ctx.now, seed: ctx.seed, packs: &model.packs };
    let name = command.name();
    let changes = command::apply(&model.books, &core, command)?;
    Ok(save(model, command::entry(ctx.now, name, changes, None)))
}

fn save(model: &mut Model, entry: JournalEntry) -> Vec<Effect> {
    if entry.changes.is_empty() {
        return Vec::new();
    }
    model.follow(&entry.changes);
    let id = model.wait("waiting.save");
    let entry = Box::new(entry);
    if let Some(pending) = model.pending.get_mut(&id) {
        pending.entry = Some(entry.clone());
    }
    vec![Effect::Save { id, entry }]
}

/// Applies a command from a key; a refusal goes to the status row.
fn command(model: &mut Model, ctx: &Ctx, command: Command) -> Vec<Effect> {
    match apply(model, ctx, command) {
        Ok(effects) => effects,
        Err(refusal) => {
            refuse(model, &refusal);
            Vec::new()
        }
    }
}

/// Asks for a word before a command that is not undone by a slip of the finger.
fn ask_word(
    model: &mut Model,
    ctx: &Ctx,
    command: Command,
    question: &'static str,
    expected: String,
) -> Result<(), Refusal> {
    let core = command::Ctx { now: ctx.now, seed: ctx.seed, packs: &model.packs };
    let name = command.name();
    let changes = command::apply(&model.books, &core, command)?;
    let entry = Box::new(command::entry(ctx.now, name, changes, None));
    let effect = Box::new(Effect::Save { id: 0, entry });
    model.overlay = Some(Overlay::Confirm { question, about: vec![], expected, typed: Field::default(), effect });
    Ok(())
}

/// Says in the status row why a rule refused.
fn refuse(model: &mut Model, refusal: &Refusal) {
    model.status.notice = Some(format!("{} {}", refusal.code(), refusal.text(model.look.lang)));
}

/// Why an action is not done now, as a catalogue key: people look on, or an engagement is shown as it was.
fn forbidden(model: &Model, action: Action) -> Option<&'static str> {
    match (cover::blocks(model, action), super::then::blocks(model, action)) {
        (true, _) => Some("notice.covered"),
        (_, true) => Some("notice.then_read_only"),
        _ => None,
    }
}

fn act(model: &mut Model, action: Action, key: Key, ctx: &Ctx) -> Vec<Effect> {
    if let Some(why) = forbidden(model, action) {
        model.say(why);
        return Vec::new();
    }
    model.hand.pressed = Some(action);
    match action {
        Action::Search => search::open(model),
        Action::Help | Action::Keys | Action::Palette | Action::Guidance => windows::open(model, action),
        Action::Tutorial | Action::SkipStep | Action::HideSteps => tutorial::act(model, action),
        Action::ClientSafe => windows::client_safe(model),
        Action::Lock => return lock(model, ctx),
        Action::Suspend => return suspend(model, ctx),
        Action::Quit => return leave::quit(model),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Prefix(prefix) => model.overlay = Some(Overlay::Choices(prefix)),
        Action::Back => return back(model),
        Action::Move(step) => step_list(model, step),
        Action::Open => return open(model, key, ctx),
        Action::Go(place) => return turn::go(model, place),
        Action::NextField if model.form.as_ref().is_some_and(|f| f.entries.len() == 1) => {
            return submit(model, ctx);
        }
        Action::NextField | Action::PreviousField => {
            if let Some(form) = &mut model.form {
                form.next(action == Action::PreviousField);
            }
        }
        Action::Submit => return submit(model, ctx),
        Action::Undo => return history::undo(model, ctx),
        Action::Redo => return history::redo(model, ctx),
        Action::Write(write) => return writing::act(model, write, ctx),
        other => return on_screen(model, other, ctx),
    }
    Vec::new()
}

/// An action of the screen itself.
fn on_screen(model: &mut Model, action: Action, ctx: &Ctx) -> Vec<Effect> {
    match action {
        Action::Past => return past::open(model),
        Action::PutBack => return past::put_back(model, ctx),
        Action::AsOf => then::choose(model),
        _ => {}
    }
    match model.screen {
        Screen::Office(_) => office::act(model, action),
        Screen::Doctor { .. } => care::act(model, action),
        Screen::Today { .. } => today::act(model, action),
        Screen::History { .. } => history::act(model, action, ctx),
        Screen::Merge { .. } => share::act(model, action, ctx),
        _ => work::act(model, action, ctx),
    }
}

fn back(model: &mut Model) -> Vec<Effect> {
    if search::put_away(model) {
        return Vec::new();
    }
    if !model.locked() && model.form.is_some() {
        drafts::leave(model);
        model.form = None;
        return Vec::new();
    }
    if search::returned(model) || office::close(model) || then::leave(model) {
        return Vec::new();
    }
    match &mut model.screen {
        Screen::Outbox { .. } | Screen::Claims { .. } | Screen::Today { .. } => {
            turn::to(model, clients());
            Vec::new()
        }
        Screen::Doctor { .. } => {
            turn::to(model, first(model));
            Vec::new()
        }
        Screen::History { from, .. } | Screen::Merge { from, .. } => {
            model.screen = (**from).clone();
            Vec::new()
        }
        Screen::Work(work) => {
            let engagement = work.engagement;
            if work.tab == Tab::Notes && work.notes.sheet {
                work.notes.sheet = false;
            } else if work.score.take().is_none() {
                today::left(model, engagement);
            }
            Vec::new()
        }
        _ => leave::quit(model),
    }
}

fn step_list(model: &mut Model, step: Step) {
    if matches!(model.overlay, Some(Overlay::Search(_))) {
        return search::step(model, step);
    }
    let rows = match &model.overlay {
        Some(Overlay::Palette { query, .. }) => overlay::choices(model, query.text()).len(),
        Some(Overlay::Help { of, .. } | Overlay::Keys { of, .. }) => overlay::help_rows(model, *of).len(),
        _ => 0,
    };
    match &mut model.overlay {
        Some(Overlay::Help { cursor, .. } | Overlay::Keys { cursor, .. } | Overlay::Palette { cursor, .. }) => {
            cursor.go(step, rows);
        }
        Some(Overlay::Guidance { .. }) => guide::step(model, step),
        Some(Overlay::Phrases { .. }) => writing::step(model, step),
        Some(Overlay::Paths(strip)) => strip.cursor.go(step, strip.found.names.len()),
        Some(Overlay::Sort { .. }) => work::step_sort(model, step),
        Some(Overlay::AsOf { .. }) => then::step(model, step),
        Some(Overlay::Past(past)) => past.step(step),
        Some(Overlay::Page { lines, cursor, .. }) => cursor.go(step, lines.len() * 4),
        Some(Overlay::Tutorial { cursor }) => cursor.go(step, tutorial::ROWS),
        Some(Overlay::Choices(_)) => {
            model.overlay = None;
            step_list(model, step);
        }
        Some(_) => {}
        None if matches!(model.screen, Screen::Office(_)) => office::step(model, step),
        None => work::step(model, step),
    }
}

fn open(model: &mut Model, key: Key, ctx: &Ctx) -> Vec<Effect> {
    match model.overlay {
        Some(Overlay::Sort { .. }) => return work::sort(model, ctx),
        Some(Overlay::AsOf { .. }) => return then::chosen(model),
        _ => {}
    }
    if let Some(Overlay::Palette { query, cursor }) = &model.overlay {
        let rows = overlay::choices(model, query.text());
        let chosen = rows.get(cursor.at(rows.len())).map(|b| b.action);
        model.overlay = None;
        if let Some(action) = chosen {
            model.hand.chose(action);
            return act(model, action, key, ctx);
        }
        return Vec::new();
    }
    if matches!(model.overlay, Some(Overlay::Search(_))) {
        return search::jump(model);
    }
    on_screen(model, Action::Open, ctx)
}

fn submit(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    let (draft, ticket) = (drafts::open(model), model.next_ticket);
    let effects = submitted(model, ctx);
    // A refused form is still there, and one that asks for a word as well.
    if model.overlay.is_none() && model.form.as_ref().is_none_or(|form| form.refused.is_none()) {
        drafts::sent(model, draft, ticket);
    }
    effects
}

fn submitted(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Confirm { expected, typed, effect, .. }) if typed.text() == expected => {
            model.form = None;
            return match *effect {
                Effect::Save { entry, .. } => save(model, *entry),
                Effect::Evidence { errand, .. } => vec![evidence::start(model, errand)],
                Effect::Erase { client, word, .. } => work::erase::begin(model, client, word),
                other => vec![other],
            };
        }
        Some(asked @ Overlay::Confirm { .. }) => {
            model.overlay = Some(asked);
            model.say("notice.word_differs");
            return Vec::new();
        }
        other => model.overlay = other,
    }
    let Some(mut form) = model.form.take() else {
        return Vec::new();
    };
    if !form.settle(&Reader::of(model)) {
        model.form = Some(form);
        return Vec::new();
    }
    match form.purpose {
        Purpose::Unlock if model.waits_for(UNLOCKING) => {
            model.form = Some(form);
            Vec::new()
        }
        Purpose::Unlock => {
            let passphrase = form.take_secrets().pop().unwrap_or_default();
            model.form = Some(unlock_form());
            let id = model.wait(UNLOCKING);
            vec![Effect::Unlock { id, passphrase }]
        }
        Purpose::Filter => {
            if let Screen::Clients { cursor, filter, .. } = &mut model.screen {
                *cursor = Cursor::default();
                form.text("field.filter").clone_into(filter);
            }
            office::filter(model, form.text("field.filter"));
            Vec::new()
        }
        Purpose::Export => {
            let folder = form.text("field.folder").to_owned();
            let id = model.wait("waiting.export");
            vec![Effect::ExportTo { id, folder }]
        }
        Purpose::SaveCalendar => {
            let file = form.text("field.file").trim().to_owned();
            let id = model.wait("waiting.file");
            vec![Effect::SaveCalendar { id, file }]
        }
        Purpose::SaveDocument(blob) => {
            let file = form.text("field.file").trim().to_owned();
            let id = model.wait("waiting.save_document");
            vec![Effect::SaveDocument { id, blob, file }]
        }
        Purpose::MakeFile(ref request) => {
            let (request, file) = (request.clone(), Some(form.text("field.file").trim().to_owned()));
            let id = model.wait("waiting.save_document");
            vec![Effect::MakeDocument { id, request, file }]
        }
        Purpose::Import => {
            let folder = form.text("field.folder").to_owned();
            let id = model.wait("waiting.import");
            vec![Effect::ImportFrom { id, folder }]
        }
        Purpose::Memo(_) => memo::enter(model, form, ctx),
        Purpose::Drill | Purpose::Passphrase => care::submit(model, form),
        Purpose::Office(_) => office::submit(model, form, ctx),
        Purpose::Attach { .. } | Purpose::EditAttachment(_) => evidence::submit(model, form, ctx),
        Purpose::Pair | Purpose::HandOver | Purpose::TakeIn | Purpose::TakeCopy => share::submit(model, form, ctx),
        _ => submit_command(model, form, ctx),
    }
}

/// Applies a command from a form; a refusal is the reason that the form shows.
fn applied(model: &mut Model, ctx: &Ctx, command: Command) -> Result<Vec<Effect>, String> {
    apply(model, ctx, command).map_err(|r| format!("{} {}", r.code(), r.text(model.look.lang)))
}

/// The form stays with the reason when its text cannot be read or the rules refuse it.
fn submit_command(model: &mut Model, mut form: Form, ctx: &Ctx) -> Vec<Effect> {
    let work = match &model.screen {
        Screen::Work(work) => Some(work),
        _ => None,
    };
    let words = model.look.words();
    let outcome = match forms::command(model, &form, work) {
        Ok(Some(command)) if form.purpose == Purpose::End => {
            let case = Scene::of(model).map_or_else(String::new, |s| s.engagement.case_no.clone());
            let asked = ask_word(model, ctx, command, "engage.sure", case);
            // The form stays below the question: who does not type the word finds it as it was.
            let below = form.clone();
            asked
                .map(|()| model.form = Some(below))
                .map(|()| Vec::new())
                .map_err(|r| format!("{} {}", r.code(), r.text(model.look.lang)))
        }
        Ok(Some(command)) => applied(model, ctx, command).inspect(|effects| turn::point_at_new(model, effects)),
        Ok(None) => Ok(Vec::new()),
        Err(label) => Err(words.fill("form.unread", &[("field", words.get(label))])),
    };
    outcome.unwrap_or_else(|reason| {
        form.refused = Some(reason);
        model.form = Some(form);
        Vec::new()
    })
}
