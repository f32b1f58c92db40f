//! A lost machine, through the real server over TCP: an older copy is put back, asks what was sent, and goes on.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/people.rs"]
mod people;

use std::fs;
use std::path::Path;

use bansou::shell::carry::Https;
use bansou::shell::documents::Typesetter;
use bansou::shell::failure::Failure;
use bansou::shell::home::Home;
use bansou::shell::practice::data::{Firm, Practice, Stage as At, built_in};
use bansou::shell::practice::stage::Stage;
use bansou::shell::vault::{Kind, RecoveryCode, Secret, VaultError};
use bansou::shell::{enrol, office, post, resume};
use bansou_core::claim::ClaimCommand;
use bansou_core::command::Command;
use bansou_core::office::OfficeCommand;
use bansou_core::outbox::next_place;
use bansou_core::record::v1::{Delivery, Id, OutboxState, Profile, RaisedBy};
use bansou_core::refusal::Refusal;
use bansou_core::resume::{ResumeCommand, pending};
use bansou_core::wire::v1::envelope::Signed;
use bansou_server::{Config, Running};
use jiff::ToSpan as _;
use people::owner;
use tempfile::TempDir;

fn secret() -> Secret {
    Secret::new("renshu".into())
}

fn profile(secretariat: bool) -> Profile {
    Profile { secretariat, address: "東京都北区試験1-1".into(), ..owner() }
}

/// A secretariat, a server and an expert with one firm whose four sessions were held and not yet reported.
struct World {
    dir: TempDir,
    runtime: tokio::runtime::Runtime,
    running: Option<Running>,
    office: Home,
    recovery: RecoveryCode,
    typesetter: Typesetter,
    engagement: Id,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

impl World {
    fn prepare() -> (Self, Home) {
        let dir = tempfile::tempdir().unwrap();
        let create = |name: &str, secretariat| {
            Home::create(&dir.path().join(name), &secret(), Kind::Practice, profile(secretariat)).unwrap()
        };
        let (mut office, _) = create("office", true);
        office::found(&mut office, "").unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut config = Config::new(dir.path().join("server"), "127.0.0.1:0".parse().unwrap());
        config.secretariat = Some(office.root_key());
        let running = runtime.block_on(bansou_server::start(config)).unwrap();
        office::publish_to(&mut office, running.url()).unwrap();
        let (mut expert, recovery) = create("expert", false);
        let [invitation, request, pack] = ["invitation.json", "request.age", "pack.json"].map(|f| dir.path().join(f));
        office::invite(&mut office, &invitation).unwrap();
        enrol::request(&mut expert, &invitation, &request).unwrap();
        office::approve(&mut office, &request, &pack).unwrap();
        enrol::accept(&mut expert, &pack).unwrap();
        let engagement = held(&mut expert, &mut office);
        let typesetter = Typesetter::new().unwrap();
        (Self { dir, runtime, running: Some(running), office, recovery, typesetter, engagement }, expert)
    }

    fn home(&self) -> std::path::PathBuf {
        self.dir.path().join("expert")
    }

    fn seal(&self, expert: &mut Home, session: u8) -> u64 {
        post::seal_report(expert, &self.typesetter, self.engagement, session).unwrap().seq
    }

    /// The machine is lost: what was copied to `backup` takes the place of its store.
    fn put_back(&self, backup: &Path) {
        fs::remove_dir_all(self.home()).unwrap();
        copy(backup, &self.home());
    }

