//! The session as a guide at the keyboard: clock, carry-over, own items, same day, the request, links, guidance.

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::model::Tab;
use bansou::app::msg::Msg;
use bansou::app::overlay::Overlay;
use bansou::words::Lang;
use bansou_core::document::Request;
use bansou_core::record::v1::{Engagement, Session};
use jiff::civil::time;

use crate::harness::{Driver, snapshot};
use crate::{saves, working};

fn engagement(driver: &Driver) -> &Engagement {
    driver.model.books.engagements.values().next().unwrap()
}

fn session(driver: &Driver, number: usize) -> &Session {
    &engagement(driver).sessions[number - 1]
}

/// Session 1 held on the day of the driver's clock.
fn held() -> Driver {
    let mut driver = working(Look::default(), "2n<Tab><Tab>");
    driver.text("14:00");
    driver.keys("<Ctrl+S>");
    driver.saved();
    assert_eq!(engagement(&driver).held_count(), 1);
    driver
}

#[test]
fn the_clock_is_saved_at_once_and_fills_the_record() {
    let mut driver = working(Look::default(), "2");
    assert_eq!(saves(&driver.keys("T")), 1, "the start is in the store before anything else happens");
    driver.saved();
    driver.later(12 * 60);
    driver.send(Msg::Tick);
    let screen = driver.dump(80, 24);
    assert!(screen.contains("計測中 14:05から 12分 / 110分"), "{screen}");
    assert!(screen.contains("今は 2/5 事業と情報の聞取り (あと33分)") && screen.contains("12分遅れ"), "{screen}");
    assert_eq!(saves(&driver.keys("b")), 1);
    driver.later(10 * 60);
    driver.send(Msg::Tick);
    assert!(driver.dump(80, 24).contains("休憩中 14:05から 12分"));
    driver.keys("b");
    driver.later(110 * 60);
    driver.send(Msg::Tick);
    assert!(driver.dump(80, 24).contains("予定の終わりから12分超過"));
    driver.keys("T");
    driver.saved();
    assert!(driver.dump(80, 24).contains("計測済 14:05-16:17 122分"));
    driver.later(3600);
    driver.keys("n<Ctrl+S>");
    let held = session(&driver, 1).held.as_ref().unwrap();
    assert_eq!((held.start, held.end), (time(14, 5, 0, 0), time(16, 17, 0, 0)));
    assert_eq!(held.date, jiff::civil::date(2026, 10, 8));
}

#[test]
fn the_clock_of_the_session_stands_in_the_title_of_every_screen_and_waits_while_a_text_is_typed() {
    for (lang, running) in [(Lang::Ja, "第1回 12分"), (Lang::En, "Session 1: 12 min")] {
        let mut driver = working(Look { lang, ..Look::default() }, "2T");
        driver.saved();
        driver.later(12 * 60);
        driver.keys("8");
        let title = |d: &Driver, width| d.dump(width, 24).lines().next().unwrap().to_owned();
        assert!(title(&driver, 80).contains(running), "{}", title(&driver, 80));
        assert!(title(&driver, 60).contains(running), "{}", title(&driver, 60));
        driver.keys("m");
        driver.later(600);
        driver.send(Msg::Tick);
        assert!(title(&driver, 80).contains(running), "the title stands still while a field has the focus");
        driver.keys("<Esc>");
        driver.model.look.clock = false;
        assert!(!title(&driver, 80).contains(running));
    }
    let mut driver = working(Look::default(), "2T");
    driver.saved();
    driver.later(12 * 60);
    driver.keys("b");
    driver.saved();
    driver.keys("q");
    assert!(driver.dump(80, 24).lines().next().unwrap().contains("第1回 休憩中 12分"));
}

#[test]
fn every_tab_is_seen_at_every_width_in_both_languages() {
    for lang in [Lang::Ja, Lang::En] {
        for (_, digit, _) in bansou::app::model::TABS {
            let mut driver = working(Look { lang, ..Look::default() }, "1");
            driver.keys(&format!("g{digit}"));
            for width in [60, 80, 120] {
                let screen = driver.dump(width, 24);
                let row = screen.lines().nth(1).unwrap();
                let seen: Vec<&str> = row.split("  ").map(str::trim).filter(|t| !t.is_empty()).collect();
                assert_eq!(seen.len(), bansou::app::model::TABS.len(), "{width} {row:?}");
                assert!(seen.iter().all(|tab| tab.chars().count() > 1), "{width} {row:?}");
            }
        }
    }
}

#[test]
fn a_slip_on_the_clock_is_taken_back() {
    let mut driver = working(Look::default(), "2T");
    driver.saved();
    driver.keys("u");
    assert_eq!(session(&driver, 1).clock, None);
    driver.saved();
    driver.keys("]T");
    assert!(driver.dump(80, 24).contains("E-301"), "session 2 cannot begin before session 1 was held");
}

#[test]
fn what_was_left_open_stands_first_in_the_next_list() {
    let mut driver = held();
    driver.keys("]");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("前の回からの持ち越し  0/18") && screen.contains("第1回から"), "{screen}");
    assert_eq!(saves(&driver.keys(" ")), 1);
    assert_eq!(session(&driver, 1).checks.values().next().unwrap().carried_to, Some(2));
    assert!(driver.dump(80, 24).contains("持ち越し  1/18"));
    driver.keys("[");
    assert!(driver.dump(80, 24).contains("第2回で済"));
}

