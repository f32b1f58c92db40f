//! The screens driven by keys: which effects are asked for, what is drawn, and that nothing makes them fail.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "screens/copy.rs"]
mod copy;
#[path = "screens/days.rs"]
mod days;
#[path = "screens/doctor.rs"]
mod doctor;
#[path = "screens/drafts.rs"]
mod drafts;
#[path = "screens/evidence.rs"]
mod evidence;
#[path = "screens/find.rs"]
mod find;
#[path = "screens/guide.rs"]
mod guide;
#[path = "screens/harness.rs"]
mod harness;
#[path = "screens/notes.rs"]
mod notes;
#[path = "screens/office.rs"]
mod office;
#[path = "screens/owner.rs"]
mod owner;
#[path = "screens/past.rs"]
mod past;
#[path = "kit/people.rs"]
mod people;
#[path = "screens/plan.rs"]
mod plan;
#[path = "screens/safe.rs"]
mod safe;
#[path = "screens/settings.rs"]
mod settings;
#[path = "screens/share.rs"]
mod share;
#[path = "screens/spoken.rs"]
mod spoken;
#[path = "screens/textkeys.rs"]
mod textkeys;
#[path = "screens/tutorial.rs"]
mod tutorial;
#[path = "screens/whole.rs"]
mod whole;
#[path = "screens/writing.rs"]
mod writing;

use bansou::app::effect::Effect;
use bansou::app::field::Secret;
use bansou::app::key::{Code, Key};
use bansou::app::keymap::{self, GLOBAL, SCREENS};
use bansou::app::look::{Look, Theme};
use bansou::app::model::{Model, Screen};
use bansou::app::msg::{Msg, Problem};
use bansou::app::overlay::Overlay;
use bansou::app::spoken::Told;
use bansou::app::width::Ambiguous;
use bansou::words::Lang;
use harness::{Driver, SIZES, snapshot};
use proptest::prelude::*;

fn unlocked(id: u64) -> Msg {
    let (books, recent) = (Box::default(), Vec::new());
    Msg::Unlocked { id, books, recent, drafts: Box::default() }
}

fn problem() -> Box<Problem> {
    Box::new(Problem {
        happened: "パスフレーズが違います。".into(),
        todo: "大文字と小文字を確かめて、もう一度入れてください。".into(),
        code: "E-004".into(),
    })
}

#[test]
fn a_message_stays_small() {
    assert!(size_of::<Msg>() <= 128);
}

#[test]
fn the_passphrase_is_asked_once_and_opens_the_list() {
    let mut driver = Driver::new(Look::default());
    driver.text("correct horse");
    let effects = driver.keys("<Enter>");
    let passphrase = Secret::new("correct horse");
    assert_eq!(effects, [Effect::Unlock { id: 1, passphrase }]);
    assert_eq!(driver.keys("x<Enter>"), [], "one attempt at a time");
    driver.send(unlocked(1));
    assert!(matches!(driver.model.screen, Screen::Clients { .. }));
    assert!(driver.model.pending.is_empty());
}

#[test]
fn an_answer_that_was_not_asked_for_opens_nothing() {
    let mut driver = Driver::new(Look::default());
    driver.send(unlocked(7));
    assert!(driver.model.locked());
}

#[test]
fn a_wrong_passphrase_is_explained_and_can_be_tried_again() {
    let mut driver = Driver::new(Look::default());
    driver.keys("x<Enter>");
    driver.send(Msg::Failed { id: 1, problem: problem() });
    assert!(driver.dump(80, 24).contains("E-004"));
    driver.keys("<Esc>");
    assert_eq!(driver.keys("y<Enter>"), [Effect::Unlock { id: 2, passphrase: Secret::new("y") }]);
}

#[test]
fn what_does_not_open_is_told_beside_the_field_which_takes_the_next_try_at_once() {
    for code in ["E-VAULT-PASSPHRASE", "E-VAULT-RECOVERY"] {
        let mut driver = Driver::new(Look::default());
        driver.keys("x<Enter>");
        driver.send(Msg::Failed { id: 1, problem: Box::new(Problem { code: code.into(), ..*problem() }) });
        let shown = driver.dump(80, 24);
        assert!(shown.contains(&problem().happened) && shown.contains(&problem().todo), "{shown}");
        assert_eq!(driver.keys("y<Enter>"), [Effect::Unlock { id: 2, passphrase: Secret::new("y") }], "{code}");
    }
}

