//! Beginning an engagement and recording its sessions.

use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::deliverable;
use bansou_core::record::v1::{Assurance, Check, CheckState, Client, Held};
use bansou_core::refusal::Refusal::{self, *};
use bansou_core::session::SessionAction;
use jiff::ToSpan;
use jiff::civil::{date, time};

use crate::world::*;

#[test]
fn a_session_is_held_in_order_and_in_time() {
    let tomorrow = TODAY.saturating_add(1.day());
    for (already, number, on, reason, expected) in [
        (0, 1, DAYS[0], None, None),
        (0, 2, DAYS[1], None, Some(SessionOrder { session: 2 })),
        (1, 3, DAYS[2], None, Some(SessionOrder { session: 3 })),
        (1, 1, DAYS[1], None, Some(AlreadyHeld { session: 1 })),
        (0, 1, date(2026, 9, 14), None, Some(DateOrder { session: 1 })),
        (0, 1, date(2026, 9, 15), None, None),
        (1, 2, date(2026, 9, 30), None, Some(DateOrder { session: 2 })),
        (0, 1, TODAY, None, None),
        (0, 1, tomorrow, None, Some(FutureDate)),
        (0, 0, DAYS[0], None, Some(NotFound { what: "session" })),
        (4, 5, TODAY, None, Some(NotFound { what: "session" })),
        // Only 3 and 4 may share a day, and then with a reason.
        (1, 2, DAYS[0], None, Some(NotSameDay)),
        (1, 2, DAYS[0], Some("都合"), Some(NotSameDay)),
        (2, 3, DAYS[1], Some("都合"), Some(NotSameDay)),
        (3, 4, DAYS[2], None, Some(ReasonNeeded)),
        (3, 4, DAYS[2], Some("  "), Some(Empty { field: "reason" })),
        (3, 4, DAYS[2], Some("遠方のため"), None),
        (3, 4, DAYS[3], Some("遠方のため"), Some(NotSameDay)),
        (0, 1, DAYS[0], Some("遠方のため"), Some(NotSameDay)),
    ] {
        let (mut world, engagement) = World::held(already);
        let found = world.run(hold(engagement, number, on, reason)).err();
        assert_eq!(found, expected, "{already} held, then {number} on {on} ({reason:?})");
    }
}

#[test]
fn a_session_ends_after_it_began() {
    let (mut world, engagement) = World::begun();
    for (end, expected) in
        [(time(13, 59, 0, 0), Some(TimeOrder)), (time(14, 0, 0, 0), Some(TimeOrder)), (time(14, 1, 0, 0), None)]
    {
        let held = Held { end, ..held_on(DAYS[0]) };
        let command = session(engagement, 1, SessionAction::Hold { held, combined_reason: None });
        assert_eq!(world.run(command).err(), expected);
    }
}

#[test]
fn a_planned_day_lies_between_its_neighbours() {
    for (number, on, expected) in [
        (1, DAYS[1], Some(AlreadyHeld { session: 1 })),
        (2, date(2026, 9, 30), Some(DateOrder { session: 2 })),
        (2, DAYS[0], None),
        (2, DAYS[2], None),
        (2, date(2026, 10, 30), Some(DateOrder { session: 2 })),
        (4, DAYS[1], Some(DateOrder { session: 4 })),
        (4, DAYS[2], None),
        (4, date(2027, 1, 5), None),
        (5, DAYS[3], Some(NotFound { what: "session" })),
    ] {
        let (mut world, engagement) = World::held(1);
        world.ok(plan(engagement, 3, DAYS[2]));
        assert_eq!(world.run(plan(engagement, number, on)).err(), expected, "{number} on {on}");
    }
}

#[test]
fn form_5_is_dated_on_the_day() {
    let (mut world, engagement) = World::begun();
    let paper = |on| confirm(engagement, 1, on, Assurance::Paper);
    assert_eq!(world.no(paper(DAYS[0])), NotHeldYet { session: 1 });
    world.ok(hold(engagement, 1, DAYS[0], None));
    let posted = session(engagement, 1, SessionAction::PostOriginal(DAYS[1]));
    assert_eq!(world.no(posted.clone()), NotFound { what: "confirmation" });
    assert_eq!(world.no(paper(date(2026, 9, 30))), ConfirmationBeforeSession);
    assert_eq!(world.no(paper(date(2026, 10, 2))), ConfirmationNotSameDay);
    world.ok(paper(DAYS[0]));
    world.ok(posted);
    let confirmation = world.engagement(engagement).sessions[0].confirmation.as_ref().unwrap();
    assert_eq!(confirmation.original_posted_on, Some(DAYS[1]));
}

