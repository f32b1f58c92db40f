//! One session: its date, its checklist, what happened, the firm's confirmation and the words of the report.

use jiff::civil::Date;

use crate::books::Books;
use crate::edit::{Ctx, Edits, put};
use crate::engagement::open;
use crate::record::v1::{Check, CheckState, Confirmation, Engagement, Held, Id, Planned, Record, ReportText};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required};

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
    /// `None` makes the item open again.
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
            session.planned = Some(planned);
        }
        SessionAction::Check { item, check } => {
            let pack = ctx.pack(&engagement.programme)?;
            let known = pack.curriculum.session(number).is_some_and(|s| s.items().any(|i| i.id == item));
            if !known {
                return Err(Refusal::UnknownItem { item });
            }
            tick(session, item, check)?;
        }
        SessionAction::Hold { held, combined_reason } => {
            hold(ctx, engagement, number, &held, combined_reason.as_deref())?;
            session.combined_reason = combined_reason;
            session.held = Some(held);
        }
        SessionAction::Confirm(confirmation) => {
            let held = session.held.as_ref().ok_or(Refusal::NotHeldYet { session: number })?;
            confirm(held, &confirmation)?;
            session.confirmation = Some(confirmation);
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

fn tick(session: &mut crate::record::v1::Session, item: String, check: Option<Check>) -> Result<(), Refusal> {
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
    if engagement.held_count() + 1 < number {
        return Err(Refusal::SessionOrder { session: number });
    }
    if engagement.held_count() >= number {
        return Err(Refusal::AlreadyHeld { session: number });
    }
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