#[test]
fn locking_forgets_and_quitting_waits_for_answers() {
    let mut driver = Driver::opened(Look::default());
    assert_eq!(driver.keys("<F9>"), [Effect::Lock]);
    assert!(driver.model.locked());
    driver.keys("x<Enter>");
    assert_eq!(driver.keys("<Ctrl+Q>"), [], "an effect is unanswered");
    driver.send(Msg::Failed { id: 2, problem: problem() });
    assert_eq!(driver.keys("<Esc><Ctrl+Q>"), [Effect::Quit(0)]);
}

#[test]
fn a_lock_keeps_the_place_and_no_text() {
    let mut driver = Driver::opened(Look::default());
    driver.send(Msg::Idle { left: 60 });
    assert!(driver.model.status.notice.as_ref().is_some_and(|n| n.contains("60")));
    driver.keys("/");
    driver.text("さがす");
    driver.keys("<Ctrl+S>");
    assert!(matches!(&driver.model.screen, Screen::Clients { filter, .. } if filter == "さがす"));
    assert_eq!(driver.send(Msg::Suspend), [Effect::Lock, Effect::Suspend]);
    assert!(!format!("{:?}", driver.model).contains("さがす"));
    assert_eq!(driver.send(Msg::Lock), [Effect::Lock], "a second lock forgets what was typed at the first");
    driver.keys("<Esc>x<Enter>");
    let id = driver.model.next_ticket - 1;
    driver.send(unlocked(id));
    assert!(matches!(&driver.model.screen, Screen::Clients { filter, .. } if filter.is_empty()));
    driver.keys("<F5><F9>x<Enter>");
    let id = driver.model.next_ticket - 1;
    driver.send(unlocked(id));
    assert!(matches!(driver.model.screen, Screen::Outbox { .. }), "it comes back to where it was");
    assert_eq!(driver.send(Msg::End(143)), [Effect::Quit(143)]);
}

#[test]
fn an_answer_after_locking_does_not_unlock() {
    let mut driver = Driver::new(Look::default());
    driver.keys("x<Enter>");
    assert_eq!(driver.keys("<F9>"), [Effect::Lock]);
    let passphrase = Secret::new("y");
    let again = Effect::Unlock { id: 2, passphrase };
    assert_eq!(driver.keys("y<Enter>"), [again]);
    driver.send(unlocked(1));
    assert!(driver.model.locked(), "the lock came after the question");
    driver.send(unlocked(2));
    assert!(!driver.model.locked());
}

#[test]
fn every_action_is_reached_by_typing_romaji_in_the_palette() {
    let mut driver = Driver::opened(Look::default());
    driver.keys("<F2>");
    driver.text("kyakusaki");
    driver.keys("<Enter>");
    assert!(driver.model.look.client_safe);
    assert!(driver.model.overlay.is_none());
}

#[test]
fn letters_from_an_input_method_left_on_still_work_and_say_so_once() {
    let mut driver = Driver::opened(Look::default());
    driver.keys("？");
    assert!(matches!(driver.model.overlay, Some(Overlay::Help { .. })));
    assert!(driver.model.status.notice.is_some());
    driver.keys("ｑ");
    assert!(driver.model.overlay.is_none());
    assert!(driver.model.status.notice.is_none());
}

#[test]
fn a_burst_of_letters_is_not_taken_for_commands() {
    let mut driver = Driver::opened(Look::default());
    driver.pause = 0;
    let effects = driver.keys("zzzzzzzzzzq");
    assert_eq!(effects, []);
    driver.pause = 500;
    assert_eq!(driver.keys("q"), [Effect::Quit(0)]);
}

#[test]
fn the_waiting_prefix_has_no_time_limit() {
    let mut driver = Driver::opened(Look::default());
    driver.keys("g");
    driver.pause = 3_600_000;
    driver.send(Msg::Tick);
    assert!(matches!(driver.model.overlay, Some(Overlay::Choices('g'))));
    driver.keys("c");
    assert!(driver.model.overlay.is_none());
}

#[test]
fn the_clock_stands_still_while_a_field_has_the_focus() {
    let mut driver = Driver::new(Look::default());
    let before = driver.model.clock;
    driver.later(3600);
    driver.send(Msg::Tick);
    assert_eq!(driver.model.clock, before);
}

#[test]
fn the_hardware_cursor_is_in_the_focused_field() {
    let mut driver = Driver::new(Look::default());
    driver.text("ab");
    assert_eq!(driver.cursor(80, 24), (26, 4));
}

#[test]
fn digits_that_are_no_answers_say_so_with_the_input_method_on_too() {
    for digit in ["3", "３"] {
        let mut driver = working(Look::default(), "4");
        driver.keys(digit);
        assert!(driver.dump(80, 24).contains("ここでは数字は答えです"), "{digit}");
    }
}

