//! The hearing sheet: what to ask a firm, by topic and by industry, and what was answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::books::Books;
use crate::diagnosis::Diagnosis;
use crate::eligibility::Eligibility;
use crate::programme::{Instrument, TemplateError, Text};
use crate::record::v1::{Client, Hearing, Id, Note};
use crate::refusal::Refusal;

/// The choice of no industry.
pub const NO_INDUSTRY: &str = "none";

/// One edition of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HearingSheet {
    pub edition: String,
    pub name: Text,
    pub source: String,
    /// Asked of every firm.
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
    /// Asked of some as well.
    #[serde(rename = "industry")]
    pub industries: Vec<Topic>,
}

/// Questions that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Such as `cloud`; the ids of its questions begin with it.
    pub id: String,
    pub name: Text,
    /// Of an industry: the categories of the eligibility table whose firms are asked.
    #[serde(default)]
    pub categories: Vec<u8>,
    #[serde(rename = "item")]
    pub items: Vec<Ask>,
}

/// One question to ask.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Such as `cloud.2`; notes refer to it for ever.
    pub id: String,
    pub ja: String,
    pub en: String,
    /// Question of the diagnosis that the answer speaks to.
    pub question: Option<u8>,
}

impl Ask {
    /// The question as a pair of texts.
    pub fn text(&self) -> Text {
        Text { ja: self.ja.clone(), en: self.en.clone() }
    }
}

impl HearingSheet {
    /// The question with an id such as `cloud.2`.
    pub fn item(&self, id: &str) -> Option<&Ask> {
        self.groups().flat_map(|t| &t.items).find(|i| i.id == id)
    }

    fn groups(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().chain(&self.industries)
    }

    /// The industries a firm is asked about: the chosen one, or those of its category.
    pub fn industries<'a>(&'a self, client: &Client, chosen: &Hearing) -> Vec<&'a Topic> {
        let own = [Some(client.category), client.main_industry];
        let asked = |industry: &&Topic| match &chosen.industry {
            Some(id) => industry.id == *id,
            None => own.into_iter().flatten().any(|c| industry.categories.contains(&c)),
        };
        self.industries.iter().filter(asked).collect()
    }

    /// Everything that may be asked of a firm, with its topic, in reading order; left out or not.
    pub fn questions<'a>(&'a self, client: &Client, chosen: &Hearing) -> Vec<(&'a Topic, &'a Ask)> {
        let groups = self.topics.iter().chain(self.industries(client, chosen));
        groups.flat_map(|topic| topic.items.iter().map(move |item| (topic, item))).collect()
    }

    /// Refuses a choice of what this edition does not have.
    pub(crate) fn check(&self, chosen: &Hearing) -> Result<(), Refusal> {
        let known = |id: &&String| *id == NO_INDUSTRY || self.industries.iter().any(|i| i.id == **id);
        let industry = chosen.industry.iter().find(|id| !known(id));
        match industry.or(chosen.left_out.iter().find(|id| self.item(id).is_none())) {
            Some(item) => Err(Refusal::UnknownItem { item: item.clone() }),
            None => Ok(()),
        }
    }

    /// What only the whole edition of a year can tell.
    pub(crate) fn agree(&self, diagnosis: &Diagnosis, eligibility: &Eligibility) -> Result<(), TemplateError> {
        let strange = |i: &&Ask| i.question.is_some_and(|n| diagnosis.question(n).is_none());
        if let Some(item) = self.groups().flat_map(|t| &t.items).find(strange) {
            return Err(self.wrong(
                &item.id,
                "診断にない設問の番号です",
                "names a question the diagnosis does not have",
            ));
        }
        let known = |c: &u8| eligibility.categories.iter().any(|e| e.number == *c);
        match self.industries.iter().find(|i| !i.categories.iter().all(known)) {
            Some(industry) => Err(self.wrong(
                &industry.id,
                "参加要件の表にない区分です",
                "names a category the eligibility table does not have",
            )),
            None => Ok(()),
        }
    }

    fn wrong(&self, key: &str, ja: &str, en: &str) -> TemplateError {
        TemplateError::invalid(&self.edition, key, ja, en)
    }
}

impl Instrument for HearingSheet {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let mut seen = BTreeSet::from([NO_INDUSTRY]);
        for topic in self.groups() {
            if !seen.insert(&topic.id) {
                return Err(self.wrong(&topic.id, "同じidが2つあります", "stands twice"));
            }
            if topic.items.is_empty() {
                return Err(self.wrong(&topic.id, "質問がありません", "has no question"));
            }
            let prefix = format!("{}.", topic.id);
            let wrong = topic.items.iter().find(|i| !i.id.starts_with(&prefix) || !seen.insert(&i.id));
            if let Some(item) = wrong {
                return Err(self.wrong(
                    &item.id,
                    &format!("{prefix} で始まる、ほかにないidにしてください"),
                    &format!("must be a unique id that begins with {prefix}"),
                ));
            }
        }
        if let Some(topic) = self.topics.iter().find(|t| !t.categories.is_empty()) {
            return Err(self.wrong(
                &topic.id,
                "業種でない分類に categories があります",
                "is no industry and names categories",
            ));
        }
        Ok(())
    }
}

/// The answers to the sheet by item id, each oldest first.
pub fn answers(books: &Books, engagement: Id) -> BTreeMap<&str, Vec<&Note>> {
    let mut given: BTreeMap<&str, Vec<&Note>> = BTreeMap::new();
    for note in books.notes_of(engagement) {
        if let Some(item) = &note.hearing {
            given.entry(item).or_default().push(note);
        }
    }
    given
}
