//! The search over everything, measured as it is felt: from each key of a query to its frame. `bench/find` runs it.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures and may stop on a surprise"
)]

mod homes;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use bansou::app::key::{Code, Key};
use bansou::app::look::Look;
use bansou::app::model::{Ctx, Model};
use bansou::app::msg::Msg;
use bansou::app::update::update;
use bansou::app::view::view;
use bansou::shell::clock;
use bansou_core::books::Books;
use bansou_core::programme;
use bansou_core::record::v1::Record;
use bansou_core::search::{Index, texts};
use homes::{Watch, row};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Limits of the project, in milliseconds: a key to its frame, and the first opening.
const KEY: f64 = 50.0;
const FIRST: f64 = 100.0;

/// Typed one after the other: rare, frequent, two words, romaji, an answer, a client, nothing to be found.
const QUERIES: [&str; 7] = [
    "整理番号04711",
    "テレワーク",
    "社長 バックアップ",
    "terewaku",
    "0点 バックアップ",
    "試験企業123 総務",
    "量子計算",
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [records, lines] = &args[..] else {
        println!("RECORDS.TSV LINES.TXT: reads the records that `store make` wrote, and writes every text as a line");
        std::process::exit(2);
    };
    let mut books = Books::default();
    for record in std::fs::read_to_string(records).unwrap().lines() {
        books.put(Record::decode(record.split_once('\t').unwrap().1.as_bytes()).unwrap());
    }
    let packs = Arc::new(programme::builtin());
    write_lines(&books, &packs, Path::new(lines));
    println!("{:34} {:>10} {:>10} {:>8}", "what", "ms", "limit ms", "ratio");
    let built = (0..5).map(|_| {
        let watch = Watch::start();
        let index = black_box(Index::build(&books, &packs));
        let took = watch.stop();
        drop(index);
        took
    });
    told("index of everything, alone", built.collect(), &[50], FIRST);
    let mut screen = Screen::open(books, packs);
    told("F3 to frame, the first time", vec![screen.press(Key::f(3))], &[50], FIRST);
    let mut times = Vec::new();
    for _ in 0..5 {
        for query in QUERIES {
            screen.press(Key::plain(Code::Esc));
            screen.press(Key::f(3));
            times.extend(query.chars().map(|c| screen.press(Key::char(c))));
        }
    }
    println!("{} keys of {} queries:", times.len(), QUERIES.len());
    told("key to frame", times, &[50, 99, 100], KEY);
}

/// Percentiles by the clock, and on the processor alone, which does not count what else runs here.
fn told(what: &str, times: Vec<(f64, f64)>, percents: &[usize], limit: f64) {
    for (name, mut times) in
        [("clock", times.iter().map(|t| t.0).collect::<Vec<_>>()), ("processor", times.iter().map(|t| t.1).collect())]
    {
        times.sort_unstable_by(f64::total_cmp);
        for percent in percents {
            row(&format!("{what}, p{percent}, {name}"), times[(times.len() - 1) * percent / 100], limit);
        }
    }
}

/// Every text on a line of its own, for programs that search files.
fn write_lines(books: &Books, packs: &[programme::Pack], path: &Path) {
    let mut all = String::new();
    for record in books.records() {
        for text in texts(books, packs, &record) {
            writeln!(all, "{}", text.text.replace('\n', " ")).unwrap();
        }
    }
    std::fs::write(path, all).unwrap();
}

struct Screen {
    model: Model,
    terminal: Terminal<TestBackend>,
    millis: u64,
}

impl Screen {
    fn open(books: Books, packs: Arc<Vec<programme::Pack>>) -> Screen {
        let mut model = Model::new(Look::default(), clock::now(), packs);
        let id = model.wait("waiting.unlock");
        let ctx = Ctx { now: clock::now(), millis: 0, seed: clock::seed() };
        update(
            &mut model,
            Msg::Unlocked { id, books: Box::new(books), recent: Vec::new(), drafts: Box::default() },
            &ctx,
        );
        Screen { model, terminal: Terminal::new(TestBackend::new(120, 40)).unwrap(), millis: 0 }
    }

    fn press(&mut self, key: Key) -> (f64, f64) {
        self.millis += 200;
        let ctx = Ctx { now: clock::now(), millis: self.millis, seed: clock::seed() };
        let watch = Watch::start();
        update(&mut self.model, Msg::Key(key), &ctx);
        self.terminal.draw(|frame| view(&self.model, frame)).unwrap();
        watch.stop()
    }
}
