//! What may be claimed, on what proof, and what it comes to; the outbox it leaves through.

use bansou_core::claim::{self, ClaimCommand, units};
use bansou_core::command::Command;
use bansou_core::history::reverse as undo;
use bansou_core::outbox::{NextPlace, OutboxCommand, OutboxEvent, awaiting_reply, next_place, to_send};
use bansou_core::record::v1::EndingKind::{Early, Shortened};
use bansou_core::record::v1::{Assurance, BundleKind, ClaimState, Id, OutboxState, PatternCode, Profile};
use bansou_core::refusal::Refusal::*;
use jiff::civil::date;

use crate::world::*;

const CASE: &str = "K-0001";

fn drop_claim(claim: Id) -> Command {
    Command::Claim(ClaimCommand::Drop(claim))
}

#[test]
fn a_session_is_claimed_only_with_proof_and_report() {
    let (mut world, engagement) = World::begun();
    let case_no = CASE.to_owned();
    assert_eq!(world.draft(&[]).err(), Some(ClaimEmpty));
    assert_eq!(world.draft(&[(engagement, 1)]).err(), Some(NotHeldYet { session: 1 }));
    world.ok(hold(engagement, 1, DAYS[0], None));
    let unproven = Some(ClaimWithoutProof { case_no: case_no.clone(), session: 1 });
    assert_eq!(world.draft(&[(engagement, 1)]).err(), unproven);
    world.ok(confirm(engagement, 1, DAYS[0], Assurance::OnTerminal));
    assert_eq!(world.draft(&[(engagement, 1)]).err(), unproven, "weaker than the programme asks for");
    world.ok(confirm(engagement, 1, DAYS[0], Assurance::Mail));
    let unsent = Some(ReportNotSent { case_no: case_no.clone(), session: 1 });
    assert_eq!(world.draft(&[(engagement, 1)]).err(), unsent);
    world.seal(engagement, 1);
    let claim = world.draft(&[(engagement, 1), (engagement, 1)]).unwrap();
    assert_eq!(world.books.claims[&claim].lines.len(), 1);
    let claimed = Some(AlreadyClaimed { case_no, session: 1 });
    assert_eq!(world.draft(&[(engagement, 1)]).err(), claimed);
    world.ok(drop_claim(claim));
    world.draft(&[(engagement, 1)]).unwrap();
}

#[test]
fn an_older_programme_asks_for_paper() {
    let mut world = World::new();
    world.ok(Command::SetProfile(Box::new(Profile { programme: "r2-2020".into(), ..profile() })));
    let engagement = world.begin(CASE);
    world.ok(hold(engagement, 1, DAYS[0], None));
    world.seal(engagement, 1);
    for (assurance, payable) in [
        (Assurance::Mail, false),
        (Assurance::SignedPdf, false),
        (Assurance::OnTerminal, false),
        (Assurance::Paper, true),
    ] {
        world.ok(confirm(engagement, 1, DAYS[0], assurance));
        let unit = units(&world.books, world.pack(engagement), world.engagement(engagement)).remove(0);
        assert_eq!(unit.blocked.is_none(), payable, "{assurance:?}");
    }
}

#[test]
fn the_last_session_waits_for_the_deliverables() {
    let missing = Some(DeliverablesMissing { case_no: CASE.into() });
    for (held, ending, made, expected) in [
        (4, None, &[][..], missing.clone()),
        (4, None, &PAPERS[..4], missing.clone()),
        (4, None, &PAPERS, None),
        (3, None, &[], None),
        (3, Some(Shortened), &[], missing),
        (3, Some(Shortened), &PAPERS, None),
        (2, Some(Early), &[], None),
    ] {
        let (mut world, engagement) = World::held(held);
        made.iter().for_each(|kind| world.make(engagement, kind, None));
        if let Some(kind) = ending {
            world.ok(end(engagement, kind, "理由"));
        }
        (1..=held).for_each(|n| _ = world.seal(engagement, n));
        let units = units(&world.books, world.pack(engagement), world.engagement(engagement));
        assert_eq!(units.len(), usize::from(held));
        let blocked: Vec<_> = units.into_iter().map(|u| u.blocked).collect();
        let mut all = vec![None; usize::from(held) - 1];
        all.push(expected);
        assert_eq!(blocked, all, "{held} {ending:?} {made:?}");
    }
}

