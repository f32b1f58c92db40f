//! What changed of one thing, old values put back, and an engagement shown as it was.

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::app::overlay::Overlay;
use bansou::words::Lang;
use bansou_core::as_of::{self, AsOf};
use bansou_core::record::v1::{AnswerCode, Id, JournalEntry};

use crate::harness::{self, Driver, snapshot};

/// What the store answers to a question about these records.
fn about(driver: &Driver, records: &[Id]) -> Vec<(u64, JournalEntry)> {
    let told = |e: &JournalEntry| e.changes.iter().any(|c| records.contains(&c.id));
    driver.model.history.iter().filter(|(_, e)| told(e)).cloned().collect()
}

/// Presses keys and answers as the store does.
fn press(driver: &mut Driver, keys: &str) {
    let effects = driver.keys(keys);
    driver_answers(driver, effects);
}

fn driver_answers(driver: &mut Driver, effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::Save { id, .. } => drop(driver.send(Msg::Saved { id, seq: id })),
            Effect::Past { id, records } => {
                let entries = about(driver, &records);
                driver.send(Msg::Past { id, entries, erased: 0 });
            }
            Effect::Then { id, engagement, at } => {
                let books = &driver.model.books;
                let then = as_of::then(books, &driver.model.history, &books.engagements[&engagement], at).unwrap();
                let then = as_of::Then { books: as_of::only(&then.books, engagement), ..then };
                driver.send(Msg::Then { id, then: Box::new(then) });
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Question 1 was answered 4, then 2 an hour later, on the diagnosis tab.
fn answered() -> Driver {
    let mut driver = Driver::with(Look::default(), harness::books());
    press(&mut driver, "<Enter>g4");
    press(&mut driver, "4");
    driver.later(3600);
    press(&mut driver, "<Up>2<Up>");
    driver
}

fn answer(driver: &Driver) -> Option<AnswerCode> {
    driver.model.books.sheets.values().next()?.answers.get(&1).copied()
}

#[test]
fn one_answer_tells_what_it_was_and_goes_back() {
    let mut driver = answered();
    let sheet = *driver.model.books.sheets.keys().next().unwrap();
    let asked = driver.keys("D");
    let [Effect::Past { records, .. }] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(records, &[sheet], "the store is asked about the whole history of this sheet");
    assert!(driver.dump(80, 24).contains("履歴を読んでいます"));
    driver_answers(&mut driver, asked);
    let seen = driver.dump(80, 24);
    assert!(seen.contains("変更の履歴 2件  No.1") && seen.contains("答え: 実施 -> 一部"), "{seen}");
    assert!(!seen.contains("done") && !seen.contains("partial"), "stored words are not for people: {seen}");
    let effects = driver.keys("<Enter>");
    let [Effect::Save { entry, .. }, Effect::Past { .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((entry.command.as_str(), entry.undoes), ("findings", None), "a change of its own");
    driver_answers(&mut driver, effects);
    assert_eq!(answer(&driver), Some(AnswerCode::Done));
    assert!(driver.dump(80, 24).contains("変更の履歴 3件"), "the window follows");
    press(&mut driver, "<Esc>");
    press(&mut driver, "u");
    assert_eq!(answer(&driver), Some(AnswerCode::Partial));
}

#[test]
fn it_opens_with_the_input_method_on_and_says_where_there_is_nothing() {
    let mut driver = answered();
    press(&mut driver, "<Ctrl+D>");
    assert!(matches!(driver.model.overlay, Some(Overlay::Past(_))));
    press(&mut driver, "<Esc>g8D");
    assert!(driver.model.overlay.is_none() && driver.dump(80, 24).contains("ここには変更の履歴がありません"));
    press(&mut driver, "gkD");
    assert!(driver.model.overlay.is_none());
}

#[test]
fn a_late_answer_or_one_behind_the_lock_is_not_taken_in() {
    let mut driver = answered();
    let asked = driver.keys("D");
    driver.keys("<Esc>");
    driver_answers(&mut driver, asked);
    assert!(driver.model.overlay.is_none() && driver.model.pending.is_empty());
    let asked = driver.keys("D");
    driver.keys("<F9>");
    driver_answers(&mut driver, asked);
    assert!(driver.model.locked() && driver.model.overlay.is_none());
}

#[test]
fn an_old_text_goes_into_the_field_and_is_not_saved_yet() {
    let mut driver = Driver::with(Look::default(), harness::books());
    press(&mut driver, "<Enter>x");
    driver.text("前の期待");
    press(&mut driver, "<Ctrl+S>");
    press(&mut driver, "x<Ctrl+K>");
    for _ in 0..6 {
        driver.keys("<Backspace>");
    }
    driver.text("後の期待");
    press(&mut driver, "<Ctrl+S>");
    press(&mut driver, "x");
    driver.text("D");
    press(&mut driver, "<Ctrl+D>");
    let seen = driver.dump(80, 24);
    assert!(seen.contains("前の期待 -> 後の期待") && seen.contains("この欄に入れます"), "{seen}");
    assert_eq!(driver.keys("<Enter>"), []);
    let text = |driver: &Driver| driver.model.form.as_ref().unwrap().text("field.text").to_owned();
    assert_eq!(text(&driver), "前の期待");
    driver.keys("<Ctrl+Z>");
    assert_eq!(text(&driver), "後の期待D", "one step takes it out again");
    let kept = driver.model.books.engagements.values().next().unwrap().expectations.clone();
    assert_eq!(kept, "後の期待");
}

#[test]
fn a_choice_in_a_form_goes_back_too() {
    let mut driver = Driver::with(Look::default(), harness::books());
    // The second client of the list is the one without an engagement.
    press(&mut driver, "e");
    for _ in 0..2 {
        driver.keys("<Enter>");
    }
    driver.keys("<Right><Right>");
    press(&mut driver, "<Ctrl+S>");
    press(&mut driver, "e<Enter><Enter><Ctrl+D>");
    assert!(driver.dump(80, 24).contains("区分:"), "{}", driver.dump(80, 24));
    press(&mut driver, "<Enter>");
    assert_eq!(driver.model.form.as_ref().unwrap().picked("field.category"), 0);
}

#[test]
fn erased_entries_are_told_of() {
    let mut driver = answered();
    let asked = driver.keys("D");
    let [Effect::Past { id, records }] = &asked[..] else { panic!("{asked:?}") };
    let entries = about(&driver, records);
    driver.send(Msg::Past { id: *id, entries, erased: 3 });
    assert!(driver.dump(80, 24).contains("3件は消去されていて"));
}

#[test]
fn people_who_look_on_see_no_history() {
    let mut driver = answered();
    press(&mut driver, "D<F4>");
    assert!(driver.model.overlay.is_none());
    assert_eq!(driver.keys("D"), []);
    assert!(driver.dump(80, 24).contains("客先表示では使えません"));
}

/// The day after, with another answer: shown as it was at the end of the day before.
fn then() -> Driver {
    let mut driver = answered();
    driver.later(24 * 3600);
    press(&mut driver, "0");
    assert_eq!(answer(&driver), Some(AnswerCode::No));
    driver.keys("<Up>ga");
    driver.text("10/8");
    press(&mut driver, "<Down><Down><Enter>");
    driver
}

#[test]
fn an_engagement_is_shown_as_it_was_and_nothing_is_changed_there() {
    let mut driver = then();
    let seen = driver.dump(80, 24);
    assert!(seen.contains("2026-10-08 の時点  見るだけ  Esc で今に戻る"), "{seen}");
    assert!(seen.contains("1 脆弱性対策") && seen.lines().any(|l| l.contains("  1 脆弱性対策   2")), "{seen}");
    let before = driver.model.books.clone();
    // Every letter and digit of every tab: none asks for anything but looking.
    for tab in ["1", "2", "3", "4", "6", "7", "8", "9", "0", "f", "e"] {
        let letters = "abcdefhijklmnoprstuvwxyzABCDEFHIJKLMNOPRSTUVWXYZ024-[] ".chars().map(String::from);
        let named = ["<Enter>", "<F12>", "<Ctrl+Z>", "<Ctrl+Y>", "<Ctrl+D>", "<Backspace>"].map(String::from);
        for key in letters.chain(named) {
            let mut driver = driver.clone();
            driver.keys("g");
            driver.keys(tab);
            assert_eq!(driver.keys(&key), [], "tab {tab}, {key}");
            assert!(driver.model.form.is_none(), "tab {tab}, {key}");
            assert_eq!(driver.model.books, before);
        }
    }
    driver.keys("g4u");
    assert!(driver.dump(80, 24).contains("変更できません"));
    driver.keys("<Esc>");
    let seen = driver.dump(80, 24);
    assert!(!seen.contains("の時点") && seen.lines().any(|l| l.contains("  1 脆弱性対策   0")), "{seen}");
    assert_eq!(driver.keys("4").len(), 1, "and now it can be answered again");
}

#[test]
fn a_page_of_then_bears_its_date() {
    let mut driver = then();
    driver.keys("g6v");
    assert!(driver.dump(80, 24).contains("2026-10-08 の時点"), "{}", driver.dump(80, 24));
    driver.keys("<Esc>");
    assert_eq!(driver.keys("g9p"), [], "nothing is made of the past");
}

#[test]
fn the_lock_forgets_what_was_then() {
    let mut driver = then();
    assert!(format!("{:?}", driver.model).contains("Bygone"));
    driver.keys("<F9>");
    assert!(!format!("{:?}", driver.model).contains("Bygone"));
}

#[test]
fn sessions_that_were_held_are_offered_and_now_leads_back() {
    let mut driver = then();
    driver.keys("<F2>");
    driver.text("まえのじてん");
    driver.keys("<Enter>");
    let seen = driver.dump(80, 24);
    assert!(seen.contains("どの時点を見ますか") && seen.contains(" 今") && !seen.contains("第1回の後"), "{seen}");
    driver.keys("<Enter>");
    assert!(matches!(&driver.model.screen, Screen::Work(work) if work.then.is_none()));
    // Only a screen of an engagement has a past.
    driver.keys("gcga");
    assert!(driver.model.overlay.is_none());
    let wanted = AsOf::Day(jiff::civil::date(2026, 10, 8));
    driver.keys("<Enter>ga");
    driver.text("2026-10-08");
    let asked = driver.keys("<Enter>");
    assert!(matches!(asked[..], [Effect::Then { at, .. }] if at == wanted), "{asked:?}");
}

#[test]
fn snapshots_of_the_past() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for (width, height) in harness::SIZES {
            let mut driver = answered();
            driver.model.look.lang = lang;
            press(&mut driver, "D");
            snapshot(&format!("past-{name}-{width}x{height}"), &driver.dump(width, height));
            let mut driver = then();
            driver.model.look.lang = lang;
            driver.keys("ga");
            snapshot(&format!("as-of-{name}-{width}x{height}"), &driver.dump(width, height));
            driver.keys("<Esc>");
            snapshot(&format!("then-{name}-{width}x{height}"), &driver.dump(width, height));
        }
    }
}
