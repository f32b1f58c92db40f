//! A multi-line text area: cursor rows, pages, scrolling.

use unicode_segmentation::UnicodeSegmentation;

use super::key::{Code, Key};
use super::keymap::{Action, Table};
use super::look::Look;
use super::rows::around;
pub use super::rows::wrap;
use super::text::{Lines, Reach, Text, clean};
use super::textkeys::{Profile, TextKey};
use super::width::{Ambiguous, cells};
use super::writing::Write;

/// Rows passed by one page key.
const PAGE: usize = 5;

/// Several lines under edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    text: Text,
    /// The cell that Up and Down keep to.
    goal: Option<usize>,
    /// Letters are commands, as in the normal mode of vi, and the one that waits for its second key.
    normal: bool,
    waiting: Option<TextKey>,
}

/// Byte ranges of the rows that are seen, and the cursor (column, row) among them.
pub type Seen = (Vec<(usize, usize)>, (usize, usize));

impl Area {
    /// An area that starts with `text`, the cursor at its end.
    pub fn new(text: &str) -> Area {
        Area { text: Text::new(text), ..Area::default() }
    }

    /// What is written.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The text, with what is selected of it.
    pub fn as_text(&self) -> &Text {
        &self.text
    }

    /// The text under edit.
    pub fn edit(&mut self) -> &mut Text {
        self.goal = None;
        &mut self.text
    }

    /// The cursor, a byte offset.
    pub fn at(&self) -> usize {
        self.text.at()
    }

    /// Takes this text instead, as one step that undo takes back.
    pub fn restore(&mut self, text: &str, at: usize) {
        self.text.restore(text, at);
    }

    /// True while letters are commands.
    pub fn normal(&self) -> bool {
        self.normal
    }

    /// The command that waits for its second key.
    pub fn waiting(&self) -> Option<TextKey> {
        self.waiting
    }

    /// Letters become commands; the cursor goes onto what was written last.
    pub fn to_normal(&mut self) {
        self.waiting = None;
        if !self.normal {
            self.normal = true;
            self.edit().back_in_line();
        }
    }

    /// Letters become text again.
    pub fn to_insert(&mut self) {
        // What is selected is not overwritten by it.
        if self.text.reach().is_some() {
            self.text.unmark();
        }
        (self.normal, self.waiting) = (false, None);
    }

    /// The mode in words where there are two, with the command that waits for its second key.
    pub fn mode(&self, look: Look) -> String {
        let words = look.words();
        match (look.text, self.normal) {
            (Profile::Vim, true) => {
                let rows = look.keys.rows(Table::Vim).iter();
                let mut waits =
                    rows.filter(|row| matches!(row.action, Action::Write(Write::Text(t)) if Some(t) == self.waiting));
                let key = waits.next().and_then(|row| row.keys.first()).map_or_else(String::new, Key::to_string);
                match self.text.reach() {
                    None => words.fill("write.mode_normal", &[("key", &key)]),
                    Some(Reach::Characters) => words.get("write.mode_visual").to_owned(),
                    Some(Reach::Lines) => words.get("write.mode_lines").to_owned(),
                }
            }
            (Profile::Vim, false) => words.get("write.mode_insert").to_owned(),
            _ => String::new(),
        }
    }

    /// Forgets the first of two keys and ends a visual mode; false when there was neither.
    pub fn forget(&mut self) -> bool {
        let selects = self.text.reach().is_some();
        if selects {
            self.text.unmark();
        }
        self.waiting.take().is_some() || selects
    }

    /// Does what a key means in normal mode; of two equal keys the second one does it.
    pub fn command(&mut self, what: TextKey, clip: &mut String, now: u64, (width, ambiguous): (usize, Ambiguous)) {
        let waited = self.waiting.take();
        let for_marked = self.text.reach().is_some() && !what.moves();
        if what.twice() && !for_marked && waited != Some(what) {
            // Another letter after the first one is no command.
            self.waiting = waited.is_none().then_some(what);
            return;
        }
        match what {
            _ if waited.is_some_and(|first| first != what) => return,
            TextKey::As(key) if matches!(key.code, Code::Up | Code::Down) => {
                self.press(key, now, width, ambiguous);
            }
            _ => self.edit().command(what, clip, now),
        }
        self.normal = for_marked || !what.writes();
        if self.normal {
            self.text.onto();
        }
    }

