//! Writing in forms: what fields are read as, selection and the clipboard of the screens, pastes, search, phrases.

use std::time::Instant;

use bansou::app::effect::Effect;
use bansou::app::evidence::{Errand, Source};
use bansou::app::form::{Form, Purpose};
use bansou::app::key::{Code, Key};
use bansou::app::look::Look;
use bansou::app::msg::Msg;
use bansou::app::overlay::Overlay;
use bansou::app::paths::{Listed, Names};
use bansou::app::width::Ambiguous;
use bansou::words::Lang;
use proptest::prelude::*;

use super::harness::{Driver, snapshot};
use super::{saves, working};

const fn shift(code: Code) -> Key {
    Key { shift: true, ..Key::plain(code) }
}

fn form(driver: &Driver) -> &Form {
    driver.model.form.as_ref().unwrap()
}

fn notice(driver: &Driver) -> &str {
    driver.model.status.notice.as_deref().unwrap_or("")
}

/// The form of the words of a report, its first field an area.
fn report() -> Driver {
    let mut driver = working(Look::default(), "0e");
    assert_eq!(form(&driver).purpose, Purpose::Report);
    driver.pause = 700;
    driver
}

fn paste(driver: &mut Driver, text: &str) {
    assert_eq!(driver.send(Msg::Paste(text.into())), []);
}

#[test]
fn a_date_is_read_beside_the_field_and_a_wrong_one_is_kept_with_the_reason() {
    let mut driver = working(Look::default(), "2e");
    assert_eq!(form(&driver).purpose, Purpose::Schedule);
    driver.text("２／３０");
    let dump = driver.dump(80, 24);
    assert!(dump.contains("読めません") && dump.contains("2027年2月は28日まで") | dump.contains("2026年2月は28日まで"));
    assert_eq!(driver.keys("<Ctrl+S>"), []);
    assert_eq!(form(&driver).text("field.date"), "２／３０", "the text is kept");
    assert!(form(&driver).refused.as_ref().unwrap().contains("2/28"));
    driver.keys("<Ctrl+T>");
    driver.text("来週木");
    assert!(driver.dump(80, 24).contains("2026-10-15(木) あと7日"));
    driver.keys("<Tab>");
    driver.text("午後1時半");
    assert!(driver.dump(80, 24).contains("13:30"));
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    let engagement = driver.model.books.engagements.values().next().unwrap();
    let planned = engagement.session(1).unwrap().planned.as_ref().unwrap();
    assert_eq!((planned.date.to_string().as_str(), planned.start.unwrap().hour()), ("2026-10-15", 13));
}

#[test]
fn amounts_and_readings_become_what_is_stored() {
    let mut driver = Driver::with(Look::default(), super::harness::books());
    driver.keys("a");
    driver.text("新星工業");
    driver.keys("<Tab>");
    driver.text("しんせい ｺｳｷﾞｮｳ");
    assert!(driver.dump(80, 24).contains("シンセイ コウギョウ"));
    driver.keys("<Tab><Tab>");
    driver.text("３００万円");
    assert!(driver.dump(80, 24).contains("3,000,000"));
    driver.keys("<Tab>");
    driver.text("12名");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    let added = driver.model.books.clients.values().find(|c| c.name == "新星工業").unwrap();
    assert_eq!((added.kana.as_str(), added.capital, added.employees), ("シンセイ コウギョウ", 3_000_000, 12));
}

#[test]
fn a_long_text_is_told_and_kept_and_never_cut() {
    let mut driver = working(Look::default(), "2e<Esc>");
    driver.keys("qa");
    paste(&mut driver, &"長".repeat(190));
    assert!(driver.dump(80, 24).contains("あと10字"));
    driver.text("い企業の名前をさらに続けて");
    assert!(driver.dump(80, 24).contains("3字多すぎます(200字まで)"));
    assert_eq!(driver.keys("<Ctrl+S>"), []);
    assert_eq!(form(&driver).text("field.name").chars().count(), 203);
    assert!(form(&driver).refused.as_ref().unwrap().contains("企業名"));
}

