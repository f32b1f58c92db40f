//! The secretariat's screens driven by keys, over a small invented office.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use bansou::app::effect::Effect;
use bansou::app::keymap::Table;
use bansou::app::look::{Look, Theme};
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::app::office::{Errand, Office, Room, Seen};
use bansou::app::width::Ambiguous;
use bansou::words::Lang;
use bansou_core::books::Books;
use bansou_core::command::{self, Command};
use bansou_core::office::OfficeCommand;
use bansou_core::programme::builtin;
use bansou_core::record::v1::{Assurance, BundleKind, Delivery, ExpertEntry, Id, Mode, PatternCode, Profile, TwoStar};
use bansou_core::wire::v1::payload::{ClaimLinePayload, ClaimPayload, ConfirmationPayload, ReportPayload};
use jiff::civil::{Date, date, time};
use proptest::prelude::*;

use super::harness::{Driver, SIZES};
use super::{any_key, problem};

/// Builds books by commands, one day at a time.
struct Clerk {
    books: Books,
    seed: u8,
    seq: BTreeMap<Id, u64>,
}

impl Clerk {
    fn apply(&mut self, on: Date, command: Command) -> Id {
        self.seed += 1;
        let packs = builtin();
        let ctx = command::Ctx { now: on.at(9, 0, 0, 0), seed: [self.seed; 16], packs: &packs };
        let changes = command::apply(&self.books, &ctx, command).unwrap();
        self.books.follow(&changes);
        changes.last().unwrap().id
    }

    fn office(&mut self, on: Date, command: OfficeCommand) -> Id {
        self.apply(on, Command::Office(command))
    }

    fn expert(&mut self, name: &str, pattern: PatternCode) -> Id {
        let entry = ExpertEntry {
            id: Id([self.seed + 100; 16]),
            number: 0,
            name: name.into(),
            kana: "カナ".into(),
            registration: "012345".into(),
            pattern,
            prefecture: 13,
            signing_key: format!("key {name}"),
            age_recipient: "age1".into(),
            certificate: String::new(),
            approved_on: date(2026, 8, 1),
            revoked_on: None,
            waived: Vec::new(),
        };
        self.office(date(2026, 8, 1), OfficeCommand::Approve(Box::new(entry)))
    }

    fn case(&mut self, case_no: &str, client: &str, prefecture: u8, expert: Id) -> Id {
        let (case_no, client_name) = (case_no.to_owned(), client.to_owned());
        self.office(date(2026, 8, 26), OfficeCommand::OpenCase { case_no, client_name, prefecture, expert })
    }

    fn receive(
        &mut self,
        on: Date,
        expert: Id,
        report: Option<ReportPayload>,
        claim: Option<ClaimPayload>,
        roles: &[&str],
    ) -> Id {
        let seq = self.seq.entry(expert).or_insert(0);
        *seq += 1;
        let delivery = Delivery {
            id: Id([self.seed + 100; 16]),
            kind: if claim.is_some() { BundleKind::Claim } else { BundleKind::Report },
            expert,
            seq: *seq,
            sha256: format!("{:064}", self.seed),
            log_index: Some(u64::from(self.seed)),
            session_date: report.as_ref().map(|r| r.held_on),
            pulled_at: on.at(9, 0, 0, 0),
            report,
            claim,
            parts: roles.iter().map(|r| ((*r).to_owned(), Id([9; 16]))).collect(),
            findings: Vec::new(),
            review: None,
            manifest_sha256: None,
            prev: None,
            resumed_after: None,
        };
        self.office(on, OfficeCommand::Receive(Box::new(delivery)))
    }

    fn accept(&mut self, on: Date, delivery: Id) {
        self.office(on, OfficeCommand::Review { delivery, accepted: true, note: String::new() });
        self.office(on, OfficeCommand::Acknowledged { delivery });
    }
}

