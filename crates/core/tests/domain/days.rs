//! Deadlines as data: counted days, reminders, the span, the days ahead and the calendar file.

use bansou_core::agenda::{self, Kind};
use bansou_core::command::Command;
use bansou_core::deadline;
use bansou_core::ics;
use bansou_core::programme::Counted;
use bansou_core::record::v1::{Mode, Planned};
use bansou_core::session::{SessionAction, SessionCommand};
use bansou_core::span::{Risk, of};
use bansou_core::text::Lang;
use bansou_core::today::{Urgency, What, todos};
use jiff::ToSpan;
use jiff::civil::{Date, date, time};

use crate::world::*;

#[test]
fn a_report_is_due_after_the_days_that_the_programme_counts() {
    // 2026-11-03 and 2026-11-23 are holidays; 12-29 to 01-03 the offices are closed, the banks from 12-31.
    for (held, counted, due) in [
        (date(2026, 10, 29), Counted::Calendar, date(2026, 11, 5)),
        (date(2026, 10, 29), Counted::Government, date(2026, 11, 10)),
        (date(2026, 12, 25), Counted::Calendar, date(2027, 1, 1)),
        (date(2026, 12, 25), Counted::Bank, date(2027, 1, 7)),
        (date(2026, 12, 25), Counted::Government, date(2027, 1, 12)),
    ] {
        let mut pack = pack("current-2026").clone();
        pack.programme.deadlines.report_counts = counted;
        assert_eq!(deadline::report_due(&pack, held), due, "{held} {counted:?}");
    }
}

#[test]
fn a_reminder_comes_on_a_day_on_which_the_offices_work() {
    let pack = pack("current-2026");
    for (due, days, on) in [
        (date(2026, 10, 8), 3, date(2026, 10, 5)),
        (date(2026, 11, 26), 3, date(2026, 11, 20)),
        (date(2027, 1, 6), 3, date(2026, 12, 28)),
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
    ] {
        assert_eq!(deadline::remind_on(pack, due, days), on, "{due} {days}");
    }
}

#[test]
fn the_word_of_urgency_follows_the_day() {
    let (mut world, engagement) = World::begun();
    world.work(engagement, 1, DAYS[0]);
    let word = |today: Date| {
        let found = todos(&world.books, &PACKS, today, 0);
        found.iter().find(|t| t.what == What::Report(1)).unwrap().urgency(today)
    };
    // Due on 10-08.
    let days =
        [(2, Urgency::Other), (5, Urgency::Soon), (7, Urgency::Tomorrow), (8, Urgency::Today), (9, Urgency::Late)];
    for (day, expected) in days {
        assert_eq!(word(date(2026, 10, day)), expected, "{day}");
    }
}

#[test]
fn deliverables_and_waiting_bundles_are_asked_for() {
    let (mut world, engagement) = World::held(4);
    let due = Some(deadline::claim_due(&world.pack(engagement).programme, DAYS[3]));
    let line = |world: &World, what: What| todos(&world.books, &PACKS, TODAY, 0).into_iter().find(|t| t.what == what);
    let all = world.pack(engagement).programme.deliverables.len();
    assert_eq!(line(&world, What::Deliverables(all)).map(|t| t.due), Some(due));
    world.seal(engagement, 1);
    let send = line(&world, What::Send(1)).unwrap();
    assert_eq!((send.engagement, send.due), (None, Some(date(2026, 10, 8))));
}

#[test]
fn a_span_says_whether_the_rest_still_fits() {
    let (mut world, engagement) = World::begun();
    let span = |world: &World, today| of(world.pack(engagement), world.engagement(engagement), today);
    // Matched on 09-15: 60 days end on 11-14; four sessions need at least 1 + 2 + 1 + 1 weeks.
    let first = span(&world, date(2026, 9, 15));
    assert_eq!((first.gone, first.last_day, first.risk), (0, date(2026, 11, 14), Risk::Fits));
    assert_eq!(span(&world, date(2026, 10, 10)).risk, Risk::Fits);
    assert_eq!(span(&world, date(2026, 10, 11)).risk, Risk::AtRisk);
    assert_eq!(span(&world, date(2026, 11, 15)).risk, Risk::Over);
    for n in 1..=4 {
        world.work(engagement, n, DAYS[usize::from(n) - 1]);
    }
    let done = span(&world, TODAY);
    assert_eq!((done.gone, done.finish, done.risk), (58, DAYS[3], Risk::Finished));
}

/// A home with a session to come, a late report and a claim.
fn ahead() -> World {
    let (mut world, engagement) = World::held(2);
    world.seal(engagement, 1);
    let start = Some(time(13, 30, 0, 0));
    let planned = Planned { date: date(2026, 10, 27), start, mode: Mode::Online, moved_because: None };
    let action = SessionAction::Plan(planned);
    world.ok(Command::Session(SessionCommand { engagement, session: 3, action }));
    world
}

#[test]
fn the_days_ahead_name_holidays_and_every_last_day() {
    let world = ahead();
    let events = agenda::events(&world.books, &PACKS, date(2026, 10, 16));
    let found: Vec<(Date, bool)> =
        events.iter().map(|e| (e.date, matches!(e.kind, Kind::Session { number: 3, .. }))).collect();
    assert_eq!(found, [(date(2026, 10, 22), false), (date(2026, 10, 27), true), (date(2026, 11, 1), false)]);
    let days = agenda::days(pack("current-2026"), date(2026, 10, 30), 14);
    assert_eq!(days.iter().filter(|d| d.open).count(), 9);
    let named: Vec<_> = days.iter().filter_map(|d| d.holiday.as_ref().map(|h| (d.date, h.ja.as_str()))).collect();
    assert_eq!(named, [(date(2026, 11, 3), "文化の日")]);
}

/// What the file says; UPDATE_GOLDEN=1 writes it.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test rewrites its golden file on request")]
fn the_calendar_file_is_the_golden_one() {
    let world = ahead();
    let now = date(2026, 10, 16).at(9, 30, 0, 0);
    let events = agenda::events(&world.books, &PACKS, now.date());
    let text = ics::file(&world.books, &events, now, Lang::Ja, false);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/calendar/ahead.ics");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text);
    let name = &world.books.clients.values().next().unwrap().name;
    assert!(!text.contains(name.as_str()) && text.contains("K-0001"));
    let named = ics::file(&world.books, &events, now, Lang::Ja, true).replace("\r\n ", "");
    assert!(named.contains(name.as_str()));
    let later = ics::file(&world.books, &events, now.saturating_add(3.days()), Lang::En, false);
    let uids = |t: &str| t.lines().filter(|l| l.starts_with("UID")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(uids(&text), uids(&later));
}
