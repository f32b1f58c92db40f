//! The rows of the key tables.

use bansou_core::record::v1::{AnswerCode, LineStatus, SectionStatus};

use super::office;
use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, Place, Table, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;
use crate::app::model::Tab;

/// Keys of every screen. Only these and the form's work while a text field has focus.
pub const GLOBAL: &[Binding] = &[
    hint(&[Key::f(2), Key::ctrl('p'), Key::char(':')], Action::Palette, "key.palette"),
    hint(&[Key::f(1), Key::char('?')], Action::Help, "key.help"),
    bind(&[Key::f(4)], Action::ClientSafe, "key.client_safe"),
    bind(&[Key::f(5)], Action::Go(Place::Outbox), "key.outbox"),
    bind(&[Key::f(7)], Action::Keys, "key.keys"),
    hint(&[Key::f(9)], Action::Lock, "key.lock"),
    bind(&[Key::ctrl('l')], Action::Redraw, "key.redraw"),
    bind(&[Key::ctrl('q')], Action::Quit, "key.quit"),
];

const FORM: &[Binding] = &[
    hint(&[ENTER, Key::plain(Code::Tab)], Action::NextField, "key.next_field"),
    bind(&[Key::plain(Code::BackTab)], Action::PreviousField, "key.previous_field"),
    hint(&[Key::ctrl('s')], Action::Submit, "key.submit"),
    hint(&[ESC, CANCEL], Action::Back, "key.cancel"),
];

const WINDOW: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    hint(&[ESC, ENTER, Key::char('q'), CANCEL], Action::Back, "key.close"),
];

