//! The 25-question self-diagnosis: questions as data, scoring as published.

use serde::Deserialize;

pub use crate::record::v1::AnswerCode as Answer;

use crate::programme::{Instrument, TemplateError, Text};

/// One edition of the question sheet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    pub edition: String,
    pub name: Text,
    pub source: String,
    /// Line to print under every sheet: what corresponds to IPA's sheet and what is our own.
    pub notice: Text,
    pub points: Points,
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
    /// Highest first.
    #[serde(rename = "band")]
    pub bands: Vec<Band>,
    #[serde(rename = "axis")]
    pub axes: Vec<Axis>,
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// Points of each answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    pub done: i32,
    pub partial: i32,
    pub no: i32,
    pub unknown: i32,
    /// 該当なし counts as `done`; off in the official score.
    pub not_applicable_as_done: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: Text,
    /// First and last question number.
    pub first: u8,
    pub last: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Short mark such as `70-99`.
    pub id: String,
    /// Lowest total of the band; the lowest band has none.
    pub from: Option<i32>,
    pub meaning: Text,
}

/// One spoke of the radar.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    pub name: Text,
    pub questions: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub number: u8,
    /// 区分, as IPA names it.
    pub category: Text,
    /// Name for narrow lists, at most 12 columns in Japanese.
    pub short: Text,
    pub text: Text,
    /// What to look at on site.
    pub look: Text,
    /// What may happen if nothing is done.
    pub consequence: Text,
    /// Candidate for the plan.
    pub action: Text,
    /// Theme id of the plan.
    pub theme: String,
    /// Chapters or sections of the regulations, such as `4` or `6.5`; `T` is telework, `*` all.
    pub chapters: Vec<String>,
    /// Number of the related basic articles.
    pub articles: Vec<u8>,
    /// Suggested importance and difficulty, 1–3.
    pub importance: u8,
    pub difficulty: u8,
}

/// The result of a sheet, finished or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Sum of points; may be negative.
    pub total: i32,
    /// What the answered and applicable questions could have given.
    pub max_of_answered: i32,
    /// Sums by part of the sheet, in order.
    pub parts: Vec<i32>,
    /// Band of `total`.
    pub band: Band,
    /// Numbers answered わからない, a result in itself.
    pub unknown: Vec<u8>,
    pub not_applicable: Vec<u8>,
    /// How many questions have any answer.
    pub answered: usize,
}

impl Diagnosis {
    /// Points of one answer in this edition.
    pub fn points(&self, answer: Answer) -> i32 {
        match answer {
            Answer::Done => self.points.done,
            Answer::Partial => self.points.partial,
            Answer::No => self.points.no,
            Answer::Unknown => self.points.unknown,
            Answer::NotApplicable if self.points.not_applicable_as_done => self.points.done,
            Answer::NotApplicable => 0,
        }
    }

    /// The answer worth `points`, if any.
    pub fn answer_worth(&self, points: i32) -> Option<Answer> {
        [Answer::Done, Answer::Partial, Answer::No, Answer::Unknown].into_iter().find(|a| self.points(*a) == points)
    }

    /// The question numbered `number`.
    pub fn question(&self, number: u8) -> Option<&Question> {
        self.questions.iter().find(|q| q.number == number)
    }

    /// Scores a sheet: `answers[0]` answers question 1; missing and `None` are unanswered.
    pub fn score(&self, answers: &[Option<Answer>]) -> Score {
        let given = || self.questions.iter().filter_map(|q| Some((q.number, answer_to(answers, q.number)?)));
        let numbers = |wanted| given().filter(|(_, a)| *a == wanted).map(|(n, _)| n).collect::<Vec<_>>();
        let sum = |first, last| given().filter(|(n, _)| (first..=last).contains(n)).map(|(_, a)| self.points(a)).sum();
        let parts: Vec<i32> = self.parts.iter().map(|part| sum(part.first, part.last)).collect();
        let total = parts.iter().sum();
        let counted = given().filter(|(_, a)| self.counts(*a)).count();
        Score {
            total,
            max_of_answered: self.points.done * counted as i32,
            parts,
            band: self.band(total).clone(),
            unknown: numbers(Answer::Unknown),
            not_applicable: numbers(Answer::NotApplicable),
            answered: given().count(),
        }
    }

    /// Percent reached per radar axis, over its answered and applicable questions; `None` if there are none.
    pub fn axes(&self, answers: &[Option<Answer>]) -> Vec<(&Text, Option<u8>)> {
        let percent = |axis: &Axis| {
            let given: Vec<Answer> =
                axis.questions.iter().filter_map(|n| answer_to(answers, *n)).filter(|a| self.counts(*a)).collect();
            let most = self.points.done * given.len() as i32;
            let reached: i32 = given.iter().map(|a| self.points(*a)).sum();
            (most > 0).then(|| (reached.max(0) * 100 + most / 2) / most).and_then(|p| u8::try_from(p).ok())
        };
        self.axes.iter().map(|axis| (&axis.name, percent(axis))).collect()
    }

    fn counts(&self, answer: Answer) -> bool {
        answer != Answer::NotApplicable || self.points.not_applicable_as_done
    }

    fn band(&self, total: i32) -> &Band {
        let fits = |band: &&Band| band.from.is_none_or(|from| total >= from);
        self.bands.iter().find(fits).expect("validation requires a lowest band without limit")
    }
}

fn answer_to(answers: &[Option<Answer>], number: u8) -> Option<Answer> {
    answers.get(usize::from(number).checked_sub(1)?).copied().flatten()
}

impl Instrument for Diagnosis {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let bad = |key: &str, ja: &str, en: &str| Err(TemplateError::invalid(&self.edition, key, ja, en));
        let count = self.questions.len() as u8;
        if count == 0 || !self.questions.iter().map(|q| q.number).eq(1..=count) {
            return bad("question.number", "1から順に書いてください", "must count up from 1");
        }
        let mut next = 1;
        for part in &self.parts {
            if part.first != next || part.last < part.first {
                return bad("part", "設問をすき間なく分けてください", "must divide the questions without gaps");
            }
            next = part.last + 1;
        }
        if next != count + 1 {
            return bad("part", "設問をすべて含めてください", "must cover every question");
        }
        let mut on_axes: Vec<u8> = self.axes.iter().flat_map(|a| a.questions.iter().copied()).collect();
        on_axes.sort_unstable();
        if !on_axes.into_iter().eq(1..=count) {
            return bad(
                "axis.questions",
                "各設問を1つの軸だけに入れてください",
                "must hold each question exactly once",
            );
        }
        let limits: Vec<Option<i32>> = self.bands.iter().map(|b| b.from).collect();
        if limits.last() != Some(&None) || !limits.is_sorted_by(|a, b| a > b) {
            return bad("band.from", "高い順に書き、最後は下限なしにしてください", "must fall; the last has no limit");
        }
        let three = |n: u8| (1..=3).contains(&n);
        if !self.questions.iter().all(|q| three(q.importance) && three(q.difficulty)) {
            return bad("question.importance", "1から3にしてください", "and difficulty must be 1 to 3");
        }
        Ok(())
    }
}
