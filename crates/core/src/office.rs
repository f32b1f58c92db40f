//! The secretariat's desk: experts, cases, arriving bundles, reviews and payments.

mod numbers;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::money;
use crate::programme::{Closing, Pack};
use crate::record::v1::{
    Case, CaseSession, Delivery, ExpertEntry, FollowUp, Id, PatternCode, PayLine, PayRun, Record, Review, TwoStar,
};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required, within};
use crate::wire::v1::payload::{ClaimPayload, ReportPayload};
pub use numbers::{missing_before, waiver_before};

/// Changes at the secretariat's desk.
#[derive(Clone, Debug, PartialEq)]
pub enum OfficeCommand {
    /// `number` is given by the command.
    Approve(Box<ExpertEntry>),
    Revoke {
        expert: Id,
    },
    OpenCase {
        case_no: String,
        client_name: String,
        prefecture: u8,
        expert: Id,
    },
    /// A verified and opened bundle; findings are computed here.
    Receive(Box<Delivery>),
    Review {
        delivery: Id,
        accepted: bool,
        note: String,
    },
    /// Ends the wait for numbers up to `through` that never arrived.
    Waive {
        expert: Id,
        through: u64,
        reason: String,
    },
    Acknowledged {
        delivery: Id,
    },
    FollowUp {
        case: Id,
        how: String,
        note: String,
    },
    PlanPay {
        closed_on: Date,
    },
    ApprovePay {
        run: Id,
        by: String,
    },
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: OfficeCommand) -> Edits {
    match command {
        OfficeCommand::Approve(entry) => {
            required("name", &entry.name, LINE)?;
            let number = books.experts.values().map(|e| e.number).max().unwrap_or(0) + 1;
            put(Record::Expert(ExpertEntry { number, approved_on: ctx.today(), ..*entry }))
        }
        OfficeCommand::Revoke { expert } => {
            let found = books.experts.get(&expert).ok_or(Refusal::NotFound { what: "expert" })?;
            put(Record::Expert(ExpertEntry { revoked_on: Some(ctx.today()), ..found.clone() }))
        }
        OfficeCommand::OpenCase { case_no, client_name, prefecture, expert } => {
            open_case(books, ctx, case_no, client_name, prefecture, expert)
        }
        OfficeCommand::Receive(delivery) => receive(books, ctx, *delivery),
        OfficeCommand::Review { delivery, accepted, note } => review(books, ctx, delivery, accepted, note),
        OfficeCommand::Waive { expert, through, reason } => numbers::waive(books, ctx, expert, through, reason),
        OfficeCommand::Acknowledged { delivery } => {
            let mut found = books.deliveries.get(&delivery).ok_or(Refusal::NotFound { what: "delivery" })?.clone();
            found.review.as_mut().ok_or(Refusal::NotFound { what: "review" })?.acknowledged = true;
            put(Record::Delivery(Box::new(found)))
        }
        OfficeCommand::FollowUp { case, how, note } => {
            optional("note", &note, PROSE)?;
            let mut found = books.cases.get(&case).ok_or(Refusal::NotFound { what: "case" })?.clone();
            found.follow_ups.push(FollowUp { on: ctx.today(), how, note });
            put(Record::Case(found))
        }
        OfficeCommand::PlanPay { closed_on } => plan_pay(books, ctx, closed_on),
        OfficeCommand::ApprovePay { run, by } => approve_pay(books, run, by),
    }
}

fn open_case(books: &Books, ctx: &Ctx<'_>, case_no: String, client_name: String, prefecture: u8, expert: Id) -> Edits {
    required("case_no", &case_no, 20)?;
    required("client_name", &client_name, LINE)?;
    within("prefecture", prefecture.into(), 1, 47)?;
    if books.case_by_no(&case_no).is_some() {
        return Err(Refusal::CaseNoTaken);
    }
    if books.experts.get(&expert).is_none_or(|e| e.revoked_on.is_some()) {
        return Err(Refusal::UnknownExpert);
    }
    let programme = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?.programme.clone();
    let sessions = ctx.pack(&programme)?.programme.sessions.count;
    put(Record::Case(Case {
        id: ctx.id(0),
        case_no,
        programme,
        expert,
        client_name,
        prefecture,
        sessions: (1..=sessions).map(|n| (n, CaseSession::default())).collect(),
        received: Default::default(),
        accepted: Default::default(),
        two_star: TwoStar::default(),
        ended: None,
        follow_ups: Vec::new(),
    }))
}

