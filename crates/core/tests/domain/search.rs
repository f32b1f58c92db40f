//! Search: the same places as a plain scan, none missing, in one order, also after changes.

use std::collections::{BTreeMap, BTreeSet};

use bansou_core::books::Books;
use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::programme::{Pack, builtin};
use bansou_core::record::v1::{AnswerCode, Change, Id, Note, Record};
use bansou_core::search::{Hit, Index, Query, fold, needles, texts};
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

fn index(books: &Books) -> Index {
    Index::build(books, &[])
}

fn plain(line: &str) -> Query {
    Query::new(line, str::to_owned)
}

/// Record and row of every hit.
fn places(books: &Books, packs: &[Pack], hits: &[Hit]) -> BTreeSet<(Id, String)> {
    hits.iter().map(|h| (h.record, h.excerpt(books, packs).unwrap().row)).collect()
}

/// The rows that hold every word of the line, found by reading everything.
fn naive(books: &Books, packs: &[Pack], line: &str) -> BTreeSet<(Id, String)> {
    let words: Vec<Vec<String>> = line.split_whitespace().map(|w| needles(&[w])).filter(|w| !w.is_empty()).collect();
    let mut rows: BTreeMap<(Id, String), Vec<String>> = BTreeMap::new();
    for record in books.records() {
        for text in texts(books, packs, &record) {
            rows.entry((record.id(), text.row)).or_default().push(fold(&text.text));
        }
    }
    let stands = |word: &Vec<String>, texts: &[String]| word.iter().any(|n| texts.iter().any(|t| t.contains(n)));
    rows.retain(|_, texts| !words.is_empty() && words.iter().all(|w| stands(w, texts)));
    rows.into_keys().collect()
}