fn report(case_no: &str, session: u8, held_on: Date, planned: &[(u8, Date)]) -> ReportPayload {
    ReportPayload {
        form: if session == 1 { "form6" } else { "form7" }.into(),
        case_no: case_no.into(),
        client_name: "㈱北星精密".into(),
        prefecture: 33,
        session,
        held_on,
        start: time(13, 30, 0, 0),
        end: time(15, 30, 0, 0),
        mode: Mode::Visit,
        attendees: 2,
        management_present: true,
        diagnosis_score: (session == 1).then_some(42),
        planned: planned.to_vec(),
        combined_reason: None,
        ended_reason: None,
        deliverables: Vec::new(),
        two_star: TwoStar::Preparing,
        confirmation: Some(ConfirmationPayload {
            signed_on: held_on,
            signer_title: "代表取締役".into(),
            signer: "北 星子".into(),
            assurance: Assurance::SignedPdf,
            evidence_sha256: None,
        }),
        content: "現状を聞き取り、自社診断を行い、次の回までに決めることを一緒に整理した。".repeat(2),
        focus: "バックアップ".into(),
        message: String::new(),
        final_report: None,
    }
}

fn claim(case_no: &str, sessions: &[(u8, Date)]) -> ClaimPayload {
    let lines: Vec<ClaimLinePayload> = sessions
        .iter()
        .map(|(n, held_on)| ClaimLinePayload {
            case_no: case_no.into(),
            sessions: vec![*n],
            held_on: *held_on,
            fee: 45_000,
        })
        .collect();
    let gross = 45_000 * lines.len() as u64;
    ClaimPayload {
        form: "form4a".into(),
        number: 3,
        claimed_on: date(2026, 9, 24),
        pattern: PatternCode::A,
        lines,
        gross,
        tax: gross / 11,
        withheld: 0,
        net: gross,
        invoice_number: "T1234567890123".into(),
    }
}

/// Two experts and five cases: late, to check, finished, planned, and never begun.
fn books() -> Books {
    static BOOKS: OnceLock<Books> = OnceLock::new();
    BOOKS.get_or_init(made).clone()
}

fn made() -> Books {
    let mut clerk = Clerk { books: Books::default(), seed: 0, seq: BTreeMap::new() };
    let profile = Profile {
        secretariat: true,
        practice: true,
        programme: "current-2026".into(),
        name: "練習事務局".into(),
        kana: String::new(),
        registration: String::new(),
        pattern: PatternCode::A,
        prefecture: 13,
        address: String::new(),
        invoice_number: String::new(),
        company: String::new(),
    };
    clerk.apply(date(2026, 8, 1), Command::SetProfile(Box::new(profile)));
    let first = clerk.expert("長戸 一", PatternCode::A);
    let second = clerk.expert("有明 花", PatternCode::C);
    clerk.case("K-0214", "㈱北星精密", 33, first);
    clerk.case("K-0118", "みどり調剤薬局(有)", 14, second);
    clerk.case("K-0051", "有明木工㈲", 13, first);
    clerk.case("K-0402", "大分運輸㈱", 44, first);
    clerk.case("K-0133", "愛知製菓", 23, second);
    let held = [date(2026, 8, 28), date(2026, 9, 4), date(2026, 9, 11), date(2026, 9, 18)];
    for (number, day) in (1..).zip(held) {
        let mut sent = report("K-0051", number, day, &[]);
        sent.deliverables = vec![number];
        let role = format!("deliverable-{number}-plan");
        let id = clerk.receive(day, first, Some(sent), None, &["form7", "form5", &role]);
        clerk.accept(day, id);
    }
    let sessions: Vec<(u8, Date)> = (1..).zip(held).take(3).collect();
    let id = clerk.receive(date(2026, 9, 24), first, None, Some(claim("K-0051", &sessions)), &["form4a"]);
    clerk.accept(date(2026, 9, 25), id);
    clerk.office(date(2026, 10, 1), OfficeCommand::PlanPay { closed_on: date(2026, 9, 30) });
    let sent = report("K-0214", 1, date(2026, 9, 2), &[(2, date(2026, 9, 24))]);
    let id = clerk.receive(date(2026, 9, 4), first, Some(sent), None, &["form6", "form5", "deliverable-1-diagnosis"]);
    clerk.accept(date(2026, 9, 5), id);
    let mut sent = report("K-0118", 1, date(2026, 9, 20), &[(2, date(2026, 10, 20))]);
    sent.confirmation = None;
    sent.deliverables = vec![1];
    clerk.receive(date(2026, 10, 7), second, Some(sent), None, &["form6"]);
    let sent = report("K-0402", 1, date(2026, 10, 6), &[(2, date(2026, 10, 20))]);
    clerk.receive(date(2026, 10, 7), first, Some(sent), None, &["form6", "form5"]);
    let case = clerk.books.case_by_no("K-0214").unwrap().id;
    let (how, note) = ("電話".to_owned(), "不在。翌日に折り返し".to_owned());
    clerk.office(date(2026, 10, 5), OfficeCommand::FollowUp { case, how, note });
    clerk.books
}

