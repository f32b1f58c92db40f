//! What the screens ask the shell to do. Data only; each is answered by exactly one `Msg` carrying its id.

use bansou_core::as_of::AsOf;
use bansou_core::document::Request;
use bansou_core::record::v1::{Drafts, Id, JournalEntry, Profile};

use super::evidence;
use super::field::Secret;
use super::office::Errand;
use super::paths;
use super::share;

/// Identifies an effect until it is answered.
pub type Ticket = u64;

/// What keeps a store safe.
#[derive(Clone, Debug, PartialEq)]
pub enum Chore {
    /// A backup into the home's own folder for them.
    Backup,
    /// The recovery code, typed to see that the sheet is right.
    Drill(Secret),
    Passphrase {
        now: Secret,
        new: Secret,
    },
    /// Answers the secretariat's invitation with a request, written beside it.
    Request {
        invitation: String,
    },
    /// Takes the secretariat's answer in.
    Accept {
        pack: String,
    },
}

/// What a new owner has told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founder {
    pub profile: Profile,
    pub passphrase: Secret,
    /// The file of the secretariat's invitation; empty without one.
    pub invitation: String,
    /// The screens are told as lines from now on.
    pub aloud: bool,
}

/// A request to the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the store.
    Unlock { id: Ticket, passphrase: Secret },
    /// Make the home. `Msg::Founded` tells what must be written down, then it is open.
    Found { id: Ticket, founder: Box<Founder> },
    /// Tell the fingerprint that the secretariat compares by voice.
    Fingerprint { id: Ticket },
    /// Leave for the practice.
    Practise,
    /// Give a text to the terminal's clipboard; it is taken back after a while.
    Clip(String),
    /// Go on as lines.
    Aloud,
    /// Commit a change that the books already follow.
    Save { id: Ticket, entry: Box<JournalEntry> },
    /// Set a document and keep it; with a file, write it there too.
    MakeDocument { id: Ticket, request: Request, file: Option<String> },
    /// Seal the report of a session into the outbox.
    SealReport { id: Ticket, engagement: Id, session: u8 },
    /// Make the form of a drafted claim and seal it into the outbox.
    SealClaim { id: Ticket, claim: Id },
    /// Erase a client for good; the word was typed.
    Erase { id: Ticket, client: Id, word: String },
    /// Write a kept document to a new file.
    SaveDocument { id: Ticket, blob: Id, file: String },
    /// Write the days ahead to a new calendar file, without names.
    SaveCalendar { id: Ticket, file: String },
    /// Send what waits to the server and fetch receipts and replies.
    Send { id: Ticket },
    /// Write what waits into a folder.
    ExportTo { id: Ticket, folder: String },
    /// Read receipts and replies from a folder.
    ImportFrom { id: Ticket, folder: String },
    /// Examine machine and store; `wide` when the terminal draws ambiguous characters two cells wide.
    Examine { id: Ticket, wide: bool },
    /// Keep what is typed and not yet saved. Answered by `Kept`, without a ticket.
    KeepDrafts(Box<Drafts>),
    /// The names of a folder. Answered by `Listed`, without a ticket: who typed on does not wait for it.
    List(Box<paths::Ask>),
    /// Look after the store.
    Care { id: Ticket, chore: Chore },
    /// Do the secretariat's work.
    Office { id: Ticket, errand: Errand },
    /// Work with the bytes of an attachment.
    Evidence { id: Ticket, errand: evidence::Errand },
    /// The whole journal about some records.
    Past { id: Ticket, records: Vec<Id> },
    /// The engagement as it stood then.
    Then { id: Ticket, engagement: Id, at: AsOf },
    /// Write or read a file between a lead and a trainee.
    Share { id: Ticket, errand: share::Errand },
    /// Wipe everything opened from memory. Never answered: the model is already empty.
    Lock,
    /// Hand the terminal back until the program is continued; always after `Lock`.
    Suspend,
    /// Leave the program with this exit status.
    Quit(u8),
    /// Draw everything again.
    Redraw,
}
