//! Copying from lists, into the program's own clipboard or, where a person wants it so, to that of the terminal.

use crate::app::effect::Effect;
use crate::app::keymap::{Action, Copy};
use crate::app::model::Model;
use crate::app::screens::{self, copied};

/// Most bytes that go to the terminal: larger ones are cut or dropped by terminals without a word.
const MOST: usize = 8 << 10;

/// What is told before the first text leaves.
const ONCE: &str = "copy.once";

/// Copies; `out` is to the terminal's clipboard.
pub(super) fn copy(model: &mut Model, what: Copy, out: bool) -> Vec<Effect> {
    model.overlay = None;
    let Some((text, rows)) = taken(model, what, out) else {
        model.say("copy.nothing");
        return Vec::new();
    };
    let words = model.look.words();
    let refusal = match () {
        () if !out => None,
        () if !model.look.clip_out => Some("copy.switched_off"),
        () if text.len() > MOST => Some("copy.too_long"),
        () if !model.hand.clip_told => Some(ONCE),
        () => None,
    };
    if let Some(refusal) = refusal {
        model.hand.clip_told |= refusal == ONCE;
        model.say(refusal);
        return Vec::new();
    }
    let told = if out { "copy.out" } else { "copy.in" };
    model.status.notice = Some(words.fill(told, &[("n", &rows.to_string())]));
    if out {
        return vec![Effect::Clip(text)];
    }
    model.hand.clip = text;
    Vec::new()
}

/// The text and how many rows it has. Outside the program it says what is confidential.
fn taken(model: &Model, what: Copy, out: bool) -> Option<(String, usize)> {
    if what == Copy::Summary {
        return copied::summary(model).map(|text| (text, 1));
    }
    let table = copied::table(model).filter(|table| !table.rows.is_empty())?;
    let at = model.screen.cursor()?.at(screens::rows(model));
    let flat = |cells: &[String]| cells.iter().map(|c| c.replace(['\t', '\n'], " ")).collect::<Vec<_>>().join("\t");
    let (text, rows) = match what {
        Copy::Cell => (table.rows.get(at)?.get(table.main)?.clone(), 1),
        Copy::Row => (flat(table.rows.get(at)?), 1),
        Copy::All | Copy::Summary => {
            let head = table.head.join("\t");
            let rows = table.rows.iter().map(|row| flat(row));
            (std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n"), table.rows.len())
        }
    };
    let secret = table.confidential.iter().any(|row| what == Copy::All || *row == at);
    let mark = if secret && out { model.look.words().get("copy.confidential") } else { "" };
    Some((format!("{mark}{text}"), rows))
}

/// What is done to a row by one key, and can be done to the next one again.
fn repeats(action: Action) -> bool {
    matches!(action, Action::Answer(_) | Action::Section(_) | Action::LineState(_) | Action::Tick | Action::Release)
}

/// Remembers what changed a row.
pub(super) fn remember(model: &mut Model, action: Action, effects: &[Effect]) {
    if repeats(action) && !effects.is_empty() {
        model.hand.change = Some(action);
    }
}

/// The last change that has a meaning on this screen.
pub(super) fn again(model: &mut Model) -> Option<Action> {
    let rows = model.look.keys.rows(model.table());
    let change = model.hand.change.filter(|change| rows.iter().any(|row| row.action == *change));
    if change.is_none() {
        model.say("copy.no_change");
    }
    change
}
