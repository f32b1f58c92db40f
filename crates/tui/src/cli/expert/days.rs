//! What is to be done, and the days ahead.

use bansou_core::agenda::{self, Event, Kind};
use bansou_core::ics;
use bansou_core::span::{self, Risk};
use bansou_core::text::Lang;
use bansou_core::today::{self, Urgency, What};
use serde_json::{Value, json};

use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::CalendarArgs;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::papers;

/// Days that the calendar looks ahead.
const AHEAD: u16 = 14;

fn what_word(what: What) -> (&'static str, Option<u8>) {
    match what {
        What::Report(n) => ("report", Some(n)),
        What::Confirmation(n) => ("confirmation", Some(n)),
        What::Hold(n) => ("hold", Some(n)),
        What::Date(n) => ("date", Some(n)),
        What::Returned(n) => ("returned", Some(n)),
        What::Claim { .. } => ("claim", None),
        What::Deliverables(_) => ("deliverables", None),
        What::Send(_) => ("send", None),
        What::Drill => ("drill", None),
        What::Backup => ("backup", None),
    }
}

fn urgency_word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Late => "late",
        Urgency::Today => "today",
        Urgency::Tomorrow => "tomorrow",
        Urgency::Soon => "soon",
        Urgency::Other => "other",
    }
}

fn risk_word(risk: Risk) -> &'static str {
    match risk {
        Risk::Over => "over",
        Risk::AtRisk => "at-risk",
        Risk::Fits => "fits",
        Risk::Finished => "finished",
    }
}

fn case_no(home: &Home, engagement: Option<bansou_core::record::v1::Id>) -> &str {
    engagement.and_then(|id| home.books.engagements.get(&id)).map_or("-", |e| &e.case_no)
}

pub(super) fn today(call: &Call) -> Result<Answer, Failure> {
    let home = call.open()?;
    let day = home.ctx().today();
    let mut answer = Answer::default().with("date", day.to_string());
    let mut rows = Vec::new();
    for todo in today::todos(&home.books, &home.packs, day, home.seq()) {
        let case_no = case_no(&home, todo.engagement);
        let (what, session) = what_word(todo.what);
        let urgency = urgency_word(todo.urgency(day));
        let (due, remind) = (todo.due.map(|d| d.to_string()), todo.remind_on.map(|d| d.to_string()));
        let number = session.map_or_else(String::new, |n| n.to_string());
        answer = answer.and(format!("{urgency:8} {:10}  {case_no:8}  {what} {number}", due.as_deref().unwrap_or("-")));
        rows.push(json!({"case_no": case_no, "what": what, "session": session, "due": due, "remind_on": remind,
            "days_left": todo.days_left(day), "urgency": urgency}));
    }
    let spans: Vec<Value> = span::spans(&home.books, &home.packs, day)
        .into_iter()
        .map(|s| {
            json!({"case_no": case_no(&home, Some(s.engagement)), "days": s.gone, "of": s.of,
                "last_day": s.last_day.to_string(), "finish": s.finish.to_string(), "risk": risk_word(s.risk)})
        })
        .collect();
    Ok(answer.with("todo", rows).with("spans", spans))
}

pub(super) fn calendar(call: &Call, args: &CalendarArgs) -> Result<Answer, Failure> {
    let home = call.open()?;
    if let Some(file) = &args.ics {
        papers::save_calendar(&home, file, args.names, call.lang)?;
        return Ok(Answer::line(file.display().to_string()).with("file", file.display().to_string()));
    }
    let today = home.ctx().today();
    let events = agenda::events(&home.books, &home.packs, today);
    let pack = bansou_core::programme::for_day(&home.packs, today);
    let days = pack.map_or_else(Vec::new, |pack| agenda::days(pack, today, AHEAD));
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for day in days {
        let holiday = day.holiday.as_ref().map(|h| h.get(call.lang).to_owned());
        let of_day: Vec<&Event> = events.iter().filter(|e| e.date == day.date).collect();
        let closed = if call.lang == Lang::Ja { "休" } else { "closed" };
        let name = holiday.as_deref().unwrap_or(if day.open { "" } else { closed });
        answer = answer.and(format!("{}  {name}", day.date).trim_end().to_owned());
        for event in &of_day {
            let time = event.start().map_or_else(|| "-----".to_owned(), |t| t.strftime("%H:%M").to_string());
            let case_no = case_no(&home, Some(event.engagement));
            answer = answer.and(format!("            {time}  {case_no:8}  {}", ics::title(event.kind, call.lang)));
        }
        let told: Vec<Value> = of_day.iter().map(|e| event(&home, e)).collect();
        rows.push(json!({"date": day.date.to_string(), "business_day": day.open, "holiday": holiday, "events": told}));
    }
    Ok(answer.with("days", rows))
}

fn event(home: &Home, event: &Event) -> Value {
    let (what, session, minutes) = match event.kind {
        Kind::Session { number, minutes, .. } => ("session", Some(number), Some(minutes)),
        Kind::Due(what) => (what_word(what).0, what_word(what).1, None),
    };
    json!({"case_no": case_no(home, Some(event.engagement)), "what": what, "session": session, "minutes": minutes,
        "start": event.start().map(|t| t.strftime("%H:%M").to_string()),
        "remind_on": event.remind_on.map(|d| d.to_string())})
}
