//! An engagement as a whole: how it ends, what is expected of it, and the state of its sessions.

use jiff::civil::Date;

use crate::books::Books;
use crate::deadline;
use crate::edit::{Ctx, Edits, put};
use crate::programme::Pack;
use crate::record::v1::{Ending, EndingKind, Engagement, Hearing, Id, OutboxState, Record, Session, TwoStar};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required};

/// Changes to an engagement as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct EngagementCommand {
    pub engagement: Id,
    pub action: EngagementAction,
}

#[derive(Clone, Debug, PartialEq)]
pub enum EngagementAction {
    Expect(String),
    SetTwoStar(TwoStar),
    /// What is brought of the hearing sheet.
    Bring(Hearing),
    /// Ends it before its last session; the last session held is taken from the records.
    End {
        kind: EndingKind,
        reason: String,
    },
}

/// The word a session's row starts with (済 中 未 遅 予).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Held, reported and confirmed.
    Done,
    /// Held, with something left to do.
    Doing,
    /// Something is past its day.
    Late,
    /// Dated, not yet held.
    Planned,
    /// No date.
    NotYet,
    /// Will not take place: the engagement ended before.
    Dropped,
}

pub(crate) fn find(books: &Books, id: Id) -> Result<&Engagement, Refusal> {
    books.engagements.get(&id).ok_or(Refusal::NotFound { what: "engagement" })
}

/// The engagement, if it may still be worked on: not ended, or ended with its last report returned for correction.
pub(crate) fn open(books: &Books, id: Id) -> Result<&Engagement, Refusal> {
    let engagement = find(books, id)?;
    let returned = |e: &Ending| books.report_sent(id, e.after).is_some_and(|sent| sent.state == OutboxState::Returned);
    if engagement.ending.as_ref().is_some_and(|e| !returned(e)) {
        return Err(Refusal::Ended);
    }
    Ok(engagement)
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: EngagementCommand) -> Edits {
    let mut next = find(books, command.engagement)?.clone();
    match command.action {
        EngagementAction::Expect(text) => {
            optional("expectations", &text, PROSE)?;
            next.expectations = text;
        }
        EngagementAction::SetTwoStar(state) => next.two_star = state,
        EngagementAction::Bring(hearing) => {
            ctx.pack(&next.programme)?.hearing.check(&hearing)?;
            next.hearing = hearing;
        }
        EngagementAction::End { kind, reason } => {
            open(books, command.engagement)?;
            required("reason", &reason, LINE)?;
            let after = next.held_count();
            if after == 0 {
                return Err(Refusal::NotHeldYet { session: 1 });
            }
            if usize::from(after) == next.sessions.len() {
                return Err(Refusal::AlreadyHeld { session: after });
            }
            next.ending = Some(Ending { kind, after, reason, on: ctx.today() });
        }
    }
    put(Record::Engagement(next))
}

impl Engagement {
    /// Session by number, from 1.
    pub fn session(&self, number: u8) -> Option<&Session> {
        self.sessions.get(usize::from(number.checked_sub(1)?))
    }

    /// How many sessions took place; they are held in order.
    pub fn held_count(&self) -> u8 {
        u8::try_from(self.sessions.iter().take_while(|s| s.held.is_some()).count()).unwrap_or(u8::MAX)
    }

    /// The last session that is to take place: the ending's, or the programme's.
    pub fn last_session(&self) -> u8 {
        self.ending.as_ref().map_or(self.sessions.len() as u8, |e| e.after)
    }

    /// True when every session that is to take place was held.
    pub fn all_held(&self) -> bool {
        self.held_count() >= self.last_session()
    }

    /// The date of a session: when it was held, or else when it is planned.
    pub fn date_of(&self, number: u8) -> Option<Date> {
        let session = self.session(number)?;
        session.held.as_ref().map(|h| h.date).or(session.planned.as_ref().map(|p| p.date))
    }

    /// The next session to be held, if any.
    pub fn next_session(&self) -> Option<u8> {
        let next = self.held_count() + 1;
        (next <= self.last_session()).then_some(next)
    }
}

/// The state of one session on a day.
pub fn status(books: &Books, pack: &Pack, engagement: &Engagement, number: u8, today: Date) -> Status {
    let Some(session) = engagement.session(number) else { return Status::NotYet };
    if number > engagement.last_session() {
        return Status::Dropped;
    }
    let reported = books.reported(engagement, number);
    match (&session.held, &session.planned) {
        (Some(_), _) if reported && session.confirmation.is_some() => Status::Done,
        (Some(held), _) if !reported && deadline::report_due(pack, held.date) < today => Status::Late,
        (Some(_), _) => Status::Doing,
        // A copy has the days of the lead, not what became of them.
        (None, Some(planned)) if planned.date < today && books.shared_of(engagement.id).is_some() => Status::Done,
        (None, Some(planned)) if planned.date < today => Status::Late,
        (None, Some(_)) => Status::Planned,
        (None, None) => Status::NotYet,
    }
}
