//! What the screens ask the shell to do. Data only; each is answered by exactly one `Msg` carrying its id.

use bansou_core::record::v1::JournalEntry;

use super::field::Secret;

/// Identifies an effect until it is answered.
pub type Ticket = u64;

/// A request to the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the store.
    Unlock { id: Ticket, passphrase: Secret },
    /// Commit a change that the books already follow.
    Save { id: Ticket, entry: Box<JournalEntry> },
    /// Wipe everything opened from memory. Never answered: the model is already empty.
    Lock,
    /// Leave the program.
    Quit,
    /// Draw everything again.
    Redraw,
}
