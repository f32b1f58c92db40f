//! Places in the plan that a person gave: exactly as asked, with a reason, and gone when nothing is moved any more.

use bansou_core::command::Command;
use bansou_core::document::{Request, sheet};
use bansou_core::export::{self, Content};
use bansou_core::planning::{PlanAction, PlanCommand, ranked};
use bansou_core::record::v1::{Id, PlanLine, SharePart};
use bansou_core::refusal::Refusal;
use bansou_core::share::fields::{self, Notes};
use proptest::prelude::*;

use crate::notes::own_line;
use crate::world::*;

fn plan(engagement: Id, action: PlanAction) -> Command {
    Command::Plan(PlanCommand { engagement, action })
}

fn put(line: Id, to: usize, reason: &str) -> PlanAction {
    PlanAction::Move { line, to: Some((to, reason.to_owned())) }
}

fn shown(world: &World, engagement: Id) -> Vec<PlanLine> {
    let plan = world.books.plan_of(engagement).unwrap();
    ranked(&world.books, world.pack(engagement), plan).into_iter().map(|(_, line)| line).collect()
}

fn ids(lines: &[PlanLine]) -> Vec<Id> {
    lines.iter().map(|l| l.id).collect()
}

/// A plan whose lines have these urgencies.
fn planned(urgencies: &[u8]) -> (World, Id) {
    let (mut world, e) = World::begun();
    for urgency in urgencies {
        let line = Box::new(PlanLine { urgency: *urgency, ..own_line() });
        world.ok(plan(e, PlanAction::Add { line, notes: Vec::new() }));
    }
    (world, e)
}

#[test]
fn a_line_that_is_moved_keeps_its_reason_and_goes_back_without_a_trace() {
    let (mut world, e) = planned(&[3, 2, 1]);
    let computed = ids(&shown(&world, e));
    world.ok(plan(e, put(computed[2], 1, "工場の火災")));
    let lines = shown(&world, e);
    assert_eq!(ids(&lines), [computed[2], computed[0], computed[1]]);
    let moved = lines[0].moved.clone().unwrap();
    assert_eq!((moved.places, moved.reason.as_str()), (-2, "工場の火災"));
    assert!(lines[1..].iter().all(|l| l.moved.is_none()));
    // By hand to where its score puts it, or given back: neither leaves a mark.
    world.ok(plan(e, put(computed[2], 3, "やはり最後")));
    assert!(shown(&world, e).iter().all(|l| l.moved.is_none()));
    world.ok(plan(e, put(computed[2], 1, "工場の火災")));
    world.ok(plan(e, PlanAction::Move { line: computed[2], to: None }));
    assert_eq!(ids(&shown(&world, e)), computed);
}

#[test]
fn a_place_needs_a_reason_and_must_be_in_the_plan() {
    let (mut world, e) = planned(&[3, 2]);
    let first = shown(&world, e)[0].id;
    assert!(matches!(world.no(plan(e, put(first, 2, "  "))), Refusal::Empty { field: "reason" }));
    for place in [0, 3, usize::MAX] {
        assert!(matches!(world.no(plan(e, put(first, place, "理由"))), Refusal::OutOfRange { .. }), "{place}");
    }
    assert!(matches!(world.no(plan(e, put(id(99), 1, "理由"))), Refusal::NotFound { what: "plan line" }));
}

#[test]
fn a_moved_line_follows_when_scores_change() {
    let (mut world, e) = planned(&[3, 2, 1]);
    let computed = ids(&shown(&world, e));
    world.ok(plan(e, put(computed[2], 2, "契約")));
    // The line is now the best by its score, and one above that is not to be had.
    let action = PlanAction::Score { line: computed[2], urgency: 3, importance: 3, difficulty: 1 };
    world.ok(plan(e, action));
    assert_eq!(ids(&shown(&world, e))[0], computed[2]);
}

#[test]
fn order_and_reason_stand_in_document_export_and_share() {
    let (mut world, e) = planned(&[3, 2]);
    let last = shown(&world, e)[1].id;
    world.ok(plan(e, put(last, 1, "契約の条件")));
    let request = Request::Engagement { engagement: e, document: "plan".into(), session: None };
    let rows = sheet(&world.books, &PACKS, world.now.date(), &request).unwrap().data["rows"].clone();
    assert!(rows[0]["basis"].as_str().unwrap().contains("契約の条件") && rows[0]["urgency"] == 2, "{rows}");
    let files = export::files(&world.books, &PACKS, &[]);
    for name in ["plan.csv", "plan.md"] {
        let found = files.iter().find(|f| f.path.ends_with(name)).unwrap();
        let Content::Text(text) = &found.content else { panic!("{name} is a text") };
        let urgent = if name == "plan.csv" { ",3,2,2," } else { "緊急度3" };
        assert!(text.find("契約の条件").unwrap() < text.find(urgent).unwrap(), "{name}: {text}");
    }
    let fields = fields::read(&world.books, world.engagement(e), &[SharePart::Plan].into(), Notes::All);
    assert_eq!(fields[&format!("line/{last}/moved")], "-1 契約の条件");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_is_the_one_asked_for(
        urgencies in prop::collection::vec(1_u8..=3, 1..7),
        moves in prop::collection::vec((0_usize..7, 0_usize..7), 1..12),
    ) {
        let (mut world, e) = planned(&urgencies);
        let computed = ids(&shown(&world, e));
        let mut wanted = computed.clone();
        for (from, to) in moves {
            let (from, to) = (from % wanted.len(), to % wanted.len());
            let line = wanted.remove(from);
            wanted.insert(to, line);
            world.ok(plan(e, put(line, to + 1, "理由")));
            let lines = shown(&world, e);
            prop_assert_eq!(ids(&lines), wanted.clone());
            // Who is back where the scores alone put everything has no mark left.
            prop_assert!(wanted != computed || lines.iter().all(|l| l.moved.is_none()));
        }
    }
}
