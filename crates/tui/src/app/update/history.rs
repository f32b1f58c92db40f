//! Taking back and doing again, and what the keys of the history do.

use bansou_core::command;
use bansou_core::history::{self, REDO, UNDO};
use bansou_core::record::v1::JournalEntry;
use bansou_core::refusal::Refusal;

use super::{refuse, save};
use crate::app::effect::Effect;
use crate::app::keymap::Action;
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model, Screen};
use crate::app::screens::history as screen;

/// Takes the newest change back that was not yet taken back.
pub(super) fn undo(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    if let Screen::History { .. } = model.screen {
        return act(model, Action::Undo, ctx);
    }
    match history::stacks(&model.history).undo.pop() {
        Some(seq) => reverse(model, ctx, seq, UNDO),
        None => nothing(model, "notice.nothing_to_undo"),
    }
}

/// Does again what was last taken back, unless something was changed since.
pub(super) fn redo(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    match history::stacks(&model.history).redo.pop() {
        Some(seq) => reverse(model, ctx, seq, REDO),
        None => nothing(model, "notice.nothing_to_redo"),
    }
}

fn nothing(model: &mut Model, key: &str) -> Vec<Effect> {
    // A change that is not in the store yet has no number to be taken back by.
    model.say(if saving(model) { "notice.still_saving" } else { key });
    Vec::new()
}

fn saving(model: &Model) -> bool {
    model.pending.values().any(|p| p.entry.is_some())
}

/// Takes back the entry with this number.
fn reverse(model: &mut Model, ctx: &Ctx, seq: u64, name: &str) -> Vec<Effect> {
    if saving(model) {
        return nothing(model, "notice.still_saving");
    }
    let entry: Option<&JournalEntry> = model.history.iter().find(|(s, _)| *s == seq).map(|(_, e)| e);
    match entry.ok_or(Refusal::NothingToUndo).and_then(|e| history::reverse(&model.books, e)) {
        Ok(changes) => {
            model.say(if name == UNDO { "notice.undone" } else { "notice.redone" });
            save(model, command::entry(ctx.now, name, changes, Some(seq)))
        }
        Err(refusal) => {
            refuse(model, &refusal);
            Vec::new()
        }
    }
}

/// Opens the history over the present screen.
pub(super) fn go(model: &mut Model) {
    if matches!(model.screen, Screen::History { .. }) {
        return;
    }
    let from = Box::new(model.screen.clone());
    model.screen = Screen::History { cursor: Cursor::default(), deleted: false, from };
}

/// Performs an action of the history.
pub(super) fn act(model: &mut Model, action: Action, ctx: &Ctx) -> Vec<Effect> {
    let rows = screen::rows(model);
    let Screen::History { cursor, deleted, .. } = &mut model.screen else { return Vec::new() };
    match action {
        Action::Deleted => (*deleted, *cursor) = (!*deleted, Cursor::default()),
        Action::Undo | Action::Open => {
            let Some((seq, entry)) = rows.get(cursor.at(rows.len())).map(|at| &model.history[*at]) else {
                return Vec::new();
            };
            // What was taken back is done again from its own row.
            let name = if entry.command == UNDO { REDO } else { UNDO };
            let seq = *seq;
            return match history::stacks(&model.history) {
                s if s.undo.contains(&seq) || s.redo.contains(&seq) => reverse(model, ctx, seq, name),
                _ if model.history.iter().any(|(_, e)| e.undoes == Some(seq)) => nothing(model, "notice.undone_before"),
                _ => reverse(model, ctx, seq, name),
            };
        }
        _ => {}
    }
    Vec::new()
}
