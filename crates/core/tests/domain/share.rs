//! Going along: what must be settled first, what a copy holds and permits, and how a return is taken over.

use std::collections::{BTreeMap, BTreeSet};

use bansou_core::claim::ClaimCommand;
use bansou_core::client::ClientCommand;
use bansou_core::command::{Command, Ctx};
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::{reverse, stacks};
use bansou_core::note::{NewNote, NoteAction};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::*;
use bansou_core::refusal::Refusal;
use bansou_core::retention;
use bansou_core::session::SessionAction;
use bansou_core::share::fields::{Fields, Notes, read};
use bansou_core::share::merge::{Row, State, rows, waiting};
use bansou_core::share::{self, PARTS, ShareCommand, spoken};
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::{Context, Signed, encode_key, to_json};
use bansou_core::wire::v1::share::{Share, ShareError, ShareKey, ShareReturn, check_share};
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::ToSpan as _;
use proptest::prelude::*;
use serde::Serialize;

use crate::attachments;
use crate::world::*;

const LEAD: u8 = 31;
const TRAINEE: u8 = 32;

fn signing(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

pub fn key(n: u8) -> ShareKey {
    let age = format!("age1{}", "q".repeat(57) + if n == LEAD { "l" } else { "t" });
    ShareKey { age, signing: encode_key(&signing(n).verifying_key().to_bytes()) }
}

fn sign<T: Serialize>(n: u8, context: Context, body: &T) -> Signed {
    let body = to_json(body);
    let sig = signing(n).sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &signing(n).verifying_key().to_bytes(), &sig)
}

pub fn pairing(engagement: Id) -> Pairing {
    let key = key(TRAINEE);
    Pairing {
        id: id(0),
        engagement,
        trainee: "同行 次郎".into(),
        age_recipient: key.age,
        signing_key: key.signing,
        consent: Some(Consent { by: "社長".into(), on: DAYS[0], taken_by: "山田 花子".into() }),
        liability_on: Some(DAYS[0]),
        sessions: [1, 2].into(),
        roles: "記録を取る".into(),
        dates_by: "指導者".into(),
        handouts: true,
        parts: PARTS.into(),
        until: None,
        withdrawn_on: None,
    }
}

pub fn agree(pairing: Pairing) -> Command {
    Command::Share(ShareCommand::Pair(Box::new(pairing)))
}

pub fn offer(engagement: Id) -> Command {
    Command::Share(ShareCommand::Offer { engagement })
}

fn found(engagement: Id, action: FindingsAction) -> Command {
    Command::Findings(FindingsCommand { engagement, action })
}

pub fn answer(engagement: Id, question: u8, answer: AnswerCode) -> Command {
    found(engagement, FindingsAction::Answer { question, answer: Some(answer) })
}

fn evidence(engagement: Id, question: u8, text: &str) -> Command {
    found(engagement, FindingsAction::Evidence { question, text: text.into() })
}

fn note(engagement: Id, text: &str, leaves: bool) -> Command {
    let new = NewNote { session: Some(1), text: text.into(), question: Some(3), leaves, ..NewNote::default() };
    found(engagement, FindingsAction::Note(NoteAction::Add(new)))
}

fn expect(engagement: Id, text: &str) -> Command {
    Command::Engagement(EngagementCommand { engagement, action: EngagementAction::Expect(text.into()) })
}

fn tick(engagement: Id, item: &str) -> Command {
    let check = Some(Check { state: CheckState::Done, reason: None, carried_to: None });
    session(engagement, 1, SessionAction::Check { item: item.into(), check })
}

fn section(engagement: Id, number: &str, finding: &str) -> Command {
    let review = SectionReview {
        status: SectionStatus::Partial,
        document: "就業規則".into(),
        finding: finding.into(),
        response: String::new(),
    };
    found(engagement, FindingsAction::Section { section: number.into(), review })
}

fn generate(engagement: Id, count: u8) -> Command {
    Command::Plan(PlanCommand { engagement, action: PlanAction::Generate { count } })
}

/// An engagement with something in every part, and two notes of which one may leave.
pub fn lead() -> (World, Id) {
    let (mut world, e) = World::begun();
    for command in [
        hold(e, 1, DAYS[0], None),
        plan(e, 2, DAYS[1]),
        expect(e, "取引先に説明したい"),
        answer(e, 1, AnswerCode::No),
        answer(e, 3, AnswerCode::Partial),
        evidence(e, 3, "設定画面"),
        note(e, "出せるメモ", true),
        note(e, "社外秘のメモ", false),
        section(e, "3.1", "古い"),
        found(e, FindingsAction::PolicyField { name: "company".into(), value: "例示工業".into() }),
        generate(e, 2),
    ] {
        world.ok(command);
    }
    attachments::add(&mut world, e, attachments::new("台帳.pdf", id(50)));
    (world, e)
}

