//! Nothing readable reaches a disk or the network: every byte the program writes is recorded and searched.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use bansou_tests::keys::{ENTER, F9, FINISH};
use bansou_tests::leaks::{self, Leak, Search};
use bansou_tests::program::{Person, run};
use bansou_tests::screen::Screen;
use bansou_tests::world::{ANSWERS, World, day, hold};
use bansou_tests::written::{Records, Written};

const WORDS: &str = "tobira no aikotoba 合言葉";
const CASE: &str = "K-0778";

fn canary(n: usize) -> String {
    if n.is_multiple_of(2) { format!("QZ-weakness-{n:02}-canary") } else { format!("鑾鷺{n:02}の弱みと控え") }
}

/// What the program wrote in all places but these.
fn leaks_in(written: &Written, texts: &[&str], except: impl Fn(&str) -> bool) -> Vec<Leak> {
    let search = Search::new(texts);
    let mut out = Vec::new();
    for (place, bytes) in written.bytes.iter().filter(|(place, _)| !except(place)) {
        search.look(place, bytes, &mut out);
    }
    for name in &written.names {
        search.look("name", name.as_bytes(), &mut out);
    }
    out
}

/// By command line: everything an expert tells, the documents, the report, what goes to the server, and mistakes.
fn by_command(world: &World) -> String {
    let expert = &world.expert;
    let say = |args: &[&str], text: &str| expert.bansou_with_input(args, text);
    let firm = format!(
        "name = \"{}\"\nkana = \"{}\"\ncategory = 1\ncapital = 10000000\nemployees = 20\nprefecture = 13\n\
         representative_title = \"{}\"\nrepresentative = \"{}\"\ncounterpart = \"{}\"\none_star = true\n",
        canary(1),
        canary(2),
        canary(3),
        canary(4),
        canary(5)
    );
    let added = say(&["client", "add", "-", "--json"], &firm).ok().json();
    let id = added["id"].as_str().unwrap().to_owned();
    expert.bansou(["client", "begin", &id, "--case", CASE, "--matched", &day(-20)]).ok();
    hold(expert, CASE, "1", -2);
    let words = format!("content = \"{}\"\nfocus = \"{}\"\nmessage = \"{}\"\n", canary(6), canary(7), canary(8));
    say(&["session", "report", CASE, "1", "-"], &words).ok();
    let notes: Vec<String> = (9..25).map(canary).collect();
    say(&["note", "add", CASE, "--who", &canary(25)], &notes.join("、")).ok();
    let answers = expert.folder().join("answers.json");
    fs::write(&answers, ANSWERS).unwrap();
    expert.bansou(["diagnosis", "import", CASE, &answers.display().to_string()]).ok();
    for (args, n) in [
        (["diagnosis", "evidence", CASE, "1"].as_slice(), 26),
        (&["policy", "set", CASE, "assets"], 27),
        (&["session", "expect", CASE], 28),
    ] {
        say(args, &canary(n)).ok();
    }
    let given = expert.folder().join("given.txt");
    fs::write(&given, canary(38)).unwrap();
    expert.bansou(["attachment", "add", CASE, &given.display().to_string(), "--question", "1"]).ok();
    say(&["attachment", "add", CASE, "--text"], &format!("{}\n{}", canary(37), canary(39))).ok();
    assert!(expert.bansou(["attachment", "open", CASE, "1"]).ok().stdout.contains(&canary(38)));
    share(expert);
    expert.bansou(["report", "seal", CASE, "1"]).ok();
    expert.bansou(["sync"]).ok();
    expert.bansou(["outbox", "export", &expert.folder().join("stick").display().to_string()]);
    let pdf = expert.folder().join("saved.pdf").display().to_string();
    expert.bansou(["deliverable", "save", CASE, "diagnosis", &pdf]).ok();
    let shown = expert.json(["note", "list", CASE, "--reveal"]);
    assert!(shown["notes"][0]["text"].as_str().unwrap().contains(&canary(9)));
    // Mistakes: no such case, a text that is no firm, a wrong passphrase in place of a text, no such word.
    assert_ne!(say(&["note", "add", "K-9999"], &canary(29)).code, 0);
    assert_ne!(say(&["client", "add", "-"], &format!("{} = [", canary(30))).code, 0);
    assert_ne!(say(&["policy", "set", CASE, "nothing"], &canary(31)).code, 0);
    assert_ne!(expert.bansou(["note", "list", CASE, "--", &canary(32)]).code, 0);
    pdf
}

/// Hands out a copy, to a trainee with the same key; who has the case already cannot take it in.
fn share(expert: &Person) {
    let key = expert.json(["share", "key"])["key"].as_str().unwrap().to_owned();
    let (name, roles, firm, today) = (canary(40), canary(41), canary(4), day(0));
    let agreement = format!(
        "trainee = \"{name}\"\nkey = \"{key}\"\nroles = \"{roles}\"\nconsent_by = \"{firm}\"\nconsent_on = \"{today}\"\n\
         consent_taken_by = \"{firm}\"\nliability_on = \"{today}\"\nsessions = [1]\nparts = [\"overview\", \"diagnosis\"]\n"
    );
    expert.bansou_with_input(["share", "agree", CASE, "-"], &agreement).ok();
    let copy = expert.folder().join("copy.age").display().to_string();
    expert.bansou(["share", "offer", CASE, &copy]).ok();
    assert_eq!(expert.bansou(["share", "open", &copy, "--yes"]).code, 8);
}