#[test]
fn the_last_day_of_a_client_is_seen_on_a_small_screen() {
    for (lang, due) in [(Lang::Ja, "今日"), (Lang::En, "today")] {
        let driver = Driver::with(Look { lang, ..Look::default() }, harness::books());
        for size in [(60, 16), (60, 20), (80, 24), (100, 24), (120, 40)] {
            let screen = driver.dump(size.0, size.1);
            let row = screen.lines().find(|line| line.starts_with(" > ")).unwrap();
            let list = row.chars().take(usize::from(size.0)).collect::<String>();
            assert!(list.contains("10/08") && list.contains(due), "{size:?} {row}");
        }
    }
}

#[test]
fn footers_fit_and_show_at_most_eight_hints_at_eighty_columns() {
    let keys = keymap::Keymap::default();
    for lang in [Lang::Ja, Lang::En] {
        let words = bansou::words::Words::new(lang);
        for (table, _, _) in SCREENS {
            for width in [60, 80, 120] {
                let measure = |t: &str| bansou::app::width::cells(t, Ambiguous::Narrow);
                let line = keys.footer(*table, |row| Some(row.word), words, width, measure);
                assert!(measure(&line) <= width, "{table:?} {line}");
                assert!(!line.is_empty(), "{table:?}");
                if width == 80 {
                    assert!(line.trim().split("  ").count() <= 8, "{table:?} {line}");
                }
            }
        }
    }
}

fn working(look: Look, keys: &str) -> Driver {
    let mut driver = Driver::with(look, harness::books());
    driver.keys("<Enter>");
    driver.keys(keys);
    driver
}

fn saves(effects: &[Effect]) -> usize {
    let save = |e: &&Effect| matches!(e, Effect::Save { .. });
    effects.iter().filter(save).count()
}

#[test]
fn one_key_answers_a_question_and_goes_on_and_u_takes_it_back() {
    let mut driver = working(Look::default(), "4");
    let sheet = |d: &Driver| d.model.books.sheets.values().next().map(|s| s.answers.clone());
    assert_eq!(saves(&driver.keys("4")), 1);
    driver.saved();
    assert_eq!(saves(&driver.keys("0")), 1);
    driver.saved();
    let answers = sheet(&driver).unwrap();
    assert_eq!(answers.keys().copied().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(saves(&driver.keys("u")), 1);
    assert_eq!(sheet(&driver).unwrap().len(), 1);
    assert!(driver.dump(80, 24).contains("取り消しました"));
    driver.saved();
    assert_eq!(saves(&driver.keys("u")), 1);
    assert_eq!(sheet(&driver), None);
}

#[test]
fn twenty_five_answers_take_twenty_five_keys() {
    let mut driver = working(Look::default(), "4");
    let effects = driver.keys(&"4".repeat(25));
    assert_eq!(saves(&effects), 25);
    let sheet = driver.model.books.sheets.values().next().unwrap();
    assert_eq!(sheet.answers.len(), 25);
    assert!(driver.dump(80, 24).contains("100/100"));
}

#[test]
fn a_change_that_cannot_be_saved_is_taken_back_and_said() {
    let mut driver = working(Look::default(), "4");
    driver.keys("4");
    let id = *driver.model.pending.keys().next().unwrap();
    driver.send(Msg::Failed { id, problem: problem() });
    assert!(driver.model.books.sheets.is_empty());
    assert!(matches!(driver.model.overlay, Some(Overlay::Problem(_))));
}

#[test]
fn a_problem_is_told_to_its_last_word() {
    let mut driver = Driver::new(Look::default());
    let long = |end: &str| format!("{}{end}", "長い説明は幅で折り返し".repeat(9));
    let problem = Problem { happened: long("起きた。"), todo: long("する。"), code: "E-004".into() };
    driver.send(Msg::Failed { id: 1, problem: Box::new(problem) });
    let screen: String = driver.dump(80, 24).split_whitespace().collect();
    assert!(screen.contains("起きた。") && screen.contains("する。"), "{screen}");
}

#[test]
fn nothing_is_called_saved_before_the_store_said_so() {
    let mut driver = working(Look::default(), "4");
    driver.keys("4");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("保存しています") && !screen.contains("自動保存"));
    driver.saved();
    assert!(driver.dump(80, 24).contains("自動保存 14:05:12"));
}

#[test]
fn space_ticks_the_checklist_and_ticks_it_off_again() {
    let mut driver = working(Look::default(), "2");
    let checks = |d: &Driver| d.model.books.engagements.values().next().unwrap().sessions[0].checks.len();
    assert_eq!(saves(&driver.keys(" ")), 1);
    assert_eq!(checks(&driver), 1);
    assert_eq!(saves(&driver.keys(" ")), 1);
    assert_eq!(checks(&driver), 0);
}

