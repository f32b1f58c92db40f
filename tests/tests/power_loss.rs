//! The power goes at any moment: what the store acknowledged is there, whole, and nothing half.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use bansou::shell::vault::{Kind, Secret, Unlock, Vault, VaultError, backup};
use bansou_tests::chance::{Chance, memory_folder, say, seed, times};
use bansou_tests::program::{copy, run};
use bansou_tests::replay::Tape;
use bansou_tests::steps::{CHANGED, GOLDEN, Held, PASSPHRASES, RESEALED, attached, held_after, step};
use bansou_tests::strace;
use rusqlite::Connection;

const WORKER: &str = env!("CARGO_BIN_EXE_bansou-worker");
const COMMITS: usize = 26;

/// Lines `ack …` of a standard output.
fn acks(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().filter_map(|l| l.strip_prefix("ack ")).map(str::to_owned).collect()
}

/// Records the worker; the model must end with exactly the files that are really there.
fn recorded(args: &[&str], begin: &[&str]) -> Tape {
    recorded_from(args, |root| begin.iter().for_each(|name| std::fs::create_dir(root.join(name)).unwrap()))
}

/// The same with whatever lies in the folder before.
fn recorded_from(args: &[&str], begin: impl FnOnce(&Path)) -> Tape {
    strace::needed();
    let dir = memory_folder();
    let (root, log) = (dir.path().join("root"), dir.path().join("log"));
    std::fs::create_dir(&root).unwrap();
    begin(&root);
    let mut tape = Tape::new(&root);
    let place = root.join("home").display().to_string();
    let args: Vec<&str> = args.iter().map(|a| if *a == "PLACE" { &place } else { *a }).collect();
    run(strace::record(&log, WORKER.as_ref()).args(args), "").ok();
    tape.play(&strace::calls(&log), acks);
    assert_eq!(tape.whole().differs_from(&root), Vec::<std::path::PathBuf>::new(), "a call that the model missed");
    tape
}

/// What the looks at many crash states came to: a word for each kind of outcome, and how often.
type Figures = BTreeMap<&'static str, usize>;

/// Looks at `count` crash states on two threads; `look` gets the files and what had been acknowledged.
fn crashes(tape: &Tape, count: usize, seed: u64, look: impl Fn(&Path, &[&str]) -> &'static str + Sync) -> Figures {
    let look = &look;
    let half = |part: u64| {
        let mut chance = Chance::new(seed + part);
        let (dir, mut figures) = (memory_folder(), Figures::new());
        for _ in 0..count / 2 {
            let moment = chance.below(tape.moments());
            tape.crash(moment, &mut chance).write_to(dir.path());
            *figures.entry(look(dir.path(), &tape.said(moment))).or_default() += 1;
        }
        figures
    };
    thread::scope(|scope| {
        let other = scope.spawn(move || half(1_000_003));
        let mut figures = half(0);
        other.join().unwrap().into_iter().for_each(|(what, n)| *figures.entry(what).or_default() += n);
        figures
    })
}

fn last_number(said: &[&str]) -> Option<usize> {
    said.iter().rev().find_map(|s| s.parse().ok())
}

