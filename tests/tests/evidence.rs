//! Evidence through the real program: kept once, tied, shown without a file, written out on purpose.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use bansou_tests::leaks;
use bansou_tests::program::Person;
use bansou_tests::world::{begin, day};
use serde_json::json;

const CASE: &str = "K-0801";
const PDF: &[u8] = b"%PDF-1.7 QZ-evidence-canary \x00\x01\x02";

fn expert() -> Person {
    let expert = Person::new("shouko no kotoba");
    expert.bansou(["init", "--name", "試験 太郎", "--practice"]).ok();
    begin(&expert, CASE, "㈱証拠製作所", -3);
    expert
}

fn given(expert: &Person, name: &str, bytes: &[u8]) -> String {
    let path = expert.folder().join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// How many sealed blobs the store holds, as a backup counts them.
fn blobs(expert: &Person, file: &str) -> u64 {
    let file = expert.folder().join(file).display().to_string();
    expert.json(["backup", "create", &file])["blobs"].as_u64().unwrap()
}

#[test]
fn evidence_is_kept_once_tied_listed_and_comes_out_as_it_was() {
    let expert = expert();
    let file = given(&expert, "鑾鷺の台帳.pdf", PDF);
    let (date, args) = (day(-2), ["attachment", "add", CASE, &file, "--question", "5", "--session", "1", "--dated"]);
    let added = expert.json(args.iter().copied().chain([date.as_str()]));
    assert_eq!((&added["stored_before"], &added["attachment"]["name"]), (&json!(false), &json!(null)), "withheld");
    let again = expert.bansou(["--lang", "ja", "attachment", "add", CASE, &file, "--note", "もう一度"]).ok();
    assert!(again.stdout.contains("中身は一つだけ"), "{}", again.stdout);
    assert_eq!(blobs(&expert, "one.age"), 1, "the same bytes are stored once");
    expert
        .bansou_with_input(["attachment", "add", CASE, "--text", "--name", "聞いた話.txt"], "退職者は\u{1b}2名\n")
        .ok();
    let listed = expert.json(["attachment", "ls", CASE, "--reveal"])["attachments"].clone();
    let first = &listed[0];
    assert_eq!((&first["name"], &first["media"]), (&json!("鑾鷺の台帳.pdf"), &json!("application/pdf")));
    assert_eq!((&first["questions"], &first["sessions"], &first["dated"]), (&json!([5]), &json!([1]), &json!(date)));
    assert_eq!((&listed[1]["note"], &listed[2]["pasted"]), (&json!("もう一度"), &json!(true)));
    expert.bansou(["attachment", "link", CASE, "2", "--question", "7"]).ok();
    expert.bansou(["attachment", "unlink", CASE, "1", "--session", "1"]).ok();
    let listed = expert.json(["attachment", "ls", CASE])["attachments"].clone();
    assert_eq!((&listed[1]["questions"], &listed[0]["sessions"]), (&json!([7]), &json!([])));
    // Out again, on purpose, for the owner only, never over another file.
    let out = expert.folder().join("out.pdf").display().to_string();
    let said = expert.bansou(["--lang", "en", "attachment", "export", CASE, "1", &out]).ok();
    assert!(said.stdout.contains("nothing here protects that copy"), "{}", said.stdout);
    assert_eq!(fs::read(&out).unwrap(), PDF);
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    expert.bansou(["--lang", "ja", "attachment", "export", CASE, "2", &out]).refused(1, true);
    // Deleted, and back with its bytes.
    for number in ["1", "1"] {
        expert.bansou(["attachment", "rm", CASE, number]).ok();
    }
    expert.bansou(["--lang", "ja", "attachment", "show", CASE, "2"]).refused(5, true);
    expert.bansou(["undo"]).ok();
    let back = expert.folder().join("back.pdf").display().to_string();
    expert.bansou(["attachment", "export", CASE, "1", &back]).ok();
    assert_eq!(fs::read(&back).unwrap(), PDF);
    expert.bansou(["doctor", "--quiet"]);
    expert.bansou(["unlock-check"]).ok();
    assert!(expert.bansou(["search", "鑾鷺"]).ok().stdout.contains("鑾鷺"));
    let folder = expert.folder().join("all");
    expert.bansou(["export", &folder.display().to_string(), "--yes"]).ok();
    let mut found = Vec::new();
    files(&folder, &mut found);
    assert!(found.iter().any(|f| f.ends_with("鑾鷺の台帳.pdf") && fs::read(f).unwrap() == PDF), "{found:?}");
    assert!(found.iter().any(|f| f.ends_with("evidence.csv")));
    let texts = ["鑾鷺", "QZ-evidence-canary", "退職者は", "もう一度"];
    assert_eq!(leaks::find(&expert.home(), &texts), [], "nothing readable lies in the home");
    assert_eq!(leaks::find(&expert.folder().join("user"), &texts), []);
}

fn files(folder: &std::path::Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

#[test]
fn what_is_no_ordinary_file_or_too_large_is_refused_and_changes_nothing() {
    let expert = expert();
    let path = |name: &str| expert.folder().join(name).display().to_string();
    let file = given(&expert, "ok.pdf", PDF);
    symlink(&file, path("link")).unwrap();
    let _socket = UnixListener::bind(path("socket")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path("fifo")).status().unwrap().success());
    given(&expert, "large", &vec![1; (25 << 20) + 1]);
    given(&expert, "empty", b"");
    let folder = expert.folder().display().to_string();
    for (given, code) in [
        (path("link"), 8),
        (path("socket"), 8),
        (path("fifo"), 8),
        (path("large"), 8),
        (path("empty"), 8),
        (folder, 8),
        ("/dev/zero".into(), 8),
        (path("missing"), 1),
    ] {
        expert.bansou(["--lang", "ja", "attachment", "add", CASE, &given]).refused(code, true);
        expert.bansou(["--lang", "en", "attachment", "add", CASE, &given]).refused(code, false);
    }
    expert.bansou(["--lang", "ja", "attachment", "add", CASE, &file, "--question", "99"]).refused(8, true);
    expert.bansou(["--lang", "ja", "attachment", "add", "K-9999", &file]).refused(5, true);
    expert.bansou(["--lang", "ja", "attachment", "link", CASE, "1"]).refused(2, true);
    assert_eq!(expert.json(["attachment", "ls", CASE])["attachments"], json!([]));
    assert_eq!(blobs(&expert, "none.age"), 0, "what was refused left no bytes");
    // The limit is the person's.
    let config = expert.folder().join("user/config/bansou");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.toml"), "[safety]\nattachment_mb = 26\n").unwrap();
    expert.bansou(["attachment", "add", CASE, &path("large")]).ok();
    fs::write(config.join("config.toml"), "[safety]\nattachment_mb = 61\n").unwrap();
    expert.bansou(["config", "check"]).code(3);
}

#[test]
fn a_viewer_reads_sealed_memory_and_a_text_is_shown_here() {
    let expert = expert();
    let file = given(&expert, "x.pdf", PDF);
    expert.bansou(["attachment", "add", CASE, &file]).ok();
    expert.bansou_with_input(["attachment", "add", CASE, "--text"], "一行目\u{1b}[2J\n二行目").ok();
    let seen = expert.folder().join("seen");
    let viewer = expert.folder().join("viewer");
    let shown = seen.display();
    let script = format!(
        "#!/bin/sh\necho \"$1\" > {shown}.path\ncat \"$1\" > {shown}\n(echo more >> \"$1\") 2> {shown}.error || echo refused > {shown}.write\n"
    );
    fs::write(&viewer, script).unwrap();
    fs::set_permissions(&viewer, fs::Permissions::from_mode(0o700)).unwrap();
    let config = expert.folder().join("user/config/bansou");
    fs::create_dir_all(&config).unwrap();
    let name = |text: &str| fs::write(config.join("config.toml"), format!("[safety]\nviewer = \"{text}\"\n")).unwrap();
    name(&viewer.display().to_string());
    expert.bansou(["--lang", "ja", "attachment", "open", CASE, "1"]).refused(2, true);
    assert!(!seen.exists(), "not without a word");
    expert.bansou(["attachment", "open", CASE, "1", "--yes"]).ok();
    assert_eq!(fs::read(&seen).unwrap(), PDF);
    let path = fs::read_to_string(expert.folder().join("seen.path")).unwrap();
    assert!(path.starts_with("/proc/") && path.trim_end().ends_with("/fd/1"), "{path}");
    assert!(expert.folder().join("seen.write").exists(), "the memory is sealed");
    assert!(!PathBuf::from(path.trim_end()).exists(), "and gone afterwards");
    let text = expert.bansou(["attachment", "open", CASE, "2"]).ok();
    assert!(text.stdout.contains("二行目") && !text.stdout.contains('\u{1b}'), "{:?}", text.stdout);
    // A text as older programs write it is read, and comes out as it was.
    let (old, _, _) = encoding_rs::SHIFT_JIS.encode("共有フォルダの権限");
    let file = given(&expert, "権限.txt", &old);
    expert.bansou(["attachment", "add", CASE, &file]).ok();
    assert!(expert.bansou(["attachment", "open", CASE, "3"]).ok().stdout.contains("共有フォルダの権限"));
    let out = expert.folder().join("out.txt");
    expert.bansou(["attachment", "export", CASE, "3", &out.display().to_string()]).ok();
    assert_eq!(fs::read(&out).unwrap(), *old);
    name("/nowhere/viewer");
    expert.bansou(["--lang", "ja", "attachment", "open", CASE, "1", "--yes"]).refused(8, true);
}
