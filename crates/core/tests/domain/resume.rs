//! Numbers after a restore, on both sides: what an expert may seal, and what the desk accepts, sees and no longer waits for.

use std::collections::{BTreeMap, BTreeSet};

use bansou_core::command::Command;
use bansou_core::history::reverse as undo;
use bansou_core::office::{OfficeCommand, waiver_before};
use bansou_core::outbox::{NextPlace, OutboxCommand, OutboxEvent, next_place, to_send};
use bansou_core::record::v1::{
    BundleKind, Delivery, Found, Id, OutboxItem, OutboxState, Profile, PutBack, RaisedBy, Record,
};
use bansou_core::refusal::Refusal;
use bansou_core::resume::{self, FARTHEST, ResumeCommand, SAFETY_STEP};
use bansou_core::wire::v1::envelope::{Context, Signed, key_id, to_json};
use bansou_core::wire::v1::receipt::{FIRST_PREV, Receipt};
use bansou_core::wire::v1::ticket::Ticket;
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::world::*;

const EXPERT: Id = Id([50; 16]);
/// `TODAY` at 18:00, as numbers after a restore write it.
const MINUTE: u64 = 26_11_20_18_00;
/// A day on which a clock that lost its battery stands.
const LOST: Date = date(2000, 1, 1);

fn resume(command: ResumeCommand) -> Command {
    Command::Resume(command)
}

fn reconcile(by: RaisedBy, found: &[(String, Found)]) -> Command {
    resume(ResumeCommand::Reconcile { by, found: found.iter().cloned().collect() })
}

fn by_hand(next: u64, reason: &str) -> Command {
    resume(ResumeCommand::ByHand { next, reason: reason.into() })
}

fn hash(n: u64) -> String {
    format!("{n:064}")
}

fn found(n: u64, receipt: bool) -> (String, Found) {
    let state = if receipt { OutboxState::Received } else { OutboxState::Exported };
    let receipt = receipt.then(|| "{}".to_owned());
    (hash(n), Found { size: 1000, found_on: TODAY, state, receipt, seq: None })
}

/// A home that has sealed so many bundles; their hashes are their numbers.
fn sealed(count: u64) -> World {
    let mut world = World::new();
    (0..count).for_each(|_| drop(seal(&mut world).unwrap()));
    world
}

fn seal(world: &mut World) -> Result<OutboxItem, Refusal> {
    let made = item(world.fresh(), next_place(&world.books).seq, BundleKind::Report, world.now);
    world.run(queue(&made)).map(|_| made)
}

#[test]
fn a_restored_home_seals_nothing_until_somebody_was_asked() {
    let ways = [
        (reconcile(RaisedBy::Mailbox, &[]), MINUTE),
        (reconcile(RaisedBy::Mailbox, &[found(2, true), found(90, true)]), MINUTE),
        (reconcile(RaisedBy::Folder, &[found(90, false)]), MINUTE),
        (by_hand(4, "控えのあと何も封をしていない"), 4),
        (by_hand(4 + FARTHEST, "記録がない"), 4 + FARTHEST),
    ];
    for (way, next) in ways {
        let mut world = sealed(3);
        world.ok(resume(ResumeCommand::Restored));
        let restored = world.books.resumption.as_ref().unwrap().restored;
        assert_eq!(restored, Some(PutBack { on: TODAY, last: 3 }));
        assert_eq!(seal(&mut world).unwrap_err(), Refusal::NotReconciled);
        // What was sealed before the backup may still go out: its bytes are what they were.
        assert_eq!(to_send(&world.books).len(), 3);
        world.ok(way.clone());
        let place = next_place(&world.books);
        let (prev, resumed_after) = (Some(hash(3)), (next > 4).then_some(3));
        assert_eq!(place, NextPlace { seq: next, prev, resumed_after }, "{way:?}");
        let first = seal(&mut world).unwrap();
        let prev = Some(first.manifest_sha256);
        assert_eq!(next_place(&world.books), NextPlace { seq: next + 1, prev, resumed_after: None });
        assert!(undo(&world.books, world.journal.iter().rev().nth(1).unwrap()).is_err(), "it is not undone");
    }
    // A secretariat seals no numbered bundles.
    let mut office = World::new();
    office.ok(Command::SetProfile(Box::new(Profile { secretariat: true, ..profile() })));
    assert!(office.ok(resume(ResumeCommand::Restored)).is_empty());
}

