//! A first hour: the twelve steps of the practice through a real terminal, key by key, with a power cut in the middle.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use bansou_tests::keys::{DOWN, ENTER, ESC, F1, F3, F5, F9, FINISH, QUIT, STEPS, TAB};
use bansou_tests::program::{Person, binary, run};
use bansou_tests::screen::Screen;

/// Somebody who learns, in a terminal.
struct Learner {
    person: Person,
    screen: Screen,
}

impl Learner {
    fn begins(person: Person) -> Self {
        let screen = Screen::bansou(&person, &["--lang", "ja", "tutorial"], (80, 24));
        Learner { person, screen }
    }

    /// Sends each key and waits until the screen shows the text.
    fn does(&mut self, keys: &[&str], seen: &str) -> &mut Self {
        for key in keys {
            self.screen.send(key);
        }
        self.screen.wait_for(seen);
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.screen.send(letter.encode_utf8(&mut [0; 4]));
        }
        self
    }

    /// The power goes and comes back, and the tutorial is started again.
    fn power_cut(self) -> Self {
        self.screen.kill();
        Self::begins(self.person)
    }
}

fn bansou(person: &Person, args: &[&str]) -> bansou_tests::program::Answer {
    let mut command = std::process::Command::new(binary("bansou"));
    run(command.envs(person.environment()).args(["--lang", "en"]).args(args), "")
}

#[test]
fn the_twelve_steps_are_played_from_the_first_to_the_last() {
    let mut learner = Learner::begins(Person::new("kotoba no narabi"));
    learner.does(&[], "練習 1/12");
    learner.does(&[F1], "一番上が最も急ぐもの").does(&[ESC, ENTER], "練習 2/12");
    learner.does(&["g", "c", "a"], "企業名").types("㈱青空印刷").does(&[TAB], "").types("あおぞらいんさつ");
    learner.does(&[TAB, TAB], "").types("1000万").does(&[TAB], "").types("２４").does(&[FINISH], "練習 3/12");
    learner.does(&[ENTER], "案件番号").types("K-0050").does(&[FINISH], "で各回、e で日程");
    learner.does(&[ENTER, "2", "e"], "日程を決める").does(&["\x0b"], "").types("+7").does(&[FINISH], "練習 4/12");
    learner.does(&["m"], "[経営者] >").types("控えが心配").does(&[ENTER], "練習 5/12").does(&[ENTER, "4"], "1 / 25");
    for number in 1..=12 {
        learner.does(&["2"], &format!("{} / 25", number + 1));
    }
    learner.screen.wait_for("自動保存");
    let mut learner = learner.power_cut();
    learner.does(&[], "練習 5/12").does(&[DOWN, DOWN, DOWN, ENTER], "㈱青空印刷 > 概要").does(&["4"], "13 / 25");
    learner.does(&["0"; 13], "");
    learner.does(&[], "練習 6/12");
    learner.does(&["e"], "答えの根拠").types("設定画面を見た").does(&[FINISH], "練習 7/12");
    learner.does(&["g", "7", "y", "p", "x"], "練習 8/12");
    learner.does(&["8", "a"], "数字3つ").does(&["t", "3", "1", "1"], "練習 9/12");
    learner.does(&["d", "u"], "練習 10/12");
    learner.does(&[F3], "検索").types("hokusei").does(&[], "㈱北星精密").does(&[ENTER], "練習 11/12");
    learner.does(&[ENTER], "㈱北星精密 > 概要").does(&["0"], "そろっています").does(&["s"], "F5 で未送信箱");
    learner.does(&[F5, "b"], "フォルダの場所").does(&[ENTER], "練習 12/12");
    learner.does(&[F9], "パスフレーズは renshu").types("renshu").does(&[ENTER], "設定と診断、b で");
    learner.does(&["g", ","], "控えを作る").does(&["b"], "全部済みました");
    let sent = learner.person.folder().join("user/data/bansou-practice/tutorial/usb");
    assert!(fs::read_dir(sent).unwrap().any(|f| f.unwrap().file_name().to_string_lossy().ends_with(".age")));
    // A step after the other; the list tells it too, and hiding holds until the tutorial is asked for again.
    learner.does(&[STEPS], "12 済").does(&["h"], "手順を隠しました");
    assert!(!learner.screen.text().contains("12/12"));
    learner.screen.send(QUIT);
    assert_eq!(learner.screen.wait_exit(), 0);
    let told = bansou(&learner.person, &["tutorial", "--json"]).ok().json();
    assert_eq!((&told["done"], &told["of"], &told["begun"]), (&12.into(), &12.into(), &true.into()), "{told}");
    let mut again = Learner::begins(learner.person);
    again.does(&[], "練習 12/12");
}

#[test]
fn a_practice_is_made_anew_and_nothing_else_is_touched() {
    let person = Person::new("kotoba no narabi");
    let told = bansou(&person, &["tutorial", "--list"]).ok();
    assert!(told.stdout.contains(" 1 now") && told.stdout.contains("12 open") && told.stdout.contains("Not begun"));
    // No terminal, no practice.
    bansou(&person, &["tutorial"]).refused(2, false);
    assert!(!person.folder().join("user/data/bansou-practice").exists());
    // Homes of real work and folders with anything in them stay as they are.
    bansou(&person, &["--home", "/nowhere", "tutorial"]).refused(2, false);
    person.bansou(["init", "--name", "本番 一郎"]).ok();
    let home = person.home().display().to_string();
    let before = fs::read(person.home().join("vault.db")).unwrap();
    for args in [&["tutorial", "--dir", &home][..], &["tutorial", "--dir", &home, "--restart"]] {
        let mut screen = Screen::bansou(&person, args, (80, 24));
        assert_eq!(screen.wait_exit(), 8, "{}", screen.text());
        assert!(screen.text().contains("E-TUTORIAL-PLACE"), "{}", screen.text());
    }
    bansou(&person, &["tutorial", "--status", "--dir", &home]).refused(8, false);
    assert_eq!(fs::read(person.home().join("vault.db")).unwrap(), before);
    // Begun, worked in, and begun again; a file of one's own in the folder stays.
    let folder = person.folder().join("lessons");
    let args = ["--lang", "ja", "tutorial", "--dir", folder.to_str().unwrap()];
    let mut screen = Screen::bansou(&person, &args, (60, 16));
    screen.wait_for("練習 1/12");
    screen.send(F1);
    screen.send(ESC);
    screen.send(ENTER);
    screen.wait_for("練習 2/12");
    let busy = bansou(&person, &["tutorial", "--status", "--dir", folder.to_str().unwrap()]);
    assert!(busy.code != 0 && busy.stdout.is_empty(), "{busy:?}");
    screen.send(QUIT);
    screen.wait_exit();
    fs::write(folder.join("own.txt"), "own").unwrap();
    let mut anew = Screen::bansou(&person, &[&args[..], &["--restart"]].concat(), (80, 24));
    anew.wait_for("練習 1/12");
    anew.send(QUIT);
    anew.wait_exit();
    assert_eq!(fs::read_to_string(folder.join("own.txt")).unwrap(), "own");
    // A making that was cut short is made whole.
    fs::write(folder.join("bansou-tutorial.txt"), "making\n").unwrap();
    let whole = Screen::bansou(&person, &args, (80, 24));
    whole.wait_for("練習 1/12");
}
