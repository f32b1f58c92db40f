//! Notes: taken down, sorted, released, and never where they must not be; the hearing sheet and its choices.

use bansou_core::books::Books;
use bansou_core::command::Command;
use bansou_core::document::{Request, sheet};
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::reverse as undo;
use bansou_core::note::{self, NewNote, NoteAction, Onto};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{Hearing, Id, LineStatus, PlanLine};
use bansou_core::refusal::Refusal;
use bansou_core::session::{SessionAction, SessionCommand};
use bansou_core::timing::Tap;
use bansou_core::{bundle, hearing};
use jiff::civil::time;
use proptest::prelude::*;

use crate::world::*;

/// A note between the sessions.
pub fn said(text: &str) -> FindingsAction {
    FindingsAction::Note(NoteAction::Add(NewNote { text: text.into(), ..NewNote::default() }))
}

fn act(engagement: Id, action: NoteAction) -> Command {
    Command::Findings(FindingsCommand { engagement, action: FindingsAction::Note(action) })
}

fn take(world: &mut World, engagement: Id, new: NewNote) -> Id {
    world.ok(act(engagement, NoteAction::Add(new)))[0].id
}

pub fn own_line() -> PlanLine {
    PlanLine {
        id: id(0),
        theme: "people".into(),
        issue: "教育がない".into(),
        basis: String::new(),
        question: None,
        action: "年1回の教育".into(),
        owner: String::new(),
        support: String::new(),
        urgency: 2,
        importance: 2,
        difficulty: 2,
        start: None,
        due: None,
        cost: String::new(),
        done_when: String::new(),
        status: LineStatus::Open,
        moved: None,
    }
}

fn plan(engagement: Id, action: PlanAction) -> Command {
    Command::Plan(PlanCommand { engagement, action })
}

#[test]
fn a_line_keeps_the_time_it_was_begun_and_never_one_to_come() {
    let (mut world, e) = World::begun();
    let begun = world.now.checked_sub(jiff::Span::new().seconds(40)).unwrap();
    let early = take(&mut world, e, NewNote { begun: Some(begun), text: "一".into(), ..NewNote::default() });
    assert_eq!(world.books.notes[&early].at, begun);
    let ahead = world.now.checked_add(jiff::Span::new().hours(2)).unwrap();
    let late = take(&mut world, e, NewNote { begun: Some(ahead), text: "二".into(), ..NewNote::default() });
    assert_eq!(world.books.notes[&late].at, world.now);
}

#[test]
fn lines_of_one_second_keep_their_order() {
    let (mut world, e) = World::begun();
    let taken: Vec<Id> =
        (0..9).map(|n| take(&mut world, e, NewNote { text: format!("{n}"), ..NewNote::default() })).collect();
    let found: Vec<Id> = world.books.notes_of(e).iter().map(|n| n.id).collect();
    assert_eq!(found, taken);
}

#[test]
fn the_session_that_is_on_is_that_of_the_day() {
    let (mut world, e) = World::begun();
    let at = |day: jiff::civil::Date, hour| day.to_datetime(time(hour, 0, 0, 0));
    assert_eq!(note::session_on(world.engagement(e), at(DAYS[0], 14)), None);
    world.ok(crate::world::plan(e, 1, DAYS[0]));
    assert_eq!(note::session_on(world.engagement(e), at(DAYS[0], 9)), Some(1), "also before it begins");
    assert_eq!(note::session_on(world.engagement(e), at(DAYS[1], 14)), None);
    for n in 1..=2 {
        world.ok(hold(e, n, DAYS[usize::from(n) - 1], None));
    }
    world.ok(hold(e, 3, DAYS[2], None));
    world.ok(hold(e, 4, DAYS[2], Some("遠方")));
    assert_eq!(note::session_on(world.engagement(e), at(DAYS[2], 23)), Some(4), "of two, the later");
}

