//! The books as they once were: the journal wound back from its end.

use jiff::civil::Date;

use crate::books::Books;
use crate::history::{engagement_of, told_of};
use crate::record::v1::{Engagement, Id, JournalEntry, Record};

/// A point in time of an engagement: the end of a session, or of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    Session(u8),
    Day(Date),
}

/// An engagement as it once was.
#[derive(Clone, Debug, PartialEq)]
pub struct Then {
    pub at: AsOf,
    /// The last journal entry that counts, and its day.
    pub seq: u64,
    pub day: Date,
    /// Everything, or what `only` left of it.
    pub books: Books,
}

/// Why it cannot be shown as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotThen {
    NotHeld(u8),
    /// A part of the journal is gone.
    Erased,
    NotBegun,
}

/// The books as an engagement stood at a point in time. `entries` is the whole journal, oldest first.
pub fn then(
    books: &Books,
    entries: &[(u64, JournalEntry)],
    engagement: &Engagement,
    at: AsOf,
) -> Result<Then, NotThen> {
    let seq = match at {
        AsOf::Day(day) => end_of_day(entries, engagement.id, day),
        AsOf::Session(n) => end_of_session(entries, engagement, n).ok_or(NotThen::NotHeld(n))?,
    };
    let then = books_at(books, entries, seq).ok_or(NotThen::Erased)?;
    let day = entries.iter().find(|(s, _)| *s == seq).map(|(_, e)| e.at.date());
    match day.filter(|_| then.engagements.contains_key(&engagement.id)) {
        Some(day) => Ok(Then { at, seq, day, books: then }),
        None => Err(NotThen::NotBegun),
    }
}

/// The owner, one engagement, its client and what belongs to it.
pub fn only(books: &Books, engagement: Id) -> Books {
    let client = books.engagements.get(&engagement).map(|e| e.client);
    let mut out = Books::default();
    for record in books.records() {
        let kept = match &record {
            Record::Profile(_) => true,
            Record::Client(c) => Some(c.id) == client,
            other => told_of(other) == Some(engagement),
        };
        if kept {
            out.put(record);
        }
    }
    out
}

/// The books right after the entry `to`; those of 0 are empty. `entries` is the journal up to these books, oldest
/// first. Nothing when it does not fit them: an entry in between is missing, and the rest would be a guess.
pub fn books_at(books: &Books, entries: &[(u64, JournalEntry)], to: u64) -> Option<Books> {
    let mut then = books.clone();
    for (_, entry) in entries.iter().rev().take_while(|(seq, _)| *seq > to) {
        for change in entry.changes.iter().rev() {
            if then.record(change.id) != change.after {
                return None;
            }
            match &change.before {
                Some(record) => then.put(record.clone()),
                None => then.remove(change.id),
            }
        }
    }
    Some(then)
}

/// The last entry about an engagement on a day or before; 0 when there is none. The entries of others do not count:
/// their days need not be in order with these, as after a clock was set right.
pub fn end_of_day(entries: &[(u64, JournalEntry)], engagement: Id, day: Date) -> u64 {
    let of_it = |e: &JournalEntry| e.at.date() <= day && engagement_of(e) == Some(engagement);
    entries.iter().rev().find(|(_, e)| of_it(e)).map_or(0, |(seq, _)| *seq)
}

/// The last entry of the day of a session, or the one that recorded it when that was done later. Nothing while it has
/// not been held.
pub fn end_of_session(entries: &[(u64, JournalEntry)], engagement: &Engagement, session: u8) -> Option<u64> {
    let day = engagement.session(session)?.held.as_ref()?.date;
    let recorded =
        entries.iter().find(|(_, e)| e.changes.iter().any(|c| holds(c.after.as_ref(), engagement.id, session)));
    Some(recorded.map_or(0, |(seq, _)| *seq).max(end_of_day(entries, engagement.id, day)))
}

fn holds(record: Option<&Record>, engagement: Id, session: u8) -> bool {
    matches!(record, Some(Record::Engagement(e)) if e.id == engagement
        && e.session(session).is_some_and(|s| s.held.is_some()))
}
