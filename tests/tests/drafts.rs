//! `kill -9` while somebody types: at most the last second is missing, and the field opens where it was.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use bansou_tests::chance::{Chance, memory_folder, say, seed, times};
use bansou_tests::keys::F9;
use bansou_tests::program::Person;
use bansou_tests::screen::Screen;
use bansou_tests::world::begin;

const CASE: &str = "K-0901";
const FIRM: &str = "㈱書きかけ工業";
const WORDS: &str = "kaku kotoba";
/// What is typed, over and over.
const LETTERS: [&str; 12] = ["裏", "口", "は", "日", "中", "㈱", "髙", "a", "1", "。", "①", "が"];
/// A typed key is in the store after this time, at the latest.
const SECOND: Duration = Duration::from_secs(1);

fn unlocked(expert: &Person) -> Screen {
    let mut screen = Screen::bansou(expert, &["--lang", "ja"], (200, 30));
    screen.wait_for("パスフレーズを入れて");
    screen.send(&format!("{WORDS}\r"));
    screen
}

/// The letters on the line that takes down what is said.
fn typed(screen: &Screen) -> String {
    let text = screen.text();
    text.lines().find_map(|l| l.split_once("] >")).map_or_else(String::new, |(_, line)| line.trim().to_owned())
}

#[test]
fn a_kill_while_typing_costs_the_last_second_at_most() {
    let rounds = times("BANSOU_ROUNDS", 300) / 15;
    let (seed, expert) = (seed(), Person::in_folder(memory_folder(), WORDS));
    let mut chance = Chance::new(seed);
    expert.bansou(["init", "--name", "書きかけ 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    let mut screen = unlocked(&expert);
    screen.wait_for(FIRM);
    screen.send("\r");
    screen.wait_for(&format!("{FIRM} > 概要"));
    screen.send("m");
    screen.wait_for("] >");
    let (mut text, mut missing) = (String::new(), 0);
    let mut entered: Option<(Instant, String)> = None;
    for round in 0..rounds {
        let (before, mut sent) = (text.len(), Vec::<(Instant, usize)>::new());
        let until = Instant::now() + Duration::from_millis(200 + chance.next() % 1800);
        while Instant::now() < until {
            let letter = LETTERS[chance.below(LETTERS.len())];
            screen.send(letter);
            text.push_str(letter);
            sent.push((Instant::now(), text.len()));
            std::thread::sleep(Duration::from_millis(20 + chance.next() % 120));
        }
        let killed = Instant::now();
        screen.kill();
        let due = sent.iter().take_while(|(at, _)| *at + SECOND <= killed).last().map_or(0, |(_, length)| *length);
        screen = unlocked(&expert);
        // A line of which nothing was due yet need not be open, nor its screen.
        if due == 0 && before == 0 {
            screen.wait_for(FIRM);
            std::thread::sleep(SECOND / 2);
            if !screen.text().contains("] >") {
                screen.send("\r");
                screen.wait_for(&format!("{FIRM} > 概要"));
                screen.send("m");
            }
        }
        screen.wait_for("] >");
        let found = typed(&screen);
        // A line that was entered within the last second may still be open.
        if !entered.take().is_some_and(|(at, line)| line == found && killed < at + SECOND) {
            assert!(text.starts_with(&found), "seed {seed}, round {round}: other text: {found:?} of {text:?}");
            assert!(found.len() >= due, "seed {seed}, round {round}: {found:?} of {text:?}, due {due}");
        }
        missing += usize::from(found.len() < text.len());
        // Enough for the rows that are seen: the text is saved and a new one is begun.
        text = found;
        if text.chars().count() > 60 {
            screen.send("\r");
            screen.wait_gone(&format!("] > {text}"));
            entered = Some((Instant::now(), std::mem::take(&mut text)));
        }
    }
    screen.kill();
    say(&format!("kill -9 while typing: {rounds} rounds, {missing} with less than everything, seed {seed}"));
    assert_eq!(expert.json(["unlock-check"])["findings"], serde_json::json!([]));
}

#[test]
fn what_was_typed_survives_an_end_from_outside_and_a_lock_and_goes_when_it_is_saved() {
    let expert = Person::in_folder(memory_folder(), WORDS);
    expert.bansou(["init", "--name", "書きかけ 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    let mut screen = unlocked(&expert);
    screen.wait_for(FIRM);
    screen.send("\r");
    screen.wait_for("概要");
    screen.send("m");
    screen.wait_for("] >");
    for (way, letter) in [("TERM", "一"), ("HUP", "二"), ("F9", "三")] {
        screen.send(letter);
        screen.wait_for(letter);
        if way == "F9" {
            screen.send(F9);
            screen.wait_for("パスフレーズを入れて");
            assert!(!screen.text().contains(letter), "{}", screen.text());
            screen.send(&format!("{WORDS}\r"));
        } else {
            screen.signal(way);
            screen.wait_exit();
            screen = unlocked(&expert);
        }
        screen.wait_for(letter);
    }
    assert_eq!(typed(&screen), "一二三");
    screen.send("\r");
    screen.wait_for("自動保存");
    screen.send("\r");
    screen.wait_gone("] >");
    screen.send("q");
    screen.wait_for("顧客一覧");
    screen.send("q");
    assert_eq!(screen.wait_exit(), 0);
    let notes = expert.json(["note", "list", CASE, "--reveal"]);
    assert_eq!((notes["notes"].as_array().unwrap().len(), &notes["notes"][0]["text"]), (1, &"一二三".into()));
    assert!(!expert.home().join("state/draft").exists(), "nothing is left over");
}
