//! The days ahead as a calendar file (RFC 5545) that any calendar program reads. Case numbers unless names are asked for.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use crate::agenda::{Event, Kind};
use crate::books::Books;
use crate::record::v1::Mode;
use crate::text::Lang;
use crate::today::What;

/// Octets of a line without its end (RFC 5545 §3.1).
const LINE: usize = 75;
/// Hours that Japan is ahead of UTC.
const JAPAN: i32 = 9;
/// When a day's reminder rings.
const MORNING: Time = Time::constant(9, 0, 0, 0);

const HEAD: [&str; 14] = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Bansou//Bansou//JA",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Tokyo",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0900",
    "TZNAME:JST",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// The file's text. `now` is Japan time.
pub fn file(books: &Books, events: &[Event], now: DateTime, lang: Lang, names: bool) -> String {
    let mut out = String::new();
    HEAD.iter().for_each(|line| put(&mut out, line));
    for event in events {
        let Some(engagement) = books.engagements.get(&event.engagement) else { continue };
        let client = books.client_of(engagement).filter(|_| names).map_or("", |c| c.name.as_str());
        let who = if client.is_empty() { &engagement.case_no } else { client };
        let title = format!("{who} {}", title(event.kind, lang));
        put(&mut out, "BEGIN:VEVENT");
        put(&mut out, &format!("UID:{}-{}@bansou", engagement.id, tail(event.kind)));
        put(&mut out, &format!("DTSTAMP:{}", utc(now)));
        when(&mut out, event);
        put(&mut out, &format!("SUMMARY:{}", escaped(&title)));
        if let Some(on) = event.remind_on {
            put(&mut out, "BEGIN:VALARM");
            put(&mut out, "ACTION:DISPLAY");
            put(&mut out, &format!("DESCRIPTION:{}", escaped(&title)));
            put(&mut out, &format!("TRIGGER;VALUE=DATE-TIME:{}", utc(on.to_datetime(MORNING))));
            put(&mut out, "END:VALARM");
        }
        put(&mut out, "END:VEVENT");
    }
    put(&mut out, "END:VCALENDAR");
    out
}

/// Begin and end: a session by the hour, a last day as a whole day that blocks no time.
fn when(out: &mut String, event: &Event) {
    match event.kind {
        Kind::Session { start: Some(start), minutes, .. } => {
            let begins = event.date.to_datetime(start);
            let ends = begins.saturating_add(i32::from(minutes).minutes());
            put(out, &format!("DTSTART;TZID=Asia/Tokyo:{}", local(begins)));
            put(out, &format!("DTEND;TZID=Asia/Tokyo:{}", local(ends)));
        }
        kind => {
            let day = |d: Date| d.strftime("%Y%m%d").to_string();
            put(out, &format!("DTSTART;VALUE=DATE:{}", day(event.date)));
            put(out, &format!("DTEND;VALUE=DATE:{}", day(event.date.saturating_add(1.day()))));
            if matches!(kind, Kind::Due(_)) {
                put(out, "TRANSP:TRANSPARENT");
            }
        }
    }
}

/// What an event is called, without whose it is.
pub fn title(kind: Kind, lang: Lang) -> String {
    let form = |n: u8| if n == 1 { '6' } else { '7' };
    match (kind, lang) {
        (Kind::Session { number, mode, .. }, Lang::Ja) => {
            let mode = match mode {
                Mode::Visit => "訪問",
                Mode::Online => "オンライン",
                Mode::Mixed => "訪問とオンライン",
            };
            format!("第{number}回 {mode}")
        }
        (Kind::Session { number, mode, .. }, Lang::En) => {
            let mode = match mode {
                Mode::Visit => "visit",
                Mode::Online => "online",
                Mode::Mixed => "visit and online",
            };
            format!("session {number}, {mode}")
        }
        (Kind::Due(What::Report(n) | What::Returned(n)), Lang::Ja) => format!("様式{}(第{n}回) 期限", form(n)),
        (Kind::Due(What::Report(n) | What::Returned(n)), Lang::En) => {
            format!("form {} of session {n}: last day", form(n))
        }
        (Kind::Due(What::Claim { .. }), Lang::Ja) => "請求 期限".to_owned(),
        (Kind::Due(What::Claim { .. }), Lang::En) => "claim: last day".to_owned(),
        (Kind::Due(_), Lang::Ja) => "成果物 期限".to_owned(),
        (Kind::Due(_), Lang::En) => "deliverables: last day".to_owned(),
    }
}

/// The end of a UID: the same for the same thing, whatever day it moves to.
fn tail(kind: Kind) -> String {
    match kind {
        Kind::Session { number, .. } => format!("session-{number}"),
        Kind::Due(What::Report(n) | What::Returned(n)) => format!("report-{n}"),
        Kind::Due(What::Claim { .. }) => "claim".to_owned(),
        Kind::Due(_) => "deliverables".to_owned(),
    }
}

fn local(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

fn utc(at: DateTime) -> String {
    format!("{}Z", local(at.saturating_sub(JAPAN.hours())))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '\\' | ';' | ',') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One content line, folded between characters so that no line has more than 75 octets.
fn put(out: &mut String, line: &str) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn folding_keeps_every_character_and_the_limit(text in "\\PC{0,300}") {
            let mut out = String::new();
            put(&mut out, &text);
            prop_assert!(out.ends_with("\r\n"));
            prop_assert!(out.trim_end_matches("\r\n").split("\r\n").all(|l| l.len() <= LINE), "{}", out);
            prop_assert_eq!(out.strip_suffix("\r\n").unwrap_or("").replace("\r\n ", ""), text);
        }
    }

    #[test]
    fn what_separates_values_is_escaped() {
        assert_eq!(escaped("甲,乙;丙\\丁\n"), "甲\\,乙\\;丙\\\\丁");
    }
}
