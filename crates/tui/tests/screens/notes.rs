//! Notes at speaking speed, sorting them, and the hearing sheet, driven by keys.

use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::words::Lang;
use bansou_core::record::v1::Note;
use proptest::prelude::*;

use crate::harness::{self, Driver, snapshot};
use crate::{saves, working};

fn notes(driver: &Driver) -> Vec<Note> {
    let engagement = crate::engagement(driver).id;
    driver.model.books.notes_of(engagement).into_iter().cloned().collect()
}

/// Types lines as they are said, a second apart.
fn say(driver: &mut Driver, lines: &[&str]) {
    for line in lines {
        driver.later(1);
        driver.text(line);
        assert_eq!(saves(&driver.keys("<Enter>")), 1, "{line}");
        driver.saved();
    }
}

fn with_notes(look: Look) -> Driver {
    let mut driver = working(look, "m");
    say(&mut driver, &["取引先から図面の守り方を聞かれている", "共有フォルダーは全員が全部読める"]);
    driver.keys("<Tab>");
    say(&mut driver, &["退職者のIDが2件残っている"]);
    driver.keys("<Enter>3gg");
    driver
}

#[test]
fn lines_are_taken_down_one_after_the_other() {
    let mut driver = working(Look::default(), "4m");
    driver.later(30);
    driver.text("取");
    driver.later(20);
    driver.text("引先");
    driver.keys("<Enter>");
    let first = &notes(&driver)[0];
    assert_eq!((first.text.as_str(), first.session, first.who.as_str()), ("取引先", Some(1), "経営者"));
    assert_eq!(first.at.strftime("%H:%M:%S").to_string(), "14:05:42", "when it was begun, not when it was saved");
    assert!(!first.leaves, "confidential unless said otherwise");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("4診断") && screen.contains("取引先"), "the screen and the line before are seen: {screen}");
    driver.keys("<Tab>");
    say(&mut driver, &["二"]);
    assert_eq!(notes(&driver)[1].who, "担当者");
    driver.keys("<Enter>");
    assert!(driver.model.form.is_none(), "an empty line ends it");
    driver.keys("m");
    say(&mut driver, &["三"]);
    driver.keys("<BackTab><BackTab>");
    say(&mut driver, &["四"]);
    let who: Vec<String> = notes(&driver).into_iter().map(|n| n.who).collect();
    assert_eq!(who, ["経営者", "担当者", "担当者", "総務部長"], "the last one is offered, and the contact");
}

#[test]
fn the_line_opens_on_every_tab_and_on_the_list() {
    for tab in ["1", "2", "3", "3i", "4", "6", "7", "8", "9", "0", "0f"] {
        for key in ["m", "<F12>"] {
            let mut driver = working(Look::default(), tab);
            driver.keys(key);
            say(&mut driver, &["一"]);
            assert_eq!(notes(&driver).len(), 1, "{tab}");
            driver.keys("<Enter>");
            let Screen::Work(_) = driver.model.screen else { panic!("{tab} is still shown") };
        }
    }
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("m");
    say(&mut driver, &["電話があった"]);
    driver.keys("<Enter>");
    assert!(matches!(driver.model.screen, Screen::Clients { .. }));
    assert_eq!(notes(&driver).len(), 1);
    driver.keys("jm");
    assert!(driver.model.form.is_none(), "a firm without an engagement has no notes");
}

#[test]
fn escape_keeps_the_half_written_line_and_goes_on_with_it() {
    let mut driver = working(Look::default(), "m");
    driver.text("社長は取引先の");
    assert_eq!(saves(&driver.keys("<Esc>")), 0);
    assert!(driver.model.form.is_none() && notes(&driver).is_empty());
    driver.keys("3i<Enter>");
    assert_eq!(driver.model.form.as_ref().unwrap().text("memo.text"), "", "the answer to a question is another line");
    driver.keys("<Esc>m");
    driver.text("要求を心配");
    driver.keys("<Enter>");
    driver.saved();
    assert_eq!(notes(&driver).iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["社長は取引先の要求を心配"]);
    say(&mut driver, &["次の行"]);
    assert_eq!(notes(&driver).len(), 2, "the line after is a new one");
    driver.keys("<Tab><Esc>m");
    assert!(!driver.dump(80, 24).contains("書きかけの続き"), "to choose who speaks is no work");
    driver.keys("<Esc>u");
    driver.saved();
    assert_eq!(notes(&driver).len(), 1, "one line, one undo");
}

