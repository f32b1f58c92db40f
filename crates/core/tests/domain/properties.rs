//! Whatever is asked in whatever order: nothing breaks, nothing is lost, nothing is paid twice.

use std::collections::{BTreeMap, BTreeSet};

use bansou_core::books::Books;
use bansou_core::claim::{self, ClaimCommand, units};
use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::reverse as undo;
use bansou_core::note::{NewNote, NoteAction, Onto};
use bansou_core::office::OfficeCommand;
use bansou_core::outbox::{OutboxCommand, OutboxEvent};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{
    AnswerCode, Assurance, BundleKind, Delivery, EndingKind, Id, OutboxState, Profile, Record, TwoStar,
};
use bansou_core::refusal::Refusal;
use bansou_core::{statistics, today};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::world::*;

const EXPERT: Id = Id([50; 16]);

/// One step: which command, and what to choose in it.
type Step = (u8, u8, u8);

pub fn answer_all(world: &mut World, engagement: Id) {
    let answers = (1..=25).map(|n| (n, AnswerCode::Partial)).collect();
    world.ok(Command::Findings(FindingsCommand { engagement, action: FindingsAction::Answers(answers) }));
}

fn pick<T>(map: &BTreeMap<Id, T>, n: u8) -> Id {
    map.keys().nth(usize::from(n) % map.len().max(1)).copied().unwrap_or(id(0))
}

fn day(n: u8) -> Date {
    DAYS[0].saturating_add((i32::from(n) % 50).days())
}

fn of_sessions(world: &World, (kind, a, b): Step) -> Command {
    let books = &world.books;
    let engagement = pick(&books.engagements, a / 8);
    let number = a % 5;
    let next = books.engagements.get(&engagement).and_then(|e| e.next_session()).unwrap_or(number);
    let held = books.engagements.get(&engagement).and_then(|e| e.date_of(number)).unwrap_or(day(b));
    match kind {
        0 => plan(engagement, number, day(b)),
        1 if b % 3 == 0 => {
            let before =
                books.engagements.get(&engagement).and_then(|e| e.date_of(next.checked_sub(1)?)).unwrap_or(day(b));
            hold(engagement, next, before, Some("遠方"))
        }
        1 => hold(engagement, next, day(b), None),
        2 => confirm(engagement, number, held, if b % 4 == 0 { Assurance::OnTerminal } else { Assurance::Paper }),
        3 => write(engagement, number),
        4 if b % 6 == 0 => end(engagement, if b % 4 == 0 { EndingKind::Early } else { EndingKind::Shortened }, "理由"),
        _ => {
            let action = EngagementAction::SetTwoStar([TwoStar::Preparing, TwoStar::Declared][usize::from(b % 2)]);
            Command::Engagement(EngagementCommand { engagement, action })
        }
    }
}

fn of_findings(world: &mut World, (kind, a, b): Step) -> Command {
    let engagement = pick(&world.books.engagements, a);
    let action = match kind {
        0 => FindingsAction::Answer { question: b % 27, answer: (b % 3 > 0).then_some(AnswerCode::No) },
        1..=3 => FindingsAction::Note(of_notes(&world.books, engagement, kind, b)),
        4 => FindingsAction::PolicyEnacted(Some(day(b))),
        5 => {
            let action = if b % 2 == 0 { PlanAction::Generate { count: b % 4 } } else { PlanAction::Agree(day(b)) };
            return Command::Plan(PlanCommand { engagement, action });
        }
        _ => {
            let kind = PAPERS[usize::from(b) % PAPERS.len()];
            let made = artefact(world.fresh(), engagement, kind, None, world.now);
            return Command::KeepArtefact(Box::new(made));
        }
    };
    Command::Findings(FindingsCommand { engagement, action })
}

