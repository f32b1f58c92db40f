//! The secretariat's commands: invite, approve, pull, review, pay, count.

use std::path::PathBuf;

use bansou_core::command::Command;
use bansou_core::document::Request;
use bansou_core::office::OfficeCommand;
use bansou_core::record::v1::{Delivery, Id};
use bansou_core::refusal::Refusal;
use bansou_core::statistics;
use clap::Subcommand;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::typed::Day;
use crate::shell::documents::Typesetter;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::{office, papers};

#[derive(Subcommand, Debug)]
pub enum SecretariatVerb {
    /// Make a secretariat's home; prints the root key for the server
    Init {
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "current-2026")]
        programme: String,
        /// Base address of the server, such as http://127.0.0.1:8686
        #[arg(long, default_value = "")]
        server: String,
        #[arg(long)]
        practice: bool,
        /// Make it here although a service copies this folder elsewhere
        #[arg(long)]
        here_anyway: bool,
    },
    /// Pin the server's receipt key and hand recipients and roster to it
    Publish {
        /// The server's address from now on, such as http://127.0.0.1:8686
        #[arg(long)]
        server: Option<String>,
    },
    /// Write an invitation for one expert
    Invite { out: PathBuf },
    /// Experts
    #[command(subcommand)]
    Experts(ExpertsVerb),
    /// Assign a firm's case to an expert (E-001 …); the firm's name is read from standard input
    Assign {
        case: String,
        expert: String,
        #[arg(long)]
        prefecture: u8,
    },
    /// Fetch, open and check what has arrived, from the server or a folder
    Pull {
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// What has arrived
    Inbox {
        #[command(subcommand)]
        verb: Option<InboxVerb>,
    },
    /// Where every case stands
    Board,
    /// Decide on a delivery
    #[command(subcommand)]
    Review(ReviewVerb),
    /// Payments
    #[command(subcommand)]
    Pay(PayVerb),
    /// Counts with their n
    Statistics {
        #[arg(long, value_name = "FILE")]
        pdf: Option<PathBuf>,
    },
}

