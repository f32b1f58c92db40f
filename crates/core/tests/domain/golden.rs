//! Every stored record has a golden file that must read, and be written again, byte for byte for ever.

use std::collections::BTreeMap;

use bansou_core::books::Books;
use bansou_core::command::entry;
use bansou_core::draft;
use bansou_core::record::v1::*;
use bansou_core::wire::v1::payload::{ClaimLinePayload, ClaimPayload, ConfirmationPayload, ReportPayload};
use jiff::civil::{date, time};

use crate::world::*;

macro_rules! golden {
    ($($kind:literal),* $(,)?) => {
        &[$(($kind, include_str!(concat!("../../../../tests/golden/record/v1/", $kind, ".json")))),*]
    };
}

const FILES: &[(&str, &str)] = golden![
    "profile",
    "enrolment",
    "client",
    "engagement",
    "sheet",
    "note",
    "policy",
    "regulations",
    "plan",
    "plan-moved",
    "final-report",
    "artefact",
    "attachment",
    "attachment-bare",
    "claim",
    "outbox",
    "outbox-bare",
    "expert",
    "care",
    "case",
    "delivery",
    "pay-run",
    "hold",
    "purge",
    "resumption",
    "pairing",
    "handout",
    "returned",
    "shared",
    "phrase",
    "journal-entry",
];

fn file(kind: &str) -> &'static str {
    FILES.iter().find(|f| f.0 == kind).unwrap_or_else(|| panic!("no golden file for {kind}")).1
}