fn of_notes(books: &Books, engagement: Id, kind: u8, b: u8) -> NoteAction {
    let note = pick(&books.notes, b);
    let notes = vec![note, pick(&books.notes, b / 2)];
    match (kind, b % 4) {
        (1, _) => NoteAction::Add(NewNote {
            session: (1..6).contains(&(b % 8)).then_some(b % 8),
            text: "メモ".into(),
            hearing: b.is_multiple_of(2).then(|| "cloud.1".into()),
            ..NewNote::default()
        }),
        (2, 0) => NoteAction::Edit { note, session: None, who: "社長".into(), text: "直した".into() },
        (2, 1) => NoteAction::Release { notes, leaves: b % 8 < 4 },
        (2, 2) => NoteAction::Sort { notes, onto: Onto::Question(b % 27) },
        (2, _) => NoteAction::Sort { notes, onto: Onto::Section("3.4".into()) },
        (_, 0) => NoteAction::Sort { notes, onto: Onto::Nothing },
        (_, 1) => {
            let line = books.plan_of(engagement).and_then(|p| p.lines.first()).map_or(id(0), |l| l.id);
            NoteAction::Sort { notes, onto: Onto::Line(line) }
        }
        _ => NoteAction::Remove(notes),
    }
}

fn of_sending(world: &mut World, (kind, a, b): Step) -> Command {
    let books = &world.books;
    match kind {
        0 | 1 => queue(&world.report_item(pick(&world.books.engagements.clone(), a / 8), 1 + a % 4)),
        2 | 3 => {
            let all = books.engagements.values().flat_map(|e| units(books, world.pack(e.id), e));
            let free = all.filter(|u| u.blocked.is_none()).map(|u| (u.line.engagement, u.line.sessions[0]));
            let mut wanted: Vec<_> = free.take(usize::from(b % 3) + 1).collect();
            if b % 7 == 0 {
                wanted.push((pick(&books.engagements, a), b % 5));
            }
            Command::Claim(ClaimCommand::Draft { units: wanted, claimed_on: world.now.date() })
        }
        4 if b % 3 == 0 => Command::Claim(ClaimCommand::Drop(pick(&books.claims, a))),
        4 => {
            let claim = pick(&books.claims, a);
            let id = world.fresh();
            let seq = bansou_core::outbox::next_place(&world.books).seq;
            queue(&bansou_core::record::v1::OutboxItem {
                claim: Some(claim),
                ..item(id, seq, BundleKind::Claim, world.now)
            })
        }
        _ => {
            let event = match b % 6 {
                0 => OutboxEvent::Exported,
                1 => OutboxEvent::SendingStarted,
                2 => OutboxEvent::SendingFailed,
                3 => OutboxEvent::Received(format!("receipt {a}")),
                4 => OutboxEvent::Accepted("良".into()),
                _ => OutboxEvent::Returned("差し戻し".into()),
            };
            Command::Outbox(OutboxCommand::Event { id: pick(&books.outbox, a), event })
        }
    }
}

/// What some sealed bundle becomes at the desk.
fn arriving(world: &World, n: u8) -> Option<Delivery> {
    let item = world.books.outbox.get(&pick(&world.books.outbox, n))?;
    if let Some(claim) = item.claim {
        let found = world.books.claims.get(&claim)?;
        let payload = claim::payload(&world.books, pack(&found.programme), found);
        let blank = delivery(item.id, item.seq, EXPERT, BundleKind::Claim, world.now);
        return Some(Delivery { claim: Some(payload), ..blank });
    }
    Some(report_delivery(world, item.engagement?, item.session?, item.id, item.seq, EXPERT))
}

fn of_the_desk(world: &World, (kind, a, b): Step) -> Command {
    let books = &world.books;
    match (kind, arriving(world, a)) {
        (0..=2, Some(delivery)) => receive(&delivery),
        (3 | 4, _) => review(pick(&books.deliveries, a), b % 5 > 0, "内容"),
        (5, _) => office(OfficeCommand::PlanPay { closed_on: day(b) }),
        (6, _) => office(OfficeCommand::ApprovePay { run: pick(&books.pay_runs, a), by: "事務局".into() }),
        _ => {
            let case_no = format!("K-{:04}", a % 3);
            let open =
                OfficeCommand::OpenCase { case_no, client_name: "例示".into(), prefecture: 13, expert: EXPERT };
            office(open)
        }
    }
}

