//! The list of clients with what is to do today, the weeks ahead and what can be claimed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use bansou_core::engagement;
use bansou_core::record::v1::{Client, EndingKind, Engagement, Id};
use bansou_core::today::Todo;
use jiff::civil::Date;
use ratatui::layout::Rect;

use super::{Scene, claims, client_name, distance, glance, mode_word, state_word, today};
use crate::app::canvas::Canvas;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::{Model, Order, Screen};
use crate::app::width::{cut, fit_right};

/// Cells of the client's name.
const NAME: u16 = 20;
/// Cells of its end that give way before a whole column does.
const CUT: u16 = 4;
/// Cells of the other columns with the space behind them.
const INDUSTRY: u16 = 7;
const PEOPLE: u16 = 5;
const PAPERS: u16 = 5;
const NEXT: u16 = 17;
/// Cells of the right-hand pane with its wall: it gives way to the list's columns down to the first.
const PANE: RangeInclusive<u16> = 40..=46;

/// The clients of the list as it is arranged, and how many are left out because nothing is left to do.
pub struct Roll<'a> {
    pub clients: Vec<&'a Client>,
    /// Finished, and ended early.
    left_out: (usize, usize),
    /// The first last day of each engagement's client.
    due: BTreeMap<Id, Date>,
}

/// The clients that filter and arrangement leave, in order.
pub fn shown(model: &Model) -> Vec<&Client> {
    roll(model, &today::todos(model)).clients
}

/// The arrangement that no day changes.
pub const BY_NAME: Order = Order { by_name: true, finished: true };

/// Every client by name.
pub fn everyone(model: &Model, archived: bool) -> Vec<&Client> {
    arranged(model, &[], "", archived, BY_NAME).clients
}

fn roll<'a>(model: &'a Model, todos: &[Todo]) -> Roll<'a> {
    match &model.screen {
        Screen::Clients { filter, archived, order, .. } => arranged(model, todos, filter, *archived, *order),
        _ => arranged(model, todos, "", false, Order::default()),
    }
}

fn arranged<'a>(model: &'a Model, todos: &[Todo], filter: &str, archived: bool, order: Order) -> Roll<'a> {
    let engagement = |todo: &Todo| Some((model.books.engagements.get(&todo.engagement?)?.client, todo.due));
    let mut due = BTreeMap::new();
    let mut busy = BTreeSet::new();
    for (client, on) in todos.iter().filter_map(engagement) {
        busy.insert(client);
        if let Some(on) = on {
            due.entry(client).and_modify(|first: &mut Date| *first = on.min(*first)).or_insert(on);
        }
    }
    let mut left_out = (0, 0);
    let mut clients: Vec<&Client> = model
        .books
        .clients
        .values()
        .filter(|c| c.archived == archived)
        .filter(|c| find::found(filter, &c.name) || find::found(filter, &c.kana))
        .collect();
    // A name that was asked for is shown, whatever its state.
    if !order.finished && filter.is_empty() && !archived {
        let of: BTreeMap<Id, &Engagement> = model.books.engagements.values().rev().map(|e| (e.client, e)).collect();
        clients.retain(|c| match of.get(&c.id) {
            Some(e) if e.all_held() && !busy.contains(&c.id) => {
                let early = e.ending.as_ref().is_some_and(|e| e.kind == EndingKind::Early);
                left_out = (left_out.0 + usize::from(!early), left_out.1 + usize::from(early));
                false
            }
            _ => true,
        });
    }
    let by_date = |c: &Client| (!order.by_name).then(|| due.get(&c.id)).map(|d| (d.is_none(), d.copied()));
    clients.sort_by_cached_key(|c| (by_date(c), find::fold(&c.kana), c.id));
    Roll { clients, left_out, due }
}

/// The id of the chosen client.
pub fn chosen(model: &Model, cursor: Cursor) -> Option<Id> {
    let clients = shown(model);
    clients.get(cursor.at(clients.len())).map(|c| c.id)
}

