//! Speed against its limits, in one process: key to frame, first frame, search, documents, opening a vault of 400 firms.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures and may stop on a surprise"
)]

mod homes;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bansou::app::find;
use bansou::app::key::{Code, Key};
use bansou::app::look::Look;
use bansou::app::model::{Ctx, Model};
use bansou::app::msg::Msg;
use bansou::app::update::update;
use bansou::app::view::view;
use bansou::shell::clock;
use bansou::shell::documents::{DocumentKind, Typesetter};
use bansou::shell::home::Home;
use bansou_core::books::Books;
use bansou_core::programme;
use bansou_core::record::v1::{Id, Note, Record};
use bansou_core::search::Index;
use homes::{NOTES, median, ms, note_text, passphrase, repeat, row};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Limits of the project, in milliseconds.
const FIRST_FRAME: f64 = 100.0;
const KEY_TO_FRAME: f64 = 16.0;
const PDF_WARM: f64 = 500.0;
const SEARCH: f64 = 10.0;

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let (small, large) = (dir.path().join("small"), dir.path().join("home"));
    drop(homes::small(&small));
    let books = homes::many_firms(&large).books.clone();
    println!("{:34} {:>10} {:>10} {:>8}", "what", "median ms", "limit ms", "ratio");
    row("unlock 400 firms less an empty home", open(&large) - open(&small), FIRST_FRAME);
    let frames = repeat(20, || {
        let mut model = unlocked(&books);
        draw(&mut model);
    });
    row("first frame, 400 firms, 120x40", ms(median(&frames)), FIRST_FRAME);
    keys(&books);
    search();
    documents();
}

fn open(path: &Path) -> f64 {
    ms(median(&repeat(5, || drop(black_box(Home::open(path, &passphrase()).unwrap())))))
}

fn unlocked(books: &Books) -> Model {
    let mut model = Model::new(Look::default(), clock::now(), Arc::new(programme::builtin()));
    let id = model.wait("waiting.unlock");
    update(
        &mut model,
        Msg::Unlocked { id, books: Box::new(books.clone()), recent: Vec::new(), drafts: Box::default() },
        &ctx(0),
    );
    model
}

fn ctx(millis: u64) -> Ctx {
    Ctx { now: clock::now(), millis, seed: clock::seed() }
}

fn draw(model: &mut Model) {
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    terminal.draw(|frame| view(model, frame)).unwrap();
}

/// Every key of a short tour: down the list, into a firm, through its tabs, and answers.
fn keys(books: &Books) {
    let mut model = unlocked(books);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    let tour =
        [vec![Key::plain(Code::Down); 40], vec![Key::plain(Code::Enter)], "2 4".chars().map(Key::char).collect()];
    let mut times = Vec::new();
    for (n, key) in tour.concat().into_iter().enumerate() {
        let since = Instant::now();
        update(&mut model, Msg::Key(key), &ctx(n as u64 * 200));
        terminal.draw(|frame| view(&model, frame)).unwrap();
        times.push(since.elapsed());
    }
    times.sort_unstable();
    row("key to frame p50, 400 firms", ms(median(&times)), KEY_TO_FRAME);
    row("key to frame worst, 400 firms", ms(*times.last().unwrap()), KEY_TO_FRAME);
}

/// 10,000 notes of 20 MB: a rare word, a frequent one, two characters, nothing at all, romaji.
fn search() {
    let mut books = Books::default();
    for n in 0..NOTES {
        let mut id = [7; 16];
        id[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let (session, question) = (None, None);
        books.put(Record::Note(Note {
            id: Id(id),
            engagement: Id([8; 16]),
            at: clock::now(),
            session,
            who: String::new(),
            text: note_text(n),
            question,
            line: None,
            section: None,
            hearing: None,
            leaves: false,
        }));
    }
    let mut index = Index::default();
    let built = repeat(1, || index = Index::build(&books, &[]));
    row("search index, 10,000 notes (once)", ms(median(&built)), 1000.0);
    for (name, query) in
        [("rare", "整理番号04711"), ("frequent", "テレワ"), ("two characters", "社長"), ("absent", "量子計算")]
    {
        let times = repeat(9, || drop(black_box(index.find(&find::query(query)))));
        row(&format!("search 20 MB, {name}"), ms(median(&times)), SEARCH);
    }
    let times = repeat(9, || drop(black_box(index.find(&find::query("terewaku")))));
    row("search 20 MB, romaji", ms(median(&times)), SEARCH);
}

fn documents() {
    let typesetter = Typesetter::new().unwrap();
    let stamp = clock::stamp(clock::now());
    for kind in [DocumentKind::Diagnosis, DocumentKind::Plan, DocumentKind::Form4a] {
        let path = format!("{}/../../templates/documents/samples/{}.json", env!("CARGO_MANIFEST_DIR"), kind.name());
        let mut data: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        drop(typesetter.render(kind, &data, stamp).unwrap());
        let mut n = 0;
        // Another company each time, so that nothing is taken from the last layout as a whole.
        let times = repeat(7, || {
            n += 1;
            data["company"] = format!("㈱試験企業{n:03}").into();
            drop(black_box(typesetter.render(kind, &data, stamp).unwrap()));
        });
        row(&format!("PDF warm, {}", kind.name()), ms(median(&times)), PDF_WARM);
    }
}