fn ctx(world: &mut World) -> Ctx<'static> {
    Ctx { now: world.now, seed: world.seed(), packs: &PACKS }
}

fn handed(world: &mut World, engagement: Id) -> Share {
    let id = world.ok(offer(engagement))[0].id;
    let ctx = ctx(world);
    share::text_of(&world.books, &ctx, &world.books.handouts[&id], key(LEAD)).unwrap()
}

/// The trainee's home with the copy in it.
fn trainee(share: Share) -> (World, Id) {
    let mut world = World::new();
    world.fresh_from(1000);
    world.ok(Command::Share(ShareCommand::Receive(Box::new(share))));
    let engagement = world.books.shared.values().next().unwrap().engagement;
    (world, engagement)
}

fn given_back(world: &mut World) -> ShareReturn {
    let ctx = ctx(world);
    share::answer(&world.books, &ctx, world.books.shared.values().next().unwrap()).unwrap()
}

fn taken_in(lead: &mut World, back: &ShareReturn) -> Id {
    let signed = sign(TRAINEE, Context::ShareReturn, back);
    let returned = share::accept(&lead.books, &signed).unwrap();
    let id = returned.id;
    lead.ok(Command::Share(ShareCommand::TakeIn(Box::new(returned))));
    id
}

fn of(world: &World, returned: Id) -> Vec<Row> {
    rows(&world.books, &world.books.returns[&returned]).unwrap()
}

fn decide(world: &mut World, returned: Id, takes: &[(&str, Take)]) {
    let takes = takes.iter().map(|(name, take)| ((*name).to_owned(), *take)).collect();
    world.ok(Command::Share(ShareCommand::Decide { returned, takes }));
}

fn all(world: &World, engagement: Id) -> Fields {
    read(&world.books, world.engagement(engagement), &PARTS.into(), Notes::All)
}

/// Every refusal of this side of the rules.
pub fn refusals(found: &mut Vec<Refusal>) {
    let (mut world, e) = lead();
    let full = || pairing(e);
    for agreed in [
        Pairing { consent: None, ..full() },
        Pairing { liability_on: None, ..full() },
        Pairing { parts: BTreeSet::new(), ..full() },
        Pairing { until: Some(DAYS[3]), ..full() },
        Pairing { withdrawn_on: Some(TODAY), ..full() },
        Pairing { parts: [SharePart::Diagnosis].into(), ..full() },
    ] {
        world.ok(agree(agreed));
        found.extend(world.run(offer(e)).err());
    }
    found.extend(reverse(&world.books, &world.journal[world.journal.len() - 2]).err());
    let share = world.books.handouts_of(e)[0].clone();
    let ctx = ctx(&mut world);
    let share = share::text_of(&world.books, &ctx, &share, key(LEAD)).unwrap();
    let (mut copy, c) = trainee(share.clone());
    found.push(copy.no(write(c, 1)));
    found.push(copy.no(note(c, "x", false)));
    found.push(copy.no(Command::Share(ShareCommand::Receive(Box::new(share)))));
}

/// Another world with the same books.
fn with(world: &World) -> World {
    let mut other = World::new();
    other.books = world.books.clone();
    other
}