    /// Pulls and accepts everything in the order of its numbers.
    fn accept_all(&mut self) -> Vec<Delivery> {
        office::exchange(&mut self.office, None).unwrap();
        let mut all: Vec<(u64, Id)> = self.office.books.deliveries.values().map(|d| (d.seq, d.id)).collect();
        all.sort_unstable();
        for (_, id) in &all {
            office::review(&mut self.office, *id, true, String::new()).unwrap();
        }
        all.iter().map(|(_, id)| self.office.books.deliveries[id].clone()).collect()
    }
}

/// A firm of the practice, all of whose sessions are over.
fn held(expert: &mut Home, office: &mut Home) -> Id {
    let practice: Practice = built_in().unwrap();
    let firm: Firm = practice.firms.iter().find(|f| f.stage == At::Finished).unwrap().clone();
    let base = expert.now().date();
    office.set_practice_time(base.saturating_add(firm.matched.days()).at(12, 0, 0, 0)).unwrap();
    let number = *office.books.experts.keys().next().unwrap();
    let (case_no, client_name) = (firm.case_no.clone(), firm.name.clone());
    let open = OfficeCommand::OpenCase { case_no, client_name, prefecture: firm.prefecture, expert: number };
    office.apply(Command::Office(open)).unwrap();
    let mut stage = Stage::begin(expert, &firm, &practice.work, base).unwrap();
    stage.plan_dates().unwrap();
    for (session, offset) in (1u8..).zip(&firm.held) {
        stage.session_work(session, *offset).unwrap();
    }
    let engagement = stage.engagement;
    for home in [expert, office] {
        home.set_practice_time(base.at(20, 0, 0, 0)).unwrap();
    }
    engagement
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn refused(done: Result<impl Sized, Failure>) -> Refusal {
    match done {
        Err(Failure::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

fn numbers(home: &Home) -> Vec<Option<u64>> {
    let mut told: Vec<Option<u64>> =
        home.books.resumption.iter().flat_map(|r| r.found.values()).map(|f| f.seq).collect();
    told.sort();
    told
}

#[test]
fn a_lost_store_is_restored_asks_the_server_and_goes_on_in_order() {
    let (mut world, mut expert) = World::prepare();
    assert_eq!((1..=3).map(|n| world.seal(&mut expert, n)).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(post::sync(&mut expert).unwrap().receipts, 3);
    drop(expert);
    let backup = world.dir.path().join("backup");
    copy(&world.home(), &backup);

    let mut expert = Home::open(&world.home(), &secret()).unwrap();
    assert_eq!(world.seal(&mut expert, 4), 4);
    let units = (1..=4).map(|n| (world.engagement, n)).collect();
    let claimed_on = expert.now().date();
    expert.apply(Command::Claim(ClaimCommand::Draft { units, claimed_on })).unwrap();
    let claim = *expert.books.claims.keys().next().unwrap();
    assert_eq!(post::seal_claim(&mut expert, &world.typesetter, claim).unwrap().seq, 5);
    let sent = post::sync(&mut expert).unwrap();
    assert_eq!((sent.receipts, sent.found), (2, 0));
    drop(expert);

    // The machine is lost. The older copy does not open by itself; whoever holds the recovery code may go on from it.
    world.put_back(&backup);
    for mark in fs::read_dir(world.home().join("state")).unwrap().map(Result::unwrap) {
        fs::remove_file(mark.path()).unwrap();
    }
    assert!(matches!(Home::open(&world.home(), &secret()), Err(Failure::Vault(VaultError::RolledBack))));
    drop(Home::open(&world.home(), &world.recovery).unwrap());
    let mut expert = Home::open(&world.home(), &secret()).unwrap();
    assert!(pending(&expert.books), "it stays marked until somebody was asked");
    let entries = expert.history().unwrap().len();
    assert_eq!(refused(post::seal_report(&mut expert, &world.typesetter, world.engagement, 4)), Refusal::NotReconciled);
    expert.apply(Command::Claim(ClaimCommand::Draft { units: vec![(world.engagement, 1)], claimed_on })).unwrap();
    let claim = *expert.books.claims.keys().next().unwrap();
    assert_eq!(refused(post::seal_claim(&mut expert, &world.typesetter, claim)), Refusal::NotReconciled);
    expert.apply(Command::Claim(ClaimCommand::Drop(claim))).unwrap();
    assert_eq!(expert.history().unwrap().len(), entries + 2, "no document was made for nothing");

    assert_eq!(post::sync(&mut expert).unwrap().found, 2);
    let seq = world.seal(&mut expert, 4);
    assert_eq!((seq, next_place(&expert.books).resumed_after), (next_place(&expert.books).seq - 1, None));
    assert!(seq > 2_000_000_000, "{seq}");
    post::sync(&mut expert).unwrap();

    let accepted = world.accept_all();
    assert_eq!(accepted.iter().map(|d| d.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, seq]);
    assert!(accepted.iter().all(|d| d.review.as_ref().unwrap().accepted && !d.findings.contains(&"chain".to_owned())));
    let resumed = accepted.last().unwrap();
    assert_eq!((resumed.resumed_after, resumed.findings.contains(&"gap-resumed".to_owned())), (Some(3), true));
    assert_eq!(resumed.prev, accepted[2].manifest_sha256);

    // The answers tell the true numbers of what this store never sealed.
    post::sync(&mut expert).unwrap();
    assert_eq!(numbers(&expert), [Some(4), Some(5)]);
    assert!(expert.books.outbox.values().all(|i| i.state == OutboxState::Accepted));
    assert_eq!(next_place(&expert.books).seq, seq + 1);

    // The same copy put back with its marks opens like any other: the next round notices.
    drop(expert);
    world.put_back(&backup);
    let mut expert = Home::open(&world.home(), &secret()).unwrap();
    assert!(!pending(&expert.books));
    assert_eq!(next_place(&expert.books).seq, 4, "this number is used, and nobody here knows");
    let round = post::sync(&mut expert).unwrap();
    assert_eq!((round.found, round.unlisted), (3, None));
    assert_eq!(numbers(&expert), [Some(4), Some(5), Some(seq)]);
    assert!(next_place(&expert.books).seq > seq);
    assert_eq!(post::sync(&mut expert).unwrap().found, 0);
}

#[test]
fn two_copies_in_use_send_one_number_twice_and_the_desk_accepts_one() {
    let (mut world, mut expert) = World::prepare();
    world.seal(&mut expert, 1);
    post::sync(&mut expert).unwrap();
    drop(expert);
    let other = world.dir.path().join("other");
    copy(&world.home(), &other);
    let mut first = Home::open(&world.home(), &secret()).unwrap();
    let mut second = Home::open(&other, &secret()).unwrap();
    assert_eq!((world.seal(&mut first, 2), world.seal(&mut second, 2)), (2, 2));
    post::sync(&mut first).unwrap();
    assert_eq!(post::sync(&mut second).unwrap().found, 1);
    office::exchange(&mut world.office, None).unwrap();
    let twins: Vec<Id> = world.office.books.deliveries.values().filter(|d| d.seq == 2).map(|d| d.id).collect();
    assert_eq!(twins.len(), 2);
    let marked = |id: &Id| world.office.books.deliveries[id].findings.contains(&"number-used".to_owned());
    assert!(twins.iter().all(marked));
    let one = world.office.books.deliveries.values().find(|d| d.seq == 1).unwrap().id;
    office::review(&mut world.office, one, true, String::new()).unwrap();
    office::review(&mut world.office, twins[0], true, String::new()).unwrap();
    let twice = office::review(&mut world.office, twins[1], true, String::new());
    assert_eq!(refused(twice), Refusal::NumberTaken { seq: 2 });
    // Both copies have numbered away from each other by now.
    let next = world.seal(&mut second, 3);
    assert!(next > 2_000_000_000);
    post::sync(&mut second).unwrap();
    first.set_practice_time(first.now().saturating_add(1.minute())).unwrap();
    assert_eq!(post::sync(&mut first).unwrap().found, 2);
    assert!(next_place(&first.books).seq > next);
}

#[test]
fn a_folder_or_the_user_can_tell_the_numbers_without_a_network() {
    let (mut world, mut expert) = World::prepare();
    world.seal(&mut expert, 1);
    post::sync(&mut expert).unwrap();
    drop(expert);
    let backup = world.dir.path().join("backup");
    copy(&world.home(), &backup);
    let mut expert = Home::open(&world.home(), &secret()).unwrap();
    world.seal(&mut expert, 2);
    let stick = world.dir.path().join("stick");
    post::export(&mut expert, &stick).unwrap();
    drop(expert);
    world.put_back(&backup);
    let mut expert = Home::open(&world.home(), &secret()).unwrap();
    expert.apply(Command::Resume(ResumeCommand::Restored)).unwrap();

    // Nothing of this key in it: nothing is known, and nothing may be sealed.
    let empty = world.dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert_eq!(post::import(&mut expert, &empty).unwrap().found, 0);
    assert!(pending(&expert.books));
    // Somebody else's ticket and a damaged file are passed over; the own ticket proves the bundle on the stick.
    fs::write(stick.join(format!("{}.ticket", "0".repeat(64))), "{}").unwrap();
    assert_eq!(post::import(&mut expert, &stick).unwrap().found, 1);
    assert!(!pending(&expert.books));
    assert_eq!(post::import(&mut expert, &stick).unwrap().found, 0);
    let steps = &expert.books.resumption.as_ref().unwrap().steps;
    assert_eq!(steps.iter().map(|s| (s.by, s.found)).collect::<Vec<_>>(), [(RaisedBy::Folder, 1)]);
    let seq = world.seal(&mut expert, 2);
    post::sync(&mut expert).unwrap();
    // The stick arrives after all, under its own number.
    office::exchange(&mut world.office, None).unwrap();
    office::exchange(&mut world.office, Some(&stick)).unwrap();
    let accepted: Vec<u64> = world.accept_all().iter().map(|d| d.seq).collect();
    assert_eq!(accepted, [1, 2, seq]);
    office::exchange(&mut world.office, Some(&stick)).unwrap();
    post::import(&mut expert, &stick).unwrap();
    assert_eq!(numbers(&expert), [Some(2)]);

    drop(expert);
    world.put_back(&backup);
    let mut expert = Home::open(&world.home(), &secret()).unwrap();
    expert.apply(Command::Resume(ResumeCommand::Restored)).unwrap();
    let reason = "控えのあとに封をしたのは二件".to_owned();
    expert.apply(Command::Resume(ResumeCommand::ByHand { next: 9, reason: reason.clone() })).unwrap();
    assert_eq!(world.seal(&mut expert, 2), 9);
    let step = expert.books.resumption.as_ref().unwrap().steps[0].clone();
    assert_eq!((step.by, step.next, step.reason), (RaisedBy::Hand, 9, reason));
}

#[test]
fn a_server_that_lists_anything_unproved_is_not_believed() {
    let (world, mut expert) = World::prepare();
    world.seal(&mut expert, 1);
    post::sync(&mut expert).unwrap();
    let url = expert.books.enrolment.as_ref().unwrap().server.clone();
    let listed = resume::server(&expert, &url).unwrap().mailbox().unwrap();
    assert_eq!(listed.len(), 1);
    let before = expert.books.clone();
    let (ticket, receipt) = (listed[0].ticket.clone(), listed[0].receipt.clone());
    let changed = |s: &Signed, from: &str, to: &str| Signed { body: s.body.replacen(from, to, 1), ..s.clone() };
    for (ticket, receipt) in [
        (ticket.clone(), changed(&receipt, "\"index\":1", "\"index\":2")),
        (changed(&ticket, "\"v\":1", "\"v\":2"), receipt.clone()),
        (receipt.clone(), receipt.clone()),
        (ticket.clone(), ticket.clone()),
    ] {
        let mut entries = listed.clone();
        entries.push(bansou_core::wire::v1::receipt::InboxEntry { ticket, receipt });
        assert!(resume::by_mailbox(&mut expert, &entries).is_err());
        assert_eq!(expert.books, before);
    }
    // Without the key of the roster nobody gets a list.
    let stranger = Https::new(&url).unwrap().mailbox();
    assert!(stranger.is_err());
}
