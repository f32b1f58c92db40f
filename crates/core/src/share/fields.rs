//! An engagement as keys and values: the one form in which it is shared, given back and compared.
//!
//! A key names its place, such as `answer/3`; an empty value is no entry. The list is in docs/protocol.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::de::DeserializeOwned;

use crate::books::Books;
pub use crate::record::v1::word;
use crate::record::v1::{
    Check, CheckState, Client, Engagement, Note, OwnItem, Part, PlanLine, SectionReview, Session, SharePart,
};
use crate::refusal::Refusal;

pub type Fields = BTreeMap<String, String>;

const CLIENT: [&str; 12] = [
    "name",
    "kana",
    "category",
    "main-industry",
    "capital",
    "employees",
    "sole-proprietor",
    "prefecture",
    "representative-title",
    "representative",
    "counterpart",
    "one-star",
];
const SECTION: [&str; 4] = ["status", "document", "finding", "response"];
const LINE: [&str; 16] = [
    "theme",
    "issue",
    "basis",
    "question",
    "action",
    "owner",
    "support",
    "urgency",
    "importance",
    "difficulty",
    "start",
    "due",
    "cost",
    "done-when",
    "status",
    "moved",
];
const NOTE: [&str; 8] = ["text", "at", "session", "who", "question", "section", "hearing", "leaves"];

/// Where a key belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub part: SharePart,
    /// The trainee writes a draft of it; everything else only the lead writes.
    pub draft: bool,
    /// Two of them can stand under each other: no choice, number or date.
    pub text: bool,
}

/// The place of a key; none when no key is written like this.
pub fn place(key: &str) -> Option<Place> {
    use SharePart::{Checklist, Diagnosis, Notes, Overview, Plan, Policy, Regulations};
    let words: Vec<&str> = key.split('/').collect();
    let (part, draft, text) = match words[..] {
        ["client", name] if CLIENT.contains(&name) => (Overview, false, false),
        ["engagement", "matched"] => (Overview, false, false),
        ["engagement", "expectations"] => (Overview, true, true),
        ["session", _, "date" | "start" | "mode"] => (Overview, false, false),
        ["session", _, "item", _] => (Checklist, false, false),
        ["session", _, "check", _] => (Checklist, true, false),
        ["answer", _] => (Diagnosis, true, false),
        ["evidence", _] => (Diagnosis, true, true),
        ["policy", "field" | "article", _] => (Policy, true, true),
        ["section", _, name] if SECTION.contains(&name) => (Regulations, true, name != "status"),
        ["plan", "starts"] => (Plan, false, false),
        ["line", _, name] if LINE.contains(&name) => {
            let text = ["issue", "basis", "action", "owner", "support", "cost", "done-when"].contains(&name);
            (Plan, true, text)
        }
        ["note", _, name] if NOTE.contains(&name) => (Notes, true, false),
        _ => return None,
    };
    Some(Place { part, draft, text })
}

/// The line, section or note that a key belongs to, when it is one field of several.
pub fn whole(key: &str) -> Option<&str> {
    let two = || key.match_indices('/').nth(1).map(|(at, _)| &key[..at]);
    match key.split('/').next() {
        Some("line" | "section" | "note") => two(),
        _ => None,
    }
}

/// Whether a name is that of a whole line, section or note.
pub fn is_whole(name: &str) -> bool {
    whole(&format!("{name}/")) == Some(name)
}

/// The field without which a line, a section or a note is not there.
pub fn stem(whole: &str) -> String {
    let name = match whole.split('/').next() {
        Some("line") => "theme",
        Some("section") => "status",
        _ => "text",
    };
    format!("{whole}/{name}")
}

/// Reads the word of a closed list.
pub fn said<T: DeserializeOwned>(key: &str, word: &str) -> Result<T, Refusal> {
    serde_json::from_value(word.into()).map_err(|_| unknown(key))
}

pub fn unknown(key: &str) -> Refusal {
    Refusal::UnknownItem { item: key.to_owned() }
}

/// Which notes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notes {
    /// Those that may leave: all that a lead hands out.
    Leaving,
    All,
}

/// The values of an engagement in these parts. Claims, money, attachments, documents and other clients have no key.
pub fn read(books: &Books, engagement: &Engagement, parts: &BTreeSet<SharePart>, notes: Notes) -> Fields {
    let mut out = Out(Fields::new());
    let id = engagement.id;
    for part in parts {
        match part {
            SharePart::Overview => overview(&mut out, books.client_of(engagement), engagement),
            SharePart::Checklist => {
                (1u8..).zip(&engagement.sessions).for_each(|(n, session)| checklist(&mut out, n, session));
            }
            SharePart::Diagnosis => {
                if let Some(sheet) = books.sheets_of(id).last() {
                    sheet.answers.iter().for_each(|(n, answer)| out.put(format!("answer/{n}"), word(answer)));
                    sheet.evidence.iter().for_each(|(n, text)| out.put(format!("evidence/{n}"), text));
                }
            }
            SharePart::Policy => {
                if let Some(policy) = books.policy_of(id) {
                    policy.fields.iter().for_each(|(name, value)| out.put(format!("policy/field/{name}"), value));
                    policy.articles.iter().for_each(|(n, text)| out.put(format!("policy/article/{n}"), text));
                }
            }
            SharePart::Regulations => {
                let review = books.regulations_of(id);
                review.iter().flat_map(|r| &r.sections).for_each(|(number, found)| section(&mut out, number, found));
            }
            SharePart::Plan => {
                if let Some(plan) = books.plan_of(id) {
                    out.put("plan/starts".to_owned(), plan.starts);
                    plan.lines.iter().for_each(|line| plan_line(&mut out, line));
                }
            }
            SharePart::Notes => {
                let all = books.notes_of(id).into_iter().filter(|n| notes == Notes::All || n.leaves);
                all.for_each(|found| note(&mut out, found));
            }
        }
    }
    out.0
}

