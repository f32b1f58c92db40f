//! When a client's data may go, what stands in the way, and that nothing of the firm is left after it went.

use std::collections::BTreeSet;

use bansou_core::books::Books;
use bansou_core::claim::{ClaimCommand, payload, units};
use bansou_core::client::ClientCommand;
use bansou_core::command::{Command, PURGE, entry};
use bansou_core::document::{Request, purge_certificate, read_purge_certificate, sheet};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::reverse as undo;
use bansou_core::note::NoteAction;
use bansou_core::outbox::{OutboxEvent, next_place};
use bansou_core::record::v1::*;
use bansou_core::refusal::Refusal;
use bansou_core::retention::{Block, Purge, allowed, blocks, claims_kept_to, kept_to, plan, word};
use bansou_core::today::todos;
use bansou_core::wire::v1::envelope::{Context, Signed, to_json};
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;

use crate::documents::problems;
use crate::golden;
use crate::world::*;

/// The first day on which the standard engagement may go: answered on `TODAY`, then 60 days.
const GOES: Date = date(2027, 1, 20);

fn client_id(world: &World, engagement: Id) -> Id {
    world.engagement(engagement).client
}

fn of_client(command: fn(Id) -> ClientCommand, world: &World, engagement: Id) -> Command {
    Command::Client(command(client_id(world, engagement)))
}

fn hold_data(world: &mut World, engagement: Id) {
    let client = client_id(world, engagement);
    world.ok(Command::Client(ClientCommand::Hold { client, reason: "係争中".into() }));
}

/// Reports every held session and has every report accepted on the day of `world.now`.
fn report_all(world: &mut World, engagement: Id) {
    for session in 1..=world.engagement(engagement).held_count() {
        world.forms(engagement, session);
        let sealed = world.seal(engagement, session);
        world.event(sealed, OutboxEvent::Received("{}".into()));
        world.event(sealed, OutboxEvent::Accepted("良".into()));
    }
}

/// Drafts, seals and has accepted a claim over every unit of these engagements.
fn claim_all(world: &mut World, engagements: &[Id]) -> Id {
    let mut wanted = Vec::new();
    for id in engagements {
        let found = units(&world.books, world.pack(*id), world.engagement(*id));
        wanted.extend(found.iter().map(|u| (*id, u.line.sessions[0])));
    }
    let claim = world.draft(&wanted).unwrap();
    let made = Artefact {
        engagement: None,
        claim: Some(claim),
        ..artefact(world.fresh(), engagements[0], "form4a", None, world.now)
    };
    world.ok(Command::KeepArtefact(Box::new(made)));
    let sealed = world.seal_claim(claim);
    world.event(sealed, OutboxEvent::Accepted(String::new()));
    claim
}

/// Four sessions held, every report and the claim accepted on `TODAY`.
fn finished() -> (World, Id) {
    let (mut world, engagement) = World::held(4);
    world.papers(engagement);
    report_all(&mut world, engagement);
    claim_all(&mut world, &[engagement]);
    (world, engagement)
}

fn on(world: &World, engagement: Id, today: Date) -> Vec<Block> {
    blocks(&world.books, &PACKS, client_id(world, engagement), today).unwrap()
}

fn planned(books: &Books, client: Id, journal: &[(u64, JournalEntry)]) -> Purge {
    plan(books, &PACKS, client, journal, id(77), GOES).unwrap()
}

/// The books and the purge's own journal entry afterwards.
fn purged(books: &Books, purge: &Purge) -> (Books, JournalEntry) {
    let changes = purge.changes(purge.record(signed(purge).to_json()));
    let mut after = books.clone();
    after.follow(&changes);
    (after, entry(TODAY.to_datetime(jiff::civil::time(9, 0, 0, 0)), PURGE, changes, None))
}

fn signed(purge: &Purge) -> Signed {
    let key = SigningKey::from_bytes(&[7; 32]);
    let body = to_json(&purge.certificate);
    let sig = key.sign(&Context::Purge.signed_bytes(&body)).to_bytes();
    Signed::new(body, &key.verifying_key().to_bytes(), &sig)
}

fn numbered(world: &World) -> Vec<(u64, JournalEntry)> {
    (1..).zip(world.journal.iter().cloned()).collect()
}

