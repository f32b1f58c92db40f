//! The plan on the screen: a line is given another place with a reason, is marked, and goes back.

use bansou::app::look::Look;

use crate::harness::{Driver, snapshot};
use crate::{saves, working};

/// A plan made of the diagnosis.
fn planned() -> Driver {
    let mut driver = working(Look::default(), "4");
    for keys in ["42420424204-424n", "g8a"] {
        driver.keys(keys);
        driver.saved();
    }
    driver
}

fn first_rows(driver: &Driver) -> Vec<String> {
    let screen = driver.dump(80, 24);
    let rows = screen.lines().skip_while(|l| !l.starts_with(" 順 点")).skip(1).take(3);
    rows.map(str::to_owned).collect()
}

#[test]
fn a_line_is_moved_with_a_reason_and_marked() {
    let mut driver = planned();
    let before = first_rows(&driver);
    driver.keys("jK");
    snapshot("plan-move-ja-80x24", &driver.dump(80, 24));
    assert!(driver.keys("<Ctrl+S>").is_empty(), "a place without a reason is refused");
    assert!(driver.model.form.is_some(), "and the form stays");
    driver.text("契約の条件");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    let screen = driver.dump(80, 24);
    assert!(screen.contains("手動-1: 契約の条件") && screen.contains(" 1*"), "{screen}");
    assert_ne!(first_rows(&driver), before);
    // The cursor went along; down again by hand, and nothing is marked any more.
    driver.keys("J");
    assert_eq!(driver.model.form.as_ref().unwrap().text("field.reason"), "契約の条件");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    assert_eq!(first_rows(&driver), before);
}

#[test]
fn an_empty_place_gives_the_line_back_to_its_score() {
    let mut driver = planned();
    let before = first_rows(&driver);
    driver.keys("J");
    driver.text("順番の理由");
    driver.keys("<Ctrl+S>");
    driver.saved();
    assert_ne!(first_rows(&driver), before);
    driver.keys("K<Tab><Backspace><Ctrl+S>");
    driver.saved();
    assert_eq!(first_rows(&driver), before);
}
