//! The request to prepare as a letter, and the first draft of a report's words, both from the checklist.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use super::terms::Terms;
use super::{Scene, clock};
use crate::checklist::{self, Group, Line};
use crate::curriculum::{By, SessionPlan};
use crate::programme::Pack;
use crate::record::v1::{CheckState, Engagement, Mode, Part, Planned};
use crate::refusal::Refusal;

impl Scene<'_> {
    /// What the firm is still asked for before a session, with the hint of each.
    pub(super) fn asked_of_firm(&self, number: u8) -> Vec<(String, String)> {
        let lines = checklist::lines(&self.pack.curriculum, self.engagement, number);
        let asked = lines.into_iter().filter(|l| match l.group {
            Group::Of(part) => part == Part::Firm,
            Group::Carried => l.item().is_some_and(|i| i.by == By::Firm),
        });
        let open = asked.filter(|l| l.check.is_none());
        open.map(|l| {
            let asked = l.item().and_then(|i| i.ask.as_ref()).map_or_else(|| l.text().ja, |a| a.ja.clone());
            let detail = l.item().and_then(|i| i.detail.as_ref()).map_or_else(String::new, |d| d.ja.clone());
            (asked, detail)
        })
        .collect()
    }

    /// Weekday and hours, from the start and the minutes of the timetable.
    pub(super) fn visit_time(&self, planned: Option<&Planned>, unit: &SessionPlan) -> String {
        let Some(planned) = planned else {
            return self.terms.get("prep_time_open").to_owned();
        };
        let days: Vec<&str> = self.terms.get("weekdays").split(',').collect();
        let weekday = days.get(planned.date.weekday().to_monday_zero_offset() as usize).copied().unwrap_or("");
        let hours = match planned.start {
            None => self.terms.get("prep_time_open").to_owned(),
            Some(start) => {
                let end = start.wrapping_add(i64::from(unit.minutes()).minutes());
                self.terms.fill("prep_hours", &[("from", &clock(start)), ("to", &clock(end))])
            }
        };
        format!("{weekday} {hours}")
    }

    pub(super) fn place(&self, planned: Option<&Planned>) -> &str {
        match planned.map(|p| p.mode) {
            Some(Mode::Visit) => self.terms.get("prep_place_visit"),
            Some(Mode::Online) => self.terms.get("prep_place_online"),
            Some(Mode::Mixed) | None => self.terms.get("prep_place"),
        }
    }

    fn letter_day(&self, date: Date, time: &str) -> String {
        let values = [("y", date.year().to_string()), ("m", date.month().to_string()), ("d", date.day().to_string())];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        format!("{} {time}", self.terms.fill("letter_day", &values))
    }

    /// The request to prepare as plain text for a mail: the same words as on the page.
    pub(super) fn letter(&self, number: u8) -> Result<String, Refusal> {
        let data = self.prep_request(number)?;
        let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut out = self.terms.fill(
            "letter_head",
            &[("company", &self.client.name), ("recipient", &text("recipient")), ("session", &text("session"))],
        );
        let when = match data.get("visit_on").and_then(Value::as_str).and_then(|d| d.parse().ok()) {
            Some(date) => self.letter_day(date, &text("visit_time")),
            None => text("visit_time"),
        };
        out += &format!("\n{}\n", text("purpose"));
        let asked = self.asked_of_firm(number);
        let items: Vec<String> = asked.iter().map(|(item, detail)| bullet(item, detail)).collect();
        let items = if items.is_empty() { self.terms.get("letter_nothing").to_owned() } else { items.join("\n") };
        for (title, body) in [
            ("letter_when", when),
            ("letter_place", text("place")),
            ("letter_items", items),
            ("letter_burden", text("burden")),
            ("letter_benefit", text("benefit")),
            ("letter_secrecy", text("secrecy")),
        ] {
            out += &format!("\n{}\n{body}\n", self.terms.get(title));
        }
        Ok(out + &self.terms.fill("letter_foot", &[("expert", &self.profile.name)]))
    }
}

fn bullet(item: &str, detail: &str) -> String {
    if detail.is_empty() { format!("・{item}") } else { format!("・{item}\n  {detail}") }
}

/// A first draft of a report's words: what was done of the edition, and no word of the firm.
pub fn draft(pack: &Pack, engagement: &Engagement, number: u8) -> String {
    let terms = Terms::built_in();
    let lines = checklist::lines(&pack.curriculum, engagement, number);
    let listed = |group: Group, state: CheckState| {
        let chosen = |l: &&Line<'_>| l.group == group && l.check.is_some_and(|c| c.state == state);
        let items = lines.iter().filter(chosen).filter_map(Line::item);
        items.map(|i| i.ja.as_str()).collect::<Vec<_>>().join("\u{3001}")
    };
    let day = Group::Of(Part::Day);
    let mut out: Vec<String> = [
        (terms.get("draft_done"), listed(day, CheckState::Done)),
        (terms.get("draft_late"), listed(Group::Carried, CheckState::Done)),
        (terms.get("draft_skipped"), listed(day, CheckState::Skipped)),
    ]
    .into_iter()
    .filter(|(_, list)| !list.is_empty())
    .map(|(words, list)| words.replace("{list}", &list))
    .collect();
    let (added, _) = checklist::adapted(&pack.curriculum, engagement, number);
    if added > 0 {
        out.push(terms.fill("draft_added", &[("n", &added.to_string())]));
    }
    out.join("\n")
}
