//! The steps of the practice: each part is done by its own deed and by no other, and nothing is done before one begins.

use std::collections::BTreeMap;

use bansou_core::care::CareCommand;
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::{NewNote, NoteAction};
use bansou_core::outbox::OutboxEvent;
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{AnswerCode, Id, JournalEntry, SectionReview, SectionStatus, TutorialProgress};
use bansou_core::tutorial::{Sight, Tutorial};

use crate::world::{self, DAYS, World};

/// A practice with its given cases, K-0007 between its second and third session.
struct Practice {
    world: World,
    halfway: Id,
    progress: TutorialProgress,
}

impl Practice {
    fn made() -> Self {
        let mut world = World::new();
        let given: Vec<Id> = Tutorial::built_in().given.iter().map(|case| world.begin(case)).collect();
        let halfway = given[1];
        for n in 1..=2 {
            world.work(halfway, n, DAYS[usize::from(n) - 1]);
        }
        for id in given {
            for command in [
                note(id),
                answers(id, 25),
                evidence(id),
                section(id, "1.1"),
                section(id, "1.2"),
                section(id, "1.3"),
                generate(id),
            ] {
                world.ok(command);
            }
        }
        Self { world, halfway, progress: TutorialProgress::default() }
    }

    /// The parts that this deed did.
    fn does(&mut self, command: Command) -> Vec<String> {
        self.world.ok(command);
        self.follow(&[])
    }

    fn follow(&mut self, sights: &[Sight]) -> Vec<String> {
        let journal: Vec<(u64, JournalEntry)> = (1..).zip(self.world.journal.clone()).collect();
        let before = self.progress.done.len();
        Tutorial::built_in().follow(&mut self.progress, &self.world.books, &journal, sights);
        self.progress.done[before..].to_vec()
    }
}

fn found(engagement: Id, action: FindingsAction) -> Command {
    Command::Findings(FindingsCommand { engagement, action })
}

fn note(of: Id) -> Command {
    found(
        of,
        FindingsAction::Note(NoteAction::Add(NewNote {
            who: "社長".into(),
            text: "心配".into(),
            ..NewNote::default()
        })),
    )
}

fn answers(of: Id, count: u8) -> Command {
    let all: BTreeMap<u8, AnswerCode> = (1..=count).map(|n| (n, AnswerCode::Partial)).collect();
    found(of, FindingsAction::Answers(all))
}

fn evidence(of: Id) -> Command {
    found(of, FindingsAction::Evidence { question: 3, text: "画面を見た".into() })
}

fn section(of: Id, section: &str) -> Command {
    let review = SectionReview {
        status: SectionStatus::Partial,
        document: String::new(),
        finding: String::new(),
        response: String::new(),
    };
    found(of, FindingsAction::Section { section: section.into(), review })
}

fn plan(engagement: Id, action: PlanAction) -> Command {
    Command::Plan(PlanCommand { engagement, action })
}

fn generate(of: Id) -> Command {
    plan(of, PlanAction::Generate { count: 4 })
}

