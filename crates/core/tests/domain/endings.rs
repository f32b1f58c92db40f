//! Early and shortened ends, returned reports, and what may still be corrected.

use bansou_core::bundle::{complete, due_with, report};
use bansou_core::command::Command;
use bansou_core::engagement::{EngagementAction, EngagementCommand, Status, status};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::reverse as undo;
use bansou_core::outbox::OutboxEvent;
use bansou_core::record::v1::EndingKind::{Early, Shortened};
use bansou_core::record::v1::{Assurance, TwoStar};
use bansou_core::refusal::Refusal::{self, *};
use jiff::ToSpan;

use crate::world::*;

fn note(engagement: bansou_core::record::v1::Id) -> Command {
    let action =
        FindingsAction::AddNote { session: None, who: "専門家".into(), text: "メモ".into(), question: None };
    Command::Findings(FindingsCommand { engagement, action })
}

#[test]
fn an_end_needs_a_session_before_it_one_after_it_and_a_reason() {
    for (held, reason, expected) in [
        (0, "企業の業務都合", Some(NotHeldYet { session: 1 })),
        (1, "", Some(Empty { field: "reason" })),
        (1, "企業の業務都合", None),
        (3, "企業の業務都合", None),
        (4, "企業の業務都合", Some(AlreadyHeld { session: 4 })),
    ] {
        for kind in [Early, Shortened] {
            let (mut world, engagement) = World::held(held);
            assert_eq!(world.run(end(engagement, kind, reason)).err(), expected, "{held} {reason}");
            if expected.is_none() {
                let ending = world.engagement(engagement).ending.clone().unwrap();
                assert_eq!((ending.after, ending.on, ending.kind), (held, TODAY, kind));
                assert_eq!(world.no(end(engagement, kind, reason)), Ended);
            }
        }
    }
}

#[test]
fn what_is_due_with_a_report() {
    // Deliverable 1 belongs to session 1; 2, 3 and 4 to session 4.
    for (held, ending, made, session, expected) in [
        (4, None, &[][..], 1, &[1][..]),
        (4, None, &[], 2, &[]),
        (4, None, &[], 3, &[]),
        (4, None, &[], 4, &[2, 3, 4]),
        (3, Some(Shortened), &[], 3, &[2, 3, 4]),
        (1, Some(Shortened), &[], 1, &[1, 2, 3, 4]),
        (2, Some(Early), &[], 2, &[]),
        (1, Some(Early), &[], 1, &[1]),
        (2, Some(Early), &["policy", "plan"], 2, &[3]),
        (2, Some(Early), &["policy", "regulations"], 2, &[2]),
        (2, Some(Early), &["policy", "regulations", "plan"], 1, &[1]),
    ] {
        let (mut world, engagement) = World::held(held);
        made.iter().for_each(|kind| world.make(engagement, kind, None));
        if let Some(kind) = ending {
            world.ok(end(engagement, kind, "理由"));
        }
        let due = due_with(&world.books, world.pack(engagement), world.engagement(engagement), session);
        assert_eq!(due, expected, "{held} {ending:?} {made:?} {session}");
    }
}

#[test]
fn a_report_says_what_it_lacks_until_all_is_there() {
    let (mut world, engagement) = World::begun();
    world.ok(hold(engagement, 1, DAYS[0], None));
    let missing = |world: &World| {
        let report = report(&world.books, world.pack(engagement), world.engagement(engagement), 1).unwrap();
        (complete(&report).err(), report.unmade)
    };
    let all = ["form6", "form5", "diagnosis", "confirmation", "content"].map(str::to_owned).to_vec();
    assert_eq!(missing(&world), (Some(ReportIncomplete { missing: all }), vec!["diagnosis".to_owned()]));
    world.ok(confirm(engagement, 1, DAYS[0], Assurance::Mail));
    world.ok(write(engagement, 1));
    world.forms(engagement, 1);
    world.make(engagement, "diagnosis", None);
    assert_eq!(missing(&world), (None, Vec::new()));
    let second = report(&world.books, world.pack(engagement), world.engagement(engagement), 2);
    assert_eq!(second.err(), Some(NotHeldYet { session: 2 }));
}

#[test]
fn the_last_report_tells_of_the_end() {
    let (mut world, engagement) = World::held(2);
    world.ok(end(engagement, Early, "企業の業務都合"));
    let of = |n| report(&world.books, world.pack(engagement), world.engagement(engagement), n).unwrap().payload;
    assert_eq!(of(1).ended_reason, None);
    assert_eq!(of(2).ended_reason.as_deref(), Some("企業の業務都合"));
    assert_eq!(of(1).planned, [(2, DAYS[1])]);
    assert_eq!(of(2).planned, []);
}