#[test]
fn nothing_is_handed_out_before_everything_is_agreed() {
    let (mut world, e) = lead();
    assert_eq!(world.no(offer(e)), Refusal::NotFound { what: "pairing" });
    let full = || pairing(e);
    for (agreed, refusal) in [
        (Pairing { consent: None, ..full() }, Refusal::NoConsent),
        (Pairing { liability_on: None, ..full() }, Refusal::LiabilityUnsaid),
        (Pairing { sessions: BTreeSet::new(), ..full() }, Refusal::Empty { field: "sessions" }),
        (Pairing { parts: BTreeSet::new(), ..full() }, Refusal::NothingChosen),
        (Pairing { until: Some(DAYS[3]), ..full() }, Refusal::ShareOver),
        (Pairing { withdrawn_on: Some(TODAY), ..full() }, Refusal::Withdrawn),
    ] {
        world.ok(agree(agreed));
        assert_eq!(world.no(offer(e)), refusal);
    }
    let later = TODAY.saturating_add(1.day());
    for (wrong, refusal) in [
        (Pairing { trainee: " ".into(), ..full() }, Refusal::Empty { field: "trainee" }),
        (Pairing { age_recipient: "age1short".into(), ..full() }, Refusal::Empty { field: "key" }),
        (Pairing { signing_key: "x".into(), ..full() }, Refusal::Empty { field: "key" }),
        (Pairing { sessions: [5].into(), ..full() }, Refusal::OutOfRange { field: "session", min: 1, max: 4 }),
        (Pairing { liability_on: Some(later), ..full() }, Refusal::FutureDate),
    ] {
        assert_eq!(world.no(agree(wrong)), refusal);
    }
    world.ok(agree(full()));
    world.ok(offer(e));
    // Counted from today, which is after the last dated session.
    let days = i32::from(world.pack(e).pairing.share.days_after_end);
    assert_eq!(world.books.handouts_of(e)[0].until, TODAY.saturating_add(days.days()));
    assert!(!world.pack(e).pairing.paid);
    world.ok(Command::Share(ShareCommand::Withdraw { engagement: e }));
    assert_eq!(world.no(offer(e)), Refusal::Withdrawn);
}

#[test]
fn an_agreement_is_taken_back_until_a_copy_was_handed_out() {
    let (mut world, e) = lead();
    world.ok(agree(pairing(e)));
    let agreed = world.journal.last().unwrap().clone();
    assert!(reverse(&world.books, &agreed).is_ok());
    world.ok(offer(e));
    assert_eq!(reverse(&world.books, &agreed).unwrap_err(), Refusal::HandedOut);
    assert_eq!(reverse(&world.books, world.journal.last().unwrap()).unwrap_err(), Refusal::CannotUndo);
    let entries: Vec<_> = (1..).zip(world.journal.clone()).collect();
    assert!(!stacks(&entries).undo.contains(&(entries.len() as u64)), "undo passes over what was handed out");
}

#[test]
fn a_copy_holds_the_chosen_parts_and_nothing_else() {
    let (mut world, e) = lead();
    let other = world.begin("K-0002");
    world.ok(expect(other, "別会社"));
    for (part, has) in [
        (SharePart::Overview, vec!["client/name", "engagement/expectations", "session/1/date", "session/2/date"]),
        (SharePart::Checklist, vec![]),
        (SharePart::Diagnosis, vec!["answer/1", "answer/3", "evidence/3"]),
        (SharePart::Policy, vec!["policy/field/company"]),
        (SharePart::Regulations, vec!["section/3.1/finding", "section/3.1/status"]),
        (SharePart::Plan, vec!["plan/starts"]),
        (SharePart::Notes, vec![]),
    ] {
        world.ok(agree(Pairing { parts: [part].into(), ..pairing(e) }));
        let share = handed(&mut world, e);
        assert!(has.iter().all(|key| share.fields.contains_key(*key)), "{part:?}: {:?}", share.fields);
        let stray = share.fields.keys().find(|key| share::fields::place(key).unwrap().part != part);
        assert_eq!(stray, None);
    }
    world.ok(agree(pairing(e)));
    let text = to_json(&handed(&mut world, e));
    assert!(text.contains("出せるメモ"));
    for never in ["社外秘のメモ", "台帳", "別会社", "K-0002", "本社", "enrolment"] {
        assert!(!text.contains(never), "{never}");
    }
}