#[test]
fn a_paste_without_end_stays_in_the_line_with_the_reason() {
    let mut driver = working(Look::default(), "m");
    driver.send(Msg::Paste("長い話\n".repeat(10_000)));
    assert_eq!(saves(&driver.keys("<Enter><Enter>")), 0);
    let form = driver.model.form.as_ref().unwrap();
    assert!(form.refused.is_some() && form.text("memo.text").starts_with("長い話 長い話"));
    driver.keys("<Esc>m");
    let form = driver.model.form.as_ref().unwrap();
    assert!(form.text("memo.text").starts_with("長い話 長い話"), "it is not thrown away");
}

#[test]
fn marked_notes_are_sorted_in_one_act_and_shown_where_they_belong() {
    let mut driver = with_notes(Look::default());
    assert_eq!(saves(&driver.keys(" jjvo4<Enter>")), 1, "the range from the mark to the cursor");
    driver.saved();
    assert!(notes(&driver).iter().all(|n| n.question == Some(4)));
    assert!(driver.dump(80, 24).contains("診断4"));
    driver.keys("4jjj");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("メモ 3件") && screen.contains("退職者のID"), "{screen}");
    driver.keys("g3u");
    driver.saved();
    assert!(notes(&driver).iter().all(|n| n.question.is_none()), "one undo takes the act back");
    driver.keys("o3.4");
    driver.keys("<Enter>");
    driver.saved();
    assert_eq!(notes(&driver)[2].section.as_deref(), Some("3.4"));
}

#[test]
fn a_note_becomes_a_line_of_the_plan_and_is_shown_there() {
    let mut driver = with_notes(Look::default());
    driver.keys("jjc");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("退職者のIDが2件") && screen.contains("社外秘のメモから"), "{screen}");
    driver.text("IDを棚卸しする");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    let line = driver.model.books.plans.values().next().unwrap().lines[0].clone();
    assert_eq!((line.issue.as_str(), line.basis.as_str()), ("退職者のIDが2件残っている", "聞取 10/08"));
    assert_eq!(notes(&driver)[2].line, Some(line.id));
    assert!(driver.dump(80, 24).contains("計画1"));
    driver.keys("8");
    assert!(driver.dump(80, 24).contains("メモ 1件") && driver.dump(120, 40).contains("メモ 1件"));
    driver.keys("3u");
    driver.saved();
    assert!(notes(&driver)[2].line.is_none() && driver.model.books.plans.is_empty(), "line and tie in one undo");
}

#[test]
fn the_list_is_narrowed_by_session_speaker_and_place() {
    let mut driver = with_notes(Look::default());
    let rows = |driver: &Driver| {
        let screen = driver.dump(120, 40);
        ["取引先から", "共有フォルダー", "退職者"].map(|t| screen.lines().any(|l| l.starts_with(" ") && l.contains(t)))
    };
    driver.keys("w");
    assert!(driver.dump(80, 24).contains("絞込: 担当者"));
    assert_eq!(rows(&driver), [false, false, true]);
    driver.keys("w");
    assert_eq!(rows(&driver), [true, true, false]);
    driver.keys("wo4<Enter>f");
    driver.saved();
    assert_eq!(rows(&driver), [false, true, true], "the first is sorted");
    driver.keys("f]");
    assert_eq!(rows(&driver), [true, true, true], "all of session 1");
    driver.keys("]");
    assert!(driver.dump(80, 24).contains("絞り込みに当たる"));
    driver.keys("[[");
    assert_eq!(rows(&driver), [true, true, true]);
}

#[test]
fn only_what_was_released_is_offered_to_the_report() {
    let mut driver = with_notes(Look::default());
    driver.keys("jx");
    driver.saved();
    assert_eq!(notes(&driver).iter().map(|n| n.leaves).collect::<Vec<_>>(), [false, true, false]);
    driver.keys("0e");
    let form = driver.model.form.as_ref().unwrap();
    assert_eq!(form.text("report.content"), "共有フォルダーは全員が全部読める");
}

#[test]
fn the_client_view_shows_no_note_anywhere() {
    let mut driver = with_notes(Look::default());
    driver.keys("Vo4<Enter>");
    driver.saved();
    driver.keys("o3.4<Enter>i<Enter>");
    driver.saved();
    say(&mut driver, &["退職者の答え"]);
    driver.keys("<Esc><Esc>e<F4>");
    let words = ["取引先から", "共有フォルダーは", "退職者"];
    let hidden = |driver: &Driver, at: &str| {
        for (width, height) in [(80, 24), (120, 40)] {
            let screen = driver.dump(width, height);
            assert!(words.iter().all(|w| !screen.contains(w)), "{at}: {screen}");
        }
    };
    hidden(&driver, "the form of a note");
    driver.keys("<F4><Esc>gg3ip");
    assert!(driver.dump(80, 24).contains("下見"));
    driver.keys("<F4>");
    hidden(&driver, "the sheet that was being read");
    for keys in ["1", "2", "3", "4jjj", "g6", "7", "8", "9", "0", "0f", "g3i", "ip", "<Esc>m", "<Esc>gc", "m"] {
        driver.keys(keys);
        hidden(&driver, keys);
    }
    driver.keys("<Esc><Enter>3edoxc");
    hidden(&driver, "no act opens a note");
    assert!(driver.model.form.is_none() && notes(&driver).len() == 4);
}