#[test]
fn the_rule_is_data_and_says_where_it_comes_from() {
    for pack in PACKS.iter() {
        let (findings, claims) = (&pack.retention.findings, &pack.retention.claims);
        assert_eq!((findings.days, claims.years, claims.counted_after_months), (60, 7, 15));
        for text in [&findings.source, &findings.question, &claims.source, &claims.question] {
            assert!(!text.ja.is_empty() && !text.en.is_empty());
        }
    }
    let (world, engagement) = finished();
    let pack = world.pack(engagement);
    assert_eq!(kept_to(&world.books, pack, client_id(&world, engagement)), Some(date(2027, 1, 19)));
    // Claimed on 2026-11-20: filed by 2028-02-20 at the latest, then seven years.
    assert_eq!(claims_kept_to(&world.books, pack, engagement), Some(date(2035, 2, 20)));
}

fn last_report(world: &mut World, engagement: Id) -> &mut OutboxItem {
    let last = world.books.report_sent(engagement, 4).unwrap().id;
    world.books.outbox.get_mut(&last).unwrap()
}

fn claim_bundle(world: &mut World) -> &mut OutboxItem {
    world.books.outbox.values_mut().find(|i| i.claim.is_some()).unwrap()
}

fn hold_and_release(world: &mut World, engagement: Id) {
    hold_data(world, engagement);
    world.ok(of_client(ClientCommand::Release, world, engagement));
}

fn claim_unsent(world: &mut World, _: Id) {
    world.books.outbox.retain(|_, i| i.claim.is_none());
    world.books.claims.values_mut().for_each(|c| c.state = ClaimState::Draft);
}

type Step = fn(&mut World, Id);

/// What was done to a finished engagement, the day, and what stands in the way then.
const WAYS: [(&str, Step, Date, &[&str]); 14] = [
    ("finished, the last day", |_, _| {}, date(2027, 1, 19), &["too-early"]),
    ("finished, the day after", |_, _| {}, GOES, &[]),
    ("the pay day", |_, _| {}, date(2026, 12, 25), &["claim-unpaid", "too-early"]),
    ("the day after the pay day", |_, _| {}, date(2026, 12, 26), &["too-early"]),
    ("on hold", hold_data, GOES, &["hold"]),
    ("released", hold_and_release, GOES, &[]),
    ("the last report returned", |w, e| last_report(w, e).state = OutboxState::Returned, GOES, &["report-open"]),
    ("the last report received", |w, e| last_report(w, e).state = OutboxState::Received, GOES, &["bundle-open"]),
    ("answered by an older program", |w, e| last_report(w, e).answered_on = None, date(2027, 1, 19), &["too-early"]),
    ("the last report sealed again", |w, e| last_report(w, e).state = OutboxState::Queued, GOES, &["bundle-open"]),
    ("the claim not sent", |w, _| claim_bundle(w).state = OutboxState::Queued, GOES, &["bundle-open"]),
    ("the claim a draft", claim_unsent, GOES, &["claim-open"]),
    // Sessions 3 and 4 can still be claimed; the month of the others is over.
    (
        "the claim returned in time",
        |w, _| claim_bundle(w).state = OutboxState::Returned,
        date(2026, 11, 29),
        &["fee-open", "fee-open", "too-early"],
    ),
    ("the claim returned too late", |w, _| claim_bundle(w).state = OutboxState::Returned, GOES, &[]),
];

#[test]
fn what_stands_in_the_way() {
    for (name, step, today, expected) in WAYS {
        let (mut world, engagement) = finished();
        step(&mut world, engagement);
        let found: Vec<&str> = on(&world, engagement, today).iter().map(Block::code).collect();
        assert_eq!(found, expected, "{name}");
        let client = client_id(&world, engagement);
        let answer = allowed(&world.books, &PACKS, client, today, "K-0001");
        assert_eq!(answer.is_ok(), expected.is_empty(), "{name}");
    }
}