#[derive(Subcommand, Debug)]
pub enum ExpertsVerb {
    /// The enrolled experts with their keys
    List,
    /// Read a request; prints the fingerprint to compare by voice
    Show { request: PathBuf },
    /// Sign a certificate and write it for the expert
    Approve {
        request: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// Trust an expert no longer
    Revoke { expert: String },
}

#[derive(Subcommand, Debug)]
pub enum InboxVerb {
    /// Stop waiting for numbers of an expert that will never arrive; one that does later is taken in all the same
    Waive {
        #[arg(long)]
        expert: String,
        /// Highest missing number
        #[arg(long, value_name = "N")]
        through: u64,
        /// Recorded with time and name
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum ReviewVerb {
    /// What the checks found in a delivery, and its papers
    Show { delivery: String },
    /// Accept a delivery
    Approve { delivery: String },
    /// The reason is read from standard input
    Return { delivery: String },
    /// Approve everything the automatic check found nothing in
    ApproveClean,
    /// Write a received document to a file
    Save { delivery: String, role: String, file: PathBuf },
}

#[derive(Subcommand, Debug)]
pub enum PayVerb {
    /// Plan the payment of claims closed with this month (any day of it)
    Plan { closed: Day },
    /// The payment lists
    List,
    /// Approve a payment list
    Approve {
        #[arg(long)]
        by: String,
    },
    /// Write the payment list as PDF
    Export { file: PathBuf },
}

pub(super) fn run(call: &Call, verb: SecretariatVerb) -> Result<Answer, Failure> {
    if let SecretariatVerb::Init { name, programme, server, practice, here_anyway } = verb {
        return super::start::secretariat_init(call, name, programme, server, practice, here_anyway);
    }
    let mut home = call.open()?;
    if !home.profile()?.secretariat {
        return Err(Refusal::NotFound { what: "secretariat" }.into());
    }
    match verb {
        SecretariatVerb::Init { .. } => Ok(Answer::default()),
        SecretariatVerb::Publish { server } => {
            let version = match server {
                Some(address) => office::publish_to(&mut home, address)?,
                None => office::publish(&mut home)?,
            };
            Ok(Answer::line(version.to_string()).with("version", version))
        }
        SecretariatVerb::Invite { out } => {
            office::invite(&mut home, &out)?;
            Ok(Answer::line(out.display().to_string()).with("file", out.display().to_string()))
        }
        SecretariatVerb::Experts(verb) => experts(&mut home, verb),
        SecretariatVerb::Assign { case, expert, prefecture } => {
            let expert = expert_id(&home, &expert)?;
            let client_name = super::expert::spoken()?;
            let open = OfficeCommand::OpenCase { case_no: case.clone(), client_name, prefecture, expert };
            home.apply(Command::Office(open))?;
            Ok(Answer::line(case.clone()).with("case_no", case))
        }
        SecretariatVerb::Pull { folder } => {
            let before = home.books.deliveries.len();
            office::exchange(&mut home, folder.as_deref())?;
            let got = home.books.deliveries.len() - before;
            Ok(inbox(&home).and(format!("new {got}")).with("new", got))
        }
        SecretariatVerb::Inbox { verb } => {
            if let Some(InboxVerb::Waive { expert, through, reason }) = verb {
                let expert = expert_id(&home, &expert)?;
                home.apply(Command::Office(OfficeCommand::Waive { expert, through, reason }))?;
            }
            Ok(inbox(&home))
        }
        SecretariatVerb::Board => board(&home),
        SecretariatVerb::Review(verb) => review(&mut home, verb),
        SecretariatVerb::Pay(verb) => pay(&mut home, verb),
        SecretariatVerb::Statistics { pdf } => figures(&home, pdf),
    }
}

fn expert_id(home: &Home, number: &str) -> Result<Id, Failure> {
    let wanted: Option<u32> = number.trim_start_matches("E-").parse().ok();
    let found = home.books.experts.values().find(|e| Some(e.number) == wanted);
    Ok(found.ok_or(Refusal::NotFound { what: "expert" })?.id)
}

fn experts(home: &mut Home, verb: ExpertsVerb) -> Result<Answer, Failure> {
    match verb {
        ExpertsVerb::List => {}
        ExpertsVerb::Show { request } => {
            let seen = office::read_request(home, &request)?;
            return Ok(Answer::line(seen.fingerprint.clone())
                .and(seen.name.clone())
                .with("fingerprint", seen.fingerprint)
                .with("name", seen.name));
        }
        ExpertsVerb::Approve { request, out } => drop(office::approve(home, &request, &out)?),
        ExpertsVerb::Revoke { expert } => {
            let expert = expert_id(home, &expert)?;
            home.apply(Command::Office(OfficeCommand::Revoke { expert }))?;
            office::publish(home)?;
        }
    }
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for e in home.books.experts.values() {
        let state = if e.revoked_on.is_some() { "revoked" } else { "active" };
        answer = answer.and(format!("E-{:03}  {state}  {}", e.number, e.name));
        rows.push(json!({"expert": format!("E-{:03}", e.number), "state": state, "name": e.name}));
    }
    Ok(answer.with("experts", rows))
}

fn delivery_of<'a>(home: &'a Home, name: &str) -> Result<&'a Delivery, Failure> {
    let mut found = home.books.deliveries.values().filter(|d| d.id.to_string().starts_with(name));
    match (found.next(), found.next()) {
        (Some(d), None) if name.len() >= 4 => Ok(d),
        _ => Err(Refusal::NotFound { what: "delivery" }.into()),
    }
}

fn state_of(d: &Delivery) -> &'static str {
    match &d.review {
        None if d.findings.is_empty() => "clean",
        None => "findings",
        Some(r) if r.accepted => "accepted",
        Some(_) => "returned",
    }
}

fn inbox(home: &Home) -> Answer {
    let mut deliveries: Vec<&Delivery> = home.books.deliveries.values().collect();
    deliveries.sort_by_key(|d| (d.expert, d.seq));
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for d in deliveries {
        let case_no = d.report.as_ref().map_or("-", |r| &r.case_no);
        let kind = if d.claim.is_some() { "claim" } else { "report" };
        let session = d.report.as_ref().map(|r| r.session);
        let id = d.id.to_string();
        let number = session.map_or_else(|| "-".into(), |n| n.to_string());
        answer =
            answer.and(format!("{id:.8}  {kind:6} {case_no:8} {number}  {}  {}", state_of(d), d.findings.join(" ")));
        rows.push(json!({"id": id, "kind": kind, "case_no": case_no, "session": session, "state": state_of(d),
            "findings": d.findings, "sha256": d.sha256, "seq": d.seq, "resumed_after": d.resumed_after}));
    }
    let mut waived = Vec::new();
    for (e, w) in home.books.experts.values().flat_map(|e| e.waived.iter().map(move |w| (e, w))) {
        let runs: Vec<String> = w.missing.iter().map(|(first, last)| format!("{first}-{last}")).collect();
        answer = answer.and(format!("waived  E-{:03}  {}  {}  {}  {}", e.number, runs.join(" "), w.at, w.by, w.reason));
        waived.push(json!({"expert": format!("E-{:03}", e.number), "through": w.through, "missing": w.missing,
            "at": w.at.to_string(), "by": w.by, "reason": w.reason}));
    }
    answer.with("deliveries", rows).with("waived", waived)
}