#[test]
fn an_own_item_is_added_ticked_and_removed() {
    let mut driver = working(Look::default(), "2A");
    driver.text("退職者のIDを見る");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    assert_eq!(session(&driver, 1).own.len(), 1);
    assert!(driver.dump(120, 40).contains("退職者のIDを見る"));
    driver.saved();
    driver.keys("1");
    assert!(driver.dump(120, 40).contains("追加1 見送り0"));
    driver.keys("2d");
    assert!(driver.dump(80, 24).contains("E-106"), "an item of the edition is skipped, not removed");
    driver.keys(&"<Down>".repeat(15));
    assert_eq!(saves(&driver.keys("d")), 1);
    assert!(session(&driver, 1).own.is_empty());
}

#[test]
fn session_4_is_put_on_the_day_of_session_3() {
    let mut driver = working(Look::default(), "2]]e");
    driver.keys("<Ctrl+S>");
    driver.saved();
    driver.keys("M");
    assert!(driver.dump(80, 24).contains("1回分として"));
    driver.keys("<Ctrl+S>");
    assert!(driver.dump(80, 24).contains("E-102"), "a reason is needed");
    driver.text("遠方のため");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    let fourth = session(&driver, 4);
    assert_eq!(fourth.planned.as_ref().map(|p| p.date), session(&driver, 3).planned.as_ref().map(|p| p.date));
    driver.keys("1");
    assert!(driver.dump(120, 40).contains("前の回と同日"));
    driver.keys("2]n");
    assert!(driver.dump(80, 24).contains("遠方のため"), "the record is filled with the reason");
}

#[test]
fn the_request_is_read_set_and_saved() {
    let mut driver = working(Look::default(), "2p");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("第1回の事前準備のお願い") && screen.contains("2026年10月8日 (木) 13:30"), "{screen}");
    driver.keys("<Esc>");
    let effects = driver.keys("P");
    let [Effect::MakeDocument { request: Request::Engagement { document, session, .. }, .. }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!((document.as_str(), *session), ("prep-request", Some(1)));
    driver.keys("w");
    assert!(driver.dump(80, 24).contains("E-101"), "it was not made yet");
}

#[test]
fn enter_leads_to_the_question_that_is_open() {
    let mut driver = working(Look::default(), "4");
    driver.keys("444");
    driver.saved();
    driver.keys("g2<Down><Down><Down><Down><Down>");
    assert!(driver.dump(80, 24).contains("4診断 No.4,5,6"));
    driver.keys("<Enter>");
    let Screen::Work(work) = &driver.model.screen else { panic!() };
    assert_eq!((work.tab, work.cursor().at(25)), (Tab::Diagnosis, 3));
}

#[test]
fn f8_tells_of_what_the_cursor_stands_on_wherever_it_is() {
    let mut driver = working(Look::default(), "2");
    for (keys, wanted) in
        [("2", "訪問前の30分調べ"), ("4", "更新と対策ソフト"), ("g6", "基本方針: 5つの約束"), ("f", "標準の内容を")]
    {
        driver.keys(keys);
        driver.keys("<F8>");
        let screen = driver.dump(80, 24);
        assert!(screen.lines().nth(3).unwrap().contains(wanted), "{keys}: {screen}");
        driver.keys("<Esc>");
    }
    driver.keys("2m");
    driver.text("書きかけ");
    driver.keys("<F8>");
    driver.text("wakaranai");
    assert!(matches!(driver.model.overlay, Some(Overlay::Guidance { .. })));
    driver.keys("<Esc>");
    assert!(driver.dump(80, 24).contains("書きかけ"), "the form below keeps its text");
}

#[test]
fn guidance_is_found_by_romaji_and_never_shown_to_the_firm() {
    let mut driver = working(Look::default(), "2<F8>");
    driver.text("terewa-ku");
    assert!(driver.dump(120, 40).contains("1枚で足りるテレワークの決まり"));
    driver.keys("<F4>");
    assert_eq!(driver.model.overlay, None, "sharing the screen closes it");
    driver.keys("<F8>");
    assert!(driver.model.overlay.is_none() && driver.dump(80, 24).contains("客先表示では"));
    driver.keys("<F4><F8>");
    driver.text("zzzz");
    driver.keys("<Down>");
    assert!(driver.dump(80, 24).contains("当てはまる手引きがありません"));
    driver.keys("<F9>");
    assert!(driver.model.locked() && driver.model.overlay.is_none());
}

#[test]
fn guide_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for (width, height) in [(80, 24), (120, 40)] {
            let size = format!("{name}-{width}x{height}");
            let mut driver = working(look, "2<F8>");
            snapshot(&format!("guidance-{size}"), &driver.dump(width, height));
            driver.keys("<Esc>T");
            driver.saved();
            driver.later(50 * 60);
            driver.send(Msg::Tick);
            driver.keys("<Down><Down><Down><Down><Down>  <Down> ");
            driver.saved();
            snapshot(&format!("sessions-running-{size}"), &driver.dump(width, height));
        }
    }
}
