//! The doctor's screen: asked for from anywhere, drawn with cause, effect and next command, left where one came from.

use bansou::app::effect::{Chore, Effect};
use bansou::app::field::Secret;
use bansou::app::look::Look;
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::app::width::Ambiguous;
use bansou::words::Lang;
use bansou_core::doctor::{
    Damage, Disk, Entry, EntryKind, Inside, Memory, Outside, Place, Report, Swap, SwapKind, Terminal, examine,
};
use bansou_core::programme::builtin;
use bansou_core::text::Text;

use crate::harness::{Driver, SIZES, books};

fn report() -> Report {
    let open = Swap { name: "/dev/sda2".into(), kind: SwapKind::Open };
    let entry = Entry { path: "vault.db".into(), kind: EntryKind::File, mode: Some(0o644), own: true };
    let terminal =
        Terminal { size: (80, 24), utf8: true, colours: true, multiplexer: true, ssh: false, wide: Some(false) };
    let memory =
        Memory { swaps: vec![open], hibernates: true, core_dumps_off: true, undumpable: true, keys_locked: true };
    let outside = Outside {
        now: jiff::civil::date(2026, 10, 8).at(14, 5, 12, 0),
        terminal: Some(terminal),
        disk: Some(Disk { free: 10 << 30, used: 0 }),
        entries: vec![entry],
        ways: Vec::new(),
        memory: Some(memory),
        place: Place { synced: Some("Dropbox".into()), ..Place::default() },
        settings: Vec::new(),
    };
    let (ja, en) = ("記録 00ff が書き換えられています".into(), "record 00ff was changed".into());
    examine(&builtin(), &outside, &Inside::Broken(vec![Damage::Thing(Text { ja, en })]))
}

fn answer(driver: &mut Driver, report: Report) {
    let id = *driver.model.pending.keys().next().unwrap();
    driver.send(Msg::Examined { id, report: Box::new(report) });
}

#[test]
fn the_doctor_is_called_by_go_to_and_by_the_palette_and_answers_once() {
    let mut driver = Driver::with(Look { ambiguous: Ambiguous::Wide, ..Look::default() }, books());
    assert_eq!(driver.keys("g,"), [Effect::Examine { id: 2, wide: true }]);
    assert!(driver.dump(80, 24).contains("診ています"));
    assert_eq!(driver.keys("<Enter>"), [], "one examination at a time");
    answer(&mut driver, Report::default());
    assert!(driver.dump(80, 24).contains("具合の悪い所は見つかりませんでした"));
    assert_eq!(driver.keys("<Enter>"), [Effect::Examine { id: 3, wide: true }]);
    answer(&mut driver, report());
    assert!(driver.dump(80, 24).contains("store.damaged"));
    driver.keys("<Down>");
    assert!(driver.dump(80, 24).contains("file.mode") && driver.dump(80, 24).contains("vault.db (644)"));
    driver.keys("<Esc>");
    assert!(matches!(driver.model.screen, Screen::Clients { .. }));
    driver.keys("<F2>");
    driver.text("setteitosindan");
    assert_eq!(driver.keys("<Enter>"), [Effect::Examine { id: 4, wide: true }]);
    driver.keys("<Esc>");
    answer(&mut driver, report());
    assert!(matches!(driver.model.screen, Screen::Clients { .. }), "an answer that comes late opens nothing");
}

#[test]
fn a_secretariat_comes_back_to_its_board() {
    let mut books = books();
    books.profile.as_mut().unwrap().secretariat = true;
    let mut driver = Driver::with(Look::default(), books);
    assert_eq!(driver.keys("g,"), [Effect::Examine { id: 2, wide: false }]);
    answer(&mut driver, report());
    driver.keys("<F5>");
    assert!(matches!(driver.model.screen, Screen::Doctor { .. }), "the expert's outbox is not the secretariat's");
    driver.keys("<Esc>");
    assert!(matches!(driver.model.screen, Screen::Office(_)));
}

#[test]
fn the_store_is_looked_after_from_here_and_examined_again_when_it_is_done() {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("g,");
    answer(&mut driver, report());
    assert_eq!(driver.keys("b"), [Effect::Care { id: 3, chore: Chore::Backup }]);
    assert_eq!(driver.keys("b"), [], "one backup at a time");
    assert_eq!(driver.send(Msg::Done { id: 3, entries: Vec::new() }), [Effect::Examine { id: 4, wide: false }]);
    assert!(driver.dump(80, 24).contains("控えを作り、読み返しました"));
    answer(&mut driver, Report::default());

    driver.keys("d");
    driver.text("AGE-SECRET-KEY-1");
    assert!(!driver.dump(80, 24).contains("AGE-SECRET"), "a code is typed in stars");
    let chore = Chore::Drill(Secret::new("AGE-SECRET-KEY-1"));
    assert_eq!(driver.keys("<Enter>"), [Effect::Care { id: 5, chore }]);
    assert_eq!(driver.send(Msg::Done { id: 5, entries: Vec::new() }).len(), 1);
    assert!(driver.dump(80, 24).contains("復旧シートは正しい"));
    answer(&mut driver, Report::default());

    for (again, refused) in [("別", true), ("新しい", false)] {
        driver.keys("P");
        driver.text("今の");
        driver.keys("<Enter>");
        driver.text("新しい");
        driver.keys("<Enter>");
        driver.text(again);
        let asked = driver.keys("<Ctrl+S>");
        if refused {
            assert_eq!(asked, []);
            let shown = driver.dump(80, 24);
            assert!(shown.contains("一致しません") && !shown.contains('*'), "{shown}");
            driver.keys("<Esc>");
        } else {
            let chore = Chore::Passphrase { now: Secret::new("今の"), new: Secret::new("新しい") };
            assert_eq!(asked, [Effect::Care { id: 7, chore }]);
        }
    }
}

#[test]
fn snapshots_of_the_doctor() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for size in SIZES {
            let mut driver = Driver::with(Look { lang, ..Look::default() }, books());
            driver.keys("g,");
            answer(&mut driver, report());
            driver.keys("<Down><Down>");
            driver.shot(&format!("doctor-{name}"), size);
        }
    }
}
