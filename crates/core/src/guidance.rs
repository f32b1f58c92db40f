//! What an experienced expert would whisper: guidance by session, checklist item, question, section and trade.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::programme::{Instrument, TemplateError, Text};

/// One edition of the guidance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    pub edition: String,
    pub name: Text,
    pub source: String,
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
    #[serde(rename = "entry")]
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    pub id: String,
    pub name: Text,
}

/// One piece of advice and what it is about; with nothing named it is of general use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: String,
    pub topic: String,
    pub title: Text,
    /// Several lines.
    pub text: Text,
    /// Checklist items.
    #[serde(default)]
    pub items: Vec<String>,
    #[serde(default)]
    pub questions: Vec<u8>,
    /// Sections of the regulations.
    #[serde(default)]
    pub sections: Vec<String>,
    #[serde(default)]
    pub sessions: Vec<u8>,
    /// Categories of firms (table 1).
    #[serde(default)]
    pub categories: Vec<u8>,
    #[serde(default)]
    pub places: Vec<Place>,
}

/// A screen of an engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Overview,
    Sessions,
    Notes,
    Diagnosis,
    Policy,
    Regulations,
    Plan,
    Deliverables,
    Report,
    Final,
}

/// What the cursor stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub item: Option<String>,
    pub question: Option<u8>,
    pub section: Option<String>,
    pub session: Option<u8>,
    pub category: Option<u8>,
    pub place: Option<Place>,
}

impl Entry {
    /// How near it is to what the cursor stands on; 0 when it has nothing to do with it.
    fn nearness(&self, about: &About) -> u8 {
        let has = |here: bool, weight: u8| if here { weight } else { 0 };
        let item = about.item.as_ref().is_some_and(|i| self.items.contains(i));
        let question = about.question.is_some_and(|q| self.questions.contains(&q));
        let section = about.section.as_ref().is_some_and(|s| self.sections.contains(s));
        let exact = has(item || question || section, 8);
        let session = has(about.session.is_some_and(|s| self.sessions.contains(&s)), 2);
        let any_session = self.sessions.is_empty() || about.session.is_none();
        let place = has(any_session && about.place.is_some_and(|p| self.places.contains(&p)), 2);
        exact + session.max(place) + has(about.category.is_some_and(|c| self.categories.contains(&c)), 1)
    }
}

impl Guidance {
    /// Every entry, the nearest to what the cursor stands on first, with whether it has to do with it.
    pub fn nearest(&self, about: &About) -> Vec<(&Entry, bool)> {
        let mut all: Vec<_> = self.entries.iter().map(|e| (e.nearness(about), e)).collect();
        all.sort_by_key(|(near, _)| std::cmp::Reverse(*near));
        all.into_iter().map(|(near, entry)| (entry, near > 0)).collect()
    }

    /// The entry made for exactly this item of the checklist.
    pub fn of_item(&self, item: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.items.iter().any(|i| i == item))
    }

    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|t| t.id == id)
    }
}

impl Instrument for Guidance {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let wrong = |key: &str, ja: &str, en: &str| Err(TemplateError::invalid(&self.edition, key, ja, en));
        let mut seen = BTreeSet::new();
        for topic in &self.topics {
            if !seen.insert(&topic.id) {
                return wrong(&topic.id, "同じidの話題が二つあります", "is the id of two topics");
            }
        }
        seen.clear();
        for entry in &self.entries {
            if !seen.insert(&entry.id) {
                return wrong(&entry.id, "同じidの手引きが二つあります", "is the id of two entries");
            }
            if self.topic(&entry.topic).is_none() {
                return wrong(&entry.id, "話題がtopicにありません", "names a topic that is not there");
            }
            let texts = [&entry.title.ja, &entry.title.en, &entry.text.ja, &entry.text.en];
            if texts.iter().any(|t| t.trim().is_empty()) {
                return wrong(&entry.id, "題か本文が空です", "has an empty title or text");
            }
        }
        Ok(())
    }
}
