//! The day a fee is paid.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::programme::Pack;

/// Pay day of what is closed with the month of `closed`: claims or services, as the programme's `closes` says.
pub fn payday(pack: &Pack, closed: Date) -> Date {
    let months = i32::from(pack.programme.payment.months_after).months();
    in_month(pack, closed.first_of_month().saturating_add(months))
}

/// Pay day in the month of `day`: the fixed day moved to a business day, or the programme's last payment.
pub fn in_month(pack: &Pack, day: Date) -> Date {
    let rule = &pack.programme.payment;
    let same_month = |other: Date| (other.year(), other.month()) == (day.year(), day.month());
    if let Some(last) = rule.last.as_ref().filter(|last| same_month(last.pay_on)) {
        return last.pay_on;
    }
    let fixed = day.first_of_month().saturating_add((i32::from(rule.day) - 1).days());
    pack.calendar.business_day(fixed, rule.calendar, rule.direction)
}
