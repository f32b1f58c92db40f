//! The rows of the secretariat's key tables.

use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, Place, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;
use crate::app::office::{Act, Room};

/// A room: moving, its own rows, then the rooms and the way out.
macro_rules! room {
    ($($own:expr),* $(,)?) => {
        &[
            hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
            bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
            bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
            bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
            bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
            bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
            $($own,)*
            bind(&[Key::char('1')], Action::Go(Place::Room(Room::Board)), "room.board"),
            bind(&[Key::char('2'), Key::char('I')], Action::Go(Place::Room(Room::Inbox)), "room.inbox"),
            bind(&[Key::char('3')], Action::Go(Place::Room(Room::Payments)), "room.payments"),
            bind(&[Key::char('5')], Action::Go(Place::Room(Room::Figures)), "room.figures"),
            bind(&[Key::char('7')], Action::Go(Place::Room(Room::Experts)), "room.experts"),
            hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
            hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
        ]
    };
}

const PULL: Binding = hint(&[Key::f(5), Key::char('s')], Action::Office(Act::Pull), "key.pull");
const QUIET_PULL: Binding = bind(&[Key::f(5)], Action::Office(Act::Pull), "key.pull");

pub(super) const GO_TO: &[Binding] = &[
    hint(&[Key::char(',')], Action::Go(Place::Doctor), "key.doctor"),
    hint(&[Key::char('g')], Action::Move(Step::First), "key.first"),
    bind(&[Key::char('1')], Action::Go(Place::Room(Room::Board)), "room.board"),
    bind(&[Key::char('2'), Key::char('i')], Action::Go(Place::Room(Room::Inbox)), "room.inbox"),
    bind(&[Key::char('3')], Action::Go(Place::Room(Room::Payments)), "room.payments"),
    bind(&[Key::char('5')], Action::Go(Place::Room(Room::Figures)), "room.figures"),
    bind(&[Key::char('7')], Action::Go(Place::Room(Room::Experts)), "room.experts"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];

pub(super) const BOARD: &[Binding] = room![
    hint(&[ENTER], Action::Open, "key.arrived"),
    hint(&[Key::char('p'), Key::char('c')], Action::Office(Act::FollowUp), "key.follow_up"),
    hint(&[Key::char('/'), Key::char('f')], Action::Filter, "key.filter"),
    PULL,
];

pub(super) const INBOX: &[Binding] = room![
    hint(&[ENTER], Action::Open, "key.open"),
    hint(&[Key::char('a')], Action::Office(Act::Approve), "key.accept"),
    hint(&[Key::char('R')], Action::Office(Act::Return), "key.return"),
    hint(&[Key::char('v')], Action::Office(Act::ApproveClean), "key.accept_clean"),
    PULL,
    bind(&[Key::char('i')], Action::Office(Act::PullFolder), "key.pull_folder"),
    bind(&[Key::char('W')], Action::Office(Act::Waive), "key.waive"),
];

pub(super) const DELIVERY: &[Binding] = room![
    hint(&[ENTER, Key::char('w')], Action::Open, "key.save_part"),
    hint(&[Key::char('a')], Action::Office(Act::Approve), "key.accept"),
    hint(&[Key::char('R')], Action::Office(Act::Return), "key.return"),
    bind(&[Key::char('W')], Action::Office(Act::Waive), "key.waive"),
    QUIET_PULL,
];

pub(super) const PAYMENTS: &[Binding] = room![
    hint(&[Key::char('n')], Action::Office(Act::Plan), "key.plan_pay"),
    hint(&[Key::char('a')], Action::Office(Act::Approve), "key.approve_pay"),
    hint(&[Key::char('E'), Key::char('p')], Action::Office(Act::Export), "key.make"),
    QUIET_PULL,
];

pub(super) const FIGURES: &[Binding] =
    room![hint(&[Key::char('E'), Key::char('p')], Action::Office(Act::Export), "key.make"), QUIET_PULL,];

pub(super) const EXPERTS: &[Binding] = room![
    hint(&[Key::char('n')], Action::Office(Act::Invite), "key.invite"),
    hint(&[Key::char('r')], Action::Office(Act::Read), "key.read_request"),
    hint(&[Key::char('a')], Action::Office(Act::Approve), "key.enrol"),
    hint(&[Key::char('x')], Action::Office(Act::Revoke), "key.revoke"),
    QUIET_PULL,
];
