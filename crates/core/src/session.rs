//! One session: its date, its checklist, what happened, the firm's confirmation and the words of the report.

use jiff::civil::Date;

use crate::books::Books;
use crate::checklist;
use crate::curriculum::{Curriculum, Link};
use crate::edit::{Ctx, Edits, put};
use crate::engagement::open;
use crate::record::v1::{
    Check, CheckState, Confirmation, Engagement, Held, Id, OwnItem, Part, Planned, Record, ReportText, Session,
};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required, within};
use crate::timing::{self, State, Tap};

/// Most minutes an item may be expected to take: a working day.
const DAY: u64 = 480;

/// Changes to one session of an engagement.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionCommand {
    pub engagement: Id,
    /// From 1.
    pub session: u8,
    pub action: SessionAction,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SessionAction {
    Plan(Planned),
    /// The session is to share the day of the one before it; why.
    Combine(String),
    /// The clock of the day.
    Clock(Tap),
    /// An item that is not in the edition.
    AddItem {
        part: Part,
        text: String,
        minutes: u16,
    },
    /// Takes back an own item.
    RemoveItem(String),
    /// `None` makes the item open again. An item of an earlier session is settled where it was left open.
    Check {
        item: String,
        check: Option<Check>,
    },
    /// `combined_reason` is required when the session is held on the date of the one before it.
    Hold {
        held: Held,
        combined_reason: Option<String>,
    },
    /// 様式5.
    Confirm(Confirmation),
    /// The paper original of 様式5 was posted.
    PostOriginal(Date),
    Report(ReportText),
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: SessionCommand) -> Edits {
    let SessionCommand { engagement: id, session: number, action } = command;
    let engagement = open(books, id)?;
    if engagement.ending.is_some() && number > engagement.last_session() {
        return Err(Refusal::Ended);
    }
    let mut next = engagement.clone();
    let index = usize::from(number.wrapping_sub(1));
    let session = next.sessions.get_mut(index).ok_or(Refusal::NotFound { what: "session" })?;
    match action {
        SessionAction::Plan(planned) => {
            if session.held.is_some() {
                return Err(Refusal::AlreadyHeld { session: number });
            }
            in_order(engagement, number, planned.date)?;
            if engagement.date_of(number.wrapping_sub(1)) != Some(planned.date) {
                session.combined_reason = None;
            }
            session.planned = Some(planned);
        }
        SessionAction::Combine(reason) => {
            let planned = combine(ctx, engagement, number, &reason)?;
            (session.planned, session.combined_reason) = (Some(planned), Some(reason));
        }
        SessionAction::Clock(tap) => {
            may_begin(engagement, number)?;
            session.clock = Some(timing::tap(session.clock.take(), tap, ctx.now)?);
        }
        SessionAction::AddItem { part, text, minutes } => {
            required("text", &text, LINE)?;
            within("minutes", minutes.into(), 0, DAY)?;
            let id = fresh(session, number);
            session.own.push(OwnItem { id, part, text, minutes });
        }
        SessionAction::RemoveItem(item) => {
            let at =
                session.own.iter().position(|o| o.id == item).ok_or(Refusal::UnknownItem { item: item.clone() })?;
            session.own.remove(at);
            session.checks.remove(&item);
        }
        SessionAction::Check { item, check } => {
            let pack = ctx.pack(&engagement.programme)?;
            let home = checklist::home(&pack.curriculum, engagement, number, &item);
            let home = home.ok_or_else(|| Refusal::UnknownItem { item: item.clone() })?;
            let carried_to = (home != number).then_some(number);
            let session = next.sessions.get_mut(usize::from(home - 1)).ok_or(Refusal::NotFound { what: "session" })?;
            tick(session, item, check.map(|c| Check { carried_to, ..c }))?;
        }
        SessionAction::Hold { held, combined_reason } => {
            hold(ctx, engagement, number, &held, combined_reason.as_deref())?;
            session.combined_reason = combined_reason;
            session.held = Some(held);
            if session.clock.as_ref().is_some_and(|c| c.state() != State::Ended) {
                session.clock = Some(timing::tap(session.clock.take(), Tap::Stop, ctx.now)?);
            }
        }
        SessionAction::Confirm(confirmation) => {
            let held = session.held.as_ref().ok_or(Refusal::NotHeldYet { session: number })?;
            confirm(held, &confirmation)?;
            session.confirmation = Some(confirmation);
            tick_confirmed(&ctx.pack(&engagement.programme)?.curriculum, number, session);
        }
        SessionAction::PostOriginal(on) => {
            let confirmation = session.confirmation.as_mut().ok_or(Refusal::NotFound { what: "confirmation" })?;
            confirmation.original_posted_on = Some(on);
        }
        SessionAction::Report(text) => {
            for (field, value) in [("content", &text.content), ("focus", &text.focus), ("message", &text.message)] {
                optional(field, value, PROSE)?;
            }
            session.report = text;
        }
    }
    put(Record::Engagement(next))
}

