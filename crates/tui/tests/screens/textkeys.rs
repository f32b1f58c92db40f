//! The keys of a text by habit: what each key of each profile does, what Esc does, and that nothing is ever lost.

use bansou::app::area::Area;
use bansou::app::form::{Form, Input};
use bansou::app::key::{Code, Key};
use bansou::app::keymap::{Action, Keymap, Table};
use bansou::app::look::Look;
use bansou::app::msg::Msg;
use bansou::app::overlay::Overlay;
use bansou::app::textkeys::{Profile, Shape, shape};
use bansou::app::writing::Write;
use bansou::words::Lang;
use proptest::prelude::*;

use super::harness::Driver;
use super::working;

fn form(driver: &Driver) -> &Form {
    driver.model.form.as_ref().unwrap()
}

/// The report's first field, an area, with this text and the cursor at the `|` in it.
fn area(text: Profile, marked: &str) -> Driver {
    let mut driver = working(Look { text, ..Look::default() }, "0e");
    driver.pause = 700;
    let (before, after) = marked.split_once('|').unwrap();
    let form = driver.model.form.as_mut().unwrap();
    form.entries[0].input = Input::Many(Area::new(&format!("{before}{after}")));
    form.editing().unwrap().go(before.len());
    driver
}

/// The text of the focused field with the cursor as `|`.
fn marked(driver: &mut Driver) -> String {
    let text = driver.model.form.as_mut().unwrap().editing().unwrap();
    let (before, after) = text.as_str().split_at(text.at());
    format!("{before}|{after}")
}

/// What some keys make of a text, and what is in the clipboard then.
fn typed(profile: Profile, text: &str, keys: &str) -> (String, String) {
    let mut driver = area(profile, text);
    driver.keys(keys);
    (marked(&mut driver), driver.model.hand.clip.clone())
}

#[test]
fn each_key_of_emacs_does_what_hands_expect() {
    for (text, keys, result, clip) in [
        ("一行\n情報|を守る", "<Ctrl+A>", "一行\n|情報を守る", ""),
        ("一行\n情|報\n三", "<Ctrl+E>", "一行\n情報|\n三", ""),
        ("か\u{3099}|き", "<Ctrl+F>", "か\u{3099}き|", ""),
        ("か\u{3099}|き", "<Ctrl+B>", "|か\u{3099}き", ""),
        ("一行\n二|行", "<Ctrl+P>", "一|行\n二行", ""),
        ("一|行\n二行", "<Ctrl+N>", "一行\n二|行", ""),
        ("|👨\u{200D}👩\u{200D}👧x", "<Ctrl+D>", "|x", ""),
        ("|情報セキュリティ基本方針", "<Alt+f><Alt+f>", "情報セキュリティ|基本方針", ""),
        ("情報セキュリティ基本方針|", "<Alt+b>", "情報セキュリティ基本|方針", ""),
        ("情報|セキュリティ基本方針", "<Alt+d>", "情報|基本方針", "セキュリティ"),
        ("情報|を守る\n二行", "<Ctrl+K>", "情報|\n二行", "を守る"),
        ("情報|を守る\n二行", "<Ctrl+K><Ctrl+K><Ctrl+K>", "情報|", "を守る\n二行"),
        ("|一行\n二行", "<Ctrl+K><Ctrl+N><Ctrl+K>", "\n|", "二行"),
        ("|情報を\n", "<Ctrl+K><Ctrl+Y><Ctrl+Y>", "情報を情報を|\n", "情報を"),
        ("情報|を守る", "<Ctrl+K><Ctrl+/>", "情報|を守る", "を守る"),
        ("情報|を守る", "<Ctrl+K><Ctrl+/><Alt+/>", "情報|", "を守る"),
    ] {
        assert_eq!(typed(Profile::Emacs, text, keys), (result.to_owned(), clip.to_owned()), "{keys}");
    }
}

