//! One thing through time: its changes lead from the first value to the present one, and an old value comes back.

use std::collections::BTreeMap;

use bansou_core::books::Books;
use bansou_core::client::ClientCommand;
use bansou_core::command::{Command, entry};
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::{differences, reverse};
use bansou_core::note::NoteAction;
use bansou_core::past::{Item, Turn, put_back, turns};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{
    AnswerCode, Change, Check, CheckState, Client, Id, JournalEntry, LineStatus, Record, ReportText, SectionReview,
    SectionStatus, TwoStar,
};
use bansou_core::refusal::Refusal;
use bansou_core::session::SessionAction;
use jiff::ToSpan;
use proptest::prelude::*;

use crate::world::*;

fn numbered(world: &World) -> Vec<(u64, JournalEntry)> {
    (1..).zip(world.journal.iter().cloned()).collect()
}

fn find(engagement: Id, action: FindingsAction) -> Command {
    Command::Findings(FindingsCommand { engagement, action })
}

fn line_plan(engagement: Id, action: PlanAction) -> Command {
    Command::Plan(PlanCommand { engagement, action })
}

/// Everything in the books.
fn everything(books: &Books) -> Item {
    Item { records: books.records().iter().map(Record::id).collect(), within: vec![Vec::new()] }
}

fn of(records: Vec<Id>, path: &[&str]) -> Item {
    Item { records, within: vec![path.iter().map(|name| (*name).to_owned()).collect()] }
}

/// One of many things an expert does.
fn step(world: &World, engagement: Id, (kind, a, b): (u8, u8, u8)) -> Command {
    const ANSWERS: [Option<AnswerCode>; 4] =
        [None, Some(AnswerCode::Done), Some(AnswerCode::Partial), Some(AnswerCode::No)];
    let books = &world.books;
    let text = format!("言葉{}", b % 3);
    let question = a % 5 + 1;
    match kind {
        0 => find(engagement, FindingsAction::Answer { question, answer: ANSWERS[usize::from(b % 4)] }),
        1 => find(engagement, FindingsAction::Evidence { question, text }),
        2 => {
            let status = [SectionStatus::Ready, SectionStatus::Partial, SectionStatus::Missing][usize::from(b % 3)];
            let review = SectionReview { status, document: String::new(), finding: text, response: String::new() };
            find(engagement, FindingsAction::Section { section: "3.4".into(), review })
        }
        3 => line_plan(engagement, PlanAction::Generate { count: a % 3 + 1 }),
        4 | 5 => {
            let lines = books.plan_of(engagement).map_or(&[][..], |p| &p.lines);
            match lines.get(usize::from(a) % lines.len().max(1)) {
                Some(line) if kind == 4 => {
                    let status = [LineStatus::Open, LineStatus::Started, LineStatus::Done][usize::from(b % 3)];
                    line_plan(engagement, PlanAction::SetStatus { line: line.id, status })
                }
                Some(line) => {
                    let (urgency, importance) = (b % 3 + 1, a % 3 + 1);
                    line_plan(engagement, PlanAction::Score { line: line.id, urgency, importance, difficulty: 2 })
                }
                None => find(engagement, crate::notes::said(&text)),
            }
        }
        6 => find(engagement, FindingsAction::PolicyField { name: "company".into(), value: text }),
        7 => {
            let notes = books.notes_of(engagement);
            match notes.first() {
                Some(note) => {
                    let action = NoteAction::Edit { note: note.id, session: None, who: "社長".into(), text };
                    find(engagement, FindingsAction::Note(action))
                }
                None => find(engagement, crate::notes::said(&text)),
            }
        }
        _ => {
            let whole = |action| Command::Engagement(EngagementCommand { engagement, action });
            let stars = [TwoStar::Preparing, TwoStar::Applied, TwoStar::Declared];
            match a % 2 {
                0 => whole(EngagementAction::Expect(text)),
                _ => whole(EngagementAction::SetTwoStar(stars[usize::from(b % 3)])),
            }
        }
    }
}

