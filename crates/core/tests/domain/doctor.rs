//! The doctor: each single thing that is wrong gives exactly its finding, and nothing wrong gives none.

use bansou_core::books::Books;
use bansou_core::care::Due;
use bansou_core::doctor::{
    Damage, Disk, Entry, EntryKind, Inside, Memory, Opened, Outside, Place, Report, Severity, Skipped, Swap, SwapKind,
    Terminal, examine,
};
use bansou_core::outbox::OutboxEvent;
use bansou_core::record::v1::Enrolment;
use bansou_core::text::{Lang, Text};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, date};

use crate::world::*;

/// Makes one thing wrong.
type Plant<T> = Box<dyn Fn(&mut T)>;

fn entry(path: &str, kind: EntryKind) -> Entry {
    let mode = if kind == EntryKind::Folder { 0o700 } else { 0o600 };
    Entry { path: path.into(), kind, mode: Some(mode), own: true }
}

fn whole() -> Outside {
    let folders = [".", "keys", "state"].map(|p| entry(p, EntryKind::Folder));
    let files =
        ["keys/passphrase.age", "keys/recovery.age", "lock", "state/anchor", "state/draft", "vault.db", "vault.db-wal"]
            .map(|p| entry(p, EntryKind::File));
    Outside {
        now: TODAY.at(18, 0, 0, 0),
        terminal: Some(Terminal {
            size: (80, 24),
            utf8: true,
            colours: true,
            multiplexer: false,
            ssh: false,
            wide: Some(false),
        }),
        disk: Some(Disk { free: 10 << 30, used: 20 << 20 }),
        entries: folders.into_iter().chain(files).collect(),
        ways: vec!["passphrase".into(), "recovery".into()],
        memory: Some(Memory {
            swaps: vec![
                Swap { name: "/dev/zram0".into(), kind: SwapKind::Zram },
                Swap { name: "/dev/dm-1".into(), kind: SwapKind::Encrypted },
            ],
            hibernates: true,
            core_dumps_off: true,
            undumpable: true,
            keys_locked: true,
        }),
        place: Place::default(),
        settings: Vec::new(),
    }
}

fn opened(books: &Books) -> Opened<'_> {
    let newest = Some(TODAY.at(17, 0, 0, 0));
    Opened { books, newest, damage: Vec::new(), due: Vec::new(), strange_keys: Vec::new() }
}

fn ids(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|f| f.id()).collect()
}

/// A home with a client under a running year, not enrolled.
fn books() -> Books {
    let mut books = World::begun().0.books;
    books.enrolment = None;
    books
}

#[test]
fn a_whole_home_on_a_good_machine_is_healthy() {
    let books = books();
    let report = examine(&PACKS, &whole(), &Inside::Open(opened(&books)));
    assert_eq!(report, Report::default());
    assert!(report.healthy());
}

#[test]
fn each_outside_problem_gives_its_finding_alone() {
    let file = |path: &str| entry(path, EntryKind::File);
    let table: Vec<(&str, Plant<Outside>)> = vec![
        ("settings.wrong", Box::new(|o| o.settings.push(Text { ja: "2行目".into(), en: "line 2".into() }))),
        ("terminal.size", Box::new(|o| o.terminal.as_mut().unwrap().size = (79, 24))),
        ("terminal.size", Box::new(|o| o.terminal.as_mut().unwrap().size = (80, 23))),
        ("terminal.encoding", Box::new(|o| o.terminal.as_mut().unwrap().utf8 = false)),
        ("terminal.colours", Box::new(|o| o.terminal.as_mut().unwrap().colours = false)),
        ("terminal.multiplexer", Box::new(|o| o.terminal.as_mut().unwrap().multiplexer = true)),
        ("terminal.remote", Box::new(|o| o.terminal.as_mut().unwrap().ssh = true)),
        ("terminal.wide", Box::new(|o| o.terminal.as_mut().unwrap().wide = Some(true))),
        ("disk.short", Box::new(|o| o.disk = Some(Disk { free: (84 << 20) - 1, used: 20 << 20 }))),
        ("disk.full", Box::new(|o| o.disk = Some(Disk { free: (16 << 20) - 1, used: 0 }))),
        ("file.mode", Box::new(|o| o.entries[0].mode = Some(0o755))),
        ("file.mode", Box::new(|o| o.entries[3].mode = Some(0o640))),
        ("file.mode", Box::new(|o| o.entries[7].mode = Some(0o400))),
        ("file.owner", Box::new(|o| o.entries[7].own = false)),
        ("file.kind", Box::new(|o| o.entries[7].kind = EntryKind::Other)),
        ("file.stray", Box::new(move |o| o.entries.push(file("notes.txt")))),
        ("file.stray", Box::new(move |o| o.entries.push(file("state/other")))),
        ("file.unfinished", Box::new(|o| o.entries.push(entry("new", EntryKind::Folder)))),
        ("file.unfinished", Box::new(move |o| o.entries.push(file("keys/passphrase.age.new")))),
        ("key.unknown", Box::new(move |o| o.entries.push(file("keys/other.age")))),
        ("key.unknown", Box::new(move |o| o.entries.push(file("keys/passphrase")))),
        ("key.missing", Box::new(|o| drop(o.entries.remove(4)))),
        ("key.missing", Box::new(|o| o.ways.push("usb".into()))),
        ("swap.open", Box::new(|o| swap(o, false))),
        ("memory.onlookers", Box::new(|o| o.memory.as_mut().unwrap().undumpable = false)),
        ("memory.lock", Box::new(|o| o.memory.as_mut().unwrap().keys_locked = false)),
        ("place.network", Box::new(|o| o.place.network = Some("nfs4".into()))),
        ("place.unclear", Box::new(|o| o.place.unclear = Some("fuse".into()))),
        ("place.synced", Box::new(|o| o.place.synced = Some("Dropbox".into()))),
        ("clock.implausible", Box::new(|o| o.now = date(2026, 3, 31).at(23, 59, 59, 0))),
        ("clock.implausible", Box::new(|o| o.now = date(2048, 1, 1).at(0, 0, 0, 0))),
        ("clock.behind", Box::new(|o| o.now = TODAY.at(16, 59, 59, 0))),
    ];
    let books = World::new().books;
    let books = Books { enrolment: None, ..books };
    for (n, (id, plant)) in table.iter().enumerate() {
        let mut outside = whole();
        plant(&mut outside);
        // Only the clock asks more of an open store than of the outside.
        let inside = match *id {
            "clock.behind" => Inside::Open(opened(&books)),
            _ => Inside::Skipped(Skipped::Locked),
        };
        assert_eq!(ids(&examine(&PACKS, &outside, &inside)), [*id], "row {n}");
    }
}

