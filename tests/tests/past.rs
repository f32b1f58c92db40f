//! The changes of one answer, and the engagement as it was, through a real terminal and a real store.
#![allow(clippy::unwrap_used, clippy::panic)]

use bansou_tests::keys::{DOWN, ENTER, ESC, QUIT, UP};
use bansou_tests::program::{Person, binary};
use bansou_tests::screen::Screen;
use serde_json::Value;

/// Between sessions 2 and 3; question 1 was answered once.
const HALFWAY: &str = "K-0007";

#[test]
fn an_answer_goes_back_through_its_history_and_the_past_is_only_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("practice");
    let user = dir.path().display().to_string();
    let path = folder.display().to_string();
    let args = ["--lang", "ja", "demo", "--dir", &path];
    let mut screen = Screen::start(&binary("bansou"), args, [("HOME", user.as_str())], (80, 24));
    screen.wait_for("有明木工㈲");
    let mut press = |keys: &[&str], seen: &str| {
        keys.iter().for_each(|key| screen.send(key));
        screen.wait_for(seen);
    };
    press(&[DOWN, ENTER], "> 概要");
    press(&["g", "4"], "> 診断");
    press(&["D"], "変更の履歴 1件");
    // The answer leads on to question 2, and the arrow back.
    press(&[ESC, "4"], " 2 / 25");
    press(&[UP, "D"], "答え: 一部 -> 実施");
    press(&[ENTER], "変更の履歴 3件");
    press(&[ESC, "g", "a"], "どの時点を見ますか");
    press(&[DOWN, ENTER], "見るだけ  Esc で今に戻る");
    press(&["0"], "変更できません");
    press(&[ESC], "今に戻りました");
    screen.send(QUIT);
    screen.wait_exit();
    let expert = Person::of_home(&folder.join("expert"), "renshu");
    let shown = expert.json(["diagnosis", "show", HALFWAY, "--reveal"]);
    assert_eq!(shown["answers"][0]["answer"], 2, "the value of before, and nothing of what was pressed in the past");
    let history = expert.json(["history"]);
    let last: Vec<&Value> = history["entries"].as_array().unwrap().iter().rev().take(2).collect();
    assert!(last.iter().all(|e| e["command"] == "findings"), "{last:?}");
}
