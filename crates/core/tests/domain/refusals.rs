//! Every refusal can happen, says so in both languages, and has a code of its own.

use std::collections::BTreeSet;

use bansou_core::bundle::{complete, report};
use bansou_core::care::{CareCommand, all_recipients};
use bansou_core::claim::ClaimCommand;
use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::reverse as undo;
use bansou_core::office::OfficeCommand;
use bansou_core::outbox::{OutboxCommand, OutboxEvent};
use bansou_core::record::v1::{Assurance, Client, EndingKind, Id, Profile};
use bansou_core::refusal::Refusal;
use bansou_core::resume::ResumeCommand;
use bansou_core::retention::allowed;
use bansou_core::text::Lang;
use bansou_core::timing::Tap;

use crate::world::*;

/// The place of a refusal in `reached`; a new kind does not compile until it is reached too.
fn place(refusal: &Refusal) -> usize {
    use Refusal::*;
    match refusal {
        NotFound { .. } => 0,
        Empty { .. } => 1,
        TooLong { .. } => 2,
        OutOfRange { .. } => 3,
        UnknownEdition { .. } => 4,
        UnknownItem { .. } => 5,
        NotEligible { .. } => 6,
        OneStarMissing => 7,
        AlreadyBegun => 8,
        CaseNoTaken => 9,
        Ended => 10,
        SessionOrder { .. } => 11,
        DateOrder { .. } => 12,
        NotHeldYet { .. } => 13,
        AlreadyHeld { .. } => 14,
        FutureDate => 15,
        TimeOrder => 16,
        ReasonNeeded => 17,
        NotSameDay => 18,
        ConfirmationBeforeSession => 19,
        ConfirmationNotSameDay => 20,
        AlreadySent => 21,
        ReportIncomplete { .. } => 22,
        ClaimEmpty => 23,
        ClaimWithoutProof { .. } => 24,
        AlreadyClaimed { .. } => 25,
        DeliverablesMissing { .. } => 26,
        ReportNotSent { .. } => 27,
        MixedProgrammes => 28,
        NotEnrolled => 29,
        BadTransition { .. } => 30,
        AlreadyReviewed => 31,
        UnknownExpert => 32,
        PracticeMixed => 33,
        Gap { .. } => 34,
        NothingToPay => 35,
        AlreadyApproved => 36,
        NothingToUndo => 37,
        CannotUndo => 38,
        ControlCharacter { .. } => 39,
        Archived => 40,
        Erased => 41,
        EraseBlocked { .. } => 42,
        WordDiffers => 43,
        RecoveryUnknown => 44,
        NotReconciled => 45,
        NumberTaken { .. } => 46,
        NothingToWaive => 47,
        ClockRuns => 48,
        ClockStands => 49,
        ChangedSince => 50,
        SealedSince { .. } => 51,
        NothingToRedo => 52,
        NoConsent => 53,
        LiabilityUnsaid => 54,
        NothingChosen => 55,
        ShareOver => 56,
        Withdrawn => 57,
        HandedOut => 58,
        SharedCopy => 59,
        NotShared { .. } => 60,
        ShareHeld => 61,
        NoEarlierValue => 62,
        SameValue => 63,
    }
}

fn of_clients(found: &mut Vec<Refusal>) {
    let (mut world, engagement) = World::held(3);
    let taken = world.engagement(engagement).client;
    let firm = |change: fn(&mut Client)| {
        let mut firm = client();
        change(&mut firm);
        Command::Client(ClientCommand::Add(Box::new(firm)))
    };
    let commands = [
        firm(|c| c.name.clear()),
        firm(|c| c.name = "あ".repeat(201)),
        firm(|c| c.prefecture = 0),
        firm(|c| c.name = "\u{7}鐘".into()),
    ];
    found.extend(commands.map(|c| world.no(c)));
    let big = world.add(Client { capital: 1_000_000_000, employees: 1_000, ..client() });
    let starless = world.add(Client { one_star: false, ..client() });
    let fit = world.add(client());
    let commands = [
        begin(id(9), "K-0002"),
        begin(big, "K-0002"),
        begin(starless, "K-0002"),
        begin(taken, "K-0002"),
        begin(fit, "K-0001"),
        Command::SetProfile(Box::new(Profile { programme: "none".into(), ..profile() })),
        Command::SetProfile(Box::new(Profile { practice: true, ..profile() })),
    ];
    found.extend(commands.map(|c| world.no(c)));
    let answer = FindingsAction::Answer { question: 99, answer: None };
    found.push(world.no(Command::Findings(FindingsCommand { engagement, action: answer })));
    let (mut world, engagement) = World::held(1);
    world.ok(end(engagement, EndingKind::Early, "理由"));
    found.push(world.no(write(engagement, 1)));
}