/// The fields of all records as a history would tell of them if everything were made at once.
fn present(books: &Books) -> BTreeMap<(Id, Vec<String>), String> {
    let made = |record: Record| Change { id: record.id(), before: None, after: Some(record) };
    let fields = books.records().into_iter().map(made).flat_map(|change| {
        let told = differences(&change).into_iter();
        told.map(|d| ((change.id, d.path), d.after.unwrap())).collect::<Vec<_>>()
    });
    fields.collect()
}

proptest! {
    #[test]
    fn the_changes_of_every_field_lead_from_nothing_to_the_present(
        steps in prop::collection::vec((0_u8..9, 0_u8..20, 0_u8..20), 1..40)
    ) {
        let (mut world, engagement) = World::begun();
        let made = world.books.records();
        for one in steps {
            let command = step(&world, engagement, one);
            let _ = world.run(command);
        }
        let mut item = everything(&world.books);
        // The world puts its profile there by itself, not through a command.
        item.records.retain(|id| *id != Id::PROFILE);
        item.records.extend(made.iter().map(Record::id).filter(|id| *id != Id::PROFILE));
        let mut folded: BTreeMap<(Id, Vec<String>), String> = BTreeMap::new();
        for Turn { record, field, .. } in turns(&numbered(&world), &item).into_iter().rev() {
            let place = (record, field.path);
            prop_assert_eq!(folded.get(&place), field.before.as_ref(), "{:?}", place);
            match field.after {
                Some(after) => drop(folded.insert(place, after)),
                None => drop(folded.remove(&place)),
            }
        }
        let mut now = present(&world.books);
        now.retain(|(id, _), _| *id != Id::PROFILE);
        prop_assert_eq!(folded, now);
    }

    #[test]
    fn an_old_value_comes_back_alone_and_taking_that_back_changes_nothing(
        steps in prop::collection::vec((0_u8..9, 0_u8..20, 0_u8..20), 1..30),
        which in 0_usize..200,
    ) {
        let (mut world, engagement) = World::begun();
        for one in steps {
            let command = step(&world, engagement, one);
            let _ = world.run(command);
        }
        let entries = numbered(&world);
        let all = turns(&entries, &everything(&world.books));
        let turn = &all[which % all.len()];
        let (_, changed) = entries.iter().find(|(seq, _)| *seq == turn.seq).unwrap();
        let before = world.books.clone();
        let Ok(command) = put_back(&world.books, changed, turn) else { return Ok(()) };
        let Ok(changes) = world.run(command) else { return Ok(()) };
        let place = (turn.record, turn.field.path.clone());
        let now = present(&world.books);
        prop_assert_eq!(now.get(&place), turn.field.before.as_ref());
        let back = reverse(&world.books, &entry(world.now, "x", changes, None)).unwrap();
        world.books.follow(&back);
        prop_assert_eq!(&world.books, &before);
    }
}

/// The newest change of a thing, put back.
fn back(world: &mut World, item: &Item, nth: usize) -> Result<(), Refusal> {
    let entries = numbered(world);
    let turn = turns(&entries, item)[nth].clone();
    let (_, changed) = entries.iter().find(|(seq, _)| *seq == turn.seq).unwrap();
    let command = put_back(&world.books, changed, &turn)?;
    world.run(command).map(drop)
}