#[test]
fn each_key_of_vi_does_what_hands_expect() {
    for (text, keys, result, clip) in [
        ("一行\n情報を守る|", "", "一行\n情報を守|る", ""),
        ("一行\n情報|を", "h", "一行\n|情報を", ""),
        ("一行\n情|報を", "hh", "一行\n|情報を", ""),
        ("|情報を", "ll", "情報|を", ""),
        ("|情報を", "llll", "情報|を", ""),
        ("一行|\n二行目", "j", "一行\n二|行目", ""),
        ("一行\n二行|目", "k", "一|行\n二行目", ""),
        ("|情報セキュリティ基本方針", "ww", "情報セキュリティ|基本方針", ""),
        ("|abc  情報を", "w", "abc  |情報を", ""),
        ("|abc\n情報を", "w", "abc\n|情報を", ""),
        ("情報セキュリティ基本方針|", "b", "情報セキュリティ基本|方針", ""),
        ("|情報セキュリティ基本", "e", "情|報セキュリティ基本", ""),
        ("|情報セキュリティ基本", "ee", "情報セキュリテ|ィ基本", ""),
        ("一行\n情報|を", "0", "一行\n|情報を", ""),
        ("|情報を\n二行", "$", "情報|を\n二行", ""),
        ("一\n二\n三|", "gg", "|一\n二\n三", ""),
        ("一\n|二\n三行", "G", "一\n二\n|三行", ""),
        ("情|報を", "ix", "x|情報を", ""),
        ("情|報を", "ax", "情x|報を", ""),
        ("  情報|を", "Ix", "  x|情報を", ""),
        ("|情報を\n二", "Ax", "情報をx|\n二", ""),
        ("|情報\n二", "ox", "情報\nx|\n二", ""),
        ("一\n情報|を", "Ox", "一\nx|\n情報を", ""),
        ("情報|を守る", "x", "情|を守る", "報"),
        ("情報|", "xxx", "|", "情"),
        ("一\n情報|を\n三", "dd", "一\n|三", "情報を\n"),
        ("一\n情報を|", "dd", "|一", "情報を\n"),
        ("情報|", "dd", "|", "情報\n"),
        ("情報を|守る\n二", "D", "情|報\n二", "を守る"),
        ("一|\n二", "yyp", "一\n|一\n二", "一\n"),
        ("情報|を", "xp", "情を|報", "報"),
        ("一\n|二\n三", "dddd", "|一", "三\n"),
        ("一\n|二\n三", "dduu", "一\n|二\n三", "二\n"),
        ("一\n|二\n三", "ddu<Ctrl+R>", "一\n|三", "二\n"),
        ("一\n|二\n三", "dxx", "一\n|\n三", "二"),
        ("一\n|二\n三", "d<Esc>x", "一\n|\n三", "二"),
        ("情報|を", "ｘ", "情|を", "報"),
        ("情報|を", "Ｄ", "|情", "報を"),
        ("|情報を守る", "vld", "|を守る", "情報"),
        ("情報を|守る", "vhx", "情|守る", "報を"),
        ("|情報\n二行", "vjd", "|行", "情報\n二"),
        ("|情報\n二行", "v$y$p", "情報情|報\n二行", "情報"),
        ("|abc def", "vwy", "|abc def", "abc d"),
        ("|一二三", "yyvp", "\n一二三\n|二三", "一"),
        ("一二|三", "vyhvp", "二|二三", "一"),
        ("一\n|二\n三", "Vd", "一\n|三", "二\n"),
        ("|一\n二\n三", "Vjx", "|三", "一\n二\n"),
        ("一\n|二\n三", "VGdu", "一\n|二\n三", "二\n三\n"),
        ("一\n二|", "yyggVp", "|二\n二", "一\n"),
        ("一|二\n三", "vVy", "|一二\n三", "一二\n"),
        ("|一二三", "vvlx", "一|三", "二"),
        ("|一二三", "vl<Esc>x", "一|三", "二"),
        ("|一二三", "vly", "|一二三", "一二"),
        ("|一二三", "vix", "|二三", "一"),
        ("|一二三", "v漢", "漢|一二三", ""),
        ("|一二三", "ｖｌｄ", "|三", "一二"),
    ] {
        let mut driver = area(Profile::Vim, text);
        driver.keys("<Esc>");
        driver.keys(keys);
        let clip_now = driver.model.hand.clip.clone();
        assert_eq!((marked(&mut driver), clip_now), (result.to_owned(), clip.to_owned()), "{text} {keys}");
    }
}

#[test]
fn what_a_visual_mode_selects_is_seen_and_copied_and_the_mode_is_said() {
    let mut driver = area(Profile::Vim, "|情報を守る\n二行");
    driver.keys("<Esc>vl");
    assert!(driver.dump(80, 24).contains("[選択]"));
    assert_eq!(driver.runs((80, 24)).iter().filter(|run| run.2.contains("情報を")).count(), 0, "marked apart");
    driver.keys("<Ctrl+C>");
    assert_eq!(driver.model.hand.clip, "情報");
    driver.keys("V");
    assert!(driver.dump(80, 24).contains("[行選択]"));
    driver.keys("<Esc>");
    assert!(driver.model.form.is_some() && driver.dump(80, 24).contains("[命令]"));
}