#[test]
fn an_engagement_that_is_under_way_or_never_took_place() {
    let (mut world, engagement) = World::held(2);
    report_all(&mut world, engagement);
    assert_eq!(on(&world, engagement, GOES), [Block::SessionOpen { session: 3 }]);
    let mut ended = World::held(2);
    ended.0.ok(end(ended.1, EndingKind::Early, "業務都合"));
    assert_eq!(on(&ended.0, ended.1, GOES), [1, 2].map(|session| Block::ReportOpen { session }));
    report_all(&mut ended.0, ended.1);
    assert_eq!(on(&ended.0, ended.1, GOES), []);
    // Never held: counted from the last planned day, or from the day it was matched (2026-09-15).
    let (mut world, engagement) = World::begun();
    assert_eq!(on(&world, engagement, date(2026, 11, 14)), [Block::TooEarly { until: date(2026, 11, 14) }]);
    assert_eq!(on(&world, engagement, date(2026, 11, 15)), []);
    world.ok(super::world::plan(engagement, 1, DAYS[1]));
    assert_eq!(on(&world, engagement, date(2026, 11, 15)), [Block::TooEarly { until: date(2026, 12, 14) }]);
    // Never begun: nothing has to wait, and there is no case number to type.
    let client = world.add(client());
    assert_eq!(blocks(&world.books, &PACKS, client, TODAY), Ok(Vec::new()));
    assert_eq!(allowed(&world.books, &PACKS, client, TODAY, "K-0001"), Err(Refusal::WordDiffers));
    assert_eq!(allowed(&world.books, &PACKS, client, TODAY, "erase"), Ok(()));
}

#[test]
fn an_archived_client_is_off_every_list_and_read_only_until_it_comes_back() {
    let (mut world, engagement) = World::held(1);
    assert!(!todos(&world.books, &PACKS, TODAY, 0).is_empty());
    let before = world.books.clone();
    world.ok(of_client(ClientCommand::Archive, &world, engagement));
    let archived = world.journal.last().unwrap().clone();
    assert_eq!(todos(&world.books, &PACKS, TODAY, 0), []);
    let firm = world.books.clients.values().next().unwrap().clone();
    let made = artefact(id(90), engagement, "plan", None, world.now);
    let note = crate::notes::said("聞いた");
    let changes = [
        Command::Client(ClientCommand::Edit(Box::new(firm))),
        write(engagement, 1),
        Command::Findings(FindingsCommand { engagement, action: note }),
        Command::KeepArtefact(Box::new(made)),
        end(engagement, EndingKind::Early, "理由"),
        queue(&world.report_item(engagement, 1)),
    ];
    for command in changes {
        assert_eq!(world.no(command), Refusal::Archived);
    }
    let mut undone = world.books.clone();
    undone.follow(&undo(&world.books, &archived).unwrap());
    assert_eq!(undone, before);
    world.ok(of_client(ClientCommand::Unarchive, &world, engagement));
    assert_eq!(world.books, before);
    assert_eq!(world.no(of_client(ClientCommand::Release, &world, engagement)), Refusal::NotFound { what: "hold" });
}

#[test]
fn what_is_left_is_closed_and_its_purge_cannot_be_taken_back() {
    let (world, engagement) = finished();
    let purge = planned(&world.books, client_id(&world, engagement), &numbered(&world));
    let (after, own) = purged(&world.books, &purge);
    assert_eq!(undo(&after, &own), Err(Refusal::CannotUndo));
    assert!(todos(&after, &PACKS, GOES, 0).is_empty());
    let mut world = world;
    world.books = after;
    assert_eq!(world.no(write(engagement, 1)), Refusal::Erased);
    let other = world.add(client());
    assert_eq!(world.no(begin(other, "K-0001")), Refusal::CaseNoTaken);
    world.begin("K-0002");
}

#[test]
fn the_certificate_counts_what_went_and_is_checked_by_anybody() {
    let (world, engagement) = finished();
    let purge = planned(&world.books, client_id(&world, engagement), &numbered(&world));
    let found = &purge.certificate;
    // Four forms of sessions and four of 様式5, five deliverables, the claim form; four reports and one claim.
    assert_eq!((found.removed["artefact"], found.reduced["outbox"], found.blobs), (14, 5, 19));
    assert_eq!(found.removed.keys().collect::<Vec<_>>(), ["artefact", "client"]);
    assert_eq!((found.reduced["claim"], found.reduced["engagement"]), (1, 1));
    assert_eq!((found.case_no.as_deref(), found.ended_on), (Some("K-0001"), Some(TODAY)));
    // Everything but the profile and the enrolment told of the firm.
    assert_eq!(usize::try_from(found.entries).unwrap(), world.journal.len() - 2);
    let signed = signed(&purge);
    let text = purge_certificate(&signed).unwrap();
    for words in ["K-0001", "2027-01-20", "2035-02-20", &found.sha256, "書類 14", "山田 花子"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.replace(&signed.to_json(), "").contains(['{', '}']), "{text}");
    assert_eq!(read_purge_certificate(&text).unwrap().1, *found);
    // Neither the readable part nor the signed line can be changed.
    for (old, new) in
        [("| 書類・封の本体 | 19件 |", "| 書類・封の本体 | 20件 |"), ("\\\"blobs\\\":19", "\\\"blobs\\\":20")]
    {
        assert!(text.contains(old), "{old}");
        assert!(read_purge_certificate(&text.replace(old, new)).is_err(), "{new}");
    }
}

