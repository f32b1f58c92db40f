//! Work at a terminal that is only listened to: lines are added, nothing moves, and a lock leaves nothing to read.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use bansou_tests::keys::{AGAIN, DOWN, ENTER, F9, QUIT};
use bansou_tests::program::{Person, binary};
use bansou_tests::screen::Screen;

/// Screen and scrollback are emptied, as at a lock.
const WIPED: &[u8] = b"\x1b[2J\x1b[3J\x1b[H";

fn demo(dir: &Path) -> Screen {
    let (folder, user) = (dir.join("practice").display().to_string(), dir.display().to_string());
    let args = ["--lang", "ja", "demo", "--dir", &folder];
    Screen::start(&binary("bansou"), args, [("HOME", user.as_str()), ("BANSOU_READER", "1")], (80, 100))
}

#[test]
fn an_expert_works_by_ear_and_nothing_on_the_terminal_moves() {
    let dir = tempfile::tempdir().unwrap();
    let mut screen = demo(dir.path());
    screen.wait_for("1/3 企業名: 有明木工");
    for (keys, told) in [
        (DOWN, "2/3 企業名: ㈱北星精密"),
        ("3", "3/3 企業名: さくら会計事務所"),
        (ENTER, "さくら会計事務所、概要"),
        ("4", "1 / 25、脆弱性対策"),
        ("4", "2 / 25、"),
        ("2", "3 / 25、"),
        ("0", "4 / 25、"),
        ("m", "[経営者]"),
        ("夜間に止まる", "夜間に止まる"),
        (ENTER, "メモ、空"),
        ("\x1b", "診断"),
        (AGAIN, "選択中: 4 機器の設定"),
    ] {
        screen.send(keys);
        screen.wait_for(told);
        screen.wait_still();
    }
    screen.send(F9);
    screen.wait_gone("機器の設定");
    screen.wait_for("パスフレーズを入れて");
    screen.send("renshu");
    screen.send(ENTER);
    screen.wait_for("さくら会計事務所、診断");
    screen.send(QUIT);
    assert_eq!(screen.wait_exit(), 0);
    let bytes = screen.bytes();
    let wipes = bytes.windows(WIPED.len()).filter(|part| *part == WIPED).count();
    let escapes = bytes.iter().filter(|byte| **byte == 0x1b).count();
    assert_eq!((wipes, escapes), (1, 3), "nothing but the lock uses an escape sequence");
    // What was told was also done.
    let expert = Person::of_home(&dir.path().join("practice/expert"), "renshu");
    let shown = expert.json(["note", "list", "K-0031", "--reveal"]);
    assert!(shown["notes"].to_string().contains("夜間に止まる"), "{shown}");
}
