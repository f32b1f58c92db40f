//! Notes taken while talking: writing them down, sorting them onto what they are about, and what may leave.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::findings::known_question;
use crate::programme::Pack;
use crate::record::v1::{Engagement, Id, Note, Record};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required, within};
use crate::timing;

/// A note as it comes; what is not said stays empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewNote {
    /// When its first character was typed; now, if nobody looked.
    pub begun: Option<DateTime>,
    pub session: Option<u8>,
    pub who: String,
    pub text: String,
    /// Diagnosis question; that of the hearing item, if none is named.
    pub question: Option<u8>,
    /// Item of the hearing sheet that it answers.
    pub hearing: Option<String>,
    pub leaves: bool,
}

/// What a note is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onto {
    Question(u8),
    /// A line of the action plan.
    Line(Id),
    /// A section of the regulations.
    Section(String),
    /// Takes it off everything it was sorted onto.
    Nothing,
}

/// Changes to notes. Those that name several are one act, and one undo.
#[derive(Clone, Debug, PartialEq)]
pub enum NoteAction {
    Add(NewNote),
    Edit {
        note: Id,
        session: Option<u8>,
        who: String,
        text: String,
    },
    Remove(Vec<Id>),
    Sort {
        notes: Vec<Id>,
        onto: Onto,
    },
    /// Whether they may leave with a report.
    Release {
        notes: Vec<Id>,
        leaves: bool,
    },
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, pack: &Pack, engagement: &Engagement, action: NoteAction) -> Edits {
    match action {
        NoteAction::Add(new) => add(books, ctx, pack, engagement, new),
        NoteAction::Edit { note, session, who, text } => {
            check(engagement, session, &who, &text)?;
            put(Record::Note(Note { session, who, text, ..find(books, engagement, note)?.clone() }))
        }
        NoteAction::Remove(notes) => each(books, engagement, &notes)?.map(|note| Ok(Edit::Remove(note?.id))).collect(),
        NoteAction::Sort { notes, onto } => {
            match &onto {
                Onto::Question(number) => known_question(pack, *number)?,
                Onto::Line(line) if !planned(books, engagement.id, *line) => {
                    return Err(Refusal::NotFound { what: "plan line" });
                }
                Onto::Section(number) if !pack.regulations.sections().any(|s| s.number == *number) => {
                    return Err(Refusal::UnknownItem { item: number.clone() });
                }
                Onto::Line(_) | Onto::Section(_) | Onto::Nothing => {}
            }
            tie(books, engagement, &notes, &onto)
        }
        NoteAction::Release { notes, leaves } => each(books, engagement, &notes)?
            .map(|note| Ok(Record::Note(Note { leaves, ..note?.clone() }).into()))
            .collect(),
    }
}

fn add(books: &Books, ctx: &Ctx<'_>, pack: &Pack, engagement: &Engagement, new: NewNote) -> Edits {
    check(engagement, new.session, &new.who, &new.text)?;
    let item = match &new.hearing {
        Some(id) => Some(pack.hearing.item(id).ok_or_else(|| Refusal::UnknownItem { item: id.clone() })?),
        None => None,
    };
    let question = new.question.or(item.and_then(|i| i.question));
    if let Some(number) = question {
        known_question(pack, number)?;
    }
    put(Record::Note(Note {
        id: ctx.id(0),
        engagement: engagement.id,
        at: after_the_others(books, engagement, new.begun.map_or(ctx.now, |begun| begun.min(ctx.now))),
        session: new.session,
        who: new.who,
        text: new.text,
        question,
        line: None,
        section: None,
        hearing: new.hearing,
        leaves: new.leaves,
    }))
}

/// Lines of one second stay in the order in which they were saved: each is a millisecond after the one before.
fn after_the_others(books: &Books, engagement: &Engagement, at: DateTime) -> DateTime {
    let same = |n: &&Note| n.engagement == engagement.id && n.at >= at && n.at < at.saturating_add(1.second());
    let last = books.notes.values().filter(same).map(|n| n.at).max();
    last.map_or(at, |last| last.saturating_add(1.millisecond()))
}

