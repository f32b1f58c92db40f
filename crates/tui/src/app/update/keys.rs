//! Keys and pastes: which are commands, and which are text of the field that has the focus.

use super::{act, textkeys, work, writing};
use crate::app::effect::Effect;
use crate::app::form::Form;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Keymap, Table};
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model};
use crate::app::overlay::Overlay;
use crate::app::search::refresh;
use crate::app::writing::Write;

/// A key: a command, or text where a field has the focus.
pub(super) fn on_key(model: &mut Model, key: Key, ctx: &Ctx) -> Vec<Effect> {
    model.status.notice = None;
    if model.look.small && !heeded(model, key) {
        return Vec::new();
    }
    if model.typing() {
        return on_text_key(model, key, ctx);
    }
    if model.hand.burst.hit(ctx.millis) {
        model.say("notice.burst");
        return Vec::new();
    }
    if let Some(effects) = work::score_digit(model, key, ctx) {
        return effects;
    }
    let table = model.table();
    if let Some(action) = meaning(model.look.keys, table, key) {
        return act(model, action, key, ctx);
    }
    let digit = key.folded().unwrap_or(key).typed().and_then(|c| c.to_digit(10)).filter(|n| *n > 0);
    if let Some(n) = digit.filter(|_| model.look.reader && model.overlay.is_none() && table != Table::Diagnosis)
        && work::choose(model, n as usize)
    {
        return Vec::new();
    }
    let folded = key.folded().filter(|_| model.look.fold);
    if folded.is_some() && !model.status.folded {
        model.status.folded = true;
        model.say("notice.input_method");
    }
    let meant = folded.and_then(|folded| Some((meaning(model.look.keys, table, folded)?, folded)));
    if let Some((action, folded)) = meant {
        return act(model, action, folded, ctx);
    }
    if table == Table::Diagnosis && folded.unwrap_or(key).typed().is_some_and(|c| c.is_ascii_digit()) {
        // Other digits would be tabs, were three of them not answers.
        model.say("notice.digits_answer");
    } else if key.typed().is_some() && !matches!(model.overlay, Some(Overlay::Choices(_))) {
        let shown = key.to_string();
        model.status.notice = Some(model.look.words().fill("notice.no_key", &[("key", &shown)]));
    }
    Vec::new()
}

/// What is done although nothing is seen: text goes on, and one can lock, leave and draw again.
fn heeded(model: &Model, key: Key) -> bool {
    let text = model.typing() && (key.typed().is_some() || key.code == Code::Backspace);
    let global = model.look.keys.find(Table::Global, key);
    text || matches!(global, Some(Action::Lock | Action::Suspend | Action::Quit | Action::Redraw))
}

/// Own table first, then the global one. Choices after a prefix know only their own letters.
fn meaning(keys: Keymap, table: Table, key: Key) -> Option<Action> {
    let letters = table.is_strip() && !key.works_in_text();
    keys.find(table, key).or_else(|| keys.find(Table::Global, key).filter(|_| !letters))
}

/// A key while a text field has the focus: the form's keys, then the field's, then the global ones.
fn on_text_key(model: &mut Model, key: Key, ctx: &Ctx) -> Vec<Effect> {
    let fast = model.hand.burst.hit(ctx.millis);
    let Some(key) = textkeys::meant(model, key, fast, ctx) else {
        return Vec::new();
    };
    // Names are chosen or typed on; any other key is for the form again.
    if matches!(model.overlay, Some(Overlay::Paths(_)))
        && key.typed().is_none()
        && model.look.keys.find(Table::Paths, key).is_none()
    {
        model.overlay = None;
    }
    let newline = key.code == Code::Enter && !key.ctrl;
    let into_area = newline && model.overlay.is_none() && model.form.as_ref().is_some_and(Form::wants_enter);
    // Nobody types as fast as this: a line break among such keys was pasted, and must not submit.
    let pasted = fast && newline && !into_area && model.form.as_ref().is_some_and(Form::on_line);
    if pasted && model.overlay.is_none() {
        model.say("write.as_paste");
        return type_blank(model, ctx);
    }
    if key == Key::ctrl('c') && writing::copy(model) {
        return Vec::new();
    }
    if !into_area
        && key.works_in_text()
        && let Some(action) = on_form(model, key)
        && action != Action::Write(Write::Key)
    {
        return act(model, action, key, ctx);
    }
    if edit(model, key, ctx) || !key.works_in_text() {
        return Vec::new();
    }
    match model.look.keys.find(Table::Global, key) {
        Some(action) => act(model, action, key, ctx),
        None => Vec::new(),
    }
}

/// What a key means in the table of the text. The keys of vi come before those of the form.
fn on_form(model: &Model, key: Key) -> Option<Action> {
    let (keys, table) = (model.look.keys, model.table());
    keys.find(table, key).or_else(|| keys.find(Table::Form, key).filter(|_| table == Table::Vim))
}

fn type_blank(model: &mut Model, ctx: &Ctx) -> Vec<Effect> {
    edit(model, Key::char(' '), ctx);
    Vec::new()
}

fn edit(model: &mut Model, key: Key, ctx: &Ctx) -> bool {
    match &mut model.overlay {
        Some(
            Overlay::Palette { query, cursor }
            | Overlay::Sort { query, cursor, .. }
            | Overlay::AsOf { query, cursor }
            | Overlay::Guidance { query, cursor, .. },
        ) => {
            *cursor = Cursor::default();
            query.press(key, ctx.millis)
        }
        Some(Overlay::Phrases { query, cursor }) => {
            *cursor = Cursor::default();
            query.press(key, ctx.millis)
        }
        Some(Overlay::Confirm { typed, .. }) => typed.press(key, ctx.millis),
        Some(Overlay::Search(search)) => {
            let pressed = search.press(key, ctx.millis);
            refresh(model);
            pressed
        }
        Some(Overlay::Paths(_)) => writing::paths::type_on(model, key, ctx),
        Some(Overlay::Seek(seek)) => seek.field().press(key, ctx.millis),
        Some(_) => false,
        None => model.form.as_mut().is_some_and(|form| form.press(key, ctx.millis, model.look.ambiguous)),
    }
}