    /// Applies one key; Up and Down need the width (cells) the text is drawn at.
    pub fn press(&mut self, key: Key, now: u64, width: usize, ambiguous: Ambiguous) -> bool {
        match key.code {
            Code::Up | Code::Down | Code::PageUp | Code::PageDown if !key.ctrl && !key.alt => {
                let count = if matches!(key.code, Code::Up | Code::Down) { 1 } else { PAGE };
                for _ in 0..count {
                    self.move_row(matches!(key.code, Code::Down | Code::PageDown), key.shift, width, ambiguous);
                }
                return true;
            }
            Code::Enter => self.text.insert("\n", now),
            _ if !self.text.press(key, now) => return false,
            _ => {}
        }
        self.goal = None;
        true
    }

    /// Puts pasted text at the cursor.
    pub fn paste(&mut self, text: &str) {
        self.edit().paste(&clean(text, Lines::Many));
    }

    fn move_row(&mut self, down: bool, shift: bool, width: usize, ambiguous: Ambiguous) {
        let (rows, here, column) = self.rows_around(1, 1, width, ambiguous);
        let goal = *self.goal.get_or_insert(column);
        let target = match down {
            true if here + 1 < rows.len() => here + 1,
            false if here > 0 => here - 1,
            _ => return,
        };
        let (from, to) = rows[target];
        let mut at = from;
        for (start, grapheme) in self.text()[from..to].grapheme_indices(true) {
            let end = from + start + grapheme.len();
            if cells(&self.text()[from..end], ambiguous) > goal {
                break;
            }
            at = end;
        }
        // The end of a wrapped row is the start of the next one: stay on the row that was asked for.
        let wrapped = to < self.text().len() && !self.text()[to..].starts_with('\n');
        if wrapped && at == to && at > from {
            let last = self.text()[from..to].graphemes(true).next_back();
            at = to - last.map_or(0, str::len);
        }
        self.text.walk(at, shift);
    }

    /// Rows around the cursor, which of them it stands on, and its cell. Behind a full row there is an empty one for it.
    fn rows_around(
        &self,
        above: usize,
        below: usize,
        width: usize,
        ambiguous: Ambiguous,
    ) -> (Vec<(usize, usize)>, usize, usize) {
        let at = self.text.at();
        let (mut rows, mut here) = around(self.text(), at, (width, ambiguous), (above, below));
        let column = cells(&self.text()[rows[here].0..at], ambiguous);
        if column < width.max(1) {
            return (rows, here, column);
        }
        here += 1;
        rows.insert(here, (at, at));
        (rows, here, 0)
    }

    /// The rows seen in `width` x `height` cells and the cursor among them; of the rows below it one at least.
    pub fn seen(&self, width: usize, height: usize, ambiguous: Ambiguous) -> Seen {
        let height = height.max(1);
        let (mut rows, here, column) = self.rows_around(height, height, width, ambiguous);
        let below = usize::from(here + 1 < rows.len() && height > 1);
        let top = (here + 1 + below).saturating_sub(height);
        rows.truncate(top + height);
        (rows.split_off(top), (column, here - top))
    }

    /// The text seen in `width` x `height` cells and the cursor (column, row) in it.
    pub fn window(&self, width: usize, height: usize, ambiguous: Ambiguous) -> (Vec<&str>, (usize, usize)) {
        let (rows, cursor) = self.seen(width, height, ambiguous);
        (rows.into_iter().map(|(from, to)| &self.text()[from..to]).collect(), cursor)
    }

