//! `kill -9` at any system call of a command: what it acknowledged is there, the rest wholly or not at all, nothing twice.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use bansou_core::wire::v1::manifest::sha256_hex;
use bansou_tests::chance::{Chance, memory_folder, say, seed, times};
use bansou_tests::program::{Person, binary, copy};
use bansou_tests::rounds::{Again, Saving, Seen, Tally, look};
use bansou_tests::strace;
use bansou_tests::world::{World, begin, day, firm, first_report, ready_report};

const CASE: &str = "K-0801";
const FIRM: &str = "㈱停電工業";
const WORDS: &str = "senmonka no kotoba";
/// Kills of one run of every test in this file: five rows of an eighth, the rest for the commands given again.
const ROUNDS: usize = 300;

/// This share of all kills.
fn share(of: usize) -> usize {
    times("BANSOU_ROUNDS", ROUNDS).div_ceil(of)
}

fn expert() -> Person {
    let expert = Person::in_folder(memory_folder(), WORDS);
    expert.bansou(["init", "--name", "停電 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    expert
}

/// A command that saves, by its arguments and its standard input, and one that shows what it saved.
struct Row {
    name: &'static str,
    shown: &'static [&'static str],
    give: fn(usize) -> (Vec<String>, String),
}

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|a| (*a).to_owned()).collect()
}

/// One line for each command that saves one change.
const ROWS: [Row; 5] = [
    Row {
        name: "note add",
        shown: &["note", "list", CASE],
        give: |i| (words(&["note", "add", CASE]), format!("メモ{i}番")),
    },
    Row {
        name: "client add",
        shown: &["client", "list"],
        give: |i| (words(&["client", "add", "-"]), firm(&format!("㈱第{i}停電"))),
    },
    Row {
        name: "policy set",
        shown: &["policy", "show", CASE],
        give: |i| (words(&["policy", "set", CASE, "assets"]), format!("資産{i}番")),
    },
    Row {
        name: "session plan",
        shown: &["session", "list", CASE],
        give: |i| (words(&["session", "plan", CASE, "1", &day(i64::try_from(i).unwrap())]), String::new()),
    },
    Row {
        name: "undo",
        shown: &["note", "list", CASE],
        give: |i| match i % 3 {
            0 => (words(&["undo"]), String::new()),
            _ => (words(&["note", "add", CASE]), format!("メモ{i}番")),
        },
    },
];

/// The figures every run of kills owes, so that a harness that kills nothing is no proof.
fn proven(name: &str, seed: u64, tally: &Tally) {
    say(&format!("kill -9, {name}: {tally}, seed {seed}"));
    assert!(tally.wrong.is_empty(), "{name}, seed {seed}:\n{}", tally.wrong.join("\n"));
    assert!(tally.killed * 10 >= tally.rounds * 6, "{name}: too few kills: {tally}");
    assert!(tally.between * 10 >= tally.killed * 6, "{name}: too few kills while saving: {tally}");
    assert!(tally.killed_saved > 0 && tally.killed_unsaved > 0, "{name}: one outcome was never seen: {tally}");
}

fn row(n: usize) {
    strace::needed();
    let (row, expert, seed) = (&ROWS[n], expert(), seed());
    let (args, input) = (row.give)(1);
    expert.bansou_with_input(&args, &input).ok();
    let saving = Saving {
        program: binary("bansou"),
        folder: expert.home(),
        arrange: &|tracer, i| {
            let (args, input) = (row.give)(i + 1);
            let mut command = expert.given(tracer);
            command.args(args);
            (command, input)
        },
        look: &|| look(&expert, row.shown),
    };
    let tally = saving.rounds(share(8), &mut Chance::new(seed));
    proven(row.name, seed, &tally);
    // Whatever was saved in the rounds is there exactly once at the end.
    if ["note add", "client add"].contains(&row.name) {
        let shown = look(&expert, row.shown).unwrap().things;
        let twice: Vec<usize> = (1..tally.rounds * 2).filter(|i| shown.matches(&twin(row, *i)).count() > 1).collect();
        assert!(twice.is_empty(), "{}: {twice:?} are there twice", row.name);
    }
}

/// The text by which the change of this number is known.
fn twin(row: &Row, i: usize) -> String {
    if row.name == "note add" { format!("メモ{i}番") } else { format!("㈱第{i}停電") }
}

#[test]
fn a_killed_note_is_saved_or_not() {
    row(0);
}

#[test]
fn a_killed_registration_is_saved_or_not() {
    row(1);
}

#[test]
fn a_killed_policy_is_saved_or_not() {
    row(2);
}

#[test]
fn a_killed_appointment_is_saved_or_not() {
    row(3);
}

#[test]
fn a_killed_undo_is_saved_or_not() {
    row(4);
}

#[test]
fn the_rounds_notice_a_careless_store() {
    strace::needed();
    let (dir, seed) = (memory_folder(), seed());
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap_or_default();
    let saving = Saving {
        program: PathBuf::from(env!("CARGO_BIN_EXE_bansou-worker")),
        folder: dir.path().to_owned(),
        arrange: &|mut tracer, i| {
            tracer.arg("careless").arg(dir.path()).arg(format!("line {i}"));
            (tracer, String::new())
        },
        look: &|| Ok(Seen { changes: read("list").lines().map(str::to_owned).collect(), things: read("number") }),
    };
    let tally = saving.rounds(40, &mut Chance::new(seed));
    say(&format!("kill -9, a careless store: {tally}, seed {seed}"));
    let seen = |what: &str| tally.wrong.iter().any(|w| w.contains(what));
    assert!(seen("an older change is gone") && seen("do not agree"), "{tally}: {:?}", tally.wrong);
}

