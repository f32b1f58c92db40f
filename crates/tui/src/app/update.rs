//! The only place where the model changes: one message in, requests to the shell out.

mod care;
mod copy;
mod drafts;
mod evidence;
mod guide;
mod history;
mod keys;
mod leave;
mod locking;
mod memo;
mod office;
mod owner;
mod past;
mod search;
mod share;
mod submit;
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
use super::effect::{Effect, Ticket};
use super::field::Field;
use super::form::Purpose;
use super::key::Key;
use super::keymap::Action;
use super::list::{Cursor, Step};
use super::model::{Ctx, Model, Order, Screen, Tab};
use super::msg::{Msg, Problem};
use super::office::Office;
use super::overlay::{self, Overlay};
use locking::{lock, suspend};
use submit::submit;

const UNLOCKING: &str = "waiting.unlock";
/// What the store says to a wrong passphrase, or to a recovery code in its place.
const WRONG: [&str; 2] = ["E-VAULT-PASSPHRASE", "E-VAULT-RECOVERY"];

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
        Msg::Resized { small } => {
            model.look.small = small && !model.look.reader;
            Vec::new()
        }
        Msg::Tick => Vec::new(),
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
        Msg::Founded(home) => owner::founded(model, *home),
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
        Msg::Failed { id, problem } => failed(model, id, *problem),
    }
}

/// What the shell could not do is taken back and told; a wrong passphrase beside its field, which waits for the next try.
fn failed(model: &mut Model, id: Ticket, problem: Problem) -> Vec<Effect> {
    if let Some(entry) = model.pending.remove(&id).and_then(|p| p.entry) {
        model.follow(&taken_back(&entry));
    }
    match model.form.as_mut().filter(|form| form.purpose == Purpose::Unlock && WRONG.contains(&&*problem.code)) {
        Some(form) => form.refused = Some(format!("{} {}", problem.happened, problem.todo)),
        None => model.fail(problem),
    }
    Vec::new()
}

/// The shell has done what was asked for, and has committed these entries.
fn done(model: &mut Model, ctx: &Ctx, what: &'static str, entries: Vec<JournalEntry>) -> Vec<Effect> {
    office::done(model, what, &entries);
    if work::erase::purged(&entries) {
        return leave::after_purge(model, ctx);
    }
    entries.iter().for_each(|entry| model.follow(&entry.changes));
    model.status.saved = Some(ctx.now);
    let written = match what {
        "waiting.save_document" | "waiting.file" => Some("notice.written"),
        "waiting.export" => Some("notice.exported"),
        _ => None,
    };
    if let Some(written) = written {
        model.status.notice = Some(model.look.words().fill(written, &[("file", &model.hand.file)]));
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
        Action::Copy(what) => return copy::copy(model, what, false),
        Action::CopyOut(what) => return copy::copy(model, what, true),
        Action::Repeat => {
            return copy::again(model).map_or_else(Vec::new, |change| on_screen(model, change, ctx));
        }
        other => {
            let effects = on_screen(model, other, ctx);
            copy::remember(model, other, &effects);
            return effects;
        }
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
        Screen::Clients { .. } => {
            model.say("notice.top");
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

/// Applies a command from a form; a refusal is the reason that the form shows.
fn applied(model: &mut Model, ctx: &Ctx, command: Command) -> Result<Vec<Effect>, String> {
    apply(model, ctx, command).map_err(|r| format!("{} {}", r.code(), r.text(model.look.lang)))
}
