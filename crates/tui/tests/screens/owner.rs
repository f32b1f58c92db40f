//! The first run, the owner's facts, and joining a programme.

use bansou::app::effect::{Chore, Effect, Founder};
use bansou::app::field::Secret;
use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::msg::{Founded, Msg, Problem};
use bansou::words::Lang;
use bansou_core::record::v1::{PatternCode, Record};

use crate::harness::{Driver, SIZES, books};

const CODE: &str = "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS3290GQ";

fn fresh(lang: Lang) -> Driver {
    Driver::new(Look { first: true, lang, ..Look::default() })
}

/// Everything typed, with the second passphrase.
fn told(again: &str) -> Driver {
    let mut driver = fresh(Lang::Ja);
    driver.keys("<Tab>");
    driver.text("伴野走");
    driver.keys("<Tab>");
    driver.text("000123");
    driver.keys("<Tab><Right><Tab>");
    driver.text("３3");
    driver.keys("<Tab>");
    driver.text("海と山の七");
    driver.keys("<Tab>");
    driver.text(again);
    driver
}

fn founder(effects: &[Effect]) -> Option<(u64, Founder)> {
    match effects {
        [Effect::Found { id, founder }] => Some((*id, (**founder).clone())),
        _ => None,
    }
}

fn founded(request: Option<Result<(String, String), Problem>>, aloud: Option<Result<String, String>>) -> Msg {
    let folder = "/home/user/.local/share/bansou".to_owned();
    Msg::Founded(Box::new(Founded { folder, code: Secret::new(CODE), request, aloud }))
}

#[test]
fn the_first_run_is_one_form() {
    for (lang, name) in [(Lang::Ja, "first-ja"), (Lang::En, "first-en")] {
        let mut driver = fresh(lang);
        SIZES.iter().for_each(|size| driver.shot(name, *size));
    }
}

#[test]
fn a_home_is_asked_for_once_with_everything_that_was_told() {
    let mut driver = told("海と山の七");
    let (_, founder) = founder(&driver.keys("<Ctrl+s>")).unwrap();
    let profile = &founder.profile;
    assert_eq!((profile.name.as_str(), profile.registration.as_str()), ("伴野走", "000123"));
    assert_eq!((profile.pattern, profile.prefecture, profile.secretariat), (PatternCode::B, 33, false));
    assert_eq!((founder.passphrase.expose(), founder.invitation.as_str(), founder.aloud), ("海と山の七", "", false));
    assert_eq!(driver.keys("<Ctrl+s>"), [], "once");
    assert!(!driver.dump(80, 24).contains('*'), "no passphrase stays in the form");
}

#[test]
fn what_is_refused_leaves_everything_but_the_passphrases() {
    let mut driver = told("海と山の八");
    assert_eq!(driver.keys("<Ctrl+s>"), []);
    let shown = driver.dump(80, 24);
    assert!(shown.contains("一致しません") && shown.contains("伴野走") && shown.contains("> 新しいパスフレーズ"));
    driver.text("短い");
    driver.keys("<Tab>");
    driver.text("短い");
    let (id, _) = founder(&driver.keys("<Ctrl+s>")).unwrap();
    let (happened, todo, code) = ("短すぎます。".into(), "長くしてください。".into(), "E-VAULT".into());
    driver.send(Msg::Failed { id, problem: Box::new(Problem { happened, todo, code }) });
    driver.keys("<Esc>");
    assert!(driver.dump(80, 24).contains("> 新しいパスフレーズ") && driver.dump(80, 24).contains("33 岡山県"));
    let mut nameless = fresh(Lang::Ja);
    assert_eq!(nameless.keys("<Ctrl+s>"), []);
    assert!(nameless.dump(80, 24).contains("氏名 が空です") && nameless.dump(80, 24).contains("> 氏名"));
}

#[test]
fn a_lock_before_there_is_a_home_keeps_the_form_and_no_passphrase() {
    let mut driver = told("海と山の七");
    driver.keys("<F9>");
    let shown = driver.dump(80, 24);
    assert!(shown.contains("伴野走") && !shown.contains('*'), "{shown}");
}

