//! The session as a guide: its clock, what is carried over, own items, two sessions on one day, letter and draft.

use bansou_core::checklist::{self, Group, Line};
use bansou_core::document;
use bansou_core::record::v1::{Assurance, Check, CheckState, Id, Part};
use bansou_core::refusal::Refusal::*;
use bansou_core::session::SessionAction;
use bansou_core::timing::{State, Tap};
use jiff::civil::{date, time};

use crate::world::*;

fn lines(world: &World, engagement: Id, number: u8) -> Vec<Line<'_>> {
    checklist::lines(&world.pack(engagement).curriculum, world.engagement(engagement), number)
}

fn check(engagement: Id, number: u8, item: &str, state: Option<CheckState>) -> bansou_core::command::Command {
    let reason = (state == Some(CheckState::Skipped)).then(|| "不要".to_owned());
    let check = state.map(|state| Check { state, reason, carried_to: None });
    session(engagement, number, SessionAction::Check { item: item.into(), check })
}

fn carried(world: &World, engagement: Id, number: u8) -> Vec<String> {
    let of = |l: &&Line<'_>| l.group == Group::Carried;
    lines(world, engagement, number).iter().filter(of).map(|l| l.id().to_owned()).collect()
}

#[test]
fn the_clock_runs_once_per_session_and_ends_with_the_record() {
    let (mut world, engagement) = World::begun();
    let clock = |n, tap| session(engagement, n, SessionAction::Clock(tap));
    world.now = DAYS[0].at(13, 58, 20, 0);
    assert_eq!(world.no(clock(2, Tap::Start)), SessionOrder { session: 2 });
    assert_eq!(world.no(clock(1, Tap::Stop)), ClockStands);
    world.ok(clock(1, Tap::Start));
    assert_eq!(world.no(clock(1, Tap::Start)), ClockRuns);
    world.now = DAYS[0].at(16, 2, 50, 0);
    world.ok(hold(engagement, 1, DAYS[0], None));
    let kept = world.engagement(engagement).sessions[0].clock.clone().unwrap();
    assert_eq!((kept.state(), kept.minutes(world.now)), (State::Ended, 124));
    assert_eq!(kept.times(world.now), (DAYS[0], time(13, 58, 0, 0), Some(time(16, 3, 0, 0))));
    assert_eq!(world.no(clock(1, Tap::Start)), AlreadyHeld { session: 1 });
}

#[test]
fn what_was_left_open_comes_back_in_the_next_list_and_is_settled_there() {
    let (mut world, engagement) = World::begun();
    assert_eq!(carried(&world, engagement, 2), [] as [&str; 0], "session 1 is still to come");
    assert_eq!(
        world.no(check(engagement, 2, "s1.day.4", Some(CheckState::Done))),
        UnknownItem { item: "s1.day.4".into() }
    );
    world.ok(check(engagement, 1, "s1.day.1", Some(CheckState::Done)));
    world.ok(check(engagement, 1, "s1.day.2", Some(CheckState::Skipped)));
    world.ok(hold(engagement, 1, DAYS[0], None));
    let open = carried(&world, engagement, 2);
    assert!(open.contains(&"s1.day.4".to_owned()) && open.contains(&"s1.prep.7".to_owned()));
    assert!(!open.contains(&"s1.day.1".to_owned()) && !open.contains(&"s1.day.2".to_owned()));
    assert!(carried(&world, engagement, 3).is_empty(), "only the next list collects");
    world.ok(check(engagement, 2, "s1.day.4", Some(CheckState::Done)));
    let home = &world.engagement(engagement).sessions[0].checks["s1.day.4"];
    assert_eq!((home.state, home.carried_to), (CheckState::Done, Some(2)));
    assert!(world.engagement(engagement).sessions[1].checks.is_empty());
    assert!(carried(&world, engagement, 2).contains(&"s1.day.4".to_owned()), "it stays where it was settled");
    world.ok(hold(engagement, 2, DAYS[1], None));
    assert_eq!(carried(&world, engagement, 2), ["s1.day.4"]);
    assert!(carried(&world, engagement, 3).contains(&"s1.prep.7".to_owned()), "what is still open goes on");
    world.ok(check(engagement, 2, "s1.day.4", None));
    assert!(carried(&world, engagement, 3).contains(&"s1.day.4".to_owned()));
}

