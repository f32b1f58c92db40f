//! Documents, session reports and fee claims.

use bansou_core::bundle;
use bansou_core::claim::{self, ClaimCommand};
use bansou_core::command::Command;
use bansou_core::deliverable;
use bansou_core::document::Request;
use bansou_core::record::v1::{ClaimState, Id};
use bansou_core::refusal::Refusal;
use serde_json::{Value, json};

use super::case;
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::{ClaimVerb, DeliverableVerb, ReportVerb};
use crate::shell::documents::Typesetter;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::{papers, post};

pub(super) fn deliverable(call: &Call, verb: DeliverableVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        DeliverableVerb::List { case: c } => list(call, &home, &c),
        DeliverableVerb::Make { case: c, document, session } => {
            let engagement = case(&home, &c)?.0.id;
            let request = Request::Engagement { engagement, document, session };
            let made = papers::make(&mut home, &Typesetter::new()?, &request)?;
            Ok(Answer::line(format!("{}  {} bytes", made.sha256, made.size))
                .with("sha256", made.sha256)
                .with("size", made.size)
                .with("editions", made.editions))
        }
        DeliverableVerb::Save { case: c, document, file, session } => {
            let engagement = case(&home, &c)?.0.id;
            let made = home.books.artefact(engagement, &document, session);
            let blob = made.ok_or(Refusal::NotFound { what: "document" })?.blob;
            papers::save(&home, blob, &file)?;
            Ok(Answer::line(file.display().to_string()).with("file", file.display().to_string()))
        }
    }
}

fn list(call: &Call, home: &Home, case_no: &str) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let mut answer = Answer::default().with("case_no", case_no);
    let mut rows = Vec::new();
    for state in deliverable::states(&home.books, pack, engagement) {
        let word = if state.complete() { "made" } else { "open" };
        answer = answer.and(format!("({}) {word}  {:3}%  {}", state.number, state.percent, state.name.get(call.lang)));
        let documents: Vec<Value> =
            state.documents.iter().map(|(kind, made)| json!({"kind": kind, "made": made.is_some()})).collect();
        rows.push(json!({"number": state.number, "percent": state.percent, "complete": state.complete(),
            "documents": documents}));
    }
    Ok(answer.with("deliverables", rows))
}

pub(super) fn report(call: &Call, verb: ReportVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        ReportVerb::Check { case: c, session } => {
            let (engagement, pack) = case(&home, &c)?;
            let report = bundle::report(&home.books, pack, engagement, session)?;
            let mut answer = report.missing.iter().fold(Answer::default(), |a, m| a.and(format!("missing  {m}")));
            answer = report.documents.iter().fold(answer, |a, (role, _)| a.and(format!("leaves   {role}")));
            answer.code = if report.missing.is_empty() { 0 } else { 6 };
            let leaves: Vec<String> = report.documents.iter().map(|(role, _)| role.clone()).collect();
            Ok(answer.with("missing", report.missing).with("leaves", leaves))
        }
        ReportVerb::Seal { case: c, session } => {
            let engagement = case(&home, &c)?.0.id;
            let item = post::seal_report(&mut home, &Typesetter::new()?, engagement, session)?;
            Ok(sealed(&item))
        }
    }
}

fn sealed(item: &bansou_core::record::v1::OutboxItem) -> Answer {
    Answer::line(format!("{}  {} bytes", item.sha256, item.size))
        .with("sha256", item.sha256.clone())
        .with("size", item.size)
        .with("seq", item.seq)
}

pub(super) fn claim(call: &Call, verb: ClaimVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        ClaimVerb::Open => open(call, &home),
        ClaimVerb::List => Ok(claims(&home)),
        ClaimVerb::Draft { case: c, on } => {
            let claimed_on = on.map_or(home.ctx().today(), |day| day.0);
            let wanted = claimable(&home, c.as_deref())?;
            home.apply(Command::Claim(ClaimCommand::Draft { units: wanted, claimed_on }))?;
            Ok(claims(&home))
        }
        ClaimVerb::Drop { number } => {
            let id = numbered(&home, number)?;
            home.apply(Command::Claim(ClaimCommand::Drop(id)))?;
            Ok(claims(&home))
        }
        ClaimVerb::Seal { number } => {
            let id = numbered(&home, number)?;
            Ok(sealed(&post::seal_claim(&mut home, &Typesetter::new()?, id)?))
        }
    }
}

fn numbered(home: &Home, number: u32) -> Result<Id, Failure> {
    let found = home.books.claims.values().find(|c| c.number == number);
    Ok(found.ok_or(Refusal::NotFound { what: "claim" })?.id)
}

/// Every unblocked fee unit, or those of one case; a blocked one of that case is refused with its reason.
fn claimable(home: &Home, case_no: Option<&str>) -> Result<Vec<(Id, u8)>, Failure> {
    let mut wanted = Vec::new();
    for engagement in home.books.engagements.values() {
        if case_no.is_some_and(|c| c != engagement.case_no) {
            continue;
        }
        for unit in claim::units(&home.books, home.pack_of(engagement.id)?, engagement) {
            match (unit.blocked, case_no) {
                (None, _) => wanted.push((engagement.id, unit.line.sessions.first().copied().unwrap_or(0))),
                (Some(refusal), Some(_)) => return Err(refusal.into()),
                (Some(_), None) => {}
            }
        }
    }
    Ok(wanted)
}

fn open(call: &Call, home: &Home) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for engagement in home.books.engagements.values() {
        for unit in claim::units(&home.books, home.pack_of(engagement.id)?, engagement) {
            let why = unit.blocked.as_ref().map(|r| r.text(call.lang));
            let sessions: Vec<String> = unit.line.sessions.iter().map(u8::to_string).collect();
            let line = format!("{}  {}  {}", unit.line.case_no, sessions.join("+"), unit.due);
            answer = answer.and(format!("{line}  {}", why.as_deref().unwrap_or("ok")));
            rows.push(json!({"case_no": unit.line.case_no, "sessions": unit.line.sessions, "fee": unit.line.fee,
                "due": unit.due.to_string(), "code": unit.blocked.as_ref().map(Refusal::code)}));
        }
    }
    Ok(answer.with("units", rows))
}

fn claims(home: &Home) -> Answer {
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for c in home.books.claims.values() {
        let state = if c.state == ClaimState::Sent { "sent" } else { "draft" };
        answer = answer.and(format!("{:04}  {state}  {}  {}  {}", c.number, c.gross, c.withheld, c.net));
        rows.push(json!({"number": c.number, "state": state, "gross": c.gross, "withheld": c.withheld,
            "tax": c.tax, "net": c.net, "units": c.lines.len()}));
    }
    answer.with("claims", rows)
}
