//! The care of a home through the real program: doctor, search, export, and where no home is made.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use bansou_tests::program::{Person, binary, run};
use bansou_tests::world::{begin, firm};
use serde_json::{Value, json};

const CASE: &str = "K-0801";
const FIRM: &str = "㈱北星精密";

fn expert() -> Person {
    let expert = Person::new("senmonka no kotoba");
    expert.bansou(["init", "--name", "試験 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    expert.bansou_with_input(["note", "add", CASE], "サーバー室の鍵は総務が持つ").ok();
    expert
}

fn ids(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_doctor_says_cause_effect_and_next_command_and_ends_with_6() {
    let expert = expert();
    fs::write(expert.home().join("keys/stray.age"), "x").unwrap();
    let chmod = Command::new("chmod").arg("755").arg(expert.home()).status().unwrap();
    assert!(chmod.success());
    let report = expert.bansou(["--lang", "en", "--json", "doctor"]).code(6).json();
    assert_eq!(report["healthy"], json!(false));
    for id in ["key.unknown", "file.mode"] {
        let found = report["findings"].as_array().unwrap().iter().find(|f| f["id"] == id).unwrap();
        for part in ["cause", "effect", "next"] {
            assert!(found[part].as_str().unwrap().len() > 20, "{found}");
        }
    }
    // Without the passphrase what lies outside is seen, and it is said what was not looked at.
    let mut command = Command::new(binary("bansou"));
    command.args(["--lang", "ja", "--json", "--home"]).arg(expert.home()).args(["doctor", "--no-unlock"]);
    let outside = run(&mut command, "").code(6).json();
    assert!(ids(&outside).contains(&"file.mode".to_owned()), "{outside}");
    assert!(outside["skipped"].as_array().unwrap().iter().any(|s| s["check"] == "locked"));
    let japanese = expert.bansou(["--lang", "ja", "doctor"]).code(6);
    assert!(japanese.stdout.contains("危険") && japanese.stdout.contains("chmod 700"));
    let stranger = Person::of_home(&expert.home(), "chigau kotoba desu");
    stranger.bansou(["--lang", "ja", "doctor"]).refused(4, true);
}

#[test]
fn own_phrases_are_kept_listed_found_removed_and_brought_back() {
    let expert = expert();
    expert.bansou_with_input(["phrase", "add"], "復元を[日]に試した。\n").ok();
    expert.bansou_with_input(["phrase", "add"], "鍵は二人で持つ。").ok();
    let kept = |expert: &Person| expert.json(["phrase", "list", "--reveal"])["phrases"].clone();
    let texts = |phrases: &Value| phrases.as_array().unwrap().iter().map(|p| p["text"].clone()).collect::<Vec<_>>();
    let phrases = kept(&expert);
    // Both may have been kept within one second.
    let at = texts(&phrases).iter().position(|text| text == "復元を[日]に試した。").unwrap();
    assert_eq!((texts(&phrases).len(), texts(&phrases)[1 - at].as_str()), (2, Some("鍵は二人で持つ。")));
    assert_eq!(expert.json(["phrase", "ls"])["phrases"][0]["text"], Value::Null, "they may hold a client's words");
    assert_eq!(expert.json(["search", "復元", "--reveal"])["hits"][0]["kind"], "phrase");
    let id = phrases[at]["id"].as_str().unwrap();
    expert.bansou(["phrase", "remove", &id[..8]]).ok();
    assert_eq!(texts(&kept(&expert)).len(), 1);
    expert.bansou(["phrase", "remove", &id[..8]]).refused(5, true);
    expert.bansou(["undo"]).ok();
    assert_eq!(kept(&expert), phrases);
    expert.bansou_with_input(["phrase", "add"], " \n").refused(8, true);
}

#[test]
fn a_damaged_store_still_gets_its_report() {
    let expert = expert();
    let file = expert.home().join("vault.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].iter_mut().for_each(|b| *b ^= 0x55);
    fs::write(&file, bytes).unwrap();
    let report = expert.bansou(["--lang", "en", "--json", "doctor"]).code(6).json();
    assert!(ids(&report).iter().any(|id| id == "store.damaged"), "{report}");
    assert!(report["skipped"].as_array().unwrap().iter().any(|s| s["check"] == "unreadable"));
    expert.bansou(["--lang", "en", "client", "list"]).refused(9, false);
}

#[test]
fn a_home_is_not_made_in_a_synced_folder_unless_it_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("Dropbox/home");
    let person = Person::of_home(&home, "senmonka no kotoba");
    let init = ["--lang", "ja", "init", "--name", "x", "--practice"];
    person.bansou(init).refused(8, true);
    assert!(!folder.path().join("Dropbox").exists());
    person.bansou(init.iter().chain(&["--here-anyway"])).ok();
    let report = person.bansou(["--json", "doctor"]).code(6).json();
    assert!(ids(&report).iter().any(|id| id == "place.synced"));
}

/// Unmounts however the test ends.
struct Mount(PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_home_on_a_network_file_system_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (real, far) = (dir.path().join("real"), dir.path().join("far"));
    [&real, &far].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
    // A file system that says of itself what sshfs says.
    let mounted = Command::new("bindfs").args(["-o", "subtype=sshfs"]).args([&real, &far]).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: bindfs is not here, or may not mount");
        return;
    }
    let _mount = Mount(far.clone());
    let person = Person::of_home(&far.join("home"), "senmonka no kotoba");
    person.bansou(["--lang", "ja", "init", "--name", "x", "--practice"]).refused(8, true);
    assert_eq!(fs::read_dir(&real).unwrap().count(), 0, "nothing was made there");
    let local = Person::of_home(&real.join("home"), "senmonka no kotoba");
    local.bansou(["init", "--name", "x", "--practice"]).ok();
    person.bansou(["--lang", "en", "client", "list"]).refused(8, false);
    let copy = dir.path().join("copy.age").display().to_string();
    local.bansou(["backup", "create", &copy]).ok();
    let elsewhere = Person::of_home(&far.join("second"), "senmonka no kotoba");
    elsewhere.bansou(["--lang", "ja", "backup", "restore", &copy]).refused(8, true);
    assert!(!real.join("second").exists(), "nothing was restored there");
    let report = person.bansou(["--json", "doctor"]).code(6).json();
    assert!(ids(&report).iter().any(|id| id == "place.network"), "{report}");
    local.bansou(["client", "list"]).ok();
}

#[test]
fn search_finds_every_spelling_and_json_keeps_the_words() {
    let expert = expert();
    for query in ["ｻｰﾊﾞ", "sa-ba", "サーバー室", "北星", "株式会社北星", "hokusei"] {
        let found = expert.json(["search", query, "--reveal"]);
        let expected = if query == "hokusei" { 0 } else { 1 };
        assert!(found["count"].as_u64().unwrap() >= expected, "{query}: {found}");
    }
    let spoken = expert.bansou_with_input(["search", "--json", "--reveal"], "総務が").ok().json();
    assert_eq!(spoken["hits"][0]["case"], CASE);
    assert_eq!(spoken["hits"][0]["kind"], "note");
    assert!(spoken["hits"][0]["excerpt"].as_str().unwrap().contains("サーバー室"));
    let kept = expert.json(["search", "総務が"]);
    assert_eq!((&kept["hits"][0]["excerpt"], &kept["redacted"]), (&Value::Null, &json!(true)));
    assert_eq!(expert.json(["search", "火星"])["count"], 0);
}

#[test]
fn an_export_asks_for_an_explicit_yes_and_is_written_down() {
    let expert = expert();
    expert.bansou_with_input(["client", "add", "-"], &firm("../../㈱危険")).ok();
    let out = expert.folder().join("out");
    let to = out.display().to_string();
    expert.bansou(["--lang", "ja", "export", &to]).refused(8, true);
    assert!(!out.exists());
    let written = expert.json(["export", &to, "--yes"]);
    assert!(written["files"].as_u64().unwrap() >= 10, "{written}");
    assert!(fs::read_to_string(out.join("README.txt")).unwrap().contains("秘密の鍵は入っていません"));
    let notes = out.join(format!("clients/{FIRM}/{CASE}/notes.md"));
    assert!(fs::read_to_string(notes).unwrap().contains("サーバー室の鍵は総務が持つ"));
    assert!(out.join("clients/_.._㈱危険/client.json").is_file());
    let entries = expert.json(["history"]);
    assert_eq!(entries["entries"].as_array().unwrap().last().unwrap()["command"], "export");
    expert.bansou(["--lang", "en", "export", &to, "--yes"]).refused(8, false);
}