fn whole(person: &Person) -> Result<(), String> {
    look(person, &["outbox", "list"]).map(drop)
}

/// The same home for a person who knows the passphrase that `key passphrase` sets.
fn changed(person: &Person) -> Person {
    Person::of_home(&person.home(), "atarashii kotoba")
}

/// Commands of several changes: killed, given again, and then as if nothing had happened.
fn again(name: &str, person: &Person, args: &[&str], done: &dyn Fn() -> Result<(), String>, both: bool) {
    strace::needed();
    let (seed, copied) = (seed(), person.folder().join("before"));
    let there = person.home().exists();
    if there {
        copy(&person.home(), &copied);
    }
    let again = Again {
        program: binary("bansou"),
        folder: person.folder().to_owned(),
        prepare: &|| {
            let _ = fs::remove_dir_all(person.home());
            let _ = fs::remove_dir_all(person.folder().join("stick"));
            let _ = fs::remove_file(person.folder().join("copy.age"));
            if there {
                copy(&copied, &person.home());
            }
        },
        arrange: &|tracer| {
            let mut command = person.given(tracer);
            command.args(args);
            command
        },
        // 4: the passphrase was changed already.
        codes: &[0, 4, 8],
        after_kill: &|| if there { whole(person).or_else(|_| whole(&changed(person))) } else { Ok(()) },
        done,
    };
    let tally = again.rounds(share(24), &mut Chance::new(seed));
    say(&format!("kill -9, {name}: {tally}, seed {seed}"));
    assert!(tally.wrong.is_empty(), "{name}, seed {seed}:\n{}", tally.wrong.join("\n"));
    assert!(tally.killed > 0 && tally.killed_unsaved > 0 && (!both || tally.killed_saved > 0), "{tally}");
}

#[test]
fn a_killed_init_can_be_given_again() {
    let person = Person::in_folder(memory_folder(), WORDS);
    let done = || {
        look(&person, &["outbox", "list"])?;
        let wished = person.json(["enrol", "fingerprint"])["fingerprint"].is_string();
        if wished { Ok(()) } else { Err("no keys".into()) }
    };
    again("init", &person, &["init", "--name", "停電 太郎", "--practice"], &done, true);
}

#[test]
fn a_killed_sealing_leaves_one_bundle_at_most_and_can_be_given_again() {
    let world = World::prepare();
    let expert = &world.expert;
    world.begin(CASE, FIRM, -20);
    ready_report(expert, CASE);
    let done = || {
        whole(expert)?;
        let items = expert.json(["outbox", "list"])["items"].clone();
        let seqs: Vec<i64> = items.as_array().unwrap().iter().map(|i| i["seq"].as_i64().unwrap()).collect();
        if seqs == [1] { Ok(()) } else { Err(format!("bundles: {seqs:?}")) }
    };
    again("report seal", expert, &["report", "seal", CASE, "1"], &done, false);
}

#[test]
fn a_killed_export_leaves_no_half_bundle_and_can_be_given_again() {
    let world = World::prepare();
    let expert = &world.expert;
    world.begin(CASE, FIRM, -20);
    first_report(expert, CASE);
    let stick = expert.folder().join("stick");
    let half = RefCell::new(Vec::new());
    let check = || {
        for entry in fs::read_dir(&stick).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.extension().is_some_and(|e| e == "age") && sha256_hex(&fs::read(&path).unwrap()) != name {
                half.borrow_mut().push(name.clone());
            }
            if path.extension().is_some_and(|e| e == "ticket") && !path.with_extension("age").exists() {
                half.borrow_mut().push(name);
            }
        }
        whole(expert)?;
        if half.borrow().is_empty() { Ok(()) } else { Err(format!("half on the stick: {:?}", half.borrow())) }
    };
    again("outbox export", expert, &["outbox", "export", &stick.display().to_string()], &check, false);
    assert!(fs::read_dir(&stick).unwrap().count() >= 2);
}

#[test]
fn a_killed_backup_is_whole_or_not_there() {
    let expert = expert();
    let file = expert.folder().join("copy.age").display().to_string();
    let done = || {
        whole(&expert)?;
        let answer = expert.bansou(["backup", "verify", &file]);
        if answer.code == 0 { Ok(()) } else { Err(format!("backup verify: {answer:?}")) }
    };
    again("backup create", &expert, &["backup", "create", &file], &done, false);
}

#[test]
fn a_killed_change_of_the_passphrase_leaves_one_that_opens() {
    let expert = expert();
    let known = changed(&expert);
    let file = known.passphrase_file().display().to_string();
    let args = ["key", "passphrase", "--new-passphrase-file", &file];
    again("key passphrase", &expert, &args, &|| whole(&known), true);
}

#[test]
fn a_killed_resealing_leaves_the_old_store_or_the_new_one() {
    let expert = expert();
    again("key reseal", &expert, &["key", "reseal"], &|| whole(&expert), false);
}