/// What the record proves needs no tick by hand.
fn tick_confirmed(curriculum: &Curriculum, number: u8, session: &mut Session) {
    let items = curriculum.session(number).into_iter().flat_map(|s| s.items());
    for item in items.filter(|i| i.link == Some(Link::Confirmation)) {
        let done = Check { state: CheckState::Done, reason: None, carried_to: None };
        session.checks.entry(item.id.clone()).or_insert(done);
    }
}

/// An id that no own item of the session has.
fn fresh(session: &Session, number: u8) -> String {
    let last = session.own.iter().filter_map(|o| o.id.rsplit('.').next()?.parse::<u32>().ok()).max();
    format!("s{number}.own.{}", last.unwrap_or(0) + 1)
}

/// A session begins after the one before it was held, and once.
fn may_begin(engagement: &Engagement, number: u8) -> Result<(), Refusal> {
    if engagement.held_count() >= number {
        return Err(Refusal::AlreadyHeld { session: number });
    }
    if engagement.held_count() + 1 < number {
        return Err(Refusal::SessionOrder { session: number });
    }
    Ok(())
}

/// The plan of a session that shares the day of the one before it.
fn combine(ctx: &Ctx<'_>, engagement: &Engagement, number: u8, reason: &str) -> Result<Planned, Refusal> {
    if engagement.held_count() >= number {
        return Err(Refusal::AlreadyHeld { session: number });
    }
    let pairs = &ctx.pack(&engagement.programme)?.programme.sessions.same_day;
    if !pairs.iter().any(|pair| pair.1 == number) {
        return Err(Refusal::NotSameDay);
    }
    required("reason", reason, LINE)?;
    let before = number - 1;
    let date = engagement.date_of(before).ok_or(Refusal::Empty { field: "date" })?;
    in_order(engagement, number, date)?;
    let previous = engagement.session(before);
    let held = previous.and_then(|s| s.held.as_ref()).map(|h| h.mode);
    let mode = held.or_else(|| previous.and_then(|s| s.planned.as_ref()).map(|p| p.mode)).unwrap_or_default();
    Ok(Planned { date, start: None, mode, moved_because: None })
}

fn tick(session: &mut Session, item: String, check: Option<Check>) -> Result<(), Refusal> {
    match check {
        None => drop(session.checks.remove(&item)),
        Some(check) => {
            if check.state == CheckState::Skipped && check.reason.as_deref().unwrap_or("").trim().is_empty() {
                return Err(Refusal::ReasonNeeded);
            }
            session.checks.insert(item, check);
        }
    }
    Ok(())
}

/// A date must not lie before the one of an earlier session nor after the one of a later session.
fn in_order(engagement: &Engagement, number: u8, date: Date) -> Result<(), Refusal> {
    let before = (1..number).filter_map(|n| engagement.date_of(n)).max().unwrap_or(engagement.matched_on);
    let after = (number + 1..=engagement.sessions.len() as u8).filter_map(|n| engagement.date_of(n)).min();
    if date < before || after.is_some_and(|a| date > a) {
        return Err(Refusal::DateOrder { session: number });
    }
    Ok(())
}

fn hold(
    ctx: &Ctx<'_>,
    engagement: &Engagement,
    number: u8,
    held: &Held,
    combined_reason: Option<&str>,
) -> Result<(), Refusal> {
    may_begin(engagement, number)?;
    if held.date > ctx.today() {
        return Err(Refusal::FutureDate);
    }
    if held.end <= held.start {
        return Err(Refusal::TimeOrder);
    }
    optional("place", &held.place, LINE)?;
    let previous = number.checked_sub(1).and_then(|n| engagement.session(n)).and_then(|s| s.held.as_ref());
    if held.date < previous.map_or(engagement.matched_on, |p| p.date) {
        return Err(Refusal::DateOrder { session: number });
    }
    let same_day = previous.is_some_and(|p| p.date == held.date);
    let pairs = &ctx.pack(&engagement.programme)?.programme.sessions.same_day;
    let combinable = pairs.iter().any(|pair| pair.1 == number);
    match (same_day, combined_reason) {
        (true, _) if !combinable => Err(Refusal::NotSameDay),
        (true, Some(reason)) => required("reason", reason, LINE),
        (true, None) => Err(Refusal::ReasonNeeded),
        (false, Some(_)) => Err(Refusal::NotSameDay),
        (false, None) => Ok(()),
    }
}

fn confirm(held: &Held, confirmation: &Confirmation) -> Result<(), Refusal> {
    required("signer", &confirmation.signer, LINE)?;
    optional("signer_title", &confirmation.signer_title, LINE)?;
    if confirmation.signed_on < held.date {
        return Err(Refusal::ConfirmationBeforeSession);
    }
    if confirmation.signed_on > held.date {
        return Err(Refusal::ConfirmationNotSameDay);
    }
    Ok(())
}