#[test]
fn the_recovery_code_stays_until_its_end_was_typed() {
    let mut driver = told("海と山の七");
    let (id, _) = founder(&driver.keys("<Ctrl+s>")).unwrap();
    let asked = Some(Ok(("/usb/bansou-request.age".to_owned(), "1234 5678".to_owned())));
    assert_eq!(driver.send(founded(asked, None)), []);
    driver.send(Msg::Unlocked { id, books: Box::default(), recent: Vec::new(), drafts: Box::default() });
    driver.shot("first-code-ja", (80, 24));
    driver.text("GQ");
    driver.keys("<Ctrl+s>");
    assert!(driver.dump(80, 24).contains(CODE), "not yet");
    driver.keys("<Backspace><Backspace>");
    driver.text("3290GQ");
    driver.keys("<Ctrl+s>");
    assert!(!driver.dump(80, 24).contains(CODE) && matches!(driver.model.screen, Screen::Clients { .. }));
    assert!(driver.dump(80, 24).contains("まだ顧客がいません") && driver.dump(80, 24).contains("g , の画面の n"));
}

#[test]
fn a_home_that_is_made_is_told_of_although_an_invitation_could_not_be_answered() {
    let mut driver = told("海と山の七");
    driver.keys("<Ctrl+s>");
    let problem = Problem {
        happened: "読めません。".into(), todo: "直してください。".into(), code: "E-FILE".into()
    };
    driver.send(founded(Some(Err(problem)), None));
    let shown = driver.dump(80, 24);
    assert!(shown.contains(CODE) && shown.contains("読めません。") && shown.contains("直してください。"));
}

#[test]
fn who_wants_it_read_aloud_hears_it_from_then_on() {
    for (settings, said) in [(Ok("config.toml".to_owned()), "書きました"), (Err("config.toml".to_owned()), "と書くと")]
    {
        let mut driver = told("海と山の七");
        driver.keys("<Ctrl+s>");
        assert_eq!(driver.send(founded(None, Some(settings))), [Effect::Aloud]);
        assert!(driver.model.look.reader && driver.dump(80, 24).contains(said));
    }
}

#[test]
fn the_practice_is_one_choice_away() {
    assert_eq!(fresh(Lang::Ja).keys("<Right><Ctrl+s>"), [Effect::Practise]);
}

#[test]
fn the_owner_s_facts_are_corrected_in_the_settings() {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("g,");
    driver.keys("e");
    driver.shot("owner-ja", (80, 24));
    driver.keys("<Tab><Tab><Tab><Tab>");
    driver.text("33");
    driver.keys("<Tab>");
    driver.text("岡山市例示1-1");
    let effects = driver.keys("<Ctrl+s>");
    let [Effect::Save { entry, .. }] = &effects[..] else { panic!("{effects:?}") };
    let Some(Record::Profile(new)) = &entry.changes[0].after else { panic!("the profile changes") };
    let old = books().profile.unwrap();
    assert_eq!((new.prefecture, new.name == old.name, new.practice), (33, true, old.practice));
    assert!(new.address.contains("岡山市例示1-1"));
}

#[test]
fn joining_asks_for_a_file_and_tells_what_is_compared() {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("g,");
    assert_eq!(driver.keys("n<Ctrl+s>"), []);
    assert!(driver.dump(80, 24).contains("事務局の招待ファイル が空です"));
    driver.text("/usb/invitation.json");
    let effects = driver.keys("<Enter>");
    let [Effect::Care { id, chore }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*chore, Chore::Request { invitation: "/usb/invitation.json".into() });
    let after = driver.send(Msg::Done { id: *id, entries: Vec::new() });
    let [Effect::Fingerprint { id }] = &after[..] else { panic!("{after:?}") };
    driver.send(Msg::Read { id: *id, title: "指紋".into(), lines: vec!["1234 5678".into()] });
    assert!(driver.dump(80, 24).contains("1234 5678"));
    driver.keys("<Esc>a");
    driver.text("/usb/pack.json");
    let effects = driver.keys("<Enter>");
    let [Effect::Care { id, chore }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*chore, Chore::Accept { pack: "/usb/pack.json".into() });
    driver.send(Msg::Done { id: *id, entries: Vec::new() });
    assert!(driver.dump(80, 24).contains("登録できました"));
}
