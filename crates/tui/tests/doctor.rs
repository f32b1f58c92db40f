//! The doctor on real homes: each thing that is planted gives its finding and nothing else; a damaged store its report.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/people.rs"]
mod people;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use bansou::shell::doctor;
use bansou::shell::home::Home;
use bansou::shell::vault::{Kind, Secret};
use bansou_core::doctor::{Inside, Report, Skipped};
use people::owner;
use tempfile::TempDir;

fn secret() -> Secret {
    Secret::new("renshu no kotoba".into())
}

fn made() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    drop(Home::create(&home, &secret(), Kind::Practice, owner()).unwrap());
    (dir, home)
}

/// What the command does: the open home, or what the failed opening tells.
fn examined(path: &Path) -> Report {
    match Home::open(path, &secret()) {
        Ok(home) => doctor::of_home(&home, None),
        Err(failure) => doctor::of_folder(path, None, &doctor::refused(failure).unwrap()),
    }
}

/// What is found in the home but not of the machine it stands on.
fn new(before: &Report, after: &Report) -> Vec<String> {
    let fresh = after.findings.iter().filter(|f| !before.findings.contains(f));
    fresh.map(|f| format!("{} {}", f.id(), f.about.en).trim().to_owned()).collect()
}

#[test]
fn a_new_home_has_nothing_wrong_but_what_the_machine_brings() {
    let (_dir, home) = made();
    let report = examined(&home);
    for finding in &report.findings {
        let of_machine = ["swap.", "memory.", "disk.", "place."].iter().any(|kind| finding.id().starts_with(kind));
        assert!(of_machine, "{finding:?}");
    }
    assert!(!report.skipped.contains(&Skipped::Locked) && report.skipped.contains(&Skipped::Terminal));
}

