//! The secretariat's desk: arriving bundles, reviews and payments.

use bansou_core::claim;
use bansou_core::command::Command;
use bansou_core::office::{OfficeCommand, payable};
use bansou_core::record::v1::{BundleKind, Case, Client, Delivery, EndingKind, Id, PatternCode, PayRun, Profile};
use bansou_core::refusal::Refusal::*;
use bansou_core::wire::v1::payload::ClaimPayload;
use jiff::ToSpan;
use jiff::civil::{Date, date, time};

use crate::world::*;

const EXPERT: Id = Id([50; 16]);
const OTHER: Id = Id([51; 16]);

/// An expert's home and the secretariat's, with one case between them.
pub struct Both {
    pub expert: World,
    pub office: World,
    pub engagement: Id,
    seq: u64,
}

impl Both {
    pub fn new(expert: World, engagement: Id) -> Self {
        let mut office = desk(&expert.books.profile.as_ref().unwrap().programme);
        for e in expert.books.engagements.values() {
            open_case(&mut office, &e.case_no, EXPERT);
        }
        Self { expert, office, engagement, seq: 0 }
    }

    /// Four sessions held, all papers made, nothing sent.
    fn full() -> Self {
        let (mut world, engagement) = World::held(4);
        world.papers(engagement);
        (1..=4).for_each(|n| world.forms(engagement, n));
        Self::new(world, engagement)
    }

    fn report(&mut self, session: u8) -> Delivery {
        self.seq += 1;
        let bundle = self.office.fresh();
        self.expert.now = self.office.now;
        report_delivery(&self.expert, self.engagement, session, bundle, self.seq, EXPERT)
    }

    fn claim(&mut self, claim: Id) -> Delivery {
        self.seq += 1;
        let found = &self.expert.books.claims[&claim];
        let payload = claim::payload(&self.expert.books, pack(&found.programme), found);
        claim_delivery(self.office.fresh(), self.seq, payload, self.office.now)
    }

    fn arrive(&mut self, delivery: &Delivery) -> Vec<String> {
        self.office.ok(receive(delivery));
        self.office.books.deliveries[&delivery.id].findings.clone()
    }

    /// A session's report arrives and is accepted.
    pub fn settle(&mut self, session: u8) {
        let delivery = self.report(session);
        self.office.ok(receive(&delivery));
        self.office.ok(review(delivery.id, true, ""));
    }

    fn case(&self) -> &Case {
        self.office.books.case_by_no("K-0001").unwrap()
    }
}

pub fn desk(programme: &str) -> World {
    let mut office = World::new();
    let staff = Profile { secretariat: true, programme: programme.into(), ..profile() };
    office.ok(Command::SetProfile(Box::new(staff)));
    for (expert, name) in [(EXPERT, "山田 花子"), (OTHER, "佐藤 一郎")] {
        office.ok(crate::world::office(OfficeCommand::Approve(Box::new(expert_entry(expert, name)))));
    }
    office
}

fn open_case(office: &mut World, case_no: &str, expert: Id) {
    let (case_no, client_name) = (case_no.to_owned(), "例示工業株式会社".to_owned());
    let open = OfficeCommand::OpenCase { case_no, client_name, prefecture: 13, expert };
    office.ok(crate::world::office(open));
}

fn claim_delivery(id: Id, seq: u64, payload: ClaimPayload, now: jiff::civil::DateTime) -> Delivery {
    Delivery { claim: Some(payload), ..delivery(id, seq, EXPERT, BundleKind::Claim, now) }
}

fn plan_pay(closed_on: Date) -> Command {
    office(OfficeCommand::PlanPay { closed_on })
}

/// A sent claim for these sessions.
fn claim_for(both: &mut Both, sessions: &[u8]) -> Delivery {
    for n in sessions {
        if both.expert.books.report_sent(both.engagement, *n).is_none() {
            both.expert.seal(both.engagement, *n);
        }
    }
    let units: Vec<_> = sessions.iter().map(|n| (both.engagement, *n)).collect();
    let claim = both.expert.draft(&units).unwrap();
    both.expert.seal_claim(claim);
    both.claim(claim)
}

/// A desk with one planned payment of four sessions.
pub fn paid_office() -> (World, Id) {
    let mut both = Both::full();
    (1..=4).for_each(|n| both.settle(n));
    let claim = claim_for(&mut both, &[1, 2, 3, 4]);
    both.arrive(&claim);
    both.office.ok(review(claim.id, true, ""));
    let run = run(&mut both.office, date(2026, 11, 30));
    (both.office, run.id)
}

