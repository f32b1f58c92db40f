//! A cursor in a list: moving it and deciding which rows are seen.

use std::ops::Range;

/// Where the cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

/// Rows passed by one page key.
const PAGE: usize = 10;

/// The chosen row of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor(usize);

impl Cursor {
    /// A cursor on row `at`.
    pub fn on(at: usize) -> Cursor {
        Cursor(at)
    }

    /// The chosen row, whatever the list.
    pub fn row(self) -> usize {
        self.0
    }

    /// The chosen row, always below `len` unless the list is empty.
    pub fn at(self, len: usize) -> usize {
        self.0.min(len.saturating_sub(1))
    }

    /// Moves inside a list of `len` rows.
    pub fn go(&mut self, step: Step, len: usize) {
        let at = self.at(len);
        let to = match step {
            Step::Up => at.saturating_sub(1),
            Step::Down => at + 1,
            Step::PageUp => at.saturating_sub(PAGE),
            Step::PageDown => at + PAGE,
            Step::First => 0,
            Step::Last => len,
        };
        self.0 = to.min(len.saturating_sub(1));
    }

    /// The rows seen in `height` rows, the chosen one among them.
    pub fn window(self, len: usize, height: usize) -> Range<usize> {
        let top = (self.at(len) + 1).saturating_sub(height);
        top..(top + height).min(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_never_leaves_the_list() {
        for (start, step, len, expected) in [
            (0, Step::Up, 3, 0),
            (2, Step::Down, 3, 2),
            (0, Step::PageDown, 30, 10),
            (5, Step::PageUp, 30, 0),
            (3, Step::Last, 30, 29),
            (3, Step::First, 30, 0),
            (9, Step::Down, 3, 2),
            (4, Step::Down, 0, 0),
        ] {
            let mut cursor = Cursor::on(start);
            cursor.go(step, len);
            assert_eq!(cursor.at(len), expected, "{step:?} from {start} of {len}");
        }
    }

    #[test]
    fn the_chosen_row_is_always_seen() {
        assert_eq!(Cursor::on(0).window(5, 3), 0..3);
        assert_eq!(Cursor::on(4).window(5, 3), 2..5);
        assert_eq!(Cursor::on(9).window(5, 10), 0..5);
        assert_eq!(Cursor::on(0).window(0, 3), 0..0);
    }
}