#[test]
fn what_is_selected_is_copied_inside_the_screens_and_forgotten_at_the_lock() {
    let mut driver = report();
    driver.text("守る事");
    driver.send(Msg::Key(shift(Code::Left)));
    driver.send(Msg::Key(shift(Code::Left)));
    assert_eq!(driver.keys("<Ctrl+C>"), []);
    assert!(driver.model.form.is_some(), "it copied and did not cancel");
    assert!(notice(&driver).contains("2字"));
    driver.keys("<Tab><Ctrl+V><Ctrl+V>");
    assert_eq!(form(&driver).text("report.focus"), "る事る事");
    driver.keys("<Ctrl+T><Ctrl+X>");
    assert_eq!((form(&driver).text("report.focus"), driver.model.hand.clip.as_str()), ("", "る事る事"));
    driver.keys("<Ctrl+Z>");
    assert_eq!(form(&driver).text("report.focus"), "る事る事");
    driver.keys("<F9>");
    assert_eq!((driver.model.hand.clip.as_str(), driver.model.hand.wanted.as_str()), ("", ""));
}

#[test]
fn ctrl_c_without_a_selection_cancels_like_esc() {
    let mut driver = report();
    driver.text("書きかけ");
    driver.keys("<Ctrl+C>");
    assert!(driver.model.form.is_none());
}

#[test]
fn places_are_found_and_replaced_with_a_count_and_come_back() {
    let mut driver = report();
    driver.text("鍵を締め、鍵を預け、鍵を返す");
    driver.keys("<Ctrl+R>");
    driver.text("鍵");
    assert!(driver.dump(80, 24).contains("3か所"));
    snapshot("seek-ja-80x24", &driver.dump(80, 24));
    driver.keys("<Enter>");
    assert_eq!(driver.model.form.as_mut().unwrap().editing().unwrap().selected(), "鍵");
    driver.keys("<Ctrl+G>");
    assert_eq!(driver.model.form.as_mut().unwrap().editing().unwrap().at(), "鍵を締め、鍵".len());
    driver.keys("<Ctrl+R><Tab>");
    driver.text("錠");
    driver.keys("<Ctrl+S>");
    assert_eq!(form(&driver).text("report.content"), "錠を締め、錠を預け、錠を返す");
    assert!(notice(&driver).contains("3か所"));
    driver.keys("<Ctrl+Z>");
    assert_eq!(form(&driver).text("report.content"), "鍵を締め、鍵を預け、鍵を返す");
    driver.keys("<Ctrl+R>");
    driver.text("無い言葉");
    driver.keys("<Enter>");
    assert!(notice(&driver).contains("見つかりません"));
}

#[test]
fn a_phrase_goes_in_at_the_cursor_with_its_first_blank_selected() {
    for lang in [Lang::Ja, Lang::En] {
        let mut driver = working(Look { lang, ..Look::default() }, "0e");
        driver.text("X");
        driver.keys("<F6>");
        let code = if lang == Lang::Ja { "ja" } else { "en" };
        snapshot(&format!("phrases-{code}-80x24"), &driver.dump(80, 24));
        driver.keys("<Enter>");
        let text = driver.model.form.as_mut().unwrap().editing().unwrap();
        assert!(text.as_str().starts_with('X') && text.as_str().len() > 20);
        assert!(text.selected().starts_with('[') && text.selected().ends_with(']'));
        driver.keys("<F6>");
        driver.text("shukudai");
        assert!(lang == Lang::En || driver.dump(80, 24).contains("次回までの宿題"));
    }
}

