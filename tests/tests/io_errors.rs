//! Every system call of a saving command fails in turn: it is saved and said so, or refused with a sentence and a code.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use bansou_tests::chance::{Chance, memory_folder, say, seed, times};
use bansou_tests::program::{Answer, Person, binary, run};
use bansou_tests::rounds::look;
use bansou_tests::strace::{self, Fault, Point};
use bansou_tests::world::begin;

const CASE: &str = "K-1001";
const WORDS: &str = "senmonka no kotoba";
const NOTES: [&str; 3] = ["note", "list", CASE];
const FAILING: &[&str] = &[
    "openat",
    "read",
    "pread64",
    "write",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename",
    "mkdir",
    "unlink",
    "rmdir",
];
const ERRORS: [&str; 4] = ["EIO", "ENOSPC", "EROFS", "EACCES"];

fn expert() -> Person {
    let expert = Person::in_folder(memory_folder(), WORDS);
    expert.bansou(["init", "--name", "障害 太郎", "--practice"]).ok();
    begin(&expert, CASE, "㈱障害", -10);
    expert
}

/// What an answer came to, after a look at the store; an error names the promise that was broken.
fn outcome(person: &Person, answer: &Answer, japanese: bool, before: usize) -> Result<&'static str, String> {
    let after = look(person, &NOTES)?.changes.len();
    if answer.code == 0 {
        return if after == before + 1 { Ok("saved") } else { Err(format!("said to be saved: {before} → {after}")) };
    }
    let sentence = answer.stderr.split_once(" [E-").map(|(sentence, _)| sentence.chars().count());
    if sentence.is_none_or(|n| n < 10) || answer.stderr.contains("panicked") || !answer.stdout.is_empty() {
        return Err(format!("refused without a sentence and a code: {answer:?}"));
    }
    if answer.stderr.chars().any(|c| ('ぁ'..='ん').contains(&c)) != japanese {
        return Err(format!("refused in the wrong language: {}", answer.stderr));
    }
    match after - before {
        0 => Ok("refused"),
        _ => Err(format!("refused, but saved: {}", answer.stderr)),
    }
}