/// Texts that may stay: they are not the firm's. (kind, field), the field wherever it stands in the record.
const STAYS: [(&str, &str); 9] = [
    ("engagement", "case_no"),
    ("engagement", "programme"),
    ("engagement", "evidence_sha256"),
    ("claim", "case_no"),
    ("claim", "programme"),
    ("outbox", "manifest_sha256"),
    ("outbox", "sha256"),
    ("outbox", "ticket"),
    ("outbox", "receipt"),
];

/// Every place of a text or of a key in a JSON value.
fn places(value: &Value, at: &str, out: &mut Vec<(String, bool)>) {
    match value {
        Value::String(_) => out.push((at.to_owned(), false)),
        Value::Array(list) => list.iter().enumerate().for_each(|(n, v)| places(v, &format!("{at}/{n}"), out)),
        Value::Object(map) => {
            for (key, v) in map {
                // Keys of a share have slashes of their own.
                let below = format!("{at}/{}", key.replace('/', "~1"));
                places(v, &below, out);
                out.push((below, true));
            }
        }
        _ => {}
    }
}

fn changed(value: &Value, place: &str, key: bool, mark: &str) -> Value {
    let mut value = value.clone();
    if key {
        let (above, name) = place.rsplit_once('/').unwrap();
        let map = value.pointer_mut(above).unwrap().as_object_mut().unwrap();
        let old = map.remove(&name.replace("~1", "/")).unwrap();
        map.insert(mark.to_owned(), old);
    } else {
        *value.pointer_mut(place).unwrap() = Value::from(mark);
    }
    value
}

/// The record with `mark` in every text that its type allows any words in, keys of maps too. Nobody lists the fields:
/// a place takes the mark if the record still reads with it. Gives how many took it.
fn marked(record: &Record, mark: &str) -> (Record, usize) {
    let reads = |v: &Value| Record::decode(v.to_string().as_bytes());
    let mut value: Value = serde_json::from_str(&record.encode()).unwrap();
    let mut found = Vec::new();
    places(&value, "", &mut found);
    let mut taken = 0;
    for (place, key) in found {
        let field = place.rsplit('/').find(|f| f.parse::<usize>().is_err()).unwrap_or_default();
        if !STAYS.contains(&(record.kind(), field)) {
            let candidate = changed(&value, &place, key, mark);
            if reads(&candidate).is_ok() {
                value = candidate;
                taken += 1;
            }
        }
    }
    (reads(&value).unwrap(), taken)
}

/// Ids by which a record is known to be about a client: the client, its engagements, the claims with their lines.
fn names_of(books: &Books, client: Id) -> Vec<Id> {
    let mut ids = vec![client];
    ids.extend(books.engagements.values().filter(|e| e.client == client).map(|e| e.id));
    let claims = books.claims.values().filter(|c| c.lines.iter().any(|l| ids.contains(&l.engagement)));
    let claims: Vec<Id> = claims.map(|c| c.id).collect();
    ids.into_iter().chain(claims).collect()
}

/// Marks a record that names one of these ids; other firms' lines of a shared claim keep their name.
fn marked_if(record: &Record, ids: &[Id], mark: &str) -> Record {
    let text = record.encode();
    if matches!(record, Record::Purge(_)) || !ids.iter().any(|id| text.contains(&id.to_string())) {
        return record.clone();
    }
    match (record, marked(record, mark).0) {
        (Record::Claim(old), Record::Claim(mut new)) => {
            for (new, old) in new.lines.iter_mut().zip(&old.lines).filter(|(_, l)| !ids.contains(&l.engagement)) {
                new.client_name.clone_from(&old.client_name);
            }
            Record::Claim(new)
        }
        (_, new) => new,
    }
}