#[test]
fn the_session_whose_clock_runs_is_the_one_that_is_on() {
    let (mut world, e) = World::begun();
    world.ok(hold(e, 1, DAYS[0], None));
    world.now = DAYS[1].at(14, 0, 0, 0);
    let tap = |tap| Command::Session(SessionCommand { engagement: e, session: 2, action: SessionAction::Clock(tap) });
    world.ok(tap(Tap::Start));
    let on = |world: &World, hour| note::session_on(world.engagement(e), DAYS[1].at(hour, 0, 0, 0));
    assert_eq!(on(&world, 14), Some(2), "no date was set for it");
    world.now = DAYS[1].at(15, 0, 0, 0);
    world.ok(tap(Tap::Pause));
    assert_eq!(on(&world, 15), Some(2), "also during a break");
    assert_eq!(note::session_on(world.engagement(e), DAYS[2].at(9, 0, 0, 0)), None, "one forgotten is not on");
    world.ok(tap(Tap::Stop));
    assert_eq!(on(&world, 16), None);
}

#[test]
fn several_notes_are_sorted_in_one_act_and_one_undo() {
    let (mut world, e) = World::begun();
    let notes: Vec<Id> = ["一", "二", "三"]
        .map(|text| take(&mut world, e, NewNote { text: text.into(), ..NewNote::default() }))
        .to_vec();
    let before = world.books.clone();
    let changes = world.ok(act(e, NoteAction::Sort { notes: notes[..2].to_vec(), onto: Onto::Question(11) }));
    assert_eq!(changes.len(), 2);
    let at = |books: &Books, onto: &Onto| note::about(books, e, onto).iter().map(|n| n.id).collect::<Vec<_>>();
    assert_eq!(at(&world.books, &Onto::Question(11)).len(), 2);
    assert_eq!(at(&world.books, &Onto::Nothing), [notes[2]]);
    let back = undo(&world.books, world.journal.last().unwrap()).unwrap();
    world.books.follow(&back);
    assert_eq!(world.books, before);
    world.ok(act(e, NoteAction::Sort { notes: notes.clone(), onto: Onto::Section("3.4".into()) }));
    assert!(at(&world.books, &Onto::Nothing).is_empty());
    world.ok(act(e, NoteAction::Sort { notes: notes.clone(), onto: Onto::Nothing }));
    assert_eq!(at(&world.books, &Onto::Nothing).len(), 3);
    world.ok(act(e, NoteAction::Remove(notes.clone())));
    assert!(world.books.notes.is_empty());
    assert_eq!(world.no(act(e, NoteAction::Remove(notes))), Refusal::NotFound { what: "note" });
}

#[test]
fn an_issue_made_of_notes_is_one_act_tied_both_ways() {
    let (mut world, e) = World::begun();
    let note = take(&mut world, e, NewNote { text: "退職者のIDが残る".into(), ..NewNote::default() });
    let before = world.books.clone();
    world.ok(plan(e, PlanAction::Add { line: Box::new(own_line()), notes: vec![note] }));
    let line = world.books.plan_of(e).unwrap().lines[0].id;
    assert_eq!(world.books.notes[&note].line, Some(line));
    assert_eq!(note::about(&world.books, e, &Onto::Line(line))[0].id, note);
    assert!(note::sorted(&world.books, &world.books.notes[&note]));
    let made = world.journal.last().unwrap().clone();
    world.ok(plan(e, PlanAction::Remove(line)));
    assert!(!note::sorted(&world.books, &world.books.notes[&note]), "what was taken out is no place");
    let back = undo(&world.books, world.journal.last().unwrap()).unwrap();
    world.books.follow(&back);
    let back = undo(&world.books, &made).unwrap();
    world.books.follow(&back);
    assert_eq!(world.books, before);
}

