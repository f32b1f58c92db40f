//! Days counted from a session: report, claim and follow-up.
use crate::programme::Programme;
use jiff::{ToSpan, civil::Date};

/// Last day for the report of a session.
pub fn report_due(p: &Programme, held: Date) -> Date {
    held.saturating_add(i32::from(p.deadlines.report_days).days())
}

/// Last day to claim a session.
pub fn claim_due(p: &Programme, held: Date) -> Date {
    held.saturating_add(i32::from(p.deadlines.claim_months).months())
}

/// First day on which a missing report is followed up.
pub fn follow_up_on(p: &Programme, planned: Date) -> Date {
    planned.saturating_add(i32::from(p.deadlines.follow_up_days).days())
}