/// A bundle that was received before (same bundle id) changes nothing.
fn receive(books: &Books, ctx: &Ctx<'_>, mut delivery: Delivery) -> Edits {
    if books.deliveries.contains_key(&delivery.id) {
        return Ok(Vec::new());
    }
    if !books.experts.contains_key(&delivery.expert) {
        return Err(Refusal::UnknownExpert);
    }
    delivery.findings = check(books, ctx, &delivery);
    let mut edits = Vec::new();
    if let Some(report) = &delivery.report
        && let Some(case) = case_of(books, delivery.expert, &report.case_no)
    {
        edits.push(Record::Case(advance(books, ctx.pack(&case.programme)?, case, &delivery)));
    }
    let expert = delivery.expert;
    edits.push(Record::Delivery(Box::new(delivery)));
    edits.extend(checked_again(books, ctx, expert, &edits));
    Ok(edits.into_iter().map(Edit::from).collect())
}

/// The case with this number, if it was given to this expert.
fn case_of<'a>(books: &'a Books, expert: Id, case_no: &str) -> Option<&'a Case> {
    books.case_by_no(case_no).filter(|c| c.expert == expert)
}

/// Waiting bundles of the same expert whose findings change with what has just arrived (order of arrival is chance).
fn checked_again(books: &Books, ctx: &Ctx<'_>, expert: Id, arrived: &[Record]) -> Vec<Record> {
    let touched = |d: &Delivery| arrived.iter().any(|r| matches!(r, Record::Delivery(a) if numbers::touches(a, d)));
    let open = |d: &Delivery| d.expert == expert && d.review.is_none();
    let waiting = |d: &&Delivery| open(d) && (!d.findings.is_empty() || touched(d));
    if !books.deliveries.values().any(|d| waiting(&d)) {
        return Vec::new();
    }
    let mut next = books.clone();
    arrived.iter().for_each(|record| next.put(record.clone()));
    let again = books.deliveries.values().filter(waiting).map(|d| (d, check(&next, ctx, d)));
    again
        .filter(|(d, findings)| d.findings != *findings)
        .map(|(d, findings)| Record::Delivery(Box::new(Delivery { findings, ..d.clone() })))
        .collect()
}

/// What the automatic check finds wrong, as codes the screens put into words. Empty is 良.
fn check(books: &Books, ctx: &Ctx<'_>, delivery: &Delivery) -> Vec<String> {
    let mut findings: Vec<String> = numbers::findings(books, delivery).into_iter().map(str::to_owned).collect();
    let mut find = |wrong: bool, code: &str| {
        if wrong && !findings.iter().any(|f| f == code) {
            findings.push(code.to_owned());
        }
    };
    let others = || books.deliveries.values().filter(|d| d.expert == delivery.expert && d.id != delivery.id);
    if let Some(report) = &delivery.report {
        let arrived = delivery.pulled_at.date();
        let case = case_of(books, delivery.expert, &report.case_no);
        find(case.is_none(), "unknown-case");
        find(report.held_on > arrived, "future-date");
        find(report.confirmation.is_none(), "no-confirmation");
        find(report.confirmation.as_ref().is_some_and(|c| c.signed_on != report.held_on), "confirmation-date");
        if let Some(case) = case {
            find(!case.sessions.contains_key(&report.session), "unknown-session");
            let held = |sessions: &mut dyn Iterator<Item = (&u8, &CaseSession)>| -> Vec<Date> {
                sessions.filter(|(n, _)| **n != report.session).filter_map(|(_, s)| s.held).collect()
            };
            let before = held(&mut case.sessions.range(..report.session));
            let after = held(&mut case.sessions.range(report.session..));
            let order = before.iter().any(|d| *d > report.held_on) || after.iter().any(|d| *d < report.held_on);
            find(order, "date-order");
            if let Ok(pack) = ctx.pack(&case.programme) {
                find(!confirmed(pack, report), "no-confirmation");
                // What is sent again after a return was in time or late the first time.
                let first = !others().any(|d| d.seq < delivery.seq && same_session(d, report));
                find(first && late(pack, report, arrived), "late");
            }
            let role = |n: &u8| delivery.parts.keys().any(|r| r.starts_with(&format!("deliverable-{n}-")));
            find(!report.deliverables.iter().all(role), "deliverable-missing");
        }
    }
    if let Some(claim) = &delivery.claim {
        claim_findings(books, ctx, claim, delivery, &mut find);
    }
    findings
}

