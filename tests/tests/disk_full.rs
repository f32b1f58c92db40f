//! The disk is full at every size from nothing to enough: a clear answer, nothing lost, and work goes on after room is made.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bansou_tests::chance::{memory_folder, say, times};
use bansou_tests::program::{Answer, Person, copy};
use bansou_tests::rounds::look;
use bansou_tests::small_disk::SmallDisk;
use bansou_tests::world::{World, begin, firm, first_report, ready_report};

const CASE: &str = "K-0901";
const FIRM: &str = "㈱満杯商会";
const WORDS: &str = "senmonka no kotoba";

/// A command, given on a disk with 0, 1, 2 … free pages.
struct Sweep<'a> {
    name: &'a str,
    args: &'a [&'a str],
    input: &'a str,
    /// Free pages from one try to the next.
    step: usize,
    /// The home before the command; nothing when the command makes it.
    before: Option<&'a Path>,
    words: &'a str,
    /// What shows that the command did its work.
    shown: &'a [&'a str],
}

/// The part of an answer that says which refusal it is.
fn code_of(answer: &Answer) -> String {
    answer
        .stderr
        .rsplit_once('[')
        .map_or_else(|| answer.stderr.clone(), |(_, c)| c.trim_end().trim_end_matches(']').into())
}

/// Gives the command with more and more room until it succeeds twice in a row; returns how often each refusal was given.
fn sweep(sweep: &Sweep<'_>) -> Option<BTreeMap<String, usize>> {
    let folder = memory_folder();
    let Some(disk) = SmallDisk::mount(folder.path(), 8) else {
        say(&format!("SKIPPED: {}: this machine does not let a test mount a small disk", sweep.name));
        return None;
    };
    let person = Person::of_home(&folder.path().join("home"), sweep.words).through(disk.inside());
    let stick = folder.path().join("stick").display().to_string();
    let args: Vec<&str> = sweep.args.iter().map(|a| if *a == "STICK" { stick.as_str() } else { a }).collect();
    let (mut codes, mut pages, mut successes, mut tries) = (BTreeMap::<String, usize>::new(), 0, 0, 0);
    while successes < 2 {
        for name in ["home", "stick"] {
            let _ = fs::remove_dir_all(disk.path().join(name));
        }
        sweep.before.inspect(|before| copy(before, &disk.path().join("home")));
        let before = sweep.before.map(|_| look(&person, sweep.shown).unwrap());
        disk.leave(pages);
        assert_eq!(disk.has_room(), pages > 0);
        let lang = if tries % 2 == 0 { "ja" } else { "en" };
        let answer = person.bansou_with_input(["--lang", lang].iter().chain(&args), sweep.input);
        disk.make_room();
        let at = format!("{}, {pages} free pages: {answer:?}", sweep.name);
        if answer.code == 0 {
            successes += 1;
        } else {
            successes = 0;
            *codes.entry(code_of(&answer)).or_default() += 1;
            let code = answer.code;
            answer.refused(code, lang == "ja");
        }
        // With room again everything that was there is there, and the same command does its work.
        if let Some(before) = before {
            let after = look(&person, sweep.shown).unwrap_or_else(|e| panic!("{at}: {e}"));
            assert!(after.changes.starts_with(&before.changes), "{at}: a change is gone");
            assert!(successes == 0 || after.changes.len() > before.changes.len(), "{at}: acknowledged, but not there");
        }
        let again = person.bansou_with_input(&args, sweep.input);
        assert!([0, 8].contains(&again.code), "{at}: given again: {again:?}");
        look(&person, sweep.shown).unwrap_or_else(|e| panic!("{at}: after the second time: {e}"));
        (pages, tries) = (pages + sweep.step, tries + 1);
        assert!(pages < 1800, "{at}: the disk is never large enough");
    }
    say(&format!(
        "disk full, {}: {tries} sizes, enough at {} pages, refusals {codes:?}",
        sweep.name,
        pages - 2 * sweep.step
    ));
    assert!(!codes.is_empty());
    Some(codes)
}

/// A full disk is called full.
fn only_disk_full(codes: Option<BTreeMap<String, usize>>) {
    let codes = codes.unwrap_or_default();
    let other: Vec<&String> = codes.keys().filter(|c| !c.ends_with("FULL")).collect();
    assert!(other.is_empty(), "a full disk was called something else: {codes:?}");
}

/// A note on a disk of every size.
fn note() -> BTreeMap<String, usize> {
    let expert = Person::in_folder(memory_folder(), WORDS);
    expert.bansou(["init", "--name", "満杯 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    let swept = sweep(&Sweep {
        name: "note add",
        args: &["note", "add", CASE],
        input: "メモ",
        step: 1,
        before: Some(&expert.home()),
        words: WORDS,
        shown: &["note", "list", CASE],
    });
    swept.unwrap_or_default()
}

#[test]
fn a_full_disk_refuses_a_note_and_loses_nothing() {
    only_disk_full(Some(note()));
}

#[test]
fn a_full_disk_refuses_a_large_change_and_loses_nothing() {
    let expert = Person::in_folder(memory_folder(), WORDS);
    expert.bansou(["init", "--name", "満杯 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    let (home, long) = (expert.home(), firm(&"長".repeat(60)));
    only_disk_full(sweep(&Sweep {
        name: "client add",
        args: &["client", "add", "-"],
        input: &long,
        step: 2,
        before: Some(&home),
        words: WORDS,
        shown: &["client", "list"],
    }));
}

#[test]
fn a_full_disk_refuses_to_make_a_home_and_it_is_made_afterwards() {
    only_disk_full(sweep(&Sweep {
        name: "init",
        args: &["init", "--name", "満杯 太郎", "--practice"],
        input: "",
        step: 1,
        before: None,
        words: WORDS,
        shown: &["client", "list"],
    }));
}

#[test]
fn a_full_disk_refuses_documents_and_sealing_and_loses_nothing() {
    let world = World::prepare();
    world.begin(CASE, FIRM, -20);
    ready_report(&world.expert, CASE);
    let home = world.expert.home();
    only_disk_full(sweep(&Sweep {
        name: "report seal",
        args: &["report", "seal", CASE, "1"],
        input: "",
        step: times("BANSOU_PAGE_STEP", 16),
        before: Some(&home),
        words: WORDS,
        shown: &["outbox", "list"],
    }));
}

#[test]
fn a_full_stick_refuses_an_export_and_loses_nothing() {
    let world = World::prepare();
    world.begin(CASE, FIRM, -20);
    first_report(&world.expert, CASE);
    let home = world.expert.home();
    only_disk_full(sweep(&Sweep {
        name: "outbox export",
        args: &["outbox", "export", "STICK"],
        input: "",
        step: 4,
        before: Some(&home),
        words: WORDS,
        shown: &["outbox", "list"],
    }));
}
