//! The list of clients with what is to do today, the weeks ahead and what can be claimed.

use bansou_core::engagement;
use bansou_core::record::v1::{Client, Engagement, Id};
use bansou_core::today::{self, Todo, What};
use ratatui::layout::Rect;

use super::{Scene, claims, client_name, day, distance, glance, mode_word, state_word};
use crate::app::canvas::Canvas;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::width::{fit, fit_right};

/// Most lines of today's list.
const TODAY: usize = 4;
/// Cells of the client's name.
const NAME: u16 = 20;
/// From this width on the chosen client is shown beside the list.
const TWO_PANES: u16 = 100;
/// Cells of the right-hand pane with its wall.
const PANE: u16 = 46;
/// Days that the schedule looks ahead.
const AHEAD: i32 = 14;

/// The clients that the filter leaves, by reading: those on the list, or the archived ones.
pub fn shown<'a>(model: &'a Model, filter: &str, archived: bool) -> Vec<&'a Client> {
    let mut clients: Vec<&Client> = model
        .books
        .clients
        .values()
        .filter(|c| c.archived == archived)
        .filter(|c| find::found(filter, &c.name) || find::found(filter, &c.kana))
        .collect();
    clients.sort_by_key(|c| (find::fold(&c.kana), c.id));
    clients
}

/// The id of the chosen client.
pub fn chosen(model: &Model, filter: &str, archived: bool, cursor: Cursor) -> Option<Id> {
    let clients = shown(model, filter, archived);
    clients.get(cursor.at(clients.len())).map(|c| c.id)
}

/// Draws today's list, the clients, and the chosen one below or beside them.
pub fn draw(model: &Model, filter: &str, archived: bool, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let clients = shown(model, filter, archived);
    if model.books.clients.is_empty() {
        canvas.text(1, area.y, area.width - 2, words.get("clients.empty"), Role::Plain);
        return canvas.point(1, area.y);
    }
    let y = draw_today(model, canvas, area);
    let at = cursor.at(clients.len());
    let wide = area.width >= TWO_PANES;
    let left = if wide { area.width - PANE } else { area.width };
    let rest = Rect { y, width: left, height: area.bottom().saturating_sub(y), ..area };
    let below = if wide { rest.height / 2 } else { 3 };
    let list = Rect { height: rest.height.saturating_sub(below), ..rest };
    let title = words.fill(
        if archived { "clients.archived" } else { "clients.title" },
        &[("n", &clients.len().to_string()), ("filter", filter)],
    );
    canvas.text(1, list.y, list.width - 1, &title, Role::Strong);
    table(model, &clients, cursor, canvas, list);
    let foot = Rect { y: list.bottom(), height: below, ..rest };
    canvas.rule(0, foot.y, left);
    let foot = Rect { y: foot.y + 1, height: foot.height.saturating_sub(1), ..foot };
    let found = clients.get(at).copied();
    if wide {
        weeks(model, canvas, foot);
        canvas.wall(left, y, rest.height);
        let pane = Rect { x: left + 2, y, width: PANE - 3, height: rest.height };
        if let Some(client) = found {
            glance::pane(model, client, canvas, pane);
        }
    } else if let Some(client) = found {
        glance::lines(model, client, canvas, foot);
    }
    canvas.point(1, list.y + 2 + row_of(at, clients.len(), list) as u16);
}

/// The row of the chosen client inside the table.
fn row_of(at: usize, len: usize, list: Rect) -> usize {
    let height = usize::from(list.height.saturating_sub(2));
    at - Cursor::on(at).window(len, height).start.min(at)
}

/// The word a line of today's list begins with: late, today, tomorrow, other.
fn urgency(todo: &Todo, today: jiff::civil::Date) -> (&'static str, Role) {
    match todo.days_left(today) {
        Some(..0) => ("urgency.late", Role::Bad),
        Some(0) => ("urgency.today", Role::Busy),
        Some(1) => ("urgency.tomorrow", Role::Busy),
        _ => ("urgency.other", Role::Plain),
    }
}