#[test]
fn an_own_phrase_is_kept_from_what_is_marked_and_comes_first_and_goes_and_comes_back() {
    let mut driver = report();
    driver.keys("<Ctrl+T>");
    driver.text("復元を試した");
    driver.send(Msg::Key(shift(Code::Left)));
    driver.send(Msg::Key(shift(Code::Left)));
    driver.keys("<F6>");
    assert!(driver.dump(80, 24).contains("Ctrl+S で残す: した"));
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    assert!(notice(&driver).contains("顧客を消去しても残ります"));
    let dump = driver.dump(80, 24);
    assert!(dump.lines().any(|line| line.starts_with(" した ") && line.contains("自分")), "{dump}");
    driver.keys("<Esc><End><F6><Enter>");
    assert_eq!(form(&driver).text("report.content"), "復元を試したした");
    driver.saved();
    driver.keys("<F6><Ctrl+S>");
    assert_eq!(driver.model.books.phrases.len(), 2, "without a mark the whole field is kept");
    driver.keys("<Esc><F4><F6>");
    let own = |driver: &Driver| driver.dump(80, 24).lines().any(|line| line.trim_end().ends_with(" 自分"));
    assert!(!own(&driver), "an own phrase may name another client");
    driver.keys("<Esc><F4><F6><Down>");
    assert!(own(&driver));
    assert_eq!(saves(&driver.keys("<Ctrl+X>")), 1);
    assert_eq!(driver.model.books.phrases.len(), 1);
    assert_eq!(driver.keys("<Down><Down><Ctrl+X>"), [], "one of the edition stays");
    driver.saved();
    driver.keys("<Esc><Esc>");
    driver.keys("u");
    assert_eq!(driver.model.books.phrases.len(), 2);
}

/// The field of a file to take in, with what the shell finds in a folder.
fn path(look: Look) -> Driver {
    let mut driver = working(Look { home: "/home/u", ..look }, "gea");
    driver.pause = 700;
    driver
}

const FOLDER: [&str; 6] = ["Documents/", "見積書 2026.pdf", "見積書 控え.pdf", "か\u{3099}く.csv", ".隠し", "見本/"];

/// Presses F6 and answers as the shell would.
fn complete(driver: &mut Driver) -> String {
    let effects = driver.keys("<F6>");
    let [Effect::List(ask)] = &effects[..] else { panic!("{effects:?}") };
    let found = Ok(Names::of(&FOLDER.map(str::to_owned), &ask.begun));
    assert_eq!(driver.send(Msg::Listed(Box::new(Listed { ask: (**ask).clone(), found }))), []);
    form(driver).text("attach.path").to_owned()
}

#[test]
fn a_path_is_completed_as_far_as_it_is_plain_and_the_rest_is_chosen_or_typed() {
    for (lang, code) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let mut driver = path(Look { lang, ..Look::default() });
        driver.text("~/Doc");
        assert_eq!(complete(&mut driver), "~/Documents/");
        driver.keys("<Ctrl+U>");
        driver.text("~/見積");
        assert_eq!(complete(&mut driver), "~/見積書 ");
        for size in [(80, 24), (120, 40)] {
            driver.shot(&format!("paths-{code}"), size);
        }
        driver.keys("<Down><Enter>");
        assert_eq!(form(&driver).text("attach.path"), "~/見積書 控え.pdf");
        assert!(driver.model.overlay.is_none());
        driver.keys("<Ctrl+Z>");
        assert_eq!(form(&driver).text("attach.path"), "~/見積書 ", "one step back");
    }
}

#[test]
fn names_are_typed_on_and_any_other_key_is_for_the_form() {
    let mut driver = path(Look::default());
    driver.text("見");
    complete(&mut driver);
    driver.text("積書 控");
    assert!(driver.dump(80, 24).contains("見積書 控え.pdf") && !driver.dump(80, 24).contains("見本/"));
    driver.text("室");
    assert!(driver.model.overlay.is_none(), "nothing begins so");
    driver.keys("<Ctrl+U>");
    driver.text("見");
    complete(&mut driver);
    driver.keys("<Esc>");
    assert!(driver.model.overlay.is_none() && driver.model.form.is_some());
    complete(&mut driver);
    driver.keys("<Tab>");
    assert_eq!((driver.model.overlay.is_none(), form(&driver).at), (true, 1));
    driver.keys("<BackTab>");
    complete(&mut driver);
    paste(&mut driver, "本");
    assert_eq!((driver.model.overlay.is_none(), form(&driver).text("attach.path")), (true, "見本"));
}

