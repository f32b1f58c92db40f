//! The text that has the focus: clipboard of its own, paste with a preview, search and replace, phrases.

pub(super) mod own;
pub(super) mod paths;

use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::form::Input;
use crate::app::list::{Cursor, Step};
use crate::app::model::{Ctx, Model};
use crate::app::overlay::Overlay;
use crate::app::search::refresh;
use crate::app::text::{Lines, Text};
use crate::app::writing::{Pasting, Seek, Write, phrases};

/// The text of the form's focused field, when no window lies over it.
fn focused(model: &mut Model) -> Option<&mut Text> {
    model.form.as_mut()?.editing()
}

/// Copies what is selected; false when nothing is.
pub(super) fn copy(model: &mut Model) -> bool {
    let selected = match model.overlay {
        None => focused(model).map_or("", |text| text.selected()).to_owned(),
        Some(_) => String::new(),
    };
    if selected.is_empty() {
        return false;
    }
    let count = selected.chars().count().to_string();
    model.hand.clip = selected;
    model.status.notice = Some(model.look.words().fill("write.copied", &[("n", &count)]));
    true
}

/// Performs what a key means for the text.
pub(super) fn act(model: &mut Model, write: Write, ctx: &Ctx) -> Vec<Effect> {
    match write {
        Write::Keep => return own::keep(model, ctx),
        Write::Forget => return own::forget(model, ctx),
        Write::Phrases if paths::focused(model) => return paths::complete(model),
        _ => in_text(model, write),
    }
    Vec::new()
}

fn in_text(model: &mut Model, write: Write) {
    match write {
        Write::Key
        | Write::Text(_)
        | Write::Take
        | Write::Insert
        | Write::Keep
        | Write::Forget
        | Write::Split
        | Write::Other
        | Write::Find
        | Write::ReplaceAll => {
            in_window(model, write);
        }
        Write::Cut => {
            if copy(model)
                && let Some(text) = focused(model)
            {
                text.erase_selected();
            }
        }
        Write::Paste if model.hand.clip.is_empty() => model.say("write.nothing_copied"),
        Write::Paste => {
            let clip = model.hand.clip.clone();
            put(model, &clip);
        }
        _ if focused(model).is_none() => {
            model.overlay = None;
            model.say("write.no_text");
        }
        Write::All => {
            model.overlay = None;
            if let Some(text) = focused(model) {
                text.select_all();
            }
        }
        Write::Next if !model.hand.wanted.is_empty() => next(model),
        Write::Seek | Write::Next => {
            let marked = focused(model).map_or("", |text| text.selected()).lines().next().unwrap_or("").to_owned();
            let mut find = Field::new(if marked.is_empty() { &model.hand.wanted } else { &marked });
            find.edit().select_all();
            model.overlay = Some(Overlay::Seek(Box::new(Seek { find, ..Seek::default() })));
        }
        Write::Phrases => {
            model.overlay = Some(Overlay::Phrases { query: Field::default(), cursor: Cursor::default() });
        }
    }
}

/// Moves among the phrases.
pub(super) fn step(model: &mut Model, step: Step) {
    let Some(Overlay::Phrases { query, mut cursor }) = model.overlay.take() else {
        return;
    };
    cursor.go(step, phrases(model, query.text()).len());
    model.overlay = Some(Overlay::Phrases { query, cursor });
}

