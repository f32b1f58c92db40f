//! The rows of the key tables.

use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, Place, Table, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;

/// Keys of every screen. Only these and the form's work while a text field has focus.
pub const GLOBAL: &[Binding] = &[
    hint(&[Key::f(2), Key::ctrl('p'), Key::char(':')], Action::Palette, "key.palette"),
    hint(&[Key::f(1), Key::char('?')], Action::Help, "key.help"),
    bind(&[Key::f(4)], Action::ClientSafe, "key.client_safe"),
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
    hint(&[Key::char('c')], Action::Go(Place::Clients), "key.go_clients"),
    hint(&[Key::char('g')], Action::Move(Step::First), "key.first"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];

const CLIENTS: &[Binding] = &[
    hint(&[DOWN, Key::char('j')], Action::Move(Step::Down), "key.down"),
    bind(&[UP, Key::char('k')], Action::Move(Step::Up), "key.up"),
    bind(&[Key::plain(Code::PageDown)], Action::Move(Step::PageDown), "key.page_down"),
    bind(&[Key::plain(Code::PageUp)], Action::Move(Step::PageUp), "key.page_up"),
    bind(&[Key::plain(Code::Home)], Action::Move(Step::First), "key.first"),
    bind(&[Key::plain(Code::End), Key::char('G')], Action::Move(Step::Last), "key.last"),
    hint(&[Key::char('g')], Action::Prefix('g'), "key.go"),
    hint(&[Key::char('q'), ESC, CANCEL], Action::Back, "key.back"),
];

/// The tables with their titles, in the order of `docs/keys.md`.
pub const SCREENS: &[(Table, &str, &[Binding])] = &[
    (Table::Clients, "table.clients", CLIENTS),
    (Table::GoTo, "table.goto", GO_TO),
    (Table::Form, "table.form", FORM),
    (Table::Palette, "table.palette", PALETTE),
    (Table::Window, "table.window", WINDOW),
    (Table::Confirm, "table.confirm", CONFIRM),
];
