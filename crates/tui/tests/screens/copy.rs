//! Copying from lists, and doing a change again.

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::words::Lang;

use crate::harness::{Driver, SIZES, books};

/// The engagement of the first client, on this tab.
fn on(look: Look, tab: char) -> Driver {
    let mut driver = Driver::with(look, books());
    driver.keys(&format!("<Enter>g{tab}"));
    driver
}

/// With a plan of four lines on the screen.
fn planned(look: Look) -> Driver {
    let mut driver = on(look, '4');
    driver.keys("0000g8a");
    driver.saved();
    driver
}

fn out() -> Look {
    Look { clip_out: true, ..Look::default() }
}

#[test]
fn the_choices_after_y_stand_in_a_strip() {
    for (lang, name) in [(Lang::Ja, "copy-ja"), (Lang::En, "copy-en")] {
        let mut driver = on(Look { lang, ..Look::default() }, '8');
        driver.keys("y");
        SIZES.iter().for_each(|size| driver.shot(name, *size));
    }
}

#[test]
fn what_is_copied_goes_into_a_field_and_is_forgotten_at_the_lock() {
    let mut driver = planned(Look::default());
    assert_eq!(driver.keys("yc"), []);
    let action = driver.model.hand.clip.clone();
    assert!(!action.is_empty() && !action.contains('\t') && driver.dump(80, 24).contains("1行を写しました"));
    driver.keys("m<Ctrl+v>");
    assert!(driver.dump(120, 40).contains(&action.chars().take(8).collect::<String>()));
    driver.keys("<Esc>yy");
    assert!(driver.model.hand.clip.contains(&format!("\t{action}\t")), "{:?}", driver.model.hand.clip);
    driver.keys("yt");
    let table = driver.model.hand.clip.clone();
    let widths: Vec<usize> = table.lines().map(|line| line.split('\t').count()).collect();
    assert!(table.starts_with("順\t点\t") && widths.len() == 5 && widths.iter().all(|n| *n == 12), "{table}");
    driver.keys("<F9>");
    assert_eq!(driver.model.hand.clip, "");
}

#[test]
fn every_list_is_a_table_with_as_many_cells_as_headings() {
    let mut driver = Driver::with(Look::default(), books());
    for keys in ["", "t", "<Enter>g2", "g3", "g4", "g7", "g8a", "gk"] {
        driver.keys(keys);
        driver.saved();
        let before = std::mem::take(&mut driver.model.hand.clip);
        driver.keys(if keys == "g7" { "Yt" } else { "yt" });
        let copied = &driver.model.hand.clip;
        if copied.is_empty() {
            assert!(driver.dump(80, 24).contains("写せる一覧がありません"), "{keys}");
            driver.model.hand.clip = before;
            continue;
        }
        let widths: Vec<usize> = copied.lines().map(|line| line.split('\t').count()).collect();
        assert!(widths.len() > 1 && widths.iter().all(|n| *n == widths[0]), "{keys}: {copied}");
    }
}

#[test]
fn the_summary_names_nobody() {
    let mut driver = on(Look::default(), '4');
    driver.keys("4420");
    driver.saved();
    driver.keys("ys");
    let summary = driver.model.hand.clip.clone();
    let client = driver.model.books.clients.values().find(|c| c.name.contains("北星")).unwrap();
    assert!(summary.contains("K-0118") && summary.contains("診断"), "{summary}");
    let contact = &client.contact;
    for name in [&client.name, &client.kana, &contact.representative, &contact.counterpart] {
        assert!(name.is_empty() || !summary.contains(name.as_str()), "{summary}");
    }
}

#[test]
fn the_terminal_s_clipboard_is_asked_for_twice_and_only_where_it_is_wanted() {
    let mut never = on(Look::default(), '4');
    assert_eq!(never.keys("yTyT"), []);
    assert!(never.dump(80, 24).contains("safety.clipboard"));
    let mut driver = planned(out());
    assert_eq!(driver.keys("yY"), []);
    assert!(driver.dump(80, 24).contains("もう一度同じキー"));
    let effects = driver.keys("yY");
    assert!(matches!(&effects[..], [Effect::Clip(text)] if text.contains('\t')), "{effects:?}");
    assert!(driver.dump(80, 24).contains("30秒で消します") && driver.model.hand.clip.is_empty());
    driver.keys("g4");
    assert!(matches!(&driver.keys("yC")[..], [Effect::Clip(_)]));
    driver.keys("<F4>");
    assert_eq!(driver.keys("yC"), [], "not while people look on");
}

#[test]
fn what_is_confidential_or_too_long_does_not_leave_unseen() {
    let mut driver = on(out(), '3');
    for text in ["社長は心配している", &"長".repeat(2000)] {
        driver.keys("m");
        driver.text(text);
        driver.keys("<Enter><Esc>");
        driver.saved();
    }
    driver.keys("<Home>yC");
    let effects = driver.keys("yC");
    assert_eq!(effects, [Effect::Clip("【社外秘】社長は心配している".into())]);
    driver.keys("yc");
    assert_eq!(driver.model.hand.clip, "社長は心配している", "inside nothing is marked");
    for _ in 0..2 {
        driver.keys("<End>m");
        driver.text(&"長".repeat(1900));
        driver.keys("<Enter><Esc>");
        driver.saved();
    }
    assert_eq!(driver.keys("yT"), []);
    assert!(driver.dump(80, 24).contains("8KB"));
    // What is refused for its length has told nobody what the clipboard means.
    driver.model.hand.clip_told = false;
    driver.keys("yT");
    assert_eq!(driver.keys("<Home>yC"), []);
    assert!(driver.dump(80, 24).contains("もう一度同じキー"));
}

#[test]
fn a_change_is_done_again_on_another_row_where_it_means_something() {
    let mut driver = on(Look::default(), '7');
    assert_eq!(driver.keys("."), []);
    assert!(driver.dump(80, 24).contains("繰り返せる変更"));
    assert_eq!(driver.keys("p").len(), 1);
    driver.saved();
    assert_eq!(driver.keys("..").len(), 2);
    driver.saved();
    let review = driver.model.books.regulations.values().next().unwrap();
    assert_eq!(review.sections.len(), 3);
    assert!(review.sections.values().all(|s| s.status == review.sections.values().next().unwrap().status));
    driver.keys("g4");
    assert_eq!(driver.keys("."), [], "an answer is no state of a section");
}
