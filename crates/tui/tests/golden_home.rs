//! Homes and backups as releases wrote them: whatever comes later opens them and finds the same in them, for ever.
//! `UPDATE_GOLDEN=1` writes those of the present format, which is done once, when a format is new.
#![allow(clippy::unwrap_used)]

#[path = "kit/people.rs"]
mod people;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bansou::shell::documents::Typesetter;
use bansou::shell::home::Home;
use bansou::shell::papers;
use bansou::shell::practice::data::{Stage as At, built_in};
use bansou::shell::practice::stage::Stage;
use bansou::shell::vault::{Kind, Secret, Unlock, Vault, backup, recipient_of};
use bansou_core::document::Request;
use bansou_core::record::v1::Id;
use bansou_core::wire::v1::manifest::sha256_hex;
use jiff::civil::date;

/// Every format of the store there ever was.
const FORMATS: [u8; 2] = [1, PRESENT];
const PRESENT: u8 = 2;

fn golden(format: u8) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/golden/vault/{format}"))
}

fn renshu() -> Secret {
    Secret::new("renshu".into())
}

fn copy(from: &Path, to: &Path) {
    for folder in ["", "keys", "state"] {
        std::fs::create_dir_all(to.join(folder)).unwrap();
        for file in std::fs::read_dir(from.join(folder)).unwrap().map(Result::unwrap) {
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), to.join(folder).join(file.file_name())).unwrap();
            }
        }
    }
}

/// Every record, journal text and document by its hash.
fn contents(path: &Path, unlock: &Unlock<'_>) -> String {
    let vault = Vault::open(path, unlock).unwrap();
    assert_eq!(vault.verify().unwrap(), vec![]);
    let mut lines = String::new();
    for (id, rev, bytes) in vault.records() {
        writeln!(lines, "record {} {rev} {}", Id(id), sha256_hex(bytes)).unwrap();
    }
    for row in vault.journal(1).unwrap() {
        let text = if vault.erased(row.seq) { "erased".to_owned() } else { sha256_hex(&row.entry) };
        writeln!(lines, "entry {} {text}", row.seq).unwrap();
    }
    drop(vault);
    let home = Home::open(path, &renshu()).unwrap();
    assert!(!home.history().unwrap().is_empty());
    for artefact in home.books.artefacts.values() {
        writeln!(lines, "blob {} {}", artefact.blob, sha256_hex(&home.blob(artefact.blob).unwrap())).unwrap();
    }
    lines
}

/// One firm with a worked session, a document, a further way in, a journal entry whose text was erased, and a backup.
fn write(folder: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("home");
    let (mut home, code) = Home::create(&path, &renshu(), Kind::Practice, people::owner()).unwrap();
    let base = date(2026, 11, 20);
    home.set_practice_time(base.at(9, 0, 0, 0)).unwrap();
    let practice = built_in().unwrap();
    let firm = practice.firm(At::BetweenSecondAndThird).unwrap().clone();
    let mut stage = Stage::begin(&mut home, &firm, &practice.work, base).unwrap();
    stage.plan_dates().unwrap();
    stage.session_work(1, firm.held[0]).unwrap();
    let request = Request::Engagement { engagement: stage.engagement, document: "diagnosis".into(), session: None };
    papers::make(&mut home, &Typesetter::new().unwrap(), &request).unwrap();
    home.add_way("usb-stick", &recipient_of(&code).unwrap()).unwrap();
    home.reseal(&renshu(), &BTreeSet::from([4])).unwrap();
    drop(home);
    std::fs::remove_file(path.join("lock")).unwrap();
    copy(&path, folder);
    std::fs::write(folder.join("recovery.txt"), code.expose()).unwrap();
    Home::open(&path, &renshu()).unwrap().backup(Some(&folder.join("backup.age"))).unwrap();
}

/// Opens by the passphrase and by the recovery code.
fn by_each_way(folder: &Path, mut open: impl FnMut(&Unlock<'_>, &str)) {
    let text = |file| std::fs::read_to_string(folder.join(file)).unwrap();
    let (code, expected) = (Secret::new(text("recovery.txt")), text("contents.txt"));
    open(&Unlock::Passphrase(&renshu()), &expected);
    open(&Unlock::Identity(&code), &expected);
}

#[test]
fn homes_of_every_format_open_by_each_way_in_and_hold_what_they_held() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    if update && !golden(PRESENT).exists() {
        write(&golden(PRESENT));
    }
    for format in FORMATS {
        let file = golden(format).join("contents.txt");
        if update && !file.exists() {
            let dir = tempfile::tempdir().unwrap();
            copy(&golden(format), dir.path());
            std::fs::write(file, contents(dir.path(), &Unlock::Passphrase(&renshu()))).unwrap();
        }
        by_each_way(&golden(format), |unlock, expected| {
            let dir = tempfile::tempdir().unwrap();
            copy(&golden(format), dir.path());
            assert_eq!(contents(dir.path(), unlock), expected, "format {format}");
        });
    }
}

#[test]
fn a_restore_cut_short_before_it_said_so_says_so_at_the_next_opening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("home");
    let file = golden(PRESENT).join("backup.age");
    drop(backup::restore(&file, &Unlock::Passphrase(&renshu()), &path, &renshu()).unwrap());
    assert!(path.join("state/put-back").exists());
    let home = Home::open(&path, &renshu()).unwrap();
    assert!(home.books.resumption.as_ref().is_some_and(|r| r.restored.is_some()));
    assert!(!path.join("state/put-back").exists());
}

#[test]
fn backups_of_every_format_are_restored_and_hold_what_they_held() {
    for format in FORMATS {
        by_each_way(&golden(format), |unlock, expected| {
            // The one that a migration makes is for the passphrase alone.
            if matches!((format, unlock), (1, Unlock::Identity(_))) {
                return;
            }
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("home");
            let restored = backup::restore(&golden(format).join("backup.age"), unlock, &path, &renshu()).unwrap();
            assert_eq!((restored.2.store, restored.2.seq), (format.into(), restored.0.seq()));
            drop(restored);
            assert_eq!(contents(&path, &Unlock::Passphrase(&renshu())), expected, "format {format}");
        });
    }
}