#[test]
fn the_replay_finds_what_weaker_settings_of_sqlite_lose() {
    let (seed, count) = (seed(), times("BANSOU_STATES", 1000) / 2);
    let look = |root: &Path, said: &[&str]| -> &'static str {
        let Some(acknowledged) = last_number(said) else { return "nothing acknowledged" };
        let read = || -> rusqlite::Result<Vec<(usize, Vec<u8>)>> {
            let db = Connection::open(root.join("home"))?;
            let sound: String = db.pragma_query_value(None, "integrity_check", |r| r.get(0))?;
            if sound != "ok" {
                return Err(rusqlite::Error::QueryReturnedNoRows);
            }
            let mut query = db.prepare("SELECT n, bytes FROM kept ORDER BY n")?;
            query.query_map((), |r| Ok((r.get::<_, i64>(0)?.unsigned_abs() as usize, r.get(1)?)))?.collect()
        };
        match read() {
            Err(e) if e.to_string().contains("no such table") => "lost",
            Err(_) => "corrupt",
            Ok(rows) if rows.len() < acknowledged => "lost",
            Ok(rows) if rows.iter().all(|(n, b)| step(*n).records[0].1.as_ref() == Some(b)) => "kept",
            Ok(_) => "corrupt",
        }
    };
    for (mode, weak) in [("FULL", false), ("NORMAL", true), ("OFF", true)] {
        let tape = recorded(&["sqlite", "PLACE", mode, "40"], &[]);
        let figures = crashes(&tape, count, seed, look);
        say(&format!("replay of SQLite with synchronous={mode}: {count} states, seed {seed}: {figures:?}"));
        let bad = ["lost", "corrupt"].map(|k| figures.get(k).copied().unwrap_or(0));
        assert_eq!(bad[0] > 0, weak, "{mode}: {figures:?}");
        // NORMAL may lose what came last, but keeps the order; OFF keeps nothing.
        assert_eq!(bad[1] > 0, mode == "OFF", "{mode}: {figures:?}");
        assert!(figures["kept"] > 0, "{figures:?}");
    }
}

/// Opens a store with the new passphrase; with the old one too, as long as the change was not acknowledged.
fn open(home: &Path, changed: bool) -> Result<Vault, VaultError> {
    let with = |n: usize| Vault::open(home, &Unlock::Passphrase(&Secret::new(PASSPHRASES[n].to_owned())));
    if changed {
        return with(1);
    }
    match with(0) {
        Err(VaultError::WrongPassphrase) => with(1),
        other => other,
    }
}

fn held(vault: &Vault) -> Result<Held, VaultError> {
    let mut held = Held::default();
    for (id, _, bytes) in vault.records() {
        held.records.insert(id, bytes.to_vec());
    }
    for row in vault.journal(1)? {
        held.texts.push(row.entry.to_vec());
    }
    for id in attached(held.texts.len()) {
        if let Some(bytes) = vault.blob(&id)? {
            held.attachments.insert(id, bytes.to_vec());
        }
    }
    Ok(held)
}

/// One word for a crash state of the store; everything but `kept…` is a promise broken.
fn look_at_store(root: &Path, said: &[&str], expected: &[Held]) -> &'static str {
    let home = root.join("home");
    let Some(acknowledged) = last_number(said) else {
        // Its making was not acknowledged: it is there, or it can be made again.
        return match open(&home, false) {
            Ok(_) => "kept: made, not acknowledged",
            Err(VaultError::NotFound) => {
                let fresh = Vault::create(&home, &Secret::new(PASSPHRASES[0].to_owned()), Kind::Practice);
                if fresh.is_ok() { "kept: made again" } else { "stuck: cannot be made again" }
            }
            Err(_) => "stuck: half made",
        };
    };
    let vault = match open(&home, said.contains(&"passphrase")) {
        Ok(vault) => vault,
        Err(VaultError::NotFound) => return "lost: no store",
        Err(VaultError::Damaged { .. }) => return "damaged",
        Err(VaultError::RolledBack) => return "taken for an older copy",
        Err(VaultError::WrongPassphrase | VaultError::KeyFile) => return "passphrase does not open",
        Err(_) => return "does not open",
    };
    let Ok(held) = held(&vault) else { return "damaged" };
    let saved = held.texts.len();
    if saved < acknowledged {
        return "lost";
    }
    if saved > acknowledged + 1 || expected.get(saved) != Some(&held) {
        return "half";
    }
    // Opening has read everything already; the pages of SQLite are looked at in every fourth state.
    if saved.is_multiple_of(4) && !vault.verify().is_ok_and(|findings| findings.is_empty()) {
        return "not whole";
    }
    if saved > acknowledged { "kept, and the next one too" } else { "kept" }
}

