//! The search on the screen: the typed line, and under each client what was found with the place marked.

use bansou_core::search::{Hit, Query};
use jiff::civil::Date;
use ratatui::layout::Rect;

use super::client_name;
use crate::app::canvas::Canvas;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::search::{Group, Search, shown_client};
use crate::app::width::fit;

/// Cells of the kind of a record and of its date.
const KIND: u16 = 11;
const DATE: u16 = 8;
/// More hits than these are not read through: a word more is advised.
const MANY: usize = 200;

/// One line of the list.
enum Line<'a> {
    Head(&'a Hit, usize),
    Hit(usize),
}

/// Draws the line that is typed, what was found, or what can be asked.
pub fn draw(model: &Model, search: &Search, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let heads = lines(search).iter().filter(|l| matches!(l, Line::Head(..))).count();
    let typed = search.typed.text();
    let count = words.fill("find.count", &[("n", &search.hits.len().to_string()), ("groups", &heads.to_string())]);
    let count = if typed.trim().is_empty() { String::new() } else { count };
    let room = area.width.saturating_sub(canvas.cells(&count) + 5);
    canvas.text(1, area.y, 2, ">", Role::Strong);
    let (seen, column) = search.typed.window(usize::from(room), model.look.ambiguous);
    canvas.text(3, area.y, room, seen, if search.kept { Role::Bar } else { Role::Plain });
    canvas.right(1, area.y, area.width - 1, &count, Role::Strong);
    let advice = match search.hidden {
        0 if search.hits.len() > MANY => words.get("find.many").to_owned(),
        0 => String::new(),
        n => words.fill("find.hidden", &[("n", &n.to_string())]),
    };
    canvas.text(3, area.y + 1, area.width - 3, &advice, Role::Busy);
    let list = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if typed.trim().is_empty() {
        examples(model, canvas, list);
    } else if search.hits.is_empty() && search.hidden == 0 {
        canvas.text(3, list.y, list.width - 3, words.get("find.nothing"), Role::Plain);
        canvas.text(3, list.y + 1, list.width - 3, words.get("find.try"), Role::Plain);
    } else {
        rows(model, search, canvas, list);
    }
    canvas.point(3 + column as u16, area.y);
}

/// What can be asked, one example a line.
fn examples(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    canvas.text(3, area.y, area.width - 3, words.get("find.about"), Role::Plain);
    let expert = [
        ("find.words", "find.words_mean"),
        ("find.romaji", "find.romaji_mean"),
        ("find.answer", "find.answer_mean"),
        ("find.number", "find.number_mean"),
        ("find.section", "find.section_mean"),
    ];
    let office = [("find.case", "find.case_mean"), ("find.romaji", "find.romaji_mean")];
    let shown = if model.secretariat() { &office[..] } else { &expert[..] };
    let ambiguous = model.look.ambiguous;
    for (y, (example, meaning)) in (area.y + 2..area.bottom()).zip(shown) {
        let x = canvas.text(3, y, 24, &fit(words.get(example), 22, ambiguous), Role::Strong) + 2;
        canvas.text(x, y, area.width.saturating_sub(x), words.get(meaning), Role::Plain);
    }
}

/// The hits with a heading before each group.
fn lines(search: &Search) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(first) = search.hits.get(at) {
        let same = search.hits[at..].iter().take_while(|hit| Group::of(hit) == Group::of(first)).count();
        lines.push(Line::Head(first, same));
        lines.extend((at..at + same).map(Line::Hit));
        at += same;
    }
    lines
}

fn rows(model: &Model, search: &Search, canvas: &mut Canvas<'_>, area: Rect) {
    let query = find::query(search.typed.text());
    let lines = lines(search);
    let chosen = search.cursor.at(search.hits.len());
    let at = lines.iter().position(|l| matches!(l, Line::Hit(n) if *n == chosen)).unwrap_or(0);
    for (y, n) in (area.y..).zip(Cursor::on(at).window(lines.len(), usize::from(area.height))) {
        let place = Rect { y, height: 1, ..area };
        match lines[n] {
            Line::Head(hit, count) => head(model, hit, count, canvas, place),
            Line::Hit(n) => row(model, &search.hits[n], &query, n == chosen, canvas, place),
        }
    }
}

fn head(model: &Model, hit: &Hit, count: usize, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let name = match Group::of(hit) {
        Group::Kind(kind) => words.get(kind_word(kind)).to_owned(),
        Group::Client(id) => {
            let client = model.books.clients.get(&id);
            let name = client.map_or("", |c| client_name(model, c, shown_client(model)));
            let case = model.books.engagement_of(id).map_or("", |e| e.case_no.as_str());
            let gone = if client.is_some_and(|c| c.archived) { words.get("find.archived") } else { "" };
            format!("{name}  {case} {gone}")
        }
    };
    canvas.text(1, area.y, area.width - 1, &name, Role::Strong);
    canvas.right(1, area.y, area.width - 1, &words.fill("find.of_group", &[("n", &count.to_string())]), Role::Quiet);
}

fn row(model: &Model, hit: &Hit, query: &Query, chosen: bool, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let base = if chosen { Role::Bar } else { Role::Plain };
    canvas.row(0, area.y, area.width + 1, if chosen { " >" } else { "" }, base);
    canvas.text(3, area.y, KIND - 1, words.get(kind_word(hit.kind)), base);
    canvas.text(3 + KIND, area.y, DATE - 1, &date(model, hit), base);
    let Some(text) = hit.excerpt(&model.books, &model.packs) else { return };
    let (mut x, mut at) = (3 + KIND + DATE, 0);
    for span in query.marks(&text.text) {
        x = canvas.text(x, area.y, area.width.saturating_sub(x), &text.text[at..span.start], base);
        // On the chosen row the place stands out of the bar, elsewhere it is bold.
        x = canvas.text(x, area.y, area.width.saturating_sub(x), &text.text[span.clone()], Role::Strong);
        at = span.end;
    }
    canvas.text(x, area.y, area.width.saturating_sub(x), &text.text[at..], base);
}

/// Month and day in this year, else year and month.
fn date(model: &Model, hit: &Hit) -> String {
    let Some(date) = hit.when.get(..10).and_then(|day| day.parse::<Date>().ok()) else {
        return String::new();
    };
    let this_year = date.year() == model.clock.date().year();
    date.strftime(if this_year { "%m/%d" } else { "%Y/%m" }).to_string()
}

/// The catalogue key of a kind of records.
fn kind_word(kind: &str) -> &'static str {
    match kind {
        "client" => "kind.client",
        "engagement" => "kind.engagement",
        "note" => "kind.note",
        "attachment" => "kind.attachment",
        "sheet" => "kind.sheet",
        "policy" => "kind.policy",
        "regulations" => "kind.regulations",
        "plan" => "kind.plan",
        "final-report" => "kind.final_report",
        "claim" => "kind.claim",
        "outbox" => "kind.outbox",
        "artefact" => "kind.artefact",
        "case" => "kind.case",
        "delivery" => "kind.delivery",
        "expert" => "kind.expert",
        "pay-run" => "kind.pay_run",
        "hold" => "kind.hold",
        "pairing" => "kind.pairing",
        "handout" => "kind.handout",
        "returned" => "kind.returned",
        "shared" => "kind.shared",
        _ => "kind.other",
    }
}
