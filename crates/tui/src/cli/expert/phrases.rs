//! Own phrases on the command line.

use bansou_core::command::Command;
use bansou_core::phrases::{self, PhraseCommand};
use bansou_core::record::v1::OwnPhrase;
use serde_json::{Value, json};

use super::{by_digits, spoken};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::PhraseVerb;
use crate::shell::failure::Failure;

pub(super) fn phrase(call: &Call, verb: PhraseVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        PhraseVerb::List => {}
        PhraseVerb::Add => drop(home.apply(Command::Phrase(PhraseCommand::Keep(spoken()?)))?),
        PhraseVerb::Remove { phrase } => {
            let id = by_digits(home.books.phrases.keys(), &phrase, "phrase")?;
            home.apply(Command::Phrase(PhraseCommand::Remove(id)))?;
        }
    }
    let own = phrases::own(&home.books);
    let row = |p: &&OwnPhrase| json!({"id": p.id.to_string(), "at": p.at.to_string(), "text": p.text});
    let answer = Answer::default().with("phrases", own.iter().map(row).collect::<Vec<Value>>());
    Ok(own.iter().map(|p| format!("{}  {}", &p.id.to_string()[..8], p.text)).fold(answer, Answer::and))
}
