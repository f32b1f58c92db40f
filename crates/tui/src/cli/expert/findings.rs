//! Notes, the diagnosis, the policy, the regulations, the plan and the final report.

use std::collections::BTreeMap;

use bansou_core::command::Command;
use bansou_core::diagnosis::{Diagnosis, Question};
use bansou_core::findings::{FindingsAction, FindingsCommand, answers};
use bansou_core::plan::PlanFinding;
use bansou_core::planning::{self, PlanAction, PlanCommand};
use bansou_core::record::v1::{AnswerCode, Id, LineStatus, PlanLine, SectionReview, SectionStatus, Sheet};
use bansou_core::refusal::Refusal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{case, document, spoken};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::{DiagnosisVerb, FinalVerb, PlanVerb, PolicyVerb, RegulationsVerb, SectionArg};
use crate::cli::typed::Day;
use crate::shell::failure::Failure;
use crate::shell::home::Home;

pub(super) fn found(home: &mut Home, case_no: &str, action: FindingsAction) -> Result<(), Failure> {
    let engagement = case(home, case_no)?.0.id;
    home.apply(Command::Findings(FindingsCommand { engagement, action })).map(drop)
}

pub(super) fn diagnosis(call: &Call, verb: DiagnosisVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let case_no = match verb {
        DiagnosisVerb::Answer { case: c, question, answer } => {
            let answer = answer_of(&home, &c, &answer)?;
            found(&mut home, &c, FindingsAction::Answer { question, answer: Some(answer) })?;
            c
        }
        DiagnosisVerb::Import { case: c, file } => {
            let text = std::fs::read(&file).map_err(|e| Failure::file(&file, &e))?;
            let given = import(&home, &c, &text)?;
            found(&mut home, &c, FindingsAction::Answers(given))?;
            c
        }
        DiagnosisVerb::Evidence { case: c, question } => {
            found(&mut home, &c, FindingsAction::Evidence { question, text: spoken()? })?;
            c
        }
        DiagnosisVerb::Again { case: c } => {
            let taken_on = home.ctx().today();
            let (unit, respondent) = (String::new(), String::new());
            found(&mut home, &c, FindingsAction::NewSheet { taken_on, unit, respondent })?;
            c
        }
        DiagnosisVerb::Show { case: c } => c,
    };
    score(&home, &case_no)
}

fn answer_of(home: &Home, case_no: &str, text: &str) -> Result<AnswerCode, Failure> {
    let pack = case(home, case_no)?.1;
    let wrong = || Failure::input("答えは 4, 2, 0, -1, na のどれかです。", "The answer must be 4, 2, 0, -1 or na.");
    match text {
        "na" => Ok(AnswerCode::NotApplicable),
        points => pack.diagnosis.answer_worth(points.parse().map_err(|_| wrong())?).ok_or_else(wrong),
    }
}

fn import(home: &Home, case_no: &str, text: &[u8]) -> Result<BTreeMap<u8, AnswerCode>, Failure> {
    let pack = case(home, case_no)?.1;
    let count = pack.diagnosis.questions.len();
    let wrong = || {
        Failure::input(
            format!("{count}個の答え(4, 2, 0, -1, null)のJSON配列が必要です。"),
            format!("A JSON array of {count} answers (4, 2, 0, -1, null) is needed."),
        )
    };
    let given: Vec<Option<i32>> = serde_json::from_slice(text).map_err(|_| wrong())?;
    if given.len() != count {
        return Err(wrong());
    }
    let answer = |points: Option<i32>| match points {
        None => Some(AnswerCode::NotApplicable),
        Some(p) => pack.diagnosis.answer_worth(p),
    };
    (1..).zip(given).map(|(n, p)| Ok((n, answer(p).ok_or_else(wrong)?))).collect()
}

fn score(home: &Home, case_no: &str) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let sheets = home.books.sheets_of(engagement.id);
    let sheet = sheets.last().ok_or(Refusal::NotFound { what: "diagnosis" })?;
    let given = answers(&pack.diagnosis, sheet);
    let score = pack.diagnosis.score(&given);
    Ok(Answer::line(format!("{} / {}  {}", score.total, score.max_of_answered, score.band.id))
        .with("case_no", case_no)
        .with("edition", sheet.edition.clone())
        .with("score", score.total)
        .with("parts", score.parts)
        .with("band", score.band.id)
        .with("unknown", score.unknown)
        .with("answered", score.answered)
        .with("answers", said(&pack.diagnosis, sheet)))
}

/// Every question with its answer as `diagnosis answer` takes it, and its evidence.
pub(super) fn said(edition: &Diagnosis, sheet: &Sheet) -> Vec<Value> {
    let worth = |answer| match answer {
        AnswerCode::NotApplicable => json!("na"),
        other => json!(edition.points(other)),
    };
    let row = |(question, answer): (&Question, Option<AnswerCode>)| {
        let evidence = sheet.evidence.get(&question.number);
        json!({"question": question.number, "answer": answer.map(worth), "evidence": evidence})
    };
    edition.questions.iter().zip(answers(edition, sheet)).map(row).collect()
}

