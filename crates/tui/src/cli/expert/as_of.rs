//! The engagement as it was at the end of a session or of a day, wound back through the journal; nothing is changed.

use bansou_core::as_of::{books_at, end_of_day, end_of_session};
use bansou_core::books::Books;
use bansou_core::engagement;
use bansou_core::findings::answers;
use bansou_core::programme::Pack;
use bansou_core::record::v1::{AnswerCode, Engagement};
use bansou_core::refusal::Refusal;
use bansou_core::text::Lang;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::people::status_word;
use super::{case, client_id};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::typed::{AsOf, Day};
use crate::shell::failure::Failure;
use crate::shell::home::Home;

/// Shows the engagement of a client, named by id or case number.
pub(super) fn show(call: &Call, home: &Home, client: &str, at: AsOf) -> Result<Answer, Failure> {
    let by_case = case(home, client).map(|(e, _)| e);
    let now = match by_case {
        Ok(found) => found,
        Err(_) => {
            let id = client_id(home, client)?;
            home.books.engagement_of(id).ok_or(Refusal::NotFound { what: "case" })?
        }
    };
    let pack = home.pack_of(now.id)?;
    let entries = home.history()?;
    let seq = match at {
        AsOf::Day(Day(day)) => end_of_day(&entries, now.id, day),
        AsOf::Session(n) => end_of_session(&entries, now, n).ok_or_else(|| {
            Failure::input(format!("第{n}回はまだ実施されていません。"), format!("Session {n} has not been held yet."))
        })?,
    };
    let then = books_at(&home.books, &entries, seq).ok_or_else(|| {
        Failure::input(
            "履歴の一部が消去されているため、その時点までさかのぼれません。",
            "Part of the history was erased, so that it cannot be wound back to then.",
        )
    })?;
    let day = entries.iter().find(|(s, _)| *s == seq).map(|(_, e)| e.at.date());
    let (Some(found), Some(day)) = (then.engagements.get(&now.id), day) else {
        return Err(Failure::input("そのときはまだ指導が始まっていません。", "The engagement had not begun then."));
    };
    let title = match (call.lang, at) {
        (Lang::Ja, AsOf::Session(n)) => format!("第{n}回時点(履歴{seq}、{day})読むだけ"),
        (Lang::Ja, AsOf::Day(Day(on))) => format!("{on}時点(履歴{seq})読むだけ"),
        (Lang::En, AsOf::Session(n)) => format!("As of session {n} (entry {seq}, {day}), read only"),
        (Lang::En, AsOf::Day(Day(on))) => format!("As of {on} (entry {seq}), read only"),
    };
    let name = then.clients.get(&found.client).map(|c| c.name.clone());
    let answer = Answer::line(title)
        .and(format!("{}  {}", name.as_deref().unwrap_or("-"), found.case_no))
        .with("as_of", day.to_string())
        .with("seq", seq)
        .with("name", name)
        .with("case_no", found.case_no.clone());
    let answer = sessions(answer, &then, pack, found, day);
    Ok(plan(texts(diagnosis(answer, call.lang, &then, pack, found), call.lang, &then, pack, found), &then, found))
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
    // As `diagnosis answer` takes them.
    let worth = |answer| match answer {
        AnswerCode::NotApplicable => "na".to_owned(),
        other => pack.diagnosis.points(other).to_string(),
    };
    let said = pack.diagnosis.questions.iter().zip(given).map(|(q, code)| (q.number, code.map(worth)));
    let said: Vec<(u8, String)> = said.filter_map(|(n, code)| Some((n, code?))).collect();
    let line: Vec<String> = said.iter().map(|(n, code)| format!("{n}:{code}")).collect();
    let rows: Vec<Value> = said.iter().map(|(n, code)| json!({"question": n, "answer": code})).collect();
    answer.and(format!("  {}", line.join(" "))).with("score", score.total).with("answers", rows)
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

fn plan(mut answer: Answer, then: &Books, found: &Engagement) -> Answer {
    let mut rows = Vec::new();
    for (place, line) in (1..).zip(then.plan_of(found.id).into_iter().flat_map(|p| &p.lines)) {
        let score = format!("{}{}{}", line.urgency, line.importance, line.difficulty);
        answer = answer.and(format!("{place:2}  {score}  {}  {}  {}", line.issue, line.action, line.owner));
        rows.push(json!({"line": place, "score": score, "issue": line.issue, "action": line.action}));
    }
    answer.with("plan", rows)
}
