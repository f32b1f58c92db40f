//! Speed against its limits, in one process: key to frame, first frame, search, documents, opening a vault of 400 firms.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures and may stop on a surprise"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bansou::app::key::{Code, Key};
use bansou::app::look::Look;
use bansou::app::model::{Ctx, Model};
use bansou::app::msg::Msg;
use bansou::app::update::update;
use bansou::app::view::view;
use bansou::shell::clock;
use bansou::shell::documents::{DocumentKind, Typesetter};
use bansou::shell::home::Home;
use bansou::shell::practice::data::{Stage as At, built_in};
use bansou::shell::practice::stage::Stage;
use bansou::shell::vault::{Kind, Secret};
use bansou_core::books::Books;
use bansou_core::programme;
use bansou_core::record::v1::{Id, Note, PatternCode, Profile, Record};
use bansou_core::search::Index;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const FIRMS: usize = 400;
/// Limits of the project, in milliseconds.
const FIRST_FRAME: f64 = 100.0;
const KEY_TO_FRAME: f64 = 16.0;
const PDF_WARM: f64 = 500.0;
const SEARCH: f64 = 10.0;
/// Notes of the largest home, and bytes of each.
const NOTES: u16 = 10_000;
const NOTE_BYTES: usize = 2000;

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let secret = Secret::new("renshu".into());
    let home = many_firms(&dir.path().join("home"), &secret);
    let books = home.books.clone();
    drop(home);
    println!("{:34} {:>10} {:>10} {:>8}", "what", "median ms", "limit ms", "ratio");
    let small = bare_unlock(&dir.path().join("small"), &secret);
    let opening = repeat(5, || drop(black_box(Home::open(&dir.path().join("home"), &secret).unwrap())));
    row("unlock 400 firms less an empty home", ms(median(&opening)) - small, FIRST_FRAME);
    let frames = repeat(20, || {
        let mut model = unlocked(&books);
        draw(&mut model);
    });
    row("first frame, 400 firms, 120x40", ms(median(&frames)), FIRST_FRAME);
    keys(&books);
    search();
    documents();
}

fn row(what: &str, figure: f64, limit: f64) {
    println!("{what:34} {figure:10.2} {limit:10.0} {:8.3}", figure / limit);
}

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1000.0
}

fn median(times: &[Duration]) -> Duration {
    times[times.len() / 2]
}

fn repeat(n: usize, mut work: impl FnMut()) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..n)
        .map(|_| {
            let since = Instant::now();
            work();
            since.elapsed()
        })
        .collect();
    times.sort_unstable();
    times
}

fn profile() -> Profile {
    Profile {
        secretariat: false,
        practice: true,
        programme: "current-2026".into(),
        name: "伴野 走".into(),
        kana: "バンノ ハシル".into(),
        registration: "000123".into(),
        pattern: PatternCode::A,
        prefecture: 13,
        address: String::new(),
        invoice_number: String::new(),
        company: String::new(),
    }
}

/// A home with 400 firms, every tenth with two worked sessions.
fn many_firms(path: &Path, secret: &Secret) -> Home {
    let practice = built_in().unwrap();
    let model = practice.firm(At::BetweenSecondAndThird).unwrap().clone();
    let mut home = Home::create(path, secret, Kind::Practice, profile()).unwrap().0;
    let base = clock::now().date();
    for n in 0..FIRMS {
        let mut firm = model.clone();
        firm.case_no = format!("K-{n:04}");
        firm.name = format!("㈱試験企業{n:03}");
        let mut stage = Stage::begin(&mut home, &firm, &practice.work, base).unwrap();
        stage.plan_dates().unwrap();
        if n % 10 == 0 {
            stage.session_work(1, firm.held[0]).unwrap();
            stage.session_work(2, firm.held[1]).unwrap();
        }
    }
    home
}

fn bare_unlock(path: &Path, secret: &Secret) -> f64 {
    drop(Home::create(path, secret, Kind::Practice, profile()).unwrap());
    ms(median(&repeat(5, || drop(black_box(Home::open(path, secret).unwrap())))))
}

fn unlocked(books: &Books) -> Model {
    let mut model = Model::new(Look::default(), clock::now(), Arc::new(programme::builtin()));
    let id = model.wait("waiting.unlock");
    update(&mut model, Msg::Unlocked { id, books: Box::new(books.clone()), recent: Vec::new() }, &ctx(0));
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
    let words = [
        "標的型攻撃の訓練を",
        "テレワークの端末は",
        "社長と総務部長に",
        "バックアップを毎週",
        "ＵＳＢメモリーの持出し",
    ];
    for n in 0..NOTES {
        let mut id = [7; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let mut text = format!("整理番号{n:05}。");
        let mut at = usize::from(n);
        while text.len() < NOTE_BYTES {
            text.push_str(words[at % words.len()]);
            at = (at * 31 + 7) % 99_991;
            text.push_str(&format!("{}に決めた。", at % 997));
        }
        let at = clock::now();
        let (session, question) = (None, None);
        books.put(Record::Note(Note {
            id: Id(id),
            engagement: Id([8; 16]),
            at,
            session,
            who: String::new(),
            text,
            question,
        }));
    }
    let mut index = Index::default();
    let built = repeat(1, || index = Index::build(&books));
    row("search index, 10,000 notes (once)", ms(median(&built)), 1000.0);
    for (name, query) in
        [("rare", "整理番号04711"), ("frequent", "テレワ"), ("two characters", "社長"), ("absent", "量子計算")]
    {
        let times = repeat(9, || drop(black_box(index.find(&[query]))));
        row(&format!("search 20 MB, {name}"), ms(median(&times)), SEARCH);
    }
    let times = repeat(9, || drop(black_box(index.find(&["terewaku", "てれわく"]))));
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