/// Words that fold in every way, put together at random.
fn words() -> impl Strategy<Value = String> {
    let pieces = vec![
        "会社 ",
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
        let index = index(&books);
        let hits = index.find(&plain(&query));
        prop_assert_eq!(places(&books, &[], &hits), naive(&books, &[], &query));
        // What was typed as it stands in the text is always found, wherever it was cut.
        for text in &texts {
            let chars: Vec<char> = text.chars().collect();
            let part: String = chars[chars.len() / 3..chars.len() - chars.len() / 4].iter().collect();
            let cut = chars.get(chars.len() - chars.len() / 4).is_some_and(|c| matches!(c, '\u{3099}' | 'ﾞ'));
            if !cut && !fold(&part).trim().is_empty() && !part.starts_with(['\u{3099}', 'ﾞ']) {
                let found = index.find(&plain(&part));
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
        let mut index = index(&books);
        let ids: BTreeSet<Id> = books.notes.keys().chain(target.notes.keys()).copied().collect();
        let changes: Vec<Change> =
            ids.into_iter().map(|id| Change { id, before: books.record(id), after: target.record(id) }).collect();
        books.follow(&changes);
        index.follow(&changes, &books, &[]);
        prop_assert_eq!(&index, &Index::build(&books, &[]));
        prop_assert_eq!(places(&books, &[], &index.find(&plain(&query))), naive(&books, &[], &query));
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
const GOLDEN: [&str; 18] = golden![
    "artefact",
    "attachment",
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
        let index = index(&books);
        let mut wanted = Vec::new();
        japanese(&serde_json::from_str(stored).unwrap(), &mut wanted);
        kinds += usize::from(!wanted.is_empty());
        for text in wanted {
            let hits = index.find(&plain(&text));
            assert!(hits.iter().any(|h| h.record == record.id()), "{text} of {stored}");
        }
    }
    assert!(kinds >= 10, "only {kinds} kinds of records hold Japanese");
}

#[test]
fn keys_hashes_and_words_of_states_are_no_texts() {
    let (world, _) = World::held(2);
    let all: Vec<_> = world.books.records().iter().flat_map(|r| texts(&world.books, &[], r)).collect();
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
    let hits = index(&world.books).find(&plain("係争"));
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
    let hits = index(&world.books).find(&plain("例示"));
    let seen: Vec<(&str, String)> = hits.iter().map(|h| (h.kind, h.excerpt(&world.books, &[]).unwrap().text)).collect();
    let notes: Vec<&str> = seen.iter().filter(|s| s.0 == "note").map(|s| s.1.as_str()).collect();
    assert_eq!(notes, ["例示の9日", "例示の5日", "例示の3日"]);
    assert_eq!((seen[0].0, seen.iter().filter(|s| s.0 == "client").count()), ("client", 1), "a record is one place");
    assert!(hits.iter().filter(|h| h.kind == "note").all(|h| h.engagement == Some(engagement)));
}

#[test]
fn an_excerpt_shows_the_place_on_one_line_and_steers_no_terminal() {
    let long = "あ".repeat(5000) + "\u{1b}[2Jｻｰﾊﾞｰ\n室\u{202e}の鍵" + &"い".repeat(5000);
    let books = of_notes(&[long]);
    let hits = index(&books).find(&plain("サーバ"));
    let excerpt = hits[0].excerpt(&books, &[]).unwrap();
    assert_eq!((hits.len(), excerpt.field.as_str()), (1, "text"));
    assert!(excerpt.text.contains("ｻｰﾊﾞｰ 室") && excerpt.text.chars().count() <= 72, "{}", excerpt.text);
    assert!(!excerpt.text.chars().any(|c| c.is_control() || c == '\u{202e}'));
}

/// The excerpts found in a world that has answered some questions, with the kind of record.
fn asked(world: &World, packs: &[Pack], line: &str) -> Vec<(&'static str, String)> {
    let hits = Index::build(&world.books, packs).find(&plain(line));
    assert!(hits.iter().all(|h| h.client.is_some()), "{line}");
    hits.iter().map(|h| (h.kind, h.excerpt(&world.books, packs).unwrap().text)).collect()
}

#[test]
fn answers_are_found_in_the_words_of_their_edition_and_only_on_the_newest_sheet() {
    let packs = builtin();
    let (mut world, engagement) = World::begun();
    let act = |world: &mut World, action| world.ok(Command::Findings(FindingsCommand { engagement, action }));
    let answer = |question, answer| FindingsAction::Answer { question, answer: Some(answer) };
    act(&mut world, answer(11, AnswerCode::No));
    act(&mut world, answer(3, AnswerCode::Partial));
    act(&mut world, answer(12, AnswerCode::NotApplicable));
    let evidence = FindingsAction::Evidence { question: 11, text: "復元を試したことがない".into() };
    act(&mut world, evidence);
    let short = packs[0].diagnosis.question(11).unwrap().short.clone();
    for line in [format!("0点 {}", short.ja), "問11=0".into(), format!("{} =0", short.en), "0点 復元".into()] {
        let seen = asked(&world, &packs, &line);
        assert!(seen.len() == 1 && seen[0].0 == "sheet", "{line}: {seen:?}");
    }
    assert!(asked(&world, &packs, "問1=0").is_empty(), "another question");
    assert!(asked(&world, &packs, &format!("2点 {}", short.ja)).is_empty(), "words of two questions");
    assert!(asked(&world, &packs, "0点 該当なし").is_empty(), "not applicable is worth nothing");
    let client = &world.books.clients[&world.engagement(engagement).client];
    let named = format!("{} 0点", client.name.chars().take(3).collect::<String>());
    assert_eq!(asked(&world, &packs, &named).len(), 1, "the name of the client lends a word");

    let mut index = Index::build(&world.books, &packs);
    let mut sheet = world.books.sheets.values().next().unwrap().clone();
    (sheet.id, sheet.taken_on) = (id(99), date(2030, 1, 1));
    sheet.answers.insert(11, AnswerCode::Done);
    sheet.evidence.clear();
    let changes = [Change { id: sheet.id, before: None, after: Some(Record::Sheet(sheet)) }];
    world.books.follow(&changes);
    index.follow(&changes, &world.books, &packs);
    assert_eq!(index, Index::build(&world.books, &packs));
    assert!(asked(&world, &packs, &format!("0点 {}", short.ja)).is_empty(), "an old answer is no answer");
    assert_eq!(asked(&world, &packs, "復元").len(), 1, "what was written stays found");
    for line in ["復元", "0点", "4点 なし", "問", "Q1"] {
        let hits = index.find(&plain(line));
        assert_eq!(places(&world.books, &packs, &hits), naive(&world.books, &packs, line), "{line}");
    }
}
