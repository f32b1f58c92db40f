//! The rows of the key tables of the policy, the final report, the claims and the doctor.

use super::days::PAST_KEYS;
use super::hearing::MEMO_KEYS;
use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, Place, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;
use crate::app::model::Tab;

pub(super) const POLICY: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER, Key::char('e')], Action::Edit, "key.edit"),
    hint(&[Key::char('v')], Action::Preview, "act.preview"),
    hint(MEMO_KEYS, Action::Memo, "key.memo"),
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
    bind(&[Key::char('f')], Action::Go(Place::Tab(Tab::Final)), "tab.final"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

/// Digits answer here; the tabs are reached with `g`.
pub(super) const FINAL: &[Binding] = &[
    hint(&[Key::char('1')], Action::Choose(1), "act.choose"),
    bind(&[Key::char('2')], Action::Choose(2), "act.choose"),
    bind(&[Key::char('3')], Action::Choose(3), "act.choose"),
    bind(&[Key::char('4')], Action::Choose(4), "act.choose"),
    bind(&[Key::char('5')], Action::Choose(5), "act.choose"),
    bind(&[Key::char('6')], Action::Choose(6), "act.choose"),
    bind(&[Key::char('7')], Action::Choose(7), "act.choose"),
    bind(&[Key::char('8')], Action::Choose(8), "act.choose"),
    bind(&[Key::char('9')], Action::Choose(9), "act.choose"),
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER, Key::char('e')], Action::Edit, "key.edit"),
    hint(&[Key::char('s')], Action::Star, "act.star"),
    hint(&[Key::char('v')], Action::Preview, "act.preview"),
    bind(MEMO_KEYS, Action::Memo, "key.memo"),
    bind(PAST_KEYS, Action::Past, "key.past"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

pub(super) const CLAIMS: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('a')], Action::Add, "act.draft_all"),
    hint(&[ENTER], Action::Open, "act.draft_one"),
    hint(&[Key::char('s')], Action::Seal, "key.seal"),
    hint(&[Key::char('v')], Action::Preview, "act.preview"),
    bind(&[Key::char('p')], Action::Make, "key.make"),
    bind(&[Key::char('w')], Action::SaveAs, "act.save_as"),
    hint(&[Key::char('d')], Action::Delete, "act.drop_draft"),
    bind(PAST_KEYS, Action::Past, "key.past"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    bind(&[Key::char('U'), Key::ctrl('y')], Action::Redo, "key.redo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

pub(super) const DOCTOR: &[Binding] = &[
    bind(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER, Key::char('r')], Action::Open, "key.examine"),
    hint(&[Key::char('b')], Action::Backup, "key.backup"),
    hint(&[Key::char('d')], Action::Drill, "key.drill"),
    bind(&[Key::char('P')], Action::Passphrase, "key.passphrase"),
    bind(&[Key::char('e')], Action::Edit, "key.facts"),
    bind(&[Key::char('n')], Action::Request, "key.request_enrol"),
    bind(&[Key::char('a')], Action::Accept, "key.accept_enrol"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];
