//! Completing the path in the field that has the focus.

use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model};
use crate::app::overlay::Overlay;
use crate::app::paths::{Ask, Listed, Names, Strip};
use crate::app::typed::{self, Kind};

/// What the focused field asks, when it takes a path.
fn asked(model: &Model) -> Option<Ask> {
    let form = model.form.as_ref()?;
    let entry = form.entries.get(form.at)?;
    let kind = typed::kind(entry.label);
    kind.is_path().then(|| Ask::of(entry.text().trim_start(), kind == Kind::Folder, model.look.home))
}

/// True when the focused field takes a path.
pub(super) fn focused(model: &Model) -> bool {
    asked(model).is_some()
}

/// Asks the shell how the path goes on.
pub(super) fn complete(model: &Model) -> Vec<Effect> {
    asked(model).map(|ask| Effect::List(Box::new(ask))).into_iter().collect()
}

/// Follows what the shell found, unless something else was typed or opened meanwhile.
pub(in crate::app::update) fn listed(model: &mut Model, listed: Listed) -> Vec<Effect> {
    if model.overlay.is_none() && asked(model).is_some_and(|ask| ask == listed.ask) {
        match listed.found {
            Ok(names) => go_on(model, listed.ask, names),
            Err(reason) => model.status.notice = Some(reason),
        }
    }
    Vec::new()
}

fn go_on(model: &mut Model, ask: Ask, found: Names) {
    if found.all == 0 {
        return model.say(if ask.folders { "path.no_folder" } else { "path.nothing" });
    }
    let ask = if found.common.is_empty() { ask } else { Ask { begun: found.common.clone(), ..ask } };
    put(model, &ask, &ask.begun);
    if found.all == 1 {
        return;
    }
    // What lies in a folder may name other firms.
    if model.look.client_safe {
        let line = model.look.words().fill("path.hidden", &[("n", &found.all.to_string())]);
        model.status.notice = Some(line);
    } else {
        model.overlay = Some(Overlay::Paths(Box::new(Strip { ask, found, cursor: Cursor::default() })));
    }
}

fn put(model: &mut Model, ask: &Ask, name: &str) {
    if let Some(text) = model.form.as_mut().and_then(|form| form.editing()) {
        let path = format!("{}{name}", ask.folder);
        text.restore(&path, path.len());
    }
}

/// Takes the name under the cursor.
pub(super) fn put_chosen(model: &mut Model, strip: &Strip) {
    let names = &strip.found.names;
    if let Some(name) = names.get(strip.cursor.at(names.len())) {
        put(model, &strip.ask, name);
    }
}

/// A letter goes into the field, and the names that do not begin so leave the strip. It closes when none is left, or
/// when the folder has more names than it was told.
pub(in crate::app::update) fn type_on(model: &mut Model, key: Key, ctx: &Ctx) -> bool {
    let pressed = model.form.as_mut().is_some_and(|form| form.press(key, ctx.millis, model.look.ambiguous));
    let ask = asked(model);
    let strip = match (model.overlay.take(), ask) {
        (Some(Overlay::Paths(strip)), Some(ask)) if strip.ask.folder == ask.folder => {
            let known = strip.found.all == strip.found.names.len();
            let found = Names::of(&strip.found.names, &ask.begun);
            Some(Strip { ask, found, cursor: Cursor::default() }).filter(|strip| known && strip.found.all > 0)
        }
        _ => None,
    };
    model.overlay = strip.map(|strip| Overlay::Paths(Box::new(strip)));
    pressed
}