#[test]
fn skipping_needs_a_reason_and_the_form_keeps_the_text() {
    let mut driver = working(Look::default(), "2x");
    assert_eq!(driver.keys("<Ctrl+S>"), []);
    assert!(driver.dump(80, 24).contains("E-307"));
    driver.text("テレワークはない");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    assert!(driver.model.form.is_none());
}

#[test]
fn a_session_is_recorded_with_its_times() {
    let mut driver = working(Look::default(), "2n<Tab><Tab>");
    driver.text("1310");
    driver.keys("<Ctrl+S>");
    assert!(driver.dump(80, 24).contains("E-306"), "the end is before the start");
    driver.keys("<Ctrl+U>");
    driver.text("１５：３０");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    let engagement = driver.model.books.engagements.values().next().unwrap();
    assert_eq!(engagement.held_count(), 1);
}

#[test]
fn three_digits_score_a_line_and_go_to_the_next() {
    let mut driver = working(Look::default(), "4");
    driver.keys(&"0".repeat(25));
    driver.saved();
    driver.keys("g8a");
    let plan = |d: &Driver| d.model.books.plans.values().next().unwrap().lines.clone();
    assert_eq!(plan(&driver).len(), 8);
    let effects = driver.keys("t112");
    assert_eq!(saves(&effects), 1);
    let scored = plan(&driver);
    let hit = |l: &&bansou_core::record::v1::PlanLine| (l.urgency, l.importance, l.difficulty) == (1, 1, 2);
    assert_eq!(scored.iter().filter(hit).count(), 1);
}

#[test]
fn a_client_is_registered_and_found_by_romaji() {
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("a");
    driver.text("有明木工㈲");
    driver.keys("<Tab>");
    driver.text("アリアケモッコウ");
    driver.keys("<Tab><Tab>");
    driver.text("3,000,000");
    driver.keys("<Tab>");
    driver.text("２１");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.keys("/");
    driver.text("ariake");
    driver.keys("<Enter>");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("有明木工㈲") && screen.contains("顧客 1社"));
}

#[test]
fn client_view_hides_the_other_names_and_the_notes() {
    let look = Look { client_safe: true, ..Look::default() };
    let mut driver = Driver::with(look, harness::books());
    assert!(!driver.dump(80, 24).contains("北星"));
    driver.keys("<Enter>");
    assert!(matches!(driver.model.screen, Screen::Clients { .. }), "nobody opens what is covered");
    driver.keys("<F4><Enter><F4>m");
    driver.text("秘密のメモ");
    let typing = driver.dump(80, 24);
    assert!(typing.contains("*****") && !typing.contains("秘密"), "{typing}");
    driver.keys("<Enter><Enter>3");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("客先表示中") && !screen.contains("秘密のメモ"));
    driver.keys("1");
    assert!(!driver.dump(80, 24).contains("秘密のメモ"));
}

#[test]
fn locking_leaves_no_text_of_clients_in_the_model() {
    let mut driver = working(Look::default(), "m");
    driver.text("秘密のメモ");
    driver.keys("<Enter><Esc>");
    driver.saved();
    driver.keys("3wm");
    driver.text("書きかけ");
    driver.keys("<F9>");
    let mut model = driver.model.clone();
    model.packs = Default::default();
    let left = format!("{model:?}");
    for word in ["北星", "秘密", "書きかけ", "K-0118", "経営者"] {
        assert!(!left.contains(word), "{word}");
    }
}

#[test]
fn a_document_is_asked_for_and_its_record_followed() {
    use bansou_core::document::Request;
    let mut driver = working(Look::default(), "9");
    let engagement = *driver.model.books.engagements.keys().next().unwrap();
    let request = Request::Engagement { engagement, document: "diagnosis".into(), session: None };
    assert_eq!(driver.keys("p"), [Effect::MakeDocument { id: 2, request, file: None }]);
    assert!(driver.dump(80, 24).contains("文書を作っています"));
    driver.send(Msg::Done { id: 2, entries: Vec::new() });
    assert!(driver.model.pending.is_empty());
}

#[test]
fn an_incomplete_report_is_not_sealed() {
    let mut driver = working(Look::default(), "0");
    assert_eq!(driver.keys("s"), []);
    assert!(driver.dump(80, 24).contains("E-303"), "the session was not held");
}

#[test]
fn the_preview_shows_the_report_and_names_what_is_missing() {
    let mut driver = working(Look::default(), "2n<Tab><Tab>");
    driver.text("15:30");
    driver.keys("<Ctrl+S>0e");
    driver.text("聞き取りと診断を行った");
    driver.keys("<Ctrl+S>");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("聞き取りと診断を行った") && screen.contains("K-0118"), "{screen}");
    assert!(screen.contains("様式5の記録"), "{screen}");
    assert_eq!(driver.keys("s"), []);
    assert!(driver.dump(80, 24).contains("E-402"));
}