#[test]
fn a_failing_system_call_is_never_called_a_success() {
    strace::needed();
    let (expert, seed, program) = (expert(), seed(), binary("bansou"));
    let mut chance = Chance::new(seed);
    let give = |tracer: Command, lang: &str, n: usize| {
        let mut command = expert.given(tracer);
        run(command.args(["--lang", lang, "note", "add", CASE]), &format!("メモ{n}番"))
    };
    let log = expert.folder().join("log");
    // The second run is like all later ones: the files are there.
    give(Command::new(&program), "ja", 0).ok();
    give(strace::record(&log, program.as_os_str()), "ja", 0).ok();
    let points = strace::points(&strace::calls(&log), &expert.home(), |c| FAILING.contains(&c.name.as_str()));
    let all: Vec<(&Point, Fault)> = points
        .iter()
        .flat_map(|p| ERRORS.iter().flat_map(move |e| [(p, Fault::Error(e)), (p, Fault::ErrorsFrom(e))]))
        // A program that may never write again cannot say a sentence either.
        .filter(|(p, fault)| p.syscall != "write" || matches!(fault, Fault::Error(_)))
        .collect();
    let count = times("BANSOU_ERRORS", 100).min(all.len());
    let (mut figures, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for n in 0..count {
        // Spread over the whole run of the command, at random within.
        let (point, fault) = &all[(n * all.len() + chance.below(all.len())) / count % all.len()];
        let before = look(&expert, &NOTES).unwrap().changes.len();
        let lang = if n % 2 == 0 { "ja" } else { "en" };
        let answer = give(strace::inject(point, *fault, program.as_os_str()), lang, n + 1);
        match outcome(&expert, &answer, lang == "ja", before) {
            Ok(what) => *figures.entry(what).or_default() += 1,
            Err(why) => {
                let name = point.path.strip_prefix(expert.home()).unwrap().display();
                wrong.push(format!("{} {} of {name}, {fault:?}: {why}", point.syscall, point.nth));
            }
        }
    }
    let places = points.len();
    say(&format!("failing calls: {count} of {} ({places} places), seed {seed}: {figures:?}", all.len()));
    assert!(wrong.is_empty(), "seed {seed}, {} broken:\n{}", wrong.len(), wrong.join("\n"));
    assert!(figures.contains_key("saved") && figures.contains_key("refused"), "{figures:?}");
}

/// What libfiu makes fail, by its own names. Not `write`: a program that cannot write cannot say a sentence.
const CHANCES: [&str; 10] = [
    "oc/open",
    "rw/read",
    "rw/pread",
    "rw/pwrite",
    "rw/pwrite/reduce",
    "rw/ftruncate",
    "sync/fsync",
    "sync/fdatasync",
    "dir/rename",
    "dir/unlink",
];
const PROBABILITIES: [&str; 5] = ["0.001", "0.01", "0.05", "0.2", "0.5"];

/// The test above fails one call or all from one on; here any calls fail, again and again, in every thread.
#[test]
fn calls_that_fail_by_chance_are_never_called_a_success() {
    let (expert, mut figures, mut wrong) = (expert(), BTreeMap::<&str, usize>::new(), Vec::new());
    let sweep = CHANCES.iter().flat_map(|call| PROBABILITIES.iter().map(move |often| (call, often)));
    for (n, (call, often)) in sweep.enumerate() {
        // EIO and ENOSPC
        let fault = format!("enable_random name=posix/io/{call},probability={often},failinfo={}", [5, 28][n % 2]);
        let before = look(&expert, &NOTES).unwrap().changes.len();
        let mut command = Command::new("fiu-run");
        command.args(["-x", "-c", &fault]).arg(binary("bansou"));
        let mut command = expert.given(command);
        let answer = run(command.args(["--lang", "ja", "note", "add", CASE]), &format!("偶然{n}番"));
        match outcome(&expert, &answer, true, before) {
            Ok(what) => *figures.entry(what).or_default() += 1,
            Err(why) => wrong.push(format!("{fault}: {why}")),
        }
    }
    say(&format!("calls failing by chance: {figures:?}"));
    assert!(wrong.is_empty(), "{} broken:\n{}", wrong.len(), wrong.join("\n"));
    assert!(figures.contains_key("saved") && figures.contains_key("refused"), "{figures:?}");
}

/// `bansou` for whom permissions count, also when the tests run as root.
fn without_privilege() -> Command {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !root {
        return Command::new(binary("bansou"));
    }
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set", "-dac_override,-dac_read_search"]).arg(binary("bansou"));
    command
}

#[test]
fn a_home_that_may_not_be_written_or_read_is_refused_and_stays_whole() {
    let expert = expert();
    let notes = look(&expert, &NOTES).unwrap();
    let mut expected = notes.changes.len();
    let mut figures = BTreeMap::<&str, usize>::new();
    for (name, mode) in [
        ("", 0o500),
        ("", 0o000),
        ("vault.db", 0o400),
        ("vault.db", 0o000),
        ("keys", 0o000),
        ("keys/passphrase.age", 0o000),
        ("state", 0o500),
        ("state", 0o000),
        ("lock", 0o000),
    ] {
        let path = expert.home().join(name);
        let own = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let mut command = expert.given(without_privilege());
        let answer = run(command.args(["--lang", "ja", "note", "add", CASE]), "書けない");
        fs::set_permissions(&path, own).unwrap();
        let what = outcome(&expert, &answer, true, expected).unwrap_or_else(|e| panic!("{name} {mode:o}: {e}"));
        expected += usize::from(what == "saved");
        *figures.entry(what).or_default() += 1;
        assert!(what == "refused" || name == "state", "{name} {mode:o}: permissions were not in the way: {answer:?}");
    }
    say(&format!("permissions: {figures:?}"));
}