#[test]
fn one_answer_goes_back_and_the_others_stay() {
    let (mut world, engagement) = World::begun();
    let answer = |question, code| find(engagement, FindingsAction::Answer { question, answer: Some(code) });
    for (question, code) in
        [(3, AnswerCode::Done), (4, AnswerCode::No), (3, AnswerCode::Partial), (4, AnswerCode::Unknown)]
    {
        world.ok(answer(question, code));
    }
    let sheet = world.books.sheets_of(engagement)[0].id;
    let item = of(vec![sheet], &["answers", "3"]);
    let told: Vec<_> = turns(&numbered(&world), &item).into_iter().map(|t| (t.field.before, t.field.after)).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(told, [(some("done"), some("partial")), (None, some("done"))], "newest first, this answer alone");
    back(&mut world, &item, 0).unwrap();
    let answers = |world: &World| world.books.sheets_of(engagement)[0].answers.clone();
    assert_eq!(answers(&world)[&3], AnswerCode::Done);
    assert_eq!(answers(&world)[&4], AnswerCode::Unknown);
    assert_eq!(back(&mut world, &item, 1), Err(Refusal::SameValue));
    // Before the first answer there was none.
    back(&mut world, &item, 2).unwrap();
    assert_eq!(answers(&world).get(&3), None);
    let again = FindingsAction::NewSheet {
        taken_on: TODAY.saturating_add(1.day()),
        unit: String::new(),
        respondent: String::new(),
    };
    world.ok(find(engagement, again));
    assert_eq!(back(&mut world, &item, 0), Err(Refusal::CannotUndo), "an earlier diagnosis stays as it was");
}

#[test]
fn each_kind_of_field_goes_back_by_its_own_command() {
    let (mut world, engagement) = World::held(1);
    let check = |state| Some(Check { state, reason: Some("後日".into()), carried_to: None });
    let item = world.pack(engagement).curriculum.session(2).unwrap().items().next().unwrap().id.clone();
    let tick = |check| session(engagement, 2, SessionAction::Check { item: item.clone(), check });
    world.ok(tick(check(CheckState::Skipped)));
    back(&mut world, &of(vec![engagement], &["sessions", "2", "checks", &item, "state"]), 0).unwrap();
    assert!(world.engagement(engagement).sessions[1].checks.is_empty());

    world.ok(plan(engagement, 2, DAYS[1]));
    let planned = of(vec![engagement], &["sessions", "2", "planned", "date"]);
    assert_eq!(back(&mut world, &planned, 0), Err(Refusal::NoEarlierValue));
    world.ok(plan(engagement, 2, DAYS[2]));
    back(&mut world, &planned, 0).unwrap();
    assert_eq!(world.engagement(engagement).date_of(2), Some(DAYS[1]));

    let id = world.engagement(engagement).client;
    let client = world.books.clients[&id].clone();
    world.ok(Command::Client(ClientCommand::Edit(Box::new(Client { employees: 7, ..client.clone() }))));
    back(&mut world, &of(vec![id], &["employees"]), 0).unwrap();
    assert_eq!(world.books.clients[&id], client);

    let held = of(vec![engagement], &["sessions", "1", "held", "date"]);
    assert_eq!(back(&mut world, &held, 0), Err(Refusal::AlreadyHeld { session: 1 }));
}

#[test]
fn what_was_sealed_is_not_put_back() {
    let written = || {
        let (mut world, engagement) = World::held(1);
        for content in ["前の文", "後の文"] {
            let text = ReportText { content: content.into(), focus: String::new(), message: String::new() };
            world.ok(session(engagement, 1, SessionAction::Report(text)));
        }
        (world, engagement)
    };
    let (mut world, engagement) = written();
    let item = of(vec![engagement], &["sessions", "1", "report", "content"]);
    back(&mut world, &item, 0).unwrap();
    assert_eq!(world.engagement(engagement).sessions[0].report.content, "前の文");
    let (mut world, engagement) = written();
    world.seal(engagement, 1);
    let item = of(vec![engagement], &["sessions", "1", "report", "content"]);
    let refused = Err(Refusal::SealedSince { case_no: "K-0001".into(), session: 1 });
    assert_eq!(back(&mut world, &item, 0), refused);
}

/// What only the past refuses.
pub fn refused() -> [Refusal; 2] {
    let (mut world, engagement) = World::begun();
    world.ok(plan(engagement, 1, DAYS[0]));
    let planned = of(vec![engagement], &["sessions", "1", "planned", "date"]);
    let first = back(&mut world, &planned, 0).unwrap_err();
    world.ok(plan(engagement, 1, DAYS[1]));
    world.ok(plan(engagement, 1, DAYS[0]));
    [first, back(&mut world, &planned, 1).unwrap_err()]
}