#[test]
fn the_next_number_is_above_everything_known_even_with_a_clock_that_stands_still() {
    let mut world = sealed(3);
    world.now = LOST.to_datetime(jiff::civil::time(0, 0, 0, 0));
    world.ok(resume(ResumeCommand::Restored));
    // Two that this home holds, two that it does not.
    let listed = [found(2, true), found(3, true), found(90, true), found(91, true)];
    world.ok(reconcile(RaisedBy::Mailbox, &listed));
    let after = |world: &World| next_place(&world.books).seq;
    let minute = 1_01_00_00;
    assert_eq!(after(&world), minute, "January 1 of 2000, 00:00");
    assert_eq!(world.books.resumption.as_ref().unwrap().found.len(), 2);
    // The same list again changes nothing; one more bundle of this key does, though nothing was restored.
    assert!(world.ok(reconcile(RaisedBy::Mailbox, &listed)).is_empty());
    world.ok(reconcile(RaisedBy::Mailbox, &[found(92, true)]));
    assert_eq!(after(&world), minute - 1 + 1 + SAFETY_STEP + 1);
    let refused = world.no(by_hand(after(&world) - 1, "急ぐ"));
    assert!(matches!(refused, Refusal::OutOfRange { field: "next", .. }));
    assert!(matches!(world.no(by_hand(after(&world) + FARTHEST + 1, "急ぐ")), Refusal::OutOfRange { .. }));
    assert_eq!(world.no(by_hand(after(&world), " ")), Refusal::Empty { field: "reason" });
    let steps = &world.books.resumption.as_ref().unwrap().steps;
    assert_eq!(
        steps.iter().map(|s| (s.by, s.found)).collect::<Vec<_>>(),
        [(RaisedBy::Mailbox, 2), (RaisedBy::Mailbox, 1)]
    );
}

#[test]
fn found_bundles_follow_their_receipts_and_answers() {
    let mut world = sealed(1);
    world.ok(reconcile(RaisedBy::Folder, &[found(90, false), found(91, false)]));
    world.ok(reconcile(RaisedBy::Mailbox, &[found(90, true)]));
    let of = |world: &World, n: u64| world.books.resumption.as_ref().unwrap().found[&hash(n)].clone();
    assert_eq!((of(&world, 90).state, of(&world, 90).receipt), (OutboxState::Received, Some("{}".into())));
    assert_eq!(resume::awaiting_reply(&world.books).count(), 2);
    let replied = |n: u64, accepted, seq| ResumeCommand::Replied { sha256: hash(n), accepted, seq };
    let before = next_place(&world.books).seq;
    world.ok(resume(replied(90, true, Some(2))));
    assert_eq!((of(&world, 90).state, of(&world, 90).seq), (OutboxState::Accepted, Some(2)));
    assert_eq!(next_place(&world.books).seq, before, "a number below the next one changes nothing");
    // Another copy of the store is ahead of this one.
    world.ok(resume(replied(91, false, Some(before + 7))));
    assert_eq!(next_place(&world.books).seq, before + 7 + SAFETY_STEP + 1);
    assert_eq!(resume::awaiting_reply(&world.books).count(), 0);
    assert!(matches!(world.no(resume(replied(99, true, None))), Refusal::NotFound { .. }));
    // An answer does not fall back when the receipt is seen again.
    world.ok(reconcile(RaisedBy::Mailbox, &[found(91, true)]));
    assert_eq!(of(&world, 91).state, OutboxState::Returned);
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn public(n: u8) -> [u8; 32] {
    key(n).verifying_key().to_bytes()
}

fn signed<T: serde::Serialize>(n: u8, context: Context, body: &T) -> Signed {
    let body = to_json(body);
    let sig = key(n).sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &public(n), &sig)
}