pub fn office(look: Look, keys: &str) -> Driver {
    let mut driver = Driver::with(look, books());
    driver.keys(keys);
    driver
}

fn state(driver: &Driver) -> &Office {
    match &driver.model.screen {
        Screen::Office(office) => office,
        other => panic!("not the office: {other:?}"),
    }
}

fn errands(effects: Vec<Effect>) -> Vec<Errand> {
    let errand = |e| match e {
        Effect::Office { errand, .. } => errand,
        other => panic!("not an errand: {other:?}"),
    };
    effects.into_iter().map(errand).collect()
}

/// Answers everything that is waited for.
fn answer(driver: &mut Driver) {
    let waiting: Vec<u64> = driver.model.pending.keys().copied().collect();
    for id in waiting {
        driver.send(Msg::Done { id, entries: Vec::new() });
    }
}

#[test]
fn the_secretariat_begins_with_the_board_and_an_expert_never_sees_it() {
    let mut driver = office(Look::default(), "");
    assert_eq!(state(&driver).room, Room::Board);
    let screen = driver.dump(80, 24);
    for text in ["5社", "第2回 報告なし 14日", "第1回 点検待ち", "岡山県", "E-002", "受信箱 2件"] {
        assert!(screen.contains(text), "{text} in\n{screen}");
    }
    for keys in ["<F5>", "gc", "go", "g4", "4", "0"] {
        driver.keys(keys);
        driver.keys("<Esc>");
        assert!(matches!(driver.model.screen, Screen::Office(_)), "{keys}");
    }
    let mut expert = Driver::with(Look::default(), super::harness::books());
    expert.keys("g2I5");
    assert!(!matches!(expert.model.screen, Screen::Office(_)));
}

#[test]
fn the_late_case_stands_first_and_the_filter_finds_by_words() {
    let mut driver = office(Look::default(), "");
    let first = |d: &Driver| d.dump(80, 24).lines().find(|l| l.starts_with(" >")).unwrap().to_owned();
    assert!(first(&driver).contains("K-0214"));
    driver.keys("/");
    driver.text("大分");
    driver.keys("<Enter>");
    assert!(first(&driver).contains("K-0402"));
    driver.keys("/");
    driver.text("zzz");
    driver.keys("<Enter>");
    assert!(driver.dump(80, 24).contains("この絞込に合う案件がありません"));
}

#[test]
fn a_contact_is_recorded() {
    let mut driver = office(Look::default(), "p");
    driver.keys("<Right><Tab>");
    driver.text("日程を尋ねた");
    let effects = driver.keys("<Ctrl+S>");
    assert!(matches!(effects[..], [Effect::Save { .. }]));
    let screen = driver.dump(80, 24);
    assert!(screen.contains("10/08(木) メール 日程を尋ねた"), "{screen}");
}

