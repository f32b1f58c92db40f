//! What is typed and not yet saved: kept at its time, put back where it was, forgotten when it is saved.

use bansou::app::effect::Effect;
use bansou::app::form::Input;
use bansou::app::look::Look;
use bansou::app::model::{Screen, Tab};
use bansou::app::msg::{Msg, Problem};
use bansou_core::record::v1::Drafts;
use proptest::prelude::*;

use crate::harness::{Driver, books};

/// The overview of the engaged client.
fn at_work() -> Driver {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("<Enter>");
    assert!(matches!(&driver.model.screen, Screen::Work(work) if work.tab == Tab::Overview));
    driver
}

fn kept(effects: &[Effect]) -> Option<Drafts> {
    effects.iter().find_map(|effect| match effect {
        Effect::KeepDrafts(drafts) => Some((**drafts).clone()),
        _ => None,
    })
}

/// Locked, then opened again with what the store had kept.
fn reopened(driver: &mut Driver) -> Drafts {
    let drafts = kept(&driver.send(Msg::Lock)).unwrap_or_default();
    assert!(driver.model.locked() && driver.model.hand == Default::default());
    driver.keys("x<Enter>");
    let id = driver.model.next_ticket - 1;
    let stored = Drafts::decode(drafts.encode().as_bytes()).unwrap();
    driver.send(Msg::Unlocked { id, books: Box::new(books()), recent: Vec::new(), drafts: Box::new(stored) });
    drafts
}

/// The text of the field with the focus, and the cursor in it.
fn focused(driver: &Driver) -> Option<(String, usize)> {
    let form = driver.model.form.as_ref()?;
    match &form.entries[form.at].input {
        Input::Line(field) => Some((field.text().to_owned(), field.at())),
        Input::Many(area) => Some((area.text().to_owned(), area.at())),
        _ => None,
    }
}

/// The tab and the row; the row of the list for other screens.
fn place(driver: &Driver) -> (Option<Tab>, usize) {
    match &driver.model.screen {
        Screen::Work(work) => (Some(work.tab), work.cursor().row()),
        Screen::Clients { cursor, .. } => (None, cursor.row()),
        other => panic!("{other:?}"),
    }
}

fn failed(id: u64) -> Msg {
    let problem =
        Problem { happened: "満杯です。".into(), todo: "空けてください。".into(), code: "E-1".into() };
    Msg::Failed { id, problem: problem.into() }
}

#[test]
fn a_key_gets_its_time_and_the_text_is_kept_once() {
    let mut driver = at_work();
    driver.keys("m");
    driver.text("裏口は");
    let due = driver.model.hand.due.unwrap();
    driver.text("開いている");
    assert_eq!(driver.model.hand.due, Some(due), "the first key sets the time, so that typing on does not put it off");
    let drafts = kept(&driver.send(Msg::Keep)).unwrap();
    assert_eq!(drafts.forms[0].fields[1].text, "裏口は開いている");
    assert!(drafts.forms[0].place.is_some() && driver.model.hand.due.is_none());
    assert_eq!(driver.send(Msg::Keep), [], "it is kept already");
}

#[test]
fn a_form_that_stood_open_at_the_lock_opens_where_it_stood() {
    for (way, text) in [
        ("m", "書きかけ"),
        ("3i<Down><Enter>", "大手1社"),
        ("7<Down><Down>p<Up>e", "第2節の"),
        ("qa", "㈱髙﨑"),
        ("8n", "裏口"),
    ] {
        let mut driver = at_work();
        driver.keys(way);
        driver.saved();
        driver.text(text);
        driver.keys("<Left>");
        let (screen, before) = (place(&driver), focused(&driver).unwrap());
        if way.contains('7') {
            // The review of the section is not in the books of the second opening: the text waits for its form.
            reopened(&mut driver);
            assert!(driver.model.form.is_none() && driver.model.hand.left[0].draft.fields[0].text == text);
            continue;
        }
        reopened(&mut driver);
        assert_eq!((place(&driver), focused(&driver)), (screen, Some(before)), "{way}");
        assert!(driver.dump(80, 24).contains("書きかけの続きです"));
    }
}