#[test]
fn a_skipped_item_needs_its_reason() {
    let (mut world, engagement) = World::begun();
    let tick = |item: &str, check| session(engagement, 1, SessionAction::Check { item: item.into(), check });
    let skipped = |reason: Option<&str>| {
        Some(Check { state: CheckState::Skipped, reason: reason.map(str::to_owned), carried_to: None })
    };
    let done = Some(Check { state: CheckState::Done, reason: None, carried_to: None });
    assert_eq!(world.no(tick("s2.prep.1", done.clone())), UnknownItem { item: "s2.prep.1".into() });
    assert_eq!(world.no(tick("s1.prep.1", skipped(None))), ReasonNeeded);
    assert_eq!(world.no(tick("s1.prep.1", skipped(Some(" ")))), ReasonNeeded);
    world.ok(tick("s1.prep.1", skipped(Some("不要"))));
    world.ok(tick("s1.prep.2", done));
    world.ok(tick("s1.prep.1", None));
    assert_eq!(world.engagement(engagement).sessions[0].checks.len(), 1);
}

#[test]
fn the_gate_asks_for_eligibility_one_star_and_a_free_number() {
    let firm = |change: fn(&mut Client)| {
        let mut firm = client();
        change(&mut firm);
        firm
    };
    let by_main_industry = |c: &mut Client| (c.category, c.main_industry, c.employees) = (15, Some(2), 100);
    for (firm, case_no, expected) in [
        (client(), "K-0002", None),
        (client(), "K-0001", Some(CaseNoTaken)),
        (client(), " ", Some(Empty { field: "case_no" })),
        (firm(|c| c.one_star = false), "K-0002", Some(OneStarMissing)),
        (firm(|c| (c.capital, c.employees) = (300_000_000, 301)), "K-0002", None),
        (firm(|c| (c.capital, c.employees) = (300_000_001, 300)), "K-0002", None),
        (
            firm(|c| (c.capital, c.employees) = (300_000_001, 301)),
            "K-0002",
            Some(NotEligible { clause: "表1 区分1".into() }),
        ),
        (
            firm(|c| (c.sole_proprietor, c.capital, c.employees) = (true, 0, 301)),
            "K-0002",
            Some(NotEligible { clause: "表1 区分1".into() }),
        ),
        (firm(by_main_industry), "K-0002", None),
    ] {
        let (mut world, _) = World::begun();
        let client = world.add(firm.clone());
        assert_eq!(world.run(begin(client, case_no)).err(), expected, "{firm:?} {case_no}");
    }
    let (mut world, engagement) = World::begun();
    let client = world.engagement(engagement).client;
    assert_eq!(world.no(begin(client, "K-0002")), AlreadyBegun);
    assert_eq!(world.no(begin(id(9), "K-0002")), NotFound { what: "client" });
}

#[test]
fn a_client_record_is_checked() {
    let mut world = World::new();
    let long = "あ".repeat(201);
    type Change = fn(&mut Client, &str);
    let tries: [(Change, Refusal); 9] = [
        (|c, _| c.name = "\u{1b}[2J".into(), ControlCharacter { field: "name" }),
        (|c, _| c.kana = "\u{202e}カナ".into(), ControlCharacter { field: "kana" }),
        (|c, _| c.contact.counterpart = "一\n二".into(), ControlCharacter { field: "counterpart" }),
        (|c, _| c.name = " ".into(), Empty { field: "name" }),
        (|c, long| c.name = long.into(), TooLong { field: "name", max: 200 }),
        (|c, _| c.category = 16, OutOfRange { field: "category", min: 1, max: 15 }),
        (|c, _| c.category = 12, OutOfRange { field: "main_industry", min: 1, max: 8 }),
        (|c, _| c.prefecture = 48, OutOfRange { field: "prefecture", min: 1, max: 47 }),
        (|c, long| c.contact.counterpart = long.into(), TooLong { field: "counterpart", max: 200 }),
    ];
    for (change, expected) in tries {
        let mut firm = client();
        change(&mut firm, &long);
        assert_eq!(world.no(Command::Client(ClientCommand::Add(Box::new(firm)))), expected);
    }
}

#[test]
fn what_begins_is_pinned_to_its_programme() {
    let (mut world, first) = World::begun();
    let old = bansou_core::record::v1::Profile { programme: "r2-2020".into(), ..profile() };
    world.ok(Command::SetProfile(Box::new(old)));
    let second = world.begin("K-0002");
    assert_eq!(world.engagement(first).programme, "current-2026");
    assert_eq!(world.engagement(second).programme, "r2-2020");
    assert_eq!(deliverable::states(&world.books, pack("r2-2020"), world.engagement(second)).len(), 4);
}

#[test]
fn a_home_stays_practice_or_real() {
    let mut world = World::new();
    let practice = bansou_core::record::v1::Profile { practice: true, ..profile() };
    assert_eq!(world.no(Command::SetProfile(Box::new(practice.clone()))), PracticeMixed);
    let unknown = bansou_core::record::v1::Profile { programme: "none".into(), ..profile() };
    assert_eq!(world.no(Command::SetProfile(Box::new(unknown))), UnknownEdition { id: "none".into() });
    world.books = Default::default();
    world.ok(Command::SetProfile(Box::new(practice)));
    assert_eq!(world.no(Command::SetProfile(Box::new(profile()))), PracticeMixed);
}
