//! Taking back and doing again over restarts, the bin, and what was sealed.

use bansou_core::books::Books;
use bansou_core::command::{Command, entry};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::history::{REDO, UNDO, differences, in_bin, reverse, stacks};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{AnswerCode, Id, JournalEntry};
use bansou_core::refusal::Refusal::{ChangedSince, SealedSince};
use jiff::ToSpan;
use proptest::prelude::*;

use crate::world::*;

/// Journal and books as the screens hold them.
struct Desk {
    world: World,
    engagement: Id,
    journal: Vec<(u64, JournalEntry)>,
}

impl Desk {
    fn new() -> Self {
        let (world, engagement) = World::begun();
        Self { world, engagement, journal: Vec::new() }
    }

    fn keep(&mut self, entry: JournalEntry) {
        self.journal.push((self.journal.len() as u64 + 1, entry));
    }

    fn run(&mut self, command: Command) {
        if self.world.run(command).is_ok_and(|changes| !changes.is_empty()) {
            let entry = self.world.journal.last().unwrap().clone();
            self.keep(entry);
        }
    }

    fn reverse(&mut self, seq: Option<u64>, name: &str) -> bool {
        let Some(seq) = seq else { return false };
        let found = &self.journal.iter().find(|(s, _)| *s == seq).unwrap().1;
        let changes = reverse(&self.world.books, found).unwrap();
        self.world.books.follow(&changes);
        self.keep(entry(self.world.now, name, changes, Some(seq)));
        true
    }

    /// What a restart reads: the journal as it was written.
    fn restart(&mut self) {
        for (_, entry) in &mut self.journal {
            *entry = JournalEntry::decode(entry.encode().as_bytes()).unwrap();
        }
    }
}

fn note(engagement: Id, text: String) -> Command {
    let action = FindingsAction::AddNote { session: None, who: String::new(), text, question: None };
    Command::Findings(FindingsCommand { engagement, action })
}

fn answer(engagement: Id, question: u8, answer: Option<AnswerCode>) -> Command {
    Command::Findings(FindingsCommand { engagement, action: FindingsAction::Answer { question, answer } })
}

proptest! {
    #[test]
    fn any_undos_and_redos_over_restarts_equal_a_model(steps in prop::collection::vec((0_u8..8, 1_u8..26), 1..60)) {
        let mut desk = Desk::new();
        let (mut past, mut future): (Vec<Books>, Vec<Books>) = Default::default();
        for (kind, n) in steps {
            let before = desk.world.books.clone();
            match kind {
                0 | 1 => {
                    if desk.reverse(stacks(&desk.journal).undo.pop(), UNDO) {
                        future.push(before);
                        let expected = past.pop();
                        prop_assert_eq!(Some(&desk.world.books), expected.as_ref());
                    } else {
                        prop_assert!(past.is_empty());
                    }
                }
                2 | 3 => {
                    if desk.reverse(stacks(&desk.journal).redo.pop(), REDO) {
                        past.push(before);
                        let expected = future.pop();
                        prop_assert_eq!(Some(&desk.world.books), expected.as_ref());
                    } else {
                        prop_assert!(future.is_empty());
                    }
                }
                4 => desk.restart(),
                _ => {
                    let engagement = desk.engagement;
                    let code = if n % 2 == 0 { AnswerCode::Done } else { AnswerCode::No };
                    let command = if kind == 5 { note(engagement, format!("メモ{n}")) } else { answer(engagement, n, Some(code)) };
                    desk.run(command);
                    if before != desk.world.books {
                        past.push(before);
                        future.clear();
                    }
                }
            }
        }
    }
}

#[test]
fn a_deleted_line_comes_back_into_a_plan_that_went_on() {
    let mut desk = Desk::new();
    let engagement = desk.engagement;
    for n in 1..=25 {
        desk.run(answer(engagement, n, Some(AnswerCode::No)));
    }
    let plan = |action| Command::Plan(PlanCommand { engagement, action });
    desk.run(plan(PlanAction::Generate { count: 4 }));
    let lines = desk.world.books.plan_of(engagement).unwrap().lines.clone();
    desk.run(plan(PlanAction::Remove(lines[0].id)));
    let removed = desk.journal.last().unwrap().clone();
    desk.run(plan(PlanAction::Score { line: lines[1].id, urgency: 1, importance: 2, difficulty: 3 }));
    assert!(in_bin(&desk.world.books, &removed.1, TODAY.saturating_add(30.days())));
    assert!(!in_bin(&desk.world.books, &removed.1, TODAY.saturating_add(31.days())));
    assert!(desk.reverse(Some(removed.0), UNDO));
    let now = desk.world.books.plan_of(engagement).unwrap();
    assert!(now.lines.iter().any(|l| l == &lines[0]) && now.lines.len() == lines.len());
    assert!(!in_bin(&desk.world.books, &removed.1, TODAY));
    assert_eq!(reverse(&desk.world.books, &removed.1), Err(ChangedSince), "it is there already");
}

#[test]
fn what_went_into_a_sealed_report_is_not_taken_back() {
    let (mut world, engagement) = World::held(2);
    let written = world.journal.last().unwrap().clone();
    world.ok(note(engagement, "残るメモ".into()));
    let noted = world.journal.last().unwrap().clone();
    world.seal(engagement, 1);
    assert!(reverse(&world.books, &written).is_ok(), "another session was sealed");
    world.seal(engagement, 2);
    assert_eq!(reverse(&world.books, &written), Err(SealedSince { case_no: "K-0001".into(), session: 2 }));
    assert!(reverse(&world.books, &noted).is_ok(), "a note leaves with no report");
}

#[test]
fn a_change_is_told_field_by_field() {
    let (mut world, engagement) = World::begun();
    let change = world.ok(plan(engagement, 1, DAYS[0])).remove(0);
    let told: Vec<_> = differences(&change).into_iter().map(|d| (d.path.join("."), d.before, d.after)).collect();
    let date = Some(DAYS[0].to_string());
    assert!(told.contains(&("sessions.1.planned.date".into(), None, date)), "{told:?}");
    assert!(told.iter().all(|(path, ..)| path.starts_with("sessions.1.planned")), "{told:?}");
}
