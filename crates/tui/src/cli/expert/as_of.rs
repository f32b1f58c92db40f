//! The engagement as it was at the end of a session or of a day, wound back through the journal; nothing is changed.

use bansou_core::as_of::{AsOf, Then};
use bansou_core::books::Books;
use bansou_core::engagement;
use bansou_core::findings::answers;
use bansou_core::planning;
use bansou_core::programme::Pack;
use bansou_core::record::v1::Engagement;
use bansou_core::refusal::Refusal;
use bansou_core::text::Lang;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::findings::said;
use super::people::status_word;
use super::{case, client_id};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::typed;
use crate::shell::failure::Failure;
use crate::shell::home::Home;

/// Shows the engagement of a client, named by id or case number.
pub(super) fn show(call: &Call, home: &Home, client: &str, typed::AsOf(at): typed::AsOf) -> Result<Answer, Failure> {
    let by_case = case(home, client).map(|(e, _)| e);
    let now = match by_case {
        Ok(found) => found,
        Err(_) => {
            let id = client_id(home, client)?;
            home.books.engagement_of(id).ok_or(Refusal::NotFound { what: "case" })?
        }
    };
    let pack = home.pack_of(now.id)?;
    let Then { seq, day, books: then, .. } = home.then(now, at)?;
    let found = then.engagements.get(&now.id).ok_or(Refusal::NotFound { what: "case" })?;
    let title = match (call.lang, at) {
        (Lang::Ja, AsOf::Session(n)) => format!("第{n}回時点(履歴{seq}、{day})読むだけ"),
        (Lang::Ja, AsOf::Day(on)) => format!("{on}時点(履歴{seq})読むだけ"),
        (Lang::En, AsOf::Session(n)) => format!("As of session {n} (entry {seq}, {day}), read only"),
        (Lang::En, AsOf::Day(on)) => format!("As of {on} (entry {seq}), read only"),
    };
    let name = then.clients.get(&found.client).map(|c| c.name.clone());
    let answer = Answer::line(title)
        .and(format!("{}  {}", name.as_deref().unwrap_or("-"), found.case_no))
        .with("as_of", day.to_string())
        .with("seq", seq)
        .with("name", name)
        .with("case_no", found.case_no.clone());
    let answer = sessions(answer, &then, pack, found, day);
    Ok(plan(texts(diagnosis(answer, call.lang, &then, pack, found), call.lang, &then, pack, found), &then, pack, found))
}

fn sessions(mut answer: Answer, then: &Books, pack: &Pack, found: &Engagement, day: Date) -> Answer {
    let mut rows = Vec::new();
    for number in 1..=found.sessions.len() as u8 {
        let status = status_word(engagement::status(then, pack, found, number, day));
        let date = found.date_of(number).map(|d| d.to_string());
        let checks = found.session(number).map_or(0, |s| s.checks.len());
        answer = answer.and(format!("{number}  {status}  {}  {checks}", date.as_deref().unwrap_or("-")));
        rows.push(json!({"session": number, "status": status, "date": date, "checks": checks}));
    }
    answer.with("sessions", rows)
}

fn diagnosis(answer: Answer, lang: Lang, then: &Books, pack: &Pack, found: &Engagement) -> Answer {
    let sheets = then.sheets_of(found.id);
    let Some(sheet) = sheets.last() else { return answer.with("answers", Value::Null) };
    let given = answers(&pack.diagnosis, sheet);
    let score = pack.diagnosis.score(&given);
    let word = if lang == Lang::Ja { "診断" } else { "diagnosis" };
    let answer = answer.and(format!("{word}  {} / {}  {}", score.total, score.max_of_answered, score.band.id));
    let said = said(&pack.diagnosis, sheet);
    let line: Vec<String> =
        said.iter().filter_map(|row| Some(format!("{}:{}", row["question"], spelled(&row["answer"])?))).collect();
    answer.and(format!("  {}", line.join(" "))).with("score", score.total).with("answers", said)
}

/// A worth as `diagnosis answer` takes it; nothing of an open question.
fn spelled(worth: &Value) -> Option<String> {
    match worth {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        number => Some(number.to_string()),
    }
}

/// The policy and the regulations, as far as there was anything.
fn texts(mut answer: Answer, lang: Lang, then: &Books, pack: &Pack, found: &Engagement) -> Answer {
    let draft = then.policy_of(found.id);
    let written = draft.into_iter().flat_map(|d| &d.fields).map(|(id, value)| (id.clone(), value.as_str().to_owned()));
    let written: Vec<(String, String)> = written.collect();
    for (id, text) in &written {
        answer = answer.and(format!("{id}  {text}"));
    }
    let review = then.regulations_of(found.id);
    let mut rows = Vec::new();
    for section in pack.regulations.sections() {
        let Some(said) = review.and_then(|r| r.sections.get(&section.number)) else { continue };
        let status = pack.regulations.status(said.status);
        answer = answer.and(format!("{:5} {}", section.number, status.name.get(lang)));
        rows.push(json!({"section": section.number, "status": status.name.en}));
    }
    let policy: Vec<Value> = written.iter().map(|(id, text)| json!({"field": id, "text": text})).collect();
    answer.with("policy", policy).with("sections", rows)
}

/// Numbered as `plan list` numbers them.
fn plan(mut answer: Answer, then: &Books, pack: &Pack, found: &Engagement) -> Answer {
    let mut rows = Vec::new();
    let ranked = then.plan_of(found.id).map_or_else(Vec::new, |p| planning::ranked(then, pack, p));
    for (place, (_, line)) in (1..).zip(ranked) {
        let score = format!("{}{}{}", line.urgency, line.importance, line.difficulty);
        answer = answer.and(format!("{place:2}  {score}  {}  {}  {}", line.issue, line.action, line.owner));
        rows.push(json!({"line": place, "score": score, "issue": line.issue, "action": line.action}));
    }
    answer.with("plan", rows)
}