#[test]
fn escape_keeps_the_text_and_undo_then_escape_lets_it_go() {
    let mut driver = at_work();
    driver.keys("m");
    driver.text("あとで書く");
    driver.keys("<Esc>");
    assert!(driver.model.form.is_none());
    reopened(&mut driver);
    assert!(driver.model.form.is_none(), "a form that was left does not jump up again");
    driver.keys("8m");
    assert_eq!(focused(&driver).unwrap().0, "あとで書く");
    driver.keys("<Ctrl+Z>");
    assert_eq!(focused(&driver).unwrap().0, "");
    driver.keys("<Esc>");
    assert_eq!(kept(&driver.send(Msg::Keep)), Some(Drafts::default()));
    driver.keys("m");
    assert_eq!(focused(&driver).unwrap().0, "");
}

#[test]
fn a_half_written_form_of_one_session_stays_out_of_the_next_ones() {
    let mut driver = at_work();
    driver.keys("2A");
    driver.text("第1回だけの項目");
    driver.keys("<Esc>]A");
    assert_eq!(driver.model.form.as_ref().unwrap().entries[0].text(), "");
    driver.keys("<Esc>[A");
    assert_eq!(driver.model.form.as_ref().unwrap().entries[0].text(), "第1回だけの項目");
}

#[test]
fn a_text_is_kept_until_the_store_has_it_and_comes_back_when_saving_fails() {
    let mut driver = at_work();
    for fails in [true, false] {
        driver.keys("m");
        if fails {
            driver.text("大事な一行");
        }
        assert_eq!(focused(&driver).unwrap().0, "大事な一行");
        let effects = driver.keys("<Ctrl+S>");
        let [Effect::Save { id, .. }] = effects[..] else { panic!("{effects:?}") };
        assert_eq!(focused(&driver).unwrap().0, "", "the next line");
        let drafts = kept(&driver.send(Msg::Keep));
        assert!(drafts.is_none_or(|d| d.forms[0].fields[1].text == "大事な一行"), "not yet in the store");
        driver.send(if fails { failed(id) } else { Msg::Saved { id, seq: 9 } });
        driver.keys(if fails { "<Esc><Esc>" } else { "<Esc>" });
    }
    assert_eq!(driver.model.hand.left, []);
    assert_eq!(kept(&driver.send(Msg::Keep)), Some(Drafts::default()));
}

#[test]
fn a_question_that_is_not_answered_leaves_the_form_as_it_was() {
    let mut driver = at_work();
    driver.keys("2n<Tab><Tab>");
    driver.text("15:30");
    driver.keys("<Ctrl+S>1d");
    let form = driver.model.form.clone().unwrap();
    let reason = form.entries.iter().position(|e| e.label == "engage.detail").unwrap();
    driver.keys(&"<Tab>".repeat(reason));
    driver.text("都合により");
    driver.keys("<Ctrl+S>");
    assert!(driver.model.overlay.is_some(), "{}", driver.dump(80, 24));
    driver.keys("<Esc>");
    assert_eq!(focused(&driver).unwrap().0, "都合により");
}

#[test]
fn a_filter_and_a_secret_are_not_kept_and_a_failure_is_said_beside_the_text() {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("/");
    driver.text("みどり");
    assert_eq!(driver.send(Msg::Keep), []);
    driver.keys("<Esc><Enter>m");
    driver.text("一");
    assert!(kept(&driver.send(Msg::Keep)).is_some());
    let problem = Problem { happened: "満杯です。".into(), todo: String::new(), code: "E-1".into() };
    driver.send(Msg::Kept { problem: Some(problem.into()) });
    assert!(driver.model.overlay.is_none() && driver.dump(80, 24).contains("満杯です。"));
    driver.text("二");
    assert_eq!(kept(&driver.send(Msg::Keep)).unwrap().forms[0].fields[1].text, "一二", "the next key tries again");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_was_typed_is_there_after_a_lock(texts in prop::collection::vec("[ -~あ-ん㈱髙ｶﾞ①]{0,12}", 1..4), tabs in 0usize..3) {
        let mut driver = at_work();
        driver.keys("qa");
        for text in texts {
            driver.text(&text);
            driver.keys(&"<Tab>".repeat(tabs));
        }
        let before = driver.model.form.clone().unwrap();
        let touched = before.touched();
        reopened(&mut driver);
        let values = |form: &bansou::app::form::Form| {
            form.entries.iter().map(|e| (form.text(e.label).to_owned(), form.picked(e.label))).collect::<Vec<_>>()
        };
        match driver.model.form.as_ref() {
            Some(after) => prop_assert_eq!((values(after), after.at), (values(&before), before.at)),
            None => prop_assert!(!touched),
        }
    }
}
