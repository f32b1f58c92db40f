//! The one door to change: a command is applied to the books and answers with changes or a refusal.

use jiff::civil::DateTime;

use crate::attachment::AttachmentCommand;
use crate::books::Books;
use crate::care::CareCommand;
use crate::claim::ClaimCommand;
use crate::client::{self, ClientCommand};
use crate::edit::put;
pub use crate::edit::{Ctx, Edit, Edits, pack};
use crate::engagement::EngagementCommand;
use crate::findings::FindingsCommand;
use crate::office::OfficeCommand;
use crate::outbox::OutboxCommand;
use crate::phrases::PhraseCommand;
use crate::planning::PlanCommand;
use crate::record::v1::{Artefact, Change, Enrolment, JournalEntry, Profile, Record};
use crate::refusal::Refusal;
use crate::resume::ResumeCommand;
use crate::session::SessionCommand;
use crate::share::{self, ShareCommand};

/// Everything a person or a file can ask for that changes records.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    SetProfile(Box<Profile>),
    Enrol(Box<Enrolment>),
    Client(ClientCommand),
    Engagement(EngagementCommand),
    Session(SessionCommand),
    Findings(FindingsCommand),
    Plan(PlanCommand),
    KeepArtefact(Box<Artefact>),
    Attachment(AttachmentCommand),
    Claim(ClaimCommand),
    Outbox(OutboxCommand),
    Office(OfficeCommand),
    Resume(ResumeCommand),
    Care(CareCommand),
    Share(ShareCommand),
    Phrase(PhraseCommand),
}

/// Applies a command. Nothing is changed here: the caller saves the changes, then lets the books follow them.
pub fn apply(books: &Books, ctx: &Ctx<'_>, command: Command) -> Result<Vec<Change>, Refusal> {
    writable(books, ctx, &command)?;
    let edits = match command {
        Command::SetProfile(profile) => set_profile(books, ctx, *profile),
        Command::Enrol(enrolment) => put(Record::Enrolment(*enrolment)),
        Command::Client(c) => crate::client::apply(books, ctx, c),
        Command::Engagement(c) => crate::engagement::apply(books, ctx, c),
        Command::Session(c) => crate::session::apply(books, ctx, c),
        Command::Findings(c) => crate::findings::apply(books, ctx, c),
        Command::Plan(c) => crate::planning::apply(books, ctx, c),
        Command::KeepArtefact(artefact) => put(Record::Artefact(*artefact)),
        Command::Attachment(c) => crate::attachment::apply(books, ctx, c),
        Command::Claim(c) => crate::claim::apply(books, ctx, c),
        Command::Outbox(c) => crate::outbox::apply(books, ctx, c),
        Command::Office(c) => crate::office::apply(books, ctx, c),
        Command::Resume(c) => crate::resume::apply(books, ctx, c),
        Command::Care(c) => crate::care::apply(books, ctx, c),
        Command::Share(c) => share::apply(books, ctx, c),
        Command::Phrase(c) => crate::phrases::apply(books, ctx, c),
    }?;
    Ok(edits.into_iter().map(|edit| change(books, edit)).filter(|c| c.before != c.after).collect())
}

/// Refuses to change what is archived, and what remains of an erased client.
fn writable(books: &Books, ctx: &Ctx<'_>, command: &Command) -> Result<(), Refusal> {
    let about = match command {
        Command::Client(ClientCommand::Edit(c)) => {
            let engagement = books.engagement_of(c.id).map(|e| e.id);
            share::permits(books, ctx, engagement, command)?;
            return client::open(books, c.id);
        }
        Command::Client(ClientCommand::Begin { client, .. }) => return client::open(books, *client),
        Command::Engagement(c) => Some(c.engagement),
        Command::Session(c) => Some(c.engagement),
        Command::Findings(c) => Some(c.engagement),
        Command::Plan(c) => Some(c.engagement),
        Command::KeepArtefact(made) => made.engagement,
        Command::Attachment(c) => Some(c.engagement),
        Command::Outbox(OutboxCommand::Queue(item)) => item.engagement,
        Command::Share(c) => c.about(books),
        _ => None,
    };
    share::permits(books, ctx, about, command)?;
    match about.and_then(|id| books.engagements.get(&id)) {
        Some(engagement) if !books.clients.contains_key(&engagement.client) => Err(Refusal::Erased),
        Some(engagement) => client::open(books, engagement.client),
        None => Ok(()),
    }
}

impl Command {
    /// Name for the journal and the history screen.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SetProfile(_) => "profile",
            Self::Enrol(_) => "enrol",
            Self::Client(_) => "client",
            Self::Engagement(_) => "engagement",
            Self::Session(_) => "session",
            Self::Findings(_) => "findings",
            Self::Plan(_) => "plan",
            Self::KeepArtefact(_) => "artefact",
            Self::Attachment(_) => "attachment",
            Self::Claim(_) => "claim",
            Self::Outbox(_) => "outbox",
            Self::Office(_) => "office",
            Self::Resume(_) => "resume",
            Self::Care(_) => "care",
            Self::Share(c) => c.name(),
            Self::Phrase(_) => "phrase",
        }
    }
}

/// A home is practice or real for good: what it holds was made as one or the other.
fn set_profile(books: &Books, ctx: &Ctx<'_>, profile: Profile) -> Edits {
    ctx.pack(&profile.programme)?;
    if books.profile.as_ref().is_some_and(|p| p.practice != profile.practice) {
        return Err(Refusal::PracticeMixed);
    }
    put(Record::Profile(profile))
}

fn change(books: &Books, edit: Edit) -> Change {
    match edit {
        Edit::Put(record) => Change { id: record.id(), before: books.record(record.id()), after: Some(*record) },
        Edit::Remove(id) => Change { id, before: books.record(id), after: None },
    }
}

/// Name of a purge in the journal.
pub const PURGE: &str = "purge";

/// The journal entry for accepted changes.
pub fn entry(now: DateTime, command: &str, changes: Vec<Change>, undoes: Option<u64>) -> JournalEntry {
    JournalEntry { v: 1, at: now, command: command.to_owned(), changes, undoes }
}

/// Whether an entry is the store's own housekeeping or changed nothing: undo passes over it to the owner's last change.
pub fn housekeeping(entry: &JournalEntry) -> bool {
    entry.command == "care" || entry.changes.is_empty()
}
