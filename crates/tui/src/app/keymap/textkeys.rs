//! The rows of the keys of Emacs and of vi, for who asks for them in the settings.

use super::{Action, Binding, CANCEL, ENTER, ESC, bind, hint};
use crate::app::key::{Code, Key};
use crate::app::text::Reach;
use crate::app::textkeys::TextKey;
use crate::app::writing::Write;

const fn text(keys: &'static [Key], what: TextKey, word: &'static str) -> Binding {
    bind(keys, Action::Write(Write::Text(what)), word)
}

const fn as_key(keys: &'static [Key], key: Key, word: &'static str) -> Binding {
    text(keys, TextKey::As(key), word)
}

const fn plain(keys: &'static [Key], code: Code, word: &'static str) -> Binding {
    as_key(keys, Key::plain(code), word)
}

const fn ctrl(code: Code) -> Key {
    Key { ctrl: true, ..Key::plain(code) }
}

const fn alt(c: char) -> Key {
    Key { alt: true, ..Key::char(c) }
}

pub(super) const EMACS: &[Binding] = &[
    plain(&[Key::ctrl('a')], Code::Home, "key.line_start"),
    plain(&[Key::ctrl('e')], Code::End, "key.line_end"),
    plain(&[Key::ctrl('f')], Code::Right, "key.right"),
    plain(&[Key::ctrl('b')], Code::Left, "key.left"),
    plain(&[Key::ctrl('n')], Code::Down, "key.down"),
    plain(&[Key::ctrl('p')], Code::Up, "key.up"),
    plain(&[Key::ctrl('d')], Code::Delete, "key.erase"),
    as_key(&[alt('f')], ctrl(Code::Right), "key.word_right"),
    as_key(&[alt('b')], ctrl(Code::Left), "key.word_left"),
    text(&[Key::ctrl('k')], TextKey::KillLine, "key.kill_line"),
    text(&[alt('d')], TextKey::KillWord, "key.kill_word"),
    text(&[Key::ctrl('y')], TextKey::Yank, "key.yank"),
    as_key(&[Key::ctrl('/')], Key::ctrl('z'), "key.undo"),
    as_key(&[alt('/')], Key::ctrl('y'), "key.redo"),
];

pub(super) const VIM: &[Binding] = &[
    Binding { hint: true, ..text(&[Key::char('i')], TextKey::Insert, "key.insert_here") },
    text(&[Key::char('a')], TextKey::Append, "key.insert_behind"),
    text(&[Key::char('I')], TextKey::Head, "key.insert_head"),
    text(&[Key::char('A')], TextKey::Tail, "key.insert_tail"),
    text(&[Key::char('o')], TextKey::Below, "key.insert_below"),
    text(&[Key::char('O')], TextKey::Above, "key.insert_above"),
    plain(&[Key::char('h'), Key::plain(Code::Backspace)], Code::Left, "key.left"),
    plain(&[Key::char('j'), ENTER], Code::Down, "key.down"),
    plain(&[Key::char('k')], Code::Up, "key.up"),
    plain(&[Key::char('l'), Key::char(' ')], Code::Right, "key.right"),
    text(&[Key::char('w')], TextKey::WordStart, "key.word_start"),
    as_key(&[Key::char('b')], ctrl(Code::Left), "key.word_left"),
    text(&[Key::char('e')], TextKey::WordEnd, "key.word_end"),
    plain(&[Key::char('0')], Code::Home, "key.line_start"),
    text(&[Key::char('$')], TextKey::LineEnd, "key.line_end"),
    text(&[Key::char('g')], TextKey::Top, "key.top_twice"),
    text(&[Key::char('G')], TextKey::Bottom, "key.bottom"),
    text(&[Key::char('x')], TextKey::Erase, "key.erase_kept"),
    text(&[Key::char('d')], TextKey::EraseLine, "key.line_twice"),
    text(&[Key::char('D')], TextKey::EraseTail, "key.kill_line"),
    text(&[Key::char('y')], TextKey::CopyLine, "key.copy_twice"),
    text(&[Key::char('p')], TextKey::Put, "key.put"),
    text(&[Key::char('v')], TextKey::Mark(Reach::Characters), "key.mark_characters"),
    text(&[Key::char('V')], TextKey::Mark(Reach::Lines), "key.mark_lines"),
    Binding { hint: true, ..as_key(&[Key::char('u')], Key::ctrl('z'), "key.undo") },
    as_key(&[Key::ctrl('r')], Key::ctrl('y'), "key.redo"),
    bind(&[Key::plain(Code::Tab)], Action::NextField, "key.next_field"),
    bind(&[Key::plain(Code::BackTab)], Action::PreviousField, "key.previous_field"),
    hint(&[Key::ctrl('s')], Action::Submit, "key.submit"),
    hint(&[ESC, CANCEL], Action::Back, "key.cancel"),
];