fn in_window(model: &mut Model, write: Write) {
    match (model.overlay.take(), write) {
        (Some(Overlay::Phrases { query, cursor }), Write::Insert) => {
            let rows = phrases(model, query.text());
            let chosen = rows.get(cursor.at(rows.len())).map(|p| p.text.to_owned());
            if let Some((phrase, text)) = chosen.zip(focused(model)) {
                text.paste(&phrase);
                let start = text.at().saturating_sub(phrase.len());
                let blank = phrase.find('[').zip(phrase.find(']')).filter(|(from, to)| from < to);
                // The first blank is selected: what is typed next takes its place.
                if let Some((from, to)) = blank {
                    text.select(start + from..start + to + 1);
                }
            }
        }
        (Some(Overlay::Paths(strip)), Write::Insert) => paths::put_chosen(model, &strip),
        (Some(Overlay::Paste(pasting)), Write::Take) => take(model, &pasting),
        (Some(Overlay::Paste(mut pasting)), Write::Split) => {
            pasting.split = !pasting.split && pasting.cells.len() > 1;
            model.overlay = Some(Overlay::Paste(pasting));
        }
        (Some(Overlay::Seek(seek)), Write::Find) => {
            seek.find.text().clone_into(&mut model.hand.wanted);
            next(model);
        }
        (Some(Overlay::Seek(seek)), Write::ReplaceAll) => replace_all(model, seek),
        (Some(Overlay::Seek(mut seek)), Write::Other) => {
            seek.second = !seek.second;
            model.overlay = Some(Overlay::Seek(seek));
        }
        (window, _) => model.overlay = window,
    }
}

fn next(model: &mut Model) {
    let wanted = model.hand.wanted.clone();
    if !focused(model).is_some_and(|text| text.find_next(&wanted)) {
        model.say("write.not_found");
    }
}

fn replace_all(model: &mut Model, seek: Box<Seek>) {
    let (wanted, with) = (seek.find.text().to_owned(), seek.with.text().to_owned());
    let count = focused(model).map_or(0, |text| text.replace_all(&wanted, &with));
    if count == 0 {
        model.overlay = Some(Overlay::Seek(seek));
        return model.say("write.not_found");
    }
    model.hand.wanted = wanted;
    model.status.notice = Some(model.look.words().fill("write.replaced", &[("n", &count.to_string())]));
}

/// Pasted text: straight into a field, or first shown when it may surprise.
pub(super) fn paste(model: &mut Model, text: &str) {
    if matches!(model.overlay, Some(Overlay::Paths(_))) {
        model.overlay = None;
    }
    match (&mut model.overlay, &mut model.form) {
        (
            Some(Overlay::Palette { query, .. } | Overlay::Phrases { query, .. } | Overlay::Guidance { query, .. }),
            _,
        ) => query.paste(text),
        (Some(Overlay::Confirm { typed, .. }), _) => typed.paste(text),
        (Some(Overlay::Seek(seek)), _) => seek.field().paste(text),
        (Some(Overlay::Search(search)), _) => {
            search.paste(text);
            refresh(model);
        }
        (None, Some(_)) => put(model, text),
        _ => model.say("notice.paste"),
    }
}

fn put(model: &mut Model, text: &str) {
    let Some(form) = &mut model.form else {
        return model.say("notice.paste");
    };
    let into = match form.entries.get(form.at).map(|e| &e.input) {
        Some(Input::Line(_)) => Lines::One,
        Some(Input::Many(_)) => Lines::Many,
        Some(Input::Secret(_)) => return form.paste(text),
        Some(Input::Pick { .. }) | None => return model.say("notice.paste"),
    };
    let mut pasting = Pasting::new(text, into);
    if form.slim() {
        // The line at the foot is one field; nothing of a table or of lines may be lost.
        (pasting.split, pasting.cells) = (false, Vec::new());
    }
    if pasting.wants_a_look() {
        model.overlay = Some(Overlay::Paste(Box::new(pasting)));
    } else {
        take(model, &pasting);
    }
}

fn take(model: &mut Model, pasting: &Pasting) {
    let Some(form) = &mut model.form else {
        return;
    };
    if pasting.split {
        for (index, cell) in pasting.targets(form) {
            if let Some(text) = form.entries[index].input.edit() {
                text.select_all();
                text.paste(cell);
            }
        }
    } else {
        form.paste(&pasting.text);
    }
    let removed = pasting.removed;
    if removed.controls + removed.directions > 0 {
        let (c, d) = (removed.controls.to_string(), removed.directions.to_string());
        model.status.notice = Some(model.look.words().fill("write.cleaned", &[("c", &c), ("d", &d)]));
    }
}
