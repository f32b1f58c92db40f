//! Clients, their sessions, and what is to be done today.

use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::engagement::{self, EngagementAction, EngagementCommand, Status};
use bansou_core::record::v1::{
    Assurance, Check, CheckState, Client, Confirmation, Contact, EndingKind, Held, Id, Mode, Planned, ReportText,
    TwoStar,
};
use bansou_core::session::{SessionAction, SessionCommand};
use bansou_core::text::Lang;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{as_of, case, client_id, document, guide, retention, spoken};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::{AssuranceArg, ClientVerb, ModeArg, SessionVerb, TwoStarArg};
use crate::cli::typed::Day;
use crate::shell::failure::Failure;
use crate::shell::home::Home;

/// A firm as `client add` reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Firm {
    name: String,
    #[serde(default)]
    kana: String,
    category: u8,
    main_industry: Option<u8>,
    #[serde(default)]
    capital: u64,
    employees: u32,
    #[serde(default)]
    sole_proprietor: bool,
    prefecture: u8,
    #[serde(default)]
    representative_title: String,
    #[serde(default)]
    representative: String,
    #[serde(default)]
    counterpart: String,
    #[serde(default)]
    one_star: bool,
}

pub(super) fn client(call: &Call, verb: ClientVerb) -> Result<Answer, Failure> {
    let firm = match &verb {
        ClientVerb::Add { file } => Some(document::<Firm>(file)?),
        ClientVerb::CheckCertificate { file } => return retention::check_certificate(file),
        ClientVerb::Erase { client, confirm, .. } => return retention::erase(call, client, confirm.as_deref()),
        _ => None,
    };
    let mut home = call.open()?;
    match verb {
        ClientVerb::Add { .. } | ClientVerb::CheckCertificate { .. } | ClientVerb::Erase { .. } => {
            let Some(firm) = firm else { return Ok(Answer::default()) };
            let changes = home.apply(Command::Client(ClientCommand::Add(Box::new(record(firm, &home)))))?;
            let id = changes.first().map_or(Id::PROFILE, |c| c.id);
            decision(call.lang, &home, id).map(|a| a.with("id", id.to_string()))
        }
        ClientVerb::List { archived: true } => retention::archived(call, &home),
        ClientVerb::List { .. } => Ok(list(&home)),
        ClientVerb::Show { client, as_of: Some(at) } => as_of::show(call, &home, &client, at),
        ClientVerb::Show { client, .. } => show(&home, client_id(&home, &client)?),
        ClientVerb::Archive { client } => retention::change(&mut home, &client, ClientCommand::Archive),
        ClientVerb::Unarchive { client } => retention::change(&mut home, &client, ClientCommand::Unarchive),
        ClientVerb::Hold { client } => retention::hold(&mut home, &client),
        ClientVerb::Release { client } => retention::change(&mut home, &client, ClientCommand::Release),
        ClientVerb::Purges => retention::purges(&home),
        ClientVerb::Certificate { purge, file } => retention::certificate(&home, &purge, &file),
        ClientVerb::OneStar { client } => {
            let id = client_id(&home, &client)?;
            let found = home.books.clients.get(&id).cloned();
            let found = found.ok_or(bansou_core::refusal::Refusal::NotFound { what: "client" })?;
            home.apply(Command::Client(ClientCommand::Edit(Box::new(Client { one_star: true, ..found }))))?;
            Ok(Answer::line(id.to_string()).with("id", id.to_string()))
        }
        ClientVerb::Eligibility { client } => decision(call.lang, &home, client_id(&home, &client)?),
        ClientVerb::Begin { client, case, matched: Day(matched) } => {
            let id = client_id(&home, &client)?;
            let begin = ClientCommand::Begin { client: id, case_no: case.clone(), matched_on: matched };
            home.apply(Command::Client(begin))?;
            Ok(Answer::line(case.clone()).with("case_no", case))
        }
    }
}

fn record(firm: Firm, home: &Home) -> Client {
    Client {
        id: Id::PROFILE,
        name: firm.name,
        kana: firm.kana,
        category: firm.category,
        main_industry: firm.main_industry,
        capital: firm.capital,
        employees: firm.employees,
        sole_proprietor: firm.sole_proprietor,
        prefecture: firm.prefecture,
        contact: Contact {
            representative_title: firm.representative_title,
            representative: firm.representative,
            counterpart: firm.counterpart,
        },
        one_star: firm.one_star,
        added_on: home.ctx().today(),
        archived: false,
    }
}