#[test]
fn a_note_is_not_sorted_onto_what_is_not_there() {
    let (mut world, e) = World::begun();
    let other = world.begin("K-0002");
    let note = take(&mut world, e, NewNote { text: "一".into(), ..NewNote::default() });
    let sort = |e, onto| act(e, NoteAction::Sort { notes: vec![note], onto });
    for (command, refusal) in [
        (sort(e, Onto::Question(26)), Refusal::UnknownItem { item: "26".into() }),
        (sort(e, Onto::Section("99".into())), Refusal::UnknownItem { item: "99".into() }),
        (sort(e, Onto::Line(id(7))), Refusal::NotFound { what: "plan line" }),
        (sort(other, Onto::Nothing), Refusal::NotFound { what: "note" }),
        (act(e, NoteAction::Sort { notes: vec![], onto: Onto::Nothing }), Refusal::Empty { field: "notes" }),
        (
            act(
                e,
                NoteAction::Add(NewNote { text: "一".into(), hearing: Some("moon.1".into()), ..NewNote::default() }),
            ),
            Refusal::UnknownItem { item: "moon.1".into() },
        ),
        (
            act(e, NoteAction::Add(NewNote { text: "一".into(), session: Some(5), ..NewNote::default() })),
            Refusal::OutOfRange { field: "session", min: 1, max: 4 },
        ),
    ] {
        assert_eq!(world.no(command), refusal);
    }
}

/// Every text in every document and in the report of every session.
fn everything_that_leaves(world: &World, e: Id) -> String {
    let mut all = String::new();
    let kinds = PAPERS.iter().map(|kind| (*kind, None));
    let forms = (1..=4).flat_map(|n| [("form5", Some(n)), (bundle::form_of(n), Some(n)), ("prep-request", Some(n))]);
    for (kind, session) in kinds.chain(forms) {
        let request = Request::Engagement { engagement: e, document: kind.into(), session };
        match sheet(&world.books, &PACKS, TODAY, &request) {
            Ok(made) => all.push_str(&made.data.to_string()),
            Err(refusal) => assert_eq!((kind, refusal), ("prep-request", Refusal::Empty { field: "planned" })),
        }
    }
    for n in 1..=4 {
        let report = bundle::report(&world.books, world.pack(e), world.engagement(e), n).unwrap();
        all.push_str(&serde_json::to_string(&report.payload).unwrap());
    }
    all
}

#[test]
fn no_note_gets_into_a_document_or_a_report_by_itself() {
    let (mut world, e) = crate::documents::written(true);
    let line = world.books.plan_of(e).unwrap().lines[0].id;
    let before = everything_that_leaves(&world, e);
    assert!(before.contains("実施した"), "the words of the report are looked at");
    for onto in [Onto::Question(3), Onto::Section("3.4".into()), Onto::Line(line), Onto::Nothing] {
        for leaves in [false, true] {
            let new = NewNote {
                session: Some(1),
                who: "見張りの人".into(),
                text: "見張りの言葉".into(),
                ..NewNote::default()
            };
            let new = NewNote { hearing: Some("people.1".into()), ..new };
            let notes = vec![take(&mut world, e, new)];
            world.ok(act(e, NoteAction::Sort { notes: notes.clone(), onto: onto.clone() }));
            if leaves {
                world.ok(act(e, NoteAction::Release { notes, leaves }));
            }
        }
    }
    assert_eq!(everything_that_leaves(&world, e), before);
    let released = note::released(&world.books, e, 1);
    assert!(released.len() == 4 && released.iter().all(|n| n.leaves), "only what was released is offered");
    assert!(note::released(&world.books, e, 2).is_empty());
}

