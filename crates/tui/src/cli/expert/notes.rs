//! Notes and the hearing sheet on the command line.

use bansou_core::findings::FindingsAction;
use bansou_core::note::{self, NewNote, NoteAction, Onto};
use bansou_core::record::v1::{Id, Note};
use bansou_core::refusal::Refusal;
use bansou_core::{hearing, planning};
use serde_json::{Value, json};

use super::findings::found;
use super::{by_digits, case, spoken};
use crate::app::screens::hearing::page;
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::{HearingVerb, NoteVerb, OntoArgs};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::words::Words;

pub(super) fn note(call: &Call, verb: NoteVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let (case_no, unsorted) = match verb {
        NoteVerb::Add { case: c, session, who, question, hearing, may_leave: leaves } => {
            let session = session.or(note::session_on(case(&home, &c)?.0, home.ctx().now));
            let text = spoken()?;
            let new = NewNote { begun: None, session, who, text, question, hearing, leaves };
            found(&mut home, &c, FindingsAction::Note(NoteAction::Add(new)))?;
            (c, false)
        }
        NoteVerb::Sort { case: c, note, onto } => {
            let notes = vec![named(&home, &c, &note)?];
            let onto = place(&home, &c, onto)?;
            found(&mut home, &c, FindingsAction::Note(NoteAction::Sort { notes, onto }))?;
            (c, false)
        }
        NoteVerb::Mark { case: c, note, may_leave: leaves } => {
            let notes = vec![named(&home, &c, &note)?];
            found(&mut home, &c, FindingsAction::Note(NoteAction::Release { notes, leaves }))?;
            (c, false)
        }
        NoteVerb::List { case: c, unsorted } => (c, unsorted),
    };
    let engagement = case(&home, &case_no)?.0.id;
    let mut notes = home.books.notes_of(engagement);
    notes.retain(|n| !unsorted || !note::sorted(&home.books, n));
    let answer = Answer::default().with("notes", notes.iter().map(|n| row(n)).collect::<Vec<Value>>());
    let said = |n: &&Note| format!("{}  {}  {}  {}", &n.id.to_string()[..8], n.at, n.who, n.text);
    Ok(notes.iter().map(said).fold(answer, Answer::and))
}

fn row(n: &Note) -> Value {
    json!({"id": n.id.to_string(), "at": n.at.to_string(), "session": n.session, "who": n.who, "text": n.text,
        "question": n.question, "line": n.line.map(|id| id.to_string()), "section": n.section, "hearing": n.hearing,
        "may_leave": n.leaves})
}

/// The note named by the first digits of its id.
fn named(home: &Home, case_no: &str, name: &str) -> Result<Id, Failure> {
    let notes = home.books.notes_of(case(home, case_no)?.0.id);
    by_digits(notes.iter().map(|n| &n.id), name, "note")
}

fn place(home: &Home, case_no: &str, onto: OntoArgs) -> Result<Onto, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let plan = || home.books.plan_of(engagement.id).map_or_else(Vec::new, |p| planning::ranked(&home.books, pack, p));
    Ok(match (onto.question, onto.line, onto.section) {
        (Some(number), ..) => Onto::Question(number),
        (_, Some(number), _) => {
            let line = number.checked_sub(1).and_then(|at| plan().into_iter().nth(at));
            Onto::Line(line.ok_or(Refusal::NotFound { what: "plan line" })?.1.id)
        }
        (.., Some(section)) => Onto::Section(section),
        (None, None, None) => Onto::Nothing,
    })
}

pub(super) fn hearing_sheet(call: &Call, verb: HearingVerb) -> Result<Answer, Failure> {
    let home = call.open()?;
    let HearingVerb::Show { case: c, blank } = verb;
    let (engagement, pack) = case(&home, &c)?;
    let client = home.books.client_of(engagement).ok_or(Refusal::NotFound { what: "client" })?;
    let answers = hearing::answers(&home.books, engagement.id);
    let chosen = &engagement.hearing;
    let rows = pack.hearing.questions(client, chosen).into_iter().map(|(topic, ask)| {
        let given = answers.get(ask.id.as_str()).map_or_else(Vec::new, |notes| notes.iter().map(|n| row(n)).collect());
        json!({"id": ask.id, "topic": topic.id, "ask": ask.text().get(call.lang), "question": ask.question,
            "brought": !chosen.left_out.contains(&ask.id), "notes": given})
    });
    let answer =
        Answer::default().with("edition", pack.hearing.edition.clone()).with("items", rows.collect::<Vec<Value>>());
    let page = page(Words::new(call.lang), call.lang, &pack.hearing, (client, engagement), &answers, blank);
    Ok(page.into_iter().fold(answer, Answer::and))
}