#[test]
fn the_sheet_is_answered_line_by_line_and_goes_on() {
    let mut driver = working(Look::default(), "3i");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("聞取シート") && screen.contains("済 0/"), "{screen}");
    driver.keys("<Enter>");
    say(&mut driver, &["精密部品を自動車向けに作る", "取引先は3社"]);
    driver.keys("<Enter>");
    assert!(driver.model.form.is_none());
    let Screen::Work(work) = &driver.model.screen else { panic!("work") };
    assert_eq!(work.notes.at.at(99), 1, "the next question");
    assert!(notes(&driver).iter().all(|n| n.hearing.as_deref() == Some("business.1")));
    let all = driver.dump(80, 24);
    assert!(all.contains("済 1/"), "{all}");
    driver.keys("f");
    assert!(!driver.dump(80, 24).contains("どんなお客様に"), "what is answered is not asked again");
    driver.keys("<Enter>");
    say(&mut driver, &["大手1社"]);
    driver.keys("<Enter>");
    assert!(driver.dump(80, 24).contains("済 2/"));
    driver.keys("f");
    driver.keys("jjx");
    driver.saved();
    assert_eq!(crate::engagement(&driver).hearing.left_out.len(), 1);
    driver.keys("p");
    let screen = driver.dump(120, 40);
    assert!(screen.contains("1. どんなお客様に") && screen.contains("精密部品を自動車向け"), "{screen}");
    driver.keys("<Esc><Esc>");
    let Screen::Work(work) = &driver.model.screen else { panic!("work") };
    assert!(!work.notes.sheet, "Esc goes back to the notes first");
}

#[test]
fn the_industry_is_chosen_in_a_form() {
    let mut driver = working(Look::default(), "3ib");
    driver.keys("<Right><Right><Enter>");
    driver.saved();
    assert_eq!(crate::engagement(&driver).hearing.industry.as_deref(), Some("manufacturing"));
    let screen = driver.dump(80, 24);
    assert!(screen.contains("製造業") && !screen.contains("建設業"), "{screen}");
    driver.keys("u");
    driver.saved();
    assert_eq!(crate::engagement(&driver).hearing.industry, None);
}

#[test]
fn notes_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for (width, height) in [(80, 24), (120, 40)] {
            let size = format!("{name}-{width}x{height}");
            let mut driver = with_notes(look);
            driver.keys(" jo4<Enter>xc<Esc>");
            snapshot(&format!("notes-sorted-{size}"), &driver.dump(width, height));
            driver.keys("o");
            snapshot(&format!("notes-sort-{size}"), &driver.dump(width, height));
            driver.keys("<Esc>4m");
            driver.text("二段階の認証は社長だけ");
            snapshot(&format!("memo-{size}"), &driver.dump(width, height));
            driver.keys("<Enter><Enter>g3i<Enter>");
            driver.text("取引先は3社");
            driver.keys("<Enter>");
            snapshot(&format!("hearing-{size}"), &driver.dump(width, height));
            driver.keys("<Enter>p");
            snapshot(&format!("hearing-page-{size}"), &driver.dump(width, height));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_was_typed_on_the_line_is_a_note_however_it_ends(
        lines in proptest::collection::vec("[あ-んア-ン漢字a-z0-9]{1,12}", 1..6),
        ends in proptest::collection::vec(0_u8..3, 6),
    ) {
        let mut driver = working(Look::default(), "m");
        let mut expected: Vec<String> = Vec::new();
        let mut open = String::new();
        for (line, end) in lines.iter().zip(ends) {
            driver.text(line);
            open.push_str(line);
            if end > 0 {
                expected.push(std::mem::take(&mut open));
            }
            driver.keys(["<Esc>m", "<Enter>", "<Enter><Enter>m"][usize::from(end)]);
            driver.saved();
        }
        prop_assert_eq!(driver.model.form.as_ref().unwrap().text("memo.text"), open);
        let found: Vec<String> = notes(&driver).into_iter().map(|n| n.text).collect();
        prop_assert_eq!(found, expected);
    }
}
