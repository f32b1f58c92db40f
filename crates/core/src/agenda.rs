//! The days ahead: sessions, and the last days of reports, claims and deliverables, against the calendar.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::books::Books;
use crate::deadline;
use crate::programme::{Pack, Text};
use crate::record::v1::{Engagement, Id, Mode};
use crate::today::{self, What};

/// What happens on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A planned session; its length is that of its agenda.
    Session { number: u8, start: Option<Time>, mode: Mode, minutes: u16 },
    /// Last day of something that is still to be done.
    Due(What),
}

/// One thing on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub date: Date,
    pub engagement: Id,
    pub kind: Kind,
    /// When it is called to mind.
    pub remind_on: Option<Date>,
}

/// A day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    /// The name of a holiday.
    pub holiday: Option<Text>,
    /// The secretariat's offices work.
    pub open: bool,
}

/// Everything with a day, oldest first: what is late too.
pub fn events(books: &Books, packs: &[Pack], today: Date) -> Vec<Event> {
    let engagements = books.engagements.values().filter(|e| books.listed(e));
    let with_pack = engagements.filter_map(|e| Some((e, crate::edit::pack(packs, &e.programme).ok()?)));
    let mut events: Vec<Event> = with_pack.flat_map(|(e, pack)| of(books, pack, e, today)).collect();
    events.sort_by_key(|e| (e.date, e.start(), e.engagement));
    events
}

fn of(books: &Books, pack: &Pack, engagement: &Engagement, today: Date) -> Vec<Event> {
    let mut events = Vec::new();
    for number in engagement.held_count() + 1..=engagement.last_session() {
        let Some(planned) = engagement.session(number).and_then(|s| s.planned.as_ref()) else { continue };
        let minutes = pack.curriculum.session(number).map_or(0, |plan| plan.minutes());
        events.push(Event {
            date: planned.date,
            engagement: engagement.id,
            kind: Kind::Session { number, start: planned.start, mode: planned.mode, minutes },
            remind_on: planned.date.yesterday().ok(),
        });
    }
    for todo in today::of_engagement(books, pack, engagement, today) {
        let dated =
            matches!(todo.what, What::Report(_) | What::Returned(_) | What::Claim { .. } | What::Deliverables(_));
        if let (Some(date), true) = (todo.due, dated) {
            let (kind, remind_on) = (Kind::Due(todo.what), todo.remind_on);
            events.push(Event { date, engagement: engagement.id, kind, remind_on });
        }
    }
    events
}

impl Event {
    /// The hour it begins; none for a whole day.
    pub fn start(&self) -> Option<Time> {
        match self.kind {
            Kind::Session { start, .. } => start,
            Kind::Due(_) => None,
        }
    }
}

/// `count` days from `from` on.
pub fn days(pack: &Pack, from: Date, count: u16) -> Vec<Day> {
    let (calendar, offices) = (&pack.calendar, pack.programme.deadlines.remind.offices);
    (0..i32::from(count))
        .map(|n| {
            let date = from.saturating_add(n.days());
            Day { date, holiday: calendar.holiday(date), open: calendar.is_business_day(date, offices) }
        })
        .collect()
}

/// The reminder of a todo's last day.
pub(crate) fn remind(pack: &Pack, what: What, due: Option<Date>) -> Option<Date> {
    let rule = &pack.programme.deadlines.remind;
    let days = match what {
        What::Report(_) | What::Returned(_) => rule.report,
        What::Claim { .. } | What::Deliverables(_) => rule.claim,
        What::Hold(_) => rule.session,
        _ => return None,
    };
    Some(deadline::remind_on(pack, due?, days))
}
