//! The window of changes of one thing: what it is about, what the store told of it, and which change is chosen.

use std::cmp::Reverse;

use bansou_core::past::{Item, Turn, turns};
use bansou_core::record::v1::JournalEntry;

use super::effect::Ticket;
use super::list::{Cursor, Step};
use super::screens::fields;

/// The changes of one thing, or of the field that is being typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// What it is, in words.
    pub title: String,
    pub item: Item,
    /// The effect that asks the store; its answer fills the rest.
    pub ticket: Ticket,
    /// The journal about its records, oldest first; none while the store has not answered.
    pub entries: Option<Vec<(u64, JournalEntry)>>,
    /// Entries whose text was erased.
    pub erased: usize,
    /// Newest first.
    pub turns: Vec<Turn>,
    pub cursor: Cursor,
}

impl Past {
    /// The window before the store has answered.
    pub fn asked(title: String, item: Item, ticket: Ticket) -> Past {
        Past { title, item, ticket, entries: None, erased: 0, turns: Vec::new(), cursor: Cursor::default() }
    }

    /// Takes in what the store knows.
    pub fn told(&mut self, entries: Vec<(u64, JournalEntry)>, erased: usize) {
        self.turns = turns(&entries, &self.item);
        // What has no name for people stays unsaid; of one change the telling fields come first.
        self.turns.retain(|turn| fields::place(&turn.field.path).is_some());
        self.turns.sort_by_key(|turn| (Reverse(turn.seq), fields::place(&turn.field.path)));
        (self.entries, self.erased, self.cursor) = (Some(entries), erased, Cursor::default());
    }

    /// Moves among the changes.
    pub fn step(&mut self, step: Step) {
        self.cursor.go(step, self.turns.len());
    }

    /// The chosen change with its entry of the journal.
    pub fn chosen(&self) -> Option<(&Turn, &JournalEntry)> {
        let turn = self.turns.get(self.cursor.at(self.turns.len()))?;
        let (_, entry) = self.entries.as_ref()?.iter().find(|(seq, _)| *seq == turn.seq)?;
        Some((turn, entry))
    }
}