fn mark_everywhere(books: &mut Books, journal: &mut [(u64, JournalEntry)], client: Id, mark: &str) {
    let ids = names_of(books, client);
    let all = books.records();
    all.iter().for_each(|r| books.put(marked_if(r, &ids, mark)));
    for change in journal.iter_mut().flat_map(|(_, e)| &mut e.changes) {
        for side in [&mut change.before, &mut change.after] {
            *side = side.as_ref().map(|r| marked_if(r, &ids, mark));
        }
    }
}

/// Every text that is left: the records, the journal without what the plan names, and the purge's own entry.
fn left(books: &Books, journal: &[(u64, JournalEntry)], purge: &Purge, own: &JournalEntry) -> Vec<String> {
    let gone: BTreeSet<u64> = purge.entries.iter().copied().collect();
    let records = books.records().into_iter().map(|r| r.encode());
    let entries = journal.iter().filter(|(seq, _)| !gone.contains(seq)).map(|(_, e)| e.encode());
    records.chain(entries).chain([own.encode(), purge_certificate(&signed(purge)).unwrap()]).collect()
}

const MARK: &str = "秘密の印";

#[test]
fn no_field_of_any_kind_of_record_keeps_a_word_of_the_firm() {
    let samples: Vec<Record> = golden::stored().map(|text| Record::decode(text.as_bytes()).unwrap()).collect();
    let mut books = Books::default();
    let mut journal = Vec::new();
    let mut planted: BTreeSet<&str> = BTreeSet::new();
    for (seq, sample) in (1..).zip(samples) {
        // Whose words these kinds hold is decided elsewhere: the owner's, the secretariat's, or nobody's.
        // A copy that was received goes as a whole: share.rs.
        let others = [
            "profile",
            "enrolment",
            "care",
            "resumption",
            "expert",
            "case",
            "delivery",
            "pay-run",
            "purge",
            "shared",
            "phrase",
        ];
        let record = if others.contains(&sample.kind()) {
            sample
        } else {
            let (record, taken) = marked(&sample, MARK);
            assert!(taken > 0 || sample.encode().contains("null"), "{}: no text was found", sample.kind());
            planted.insert(sample.kind());
            record
        };
        let change = Change { id: record.id(), before: None, after: Some(record.clone()) };
        journal.push((seq, entry(DAYS[0].to_datetime(jiff::civil::time(9, 0, 0, 0)), "any", vec![change], None)));
        books.put(record);
    }
    assert_eq!(planted.len(), golden::kinds().len() - 11);
    let purge = planned(&books, id(3), &journal);
    assert!(!books.records().iter().all(|r| !r.encode().contains(MARK)));
    let (after, own) = purged(&books, &purge);
    for text in left(&after, &journal, &purge, &own) {
        assert!(!text.contains(MARK), "{text}");
    }
    assert_eq!((after.outbox.len(), after.claims.len(), after.engagements.len()), (1, 1, 1));
    assert!(after.clients.is_empty() && after.holds.is_empty() && after.artefacts.is_empty());
}

/// What must be the same before and after: everything of the others, the chain, and the money.
fn untouched(before: &Books, after: &Books, ids: &[Id]) {
    let about = |r: &Record| ids.iter().any(|id| r.encode().contains(&id.to_string()));
    let others = |books: &Books| -> Vec<Record> {
        books.records().into_iter().filter(|r| !about(r) && !matches!(r, Record::Purge(_))).collect()
    };
    assert_eq!(others(before), others(after));
    let chain = |books: &Books| -> Vec<_> {
        let mut all: Vec<_> = books.outbox.values().collect();
        all.sort_by_key(|i| i.seq);
        all.into_iter().map(|i| (i.seq, i.manifest_sha256.clone(), i.sha256.clone(), i.receipt.clone())).collect()
    };
    assert_eq!(chain(before), chain(after));
    assert_eq!(next_place(before), next_place(after));
    assert!(before.claims.keys().eq(after.claims.keys()));
    for (old, new) in before.claims.values().zip(after.claims.values()) {
        for (new, old) in new.lines.iter().zip(&old.lines) {
            assert!(new == old || ids.contains(&old.engagement), "a line of another firm changed");
        }
        let pack = pack(&new.programme);
        assert_eq!(payload(before, pack, old), payload(after, pack, new));
        let form = sheet(after, &PACKS, GOES, &Request::Claim(new.id)).unwrap();
        assert_eq!(problems(&form), Vec::<String>::new());
        let mut was = sheet(before, &PACKS, GOES, &Request::Claim(old.id)).unwrap().data;
        for (now, was) in form.data["lines"].as_array().unwrap().iter().zip(was["lines"].as_array_mut().unwrap()) {
            was["company"] = now["company"].clone();
        }
        assert_eq!(form.data, was, "only the firm's name differs");
    }
    for engagement in after.engagements.values().filter(|e| !after.clients.contains_key(&e.client)) {
        assert_eq!(units(after, pack(&engagement.programme), engagement), [], "nothing is claimed again");
    }
}