fn of_sessions(found: &mut Vec<Refusal>) {
    let (mut world, e) = World::held(1);
    let clock = |tap| session(e, 2, bansou_core::session::SessionAction::Clock(tap));
    let mut backwards = held_on(DAYS[1]);
    std::mem::swap(&mut backwards.start, &mut backwards.end);
    let backwards = bansou_core::session::SessionAction::Hold { held: backwards, combined_reason: None };
    let commands = [
        clock(Tap::Stop),
        hold(e, 3, DAYS[2], None),
        plan(e, 2, jiff::civil::date(2026, 9, 1)),
        confirm(e, 2, DAYS[1], Assurance::Paper),
        hold(e, 1, DAYS[0], None),
        hold(e, 2, jiff::civil::date(2027, 1, 1), None),
        session(e, 2, backwards),
        hold(e, 2, DAYS[0], None),
        confirm(e, 1, jiff::civil::date(2026, 9, 30), Assurance::Paper),
        confirm(e, 1, DAYS[1], Assurance::Paper),
    ];
    found.extend(commands.map(|c| world.no(c)));
    let (mut world, e) = World::held(3);
    found.push(world.no(hold(e, 4, DAYS[2], None)));
    let start = || session(e, 4, bansou_core::session::SessionAction::Clock(Tap::Start));
    world.ok(start());
    found.push(world.no(start()));
}

fn of_sending(found: &mut Vec<Refusal>) {
    let (mut world, e) = World::held(4);
    let lacking = report(&world.books, world.pack(e), world.engagement(e), 1).unwrap();
    found.push(complete(&lacking).unwrap_err());
    found.push(world.draft(&[(e, 1)]).unwrap_err());
    let first = world.seal(e, 1);
    let again = world.report_item(e, 1);
    found.push(world.no(queue(&again)));
    found.push(undo(&world.books, world.journal.last().unwrap()).unwrap_err());
    let of_sessions = world.journal.iter().filter(|e| e.command == "session");
    found.extend(of_sessions.filter_map(|e| undo(&world.books, e).err()));
    world.event(first, OutboxEvent::Received("receipt".into()));
    found.push(world.no(Command::Outbox(OutboxCommand::Event { id: first, event: OutboxEvent::Exported })));
    world.seal(e, 4);
    found.push(world.draft(&[]).unwrap_err());
    found.push(world.draft(&[(e, 4)]).unwrap_err());
    let claim = world.draft(&[(e, 1)]).unwrap();
    found.push(world.draft(&[(e, 1)]).unwrap_err());
    world.ok(Command::Claim(ClaimCommand::Drop(claim)));
    world.ok(Command::SetProfile(Box::new(Profile { programme: "r2-2020".into(), ..profile() })));
    let old = world.begin("K-0002");
    world.work(old, 1, DAYS[0]);
    world.seal(old, 1);
    found.push(world.draft(&[(e, 1), (old, 1)]).unwrap_err());
    let unproven = world.begin("K-0003");
    world.ok(hold(unproven, 1, DAYS[0], None));
    found.push(world.draft(&[(unproven, 1)]).unwrap_err());
    let item = world.report_item(unproven, 1);
    world.ok(Command::Resume(ResumeCommand::Restored));
    found.push(world.no(queue(&item)));
    world.books.enrolment = None;
    found.push(world.no(queue(&item)));
}

