//! The forms of attachments: what they ask, and what is read out of them.

use std::collections::BTreeSet;

use bansou_core::record::v1::{Attachment, Id, Links};
use jiff::civil::Date;

use super::{Unread, date, line, plain};
use crate::app::form::{Entry, Form, Purpose};
use crate::app::screens::{Scene, evidence, plan};

/// Everything about an attachment but its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub dated: Option<Date>,
    pub note: String,
    pub links: Links,
}

/// Taking in a file, or a text that is pasted; what the cursor stands on is what it is about.
pub fn add(scene: &Scene<'_>, pasted: bool, [questions, lines, sessions]: [String; 3]) -> Form {
    let mut entries = match pasted {
        true => {
            let name = scene.words.fill("attach.pasted_name", &[("day", &scene.today.to_string())]);
            vec![Entry::many("attach.text", ""), Entry::line("attach.name", &name)]
        }
        false => vec![Entry::line("attach.path", "")],
    };
    entries.extend(about("", "", [&questions, &lines, &sessions]));
    let title = if pasted { "attach.form_text" } else { "attach.form_file" };
    Form::new(Purpose::Attach { pasted }, title, entries)
}

/// Correcting what an attachment is about.
pub fn edit(scene: &Scene<'_>, of: &Attachment) -> Form {
    let dated = of.dated.map_or_else(String::new, |d| d.to_string());
    let [questions, lines, sessions] = evidence::numbers(scene, of);
    let entries = about(&dated, &of.note, [&questions, &lines, &sessions]);
    Form::new(Purpose::EditAttachment(of.id), "attach.form_edit", entries)
}

fn about(dated: &str, note: &str, [questions, lines, sessions]: [&str; 3]) -> Vec<Entry> {
    vec![
        Entry::line("attach.dated", dated),
        Entry::line("attach.note", note),
        Entry::line("attach.questions", questions),
        Entry::line("attach.lines", lines),
        Entry::line("attach.sessions", sessions),
    ]
}

/// What the fields say; numbers stand between commas or spaces.
pub fn read(scene: &Scene<'_>, form: &Form) -> Result<About, Unread> {
    let dated = match plain(form.text("attach.dated")).is_empty() {
        true => None,
        false => Some(date(form, "attach.dated")?),
    };
    let planned = plan::lines(scene);
    let line_of = |number: u8| planned.get(usize::from(number).checked_sub(1)?).map(|(_, line)| line.id);
    let lines: Option<BTreeSet<Id>> = numbers(form, "attach.lines")?.into_iter().map(line_of).collect();
    let links = Links {
        questions: numbers(form, "attach.questions")?,
        plan_lines: lines.ok_or("attach.lines")?,
        sessions: numbers(form, "attach.sessions")?,
    };
    Ok(About { dated, note: line(form, "attach.note"), links })
}

pub(super) fn numbers(form: &Form, label: Unread) -> Result<BTreeSet<u8>, Unread> {
    let text = plain(form.text(label));
    let parts = text.split(|c: char| matches!(c, ',' | '、') || c.is_whitespace()).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(|_| label)).collect()
}
