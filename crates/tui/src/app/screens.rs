//! The screens of an opened home and what they share: the engagement looked at, dates and states in words.

pub mod board;
pub mod checklist;
pub mod claims;
pub mod clients;
pub mod deliverables;
pub mod diagnosis;
pub mod doctor;
pub mod evidence;
pub mod experts;
pub mod fields;
pub mod figures;
pub mod final_report;
pub mod forms;
pub mod found;
pub mod glance;
pub mod guidance;
pub mod hearing;
pub mod history;
pub mod inbox;
pub mod memo;
pub mod merge;
pub mod notes;
pub mod outbox;
pub mod overview;
pub mod past;
pub mod payments;
pub mod plan;
pub mod policy;
pub mod preview;
pub mod radar;
pub mod regulations;
pub mod report;
pub mod search;
pub mod then;
pub mod timeline;
pub mod today;
pub mod tutorial;
pub mod writing;

use bansou_core::engagement::{self, Status};
use bansou_core::programme::Pack;
use bansou_core::record::v1::{Client, Engagement, Id, Mode};
use jiff::civil::Date;

use super::look::Role;
use super::model::{Model, Screen, Tab, Work};
use crate::words::Words;

/// The engagement on the screen with everything needed to draw or change it.
pub struct Scene<'a> {
    pub model: &'a Model,
    pub pack: &'a Pack,
    pub engagement: &'a Engagement,
    pub client: &'a Client,
    pub today: Date,
    pub words: &'static Words,
}

impl<'a> Scene<'a> {
    /// The scene of the engagement screen; `None` elsewhere.
    pub fn of(model: &'a Model) -> Option<Scene<'a>> {
        match &model.screen {
            // Everything drawn of an engagement as it was comes from its records of then.
            Screen::Work(work) => Scene::about(work.then.as_ref().map_or(model, |then| &then.model), work.engagement),
            _ => None,
        }
    }

    /// The scene of any engagement.
    pub fn about(model: &'a Model, engagement: Id) -> Option<Scene<'a>> {
        let engagement = model.books.engagements.get(&engagement)?;
        Some(Scene {
            model,
            pack: model.pack(engagement)?,
            engagement,
            client: model.books.client_of(engagement)?,
            today: model.clock.date(),
            words: model.look.words(),
        })
    }

    /// How many rows the cursor of the tab can stand on.
    pub fn rows(&self, work: &Work) -> usize {
        match work.tab {
            Tab::Overview | Tab::Report => 0,
            Tab::Policy => policy::rows(self).len(),
            Tab::Final => final_report::items(self).len(),
            Tab::Evidence => evidence::all(self).len(),
            Tab::Deliverables => deliverables::documents(self).len(),
            Tab::Sessions => checklist::lines(self, work.session).len(),
            Tab::Notes if work.notes.sheet => hearing::shown(self, &work.notes).len(),
            Tab::Notes => notes::shown(self, &work.notes).len(),
            Tab::Diagnosis => self.pack.diagnosis.questions.len(),
            Tab::Regulations => self.pack.regulations.sections().count(),
            Tab::Plan => plan::lines(self).len(),
        }
    }

    /// The state of a session: its word's key and its role.
    pub fn state(&self, number: u8) -> (&'static str, Role) {
        state_word(engagement::status(&self.model.books, self.pack, self.engagement, number, self.today))
    }
}

/// The word and the role of work that is `percent` done.
pub fn percent_word(percent: usize) -> (&'static str, Role) {
    match percent {
        0 => ("state.not_yet", Role::Quiet),
        100.. => ("state.done", Role::Good),
        _ => ("state.doing", Role::Busy),
    }
}

/// The short word of how a session is held.
pub fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Visit => "mode.visit",
        Mode::Online => "mode.online",
        Mode::Mixed => "mode.mixed",
    }
}

/// The word and the role of a session's state.
pub fn state_word(status: Status) -> (&'static str, Role) {
    match status {
        Status::Done => ("state.done", Role::Good),
        Status::Doing => ("state.doing", Role::Busy),
        Status::Late => ("state.late", Role::Bad),
        Status::Planned => ("state.planned", Role::Plain),
        Status::NotYet => ("state.not_yet", Role::Quiet),
        Status::Dropped => ("state.dropped", Role::Quiet),
    }
}

/// A date with its distance: today, in 3 days, 2 days late.
pub fn distance(words: &Words, date: Date, today: Date) -> String {
    let days = today.until(date).map_or(0, |span| span.get_days());
    let count = days.abs().to_string();
    match days {
        0 => words.get("when.today").to_owned(),
        1 => words.get("when.tomorrow").to_owned(),
        2.. => words.fill("when.in_days", &[("n", &count)]),
        _ => words.fill("when.late", &[("n", &count)]),
    }
}

/// A date as it lies from today: today, in 3 days, 2 days ago.
pub fn away(words: &Words, date: Date, today: Date) -> String {
    let days = today.until(date).map_or(0, |span| span.get_days());
    if days < 0 { words.fill("when.ago", &[("n", &days.abs().to_string())]) } else { distance(words, date, today) }
}

/// The short name of a date's weekday.
pub fn weekday(words: &Words, date: Date) -> &str {
    words.get(WEEKDAYS[date.weekday().to_monday_zero_offset() as usize])
}

/// `10/08` with the weekday.
pub fn day(words: &Words, date: Date) -> String {
    format!("{:02}/{:02}({})", date.month(), date.day(), weekday(words, date))
}

const WEEKDAYS: [&str; 7] = ["day.mon", "day.tue", "day.wed", "day.thu", "day.fri", "day.sat", "day.sun"];

/// The name of a client, hidden from people looking on unless it is the one on the screen.
pub fn client_name<'a>(model: &'a Model, client: &'a Client, shown: Option<Id>) -> &'a str {
    if model.look.client_safe && shown != Some(client.id) {
        model.look.words().get("view.hidden")
    } else {
        &client.name
    }
}

/// The rows of the screen's list; 0 without one.
pub fn rows(model: &Model) -> usize {
    match (&model.screen, Scene::of(model)) {
        (Screen::Clients { .. }, _) => clients::shown(model).len(),
        (Screen::Today { .. }, _) => today::todos(model).len(),
        (Screen::History { .. }, _) => history::rows(model).len(),
        (Screen::Merge { returned, .. }, _) => merge::rows(model, *returned).len(),
        (Screen::Outbox { .. }, _) => model.books.outbox.len(),
        (Screen::Doctor { report, .. }, _) => report.as_ref().map_or(0, doctor::rows),
        (Screen::Claims { .. }, _) => claims::rows(model).len(),
        (Screen::Work(work), Some(scene)) => scene.rows(work),
        _ => 0,
    }
}

/// Which row of its list is chosen (from 0), and of how many.
pub fn place(model: &Model) -> Option<(usize, usize)> {
    let cursor = model.screen.cursor()?;
    let rows = rows(model);
    (rows > 0).then(|| (cursor.at(rows), rows))
}
