//! Windows over the screen: help, the strip of keys, the list of actions, a question, a problem.

use bansou_core::guidance::About;
use bansou_core::history;
use bansou_core::record::v1::Id;

use super::effect::Effect;
use super::field::Field;
use super::find;
use super::key::Key;
use super::keymap::{self, Action, Binding, Place, Table};
use super::list::Cursor;
use super::model::{Model, Screen};
use super::msg::Problem;
use super::past::Past;
use super::paths::Strip;
use super::search::Search;
use super::textkeys::Profile;
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
    /// The names that a path goes on with; the field below it keeps the letters.
    Paths(Box<Strip>),
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
            Overlay::Choices('y') => Table::Copy,
            Overlay::Choices(_) => Table::GoTo,
            Overlay::Confirm { .. } => Table::Confirm,
            Overlay::Paste(_) => Table::Paste,
            Overlay::Seek(_) => Table::Seek,
            Overlay::Phrases { .. } => Table::Phrases,
            Overlay::Paths(_) => Table::Paths,
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
            || matches!(self, Overlay::AsOf { .. } | Overlay::Paths(_))
            || matches!(self, Overlay::Sort { .. } | Overlay::Seek(_) | Overlay::Phrases { .. } | Overlay::Search(_))
    }
}

/// The palette's rows: actions of the screen below, its go-to choices and the global ones, matching the query; what was
/// chosen before comes first.
pub fn choices(model: &Model, query: &str) -> Vec<&'static Binding> {
    let keys = model.look.keys;
    // What the letters of vi do is done by them; what the form does stands in its own table.
    let below = if model.table_below() == Table::Vim { Table::Form } else { model.table_below() };
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
                    Action::Palette | Action::Prefix(_) | Action::Move(_) | Action::Write(Write::Key | Write::Text(_))
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

/// What a row means where it stands now; none when it means nothing there.
pub fn named(model: &Model, row: &Binding) -> Option<&'static str> {
    let form = model.form.as_ref().filter(|form| model.overlay.is_none() && !form.slim());
    Some(match (row.action, form) {
        (Action::NextField, Some(form)) => form.enter_word(),
        (Action::Back, Some(form)) if model.look.text == Profile::Vim && form.wants_enter() => "key.to_normal",
        _ => row.word,
    })
}

/// The rows that help shows: where the keys of Emacs hold they come first, and the others lack what those take.
pub fn help_rows(model: &Model, of: Table) -> Vec<(String, &'static str)> {
    use Table::{Confirm, Form, Guidance, Memo, Palette, Paths, Phrases, Search, Seek};
    let keys = model.look.keys;
    let text = matches!(of, Confirm | Form | Guidance | Memo | Palette | Paths | Phrases | Search | Seek);
    let over: &[Binding] = if text && model.look.text == Profile::Emacs { keys.rows(Table::Emacs) } else { &[] };
    let left = |row: &Binding| {
        if hidden(model, row.action) {
            return None;
        }
        let free = |key: &&Key| !over.iter().any(|o| o.keys.contains(key));
        let keys: Vec<String> = row.keys.iter().filter(free).map(Key::to_string).collect();
        (!keys.is_empty()).then(|| (keys.join(" / "), row.word))
    };
    let first = over.iter().map(|row| (keymap::every(row), row.word));
    first.chain(keys.rows(of).iter().chain(keys.global(of)).filter_map(left)).collect()
}
