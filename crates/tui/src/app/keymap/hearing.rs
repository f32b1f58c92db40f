//! The rows of the key tables of the notes, the hearing sheet and the line that takes down what is said.

use super::days::PAST_KEYS;
use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, Place, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;
use crate::app::model::Tab;

/// The keys that open the line; the second works while an input method is on.
pub(super) const MEMO_KEYS: &[Key] = &[Key::char('m'), Key::f(12)];

pub(super) const MEMO: &[Binding] = &[
    hint(&[ENTER, Key::ctrl('s')], Action::Submit, "memo.save"),
    hint(&[Key::plain(Code::Tab)], Action::NextField, "memo.next_who"),
    bind(&[Key::plain(Code::BackTab)], Action::PreviousField, "memo.previous_who"),
    hint(&[ESC, CANCEL], Action::Back, "memo.end"),
];

pub(super) const NOTES: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('m'), Key::char('a'), Key::f(12)], Action::Memo, "key.memo"),
    bind(PAST_KEYS, Action::Past, "key.past"),
    hint(&[Key::char('i')], Action::Sheet, "hearing.sheet"),
    hint(&[Key::char(' ')], Action::Tick, "notes.mark"),
    hint(&[Key::char('o')], Action::Sort, "notes.sort"),
    hint(&[Key::char('c')], Action::NewLine, "notes.convert"),
    hint(&[Key::char('x')], Action::Release, "notes.release"),
    hint(&[Key::char('f')], Action::Filter, "notes.only_unsorted"),
    bind(&[ENTER, Key::char('e')], Action::Edit, "key.edit"),
    bind(&[Key::char('d')], Action::Delete, "key.delete"),
    bind(&[Key::char('v')], Action::MarkRange, "notes.mark_range"),
    bind(&[Key::char('V')], Action::MarkAll, "notes.mark_all"),
    bind(&[Key::char(']')], Action::NextSession, "notes.next_session"),
    bind(&[Key::char('[')], Action::PreviousSession, "notes.prev_session"),
    bind(&[Key::char('w')], Action::Speaker, "notes.by_speaker"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('6')], Action::Go(Place::Tab(Tab::Policy)), "tab.policy"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    bind(&[Key::char('y'), Key::char('Y')], Action::Prefix('y'), "key.copy"),
    bind(&[Key::char('.')], Action::Repeat, "key.repeat"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

pub(super) const HEARING: &[Binding] = &[
    hint(&[ENTER], Action::Open, "hearing.answer"),
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('f')], Action::Filter, "hearing.only_open"),
    hint(&[Key::char('x')], Action::Skip, "hearing.bring"),
    hint(&[Key::char('b')], Action::Industry, "hearing.industry"),
    hint(&[Key::char('p')], Action::Preview, "act.preview"),
    hint(&[Key::char('m'), Key::f(12)], Action::Memo, "key.memo"),
    bind(PAST_KEYS, Action::Past, "key.past"),
    bind(&[Key::char('e')], Action::Edit, "hearing.edit"),
    hint(&[Key::char('i')], Action::Sheet, "hearing.close"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('6')], Action::Go(Place::Tab(Tab::Policy)), "tab.policy"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    bind(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];
