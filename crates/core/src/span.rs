//! The span a programme gives an engagement: how many of its days are gone, and whether the rest still fits.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};

use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{Engagement, Id};

/// Whether the sessions fit into the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// The last day has passed with sessions to hold.
    Over,
    /// Even with the shortest preparation the last session comes after the last day.
    AtRisk,
    Fits,
    /// Every session that is to take place was held.
    Finished,
}

/// One engagement against its span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub engagement: Id,
    /// Days since matching; until the last session once all were held.
    pub gone: i32,
    /// Days the programme gives.
    pub of: u16,
    pub last_day: Date,
    /// The last session: held, planned, or at the earliest.
    pub finish: Date,
    pub risk: Risk,
}

/// Every engagement on the list against its span, the most pressing first.
pub fn spans(books: &Books, packs: &[Pack], today: Date) -> Vec<Span> {
    let mut spans: Vec<Span> = books
        .engagements
        .values()
        .filter(|e| books.listed(e))
        .filter_map(|e| Some(of(crate::edit::pack(packs, &e.programme).ok()?, e, today)))
        .collect();
    spans.sort_by_key(|s| (s.risk, s.last_day, s.engagement));
    spans
}

/// One engagement against its span.
pub fn of(pack: &Pack, engagement: &Engagement, today: Date) -> Span {
    let rule = &pack.programme.sessions;
    let matched = engagement.matched_on;
    let last_day = matched.saturating_add(i32::from(rule.within_days).days());
    let mut finish = matched;
    for number in 1..=engagement.last_session() {
        let least = rule.weeks_before.get(usize::from(number) - 1).map_or(1, |weeks| weeks.0);
        let known = engagement.date_of(number);
        finish = known.unwrap_or_else(|| finish.max(today).saturating_add(i32::from(least).weeks()));
    }
    let all_held = engagement.all_held();
    let risk = match (all_held, today > last_day) {
        (true, _) => Risk::Finished,
        (false, true) => Risk::Over,
        (false, false) if finish > last_day => Risk::AtRisk,
        (false, false) => Risk::Fits,
    };
    let until = if all_held { finish } else { today };
    let gone = matched.until((Unit::Day, until)).map_or(0, |span| span.get_days());
    Span { engagement: engagement.id, gone, of: rule.within_days, last_day, finish, risk }
}
