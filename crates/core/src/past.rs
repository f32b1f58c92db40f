//! One thing through time: every change of its fields, and putting an old value back as a new change.

use jiff::civil::DateTime;
use serde_json::Value;

use crate::attachment::{AttachmentAction, AttachmentCommand};
use crate::books::Books;
use crate::client::ClientCommand;
use crate::command::{Command, housekeeping};
use crate::engagement::{EngagementAction, EngagementCommand};
use crate::findings::{FindingsAction, FindingsCommand};
use crate::history::{Difference, differences, label, part, unsealed, value};
use crate::note::{NoteAction, Onto};
use crate::planning::{PlanAction, PlanCommand};
use crate::record::v1::{ClaimState, Engagement, Id, JournalEntry, Note, Record};
use crate::refusal::Refusal;
use crate::session::{SessionAction, SessionCommand};

/// What a person takes for one thing: records, or fields within them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub records: Vec<Id>,
    /// Beginnings of the paths of its fields; an empty one is the whole record.
    pub within: Vec<Vec<String>>,
}

/// One field that one journal entry changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub seq: u64,
    pub at: DateTime,
    pub record: Id,
    pub field: Difference,
}

impl Item {
    /// True when a field is one of this thing.
    fn holds(&self, path: &[String]) -> bool {
        self.within.iter().any(|within| path.starts_with(within))
    }
}

/// Every change of the fields of a thing, newest first. `entries` are oldest first.
pub fn turns(entries: &[(u64, JournalEntry)], item: &Item) -> Vec<Turn> {
    let mut found = Vec::new();
    for (seq, entry) in entries.iter().rev().filter(|(_, e)| !housekeeping(e)) {
        for change in entry.changes.iter().filter(|c| item.records.contains(&c.id)) {
            let fields = differences(change).into_iter().filter(|field| item.holds(&field.path));
            found.extend(fields.map(|field| Turn { seq: *seq, at: entry.at, record: change.id, field }));
        }
    }
    found
}

/// The command that gives a field the value it had before a turn. `entry` is the one of the turn.
pub fn put_back(books: &Books, entry: &JournalEntry, turn: &Turn) -> Result<Command, Refusal> {
    unsealed(books, entry)?;
    let now = books.record(turn.record).ok_or(Refusal::ChangedSince)?;
    let before = entry.changes.iter().find(|c| c.id == turn.record).and_then(|c| c.before.as_ref());
    let wanted = restored(&now, before, &turn.field.path).ok_or(Refusal::NoEarlierValue)?;
    if wanted == now {
        return Err(Refusal::SameValue);
    }
    leading(books, &wanted, &turn.field.path)
}

/// The record of now with the field of before. Where the field cannot stand alone, what it is a part of goes back.
fn restored(now: &Record, before: Option<&Record>, path: &[String]) -> Option<Record> {
    let (fields, old) = (value(Some(now)), value(before));
    for length in (1..=path.len()).rev() {
        let path = &path[..length];
        let wanted = path.iter().try_fold(&old, |at, name| part(at, name));
        let ways = match wanted {
            Some(wanted) => vec![Some(wanted.clone())],
            None => vec![None, Some(Value::Null), Some(Value::String(String::new()))],
        };
        for way in ways {
            let mut fields = fields.clone();
            let kind = serde_json::Map::from_iter([(now.kind().to_owned(), Value::Null)]);
            let mut whole = Value::Object(kind);
            if set(&mut fields, path, way).is_some() {
                whole[now.kind()] = fields;
                if let Ok(record) = serde_json::from_value(whole) {
                    return Some(record);
                }
            }
        }
    }
    None
}

/// Gives the field at a path a value, or takes it out; nothing when there is no such place.
fn set(at: &mut Value, path: &[String], to: Option<Value>) -> Option<()> {
    let (name, rest) = path.split_first()?;
    if let Value::Array(items) = at {
        let place = items.iter().enumerate().position(|(n, item)| label(n, item) == *name);
        return match (place, rest.is_empty(), to) {
            (Some(place), false, to) => set(&mut items[place], rest, to),
            (Some(place), true, Some(to)) => {
                items[place] = to;
                Some(())
            }
            _ => None,
        };
    }
    let map = at.as_object_mut()?;
    match (rest.is_empty(), to) {
        (false, to) => return set(map.get_mut(name)?, rest, to),
        (true, Some(to)) => drop(map.insert(name.clone(), to)),
        (true, None) => drop(map.remove(name)?),
    }
    Some(())
}

