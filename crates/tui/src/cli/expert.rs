//! The expert's commands on clients and engagements.

mod as_of;
mod days;
mod evidence;
mod findings;
mod guide;
mod notes;
mod papers;
mod people;
mod phrases;
mod retention;

use bansou_core::programme::Pack;
use bansou_core::record::v1::{Engagement, Id};
use bansou_core::refusal::Refusal;

use super::Call;
use super::answer::Answer;
use super::args::Verb;
use crate::shell::failure::Failure;
use crate::shell::home::Home;

pub(super) fn run(call: &Call, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::Client(verb) => people::client(call, verb),
        Verb::Session(verb) => people::session(call, verb),
        Verb::Guidance(args) => guide::guidance(call, &args),
        Verb::Today => days::today(call),
        Verb::Calendar(args) => days::calendar(call, &args),
        Verb::Attachment(verb) => evidence::attachment(call, verb),
        Verb::Note(verb) => notes::note(call, verb),
        Verb::Phrase(verb) => phrases::phrase(call, verb),
        Verb::Hearing(verb) => notes::hearing_sheet(call, verb),
        Verb::Diagnosis(verb) => findings::diagnosis(call, verb),
        Verb::Policy(verb) => findings::policy(call, verb),
        Verb::Regulations(verb) => findings::regulations(call, verb),
        Verb::Plan(verb) => findings::plan(call, verb),
        Verb::Final(verb) => findings::final_report(call, verb),
        Verb::Deliverable(verb) => papers::deliverable(call, verb),
        Verb::Report(verb) => papers::report(call, verb),
        Verb::Claim(verb) => papers::claim(call, verb),
        _ => Err(Failure::input("この命令は使えません。", "This command cannot be used here.")),
    }
}

/// The engagement named by case number, with its pack.
pub(in crate::cli) fn case<'a>(home: &'a Home, case_no: &str) -> Result<(&'a Engagement, &'a Pack), Failure> {
    let engagement =
        home.books.engagements.values().find(|e| e.case_no == case_no).ok_or(Refusal::NotFound { what: "case" })?;
    Ok((engagement, home.pack_of(engagement.id)?))
}

/// The client named by the first digits of its id.
pub(super) fn client_id(home: &Home, name: &str) -> Result<Id, Failure> {
    by_digits(home.books.clients.keys(), name, "client")
}

/// The one id that begins with these digits, four or more.
fn by_digits<'a>(mut ids: impl Iterator<Item = &'a Id>, name: &str, what: &'static str) -> Result<Id, Failure> {
    let mut next = || ids.find(|id| id.to_string().starts_with(name));
    match (next(), next()) {
        (Some(id), None) if name.len() >= 4 => Ok(*id),
        _ => Err(Refusal::NotFound { what }.into()),
    }
}

/// A text from standard input, so that it never stands in a process list.
pub(super) fn spoken() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut text)
        .map_err(|e| Failure::File { path: "stdin".into(), kind: e.kind() })?;
    Ok(text.trim_end().to_owned())
}

/// A TOML text from a file or standard input (`-`), read strictly.
pub(in crate::cli) fn document<T: serde::de::DeserializeOwned>(file: &std::path::Path) -> Result<T, Failure> {
    let text = if file.as_os_str() == "-" {
        spoken()?
    } else {
        std::fs::read_to_string(file).map_err(|e| Failure::file(file, &e))?
    };
    // toml's own message quotes the line, which may be a client's; only the place is kept.
    toml::from_str(&text).map_err(|e| {
        let line =
            e.span().map_or(1, |span| text.get(..span.start).map_or(1, |before| before.matches('\n').count() + 1));
        Failure::input(
            format!("TOMLの{line}行目が読めません。項目名と値を確かめてください。"),
            format!("The TOML cannot be read near line {line}. Check names and values."),
        )
    })
}