/// The golden file of a sample: its kind, or its kind and what is special about it.
fn file_name(record: &Record) -> &'static str {
    match record {
        Record::Outbox(OutboxItem { blob: None, .. }) => "outbox-bare",
        Record::Attachment(Attachment { pasted: false, .. }) => "attachment-bare",
        Record::Plan(plan) if plan.lines.iter().any(|l| l.moved.is_some()) => "plan-moved",
        _ => record.kind(),
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn engagement() -> Engagement {
    let confirmation = Confirmation {
        signed_on: DAYS[0],
        signer_title: text("総務部長"),
        signer: text("例示 次郎"),
        assurance: Assurance::SignedPdf,
        original_posted_on: Some(DAYS[1]),
        evidence_sha256: Some("ab".repeat(32)),
    };
    let planned = Planned {
        date: DAYS[0],
        start: Some(time(14, 0, 0, 0)),
        mode: Mode::Mixed,
        moved_because: Some(text("先方の都合")),
    };
    let skipped = Check { state: CheckState::Skipped, reason: Some(text("不要")), carried_to: None };
    let done = Check { state: CheckState::Done, reason: None, carried_to: None };
    let first = Session {
        planned: Some(planned),
        held: Some(Held { mode: Mode::Online, ..held_on(DAYS[0]) }),
        checks: BTreeMap::from([(text("s1.prep.1"), done), (text("s1.prep.2"), skipped)]),
        confirmation: Some(confirmation),
        report: ReportText { content: text("実施した"), focus: text("体制"), message: text("特になし") },
        combined_reason: Some(text("遠方のため")),
        clock: None,
        own: Vec::new(),
    };
    Engagement {
        id: id(4),
        client: id(3),
        case_no: text("K-0001"),
        programme: text("current-2026"),
        matched_on: date(2026, 9, 15),
        sessions: vec![first, Session::default()],
        ending: Some(Ending { kind: EndingKind::Shortened, after: 1, reason: text("目標に達した"), on: TODAY }),
        two_star: TwoStar::NotStarted,
        expectations: text("取引先に説明できるようにしたい"),
        hearing: Hearing::default(),
    }
}

fn note() -> Note {
    Note {
        id: id(6),
        engagement: id(4),
        at: DAYS[0].to_datetime(time(14, 5, 0, 0)),
        session: Some(1),
        who: text("社長"),
        text: text("「困っている」\n\\ と言われた"),
        question: Some(3),
        line: None,
        section: None,
        hearing: None,
        leaves: false,
    }
}

fn plan(line: PlanLine) -> ActionPlan {
    ActionPlan {
        id: id(9),
        engagement: id(4),
        edition: text("one-year@2020"),
        starts: date(2026, 12, 1),
        lines: vec![line],
        agreed_on: Some(DAYS[3]),
    }
}

fn findings() -> Vec<Record> {
    let answers =
        [AnswerCode::Done, AnswerCode::Partial, AnswerCode::No, AnswerCode::Unknown, AnswerCode::NotApplicable];
    let review =
        |status| SectionReview {
            status, document: text("規程"), finding: text("古い"), response: text("改める")
        };
    let line = PlanLine {
        id: id(20),
        theme: text("people"),
        issue: text("教育がない"),
        basis: text("診断No.7"),
        question: Some(7),
        action: text("年1回の教育"),
        owner: text("総務"),
        support: text("専門家"),
        urgency: 3,
        importance: 2,
        difficulty: 1,
        start: Some(date(2026, 12, 1)),
        due: Some(date(2027, 3, 31)),
        cost: text("0円"),
        done_when: text("全員が受けた"),
        status: LineStatus::OnHold,
        moved: None,
    };
    vec![
        Record::Sheet(Sheet {
            id: id(5),
            engagement: id(4),
            edition: text("jishin-25@2020"),
            taken_on: DAYS[0],
            unit: text("本社"),
            respondent: text("総務部長"),
            answers: (1..).zip(answers).collect(),
            evidence: BTreeMap::from([(1, text("設定画面"))]),
        }),
        Record::Note(note()),
        Record::Policy(PolicyDraft {
            id: id(7),
            engagement: id(4),
            edition: text("five-articles@2020"),
            fields: BTreeMap::from([(text("company"), text("例示工業株式会社"))]),
            articles: BTreeMap::from([(1, text("経営者の責任"))]),
            enacted_on: Some(DAYS[3]),
            published: Some((text("会社案内"), DAYS[3])),
        }),
        Record::Regulations(RegulationsReview {
            id: id(8),
            engagement: id(4),
            edition: text("guideline@4.0"),
            sections: BTreeMap::from([
                (text("3.1"), review(SectionStatus::Ready)),
                (text("3.2"), review(SectionStatus::Partial)),
                (text("3.3"), review(SectionStatus::Missing)),
                (text("3.4"), review(SectionStatus::OutOfScope)),
            ]),
        }),
        Record::Plan(ActionPlan {
            lines: vec![PlanLine {
                moved: Some(Moved { places: -1, reason: text("契約の条件") }), ..line.clone()
            }],
            ..plan(line.clone())
        }),
        Record::Plan(plan(line)),
        Record::FinalReport(FinalReport {
            id: id(10),
            engagement: id(4),
            edition: text("final@2020"),
            answers: BTreeMap::from([(text("1-1"), text("2")), (text("3-5"), text("1,3"))]),
        }),
    ]
}

fn amounts() -> Vec<Record> {
    let line = ClaimLine {
        engagement: id(4),
        case_no: text("K-0001"),
        client_name: text("例示工業株式会社"),
        sessions: vec![3, 4],
        held_on: DAYS[2],
        fee: 45_000,
    };
    let paid = PayLine {
        expert: id(14),
        payee: text("山田 花子"),
        pattern: PatternCode::B,
        claims: vec![id(16)],
        units: 1,
        over_clock: 1,
        gross: 45_000,
        tax: 4_090,
        withheld: 4_594,
        net: 40_406,
    };
    vec![
        Record::Claim(Claim {
            id: id(12),
            number: 1,
            programme: text("current-2026"),
            pattern: PatternCode::A,
            claimed_on: TODAY,
            lines: vec![line],
            gross: 45_000,
            tax: 4_090,
            withheld: 4_594,
            net: 40_406,
            state: ClaimState::Sent,
        }),
        Record::Care(Care {
            made_on: date(2026, 4, 1),
            ways: [("passphrase", None, "1f"), ("recovery", Some("age1qqqq"), "2e")]
                .map(|(name, recipient, sha256)| {
                    let recipient = recipient.map(str::to_owned);
                    (name.to_owned(), Way { recipient, sha256: sha256.repeat(32), since: date(2026, 4, 1) })
                })
                .into(),
            drilled_on: Some(date(2026, 5, 1)),
            backup: Some(BackupMade { on: date(2026, 5, 2), seq: 120 }),
            restored: Some(Restored { on: date(2026, 4, 1), from_seq: 80 }),
        }),
        Record::PayRun(PayRun {
            id: id(17),
            programme: text("current-2026"),
            closed_on: date(2026, 10, 31),
            pay_on: date(2026, 11, 25),
            lines: vec![paid],
            approved_by: Some(text("事務局 次長")),
        }),
    ]
}

fn report() -> ReportPayload {
    let confirmation = ConfirmationPayload {
        signed_on: DAYS[0],
        signer_title: text("総務部長"),
        signer: text("例示 次郎"),
        assurance: Assurance::OnTerminal,
        evidence_sha256: Some("ab".repeat(32)),
    };
    ReportPayload {
        form: text("form6"),
        case_no: text("K-0001"),
        client_name: text("例示工業株式会社"),
        prefecture: 13,
        session: 1,
        held_on: DAYS[0],
        start: time(14, 0, 0, 0),
        end: time(16, 30, 0, 0),
        mode: Mode::Visit,
        attendees: 2,
        management_present: true,
        diagnosis_score: Some(-3),
        planned: vec![(2, DAYS[1])],
        combined_reason: Some(text("遠方のため")),
        ended_reason: Some(text("業務都合")),
        deliverables: vec![1],
        two_star: TwoStar::Applied,
        confirmation: Some(confirmation),
        content: text("実施した"),
        focus: text("体制"),
        message: text("特になし"),
        final_report: Some(BTreeMap::from([(text("1-1"), text("2"))])),
    }
}

fn desk() -> Vec<Record> {
    let claim = ClaimPayload {
        form: text("4a"),
        number: 1,
        claimed_on: TODAY,
        pattern: PatternCode::C,
        lines: vec![ClaimLinePayload { case_no: text("K-0001"), sessions: vec![1], held_on: DAYS[0], fee: 45_000 }],
        gross: 45_000,
        tax: 4_090,
        withheld: 0,
        net: 45_000,
        invoice_number: text("T1234567890123"),
    };
    let seen = CaseSession {
        planned: Some(DAYS[0]),
        held: Some(DAYS[0]),
        reported_on: Some(DAYS[1]),
        confirmed: true,
        accepted: true,
        combined: true,
        paid: true,
    };
    let blank = delivery(id(16), 2, id(14), BundleKind::Report, TODAY.to_datetime(time(9, 0, 0, 0)));
    vec![
        Record::Expert(ExpertEntry { number: 1, revoked_on: Some(TODAY), ..expert_entry(id(14), "山田 花子") }),
        Record::Case(Case {
            id: id(15),
            case_no: text("K-0001"),
            programme: text("current-2026"),
            expert: id(14),
            client_name: text("例示工業株式会社"),
            prefecture: 13,
            sessions: BTreeMap::from([(1, seen), (2, CaseSession::default())]),
            received: [1, 2].into(),
            accepted: [1].into(),
            two_star: TwoStar::Preparing,
            ended: Some((1, text("業務都合"))),
            follow_ups: vec![FollowUp { on: TODAY, how: text("電話"), note: text("不在") }],
        }),
        Record::Delivery(Box::new(Delivery {
            session_date: Some(DAYS[0]),
            report: Some(report()),
            claim: Some(claim),
            parts: BTreeMap::from([(text("form6"), id(18))]),
            findings: vec![text("late")],
            review: Some(Review { accepted: true, on: TODAY, note: text("良"), acknowledged: true }),
            ..blank
        })),
    ]
}

fn samples() -> Vec<Record> {
    let sent = OutboxItem {
        engagement: Some(id(4)),
        claim: Some(id(12)),
        session: Some(1),
        state: OutboxState::Accepted,
        attempts: 2,
        receipt: Some(text("{}")),
        reply: Some(text("良")),
        ..item(id(13), 1, BundleKind::Report, TODAY.to_datetime(time(18, 0, 0, 0)))
    };
    let bare = OutboxItem { blob: None, reply: None, answered_on: Some(TODAY), ..sent.clone() };
    let pinned = Enrolment { published: vec!["cd".repeat(32)], open_tokens: vec!["ef".repeat(32)], ..enrolment() };
    let mut all = vec![
        Record::Profile(Profile { practice: true, invoice_number: text("T1234567890123"), ..profile() }),
        Record::Enrolment(pinned),
        Record::Client(Client { id: id(3), main_industry: Some(2), archived: true, ..client() }),
        Record::Engagement(engagement()),
        Record::Outbox(bare),
        Record::Outbox(sent),
        Record::Artefact(Artefact {
            claim: Some(id(12)),
            ..artefact(id(11), id(4), "form6", Some(1), DAYS[0].to_datetime(time(18, 0, 0, 0)))
        }),
        Record::Attachment(bare_attachment()),
        Record::Attachment(Attachment {
            dated: Some(DAYS[0]),
            note: text("社長から預かった"),
            links: Links { questions: [5, 11].into(), plan_lines: [id(20)].into(), sessions: [1].into() },
            pasted: true,
            ..bare_attachment()
        }),
        Record::Hold(Hold {
            id: id(21),
            client: id(3),
            reason: text("係争中"),
            since: DAYS[0],
            released_on: Some(TODAY),
        }),
        Record::Purge(PurgeRecord {
            id: id(22),
            on: TODAY,
            certificate: text("{}"),
            entries: vec![3, 5],
            blobs: vec![id(11)],
        }),
    ];
    all.extend(findings());
    all.extend(amounts());
    all.extend(desk());
    all.push(Record::Resumption(resumption()));
    all.extend(going_along());
    all
}

/// The agreement and a copy on the lead's side, what came back, and a copy on the trainee's.
fn going_along() -> Vec<Record> {
    let agreed = crate::share::pairing(id(4));
    let at = TODAY.to_datetime(time(18, 0, 0, 0));
    let (key, value) = (text("answer/3"), text("partial"));
    let decided = Decided { take: Take::Both, at, mine: BTreeMap::from([(key.clone(), text("no"))]) };
    let handout = Handout {
        id: id(26),
        engagement: id(4),
        trainee: agreed.trainee.clone(),
        age_recipient: agreed.age_recipient.clone(),
        signing_key: agreed.signing_key.clone(),
        made_at: at,
        until: TODAY,
        parts: [SharePart::Diagnosis].into(),
        fields: BTreeMap::from([(key.clone(), text("unknown"))]),
    };
    let shared = Shared {
        id: id(26),
        engagement: id(28),
        lead: text("山田 花子"),
        age_recipient: agreed.age_recipient.clone(),
        signing_key: agreed.signing_key.clone(),
        received_at: at,
        until: TODAY,
        sessions: [1, 2].into(),
        roles: text("記録を取る"),
        dates_by: text("指導者"),
        handouts: false,
        parts: [SharePart::Overview, SharePart::Notes].into(),
        base: BTreeMap::from([(text("client/name"), text("例示工業株式会社"))]),
    };
    let returned = Returned {
        id: id(27),
        engagement: id(4),
        handout: id(26),
        trainee: agreed.trainee.clone(),
        made_at: at,
        fields: BTreeMap::from([(key.clone(), Some(value)), (text("evidence/3"), None)]),
        decided: BTreeMap::from([(key, decided)]),
    };
    let pairing = Pairing { id: id(25), until: Some(TODAY), withdrawn_on: Some(TODAY), ..agreed };
    let phrase = OwnPhrase { id: id(29), at, text: text("復元を[日]に試した。") };
    vec![
        Record::Pairing(pairing),
        Record::Handout(handout),
        Record::Returned(returned),
        Record::Shared(shared),
        Record::Phrase(phrase),
    ]
}

fn bare_attachment() -> Attachment {
    Attachment {
        id: id(23),
        engagement: id(4),
        name: text("台帳.txt"),
        media: text("text/plain"),
        size: 1000,
        sha256: "ab".repeat(32),
        blob: id(24),
        imported_at: TODAY.to_datetime(time(18, 0, 0, 0)),
        dated: None,
        note: String::new(),
        links: Links::default(),
        pasted: false,
    }
}

fn resumption() -> Resumption {
    let found = |state, receipt: Option<&str>, seq| Found {
        size: 70_000,
        found_on: TODAY,
        state,
        receipt: receipt.map(text),
        seq,
    };
    let raised = |by, found, next, reason: &str| Raised {
        at: TODAY.to_datetime(time(9, 0, 0, 0)),
        by,
        found,
        next,
        reason: text(reason),
    };
    Resumption {
        restored: Some(PutBack { on: TODAY, last: 3 }),
        next: 900,
        found: BTreeMap::from([
            ("ab".repeat(32), found(OutboxState::Accepted, Some("{}"), Some(4))),
            ("cd".repeat(32), found(OutboxState::Exported, None, None)),
        ]),
        steps: vec![
            raised(RaisedBy::Mailbox, 1, 205, ""),
            raised(RaisedBy::Folder, 1, 407, ""),
            raised(RaisedBy::Reply, 0, 600, ""),
            raised(RaisedBy::Hand, 0, 900, "控えから戻した"),
        ],
    }
}

/// Fields that came later and are left out where they say nothing: the older files above still read and write as before.
fn later() -> Vec<(&'static str, &'static str, Record)> {
    let waiver = Waiver {
        through: 3,
        missing: vec![(1, 1), (3, 3)],
        at: TODAY.to_datetime(time(9, 0, 0, 0)),
        by: text("事務局"),
        reason: text("端末の紛失"),
    };
    let at = TODAY.to_datetime(time(9, 0, 0, 0));
    let resumed = Delivery {
        manifest_sha256: Some("ab".repeat(32)),
        prev: Some("cd".repeat(32)),
        resumed_after: Some(3),
        ..delivery(id(16), 104, id(14), BundleKind::Report, at)
    };
    let clock = Clock {
        started: TODAY.at(13, 32, 5, 0),
        ended: Some(TODAY.at(15, 20, 40, 0)),
        pauses: vec![Pause { from: TODAY.at(14, 10, 0, 0), until: Some(TODAY.at(14, 20, 0, 0)) }],
    };
    let own =
        |n: u8, part| OwnItem { id: format!("s1.own.{n}"), part, text: text("退職者のIDを見る"), minutes: 15 };
    let carried = Check { state: CheckState::Done, reason: None, carried_to: Some(2) };
    let guided = Session {
        checks: BTreeMap::from([(text("s1.day.4"), carried)]),
        clock: Some(clock),
        own: vec![own(1, Part::Prep), own(2, Part::Firm), own(3, Part::Day), own(4, Part::After)],
        ..Session::default()
    };
    let hearing = Hearing { industry: Some(text("care")), left_out: [text("cloud.1"), text("care.2")].into() };
    let note =
        Note { line: Some(id(20)), section: Some(text("3.4")), hearing: Some(text("cloud.2")), leaves: true, ..note() };
    vec![
        (
            "engagement-guided",
            include_str!("../../../../tests/golden/record/v1/engagement-guided.json"),
            Record::Engagement(Engagement { sessions: vec![guided], ending: None, ..engagement() }),
        ),
        (
            "expert-waived",
            include_str!("../../../../tests/golden/record/v1/expert-waived.json"),
            Record::Expert(ExpertEntry { number: 1, waived: vec![waiver], ..expert_entry(id(14), "山田 花子") }),
        ),
        (
            "delivery-resumed",
            include_str!("../../../../tests/golden/record/v1/delivery-resumed.json"),
            Record::Delivery(Box::new(resumed)),
        ),
        ("note-sorted", include_str!("../../../../tests/golden/record/v1/note-sorted.json"), Record::Note(note)),
        (
            "engagement-hearing",
            include_str!("../../../../tests/golden/record/v1/engagement-hearing.json"),
            Record::Engagement(Engagement { hearing, ..engagement() }),
        ),
    ]
}

#[test]
fn later_fields_are_read_and_written_byte_for_byte() {
    for (name, stored, record) in later() {
        let encoded = record.encode();
        if !updated(name, &encoded) {
            assert_eq!(stored.trim_end(), encoded, "{name}");
            assert_eq!(Record::decode(stored.as_bytes()), Ok(record), "{name}");
        }
    }
}

#[test]
fn drafts_are_read_and_written_byte_for_byte_and_a_newer_one_is_refused() {
    let place = DraftPlace {
        screen: text("tab.overview"),
        engagement: Some(id(5)),
        session: 2,
        row: 0,
        action: text("key.memo"),
    };
    let draft = Draft {
        form: text("form.note"),
        subject: String::new(),
        about: Some(id(5)),
        fields: vec![DraftField { label: text("field.text"), text: text("裏口は"), at: 9 }],
        focus: 0,
        place: Some(place),
    };
    let left = Draft { place: None, subject: text("11"), form: text("form.evidence"), ..draft.clone() };
    let (drafts, stored) = (
        Drafts { forms: vec![left, draft], tutorial: None },
        include_str!("../../../../tests/golden/record/v1/drafts.json"),
    );
    if !updated("drafts", &drafts.encode()) {
        assert_eq!(stored.trim_end(), drafts.encode());
        assert_eq!(Drafts::decode(stored.as_bytes()), Ok(drafts));
        let newer = stored.replacen("\"v\":1", "\"v\":2", 1);
        assert_eq!(Drafts::decode(newer.as_bytes()), Err(RecordError::Newer(2)));
    }
}

#[test]
fn how_far_the_practice_is_stands_beside_the_drafts() {
    let progress =
        TutorialProgress { done: vec![text("help"), text("urgent")], skipped: vec![text("register")], hidden: true };
    let (drafts, stored) = (
        Drafts { forms: Vec::new(), tutorial: Some(progress) },
        include_str!("../../../../tests/golden/record/v1/drafts-tutorial.json"),
    );
    if !updated("drafts-tutorial", &drafts.encode()) {
        assert_eq!(stored.trim_end(), drafts.encode());
        assert_eq!(Drafts::decode(stored.as_bytes()), Ok(drafts));
    }
}

#[test]
fn a_draft_about_an_erased_client_is_left_out_and_the_oldest_go_first() {
    let mut books = Books::default();
    let samples = samples();
    let engagement = samples.iter().find_map(|r| match r {
        Record::Engagement(e) => Some(e.clone()),
        _ => None,
    });
    let engagement = engagement.unwrap();
    samples.into_iter().for_each(|record| books.put(record));
    let of = |about| Draft {
        form: text("form.note"),
        subject: String::new(),
        about,
        fields: Vec::new(),
        focus: 0,
        place: None,
    };
    let all = vec![of(None), of(Some(engagement.id)), of(Some(engagement.client)), of(Some(id(99)))];
    let left = |books: &Books| draft::standing(books, Drafts { forms: all.clone(), tutorial: None }).forms;
    assert_eq!(left(&books), all[..3]);
    books.remove(engagement.client);
    assert_eq!(left(&books), all[..1]);
    let many: Vec<Draft> = (0..100).map(|n| Draft { subject: n.to_string(), ..of(None) }).collect();
    let kept = draft::standing(&books, Drafts { forms: many, tutorial: None }).forms;
    assert_eq!((kept.len(), kept[63].subject.as_str()), (64, "99"));
}

fn journal_entry() -> JournalEntry {
    let Some(Record::Client(before)) = samples().into_iter().nth(2) else { panic!("the third sample is a client") };
    let after = Client { name: text("例示産業株式会社"), ..before.clone() };
    let changes = vec![
        Change { id: before.id, before: Some(Record::Client(before)), after: Some(Record::Client(after)) },
        Change { id: id(6), before: None, after: None },
    ];
    entry(TODAY.to_datetime(time(9, 0, 0, 0)), "client", changes, Some(7))
}

/// With UPDATE_GOLDEN=1 the files are written anew, for a format that nobody has stored yet.
#[allow(clippy::disallowed_methods, reason = "a test rewrites golden files on request")]
fn updated(kind: &str, encoded: &str) -> bool {
    let wanted = std::env::var("UPDATE_GOLDEN").is_ok();
    if wanted {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/record/v1");
        std::fs::write(format!("{folder}/{kind}.json"), format!("{encoded}\n")).unwrap();
    }
    wanted
}

#[test]
fn every_record_is_read_and_written_byte_for_byte() {
    let all = samples();
    assert_eq!(all.len() + 1, FILES.len());
    for record in all {
        let (kind, encoded) = (file_name(&record), record.encode());
        assert!(encoded.starts_with(&format!("{{\"v\":1,\"record\":{{\"{}\":", record.kind())), "{kind}");
        if !updated(kind, &encoded) {
            assert_eq!(file(kind).trim_end(), encoded, "{kind}");
            assert_eq!(Record::decode(file(kind).as_bytes()), Ok(record), "{kind}");
        }
    }
    let (entry, kind) = (journal_entry(), "journal-entry");
    let encoded = entry.encode();
    if !updated(kind, &encoded) {
        assert_eq!(file(kind).trim_end(), encoded);
        assert_eq!(JournalEntry::decode(file(kind).as_bytes()), Ok(entry));
    }
}

/// Every kind there is, from what the reader says it expects.
pub fn kinds() -> Vec<String> {
    let error = serde_json::from_str::<Record>("{\"nothing\":{}}").unwrap_err().to_string();
    let list = error.split("expected one of").nth(1).unwrap_or_else(|| panic!("{error}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The golden text of every kind of record.
pub fn stored() -> impl Iterator<Item = &'static str> {
    FILES
        .iter()
        .filter(|(name, _)| !matches!(*name, "journal-entry" | "outbox-bare" | "attachment-bare"))
        .map(|(_, text)| *text)
}

#[test]
fn every_kind_has_a_golden_file() {
    let found: std::collections::BTreeSet<String> = samples().iter().map(|r| r.kind().to_owned()).collect();
    assert_eq!(found, kinds().into_iter().collect());
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    for (kind, stored) in FILES {
        let decode = |text: &str| match *kind {
            "journal-entry" => JournalEntry::decode(text.as_bytes()).map(drop),
            _ => Record::decode(text.as_bytes()).map(drop),
        };
        let objects: Vec<usize> = stored.match_indices('{').map(|(at, _)| at).collect();
        let mut refused = 0;
        for at in objects {
            let (head, tail) = stored.split_at(at + 1);
            let comma = if tail.starts_with('}') { "" } else { "," };
            let changed = format!("{head}\"secret\":\"例示\"{comma}{tail}");
            // A map from text to text takes any key: those are the only places left.
            if let Err(e) = decode(&changed) {
                assert!(!e.to_string().contains("例示") && !e.to_string().contains("secret"), "{e}");
                refused += 1;
            }
        }
        assert!(refused >= 2, "{kind}: {refused}");
    }
}

#[test]
fn a_newer_version_is_named_as_such() {
    for (kind, stored) in FILES {
        let newer = stored.replacen("\"v\":1", "\"v\":2", 1);
        let strange = newer.replacen("\"v\":2,", "\"v\":2,\"later\":\"例示\",", 1);
        let broken = stored.trim_end().strip_suffix('}').unwrap();
        assert!(newer != **stored && strange != newer, "{kind}");
        for text in [&newer, &strange] {
            let error = match *kind {
                "journal-entry" => JournalEntry::decode(text.as_bytes()).unwrap_err(),
                _ => Record::decode(text.as_bytes()).unwrap_err(),
            };
            assert_eq!(error, RecordError::Newer(2), "{kind}");
        }
        let error = match *kind {
            "journal-entry" => JournalEntry::decode(broken.as_bytes()).unwrap_err(),
            _ => Record::decode(broken.as_bytes()).unwrap_err(),
        };
        assert!(matches!(&error, RecordError::Shape(place) if !place.contains("例示")), "{error}");
    }
}
