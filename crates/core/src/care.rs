//! Looking after the store: what is recorded about its ways in and backups, and what is due.

use jiff::civil::Date;

use crate::books::Books;
use crate::edit::{Ctx, Edits, put};
use crate::record::v1::{BackupMade, Care, Record, Restored, Way};
use crate::refusal::Refusal;
use crate::resume::ResumeCommand;

/// Days after which the recovery code is asked for once, so that a lost sheet is noticed while the passphrase works.
pub const DRILL_AFTER: i32 = 30;
/// Days after which the last backup counts as old, when something was saved since.
pub const BACKUP_AFTER: i32 = 7;

/// What happened to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CareCommand {
    /// The key files were looked at: name, recipient if it was made just now, SHA-256 of the file (hex).
    Ways(Vec<(String, Option<String>, String)>),
    /// The recovery code was typed in and is right.
    Drilled,
    /// A backup up to this journal entry was made and read back.
    BackedUp { seq: u64 },
    /// The store was made from a copy that ends with this journal entry.
    Restored { from_seq: u64 },
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: CareCommand) -> Edits {
    let today = ctx.today();
    let mut care = books.care.clone().unwrap_or(Care {
        made_on: today,
        ways: Default::default(),
        drilled_on: None,
        backup: None,
        restored: None,
    });
    match command {
        CareCommand::Ways(found) => {
            let before = std::mem::take(&mut care.ways);
            for (name, recipient, sha256) in found {
                let known = before.get(&name);
                let same = known.filter(|way| way.sha256 == sha256);
                let recipient = recipient.or(known.and_then(|way| way.recipient.clone()));
                // A new sheet has not been drilled.
                if name == "recovery" && known.is_some_and(|w| w.recipient.is_some() && w.recipient != recipient) {
                    care.drilled_on = None;
                }
                let way = Way { recipient, sha256, since: same.map_or(today, |way| way.since) };
                care.ways.insert(name, way);
            }
        }
        CareCommand::Drilled => care.drilled_on = Some(today),
        CareCommand::BackedUp { seq } => care.backup = Some(BackupMade { on: today, seq }),
        CareCommand::Restored { from_seq } => {
            (care.made_on, care.drilled_on) = (today, None);
            care.restored = Some(Restored { on: today, from_seq });
            let mut edits = crate::resume::apply(books, ctx, ResumeCommand::Restored)?;
            edits.push(Record::Care(care).into());
            return Ok(edits);
        }
    }
    put(Record::Care(care))
}

/// What the owner should do for the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Type the recovery code once.
    Drill,
    /// Make a backup; the last one, if any, was on this day.
    Backup { last: Option<Date> },
}

/// What is due on a day, in a real home that is at journal entry `seq`.
pub fn due(books: &Books, today: Date, seq: u64) -> Vec<Due> {
    let Some(care) = books.care.as_ref().filter(|_| books.profile.as_ref().is_some_and(|p| !p.practice)) else {
        return Vec::new();
    };
    let days_since = |day: Date| day.until(today).map_or(0, |span| span.get_days());
    let mut due = Vec::new();
    let sheet_since = care.ways.get("recovery").map_or(care.made_on, |way| way.since);
    if care.drilled_on.is_none() && days_since(sheet_since) >= DRILL_AFTER {
        due.push(Due::Drill);
    }
    let (from, last) = care.backup.map_or((care.made_on, None), |b| (b.on, Some(b.on)));
    // The entry that records a backup comes after what is in it.
    let changed = care.backup.is_none_or(|b| seq > b.seq + 1);
    // An empty home has nothing to lose.
    let work = !books.clients.is_empty() || !books.cases.is_empty();
    if work && changed && days_since(from) >= BACKUP_AFTER {
        due.push(Due::Backup { last });
    }
    due
}

/// The day since which it has been due.
pub fn due_on(books: &Books, due: Due) -> Option<Date> {
    let care = books.care.as_ref()?;
    let (from, days) = match due {
        Due::Drill => (care.ways.get("recovery").map_or(care.made_on, |way| way.since), DRILL_AFTER),
        Due::Backup { last } => (last.unwrap_or(care.made_on), BACKUP_AFTER),
    };
    Some(from.saturating_add(jiff::Span::new().days(days)))
}

/// The recipients of a backup: every way in that has one.
pub fn recipients(books: &Books) -> Vec<String> {
    books.care.iter().flat_map(|care| care.ways.values()).filter_map(|way| way.recipient.clone()).collect()
}

