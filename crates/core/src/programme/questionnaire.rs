//! Closed and open questions with numbered options: 指導最終報告 and the surveys.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::pack::Instrument;
use super::{TemplateError, Text};

/// One edition of a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    pub edition: String,
    pub name: Text,
    pub source: String,
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key under which the answer is stored, such as `1-3`.
    pub id: String,
    pub text: Text,
    pub kind: Kind,
    /// Numbered from 1 in this order.
    #[serde(default)]
    pub options: Vec<Text>,
    /// Asked only if the named item was answered with one of these option numbers.
    pub only_if: Option<OnlyIf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    One,
    Several,
    Free,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnlyIf {
    pub item: String,
    pub options: Vec<usize>,
}

impl Questionnaire {
    /// Items that must be answered before sending and are not, given answers by item id
    /// (option numbers such as `2` or `1,3`, or free text).
    pub fn missing(&self, answers: &BTreeMap<String, String>) -> Vec<&Item> {
        let unanswered = |item: &&Item| match answers.get(&item.id) {
            Some(answer) => !item.accepts(answer),
            None => item.kind != Kind::Free,
        };
        self.items.iter().filter(|item| self.applies(item, answers)).filter(unanswered).collect()
    }

    /// Whether the item is to be asked, given the answers so far.
    pub fn applies(&self, item: &Item, answers: &BTreeMap<String, String>) -> bool {
        item.only_if.as_ref().is_none_or(|condition| {
            let chosen = answers.get(&condition.item).map(|a| choices(a)).unwrap_or_default();
            chosen.iter().any(|n| condition.options.contains(n))
        })
    }
}

impl Item {
    /// Whether `answer` is a possible answer.
    pub fn accepts(&self, answer: &str) -> bool {
        let chosen = choices(answer);
        let known = chosen.iter().all(|n| (1..=self.options.len()).contains(n));
        match self.kind {
            Kind::Free => true,
            Kind::One => chosen.len() == 1 && known,
            Kind::Several => !chosen.is_empty() && known,
        }
    }
}

/// Option numbers of a stored answer; anything unreadable counts as 0, which no option has.
fn choices(answer: &str) -> Vec<usize> {
    answer.split(',').map(|part| part.trim().parse().unwrap_or(0)).collect()
}

impl Instrument for Questionnaire {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        for (i, item) in self.items.iter().enumerate() {
            let earlier = &self.items[..i];
            let repeated = earlier.iter().any(|e| e.id == item.id);
            let options = item.options.is_empty() == (item.kind == Kind::Free);
            let condition = item.only_if.as_ref().is_none_or(|c| {
                let asked = earlier.iter().find(|e| e.id == c.item);
                asked.is_some_and(|e| c.options.iter().all(|n| (1..=e.options.len()).contains(n)))
            });
            if repeated || !options || !condition {
                return Err(TemplateError::invalid(
                    &self.edition,
                    &format!("item {}", item.id),
                    "番号の重複、選択肢の過不足、または条件の誤りがあります",
                    "repeats an id, lacks or has needless options, or depends on an unknown item",
                ));
            }
        }
        Ok(())
    }
}
