//! The rows of the key tables of the days: what is to do, and what was done.

use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;

pub(super) const TODAY: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER], Action::Open, "key.open"),
    hint(&[Key::char('v'), Key::plain(Code::Tab)], Action::Spans, "key.spans"),
    hint(&[Key::char('w')], Action::SaveAs, "key.save_calendar"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    bind(&[Key::char('y'), Key::char('Y')], Action::Prefix('y'), "key.copy"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

pub(super) const HISTORY: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('u'), ENTER, Key::ctrl('z')], Action::Undo, "key.undo_this"),
    hint(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    hint(&[Key::char('d'), Key::plain(Code::Tab)], Action::Deleted, "key.deleted"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

/// The keys that show what changed of one thing; the second works while an input method is on.
pub(super) const PAST_KEYS: &[Key] = &[Key::char('D'), Key::ctrl('d')];

pub(super) const PAST: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER], Action::PutBack, "key.put_back"),
    hint(&[ESC, Key::char('q'), CANCEL], Action::Back, "key.close"),
];
