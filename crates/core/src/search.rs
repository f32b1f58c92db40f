//! Search over every text of the books: folded once, kept in memory, scanned for any part of a word.

mod fold;
mod spoken;
mod texts;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem::Finder;
use serde_json::Value;

use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{Change, Id, Record};
pub use fold::{fold, needles};
pub use texts::{Text, texts};

/// Kinds of records in the order of results; any other comes after them.
const KINDS: [&str; 24] = [
    "client",
    "engagement",
    "case",
    "expert",
    "note",
    "attachment",
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
    "pairing",
    "shared",
    "returned",
    "handout",
    "phrase",
];

/// Keys that say when a record was made; the first that it has puts it in order.
const WHEN: [&str; 9] =
    ["at", "imported_at", "taken_on", "made_at", "sealed_at", "pulled_at", "claimed_on", "matched_on", "added_on"];

/// Characters of an excerpt before and after the place.
const BEFORE: usize = 12;
const AFTER: usize = 60;

/// What is looked for: all of these words, each in any of its spellings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<Vec<String>>);

impl Query {
    /// The words of a typed line; `read` gives another reading of a word, such as that of romaji.
    pub fn new(line: &str, read: impl Fn(&str) -> String) -> Self {
        let words = line.split_whitespace().map(|word| needles(&[word, &read(word)]));
        Self(words.filter(|spellings| !spellings.is_empty()).collect())
    }

    /// True when nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the words stand in a text, in bytes, first to last.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        fold::spans(text, self.0.iter().flatten())
    }
}

/// The texts of a home, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index(BTreeMap<Id, Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    kind: &'static str,
    when: String,
    engagement: Option<Id>,
    /// Of a client itself, of an engagement, and where the record names one.
    client: Option<Id>,
    /// The names that its client goes by, folded: a word found here need not stand in the row.
    names: String,
    /// Every field with a zero after it, which no needle holds.
    folded: String,
    /// Where each field begins in `folded`.
    starts: Vec<usize>,
    /// The first field of each row.
    rows: Vec<usize>,
}

/// A row of a record in which the query stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub record: Id,
    /// Such as `note`.
    pub kind: &'static str,
    /// The engagement it is about, if it is about one.
    pub engagement: Option<Id>,
    /// The client it is about, if it is about one.
    pub client: Option<Id>,
    /// When the record was made, as it is stored; empty where it does not say.
    pub when: String,
    /// Which of the record's texts, in the order of `texts`.
    text: usize,
    /// Bytes of folded text before the place.
    offset: usize,
}

/// One word of a query, ready to be looked for.
struct Word<'a> {
    all: Vec<Finder<'a>>,
    /// It has at least two characters.
    long: bool,
}

impl Word<'_> {
    fn first_in(&self, text: &str) -> Option<usize> {
        self.all.iter().filter_map(|f| f.find(text.as_bytes())).min()
    }
}

impl Index {
    /// Folds every text of the books.
    pub fn build(books: &Books, packs: &[Pack]) -> Self {
        let mut index = Self::default();
        books.records().iter().for_each(|record| index.put(books, packs, record));
        index
    }

    /// Follows changes that the books have followed.
    pub fn follow(&mut self, changes: &[Change], books: &Books, packs: &[Pack]) {
        for change in changes {
            match &change.after {
                Some(record) => self.put(books, packs, record),
                None => drop(self.0.remove(&change.id)),
            }
            // Another sheet may be the newest now.
            if let Some(Record::Sheet(sheet)) = change.after.as_ref().or(change.before.as_ref()) {
                for sheet in books.sheets_of(sheet.engagement) {
                    self.put(books, packs, &Record::Sheet(sheet.clone()));
                }
            }
        }
    }

    fn put(&mut self, books: &Books, packs: &[Pack], record: &Record) {
        let value = texts::stored(record);
        let (mut folded, mut starts, mut rows) = (String::new(), Vec::new(), Vec::new());
        let mut row = None;
        for text in texts::texts_of(books, packs, record, &value) {
            if row.as_ref() != Some(&text.row) {
                rows.push(starts.len());
            }
            starts.push(folded.len());
            folded.push_str(&fold(&text.text));
            folded.push('\0');
            row = Some(text.row);
        }
        let word = |key: &str| value.get(key).and_then(Value::as_str);
        let id = |key: &str| word(key).and_then(|id| id.parse().ok());
        let when = WHEN.iter().find_map(|key| word(key)).unwrap_or_default().to_owned();
        let (engagement, client, names) = match record {
            Record::Client(c) => (None, Some(c.id), format!("{}\0{}", fold(&c.name), fold(&c.kana))),
            Record::Engagement(e) => (Some(e.id), Some(e.client), fold(&e.case_no)),
            _ => (id("engagement"), id("client"), String::new()),
        };
        let entry = Entry { kind: record.kind(), when, engagement, client, names, folded, starts, rows };
        self.0.insert(record.id(), entry);
    }

