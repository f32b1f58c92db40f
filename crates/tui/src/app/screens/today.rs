//! What is to do, most urgent first, with the days ahead and the spans of the engagements beside or below it.

use bansou_core::agenda::{self, Day, Event, Kind};
use bansou_core::record::v1::Id;
use bansou_core::span::{self, Risk};
use bansou_core::today::{self, Todo, Urgency, What};
use ratatui::layout::Rect;

use super::{client_name, day, distance, mode_word};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::width::fit;

/// Most lines on the list of clients.
const FIRST: usize = 4;
/// Cells beyond which the distance would be far from what it belongs to.
const LONGEST: u16 = 92;
/// Cells of a client's name.
const NAME: u16 = 20;
/// The words a line begins with.
const WORDS: [&str; 5] = ["urgency.late", "urgency.today", "urgency.tomorrow", "urgency.soon", "urgency.other"];
/// Days that the calendar looks ahead.
const AHEAD: u16 = 14;
/// From this width on the calendar stands beside the list.
const TWO_PANES: u16 = 100;
/// Cells of the calendar with its wall.
const PANE: u16 = 46;

/// Everything to do today.
pub fn todos(model: &Model) -> Vec<Todo> {
    today::todos(&model.books, &model.packs, model.clock.date(), model.seq())
}

/// The word and the role of an urgency.
fn urgency_word(urgency: Urgency) -> (&'static str, Role) {
    match urgency {
        Urgency::Late => ("urgency.late", Role::Bad),
        Urgency::Today => ("urgency.today", Role::Busy),
        Urgency::Tomorrow => ("urgency.tomorrow", Role::Busy),
        Urgency::Soon => ("urgency.soon", Role::Busy),
        Urgency::Other => ("urgency.other", Role::Plain),
    }
}

/// The name of the client an engagement is for; the store's own word without one.
pub fn whose(model: &Model, engagement: Option<Id>) -> &str {
    let Some(id) = engagement else { return model.look.words().get("todo.store") };
    let client = model.books.engagements.get(&id).and_then(|e| model.books.client_of(e));
    client.map_or("", |c| client_name(model, c, None))
}

/// What a line asks for.
pub fn sentence(model: &Model, todo: &Todo) -> String {
    let words = model.look.words();
    let about = |key, n: usize| words.fill(key, &[("n", &n.to_string())]);
    match todo.what {
        What::Report(n) => about("todo.report", n.into()),
        What::Confirmation(n) => about("todo.confirmation", n.into()),
        What::Hold(n) => about("todo.hold", n.into()),
        What::Date(n) => about("todo.date", n.into()),
        What::Returned(n) => about("todo.returned", n.into()),
        What::Deliverables(n) => about("todo.deliverables", n),
        What::Send(n) => about("todo.send", n),
        What::Drill => words.get("todo.drill").to_owned(),
        What::Backup => words.get("todo.backup").to_owned(),
        What::Claim { units, yen } => {
            let yen = bansou_core::money::format_yen(yen);
            words.fill("todo.claim", &[("n", &units.to_string()), ("yen", &yen)])
        }
    }
}

