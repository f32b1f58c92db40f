//! A form as a draft, and a draft put back into its form.

use bansou_core::record::v1::{Draft, DraftField, DraftPlace, Id};

use super::form::{Form, Input, Purpose};
use super::model::Work;
use super::office::Paper;

/// What tells one form from another: its title, what it is about beyond that, and whose data it would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub form: String,
    pub subject: String,
    pub about: Option<Id>,
}

impl Name {
    pub fn of(draft: &Draft) -> Name {
        Name { form: draft.form.clone(), subject: draft.subject.clone(), about: draft.about }
    }
}

/// Whether what is typed into a form is kept: no secrets, no word that confirms an act, and nothing that is no work, such
/// as a filter or a folder.
pub fn keeps(form: &Form) -> bool {
    let secret = form.entries.iter().any(|e| matches!(e.input, Input::Secret(_)));
    let passing = match &form.purpose {
        Purpose::Unlock | Purpose::Filter | Purpose::Export | Purpose::Import => true,
        Purpose::SaveDocument(_) | Purpose::MakeFile(_) | Purpose::SaveCalendar => true,
        Purpose::HandOver | Purpose::TakeIn | Purpose::TakeCopy => true,
        Purpose::Office(paper) => !matches!(paper, Paper::FollowUp(_) | Paper::Waive(_) | Paper::Return(_)),
        _ => false,
    };
    !secret && !passing
}

/// The name of a form that stands over an engagement, or over none.
pub fn name(form: &Form, work: Option<&Work>) -> Name {
    let subject = match &form.purpose {
        Purpose::EditNote(id)
        | Purpose::MoveLine(id)
        | Purpose::EditAttachment(id)
        | Purpose::Office(Paper::FollowUp(id) | Paper::Waive(id) | Paper::Return(id)) => id.to_string(),
        Purpose::Skip(item) | Purpose::PolicyField(item) | Purpose::FinalAnswer(item) => item.clone(),
        Purpose::Section { section, .. } => section.clone(),
        Purpose::Evidence(number) | Purpose::PolicyArticle(number) | Purpose::Combine(number) => number.to_string(),
        Purpose::PlanLine(line) => line.id.to_string(),
        Purpose::Memo(memo) => memo.hearing.clone().unwrap_or_default(),
        Purpose::AddLine { notes, .. } => notes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        // Each session has its own.
        Purpose::Report | Purpose::Schedule | Purpose::Hold | Purpose::Confirm | Purpose::AddItem => {
            work.map_or_else(String::new, |w| w.session.to_string())
        }
        _ => String::new(),
    };
    let about = match &form.purpose {
        Purpose::EditClient(client) => Some(client.id),
        Purpose::Begin(client) => Some(*client),
        Purpose::Memo(memo) => Some(memo.engagement),
        _ => work.map(|w| w.engagement),
    };
    Name { form: form.title.to_owned(), subject, about }
}

/// The form as it stands.
pub fn of(form: &Form, name: Name, place: Option<DraftPlace>) -> Draft {
    let Name { form: title, subject, about } = name;
    let field = |(label, text, at): (&str, String, usize)| DraftField {
        label: label.to_owned(),
        text,
        at: u32::try_from(at).unwrap_or(u32::MAX),
    };
    let fields = form.entries.iter().map(|entry| {
        field(match &entry.input {
            Input::Line(line) => (entry.label, line.text().to_owned(), line.at()),
            Input::Many(area) => (entry.label, area.text().to_owned(), area.at()),
            Input::Pick { at, .. } => (entry.label, String::new(), *at),
            Input::Secret(_) => (entry.label, String::new(), 0),
        })
    });
    let focus = u16::try_from(form.at).unwrap_or(u16::MAX);
    Draft { form: title, subject, about, fields: fields.collect(), focus, place }
}

/// Puts a draft back: each text as one step that undo takes back, the cursor and the focus where they were.
pub fn fill(form: &mut Form, draft: &Draft) {
    for field in &draft.fields {
        let Some(entry) = form.entries.iter_mut().find(|e| e.label == field.label) else { continue };
        let at = field.at as usize;
        match &mut entry.input {
            Input::Line(line) => line.restore(&field.text, at),
            Input::Many(area) => area.restore(&field.text, at),
            Input::Pick { options, at: chosen } => *chosen = at.min(options.len().saturating_sub(1)),
            Input::Secret(_) => {}
        }
    }
    form.at = usize::from(draft.focus).min(form.entries.len().saturating_sub(1));
}
