//! The first minutes of a new expert, through a real terminal: from nothing to a home, its code, and a programme joined.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use bansou_tests::keys::{ENTER, ESC, F9, FINISH, QUIT, RIGHT, TAB};
use bansou_tests::program::{Person, Server, binary, run};
use bansou_tests::screen::Screen;

const WORDS: &str = "kaigan no matsu 7";

fn type_into(screen: &mut Screen, keys: &[&str]) {
    for key in keys {
        screen.send(key);
    }
}

/// The recovery code on the screen.
fn code(screen: &Screen) -> String {
    screen.wait_for("AGE-SECRET-KEY-1");
    let text = screen.text();
    let line = text.lines().find(|line| line.contains("AGE-SECRET-KEY-1")).unwrap();
    line.trim().to_owned()
}

fn begin(person: &Person) -> Screen {
    let screen = Screen::bansou(person, &["--lang", "ja"], (80, 24));
    screen.wait_for("はじめての設定");
    screen
}

#[test]
fn a_new_expert_gets_a_home_and_joins_in_the_screens() {
    let office = Person::new("jimukyoku no kotoba");
    let root = office.json(["secretariat", "init", "--name", "試験事務局"])["root_key"].as_str().unwrap().to_owned();
    let server = Server::start(&office.folder().join("server"), &["--secretariat", &root]);
    office.bansou(["secretariat", "publish", "--server", &server.url]).ok();
    let person = Person::new(WORDS);
    let path = |name: &str| person.folder().join(name).display().to_string();
    let (invitation, request, pack) = (path("invitation.json"), path("bansou-request.age"), path("pack.json"));
    office.bansou(["secretariat", "invite", &invitation]).ok();

    let mut screen = begin(&person);
    type_into(&mut screen, &[TAB, "伴野走", TAB, "000123", TAB, TAB, "3", "3", TAB, WORDS, TAB, WORDS, TAB]);
    type_into(&mut screen, &[&invitation, FINISH]);
    let code = code(&screen);
    screen.wait_for("登録の申請を");
    let seen = office.json(["secretariat", "experts", "show", &request, "--reveal"]);
    let print = seen["fingerprint"].as_str().unwrap();
    assert!(screen.text().contains(print), "{print} stands on the screen");
    type_into(&mut screen, &[&code[code.len() - 6..], FINISH]);
    screen.wait_for("まだ顧客がいません");

    office.bansou(["secretariat", "experts", "approve", &request, "--out", &pack]).ok();
    type_into(&mut screen, &["g", ",", "a"]);
    screen.wait_for("登録を終える");
    type_into(&mut screen, &[&pack, ENTER]);
    screen.wait_for("登録できました");
    type_into(&mut screen, &[ESC]);
    screen.wait_gone("まだ登録していません");
    type_into(&mut screen, &[F9]);
    screen.wait_for("パスフレーズを入れて");
    type_into(&mut screen, &[WORDS, ENTER]);
    screen.wait_for("まだ顧客がいません");
    type_into(&mut screen, &[QUIT]);
    assert_eq!(screen.wait_exit(), 0);
    // The code that was shown opens the home.
    let file = person.folder().join("code");
    fs::write(&file, &code).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    person.bansou(["key", "drill", "--code-file", file.to_str().unwrap()]).ok();
}

#[test]
fn who_asks_for_it_is_read_to_from_then_on() {
    let person = Person::new(WORDS);
    let mut screen = begin(&person);
    type_into(&mut screen, &[TAB, "伴野走", TAB, TAB, TAB, TAB, WORDS, TAB, WORDS, TAB, TAB, RIGHT, FINISH]);
    code(&screen);
    screen.wait_for("読み上げ用の設定を");
    type_into(&mut screen, &[ESC]);
    screen.wait_for("まだ顧客がいません");
    let parts = screen.bytes();
    let left = parts.windows(6).rposition(|part| part == b"\x1b[?25h").unwrap();
    assert!(!parts[left + 6..].windows(2).any(|part| part == b"\x1b["), "lines and no frames from then on");
    type_into(&mut screen, &[QUIT]);
    assert_eq!(screen.wait_exit(), 0);
    let settings = person.folder().join("user/config/bansou/config.toml");
    assert_eq!(fs::read_to_string(settings).unwrap(), "[ui]\nreader = true\n");
}

#[test]
fn the_first_run_leads_to_the_practice_too() {
    let person = Person::new(WORDS);
    let mut screen = begin(&person);
    type_into(&mut screen, &[RIGHT, FINISH]);
    screen.wait_for("練習 1/12");
    type_into(&mut screen, &[QUIT]);
    assert_eq!(screen.wait_exit(), 0);
    assert!(!person.home().exists(), "no home was made");
}

#[test]
fn without_a_terminal_the_way_to_a_home_is_named() {
    let person = Person::new(WORDS);
    let mut command = std::process::Command::new(binary("bansou"));
    run(command.envs(person.environment()), "").refused(5, true);
}