/// Draws today's list, the clients, and the chosen one below or beside them.
pub fn draw(model: &Model, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let todos = today::todos(model);
    let roll = roll(model, &todos);
    let clients = &roll.clients;
    if model.books.clients.is_empty() {
        let rest = Rect { y: area.y + 2, height: area.height.saturating_sub(2), x: 1, width: area.width - 2 };
        canvas.text(1, area.y, area.width - 2, words.get("clients.empty"), Role::Plain);
        if model.books.enrolment.is_none() {
            canvas.paragraph(rest, words.get("clients.not_enrolled"), Role::Quiet);
        }
        return canvas.point(1, area.y);
    }
    let y = today::first(model, &todos, canvas, area);
    let at = cursor.at(clients.len());
    // The chosen client stands beside the list when the list keeps all its columns, else below.
    let beside = area.width.saturating_sub(Columns::least(canvas, sessions(model))).min(*PANE.end());
    let wide = beside >= *PANE.start();
    let left = if wide { area.width - beside } else { area.width };
    let rest = Rect { y, width: left, height: area.bottom().saturating_sub(y), ..area };
    let below = if wide { rest.height / 2 } else { 3 };
    let out = u16::from(roll.left_out != (0, 0));
    let list = Rect { height: rest.height.saturating_sub(below + out), ..rest };
    canvas.text(1, list.y, list.width - 1, &title(model, clients.len()), Role::Strong);
    table(model, &roll, cursor, canvas, list);
    if out > 0 {
        let (finished, ended) = roll.left_out;
        let values =
            [("n", finished + ended), ("finished", finished), ("ended", ended)].map(|(k, n)| (k, n.to_string()));
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let used = list.y + 2 + clients.len() as u16;
        let text = words.fill("clients.left_out", &values);
        canvas.text(3, used.min(list.bottom()), list.width - 3, &text, Role::Quiet);
    }
    let foot = Rect { y: list.bottom() + out, height: below, ..rest };
    canvas.rule(0, foot.y, left);
    let foot = Rect { y: foot.y + 1, height: foot.height.saturating_sub(1), ..foot };
    let found = clients.get(at).copied();
    if wide {
        weeks(model, canvas, foot);
        canvas.wall(left, y, rest.height);
        let pane = Rect { x: left + 2, y, width: beside - 3, height: rest.height };
        if let Some(client) = found {
            glance::pane(model, client, canvas, pane);
        }
    } else if let Some(client) = found {
        glance::lines(model, client, canvas, foot);
    }
    canvas.point(1, list.y + 2 + row_of(at, clients.len(), list) as u16);
}

/// How many clients, and how they are narrowed and arranged.
fn title(model: &Model, count: usize) -> String {
    let words = model.look.words();
    let Screen::Clients { filter, archived, order, .. } = &model.screen else { return String::new() };
    let count = count.to_string();
    if *archived {
        return words.fill("clients.archived", &[("n", &count), ("filter", filter)]);
    }
    let narrowed = match (filter.is_empty(), order.finished) {
        (false, _) => filter,
        (true, true) => words.get("clients.all"),
        (true, false) => words.get("clients.ongoing"),
    };
    let order = words.get(if order.by_name { "clients.by_name" } else { "clients.by_date" });
    words.fill("clients.title", &[("n", &count), ("filter", narrowed), ("order", order)])
}

/// The row of the chosen client inside the table.
fn row_of(at: usize, len: usize, list: Rect) -> usize {
    let height = usize::from(list.height.saturating_sub(2));
    at - Cursor::on(at).window(len, height).start.min(at)
}

/// Places of the columns in a table of `width` cells, those that stand there.
struct Columns {
    name: u16,
    industry: Option<u16>,
    people: Option<u16>,
    sessions: u16,
    step: u16,
    papers: Option<u16>,
    next: u16,
    due: u16,
}

impl Columns {
    /// Cells of a session: those of the longest word for its state.
    fn step(canvas: &Canvas<'_>) -> u16 {
        let words = canvas.look.words();
        STATES.iter().map(|s| canvas.cells(words.get(s))).max().unwrap_or(2) + 1
    }

    /// Cells of all columns but the industry.
    fn least(canvas: &Canvas<'_>, sessions: u16) -> u16 {
        3 + NAME + 1 + PEOPLE + Self::step(canvas) * sessions + PAPERS + NEXT + 8
    }

    /// Where there is too little room the last day stays: the industry gives way first, then the people, how the next
    /// session is held, the end of the name, and the documents.
    fn of(canvas: &Canvas<'_>, sessions: u16, width: u16) -> Columns {
        let words = canvas.look.words();
        let step = Self::step(canvas);
        let day = words.fill("roll.planned", &[("date", "10/10"), ("n", "4"), ("mode", "")]);
        let short = canvas.cells(day.trim_end()) + 1;
        let fixed = 3 + 1 + step * sessions + canvas.cells(&words.fill("when.late", &[("n", "99")]));
        let choices = [
            (INDUSTRY, PEOPLE, PAPERS, NEXT, NAME),
            (0, PEOPLE, PAPERS, NEXT, NAME),
            (0, 0, PAPERS, NEXT, NAME),
            (0, 0, PAPERS, short, NAME - CUT),
        ];
        let fits = choices.into_iter().find(|(a, b, c, d, name)| fixed + a + b + c + d + name <= width);
        let (industry, people, papers, next, _) = fits.unwrap_or((0, 0, 0, short, 0));
        let name = width.saturating_sub(fixed + industry + people + papers + next).min(NAME);
        let mut x = 3 + name + 1;
        let mut column = |cells: u16| {
            x += cells;
            (cells > 0).then_some(x - cells)
        };
        let (industry, people) = (column(industry), column(people));
        let sessions = column(step * sessions).unwrap_or_default();
        let papers = column(papers);
        let next = column(next).unwrap_or_default();
        Columns { name, industry, people, sessions, step, papers, next, due: x }
    }
}