#[test]
fn own_items_are_added_settled_and_taken_back() {
    let (mut world, engagement) = World::begun();
    let add = |text: &str, minutes| {
        session(engagement, 1, SessionAction::AddItem { part: Part::Firm, text: text.into(), minutes })
    };
    assert_eq!(world.no(add(" ", 0)), Empty { field: "text" });
    assert_eq!(world.no(add("鍵の一覧", 481)), OutOfRange { field: "minutes", min: 0, max: 480 });
    world.ok(add("鍵の一覧", 15));
    world.ok(add("配線図", 0));
    let own: Vec<_> =
        lines(&world, engagement, 1).iter().filter(|l| l.item().is_none()).map(|l| l.id().to_owned()).collect();
    assert_eq!(own, ["s1.own.1", "s1.own.2"]);
    world.ok(check(engagement, 1, "s1.own.1", Some(CheckState::Done)));
    let curriculum = &world.pack(engagement).curriculum;
    assert_eq!(checklist::adapted(curriculum, world.engagement(engagement), 1), (2, 0));
    let remove = |item: &str| session(engagement, 1, SessionAction::RemoveItem(item.into()));
    assert_eq!(world.no(remove("s1.day.1")), UnknownItem { item: "s1.day.1".into() });
    world.ok(remove("s1.own.1"));
    assert!(world.engagement(engagement).sessions[0].checks.is_empty());
    world.ok(add("台帳", 0));
    assert_eq!(world.engagement(engagement).sessions[0].own.last().unwrap().id, "s1.own.3");
}

#[test]
fn two_sessions_share_a_day_when_it_was_planned_so() {
    let (mut world, engagement) = World::held(2);
    let combine = |n, reason: &str| session(engagement, n, SessionAction::Combine(reason.into()));
    assert_eq!(world.no(combine(3, "遠方")), NotSameDay);
    assert_eq!(world.no(combine(2, "遠方")), AlreadyHeld { session: 2 });
    assert_eq!(world.no(combine(4, "遠方")), Empty { field: "date" });
    world.ok(plan(engagement, 3, DAYS[2]));
    assert_eq!(world.no(combine(4, " ")), Empty { field: "reason" });
    world.ok(combine(4, "遠方のため"));
    let fourth = |world: &World| {
        let s = &world.engagement(engagement).sessions[3];
        (s.planned.as_ref().map(|p| p.date), s.combined_reason.clone())
    };
    assert_eq!(fourth(&world), (Some(DAYS[2]), Some("遠方のため".to_owned())));
    world.ok(plan(engagement, 4, DAYS[3]));
    assert_eq!(fourth(&world), (Some(DAYS[3]), None), "another day takes the reason back");
}

#[test]
fn form_5_in_the_record_ticks_its_item() {
    let (mut world, engagement) = World::begun();
    world.ok(hold(engagement, 1, DAYS[0], None));
    assert!(carried(&world, engagement, 2).contains(&"s1.day.8".to_owned()));
    world.ok(confirm(engagement, 1, DAYS[0], Assurance::Paper));
    assert!(!carried(&world, engagement, 2).contains(&"s1.day.8".to_owned()));
}

#[test]
fn the_letter_asks_only_for_what_is_open_and_the_draft_tells_no_word_of_the_firm() {
    let (mut world, engagement) = World::begun();
    let letter = |world: &World| document::letter(&world.books, &PACKS, TODAY, engagement, 1).unwrap();
    assert!(letter(&world).contains("時刻は別途"));
    world.ok(plan(engagement, 1, date(2026, 10, 1)));
    let own = SessionAction::AddItem { part: Part::Firm, text: "鍵の一覧".into(), minutes: 0 };
    world.ok(session(engagement, 1, own));
    world.ok(check(engagement, 1, "s1.prep.6", Some(CheckState::Done)));
    let text = letter(&world);
    for wanted in ["2026年10月1日 (木)", "・鍵の一覧", "・組織図、機器", "貴社にお伺いします"]
    {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(!text.contains("自社診断（25問）"), "it has been received");
    world.ok(check(engagement, 1, "s1.day.1", Some(CheckState::Done)));
    world.ok(check(engagement, 1, "s1.day.4", Some(CheckState::Skipped)));
    let draft = document::draft(world.pack(engagement), world.engagement(engagement), 1);
    assert_eq!(draft.lines().count(), 3);
    assert!(draft.starts_with("実施: 今日の目的") && draft.contains("見送り: 端末") && draft.contains("1件"));
    assert!(!draft.contains("鍵の一覧") && !draft.contains("不要"));
}