#[test]
fn a_copy_is_an_engagement_with_the_leads_values_beside_it() {
    let (mut world, e) = lead();
    world.ok(agree(pairing(e)));
    let share = handed(&mut world, e);
    let base = share.fields.clone();
    let (mut copy, c) = trainee(share.clone());
    assert_eq!(all(&copy, c), base, "what was handed out reads the same in the copy");
    assert_eq!(given_back(&mut copy).fields, BTreeMap::new());
    let again = Command::Share(ShareCommand::Receive(Box::new(share.clone())));
    assert_eq!(copy.no(again), Refusal::ShareHeld);
    let (mut other, _) = World::begun();
    assert_eq!(other.no(Command::Share(ShareCommand::Receive(Box::new(share.clone())))), Refusal::CaseNoTaken);
    let mut fresh = World::new();
    let mut no = |change: &dyn Fn(&mut Share)| {
        let mut share = share.clone();
        change(&mut share);
        fresh.no(Command::Share(ShareCommand::Receive(Box::new(share))))
    };
    assert_eq!(no(&|s| s.practice = true), Refusal::PracticeMixed);
    assert_eq!(no(&|s| s.until = DAYS[0]), Refusal::ShareOver);
    assert_eq!(no(&|s| s.programme = "r9".into()), Refusal::UnknownEdition { id: "r9".into() });
    assert_eq!(no(&|s| s.parts = PARTS[..5].iter().copied().chain([SharePart::Notes]).collect()), {
        let key = base.keys().find(|k| k.starts_with("line/")).unwrap();
        Refusal::UnknownItem { item: key.clone() }
    });
    for (key, value) in [
        ("answer/99", "no"),
        ("answer/1", "maybe"),
        ("session/9/date", "2026-10-01x"),
        ("session/1/check/nothing", "done"),
        ("policy/article/0", "x"),
        ("section/99.9/status", "ready"),
        ("claim/1", "45000"),
        ("client/bank", "x"),
        ("line/zz/theme", "people"),
        ("note/zz/text", "x"),
    ] {
        let refusal = no(&|s| drop(s.fields.insert(key.into(), value.into())));
        let known = matches!(refusal, Refusal::UnknownItem { .. } | Refusal::OutOfRange { .. });
        assert!(known, "{key}: {refusal:?}");
    }
    // Nobody else chooses where something of this home is stored: not its keys, its owner or any other record.
    for taken in [Id::PROFILE, Id([3; 16]), id(200)] {
        assert_eq!(no(&|s| s.id = taken), Refusal::UnknownItem { item: "id".into() });
        let key = format!("note/{taken}/text");
        assert_eq!(
            no(&|s| drop(s.fields.insert(key.clone(), "x".into()))),
            Refusal::UnknownItem { item: "note".into() }
        );
    }
    assert_eq!(
        no(&|s| drop(s.fields.insert("evidence/1".into(), "\u{1b}[2J".into()))),
        Refusal::ControlCharacter { field: "evidence" }
    );
}

#[test]
fn a_copy_takes_drafts_of_what_was_shared_until_its_last_day_and_nothing_official() {
    let (mut world, e) = lead();
    world.ok(agree(Pairing { parts: [SharePart::Overview, SharePart::Diagnosis].into(), ..pairing(e) }));
    let (mut copy, c) = trainee(handed(&mut world, e));
    copy.ok(answer(c, 5, AnswerCode::Done));
    copy.ok(expect(c, "同行者の見方"));
    for (command, part) in [
        (note(c, "x", false), "notes"),
        (tick(c, "s1.prep.1"), "checklist"),
        (section(c, "3.1", "x"), "regulations"),
        (generate(c, 1), "plan"),
        (found(c, FindingsAction::PolicyField { name: "company".into(), value: "x".into() }), "policy"),
    ] {
        assert_eq!(copy.no(command), Refusal::NotShared { part: part.into() });
    }
    let client = copy.books.clients[&copy.engagement(c).client].clone();
    let made = artefact(id(90), c, "plan", None, copy.now);
    let official = [
        hold(c, 1, DAYS[0], None),
        plan(c, 1, DAYS[0]),
        confirm(c, 1, DAYS[0], Assurance::Paper),
        write(c, 1),
        end(c, EndingKind::Early, "理由"),
        Command::KeepArtefact(Box::new(made)),
        queue(&copy.report_item(c, 1)),
        Command::Claim(ClaimCommand::Draft { units: vec![(c, 1)], claimed_on: TODAY }),
        Command::Client(ClientCommand::Edit(Box::new(client))),
        found(c, FindingsAction::Final { item: "1-1".into(), value: "2".into() }),
        found(c, FindingsAction::PolicyEnacted(Some(TODAY))),
        Command::Plan(PlanCommand { engagement: c, action: PlanAction::Agree(TODAY) }),
        agree(pairing(c)),
        offer(c),
    ];
    for command in official {
        assert_eq!(copy.no(command), Refusal::SharedCopy);
    }
    let until = copy.books.shared_of(c).unwrap().until;
    copy.now = until.to_datetime(jiff::civil::time(23, 59, 0, 0));
    copy.ok(answer(c, 6, AnswerCode::Done));
    assert_eq!(share::over(&copy.books, until), []);
    copy.now = copy.now.saturating_add(2.minutes());
    assert_eq!(copy.no(answer(c, 7, AnswerCode::Done)), Refusal::ShareOver);
    assert_eq!(share::over(&copy.books, copy.now.date()), [copy.engagement(c).client]);
}