#[test]
fn the_shape_of_the_cursor_follows_the_mode_and_is_left_alone_elsewhere() {
    let mut driver = area(Profile::Vim, "一|");
    assert_eq!(shape(&driver.model), Some(Shape::Bar));
    driver.keys("<Esc>");
    assert_eq!(shape(&driver.model), Some(Shape::Block));
    driver.keys("<F2>");
    assert_eq!(shape(&driver.model), Some(Shape::Bar), "a window is written into");
    driver.keys("<Esc><Tab>");
    assert_eq!(shape(&driver.model), Some(Shape::Bar), "and so is a line");
    driver.keys("<Esc>");
    assert_eq!(shape(&driver.model), Some(Shape::Own));
    assert_eq!(shape(&area(Profile::Standard, "一|").model), None);
    driver.keys("<F9>");
    assert_eq!(shape(&driver.model), Some(Shape::Bar), "the passphrase is written too");
}

#[test]
fn every_key_of_the_profiles_is_in_the_tables_above() {
    let source = include_str!("textkeys.rs");
    for table in [Table::Emacs, Table::Vim] {
        for row in Keymap::default().rows(table).iter().filter(|r| matches!(r.action, Action::Write(Write::Text(_)))) {
            let key = row.keys[0];
            let written = match key.typed() {
                Some(c) => c.to_string(),
                None => format!("<{key}>").replace("<Alt+F", "<Alt+f").replace("<Alt+B", "<Alt+b"),
            };
            assert!(source.contains(&written), "{written}");
        }
    }
}

#[test]
fn escape_goes_from_writing_to_commands_and_then_out_and_what_was_written_waits() {
    for (lang, insert, normal) in [(Lang::Ja, "[挿入]", "[命令]"), (Lang::En, "[INSERT]", "[NORMAL]")] {
        let mut driver = area(Profile::Vim, "|");
        driver.model.look.lang = lang;
        driver.text("社長の話");
        assert!(driver.dump(80, 24).contains(insert));
        assert_eq!(driver.keys("<Esc>"), []);
        assert!(driver.dump(80, 24).contains(normal) && driver.model.form.is_some());
        driver.keys("d");
        assert!(driver.dump(80, 24).contains(&format!("{normal} d")), "the first of two keys is seen");
        driver.keys("<Esc>");
        assert!(driver.model.form.is_some(), "this one only forgets the d");
        driver.keys("<Esc>");
        assert!(driver.model.form.is_none());
        driver.keys("e");
        assert_eq!(marked(&mut driver), "社長の|話", "it was kept");
    }
    for profile in [Profile::Standard, Profile::Emacs] {
        let mut driver = area(profile, "|");
        driver.text("x");
        assert!(!driver.dump(80, 24).contains("[挿入]"));
        driver.keys("<Esc>");
        assert!(driver.model.form.is_none());
    }
}

#[test]
fn what_cannot_be_a_command_is_written_and_a_single_line_has_no_modes() {
    let mut driver = area(Profile::Vim, "一|");
    driver.keys("<Esc>");
    driver.text("（第二回）");
    assert_eq!(marked(&mut driver), "（第二回）|一", "an input method left on loses nothing");
    driver.keys("<Esc>");
    driver.keys("zZ?");
    assert_eq!(marked(&mut driver), "（第二回|）一");
    assert!(driver.model.status.notice.as_ref().unwrap().contains("命令中"));
    driver.model.look.fold = false;
    driver.keys("ｘ");
    assert_eq!(marked(&mut driver), "（第二回ｘ|）一");
    // A terminal sends Esc and a letter in one piece: they mean both.
    let alt = Key { alt: true, ..Key::char('x') };
    driver.send(Msg::Key(alt));
    assert_eq!(marked(&mut driver), "（第二回|）一");
    let mut driver = working(Look { text: Profile::Vim, ..Look::default() }, "2e");
    driver.text("jj");
    assert_eq!(form(&driver).text("field.date"), "jj");
    driver.keys("<Esc>");
    assert!(driver.model.form.is_none());
}

#[test]
fn letters_faster_than_fingers_are_no_commands() {
    let mut driver = area(Profile::Vim, "一\n二\n三\n四\n五\n六\n七\n八|");
    driver.keys("<Esc>");
    driver.pause = 1;
    driver.keys("xxxxxxxxxxxxdddddddd");
    assert!(driver.model.status.notice.as_ref().unwrap().contains("速すぎる"));
    driver.pause = 700;
    driver.keys("uuuuuuuuu");
    assert_eq!(form(&driver).text("report.content"), "一\n二\n三\n四\n五\n六\n七\n八");
}