#[test]
fn the_outbox_sends_and_exchanges_by_folder() {
    let mut driver = working(Look::default(), "<F5>");
    assert_eq!(driver.keys("s"), [Effect::Send { id: 2 }]);
    driver.keys("b");
    driver.text("/media/usb");
    assert_eq!(driver.keys("<Enter>"), [Effect::ExportTo { id: 3, folder: "/media/usb".into() }]);
}

/// One session held, confirmed, reported on paper: what a claim needs but the sealing.
fn held() -> Driver {
    let mut driver = working(Look::default(), "2n<Tab><Tab>");
    driver.text("15:30");
    driver.keys("<Ctrl+S>c<Tab>");
    driver.text("代表取締役");
    driver.keys("<Tab>");
    driver.text("北 星子");
    driver.keys("<Ctrl+S>0e");
    driver.text("聞き取りと診断を行った");
    driver.keys("<Ctrl+S>");
    driver.saved();
    driver
}

fn engagement(driver: &Driver) -> bansou_core::record::v1::Engagement {
    driver.model.books.engagements.values().next().unwrap().clone()
}

#[test]
fn a_report_is_sealed_once_only_the_expert_can_add_nothing() {
    let mut driver = held();
    let screen = driver.dump(80, 24);
    assert!(!screen.contains("足りないもの"), "what sealing makes is not missing: {screen}");
    let effects = driver.keys("s");
    assert!(matches!(effects[..], [Effect::SealReport { session: 1, .. }]), "{effects:?}");
}

#[test]
fn a_unit_that_cannot_be_claimed_says_why() {
    let mut driver = held();
    driver.keys("gk");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("不足") && screen.contains("E-505"), "{screen}");
    assert_eq!(driver.keys("<Enter>"), [], "the report was not sent");
    assert!(driver.dump(80, 24).contains("E-505"));
}

/// A sealed report of session 1.
fn sealed_item(driver: &Driver, n: u8, seq: u64) -> bansou_core::record::v1::OutboxItem {
    use bansou_core::record::v1::{BundleKind, Id, OutboxItem, OutboxState};
    OutboxItem {
        id: Id([n; 16]),
        kind: BundleKind::Report,
        engagement: Some(engagement(driver).id),
        claim: None,
        session: Some(1),
        seq,
        manifest_sha256: String::new(),
        sha256: String::new(),
        size: 1,
        blob: Some(Id([8; 16])),
        ticket: String::new(),
        sealed_at: jiff::civil::date(2026, 10, 8).at(15, 0, 0, 0),
        state: OutboxState::Queued,
        attempts: 0,
        receipt: None,
        reply: None,
        answered_on: None,
    }
}

#[test]
fn the_history_says_states_in_the_words_of_the_screens() {
    use bansou_core::record::v1::{Change, OutboxState, Record};
    for (lang, said, stored) in [
        (Lang::Ja, "サーバー受領 -> 事務局が確認", "received"),
        (Lang::En, "the server holds it -> accepted", "received"),
    ] {
        let mut driver = Driver::with(Look { lang, ..Look::default() }, harness::books());
        let before = sealed_item(&driver, 9, 1);
        let state = |state| Some(Record::Outbox(bansou_core::record::v1::OutboxItem { state, ..before.clone() }));
        let change =
            Change { id: before.id, before: state(OutboxState::Received), after: state(OutboxState::Accepted) };
        let entry = bansou_core::command::entry(before.sealed_at, "outbox", vec![change], None);
        driver.model.history.push((1, entry));
        driver.keys("gh");
        let shown = driver.dump(120, 40);
        assert!(shown.contains(said) && !shown.contains(stored), "{shown}");
    }
}

#[test]
fn the_outbox_says_what_a_restored_store_has_to_do_and_shows_long_numbers() {
    use bansou_core::command::{Command, Ctx, apply};
    use bansou_core::record::v1::{Found, OutboxState, RaisedBy, Record};
    use bansou_core::resume::ResumeCommand;
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for size in SIZES {
            let mut driver = held();
            driver.model.look.lang = lang;
            let resume = |driver: &mut Driver, command| {
                let ctx = Ctx {
                    now: jiff::civil::date(2026, 10, 9).at(9, 30, 0, 0),
                    seed: [3; 16],
                    packs: &driver.model.packs,
                };
                let changes = apply(&driver.model.books, &ctx, Command::Resume(command)).unwrap();
                driver.model.books.follow(&changes);
            };
            let first = sealed_item(&driver, 9, 1);
            driver.model.books.put(Record::Outbox(first));
            resume(&mut driver, ResumeCommand::Restored);
            driver.keys("<F5>");
            driver.shot(&format!("outbox-restored-{name}"), size);
            let (receipt, found_on) = (Some("{}".to_owned()), jiff::civil::date(2026, 10, 9));
            let other = Found { size: 1, found_on, state: OutboxState::Received, receipt, seq: None };
            let found = [("ab".repeat(32), other)].into();
            resume(&mut driver, ResumeCommand::Reconcile { by: RaisedBy::Mailbox, found });
            let next = bansou_core::outbox::next_place(&driver.model.books).seq;
            let second = sealed_item(&driver, 10, next);
            driver.model.books.put(Record::Outbox(second));
            driver.shot(&format!("outbox-resumed-{name}"), size);
        }
    }
}

