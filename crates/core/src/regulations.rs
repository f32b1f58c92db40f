//! Chapters and sections of the regulations (関連規程), and what a review suggests for each.

use std::collections::BTreeMap;

use serde::Deserialize;

pub use crate::record::v1::SectionStatus;

use crate::diagnosis::Answer;
use crate::programme::{Instrument, TemplateError, Text};
use crate::text::Lang;

/// One edition of the chapters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regulations {
    pub edition: String,
    pub name: Text,
    pub source: String,
    #[serde(rename = "status")]
    pub statuses: Vec<StatusText>,
    #[serde(rename = "chapter")]
    pub chapters: Vec<Chapter>,
}

/// Words for one status.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusText {
    pub id: SectionStatus,
    pub name: Text,
    /// Suggested response (対応案).
    pub response: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    pub number: u8,
    pub name: Text,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Such as `3.4`.
    pub number: String,
    pub ja: String,
    pub en: String,
    /// Diagnosis questions that tell something about it.
    #[serde(default)]
    pub questions: Vec<u8>,
    /// Suggested before anything is known.
    #[serde(default = "missing")]
    pub default: SectionStatus,
}

impl Section {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        if lang == Lang::Ja { &self.ja } else { &self.en }
    }
}

fn missing() -> SectionStatus {
    SectionStatus::Missing
}

impl Regulations {
    /// Every section in order.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.chapters.iter().flat_map(|c| &c.sections)
    }

    /// The words for a status.
    pub fn status(&self, status: SectionStatus) -> &StatusText {
        self.statuses.iter().find(|s| s.id == status).expect("validation requires every status")
    }

    /// A first guess per section: the worst answer among its questions, else the section's default.
    /// `answers[0]` answers question 1.
    pub fn suggest(&self, answers: &[Option<Answer>]) -> BTreeMap<&str, SectionStatus> {
        let answer = |n: &u8| answers.get(usize::from(*n).checked_sub(1)?).copied().flatten();
        let guess = |section: &Section| {
            let given: Vec<Answer> = section.questions.iter().filter_map(answer).collect();
            let any = |wanted: &[Answer]| given.iter().any(|a| wanted.contains(a));
            if any(&[Answer::No, Answer::Unknown]) {
                SectionStatus::Missing
            } else if any(&[Answer::Partial]) {
                SectionStatus::Partial
            } else if any(&[Answer::Done]) {
                SectionStatus::Ready
            } else {
                section.default
            }
        };
        self.sections().map(|s| (s.number.as_str(), guess(s))).collect()
    }
}

impl Instrument for Regulations {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        use SectionStatus::{Missing, OutOfScope, Partial, Ready};
        let bad = |key: &str, ja: &str, en: &str| Err(TemplateError::invalid(&self.edition, key, ja, en));
        if ![Ready, Partial, Missing, OutOfScope].iter().all(|s| self.statuses.iter().any(|t| t.id == *s)) {
            return bad("status", "4つの状態をすべて書いてください", "must describe all four statuses");
        }
        for chapter in &self.chapters {
            let prefix = format!("{}.", chapter.number);
            if !chapter.sections.iter().all(|s| s.number.starts_with(&prefix)) {
                return bad(&prefix, "節の番号が章の番号と違います", "holds a section of another chapter");
            }
        }
        Ok(())
    }
}