/// The recipients by the name of their way in, for sealing everything again; refused when one is not known.
pub fn all_recipients(books: &Books) -> Result<std::collections::BTreeMap<String, String>, Refusal> {
    let care = books.care.as_ref().ok_or(Refusal::NotFound { what: "care" })?;
    let ways = care.ways.iter().filter(|(name, _)| *name != "passphrase");
    ways.map(|(name, way)| Ok((name.clone(), way.recipient.clone().ok_or(Refusal::RecoveryUnknown)?))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    fn books() -> Books {
        let mut books = Books::default();
        let profile = include_str!("../../../tests/golden/record/v1/profile.json");
        books.put(Record::decode(profile.trim().as_bytes()).unwrap());
        books.profile.as_mut().unwrap().practice = false;
        books.put(Record::decode(include_bytes!("../../../tests/golden/record/v1/client.json").trim_ascii()).unwrap());
        books
    }

    fn after(books: &mut Books, today: Date, command: CareCommand) {
        let ctx = Ctx { now: today.at(9, 0, 0, 0), seed: [0; 16], packs: &[] };
        let command = crate::command::Command::Care(command);
        let changes = crate::command::apply(books, &ctx, command).unwrap();
        books.follow(&changes);
    }

    fn ways(recovery: &str) -> CareCommand {
        let way = |name: &str, recipient: Option<&str>, hash: &str| {
            (name.to_owned(), recipient.map(str::to_owned), hash.to_owned())
        };
        CareCommand::Ways(vec![way("passphrase", None, "aa"), way("recovery", Some(recovery), recovery)])
    }

    #[test]
    fn a_drill_is_due_once_after_thirty_days_and_again_for_a_new_sheet() {
        let mut books = books();
        let day = |n: i32| date(2026, 11, 1).checked_add(jiff::Span::new().days(n)).unwrap();
        after(&mut books, day(0), ways("age1first"));
        assert_eq!(due(&books, day(29), 0).iter().filter(|d| **d == Due::Drill).count(), 0);
        assert!(due(&books, day(30), 0).contains(&Due::Drill));
        after(&mut books, day(31), CareCommand::Drilled);
        assert!(!due(&books, day(300), 0).contains(&Due::Drill));
        // Looking at the same files again changes nothing.
        after(&mut books, day(40), ways("age1first"));
        assert_eq!(books.care.as_ref().unwrap().drilled_on, Some(day(31)));
        after(&mut books, day(50), ways("age1second"));
        assert!(!due(&books, day(79), 0).contains(&Due::Drill));
        assert!(due(&books, day(80), 0).contains(&Due::Drill));
        books.profile.as_mut().unwrap().practice = true;
        assert_eq!(due(&books, day(300), 0), vec![]);
    }

    #[test]
    fn a_backup_is_due_when_something_was_saved_since_and_a_week_has_gone() {
        let mut books = books();
        let day = |n: i32| date(2026, 11, 1).checked_add(jiff::Span::new().days(n)).unwrap();
        after(&mut books, day(0), ways("age1first"));
        assert_eq!(due(&books, day(6), 5), vec![]);
        assert_eq!(due(&books, day(7), 5), vec![Due::Backup { last: None }]);
        after(&mut books, day(7), CareCommand::BackedUp { seq: 5 });
        assert_eq!(due(&books, day(20), 6), vec![]);
        assert_eq!(due(&books, day(13), 7), vec![]);
        assert_eq!(due(&books, day(14), 7), vec![Due::Backup { last: Some(day(7)) }]);
    }

    #[test]
    fn a_way_keeps_its_recipient_until_it_gets_another() {
        let mut books = books();
        let today = date(2026, 11, 1);
        after(&mut books, today, ways("age1first"));
        let changed = vec![("passphrase".into(), None, "bb".into()), ("recovery".into(), None, "cc".into())];
        after(&mut books, today, CareCommand::Ways(changed.clone()));
        assert_eq!(recipients(&books), ["age1first"]);
        assert_eq!(all_recipients(&books).unwrap().len(), 1);
        books.care.as_mut().unwrap().ways.get_mut("recovery").unwrap().recipient = None;
        let mut told = changed;
        told[1].1 = Some("age1told".into());
        after(&mut books, today, CareCommand::Ways(told));
        assert_eq!(recipients(&books), ["age1told"]);
        books.care.as_mut().unwrap().ways.get_mut("recovery").unwrap().recipient = None;
        assert_eq!(all_recipients(&books), Err(Refusal::RecoveryUnknown));
    }
}
