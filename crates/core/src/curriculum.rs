//! The standard curriculum: what to prepare, do and finish for each session.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::programme::{Instrument, TemplateError, Text};

/// One edition of the curriculum.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curriculum {
    pub edition: String,
    pub name: Text,
    pub source: String,
    /// In order; the first is 第1回.
    #[serde(rename = "session")]
    pub sessions: Vec<SessionPlan>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPlan {
    pub number: u8,
    pub purpose: Text,
    /// What exists afterwards, in words.
    pub outputs: Vec<Text>,
    /// Form ids to send afterwards.
    pub forms: Vec<String>,
    /// Deliverable numbers worked on.
    pub deliverables: Vec<u8>,
    /// Timetable of the day.
    pub agenda: Vec<AgendaItem>,
    /// 事前準備.
    pub prep: Vec<CheckItem>,
    /// 当日.
    pub day: Vec<CheckItem>,
    /// 終わったら.
    pub after: Vec<CheckItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    pub ja: String,
    pub en: String,
    pub minutes: u16,
}

/// One line of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckItem {
    /// Such as `s1.prep.1`; records refer to it for ever.
    pub id: String,
    pub ja: String,
    pub en: String,
    /// How to do it, one or two sentences.
    pub hint: Option<Text>,
    /// Who does it; the expert unless the firm is named.
    #[serde(default)]
    pub by: By,
    /// How the firm is asked for it, and what is meant.
    pub ask: Option<Text>,
    pub detail: Option<Text>,
    /// The screen it leads to.
    pub link: Option<Link>,
    /// Diagnosis questions it is about.
    #[serde(default)]
    pub questions: Vec<u8>,
    /// Sections of the regulations it is about, such as `6.5`.
    #[serde(default)]
    pub sections: Vec<String>,
    /// What of the linked screen is wanted, when the firm's own answers decide.
    pub focus: Option<Focus>,
    /// Year-bound mark such as `work-style`.
    pub tag: Option<String>,
    /// Expected minutes of preparation or closing work.
    #[serde(default)]
    pub minutes: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    #[default]
    Expert,
    Firm,
}

/// Where an item of the checklist is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    Client,
    Diagnosis,
    Policy,
    Regulations,
    Plan,
    Notes,
    Schedule,
    Confirmation,
    Report,
    FinalReport,
    Deliverables,
    Claim,
}

/// The rows of a linked screen that an item is about, found in what was answered so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Focus {
    /// Questions answered with little or unknown.
    LowAnswers,
    /// Questions not answered yet.
    Unanswered,
    /// Sections not reviewed yet.
    OpenSections,
    /// Plan lines without owner or due month.
    OpenLines,
}

impl CheckItem {
    /// The item as a pair of texts.
    pub fn text(&self) -> Text {
        Text { ja: self.ja.clone(), en: self.en.clone() }
    }
}

impl SessionPlan {
    /// Every item with its id, in reading order.
    pub fn items(&self) -> impl Iterator<Item = &CheckItem> {
        self.prep.iter().chain(&self.day).chain(&self.after)
    }

    /// Minutes of the timetable.
    pub fn minutes(&self) -> u16 {
        self.agenda.iter().map(|a| a.minutes).sum()
    }
}

impl Curriculum {
    /// The session numbered from 1.
    pub fn session(&self, number: u8) -> Option<&SessionPlan> {
        self.sessions.iter().find(|s| s.number == number)
    }

    /// The item with an id such as `s3.day.2`.
    pub fn item(&self, id: &str) -> Option<&CheckItem> {
        self.sessions.iter().flat_map(SessionPlan::items).find(|i| i.id == id)
    }
}

impl Instrument for Curriculum {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let mut seen = BTreeSet::new();
        for (session, number) in self.sessions.iter().zip(1..) {
            if session.number != number {
                let (ja, en) = ("1から順に書いてください", "must count up from 1");
                return Err(TemplateError::invalid(&self.edition, "session.number", ja, en));
            }
            for (part, items) in [("prep", &session.prep), ("day", &session.day), ("after", &session.after)] {
                let prefix = format!("s{number}.{part}.");
                if let Some(wrong) = items.iter().find(|i| !i.id.starts_with(&prefix) || !seen.insert(&i.id)) {
                    return Err(TemplateError::invalid(
                        &self.edition,
                        &wrong.id,
                        &format!("は {prefix} で始まる、ほかにないidにしてください"),
                        &format!("must be a unique id that begins with {prefix}"),
                    ));
                }
            }
        }
        Ok(())
    }
}