#[test]
fn every_finding_code_has_its_sentence() {
    let source = include_str!("../../../core/src/office.rs");
    let numbers = include_str!("../../../core/src/office/numbers.rs");
    let finds = source.lines().filter(|l| l.trim_start().starts_with("find("));
    let of_numbers = numbers.lines().filter(|l| l.trim_start().starts_with("(\""));
    let codes: BTreeSet<&str> = finds.chain(of_numbers).filter_map(|l| l.split('"').nth(1)).collect();
    assert!(
        ["gap", "gap-waived", "gap-resumed", "number-used", "chain"].iter().all(|c| codes.contains(c)),
        "{codes:?}"
    );
    assert!(codes.len() >= 12, "{codes:?}");
    let keys: BTreeSet<&str> = codes.iter().map(|c| bansou::app::screens::inbox::finding(c)).collect();
    assert_eq!(keys.len(), codes.len(), "two codes share a sentence");
    assert!(!keys.contains("finding.other"), "{codes:?}");
}

#[test]
fn deliveries_are_accepted_returned_and_saved_to_a_file() {
    let mut driver = office(Look::default(), "I");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("様式5の確認がない") && screen.contains("点検待ち 2件"), "{screen}");
    let chosen = |d: &Driver| bansou::app::screens::inbox::chosen(&d.model, state(d).cursor()).unwrap();
    let delivery = chosen(&driver);
    let accept = Errand::Review { delivery, accepted: true, note: String::new() };
    assert_eq!(errands(driver.keys("a")), [accept]);
    assert!(driver.dump(80, 24).contains("返事を送信中"));
    answer(&mut driver);
    driver.keys("<Down>R");
    assert_eq!(driver.keys("<Ctrl+S>"), [], "a return needs its reason");
    driver.text("様式5がない");
    let note = "様式5がない".to_owned();
    let delivery = chosen(&driver);
    assert_eq!(errands(driver.keys("<Ctrl+S>")), [Errand::Review { delivery, accepted: false, note }]);
    assert_eq!(driver.keys("v"), [], "one errand at a time");
    answer(&mut driver);
    assert_eq!(errands(driver.keys("v")), [Errand::ReviewClean]);
    answer(&mut driver);
    driver.keys("<Enter>");
    assert_eq!(driver.model.table(), Table::Delivery);
    driver.keys("<Enter>");
    driver.text("/tmp/form6.pdf");
    let (role, file) = ("form6".to_owned(), "/tmp/form6.pdf".to_owned());
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::SavePart { delivery, role, file }]);
    driver.keys("<Esc>");
    assert_eq!((driver.model.table(), state(&driver).open), (Table::Inbox, None));
}

#[test]
fn pulling_from_the_server_and_from_a_folder() {
    let mut driver = office(Look::default(), "");
    assert_eq!(errands(driver.keys("<F5>")), [Errand::Pull { folder: None }]);
    assert!(driver.dump(80, 24).contains("取り込み中"));
    answer(&mut driver);
    assert!(driver.dump(80, 24).contains("新しく届いたもの 0件"));
    driver.keys("Ii");
    driver.text("/media/usb");
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::Pull { folder: Some("/media/usb".into()) }]);
    let id = *driver.model.pending.keys().next().unwrap();
    driver.send(Msg::Stopped { id, entries: Vec::new(), problem: problem() });
    assert!(driver.dump(80, 24).contains("E-004"));
}

#[test]
fn a_payment_is_approved_only_with_the_word_and_a_name() {
    let mut driver = office(Look::default(), "3a");
    driver.text("事務局長");
    driver.keys("<Tab>");
    driver.text("はい");
    assert_eq!(driver.keys("<Ctrl+S>"), []);
    assert!(driver.dump(80, 24).contains("言葉が違います"));
    driver.keys("<Backspace><Backspace>");
    driver.text("支払");
    assert!(matches!(driver.keys("<Ctrl+S>")[..], [Effect::Save { .. }]));
    driver.saved();
    assert!(driver.dump(80, 24).contains("承認済 事務局長"));
    assert_eq!(driver.keys("a"), [], "never twice");
    let run = *driver.model.books.pay_runs.keys().next().unwrap();
    driver.keys("E");
    driver.text("list.pdf");
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::ExportPayments { run, file: "list.pdf".into() }]);
}