/// The screens of a watched person, unlocked.
fn screens(expert: &Person, environment: &[(&str, &str)]) -> Screen {
    let (program, before) = expert.program("bansou");
    let arguments = before.into_iter().chain(["--lang".into(), "ja".into()]);
    let own = expert.environment().into_iter().map(|(k, v)| (k.into(), v.into_os_string()));
    let environment = own.chain(environment.iter().map(|(k, v)| (k.into(), v.into())));
    let mut screen = Screen::start(&program, arguments, environment, (120, 40));
    screen.wait_for("パスフレーズを入れて");
    screen.send(&format!("{WORDS}{ENTER}"));
    screen.wait_for(&canary(1));
    screen
}

/// The process of the program below its recorder.
fn below(recorder: u32) -> String {
    let children = fs::read_to_string(format!("/proc/{recorder}/task/{recorder}/children")).unwrap();
    children.split_whitespace().next().expect("the program runs").to_owned()
}

/// By screen: a note typed and pasted, a lock, a kill in the middle of a note, and a panic.
fn by_screen(expert: &Person) {
    let mut screen = screens(expert, &[]);
    screen.send(ENTER);
    screen.wait_for("> 概要");
    screen.send("m");
    screen.wait_for("] > ");
    screen.send(&canary(33));
    screen.paste(&canary(34));
    screen.wait_for(&canary(34));
    screen.send(FINISH);
    screen.wait_for("自動保存");
    screen.send(F9);
    screen.wait_for("パスフレーズを入れて");
    screen.send(&format!("{WORDS}{ENTER}"));
    screen.wait_for("> 概要");
    screen.send("m");
    screen.wait_for("] > ");
    screen.send(&canary(35));
    screen.wait_for(&canary(35));
    assert!(Command::new("kill").args(["-9", &below(screen.id())]).status().unwrap().success());
    screen.wait_exit();

    let mut screen = screens(expert, &[("BANSOU_PRACTICE_LOCK_AFTER", "3"), ("BANSOU_PRACTICE_PANIC", "screens")]);
    screen.send(ENTER);
    screen.wait_for("> 概要");
    screen.send("m");
    screen.wait_for("] > ");
    screen.send(&canary(36));
    assert_eq!(screen.wait_exit(), 1);
    screen.wait_restored();
    assert!(!screen.text().contains("鑾鷺"), "{}", screen.text());
}

#[test]
fn no_byte_that_is_written_or_sent_tells_anything() {
    let world = World::prepare_for(Person::watched(WORDS), &canary(0));
    let expert = &world.expert;
    let pdf = by_command(&world);
    by_screen(expert);
    let canaries: Vec<String> = (0..42).map(canary).chain([WORDS.to_owned(), "AGE-SECRET-KEY-1".to_owned()]).collect();
    let texts: Vec<&str> = canaries.iter().map(String::as_str).collect();

    let written = expert.records().written();
    let told = |place: &str| place.starts_with("1:pipe:") || place.starts_with("2:pipe:");
    let terminal = |place: &str| place.contains("/dev/pts/") || place.ends_with("/dev/tty");
    let except = |place: &str| told(place) || terminal(place) || place == pdf;
    assert_eq!(leaks_in(&written, &texts, except), []);
    // The record is not blind: it holds what was shown, the saved PDF, and what went to the store and the server.
    let shown: BTreeSet<String> = leaks_in(&written, &texts, |p| !terminal(p)).into_iter().map(|l| l.text).collect();
    assert!(shown.contains(&canary(2)) && shown.contains(&canary(34)), "{shown:?}");
    assert!(leaks_in(&written, &texts, |p| !told(p)).iter().any(|l| l.text == canary(9)), "--reveal tells");
    assert!(written.bytes[&pdf].starts_with(b"%PDF-"));
    let home = expert.home().display().to_string();
    let size =
        |part: &str| -> usize { written.bytes.iter().filter(|(p, _)| p.contains(part)).map(|(_, b)| b.len()).sum() };
    assert!(size(&format!("{home}/vault.db")) > 100_000 && size("socket:") > 10_000, "{:?}", written.bytes.keys());

    // It writes nowhere but into its own folder, and what the person asked for.
    let outside: Vec<&String> = written
        .bytes
        .keys()
        .filter(|p| p.starts_with('/') && !terminal(p) && !Path::new(p).starts_with(expert.folder()))
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
    for folder in [expert.home(), expert.folder().join("user"), expert.folder().join("stick")] {
        assert_eq!(leaks::find(&folder, &texts), [], "{}", folder.display());
    }
}

#[test]
fn the_recorder_finds_what_an_ordinary_database_writes() {
    let dir = tempfile::tempdir().unwrap();
    let records = Records::new(dir.path().join("records"));
    let (program, before) = records.around(Path::new("sqlite3"));
    let file = dir.path().join("plain.db");
    let sql =
        format!("create table t(v); insert into t values('{}'); insert into t values('{}');", canary(1), canary(2));
    run(Command::new(program).args(before).arg(&file), &sql).ok();
    let (a, b) = (canary(1), canary(2));
    let found: BTreeSet<String> =
        leaks_in(&records.written(), &[&a, &b], |_| false).into_iter().map(|l| l.text).collect();
    assert_eq!(found, BTreeSet::from([a.clone(), b.clone()]));
}
