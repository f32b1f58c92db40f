//! Search: the same places as a plain scan, none missing, in one order, also after changes.

use std::collections::BTreeSet;

use bansou_core::books::Books;
use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::findings::FindingsCommand;
use bansou_core::record::v1::{Change, Id, Note, Record};
use bansou_core::search::{Hit, Index, fold, needles, texts};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;

use crate::world::*;

fn note(n: u16, text: &str) -> Note {
    let mut raw = [9; 16];
    raw[..2].copy_from_slice(&n.to_be_bytes());
    let at = date(2026, 10, 1).at(9, 0, 0, 0);
    Note {
        id: Id(raw),
        engagement: id(1),
        at,
        session: None,
        who: String::new(),
        text: text.into(),
        question: None,
        line: None,
        section: None,
        hearing: None,
        leaves: false,
    }
}

fn of_notes(all: &[String]) -> Books {
    let mut books = Books::default();
    all.iter().zip(0..).for_each(|(text, n)| books.put(Record::Note(note(n, text))));
    books
}

/// Record and field of every hit.
fn places(books: &Books, hits: &[Hit]) -> BTreeSet<(Id, String)> {
    hits.iter().map(|h| (h.record, h.excerpt(books).unwrap().field)).collect()
}

fn naive(books: &Books, query: &str) -> BTreeSet<(Id, String)> {
    let needles = needles(&[query]);
    let all = books.records().into_iter().flat_map(|r| texts(&r).into_iter().map(move |t| (r.id(), t)));
    all.filter(|(_, t)| needles.iter().any(|n| fold(&t.text).contains(n.as_str())))
        .map(|(id, t)| (id, t.field))
        .collect()
}

/// Words that fold in every way, put together at random.
fn words() -> impl Strategy<Value = String> {
    let pieces = vec![
        "ガ",
        "か\u{3099}",
        "ｶﾞ",
        "が",
        "ー",
        "株",
        "㈱",
        "(株)",
        "株式会社",
        "有限会社",
        "漢",
        "字",
        "A",
        "ａ",
        "a",
        "１",
        "1",
        " ",
        "　",
        "っ",
        "ッ",
        "つ",
        "-",
        "－",
        "\n",
        "社",
        "①",
        "式",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 0..12).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn search_finds_exactly_what_a_plain_scan_finds(texts in proptest::collection::vec(words(), 1..8), query in words()) {
        let books = of_notes(&texts);
        let index = Index::build(&books);
        let hits = index.find(&[&query]);
        prop_assert_eq!(places(&books, &hits), naive(&books, &query));
        // What was typed as it stands in the text is always found, wherever it was cut.
        for text in &texts {
            let chars: Vec<char> = text.chars().collect();
            let part: String = chars[chars.len() / 3..chars.len() - chars.len() / 4].iter().collect();
            let cut = chars.get(chars.len() - chars.len() / 4).is_some_and(|c| matches!(c, '\u{3099}' | 'ﾞ'));
            if !cut && !fold(part.trim()).is_empty() && !part.starts_with(['\u{3099}', 'ﾞ']) {
                let found = index.find(&[&part]);
                let id = books.notes.values().find(|n| n.text == *text).unwrap().id;
                prop_assert!(found.iter().any(|h| h.record == id || books.notes[&h.record].text == *text), "{:?}", part);
            }
        }
    }

    #[test]
    fn an_index_that_followed_changes_equals_a_new_one(
        before in proptest::collection::vec(words(), 1..6), after in proptest::collection::vec(words(), 1..6), query in words()
    ) {
        let (mut books, target) = (of_notes(&before), of_notes(&after));
        let mut index = Index::build(&books);
        let ids: BTreeSet<Id> = books.notes.keys().chain(target.notes.keys()).copied().collect();
        let changes: Vec<Change> =
            ids.into_iter().map(|id| Change { id, before: books.record(id), after: target.record(id) }).collect();
        index.follow(&changes);
        books.follow(&changes);
        prop_assert_eq!(index.find(&[&query]), Index::build(&books).find(&[&query]));
    }
}