fn command(world: &mut World, (kind, a, b): Step) -> Command {
    match kind % 32 {
        0 => Command::Client(ClientCommand::Add(Box::new(client()))),
        1 => begin(pick(&world.books.clients, a), &format!("K-{:04}", b % 3)),
        2 if b % 16 == 0 => Command::SetProfile(Box::new(Profile { programme: "r2-2020".into(), ..profile() })),
        k @ 2..=10 => of_sessions(world, (k % 6, a, b)),
        k @ 11..=17 => of_findings(world, (k - 11, a, b)),
        k @ 18..=24 => of_sending(world, (k - 18, a, b)),
        k => of_the_desk(world, (k - 25, a, b)),
    }
}

/// A home that is both sides at once, with one engagement under way.
fn start() -> World {
    let (mut world, engagement) = World::held(2);
    world.ok(office(OfficeCommand::Approve(Box::new(expert_entry(EXPERT, "山田 花子")))));
    let open = OfficeCommand::OpenCase {
        case_no: world.engagement(engagement).case_no.clone(),
        client_name: "例示".into(),
        prefecture: 13,
        expert: EXPERT,
    };
    world.ok(office(open));
    world.seal(engagement, 1);
    world
}

fn receipts_stay(before: &Books, after: &Books) {
    for (id, old) in &before.outbox {
        let new = &after.outbox[id];
        assert!(old.receipt.is_none() || old.receipt == new.receipt, "a receipt was lost");
        assert!(old.state != OutboxState::Accepted || new.state == OutboxState::Accepted, "moved back");
        assert_eq!((&old.sha256, old.seq, old.blob), (&new.sha256, new.seq, new.blob), "frozen");
    }
}

fn money_adds_up(books: &Books) {
    let mut claimed = BTreeSet::new();
    for claim in books.claims.values() {
        assert_eq!(claim.gross, claim.net + claim.withheld);
        assert_eq!(claim.gross, claim.lines.iter().map(|l| l.fee).sum::<u64>());
        let standing = !books.claim_returned(claim.id);
        for line in claim.lines.iter().filter(|_| standing) {
            assert!(line.sessions.iter().all(|n| claimed.insert((line.engagement, *n))), "claimed twice");
        }
    }
    let mut paid = BTreeSet::new();
    for line in books.pay_runs.values().flat_map(|r| &r.lines) {
        assert_eq!(line.gross, line.net + line.withheld);
        assert_eq!(line.gross, 45_000 * u64::from(line.units));
        let claims = line.claims.iter().filter_map(|id| books.deliveries[id].claim.as_ref());
        for unit in claims.flat_map(|c| &c.lines) {
            assert!(unit.sessions.iter().all(|n| paid.insert((unit.case_no.clone(), *n))), "paid twice");
        }
    }
}

/// What belongs to an engagement, a client or a claim is found as if all were looked through.
fn belongings_are_found(books: &Books) {
    for (id, e) in &books.engagements {
        let theirs = |owner: Id| owner == *id;
        let found: Vec<Id> = books.claims_of(*id).map(|c| c.id).collect();
        let all = books.claims.values().filter(|c| c.lines.iter().any(|l| theirs(l.engagement)));
        assert_eq!(found, all.map(|c| c.id).collect::<Vec<_>>());
        let found: BTreeSet<Id> = books.notes_of(*id).iter().map(|n| n.id).collect();
        assert_eq!(found, books.notes.values().filter(|n| theirs(n.engagement)).map(|n| n.id).collect());
        let found: BTreeSet<Id> = books.sheets_of(*id).iter().map(|n| n.id).collect();
        assert_eq!(found, books.sheets.values().filter(|s| theirs(s.engagement)).map(|s| s.id).collect());
        assert_eq!(books.plan_of(*id), books.plans.values().find(|p| theirs(p.engagement)));
        let first = books.engagements.values().find(|other| other.client == e.client);
        assert_eq!(books.engagement_of(e.client), first);
        for n in 1..=4 {
            let sent = books.outbox.values().filter(|o| o.engagement == Some(*id) && o.session == Some(n));
            assert_eq!(books.report_sent(*id, n), sent.max_by_key(|o| o.seq));
        }
    }
    for id in books.claims.keys() {
        let returned = books.outbox.values().any(|o| o.claim == Some(*id) && o.state == OutboxState::Returned);
        assert_eq!(books.claim_returned(*id), returned);
    }
}