    /// What is selected, in bytes.
    pub fn selection(&self) -> Option<std::ops::Range<usize>> {
        self.text.selection()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_cursor_stays_inside_at_a_full_row() {
        let mut area = Area::new("あいうえおかきくけこ");
        let (seen, cursor) = area.window(20, 3, Ambiguous::Narrow);
        assert_eq!((seen, cursor), (vec!["あいうえおかきくけこ", ""], (0, 1)));
        area.press(Key::plain(Code::Enter), 0, 20, Ambiguous::Narrow);
        area.press(Key::char('x'), 0, 20, Ambiguous::Narrow);
        area.press(Key::plain(Code::Up), 0, 20, Ambiguous::Narrow);
        let (seen, cursor) = area.window(20, 3, Ambiguous::Narrow);
        assert_eq!((seen, cursor), (vec!["あいうえおかきくけこ", "x"], (0, 0)));
        assert_eq!(Area::new("あいうえおかきくけ").window(19, 3, Ambiguous::Narrow).1, (18, 0));
    }

    #[test]
    fn up_and_down_keep_the_column() {
        let mut area = Area::new("あいうえお\nか\nさしすせそ");
        let up = Key::plain(Code::Up);
        area.press(up, 0, 20, Ambiguous::Narrow);
        assert_eq!(area.window(20, 5, Ambiguous::Narrow).1, (2, 1));
        area.press(up, 0, 20, Ambiguous::Narrow);
        assert_eq!(area.window(20, 5, Ambiguous::Narrow).1, (10, 0));
    }

    #[test]
    fn shift_selects_rows_and_pages_move_by_several() {
        let mut area = Area::new("一\n二\n三\n四\n五\n六\n七\n八");
        area.press(Key::plain(Code::PageUp), 0, 20, Ambiguous::Narrow);
        assert_eq!(area.text.at(), "一\n二\n三".len());
        area.press(Key { shift: true, ..Key::plain(Code::Down) }, 0, 20, Ambiguous::Narrow);
        assert_eq!(area.edit().selected(), "\n四");
        area.press(Key { ctrl: true, ..Key::plain(Code::Home) }, 0, 20, Ambiguous::Narrow);
        assert_eq!((area.text.at(), area.selection()), (0, None));
    }

    #[test]
    fn enter_breaks_the_line_and_a_small_window_follows_the_cursor() {
        let mut area = Area::new("一");
        area.press(Key::plain(Code::Enter), 0, 20, Ambiguous::Narrow);
        area.paste("二\r\n三");
        assert_eq!(area.text(), "一\n二\n三");
        let (seen, cursor) = area.window(20, 2, Ambiguous::Narrow);
        assert_eq!((seen, cursor), (vec!["二", "三"], (2, 1)));
    }

    const CODES: [Code; 10] = [
        Code::Left,
        Code::Right,
        Code::Up,
        Code::Down,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
        Code::Backspace,
        Code::Delete,
    ];

    fn any_key() -> impl Strategy<Value = Key> {
        let moving = (0..CODES.len(), any::<bool>(), any::<bool>()).prop_map(|(code, ctrl, shift)| Key {
            ctrl,
            shift,
            ..Key::plain(CODES[code])
        });
        let typed = any::<char>().prop_map(|c| Key::char(if c.is_control() { '漢' } else { c }));
        let ctrl = prop::sample::select("wkuzyh".chars().collect::<Vec<_>>()).prop_map(Key::ctrl);
        prop_oneof![3 => moving, 2 => typed, 1 => Just(Key::plain(Code::Enter)), 2 => ctrl]
    }

    const PIECES: [&str; 14] = [
        "情報",
        "、",
        "（",
        "」",
        "ｶﾞ",
        "か\u{3099}",
        "👨\u{200D}👩\u{200D}👧",
        "🇯🇵",
        "①",
        "abc ",
        "\n",
        "\u{200B}",
        "⚠\u{FE0F}",
        "葛\u{E0100}",
    ];

    proptest! {
        #[test]
        fn whatever_is_pressed_the_cursor_is_inside_and_undo_brings_everything_back(
            start in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..30),
            keys in prop::collection::vec((any_key(), 0u64..900), 0..60),
            width in 0usize..24, height in 0usize..6, wide in any::<bool>(),
        ) {
            let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
            let start = start.concat();
            let mut area = Area::new(&start);
            let mut now = 0;
            for (key, pause) in keys {
                now += pause;
                let before = area.text().to_owned();
                let selected = area.edit().selection();
                let at = area.text.at();
                area.press(key, now, width, ambiguous);
                if let Some(c) = key.typed() {
                    let range = selected.unwrap_or(at..at);
                    let expected = format!("{}{c}{}", &before[..range.start], &before[range.end..]);
                    prop_assert_eq!(area.text(), expected, "a typed character is lost");
                }
                let (rows, (column, row)) = area.seen(width, height, ambiguous);
                prop_assert!(row < rows.len() && row < height.max(1));
                prop_assert!(column < width.max(1) || cells(&area.text()[rows[row].0..rows[row].1], ambiguous) >= column);
                for (from, to) in rows {
                    let text = &area.text()[from..to];
                    let one = text.graphemes(true).filter(|g| cells(g, ambiguous) > 0).count() <= 1;
                    prop_assert!(cells(text, ambiguous) <= width.max(1) || one, "{text:?} over the border");
                }
            }
            for _ in 0..500 {
                area.press(Key::ctrl('z'), 0, width, ambiguous);
            }
            prop_assert_eq!(area.text(), start);
        }
    }
}