#[test]
fn a_payment_is_planned_for_a_month_in_either_width() {
    let mut plain = books();
    plain.pay_runs.clear();
    let mut driver = Driver::with(Look::default(), plain);
    driver.keys("3");
    assert!(driver.dump(80, 24).contains("まだ支払がありません"));
    driver.keys("n<Backspace><Backspace>");
    driver.text("０９");
    assert!(matches!(driver.keys("<Enter>")[..], [Effect::Save { .. }]));
    let screen = driver.dump(80, 24);
    assert!(screen.contains("135,000") && screen.contains("2026-09"), "{screen}");
    driver.keys("n");
    assert_eq!(driver.keys("<Enter>"), []);
    assert!(driver.dump(80, 24).contains("E-"), "nothing is left to pay, and it is said");
}

#[test]
fn the_figures_carry_their_n_and_are_written_to_a_file() {
    let mut driver = office(Look::default(), "5");
    assert!(driver.dump(80, 24).contains("n=5"));
    driver.keys("p");
    driver.text("figures.pdf");
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::ExportFigures { file: "figures.pdf".into() }]);
}

#[test]
fn an_expert_is_approved_only_after_the_fingerprint_was_shown() {
    let mut driver = office(Look::default(), "7");
    assert_eq!(driver.keys("a"), []);
    assert!(driver.model.status.notice.is_some() && driver.model.form.is_none());
    driver.keys("r");
    driver.text("request.age");
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::ReadRequest { file: "request.age".into() }]);
    let id = *driver.model.pending.keys().next().unwrap();
    let seen = Seen { file: "request.age".into(), name: "北 星子".into(), fingerprint: "abcd efgh ijkl".into() };
    driver.send(Msg::RequestRead { id, seen: Box::new(seen.clone()) });
    assert!(driver.dump(80, 24).contains("abcd efgh ijkl"));
    driver.keys("a");
    driver.text("pack.json");
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::ApproveExpert { seen, file: "pack.json".into() }]);
    answer(&mut driver);
    assert_eq!(state(&driver).request, None);
}

#[test]
fn an_expert_is_revoked_only_with_the_number_typed() {
    let mut driver = office(Look::default(), "7x");
    driver.text("E-002");
    assert_eq!(driver.keys("<Enter>"), [], "another expert's number");
    driver.keys("<Esc>x");
    driver.text("Ｅ－００１");
    let expert = *driver.model.books.experts.iter().find(|e| e.1.number == 1).unwrap().0;
    assert_eq!(errands(driver.keys("<Enter>")), [Errand::RevokeExpert { expert }]);
}

#[test]
fn locking_leaves_nothing_of_the_office() {
    let mut driver = office(Look::default(), "I<Enter><F9>");
    let left = format!("{:?}", (&driver.model.books, &driver.model.screen));
    assert!(!left.contains("K-0118") && driver.keys("I").is_empty());
}

#[test]
fn client_view_hides_the_names_of_the_firms() {
    let look = Look { client_safe: true, ..Look::default() };
    for (keys, width) in [("", 80), ("", 120), ("I<Enter>", 80)] {
        let screen = office(look, keys).dump(width, 40);
        assert!(!screen.contains("北星精密"), "{screen}");
    }
}

/// The waiting delivery of the second expert came without the two before it.
fn with_a_gap(look: Look) -> Driver {
    let mut books = books();
    let late = books.deliveries.values_mut().find(|d| d.review.is_none() && !d.findings.is_empty()).unwrap();
    late.seq = 3;
    late.findings.insert(0, "gap".into());
    let mut driver = Driver::with(look, books);
    driver.keys("I");
    driver
}