#[test]
fn the_industry_is_that_of_the_firm_until_one_is_chosen() {
    let (mut world, e) = World::begun();
    let sheet = &pack("current-2026").hearing;
    let client = world.books.client_of(world.engagement(e)).unwrap().clone();
    let names = |world: &World| -> Vec<String> {
        let chosen = &world.engagement(e).hearing;
        sheet.industries(&client, chosen).iter().map(|i| i.id.clone()).collect()
    };
    assert!(names(&world).contains(&"manufacturing".to_owned()), "{:?}", names(&world));
    let bring =
        |hearing| Command::Engagement(EngagementCommand { engagement: e, action: EngagementAction::Bring(hearing) });
    let one = Hearing { industry: Some("care".into()), left_out: ["care.2".to_owned()].into() };
    world.ok(bring(one));
    assert_eq!(names(&world), ["care"]);
    world.ok(bring(Hearing { industry: Some(hearing::NO_INDUSTRY.into()), ..Hearing::default() }));
    assert_eq!(names(&world), Vec::<String>::new());
    for wrong in [
        Hearing { industry: Some("moon".into()), ..Hearing::default() },
        Hearing { left_out: ["moon".to_owned()].into(), ..Hearing::default() },
    ] {
        assert_eq!(world.no(bring(wrong)), Refusal::UnknownItem { item: "moon".into() });
    }
}

#[test]
fn an_answer_speaks_to_the_question_of_the_diagnosis() {
    let (mut world, e) = World::begun();
    let answer =
        |text: &str| NewNote { text: text.into(), hearing: Some("information.4".into()), ..NewNote::default() };
    let first = take(&mut world, e, answer("週に一度"));
    take(&mut world, e, answer("戻したことはない"));
    assert_eq!(world.books.notes[&first].question, Some(11));
    let given = hearing::answers(&world.books, e);
    assert_eq!(given["information.4"].len(), 2);
    assert_eq!(given["information.4"][0].id, first);
}

#[test]
fn the_shipped_sheet_asks_enough_of_every_industry() {
    for pack in PACKS.iter() {
        let sheet = &pack.hearing;
        assert!(sheet.topics.len() >= 9 && sheet.topics.iter().map(|t| t.items.len()).sum::<usize>() >= 40);
        assert_eq!(sheet.industries.len(), 7);
        for industry in &sheet.industries {
            assert!((5..=8).contains(&industry.items.len()), "{}", industry.id);
            assert!(!industry.categories.is_empty(), "{}", industry.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_sorting_is_taken_back_whole(
        count in 1_usize..8,
        acts in proptest::collection::vec((0_u8..6, any::<u8>(), any::<u8>()), 1..20),
    ) {
        let (mut world, e) = World::begun();
        let notes: Vec<Id> =
            (0..count).map(|n| take(&mut world, e, NewNote { text: format!("{n}"), ..NewNote::default() })).collect();
        let mut states = vec![world.books.clone()];
        let start = world.journal.len();
        for (kind, a, b) in acts {
            let some: Vec<Id> = notes.iter().enumerate().filter(|(n, _)| (a >> n) & 1 == 1).map(|(_, id)| *id).collect();
            let line = world.books.plan_of(e).and_then(|p| p.lines.first()).map_or(id(0), |l| l.id);
            let command = match kind {
                0 => act(e, NoteAction::Sort { notes: some, onto: Onto::Question(b % 27) }),
                1 => act(e, NoteAction::Sort { notes: some, onto: Onto::Section("3.4".into()) }),
                2 => act(e, NoteAction::Sort { notes: some, onto: Onto::Line(line) }),
                3 => act(e, NoteAction::Release { notes: some, leaves: b % 2 == 0 }),
                4 => plan(e, PlanAction::Add { line: Box::new(own_line()), notes: some }),
                _ => act(e, NoteAction::Sort { notes: some, onto: Onto::Nothing }),
            };
            if world.run(command).is_ok() {
                states.push(world.books.clone());
            }
        }
        for (entry, before) in world.journal[start..].to_vec().iter().zip(&states).rev() {
            let back = undo(&world.books, entry).unwrap();
            world.books.follow(&back);
            prop_assert_eq!(&world.books, before);
        }
    }
}