fn of_the_desk(found: &mut Vec<Refusal>) {
    let (world, e) = World::held(4);
    let mut both = crate::desk::Both::new(world, e);
    let expert = Id([50; 16]);
    let strange = report_delivery(&both.expert, e, 1, id(90), 1, id(91));
    let later = report_delivery(&both.expert, e, 1, id(92), 7, expert);
    found.push(both.office.no(receive(&strange)));
    both.office.ok(receive(&later));
    found.push(both.office.no(review(later.id, true, "")));
    let waive = |through| OfficeCommand::Waive { expert, through, reason: "紛失".into() };
    found.push(both.office.no(office(waive(7))));
    both.office.ok(office(waive(6)));
    let twin = report_delivery(&both.expert, e, 1, id(94), 7, expert);
    both.office.ok(receive(&twin));
    both.office.ok(review(twin.id, true, ""));
    found.push(both.office.no(review(later.id, true, "")));
    both.office.ok(review(later.id, false, "待つ"));
    found.push(both.office.no(review(later.id, true, "")));
    found.push(both.office.no(office(OfficeCommand::PlanPay { closed_on: TODAY })));
    let run = bansou_core::record::v1::PayRun {
        id: id(93),
        programme: "current-2026".into(),
        closed_on: TODAY,
        pay_on: TODAY,
        lines: Vec::new(),
        approved_by: Some("事務局".into()),
    };
    both.office.books.pay_runs.insert(run.id, run);
    found.push(both.office.no(office(OfficeCommand::ApprovePay { run: id(93), by: "事務局".into() })));
}

fn of_erasing(found: &mut Vec<Refusal>) {
    let (mut world, engagement) = World::held(1);
    let client = world.engagement(engagement).client;
    world.ok(Command::Client(ClientCommand::Archive(client)));
    found.push(world.no(write(engagement, 1)));
    world.books.clients.remove(&client);
    found.push(world.no(write(engagement, 1)));
    let (world, engagement) = World::held(1);
    let client = world.engagement(engagement).client;
    let erase = |client: Id, world: &World, word: &str| allowed(&world.books, &PACKS, client, TODAY, word).unwrap_err();
    found.push(erase(client, &world, "K-0001"));
    let mut world = World::new();
    let client = world.add(self::client());
    found.push(erase(client, &world, "K-0001"));
}

/// What the rules refuse, and what the program says itself when its journal is empty.
fn reached() -> Vec<Refusal> {
    let mut found = vec![Refusal::NothingToUndo, Refusal::NothingToRedo];
    of_clients(&mut found);
    of_sessions(&mut found);
    of_sending(&mut found);
    of_the_desk(&mut found);
    of_erasing(&mut found);
    crate::share::refusals(&mut found);
    found.extend(crate::past::refused());
    let (mut world, _) = World::held(1);
    world.ok(Command::Care(CareCommand::Ways(vec![("recovery".into(), None, "aa".into())])));
    found.extend(all_recipients(&world.books).err());
    found
}

#[test]
fn every_refusal_is_reached_and_has_its_own_code_and_words() {
    let found = reached();
    let places: BTreeSet<usize> = found.iter().map(place).collect();
    let missing: Vec<usize> = (0..=63).filter(|n| !places.contains(n)).collect();
    assert!(missing.is_empty(), "never refused: {missing:?}");
    let of_place: BTreeSet<(usize, &str)> = found.iter().map(|r| (place(r), r.code())).collect();
    let codes: BTreeSet<&str> = found.iter().map(Refusal::code).collect();
    assert_eq!((of_place.len(), codes.len()), (places.len(), places.len()));
    let mut texts = BTreeSet::new();
    for refusal in &found {
        let (ja, en) = (refusal.text(Lang::Ja), refusal.text(Lang::En));
        assert!(ja.ends_with('。') && en.ends_with('.'), "{ja} {en}");
        assert!(!ja.is_ascii() && !en.contains('{') && !ja.contains('{'), "{ja} {en}");
        texts.insert((place(refusal), ja, en));
    }
    let sentences: BTreeSet<&str> = texts.iter().map(|(_, ja, _)| ja.as_str()).collect();
    assert_eq!(sentences.len(), texts.len(), "two refusals say the same");
}

#[test]
fn no_refusal_quotes_a_client() {
    for refusal in reached() {
        for text in [refusal.text(Lang::Ja), refusal.text(Lang::En)] {
            assert!(!text.contains("例示"), "{text}");
        }
    }
}
