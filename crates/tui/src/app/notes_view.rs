//! What is chosen on the notes tab: the filter, the marks, and whether the hearing sheet is shown instead.

use std::collections::BTreeSet;

use bansou_core::record::v1::Id;

use super::list::Cursor;

/// The state of the notes tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotesView {
    /// The hearing sheet is shown, not the notes.
    pub sheet: bool,
    /// The row of the sheet.
    pub at: Cursor,
    /// Of the sheet, only what is not answered yet.
    pub open_only: bool,
    /// Only notes of this session; `Some(None)` is between the sessions.
    pub session: Option<Option<u8>>,
    /// Only what this person said.
    pub who: Option<String>,
    /// Only notes that have found no place yet.
    pub unsorted: bool,
    pub marked: BTreeSet<Id>,
    /// Where the last mark was set: the start of a range.
    pub from: Option<Id>,
}

impl NotesView {
    /// What is kept over a lock: nothing that anybody said or is called.
    pub fn place(&self) -> NotesView {
        NotesView { sheet: self.sheet, at: self.at, open_only: self.open_only, ..NotesView::default() }
    }
}
