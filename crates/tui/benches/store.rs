//! The store against its limits: unlocking beyond the key derivation, and saving a change. `bench/store` runs its parts.
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures and may stop on a surprise"
)]

mod homes;

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Read as _;
use std::iter;
use std::path::Path;

use age::secrecy::SecretString;
use bansou::app::find;
use bansou::shell::home::Home;
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::NoteAction;
use bansou_core::record::v1::{Id, Record};
use bansou_core::search::Index;
use homes::{Watch, passphrase, row};

/// Limits of the project, in milliseconds.
const UNLOCK_SMALL: f64 = 20.0;
const UNLOCK_LARGE: f64 = 150.0;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => all(),
        ["make", dir] => make(Path::new(dir)),
        ["unlock", home] => {
            let (bare, whole) = (derivation(Path::new(home)), unlock(Path::new(home)));
            println!("{:.3} {:.3} {:.3} {:.3}", whole.0 - bare.0, whole.1 - bare.1, whole.0, bare.0);
        }
        ["changes", home, count] => {
            for (wall, cpu) in changes(Path::new(home), count.parse().unwrap()) {
                println!("{wall:.3} {cpu:.3}");
            }
        }
        ["search", home, word] => search(Path::new(home), word),
        ["past", home] => past(Path::new(home)),
        _ => {
            eprintln!("make DIR | unlock HOME | changes HOME N | search HOME WORD | past HOME");
            std::process::exit(2);
        }
    }
}

fn all() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    println!("{:34} {:>10} {:>10} {:>8}", "what", "median ms", "limit ms", "ratio");
    for (name, what, limit) in
        [("small", "unlock an empty home", UNLOCK_SMALL), ("home", "unlock 400 firms, 10,000 notes", UNLOCK_LARGE)]
    {
        let home = dir.path().join(name);
        let beyond = (0..9).map(|_| unlock(&home).0 - derivation(&home).0);
        row(what, middle(beyond.collect()), limit);
    }
    let saved = changes(&dir.path().join("home"), 99);
    println!("{:34} {:10.2}", "a saved change", middle(saved.iter().map(|t| t.0).collect()));
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Makes `small`, `home` (400 firms, 10,000 notes) and `records.tsv`: every record of `home`, for other programs.
fn make(dir: &Path) {
    drop(homes::small(&dir.join("small")));
    let mut home = homes::many_firms(&dir.join("home"));
    homes::add_notes(&mut home);
    let books = &home.books;
    let notes = books.notes.values().cloned().map(Record::Note);
    let clients = books.clients.values().cloned().map(Record::Client);
    let engagements = books.engagements.values().cloned().map(Record::Engagement);
    let sheets = books.sheets.values().cloned().map(Record::Sheet);
    let mut lines = String::new();
    for record in notes.chain(clients).chain(engagements).chain(sheets) {
        let id: String = record.id().0.iter().map(|b| format!("{b:02x}")).collect();
        writeln!(lines, "{id}\t{}", record.encode()).unwrap();
    }
    std::fs::write(dir.join("records.tsv"), lines).unwrap();
}

/// The key derivation alone: opens the file that wraps the data key, as any age program does.
fn derivation(home: &Path) -> (f64, f64) {
    let file = std::fs::read(home.join("keys/passphrase.age")).unwrap();
    let watch = Watch::start();
    let identity = age::scrypt::Identity::new(SecretString::from(passphrase().expose().to_owned()));
    let decryptor = age::Decryptor::new_buffered(file.as_slice()).unwrap();
    let mut reader = decryptor.decrypt(iter::once(&identity as &dyn age::Identity)).unwrap();
    reader.read_exact(&mut black_box([0; 32])).unwrap();
    watch.stop()
}

fn unlock(home: &Path) -> (f64, f64) {
    let watch = Watch::start();
    let opened = black_box(Home::open(home, &passphrase()).unwrap());
    let took = watch.stop();
    drop(opened);
    took
}

/// Changes one note after the other; gives the time of each.
fn changes(path: &Path, count: usize) -> Vec<(f64, f64)> {
    let mut home = Home::open(path, &passphrase()).unwrap();
    let notes: Vec<(Id, Id, String)> =
        home.books.notes.values().take(count).map(|n| (n.engagement, n.id, format!("{}。", n.text))).collect();
    let mut times = Vec::new();
    for (engagement, note, text) in notes {
        let edit = NoteAction::Edit { note, session: None, who: String::new(), text };
        let action = FindingsAction::Note(edit);
        let watch = Watch::start();
        home.apply(Command::Findings(FindingsCommand { engagement, action })).unwrap();
        times.push(watch.stop());
    }
    times
}

/// Reads the whole history of a firm's engagement and sheets in an open home; prints the time of each round.
fn past(path: &Path) {
    let home = Home::open(path, &passphrase()).unwrap();
    let engagement = *home.books.engagements.keys().next().unwrap();
    let sheets = home.books.sheets_of(engagement);
    let records: Vec<Id> = sheets.iter().map(|s| s.id).chain([engagement]).collect();
    for _ in 0..4 {
        let watch = Watch::start();
        let (entries, _) = black_box(home.past(&records).unwrap());
        let (wall, cpu) = watch.stop();
        println!("{wall:.3} {cpu:.3} {} entries", entries.len());
    }
}

/// Looks for a word in an open home, whose index is made once before; prints the time of each but the first.
fn search(path: &Path, word: &str) {
    let home = Home::open(path, &passphrase()).unwrap();
    let index = Index::build(&home.books, &home.packs);
    for round in 0..4 {
        let watch = Watch::start();
        drop(black_box(index.find(&find::query(word))));
        let (wall, cpu) = watch.stop();
        if round > 0 {
            println!("{wall:.3} {cpu:.3}");
        }
    }
}
