//! The action plan: priority, order, candidates from a diagnosis, and what is still wrong with a draft.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::diagnosis::{Answer, Diagnosis};
use crate::programme::{Instrument, TemplateError, Text};
use crate::record::v1::PlanLine;

/// One edition of the plan's rules.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    pub edition: String,
    pub name: Text,
    pub source: String,
    /// Months the plan covers.
    pub months: u8,
    /// Lines on the page for the wall.
    pub page_lines: usize,
    pub weights: Weights,
    /// Theme ids of which the plan must hold at least one line each.
    pub required_themes: Vec<String>,
    #[serde(rename = "theme")]
    pub themes: Vec<Theme>,
    /// Which answers become candidates, and how they are worded.
    #[serde(rename = "candidate")]
    pub candidates: Vec<CandidateRule>,
    /// 費用 choices.
    #[serde(rename = "cost")]
    pub costs: Vec<Text>,
}

/// score = urgency·u + importance·i + difficulty·(difficulty_from − d)
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub urgency: u32,
    pub importance: u32,
    pub difficulty: u32,
    pub difficulty_from: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub id: String,
    pub name: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateRule {
    pub answer: Answer,
    /// Suggested urgency, 1–3.
    pub urgency: u8,
    /// With `{category}` and `{consequence}`.
    pub issue: Text,
}

/// A line the diagnosis suggests; Japanese, as the plan is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub question: u8,
    pub theme: String,
    pub issue: String,
    pub action: String,
    /// 診断No.n
    pub basis: String,
    pub urgency: u8,
    pub importance: u8,
    pub difficulty: u8,
}

/// Something to correct before the plan is agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFinding {
    /// No line of a required theme.
    ThemeMissing(String),
    /// Line number (from 1) without an owner.
    OwnerMissing(usize),
    DoneWhenMissing(usize),
    DueMissing(usize),
    DueOutsideYear(usize),
}

impl PlanRules {
    /// The theme with an id.
    pub fn theme(&self, id: &str) -> Option<&Theme> {
        self.themes.iter().find(|t| t.id == id)
    }

    /// Priority score; `None` unless each value is 1–3.
    pub fn score(&self, urgency: u8, importance: u8, difficulty: u8) -> Option<u32> {
        let w = &self.weights;
        [urgency, importance, difficulty].iter().all(|n| (1..=3).contains(n)).then(|| {
            w.urgency * u32::from(urgency)
                + w.importance * u32::from(importance)
                + w.difficulty * w.difficulty_from.saturating_sub(u32::from(difficulty))
        })
    }

    /// Puts lines in reading order: score high to low, then due date (none last), then the lowest diagnosis answer,
    /// then the order they had; a line that was moved stands that many places away, or in the nearest one that is free.
    pub fn order(&self, lines: &mut Vec<PlanLine>, diagnosis: &Diagnosis, answers: &[Option<Answer>]) {
        self.rank(lines, diagnosis, answers);
        let mut places: Vec<Option<PlanLine>> = vec![None; lines.len()];
        let mut rest = Vec::new();
        for (computed, line) in lines.drain(..).enumerate() {
            let wanted = line.moved.as_ref().map(|m| computed.saturating_add_signed(m.places.into()));
            let free = || (0..places.len()).filter(|at| places[*at].is_none());
            match wanted.and_then(|wanted| free().min_by_key(|at| at.abs_diff(wanted))) {
                Some(at) => places[at] = Some(line),
                None => rest.push(line),
            }
        }
        let mut rest = rest.into_iter();
        lines.extend(places.into_iter().filter_map(|place| place.or_else(|| rest.next())));
    }

    /// The computed order alone, which no hand has changed.
    pub fn rank(&self, lines: &mut [PlanLine], diagnosis: &Diagnosis, answers: &[Option<Answer>]) {
        let points = |line: &PlanLine| {
            let index = usize::from(line.question?).checked_sub(1)?;
            answers.get(index).copied().flatten().map(|a| diagnosis.points(a))
        };
        lines.sort_by_key(|line| {
            let score = self.score(line.urgency, line.importance, line.difficulty).unwrap_or(0);
            (std::cmp::Reverse(score), line.due.unwrap_or(Date::MAX), points(line).unwrap_or(i32::MAX))
        });
    }

    /// Lines suggested by a sheet, best first. `answers[0]` answers question 1.
    pub fn candidates(&self, diagnosis: &Diagnosis, answers: &[Option<Answer>]) -> Vec<Candidate> {
        let mut found: Vec<(i32, Candidate)> = Vec::new();
        for question in &diagnosis.questions {
            let answer = answers.get(usize::from(question.number) - 1).copied().flatten();
            let Some(rule) = self.candidates.iter().find(|rule| Some(rule.answer) == answer) else { continue };
            let issue = rule.issue.ja.replace("{category}", &question.short.ja);
            let candidate = Candidate {
                question: question.number,
                theme: question.theme.clone(),
                issue: issue.replace("{consequence}", &question.consequence.ja),
                action: question.action.ja.clone(),
                basis: format!("診断No.{}", question.number),
                urgency: rule.urgency,
                importance: question.importance,
                difficulty: question.difficulty,
            };
            found.push((diagnosis.points(rule.answer), candidate));
        }
        found.sort_by_key(|(points, c)| {
            (std::cmp::Reverse(self.score(c.urgency, c.importance, c.difficulty)), *points, c.question)
        });
        found.into_iter().map(|(_, candidate)| candidate).collect()
    }

    /// Checks a draft whose year begins on `starts`; line numbers count from 1 in the order given.
    pub fn lint(&self, lines: &[PlanLine], starts: Date) -> Vec<PlanFinding> {
        let absent = |theme: &&String| !lines.iter().any(|line| line.theme == **theme);
        let mut found: Vec<PlanFinding> =
            self.required_themes.iter().filter(absent).cloned().map(PlanFinding::ThemeMissing).collect();
        let ends = starts.saturating_add(i32::from(self.months).months());
        for (number, line) in (1..).zip(lines) {
            if line.owner.trim().is_empty() {
                found.push(PlanFinding::OwnerMissing(number));
            }
            if line.done_when.trim().is_empty() {
                found.push(PlanFinding::DoneWhenMissing(number));
            }
            match line.due {
                None => found.push(PlanFinding::DueMissing(number)),
                Some(due) if due < starts || due >= ends => found.push(PlanFinding::DueOutsideYear(number)),
                Some(_) => {}
            }
        }
        found
    }
}

impl Instrument for PlanRules {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let bad = |key: &str, ja: &str, en: &str| Err(TemplateError::invalid(&self.edition, key, ja, en));
        if !self.required_themes.iter().all(|id| self.theme(id).is_some()) {
            return bad("required_themes", "theme にない分類です", "names a theme that is not listed");
        }
        if self.candidates.iter().any(|c| !(1..=3).contains(&c.urgency)) {
            return bad("candidate.urgency", "1から3にしてください", "must be 1 to 3");
        }
        if self.months == 0 {
            return bad("months", "1以上にしてください", "must be at least 1");
        }
        Ok(())
    }
}
