//! Going along by keys: the agreement, the files that are asked for, and the rows of a return.

use std::collections::BTreeMap;

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::app::share::Errand;
use bansou::words::Lang;
use bansou_core::command::{self, Command, Ctx};
use bansou_core::record::v1::{Consent, Id, JournalEntry, Pairing, Record, Returned, SharePart, Shared, Take};
use bansou_core::share::{self, ShareCommand};
use bansou_core::wire::v1::envelope::encode_key;
use bansou_core::wire::v1::share::ShareKey;

use crate::harness::{Driver, SIZES};
use crate::{engagement, saves, working};

fn key() -> ShareKey {
    ShareKey { age: format!("age1{}", "q".repeat(58)), signing: encode_key(&[1; 32]) }
}

fn errand(effects: &[Effect]) -> (u64, Errand) {
    match effects {
        [Effect::Share { id, errand }] => (*id, errand.clone()),
        other => panic!("{other:?}"),
    }
}

/// Applies a command as the shell does.
fn made(driver: &Driver, command: ShareCommand) -> JournalEntry {
    let now = driver.model.clock;
    let ctx = Ctx { now, seed: [60 + driver.model.books.records().len() as u8; 16], packs: &driver.model.packs };
    let command = Command::Share(command);
    let name = command.name();
    command::entry(now, name, command::apply(&driver.model.books, &ctx, command).unwrap(), None)
}

fn agreed(look: Look) -> Driver {
    let mut driver = working(look, "");
    let e = engagement(&driver).id;
    let today = driver.model.clock.date();
    let consent = Some(Consent { by: "社長".into(), on: today, taken_by: "伴野 走".into() });
    let pairing = Pairing {
        trainee: "同行 次郎".into(),
        age_recipient: key().age,
        signing_key: key().signing,
        consent,
        liability_on: Some(today),
        sessions: [1, 2].into(),
        parts: [SharePart::Overview, SharePart::Diagnosis, SharePart::Plan, SharePart::Notes].into(),
        ..share::fresh(e)
    };
    let entry = made(&driver, ShareCommand::Pair(Box::new(pairing)));
    driver.model.follow(&entry.changes);
    driver
}

/// A copy is out, both sides went on, and the return is on the screen.
fn merging(look: Look) -> Driver {
    let mut driver = agreed(look);
    driver.keys("4420");
    driver.saved();
    driver.keys("g1");
    let e = engagement(&driver).id;
    let out = made(&driver, ShareCommand::Offer { engagement: e });
    driver.model.follow(&out.changes);
    driver.keys("42");
    driver.saved();
    driver.keys("g1i");
    driver.text("/media/usb/return.age");
    let (id, asked) = errand(&driver.keys("<Enter>"));
    assert_eq!(asked, Errand::TakeIn { file: "/media/usb/return.age".into() });
    let field = |(key, value): (&str, &str)| (key.to_owned(), Some(value.to_owned()));
    let note = "note/18171717171717171717171717171717";
    let fields = [
        ("answer/1", "no"),
        ("answer/2", "done"),
        ("answer/5", "unknown"),
        ("evidence/3", "入退室の台帳も見た"),
        (&format!("{note}/text"), "名札を着けていない人がいた"),
        (&format!("{note}/at"), "2026-10-08T15:00:00"),
    ];
    let back = Returned {
        id: Id([80; 16]),
        engagement: e,
        handout: driver.model.books.handouts_of(e)[0].id,
        trainee: "同行 次郎".into(),
        made_at: driver.model.clock,
        fields: fields.map(field).into(),
        decided: BTreeMap::new(),
    };
    let entry = made(&driver, ShareCommand::TakeIn(Box::new(back)));
    driver.send(Msg::Done { id, entries: vec![entry] });
    driver
}

fn decided(driver: &Driver) -> BTreeMap<String, Take> {
    driver.model.books.returns[&Id([80; 16])].decided.iter().map(|(name, d)| (name.clone(), d.take)).collect()
}