#[test]
fn the_keys_of_emacs_win_in_texts_only_and_the_others_stay() {
    let mut driver = area(Profile::Emacs, "情報|");
    driver.keys("<Ctrl+P><Ctrl+F>");
    assert!(driver.model.overlay.is_none(), "neither palette nor search");
    driver.keys("<F2>");
    assert!(matches!(driver.model.overlay, Some(Overlay::Palette { .. })));
    driver.keys("<Ctrl+N>");
    let Some(Overlay::Palette { cursor, .. }) = &driver.model.overlay else { panic!() };
    assert_eq!(cursor.row(), 1, "down in the list");
    driver.text("ab");
    driver.keys("<Ctrl+A><Ctrl+K>");
    let Some(Overlay::Palette { query, .. }) = &driver.model.overlay else { panic!() };
    assert_eq!((query.text(), &driver.model.hand.clip[..]), ("", ""));
    driver.keys("<Esc><Esc>");
    driver.keys("<Ctrl+P>");
    assert!(matches!(driver.model.overlay, Some(Overlay::Palette { .. })), "outside of texts it is the palette");
    let mut driver = working(Look { text: Profile::Emacs, ..Look::default() }, "2e");
    driver.text("10/15");
    driver.keys("<Ctrl+A><Ctrl+K><Ctrl+Y>");
    assert_eq!(form(&driver).text("field.date"), "10/15");
    assert_eq!(super::saves(&driver.keys("<Ctrl+S>")), 1, "and Ctrl+S finishes");
}

#[test]
fn help_shows_the_keys_that_hold() {
    let mut driver = area(Profile::Emacs, "|");
    driver.keys("<F7>");
    let shown = driver.dump(120, 60);
    assert!(shown.contains("Ctrl+A") && shown.contains("行の頭へ") && shown.contains("Ctrl+S"), "{shown}");
    assert!(!shown.contains("Ctrl+K / Ctrl+U") && !shown.contains("F2 / Ctrl+P"), "{shown}");
    let mut driver = area(Profile::Vim, "|");
    assert!(driver.dump(80, 24).lines().last().unwrap().contains("Esc 命令へ"));
    driver.keys("<Esc>");
    let footer = driver.dump(80, 24).lines().last().unwrap().to_owned();
    assert!(footer.contains("i 書く") && footer.contains("Ctrl+S 確定"), "{footer}");
    driver.keys("<F7>");
    assert!(driver.dump(120, 60).contains("dd で行を切り取る"));
}

fn any_key() -> impl Strategy<Value = Key> {
    let alt = |c| Key { alt: true, ..Key::char(c) };
    prop_oneof![
        4 => prop::sample::select("hjklwbe0$gGiaIAoOxdDypu情報（ｘｄ zZ、".chars().collect::<Vec<_>>()).prop_map(Key::char),
        2 => prop::sample::select("aefbnpkydrtxv/".chars().collect::<Vec<_>>()).prop_map(Key::ctrl),
        1 => prop::sample::select("fbd/jx".chars().collect::<Vec<_>>()).prop_map(alt),
        1 => prop::sample::select(vec![Code::Enter, Code::Backspace, Code::Delete, Code::Up, Code::Right])
            .prop_map(Key::plain),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_is_pressed_undoing_all_gives_the_text_back(
        emacs in any::<bool>(),
        start in prop::collection::vec(prop::sample::select(vec!["情報", "か\u{3099}", "\n", "abc ", "👨\u{200D}👩\u{200D}👧", "。"]), 0..12),
        keys in prop::collection::vec((any_key(), any::<bool>()), 0..40),
    ) {
        let start = start.concat();
        let mut driver = area(if emacs { Profile::Emacs } else { Profile::Vim }, &format!("{start}|"));
        for (key, escape) in keys {
            if escape && !emacs && form(&driver).area().is_some_and(|a| !a.normal()) {
                driver.keys("<Esc>");
            }
            driver.send(Msg::Key(key));
            // A paste of several lines asks first.
            if driver.model.overlay.is_some() {
                driver.keys("<Esc>");
            }
            prop_assert!(driver.model.form.is_some(), "{key} left the form");
            driver.dump(80, 24);
        }
        for _ in 0..200 {
            driver.model.form.as_mut().unwrap().editing().unwrap().press(Key::ctrl('z'), 0);
        }
        prop_assert_eq!(form(&driver).text("report.content"), start);
    }
}