#[test]
fn two_sessions_on_one_day_are_one_fee_unit() {
    let (mut world, engagement) = World::held(3);
    world.ok(hold(engagement, 4, DAYS[2], Some("遠方のため")));
    world.papers(engagement);
    (1..=4).for_each(|n| _ = world.seal(engagement, n));
    let found = units(&world.books, world.pack(engagement), world.engagement(engagement));
    assert_eq!(found.iter().map(|u| u.line.sessions.clone()).collect::<Vec<_>>(), [vec![1], vec![2], vec![3, 4]]);
    assert_eq!(found[2].blocked, Some(ClaimWithoutProof { case_no: CASE.into(), session: 4 }), "both need proof");
    world.ok(confirm(engagement, 4, DAYS[2], Assurance::Paper));
    let claim = world.draft(&[(engagement, 3), (engagement, 4)]).unwrap();
    let claim = &world.books.claims[&claim];
    assert_eq!((claim.lines.len(), claim.gross), (1, 45_000));
    assert_eq!(world.draft(&[(engagement, 4)]).err(), Some(AlreadyClaimed { case_no: CASE.into(), session: 4 }));
    // Two curriculum units: both were held.
    assert_eq!(world.engagement(engagement).held_count(), 4);
}

#[test]
fn tax_is_withheld_once_on_the_sum() {
    for (pattern, gross, tax, withheld) in [
        (PatternCode::A, 180_000, 16_363, 18_378),
        (PatternCode::B, 180_000, 16_363, 18_378),
        (PatternCode::C, 180_000, 16_363, 0),
    ] {
        let (mut world, engagement) = World::held(4);
        world.ok(Command::SetProfile(Box::new(Profile { pattern, ..profile() })));
        world.papers(engagement);
        (1..=4).for_each(|n| _ = world.seal(engagement, n));
        let all: Vec<_> = (1..=4).map(|n| (engagement, n)).collect();
        let id = world.draft(&all).unwrap();
        let claim = &world.books.claims[&id];
        assert_eq!((claim.gross, claim.tax, claim.withheld), (gross, tax, withheld));
        assert_eq!(claim.net, gross - withheld);
        let payload = claim::payload(&world.books, world.pack(engagement), claim);
        assert_eq!(payload.lines.iter().map(|l| l.fee).sum::<u64>(), payload.gross);
        assert_eq!(payload.form, if pattern == PatternCode::C { "4b" } else { "4a" });
    }
}