#[test]
fn an_agreement_is_written_and_only_then_a_copy_is_asked_for() {
    let mut driver = working(Look::default(), "o");
    assert!(driver.dump(80, 24).contains("先に p で"), "the next key is named");
    driver.keys("p");
    driver.text("同行 次郎");
    driver.keys("<Tab>");
    driver.text("no key");
    assert_eq!(driver.keys("<Ctrl+S>"), []);
    assert!(driver.model.form.as_ref().unwrap().refused.as_ref().unwrap().contains("鍵の行"));
    driver.keys("<Ctrl+U>");
    driver.text(&key().line());
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    driver.keys("o");
    assert!(driver.model.status.notice.as_ref().unwrap().contains("E-1001"), "no copy without consent");
    driver.keys("p<Tab><Tab>");
    for (text, tabs) in [("社長", "<Tab>"), ("昨日", "<Tab><Tab>"), ("10/8", "<Tab>"), ("1、2", "<Tab>")] {
        driver.text(text);
        driver.keys(tabs);
    }
    driver.keys("<Tab><Tab><Tab> <Tab><Tab> ");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    let e = engagement(&driver).id;
    let pairing = driver.model.books.pairing_of(e).unwrap();
    assert_eq!(pairing.consent.as_ref().unwrap().on, jiff::civil::date(2026, 10, 7));
    assert_eq!((&pairing.sessions, pairing.handouts), (&[1, 2].into(), false));
    assert_eq!(pairing.parts, [SharePart::Overview, SharePart::Diagnosis].into());
    assert!(driver.dump(80, 24).contains("同行 同行 次郎  第1・2回  了承 10/07"));
    driver.keys("o");
    let (id, asked) = errand(&driver.keys("<Enter>"));
    let file = format!("{}-share.age", engagement(&driver).case_no);
    assert_eq!(asked, Errand::HandOver { engagement: e, file });
    let out = made(&driver, ShareCommand::Offer { engagement: e });
    driver.send(Msg::Done { id, entries: vec![out] });
    assert!(driver.dump(80, 24).contains("写しを書きました"));
}

#[test]
fn one_key_takes_theirs_one_keeps_mine_one_keeps_both_and_u_takes_it_back() {
    let mut driver = merging(Look::default());
    assert!(matches!(driver.model.screen, Screen::Merge { .. }));
    assert_eq!(saves(&driver.keys("<Right>")), 1);
    driver.saved();
    let first = [("answer/1".to_owned(), Take::Theirs)].into();
    assert_eq!(decided(&driver), first);
    assert_eq!(saves(&driver.keys("<Left>")), 1);
    driver.saved();
    assert_eq!(saves(&driver.keys("<Enter>")), 1);
    driver.saved();
    let three = [("answer/1", Take::Theirs), ("answer/2", Take::Mine), ("answer/5", Take::Both)];
    assert_eq!(decided(&driver), three.map(|(name, take)| (name.to_owned(), take)).into());
    assert_eq!(saves(&driver.keys("u")), 1);
    driver.saved();
    assert_eq!(decided(&driver).len(), 2);
    driver.keys("<Home>");
    assert_eq!(saves(&driver.keys("t")), 0, "what is decided stays");
    assert!(driver.dump(80, 24).contains("u で取り消せます"));
    assert_eq!(saves(&driver.keys("a")), 1, "all that only the trainee changed");
    driver.saved();
    assert_eq!(decided(&driver).values().filter(|t| **t == Take::Theirs).count(), 4);
    assert!(driver.dump(80, 24).contains("未決 0件"));
    driver.keys("q");
    assert!(matches!(driver.model.screen, Screen::Work(_)));
    assert_eq!(driver.model.books.notes_of(engagement(&driver).id).len(), 1);
}

