//! The steps of the practice on the screens: the strip, what it notices, the list, and nothing of it in a real home.

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::words::Lang;
use bansou_core::record::v1::{Drafts, TutorialProgress};
use bansou_core::tutorial::Tutorial;

use crate::harness::{Driver, books};

const SIZES: [(u16, u16); 3] = [(60, 16), (80, 24), (120, 40)];

/// A practice home as `bansou tutorial` opens it, with these parts done.
fn practice(lang: Lang, done: &[&str]) -> Driver {
    let mut books = books();
    books.profile.as_mut().unwrap().practice = true;
    let progress = TutorialProgress { done: done.iter().map(|p| p.to_string()).collect(), ..Default::default() };
    let mut driver = Driver::new(Look { lang, ..Look::default() });
    driver.keys("x<Enter>");
    let drafts = Box::new(Drafts { forms: Vec::new(), tutorial: Some(progress) });
    driver.send(Msg::Unlocked { id: 1, books: Box::new(books), recent: Vec::new(), drafts });
    driver
}

fn kept(effects: &[Effect]) -> TutorialProgress {
    let drafts = effects.iter().find_map(|effect| match effect {
        Effect::KeepDrafts(drafts) => Some((**drafts).clone()),
        _ => None,
    });
    drafts.unwrap().tutorial.unwrap()
}

#[test]
fn tutorial_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for size in SIZES {
            practice(lang, &[]).shot(&format!("tutorial-first-{name}"), size);
            let mut driver = practice(lang, &["help", "urgent", "client", "engage", "date"]);
            driver.keys("<Enter>4");
            driver.shot(&format!("tutorial-memo-{name}"), size);
            driver.keys("<Ctrl+N>");
            driver.shot(&format!("tutorial-list-{name}"), size);
            driver.keys("<Esc>m");
            driver.shot(&format!("tutorial-form-{name}"), size);
        }
        let all: Vec<&str> =
            Tutorial::built_in().steps.iter().flat_map(|s| s.parts.iter().map(|p| p.id.as_str())).collect();
        practice(lang, &all).shot(&format!("tutorial-end-{name}"), (80, 24));
        let mut locked = practice(lang, &[]);
        locked.keys("<F9>");
        locked.shot(&format!("tutorial-locked-{name}"), (80, 24));
    }
}

#[test]
fn a_step_is_noticed_said_and_kept_over_a_lock() {
    let mut driver = practice(Lang::Ja, &["client", "engage", "date"]);
    driver.keys("<F1>");
    assert!(driver.dump(80, 24).contains("1/12"), "one of two parts");
    driver.keys("<Esc><Enter>");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("済  手順1") && screen.contains("4/12"), "{screen}");
    driver.keys("m");
    driver.text("裏口は開いている");
    driver.keys("<Enter>");
    assert!(driver.dump(80, 24).contains("4/12"), "not before the store has it");
    driver.saved();
    assert!(driver.dump(80, 24).contains("5/12"));
    let progress = kept(&driver.keys("<F9>"));
    assert!(driver.model.hand.tutorial.is_none(), "nothing of it while locked");
    assert!(["help", "urgent", "note", "lock"].iter().all(|p| progress.done.contains(&p.to_string())), "{progress:?}");
}

#[test]
fn the_list_skips_and_hides_with_and_without_the_input_method() {
    for (skip, hide) in [("s", "h"), ("<Right>", "<Delete>"), ("ｓ", "ｈ")] {
        let mut driver = practice(Lang::Ja, &[]);
        driver.keys("<Ctrl+N>");
        driver.keys(skip);
        assert!(driver.dump(80, 24).contains("4/12"), "{skip}");
        driver.keys(hide);
        let screen = driver.dump(80, 24);
        assert!(!screen.contains("4/12") && screen.contains("Ctrl+N"), "{hide}: {screen}");
        driver.keys("<Enter>");
        driver.keys("<F2>");
        driver.text("ちゅーとりある");
        driver.keys("<Enter>");
        driver.keys(hide);
        assert!(driver.dump(80, 24).contains("4/12"), "{hide}");
    }
}

#[test]
fn a_real_home_has_no_steps_whatever_its_drafts_say() {
    let mut driver = practice(Lang::Ja, &[]);
    let mut real = books();
    real.profile.as_mut().unwrap().practice = false;
    driver.keys("<F9>x<Enter>");
    let id = driver.model.next_ticket - 1;
    let drafts = Box::new(Drafts { forms: Vec::new(), tutorial: Some(TutorialProgress::default()) });
    driver.send(Msg::Unlocked { id, books: Box::new(real), recent: Vec::new(), drafts });
    for keys in ["", "<F1>", "<Esc><F2>", "<Esc><F7>", "<Esc>"] {
        driver.keys(keys);
        let screen = driver.dump(120, 60);
        assert!(!screen.contains("チュートリアル") && !screen.contains("Ctrl+N"), "{keys}: {screen}");
    }
    driver.keys("<Ctrl+N>");
    assert!(driver.dump(80, 24).contains("手順は練習の保管庫にあります"));
    assert!(driver.model.overlay.is_none() && matches!(driver.model.screen, Screen::Clients { .. }));
}

#[test]
fn a_practice_of_other_firms_cannot_begin_the_steps() {
    let mut driver = practice(Lang::Ja, &[]);
    driver.model.hand.tutorial = None;
    driver.keys("<Ctrl+N>");
    assert!(driver.model.hand.tutorial.is_none() && driver.dump(80, 24).contains("手順は練習の保管庫にあります"));
}