#[test]
fn a_report_in_order_is_found_good_and_moves_its_case() {
    let mut both = Both::full();
    both.office.now = DAYS[0].to_datetime(time(18, 0, 0, 0));
    let first = both.report(1);
    assert_eq!(both.arrive(&first), [""; 0]);
    let case = both.case();
    assert_eq!((case.sessions[&1].held, case.sessions[&1].reported_on), (Some(DAYS[0]), Some(DAYS[0])));
    assert!(case.sessions[&1].confirmed && !case.sessions[&1].accepted);
    assert_eq!(case.sessions[&4].planned, Some(DAYS[3]));
    assert_eq!((case.received.len(), case.accepted.len()), (1, 0));
    both.office.ok(review(first.id, true, ""));
    assert!(both.case().sessions[&1].accepted && both.case().accepted.contains(&1));
    assert_eq!(both.office.no(review(first.id, true, "")), AlreadyReviewed);
}

#[test]
fn a_delivery_that_arrives_twice_changes_nothing() {
    let mut both = Both::full();
    let first = both.report(1);
    both.arrive(&first);
    both.office.ok(review(first.id, true, ""));
    assert_eq!(both.office.ok(receive(&first)), []);
}

#[test]
fn what_the_check_finds() {
    type Change = fn(&mut Delivery);
    let cases: [(&str, u8, Change); 8] = [
        ("unknown-case", 1, |d| d.report.as_mut().unwrap().case_no = "K-9999".into()),
        ("future-date", 1, |d| {
            let report = d.report.as_mut().unwrap();
            report.held_on = date(2027, 1, 1);
            report.confirmation.as_mut().unwrap().signed_on = report.held_on;
        }),
        ("no-confirmation", 1, |d| d.report.as_mut().unwrap().confirmation = None),
        ("no-confirmation", 1, |d| {
            let confirmation = d.report.as_mut().unwrap().confirmation.as_mut().unwrap();
            confirmation.assurance = bansou_core::record::v1::Assurance::OnTerminal;
        }),
        ("confirmation-date", 1, |d| d.report.as_mut().unwrap().confirmation.as_mut().unwrap().signed_on = DAYS[1]),
        ("deliverable-missing", 1, |d| d.parts.retain(|role, _| !role.starts_with("deliverable"))),
        ("unknown-session", 1, |d| d.report.as_mut().unwrap().session = 9),
        ("gap", 1, |d| d.seq = 3),
    ];
    for (code, session, change) in cases {
        let mut both = Both::full();
        both.office.now = DAYS[0].to_datetime(time(18, 0, 0, 0));
        let mut delivery = both.report(session);
        change(&mut delivery);
        assert_eq!(both.arrive(&delivery), [code]);
        assert_eq!(both.case().sessions.len(), 4, "nothing from outside adds a session");
    }
}

#[test]
fn dates_out_of_order_are_found_from_both_sides() {
    let mut both = Both::full();
    both.office.now = DAYS[1].to_datetime(time(18, 0, 0, 0));
    both.settle(1);
    let move_to = |delivery: &mut Delivery, on| {
        let report = delivery.report.as_mut().unwrap();
        report.held_on = on;
        report.confirmation.as_mut().unwrap().signed_on = on;
    };
    let mut second = both.report(2);
    move_to(&mut second, date(2026, 9, 30));
    assert_eq!(both.arrive(&second), ["date-order", "late"]);
    both.office.ok(review(second.id, false, "日付"));
    let again = both.report(2);
    assert_eq!(both.arrive(&again), [""; 0]);
    let mut first = both.report(1);
    move_to(&mut first, date(2026, 10, 16));
    assert_eq!(both.arrive(&first), ["future-date", "date-order"]);
}

#[test]
fn a_late_report_is_found_once() {
    for (days, late) in [(7, false), (8, true)] {
        let mut both = Both::full();
        both.office.now = DAYS[0].saturating_add(days.days()).to_datetime(time(0, 0, 0, 0));
        let first = both.report(1);
        assert_eq!(both.arrive(&first), if late { vec!["late"] } else { vec![] }, "{days}");
        both.office.ok(review(first.id, false, "直してください"));
        // The corrected one comes later still, and keeps the day of the first.
        let reported_on = both.case().sessions[&1].reported_on;
        both.office.now = both.office.now.saturating_add(20.days());
        let again = both.report(1);
        assert_eq!(both.arrive(&again), [""; 0]);
        assert_eq!(both.case().sessions[&1].reported_on, reported_on);
        both.office.ok(review(again.id, true, ""));
        assert!(both.case().sessions[&1].accepted);
    }
}

