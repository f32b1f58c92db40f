//! Phrases that an expert puts into reports, evidence and findings: those of an edition, and those that the expert keeps.

use serde::Deserialize;

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::programme::{Instrument, TemplateError, Text};
use crate::record::v1::{Id, OwnPhrase, Record};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, required};

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

/// Changes to what the expert keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhraseCommand {
    Keep(String),
    Remove(Id),
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: PhraseCommand) -> Edits {
    match command {
        PhraseCommand::Keep(text) => {
            let text = text.trim().to_owned();
            required("phrase", &text, PROSE)?;
            // What is kept already comes first again.
            let id = books.phrases.values().find(|p| p.text == text).map_or(ctx.id(0), |p| p.id);
            put(Record::Phrase(OwnPhrase { id, at: ctx.now, text }))
        }
        PhraseCommand::Remove(id) if books.phrases.contains_key(&id) => Ok(vec![Edit::Remove(id)]),
        PhraseCommand::Remove(_) => Err(Refusal::NotFound { what: "phrase" }),
    }
}

/// What the expert keeps, newest first.
pub fn own(books: &Books) -> Vec<&OwnPhrase> {
    let mut all: Vec<_> = books.phrases.values().collect();
    all.sort_by_key(|p| std::cmp::Reverse((p.at, p.id)));
    all
}