fn board(home: &Home) -> Result<Answer, Failure> {
    let profile = home.profile()?;
    let pack = bansou_core::command::pack(&home.packs, &profile.programme)?;
    let today = home.ctx().today();
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for case in home.books.cases.values() {
        let sessions: String = case
            .sessions
            .values()
            .map(|s| match (s.accepted, s.held.is_some(), s.planned.is_some()) {
                (true, _, _) => '4',
                (_, true, _) => '3',
                (_, _, true) => '1',
                _ => '0',
            })
            .collect();
        let late = statistics::days_late(case, pack, today);
        let number = home.books.experts.get(&case.expert).map_or(0, |e| e.number);
        answer = answer.and(format!("{:8} E-{number:03} {sessions} {:?}", case.case_no, case.accepted));
        rows.push(json!({"case_no": case.case_no, "expert": format!("E-{number:03}"), "prefecture": case.prefecture,
            "held": case.sessions.values().filter(|s| s.held.is_some()).count(),
            "received": case.received, "accepted": case.accepted,
            "late_session": late.map(|l| l.0), "late_days": late.map(|l| l.1)}));
    }
    Ok(answer.with("cases", rows))
}

fn review(home: &mut Home, verb: ReviewVerb) -> Result<Answer, Failure> {
    match verb {
        ReviewVerb::Show { delivery } => {
            let d = delivery_of(home, &delivery)?;
            let roles: Vec<&String> = d.parts.keys().collect();
            let answer = roles.iter().fold(Answer::line(state_of(d)), |a, r| a.and(r.as_str()));
            return Ok(answer.with("findings", d.findings.clone()).with("parts", json!(roles)));
        }
        ReviewVerb::Approve { delivery } => {
            let id = delivery_of(home, &delivery)?.id;
            office::review(home, id, true, String::new())?;
        }
        ReviewVerb::Return { delivery } => {
            let id = delivery_of(home, &delivery)?.id;
            office::review(home, id, false, super::expert::spoken()?)?;
        }
        ReviewVerb::ApproveClean => {
            office::review_clean(home)?;
        }
        ReviewVerb::Save { delivery, role, file } => {
            let blob = delivery_of(home, &delivery)?.parts.get(&role).copied();
            papers::save(home, blob.ok_or(Refusal::NotFound { what: "part" })?, &file)?;
        }
    }
    Ok(inbox(home))
}

fn pay(home: &mut Home, verb: PayVerb) -> Result<Answer, Failure> {
    let newest = |home: &Home| {
        let run = home.books.pay_runs.values().max_by_key(|r| (r.pay_on, r.id)).map(|r| r.id);
        run.ok_or(Refusal::NotFound { what: "payment" })
    };
    match verb {
        PayVerb::Plan { closed: Day(closed) } => {
            home.apply(Command::Office(OfficeCommand::PlanPay { closed_on: closed }))?;
        }
        PayVerb::List => {}
        PayVerb::Approve { by } => {
            let run = newest(home)?;
            home.apply(Command::Office(OfficeCommand::ApprovePay { run, by }))?;
        }
        PayVerb::Export { file } => {
            let bytes = papers::render(home, &Typesetter::new()?, &Request::PaymentList(newest(home)?))?.1;
            papers::write_file(&file, &bytes)?;
        }
    }
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for run in home.books.pay_runs.values() {
        for l in &run.lines {
            answer = answer.and(format!("{}  {}  {}  {}  {}", run.pay_on, l.payee, l.gross, l.withheld, l.net));
            rows.push(json!({"pay_on": run.pay_on.to_string(), "name": l.payee, "units": l.units, "over_clock": l.over_clock, "gross": l.gross,
                "withheld": l.withheld, "net": l.net, "approved": run.approved_by.is_some()}));
        }
    }
    Ok(answer.with("lines", rows))
}

fn figures(home: &Home, pdf: Option<PathBuf>) -> Result<Answer, Failure> {
    let profile = home.profile()?;
    let pack = bansou_core::command::pack(&home.packs, &profile.programme)?;
    let s = statistics::compute(&home.books, pack, home.ctx().today());
    if let Some(file) = pdf {
        papers::write_file(&file, &papers::render(home, &Typesetter::new()?, &Request::Statistics)?.1)?;
    }
    let held: serde_json::Map<String, Value> = s.held.iter().map(|(n, c)| (n.to_string(), json!(c))).collect();
    Ok(Answer::line(format!("cases {}", s.cases))
        .and(format!(
            "not started {} / running {} / finished {} / ended {}",
            s.not_started, s.running, s.finished, s.ended
        ))
        .and(format!("sessions {:?}", s.held))
        .and(format!("paid {} yen, withheld {} yen", s.paid_yen, s.withheld_yen))
        .with("cases", s.cases)
        .with("not_started", s.not_started)
        .with("running", s.running)
        .with("finished", s.finished)
        .with("ended", s.ended)
        .with("late", s.late)
        .with("held", Value::Object(held))
        .with("median_days", s.median_days())
        .with("paid_yen", s.paid_yen)
        .with("withheld_yen", s.withheld_yen))
}