/// The first lines over the list of clients; answers the row after them.
pub fn first(model: &Model, todos: &[Todo], canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let title = model.look.words().fill("clients.today", &[("n", &todos.len().to_string())]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    let mut y = area.y + 1;
    for todo in todos.iter().take(FIRST) {
        line(model, todo, canvas, Rect { x: 2, y, width: area.width.min(LONGEST) - 2, height: 1 }, None);
        y += 1;
    }
    canvas.rule(0, y, area.width);
    y + 1
}

/// One line: how urgent, how late, whose, what.
fn line(model: &Model, todo: &Todo, canvas: &mut Canvas<'_>, area: Rect, base: Option<Role>) {
    let words = model.look.words();
    let today = model.clock.date();
    let (word, role) = urgency_word(todo.urgency(today));
    let when = todo.due.map_or_else(String::new, |d| distance(words, d, today));
    let plain = base.unwrap_or(Role::Plain);
    let widest = WORDS.iter().map(|word| canvas.cells(words.get(word))).max().unwrap_or(0);
    let x = area.x + widest + 2;
    canvas.text(area.x, area.y, widest, words.get(word), base.unwrap_or(role));
    canvas.text(x, area.y, NAME, whose(model, todo.engagement), plain);
    let x = x + NAME + 1;
    let room = (area.x + area.width).saturating_sub(x);
    let what = fit(&sentence(model, todo), usize::from(room), model.look.ambiguous);
    canvas.text(x, area.y, room, &what, plain);
    canvas.right(area.x, area.y, area.width, &format!("  {when}"), base.unwrap_or(role));
}

/// Draws the whole list, and the days ahead or the spans.
pub fn draw(model: &Model, cursor: Cursor, spans: bool, canvas: &mut Canvas<'_>, area: Rect) {
    let todos = todos(model);
    if area.width < TWO_PANES {
        let most = (area.height / 2).saturating_sub(1);
        let height = (todos.len() as u16 + 1).clamp(2, most);
        list(model, &todos, cursor, canvas, Rect { height, ..area });
        canvas.rule(0, area.y + height, area.width);
        let rest = Rect { y: area.y + height + 1, height: area.height - height - 1, ..area };
        return below(model, spans, canvas, rest);
    }
    let left = area.width - PANE;
    let height = area.height / 2;
    list(model, &todos, cursor, canvas, Rect { width: left, height, ..area });
    canvas.rule(0, area.y + height, left);
    table(model, canvas, Rect { y: area.y + height + 1, width: left, height: area.height - height - 1, ..area });
    canvas.wall(left, area.y, area.height);
    calendar(model, true, canvas, Rect { x: left + 1, width: PANE - 1, ..area });
}

fn below(model: &Model, spans: bool, canvas: &mut Canvas<'_>, area: Rect) {
    match spans {
        true => table(model, canvas, area),
        false => calendar(model, true, canvas, area),
    }
}

fn list(model: &Model, todos: &[Todo], cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let title = words.fill("today.title", &[("n", &todos.len().to_string())]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    canvas.point(1, area.y + 1);
    if todos.is_empty() {
        canvas.text(1, area.y + 1, area.width - 1, words.get("today.nothing"), Role::Plain);
        return;
    }
    let at = cursor.at(todos.len());
    for (y, index) in (area.y + 1..).zip(cursor.window(todos.len(), usize::from(area.height - 1))) {
        let base = (index == at).then_some(Role::Bar);
        canvas.row(area.x, y, area.width, if index == at { " >" } else { "" }, base.unwrap_or(Role::Plain));
        line(model, &todos[index], canvas, Rect { x: area.x + 3, y, width: area.width - 4, height: 1 }, base);
        if index == at {
            canvas.point(area.x + 1, y);
        }
    }
}

/// One row of the calendar: a day, or what happens on it.
struct Row {
    date: Option<String>,
    text: String,
    role: Role,
    /// An open day on which nothing happens.
    empty: bool,
}

/// The days ahead: every business day, the others when something happens or they have a name.
pub fn calendar(model: &Model, whole: bool, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let today = model.clock.date();
    if area.height == 0 {
        return;
    }
    canvas.text(area.x + 1, area.y, area.width - 1, words.get("roll.schedule"), Role::Strong);
    let Some(pack) = bansou_core::programme::for_day(&model.packs, today) else { return };
    let events = agenda::events(&model.books, &model.packs, today);
    let mut rows: Vec<Row> = agenda::days(pack, today, AHEAD).iter().flat_map(|d| of_day(model, d, &events)).collect();
    let height = usize::from(area.height - 1);
    if !whole || rows.len() > height {
        rows.retain(|r| !r.empty);
    }
    for (y, row) in (area.y + 1..area.bottom()).zip(&rows) {
        let x = area.x + 2;
        canvas.text(x, y, 12, row.date.as_deref().unwrap_or(""), row.role);
        let room = area.width.saturating_sub(15);
        canvas.text(x + 12, y, room, &fit(&row.text, usize::from(room), model.look.ambiguous), row.role);
    }
    if rows.len() > height && height > 0 {
        let left = words.fill("today.more", &[("n", &(rows.len() - height + 1).to_string())]);
        canvas.row(area.x + 2, area.bottom() - 1, area.width - 3, &left, Role::Quiet);
    }
}

fn of_day(model: &Model, on: &Day, events: &[Event]) -> Vec<Row> {
    let words = model.look.words();
    let mut date = Some(day(words, on.date));
    let mut rows = Vec::new();
    if let Some(holiday) = &on.holiday {
        rows.push(Row {
            date: date.take(),
            text: holiday.get(model.lang()).to_owned(),
            role: Role::Quiet,
            empty: false,
        });
    }
    for event in events.iter().filter(|e| e.date == on.date) {
        let role = if matches!(event.kind, Kind::Due(_)) { Role::Busy } else { Role::Plain };
        rows.push(Row { date: date.take(), text: told(model, event), role, empty: false });
    }
    if rows.is_empty() && on.open {
        rows.push(Row { date, text: String::new(), role: Role::Quiet, empty: true });
    }
    rows
}

/// An event in a line.
fn told(model: &Model, event: &Event) -> String {
    let words = model.look.words();
    let name = whose(model, Some(event.engagement));
    let session = |n: u8| words.fill("work.session", &[("n", &n.to_string())]);
    match event.kind {
        Kind::Session { number, start, mode, .. } => {
            let time = start.map_or_else(String::new, |t| t.strftime("%H:%M ").to_string());
            format!("{time}{} {} {name}", words.get(mode_word(mode)), session(number))
        }
        Kind::Due(What::Report(n) | What::Returned(n)) => {
            words.fill("today.report", &[("session", &session(n)), ("name", name)])
        }
        Kind::Due(What::Claim { .. }) => words.fill("today.claim", &[("name", name)]),
        Kind::Due(_) => words.fill("today.deliverables", &[("name", name)]),
    }
}

/// The word and the role of a span's risk.
fn risk_word(risk: Risk) -> (&'static str, Role) {
    match risk {
        Risk::Over => ("span.over", Role::Bad),
        Risk::AtRisk => ("span.at_risk", Role::Bad),
        Risk::Fits => ("span.fits", Role::Good),
        Risk::Finished => ("span.finished", Role::Quiet),
    }
}

/// The engagements against the days the programme gives them.
fn table(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    canvas.text(1, area.y, area.width - 1, words.get("span.title"), Role::Strong);
    let spans = span::spans(&model.books, &model.packs, model.clock.date());
    let bar = area.width.saturating_sub(4 + NAME + 12 + 13 + 16);
    for (y, span) in (area.y + 1..area.bottom()).zip(&spans) {
        let (word, role) = risk_word(span.risk);
        canvas.text(3, y, NAME, whose(model, Some(span.engagement)), Role::Plain);
        let x = 3 + NAME + 1;
        let days = words.fill("span.days", &[("n", &span.gone.to_string()), ("of", &span.of.to_string())]);
        canvas.text(x, y, 12, &days, Role::Plain);
        if bar >= 8 {
            canvas.bar(x + 13, y, bar, u64::try_from(span.gone).unwrap_or(0), span.of.into());
        }
        let last = words.fill("span.last", &[("day", &day(words, span.last_day))]);
        let x = x + 13 + if bar >= 8 { bar + 1 } else { 0 };
        let next = canvas.text(x, y, 14, &last, Role::Plain);
        canvas.text(next + 1, y, area.width.saturating_sub(next + 1), words.get(word), role);
    }
}