/// The command that a person would give to come to the wanted record, which differs in this field.
fn leading(books: &Books, wanted: &Record, path: &[String]) -> Result<Command, Refusal> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let none = Refusal::NoEarlierValue;
    let finding = |engagement, action| Ok(Command::Findings(FindingsCommand { engagement, action }));
    match (wanted, &path[..]) {
        (Record::Client(client), _) => Ok(Command::Client(ClientCommand::Edit(Box::new(client.clone())))),
        (Record::Engagement(engagement), path) => of_engagement(engagement, path),
        (Record::Note(note), path) => of_note(note, path),
        (Record::Sheet(sheet), [field, number, ..]) => {
            let question = number.parse().map_err(|_| Refusal::CannotUndo)?;
            let newest = books.sheets_of(sheet.engagement).last().is_some_and(|s| s.id == sheet.id);
            let action = match *field {
                // What was found at an earlier diagnosis is what this one is compared with.
                _ if !newest => return Err(Refusal::CannotUndo),
                "answers" => FindingsAction::Answer { question, answer: sheet.answers.get(&question).copied() },
                _ => {
                    let text = sheet.evidence.get(&question).cloned().unwrap_or_default();
                    FindingsAction::Evidence { question, text }
                }
            };
            finding(sheet.engagement, action)
        }
        (Record::Policy(policy), path) => {
            let action = match path {
                ["fields", name, ..] => {
                    let value = policy.fields.get(*name).cloned().unwrap_or_default();
                    FindingsAction::PolicyField { name: (*name).to_owned(), value }
                }
                ["articles", number, ..] => {
                    let number = number.parse().map_err(|_| Refusal::CannotUndo)?;
                    let text = policy.articles.get(&number).cloned().unwrap_or_default();
                    FindingsAction::PolicyArticle { number, text }
                }
                ["enacted_on"] => FindingsAction::PolicyEnacted(policy.enacted_on),
                ["published", ..] => FindingsAction::PolicyPublished(policy.published.clone()),
                _ => return Err(Refusal::CannotUndo),
            };
            finding(policy.engagement, action)
        }
        (Record::Regulations(review), ["sections", section, ..]) => {
            let found = review.sections.get(*section).ok_or(none)?.clone();
            finding(review.engagement, FindingsAction::Section { section: (*section).to_owned(), review: found })
        }
        (Record::FinalReport(report), ["answers", item, ..]) => {
            let value = report.answers.get(*item).ok_or(none)?.clone();
            finding(report.engagement, FindingsAction::Final { item: (*item).to_owned(), value })
        }
        (Record::Plan(plan), path) => {
            let action = match path {
                ["lines", id, ..] => {
                    let line = plan.lines.iter().find(|l| format!("#{}", l.id) == *id).ok_or(none)?;
                    PlanAction::Edit(Box::new(line.clone()))
                }
                ["agreed_on"] => PlanAction::Agree(plan.agreed_on.ok_or(none)?),
                ["starts"] => PlanAction::Start(plan.starts),
                _ => return Err(Refusal::CannotUndo),
            };
            Ok(Command::Plan(PlanCommand { engagement: plan.engagement, action }))
        }
        (Record::Attachment(kept), _) => {
            let (dated, note, links) = (kept.dated, kept.note.clone(), kept.links.clone());
            let action = AttachmentAction::Edit { attachment: kept.id, dated, note, links };
            Ok(Command::Attachment(AttachmentCommand { engagement: kept.engagement, action }))
        }
        (Record::Claim(claim), _) if claim.state == ClaimState::Sent => Err(Refusal::AlreadySent),
        _ => Err(Refusal::CannotUndo),
    }
}

fn of_engagement(engagement: &Engagement, path: &[&str]) -> Result<Command, Refusal> {
    let whole = |action| Ok(Command::Engagement(EngagementCommand { engagement: engagement.id, action }));
    let (number, rest) = match path {
        ["expectations"] => return whole(EngagementAction::Expect(engagement.expectations.clone())),
        ["two_star"] => return whole(EngagementAction::SetTwoStar(engagement.two_star)),
        ["hearing", ..] => return whole(EngagementAction::Bring(engagement.hearing.clone())),
        ["sessions", number, rest @ ..] => (number.parse().map_err(|_| Refusal::CannotUndo)?, rest),
        _ => return Err(Refusal::CannotUndo),
    };
    let session = engagement.session(number).ok_or(Refusal::CannotUndo)?;
    let none = Refusal::NoEarlierValue;
    let action = match rest {
        ["planned", ..] => SessionAction::Plan(session.planned.clone().ok_or(none)?),
        ["combined_reason"] if session.held.is_none() => {
            SessionAction::Combine(session.combined_reason.clone().ok_or(none)?)
        }
        ["held" | "combined_reason", ..] => return Err(Refusal::AlreadyHeld { session: number }),
        ["checks", item, ..] => {
            SessionAction::Check { item: (*item).to_owned(), check: session.checks.get(*item).cloned() }
        }
        ["report", ..] => SessionAction::Report(session.report.clone()),
        ["confirmation", "original_posted_on"] => {
            let posted = session.confirmation.as_ref().and_then(|c| c.original_posted_on);
            SessionAction::PostOriginal(posted.ok_or(none)?)
        }
        ["confirmation", ..] => SessionAction::Confirm(session.confirmation.clone().ok_or(none)?),
        _ => return Err(Refusal::CannotUndo),
    };
    Ok(Command::Session(SessionCommand { engagement: engagement.id, session: number, action }))
}

fn of_note(note: &Note, path: &[&str]) -> Result<Command, Refusal> {
    let notes = vec![note.id];
    let action = match path {
        ["leaves"] => NoteAction::Release { notes, leaves: note.leaves },
        ["question" | "line" | "section"] => {
            let onto = match (note.question, note.line, &note.section) {
                (Some(question), _, _) => Onto::Question(question),
                (_, Some(line), _) => Onto::Line(line),
                (_, _, Some(section)) => Onto::Section(section.clone()),
                _ => Onto::Nothing,
            };
            NoteAction::Sort { notes, onto }
        }
        ["session" | "who" | "text"] => {
            let (session, who, text) = (note.session, note.who.clone(), note.text.clone());
            NoteAction::Edit { note: note.id, session, who, text }
        }
        _ => return Err(Refusal::CannotUndo),
    };
    Ok(Command::Findings(FindingsCommand { engagement: note.engagement, action: FindingsAction::Note(action) }))
}
