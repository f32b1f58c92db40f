//! The list of clients with what is to do today.

use bansou_core::record::v1::{Client, Id};
use bansou_core::today::{self, Todo, What};
use ratatui::layout::Rect;

use super::{client_name, day, distance, state_word};
use crate::app::canvas::Canvas;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::width::fit;

/// Most lines of today's list.
const TODAY: usize = 4;
/// Cells of the client's name.
const NAME: u16 = 22;

/// The clients that the filter leaves, by reading, archived ones left out.
pub fn shown<'a>(model: &'a Model, filter: &str) -> Vec<&'a Client> {
    let mut clients: Vec<&Client> = model
        .books
        .clients
        .values()
        .filter(|c| !c.archived)
        .filter(|c| find::found(filter, &c.name) || find::found(filter, &c.kana))
        .collect();
    clients.sort_by_key(|c| (find::fold(&c.kana), c.id));
    clients
}

/// Draws today's list, the clients and one line about the chosen one.
pub fn draw(model: &Model, filter: &str, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let clients = shown(model, filter);
    if model.books.clients.is_empty() {
        canvas.text(1, area.y, area.width - 2, words.get("clients.empty"), Role::Plain);
        return canvas.point(1, area.y);
    }
    let mut y = draw_today(model, canvas, area);
    let count = clients.len().to_string();
    let title = words.fill("clients.title", &[("n", &count), ("filter", filter)]);
    canvas.text(1, y, area.width - 1, &title, Role::Strong);
    heading(canvas, y + 1, area.width);
    y += 2;
    let height = usize::from(area.bottom().saturating_sub(y));
    let at = cursor.at(clients.len());
    for (row, index) in (y..).zip(cursor.window(clients.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, row, area.width, if index == at { " >" } else { "" }, role);
        line(model, clients[index], canvas, row, role);
        if index == at {
            canvas.point(1, row);
        }
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
        let name = model
            .books
            .engagements
            .get(&todo.engagement)
            .and_then(|e| model.books.client_of(e))
            .map_or("", |c| client_name(model, c, None));
        let late = todo.days_left(today).is_some_and(|d| d < 0);
        let role = if late { Role::Bad } else { Role::Plain };
        let when = todo.due.map_or_else(String::new, |d| distance(words, d, today));
        let mut x = canvas.text(2, y, 11, &fit(&when, 11, model.look.ambiguous), role);
        x = canvas.text(x + 1, y, NAME, &fit(name, usize::from(NAME), model.look.ambiguous), role);
        canvas.text(x + 1, y, area.width, &sentence(model, todo), role);
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
        What::Claim { units, yen } => words.fill("todo.claim", &[("n", &units.to_string()), ("yen", &yen.to_string())]),
    }
}

fn heading(canvas: &mut Canvas<'_>, y: u16, width: u16) {
    let words = canvas.look.words();
    canvas.text(3, y, NAME, words.get("head.client"), Role::Quiet);
    canvas.text(3 + NAME, y, 10, words.get("head.case"), Role::Quiet);
    canvas.text(14 + NAME, y, 20, words.get("head.sessions"), Role::Quiet);
    canvas.text(36 + NAME, y, width.saturating_sub(36 + NAME), words.get("head.next"), Role::Quiet);
}

fn line(model: &Model, client: &Client, canvas: &mut Canvas<'_>, y: u16, chosen: Role) {
    let words = model.look.words();
    let today = model.clock.date();
    canvas.text(3, y, NAME - 1, client_name(model, client, None), chosen);
    let Some(engagement) = model.books.engagement_of(client.id) else {
        canvas.text(3 + NAME, y, 40, words.get("clients.not_begun"), chosen);
        return;
    };
    canvas.text(3 + NAME, y, 10, &engagement.case_no, chosen);
    let Some(pack) = model.pack(engagement) else {
        return;
    };
    let mut x = 14 + NAME;
    for number in 1..=engagement.sessions.len() as u8 {
        let status = bansou_core::engagement::status(&model.books, &pack.programme, engagement, number, today);
        let (word, role) = state_word(status);
        let role = if chosen == Role::Bar { chosen } else { role };
        canvas.text(x, y, 5, words.get(word), role);
        x += 5;
    }
    let next = today::of_engagement(&model.books, pack, engagement, today);
    if let Some(todo) = next.iter().min_by_key(|t| (t.due.is_none(), t.due)) {
        let date = todo.due.map_or_else(String::new, |d| day(words, d));
        let text = format!("{date} {}", sentence(model, todo));
        canvas.text(36 + NAME, y, u16::MAX - 100, &text, chosen);
    }
}

/// The id of the chosen client.
pub fn chosen(model: &Model, filter: &str, cursor: Cursor) -> Option<Id> {
    let clients = shown(model, filter);
    clients.get(cursor.at(clients.len())).map(|c| c.id)
}