#[test]
fn only_a_receipt_by_the_pinned_key_or_an_own_ticket_proves_a_bundle() {
    const OWN: u8 = 2;
    const SERVER: u8 = 5;
    let ticket = Ticket::for_bytes(b"sealed", 1);
    let receipt = |of: u8| Receipt {
        v: 1,
        sha256: ticket.sha256.clone(),
        size: ticket.size,
        key_id: key_id(&public(of)),
        received_at: "2026-11-20T09:00:00Z".into(),
        index: 9,
        prev: FIRST_PREV.into(),
    };
    let ticket_by = |n| Some(signed(n, Context::Ticket, &ticket));
    let receipt_by = |n, of| Some(signed(n, Context::Receipt, &receipt(of)));
    let (received, exported) = (Some(OutboxState::Received), Some(OutboxState::Exported));
    let table = [
        (None, receipt_by(SERVER, OWN), received),
        (ticket_by(OWN), receipt_by(SERVER, OWN), received),
        (ticket_by(OWN), None, exported),
        // A receipt by another server does not take the ticket's proof away.
        (ticket_by(OWN), receipt_by(9, OWN), exported),
        (None, receipt_by(9, OWN), None),
        (None, receipt_by(SERVER, 9), None),
        (ticket_by(9), None, None),
        (Some(signed(OWN, Context::Receipt, &ticket)), None, None),
        (None, None, None),
    ];
    for (n, (ticket, receipt, expected)) in table.into_iter().enumerate() {
        let proved = resume::proven(ticket.as_ref(), receipt.as_ref(), &public(SERVER), &public(OWN), TODAY);
        assert_eq!(proved.map(|(_, f)| f.state), expected, "row {n}");
    }
}

/// A desk with one expert, and what a bundle becomes there.
fn arrived(office: &mut World, seq: u64, prev: Option<u64>, resumed_after: Option<u64>) -> Id {
    let id = office.fresh();
    let made = Delivery {
        manifest_sha256: Some(format!("{seq:032}{id}")),
        prev: prev.map(hash),
        resumed_after,
        ..delivery(id, seq, EXPERT, BundleKind::Claim, office.now)
    };
    office.ok(receive(&made));
    id
}

fn findings(office: &World, id: Id) -> &[String] {
    &office.books.deliveries[&id].findings
}

fn waive(through: u64, reason: &str) -> Command {
    office(OfficeCommand::Waive { expert: EXPERT, through, reason: reason.into() })
}

#[test]
fn a_desk_that_begins_in_mid_season_goes_on_after_a_waiver() {
    let mut desk = crate::desk::desk("current-2026");
    let sixth = arrived(&mut desk, 6, Some(5), None);
    assert_eq!(findings(&desk, sixth), ["gap"]);
    assert_eq!(desk.no(review(sixth, true, "")), Refusal::Gap { expected: 1 });
    assert_eq!(desk.no(waive(5, "")), Refusal::Empty { field: "reason" });
    for through in [0, 6, 7, u64::MAX] {
        assert_eq!(desk.no(waive(through, "引継ぎ")), Refusal::NothingToWaive, "{through}");
    }
    assert!(matches!(
        desk.no(office(OfficeCommand::Waive { expert: id(99), through: 5, reason: "引継ぎ".into() })),
        Refusal::NotFound { .. }
    ));
    // Only a part of it: the rest is still waited for.
    desk.ok(waive(3, "引継ぎ"));
    assert_eq!(desk.no(review(sixth, true, "")), Refusal::Gap { expected: 4 });
    assert!(waiver_before(&desk.books, &desk.books.deliveries[&sixth]).is_none());
    desk.ok(waive(5, "旧事務局で受理済み"));
    assert_eq!(findings(&desk, sixth), ["gap-waived"], "it stays visible");
    let waiver = waiver_before(&desk.books, &desk.books.deliveries[&sixth]).unwrap();
    let by = desk.books.profile.as_ref().unwrap().name.as_str();
    assert_eq!((waiver.through, &waiver.missing[..], waiver.by.as_str(), waiver.at), (5, &[(4, 5)][..], by, desk.now));
    assert_eq!(waiver.reason, "旧事務局で受理済み");
    desk.ok(review(sixth, true, ""));
    // The next ones are as clean as ever, and one that comes after all is taken in and accepted.
    let seventh = arrived(&mut desk, 7, None, None);
    let fifth = arrived(&mut desk, 5, None, None);
    assert_eq!(
        (findings(&desk, seventh), findings(&desk, fifth)),
        (&["chain".to_owned()][..], &["gap-waived".to_owned()][..])
    );
    desk.ok(review(fifth, true, ""));
    assert_eq!(desk.no(waive(5, "もう一度")), Refusal::NothingToWaive);
}

#[test]
fn a_gap_that_the_sender_explains_holds_nothing_up_and_stays_visible() {
    let mut desk = crate::desk::desk("current-2026");
    let first = arrived(&mut desk, 1, None, None);
    let resumed = arrived(&mut desk, 104, Some(3), Some(3));
    assert_eq!(findings(&desk, resumed), ["gap", "gap-resumed"], "2 and 3 are not explained");
    assert_eq!(desk.no(review(resumed, true, "")), Refusal::Gap { expected: 2 });
    let second = arrived(&mut desk, 2, None, None);
    let third = arrived(&mut desk, 3, None, None);
    assert!(findings(&desk, resumed).contains(&"chain".to_owned()), "its third is not the one it follows");
    let _ = (first, second, third);
    desk.ok(review(resumed, true, ""));
    // A bundle of the lost store, from a stick, much later.
    let late = arrived(&mut desk, 4, None, None);
    assert!(!findings(&desk, late).contains(&"gap".to_owned()));
    desk.ok(review(late, true, ""));
}