/// Every Japanese text in a JSON value.
fn japanese(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.is_ascii() => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|v| japanese(v, out)),
        Value::Object(map) => map.values().for_each(|v| japanese(v, out)),
        _ => {}
    }
}

macro_rules! golden {
    ($($name:literal),* $(,)?) => {
        [$(include_str!(concat!("../../../../tests/golden/record/v1/", $name, ".json"))),*]
    };
}

/// One stored record of each kind.
const GOLDEN: [&str; 17] = golden![
    "artefact",
    "case",
    "claim",
    "client",
    "delivery",
    "engagement",
    "enrolment",
    "expert",
    "final-report",
    "note",
    "outbox",
    "pay-run",
    "plan",
    "policy",
    "profile",
    "regulations",
    "sheet",
];

#[test]
fn no_text_of_any_kind_of_record_is_missing() {
    let mut kinds = 0;
    for stored in GOLDEN {
        let record = Record::decode(stored.as_bytes()).unwrap();
        let mut books = Books::default();
        books.put(record.clone());
        let index = Index::build(&books);
        let mut wanted = Vec::new();
        japanese(&serde_json::from_str(stored).unwrap(), &mut wanted);
        kinds += usize::from(!wanted.is_empty());
        for text in wanted {
            let hits = index.find(&[&text]);
            assert!(hits.iter().any(|h| h.record == record.id()), "{text} of {stored}");
        }
    }
    assert!(kinds >= 10, "only {kinds} kinds of records hold Japanese");
}

#[test]
fn keys_hashes_and_words_of_states_are_no_texts() {
    let (world, _) = World::held(2);
    let all: Vec<_> = world.books.records().iter().flat_map(texts).collect();
    for text in &all {
        assert!(text.text.parse::<Id>().is_err(), "{text:?}");
        assert!(!["visit", "paper", "queued", "not-started"].contains(&text.text.as_str()), "{text:?}");
    }
    assert!(all.iter().any(|t| t.field == "contact.representative" && t.text == "例示 太郎"));
}

#[test]
fn a_hit_names_the_kind_of_its_record_whatever_it_is() {
    let (mut world, engagement) = World::begun();
    let client = world.engagement(engagement).client;
    world.ok(Command::Client(ClientCommand::Hold { client, reason: "例示の係争".into() }));
    let hits = Index::build(&world.books).find(&["係争"]);
    assert_eq!(hits.iter().map(|h| h.kind).collect::<Vec<_>>(), ["hold"]);
}

#[test]
fn clients_come_first_and_the_newest_note_before_the_older() {
    let (mut world, engagement) = World::begun();
    for day in [3, 9, 5] {
        world.now = date(2026, 10, day).at(9, 0, 0, 0);
        let action = crate::notes::said(&format!("例示の{day}日"));
        world.ok(Command::Findings(FindingsCommand { engagement, action }));
    }
    let hits = Index::build(&world.books).find(&["例示"]);
    let seen: Vec<(&str, String)> = hits.iter().map(|h| (h.kind, h.excerpt(&world.books).unwrap().text)).collect();
    let notes: Vec<&str> = seen.iter().filter(|s| s.0 == "note").map(|s| s.1.as_str()).collect();
    assert_eq!(notes, ["例示の9日", "例示の5日", "例示の3日"]);
    assert_eq!((seen[0].0, seen[1].0), ("client", "client"));
    assert!(hits.iter().filter(|h| h.kind == "note").all(|h| h.engagement == Some(engagement)));
}

#[test]
fn an_excerpt_shows_the_place_on_one_line_and_steers_no_terminal() {
    let long = "あ".repeat(5000) + "\u{1b}[2Jｻｰﾊﾞｰ\n室\u{202e}の鍵" + &"い".repeat(5000);
    let books = of_notes(&[long]);
    let hits = Index::build(&books).find(&["サーバ"]);
    let excerpt = hits[0].excerpt(&books).unwrap();
    assert_eq!((hits.len(), excerpt.field.as_str()), (1, "text"));
    assert!(excerpt.text.contains("ｻｰﾊﾞｰ 室") && excerpt.text.chars().count() <= 72, "{}", excerpt.text);
    assert!(!excerpt.text.chars().any(|c| c.is_control() || c == '\u{202e}'));
}
