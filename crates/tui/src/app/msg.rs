//! What can happen to the screens: keys, pasted text, time, and answers to effects.

use bansou_core::as_of::Then;
use bansou_core::books::Books;
use bansou_core::doctor::Report;
use bansou_core::record::v1::{Drafts, JournalEntry};

use super::effect::Ticket;
use super::field::Secret;
use super::key::Key;
use super::office::Seen;
use super::paths;
use super::width::Ambiguous;

/// One event. All come through one queue, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    Key(Key),
    /// Text pasted by the terminal (bracketed paste).
    Paste(String),
    /// The terminal has said late how wide it draws ambiguous characters.
    Ambiguous(Ambiguous),
    /// The terminal has a new size; the next frame reads it.
    Resized {
        /// It is too small to show anything.
        small: bool,
    },
    /// Time has passed.
    Tick,
    /// Without a key the screens lock in so many seconds.
    Idle {
        left: u64,
    },
    /// Nobody has been here for long, or the machine has slept.
    Lock,
    /// The terminal is wanted back for a while.
    Suspend,
    /// The system or the terminal ends the program, which leaves with this exit status.
    End(u8),
    /// The store is open: everything in it, and the newest journal entries with their places, oldest first.
    Unlocked {
        id: Ticket,
        books: Box<Books>,
        recent: Vec<(u64, JournalEntry)>,
        /// What was typed and not saved before.
        drafts: Box<Drafts>,
    },
    /// The home is made and about to open.
    Founded(Box<Founded>),
    /// It is time to keep what was typed.
    Keep,
    /// The drafts are in the store, or why not.
    Kept {
        problem: Option<Box<Problem>>,
    },
    /// The change is committed at this place of the journal.
    Saved {
        id: Ticket,
        seq: u64,
    },
    /// The shell has done the work and committed these changes itself.
    Done {
        id: Ticket,
        entries: Vec<JournalEntry>,
    },
    /// The work stopped half-way: what was committed before stays.
    Stopped {
        id: Ticket,
        entries: Vec<JournalEntry>,
        problem: Box<Problem>,
    },
    /// An expert's request was read; it waits for approval.
    RequestRead {
        id: Ticket,
        seen: Box<Seen>,
    },
    /// Machine and store were examined.
    Examined {
        id: Ticket,
        report: Box<Report>,
    },
    /// An attachment was taken in with this change, which has this place of the journal.
    Attached {
        id: Ticket,
        seq: u64,
        entry: Box<JournalEntry>,
    },
    /// The text of an attachment, to be shown.
    Read {
        id: Ticket,
        title: String,
        lines: Vec<String>,
    },
    /// The journal about the records that were asked for, oldest first.
    Past {
        id: Ticket,
        entries: Vec<(u64, JournalEntry)>,
        /// Entries about them whose text is gone.
        erased: usize,
    },
    /// An engagement as it was.
    Then {
        id: Ticket,
        then: Box<Then>,
    },
    /// The names of a folder, or why there are none.
    Listed(Box<paths::Listed>),
    /// The effect failed.
    Failed {
        id: Ticket,
        problem: Box<Problem>,
    },
}

/// A new home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founded {
    pub folder: String,
    /// The recovery code, told this once.
    pub code: Secret,
    /// File and fingerprint of the request to the secretariat, when there was an invitation.
    pub request: Option<Result<(String, String), Problem>>,
    /// The screens are to be told as lines: the settings file that says so from now on, or, where there was one already,
    /// the one that has to be told by hand.
    pub aloud: Option<Result<String, String>>,
}

/// A failure in words: what happened, what to do now, and its code (such as `E-312`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub happened: String,
    pub todo: String,
    pub code: String,
}
