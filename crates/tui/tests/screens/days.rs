//! What is to do, the days ahead, taking back and doing again, and the history.

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::app::model::{Screen, Tab};
use bansou::app::msg::Msg;
use bansou::words::Lang;
use bansou_core::record::v1::JournalEntry;

use crate::harness::{self, Driver, snapshot};

fn tab(driver: &Driver) -> Option<Tab> {
    match &driver.model.screen {
        Screen::Work(work) => Some(work.tab),
        _ => None,
    }
}

#[test]
fn two_keys_open_the_most_urgent_thing() {
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("<Enter><Enter>");
    assert_eq!(tab(&driver), Some(Tab::Sessions));
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("t<Enter>");
    assert_eq!(tab(&driver), Some(Tab::Sessions));
    driver.keys("<Esc>");
    assert!(driver.dump(80, 24).contains("> ㈱北星精密"), "the cursor stands on the client that was left");
}

#[test]
fn the_calendar_is_written_where_the_file_is_named() {
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("tw");
    let asked = driver.keys("<Enter>");
    assert_eq!(asked, [Effect::SaveCalendar { id: 2, file: "bansou-2026-10-08.ics".into() }]);
}

#[test]
fn the_list_keeps_its_deadline_beside_the_chosen_client_at_every_width() {
    for lang in [Lang::Ja, Lang::En] {
        let driver = Driver::with(Look { lang, ..Look::default() }, harness::books());
        let row = |width| {
            let dump = driver.dump(width, 30);
            let row = dump.lines().find(|l| l.starts_with(" >")).unwrap().to_owned();
            row.split('\u{2502}').next().unwrap().trim_end().to_owned()
        };
        let narrow = row(80);
        let due = narrow.rsplit(' ').next().unwrap();
        assert!(["今日", "today"].contains(&due), "{narrow}");
        for width in 80..200 {
            assert!(row(width).ends_with(due), "{width}: {}", row(width));
        }
    }
}

/// Two notes, the second deleted.
fn deleted() -> Driver {
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("<Enter>3");
    for text in ["一つ目のメモ", "二つ目のメモ"] {
        driver.keys("m");
        driver.text(text);
        driver.keys("<Enter><Esc>");
        driver.saved();
        driver.later(60);
    }
    driver.keys("<Down>d");
    driver.saved();
    driver
}

fn notes(driver: &Driver) -> usize {
    driver.model.books.notes.len()
}

/// The program ends and is opened again on another day: books and journal come from the store.
fn reopened(driver: &Driver, days: i64) -> Driver {
    let mut next = Driver::new(Look::default());
    next.later(days * 86_400);
    next.keys("x<Enter>");
    let decode = |e: &JournalEntry| JournalEntry::decode(e.encode().as_bytes()).unwrap();
    let recent = driver.model.history.iter().map(|(seq, e)| (*seq, decode(e))).collect();
    // The harness takes the tickets for journal numbers.
    next.model.next_ticket = 100;
    next.send(Msg::Unlocked { id: 1, books: Box::new(driver.model.books.clone()), recent, drafts: Box::default() });
    next
}

#[test]
fn what_was_taken_back_is_done_again_after_a_restart_and_a_new_change_ends_that() {
    let mut driver = deleted();
    assert_eq!(notes(&driver), 1);
    driver.keys("u");
    driver.saved();
    driver.keys("u");
    driver.saved();
    assert_eq!(notes(&driver), 1, "the deletion and the second note are taken back");
    let mut driver = reopened(&driver, 1);
    driver.keys("U");
    driver.saved();
    assert_eq!(notes(&driver), 2);
    driver.keys("<Ctrl+Y>");
    driver.saved();
    assert_eq!(notes(&driver), 1, "deleted again");
    driver.keys("U");
    assert!(driver.dump(80, 24).contains("やり直せる変更がありません"));
    driver.keys("u");
    driver.saved();
    driver.keys("<Enter>m");
    driver.text("新しいメモ");
    driver.keys("<Enter><Esc>");
    driver.saved();
    assert_eq!(driver.keys("U"), []);
    assert_eq!(notes(&driver), 3);
}

#[test]
fn a_deletion_of_yesterday_is_undone_with_three_keys() {
    let mut driver = reopened(&deleted(), 1);
    driver.keys("ghu");
    assert_eq!(notes(&driver), 2);
    driver.saved();
    assert!(driver.dump(80, 24).contains("取消済"));
    driver.keys("d");
    assert!(driver.dump(80, 24).contains("消したもの 0件"));
    let mut late = reopened(&deleted(), 31);
    late.keys("ghd");
    assert!(late.dump(80, 24).contains("消したもの 0件"), "the bin keeps thirty days");
    late.keys("du");
    assert_eq!(notes(&late), 2, "the history goes on keeping it");
}

#[test]
fn an_older_change_is_taken_back_alone_or_says_why_not() {
    let mut driver = reopened(&deleted(), 0);
    // From the newest: the deletion, the second note, the first note.
    driver.keys("gh<Down><Down>u");
    assert_eq!(notes(&driver), 0);
    driver.saved();
    driver.keys("u");
    assert_eq!(notes(&driver), 0);
    assert!(driver.dump(80, 24).contains("E-804"), "{}", driver.dump(80, 24));
}

#[test]
fn a_lock_leaves_no_history_and_the_client_view_no_words() {
    let mut driver = deleted();
    driver.keys("gh");
    assert!(driver.dump(80, 24).contains("二つ目のメモ"));
    driver.keys("<F4>");
    assert!(!driver.dump(80, 24).contains("二つ目"));
    driver.keys("<F9>");
    assert!(!format!("{:?}", driver.model).contains("二つ目のメモ"));
}

#[test]
fn snapshots_of_the_days() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for (width, height) in [(60, 16), (80, 24), (120, 40)] {
            let mut driver = Driver::with(Look { lang, ..Look::default() }, harness::books());
            driver.keys("t");
            snapshot(&format!("today-{name}-{width}x{height}"), &driver.dump(width, height));
            driver.keys("v");
            snapshot(&format!("spans-{name}-{width}x{height}"), &driver.dump(width, height));
            let mut driver = deleted();
            driver.model.look.lang = lang;
            driver.keys("gh");
            snapshot(&format!("history-{name}-{width}x{height}"), &driver.dump(width, height));
            driver.keys("d");
            snapshot(&format!("history-deleted-{name}-{width}x{height}"), &driver.dump(width, height));
        }
    }
}