#[test]
fn two_bundles_under_one_number_are_seen_and_one_at_most_is_accepted() {
    let mut desk = crate::desk::desk("current-2026");
    let first = arrived(&mut desk, 1, None, None);
    assert!(findings(&desk, first).is_empty());
    let twin = arrived(&mut desk, 1, None, None);
    for id in [first, twin] {
        assert_eq!(findings(&desk, id), ["number-used"], "both are marked while they wait");
    }
    desk.ok(review(twin, true, ""));
    assert_eq!(desk.no(review(first, true, "")), Refusal::NumberTaken { seq: 1 });
    desk.ok(review(first, false, "同じ番号の便がある"));
    // The other copy goes on from its own first: the chain shows it though the number is free.
    let manifest = desk.books.deliveries[&first].manifest_sha256.clone();
    let next = Delivery {
        prev: manifest,
        manifest_sha256: Some(hash(2)),
        ..delivery(desk.fresh(), 2, EXPERT, BundleKind::Claim, desk.now)
    };
    desk.ok(receive(&next));
    assert!(findings(&desk, next.id).is_empty(), "it follows one of the two");
}

/// A sealed bundle as the world outside knows it.
#[derive(Clone, Debug)]
struct Bundle {
    sha256: String,
    seq: u64,
    manifest: String,
    prev: Option<String>,
    resumed_after: Option<u64>,
}

/// Copies of one expert's store, a server, a stick and a desk.
struct Model {
    copies: Vec<World>,
    backups: Vec<bansou_core::books::Books>,
    sealed: Vec<Bundle>,
    server: Vec<usize>,
    stick: Vec<usize>,
    desk: World,
    made: u64,
}

impl Model {
    fn new() -> Self {
        let mut desk = crate::desk::desk("current-2026");
        desk.now = TODAY.to_datetime(jiff::civil::time(18, 0, 0, 0));
        let (backups, sealed, server, stick) = Default::default();
        Self { copies: vec![World::new()], backups, sealed, server, stick, desk, made: 0 }
    }

    fn tick(&mut self) {
        let now = self.desk.now.saturating_add(1.minute());
        self.desk.now = now;
        self.copies.iter_mut().for_each(|c| c.now = now);
    }

    fn seal(&mut self, copy: usize) -> Result<(), Refusal> {
        self.made += 1;
        let (made, world) = (self.made, &mut self.copies[copy]);
        let place = next_place(&world.books);
        let bundle = Bundle {
            sha256: hash(made),
            seq: place.seq,
            manifest: hash(1_000_000 + made),
            prev: place.prev,
            resumed_after: place.resumed_after,
        };
        let id = Id::grown(&made.to_be_bytes().repeat(2).try_into().unwrap(), 0);
        world.run(queue(&OutboxItem {
            sha256: bundle.sha256.clone(),
            manifest_sha256: bundle.manifest.clone(),
            ..item(id, place.seq, BundleKind::Claim, world.now)
        }))?;
        self.sealed.push(bundle);
        Ok(())
    }

    fn index(&self, sha256: &str) -> usize {
        self.sealed.iter().position(|b| b.sha256 == sha256).unwrap()
    }

    fn listed(&self, all: &[usize], receipt: bool) -> BTreeMap<String, Found> {
        let of = |i: &usize| (self.sealed[*i].sha256.clone(), Found { ..found(0, receipt).1 });
        all.iter().map(of).collect()
    }