#[test]
fn an_end_told_too_late_is_reported_again() {
    let (mut world, engagement) = World::held(2);
    world.seal(engagement, 1);
    world.seal(engagement, 2);
    world.now = world.now.saturating_add(3.days());
    world.ok(end(engagement, Early, "連絡不能"));
    assert!(world.books.reported(world.engagement(engagement), 1));
    assert!(!world.books.reported(world.engagement(engagement), 2));
    let again = world.report_item(engagement, 1);
    assert_eq!(world.no(queue(&again)), AlreadySent);
    world.seal(engagement, 2);
    assert!(world.books.reported(world.engagement(engagement), 2));
}

#[test]
fn an_ended_engagement_is_closed_until_its_last_report_comes_back() {
    let (mut world, engagement) = World::held(2);
    world.ok(end(engagement, Early, "理由"));
    let session = [
        plan(engagement, 3, TODAY),
        hold(engagement, 3, TODAY, None),
        confirm(engagement, 2, DAYS[1], Assurance::Paper),
        write(engagement, 2),
    ];
    for command in session.clone() {
        assert_eq!(world.no(command), Ended);
    }
    // Papers go on: a shortened engagement still owes its deliverables, and so does the two-star declaration.
    world.ok(note(engagement));
    let star = EngagementAction::SetTwoStar(TwoStar::Declared);
    world.ok(Command::Engagement(EngagementCommand { engagement, action: star }));
    let bundle = world.seal(engagement, 2);
    assert_eq!(world.no(write(engagement, 2)), Ended);
    world.event(bundle, OutboxEvent::Returned("内容が足りない".into()));
    let expected = [Some(Ended), Some(Ended), None, None];
    for (command, expected) in session.into_iter().zip(expected) {
        assert_eq!(world.run(command).err(), expected);
    }
    world.seal(engagement, 2);
    assert_eq!(world.no(write(engagement, 2)), Ended);
}

#[test]
fn undoing_the_end_opens_it_again() {
    let (mut world, engagement) = World::held(2);
    world.ok(end(engagement, Early, "理由"));
    let changes = undo(&world.books, world.journal.last().unwrap()).unwrap();
    world.books.follow(&changes);
    world.ok(hold(engagement, 3, DAYS[2], None));
}

#[test]
fn a_returned_report_waits_for_the_next_one() {
    let (mut world, engagement) = World::held(1);
    world.now = DAYS[0].to_datetime(world.now.time());
    let state =
        |world: &World, today| status(&world.books, world.pack(engagement), world.engagement(engagement), 1, today);
    let due = DAYS[0].saturating_add(7.days());
    let past = due.saturating_add(1.day());
    assert_eq!((state(&world, due), state(&world, past)), (Status::Doing, Status::Late));
    let first = world.seal(engagement, 1);
    assert_eq!(state(&world, past), Status::Done);
    let again = world.report_item(engagement, 1);
    assert_eq!(world.no(queue(&again)), AlreadySent);
    world.event(first, OutboxEvent::Returned("差し戻し".into()));
    assert_eq!((state(&world, due), state(&world, past)), (Status::Doing, Status::Late));
    let refused: Refusal = world.draft(&[(engagement, 1)]).unwrap_err();
    assert_eq!(refused, ReportNotSent { case_no: "K-0001".into(), session: 1 });
    let second = world.seal(engagement, 1);
    assert_eq!(state(&world, past), Status::Done);
    world.draft(&[(engagement, 1)]).unwrap();
    assert_eq!(world.books.report_sent(engagement, 1).unwrap().id, second);
}

#[test]
fn a_session_has_one_state() {
    let (mut world, engagement) = World::held(1);
    world.ok(plan(engagement, 2, DAYS[1]));
    let state =
        |world: &World, n, today| status(&world.books, world.pack(engagement), world.engagement(engagement), n, today);
    assert_eq!(state(&world, 2, DAYS[1]), Status::Planned);
    assert_eq!(state(&world, 2, DAYS[1].saturating_add(1.day())), Status::Late);
    assert_eq!(state(&world, 3, TODAY), Status::NotYet);
    world.ok(end(engagement, Early, "理由"));
    assert_eq!(state(&world, 2, TODAY), Status::Dropped);
    assert_eq!(world.engagement(engagement).next_session(), None);
}

#[test]
fn only_what_still_stands_as_it_was_left_is_undone() {
    let (mut world, engagement) = World::held(1);
    let held = world.journal.len() - 3;
    assert_eq!(world.journal[held].command, "session");
    assert_eq!(undo(&world.books, &world.journal[held]), Err(ChangedSince), "its proof came after it");
    let written = world.journal.last().unwrap().clone();
    let changes = undo(&world.books, &written).unwrap();
    world.books.follow(&changes);
    assert_eq!(undo(&world.books, &written), Err(ChangedSince), "once is enough");
    world.ok(write(engagement, 1));
    assert!(undo(&world.books, &written).is_ok());
}
