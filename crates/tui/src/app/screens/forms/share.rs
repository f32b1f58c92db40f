//! The forms of going along: the agreement, and where the files lie.

use bansou_core::record::v1::{Consent, Pairing, SharePart};
use bansou_core::share::{self, PARTS};
use bansou_core::wire::v1::share::ShareKey;
use jiff::civil::Date;

use super::evidence::numbers;
use super::{Unread, date, line, plain, yes_no};
use crate::app::form::{Entry, Form, Purpose};
use crate::app::screens::Scene;

/// The label of each part.
fn label(part: SharePart) -> &'static str {
    match part {
        SharePart::Overview => "pair.part_overview",
        SharePart::Checklist => "pair.part_checklist",
        SharePart::Diagnosis => "pair.part_diagnosis",
        SharePart::Policy => "pair.part_policy",
        SharePart::Regulations => "pair.part_regulations",
        SharePart::Plan => "pair.part_plan",
        SharePart::Notes => "pair.part_notes",
    }
}

fn known(scene: &Scene<'_>) -> Pairing {
    let id = scene.engagement.id;
    scene.model.books.pairing_of(id).cloned().unwrap_or_else(|| share::fresh(id))
}

/// What was agreed about a trainee; what is not known yet stays empty.
pub fn agreement(scene: &Scene<'_>) -> Form {
    let p = known(scene);
    let day = |day: Option<Date>| day.map_or_else(String::new, |d| d.to_string());
    let own = scene.model.books.profile.as_ref().map_or("", |p| p.name.as_str());
    let key = ShareKey { age: p.age_recipient, signing: p.signing_key };
    let key = if key.age.is_empty() { String::new() } else { key.line() };
    let (by, on, taken_by) =
        p.consent.map_or((String::new(), None, own.to_owned()), |c| (c.by, Some(c.on), c.taken_by));
    let sessions = p.sessions.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let mut entries = vec![
        Entry::line("pair.trainee", &p.trainee),
        Entry::line("pair.key", &key),
        Entry::line("pair.consent_by", &by),
        Entry::line("pair.consent_on", &day(on)),
        Entry::line("pair.consent_taken_by", &taken_by),
        Entry::line("pair.liability_on", &day(p.liability_on)),
        Entry::line("pair.sessions", &sessions),
        Entry::line("pair.roles", &p.roles),
        Entry::line("pair.dates_by", &p.dates_by),
        Entry::pick("pair.handouts", yes_no(scene.words), usize::from(!p.handouts)),
    ];
    let part = |part: &SharePart| Entry::pick(label(*part), yes_no(scene.words), usize::from(!p.parts.contains(part)));
    entries.extend(PARTS.iter().map(part));
    entries.push(Entry::line("pair.until", &day(p.until)));
    Form::new(Purpose::Pair, "pair.form", entries)
}

/// What the fields of an agreement say. One that is written again stands again.
pub fn agreed(scene: &Scene<'_>, form: &Form) -> Result<Pairing, Unread> {
    let day = |label: Unread| -> Result<Option<Date>, Unread> {
        if plain(form.text(label)).is_empty() { Ok(None) } else { date(form, label).map(Some) }
    };
    let key = ShareKey::parse(form.text("pair.key")).map_err(|_| "pair.key")?;
    let by = line(form, "pair.consent_by");
    let consent = match day("pair.consent_on")? {
        Some(on) => Some(Consent { by, on, taken_by: line(form, "pair.consent_taken_by") }),
        None if by.is_empty() => None,
        None => return Err("pair.consent_on"),
    };
    Ok(Pairing {
        trainee: line(form, "pair.trainee"),
        age_recipient: key.age,
        signing_key: key.signing,
        consent,
        liability_on: day("pair.liability_on")?,
        sessions: numbers(form, "pair.sessions")?,
        roles: line(form, "pair.roles"),
        dates_by: line(form, "pair.dates_by"),
        handouts: form.picked("pair.handouts") == 0,
        parts: PARTS.into_iter().filter(|part| form.picked(label(*part)) == 0).collect(),
        until: day("pair.until")?,
        withdrawn_on: None,
        ..known(scene)
    })
}

/// Where the file for the other is written.
pub fn hand_over(scene: &Scene<'_>) -> Form {
    let copy = scene.model.books.shared_of(scene.engagement.id).is_some();
    let (title, end) = if copy { ("pair.form_back", "return") } else { ("pair.form_out", "share") };
    let name = format!("{}-{end}.age", scene.engagement.case_no);
    Form::new(Purpose::HandOver, title, vec![Entry::line("field.file", &name)])
}

/// Which return is read.
pub fn take_in() -> Form {
    Form::new(Purpose::TakeIn, "pair.form_in", vec![Entry::line("attach.path", "")])
}

/// Which copy is taken in, and whose it must be.
pub fn take_copy() -> Form {
    let entries = vec![Entry::line("attach.path", ""), Entry::line("pair.leads_key", "")];
    Form::new(Purpose::TakeCopy, "pair.form_copy", entries)
}