    /// The list, then everything that waits, then the answers.
    fn sync(&mut self, copy: usize) {
        let found = self.listed(&self.server, true);
        self.copies[copy].ok(resume(ResumeCommand::Reconcile { by: RaisedBy::Mailbox, found }));
        for (id, sha256) in self.waiting(copy) {
            let index = self.index(&sha256);
            if !self.server.contains(&index) {
                self.server.push(index);
            }
            self.copies[copy].event(id, OutboxEvent::Received("{}".into()));
        }
        for d in self.desk.books.deliveries.values().filter(|d| d.review.is_some()) {
            let accepted = d.review.as_ref().unwrap().accepted;
            let world = &mut self.copies[copy];
            let own = world.books.outbox.values().find(|i| i.sha256 == d.sha256).map(|i| i.id);
            let event =
                if accepted { OutboxEvent::Accepted("良".into()) } else { OutboxEvent::Returned("重複".into()) };
            let seq = Some(d.seq);
            let replied = ResumeCommand::Replied { sha256: d.sha256.clone(), accepted, seq };
            match own {
                Some(id) => drop(world.run(Command::Outbox(OutboxCommand::Event { id, event }))),
                None => drop(world.run(resume(replied))),
            }
        }
    }

    fn waiting(&self, copy: usize) -> Vec<(Id, String)> {
        to_send(&self.copies[copy].books).iter().map(|i| (i.id, i.sha256.clone())).collect()
    }

    fn export(&mut self, copy: usize) {
        for (id, sha256) in self.waiting(copy) {
            let index = self.index(&sha256);
            if !self.stick.contains(&index) {
                self.stick.push(index);
            }
            self.copies[copy].event(id, OutboxEvent::Exported);
        }
    }

    fn relay(&mut self) {
        for index in self.stick.clone() {
            if !self.server.contains(&index) {
                self.server.push(index);
            }
        }
    }

    /// The home as it stood; `marked` is how a proper restore leaves it, unmarked how copied folders do.
    fn restored(&self, backup: usize, marked: bool) -> World {
        let mut world = World::new();
        world.books = self.backups[backup].clone();
        world.now = self.desk.now;
        if marked {
            world.ok(resume(ResumeCommand::Restored));
        }
        world
    }

    fn pull(&mut self) {
        for index in self.server.clone() {
            let b = self.sealed[index].clone();
            let id = Id::grown(&(index as u128).to_be_bytes(), 7);
            let made = Delivery {
                sha256: b.sha256,
                manifest_sha256: Some(b.manifest),
                prev: b.prev,
                resumed_after: b.resumed_after,
                ..delivery(id, b.seq, EXPERT, BundleKind::Claim, self.desk.now)
            };
            self.desk.ok(receive(&made));
        }
    }