#[test]
fn years_are_claimed_apart() {
    let (mut world, first) = World::held(1);
    world.seal(first, 1);
    world.ok(Command::SetProfile(Box::new(Profile { programme: "r2-2020".into(), ..profile() })));
    let second = world.begin("K-0002");
    world.work(second, 1, DAYS[0]);
    world.seal(second, 1);
    assert_eq!(world.draft(&[(first, 1), (second, 1)]).err(), Some(MixedProgrammes));
    let numbers = [first, second].map(|e| {
        let id = world.draft(&[(e, 1)]).unwrap();
        world.books.claims[&id].number
    });
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn a_claim_has_its_last_day_a_month_after_the_session() {
    for (held, due) in [(date(2026, 10, 31), date(2026, 11, 30)), (date(2026, 10, 1), date(2026, 11, 1))] {
        let (mut world, engagement) = World::begun();
        world.work(engagement, 1, held);
        assert_eq!(units(&world.books, world.pack(engagement), world.engagement(engagement))[0].due, due);
    }
}

#[test]
fn a_sent_claim_stays_sent_until_it_is_returned() {
    let (mut world, engagement) = World::held(1);
    world.seal(engagement, 1);
    let claim = world.draft(&[(engagement, 1)]).unwrap();
    let bundle = world.seal_claim(claim);
    assert_eq!(world.books.claims[&claim].state, ClaimState::Sent);
    assert_eq!(undo(&world.books, world.journal.last().unwrap()), Err(CannotUndo));
    assert_eq!(world.no(drop_claim(claim)), AlreadySent);
    let twice =
        bansou_core::record::v1::OutboxItem { claim: Some(claim), ..item(id(7), 3, BundleKind::Claim, world.now) };
    assert_eq!(world.no(queue(&twice)), AlreadySent);
    assert!(world.draft(&[(engagement, 1)]).is_err());
    world.event(bundle, OutboxEvent::Returned("金額".into()));
    let again = world.draft(&[(engagement, 1)]).unwrap();
    assert_eq!(world.books.claims[&again].number, 2);
    world.seal_claim(again);
}

#[test]
fn only_an_enrolled_home_seals_and_only_in_its_chain() {
    let (mut world, engagement) = World::held(1);
    let first = world.report_item(engagement, 1);
    for seq in [0, 2] {
        let wrong = bansou_core::record::v1::OutboxItem { seq, ..first.clone() };
        assert_eq!(world.no(queue(&wrong)), OutOfRange { field: "seq", min: 1, max: 1 });
    }
    let enrolment = world.books.enrolment.take();
    assert_eq!(world.no(queue(&first)), NotEnrolled);
    world.books.enrolment = enrolment;
    assert_eq!(next_place(&world.books), NextPlace { seq: 1, prev: None, resumed_after: None });
    world.ok(queue(&first));
    let prev = Some(first.manifest_sha256);
    assert_eq!(next_place(&world.books), NextPlace { seq: 2, prev, resumed_after: None });
}

#[test]
fn every_step_of_a_bundle() {
    use OutboxState::*;
    let event = |name: &str| match name {
        "export" => OutboxEvent::Exported,
        "send" => OutboxEvent::SendingStarted,
        "fail" => OutboxEvent::SendingFailed,
        "receipt" => OutboxEvent::Received("receipt".into()),
        "accept" => OutboxEvent::Accepted("良".into()),
        _ => OutboxEvent::Returned("差し戻し".into()),
    };
    let rows = [
        (Queued, [Some(Exported), Some(Sending), Some(Queued), Some(Received), Some(Accepted), Some(Returned)]),
        (Exported, [Some(Exported), Some(Sending), Some(Exported), Some(Received), Some(Accepted), Some(Returned)]),
        (Sending, [Some(Exported), Some(Sending), Some(Queued), Some(Received), Some(Accepted), Some(Returned)]),
        (Received, [None, None, Some(Received), Some(Received), Some(Accepted), Some(Returned)]),
        (Accepted, [None, None, Some(Accepted), Some(Accepted), Some(Accepted), None]),
        (Returned, [None, None, Some(Returned), Some(Returned), None, Some(Returned)]),
    ];
    for (from, expected) in rows {
        for (name, to) in ["export", "send", "fail", "receipt", "accept", "return"].into_iter().zip(expected) {
            let (mut world, engagement) = World::held(1);
            let bundle = world.seal(engagement, 1);
            world.books.outbox.get_mut(&bundle).unwrap().state = from;
            let found = world.run(Command::Outbox(OutboxCommand::Event { id: bundle, event: event(name) }));
            match (to, found) {
                (Some(state), Ok(_)) => assert_eq!(world.books.outbox[&bundle].state, state, "{from:?} {name}"),
                (None, Err(BadTransition { .. })) => {}
                (_, found) => panic!("{from:?} {name}: {found:?}"),
            }
        }
    }
}

#[test]
fn the_first_receipt_is_kept() {
    let (mut world, engagement) = World::held(1);
    let bundle = world.seal(engagement, 1);
    world.event(bundle, OutboxEvent::Received("first".into()));
    world.event(bundle, OutboxEvent::Accepted("良".into()));
    world.event(bundle, OutboxEvent::Received("second".into()));
    assert_eq!(world.books.outbox[&bundle].receipt.as_deref(), Some("first"));
    assert_eq!(world.books.outbox[&bundle].state, OutboxState::Accepted);
}

#[test]
fn what_goes_next_and_what_an_answer_is_awaited_for() {
    let (mut world, engagement) = World::held(2);
    let first = world.seal(engagement, 1);
    let claim = world.draft(&[(engagement, 1)]).unwrap();
    let second = world.seal(engagement, 2);
    let third = world.seal_claim(claim);
    let ids = |found: Vec<&bansou_core::record::v1::OutboxItem>| found.into_iter().map(|i| i.id).collect::<Vec<_>>();
    assert_eq!(ids(to_send(&world.books)), [third, first, second], "claims are small and go first");
    assert!(awaiting_reply(&world.books).is_empty());
    // Exported, then tried over the network in vain: its file may still arrive.
    world.event(second, OutboxEvent::Exported);
    world.event(second, OutboxEvent::SendingStarted);
    world.event(second, OutboxEvent::SendingFailed);
    assert_eq!(ids(awaiting_reply(&world.books)), [second]);
    world.event(first, OutboxEvent::Received("receipt".into()));
    assert_eq!(ids(to_send(&world.books)), [third, second]);
    world.event(first, OutboxEvent::Accepted("良".into()));
    assert_eq!(ids(awaiting_reply(&world.books)), [second]);
}
