//! The rows of the key table of a return laid beside what stands here.

use bansou_core::record::v1::Take;

use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;

pub(super) const MERGE: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::plain(Code::Right), Key::char('t')], Action::Take(Take::Theirs), "key.take_theirs"),
    hint(&[Key::plain(Code::Left), Key::char('m')], Action::Take(Take::Mine), "key.keep_mine"),
    hint(&[ENTER, Key::char('b')], Action::Take(Take::Both), "key.keep_both"),
    hint(&[Key::char('a')], Action::TakeAll, "key.take_all"),
    hint(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    bind(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];