    /// Every row that holds all the words, where the names of its client may lend some of them: clients first, then by
    /// kind, the newest first.
    pub fn find(&self, query: &Query) -> Vec<Hit> {
        if query.is_empty() {
            return Vec::new();
        }
        let ready = |spellings: &'_ Vec<String>| spellings.iter().map(|s| Finder::new(s).into_owned()).collect();
        let long = |spellings: &Vec<String>| spellings.iter().any(|s| s.chars().nth(1).is_some());
        let words: Vec<Word<'_>> = query.0.iter().map(|s| Word { all: ready(s), long: long(s) }).collect();
        let named = self.named(&words);
        let none = vec![false; words.len()];
        let mut found: Vec<Hit> = Vec::new();
        for (id, entry) in &self.0 {
            let client = self.client_of(entry);
            let lent = client.and_then(|c| named.get(&c)).unwrap_or(&none);
            for (text, offset) in entry.scan(&words, lent) {
                let (kind, when) = (entry.kind, entry.when.clone());
                found.push(Hit { record: *id, kind, engagement: entry.engagement, client, when, text, offset });
            }
        }
        // The sort is stable: records of one moment stay in the order of their ids.
        found.sort_by(|a, b| (rank(a.kind), Reverse(&a.when)).cmp(&(rank(b.kind), Reverse(&b.when))));
        found
    }

    fn client_of(&self, entry: &Entry) -> Option<Id> {
        entry.client.or_else(|| self.0.get(&entry.engagement?)?.client)
    }

    /// Which words each client goes by.
    fn named(&self, words: &[Word<'_>]) -> BTreeMap<Id, Vec<bool>> {
        let mut named: BTreeMap<Id, Vec<bool>> = BTreeMap::new();
        for entry in self.0.values().filter(|e| !e.names.is_empty()) {
            let Some(client) = entry.client else { continue };
            let known = named.entry(client).or_insert_with(|| vec![false; words.len()]);
            for (known, word) in known.iter_mut().zip(words) {
                // One digit or letter stands in most case numbers.
                *known |= word.long && word.all.iter().any(|f| f.find(entry.names.as_bytes()).is_some());
            }
        }
        named
    }
}

/// The place of a kind of records in the order of results.
fn rank(kind: &str) -> usize {
    KINDS.iter().position(|k| *k == kind).unwrap_or(KINDS.len())
}

impl Entry {
    /// The first place in each row that holds every word which is not lent, and at least one of its own.
    fn scan(&self, words: &[Word<'_>], lent: &[bool]) -> Vec<(usize, usize)> {
        let stands = |(word, lent): (&Word<'_>, &bool)| *lent || word.first_in(&self.folded).is_some();
        if !words.iter().zip(lent).all(stands) {
            return Vec::new();
        }
        let mut places = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            let end = self.rows.get(n + 1).map_or(self.folded.len(), |next| self.starts[*next]);
            let begin = self.starts[*row];
            let slice = &self.folded[begin..end];
            let first: Vec<Option<usize>> = words.iter().map(|w| w.first_in(slice)).collect();
            let whole = first.iter().zip(lent).all(|(at, lent)| *lent || at.is_some());
            if let Some(at) = first.into_iter().flatten().min().filter(|_| whole) {
                let text = self.starts.partition_point(|start| *start <= begin + at) - 1;
                places.push((text, begin + at - self.starts[text]));
            }
        }
        places
    }
}

impl Hit {
    /// The field and the words around the place, on one line; nothing when the record has changed since.
    pub fn excerpt(&self, books: &Books, packs: &[Pack]) -> Option<Text> {
        let record = books.record(self.record)?;
        let Text { row, field, text } = texts(books, packs, &record).into_iter().nth(self.text)?;
        let at = fold::place(&text, self.offset);
        // A place near the beginning is shown with all that stands before it.
        let before = match text[..at].chars().count() {
            near if near <= 2 * BEFORE => 0,
            far => far - BEFORE,
        };
        let line = text.chars().skip(before).take(BEFORE + AFTER);
        let line = line.map(|c| if crate::text_rules::steers(c) { ' ' } else { c }).collect();
        Some(Text { row, field, text: line })
    }
}