    /// Decides on everything that can be decided; a number that is taken is returned.
    fn decide(&mut self) {
        let mut waiting: Vec<(u64, Id)> =
            self.desk.books.deliveries.values().filter(|d| d.review.is_none()).map(|d| (d.seq, d.id)).collect();
        waiting.sort();
        for (_, id) in waiting {
            match self.desk.run(review(id, true, "")) {
                Err(Refusal::NumberTaken { .. }) => drop(self.desk.ok(review(id, false, "重複"))),
                Ok(_) | Err(Refusal::Gap { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    fn waive_all(&mut self) {
        let highest = self.desk.books.deliveries.values().map(|d| d.seq).max().unwrap_or(0);
        let _ = self.desk.run(waive(highest.saturating_sub(1), "もう届かない"));
    }

    /// What must hold at any time, whatever happened.
    fn check(&self) {
        let deliveries: Vec<&Delivery> = self.desk.books.deliveries.values().collect();
        let accepted = deliveries.iter().filter(|d| d.review.as_ref().is_some_and(|r| r.accepted));
        let numbers: Vec<u64> = accepted.map(|d| d.seq).collect();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "one number, one accepted bundle");
        for (n, a) in deliveries.iter().enumerate() {
            for b in deliveries[..n].iter().filter(|b| b.seq == a.seq) {
                let seen = |d: &Delivery| d.findings.iter().any(|f| f == "number-used");
                assert!(seen(a) || seen(b), "two bundles under number {} and nobody sees it", a.seq);
            }
        }
        for world in &self.copies {
            assert_eq!(world.books.record(Id::RESUMPTION), world.books.resumption.clone().map(Record::Resumption));
        }
    }

    /// The season ends: all that was sent or exported arrives, and every bundle is decided.
    fn end(&mut self) {
        self.relay();
        self.pull();
        self.waive_all();
        self.decide();
        self.check();
        let arrived: BTreeSet<&str> = self.desk.books.deliveries.values().map(|d| d.sha256.as_str()).collect();
        let sent: BTreeSet<&str> = self.server.iter().map(|i| self.sealed[*i].sha256.as_str()).collect();
        assert_eq!(arrived, sent, "nothing that was sent is lost");
        assert!(self.desk.books.deliveries.values().all(|d| d.review.is_some()), "nothing waits for ever");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// One store at a time, lost and restored from any backup at any moment: no number is ever given twice.
    #[test]
    fn a_number_is_never_given_twice_when_one_copy_lives_at_a_time(steps in prop::collection::vec((0u8..9, any::<u8>()), 1..80)) {
        let mut model = Model::new();
        for (kind, n) in steps {
            model.tick();
            match kind {
                0..=2 => match model.seal(0) {
                    Ok(()) | Err(Refusal::NotReconciled) => {}
                    Err(other) => panic!("{other:?}"),
                },
                3 => model.sync(0),
                4 => model.export(0),
                5 => model.relay(),
                6 => model.backups.push(model.copies[0].books.clone()),
                7 if !model.backups.is_empty() => {
                    model.copies[0] = model.restored(usize::from(n) % model.backups.len(), true);
                    prop_assert_eq!(model.seal(0), Err(Refusal::NotReconciled));
                    if n % 3 == 0 && !model.stick.is_empty() {
                        let found = model.listed(&model.stick, false);
                        model.copies[0].ok(resume(ResumeCommand::Reconcile { by: RaisedBy::Folder, found }));
                    }
                }
                _ => { model.pull(); model.decide(); }
            }
            let numbers: BTreeSet<u64> = model.sealed.iter().map(|b| b.seq).collect();
            prop_assert_eq!(numbers.len(), model.sealed.len());
            model.check();
        }
        model.end();
        prop_assert!(model.desk.books.deliveries.values().all(|d| d.review.as_ref().unwrap().accepted));
    }

    /// Copies live side by side, are restored with and without a mark, lost, synchronised or not: the desk never accepts
    /// two bundles under one number and always sees that there are two; nothing that was sent is lost.
    #[test]
    fn copies_side_by_side_never_collide_unseen(steps in prop::collection::vec((0u8..12, any::<u8>()), 1..80)) {
        let mut model = Model::new();
        for (kind, n) in steps {
            if n % 4 == 0 { model.tick(); }
            let copy = usize::from(n) % model.copies.len();
            match kind {
                0..=2 => match model.seal(copy) {
                    Ok(()) => prop_assert!(!resume::pending(&model.copies[copy].books)),
                    Err(Refusal::NotReconciled) => prop_assert!(resume::pending(&model.copies[copy].books)),
                    Err(other) => panic!("{other:?}"),
                },
                3 | 4 => model.sync(copy),
                5 => model.export(copy),
                6 => model.relay(),
                7 => model.backups.push(model.copies[copy].books.clone()),
                8 if !model.backups.is_empty() => {
                    let restored = model.restored(usize::from(n / 2) % model.backups.len(), n % 2 == 0);
                    if model.copies.len() < 3 { model.copies.push(restored) } else { model.copies[copy] = restored }
                }
                9 => {
                    let next = next_place(&model.copies[copy].books).seq + u64::from(n);
                    model.copies[copy].ok(by_hand(next, "記録がない"));
                }
                10 => { model.pull(); model.decide(); }
                11 => model.waive_all(),
                _ => {}
            }
            model.check();
        }
        model.end();
    }
}

/// The steps above as a person would meet them: a plain copy put back, noticed by the next synchronisation.
#[test]
fn a_plain_copy_put_back_is_noticed_by_the_next_synchronisation() {
    let mut model = Model::new();
    for _ in 0..3 {
        model.seal(0).unwrap();
    }
    model.sync(0);
    model.backups.push(model.copies[0].books.clone());
    model.seal(0).unwrap();
    model.seal(0).unwrap();
    model.sync(0);
    model.copies[0] = model.restored(0, false);
    // Nobody knows yet: it is sealed under a used number, and the desk sees both.
    model.seal(0).unwrap();
    model.sync(0);
    assert_eq!(model.copies[0].books.resumption.as_ref().unwrap().found.len(), 2);
    assert_eq!(next_place(&model.copies[0].books).seq, MINUTE);
    model.pull();
    let marked =
        |code: &str| model.desk.books.deliveries.values().filter(|d| d.findings.iter().any(|f| f == code)).count();
    assert_eq!(marked("number-used"), 2);
    model.seal(0).unwrap();
    model.sync(0);
    model.end();
    let accepted: BTreeSet<u64> =
        model.desk.books.deliveries.values().filter(|d| d.review.as_ref().unwrap().accepted).map(|d| d.seq).collect();
    assert_eq!(accepted, BTreeSet::from([1, 2, 3, 4, 5, MINUTE]));
}