fn decision(lang: Lang, home: &Home, id: Id) -> Result<Answer, Failure> {
    let profile = home.profile()?;
    let pack = bansou_core::command::pack(&home.packs, &profile.programme)?;
    let client = home.books.clients.get(&id).ok_or(bansou_core::refusal::Refusal::NotFound { what: "client" })?;
    let decision = bansou_core::client::eligibility(pack, client)?;
    Ok(Answer::line(format!("{} {}", decision.clause, decision.reason.get(lang)))
        .with("eligible", decision.eligible)
        .with("clause", decision.clause)
        .with("reason", decision.reason.get(lang)))
}

fn list(home: &Home) -> Answer {
    let mut clients: Vec<&Client> = home.books.clients.values().filter(|c| !c.archived).collect();
    clients.sort_by(|a, b| a.kana.cmp(&b.kana));
    let rows: Vec<Value> = clients
        .iter()
        .map(|c| {
            let engagement = home.books.engagement_of(c.id);
            json!({"id": c.id.to_string(), "name": c.name, "prefecture": c.prefecture,
                "case_no": engagement.map(|e| e.case_no.clone()),
                "held": engagement.map(|e| e.held_count())})
        })
        .collect();
    clients.iter().fold(Answer::default().with("clients", rows), |answer, c| {
        let case = home.books.engagement_of(c.id).map_or("-", |e| &e.case_no);
        answer.and(format!("{:.8}  {case:8}  {}", c.id.to_string(), c.name))
    })
}

fn show(home: &Home, id: Id) -> Result<Answer, Failure> {
    let c = home.books.clients.get(&id).ok_or(bansou_core::refusal::Refusal::NotFound { what: "client" })?;
    let case_no = home.books.engagement_of(id).map(|e| e.case_no.clone());
    Ok(Answer::line(format!("{}  {}", c.name, case_no.as_deref().unwrap_or("-")))
        .with("id", id.to_string())
        .with("name", c.name.clone())
        .with("kana", c.kana.clone())
        .with("category", c.category)
        .with("capital", c.capital)
        .with("employees", c.employees)
        .with("prefecture", c.prefecture)
        .with("representative", c.contact.representative.clone())
        .with("one_star", c.one_star)
        .with("case_no", case_no))
}