pub(super) fn policy(call: &Call, verb: PolicyVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let case_no = match verb {
        PolicyVerb::Set { case: c, field } => {
            found(&mut home, &c, FindingsAction::PolicyField { name: field, value: spoken()? })?;
            c
        }
        PolicyVerb::Enact { case: c, date: Day(date) } => {
            found(&mut home, &c, FindingsAction::PolicyEnacted(Some(date)))?;
            c
        }
        PolicyVerb::Publish { case: c, date: Day(date) } => {
            found(&mut home, &c, FindingsAction::PolicyPublished(Some((spoken()?, date))))?;
            c
        }
        PolicyVerb::Show { case: c } => c,
    };
    let (engagement, pack) = case(&home, &case_no)?;
    let draft = home.books.policy_of(engagement.id);
    let mut rows = Vec::new();
    let mut answer = Answer::default().with("enacted_on", draft.and_then(|d| d.enacted_on).map(|d| d.to_string()));
    for field in &pack.policy.fields {
        let value = draft.and_then(|d| d.fields.get(&field.id));
        answer = answer.and(format!("{}  {}", field.id, value.map_or("-", |v| v.as_str())));
        rows.push(json!({"field": field.id, "required": field.required, "text": value}));
    }
    Ok(answer.with("fields", rows))
}

pub(super) fn regulations(call: &Call, verb: RegulationsVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let case_no = match verb {
        RegulationsVerb::Set { case: c, section, status } => {
            let (engagement, _) = case(&home, &c)?;
            let before = home.books.regulations_of(engagement.id).and_then(|r| r.sections.get(&section)).cloned();
            let empty = || SectionReview {
                status: SectionStatus::Missing,
                document: String::new(),
                finding: String::new(),
                response: String::new(),
            };
            let review = SectionReview { status: status.into(), ..before.unwrap_or_else(empty) };
            found(&mut home, &c, FindingsAction::Section { section, review })?;
            c
        }
        RegulationsVerb::Show { case: c } => c,
    };
    let (engagement, pack) = case(&home, &case_no)?;
    let review = home.books.regulations_of(engagement.id);
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for section in pack.regulations.sections() {
        let status = review.and_then(|r| r.sections.get(&section.number)).map(|s| pack.regulations.status(s.status));
        let word = status.map_or("-", |s| s.name.get(call.lang));
        let label = section.name(call.lang);
        answer = answer.and(format!("{:5} {word}  {label}", section.number));
        rows.push(json!({"section": section.number, "status": status.map(|s| s.name.en.clone())}));
    }
    Ok(answer.with("sections", rows))
}

impl From<SectionArg> for SectionStatus {
    fn from(status: SectionArg) -> Self {
        match status {
            SectionArg::Ready => Self::Ready,
            SectionArg::Partial => Self::Partial,
            SectionArg::Missing => Self::Missing,
            SectionArg::OutOfScope => Self::OutOfScope,
        }
    }
}

pub(super) fn plan(call: &Call, verb: PlanVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let (case_no, action) = match verb {
        PlanVerb::List { case: c } => (c, None),
        PlanVerb::Check { case: c } => return check_plan(&home, &c),
        PlanVerb::Generate { case: c, count } => (c, Some(PlanAction::Generate { count })),
        PlanVerb::Agree { case: c, date: Day(date) } => (c, Some(PlanAction::Agree(date))),
        PlanVerb::Score { case: c, line, score } => {
            let digits: Vec<u8> = score.bytes().map(|b| b.wrapping_sub(b'0')).collect();
            let [urgency, importance, difficulty] = digits[..] else {
                return Err(Failure::input(
                    "点は3桁です(緊急 重要 難易)。例 331",
                    "The score has three digits, such as 331.",
                ));
            };
            let line = line_of(&home, &c, line)?.id;
            (c, Some(PlanAction::Score { line, urgency, importance, difficulty }))
        }
        PlanVerb::Move { case: c, line, to } => {
            let line = line_of(&home, &c, line)?.id;
            let to = to.map(|to| spoken().map(|reason| (to, reason))).transpose()?;
            (c, Some(PlanAction::Move { line, to }))
        }
        PlanVerb::Set { case: c, line, field } => {
            let line = with_field(line_of(&home, &c, line)?, &field, spoken()?)?;
            (c, Some(PlanAction::Edit(Box::new(line))))
        }
        PlanVerb::Add { case: c, file } => {
            (c, Some(PlanAction::Add { line: Box::new(own_line(document(&file)?)), notes: Vec::new() }))
        }
        PlanVerb::Owner { case: c, line } => {
            let line = PlanLine { owner: spoken()?, ..line_of(&home, &c, line)? };
            (c, Some(PlanAction::Edit(Box::new(line))))
        }
    };
    if let Some(action) = action {
        let engagement = case(&home, &case_no)?.0.id;
        home.apply(Command::Plan(PlanCommand { engagement, action }))?;
    }
    list_plan(&home, &case_no)
}