/// Crash states of a recorded run of the store, all of which must be kept.
fn store_survives(tape: &Tape, what: &str) {
    let (seed, count) = (seed(), times("BANSOU_STATES", 1000));
    assert_eq!(tape.said(tape.moments() - 1).len(), COMMITS + 3, "for the making, the passphrase, the new key");
    const { assert!(CHANGED < RESEALED && RESEALED < COMMITS) };
    let expected: Vec<Held> = (0..=COMMITS).map(held_after).collect();
    let figures = crashes(tape, count, seed, |root, said| look_at_store(root, said, &expected));
    say(&format!("power cut, {what}: {count} states, {COMMITS} commits, seed {seed}: {figures:?}"));
    let broken: Vec<_> = figures.iter().filter(|(what, _)| !what.starts_with("kept")).collect();
    assert!(broken.is_empty(), "seed {seed}: {broken:?} of {figures:?}");
    for seen in ["kept", "kept, and the next one too"] {
        assert!(figures.contains_key(seen), "no such state came up: {figures:?}");
    }
}

#[test]
fn a_power_cut_loses_nothing_that_the_store_acknowledged() {
    store_survives(&recorded(&["vault", "PLACE", &COMMITS.to_string()], &["home"]), "store");
}

#[test]
fn a_power_cut_right_after_the_making_of_a_home_leaves_the_home() {
    store_survives(&recorded(&["vault", "PLACE", &COMMITS.to_string()], &[]), "store with its folder");
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/vault").join(name)
}

fn renshu() -> Secret {
    Secret::new(GOLDEN.to_owned())
}

/// Every record and every text of a golden home.
fn holds(vault: &Vault) -> Option<(usize, Vec<Vec<u8>>)> {
    let texts = vault.journal(1).ok()?.iter().map(|row| row.entry.to_vec()).collect();
    vault.verify().is_ok_and(|found| found.is_empty()).then(|| (vault.records().count(), texts))
}

/// Crash states of a run that makes a whole store anew; `again` makes it once more where none is there yet.
fn built_anew_survives(tape: &Tape, what: &str, again: impl Fn(&Path) -> Result<Vault, VaultError> + Sync) {
    let (seed, count) = (seed(), times("BANSOU_STATES", 1000) / 5);
    let whole = memory_folder();
    tape.whole().write_to(whole.path());
    let by_passphrase = |root: &Path| Vault::open(&root.join("home"), &Unlock::Passphrase(&renshu()));
    let expected = holds(&by_passphrase(whole.path()).unwrap()).unwrap();
    let figures = crashes(tape, count, seed, |root, said| {
        let (opened, kept) = match by_passphrase(root) {
            Err(VaultError::NotFound) if said.is_empty() => (again(&root.join("home")), "kept: made again"),
            other => (other, "kept"),
        };
        match opened.as_ref().map(holds) {
            Ok(Some(held)) if held == expected => kept,
            Ok(Some(_)) => "half",
            Ok(None) => "damaged",
            Err(_) => "does not open",
        }
    });
    say(&format!("power cut, {what}: {count} states, seed {seed}: {figures:?}"));
    assert!(figures.keys().all(|what| what.starts_with("kept")) && figures.contains_key("kept"), "{figures:?}");
}

#[test]
fn a_power_cut_during_a_migration_leaves_the_old_store_or_the_new_one() {
    let tape = recorded_from(&["open", "PLACE"], |root| {
        copy(&golden("1"), &root.join("home"));
    });
    built_anew_survives(&tape, "migration", |_| Err(VaultError::NotFound));
}

#[test]
fn a_power_cut_during_a_restore_leaves_the_whole_store_or_none() {
    let file = golden("2").join("backup.age");
    let tape = recorded_from(&["restore", &file.display().to_string(), "PLACE"], |_| {});
    let again = |home: &Path| {
        let restored = backup::restore(&file, &Unlock::Passphrase(&renshu()), home, &renshu());
        restored.map(|(vault, ..)| vault)
    };
    built_anew_survives(&tape, "restore", again);
}