/// Moves the cursor of the inbox to the delivery with the gap.
fn on_the_gap(driver: &mut Driver) -> Id {
    for _ in 0..4 {
        let chosen = bansou::app::screens::inbox::chosen(&driver.model, state(driver).cursor()).unwrap();
        if driver.model.books.deliveries[&chosen].seq == 3 && driver.model.books.deliveries[&chosen].review.is_none() {
            return chosen;
        }
        driver.keys("<Down>");
    }
    panic!("no delivery with a gap in\n{}", driver.dump(80, 24));
}

#[test]
fn a_gap_is_waived_with_a_reason_and_stays_visible() {
    let mut driver = with_a_gap(Look::default());
    let id = on_the_gap(&mut driver);
    driver.keys("W");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("欠番にする") && screen.contains("この番号まで"), "{screen}");
    assert_eq!(driver.keys("<Ctrl+S>"), [], "a waiver needs its reason");
    driver.keys("<Tab>");
    driver.text("端末の紛失。本人に確認済み");
    let effects = driver.keys("<Ctrl+S>");
    assert!(matches!(effects[..], [Effect::Save { .. }]), "{effects:?}");
    driver.saved();
    let findings = &driver.model.books.deliveries[&id].findings;
    assert!(findings.contains(&"gap-waived".to_owned()) && !findings.contains(&"gap".to_owned()), "{findings:?}");
    on_the_gap(&mut driver);
    let screen = driver.dump(80, 24);
    assert!(screen.contains("欠番 2まで") && screen.contains("端末の紛失。本人に確認済み"), "{screen}");
    driver.keys("W");
    assert!(driver.dump(80, 24).contains("待っている欠番はありません"));
    driver.keys("<Enter>W");
    assert!(driver.dump(80, 24).contains("待っている欠番はありません"), "the opened delivery has the same key");
}

#[test]
fn waiver_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        for size in SIZES {
            let mut driver = with_a_gap(Look { lang, ..Look::default() });
            on_the_gap(&mut driver);
            driver.keys("W<Tab>");
            driver.text("端末の紛失。本人に確認済み");
            driver.shot(&format!("waive-{name}"), size);
            driver.keys("<Ctrl+S>");
            driver.saved();
            on_the_gap(&mut driver);
            driver.shot(&format!("inbox-waived-{name}"), size);
        }
    }
}

#[test]
fn office_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for size in SIZES {
            for (keys, room) in [
                ("", "board"),
                ("I", "inbox"),
                ("I<Enter>", "delivery"),
                ("3", "payments"),
                ("5", "figures"),
                ("g", "office-goto"),
            ] {
                office(look, keys).shot(&format!("{room}-{name}"), size);
            }
            let mut driver = office(look, "7r");
            driver.text("x");
            driver.keys("<Enter>");
            let id = *driver.model.pending.keys().next().unwrap();
            let fingerprint = "3F2A 91C0 77DE 0B14 A5E8 6C39 D201 F84B".to_owned();
            let seen = Seen { file: "/media/usb/request.age".into(), name: "北 星子".into(), fingerprint };
            driver.send(Msg::RequestRead { id, seen: Box::new(seen) });
            driver.shot(&format!("experts-{name}"), size);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn random_keys_in_the_office_never_fail(
        keys in proptest::collection::vec(any_key(), 0..40),
        sizes in proptest::collection::vec((0_u16..200, 0_u16..60), 1..4),
        wide in any::<bool>(),
        empty in any::<bool>(),
    ) {
        let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
        let look = Look { ambiguous, theme: Theme::Mono, ..Look::default() };
        let mut books = books();
        if empty {
            books = Books { profile: books.profile, ..Books::default() };
        }
        let mut driver = Driver::with(look, books);
        for key in keys {
            driver.send(Msg::Key(key));
            for (width, height) in &sizes {
                driver.dump(*width, *height);
            }
            let office = matches!(driver.model.screen, Screen::Office(_) | Screen::Doctor { .. });
            prop_assert!(office || driver.model.locked());
        }
    }
}