pub(crate) fn check(engagement: &Engagement, session: Option<u8>, who: &str, text: &str) -> Result<(), Refusal> {
    required("note", text, PROSE)?;
    optional("who", who, LINE)?;
    match session {
        Some(number) => within("session", number.into(), 1, engagement.sessions.len() as u64),
        None => Ok(()),
    }
}

fn find<'a>(books: &'a Books, engagement: &Engagement, note: Id) -> Result<&'a Note, Refusal> {
    books.notes.get(&note).filter(|n| n.engagement == engagement.id).ok_or(Refusal::NotFound { what: "note" })
}

/// The notes named, each once; refuses to do nothing.
fn each<'a>(
    books: &'a Books,
    engagement: &'a Engagement,
    notes: &[Id],
) -> Result<impl Iterator<Item = Result<&'a Note, Refusal>>, Refusal> {
    if notes.is_empty() {
        return Err(Refusal::Empty { field: "notes" });
    }
    let once: BTreeSet<Id> = notes.iter().copied().collect();
    Ok(once.into_iter().map(move |note| find(books, engagement, note)))
}

/// Ties notes to what they are about. An empty list ties nothing.
pub(crate) fn tie(books: &Books, engagement: &Engagement, notes: &[Id], onto: &Onto) -> Edits {
    if notes.is_empty() && matches!(onto, Onto::Line(_)) {
        return Ok(Vec::new());
    }
    let tied = |note: &Note| {
        let note = note.clone();
        match onto {
            Onto::Question(number) => Note { question: Some(*number), ..note },
            Onto::Line(line) => Note { line: Some(*line), ..note },
            Onto::Section(number) => Note { section: Some(number.clone()), ..note },
            Onto::Nothing => Note { question: None, line: None, section: None, ..note },
        }
    };
    each(books, engagement, notes)?.map(|note| Ok(Record::Note(tied(note?)).into())).collect()
}

fn planned(books: &Books, engagement: Id, line: Id) -> bool {
    books.plan_of(engagement).is_some_and(|plan| plan.lines.iter().any(|l| l.id == line))
}

/// Whether a note has found its place. A line that was taken out of the plan is no place, until it is put back.
pub fn sorted(books: &Books, note: &Note) -> bool {
    let placed = note.question.is_some() || note.section.is_some() || note.hearing.is_some();
    placed || note.line.is_some_and(|line| planned(books, note.engagement, line))
}

/// The notes that were sorted onto something, oldest first.
pub fn about<'a>(books: &'a Books, engagement: Id, onto: &Onto) -> Vec<&'a Note> {
    let mut notes = books.notes_of(engagement);
    notes.retain(|note| match onto {
        Onto::Question(number) => note.question == Some(*number),
        Onto::Line(line) => note.line == Some(*line),
        Onto::Section(number) => note.section.as_ref() == Some(number),
        Onto::Nothing => !sorted(books, note),
    });
    notes
}

/// The session that is on: the one whose clock was started this day and has not ended; else the one held or planned on
/// this day, of two the later one once its time has come.
pub fn session_on(engagement: &Engagement, now: DateTime) -> Option<u8> {
    let today: Date = now.date();
    if let Some((number, _)) = timing::on(engagement, now) {
        return Some(number);
    }
    let numbers = 1..=engagement.sessions.len() as u8;
    let of_today: Vec<u8> = numbers.filter(|n| engagement.date_of(*n) == Some(today)).collect();
    let begun = |number: &u8| {
        let session = engagement.session(*number)?;
        let held = session.held.as_ref().map(|h| h.start);
        held.or(session.planned.as_ref().and_then(|p| p.start)).filter(|start| *start <= now.time())
    };
    of_today.iter().rev().find(|n| begun(n).is_some()).or(of_today.first()).copied()
}

/// What may leave of a session's notes, in the order it was said.
pub fn released(books: &Books, engagement: Id, session: u8) -> Vec<&Note> {
    let mut notes = books.notes_of(engagement);
    notes.retain(|note| note.leaves && note.session == Some(session));
    notes
}