#[test]
fn a_return_needs_a_note() {
    let mut both = Both::full();
    let first = both.report(1);
    both.arrive(&first);
    assert_eq!(both.office.no(review(first.id, false, " ")), Empty { field: "note" });
    both.office.ok(review(first.id, false, "内容が足りません"));
    assert!(!both.case().sessions[&1].accepted && both.case().accepted.is_empty());
}

#[test]
fn later_bundles_wait_for_a_missing_one() {
    let mut both = Both::full();
    both.office.now = DAYS[1].to_datetime(time(18, 0, 0, 0));
    let (first, second) = (both.report(1), both.report(2));
    assert_eq!(both.arrive(&second), ["gap"]);
    assert_eq!(both.office.no(review(second.id, true, "")), Gap { expected: 1 });
    both.arrive(&first);
    assert!(both.office.books.deliveries[&second.id].findings.is_empty(), "found again once the gap is filled");
    both.office.ok(review(second.id, true, ""));
    let same = Delivery { id: id(99), ..first };
    assert!(both.arrive(&same).contains(&"number-used".to_owned()));
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let mut states = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let mut both = Both::full();
        both.office.now = DAYS[3].to_datetime(time(18, 0, 0, 0));
        let mut all = [both.report(1), both.report(2), both.report(3), both.report(4)];
        all[3].report.as_mut().unwrap().two_star = bansou_core::record::v1::TwoStar::Declared;
        for (n, delivery) in all.iter_mut().enumerate() {
            delivery.id = id(100 + n as u8);
        }
        order.iter().for_each(|n| drop(both.office.ok(receive(&all[*n]))));
        let mut case = both.case().clone();
        (case.id, case.expert) = (id(0), id(0));
        states.push((case, both.office.books.deliveries.clone()));
    }
    assert!(states.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn only_the_experts_own_case_moves() {
    let (mut world, engagement) = World::held(1);
    world.make(engagement, "diagnosis", None);
    let mut both = Both::new(world, engagement);
    let foreign = Delivery { expert: OTHER, ..both.report(1) };
    assert_eq!(both.arrive(&foreign)[0], "unknown-case");
    both.office.ok(review(foreign.id, true, ""));
    assert_eq!(both.case().sessions[&1], Default::default());
    assert!(both.case().accepted.is_empty());
    let unknown = Delivery { expert: id(77), id: id(78), ..foreign };
    assert_eq!(both.office.no(receive(&unknown)), UnknownExpert);
    both.office.ok(office(OfficeCommand::Revoke { expert: OTHER }));
    let open =
        OfficeCommand::OpenCase { case_no: "K-2".into(), client_name: "x".into(), prefecture: 13, expert: OTHER };
    assert_eq!(both.office.no(office(open)), UnknownExpert);
    let open =
        OfficeCommand::OpenCase { case_no: "K-0001".into(), client_name: "x".into(), prefecture: 13, expert: EXPERT };
    assert_eq!(both.office.no(office(open)), CaseNoTaken);
}

#[test]
fn what_the_check_finds_in_a_claim() {
    type Change = fn(&mut ClaimPayload);
    let cases: [(&str, Change); 7] = [
        ("sum", |c| c.gross += 1),
        ("sum", |c| {
            c.lines[0].fee = 90_000;
            c.gross = 90_000;
        }),
        ("pattern", |c| c.pattern = PatternCode::C),
        ("unknown-case", |c| c.lines[0].case_no = "K-9999".into()),
        ("not-reported", |c| c.lines[0].sessions = vec![2]),
        ("not-reported", |c| c.lines[0].sessions = vec![9]),
        ("paid-twice", |c| c.lines[0].sessions = vec![1, 1]),
    ];
    for (code, change) in cases {
        let mut both = Both::full();
        both.settle(1);
        let mut claim = claim_for(&mut both, &[1]);
        change(claim.claim.as_mut().unwrap());
        assert_eq!(both.arrive(&claim), [code]);
    }
}

#[test]
fn a_claim_that_overtakes_its_report_is_found_good_in_the_end() {
    let mut both = Both::full();
    both.office.now = DAYS[0].to_datetime(time(18, 0, 0, 0));
    let report = both.report(1);
    let claim = claim_for(&mut both, &[1]);
    assert_eq!(both.arrive(&claim), ["gap", "not-reported"]);
    both.arrive(&report);
    assert!(both.office.books.deliveries[&claim.id].findings.is_empty());
}

#[test]
fn who_is_paid_for_which_session() {
    let case = |accepted: &[u8], confirmed: bool, deliverables: &[u8]| {
        let mut both = Both::full();
        (1..=4).for_each(|n| both.settle(n));
        let mut case = both.case().clone();
        for (n, session) in &mut case.sessions {
            session.accepted = accepted.contains(n);
            session.confirmed = confirmed;
        }
        case.accepted = deliverables.iter().copied().collect();
        case
    };
    let all = [1, 2, 3, 4];
    let now = pack("current-2026");
    for (case, sessions, expected) in [
        (case(&all, true, &all), &[1][..], true),
        (case(&all, true, &all), &[4], true),
        (case(&all, true, &[]), &[3], true),
        (case(&all, true, &[1, 2, 3]), &[4], false),
        (case(&[1, 2, 3], true, &all), &[4], false),
        (case(&all, false, &all), &[1], false),
        (case(&all, true, &all), &[], false),
        (case(&all, true, &all), &[1, 2], false),
        (case(&all, true, &all), &[9], false),
        (case(&all, true, &all), &[255], false),
    ] {
        assert_eq!(payable(&case, now, sessions), expected, "{sessions:?} {:?}", case.accepted);
    }
    let mut combined = case(&all, true, &all);
    combined.sessions.get_mut(&4).unwrap().combined = true;
    let mut paid = case(&all, true, &all);
    paid.sessions.get_mut(&1).unwrap().paid = true;
    assert!(!payable(&paid, now, &[1]));
    for (sessions, expected) in [(&[3, 4][..], true), (&[3], false), (&[4], false), (&[2], true)] {
        assert_eq!(payable(&combined, now, sessions), expected, "{sessions:?}");
    }
}

#[test]
fn an_ended_case_owes_what_its_last_report_named() {
    for (kind, made, named) in [
        (EndingKind::Shortened, &PAPERS[..], &[2, 3, 4][..]),
        (EndingKind::Early, &[], &[]),
        (EndingKind::Early, &["diagnosis", "plan"], &[3]),
    ] {
        let (mut world, engagement) = World::held(3);
        world.make(engagement, "diagnosis", None);
        made.iter().for_each(|kind| world.make(engagement, kind, None));
        world.ok(end(engagement, kind, "理由"));
        let mut both = Both::new(world, engagement);
        both.settle(1);
        both.settle(2);
        let last = both.report(3);
        assert_eq!(last.report.as_ref().unwrap().deliverables, named);
        both.arrive(&last);
        assert_eq!(both.case().ended, Some((3, "理由".to_owned())));
        let now = pack("current-2026");
        let mut unaccepted = both.case().clone();
        unaccepted.sessions.get_mut(&3).unwrap().accepted = true;
        assert_eq!(payable(&unaccepted, now, &[3]), named.is_empty(), "{kind:?} {named:?}");
        both.office.ok(review(last.id, true, ""));
        assert!(payable(both.case(), now, &[3]));
    }
}

#[test]
fn a_session_is_paid_once_whatever_is_claimed() {
    let mut both = Both::full();
    (1..=2).for_each(|n| both.settle(n));
    let first = claim_for(&mut both, &[1]);
    let mut again = claim_for(&mut both, &[2]);
    again.claim.as_mut().unwrap().lines[0].sessions = vec![1];
    for claim in [&first, &again] {
        both.arrive(claim);
        both.office.ok(review(claim.id, true, ""));
    }
    assert!(both.office.books.deliveries[&again.id].findings.contains(&"paid-twice".to_owned()));
    let run = run(&mut both.office, date(2026, 10, 31));
    assert_eq!((run.lines[0].units, run.lines[0].claims.clone()), (1, vec![first.id]));
    assert_eq!(both.office.no(plan_pay(date(2026, 10, 31))), NothingToPay, "planned is as good as paid");
    both.office.ok(office(OfficeCommand::ApprovePay { run: run.id, by: "事務局".into() }));
    assert!(both.case().sessions[&1].paid && !both.case().sessions[&2].paid);
    assert_eq!(both.office.no(plan_pay(date(2026, 10, 31))), NothingToPay);
    let approve = OfficeCommand::ApprovePay { run: run.id, by: "事務局".into() };
    assert_eq!(both.office.no(office(approve)), AlreadyApproved);
}

fn run(office: &mut World, closed_on: Date) -> PayRun {
    let id = office.ok(plan_pay(closed_on))[0].id;
    office.books.pay_runs[&id].clone()
}

#[test]
fn nobody_is_paid_for_anothers_case() {
    let mut both = Both::full();
    both.settle(1);
    let mut claim = claim_for(&mut both, &[1]);
    (claim.expert, claim.seq) = (OTHER, 1);
    assert_eq!(both.arrive(&claim), ["unknown-case"]);
    both.office.ok(review(claim.id, true, ""));
    assert_eq!(both.office.no(plan_pay(date(2026, 10, 31))), NothingToPay);
}

#[test]
fn only_accepted_claims_of_the_closed_months_are_paid() {
    let mut both = Both::full();
    (1..=4).for_each(|n| both.settle(n));
    let claim = claim_for(&mut both, &[1, 2, 3, 4]);
    both.arrive(&claim);
    assert_eq!(both.office.no(plan_pay(date(2026, 11, 1))), NothingToPay, "not reviewed");
    both.office.ok(review(claim.id, true, ""));
    assert_eq!(both.office.no(plan_pay(date(2026, 10, 31))), NothingToPay, "session 4 was in November");
    let run = run(&mut both.office, date(2026, 11, 1));
    assert_eq!((run.closed_on, run.pay_on), (date(2026, 11, 30), date(2026, 12, 25)));
    let line = &run.lines[0];
    assert_eq!((line.units, line.gross, line.withheld, line.net), (4, 180_000, 18_378, 161_622));
    assert_eq!(line.over_clock, 2, "sessions 1 and 2 are paid after 60 days");
}

#[test]
fn one_payment_of_23_sessions_reaches_the_second_band() {
    let mut expert = World::new();
    let mut units = Vec::new();
    let engagements: Vec<Id> = (0..6).map(|n| expert.begin(&format!("K-{n:04}"))).collect();
    for engagement in &engagements {
        expert.papers(*engagement);
        for n in 1..=4 {
            expert.work(*engagement, n, DAYS[usize::from(n) - 1]);
            units.push((*engagement, n));
        }
    }
    units.pop();
    let mut both = Both::new(expert, engagements[0]);
    for (engagement, n) in &units {
        both.engagement = *engagement;
        both.expert.seal(*engagement, *n);
        both.settle(*n);
    }
    // Two claims, one payee, one pay day: one payment.
    for part in [&units[..9], &units[9..]] {
        let claim = both.expert.draft(part).unwrap();
        both.expert.seal_claim(claim);
        let delivery = both.claim(claim);
        assert_eq!(both.arrive(&delivery), [""; 0]);
        both.office.ok(review(delivery.id, true, ""));
    }
    let run = run(&mut both.office, date(2026, 11, 30));
    assert_eq!(run.lines.len(), 1);
    let line = &run.lines[0];
    assert_eq!((line.units, line.gross, line.withheld, line.net), (23, 1_035_000, 109_247, 925_753));
}

#[test]
fn a_pay_day_on_a_holiday_is_the_business_day_before() {
    for (programme, closed, expected) in [
        ("current-2026", date(2026, 9, 30), date(2026, 10, 23)),
        ("current-2026", date(2026, 10, 31), date(2026, 11, 25)),
        ("current-2026", date(2027, 3, 31), date(2027, 4, 23)),
    ] {
        let mut world = World::new();
        let firm = Client { name: "b".into(), ..client() };
        let firm = world.add(firm);
        let begin = bansou_core::client::ClientCommand::Begin {
            client: firm,
            case_no: "K-0001".into(),
            matched_on: date(2026, 9, 1),
        };
        let engagement = world.ok(Command::Client(begin))[0].id;
        world.now = closed.to_datetime(time(12, 0, 0, 0));
        world.work(engagement, 1, closed);
        world.make(engagement, "diagnosis", None);
        let mut both = Both::new(world, engagement);
        both.office.now = both.expert.now;
        assert_eq!(both.expert.books.profile.as_ref().unwrap().programme, programme);
        both.settle(1);
        let claim = claim_for(&mut both, &[1]);
        both.arrive(&claim);
        both.office.ok(review(claim.id, true, ""));
        assert_eq!(run(&mut both.office, closed).pay_on, expected);
    }
}

#[test]
fn the_desk_keeps_its_notes() {
    let mut both = Both::full();
    let first = both.report(1);
    both.arrive(&first);
    let done = OfficeCommand::Acknowledged { delivery: first.id };
    assert_eq!(both.office.no(office(done.clone())), NotFound { what: "review" });
    both.office.ok(review(first.id, true, ""));
    both.office.ok(office(done));
    assert!(both.office.books.deliveries[&first.id].review.as_ref().unwrap().acknowledged);
    let case = both.case().id;
    both.office.ok(office(OfficeCommand::FollowUp { case, how: "電話".into(), note: "不在".into() }));
    assert_eq!(both.case().follow_ups[0].on, TODAY);
}
