//! The sessions of an engagement on an axis of weeks: preparation as bars, sessions as marks, today as a column.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use ratatui::layout::Rect;

use super::{Scene, checklist, day, mode_word};
use crate::app::canvas::Canvas;
use crate::app::look::Role;
use crate::app::width::fit;

/// Cells of a row's name.
const NAME: u16 = 11;
/// Cells of the word for today and of a month.
const TODAY: u16 = 5;

/// Days on the axis and the cells they take.
struct Axis {
    from: Date,
    days: i32,
    x: u16,
    width: u16,
}

impl Axis {
    /// The cell of a day, inside the axis.
    fn cell(&self, date: Date) -> u16 {
        let days = days_between(self.from, date).clamp(0, self.days);
        let cell = days * i32::from(self.width.saturating_sub(1)) / self.days.max(1);
        self.x + u16::try_from(cell).unwrap_or(0)
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

/// The day of every session: held, planned, or guessed from the programme's weeks of preparation.
pub fn dates(scene: &Scene<'_>) -> Vec<(Date, bool)> {
    let weeks = &scene.pack.programme.sessions.weeks_before;
    let mut last = scene.engagement.matched_on;
    (1..=scene.engagement.last_session())
        .map(|number| {
            let known = scene.engagement.date_of(number);
            let most = weeks.get(usize::from(number) - 1).map_or(2, |w| w.1);
            last = known.unwrap_or_else(|| last.max(scene.today).saturating_add(i32::from(most).weeks()));
            (last, known.is_some())
        })
        .collect()
}

/// Draws the axis; answers the row after it.
pub fn draw(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let dates = dates(scene);
    let report_days = i32::from(scene.pack.programme.deadlines.report_days);
    let last = dates.last().map_or(scene.today, |d| d.0);
    let end = last.saturating_add(report_days.days()).max(scene.today).saturating_add(2.days());
    let first = dates.first().map_or(scene.today, |d| d.0);
    let from = scene.engagement.matched_on.max(first.saturating_sub(4.weeks())).min(scene.today);
    let states = 5;
    let notes = if area.width >= 100 { 48 } else { 33 };
    let x = 1 + NAME + states;
    let width = area.width.saturating_sub(x + notes + 1);
    let axis = Axis { from, days: days_between(from, end), x, width };
    months(scene, &axis, canvas, area);
    let mut y = area.y + 1;
    let mut before = scene.engagement.matched_on;
    for (number, (date, known)) in (1..).zip(&dates) {
        if y + 1 >= area.bottom() {
            return y;
        }
        prepare(scene, &axis, (number, before, *date), canvas, y, area.width);
        hold(scene, &axis, (number, *date, *known), canvas, y + 1, area.width);
        y += 2;
        before = *date;
    }
    let words = scene.words;
    let bar = (before, before.saturating_add(report_days.days()));
    let role = if scene.engagement.all_held() { Role::Busy } else { Role::Quiet };
    let word = if scene.engagement.all_held() { "state.doing" } else { "state.not_yet" };
    row(scene, &axis, canvas, y, words.get("timeline.closing"), (word, role));
    stretch(&axis, bar, scene, canvas, y, role);
    canvas.text(axis.x + axis.width + 1, y, notes, words.get("timeline.after_last"), Role::Quiet);
    y + 1
}

fn months(scene: &Scene<'_>, axis: &Axis, canvas: &mut Canvas<'_>, area: Rect) {
    let today = axis.cell(scene.today);
    let (mut month, mut free) = (axis.from.first_of_month(), 0);
    for _ in 0..=axis.days / 28 + 1 {
        let shown = month.max(axis.from);
        if days_between(axis.from, shown) >= axis.days {
            break;
        }
        let text = scene.words.fill("timeline.month", &[("n", &month.month().to_string())]);
        let x = axis.cell(shown);
        // Today's name wins where the two would touch, and of two months the first.
        if x.abs_diff(today) > TODAY && x >= free {
            free = canvas.text(x, area.y, TODAY, &text, Role::Quiet) + 1;
        }
        month = month.saturating_add(1.month());
    }
    canvas.text(today, area.y, TODAY + 1, scene.words.get("when.today"), Role::Strong);
}

fn row(scene: &Scene<'_>, axis: &Axis, canvas: &mut Canvas<'_>, y: u16, name: &str, state: (&str, Role)) {
    canvas.text(1, y, NAME - 1, name, Role::Plain);
    canvas.text(1 + NAME, y, 4, scene.words.get(state.0), state.1);
    canvas.text(axis.cell(scene.today), y, 1, ":", Role::Quiet);
}

/// A bar over days: done days as `=`, coming ones as `-`.
fn stretch(axis: &Axis, (from, to): (Date, Date), scene: &Scene<'_>, canvas: &mut Canvas<'_>, y: u16, role: Role) {
    let (start, end, now) = (axis.cell(from), axis.cell(to), axis.cell(scene.today));
    for x in start..end {
        canvas.text(x, y, 1, if x < now { "=" } else { "-" }, role);
    }
}

fn prepare(
    scene: &Scene<'_>,
    axis: &Axis,
    (number, from, to): (u8, Date, Date),
    canvas: &mut Canvas<'_>,
    y: u16,
    width: u16,
) {
    let words = scene.words;
    let (done, all) = checklist::prepared(scene, number);
    let held = scene.engagement.held_count() >= number;
    let state = match (held, done) {
        (true, _) => ("state.done", Role::Good),
        (false, n) if n == all && all > 0 => ("state.done", Role::Good),
        (false, 0) if scene.engagement.next_session() != Some(number) => ("state.not_yet", Role::Quiet),
        _ => ("state.doing", Role::Busy),
    };
    row(scene, axis, canvas, y, &words.fill("timeline.prep", &[("n", &number.to_string())]), state);
    stretch(axis, (from, to), scene, canvas, y, state.1);
    let left = checklist::preparation(scene, number).into_iter().find(|l| l.check.is_none());
    let text = match left {
        Some(first) if state.0 == "state.doing" => {
            let (done, all, text) = (done.to_string(), all.to_string(), first.text());
            words.fill("timeline.left", &[("done", &done), ("all", &all), ("text", text.get(scene.model.lang()))])
        }
        _ => format!("{done}/{all}"),
    };
    let x = axis.x + axis.width + 1;
    canvas.text(x, y, width.saturating_sub(x), &text, Role::Plain);
}

fn hold(
    scene: &Scene<'_>,
    axis: &Axis,
    (number, date, known): (u8, Date, bool),
    canvas: &mut Canvas<'_>,
    y: u16,
    width: u16,
) {
    let words = scene.words;
    let state = scene.state(number);
    row(scene, axis, canvas, y, &words.fill("work.session", &[("n", &number.to_string())]), state);
    let mark = if known { number.to_string() } else { "?".to_owned() };
    canvas.text(axis.cell(date), y, 1, &mark, Role::Strong);
    let x = axis.x + axis.width + 1;
    let shown = day(words, date);
    let text = match known {
        false => words.fill("timeline.guess", &[("date", &shown)]),
        true => session_line(scene, number, &shown),
    };
    let text = fit(&text, usize::from(width.saturating_sub(x)), canvas.look.ambiguous);
    canvas.text(x, y, width.saturating_sub(x), &text, Role::Plain);
}

/// How the session was fitted to the firm, in short.
fn adapted(scene: &Scene<'_>, number: u8) -> Option<String> {
    let (added, skipped) = bansou_core::checklist::adapted(&scene.pack.curriculum, scene.engagement, number);
    let values = [("added", added.to_string()), ("skipped", skipped.to_string())];
    (added + skipped > 0)
        .then(|| scene.words.fill("timeline.adapted", &[("added", &values[0].1), ("skipped", &values[1].1)]))
}

fn session_line(scene: &Scene<'_>, number: u8, date: &str) -> String {
    let words = scene.words;
    let Some(session) = scene.engagement.session(number) else {
        return String::new();
    };
    let mut parts = vec![date.to_owned()];
    match (&session.held, &session.planned) {
        (Some(held), _) => {
            parts.push(words.get(mode_word(held.mode)).to_owned());
            let sent = scene.model.books.report_sent(scene.engagement.id, number).is_some();
            parts.push(words.get(if sent { "work.reported" } else { "work.not_reported" }).to_owned());
            let confirmed = session.confirmation.is_some();
            parts.push(words.get(if confirmed { "work.confirmed" } else { "work.not_confirmed" }).to_owned());
        }
        (None, Some(planned)) => {
            parts.extend(planned.start.map(|t| t.strftime("%H:%M").to_string()));
            parts.push(words.get(mode_word(planned.mode)).to_owned());
        }
        (None, None) => {}
    }
    parts.extend(session.combined_reason.as_ref().map(|_| words.get("timeline.same_day").to_owned()));
    parts.extend(adapted(scene, number));
    parts.join(" ")
}
