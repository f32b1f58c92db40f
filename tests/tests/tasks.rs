//! The fourteen tasks of a working day through a real terminal, each from its first hint to what is stored, within its
//! number of keys. Prose that would be typed on any system is not counted.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;

use bansou_tests::keys::{DOWN, ENTER, F2, F3, F5, FINISH, QUIT, TAB};
use bansou_tests::program::{Person, copy};
use bansou_tests::screen::Screen;
use serde_json::Value;
use tempfile::TempDir;

const WORDS: &str = "renshu";
/// Between sessions 2 and 3; the report of session 2 is late.
const HALFWAY: &str = "K-0007";
/// Before its first session.
const NEW: &str = "K-0031";

const SCORES: [&str; 8] = ["132", "321", "213", "111", "333", "231", "122", "313"];

/// The practice as the demo leaves it; every task works on a copy.
struct Practice(TempDir);

impl Practice {
    fn made() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut screen = Screen::demo(dir.path());
        screen.send("q");
        screen.wait_exit();
        Practice(dir)
    }

    fn task(&self, number: u8, budget: usize) -> Hands {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        copy(&self.0.path().join("practice/expert"), &home);
        Hands { expert: Person::in_folder(dir, WORDS), screen: None, number, budget, keys: 0 }
    }
}

/// Somebody at the keyboard who counts.
struct Hands {
    expert: Person,
    screen: Option<Screen>,
    number: u8,
    budget: usize,
    keys: usize,
}

impl Hands {
    fn screen(&mut self) -> &mut Screen {
        self.screen.get_or_insert_with(|| {
            let mut screen = Screen::bansou(&self.expert, &["--lang", "ja"], (80, 24));
            screen.wait_for("パスフレーズを入れて");
            screen.send(WORDS);
            screen
        })
    }

    /// Opens the home; not counted.
    fn unlocked(&mut self) {
        self.screen().send(ENTER);
        self.sees("顧客 3社");
    }

    /// Goes somewhere before the task begins; not counted.
    fn begins(&mut self, keys: &[&str], seen: &str) {
        for key in keys {
            self.screen().send(key);
        }
        self.sees(seen);
    }

    /// Opens a client of the list and one of its tabs; not counted.
    fn opened(&mut self, place: usize, tab: &str, seen: &str) {
        self.unlocked();
        let keys: Vec<&str> = std::iter::repeat_n(DOWN, place).chain([ENTER]).collect();
        self.begins(&keys, "> 概要");
        self.begins(&[tab], seen);
    }

    fn sees(&mut self, text: &str) {
        self.screen().wait_for(text);
    }

    /// A key that is a command or a movement.
    fn press(&mut self, key: &str) -> &mut Self {
        self.keys += 1;
        self.screen().send(key);
        self
    }

    /// The first key of a task: a hint on the screen names it.
    fn first(&mut self, hint: &str, key: &str) -> &mut Self {
        let screen = self.screen().text();
        let footer = screen.lines().last().unwrap_or_default();
        let number = self.number;
        assert!(footer.contains(hint), "task {number}: no hint {hint:?} in {footer:?}\n{screen}");
        self.press(key)
    }

    /// Prose.
    fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.screen().send(letter.encode_utf8(&mut [0; 4]));
        }
        self
    }

    /// Leaves the program, which saves what it still has in hand.
    fn leaves(&mut self) -> &Person {
        if let Some(mut screen) = self.screen.take() {
            screen.send(QUIT);
            screen.wait_exit();
        }
        &self.expert
    }

    /// Leaves the program and says what the task cost.
    fn done(&mut self) -> &Person {
        let (number, keys, budget) = (self.number, self.keys, self.budget);
        self.leaves();
        assert!(keys <= budget, "task {number} took {keys} keys of {budget}");
        bansou_tests::chance::say(&format!("task {number}: {keys} keys of {budget}"));
        &self.expert
    }
}