fn take_step(world: &mut World, step: Step) -> Result<(), Refusal> {
    let command = command(world, step);
    let before = world.books.clone();
    let changes = match world.run(command) {
        Ok(changes) => changes,
        Err(refusal) => {
            assert_eq!(before, world.books, "refused and yet changed");
            return Err(refusal);
        }
    };
    for change in &changes {
        assert_eq!(change.before, before.record(change.id));
        if let Some(after) = &change.after {
            assert_eq!(Record::decode(after.encode().as_bytes()).as_ref(), Ok(after));
        }
    }
    receipts_stay(&before, &world.books);
    money_adds_up(&world.books);
    belongings_are_found(&world.books);
    match undo(&world.books, world.journal.last().unwrap()) {
        Ok(back) => {
            let mut books = world.books.clone();
            books.follow(&back);
            assert_eq!(books, before, "undo restores");
            belongings_are_found(&books);
        }
        Err(refusal) => assert!(matches!(refusal, Refusal::CannotUndo | Refusal::SealedSince { .. }), "{refusal:?}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_commands_in_any_order(steps in prop::collection::vec(any::<Step>(), 1..120)) {
        let mut world = start();
        let journal_start = world.journal.len();
        for step in steps {
            drop(take_step(&mut world, step));
        }
        prop_assert!(world.journal.len() >= journal_start);
        let mut replayed = Books::default();
        for change in world.journal.iter().flat_map(|e| &e.changes) {
            prop_assert_eq!(&change.before, &replayed.record(change.id));
            replayed.follow(std::slice::from_ref(change));
        }
        prop_assert_eq!(&replayed, &world.books);
        let _ = today::todos(&world.books, &PACKS, TODAY, 0);
        let _ = statistics::compute(&world.books, pack("current-2026"), TODAY);
    }
}

/// Steps that go nowhere would prove nothing.
#[test]
fn the_random_steps_reach_every_kind_of_record() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut reached: BTreeSet<&'static str> = BTreeSet::new();
    for _ in 0..40 {
        let steps = prop::collection::vec(any::<Step>(), 120).new_tree(&mut runner).unwrap().current();
        let mut world = start();
        steps.into_iter().for_each(|s| drop(take_step(&mut world, s)));
        let books = &world.books;
        let kinds = [
            ("claim", !books.claims.is_empty()),
            ("claim bundle", books.outbox.values().any(|o| o.claim.is_some())),
            ("accepted delivery", books.deliveries.values().any(|d| d.review.as_ref().is_some_and(|r| r.accepted))),
            ("claim delivery", books.deliveries.values().any(|d| d.claim.is_some())),
            ("payment", books.pay_runs.values().any(|r| r.approved_by.is_some())),
            ("ending", books.engagements.values().any(|e| e.ending.is_some())),
            ("combined", books.engagements.values().any(|e| e.sessions.iter().any(|s| s.combined_reason.is_some()))),
            ("returned claim", books.claims.keys().any(|id| books.claim_returned(*id))),
            ("plan", !books.plans.is_empty()),
            ("policy", !books.policies.is_empty()),
            ("answer to the sheet", books.notes.values().any(|n| n.hearing.is_some())),
            ("note of a section", books.notes.values().any(|n| n.section.is_some())),
            ("note of the plan", books.notes.values().any(|n| n.line.is_some())),
        ];
        reached.extend(kinds.into_iter().filter(|k| k.1).map(|k| k.0));
    }
    assert_eq!(reached.len(), 13, "{reached:?}");
}