#[test]
fn a_copy_that_ended_leaves_nothing_but_the_record_of_its_end() {
    let (mut world, e) = lead();
    world.ok(agree(pairing(e)));
    let (mut copy, c) = trainee(handed(&mut world, e));
    copy.ok(note(c, "同行者のメモ", false));
    let client = copy.engagement(c).client;
    assert_eq!(retention::blocks(&copy.books, &PACKS, client, TODAY).unwrap(), []);
    let journal: Vec<_> = (1..).zip(copy.journal.clone()).collect();
    let purge = retention::plan(&copy.books, &PACKS, client, &journal, id(77), TODAY).unwrap();
    let (rule, ended) = (&purge.certificate.rule, purge.certificate.ended_on);
    assert_eq!((rule.as_str(), ended), ("ojt@2020", Some(copy.books.shared_of(c).unwrap().until)));
    assert_eq!(purge.reduce, []);
    copy.books.follow(&purge.changes(purge.record("{}".into())));
    let left: Vec<_> = copy.books.records().iter().map(Record::kind).collect();
    assert_eq!(left, ["profile", "enrolment", "purge"]);
    // The same case can be shared again.
    let second = handed(&mut world, e);
    copy.ok(Command::Share(ShareCommand::Receive(Box::new(second))));
    // Erasing the firm on the lead's side takes agreement, copies and returns along.
    let journal: Vec<_> = (1..).zip(world.journal.clone()).collect();
    let firm = world.engagement(e).client;
    let purge = retention::plan(&world.books, &PACKS, firm, &journal, id(77), TODAY).unwrap();
    world.books.follow(&purge.changes(purge.record("{}".into())));
    assert!(world.books.pairings.is_empty() && world.books.handouts.is_empty() && world.books.returns.is_empty());
}

/// Both sides work on after the handout: some of it alone, some of it against each other.
fn worked() -> (World, Id, World, Id) {
    let (mut world, e) = lead();
    world.ok(agree(pairing(e)));
    let (mut copy, c) = trainee(handed(&mut world, e));
    let lines: Vec<PlanLine> = copy.books.plan_of(c).unwrap().lines.clone();
    let edit = |engagement, line: PlanLine| {
        Command::Plan(PlanCommand { engagement, action: PlanAction::Edit(Box::new(line)) })
    };
    for command in [
        answer(c, 1, AnswerCode::Partial),
        answer(c, 3, AnswerCode::Done),
        answer(c, 7, AnswerCode::No),
        evidence(c, 3, "台帳も見た"),
        expect(c, "取引先に説明したい"),
        tick(c, "s1.prep.1"),
        section(c, "3.1", "周知されていない"),
        section(c, "3.2", "ない"),
        note(c, "同行者のメモ", false),
        edit(c, PlanLine { owner: "総務".into(), action: "同行者の対策".into(), ..lines[0].clone() }),
        Command::Plan(PlanCommand { engagement: c, action: PlanAction::Remove(lines[1].id) }),
        generate(c, 1),
    ] {
        copy.ok(command);
    }
    for command in [
        answer(e, 1, AnswerCode::Partial),
        answer(e, 3, AnswerCode::Unknown),
        evidence(e, 3, "規程を見た"),
        section(e, "3.1", "改訂中"),
        edit(e, PlanLine { action: "指導者の対策".into(), ..lines[0].clone() }),
        edit(e, PlanLine { cost: "1万円".into(), ..lines[1].clone() }),
    ] {
        world.ok(command);
    }
    (world, e, copy, c)
}

#[test]
fn a_return_is_laid_beside_what_the_lead_has_row_by_row() {
    let (mut world, e, mut copy, _) = worked();
    // A copy gets the lines in the order of their ids.
    let mut lines: Vec<Id> = world.books.plan_of(e).unwrap().lines.iter().map(|l| l.id).collect();
    lines.sort();
    let back = taken_in(&mut world, &given_back(&mut copy));
    let found = of(&world, back);
    let state = |name: &str| found.iter().find(|r| r.name == name).map(|r| r.state);
    for (name, expected) in [
        ("answer/1", State::Same),
        ("answer/3", State::Both),
        ("answer/7", State::Theirs),
        ("evidence/3", State::Both),
        ("session/1/check/s1.prep.1", State::Theirs),
        ("section/3.1/finding", State::Both),
        ("section/3.2", State::Theirs),
        (&format!("line/{}/owner", lines[0]), State::Theirs),
        (&format!("line/{}/action", lines[0]), State::Both),
        (&format!("line/{}", lines[1]), State::Both),
    ] {
        assert_eq!(state(name), Some(expected), "{name}");
    }
    assert_eq!(state("engagement/expectations"), None, "unchanged");
    let notes: Vec<_> = found.iter().filter(|r| r.part == SharePart::Notes).collect();
    assert_eq!((notes.len(), notes[0].state), (1, State::Theirs));
    let pack = world.pack(e);
    let label = |name: &str, lang| {
        let row = found.iter().find(|r| r.name == name).unwrap();
        spoken::label(pack, name, spoken::title(&world.books, e, row), lang)
    };
    assert!(label("answer/3", Lang::Ja).starts_with("問3 "));
    assert_eq!(label(&format!("line/{}/owner", lines[0]), Lang::En), "plan「指導者の対策」 owner");
    let row = found.iter().find(|r| r.name == "answer/3").unwrap();
    let said = [&row.base, &row.mine, &row.theirs].map(|side| spoken::value(pack, row, side, Lang::Ja));
    assert_eq!(said, ["一部", "わからない", "実施"]);
    let gone = found.iter().find(|r| r.name == format!("line/{}", lines[1])).unwrap();
    assert_eq!(spoken::value(pack, gone, &gone.theirs, Lang::Ja), "");
}