fn list(answer: &Value, field: &str) -> Vec<Value> {
    answer[field].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

#[test]
fn the_fourteen_tasks_stay_within_their_keys() {
    let practice = Practice::made();
    start_the_day(practice.task(1, 2));
    register_a_client(practice.task(2, 9));
    enter_all_answers(practice.task(3, 26));
    add_evidence(practice.task(4, 25));
    draft_a_plan(practice.task(5, 4));
    score_the_plan(practice.task(6, 40));
    claim_sessions(practice.task(8, 6));
    find_zeros(practice.task(9, 2));
    undo_a_deletion(practice.task(10, 4));
    page_for_the_wall(practice.task(11, 2));
    let reported = report_a_session(practice.task(7, 6));
    bundle_to_usb(Hands { number: 12, budget: 4, keys: 0, ..reported });
    record_a_visit(practice.task(13, 17));
    review_regulations(practice.task(14, 21));
}

fn start_the_day(mut hands: Hands) {
    hands.screen();
    hands.first("Enter", ENTER).sees("遅  有明木工㈲");
    hands.press(ENTER).sees("次の一手     4回分を請求できる");
    hands.done();
}

fn register_a_client(mut hands: Hands) {
    hands.unlocked();
    hands.first("a 追加", "a").sees("企業名");
    hands.types("㈱十四番工業").press(TAB).types("ジュウヨンバンコウギョウ").press(TAB);
    // The trade stands as it is: manufacturing.
    hands.press(TAB).types("１０００万").press(TAB).types("２４").press(TAB);
    // Its main trade, no sole proprietor, Tokyo.
    hands.press(TAB).press(TAB).press(FINISH).sees("> ㈱十四番工業         製造業  24");
    let clients = list(&hands.done().json(["client", "list", "--reveal"]), "clients");
    let made = clients.iter().find(|c| c["name"] == "㈱十四番工業").unwrap();
    assert_eq!(made["prefecture"], 13, "{made}");
}

fn enter_all_answers(mut hands: Hands) {
    hands.opened(2, "1", "さくら会計事務所 > 概要");
    let bar = hands.screen().text();
    assert!(bar.contains("4診断"));
    hands.press("4").sees("1 / 25");
    for number in 1..=25_usize {
        hands.press(["4", "2", "0", "-"][number % 4]);
        hands.sees(&format!("{} / 25", (number + 1).min(25)));
    }
    let shown = hands.done().json(["diagnosis", "show", NEW, "--reveal"]);
    let answers = list(&shown, "answers");
    let given: Vec<i64> = answers.iter().map(|a| a["answer"].as_i64().unwrap()).collect();
    assert_eq!(given, (1..=25).map(|n| [4, 2, 0, -1][n % 4]).collect::<Vec<i64>>(), "{shown}");
}

fn add_evidence(mut hands: Hands) {
    hands.opened(1, "4", "1 / 25");
    for number in 1..=5 {
        hands.first("e 根拠", "e").sees("答えの根拠");
        hands.types(&format!("画面を見た{number}")).press(FINISH).sees("根拠: ");
        hands.sees(&format!("画面を見た{number}"));
        hands.press(DOWN).sees(&format!("{} / 25", number + 1));
    }
    let answers = list(&hands.done().json(["diagnosis", "show", HALFWAY, "--reveal"]), "answers");
    assert!(
        (1..=5).all(|n| answers[n - 1]["evidence"].as_str().unwrap().ends_with(&format!("画面を見た{n}"))),
        "{answers:?}"
    );
}

fn draft_a_plan(mut hands: Hands) {
    hands.opened(1, "1", "㈱北星精密 > 概要");
    hands.press("8").sees("a で上から");
    hands.first("a 候補", "a");
    hands.sees("合意はまだ");
    assert_eq!(list(&hands.done().json(["plan", "list", HALFWAY]), "lines").len(), 8);
}

fn score_the_plan(mut hands: Hands) {
    hands.opened(1, "8", "a で上から");
    hands.begins(&["a"], "合意はまだ");
    for score in SCORES {
        hands.first("t 点(3桁)", "t");
        for digit in score.chars() {
            hands.press(&digit.to_string());
        }
    }
    let lines = list(&hands.done().json(["plan", "list", HALFWAY]), "lines");
    let scored: BTreeSet<&str> = lines.iter().map(|l| l["scores"].as_str().unwrap()).collect();
    assert_eq!(scored, SCORES.into(), "{lines:?}");
}

fn report_a_session(mut hands: Hands) -> Hands {
    hands.opened(1, "1", "次の一手     第2回の報告を送る");
    hands.first("Enter 次の一手", ENTER).sees("そろっています");
    hands.press(ENTER).sees("報告の文");
    hands.press(TAB).types("入口の施錠").press(TAB).press(FINISH).sees("入口の施錠");
    hands.press("s").sees("未送信 1");
    let items = list(&hands.done().json(["outbox", "list"]), "items");
    assert!(items.iter().any(|i| i["seq"] == 6 && i["session"] == 2 && i["state"] == "queued"), "{items:?}");
    hands
}

fn claim_sessions(mut hands: Hands) {
    hands.unlocked();
    hands.first("g 移動", "g").press("k").sees("請求できる回");
    hands.first("a まとめて下書き", "a").sees("> 下書き");
    hands.press("s").sees("未送信 1");
    let claims = list(&hands.done().json(["claim", "list", "--reveal"]), "claims");
    // Four sessions of one firm, one of another; 10.21 % are withheld.
    assert_eq!((&claims[0]["gross"], &claims[0]["withheld"]), (&225_000.into(), &22_972.into()), "{claims:?}");
}

fn find_zeros(mut hands: Hands) {
    hands.expert.bansou(["diagnosis", "answer", HALFWAY, "11", "0"]).ok();
    hands.unlocked();
    hands.begins(&[F2], "検索");
    hands.begins(&["\x1b"], "顧客 3社");
    hands.press(F3).types("バックアップ 0点").sees("1件");
    let screen = hands.screen().text();
    assert!(screen.contains("㈱北星精密") && !screen.contains("有明木工㈲"), "{screen}");
    hands.press(ENTER).sees("㈱北星精密 > 診断");
    hands.sees("11 / 25");
    hands.done();
}

fn undo_a_deletion(mut hands: Hands) {
    hands.expert.bansou_with_input(["note", "add", NEW, "--session", "1"], "消してしまうメモ").ok();
    hands.opened(2, "3", "さくら会計事務所 > 聞取");
    hands.begins(&["d"], "まだメモがありません");
    assert_eq!(list(&hands.leaves().json(["note", "list", NEW]), "notes").len(), 0);
    hands.unlocked();
    hands.first("g 移動", "g").press("h").sees("メモを削除");
    hands.press("u").sees("取消済");
    assert_eq!(list(&hands.done().json(["note", "list", NEW]), "notes").len(), 1);
}

fn page_for_the_wall(mut hands: Hands) {
    hands.opened(1, "8", "a で上から");
    hands.begins(&["a"], "合意はまだ");
    hands.press("P").sees("K-0007-plan-page.pdf");
    hands.press(ENTER).sees("書きました。暗号化していません");
    let file = hands.done().folder().join("user/K-0007-plan-page.pdf");
    let text = std::process::Command::new("pdftotext").args(["-layout"]).arg(&file).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("これからの一年で取り組むこと") && text.contains("ほか 2 件"), "{text}");
    assert!(!text.contains("北星") && !text.contains(HALFWAY), "{text}");
}

