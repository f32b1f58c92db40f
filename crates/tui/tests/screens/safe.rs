//! The client view: names and words of other firms, and notes, are looked for on every screen while people look on.

use bansou::app::keymap::{Keymap, Table};
use bansou::app::look::Look;
use bansou::app::model::{Model, Screen};
use bansou::words::Lang;
use bansou_core::books::Books;
use bansou_core::record::v1::{Id, Record};

use super::harness::{Driver, books};

/// Everything that is told about the other firm, and the notes about this one.
const SENTINELS: [&str; 9] = [
    "よその会社",
    "タシャメイ",
    "他社代表",
    "他社担当",
    "K-9999",
    "他社のメモ",
    "他社の期待",
    "内緒のメモ",
    "内緒の期待",
];

/// The firm at the table has case K-0118; the other one is as full as it.
fn planted() -> Books {
    let mut books = books();
    let ours = books.engagements.values().next().unwrap().clone();
    let other = books.clients.values_mut().find(|c| c.id != ours.client).unwrap();
    other.name = "㈱よその会社".into();
    other.kana = "タシャメイ".into();
    other.contact.representative = "他社代表".into();
    other.contact.counterpart = "他社担当".into();
    let theirs = Id([77; 16]);
    let mut engagement = ours.clone();
    (engagement.id, engagement.client, engagement.case_no) = (theirs, other.id, "K-9999".into());
    engagement.expectations = "他社の期待".into();
    books.put(Record::Engagement(engagement));
    books.engagements.get_mut(&ours.id).unwrap().expectations = "内緒の期待".into();
    books
}

fn found(screen: &str) -> Vec<&'static str> {
    SENTINELS.into_iter().filter(|word| screen.contains(word)).collect()
}

/// The program with a note on each firm, on the screen of the one at the table.
fn at_the_table(lang: Lang) -> Driver {
    let mut driver = Driver::with(Look { lang, ..Look::default() }, planted());
    let id = |model: &Model, case: &str| model.books.engagements.values().find(|e| e.case_no == case).unwrap().id;
    for (case, note) in [("K-9999", "他社のメモ"), ("K-0118", "内緒のメモ")] {
        while !matches!(&driver.model.screen, Screen::Work(w) if w.engagement == id(&driver.model, case)) {
            driver.keys("gc<Down><Enter>");
            if matches!(&driver.model.screen, Screen::Work(w) if w.engagement != id(&driver.model, case)) {
                driver.keys("gc<Up><Enter>");
            }
        }
        driver.keys("m");
        driver.text(note);
        driver.keys("<Enter><Esc>");
        driver.saved();
    }
    // The list begins at its first row again: that of the other firm.
    driver.model.hand.screens.clear();
    driver
}

/// Every way to a screen, window or form that needs no more than keys.
const WAYS: [&str; 37] = [
    "", "1", "2", "3", "g4", "6", "7", "8", "9", "0", "g0f", "gc", "gk", "go", "g,", "g", "<F1>", "<F2>", "<F7>",
    "<F5>b", "<F5>i", "gca", "gce", "gcd", "gcD", "gcX", "g4D", "ga", "gcz", "gc/", "gc<F2>", "gc<F1>", "m", "3m",
    "3e", "1x", "gkv",
];

#[test]
fn no_other_firm_and_no_note_is_seen_while_the_client_looks_on() {
    for lang in [Lang::Ja, Lang::En] {
        let told = at_the_table(lang);
        let mut seen = std::collections::BTreeSet::new();
        for way in WAYS {
            for (width, height) in [(60, 20), (80, 24), (140, 50)] {
                // On before going there, and on while being there.
                for (before, after) in [("<F4>", ""), ("", "<F4>")] {
                    let mut driver = told.clone();
                    driver.keys(before);
                    driver.keys(way);
                    driver.model.status.notice = None;
                    seen.extend(found(&driver.dump(width, height)).into_iter().filter(|_| before.is_empty()));
                    driver.keys(after);
                    // Its own notice speaks of the names of others.
                    driver.model.status.notice = None;
                    let screen = driver.dump(width, height);
                    // The note or wish that the hand has opened itself is on the screen because it was asked for.
                    let asked: &[&str] = if ["3e", "1x"].contains(&way) { &SENTINELS[7..] } else { &[] };
                    let left: Vec<_> = found(&screen).into_iter().filter(|s| !asked.contains(s)).collect();
                    assert!(left.is_empty(), "{left:?} after {before}{way}{after}:\n{screen}");
                    let first = screen.lines().next().unwrap();
                    assert!(!first.contains("北星") && !first.contains("14:05"), "title and clock: {first}");
                }
            }
        }
        // What was written of the other firm stands only on its own screens.
        let apart = ["他社のメモ", "他社の期待"];
        let missing: Vec<_> = SENTINELS.iter().filter(|s| !seen.contains(*s) && !apart.contains(s)).collect();
        assert!(missing.is_empty(), "without the client view they would be there: {missing:?}");
    }
}

#[test]
fn what_is_covered_cannot_be_changed_unseen() {
    let mut driver = at_the_table(Lang::Ja);
    driver.keys("gc<F4>");
    let before = driver.model.books.clone();
    for row in Keymap::default().rows(Table::Clients) {
        let mut other = driver.clone();
        for key in row.keys {
            other.send(bansou::app::msg::Msg::Key(*key));
            assert_eq!(other.model.books, before, "{key}");
        }
    }
    driver.keys("d");
    assert!(driver.model.overlay.is_none() && driver.dump(80, 24).contains("客先表示では使えません"));
    assert!(!driver.dump(80, 24).contains("e 編集"), "the footer offers what works");
    driver.keys("<F4>d");
    assert!(driver.model.overlay.is_some(), "and F4 gives it back");
}

#[test]
fn the_lock_screen_shows_nothing_of_any_firm() {
    let mut driver = at_the_table(Lang::Ja);
    driver.keys("m");
    driver.text("書きかけ");
    driver.keys("<F9>");
    let screen = driver.dump(140, 50);
    assert!(found(&screen).is_empty() && !screen.contains("北星") && !screen.contains("書きかけ"), "{screen}");
}
