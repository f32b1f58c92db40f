//! Phrases that an expert puts into reports, evidence and findings, as an edition provides them.

use serde::Deserialize;

use crate::programme::{Instrument, TemplateError, Text};
use crate::text_rules::LINE;

/// What is being written where a phrase is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Report,
    Evidence,
    Finding,
    Plan,
    Note,
}

/// One edition of the phrases.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    pub edition: String,
    pub source: String,
    #[serde(rename = "phrase")]
    pub phrases: Vec<Phrase>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    pub id: String,
    pub places: Vec<Place>,
    /// The name in kana, for finding it without the input method.
    pub reading: String,
    /// What it is chosen by.
    pub name: Text,
    /// Square brackets stand around what is to be filled in.
    pub text: Text,
}

impl Phrases {
    /// The phrases of use at a place; all of them where none is known.
    pub fn of(&self, place: Option<Place>) -> impl Iterator<Item = &Phrase> {
        self.phrases.iter().filter(move |phrase| place.is_none_or(|place| phrase.places.contains(&place)))
    }
}

impl Instrument for Phrases {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let long = |text: &Text| [&text.ja, &text.en].iter().any(|t| t.is_empty() || t.chars().count() > LINE);
        let wrong = |(n, phrase): (usize, &Phrase)| {
            let repeated = self.phrases[..n].iter().any(|p| p.id == phrase.id);
            let bad = repeated
                || phrase.places.is_empty()
                || phrase.reading.is_empty()
                || long(&phrase.name)
                || long(&phrase.text);
            bad.then(|| phrase.id.clone())
        };
        match self.phrases.iter().enumerate().find_map(wrong) {
            None => Ok(()),
            Some(id) => Err(TemplateError::invalid(
                &self.edition,
                &format!("phrase {id}"),
                "番号の重複、使う所か読みの漏れ、空か200字を超える文のどれかです",
                "repeats an id, has no place or reading, or has a text that is empty or longer than 200 characters",
            )),
        }
    }
}