fn same_session(delivery: &Delivery, report: &ReportPayload) -> bool {
    delivery.report.as_ref().is_some_and(|r| r.case_no == report.case_no && r.session == report.session)
}

fn confirmed(pack: &Pack, report: &ReportPayload) -> bool {
    report.confirmation.as_ref().is_some_and(|c| pack.programme.confirmation_suffices(c.assurance))
}

fn late(pack: &Pack, report: &ReportPayload, arrived: Date) -> bool {
    crate::deadline::report_due(pack, report.held_on) < arrived
}

fn claim_findings(
    books: &Books,
    ctx: &Ctx<'_>,
    claim: &ClaimPayload,
    delivery: &Delivery,
    find: &mut impl FnMut(bool, &str),
) {
    let sum: u64 = claim.lines.iter().fold(0, |sum, l| sum.saturating_add(l.fee));
    find(sum != claim.gross, "sum");
    let entry = books.experts.get(&delivery.expert);
    find(entry.is_some_and(|e| e.pattern != claim.pattern), "pattern");
    let standing = |d: &&Delivery| d.seq < delivery.seq && d.review.as_ref().is_none_or(|r| r.accepted);
    let earlier = books.deliveries.values().filter(|d| d.expert == delivery.expert).filter(standing);
    let mut claimed: BTreeSet<(&str, u8)> = earlier.filter_map(|d| d.claim.as_ref()).flat_map(sessions_of).collect();
    find(!sessions_of(claim).all(|session| claimed.insert(session)), "paid-twice");
    for line in &claim.lines {
        let Some(case) = case_of(books, delivery.expert, &line.case_no) else {
            find(true, "unknown-case");
            continue;
        };
        find(ctx.pack(&case.programme).is_ok_and(|p| p.programme.fee.per_session != line.fee), "sum");
        for session in line.sessions.iter().map(|n| case.sessions.get(n)) {
            find(session.is_none_or(|s| s.held.is_none()), "not-reported");
            find(session.is_some_and(|s| s.held.is_some() && !s.confirmed), "no-confirmation");
            find(session.is_some_and(|s| s.paid), "paid-twice");
        }
    }
}

/// Every case number and session a claim names.
fn sessions_of(claim: &ClaimPayload) -> impl Iterator<Item = (&str, u8)> {
    claim.lines.iter().flat_map(|l| l.sessions.iter().map(|n| (l.case_no.as_str(), *n)))
}

/// The case after a report arrived: what all its reports say, told in the order of their chain.
fn advance(books: &Books, pack: &Pack, case: &Case, arrived: &Delivery) -> Case {
    let of_case = |d: &&Delivery| d.report.as_ref().is_some_and(|r| r.case_no == case.case_no);
    let before = books.deliveries.values().filter(|d| d.expert == arrived.expert).filter(of_case);
    let mut all: Vec<&Delivery> = before.chain([arrived]).collect();
    all.sort_by_key(|d| d.seq);
    let mut next = Case { ended: None, ..case.clone() };
    for delivery in all {
        if let Some(report) = &delivery.report {
            tell(&mut next, pack, report, delivery.pulled_at.date());
        }
    }
    next
}

