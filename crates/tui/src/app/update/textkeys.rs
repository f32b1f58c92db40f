//! The one place where the keys of Emacs and of vi come before all others: only while a text has the focus.

use super::writing;
use crate::app::area::Area;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Table};
use crate::app::model::{Ctx, Model};
use crate::app::textkeys::{Profile, TextKey};
use crate::app::writing::Write;

/// What is left of a key for the other tables: itself, the standard key it stands for, or nothing when it is done.
/// `fast`: it came among keys that nobody types so fast.
pub(super) fn meant(model: &mut Model, key: Key, fast: bool, ctx: &Ctx) -> Option<Key> {
    match model.look.text {
        Profile::Standard => Some(key),
        Profile::Emacs => emacs(model, key, ctx),
        Profile::Vim => vim(model, key, fast, ctx),
    }
}

fn emacs(model: &mut Model, key: Key, ctx: &Ctx) -> Option<Key> {
    let Some(Action::Write(Write::Text(what))) = model.look.keys.find(Table::Emacs, key) else {
        return Some(key);
    };
    match what {
        TextKey::As(key) => return Some(key),
        TextKey::Yank if model.hand.clip.is_empty() => model.say("write.nothing_copied"),
        TextKey::Yank => {
            let clip = model.hand.clip.clone();
            writing::paste(model, &clip);
        }
        // What is typed into a window is no text to carry over.
        TextKey::KillLine if model.overlay.is_some() => return Some(Key::ctrl('k')),
        TextKey::KillWord if model.overlay.is_some() => {
            return Some(Key { ctrl: true, ..Key::plain(Code::Delete) });
        }
        _ => {
            if let Some(text) = model.form.as_mut().and_then(|form| form.editing()) {
                text.command(what, &mut model.hand.clip, ctx.millis);
            }
        }
    }
    None
}

/// Only a text of several lines has two modes. Leaving the writing never leaves the form, and what cannot be a command
/// is written: an input method that was left on loses nothing.
fn vim(model: &mut Model, key: Key, fast: bool, ctx: &Ctx) -> Option<Key> {
    let (keys, fold, ambiguous) = (model.look.keys, model.look.fold, model.look.ambiguous);
    let Some(area) = area(model) else {
        return Some(key);
    };
    // Esc and a letter right behind it reach the program as one key.
    let key = match key.code {
        Code::Char(_) if key.alt => {
            area.to_normal();
            Key { alt: false, ..key }
        }
        _ => key,
    };
    if key == Key::ctrl('c') && area.selection().is_some() {
        return Some(key);
    }
    let back = |key| keys.find(Table::Form, key) == Some(Action::Back);
    if !area.normal() {
        if back(key) {
            area.to_normal();
            return None;
        }
        return Some(key);
    }
    let folded = key.folded().filter(|_| fold);
    match keys.find(Table::Vim, key).or_else(|| keys.find(Table::Vim, folded?)) {
        Some(Action::Write(Write::Text(_))) if fast => model.say("notice.burst"),
        Some(Action::Write(Write::Text(what))) => {
            let size = (usize::from(crate::app::form::AREA_WIDTH), ambiguous);
            let clip = &mut std::mem::take(&mut model.hand.clip);
            if let Some(area) = self::area(model) {
                area.command(what, clip, ctx.millis, size);
            }
            std::mem::swap(&mut model.hand.clip, clip);
        }
        Some(_) if area.forget() && back(key) => {}
        None if key.typed().is_some_and(|c| c.is_ascii()) => {
            area.forget();
            model.say("write.vim_keys");
        }
        None if key.typed().is_some() => {
            area.to_insert();
            return Some(key);
        }
        _ => return Some(key),
    }
    None
}

fn area(model: &mut Model) -> Option<&mut Area> {
    model.form.as_mut().filter(|_| model.overlay.is_none())?.area_mut()
}