#[test]
fn the_last_row_but_one_says_what_the_store_needs_and_never_hides_a_notice() {
    use bansou_core::record::v1::{BackupMade, Care};
    let day = |d| jiff::civil::date(2026, 9, d);
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let mut driver = held();
        driver.model.look.lang = lang;
        driver.model.books.profile.as_mut().unwrap().practice = false;
        let care = Care { made_on: day(1), ways: [].into(), drilled_on: None, backup: None, restored: None };
        let row = |driver: &Driver, width| driver.dump(width, 24).lines().nth(22).unwrap().to_owned();
        let mut rows = Vec::new();
        for (drilled_on, backup) in
            [(None, None), (Some(day(2)), None), (Some(day(2)), Some(BackupMade { on: day(3), seq: 0 }))]
        {
            driver.model.books.care = Some(Care { drilled_on, backup, ..care.clone() });
            rows.extend([60, 80, 120].map(|width| row(&driver, width)));
        }
        driver.model.books.care.as_mut().unwrap().backup = Some(BackupMade { on: day(3), seq: 1000 });
        rows.push(row(&driver, 80));
        driver.model.books.care = Some(care);
        driver.model.status.notice = Some("E-000 ".to_owned() + &"長い断り".repeat(12));
        rows.push(row(&driver, 80));
        snapshot(&format!("store-needs-{name}"), &(rows.join("\n") + "\n"));
    }
}

#[test]
fn a_claim_is_drafted_read_and_sealed() {
    let mut driver = held();
    let item = sealed_item(&driver, 9, 1);
    driver.model.books.put(bansou_core::record::v1::Record::Outbox(item));
    driver.keys("gk");
    assert_eq!(saves(&driver.keys("a")), 1);
    driver.saved();
    let claim = driver.model.books.claims.values().next().unwrap().clone();
    assert_eq!((claim.lines.len(), claim.gross - claim.withheld), (1, claim.net));
    let screen = driver.dump(80, 24);
    assert!(screen.contains("下書き") && screen.contains(&bansou_core::money::format_yen(claim.net)), "{screen}");
    driver.keys("v");
    assert!(driver.dump(80, 24).contains("K-0118"), "the claim can be read before it is sealed");
    driver.keys("<Esc>");
    let effects = driver.keys("s");
    assert!(matches!(effects[..], [Effect::SealClaim { claim: sealed, .. }] if sealed == claim.id));
    driver.saved();
    assert_eq!(saves(&driver.keys("d")), 1, "a draft can be thrown away");
}

#[test]
fn digits_answer_the_final_report_and_its_conditions_follow() {
    let mut driver = working(Look::default(), "0f");
    assert_eq!(saves(&driver.keys("2")), 1);
    let answers = driver.model.books.final_reports.values().next().unwrap().answers.clone();
    assert_eq!(answers.get("1-1").map(String::as_str), Some("2"));
    driver.saved();
    assert_eq!(driver.keys("9"), [], "there is no ninth option");
    assert!(driver.dump(80, 24).contains("2 2名"));
}

#[test]
fn the_policy_is_filled_and_read_before_it_is_made() {
    let mut driver = working(Look::default(), "6");
    assert!(driver.dump(120, 40).contains("㈱北星精密は、"), "the client's record fills the text");
    driver.keys("jj");
    driver.keys("<Enter>");
    driver.keys(&"<Backspace>".repeat(30));
    driver.text("設計図面");
    assert_eq!(saves(&driver.keys("<Enter>")), 1);
    driver.keys("v");
    let page = driver.dump(80, 24);
    assert!(page.contains("情報セキュリティ基本方針"), "{page}");
}