fn tell(case: &mut Case, pack: &Pack, report: &ReportPayload, arrived: Date) {
    if let Some(session) = case.sessions.get_mut(&report.session) {
        session.held = Some(report.held_on);
        session.reported_on = Some(session.reported_on.map_or(arrived, |first| first.min(arrived)));
        session.confirmed = confirmed(pack, report);
        session.combined = report.combined_reason.is_some();
    }
    for (number, date) in &report.planned {
        if let Some(session) = case.sessions.get_mut(number) {
            session.planned = Some(*date);
        }
    }
    case.received.extend(&report.deliverables);
    case.two_star = report.two_star;
    match (&report.ended_reason, &case.ended) {
        (Some(reason), _) => case.ended = Some((report.session, reason.clone())),
        (None, Some((after, _))) if report.session >= *after => case.ended = None,
        _ => {}
    }
}

fn review(books: &Books, ctx: &Ctx<'_>, id: Id, accepted: bool, note: String) -> Edits {
    let mut delivery = books.deliveries.get(&id).ok_or(Refusal::NotFound { what: "delivery" })?.clone();
    if delivery.review.is_some() {
        return Err(Refusal::AlreadyReviewed);
    }
    if !accepted {
        required("note", &note, PROSE)?;
    } else {
        numbers::accept(books, &delivery)?;
    }
    delivery.review = Some(Review { accepted, on: ctx.today(), note, acknowledged: false });
    let mut edits = Vec::new();
    if accepted
        && let Some(report) = &delivery.report
        && let Some(case) = case_of(books, delivery.expert, &report.case_no)
    {
        let mut case = case.clone();
        if let Some(session) = case.sessions.get_mut(&report.session) {
            session.accepted = true;
        }
        case.accepted.extend(&report.deliverables);
        edits.push(Edit::from(Record::Case(case)));
    }
    edits.push(Edit::from(Record::Delivery(Box::new(delivery))));
    Ok(edits)
}

/// the last session is paid only after every deliverable was accepted; the others when their report was. A case
/// that ended before owes the deliverables that its last report named.
pub fn payable(case: &Case, pack: &Pack, sessions: &[u8]) -> bool {
    let last = case.ended.as_ref().map_or(pack.programme.sessions.count, |(after, _)| *after);
    let deliverables = || match case.ended {
        Some(_) => case.received.is_subset(&case.accepted),
        None => pack.programme.deliverables.iter().all(|d| case.accepted.contains(&d.number)),
    };
    is_unit(case, sessions)
        && sessions.iter().all(|n| {
            let ready = case.sessions.get(n).is_some_and(|s| s.accepted && s.confirmed && !s.paid);
            ready && (*n != last || deliverables())
        })
}

/// one fee unit is a session with those held on the same day after it.
fn is_unit(case: &Case, sessions: &[u8]) -> bool {
    let Some((first, rest)) = sessions.split_first() else { return false };
    let combined = |n: &u8| case.sessions.get(n).is_some_and(|s| s.combined);
    !combined(first) && (first.saturating_add(1)..=u8::MAX).take_while(combined).eq(rest.iter().copied())
}

/// Accepted claims that no payment run holds yet and whose every line may be paid, each session once.
fn claims_to_pay<'a>(books: &'a Books, pack: &Pack, closed_on: Date) -> Vec<(&'a Delivery, &'a ClaimPayload)> {
    let in_runs: BTreeSet<Id> =
        books.pay_runs.values().flat_map(|r| &r.lines).flat_map(|l| l.claims.iter().copied()).collect();
    let held = in_runs.iter().filter_map(|id| books.deliveries.get(id)?.claim.as_ref());
    let mut taken: BTreeSet<(&str, u8)> = held.flat_map(sessions_of).collect();
    let mut accepted: Vec<&Delivery> = books
        .deliveries
        .values()
        .filter(|d| d.review.as_ref().is_some_and(|r| r.accepted) && !in_runs.contains(&d.id))
        .collect();
    accepted.sort_by_key(|d| (d.expert, d.seq));
    let claims = accepted.into_iter().filter_map(|d| Some((d, d.claim.as_ref()?)));
    claims
        .filter(|(_, c)| match pack.programme.payment.closes {
            Closing::ClaimMonth => c.claimed_on <= closed_on,
            Closing::ServiceMonth => c.lines.iter().all(|l| l.held_on <= closed_on),
        })
        .filter(|(d, c)| {
            let due = |case: &Case, sessions| case.programme == pack.programme.id && payable(case, pack, sessions);
            c.lines.iter().all(|l| case_of(books, d.expert, &l.case_no).is_some_and(|case| due(case, &l.sessions)))
        })
        .filter(|(_, c)| {
            let mut own = BTreeSet::new();
            let fresh = sessions_of(c).all(|s| !taken.contains(&s) && own.insert(s));
            if fresh {
                taken.append(&mut own);
            }
            fresh
        })
        .collect()
}

