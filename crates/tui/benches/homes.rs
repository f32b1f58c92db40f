//! The homes that are measured: 400 firms, and 400 firms with 10,000 notes of 20 MB.
#![allow(dead_code, reason = "each benchmark takes what it needs")]

#[path = "../tests/kit/people.rs"]
mod people;

use std::alloc::System;
use std::path::Path;
use std::time::{Duration, Instant};

use bansou::shell::clock;
use bansou::shell::home::Home;
use bansou::shell::practice::data::{Stage as At, built_in};
use bansou::shell::practice::stage::Stage;
use bansou::shell::vault::{Kind, Secret};
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::{NewNote, NoteAction};
use bansou_core::record::v1::Id;
use people::owner;
use zeroizing_alloc::ZeroAlloc;

/// As in the program: what is given back is overwritten.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

const FIRMS: usize = 400;
/// Notes of the largest home, and bytes of each.
pub const NOTES: usize = 10_000;
const NOTE_BYTES: usize = 2000;

/// Passphrase of every measured home.
pub fn passphrase() -> Secret {
    Secret::new("renshu".into())
}

pub fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1000.0
}

/// Time by the clock and time on the processor, in milliseconds: the second does not count what else runs here.
pub struct Watch(Instant, f64);

impl Watch {
    pub fn start() -> Self {
        Self(Instant::now(), on_processor())
    }

    pub fn stop(&self) -> (f64, f64) {
        (ms(self.0.elapsed()), on_processor() - self.1)
    }
}

/// Milliseconds this thread has had a processor; 0 where the system does not say.
fn on_processor() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or_default() / 1e6
}

pub fn median(times: &[Duration]) -> Duration {
    times[times.len() / 2]
}

/// The times of `n` runs, shortest first.
pub fn repeat(n: usize, mut work: impl FnMut()) -> Vec<Duration> {
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

pub fn row(what: &str, figure: f64, limit: f64) {
    println!("{what:34} {figure:10.2} {limit:10.0} {:8.3}", figure / limit);
}

/// A home without firms.
pub fn small(path: &Path) -> Home {
    Home::create(path, &passphrase(), Kind::Practice, owner()).unwrap().0
}

/// A home with 400 firms, every tenth with two worked sessions.
pub fn many_firms(path: &Path) -> Home {
    let practice = built_in().unwrap();
    let model = practice.firm(At::BetweenSecondAndThird).unwrap().clone();
    let mut home = small(path);
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

/// Adds 10,000 notes, each saved as a person saves it.
pub fn add_notes(home: &mut Home) {
    let engagements: Vec<Id> = home.books.engagements.keys().copied().collect();
    for n in 0..NOTES {
        let (session, who, question) = (Some(1), "総務部長".to_owned(), None);
        let action = FindingsAction::Note(NoteAction::Add(NewNote {
            session,
            who,
            text: note_text(n),
            question,
            ..NewNote::default()
        }));
        let engagement = engagements[n % engagements.len()];
        home.apply(Command::Findings(FindingsCommand { engagement, action })).unwrap();
        home.take_entries();
    }
}

/// About 2,000 bytes of Japanese with a number that stands in no other note.
pub fn note_text(n: usize) -> String {
    const WORDS: [&str; 5] = [
        "標的型攻撃の訓練を",
        "テレワークの端末は",
        "社長と総務部長に",
        "バックアップを毎週",
        "ＵＳＢメモリーの持出し",
    ];
    let mut text = format!("整理番号{n:05}。");
    let mut at = n;
    while text.len() < NOTE_BYTES {
        text.push_str(WORDS[at % WORDS.len()]);
        at = (at * 31 + 7) % 1_000_003;
        text.push_str(&format!("{}に決めた。", at % 997));
    }
    text
}
