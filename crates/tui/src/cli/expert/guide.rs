//! The session as a guide: its clock, its checklist, the request to prepare, and the guidance.

use std::path::Path;

use bansou_core::checklist::{self, Group, Source};
use bansou_core::document::{self, Request};
use bansou_core::programme::builtin;
use bansou_core::record::v1::{CheckState, Part};
use bansou_core::refusal::Refusal;
use bansou_core::timing::Tap;
use jiff::civil::{Date, Time};
use serde_json::{Value, json};

use super::case;
use crate::app::find;
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::{GuidanceArgs, PartArg, SessionVerb};
use crate::shell::documents::Typesetter;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::papers;

/// What a verb of the clock does, and to which session.
pub(super) fn tap(verb: SessionVerb) -> (String, u8, Tap) {
    match verb {
        SessionVerb::Pause { case, session } => (case, session, Tap::Pause),
        SessionVerb::Stop { case, session } => (case, session, Tap::Stop),
        SessionVerb::Start { case, session } => (case, session, Tap::Start),
        _ => (String::new(), 0, Tap::Start),
    }
}

/// The given day and times, or those of the clock.
pub(super) fn times(
    home: &Home,
    case_no: &str,
    number: u8,
    given: (Option<Date>, Option<Time>, Option<Time>),
) -> Result<(Date, Time, Time), Failure> {
    if let (Some(date), Some(start), Some(end)) = given {
        return Ok((date, start, end));
    }
    let engagement = case(home, case_no)?.0;
    let clock = engagement.session(number).and_then(|s| s.clock.as_ref()).ok_or(Refusal::ClockStands)?;
    let (date, start, end) = clock.times(home.ctx().now);
    let end = given.2.or(end).ok_or(Refusal::TimeOrder)?;
    Ok((given.0.unwrap_or(date), given.1.unwrap_or(start), end))
}

pub(super) fn checklist(call: &Call, home: &Home, case_no: &str, number: u8) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    if engagement.session(number).is_none() {
        return Err(Refusal::NotFound { what: "session" }.into());
    }
    let mut answer = Answer::default().with("case_no", case_no).with("session", number);
    let mut rows = Vec::new();
    for line in checklist::lines(&pack.curriculum, engagement, number) {
        let state = match line.check.map(|c| c.state) {
            Some(CheckState::Done) => "done",
            Some(CheckState::Skipped) => "skipped",
            None => "open",
        };
        let part = part_word(line.group);
        let text = line.text();
        let label = text.get(call.lang);
        answer = answer.and(format!("{:10} {state:8} {part:8} {label}", line.id()));
        let own = matches!(line.source, Source::Own(_));
        rows.push(json!({"item": line.id(), "state": state, "part": part, "from_session": line.home, "own": own,
            "label": label}));
    }
    Ok(answer.with("items", rows))
}

fn part_word(group: Group) -> &'static str {
    match group {
        Group::Carried => "carried",
        Group::Of(Part::Prep) => "prep",
        Group::Of(Part::Firm) => "firm",
        Group::Of(Part::Day) => "day",
        Group::Of(Part::After) => "after",
    }
}

/// The request to prepare: as text for a mail, or as a PDF in a new file.
pub(super) fn prep(home: &mut Home, case_no: &str, number: u8, pdf: Option<&Path>) -> Result<Answer, Failure> {
    let engagement = case(home, case_no)?.0.id;
    let Some(file) = pdf else {
        let text = document::letter(&home.books, &home.packs, home.ctx().today(), engagement, number)?;
        let answer = text.lines().fold(Answer::default(), |a, line| a.and(line.to_owned()));
        return Ok(answer.with("text", text));
    };
    let request = Request::Engagement { engagement, document: "prep-request".to_owned(), session: Some(number) };
    let made = papers::make(home, &Typesetter::new()?, &request)?;
    papers::save(home, made.blob, file)?;
    Ok(Answer::line(file.display().to_string()).with("file", file.display().to_string()))
}

/// The guidance of a programme year; needs no home.
pub(super) fn guidance(call: &Call, args: &GuidanceArgs) -> Result<Answer, Failure> {
    let packs = builtin();
    let newest = packs.iter().max_by_key(|p| p.programme.ends);
    let pack = match &args.programme {
        Some(id) => Some(bansou_core::command::pack(&packs, id)?),
        None => newest,
    };
    let guidance = &pack.ok_or(Refusal::NotFound { what: "programme" })?.guidance;
    let query = args.text.as_deref().unwrap_or("");
    let topic = |id: &str| guidance.topic(id).map_or("", |t| t.name.get(call.lang));
    let matching = guidance.entries.iter().filter(|e| {
        [e.title.get(call.lang), e.text.get(call.lang), topic(&e.topic)].iter().any(|text| find::found(query, text))
    });
    let mut answer = Answer::default().with("edition", guidance.edition.clone());
    let mut rows: Vec<Value> = Vec::new();
    for entry in matching {
        let (title, text) = (entry.title.get(call.lang), entry.text.get(call.lang));
        answer = answer.and(format!("{}: {title}", topic(&entry.topic)));
        if !query.is_empty() {
            answer = text.lines().fold(answer, |a, line| a.and(format!("  {line}")));
        }
        rows.push(json!({"id": entry.id, "topic": entry.topic, "title": title, "text": text}));
    }
    Ok(answer.with("entries", rows))
}

impl From<PartArg> for Part {
    fn from(part: PartArg) -> Self {
        match part {
            PartArg::Prep => Self::Prep,
            PartArg::Firm => Self::Firm,
            PartArg::Day => Self::Day,
            PartArg::After => Self::After,
        }
    }
}
