//! The journal read backwards: what can be taken back or done again, what differs, and what was deleted lately.

use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::books::Books;
use crate::command::PURGE;
use crate::record::v1::{ActionPlan, Change, Engagement, Id, JournalEntry, OutboxItem, PlanLine, Record};
use crate::refusal::Refusal;
use crate::share::{HANDED_OUT, RECEIVED};

/// Names of the entries that take back, and that do again what was taken back.
pub const UNDO: &str = "undo";
pub const REDO: &str = "redo";
/// Days in which a deleted thing is offered to be put back; the journal keeps it until a purge.
pub const BIN_DAYS: i32 = 30;

/// Written by the machine, left the machine or came from outside: nobody's last change.
const PASSED: [&str; 9] = ["care", "outbox", "resume", "enrol", "profile", "artefact", PURGE, HANDED_OUT, RECEIVED];

/// Journal numbers of what can be taken back and done again, the next one last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stacks {
    pub undo: Vec<u64>,
    pub redo: Vec<u64>,
}

/// Reads the stacks off the journal, oldest entry first: they are the same after a restart.
pub fn stacks(entries: &[(u64, JournalEntry)]) -> Stacks {
    let mut stacks = Stacks::default();
    for (seq, entry) in entries.iter().filter(|(_, e)| !e.changes.is_empty() && !PASSED.contains(&e.command.as_str())) {
        match entry.undoes {
            Some(back) if entry.command == REDO => {
                stacks.redo.retain(|s| *s != back);
                stacks.undo.push(*seq);
            }
            Some(back) => {
                stacks.undo.retain(|s| *s != back);
                stacks.redo.push(*seq);
            }
            None => {
                stacks.undo.push(*seq);
                stacks.redo.clear();
            }
        }
    }
    stacks
}

/// The changes that take an entry back. What has left the machine or arrived from outside stays.
pub fn reverse(books: &Books, entry: &JournalEntry) -> Result<Vec<Change>, Refusal> {
    if PASSED.contains(&entry.command.as_str()) || entry.command == "office" {
        return Err(Refusal::CannotUndo);
    }
    unsealed(books, entry)?;
    entry.changes.iter().map(|change| back(books, change)).collect()
}

/// Refuses when what an entry changed was sealed or handed out after it.
pub(crate) fn unsealed(books: &Books, entry: &JournalEntry) -> Result<(), Refusal> {
    if handed_out_since(books, entry) {
        return Err(Refusal::HandedOut);
    }
    let Some(item) = sealed_since(books, entry) else { return Ok(()) };
    let case_no = item.engagement.and_then(|id| books.engagements.get(&id)).map_or("", |e| e.case_no.as_str());
    Err(Refusal::SealedSince { case_no: case_no.to_owned(), session: item.session.unwrap_or(0) })
}

fn back(books: &Books, change: &Change) -> Result<Change, Refusal> {
    let now = books.record(change.id);
    if now == change.after {
        return Ok(Change { id: change.id, before: now, after: change.before.clone() });
    }
    // A line that was deleted comes back into whatever the plan has become.
    match (&change.before, &change.after, &now) {
        (Some(Record::Plan(before)), Some(Record::Plan(after)), Some(Record::Plan(plan))) => {
            let lost = lost_lines(before, after);
            let only_lost = before.lines.len() == after.lines.len() + lost.len();
            if lost.is_empty() || !only_lost || lost.iter().any(|l| plan.lines.iter().any(|p| p.id == l.id)) {
                return Err(Refusal::ChangedSince);
            }
            let mut lines = plan.lines.clone();
            lines.extend(lost.into_iter().cloned());
            let whole = Record::Plan(ActionPlan { lines, ..plan.clone() });
            Ok(Change { id: change.id, before: now, after: Some(whole) })
        }
        _ => Err(Refusal::ChangedSince),
    }
}

fn lost_lines<'a>(before: &'a ActionPlan, after: &ActionPlan) -> Vec<&'a PlanLine> {
    before.lines.iter().filter(|b| !after.lines.iter().any(|a| a.id == b.id)).collect()
}

/// The bundle that was sealed after an entry from what it changed.
fn sealed_since<'a>(books: &'a Books, entry: &JournalEntry) -> Option<&'a OutboxItem> {
    entry.changes.iter().find_map(|change| {
        let record = change.after.as_ref().or(change.before.as_ref())?;
        let engagement = about(record)?;
        books.outbox.values().find(|item| {
            let told = item.session.is_some_and(|n| match (&change.before, &change.after) {
                (Some(Record::Engagement(before)), Some(Record::Engagement(after))) => differs(before, after, n),
                _ => books.engagements.get(&engagement).is_some_and(|e| n == e.last_session()),
            });
            item.engagement == Some(engagement) && told && later(item.sealed_at, entry.at)
        })
    })
}

/// What was agreed about a trainee stands once a copy was handed out under it.
fn handed_out_since(books: &Books, entry: &JournalEntry) -> bool {
    entry.changes.iter().any(|c| match c.after.as_ref().or(c.before.as_ref()) {
        Some(Record::Pairing(p)) => books.handouts_of(p.engagement).last().is_some_and(|h| later(h.made_at, entry.at)),
        _ => false,
    })
}