#[test]
fn the_preview_says_what_the_document_says_or_why_not() {
    let mut driver = working(Look::default(), "9");
    driver.keys("<Enter>");
    assert!(driver.dump(80, 24).contains("E-101"), "nothing was diagnosed");
    driver.keys("g4");
    driver.keys(&"4".repeat(25));
    driver.saved();
    driver.keys("g9<Enter>");
    let page = driver.dump(80, 24);
    assert!(page.contains("合計: 100") && page.contains("㈱北星精密"), "{page}");
    driver.keys("<Down><Down><Esc>w");
    assert!(driver.dump(80, 24).contains("E-101"), "it was not made yet");
}

#[test]
fn ending_early_needs_a_reason_and_the_case_number() {
    let mut driver = held();
    driver.keys("1d<Right>");
    assert_eq!(driver.keys("<Ctrl+S>"), [], "the word is still missing");
    driver.text("K-0119");
    assert_eq!(driver.keys("<Ctrl+S>"), []);
    driver.keys("<Backspace>");
    driver.text("8");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    let ending = engagement(&driver).ending.unwrap();
    assert_eq!((ending.after, ending.reason.as_str()), (1, "企業の業務都合"));
    driver.saved();
    assert_eq!(saves(&driver.keys("u")), 1, "and it can be taken back");
}

#[test]
fn a_client_is_corrected_and_archived_by_its_word() {
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("e");
    driver.text("改");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    assert!(driver.dump(80, 24).contains("㈱北星精密改"));
    driver.keys("d");
    driver.text("K-0118");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    assert!(!driver.dump(80, 24).contains("㈱北星精密改"));
}

#[test]
fn an_archived_client_is_found_again_and_brought_back() {
    let mut driver = Driver::with(Look::default(), harness::books());
    driver.keys("d");
    driver.text("K-0118");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    let list = driver.dump(80, 24);
    assert!(!list.contains("北星") && list.contains("今日すること 0件"), "{list}");
    driver.keys("z");
    assert!(driver.dump(80, 24).contains("北星"));
    driver.keys("e<Ctrl+S>");
    assert!(driver.dump(80, 24).contains("E-901"), "it is read-only");
    driver.keys("<Esc>");
    assert_eq!(saves(&driver.keys("d")), 1);
    driver.saved();
    driver.keys("z");
    assert!(driver.dump(80, 24).contains("北星"));
}

#[test]
fn a_client_is_erased_only_when_nothing_is_in_the_way_and_its_word_was_typed() {
    let mut driver = Driver::with(Look::default(), harness::books());
    assert_eq!(driver.keys("X"), []);
    let refused = driver.dump(80, 24);
    assert!(driver.model.overlay.is_none() && refused.contains("E-903") && refused.contains("2026-12-07"), "{refused}");
    let before = driver.model.books.clone();
    driver.keys("<Down>X");
    driver.text("K-0118");
    assert_eq!(driver.keys("<Ctrl+S>"), [], "another word");
    driver.keys(&"<Backspace>".repeat(6));
    driver.text("erase");
    let effects = driver.keys("<Ctrl+S>");
    let [Effect::Erase { id, client, word }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((word.as_str(), &driver.model.books), ("erase", &before), "the shell does it, not the screen");
    let change = bansou_core::record::v1::Change { id: *client, before: None, after: None };
    let now = jiff::civil::date(2026, 10, 8).at(14, 6, 0, 0);
    let entry = bansou_core::command::entry(now, bansou_core::command::PURGE, vec![change], None);
    driver.model.history.push((1, entry.clone()));
    let after = driver.send(Msg::Done { id: *id, entries: vec![entry] });
    assert_eq!((after, driver.model.locked()), (vec![Effect::Lock], true));
    assert!(driver.model.books.clients.is_empty() && driver.model.history.is_empty(), "nothing is remembered");
    assert!(driver.dump(80, 24).contains("消去しました"));
}

#[test]
fn erasing_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for size in SIZES {
            let mut driver = Driver::with(Look { lang, ..Look::default() }, harness::books());
            driver.keys("<Down>X");
            driver.text("era");
            driver.shot(&format!("erase-{name}"), size);
            driver.keys("<Esc>d");
            driver.text("archive");
            driver.keys("<Ctrl+S>z");
            driver.saved();
            driver.shot(&format!("archived-{name}"), size);
        }
    }
}

#[test]
fn enter_on_the_overview_opens_what_is_due() {
    let mut driver = held();
    driver.keys("1<Enter>");
    let Screen::Work(work) = &driver.model.screen else { panic!("work") };
    assert_eq!((work.tab, work.session), (bansou::app::model::Tab::Report, 1));
}

#[test]
fn enter_on_an_item_opens_what_it_is_about() {
    let mut driver = working(Look::default(), "2jjj<Enter>");
    assert!(driver.model.form.is_some(), "the date of the session");
    driver.keys("<Esc>jj<Enter>");
    let Screen::Work(work) = &driver.model.screen else { panic!("work") };
    assert_eq!(work.tab, bansou::app::model::Tab::Diagnosis);
}