#[test]
fn theirs_mine_or_both_and_neither_value_is_lost() {
    let (mut world, e, mut copy, _) = worked();
    let before = all(&world, e);
    let back = taken_in(&mut world, &given_back(&mut copy));
    let theirs = world.books.returns[&back].fields.clone();
    decide(&mut world, back, &[("answer/3", Take::Both), ("evidence/3", Take::Both), ("answer/7", Take::Theirs)]);
    let now = all(&world, e);
    assert_eq!((now["answer/3"].as_str(), now["answer/7"].as_str()), ("unknown", "no"));
    assert_eq!(now["evidence/3"], "規程を見た\n〔同行 次郎〕台帳も見た");
    let kept = world.books.notes_of(e).into_iter().find(|n| n.who == "同行 次郎").unwrap();
    assert_eq!(kept.question, Some(3));
    assert!(kept.text.contains("わからない") && kept.text.contains("〔同行 次郎〕実施"), "{}", kept.text);
    assert!(!kept.leaves);
    // One act, taken back as one.
    let taken = world.journal.last().unwrap().clone();
    let mut undone = world.books.clone();
    undone.follow(&reverse(&world.books, &taken).unwrap());
    assert_eq!(read(&undone, &undone.engagements[&e], &PARTS.into(), Notes::All), before);
    // The rest of theirs; whatever is decided stays decided.
    let rest: Vec<String> = of(&world, back).iter().filter(|r| r.open()).map(|r| r.name.clone()).collect();
    decide(&mut world, back, &rest.iter().map(|name| (name.as_str(), Take::Theirs)).collect::<Vec<_>>());
    assert_eq!(waiting(&world.books, &world.books.returns[&back]), 0);
    let now = all(&world, e);
    let differs: Vec<_> = theirs.iter().filter(|(k, v)| now.get(*k) != v.as_ref()).map(|(k, _)| k.as_str()).collect();
    assert_eq!(differs, ["answer/3", "evidence/3"]);
    let decided = &world.books.returns[&back].decided;
    assert_eq!(decided["section/3.1/finding"].mine["section/3.1/finding"], "改訂中");
    let steps = world.journal.len();
    decide(&mut world, back, &[("answer/7", Take::Mine)]);
    assert_eq!(world.journal[steps].changes, []);
    let unknown = ShareCommand::Decide { returned: back, takes: [("answer/24".to_owned(), Take::Mine)].into() };
    assert_eq!(world.no(Command::Share(unknown)), Refusal::UnknownItem { item: "answer/24".into() });
}

#[test]
fn the_same_return_twice_changes_nothing() {
    let (mut world, _, mut copy, _) = worked();
    let text = given_back(&mut copy);
    let back = taken_in(&mut world, &text);
    decide(&mut world, back, &[("answer/7", Take::Theirs)]);
    let books = world.books.clone();
    assert_eq!(taken_in(&mut world, &text), back);
    assert_eq!(world.books, books);
}