/// Collects what is not empty.
struct Out(Fields);

impl Out {
    fn put(&mut self, key: String, value: impl Display) {
        let value = value.to_string();
        if !value.is_empty() {
            self.0.insert(key, value);
        }
    }

    fn maybe(&mut self, key: String, value: Option<impl Display>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
}

fn overview(out: &mut Out, client: Option<&Client>, engagement: &Engagement) {
    if let Some(c) = client {
        let mut put = |name: &str, value: String| out.put(format!("client/{name}"), value);
        put("name", c.name.clone());
        put("kana", c.kana.clone());
        put("category", c.category.to_string());
        put("main-industry", c.main_industry.map_or_else(String::new, |n| n.to_string()));
        put("capital", c.capital.to_string());
        put("employees", c.employees.to_string());
        put("sole-proprietor", c.sole_proprietor.to_string());
        put("prefecture", c.prefecture.to_string());
        put("representative-title", c.contact.representative_title.clone());
        put("representative", c.contact.representative.clone());
        put("counterpart", c.contact.counterpart.clone());
        put("one-star", c.one_star.to_string());
    }
    out.put("engagement/matched".to_owned(), engagement.matched_on);
    out.put("engagement/expectations".to_owned(), &engagement.expectations);
    for (n, session) in (1u8..).zip(&engagement.sessions) {
        let (held, planned) = (session.held.as_ref(), session.planned.as_ref());
        out.maybe(format!("session/{n}/date"), engagement.date_of(n));
        out.maybe(format!("session/{n}/start"), held.map(|h| h.start).or(planned.and_then(|p| p.start)));
        out.maybe(format!("session/{n}/mode"), held.map(|h| h.mode).or(planned.map(|p| p.mode)).map(|m| word(&m)));
    }
}

fn checklist(out: &mut Out, n: u8, session: &Session) {
    for OwnItem { id, part, text, minutes } in &session.own {
        out.put(format!("session/{n}/item/{id}"), format!("{} {minutes} {text}", word(part)));
    }
    for (item, check) in &session.checks {
        let carried = check.carried_to.map_or_else(String::new, |n| format!("@{n}"));
        let reason = check.reason.as_ref().map_or_else(String::new, |r| format!(" {r}"));
        out.put(format!("session/{n}/check/{item}"), format!("{}{carried}{reason}", word(&check.state)));
    }
}

/// Reads the value of a checked item.
pub fn check(key: &str, value: &str) -> Result<Check, Refusal> {
    let (head, reason) = value.split_once(' ').map_or((value, None), |(head, reason)| (head, Some(reason)));
    let (state, carried) = head.split_once('@').map_or((head, None), |(state, n)| (state, Some(n)));
    let carried_to = carried.map(str::parse).transpose().map_err(|_| unknown(key))?;
    let state: CheckState = said(key, state)?;
    Ok(Check { state, reason: reason.map(str::to_owned), carried_to })
}

/// Reads the value of an own item.
pub fn own_item(key: &str, id: &str, value: &str) -> Result<OwnItem, Refusal> {
    let mut words = value.splitn(3, ' ');
    let (Some(part), Some(minutes), Some(text)) = (words.next(), words.next(), words.next()) else {
        return Err(unknown(key));
    };
    let part: Part = said(key, part)?;
    let minutes = minutes.parse().map_err(|_| unknown(key))?;
    Ok(OwnItem { id: id.to_owned(), part, text: text.to_owned(), minutes })
}

fn section(out: &mut Out, number: &str, found: &SectionReview) {
    let mut put = |name: &str, value: String| out.put(format!("section/{number}/{name}"), value);
    put("status", word(&found.status));
    put("document", found.document.clone());
    put("finding", found.finding.clone());
    put("response", found.response.clone());
}

fn plan_line(out: &mut Out, line: &PlanLine) {
    let mut put = |name: &str, value: String| out.put(format!("line/{}/{name}", line.id), value);
    put("theme", line.theme.clone());
    put("issue", line.issue.clone());
    put("basis", line.basis.clone());
    put("question", line.question.map_or_else(String::new, |n| n.to_string()));
    put("action", line.action.clone());
    put("owner", line.owner.clone());
    put("support", line.support.clone());
    put("urgency", line.urgency.to_string());
    put("importance", line.importance.to_string());
    put("difficulty", line.difficulty.to_string());
    put("start", line.start.map_or_else(String::new, |d| d.to_string()));
    put("due", line.due.map_or_else(String::new, |d| d.to_string()));
    put("cost", line.cost.clone());
    put("done-when", line.done_when.clone());
    put("status", word(&line.status));
    put("moved", line.moved.as_ref().map_or_else(String::new, |m| format!("{} {}", m.places, m.reason)));
}

fn note(out: &mut Out, note: &Note) {
    let mut put = |name: &str, value: String| out.put(format!("note/{}/{name}", note.id), value);
    put("text", note.text.clone());
    put("at", note.at.to_string());
    put("session", note.session.map_or_else(String::new, |n| n.to_string()));
    put("who", note.who.clone());
    put("question", note.question.map_or_else(String::new, |n| n.to_string()));
    put("section", note.section.clone().unwrap_or_default());
    put("hearing", note.hearing.clone().unwrap_or_default());
    put("leaves", if note.leaves { "true".to_owned() } else { String::new() });
}
