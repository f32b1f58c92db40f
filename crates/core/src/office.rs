//! The secretariat's desk: experts, cases, arriving bundles, reviews and payments.

use std::collections::BTreeMap;

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
        OfficeCommand::Acknowledged { delivery } => {
            let mut found = books.deliveries.get(&delivery).ok_or(Refusal::NotFound { what: "delivery" })?.clone();
            found.review.as_mut().ok_or(Refusal::NotFound { what: "review" })?.acknowledged = true;
            put(Record::Delivery(found))
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
    if !books.experts.get(&expert).is_some_and(|e| e.revoked_on.is_none()) {
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
        && let Some(case) = books.case_by_no(&report.case_no).filter(|c| c.expert == delivery.expert)
    {
        edits.push(Edit::Put(Record::Case(advance(case, ctx, report))));
    }
    edits.push(Edit::Put(Record::Delivery(delivery)));
    Ok(edits)
}

/// What the automatic check finds wrong, as codes the screens put into words. Empty is 良.
fn check(books: &Books, ctx: &Ctx<'_>, delivery: &Delivery) -> Vec<String> {
    let mut findings = Vec::new();
    let mut find = |wrong: bool, code: &str| {
        if wrong {
            findings.push(code.to_owned());
        }
    };
    let earlier = books.deliveries.values().filter(|d| d.expert == delivery.expert).map(|d| d.seq).max().unwrap_or(0);
    find(delivery.seq != earlier + 1, "gap");
    if let Some(report) = &delivery.report {
        let case = books.case_by_no(&report.case_no).filter(|c| c.expert == delivery.expert);
        find(case.is_none(), "unknown-case");
        find(report.held_on > ctx.today(), "future-date");
        find(report.confirmation.is_none(), "no-confirmation");
        find(report.confirmation.as_ref().is_some_and(|c| c.signed_on != report.held_on), "confirmation-date");
        if let Some(case) = case {
            let before = case.sessions.range(..report.session).filter_map(|(_, s)| s.held).max();
            find(before.is_some_and(|b| b > report.held_on), "date-order");
            let role = |n: &u8| delivery.parts.keys().any(|r| r.starts_with(&format!("deliverable-{n}-")));
            find(!report.deliverables.iter().all(role), "deliverable-missing");
            if let Ok(pack) = ctx.pack(&case.programme) {
                find(late(pack, report, ctx.today()), "late");
            }
        }
    }
    if let Some(claim) = &delivery.claim {
        claim_findings(books, claim, delivery.expert, &mut find);
    }
    findings
}

fn late(pack: &Pack, report: &ReportPayload, today: Date) -> bool {
    crate::deadline::report_due(&pack.programme, report.held_on) < today
}

fn claim_findings(books: &Books, claim: &ClaimPayload, expert: Id, find: &mut impl FnMut(bool, &str)) {
    let sum: u64 = claim.lines.iter().map(|l| l.fee).sum();
    find(sum != claim.gross, "sum");
    let entry = books.experts.get(&expert);
    find(entry.is_some_and(|e| e.pattern != claim.pattern), "pattern");
    for line in &claim.lines {
        let case = books.case_by_no(&line.case_no).filter(|c| c.expert == expert);
        find(case.is_none(), "unknown-case");
        for session in line.sessions.iter().filter_map(|n| case?.sessions.get(n)) {
            find(session.held.is_none(), "not-reported");
            find(!session.confirmed, "no-confirmation");
            find(session.paid, "paid-twice");
        }
    }
}

fn advance(case: &Case, ctx: &Ctx<'_>, report: &ReportPayload) -> Case {
    let mut next = case.clone();
    let session = next.sessions.entry(report.session).or_default();
    session.held = Some(report.held_on);
    session.reported_on = Some(ctx.today());
    session.confirmed = report.confirmation.is_some();
    session.combined = report.combined_reason.is_some();
    for (number, date) in &report.planned {
        next.sessions.entry(*number).or_default().planned = Some(*date);
    }
    next.received.extend(&report.deliverables);
    next.two_star = report.two_star;
    if let Some(reason) = &report.ended_reason {
        next.ended = Some((report.session, reason.clone()));
    }
    next
}

fn review(books: &Books, ctx: &Ctx<'_>, id: Id, accepted: bool, note: String) -> Edits {
    let mut delivery = books.deliveries.get(&id).ok_or(Refusal::NotFound { what: "delivery" })?.clone();
    if delivery.review.is_some() {
        return Err(Refusal::AlreadyReviewed);
    }
    if !accepted {
        required("note", &note, PROSE)?;
    }
    delivery.review = Some(Review { accepted, on: ctx.today(), note, acknowledged: false });
    let mut edits = Vec::new();
    if accepted
        && let Some(report) = &delivery.report
        && let Some(case) = books.case_by_no(&report.case_no)
    {
        let mut case = case.clone();
        if let Some(session) = case.sessions.get_mut(&report.session) {
            session.accepted = true;
        }
        case.accepted.extend(&report.deliverables);
        edits.push(Edit::Put(Record::Case(case)));
    }
    edits.push(Edit::Put(Record::Delivery(delivery)));
    Ok(edits)
}

/// the last session is paid only after every deliverable was accepted; the others when their report was.
pub fn payable(case: &Case, pack: &Pack, sessions: &[u8]) -> bool {
    let last = case.ended.as_ref().map_or(pack.programme.sessions.count, |(after, _)| *after);
    let deliverables = || pack.programme.deliverables.iter().all(|d| case.accepted.contains(&d.number));
    sessions.iter().all(|n| {
        let ready = case.sessions.get(n).is_some_and(|s| s.accepted && s.confirmed && !s.paid);
        ready && (*n != last || case.ended.is_some() || deliverables())
    })
}

/// Accepted claims that no payment run holds yet and whose every line may be paid.
fn claims_to_pay<'a>(books: &'a Books, pack: &Pack, closed_on: Date) -> Vec<(&'a Delivery, &'a ClaimPayload)> {
    let paid: Vec<Id> = books.pay_runs.values().flat_map(|r| &r.lines).flat_map(|l| l.claims.clone()).collect();
    books
        .deliveries
        .values()
        .filter(|d| d.review.as_ref().is_some_and(|r| r.accepted) && !paid.contains(&d.id))
        .filter_map(|d| Some((d, d.claim.as_ref()?)))
        .filter(|(_, c)| match pack.programme.payment.closes {
            Closing::ClaimMonth => c.claimed_on <= closed_on,
            Closing::ServiceMonth => c.lines.iter().all(|l| l.held_on <= closed_on),
        })
        .filter(|(_, c)| {
            c.lines.iter().all(|l| books.case_by_no(&l.case_no).is_some_and(|case| payable(case, pack, &l.sessions)))
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
    let mut edits: Vec<Edit> = cases.into_values().map(|c| Edit::Put(Record::Case(c))).collect();
    edits.push(Edit::Put(Record::PayRun(PayRun { approved_by: Some(by), ..run.clone() })));
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