#[test]
fn a_name_is_found_in_both_forms_of_kana_and_given_as_it_lies_on_the_disk() {
    for begun in ["が", "か\u{3099}"] {
        let mut driver = path(Look::default());
        paste(&mut driver, begun);
        assert_eq!(complete(&mut driver), "か\u{3099}く.csv");
        let effects = driver.keys("<Ctrl+S>");
        let [Effect::Evidence { errand: Errand::Add(given), .. }] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(given.source, Source::File("か\u{3099}く.csv".into()));
    }
}

#[test]
fn an_answer_that_comes_too_late_or_tells_no_names_changes_nothing() {
    let mut driver = path(Look::default());
    driver.text("見");
    let effects = driver.keys("<F6>");
    let [Effect::List(ask)] = &effects[..] else { panic!("{effects:?}") };
    let answer = |found| Msg::Listed(Box::new(Listed { ask: (**ask).clone(), found }));
    driver.text("積");
    driver.send(answer(Ok(Names::of(&FOLDER.map(str::to_owned), "見"))));
    assert_eq!((form(&driver).text("attach.path"), driver.model.overlay.is_none()), ("見積", true));
    driver.keys("<Backspace>");
    driver.send(answer(Err("そのフォルダーはありません".to_owned())));
    assert_eq!(notice(&driver), "そのフォルダーはありません");
    driver.send(answer(Ok(Names::default())));
    assert!(notice(&driver).contains("始まるものはありません"));
    driver.keys("<F9>");
    driver.send(answer(Ok(Names::of(&FOLDER.map(str::to_owned), "見"))));
    assert!(driver.model.overlay.is_none());
}