const PALETTE: &[Binding] = &[
    bind(&[DOWN], Action::Move(Step::Down), "key.down"),
    bind(&[UP], Action::Move(Step::Up), "key.up"),
    hint(&[ENTER], Action::Open, "key.run"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];

const CONFIRM: &[Binding] = &[
    hint(&[Key::ctrl('s')], Action::Submit, "key.confirm"),
    hint(&[ESC, CANCEL, Key::char('n')], Action::Back, "key.cancel"),
];

const GO_TO: &[Binding] = &[
    hint(&[Key::char('o')], Action::Go(Place::Outbox), "key.outbox"),
    hint(&[Key::char('c')], Action::Go(Place::Clients), "key.go_clients"),
    hint(&[Key::char('g')], Action::Move(Step::First), "key.first"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];

const CLIENTS: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[ENTER], Action::Open, "key.open"),
    hint(&[Key::char('a')], Action::Add, "key.add"),
    hint(&[Key::char('/')], Action::Filter, "key.filter"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const OVERVIEW: &[Binding] = &[
    hint(&[ENTER], Action::Open, "key.next_step"),
    hint(&[Key::char('m')], Action::Memo, "key.memo"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const SESSIONS: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char(' ')], Action::Tick, "key.tick"),
    hint(&[Key::char('x')], Action::Skip, "key.skip"),
    hint(&[Key::char('n')], Action::Hold, "key.hold"),
    hint(&[Key::char('e')], Action::Schedule, "key.schedule"),
    hint(&[Key::char('c')], Action::Confirm, "key.confirm_session"),
    hint(&[Key::char('m')], Action::Memo, "key.memo"),
    bind(&[Key::char(']')], Action::NextSession, "key.next_session"),
    bind(&[Key::char('[')], Action::PreviousSession, "key.previous_session"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const NOTES: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('m'), Key::char('a')], Action::Memo, "key.memo"),
    hint(&[ENTER, Key::char('e')], Action::Edit, "key.edit"),
    hint(&[Key::char('d')], Action::Delete, "key.delete"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const DIAGNOSIS: &[Binding] = &[
    hint(&[Key::char('4')], Action::Answer(Some(AnswerCode::Done)), "key.answer_done"),
    hint(&[Key::char('2')], Action::Answer(Some(AnswerCode::Partial)), "key.answer_partial"),
    hint(&[Key::char('0')], Action::Answer(Some(AnswerCode::No)), "key.answer_no"),
    hint(&[Key::char('-')], Action::Answer(Some(AnswerCode::Unknown)), "key.answer_unknown"),
    hint(&[Key::char('n')], Action::Answer(Some(AnswerCode::NotApplicable)), "key.answer_na"),
    bind(&[Key::plain(Code::Backspace)], Action::Answer(None), "key.answer_none"),
    bind(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('m')], Action::Memo, "key.evidence"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const REGULATIONS: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('y')], Action::Section(SectionStatus::Ready), "key.section_ready"),
    hint(&[Key::char('p')], Action::Section(SectionStatus::Partial), "key.section_partial"),
    hint(&[Key::char('x')], Action::Section(SectionStatus::Missing), "key.section_missing"),
    hint(&[Key::char('o')], Action::Section(SectionStatus::OutOfScope), "key.section_out"),
    hint(&[ENTER, Key::char('e')], Action::Edit, "key.finding"),
    bind(&[Key::char('m')], Action::Memo, "key.memo"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const PLAN: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('t')], Action::Score, "key.score"),
    hint(&[Key::char('a')], Action::Add, "key.candidates"),
    hint(&[ENTER, Key::char('e')], Action::Edit, "key.edit"),
    hint(&[Key::char('d')], Action::Delete, "key.delete"),
    bind(&[Key::char('o')], Action::LineState(LineStatus::Open), "key.line_open"),
    bind(&[Key::char('s')], Action::LineState(LineStatus::Started), "key.line_started"),
    bind(&[Key::char('x')], Action::LineState(LineStatus::Done), "key.line_done"),
    bind(&[Key::char('w')], Action::LineState(LineStatus::OnHold), "key.line_on_hold"),
    bind(&[Key::char('m')], Action::Memo, "key.memo"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const DELIVERABLES: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('p'), ENTER], Action::Make, "key.make"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const REPORT: &[Binding] = &[
    hint(&[ENTER, Key::char('e')], Action::Edit, "key.edit"),
    hint(&[Key::char('s')], Action::Seal, "key.seal"),
    hint(&[Key::char('p')], Action::Make, "key.make"),
    bind(&[Key::char(']')], Action::NextSession, "key.next_session"),
    bind(&[Key::char('[')], Action::PreviousSession, "key.previous_session"),
    bind(&[Key::char('1')], Action::Go(Place::Tab(Tab::Overview)), "tab.overview"),
    bind(&[Key::char('2')], Action::Go(Place::Tab(Tab::Sessions)), "tab.sessions"),
    bind(&[Key::char('3')], Action::Go(Place::Tab(Tab::Notes)), "tab.notes"),
    bind(&[Key::char('4')], Action::Go(Place::Tab(Tab::Diagnosis)), "tab.diagnosis"),
    bind(&[Key::char('7')], Action::Go(Place::Tab(Tab::Regulations)), "tab.regulations"),
    bind(&[Key::char('8')], Action::Go(Place::Tab(Tab::Plan)), "tab.plan"),
    bind(&[Key::char('9')], Action::Go(Place::Tab(Tab::Deliverables)), "tab.deliverables"),
    bind(&[Key::char('0')], Action::Go(Place::Tab(Tab::Report)), "tab.report"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

const OUTBOX: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('s')], Action::Send, "key.send"),
    hint(&[Key::char('b')], Action::Export, "key.export"),
    hint(&[Key::char('i')], Action::Import, "key.import"),
    bind(&[Key::char('u'), Key::ctrl('z')], Action::Undo, "key.undo"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

/// The tables with their titles, in the order of `docs/keys.md`.
pub const SCREENS: &[(Table, &str, &[Binding])] = &[
    (Table::Clients, "table.clients", CLIENTS),
    (Table::Overview, "table.overview", OVERVIEW),
    (Table::Sessions, "table.sessions", SESSIONS),
    (Table::Notes, "table.notes", NOTES),
    (Table::Diagnosis, "table.diagnosis", DIAGNOSIS),
    (Table::Regulations, "table.regulations", REGULATIONS),
    (Table::Plan, "table.plan", PLAN),
    (Table::Deliverables, "table.deliverables", DELIVERABLES),
    (Table::Report, "table.report", REPORT),
    (Table::Outbox, "table.outbox", OUTBOX),
    (Table::Board, "table.board", office::BOARD),
    (Table::Inbox, "table.inbox", office::INBOX),
    (Table::Delivery, "table.delivery", office::DELIVERY),
    (Table::Payments, "table.payments", office::PAYMENTS),
    (Table::Figures, "table.figures", office::FIGURES),
    (Table::Experts, "table.experts", office::EXPERTS),
    (Table::OfficeGoTo, "table.office_goto", office::GO_TO),
    (Table::GoTo, "table.goto", GO_TO),
    (Table::Form, "table.form", FORM),
    (Table::Palette, "table.palette", PALETTE),
    (Table::Window, "table.window", WINDOW),
    (Table::Confirm, "table.confirm", CONFIRM),
];
