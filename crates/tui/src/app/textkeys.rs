//! The keys of a text by habit: `keys.text` of the settings, and what the keys of Emacs and of vi mean.

use super::key::{Code, Key};
use super::model::Model;
use super::text::Reach;

/// Whose keys a text obeys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    #[default]
    Standard,
    Emacs,
    /// In texts of several lines only; a single line is always written into.
    Vim,
}

impl Profile {
    /// The names in the settings.
    pub const NAMES: [(&str, Profile); 3] =
        [("standard", Profile::Standard), ("emacs", Profile::Emacs), ("vim", Profile::Vim)];
}

/// What a key of Emacs or of vi does to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKey {
    /// What this key does with the standard keys.
    As(Key),
    /// Takes the rest of the line, or its end, into the clipboard; right after another, behind it.
    KillLine,
    KillWord,
    Yank,
    /// To the next word; to the end of a word; to the end of the line.
    WordStart,
    WordEnd,
    LineEnd,
    Top,
    Bottom,
    /// Begins to write: here, behind the character, at the head or the tail of the line, in a new line.
    Insert,
    Append,
    Head,
    Tail,
    Below,
    Above,
    /// Takes into the clipboard: a character or what is marked, the rest of the line, the whole line.
    Erase,
    EraseTail,
    EraseLine,
    CopyLine,
    /// Puts the clipboard behind the cursor, or below when it is a whole line.
    Put,
    /// Begins or ends a visual mode: what the cursor moves over is selected.
    Mark(Reach),
}

impl TextKey {
    /// True for keys that are pressed twice, such as `dd`.
    pub fn twice(self) -> bool {
        matches!(self, TextKey::Top | TextKey::EraseLine | TextKey::CopyLine)
    }

    /// True for keys that only move the cursor, and take a selection along.
    pub fn moves(self) -> bool {
        use TextKey::{As, Bottom, LineEnd, Top, WordEnd, WordStart};
        match self {
            As(key) => !matches!(key.code, Code::Char(_)),
            _ => matches!(self, WordStart | WordEnd | LineEnd | Top | Bottom),
        }
    }

    /// True for keys after which typed letters are text.
    pub fn writes(self) -> bool {
        use TextKey::{Above, Append, Below, Head, Insert, Tail};
        matches!(self, Insert | Append | Head | Tail | Below | Above)
    }
}

/// The shape of the hardware cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Letters are text.
    Bar,
    /// Letters are commands.
    Block,
    /// The terminal's own.
    Own,
}

/// The shape where texts have the modes of vi; none where the shape is left alone.
pub fn shape(model: &Model) -> Option<Shape> {
    let commands = model.overlay.is_none() && model.form.as_ref().and_then(|f| f.area()).is_some_and(|a| a.normal());
    (model.look.text == Profile::Vim).then(|| match (model.typing(), commands) {
        (false, _) => Shape::Own,
        (true, true) => Shape::Block,
        (true, false) => Shape::Bar,
    })
}
