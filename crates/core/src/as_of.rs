//! The books as they once were: the journal wound back from its end.

use jiff::civil::Date;

use crate::books::Books;
use crate::history::engagement_of;
use crate::record::v1::{Engagement, Id, JournalEntry, Record};

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
