//! The day on which claims closed at a month's end are paid.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::programme::Pack;

/// The pay day for claims closed with the month of `closed`: the programme's day, moved to a business day.
pub fn payday(pack: &Pack, closed: Date) -> Date {
    let rule = &pack.programme.payment;
    let month = closed.first_of_month().saturating_add(i32::from(rule.months_after).months());
    let day = month.saturating_add((i32::from(rule.day) - 1).days());
    pack.calendar.business_day(day, rule.calendar, rule.direction)
}