fn swap(outside: &mut Outside, hibernates: bool) {
    let memory = outside.memory.as_mut().unwrap();
    memory.hibernates = hibernates;
    memory.swaps.push(Swap { name: "/dev/sda2".into(), kind: SwapKind::Open });
}

#[test]
fn what_comes_together_is_named_together_and_the_gravest_first() {
    let mut outside = whole();
    swap(&mut outside, true);
    let memory = outside.memory.as_mut().unwrap();
    (memory.undumpable, memory.core_dumps_off) = (false, false);
    outside.terminal.as_mut().unwrap().ssh = true;
    outside.entries[7].own = false;
    let report = examine(&PACKS, &outside, &Inside::Skipped(Skipped::Busy));
    let expected =
        ["file.owner", "swap.open", "swap.hibernation", "memory.dump", "memory.onlookers", "terminal.remote"];
    assert_eq!(ids(&report), expected);
    assert!(!report.healthy());
    assert_eq!(report.skipped, [Skipped::Busy]);
}

#[test]
fn each_inside_problem_gives_its_finding_alone() {
    let about = Text { ja: "記録 00ff".into(), en: "record 00ff".into() };
    let table: Vec<(&[&str], Plant<Opened<'_>>)> = vec![
        (&["store.damaged"], Box::new(move |o| o.damage.push(Damage::Thing(about.clone())))),
        (&["backup.none"], Box::new(|o| o.due = vec![Due::Backup { last: None }])),
        (&["key.drill"], Box::new(|o| o.due = vec![Due::Drill])),
        (&["key.changed"], Box::new(|o| o.strange_keys = vec!["recovery".into()])),
        (&["backup.old"], Box::new(|o| o.due = vec![Due::Backup { last: Some(TODAY) }])),
    ];
    let books = books();
    for (expected, plant) in table {
        let mut inside = opened(&books);
        plant(&mut inside);
        assert_eq!(ids(&examine(&PACKS, &whole(), &Inside::Open(inside))), expected);
    }
    let empty = Books::default();
    let inside = opened(&empty);
    assert_eq!(ids(&examine(&PACKS, &whole(), &Inside::Open(inside))), [""; 0], "an empty home has nothing to lose");
}

#[test]
fn a_store_that_does_not_open_is_reported_whole() {
    let thing = |n: u8| Damage::Thing(Text { ja: format!("記録 {n}"), en: format!("record {n}") });
    for (damage, expected) in [
        (vec![thing(1), thing(2)], vec!["store.damaged", "store.damaged"]),
        (vec![Damage::Older], vec!["store.older"]),
        (vec![Damage::Newer], vec!["store.newer"]),
        (vec![Damage::KeyFile], vec!["key.damaged"]),
    ] {
        let report = examine(&PACKS, &whole(), &Inside::Broken(damage));
        assert_eq!(ids(&report), expected);
        assert_eq!(report.skipped, [Skipped::Unreadable]);
        assert!(!report.healthy());
    }
}