#[test]
fn only_a_return_of_the_trainee_to_a_copy_of_this_home_is_taken() {
    let (world, _, mut copy, _) = worked();
    let good = given_back(&mut copy);
    let accept = |n: u8, back: &ShareReturn| share::accept(&world.books, &sign(n, Context::ShareReturn, back));
    assert_eq!(accept(LEAD, &good).unwrap_err(), ShareError::NotOurs);
    assert_eq!(accept(TRAINEE, &ShareReturn { share: id(1), ..good.clone() }).unwrap_err(), ShareError::NotOurs);
    assert_eq!(accept(TRAINEE, &ShareReturn { v: 2, ..good.clone() }).unwrap_err(), ShareError::Newer);
    assert_eq!(accept(TRAINEE, &ShareReturn { practice: true, ..good.clone() }).unwrap_err(), ShareError::Content);
    for key in ["client/name", "plan/starts", "claim/1", "session/1/date"] {
        let fields = [(key.to_owned(), Some("x".to_owned()))].into();
        assert_eq!(accept(TRAINEE, &ShareReturn { fields, ..good.clone() }).unwrap_err(), ShareError::Content);
    }
    let steering = [("evidence/3".to_owned(), Some("\u{1b}[2J".to_owned()))].into();
    assert_eq!(accept(TRAINEE, &ShareReturn { fields: steering, ..good.clone() }).unwrap_err(), ShareError::Content);
    let mut signed = sign(TRAINEE, Context::ShareReturn, &good);
    signed.body = signed.body.replace("台帳", "帳簿");
    assert!(matches!(share::accept(&world.books, &signed), Err(ShareError::Envelope(_))));
    let other = sign(TRAINEE, Context::Share, &good);
    assert!(matches!(share::accept(&world.books, &other), Err(ShareError::Envelope(_))));
}

#[test]
fn a_return_cannot_write_over_another_record_of_the_lead() {
    let (mut world, e, mut copy, _) = worked();
    let good = given_back(&mut copy);
    let other = world.begin("K-0002");
    world.ok(note(other, "別会社のメモ", false));
    let foreign = world.books.notes_of(other)[0].id;
    let handout = world.books.handouts_of(e)[0].id;
    for taken in [Id::PROFILE, Id([3; 16]), handout, e, foreign] {
        let fields = [(format!("note/{taken}/text"), Some("x".to_owned()))].into();
        let back = taken_in(&mut world, &ShareReturn { fields, ..good.clone() });
        let takes = [(format!("note/{taken}"), Take::Theirs)].into();
        let refused = world.no(Command::Share(ShareCommand::Decide { returned: back, takes }));
        assert_eq!(refused, Refusal::UnknownItem { item: "note".into() });
        // It stands in the return all the same, and can be laid aside.
        decide(&mut world, back, &[(&format!("note/{taken}"), Take::Mine)]);
        assert_eq!(waiting(&world.books, &world.books.returns[&back]), 0);
    }
}

#[test]
fn a_share_is_believed_only_by_the_one_it_is_for_and_until_its_last_day() {
    let (mut world, e) = lead();
    world.ok(agree(pairing(e)));
    let share = handed(&mut world, e);
    let (own, signed) = (key(TRAINEE), sign(LEAD, Context::Share, &share));
    assert_eq!(check_share(&signed, &own, TODAY).unwrap(), share);
    assert_eq!(check_share(&signed, &own, share.until).unwrap(), share);
    let after = share.until.saturating_add(1.day());
    assert_eq!(check_share(&signed, &own, after).unwrap_err(), ShareError::Over(share.until));
    assert_eq!(check_share(&signed, &key(LEAD), TODAY).unwrap_err(), ShareError::NotForUs);
    let by_other = sign(TRAINEE, Context::Share, &share);
    assert_eq!(check_share(&by_other, &own, TODAY).unwrap_err(), ShareError::NotForUs);
    let newer = sign(LEAD, Context::Share, &serde_json::json!({"v": 2, "whatever": [1]}));
    assert_eq!(check_share(&newer, &own, TODAY).unwrap_err(), ShareError::Newer);
    for steering in ["\u{1b}[2J", "\u{202e}x", "a\u{7}"] {
        let text = steering.to_owned();
        for bad in [
            Share { lead: text.clone(), ..share.clone() },
            Share { case_no: text.clone(), ..share.clone() },
            Share { fields: [("evidence/1".to_owned(), text.clone())].into(), ..share.clone() },
            Share { fields: [(format!("answer/{text}"), "no".to_owned())].into(), ..share.clone() },
        ] {
            let signed = sign(LEAD, Context::Share, &bad);
            assert_eq!(check_share(&signed, &own, TODAY).unwrap_err(), ShareError::Content, "{steering:?}");
        }
    }
    let line = own.line();
    assert_eq!(ShareKey::parse(&format!("  {}\n", line.replace(' ', "  "))).unwrap(), own);
    assert_ne!(own.fingerprint(), ShareKey { age: key(LEAD).age, ..own.clone() }.fingerprint());
    for (wrong, why) in [
        ("", ShareError::Key),
        (&line[..40], ShareError::Key),
        (&line.replace("-v1", "-v2"), ShareError::Newer),
        (&line.replace("age1", "age2"), ShareError::Key),
        (&format!("{line} more"), ShareError::Key),
    ] {
        assert_eq!(ShareKey::parse(wrong).unwrap_err(), why, "{wrong}");
    }
}