#[test]
fn a_folder_is_asked_for_folders_and_the_home_folder_is_written_out_at_the_end() {
    let mut driver = working(Look { home: "/home/u", ..Look::default() }, "<Esc><F5>b");
    assert_eq!(form(&driver).purpose, Purpose::Export);
    driver.keys("<Ctrl+T>");
    driver.text("~/渡");
    let effects = driver.keys("<F6>");
    let [Effect::List(ask)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((ask.folders, &ask.at[..], &ask.folder[..]), (true, "/home/u/", "~/"));
    let effects = driver.keys("<Ctrl+S>");
    let [Effect::ExportTo { folder, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(folder, "/home/u/渡");
}

#[test]
fn lines_pasted_into_one_line_are_shown_first_and_never_submit() {
    let mut driver = Driver::with(Look::default(), super::harness::books());
    driver.keys("a");
    paste(&mut driver, "新星\u{7}工業\r\nしんせい\r\n");
    assert!(matches!(driver.model.overlay, Some(Overlay::Paste(_))));
    assert_eq!(form(&driver).text("field.name"), "", "nothing is in before Enter");
    snapshot("paste-ja-80x24", &driver.dump(80, 24));
    driver.keys("<Esc>");
    assert_eq!(form(&driver).text("field.name"), "");
    paste(&mut driver, "新星\u{7}工業\r\nしんせい\r\n");
    driver.keys("<Enter>");
    assert_eq!(form(&driver).text("field.name"), "新星工業 しんせい");
    assert!(notice(&driver).contains("制御文字1個"));
    driver.keys("<Ctrl+Z>");
    assert_eq!(form(&driver).text("field.name"), "", "one step back");
}

#[test]
fn cells_of_a_sheet_go_into_the_fields_in_order() {
    let mut driver = Driver::with(Look::default(), super::harness::books());
    driver.keys("a");
    paste(&mut driver, "新星工業\tしんせい\t3,000,000\t12");
    snapshot("paste-cells-ja-80x24", &driver.dump(80, 24));
    driver.keys("<Enter>");
    let at = |label| form(&driver).text(label);
    assert_eq!(
        (at("field.name"), at("field.kana"), at("field.capital"), at("field.employees")),
        ("新星工業", "しんせい", "3,000,000", "12")
    );
    paste(&mut driver, &["x"; 12].join("\t"));
    assert!(driver.dump(80, 24).contains("入る欄がない5個"), "{}", driver.dump(80, 24));
    driver.keys("<Tab><Enter>");
    assert!(form(&driver).text("field.name").ends_with("x x x"));
}

#[test]
fn a_pasted_line_break_of_a_terminal_without_bracketed_paste_never_submits() {
    let mut driver = Driver::with(Look::default(), super::harness::books());
    driver.keys("/");
    driver.pause = 1;
    driver.keys("株式会社北星精密<Enter>そのほか");
    assert_eq!(form(&driver).text("field.filter"), "株式会社北星精密 そのほか");
    driver.pause = 500;
    driver.keys("<Enter>");
    assert!(driver.model.form.is_none(), "a typed Enter does submit");
}

#[test]
fn a_megabyte_is_shown_first_then_edited_without_a_wait() {
    let mut driver = report();
    for text in ["長い文。".repeat(350_000 / 4), "方針\n".repeat(150_000), "x".repeat(1 << 20)] {
        paste(&mut driver, &text);
        assert!(matches!(driver.model.overlay, Some(Overlay::Paste(_))));
        assert!(driver.dump(80, 24).contains("字多すぎます"));
        driver.keys("<Enter>");
        let mut slowest = (0, "");
        for key in
            ["x", "<Backspace>", "<Enter>", "<Ctrl+W>", "<Ctrl+Z>", "<Home>", "<End>", "<PgUp>", "<Up>", "<Left>"]
        {
            let begun = Instant::now();
            driver.keys(key);
            driver.dump(80, 24);
            slowest = slowest.max((begun.elapsed().as_millis(), key));
        }
        // An optimised program takes a small part of this.
        assert!(slowest.0 < 1000, "{slowest:?} ms from key to frame");
        driver.keys("<Ctrl+T><Backspace>");
        assert_eq!(form(&driver).text("report.content"), "");
    }
}

#[test]
fn a_late_answer_of_the_terminal_still_widens_the_screens() {
    let mut driver = Driver::opened(Look::default());
    assert_eq!(driver.send(Msg::Ambiguous(Ambiguous::Wide)), [Effect::Redraw]);
    assert_eq!(driver.model.look.ambiguous, Ambiguous::Wide);
}

fn any_msg() -> impl Strategy<Value = Msg> {
    let codes = [Code::Left, Code::Right, Code::Up, Code::Down, Code::Home, Code::End, Code::PageUp, Code::Tab];
    let moving = (prop::sample::select(codes.to_vec()), any::<bool>(), any::<bool>())
        .prop_map(|(code, ctrl, shift)| Key { ctrl, shift, ..Key::plain(code) });
    let ctrl = prop::sample::select("xvtrgwkuzy".chars().collect::<Vec<_>>()).prop_map(Key::ctrl);
    let other = prop::sample::select(vec![Key::f(6), Key::plain(Code::Enter), Key::plain(Code::Backspace)]);
    let typed = any::<char>().prop_filter("typed", |c| !c.is_control()).prop_map(Key::char);
    let key = prop_oneof![3 => moving, 2 => ctrl, 1 => other, 3 => typed].prop_map(Msg::Key);
    prop_oneof![8 => key, 1 => "[あ漢a\t\n\r\u{7}\u{202E}「。]{0,80}".prop_map(Msg::Paste)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn random_writing_at_random_sizes_never_fails(
        screen in 0usize..3,
        msgs in proptest::collection::vec(any_msg(), 0..40),
        (width, height) in (0_u16..200, 0_u16..60),
        wide in any::<bool>(),
    ) {
        let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
        let mut driver = working(Look { ambiguous, ..Look::default() }, ["0e", "2n", "8n"][screen]);
        for msg in msgs {
            driver.send(msg);
            driver.dump(width, height);
            let (x, y) = driver.cursor(width.max(1), height.max(1));
            prop_assert!(x < width.max(1) && y < height.max(1));
        }
    }
}
