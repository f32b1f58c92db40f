//! What is due when after a session.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::programme::Programme;

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
pub fn deadlines(programme: &Programme, held: Date) -> Deadlines {
    Deadlines {
        report_due: report_due(programme, held),
        claim_due: claim_due(programme, held),
        follow_up_on: follow_up_on(programme, held),
        pay_within: pay_within(programme, held),
    }
}

/// Last day for the report of a session.
pub fn report_due(programme: &Programme, held: Date) -> Date {
    held.saturating_add(i32::from(programme.deadlines.report_days).days())
}

/// Last day to claim a session.
pub fn claim_due(programme: &Programme, held: Date) -> Date {
    held.saturating_add(i32::from(programme.deadlines.claim_months).months())
}

/// First day on which a missing report is followed up.
pub fn follow_up_on(programme: &Programme, planned: Date) -> Date {
    planned.saturating_add(i32::from(programme.deadlines.follow_up_days).days())
}

/// Last lawful day of payment if the programme runs that clock; the day of service is day 1.
pub fn pay_within(programme: &Programme, held: Date) -> Option<Date> {
    let clock = programme.payment.clock.as_ref()?;
    Some(held.saturating_add((i32::from(clock.days) - 1).days()))
}
