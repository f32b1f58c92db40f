//! The journal wound back: nothing at its beginning, the present at its end, what stood there in between.

use bansou_core::as_of::{books_at, end_of_day, end_of_session};
use bansou_core::books::Books;
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::record::v1::{AnswerCode, Id, JournalEntry};
use jiff::ToSpan;
use proptest::prelude::*;

use crate::world::*;

fn numbered(world: &World) -> Vec<(u64, JournalEntry)> {
    (1..).zip(world.journal.iter().cloned()).collect()
}

fn answer(engagement: Id, question: u8, answer: Option<AnswerCode>) -> Command {
    Command::Findings(FindingsCommand { engagement, action: FindingsAction::Answer { question, answer } })
}

/// The books that the world began with, before its journal.
fn begun(world: &World) -> Books {
    books_at(&world.books, &numbered(world), 0).unwrap()
}

proptest! {
    #[test]
    fn winding_back_gives_what_stood_there(steps in prop::collection::vec((1_u8..26, 0_u8..3), 1..40)) {
        let (mut world, engagement) = World::begun();
        let mut stood = vec![(world.journal.len() as u64, world.books.clone())];
        for (question, kind) in steps {
            let code = [None, Some(AnswerCode::Done), Some(AnswerCode::No)][usize::from(kind)];
            // What changes nothing may be refused or leave no entry: then nothing stands there anew.
            let _ = world.run(answer(engagement, question, code));
            stood.push((world.journal.len() as u64, world.books.clone()));
        }
        let entries = numbered(&world);
        for (seq, books) in &stood {
            let found = books_at(&world.books, &entries, *seq);
            prop_assert_eq!(found.as_ref(), Some(books));
        }
        // Forward again from what the journal began with.
        let mut again = begun(&world);
        entries.iter().for_each(|(_, e)| again.follow(&e.changes));
        prop_assert_eq!(&again, &world.books);
    }
}

#[test]
fn at_the_beginning_nothing_is_there() {
    let (world, _) = World::held(2);
    let mut left = begun(&world);
    // The world puts its profile there by itself, not through a command.
    left.profile = None;
    assert_eq!(left, Books::default());
}

#[test]
fn a_session_ends_with_its_day_or_with_its_recording() {
    let (mut world, engagement) = World::held(2);
    let held = world.books.engagements[&engagement].clone();
    let entries = numbered(&world);
    let day = held.session(1).unwrap().held.as_ref().unwrap().date;
    let end = end_of_session(&entries, &held, 1).unwrap();
    let then = books_at(&world.books, &entries, end).unwrap();
    assert!(then.engagements[&engagement].session(1).unwrap().held.is_some());
    assert!(end >= end_of_day(&entries, engagement, day));
    // An entry about nobody, written while the clock was wrong, changes nothing.
    let mut odd = entries.clone();
    let late = JournalEntry { at: world.now.saturating_add(900.days()), changes: Vec::new(), ..odd[0].1.clone() };
    odd.insert(0, (0, late));
    assert_eq!(end_of_session(&odd, &held, 1), Some(end));
    assert_eq!(end_of_session(&entries, &held, 3), None, "not held yet");
    assert_eq!(end_of_day(&entries, engagement, entries[0].1.at.date().saturating_sub(1.days())), 0);
    // What comes later is not in it.
    world.now = world.now.saturating_add(9.days());
    world.ok(answer(engagement, 1, Some(AnswerCode::No)));
    let entries = numbered(&world);
    let today = entries.last().unwrap().1.at.date();
    assert_eq!(end_of_day(&entries, engagement, today), entries.len() as u64);
    let at = end_of_day(&entries, engagement, today.saturating_sub(1.days()));
    assert_eq!(books_at(&world.books, &entries, at).unwrap().sheets_of(engagement).len(), 0);
}

#[test]
fn a_missing_entry_is_not_guessed_over() {
    let (mut world, engagement) = World::begun();
    for code in [AnswerCode::No, AnswerCode::Done, AnswerCode::Partial] {
        world.ok(answer(engagement, 1, Some(code)));
    }
    let mut entries = numbered(&world);
    entries.remove(entries.len() - 2);
    assert_eq!(books_at(&world.books, &entries, 0), None);
}
