//! Windows over the screen: help, the strip of keys, the list of actions, a question, a problem.

use bansou_core::guidance::About;
use bansou_core::history;
use bansou_core::record::v1::Id;

use super::effect::Effect;
use super::field::Field;
use super::find;
use super::keymap::{Action, Binding, Place, Table};
use super::list::Cursor;
use super::model::{Model, Screen};
use super::msg::Problem;
use super::past::Past;
use super::search::Search;
use super::then;
use super::writing::{Pasting, Seek, Write};
use crate::words::{Lang, Words};

/// A window that takes the keys until it is closed.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// What this screen is for and its keys.
    Help {
        of: Table,
        cursor: Cursor,
    },
    /// Only the keys.
    Keys {
        of: Table,
        cursor: Cursor,
    },
    /// Every action by name, filtered by what is typed.
    Palette {
        query: Field,
        cursor: Cursor,
    },
    /// The search over everything.
    Search(Box<Search>),
    /// The guidance of the programme, beginning with what the cursor stands on.
    Guidance {
        about: Box<About>,
        query: Field,
        cursor: Cursor,
    },
    /// The choices after a prefix key; waits without a time limit.
    Choices(char),
    /// An irreversible act: a word has to be typed before Ctrl+S does it.
    Confirm {
        /// Catalogue key.
        question: &'static str,
        /// What will happen, line by line.
        about: Vec<String>,
        expected: String,
        typed: Field,
        effect: Box<Effect>,
    },
    /// What notes belong to, filtered by what is typed.
    Sort {
        notes: Vec<Id>,
        query: Field,
        cursor: Cursor,
    },
    /// A text to read: its title and its lines.
    Page {
        title: String,
        lines: Vec<String>,
        cursor: Cursor,
    },
    Problem(Box<Problem>),
    /// What changed of one thing.
    Past(Box<Past>),
    /// The point in time that an engagement is to be shown at.
    AsOf {
        query: Field,
        cursor: Cursor,
    },
    /// The steps of the practice.
    Tutorial {
        cursor: Cursor,
    },
    /// What a paste will put where.
    Paste(Box<Pasting>),
    /// Search and replace.
    Seek(Box<Seek>),
    /// Phrases to put in, filtered by what is typed.
    Phrases {
        query: Field,
        cursor: Cursor,
    },
}

impl Overlay {
    /// The table its keys are looked up in.
    pub fn table(&self) -> Table {
        match self {
            Overlay::Help { .. } | Overlay::Keys { .. } | Overlay::Page { .. } | Overlay::Problem(_) => Table::Window,
            Overlay::Palette { .. } | Overlay::Sort { .. } | Overlay::AsOf { .. } => Table::Palette,
            Overlay::Past(_) => Table::Past,
            Overlay::Search(_) => Table::Search,
            Overlay::Guidance { .. } => Table::Guidance,
            Overlay::Choices(_) => Table::GoTo,
            Overlay::Confirm { .. } => Table::Confirm,
            Overlay::Paste(_) => Table::Paste,
            Overlay::Seek(_) => Table::Seek,
            Overlay::Phrases { .. } => Table::Phrases,
            Overlay::Tutorial { .. } => Table::Tutorial,
        }
    }

    /// What is typed into it.
    pub fn query(&self) -> Option<&str> {
        match self {
            Overlay::Palette { query, .. }
            | Overlay::Guidance { query, .. }
            | Overlay::Sort { query, .. }
            | Overlay::Phrases { query, .. } => Some(query.text()),
            Overlay::Confirm { typed, .. } => Some(typed.text()),
            Overlay::Search(search) => Some(search.typed.text()),
            Overlay::Seek(seek) => Some(if seek.second { seek.with.text() } else { seek.find.text() }),
            _ => None,
        }
    }

    /// True when typed letters are text.
    pub fn takes_text(&self) -> bool {
        let palette = matches!(self, Overlay::Palette { .. } | Overlay::Guidance { .. } | Overlay::Confirm { .. });
        palette
            || matches!(self, Overlay::AsOf { .. })
            || matches!(self, Overlay::Sort { .. } | Overlay::Seek(_) | Overlay::Phrases { .. } | Overlay::Search(_))
    }
}

/// The palette's rows: actions of the screen below, its go-to choices and the global ones, matching the query; what was
/// chosen before comes first.
pub fn choices(model: &Model, query: &str) -> Vec<&'static Binding> {
    let (keys, below) = (model.look.keys, model.table_below());
    let go: &[Binding] = match below {
        Table::Form | Table::Memo => &[],
        _ => keys.rows(model.go_to()),
    };
    let own = keys.rows(below).iter();
    let mut rows: Vec<&Binding> = own
        .chain(go)
        .chain(keys.global(below))
        .filter(|b| {
            !hidden(model, b.action)
                && !matches!(
                    b.action,
                    Action::Palette | Action::Prefix(_) | Action::Move(_) | Action::Write(Write::Key)
                )
        })
        .filter(|b| {
            matches_word(b.word, query) || b.keys.iter().any(|k| k.to_string().eq_ignore_ascii_case(query.trim()))
        })
        .collect();
    let recent = &model.hand.recent;
    rows.sort_by_key(|b| recent.iter().position(|a| *a == b.action).unwrap_or(recent.len()));
    let mut seen = Vec::new();
    rows.retain(|b| {
        let new = !seen.contains(&b.action);
        seen.push(b.action);
        new
    });
    rows
}

/// True for what is of no use in this home: the steps of the practice outside of one.
pub fn hidden(model: &Model, action: Action) -> bool {
    action == Action::Tutorial && !model.look.practice
}

/// Why an action of the palette cannot be done now, as a catalogue key.
pub fn blocked(model: &Model, action: Action) -> Option<&'static str> {
    match (action, &model.screen) {
        _ if then::blocks(model, action) && action != Action::Open => Some("notice.then_read_only"),
        (Action::Go(Place::Tab(_)), Screen::Clients { .. } | Screen::Work(_)) => None,
        (Action::Go(Place::Tab(_)), _) => Some("notice.no_client"),
        (Action::Undo, _) if history::stacks(&model.history).undo.is_empty() => Some("notice.nothing_to_undo"),
        _ => None,
    }
}

/// True when a query finds a word by its Japanese, its reading or its English.
fn matches_word(word: &str, query: &str) -> bool {
    let (ja, en) = (Words::new(Lang::Ja), Words::new(Lang::En));
    [ja.get(word), ja.reading(word), en.get(word)].iter().any(|text| find::found(query, text))
}