/// A line as `plan add` reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    theme: String,
    action: String,
    #[serde(default)]
    issue: String,
    urgency: u8,
    importance: u8,
    difficulty: u8,
}

fn own_line(line: Line) -> PlanLine {
    PlanLine {
        id: Id::PROFILE,
        theme: line.theme,
        issue: line.issue,
        basis: String::new(),
        question: None,
        action: line.action,
        owner: String::new(),
        support: String::new(),
        urgency: line.urgency,
        importance: line.importance,
        difficulty: line.difficulty,
        start: None,
        due: None,
        cost: String::new(),
        done_when: String::new(),
        status: LineStatus::Open,
        moved: None,
    }
}

fn with_field(mut line: PlanLine, field: &str, text: String) -> Result<PlanLine, Failure> {
    let day = || match text.parse::<Day>() {
        Ok(day) => Ok(Some(day.0)),
        Err(reason) => Err(Failure::input(reason.to_string(), reason.to_string())),
    };
    match field {
        "start" => line.start = day()?,
        "due" => line.due = day()?,
        "issue" => line.issue = text,
        "action" => line.action = text,
        "owner" => line.owner = text,
        "support" => line.support = text,
        "cost" => line.cost = text,
        "done_when" => line.done_when = text,
        _ => return Err(Refusal::UnknownItem { item: field.to_owned() }.into()),
    }
    Ok(line)
}

/// The line at a rank, from 1.
fn line_of(home: &Home, case_no: &str, rank: usize) -> Result<PlanLine, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let plan = home.books.plan_of(engagement.id).ok_or(Refusal::NotFound { what: "plan" })?;
    let mut lines = planning::ranked(&home.books, pack, plan);
    if rank == 0 || rank > lines.len() {
        return Err(Refusal::NotFound { what: "plan line" }.into());
    }
    Ok(lines.swap_remove(rank - 1).1)
}

fn list_plan(home: &Home, case_no: &str) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let plan = home.books.plan_of(engagement.id).ok_or(Refusal::NotFound { what: "plan" })?;
    let mut answer = Answer::default().with("case_no", case_no).with("edition", plan.edition.clone());
    let mut rows = Vec::new();
    for (rank, (score, line)) in (1..).zip(planning::ranked(&home.books, pack, plan)) {
        let scores = format!("{}{}{}", line.urgency, line.importance, line.difficulty);
        let reason = line.moved.as_ref().map_or_else(String::new, |m| format!("  ({:+} {})", m.places, m.reason));
        answer = answer.and(format!("{rank:2}  {score}  {scores}  {}  {}{reason}", line.owner, line.action));
        rows.push(json!({"rank": rank, "score": score, "theme": line.theme, "action": line.action, "scores": scores,
            "due": line.due.map(|d| d.to_string()), "question": line.question,
            "moved": line.moved.map(|m| m.places)}));
    }
    Ok(answer.with("lines", rows))
}

fn check_plan(home: &Home, case_no: &str) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let plan = home.books.plan_of(engagement.id).ok_or(Refusal::NotFound { what: "plan" })?;
    let lines: Vec<PlanLine> = planning::ranked(&home.books, pack, plan).into_iter().map(|(_, l)| l).collect();
    let found = pack.plan.lint(&lines, plan.starts);
    let words: Vec<String> = found
        .iter()
        .map(|f| match f {
            PlanFinding::ThemeMissing(theme) => format!("theme-missing {theme}"),
            PlanFinding::OwnerMissing(n) => format!("owner-missing {n}"),
            PlanFinding::DoneWhenMissing(n) => format!("done-when-missing {n}"),
            PlanFinding::DueMissing(n) => format!("due-missing {n}"),
            PlanFinding::DueOutsideYear(n) => format!("due-outside-year {n}"),
        })
        .collect();
    let mut answer = words.iter().fold(Answer::default(), |a, w| a.and(w.clone())).with("findings", words.clone());
    answer.code = if words.is_empty() { 0 } else { 6 };
    Ok(answer)
}

pub(super) fn final_report(call: &Call, verb: FinalVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let case_no = match verb {
        FinalVerb::Set { case: c, item } => {
            found(&mut home, &c, FindingsAction::Final { item, value: spoken()? })?;
            c
        }
        FinalVerb::Show { case: c } => c,
    };
    let (engagement, pack): (_, _) = case(&home, &case_no)?;
    let id: Id = engagement.id;
    let given = home.books.final_report_of(id).map(|f| f.answers.clone()).unwrap_or_default();
    let mut answer = Answer::default().with("edition", pack.final_report.edition.clone());
    let mut rows = Vec::new();
    for item in pack.final_report.items.iter().filter(|i| pack.final_report.applies(i, &given)) {
        let value = given.get(&item.id);
        answer = answer.and(format!("{:5} {}  {}", item.id, value.map_or("-", |v| v), item.text.get(call.lang)));
        rows.push(json!({"item": item.id, "answers": value, "options": item.options.len()}));
    }
    Ok(answer.with("items", rows).with("missing", pack.final_report.missing(&given).len()))
}