/// One firm of the property: how many sessions it had, and whether it shares a claim with the others.
type Case = (u8, bool);

fn worked(cases: &[Case]) -> (World, Vec<Id>) {
    let mut world = World::new();
    let engagements: Vec<Id> = (0..cases.len()).map(|n| world.begin(&format!("K-{n:04}"))).collect();
    for (n, (engagement, (held, _))) in engagements.iter().zip(cases).enumerate() {
        (1..=*held).for_each(|s| world.work(*engagement, s, DAYS[usize::from(s) - 1]));
        for text in ["残るメモ", "消したメモ"] {
            let action = crate::notes::said(text);
            let note = world.ok(Command::Findings(FindingsCommand { engagement: *engagement, action }))[0].id;
            if text == "消したメモ" {
                let action = FindingsAction::Note(NoteAction::Remove(vec![note]));
                world.ok(Command::Findings(FindingsCommand { engagement: *engagement, action }));
            }
        }
        let renamed =
            Client { name: format!("改名{n}"), ..world.books.clients[&client_id(&world, *engagement)].clone() };
        world.ok(Command::Client(ClientCommand::Edit(Box::new(renamed))));
        if *held < 4 {
            world.ok(end(*engagement, EndingKind::Early, "業務都合"));
        }
        world.papers(*engagement);
        report_all(&mut world, *engagement);
        let dropped = world.draft(&[(*engagement, 1)]).unwrap();
        world.ok(Command::Claim(ClaimCommand::Drop(dropped)));
    }
    let shared: Vec<Id> = engagements.iter().zip(cases).filter(|(_, c)| c.1).map(|(e, _)| *e).collect();
    if !shared.is_empty() {
        claim_all(&mut world, &shared);
    }
    engagements.iter().zip(cases).filter(|(_, c)| !c.1).for_each(|(e, _)| _ = claim_all(&mut world, &[*e]));
    (world, engagements)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn after_a_purge_nothing_of_the_firm_is_left_and_nothing_of_the_others_has_changed(
        cases in proptest::collection::vec((1_u8..=4, any::<bool>()), 2..4),
        order in any::<proptest::sample::Index>(),
        days in 0_i32..400,
    ) {
        let (world, engagements) = worked(&cases);
        let (mut books, mut journal) = (world.books.clone(), numbered(&world));
        let clients: Vec<Id> = engagements.iter().map(|e| client_id(&world, *e)).collect();
        let marks: Vec<String> = (0..clients.len()).map(|n| format!("{MARK}{n}。")).collect();
        clients.iter().zip(&marks).for_each(|(c, m)| mark_everywhere(&mut books, &mut journal, *c, m));
        // One after the other, beginning anywhere: a claim may lose the names of several firms.
        let first = order.index(clients.len());
        for (n, client) in clients.iter().enumerate().cycle().skip(first).take(clients.len()) {
            let purge = planned(&books, *client, &journal);
            let ids = names_of(&books, *client);
            let (after, own) = purged(&books, &purge);
            for text in left(&after, &journal, &purge, &own) {
                prop_assert!(!text.contains(&marks[n]), "{}", text);
            }
            untouched(&books, &after, &ids);
            // Whoever is left can be erased on the same days as before.
            let today = TODAY.saturating_add(days.days());
            for other in after.clients.keys() {
                prop_assert_eq!(blocks(&books, &PACKS, *other, today), blocks(&after, &PACKS, *other, today));
                prop_assert_eq!(word(&books, *other), word(&after, *other));
            }
            let gone: BTreeSet<u64> = purge.entries.iter().copied().collect();
            journal.retain(|(seq, _)| !gone.contains(seq));
            journal.push((journal.last().map_or(1, |e| e.0) + 1_000, own));
            books = after;
        }
        prop_assert!(books.clients.is_empty() && books.notes.is_empty() && books.artefacts.is_empty());
        prop_assert_eq!(books.purges.len(), 1, "the same id was used for each");
    }
}
