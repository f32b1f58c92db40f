//! The practice in steps: what to do as data, and whether it was done by what the books hold.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::books::Books;
use crate::programme::{TemplateError, Text, parse};
use crate::record::v1::{
    Change, Engagement, JournalEntry, OutboxItem, OutboxState, PlanLine, Record, TutorialProgress,
};

/// What is seen on the screens and leaves no trace in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    Help,
    /// A client was opened.
    Client,
    /// The place of a hit of the search was visited.
    Hit,
    Lock,
}

/// The report of a session of a case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub case: String,
    /// From 1.
    pub session: u8,
}

/// What must hold for a part to be done. Without a case it is about what the person made: no given case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    Saw(Sight),
    Client,
    Begun,
    /// This session has a date.
    Planned(u8),
    Noted,
    /// So many questions of one sheet are answered.
    Answered(usize),
    Evidence,
    /// So many sections are judged.
    Reviewed(usize),
    /// The plan has so many lines.
    Drafted(usize),
    /// A line of the plan was given another score.
    Scored,
    /// Something was taken back.
    Undone,
    Sealed(Report),
    /// The sealed report has left the outbox.
    Handed(Report),
    BackedUp,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub id: String,
    pub check: Check,
    /// Curly brackets stand around the names of actions, for their keys.
    pub how: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: String,
    pub goal: Text,
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

/// The steps, in the order they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tutorial {
    pub edition: String,
    pub source: String,
    /// Case numbers that the practice brings with it.
    pub given: Vec<String>,
    /// What comes after the last step.
    pub ended: Text,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

static BUILT_IN: LazyLock<Tutorial> = LazyLock::new(|| {
    let text = include_str!("../../../templates/practice/tutorial.toml");
    Tutorial::read(text).expect("a test reads the built-in steps")
});

impl Tutorial {
    /// The steps built into this program.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads and validates the steps; the error names the key and the line.
    pub fn read(text: &str) -> Result<Self, TemplateError> {
        let tutorial: Self = parse("practice/tutorial", text)?;
        let ids = tutorial.steps.iter().flat_map(|s| std::iter::once(&s.id).chain(s.parts.iter().map(|p| &p.id)));
        let mut seen: Vec<&String> = Vec::new();
        for id in ids {
            if seen.contains(&id) {
                let (ja, en) = ("同じ名前が二つあります", "stands twice");
                return Err(TemplateError::invalid("practice/tutorial", id, ja, en));
            }
            seen.push(id);
        }
        match tutorial.steps.iter().find(|s| s.parts.is_empty()) {
            Some(step) => {
                let (ja, en) = ("することがありません", "has nothing to do");
                Err(TemplateError::invalid("practice/tutorial", &step.id, ja, en))
            }
            None => Ok(tutorial),
        }
    }

    /// True for books that have every given case.
    pub fn fits(&self, books: &Books) -> bool {
        self.given.iter().all(|case| books.engagements.values().any(|e| e.case_no == *case))
    }

    /// True when every part of a step is done.
    pub fn done(&self, progress: &TutorialProgress, step: &Step) -> bool {
        step.parts.iter().all(|part| progress.done.contains(&part.id))
    }

    /// How many steps are done.
    pub fn count(&self, progress: &TutorialProgress) -> usize {
        self.steps.iter().filter(|step| self.done(progress, step)).count()
    }

    /// The step (from 0) and the part to do now: the first that is neither done nor skipped.
    pub fn now(&self, progress: &TutorialProgress) -> Option<(usize, &Part)> {
        self.steps.iter().enumerate().find_map(|(at, step)| {
            let open = step.parts.iter().find(|part| !progress.done.contains(&part.id));
            open.filter(|_| !progress.skipped.contains(&step.id)).map(|part| (at, part))
        })
    }

    /// Skips the present step; when there is none, what was skipped comes again.
    pub fn skip(&self, progress: &mut TutorialProgress) {
        match self.now(progress) {
            Some((at, _)) => progress.skipped.push(self.steps[at].id.clone()),
            None => progress.skipped.clear(),
        }
    }

    /// Notes every part that is done by now; the last step (from 0) that became whole by it.
    pub fn follow(
        &self,
        progress: &mut TutorialProgress,
        books: &Books,
        journal: &[(u64, JournalEntry)],
        sights: &[Sight],
    ) -> Option<usize> {
        let mut whole = None;
        for (at, step) in self.steps.iter().enumerate().filter(|(_, s)| !s.parts.is_empty()) {
            let before = progress.done.len();
            for part in &step.parts {
                if !progress.done.contains(&part.id) && self.holds(&part.check, books, journal, sights) {
                    progress.done.push(part.id.clone());
                }
            }
            if progress.done.len() > before && self.done(progress, step) {
                whole = Some(at);
            }
        }
        whole
    }

    /// Whether a check is met.
    pub fn holds(&self, check: &Check, books: &Books, journal: &[(u64, JournalEntry)], sights: &[Sight]) -> bool {
        let own = |engagement: &Engagement| !self.given.contains(&engagement.case_no);
        let mine = || books.engagements.values().filter(|e| own(e));
        match check {
            Check::Saw(sight) => sights.contains(sight),
            Check::Client => books.clients.keys().any(|id| books.engagement_of(*id).is_none_or(own)),
            Check::Begun => mine().next().is_some(),
            Check::Planned(n) => {
                let session = |e: &Engagement| e.sessions.get(usize::from(*n).wrapping_sub(1)).cloned();
                mine().any(|e| session(e).is_some_and(|s| s.planned.is_some()))
            }
            Check::Noted => mine().any(|e| !books.notes_of(e.id).is_empty()),
            Check::Answered(n) => mine().any(|e| books.sheets_of(e.id).iter().any(|s| s.answers.len() >= *n)),
            Check::Evidence => mine().any(|e| books.sheets_of(e.id).iter().any(|s| !s.evidence.is_empty())),
            Check::Reviewed(n) => mine().any(|e| books.regulations_of(e.id).is_some_and(|r| r.sections.len() >= *n)),
            Check::Drafted(n) => mine().any(|e| books.plan_of(e.id).is_some_and(|p| p.lines.len() >= *n)),
            Check::Scored => mine().any(|e| journal.iter().any(|(_, j)| j.changes.iter().any(|c| is_scoring(c, e)))),
            Check::Undone => journal.iter().any(|(_, entry)| entry.undoes.is_some()),
            Check::Sealed(report) => sent(books, report).is_some(),
            Check::Handed(report) => sent(books, report).is_some_and(|item| item.state != OutboxState::Queued),
            Check::BackedUp => books.care.as_ref().is_some_and(|care| care.backup.is_some()),
        }
    }
}

fn sent<'a>(books: &'a Books, report: &Report) -> Option<&'a OutboxItem> {
    let engagement = books.engagements.values().find(|e| e.case_no == report.case)?;
    books.report_sent(engagement.id, report.session)
}

/// True for a change that gave a line of this engagement's plan another score.
fn is_scoring(change: &Change, engagement: &Engagement) -> bool {
    let (Some(Record::Plan(before)), Some(Record::Plan(after))) = (&change.before, &change.after) else {
        return false;
    };
    let score = |line: &PlanLine| (line.urgency, line.importance, line.difficulty);
    let other = |line: &PlanLine| before.lines.iter().any(|b| b.id == line.id && score(b) != score(line));
    after.engagement == engagement.id && after.lines.iter().any(other)
}
