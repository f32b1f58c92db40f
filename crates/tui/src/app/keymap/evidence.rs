//! The rows of the key table of the attachments.

use super::days::PAST_KEYS;
use super::hearing::MEMO_KEYS;
use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, Place, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;
use crate::app::model::Tab;

pub(super) const EVIDENCE: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER], Action::Open, "key.open"),
    hint(&[Key::char('a'), Key::char('f')], Action::Attach, "key.attach"),
    hint(&[Key::char('p')], Action::AttachText, "key.attach_text"),
    hint(&[Key::char('e')], Action::Edit, "key.edit"),
    hint(&[Key::char('d')], Action::Delete, "key.delete"),
    hint(&[Key::char('w')], Action::SaveAs, "key.export_copy"),
    bind(MEMO_KEYS, Action::Memo, "key.memo"),
    bind(PAST_KEYS, Action::Past, "key.past"),
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
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];
