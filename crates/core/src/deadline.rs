//! What is due when after a session, and when it is called to mind.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{Calendar, CalendarKind, Move};
use crate::programme::{Counted, Pack, Programme};

/// Last days on which something is still in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    pub report_due: Date,
    pub claim_due: Date,
    /// If the session was planned for the day it was held.
    pub follow_up_on: Date,
    pub pay_within: Option<Date>,
}

/// Deadlines of a session held on `held`.
pub fn deadlines(pack: &Pack, held: Date) -> Deadlines {
    Deadlines {
        report_due: report_due(pack, held),
        claim_due: claim_due(&pack.programme, held),
        follow_up_on: follow_up_on(pack, held),
        pay_within: pay_within(&pack.programme, held),
    }
}

/// Last day for the report of a session.
pub fn report_due(pack: &Pack, held: Date) -> Date {
    let rule = &pack.programme.deadlines;
    after(&pack.calendar, held, rule.report_days, rule.report_counts)
}

/// Last day to claim a session.
pub fn claim_due(programme: &Programme, held: Date) -> Date {
    held.saturating_add(i32::from(programme.deadlines.claim_months).months())
}

/// First day on which a missing report is followed up.
pub fn follow_up_on(pack: &Pack, planned: Date) -> Date {
    let rule = &pack.programme.deadlines;
    after(&pack.calendar, planned, rule.follow_up_days, rule.follow_up_counts)
}

/// Last lawful day of payment if the programme runs that clock; the day of service is day 1.
pub fn pay_within(programme: &Programme, held: Date) -> Option<Date> {
    let clock = programme.payment.clock.as_ref()?;
    Some(held.saturating_add((i32::from(clock.days) - 1).days()))
}

/// The day `days` before a date on which it is called to mind: a day on which the offices work.
pub fn remind_on(pack: &Pack, due: Date, days: u16) -> Date {
    let day = due.saturating_sub(i32::from(days).days());
    pack.calendar.business_day(day, pack.programme.deadlines.remind.offices, Move::Previous)
}

/// The day so many counted days after `from`.
fn after(calendar: &Calendar, from: Date, days: u16, counted: Counted) -> Date {
    let offices = match counted {
        Counted::Calendar => return from.saturating_add(i32::from(days).days()),
        Counted::Bank => CalendarKind::Bank,
        Counted::Government => CalendarKind::Government,
    };
    (0..days).fold(from, |day, _| {
        let next = day.saturating_add(1.day());
        calendar.business_day(next, offices, Move::Next)
    })
}
