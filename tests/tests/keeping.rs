//! Looking after a home through the real program: backups, a lost laptop, a lost passphrase, an older format.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use bansou_tests::house;
use bansou_tests::leaks;
use bansou_tests::program::{Person, copy};
use bansou_tests::screen::Screen;
use bansou_tests::world::begin;
use serde_json::{Value, json};

/// An expert with one firm and one note, and the recovery code as it was shown at the beginning.
fn expert() -> (Person, String) {
    let expert = Person::new("senmonka no kotoba");
    let made = expert.bansou(["init", "--name", "試験 太郎", "--practice"]).ok();
    begin(&expert, "K-0701", "㈱控え製作所", -3);
    expert.bansou_with_input(["note", "add", "K-0701", "--session", "1"], "社長の心配ごと").ok();
    (expert, code_in(&made.stderr))
}

fn code_in(text: &str) -> String {
    text.lines().find(|l| l.starts_with("AGE-SECRET-KEY-1")).unwrap().to_owned()
}

/// A file that only its owner reads.
fn private(person: &Person, name: &str, text: &str) -> String {
    let path = person.folder().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

fn notes(person: &Person) -> Value {
    person.json(["note", "list", "K-0701", "--reveal"])["notes"].clone()
}

#[test]
fn a_lost_laptop_comes_back_from_its_backup_with_history() {
    let (expert, code) = expert();
    let file = expert.folder().join("copy.age").display().to_string();
    let made = expert.json(["backup", "create", &file]);
    assert_eq!((made["kind"].as_str(), made["blobs"].as_u64()), (Some("practice"), Some(0)));
    assert_eq!(expert.json(["backup", "verify", &file])["seq"], made["seq"]);
    expert.bansou(["--lang", "ja", "backup", "create", &file]).refused(8, true);
    let history = expert.json(["history"])["entries"].as_array().unwrap().len();
    // The new machine knows only the file and the passphrase.
    let again = Person::new("senmonka no kotoba");
    let restored = again.bansou(["backup", "restore", &file]).ok();
    assert_ne!(code_in(&restored.stderr), code);
    assert_eq!(notes(&again), notes(&expert));
    again.bansou(["undo"]).ok();
    assert_eq!(notes(&again), json!([]));
    assert!(again.json(["history"])["entries"].as_array().unwrap().len() >= history);
    again.bansou(["--lang", "ja", "backup", "restore", &file]).refused(8, true);
    // With only the sheet, a new passphrase is chosen.
    let sheet = Person::new("atarashii kotoba");
    let code_file = private(&sheet, "sheet", &format!("# recovery sheet\n{code}\n"));
    let new = sheet.passphrase_file().display().to_string();
    let home = sheet.home().display().to_string();
    let mut command = Command::new(bansou_tests::program::binary("bansou"));
    command.args(["--home", &home, "--passphrase-file", &code_file, "--no-input", "backup", "restore", &file]);
    let refused = bansou_tests::program::run(command.args(["--lang", "ja"]), "");
    refused.refused(2, true);
    assert!(!sheet.home().exists());
    bansou_tests::program::run(command.args(["--new-passphrase-file", &new]), "").ok();
    assert_eq!(notes(&sheet), notes(&expert));
}

#[test]
fn the_stock_tool_opens_a_backup_and_nothing_readable_lies_beside_it() {
    let (expert, code) = expert();
    let made = expert.json(["backup", "create"]);
    let file = PathBuf::from(made["file"].as_str().unwrap());
    assert_eq!(file.parent(), Some(expert.home().join("backups").as_path()));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(leaks::find(&expert.home(), &["㈱控え製作所", "社長の心配ごと", &code]), []);
    let sheet = private(&expert, "sheet", &code);
    let opened = Command::new("age").args(["-d", "-i", &sheet]).arg(&file).output().unwrap();
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let tar = expert.folder().join("copy.tar");
    fs::write(&tar, opened.stdout).unwrap();
    let records = Command::new("tar").arg("-xOf").arg(&tar).arg("records/000001.jsonl").output().unwrap();
    assert!(String::from_utf8(records.stdout).unwrap().contains("社長の心配ごと"));
}

#[test]
fn a_damaged_foreign_or_missing_backup_is_refused_and_leaves_nothing() {
    let (expert, _) = expert();
    let file = expert.folder().join("copy.age");
    expert.bansou(["backup", "create", &file.display().to_string()]).ok();
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    let other = Person::new("senmonka no kotoba");
    for (name, bytes, exit) in
        [("changed", bytes.clone(), 9), ("cut", bytes[..last].to_vec(), 9), ("text", b"hello".to_vec(), 9)]
    {
        let path = other.folder().join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.display().to_string();
        for verb in ["verify", "restore"] {
            other.bansou(["--lang", "ja", "backup", verb, &path]).refused(exit, true);
        }
    }
    other.bansou(["--lang", "en", "backup", "verify", "/nowhere/x.age"]).refused(1, false);
    let wrong = Person::new("chigau kotoba");
    wrong.bansou(["--lang", "ja", "backup", "restore", &file.display().to_string()]).refused(4, true);
    assert!(!other.home().exists() && !wrong.home().exists());
}

#[test]
fn the_passphrase_changes_the_sheet_is_drilled_and_renewed_and_ways_come_and_go() {
    let (expert, code) = expert();
    let sheet = private(&expert, "sheet", &code);
    let drilled = |answer: &Value| answer["drilled_on"].is_string();
    assert!(!drilled(&expert.json(["key", "list"])));
    let wrong = private(&expert, "wrong", "AGE-SECRET-KEY-1QQQ");
    expert.bansou(["--lang", "ja", "key", "drill", "--code-file", &wrong]).refused(4, true);
    assert!(drilled(&expert.json(["key", "drill", "--code-file", &sheet])));
    let renewed = code_in(&expert.bansou(["key", "renew-recovery"]).ok().stderr);
    expert.bansou(["--lang", "ja", "key", "drill", "--code-file", &sheet]).refused(4, true);
    let fresh = private(&expert, "fresh", &renewed);
    assert!(drilled(&expert.json(["key", "drill", "--code-file", &fresh])));
    // A stick of the office, made by the stock tool.
    let stick = expert.folder().join("stick.key");
    assert!(Command::new("age-keygen").arg("-o").arg(&stick).output().unwrap().status.success());
    let text = fs::read_to_string(&stick).unwrap();
    let recipient = text.lines().find_map(|l| l.strip_prefix("# public key: ")).unwrap();
    expert.bansou(["key", "add", "office", recipient]).ok();
    expert.bansou(["--lang", "ja", "key", "add", "office", recipient]).refused(2, true);
    let by_stick = Person::of_home(&expert.home(), text.trim_end());
    assert_eq!(notes(&by_stick), notes(&expert));
    expert.bansou(["key", "remove", "office"]).ok();
    by_stick.bansou(["--lang", "ja", "key", "list"]).refused(4, true);
    // A new passphrase: the old one opens no more.
    let new = private(&expert, "new", "betsu no kotoba");
    expert.bansou(["key", "passphrase", "--new-passphrase-file", &new]).ok();
    expert.bansou(["--lang", "ja", "key", "list"]).refused(4, true);
    let after = Person::of_home(&expert.home(), "betsu no kotoba");
    after.bansou(["key", "reseal"]).ok();
    assert_eq!(notes(&after).as_array().unwrap().len(), 1);
    assert_eq!(after.json(["key", "list"])["strange"], json!([]));
    // A key file that was exchanged is named.
    let other = Person::new("hoka no kotoba");
    other.bansou(["init", "--name", "別人", "--practice"]).ok();
    fs::copy(other.home().join("keys/recovery.age"), after.home().join("keys/recovery.age")).unwrap();
    let found = after.bansou(["key", "list", "--json"]).code(6).json();
    assert_eq!(found["strange"], json!(["recovery"]));
}

#[test]
fn a_home_of_release_0_1_is_migrated_with_a_backup_before() {
    let golden = house::root().join("tests/golden/vault/1");
    let person = Person::new("renshu");
    copy(&golden, &person.home());
    assert_eq!(person.json(["unlock-check"])["findings"], json!([]));
    assert_eq!(person.json(["note", "list", "K-0501", "--reveal"])["notes"][0]["text"], "心配ごとのメモ");
    let kept = person.home().join("backups/before-format-2.age");
    assert_eq!(person.json(["backup", "verify", &kept.display().to_string()])["seq"], 9);
    // The history came along: the last answer before the document was made is taken back.
    person.bansou(["undo"]).ok();
    person.bansou_with_input(["note", "add", "K-0501", "--session", "1"], "移行のあと").ok();
    assert_eq!(person.json(["client", "list", "--reveal"])["clients"][0]["name"], "㈱検査製作所");
}

#[test]
fn the_recovery_code_opens_the_screens_where_the_passphrase_is_asked_for() {
    let (expert, code) = expert();
    let mut screen = Screen::bansou(&expert, &["--lang", "ja"], (80, 24));
    screen.wait_for("パスフレーズ");
    screen.send("nanika chigau\r");
    screen.wait_for("パスフレーズが違います");
    screen.send(&format!("{}\r", code.to_lowercase()));
    screen.wait_for("㈱控え製作所");
    assert!(!screen.text().to_uppercase().contains("AGE-SECRET"));
    screen.kill();
}