fn plan_pay(books: &Books, ctx: &Ctx<'_>, closed_on: Date) -> Edits {
    let programme = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?.programme.clone();
    let pack = ctx.pack(&programme)?;
    let closed_on = closed_on.last_of_month();
    let pay_on = crate::payday::payday(pack, closed_on);
    let mut lines: BTreeMap<Id, PayLine> = BTreeMap::new();
    for (delivery, claim) in claims_to_pay(books, pack, closed_on) {
        let Some(expert) = books.experts.get(&delivery.expert) else { continue };
        let line = lines.entry(expert.id).or_insert_with(|| PayLine {
            expert: expert.id,
            payee: expert.name.clone(),
            pattern: expert.pattern,
            claims: Vec::new(),
            units: 0,
            over_clock: 0,
            gross: 0,
            tax: 0,
            withheld: 0,
            net: 0,
        });
        line.claims.push(delivery.id);
        line.units += claim.lines.len() as u32;
        let over = |held| crate::deadline::pay_within(&pack.programme, held).is_some_and(|last| pay_on > last);
        line.over_clock += claim.lines.iter().filter(|l| over(l.held_on)).count() as u32;
    }
    if lines.is_empty() {
        return Err(Refusal::NothingToPay);
    }
    // withholding once per payee and pay day, on the sum.
    for line in lines.values_mut() {
        let amounts = money::fee(&pack.programme, line.units, line.pattern, false, pay_on)
            .ok_or(Refusal::OutOfRange { field: "pay_on", min: 2013, max: 9999 })?;
        (line.gross, line.tax) = (amounts.gross, amounts.tax);
        (line.withheld, line.net) = (amounts.withheld, amounts.net);
    }
    put(Record::PayRun(PayRun {
        id: ctx.id(0),
        programme,
        closed_on,
        pay_on,
        lines: lines.into_values().collect(),
        approved_by: None,
    }))
}

fn approve_pay(books: &Books, id: Id, by: String) -> Edits {
    required("by", &by, LINE)?;
    let run = books.pay_runs.get(&id).ok_or(Refusal::NotFound { what: "payment" })?;
    if run.approved_by.is_some() {
        return Err(Refusal::AlreadyApproved);
    }
    let mut cases: BTreeMap<Id, Case> = BTreeMap::new();
    let claims = run.lines.iter().flat_map(|l| &l.claims).filter_map(|id| books.deliveries.get(id)?.claim.as_ref());
    for line in claims.flat_map(|c| &c.lines) {
        let Some(found) = books.case_by_no(&line.case_no) else { continue };
        let case = cases.entry(found.id).or_insert_with(|| found.clone());
        for number in &line.sessions {
            if let Some(session) = case.sessions.get_mut(number) {
                session.paid = true;
            }
        }
    }
    let mut edits: Vec<Edit> = cases.into_values().map(|c| Edit::from(Record::Case(c))).collect();
    edits.push(Edit::from(Record::PayRun(PayRun { approved_by: Some(by), ..run.clone() })));
    Ok(edits)
}

/// The commission pattern's letter.
pub fn pattern_letter(pattern: PatternCode) -> &'static str {
    match pattern {
        PatternCode::A => "A",
        PatternCode::B => "B",
        PatternCode::C => "C",
    }
}
