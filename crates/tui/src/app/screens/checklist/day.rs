//! The clock of a session and its timetable: where one should be now, in words and as a bar.

use bansou_core::checklist::{self, Group};
use bansou_core::curriculum::{AgendaItem, SessionPlan};
use bansou_core::record::v1::{Clock, Part, Session};
use bansou_core::timing::{self, Pace, State};
use jiff::ToSpan;
use jiff::civil::Time;
use ratatui::layout::Rect;

use crate::app::canvas::Canvas;
use crate::app::look::Role;
use crate::app::screens::Scene;
use crate::words::Lang;

/// Rows of the clock below the list.
pub const ROWS: u16 = 2;
/// Cells of the bar.
const BAR: u16 = 24;
/// Minutes that are still called in time.
const IN_TIME: i32 = 5;

fn session<'a>(scene: &Scene<'a>, plan: &SessionPlan) -> Option<&'a Session> {
    scene.engagement.session(plan.number)
}

fn name(item: &AgendaItem, lang: Lang) -> &str {
    match lang {
        Lang::Ja => &item.ja,
        Lang::En => &item.en,
    }
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Draws the clock; before it was started, the timetable in one line and the key that starts it.
pub fn draw(scene: &Scene<'_>, plan: &SessionPlan, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let found = session(scene, plan);
    let held = found.and_then(|s| s.held.as_ref());
    let clock = found.and_then(|s| s.clock.as_ref());
    let (first, second) = match (held, clock) {
        (Some(held), _) => {
            // Measured without its pauses, unless other times were written by hand.
            let now = scene.model.clock;
            let measured = clock.filter(|c| c.times(now) == (held.date, held.start, Some(held.end)));
            let minutes = measured.map_or_else(|| span(held.start, held.end), |c| c.minutes(now));
            let values = [("from", hour(held.start)), ("to", hour(held.end)), ("n", minutes.to_string())];
            (fill(scene, "clock.held", &values), planned(scene, plan))
        }
        (None, Some(clock)) => return running(scene, plan, clock, canvas, area),
        (None, None) if scene.engagement.next_session() == Some(plan.number) => {
            let form = bansou_core::bundle::form_of(plan.number);
            let form = words.get(crate::app::screens::deliverables::name(form));
            (planned(scene, plan), words.fill("clock.begin", &[("form", form)]))
        }
        (None, None) => (planned(scene, plan), String::new()),
    };
    canvas.text(area.x, area.y, area.width, &first, Role::Plain);
    canvas.text(area.x, area.y + 1, area.width, &second, Role::Plain);
}

fn fill(scene: &Scene<'_>, key: &str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    scene.words.fill(key, &values)
}

fn span(from: Time, to: Time) -> u32 {
    let minutes = |t: Time| i32::from(t.hour()) * 60 + i32::from(t.minute());
    u32::try_from(minutes(to) - minutes(from)).unwrap_or(0)
}

/// The timetable in one line.
fn planned(scene: &Scene<'_>, plan: &SessionPlan) -> String {
    let lang = scene.model.lang();
    let parts: Vec<String> = plan.agenda.iter().map(|a| format!("{} {}", name(a, lang), a.minutes)).collect();
    scene.words.fill("guide.agenda", &[("list", &parts.join(" / ")), ("n", &plan.minutes().to_string())])
}

fn running(scene: &Scene<'_>, plan: &SessionPlan, clock: &Clock, canvas: &mut Canvas<'_>, area: Rect) {
    let now = scene.model.clock;
    let Some(pace) = timing::pace(&plan.agenda, clock.minutes(now)) else {
        return;
    };
    let (word, role) = match clock.state() {
        State::Running => ("clock.running", Role::Good),
        State::Paused => ("clock.paused", Role::Busy),
        State::Ended => ("clock.ended", Role::Plain),
    };
    let (_, start, end) = clock.times(now);
    let values = [
        ("from", hour(start)),
        ("to", end.map_or_else(String::new, hour)),
        ("n", pace.elapsed.to_string()),
        ("all", pace.planned.to_string()),
    ];
    let after = canvas.text(area.x, area.y, area.width, &fill(scene, word, &values), role);
    if after + 1 + BAR <= area.right() {
        canvas.bar(area.right() - BAR, area.y, BAR, pace.elapsed.into(), pace.planned.into());
    }
    let second = match clock.state() {
        State::Ended => scene.words.get("clock.record").to_owned(),
        _ => format!("{}  {}", now_at(scene, plan, pace), behind(scene, plan, pace)),
    };
    canvas.text(area.x, area.y + 1, area.width, &second, Role::Plain);
}

/// Which item of the timetable it should be, and how long until the next.
fn now_at(scene: &Scene<'_>, plan: &SessionPlan, pace: Pace) -> String {
    let item = plan.agenda.get(pace.at).map_or("", |a| name(a, scene.model.lang()));
    let values = [
        ("i", (pace.at + 1).to_string()),
        ("all", plan.agenda.len().to_string()),
        ("name", item.to_owned()),
        ("n", pace.left.abs().to_string()),
    ];
    fill(scene, if pace.left < 0 { "clock.over" } else { "clock.now" }, &values)
}

/// Whether the day's items keep up with the clock.
fn behind(scene: &Scene<'_>, plan: &SessionPlan, pace: Pace) -> String {
    let lines = super::lines(scene, plan.number);
    let (done, all) = checklist::settled(&lines, Group::Of(Part::Day));
    let late = pace.behind(done, all);
    let key = match late {
        late if late > IN_TIME => "clock.late",
        late if late < -IN_TIME => "clock.early",
        _ => "clock.in_time",
    };
    fill(scene, key, &[("done", done.to_string()), ("all", all.to_string()), ("n", late.abs().to_string())])
}

/// Draws the timetable with its hours, the present item marked; answers the row after it.
pub fn timetable(scene: &Scene<'_>, plan: &SessionPlan, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let (words, lang) = (scene.words, scene.model.lang());
    let found = session(scene, plan);
    let clock = found.and_then(|s| s.clock.as_ref()).filter(|c| c.state() != State::Ended);
    let pace = clock.and_then(|c| timing::pace(&plan.agenda, c.minutes(scene.model.clock)));
    let began = found.and_then(|s| s.clock.as_ref()).map(|c| c.times(scene.model.clock).1);
    let mut start = began.or_else(|| found.and_then(|s| s.planned.as_ref()).and_then(|p| p.start));
    let title = words.fill("guide.timetable", &[("n", &plan.minutes().to_string())]);
    canvas.text(area.x, area.y, area.width, &title, Role::Strong);
    for (y, (index, item)) in (area.y + 1..area.bottom()).zip(plan.agenda.iter().enumerate()) {
        let here = pace.is_some_and(|p| p.at == index);
        let role = if here { Role::Strong } else { Role::Plain };
        let time = start.map_or_else(String::new, hour);
        let mark = if here { ">" } else { " " };
        canvas.text(area.x, y, area.width.saturating_sub(6), &format!("{mark} {time:5} {}", name(item, lang)), role);
        canvas.right(area.x, y, area.width - 1, &item.minutes.to_string(), role);
        start = start.map(|t| t.wrapping_add(i64::from(item.minutes).minutes()));
    }
    (area.y + 1 + plan.agenda.len() as u16).min(area.bottom())
}