/// One change of one side: what, where, and which value.
fn change(world: &mut World, e: Id, (kind, place, value): (u8, u8, u8)) {
    let codes = [AnswerCode::Done, AnswerCode::Partial, AnswerCode::No, AnswerCode::Unknown];
    let text = format!("値{value}");
    let lines: Vec<PlanLine> = world.books.plan_of(e).map_or_else(Vec::new, |p| p.lines.clone());
    let line = lines.get(usize::from(place) % lines.len().max(1)).cloned();
    let plan = |action| Command::Plan(PlanCommand { engagement: e, action });
    let command = match (kind, line) {
        (0, _) => answer(e, 1 + place % 5, codes[usize::from(value % 4)]),
        (1, _) => evidence(e, 1 + place % 5, &text),
        (2, _) => section(e, ["3.1", "3.2", "3.3"][usize::from(place % 3)], &text),
        (3, Some(line)) => plan(PlanAction::Edit(Box::new(PlanLine { action: text, ..line }))),
        (4, Some(line)) => plan(PlanAction::Remove(line.id)),
        (5, Some(line)) => plan(PlanAction::Edit(Box::new(PlanLine { owner: text, urgency: 1 + value % 3, ..line }))),
        (6, _) => generate(e, 1),
        (7, _) => note(e, &text, value % 2 == 0),
        _ => expect(e, &text),
    };
    world.ok(command);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever changed what: taking rows one by one in any order, or at once, gives the same, twice gives nothing new,
    /// and every value of either side stands in the records or in the return.
    #[test]
    fn a_merge_is_idempotent_loses_nothing_and_knows_no_order(
        theirs in prop::collection::vec((0u8..9, 0u8..6, 0u8..9), 1..12),
        mine in prop::collection::vec((0u8..9, 0u8..6, 0u8..9), 0..12),
        takes in prop::collection::vec(0u8..3, 40),
        turn in 0usize..40,
    ) {
        let (mut world, e) = lead();
        world.ok(agree(pairing(e)));
        let (mut copy, c) = trainee(handed(&mut world, e));
        theirs.into_iter().for_each(|step| change(&mut copy, c, step));
        mine.into_iter().for_each(|step| change(&mut world, e, step));
        let had = all(&world, e);
        let text = given_back(&mut copy);
        let back = taken_in(&mut world, &text);
        let open: Vec<String> = of(&world, back).iter().filter(|r| r.open()).map(|r| r.name.clone()).collect();
        let how = |n: usize| [Take::Theirs, Take::Mine, Take::Both][usize::from(takes[n % takes.len()])];
        let chosen: Vec<(&str, Take)> = open.iter().enumerate().map(|(n, name)| (name.as_str(), how(n))).collect();
        let run = |order: &[(&str, Take)], at_once: bool| {
            let mut world = with(&world);
            match at_once {
                true => decide(&mut world, back, order),
                false => order.iter().for_each(|one| decide(&mut world, back, std::slice::from_ref(one))),
            }
            world
        };
        let mut turned = chosen.clone();
        turned.rotate_left(turn % chosen.len().max(1));
        turned.reverse();
        let (straight, other, once) = (run(&chosen, false), run(&turned, false), run(&chosen, true));
        for world in [&other, &once] {
            prop_assert_eq!(all(world, e), all(&straight, e));
            prop_assert_eq!(&world.books.returns, &straight.books.returns);
        }
        prop_assert_eq!(waiting(&straight.books, &straight.books.returns[&back]), 0);
        let mut twice = with(&straight);
        taken_in(&mut twice, &text);
        decide(&mut twice, back, &chosen);
        prop_assert_eq!(&twice.books, &straight.books);
        let now = all(&straight, e);
        let returned = &straight.books.returns[&back];
        let kept = |key: &String, value: &String| {
            let decided = returned.decided.values().any(|d| d.mine.get(key) == Some(value));
            now.get(key).is_some_and(|now| now == value || now.contains(value.as_str())) || decided
        };
        for (key, value) in &had {
            prop_assert!(kept(key, value), "mine {} {}", key, value);
        }
        for (key, value) in &text.fields {
            prop_assert_eq!(returned.fields.get(key), Some(value));
        }
    }
}