fn later(sealed: DateTime, at: DateTime) -> bool {
    sealed >= at
}

/// Whether the report of session `n` tells something else before and after.
fn differs(before: &Engagement, after: &Engagement, n: u8) -> bool {
    before.session(n) != after.session(n) || before.ending != after.ending
}

/// The engagement whose deliverables or reports a record goes into; notes and attachments go into none.
fn about(record: &Record) -> Option<Id> {
    match record {
        Record::Engagement(r) => Some(r.id),
        Record::Sheet(r) => Some(r.engagement),
        Record::Policy(r) => Some(r.engagement),
        Record::Regulations(r) => Some(r.engagement),
        Record::Plan(r) => Some(r.engagement),
        Record::FinalReport(r) => Some(r.engagement),
        _ => None,
    }
}

/// The engagement an entry is about, as far as one record tells.
pub fn engagement_of(entry: &JournalEntry) -> Option<Id> {
    entry.changes.iter().find_map(|c| told_of(c.after.as_ref().or(c.before.as_ref())?))
}

/// The engagement a record belongs to, as far as it tells by itself.
pub fn told_of(record: &Record) -> Option<Id> {
    match record {
        Record::Note(note) => Some(note.engagement),
        Record::Attachment(attached) => Some(attached.engagement),
        Record::Pairing(pairing) => Some(pairing.engagement),
        Record::Handout(out) => Some(out.engagement),
        Record::Returned(back) => Some(back.engagement),
        Record::Shared(copy) => Some(copy.engagement),
        Record::Outbox(item) => item.engagement,
        Record::Artefact(made) => made.engagement,
        record => about(record),
    }
}

/// Whether an entry deleted something that is still gone and still offered to be put back.
pub fn in_bin(books: &Books, entry: &JournalEntry, today: Date) -> bool {
    let days = entry.at.date().until(today).map_or(0, |span| span.get_days());
    let gone = |c: &Change| match (&c.before, &c.after) {
        (Some(_), None) => books.record(c.id).is_none(),
        (Some(Record::Plan(before)), Some(Record::Plan(after))) => {
            let now = books.plans.get(&c.id);
            lost_lines(before, after).iter().any(|l| now.is_none_or(|p| !p.lines.iter().any(|x| x.id == l.id)))
        }
        _ => false,
    };
    days <= BIN_DAYS
        && entry.undoes.is_none()
        && !PASSED.contains(&entry.command.as_str())
        && entry.changes.iter().any(gone)
}

/// Fields that mean nothing to a person, or that change only with what is shown.
const HIDDEN: [&str; 10] =
    ["id", "engagement", "client", "blob", "sha256", "size", "media", "imported_at", "plan_lines", "pasted"];

/// One field that an entry changed: its path of names, and its text before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub path: Vec<String>,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Field by field what a change changed. Items of a list stand in the path as `#` and their id, or by their place from 1.
pub fn differences(change: &Change) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(&mut Vec::new(), &value(change.before.as_ref()), &value(change.after.as_ref()), &mut found);
    found
}

/// The fields of a record; null when there is none.
pub(crate) fn value(record: Option<&Record>) -> Value {
    match record.and_then(|r| serde_json::to_value(r).ok()) {
        // The kind stands around the fields.
        Some(Value::Object(kind)) if kind.len() == 1 => kind.into_iter().next().map_or(Value::Null, |(_, v)| v),
        other => other.unwrap_or(Value::Null),
    }
}

fn walk(path: &mut Vec<String>, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let branch = |v: &Value| matches!(v, Value::Object(_) | Value::Array(_));
    if !branch(before) && !branch(after) {
        let (before, after) = (text(before), text(after));
        let hidden = |name: &String| HIDDEN.contains(&name.as_str());
        let shown = !path.iter().any(hidden);
        if shown && before != after {
            found.push(Difference { path: path.clone(), before, after });
        }
        return;
    }
    for name in names(before, after) {
        let null = Value::Null;
        let (b, a) = (part(before, &name).unwrap_or(&null), part(after, &name).unwrap_or(&null));
        path.push(name);
        walk(path, b, a, found);
        path.pop();
    }
}

/// The field or the item of this name.
pub(crate) fn part<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map) => map.get(name),
        Value::Array(items) => items.iter().enumerate().find(|(n, item)| label(*n, item) == name).map(|(_, item)| item),
        _ => None,
    }
}

/// Items of a list are told apart by their id, or else by their place from 1.
pub(crate) fn label(place: usize, item: &Value) -> String {
    match item.get("id").and_then(Value::as_str) {
        Some(id) => format!("#{id}"),
        None => (place + 1).to_string(),
    }
}

fn names(before: &Value, after: &Value) -> Vec<String> {
    let of = |v: &Value| match v {
        Value::Object(map) => map.keys().cloned().collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, item)| label(n, item)).collect(),
        _ => Vec::new(),
    };
    let mut names = of(before);
    names.extend(of(after).into_iter().filter(|n| !names.contains(n)).collect::<Vec<_>>());
    names
}

pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|t| !t.is_empty()),
        other => Some(other.to_string()),
    }
}