#[test]
fn a_further_sheet_keeps_the_one_before() {
    let mut driver = working(Look::default(), "4");
    driver.keys(&"2".repeat(25));
    driver.saved();
    driver.later(7 * 86_400);
    driver.send(Msg::Tick);
    driver.keys("s<Ctrl+S>");
    driver.saved();
    driver.keys("<Up><Up>4");
    assert_eq!(driver.model.books.sheets.len(), 2);
    let screen = driver.dump(80, 24);
    assert!(screen.contains("前回 10/08: 2") && screen.contains("残りが前回並みなら 52点"), "{screen}");
}

#[test]
fn work_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for size in SIZES {
            let mut driver = Driver::with(look, harness::books());
            driver.shot(&format!("clients-{name}"), size);
            for (keys, tab) in [
                ("1", "overview"),
                ("2", "sessions"),
                ("3", "notes"),
                ("7", "regulations"),
                ("9", "deliverables"),
                ("0", "report"),
                ("6", "policy"),
                ("0f", "final"),
                ("gk", "claims"),
                ("<F5>", "outbox"),
            ] {
                let mut driver = working(look, keys);
                driver.shot(&format!("{tab}-{name}"), size);
            }
            let mut driver = working(look, "4");
            driver.keys("42420424204-424n");
            driver.shot(&format!("diagnosis-{name}"), size);
            driver.keys("g8a");
            driver.shot(&format!("plan-{name}"), size);
            let mut driver = working(look, "2n");
            driver.keys("<Tab>");
            driver.shot(&format!("hold-{name}"), size);
        }
    }
}

#[test]
fn snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for size in SIZES {
            let mut driver = Driver::new(look);
            driver.text("abc");
            driver.shot(&format!("unlock-{name}"), size);
            let mut driver = Driver::opened(look);
            driver.keys("<F1>");
            driver.shot(&format!("help-{name}"), size);
            driver.keys("<Esc><F2>");
            driver.shot(&format!("palette-{name}"), size);
            driver.keys("<Esc>g");
            driver.shot(&format!("goto-{name}"), size);
        }
        let mut driver = Driver::opened(look);
        snapshot(&format!("small-{name}"), &driver.dump(59, 16));
        driver.model.look.ambiguous = Ambiguous::Wide;
        driver.keys("<F7>");
        snapshot(&format!("keys-wide-{name}"), &driver.dump(80, 24));
    }
}

#[test]
fn the_key_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/keys.md");
    harness::current(path.as_ref(), &keymap::Keymap::default().page());
}

fn any_key() -> impl Strategy<Value = Key> {
    let bound: Vec<Key> = SCREENS
        .iter()
        .flat_map(|s| s.2)
        .chain(GLOBAL)
        .flat_map(|b| b.keys.iter().copied())
        .filter(|k| *k != Key::ctrl('q'))
        .collect();
    prop_oneof![
        4 => proptest::sample::select(bound),
        1 => any::<char>().prop_map(Key::char),
        1 => proptest::sample::select(vec![Code::Left, Code::Backspace, Code::Delete, Code::End])
            .prop_map(Key::plain),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn random_keys_at_random_sizes_never_fail(
        keys in proptest::collection::vec(any_key(), 0..40),
        sizes in proptest::collection::vec((0_u16..200, 0_u16..60), 1..4),
        wide in any::<bool>(),
        open in any::<bool>(),
    ) {
        let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
        let look = Look { ambiguous, theme: Theme::Mono, ..Look::default() };
        let mut driver = if open { Driver::with(look, harness::books()) } else { Driver::new(look) };
        let mut speaker = bansou::app::spoken::Speaker::default();
        for key in keys {
            driver.send(Msg::Key(key));
            if let Told::Lines(lines) = speaker.listen(&driver.model) {
                prop_assert!(lines.iter().all(|line| !line.contains(char::is_control)), "{:?}", lines);
            }
            for (width, height) in &sizes {
                driver.dump(*width, *height);
            }
        }
    }

    #[test]
    fn a_passphrase_reaches_the_effect_whole(text in "[ -~あ-んア-ン漢字①㈱]{1,40}") {
        let mut driver = Driver::new(Look::default());
        driver.text(&text);
        let effects = driver.keys("<Enter>");
        prop_assert_eq!(effects, vec![Effect::Unlock { id: 1, passphrase: Secret::new(&text) }]);
    }
}

#[test]
fn a_new_model_is_locked() {
    let model: Model = Driver::new(Look::default()).model;
    assert!(model.typing() && model.locked());
}