fn draw_today(model: &Model, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let words = model.look.words();
    let today = model.clock.date();
    let todos = today::todos(&model.books, &model.packs, today);
    let count = todos.len().to_string();
    let title = words.fill("clients.today", &[("n", &count)]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    let mut y = area.y + 1;
    for todo in todos.iter().take(TODAY) {
        let engagement = model.books.engagements.get(&todo.engagement);
        let client = engagement.and_then(|e| model.books.client_of(e));
        let name = client.map_or("", |c| client_name(model, c, None));
        let (word, role) = urgency(todo, today);
        let when = todo.due.map_or_else(String::new, |d| format!("{} {}", day(words, d), distance(words, d, today)));
        let x = canvas.text(2, y, 9, words.get(word), role);
        let x = canvas.text(x + 2, y, NAME, &fit(name, usize::from(NAME), model.look.ambiguous), Role::Plain);
        canvas.text(x + 1, y, area.width, &format!("{}  {when}", sentence(model, todo)), Role::Plain);
        y += 1;
    }
    canvas.rule(0, y, area.width);
    y + 1
}

/// What a line of today's list asks for.
pub fn sentence(model: &Model, todo: &Todo) -> String {
    let words = model.look.words();
    let about = |key, session: u8| words.fill(key, &[("n", &session.to_string())]);
    match todo.what {
        What::Report(n) => about("todo.report", n),
        What::Confirmation(n) => about("todo.confirmation", n),
        What::Hold(n) => about("todo.hold", n),
        What::Date(n) => about("todo.date", n),
        What::Returned(n) => about("todo.returned", n),
        What::Claim { units, yen } => {
            let yen = bansou_core::money::format_yen(yen);
            words.fill("todo.claim", &[("n", &units.to_string()), ("yen", &yen)])
        }
    }
}

/// Places of the columns in a table of `width` cells.
struct Columns {
    industry: u16,
    people: u16,
    sessions: u16,
    step: u16,
    papers: u16,
    next: u16,
    due: u16,
}

impl Columns {
    /// The industry gives way where the words of the states are long.
    fn of(canvas: &Canvas<'_>, sessions: u16, width: u16) -> Columns {
        let words = canvas.look.words();
        let step = STATES.iter().map(|s| canvas.cells(words.get(s))).max().unwrap_or(2) + 1;
        let industry = 3 + NAME + 1;
        let rest = 5 + step * sessions + 22 + 8;
        let people = if industry + 7 + rest <= width { industry + 7 } else { industry };
        let first = people + 5;
        let papers = first + step * sessions;
        Columns { industry, people, sessions: first, step, papers, next: papers + 5, due: papers + 22 }
    }
}

const STATES: [&str; 6] =
    ["state.done", "state.doing", "state.late", "state.planned", "state.not_yet", "state.dropped"];

fn table(model: &Model, clients: &[&Client], cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let sessions = model.packs.first().map_or(4, |p| p.programme.sessions.count);
    let columns = Columns::of(canvas, sessions.into(), area.width);
    let y = area.y + 1;
    let heads = [
        (3, "head.client"),
        (columns.people, "roll.people"),
        (columns.papers, "roll.papers"),
        (columns.next, "roll.next"),
        (columns.due, "roll.due"),
    ];
    if columns.people > columns.industry {
        canvas.text(columns.industry, y, 6, words.get("roll.industry"), Role::Quiet);
    }
    for (x, word) in heads {
        canvas.text(x, y, area.width.saturating_sub(x), words.get(word), Role::Quiet);
    }
    for number in 0..u16::from(sessions) {
        canvas.text(columns.sessions + columns.step * number, y, 2, &(number + 1).to_string(), Role::Quiet);
    }
    let height = usize::from(area.height.saturating_sub(2));
    let at = cursor.at(clients.len());
    for (row, index) in (y + 1..).zip(cursor.window(clients.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, row, area.width, if index == at { " >" } else { "" }, role);
        line(model, clients[index], &columns, canvas, Rect { y: row, height: 1, ..area }, role);
    }
}

fn line(model: &Model, client: &Client, columns: &Columns, canvas: &mut Canvas<'_>, area: Rect, base: Role) {
    let words = model.look.words();
    let today = model.clock.date();
    let y = area.y;
    canvas.text(3, y, NAME, client_name(model, client, None), base);
    if columns.people > columns.industry {
        canvas.text(columns.industry, y, 6, industry(model, client), base);
    }
    let people = fit_right(&client.employees.to_string(), 4, model.look.ambiguous);
    canvas.text(columns.people - 1, y, 5, &people, base);
    let scene = model.books.engagement_of(client.id).and_then(|e| Scene::about(model, e.id));
    let Some(scene) = scene else {
        canvas.text(columns.sessions, y, 40, words.get("clients.not_begun"), base);
        return;
    };
    let mut x = columns.sessions;
    for number in 1..=scene.engagement.sessions.len() as u8 {
        let (word, role) =
            state_word(engagement::status(&model.books, &scene.pack.programme, scene.engagement, number, today));
        canvas.text(x, y, columns.step - 1, words.get(word), if base == Role::Bar { base } else { role });
        x += columns.step;
    }
    let complete = bansou_core::deliverable::complete(&model.books, scene.pack, scene.engagement).len();
    let papers = format!("{complete}/{}", scene.pack.programme.deliverables.len());
    canvas.text(columns.papers, y, 4, &papers, base);
    canvas.text(columns.next, y, 16, &next_date(&scene), base);
    let todos = today::of_engagement(&model.books, scene.pack, scene.engagement, today);
    if let Some(due) = todos.iter().filter_map(|t| t.due).min() {
        let text = distance(words, due, today);
        canvas.text(columns.due, y, area.width.saturating_sub(columns.due), &text, base);
    }
}

/// The industry in the cells of a list.
pub fn industry<'a>(model: &'a Model, client: &Client) -> &'a str {
    let pack = model.packs.first();
    let category = pack.and_then(|p| p.eligibility.categories.iter().find(|c| c.number == client.category));
    category.map_or("", |c| c.name.get(model.lang()))
}