fn bundle_to_usb(mut hands: Hands) {
    let folder = hands.expert.folder().join("usb");
    fs::create_dir(&folder).unwrap();
    hands.unlocked();
    hands.press(F5).sees("封済・未送信");
    hands.first("b フォルダへ", "b").sees("フォルダの場所");
    hands.types(&folder.display().to_string()).press(ENTER).sees("封をしたまま書きました");
    hands.done();
    let names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().any(|n| n.ends_with(".age")) && names.iter().any(|n| n.ends_with(".ticket")), "{names:?}");
}

fn record_a_visit(mut hands: Hands) {
    hands.opened(2, "2", "第1回 目的");
    hands.first("Space 済/未", " ");
    for _ in 1..=8 {
        hands.press(DOWN).press(" ");
    }
    let sessions = hands.done().json(["session", "checklist", NEW, "1"]).to_string();
    assert_eq!(sessions.matches("\"done\"").count(), 9, "{sessions}");
}

fn review_regulations(mut hands: Hands) {
    hands.opened(1, "1", "㈱北星精密 > 概要");
    hands.first("F2 コマンド", F2).types("tenken").sees("規程");
    hands.press(ENTER).sees("㈱北星精密 > 規程");
    for number in 0..12 {
        hands.press(["y", "p", "x", "o"][number % 4]);
    }
    let sections = list(&hands.done().json(["regulations", "show", HALFWAY]), "sections");
    assert!(sections[..12].iter().all(|s| s["status"].is_string()), "{sections:?}");
}
