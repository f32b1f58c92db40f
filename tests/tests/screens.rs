//! The practice through a real terminal: open a firm, answer, note, lock, unlock, quit; what was saved is there afterwards.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use bansou_tests::keys::{DOWN, ENTER, F9};
use bansou_tests::program::Person;
use bansou_tests::screen::Screen;
use serde_json::json;

const WORDS: &str = "renshu";
/// The firm before its first session, and its case.
const FIRM: &str = "さくら会計事務所";
const CASE: &str = "K-0031";

fn expert(dir: &Path) -> Person {
    Person::of_home(&home(dir), WORDS)
}

fn home(dir: &Path) -> PathBuf {
    dir.join("practice/expert")
}

/// Goes down the list of firms until the mark stands at this one, then opens it.
fn open(screen: &mut Screen, firm: &str) {
    let mark = format!("> {firm}");
    for _ in 0..3 {
        if screen.text().contains(&mark) {
            break;
        }
        let before = screen.text();
        screen.send(DOWN);
        screen.wait_gone(before.lines().find(|l| l.trim_start().starts_with('>')).unwrap());
    }
    screen.wait_for(&mark);
    screen.send(ENTER);
    screen.wait_for(&format!("{firm} > 概要"));
}

/// Everything stands within 80 columns and every screen of a practice is marked.
fn fits(screen: &Screen) {
    let text = screen.text();
    assert!(text.lines().count() <= 24 && text.lines().next().unwrap().contains("【練習】"), "{text}");
}

#[test]
fn a_firm_is_opened_answered_noted_locked_and_saved() {
    let dir = tempfile::tempdir().unwrap();
    let mut screen = Screen::demo(dir.path());
    fits(&screen);
    open(&mut screen, FIRM);
    screen.send("4");
    screen.wait_for("1 / 25");
    fits(&screen);
    screen.send("2");
    screen.wait_for("2 / 25");
    screen.wait_for("自動保存");
    screen.send("q");
    screen.wait_for("顧客一覧");
    open(&mut screen, FIRM);

    screen.send("m");
    screen.wait_for("[経営者] >");
    screen.send("日本語を打ったメモ、");
    screen.wait_for("日本語を打ったメモ、");
    screen.paste("貼り付けた㈱髙﨑");
    screen.wait_for("貼り付けた㈱髙﨑");
    screen.send(ENTER);
    screen.wait_for("自動保存");
    screen.send(ENTER);
    screen.wait_gone("[経営者] >");

    screen.send(F9);
    screen.wait_for("パスフレーズを入れて");
    screen.wait_gone(FIRM);
    screen.send("machigai no kotoba\r");
    screen.wait_for("パスフレーズが違います。");
    assert!(!screen.text().contains("machigai"), "{}", screen.text());
    screen.send(ENTER);
    screen.wait_gone("パスフレーズが違います。");
    screen.send(&format!("{WORDS}{ENTER}"));
    screen.wait_for(FIRM);
    fits(&screen);
    quit(&mut screen);

    let expert = expert(dir.path());
    let notes = expert.json(["note", "list", CASE, "--reveal"]);
    assert_eq!(notes["notes"][0]["text"], "日本語を打ったメモ、貼り付けた㈱髙﨑");
    let score = expert.json(["diagnosis", "show", CASE]);
    assert_eq!((&score["score"], &score["answered"]), (&json!(2), &json!(1)));
    assert_eq!(expert.json(["unlock-check"])["findings"], json!([]));
}

/// Leaves by the keys the screens name.
fn quit(screen: &mut Screen) {
    if !screen.text().contains("顧客一覧") {
        screen.send("q");
        screen.wait_for("顧客一覧");
    }
    // While something is still being saved the program asks to be left a second time.
    for _ in 0..20 {
        screen.send("q");
        if let Some(code) = screen.exit_within(Duration::from_secs(6)) {
            assert_eq!(code, 0);
            return;
        }
    }
    panic!("the program does not end; the screen shows:\n{}", screen.text());
}

#[test]
fn a_power_cut_right_after_the_save_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut screen = Screen::demo(dir.path());
    open(&mut screen, FIRM);
    screen.send("4");
    screen.wait_for("1 / 25");
    for question in 2..=6 {
        screen.send("4");
        screen.wait_for(&format!("{question} / 25"));
    }
    // The line says "saved" only when nothing is waiting to be saved any more.
    screen.wait_for("ここまで 20/20点");
    screen.wait_for("自動保存");
    screen.kill();
    let expert = expert(dir.path());
    assert_eq!(expert.json(["unlock-check"])["findings"], json!([]));
    let score = expert.json(["diagnosis", "show", CASE]);
    assert_eq!((&score["score"], &score["answered"]), (&json!(20), &json!(5)));
}

#[test]
fn the_practice_home_opens_later_by_itself_and_refuses_a_wrong_passphrase() {
    let dir = tempfile::tempdir().unwrap();
    drop(Screen::demo(dir.path()));
    let expert = expert(dir.path());
    Person::of_home(&home(dir.path()), "chigau kotoba desu").bansou(["--lang", "ja", "today"]).refused(4, true);
    let mut screen = Screen::bansou(&expert, &["--lang", "en"], (80, 24));
    screen.wait_for("assphrase");
    screen.send("not the words\r");
    screen.wait_for("The passphrase is wrong.");
    screen.send(&format!("{WORDS}{ENTER}"));
    screen.wait_for(FIRM);
    assert!(screen.text().lines().next().unwrap().contains("PRACTICE"), "{}", screen.text());
    screen.send("q");
    assert_eq!(screen.wait_exit(), 0);
    // Held a moment ago, free now.
    expert.bansou(["today"]).ok();
}
