//! The export: every record and attachment of a home is found again in it, whatever a client is called.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/people.rs"]
mod people;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use bansou::shell::export;
use bansou::shell::home::Home;
use bansou::shell::practice::data::{Stage as At, built_in};
use bansou::shell::practice::stage::Stage;
use bansou::shell::vault::{Kind, Secret};
use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::record::v1::{Artefact, Client, Contact, Id, JournalEntry, Record};
use bansou_core::wire::v1::envelope::hex;
use people::owner;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

fn client(name: &str) -> Client {
    Client {
        id: Id([0; 16]),
        name: name.into(),
        kana: "テキ".into(),
        category: 1,
        main_industry: None,
        capital: 10_000_000,
        employees: 25,
        sole_proprietor: false,
        prefecture: 13,
        contact: Contact::default(),
        one_star: true,
        added_on: jiff::civil::date(2026, 10, 1),
        archived: false,
    }
}

/// Names that would lead out, hide, collide or break a line.
const HOSTILE: [&str; 9] =
    ["../../etc", "..", "CON", "con", "aux.txt", "㈱同名", "㈱同名", "=cmd|' /C calc'!A0", "a/b\\c:d*e?f\"g<h>i|j"];

/// A home with four worked sessions, notes, sheets, plan, policy, made-up papers, and clients with hostile names.
fn home(dir: &Path) -> (Home, BTreeMap<Id, Vec<u8>>) {
    let secret = Secret::new("renshu no kotoba".into());
    let mut home = Home::create(&dir.join("home"), &secret, Kind::Practice, owner()).unwrap().0;
    let practice = built_in().unwrap();
    let firm = practice.firm(At::Finished).unwrap();
    let today = home.now().date();
    let mut stage = Stage::begin(&mut home, firm, &practice.work, today).unwrap();
    stage.plan_dates().unwrap();
    for (session, day) in (1..).zip(&firm.held) {
        stage.session_work(session, *day).unwrap();
    }
    for name in HOSTILE {
        home.apply(Command::Client(ClientCommand::Add(Box::new(client(name))))).unwrap();
    }
    let long = "長".repeat(200);
    home.apply(Command::Client(ClientCommand::Add(Box::new(client(&long))))).unwrap();
    let engagement = *home.books.engagements.keys().next().unwrap();
    let mut blobs = BTreeMap::new();
    for (n, bytes) in [(11, b"%PDF-1.7 one".to_vec()), (12, vec![0; 70_000]), (13, (0..=255).collect())] {
        let paper = Artefact {
            id: Id([n; 16]),
            engagement: Some(engagement),
            document: "diagnosis".into(),
            session: None,
            claim: None,
            made_at: home.now(),
            blob: Id([n + 100; 16]),
            sha256: hex(&Sha256::digest(&bytes)),
            size: bytes.len() as u64,
            editions: Vec::new(),
        };
        let command = Command::KeepArtefact(Box::new(paper.clone()));
        home.apply_with(command, &[(paper.blob, &bytes)]).unwrap();
        blobs.insert(paper.blob, bytes);
    }
    (home, blobs)
}

fn below(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = fs::symlink_metadata(&path).unwrap();
        let whole = if found.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(found.permissions().mode() & 0o777, whole, "{}", path.display());
        if found.is_dir() {
            below(&path, into);
        } else {
            assert!(found.is_file());
            into.push(path);
        }
    }
}

#[test]
fn every_record_and_attachment_is_found_again_in_an_export() {
    let dir = tempfile::tempdir().unwrap();
    let (mut home, mut blobs) = home(dir.path());
    let out = dir.path().join("out");
    let written = export::write(&mut home, &out).unwrap();
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o700);
    let mut files = Vec::new();
    below(&out, &mut files);
    // Nothing lies outside of it.
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);

    let index: Value = serde_json::from_slice(&fs::read(out.join("index.json")).unwrap()).unwrap();
    let listed = index["files"].as_array().unwrap();
    assert_eq!((listed.len(), files.len()), (written.files, written.files + 1));
    for row in listed {
        let bytes = fs::read(out.join(row["path"].as_str().unwrap())).unwrap();
        assert_eq!(row["sha256"], hex(&Sha256::digest(&bytes)));
        assert_eq!(row["size"], bytes.len());
    }

    let mut records: BTreeMap<Id, Record> = home.books.records().into_iter().map(|r| (r.id(), r)).collect();
    let all = records.len();
    for file in &files {
        let bytes = fs::read(file).unwrap();
        if file.extension().is_some_and(|e| e == "json")
            && let Ok(record) = Record::decode(&bytes)
        {
            assert_eq!(records.remove(&record.id()), Some(record), "{}", file.display());
        }
        blobs.retain(|_, blob| *blob != bytes);
    }
    assert!(all > 20 && records.is_empty(), "{} of {all} records are missing", records.len());
    assert!(blobs.is_empty(), "attachments are missing: {:?}", blobs.keys());

    let journal = fs::read_to_string(out.join("journal.jsonl")).unwrap();
    let entries: Vec<JournalEntry> = journal
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["entry"].to_string())
        .map(|entry| JournalEntry::decode(entry.as_bytes()).unwrap())
        .collect();
    let history: Vec<JournalEntry> = home.history().unwrap().into_iter().map(|(_, entry)| entry).collect();
    assert_eq!(entries, history);
    assert_eq!(history.last().unwrap().command, "export", "the export is in the journal");

    // No private key, in any file.
    let identity = home.practice_identity().unwrap();
    for file in &files {
        let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
        assert!(!text.contains(identity.expose()) && !text.contains("AGE-SECRET-KEY"), "{}", file.display());
    }
    let names: Vec<String> = files.iter().map(|f| f.strip_prefix(&out).unwrap().display().to_string()).collect();
    for page in ["notes.md", "diagnosis.md", "policy.md", "plan.md", "answers.csv", "plan.csv"] {
        assert!(names.iter().any(|n| n.ends_with(&format!("/{page}"))), "{page} is missing: {names:#?}");
    }
}

#[test]
fn an_export_is_refused_where_it_would_mix_or_hide_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut home, _) = home(dir.path());
    let entries = home.history().unwrap().len();
    let full = dir.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), "x").unwrap();
    let inside = home.path.join("export");
    for (folder, code) in
        [(&full, "E-EXPORT-FOLDER"), (&inside, "E-EXPORT-HOME"), (&home.path.clone(), "E-EXPORT-FOLDER")]
    {
        let failure = export::write(&mut home, folder).unwrap_err();
        assert_eq!((failure.code().as_str(), failure.exit_code()), (code, 8));
    }
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);
    assert!(!inside.exists());
    assert_eq!(home.history().unwrap().len(), entries, "nothing was noted");
    // An empty folder is made private.
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    fs::set_permissions(&empty, fs::Permissions::from_mode(0o755)).unwrap();
    export::write(&mut home, &empty).unwrap();
    assert_eq!(fs::metadata(&empty).unwrap().permissions().mode() & 0o777, 0o700);
    // An export is nothing to take back: undo passes it and takes back the change before.
    let exported = home.history().unwrap();
    home.undo().unwrap();
    let last = home.history().unwrap().pop().unwrap().1;
    assert!(last.undoes.is_some_and(|seq| exported.iter().any(|(s, e)| *s == seq && !e.changes.is_empty())));
}