#[test]
fn a_return_is_not_seen_by_others_and_a_lock_keeps_its_place_only() {
    let mut driver = merging(Look::default());
    driver.keys("<F4>");
    let screen = driver.dump(80, 24);
    assert!(!screen.contains("台帳") && !screen.contains("名札"), "{screen}");
    for keys in ["t", "m", "<Enter>", "a"] {
        assert_eq!(driver.keys(keys), [], "{keys}");
    }
    driver.keys("<F4><F9>");
    assert!(matches!(&driver.model.screen, Screen::Locked { back: Some(back) } if matches!(**back, Screen::Work(_))));
}

/// A home whose engagement is the copy of a lead's.
fn copy(look: Look) -> Driver {
    let mut books = crate::harness::books();
    let e = books.engagements.values().next().unwrap().id;
    let shared = Shared {
        id: Id([81; 16]),
        engagement: e,
        lead: "伴野 走".into(),
        age_recipient: key().age,
        signing_key: key().signing,
        received_at: jiff::civil::date(2026, 10, 1).at(9, 0, 0, 0),
        until: jiff::civil::date(2026, 12, 4),
        sessions: [1, 2].into(),
        roles: "記録".into(),
        dates_by: "指導者".into(),
        handouts: true,
        parts: [SharePart::Overview, SharePart::Diagnosis].into(),
        base: BTreeMap::new(),
    };
    books.put(Record::Shared(shared));
    Driver::with(look, books)
}

#[test]
fn a_copy_is_marked_takes_drafts_and_is_given_back() {
    let mut driver = copy(Look::default());
    assert!(driver.dump(80, 24).contains("共有 "), "marked in the list");
    driver.keys("<Enter>");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("共有/OJT 指導者 伴野 走") && screen.contains("期限 12/04"), "{screen}");
    driver.keys("p");
    assert!(driver.dump(80, 24).contains("受け取った写しです"));
    driver.keys("4");
    assert_eq!(saves(&driver.keys("2")), 1);
    driver.saved();
    driver.keys("g8a");
    assert!(driver.model.status.notice.as_ref().unwrap().contains("E-1008"), "the plan was not shared");
    driver.keys("g1o");
    let (_, asked) = errand(&driver.keys("<Enter>"));
    assert!(matches!(asked, Errand::GiveBack { file, .. } if file.ends_with("-return.age")));
}

#[test]
fn the_own_key_line_is_told_for_the_other_to_note_down() {
    let mut driver = working(Look::default(), "");
    driver.keys("q");
    let (id, asked) = errand(&driver.keys("K"));
    assert_eq!(asked, Errand::Key);
    driver.send(Msg::Read { id, title: "鍵".into(), lines: key().line().split(' ').map(str::to_owned).collect() });
    assert!(driver.dump(80, 24).contains(&key().signing));
}

#[test]
fn a_copy_is_taken_in_only_with_the_line_of_its_lead() {
    let mut driver = Driver::opened(Look::default());
    driver.keys("i");
    driver.text("'/media/usb/c opy.age'");
    driver.keys("<Ctrl+S>");
    assert!(driver.model.form.as_ref().unwrap().refused.as_ref().unwrap().contains("鍵の行"));
    driver.keys("<Tab>");
    driver.text(&key().line());
    let (_, asked) = errand(&driver.keys("<Ctrl+S>"));
    assert_eq!(asked, Errand::TakeCopy { file: "/media/usb/c opy.age".into(), key: key().line() });
}

#[test]
fn going_along_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for size in SIZES {
            let mut driver = agreed(look);
            driver.shot(&format!("pairing-{name}"), size);
            driver.keys("p");
            driver.shot(&format!("pairing-form-{name}"), size);
            let mut driver = merging(look);
            driver.keys("<Right><Enter>");
            driver.shot(&format!("merge-{name}"), size);
            copy(look).shot(&format!("copy-clients-{name}"), size);
        }
    }
}
