//! Forms of the sessions tab: holding a session, an own item, two sessions on one day.

use bansou_core::record::v1::Part;
use bansou_core::session::SessionAction;
use jiff::civil::Time;

use super::{MODES, Unread, line, modes, number, yes_no};
use crate::app::form::{Entry, Form, Purpose};
use crate::app::screens::Scene;
use crate::words::Words;

/// The parts an own item can stand in, as they are offered.
const PARTS: [(Part, &str); 4] =
    [(Part::Day, "check.day"), (Part::Prep, "check.prep"), (Part::Firm, "check.firm"), (Part::After, "check.after")];

/// True when the programme lets a session share the day of the one before it.
fn combinable(scene: &Scene<'_>, session: u8) -> bool {
    scene.pack.programme.sessions.same_day.iter().any(|pair| pair.1 == session)
}

/// Recording that a session was held: with the times of its clock, or else those of its plan.
pub fn hold(scene: &Scene<'_>, session: u8) -> Form {
    let words = scene.words;
    let found = scene.engagement.session(session);
    let planned = found.and_then(|s| s.planned.as_ref());
    let times = found.and_then(|s| s.clock.as_ref()).map(|c| c.times(scene.model.clock));
    let shown = |t: Option<Time>| t.map_or_else(String::new, |t| t.strftime("%H:%M").to_string());
    let date = times.map(|t| t.0).or_else(|| planned.map(|p| p.date)).unwrap_or(scene.today);
    let start = times.map(|t| t.1).or_else(|| planned.and_then(|p| p.start));
    let mode = planned.map_or(0, |p| MODES.iter().position(|m| *m == p.mode).unwrap_or(0));
    let mut entries = vec![
        Entry::line("field.date", &date.to_string()),
        Entry::line("field.start", &shown(start)),
        Entry::line("field.end", &shown(times.and_then(|t| t.2))),
        Entry::pick("field.mode", modes(words), mode),
        Entry::line("field.attendees", "1"),
        Entry::pick("field.management", yes_no(words), 0),
        Entry::line("field.place", ""),
    ];
    if combinable(scene, session) {
        let reason = found.and_then(|s| s.combined_reason.as_deref()).unwrap_or("");
        entries.push(Entry::line("field.combined", reason));
    }
    Form::new(Purpose::Hold, "form.hold", entries)
}

/// An item of the expert's own.
pub fn add_item(words: &Words) -> Form {
    let parts = PARTS.map(|p| words.get(p.1).to_owned()).to_vec();
    let entries =
        vec![Entry::line("field.item", ""), Entry::pick("field.part", parts, 0), Entry::line("field.minutes", "")];
    Form::new(Purpose::AddItem, "form.add_item", entries)
}

/// The session whose day is shared: the shown one, or the one after it when only that may.
pub fn shared(scene: &Scene<'_>, session: u8) -> u8 {
    if combinable(scene, session) || !combinable(scene, session + 1) { session } else { session + 1 }
}

/// Two sessions on one day: the reason.
pub fn combine(scene: &Scene<'_>, session: u8) -> Form {
    let session = shared(scene, session);
    let reason = scene.engagement.session(session).and_then(|s| s.combined_reason.as_deref()).unwrap_or("");
    Form::new(Purpose::Combine(session), "form.combine", vec![Entry::line("field.reason", reason)])
}

/// The own item that a form describes.
pub fn item(form: &Form) -> Result<SessionAction, Unread> {
    let minutes = if form.text("field.minutes").trim().is_empty() { 0 } else { number(form, "field.minutes")? };
    let part = PARTS[form.picked("field.part").min(PARTS.len() - 1)].0;
    Ok(SessionAction::AddItem { part, text: line(form, "field.item"), minutes })
}