/// When and how the next session is held, or when the last one was.
pub fn next_date(scene: &Scene<'_>) -> String {
    let words = scene.words;
    let engagement: &Engagement = scene.engagement;
    let Some(next) = engagement.next_session() else {
        let last = engagement.date_of(engagement.held_count());
        let date = last.map_or_else(String::new, |d| d.strftime("%m/%d").to_string());
        return words.fill("roll.finished", &[("date", &date)]);
    };
    match engagement.session(next).and_then(|s| s.planned.as_ref()) {
        Some(p) => {
            let date = p.date.strftime("%m/%d").to_string();
            words.fill(
                "roll.planned",
                &[("date", &date), ("n", &next.to_string()), ("mode", words.get(mode_word(p.mode)))],
            )
        }
        None => words.get("roll.undated").to_owned(),
    }
}

/// The sessions of the next two weeks, then the fee units that can be claimed.
fn weeks(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let today = model.clock.date();
    canvas.text(1, area.y, area.width - 1, words.get("roll.schedule"), Role::Strong);
    let half = area.y + area.height / 2;
    let mut planned: Vec<_> = model
        .books
        .engagements
        .values()
        .filter(|e| model.books.listed(e))
        .filter_map(|e| {
            let next = e.next_session()?;
            let planned = e.session(next)?.planned.as_ref()?;
            let ahead = today.until(planned.date).map_or(-1, |s| s.get_days());
            (0..=AHEAD).contains(&ahead).then_some((planned, next, e))
        })
        .collect();
    planned.sort_by_key(|p| (p.0.date, p.0.start, p.1));
    for (y, (planned, next, engagement)) in (area.y + 1..half).zip(planned) {
        let name = model.books.client_of(engagement).map_or("", |c| client_name(model, c, None));
        let time = planned.start.map_or_else(String::new, |t| t.strftime("%H:%M").to_string());
        let session = words.fill("work.session", &[("n", &next.to_string())]);
        let line = format!(
            "{}  {time:5}  {}  {name}  {session}",
            day(words, planned.date),
            words.get(mode_word(planned.mode))
        );
        canvas.text(3, y, area.width - 4, &line, Role::Plain);
    }
    canvas.rule(0, half, area.width);
    let area = Rect { y: half + 1, height: area.bottom().saturating_sub(half + 1), ..area };
    claims::block(model, canvas, area);
}