#[test]
fn each_planted_problem_gives_its_finding_and_no_other() {
    type Plant = fn(&Path);
    let table: [(&str, Plant); 9] = [
        ("file.mode . (755)", |home| mode(home, 0o755)),
        ("file.mode lock (644)", |home| mode(&home.join("lock"), 0o644)),
        ("file.mode keys (750)", |home| mode(&home.join("keys"), 0o750)),
        ("key.unknown keys/other.age", |home| private(&home.join("keys/other.age"))),
        ("file.stray notes.txt", |home| private(&home.join("notes.txt"))),
        ("file.unfinished state/anchor.new", |home| private(&home.join("state/anchor.new"))),
        ("file.kind link", |home| symlink("vault.db", home.join("link")).unwrap()),
        ("place.synced Syncthing", |home| fs::create_dir(home.parent().unwrap().join(".stfolder")).unwrap()),
        ("key.missing keys/recovery.age", |home| fs::remove_file(home.join("keys/recovery.age")).unwrap()),
    ];
    for (expected, plant) in table {
        let (_dir, home) = made();
        let before = examined(&home);
        plant(&home);
        let after = examined(&home);
        assert_eq!(new(&before, &after), [expected]);
        assert!(!after.healthy());
        // The same without the passphrase, but for what only the sealed record of the ways in can tell.
        let inside = Inside::Skipped(Skipped::Locked);
        let locked = doctor::of_folder(&home, None, &inside);
        let seen = locked.findings.iter().any(|f| expected.starts_with(f.id()));
        assert_eq!(seen, !expected.starts_with("key.unknown"), "{expected}: {locked:?}");
        assert!(locked.skipped.contains(&Skipped::Locked));
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn private(path: &Path) {
    fs::write(path, "").unwrap();
    mode(path, 0o600);
}

#[test]
fn a_clock_before_the_newest_entry_is_noticed() {
    let (_dir, path) = made();
    let mut home = Home::open(&path, &secret()).unwrap();
    let before = doctor::of_home(&home, None);
    let earlier = home.now().checked_sub(jiff::Span::new().hours(1)).unwrap();
    home.set_practice_time(earlier).unwrap();
    let report = doctor::of_home(&home, None);
    let found = new(&before, &report);
    assert!(found.len() == 1 && found[0].starts_with("clock.behind"), "{found:?}");
    home.set_practice_time(jiff::civil::date(2016, 11, 1).at(9, 0, 0, 0)).unwrap();
    let found = new(&before, &doctor::of_home(&home, None));
    assert!(found.iter().any(|f| f.starts_with("clock.implausible")), "{found:?}");
}

#[test]
fn a_store_with_a_flipped_byte_still_gets_a_report_that_names_it() {
    let (_dir, path) = made();
    let before = examined(&path);
    let whole = fs::read(path.join("vault.db")).unwrap();
    let mut named = 0;
    // Large parts of the pages are empty.
    let filled: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
    for n in 0..24 {
        let at = filled[filled.len() * n / 24 + 100];
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(path.join("vault.db"), bytes).unwrap();
        let found = new(&before, &examined(&path));
        assert!(found.iter().all(|f| f.starts_with("store.")), "byte {at}: {found:?}");
        named += usize::from(!found.is_empty());
    }
    assert!(named >= 4, "only {named} of 24 changed bytes were named");
    fs::write(path.join("vault.db"), &whole[..whole.len() / 2]).unwrap();
    assert!(new(&before, &examined(&path))[0].starts_with("store.damaged"));
    fs::write(path.join("vault.db"), &whole).unwrap();
    assert_eq!(new(&before, &examined(&path)), [""; 0]);
}

#[test]
fn a_damaged_text_of_the_history_is_named_and_can_be_let_go() {
    let (_dir, path) = made();
    let before = examined(&path);
    let db = rusqlite::Connection::open(path.join("vault.db")).unwrap();
    db.execute("UPDATE text SET sealed = zeroblob(length(sealed)) WHERE seq = 2", ()).unwrap();
    drop(db);
    let report = examined(&path);
    assert_eq!(new(&before, &report), ["store.history text of journal entry 2 was changed"]);
    let mut home = Home::open(&path, &secret()).unwrap();
    assert!(home.backup(None).is_err() && home.history().is_err());
    home.reseal(&secret(), &home.damaged_texts().unwrap()).unwrap();
    let file = home.backup(None).unwrap().0;
    assert_eq!((home.damage().unwrap(), home.history().unwrap().is_empty()), (vec![], false));
    drop(home);
    fs::remove_file(file).unwrap();
    assert_eq!(new(&before, &examined(&path)), [""; 0]);
}

#[test]
fn damage_that_comes_while_the_home_is_open_is_listed_whole() {
    let (_dir, path) = made();
    let home = Home::open(&path, &secret()).unwrap();
    let before = doctor::of_home(&home, None);
    fs::remove_file(path.join("state/anchor")).unwrap();
    let found = new(&before, &doctor::of_home(&home, None));
    assert!(found.iter().any(|f| f.contains("state/anchor")), "{found:?}");
}

#[test]
fn a_lost_anchor_a_bad_key_file_and_a_busy_store_are_told_apart() {
    let (_dir, path) = made();
    let held = Home::open(&path, &secret()).unwrap();
    let busy = examined(&path);
    assert!(busy.skipped.contains(&Skipped::Busy) && !busy.findings.iter().any(|f| f.id().starts_with("store")));
    drop(held);
    let before = examined(&path);
    let key = path.join("keys/passphrase.age");
    let good = fs::read(&key).unwrap();
    fs::write(&key, "not a key").unwrap();
    assert_eq!(new(&before, &examined(&path)), ["key.damaged keys/"]);
    fs::write(&key, good).unwrap();
    fs::remove_file(path.join("state/anchor")).unwrap();
    assert_eq!(new(&before, &examined(&path)), ["store.older state/anchor"]);
    assert!(doctor::refused(Home::open(&path, &Secret::new("another".into())).err().unwrap()).is_err());
}