pub(super) fn session(call: &Call, verb: SessionVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        SessionVerb::List { case: c } => sessions(&home, &c),
        SessionVerb::Checklist { case: c, session } => guide::checklist(call, &home, &c, session),
        SessionVerb::Plan { case: c, session, date: Day(date), start, mode, because } => {
            let start = start.map(|hour| hour.0);
            let planned = Planned { date, start, mode: mode.into(), moved_because: because };
            act(&mut home, &c, session, SessionAction::Plan(planned))
        }
        SessionVerb::Check { case: c, session, item, skip, open } => {
            let reason = if skip { Some(spoken()?) } else { None };
            let state = if skip { CheckState::Skipped } else { CheckState::Done };
            let check = (!open).then_some(Check { state, reason, carried_to: None });
            act(&mut home, &c, session, SessionAction::Check { item, check })
        }
        SessionVerb::Done { case: c, session, date, start, end, mode, attendees, management, place, combined } => {
            let (date, start, end) = (date.map(|d| d.0), start.map(|s| s.0), end.map(|e| e.0));
            let (date, start, end) = guide::times(&home, &c, session, (date, start, end))?;
            let held = Held { date, start, end, mode: mode.into(), attendees, management_present: management, place };
            let combined_reason = if combined { Some(spoken()?) } else { None };
            act(&mut home, &c, session, SessionAction::Hold { held, combined_reason })
        }
        verb @ (SessionVerb::Start { .. } | SessionVerb::Pause { .. } | SessionVerb::Stop { .. }) => {
            let (c, session, tap) = guide::tap(verb);
            act(&mut home, &c, session, SessionAction::Clock(tap))
        }
        SessionVerb::AddItem { case: c, session, part, minutes } => {
            let action = SessionAction::AddItem { part: part.into(), text: spoken()?, minutes };
            act(&mut home, &c, session, action)?;
            guide::checklist(call, &home, &c, session)
        }
        SessionVerb::RemoveItem { case: c, session, item } => {
            act(&mut home, &c, session, SessionAction::RemoveItem(item))?;
            guide::checklist(call, &home, &c, session)
        }
        SessionVerb::Combine { case: c, session } => act(&mut home, &c, session, SessionAction::Combine(spoken()?)),
        SessionVerb::Prep { case: c, session, pdf } => guide::prep(&mut home, &c, session, pdf.as_deref()),
        SessionVerb::Confirm { case: c, session, date: Day(date), title, assurance } => {
            let confirmation = Confirmation {
                signed_on: date,
                signer_title: title,
                signer: spoken()?,
                assurance: assurance.into(),
                original_posted_on: None,
                evidence_sha256: None,
            };
            act(&mut home, &c, session, SessionAction::Confirm(confirmation))
        }
        SessionVerb::Report { case: c, session, file } => {
            let text: Words = document(&file)?;
            let text = ReportText { content: text.content, focus: text.focus, message: text.message };
            act(&mut home, &c, session, SessionAction::Report(text))
        }
        SessionVerb::End { case: c, shortened } => {
            let kind = if shortened { EndingKind::Shortened } else { EndingKind::Early };
            whole(&mut home, &c, EngagementAction::End { kind, reason: spoken()? })
        }
        SessionVerb::Expect { case: c } => whole(&mut home, &c, EngagementAction::Expect(spoken()?)),
        SessionVerb::TwoStar { case: c, state } => whole(&mut home, &c, EngagementAction::SetTwoStar(state.into())),
    }
}

/// The words of a report as `session report` reads them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    content: String,
    #[serde(default)]
    focus: String,
    #[serde(default)]
    message: String,
}

fn act(home: &mut Home, case_no: &str, session: u8, action: SessionAction) -> Result<Answer, Failure> {
    let engagement = case(home, case_no)?.0.id;
    home.apply(Command::Session(SessionCommand { engagement, session, action }))?;
    sessions(home, case_no)
}

fn whole(home: &mut Home, case_no: &str, action: EngagementAction) -> Result<Answer, Failure> {
    let engagement = case(home, case_no)?.0.id;
    home.apply(Command::Engagement(EngagementCommand { engagement, action }))?;
    sessions(home, case_no)
}

fn sessions(home: &Home, case_no: &str) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let today = home.ctx().today();
    let mut answer = Answer::default().with("case_no", case_no);
    let mut rows = Vec::new();
    for number in 1..=engagement.sessions.len() as u8 {
        let status = status_word(engagement::status(&home.books, pack, engagement, number, today));
        let date = engagement.date_of(number).map(|d| d.to_string());
        answer = answer.and(format!("{number}  {status}  {}", date.as_deref().unwrap_or("-")));
        rows.push(json!({"session": number, "status": status, "date": date}));
    }
    Ok(answer.with("sessions", rows))
}

pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Done => "done",
        Status::Doing => "doing",
        Status::Late => "late",
        Status::Planned => "planned",
        Status::NotYet => "not-yet",
        Status::Dropped => "dropped",
    }
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Visit => Self::Visit,
            ModeArg::Online => Self::Online,
            ModeArg::Mixed => Self::Mixed,
        }
    }
}

impl From<AssuranceArg> for Assurance {
    fn from(assurance: AssuranceArg) -> Self {
        match assurance {
            AssuranceArg::Paper => Self::Paper,
            AssuranceArg::SignedPdf => Self::SignedPdf,
            AssuranceArg::Mail => Self::Mail,
            AssuranceArg::OnTerminal => Self::OnTerminal,
        }
    }
}

impl From<TwoStarArg> for TwoStar {
    fn from(state: TwoStarArg) -> Self {
        match state {
            TwoStarArg::NotStarted => Self::NotStarted,
            TwoStarArg::Preparing => Self::Preparing,
            TwoStarArg::Applied => Self::Applied,
            TwoStarArg::Declared => Self::Declared,
        }
    }
}
