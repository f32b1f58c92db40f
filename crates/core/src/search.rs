//! Search over every text of the books: folded once, kept in memory, scanned for any part of a word.

mod fold;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem::Finder;
use serde_json::Value;

use crate::books::Books;
use crate::record::v1::{Change, Id, Record};
pub use fold::{fold, needles};

/// Kinds of records in the order of results; any other comes after them.
const KINDS: [&str; 18] = [
    "client",
    "engagement",
    "case",
    "expert",
    "note",
    "sheet",
    "policy",
    "regulations",
    "plan",
    "final-report",
    "claim",
    "outbox",
    "delivery",
    "artefact",
    "pay-run",
    "profile",
    "resumption",
    "enrolment",
];

/// Keys whose text is no person's: names of records and editions, hashes, keys, signed texts, words of states.
const MACHINE: [&str; 33] = [
    "id",
    "client",
    "engagement",
    "expert",
    "blob",
    "sha256",
    "manifest_sha256",
    "prev",
    "evidence_sha256",
    "ticket",
    "receipt",
    "certificate",
    "recipients",
    "root_key",
    "signing_key",
    "age_recipient",
    "recipient",
    "open_tokens",
    "claims",
    "parts",
    "programme",
    "edition",
    "editions",
    "state",
    "status",
    "mode",
    "assurance",
    "two_star",
    "kind",
    "pattern",
    "line",
    "section",
    "hearing",
];

/// Keys that say when a record was made; the first that it has puts it in order.
const WHEN: [&str; 8] = ["at", "taken_on", "made_at", "sealed_at", "pulled_at", "claimed_on", "matched_on", "added_on"];

/// Characters of an excerpt before and after the place.
const BEFORE: usize = 12;
const AFTER: usize = 60;

/// The texts of a home, folded.
#[derive(Clone, Debug, Default)]
pub struct Index(BTreeMap<Id, Entry>);

#[derive(Clone, Debug)]
struct Entry {
    kind: &'static str,
    when: String,
    engagement: Option<Id>,
    /// Every field with a zero after it, which no needle holds.
    folded: String,
    /// Where each field begins in `folded`.
    starts: Vec<usize>,
}

/// One field in which the query stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub record: Id,
    /// Such as `note`.
    pub kind: &'static str,
    /// The engagement it is about, if it is about one.
    pub engagement: Option<Id>,
    /// Which of the record's texts, in the order of `texts`.
    text: usize,
    /// Bytes of folded text before the place.
    offset: usize,
}

/// A text of a record: the path of its field, such as `lines.2.action`, and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub field: String,
    pub text: String,
}

impl Index {
    /// Folds every text of the books.
    pub fn build(books: &Books) -> Self {
        let mut index = Self::default();
        books.records().iter().for_each(|record| index.put(record));
        index
    }

    /// Follows changes that the books have followed.
    pub fn follow(&mut self, changes: &[Change]) {
        for change in changes {
            match &change.after {
                Some(record) => self.put(record),
                None => drop(self.0.remove(&change.id)),
            }
        }
    }

    fn put(&mut self, record: &Record) {
        let (kind, value) = (record.kind(), stored(record));
        let (mut folded, mut starts) = (String::new(), Vec::new());
        for text in texts_of(kind, &value) {
            starts.push(folded.len());
            folded.push_str(&fold(&text.text));
            folded.push('\0');
        }
        let word = |key: &str| value.get(key).and_then(Value::as_str);
        let when = WHEN.iter().find_map(|key| word(key)).unwrap_or_default().to_owned();
        let engagement = if kind == "engagement" { word("id") } else { word("engagement") };
        let engagement = engagement.and_then(|id| id.parse().ok());
        self.0.insert(record.id(), Entry { kind, when, engagement, folded, starts });
    }

    /// Every field that holds one of the spellings: clients first, then by kind, the newest first.
    pub fn find(&self, spellings: &[&str]) -> Vec<Hit> {
        let needles = needles(spellings);
        let finders: Vec<Finder<'_>> = needles.iter().map(Finder::new).collect();
        let mut found: Vec<(&Entry, Hit)> = Vec::new();
        for (id, entry) in &self.0 {
            let mut places = BTreeMap::new();
            finders.iter().for_each(|f| entry.scan(f, &mut places));
            found.extend(places.into_iter().map(|(text, offset)| {
                (entry, Hit { record: *id, kind: entry.kind, engagement: entry.engagement, text, offset })
            }));
        }
        // The sort is stable: records of one moment stay in the order of their ids.
        let rank = |kind| KINDS.iter().position(|k| *k == kind).unwrap_or(KINDS.len());
        found.sort_by_key(|(entry, _)| (rank(entry.kind), Reverse(&entry.when)));
        found.into_iter().map(|(_, hit)| hit).collect()
    }
}

impl Entry {
    /// Notes the first place in each field.
    fn scan(&self, finder: &Finder<'_>, places: &mut BTreeMap<usize, usize>) {
        let bytes = self.folded.as_bytes();
        let mut from = 0;
        while let Some(at) = finder.find(&bytes[from..]).map(|at| from + at) {
            let text = self.starts.partition_point(|start| *start <= at) - 1;
            let offset = at - self.starts[text];
            places.entry(text).and_modify(|first| *first = offset.min(*first)).or_insert(offset);
            match self.starts.get(text + 1) {
                Some(next) => from = *next,
                None => break,
            }
        }
    }
}

impl Hit {
    /// The field and the words around the place, on one line; nothing when the record has changed since.
    pub fn excerpt(&self, books: &Books) -> Option<Text> {
        let record = books.record(self.record)?;
        let Text { field, text } = texts(&record).into_iter().nth(self.text)?;
        let at = fold::place(&text, self.offset);
        let before = text[..at].chars().count().saturating_sub(BEFORE);
        let line = text.chars().skip(before).take(BEFORE + AFTER);
        let line = line.map(|c| if crate::text_rules::steers(c) { ' ' } else { c }).collect();
        Some(Text { field, text: line })
    }
}

/// Every text that a person wrote into a record, in the order of its field names.
pub fn texts(record: &Record) -> Vec<Text> {
    texts_of(record.kind(), &stored(record))
}

/// The record as it is stored, without the name of its kind around it.
fn stored(record: &Record) -> Value {
    match serde_json::to_value(record).expect("records hold only plain data with text keys") {
        Value::Object(one) => one.into_iter().next().map_or(Value::Null, |(_, value)| value),
        _ => Value::Null,
    }
}

fn texts_of(kind: &str, value: &Value) -> Vec<Text> {
    let mut skipped: BTreeSet<&str> = MACHINE.into();
    match kind {
        "sheet" => drop(skipped.insert("answers")),
        "enrolment" => drop(skipped.insert("published")),
        _ => {}
    }
    let mut out = Vec::new();
    collect("", value, &skipped, &mut out);
    out
}

fn collect(path: &str, value: &Value, skipped: &BTreeSet<&str>, out: &mut Vec<Text>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::String(text) if !text.is_empty() => out.push(Text { field: path.to_owned(), text: text.clone() }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| collect(&below(&n.to_string()), item, skipped, out));
        }
        Value::Object(map) => map
            .iter()
            .filter(|(key, value)| !skipped.contains(key.as_str()) && (*key != "claim" || !value.is_string()))
            .for_each(|(key, value)| collect(&below(key), value, skipped, out)),
        _ => {}
    }
}
