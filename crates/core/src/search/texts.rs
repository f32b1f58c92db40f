//! The texts of a record: what a person wrote, and what its answers say in the words of its edition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::spoken;
use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::Record;

/// Keys whose text is no person's: names of records and editions, hashes, keys, signed texts, words of states.
const MACHINE: [&str; 37] = [
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
    "media",
    "plan_lines",
    "handout",
    "take",
];

/// Kinds whose records hold rows of their own: lines, sections, answers.
const BY_ROWS: [&str; 6] = ["engagement", "sheet", "policy", "regulations", "plan", "final-report"];

/// A text of a record: the row it stands in (empty where the record is one), the path of its field, and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Such as `lines.2`; an answer and its evidence are one row, `answers.11`.
    pub row: String,
    /// Such as `lines.2.action`.
    pub field: String,
    pub text: String,
}

/// Every text of a record, row by row: first what it says in the words of its edition, then what was written.
pub fn texts(books: &Books, packs: &[Pack], record: &Record) -> Vec<Text> {
    texts_of(books, packs, record, &stored(record))
}

/// The record as it is stored, without the name of its kind around it.
pub(super) fn stored(record: &Record) -> Value {
    match serde_json::to_value(record).expect("records hold only plain data with text keys") {
        Value::Object(one) => one.into_iter().next().map_or(Value::Null, |(_, value)| value),
        _ => Value::Null,
    }
}

pub(super) fn texts_of(books: &Books, packs: &[Pack], record: &Record, value: &Value) -> Vec<Text> {
    let kind = record.kind();
    let mut skipped: BTreeSet<&str> = MACHINE.into();
    match kind {
        "sheet" => drop(skipped.insert("answers")),
        "enrolment" => drop(skipped.insert("published")),
        // The same words stand in the records themselves.
        "handout" => drop(skipped.insert("fields")),
        "shared" => drop(skipped.insert("base")),
        _ => {}
    }
    let mut out = spoken::texts(books, packs, record);
    let spoken = !out.is_empty();
    Walk { by_rows: BY_ROWS.contains(&kind), skipped, out: &mut out }.collect("", "", 0, value);
    if spoken {
        let mut order: BTreeMap<String, usize> = BTreeMap::new();
        for text in &out {
            let next = order.len();
            order.entry(text.row.clone()).or_insert(next);
        }
        out.sort_by_key(|text| order[&text.row]);
    }
    out
}

struct Walk<'a> {
    by_rows: bool,
    skipped: BTreeSet<&'static str>,
    out: &'a mut Vec<Text>,
}

impl Walk<'_> {
    fn collect(&mut self, path: &str, row: &str, depth: u8, value: &Value) {
        let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        // The second name of a path tells the row.
        let row = if self.by_rows && depth == 2 { path.replacen("evidence.", "answers.", 1) } else { row.to_owned() };
        match value {
            Value::String(text) if !text.is_empty() => {
                self.out.push(Text { row, field: path.to_owned(), text: text.clone() });
            }
            Value::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    self.collect(&below(&n.to_string()), &row, depth + 1, item);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    if !self.skipped.contains(key.as_str()) && (key != "claim" || !value.is_string()) {
                        self.collect(&below(key), &row, depth + 1, value);
                    }
                }
            }
            _ => {}
        }
    }
}
