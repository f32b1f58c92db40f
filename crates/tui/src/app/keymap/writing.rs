//! The rows of the key tables of forms and of the windows over a text field.

use super::{Action, Binding, CANCEL, DOWN, ENTER, ESC, UP, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::list::Step;
use crate::app::writing::Write;

const fn text(keys: &'static [Key], write: Write, word: &'static str) -> Binding {
    bind(keys, Action::Write(write), word)
}

const fn ctrl(code: Code) -> Key {
    Key { ctrl: true, ..Key::plain(code) }
}

const fn shift(code: Code) -> Key {
    Key { shift: true, ..Key::plain(code) }
}

pub(super) const FORM: &[Binding] = &[
    hint(&[ENTER, Key::plain(Code::Tab)], Action::NextField, "key.next_field"),
    bind(&[Key::plain(Code::BackTab)], Action::PreviousField, "key.previous_field"),
    hint(&[Key::ctrl('s')], Action::Submit, "key.submit"),
    hint(&[ESC, CANCEL], Action::Back, "key.cancel"),
    text(&[Key::f(6)], Write::Phrases, "key.phrases"),
    bind(&[Key::ctrl('d')], Action::Past, "key.past_field"),
    text(&[Key::ctrl('z')], Write::Key, "key.undo"),
    text(&[Key::ctrl('y')], Write::Key, "key.redo"),
    text(&[Key::ctrl('r')], Write::Seek, "key.seek"),
    text(&[Key::ctrl('g')], Write::Next, "key.find_next"),
    text(&[Key::ctrl('t')], Write::All, "key.select_all"),
    text(&[Key::ctrl('x')], Write::Cut, "key.cut"),
    text(&[Key::ctrl('v')], Write::Paste, "key.paste"),
    text(
        &[
            shift(Code::Left),
            shift(Code::Right),
            shift(Code::Up),
            shift(Code::Down),
            shift(Code::Home),
            shift(Code::End),
        ],
        Write::Key,
        "key.mark",
    ),
    text(&[ctrl(Code::Left), ctrl(Code::Right)], Write::Key, "key.by_word"),
    text(&[Key::ctrl('w'), ctrl(Code::Delete)], Write::Key, "key.erase_word"),
    text(&[Key::ctrl('k'), Key::ctrl('u')], Write::Key, "key.erase_line"),
    text(&[ctrl(Code::Home), ctrl(Code::End)], Write::Key, "key.text_ends"),
];

pub(super) const PASTE: &[Binding] = &[
    hint(&[ENTER], Action::Write(Write::Take), "key.take"),
    hint(
        &[Key::plain(Code::Tab), Key::plain(Code::Left), Key::plain(Code::Right)],
        Action::Write(Write::Split),
        "key.split",
    ),
    hint(&[ESC, CANCEL], Action::Back, "key.drop_paste"),
];

pub(super) const SEEK: &[Binding] = &[
    hint(&[ENTER], Action::Write(Write::Find), "key.find_next"),
    hint(&[Key::plain(Code::Tab), Key::plain(Code::BackTab), DOWN, UP], Action::Write(Write::Other), "key.next_field"),
    hint(&[Key::ctrl('s')], Action::Write(Write::ReplaceAll), "key.replace_all"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];

pub(super) const PATHS: &[Binding] = &[
    hint(&[DOWN, Key::f(6)], Action::Move(Step::Down), "key.down"),
    bind(&[UP], Action::Move(Step::Up), "key.up"),
    hint(&[ENTER], Action::Write(Write::Insert), "key.insert"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];

pub(super) const PHRASES: &[Binding] = &[
    hint(&[DOWN], Action::Move(Step::Down), "key.down"),
    bind(&[UP], Action::Move(Step::Up), "key.up"),
    hint(&[ENTER], Action::Write(Write::Insert), "key.insert"),
    hint(&[Key::ctrl('s')], Action::Write(Write::Keep), "key.keep_phrase"),
    hint(&[Key::ctrl('x')], Action::Write(Write::Forget), "key.forget_phrase"),
    hint(&[ESC, CANCEL], Action::Back, "key.close"),
];
