//! Saves one change after another and says so after each: what the fault tests kill, record and replay.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a worker of tests stops at once")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use bansou::shell::vault::{Change, Kind, Secret, Unlock, Vault, backup};
use bansou_tests::steps::{CHANGED, GOLDEN, PASSPHRASES, REOPENED, RESEALED, step};
use rusqlite::Connection;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["vault", home, count] => vault(Path::new(home), count.parse().unwrap()),
        ["open", home] => open(Path::new(home)),
        ["restore", file, home] => restore(Path::new(file), Path::new(home)),
        ["sqlite", file, mode, count] => sqlite(Path::new(file), mode, count.parse().unwrap()),
        ["careless", folder, line] => careless(Path::new(folder), line),
        _ => panic!(
            "vault HOME N | open HOME | restore FILE HOME | sqlite FILE FULL|NORMAL|OFF N | careless FOLDER LINE"
        ),
    }
}

fn secret(n: usize) -> Secret {
    Secret::new(PASSPHRASES[n].to_owned())
}

/// The real store, driven as a session of the screens drives it: many commits in one process.
fn vault(home: &Path, count: usize) {
    let (mut vault, _) = Vault::create(home, &secret(0), Kind::Practice).unwrap();
    println!("ack 0");
    for i in 1..=count {
        let step = step(i);
        let changes: Vec<Change<'_>> =
            step.records.iter().map(|(id, bytes)| Change { id: *id, bytes: bytes.as_deref() }).collect();
        let attachments: Vec<([u8; 16], Option<&[u8]>)> =
            step.attachments.iter().map(|(id, bytes)| (*id, bytes.as_deref())).collect();
        vault.commit(&changes, &attachments, &step.text).unwrap();
        println!("ack {i}");
        if i == CHANGED {
            vault.change_passphrase(&secret(1)).unwrap();
            println!("ack passphrase");
        }
        if i == RESEALED {
            vault.reseal(&secret(1), &BTreeMap::new(), &BTreeSet::new()).unwrap();
            println!("ack resealed");
        }
        if i == REOPENED {
            drop(vault);
            vault = Vault::open(home, &Unlock::Passphrase(&secret(0))).unwrap();
        }
    }
}

/// Opens a golden home, which migrates one of an older format.
fn open(home: &Path) {
    Vault::open(home, &Unlock::Passphrase(&Secret::new(GOLDEN.to_owned()))).unwrap();
    println!("ack opened");
}

fn restore(file: &Path, home: &Path) {
    let passphrase = Secret::new(GOLDEN.to_owned());
    backup::restore(file, &Unlock::Passphrase(&passphrase), home, &passphrase).unwrap();
    println!("ack restored");
}

/// Plain SQLite, to show that the replay finds what a weaker setting loses.
fn sqlite(file: &Path, mode: &str, count: usize) {
    let db = Connection::open(file).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.pragma_update(None, "synchronous", mode).unwrap();
    db.pragma_update(None, "wal_autocheckpoint", 20).unwrap();
    db.execute("CREATE TABLE kept(n INTEGER PRIMARY KEY, bytes BLOB)", ()).unwrap();
    println!("ack 0");
    for i in 1..=count {
        db.execute("INSERT INTO kept VALUES (?1, ?2)", (i as i64, step(i).records.remove(0).1)).unwrap();
        println!("ack {i}");
    }
    // As if the power went: no closing, no last checkpoint.
    std::process::exit(0);
}

/// A store as nobody should write one: the file is emptied and written again, and its number stands in a second file.
fn careless(folder: &Path, line: &str) {
    let (list, number) = (folder.join("list"), folder.join("number"));
    let held = fs::read_to_string(&list).unwrap_or_default();
    fs::write(&list, held + line + "\n").unwrap();
    fs::write(&number, fs::read_to_string(&list).unwrap().lines().count().to_string()).unwrap();
    println!("ack");
}