#[test]
fn each_part_is_done_by_its_own_deed() {
    let none: [&str; 0] = [];
    let mut practice = Practice::made();
    assert_eq!(practice.follow(&[]), none, "what the practice brings does nothing");
    assert_eq!(practice.follow(&[Sight::Help]), ["help"]);
    assert_eq!(practice.follow(&[Sight::Client]), ["urgent"]);
    let client = practice.world.add(world::client());
    assert_eq!(practice.follow(&[]), ["client"]);
    let own = practice.world.ok(world::begin(client, "K-0050"))[0].id;
    assert_eq!(practice.follow(&[]), ["engage"]);
    let line = |p: &Practice, of: Id| p.world.books.plan_of(of).unwrap().lines[0].clone();
    for (command, done) in [
        (world::plan(own, 2, DAYS[1]), &none[..]),
        (world::plan(own, 1, DAYS[0]), &["date"]),
        (note(practice.halfway), &none),
        (note(own), &["note"]),
        (answers(own, 24), &none),
        (answers(own, 25), &["twenty-five"]),
        (evidence(own), &["evidence-text"]),
        (section(own, "1.1"), &none),
        (section(own, "1.2"), &none),
        (section(own, "1.3"), &["sections"]),
        (generate(own), &["candidates"]),
    ] {
        let name = format!("{command:?}");
        assert_eq!(practice.does(command), done, "{name}");
    }
    let score = |line: Id, urgency, importance, difficulty| PlanAction::Score { line, urgency, importance, difficulty };
    let (mine, given) = (line(&practice, own), line(&practice, practice.halfway));
    let halfway = practice.halfway;
    assert_eq!(practice.does(plan(halfway, score(given.id, 4 - given.urgency, 3, 3))), none, "a given firm's plan");
    assert_eq!(practice.does(plan(own, score(mine.id, 3, 1, 3))), ["score"]);
    assert_eq!(practice.does(plan(own, PlanAction::Remove(mine.id))), none);
    practice.world.journal.last_mut().unwrap().undoes = Some(1);
    assert_eq!(practice.follow(&[]), ["delete"]);
    assert_eq!(practice.follow(&[Sight::Hit]), ["hit"]);
    let first = practice.world.seal(halfway, 1);
    assert_eq!(practice.follow(&[]), none, "another session's report");
    practice.world.event(first, OutboxEvent::Exported);
    practice.world.papers(halfway);
    practice.world.forms(halfway, 2);
    let second = practice.world.seal(halfway, 2);
    assert_eq!(practice.follow(&[]), ["seal"]);
    practice.world.event(second, OutboxEvent::Exported);
    assert_eq!(practice.follow(&[]), ["hand-over"]);
    assert_eq!(practice.follow(&[Sight::Lock]), ["lock"]);
    practice.world.ok(Command::Care(CareCommand::Ways(Vec::new())));
    assert_eq!(practice.does(Command::Care(CareCommand::BackedUp { seq: 9 })), ["backup"]);
    let tutorial = Tutorial::built_in();
    assert_eq!((tutorial.now(&practice.progress), tutorial.count(&practice.progress)), (None, tutorial.steps.len()));
}

#[test]
fn a_step_that_is_skipped_gives_way_and_comes_again_at_the_end() {
    let tutorial = Tutorial::built_in();
    let mut progress = TutorialProgress::default();
    let at = |progress: &TutorialProgress| tutorial.now(progress).map(|(at, _)| at);
    assert_eq!(at(&progress), Some(0));
    tutorial.skip(&mut progress);
    assert_eq!(at(&progress), Some(1));
    progress.done = tutorial.steps[1..].iter().flat_map(|s| s.parts.iter().map(|p| p.id.clone())).collect();
    assert_eq!((at(&progress), tutorial.count(&progress)), (None, tutorial.steps.len() - 1));
    tutorial.skip(&mut progress);
    assert_eq!(at(&progress), Some(0));
}

#[test]
fn there_are_twelve_steps_and_the_given_cases_make_the_practice() {
    let tutorial = Tutorial::built_in();
    assert_eq!(tutorial.steps.len(), 12);
    assert!(tutorial.fits(&Practice::made().world.books));
    assert!(!tutorial.fits(&World::begun().0.books), "a real home has other cases");
}

#[test]
fn wrong_steps_are_refused_with_the_place() {
    let built_in = include_str!("../../../../templates/practice/tutorial.toml");
    let read = |from: &str, to: &str| Tutorial::read(&built_in.replacen(from, to, 1)).unwrap_err().to_string();
    let line = 1 + built_in[..built_in.find("check = \"noted\"").unwrap()].matches('\n').count();
    let wrong = read("check = \"noted\"", "check = \"notd\"");
    assert!(wrong.contains(&format!("line {line}")) && wrong.contains("notd"), "{wrong}");
    assert!(read("goal =", "gaol =").contains("did you mean \"goal\""));
    assert!(read("id = \"date\"", "id = \"engage\"").contains("\"engage\" stands twice"));
}
