//! What there is to do, and the figures of the secretariat.

use std::collections::BTreeMap;

use bansou_core::outbox::OutboxEvent;
use bansou_core::record::v1::EndingKind::Early;
use bansou_core::record::v1::{Assurance, Case, CaseSession, Id, TwoStar};
use bansou_core::statistics::{CaseState, case_state, compute, days_late};
use bansou_core::today::{What, todos};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::desk::desk;
use crate::world::*;

fn list(world: &World, today: Date) -> Vec<(What, Option<Date>)> {
    todos(&world.books, &PACKS, today, 0).into_iter().map(|t| (t.what, t.due)).collect()
}

#[test]
fn what_is_late_comes_first_and_what_has_no_day_last() {
    let (mut world, first) = World::begun();
    assert_eq!(list(&world, TODAY), [(What::Date(1), None)]);
    let soon = TODAY.saturating_add(14.days());
    world.ok(plan(first, 1, soon));
    assert_eq!(list(&world, TODAY), [(What::Hold(1), Some(soon))]);
    assert_eq!(list(&world, TODAY.saturating_sub(1.day())), [], "more than two weeks ahead");
    let second = world.begin("K-0002");
    world.ok(hold(second, 1, date(2026, 11, 10), None));
    let third = world.begin("K-0003");
    world.work(third, 1, date(2026, 11, 19));
    assert_eq!(
        list(&world, TODAY),
        [
            (What::Confirmation(1), Some(date(2026, 11, 10))),
            (What::Report(1), Some(date(2026, 11, 17))),
            (What::Report(1), Some(date(2026, 11, 26))),
            (What::Hold(1), Some(soon)),
            (What::Date(2), None),
            (What::Date(2), None),
        ]
    );
    let days: Vec<_> = todos(&world.books, &PACKS, TODAY, 0).iter().map(|t| t.days_left(TODAY)).collect();
    assert_eq!(days, [Some(-10), Some(-3), Some(6), Some(14), None, None]);
}

#[test]
fn a_session_is_followed_from_its_report_to_its_claim() {
    let (mut world, engagement) = World::begun();
    world.ok(hold(engagement, 1, DAYS[0], None));
    world.ok(confirm(engagement, 1, DAYS[0], Assurance::OnTerminal));
    let next = (What::Date(2), None);
    let report_due = Some(date(2026, 10, 8));
    let weak = (What::Confirmation(1), Some(DAYS[0]));
    assert_eq!(list(&world, DAYS[0]), [weak, (What::Report(1), report_due), next]);
    world.ok(confirm(engagement, 1, DAYS[0], Assurance::Paper));
    let bundle = world.seal(engagement, 1);
    let claim = (What::Claim { units: 1, yen: 45_000 }, Some(date(2026, 11, 1)));
    let send = |n| (What::Send(n), report_due);
    assert_eq!(list(&world, DAYS[0]), [send(1), claim, next]);
    world.event(bundle, OutboxEvent::Returned("直して".into()));
    assert_eq!(list(&world, DAYS[0]), [(What::Returned(1), report_due), next]);
    world.seal(engagement, 1);
    world.draft(&[(engagement, 1)]).unwrap();
    assert_eq!(list(&world, DAYS[0]), [send(1), next]);
}

#[test]
fn an_end_asks_for_its_report_and_for_nothing_later() {
    let (mut world, engagement) = World::held(2);
    world.seal(engagement, 1);
    world.seal(engagement, 2);
    world.ok(plan(engagement, 3, DAYS[2]));
    world.now = world.now.saturating_add(1.day());
    world.ok(end(engagement, Early, "連絡不能"));
    let found: Vec<What> = list(&world, TODAY).into_iter().map(|t| t.0).collect();
    assert_eq!(found, [What::Send(2), What::Report(2), What::Claim { units: 1, yen: 45_000 }]);
}

fn case(n: u8, prefecture: u8, held: &[Date]) -> Case {
    let session = |on: Option<&Date>| CaseSession { held: on.copied(), ..CaseSession::default() };
    Case {
        id: id(n),
        case_no: format!("K-{n:04}"),
        programme: "current-2026".into(),
        expert: Id([50; 16]),
        client_name: "例示".into(),
        prefecture,
        sessions: (1..=4).map(|n| (n, session(held.get(usize::from(n) - 1)))).collect(),
        received: Default::default(),
        accepted: [1].into(),
        two_star: TwoStar::default(),
        ended: None,
        follow_ups: Vec::new(),
    }
}

#[test]
fn figures_are_counts() {
    let mut office = desk("current-2026");
    let mut ended = case(4, 23, &DAYS[..2]);
    ended.ended = Some((2, "連絡不能".into()));
    ended.sessions.get_mut(&3).unwrap().planned = Some(DAYS[2]);
    let mut combined = case(5, 1, &[DAYS[0], DAYS[1], DAYS[2], DAYS[2]]);
    combined.sessions.get_mut(&4).unwrap().combined = true;
    let mut late = case(2, 13, &DAYS[..1]);
    late.sessions.get_mut(&2).unwrap().planned = Some(DAYS[1]);
    for case in [case(1, 13, &[]), late, case(3, 27, &DAYS), ended, combined] {
        office.books.cases.insert(case.id, case);
    }
    let s = compute(&office.books, pack("current-2026"), TODAY);
    assert_eq!((s.cases, s.not_started, s.running, s.finished, s.ended), (5, 1, 1, 2, 1));
    assert_eq!(s.held, BTreeMap::from([(1, 4), (2, 3), (3, 2), (4, 1)]), "R-16 counts one");
    assert_eq!((s.late, s.metropolitan, s.experts), (1, 4, 2));
    assert_eq!((s.days.clone(), s.median_days(), s.histogram()), (vec![28, 42], Some(28), vec![(25, 1), (40, 1)]));
    assert_eq!(s.deliverables_accepted, BTreeMap::from([(1, 5)]));
    assert_eq!(s.patterns.values().sum::<usize>(), 2);
}

#[test]
fn a_case_is_late_from_the_seventh_day() {
    let pack = pack("current-2026");
    let mut late = case(1, 13, &DAYS[..1]);
    late.sessions.get_mut(&2).unwrap().planned = Some(DAYS[1]);
    assert_eq!(case_state(&late, &pack.programme), CaseState::Running);
    for (days, expected) in [(6, None), (7, Some((2, 7))), (30, Some((2, 30)))] {
        assert_eq!(days_late(&late, pack, DAYS[1].saturating_add(days.days())), expected);
    }
    late.ended = Some((1, "理由".into()));
    assert_eq!(days_late(&late, pack, TODAY), None, "an ended case waits for nothing");
}

#[test]
fn a_diagnosis_sent_again_is_one_diagnosis() {
    let mut office = desk("current-2026");
    let (mut world, engagement) = World::held(1);
    crate::properties::answer_all(&mut world, engagement);
    for seq in 1..=2 {
        let bundle = office.fresh();
        office.ok(receive(&report_delivery(&world, engagement, 1, bundle, seq, Id([50; 16]))));
    }
    assert_eq!(compute(&office.books, pack("current-2026"), TODAY).diagnosis_done, 1);
}