const STATES: [&str; 6] =
    ["state.done", "state.doing", "state.late", "state.planned", "state.not_yet", "state.dropped"];

fn sessions(model: &Model) -> u16 {
    model.packs.first().map_or(4, |p| p.programme.sessions.count).into()
}

fn table(model: &Model, roll: &Roll<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let sessions = sessions(model);
    let columns = Columns::of(canvas, sessions, area.width);
    let y = area.y + 1;
    let heads = [
        (Some(3), columns.name, "head.client"),
        (columns.industry, INDUSTRY - 1, "roll.industry"),
        (columns.people, PEOPLE - 1, "roll.people"),
        (columns.papers, PAPERS - 1, "roll.papers"),
        (Some(columns.next), columns.due - columns.next - 1, "roll.next"),
        (Some(columns.due), area.width.saturating_sub(columns.due), "roll.due"),
    ];
    for (x, cells, word) in heads.into_iter().filter_map(|(x, cells, word)| Some((x?, cells, word))) {
        canvas.text(x, y, cells, words.get(word), Role::Quiet);
    }
    for number in 0..sessions {
        canvas.text(columns.sessions + columns.step * number, y, 2, &(number + 1).to_string(), Role::Quiet);
    }
    let height = usize::from(area.height.saturating_sub(2));
    let clients = &roll.clients;
    let at = cursor.at(clients.len());
    for (row, index) in (y + 1..).zip(cursor.window(clients.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, row, area.width, if index == at { " >" } else { "" }, role);
        line(
            model,
            (clients[index], roll.due.get(&clients[index].id)),
            &columns,
            canvas,
            Rect { y: row, height: 1, ..area },
            role,
        );
    }
}

fn line(
    model: &Model,
    (client, due): (&Client, Option<&Date>),
    columns: &Columns,
    canvas: &mut Canvas<'_>,
    area: Rect,
    base: Role,
) {
    let words = model.look.words();
    let today = model.clock.date();
    let y = area.y;
    let copy = model.books.engagement_of(client.id).is_some_and(|e| model.books.shared_of(e.id).is_some());
    let mark = if copy { words.get("pair.mark") } else { "" };
    canvas.text(3, y, columns.name, &format!("{mark}{}", client_name(model, client, None)), base);
    if let Some(x) = columns.industry {
        canvas.text(
            x,
            y,
            INDUSTRY - 1,
            cut(industry(model, client), usize::from(INDUSTRY - 1), canvas.look.ambiguous),
            base,
        );
    }
    if let Some(x) = columns.people {
        let people = fit_right(&client.employees.to_string(), 4, model.look.ambiguous);
        canvas.text(x - 1, y, PEOPLE, &people, base);
    }
    let scene = model.books.engagement_of(client.id).and_then(|e| Scene::about(model, e.id));
    let Some(scene) = scene else {
        canvas.text(columns.sessions, y, 40, words.get("clients.not_begun"), base);
        return;
    };
    let mut x = columns.sessions;
    for number in 1..=scene.engagement.sessions.len() as u8 {
        let (word, role) = state_word(engagement::status(&model.books, scene.pack, scene.engagement, number, today));
        canvas.text(x, y, columns.step - 1, words.get(word), if base == Role::Bar { base } else { role });
        x += columns.step;
    }
    if let Some(x) = columns.papers {
        let complete = bansou_core::deliverable::complete(&model.books, scene.pack, scene.engagement).len();
        let papers = format!("{complete}/{}", scene.pack.programme.deliverables.len());
        canvas.text(x, y, PAPERS - 1, &papers, base);
    }
    canvas.text(columns.next, y, columns.due - columns.next - 1, &next_date(&scene), base);
    if let Some(due) = due {
        let text = distance(words, *due, today);
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

/// The two weeks ahead, then the fee units that can be claimed.
fn weeks(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let height = area.height / 2;
    today::calendar(model, false, canvas, Rect { height, ..area });
    canvas.rule(0, area.y + height, area.width);
    let area = Rect { y: area.y + height + 1, height: area.height.saturating_sub(height + 1), ..area };
    claims::block(model, canvas, area);
}