/// Ids found in these books on a day on which nothing else is wrong.
fn on(day: DateTime, books: &Books) -> Vec<&'static str> {
    let outside = Outside { now: day, ..whole() };
    let inside = Opened { newest: None, ..opened(books) };
    ids(&examine(&PACKS, &outside, &Inside::Open(inside)))
}

#[test]
fn editions_end_and_are_said_to_have_ended() {
    let noon = |y, m, d| date(y, m, d).at(12, 0, 0, 0);
    let mut books = books();
    assert_eq!(on(noon(2027, 3, 31), &books), [""; 0]);
    assert_eq!(on(noon(2027, 4, 1), &books), ["edition.programme"]);
    assert_eq!(on(noon(2028, 1, 1), &books), ["edition.programme", "edition.holidays"]);
    books.profile.as_mut().unwrap().programme = "r2-2020".into();
    assert_eq!(on(noon(2026, 11, 20), &books), ["edition.programme"]);
    books.engagements.values_mut().for_each(|e| e.programme = "later-2030".into());
    assert_eq!(on(noon(2026, 11, 20), &books), ["edition.unknown", "edition.programme"]);
    let mut packs = PACKS.clone();
    let tables = packs.iter_mut().map(|p| &mut p.programme.withholding.tables);
    tables.flatten().for_each(|t| t.from = date(2030, 1, 1));
    let empty = Books { profile: Some(profile()), ..Books::default() };
    assert_eq!(ids(&examine(&packs, &whole(), &Inside::Open(opened(&empty)))), ["edition.tax"]);
}

#[test]
fn bundles_that_wait_or_are_not_answered_are_named() {
    let (mut world, engagement) = World::held(1);
    world.papers(engagement);
    world.forms(engagement, 1);
    let bundle = world.seal(engagement, 1);
    world.books.enrolment = None;
    let days = |n: i64| world.now.checked_add(n.days()).unwrap();
    let (third, fourth, fifteenth) = (days(3), days(4), days(15));
    assert_eq!(on(third, &world.books), [""; 0]);
    assert_eq!(on(fourth, &world.books), ["outbox.waiting"]);
    world.event(bundle, OutboxEvent::SendingStarted);
    world.event(bundle, OutboxEvent::Received("{}".into()));
    assert_eq!(on(fourth, &world.books), [""; 0]);
    assert_eq!(on(fifteenth, &world.books), ["outbox.unanswered"]);
    world.event(bundle, OutboxEvent::Accepted("{}".into()));
    assert_eq!(on(fifteenth, &world.books), [""; 0]);
}

#[test]
fn an_enrolment_that_nobody_signed_is_refused() {
    let mut books = books();
    books.enrolment = Some(enrolment());
    assert_eq!(on(TODAY.at(12, 0, 0, 0), &books), ["enrolment.refused"]);
}

#[test]
fn a_finding_says_cause_effect_and_next_command_in_both_languages() {
    let mut outside = whole();
    outside.entries[0].mode = Some(0o755);
    let report = examine(&PACKS, &outside, &Inside::Skipped(Skipped::Locked));
    let finding = &report.findings[0];
    assert_eq!((finding.severity(), finding.about.en.as_str()), (Severity::Danger, ". (755)"));
    for lang in [Lang::Ja, Lang::En] {
        assert!(finding.next(lang).contains("chmod 700"));
        assert_ne!(finding.cause(lang), finding.effect(lang));
    }
}

#[test]
fn certificate_and_recipients_are_said_to_end_a_month_before() {
    let certificate = include_str!("../../../../tests/golden/wire/v1/certificate.json").to_owned();
    let root_key = certificate.split("\"key\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let recipients = include_str!("../../../../tests/golden/wire/v1/recipients.json").to_owned();
    let enrolment = Enrolment { root_key, certificate, recipients, ..enrolment() };
    let seen = |day: Date, enrolment: &Enrolment| {
        let books = Books { enrolment: Some(enrolment.clone()), ..Books::default() };
        let found = on(day.at(12, 0, 0, 0), &books).into_iter();
        found.filter(|id| id.starts_with("enrolment") || id.contains("recipients")).collect::<Vec<_>>()
    };
    let soon = ["enrolment.certificate_soon", "edition.recipients_soon"];
    let over = ["enrolment.certificate", "edition.recipients"];
    assert_eq!(seen(date(2021, 2, 28), &enrolment), [""; 0]);
    assert_eq!(seen(date(2021, 3, 1), &enrolment), soon);
    assert_eq!(seen(date(2021, 3, 31), &enrolment), soon);
    assert_eq!(seen(date(2021, 4, 1), &enrolment), over);
    let asked = Enrolment { certificate: String::new(), ..enrolment.clone() };
    assert_eq!(seen(date(2021, 4, 1), &asked), over[1..]);
    let changed = Enrolment { recipients: enrolment.recipients.replace("age1first", "age1other"), ..enrolment };
    assert_eq!(seen(date(2021, 2, 28), &changed), ["enrolment.refused"]);
}
