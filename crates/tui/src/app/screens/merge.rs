//! A return laid beside what stands here: one row per field with what was handed out, mine, and theirs.

use bansou_core::record::v1::{Id, Returned, Take};
use bansou_core::share::merge::{self, Row, State};
use bansou_core::share::{self, spoken};
use ratatui::layout::Rect;

use super::{Scene, day};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::width::fit;

/// Cells of the word for what became of a row.
const WORD: u16 = 6;
/// Rows of the chosen field below the list, with its three values.
const DETAIL: u16 = 8;

/// The rows of a return; none when it is gone.
pub fn rows(model: &Model, returned: Id) -> Vec<Row> {
    let found = model.books.returns.get(&returned);
    found.and_then(|r| merge::rows(&model.books, r).ok()).unwrap_or_default()
}

/// The return of an engagement to be shown first: the newest that waits, else the newest.
pub fn newest(model: &Model, engagement: Id) -> Option<&Returned> {
    let all = model.books.returns_of(engagement);
    all.iter().rev().find(|r| merge::waiting(&model.books, r) > 0).or(all.last()).copied()
}

/// The word for what became of a row, or waits for it.
fn state(row: &Row) -> (&'static str, Role) {
    match (row.decided, row.state) {
        (Some(Take::Theirs), _) => ("pair.took", Role::Good),
        (Some(Take::Mine), _) => ("pair.kept", Role::Good),
        (Some(Take::Both), _) => ("pair.both", Role::Good),
        (None, State::Same) => ("pair.same", Role::Quiet),
        (None, State::Theirs) => ("pair.new", Role::Busy),
        (None, State::Both) => ("pair.differ", Role::Bad),
    }
}

/// Draws the rows, and below them the chosen one in full.
pub fn draw(model: &Model, returned: Id, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let Some(back) = model.books.returns.get(&returned) else { return };
    let Some(scene) = Scene::about(model, back.engagement) else { return };
    let rows = rows(model, returned);
    let open = rows.iter().filter(|r| r.open()).count().to_string();
    let title =
        words.fill("pair.title", &[("name", &back.trainee), ("on", &day(words, back.made_at.date())), ("n", &open)]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    canvas.point(1, area.y + 1);
    if rows.is_empty() {
        canvas.text(1, area.y + 1, area.width - 1, words.get("pair.nothing"), Role::Plain);
        return;
    }
    let columns = Columns::of(area.width);
    let heads = ["pair.field", "share.base", "share.mine", "share.theirs"].map(|key| words.get(key).to_owned());
    columns.draw(canvas, area.y + 1, &heads, Role::Quiet);
    let below = DETAIL.max(area.height / 3);
    let height = usize::from(area.height.saturating_sub(2 + below));
    let at = cursor.at(rows.len());
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, role);
        let (word, own) = state(&rows[index]);
        canvas.text(3, y, WORD - 1, words.get(word), if index == at { role } else { own });
        columns.draw(canvas, y, &cells(&scene, &rows[index]), role);
        if index == at {
            canvas.point(1, y);
        }
    }
    let y = area.bottom() - below;
    canvas.rule(0, y, area.width);
    let area = Rect { x: 1, y: y + 1, width: area.width - 2, height: below - 1 };
    detail(&scene, &rows[at], canvas, area);
}

/// Label and the three values of a row, each on one line.
fn cells(scene: &Scene<'_>, row: &Row) -> [String; 4] {
    let (pack, lang) = (scene.pack, scene.model.lang());
    let title = spoken::title(&scene.model.books, scene.engagement.id, row);
    let said = |side| match spoken::value(pack, row, side, lang) {
        text if text.is_empty() => "-".to_owned(),
        text => text.replace('\n', " "),
    };
    [spoken::label(pack, &row.name, title, lang), said(&row.base), said(&row.mine), said(&row.theirs)]
}

/// Where label and values stand, and their width.
struct Columns([(u16, u16); 4]);

impl Columns {
    fn of(width: u16) -> Columns {
        let first = 3 + WORD;
        let room = width.saturating_sub(first + 1);
        let label = room * 3 / 10;
        let value = (room - label) / 3;
        let at = |n: u16| (first + label + value * n, value - 1);
        Columns([(first, label - 1), at(0), at(1), at(2)])
    }

    fn draw(&self, canvas: &mut Canvas<'_>, y: u16, texts: &[String; 4], role: Role) {
        let ambiguous = canvas.look.ambiguous;
        for ((x, width), text) in self.0.iter().zip(texts) {
            canvas.text(*x, y, *width, &fit(text, usize::from(*width), ambiguous), role);
        }
    }
}

fn detail(scene: &Scene<'_>, row: &Row, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    let title = spoken::title(&scene.model.books, scene.engagement.id, row);
    let mut y = canvas.paragraph(area, &spoken::label(scene.pack, &row.name, title, lang), Role::Strong);
    for (key, side) in [("share.base", &row.base), ("share.mine", &row.mine), ("share.theirs", &row.theirs)] {
        let text = spoken::value(scene.pack, row, side, lang);
        let text = if text.is_empty() { words.get("share.nothing").to_owned() } else { text };
        y = canvas.paragraph(below(y), &format!("{}  {text}", words.get(key)), Role::Plain);
    }
    if row.decided.is_some() {
        canvas.paragraph(below(y), words.get("pair.undo_hint"), Role::Quiet);
    }
}

/// One line about who comes along, or whose copy it is; none when neither.
pub fn line(scene: &Scene<'_>) -> Option<String> {
    let (books, words) = (&scene.model.books, scene.words);
    let numbers = |all: &std::collections::BTreeSet<u8>| {
        all.iter().map(u8::to_string).collect::<Vec<_>>().join(words.get("pair.and"))
    };
    let date = |on: Option<jiff::civil::Date>| on.map_or_else(|| "-".to_owned(), |d| d.strftime("%m/%d").to_string());
    if let Some(copy) = books.shared_of(scene.engagement.id) {
        let drafts = share::changed(books, copy).map_or(0, |all| share::drafts(&all)).to_string();
        let handouts = words.get(if copy.handouts { "share.yes" } else { "share.no" });
        let values = [
            ("name", copy.lead.as_str()),
            ("sessions", &numbers(&copy.sessions)),
            ("until", &date(Some(copy.until))),
            ("handouts", handouts),
            ("n", &drafts),
        ];
        return Some(words.fill("pair.copy_line", &values));
    }
    let pairing = books.pairing_of(scene.engagement.id)?;
    let until = pairing.until.unwrap_or_else(|| scene.pack.pairing.until(scene.engagement, scene.today));
    let until = books.handouts_of(scene.engagement.id).last().map_or(until, |out| out.until);
    let values = [
        ("name", pairing.trainee.as_str()),
        ("sessions", &numbers(&pairing.sessions)),
        ("consent", &date(pairing.consent.as_ref().map(|c| c.on))),
        ("until", &date(Some(until))),
    ];
    let line = words.fill("pair.line", &values);
    let waiting: usize = books.returns_of(scene.engagement.id).iter().map(|r| merge::waiting(books, r)).sum();
    Some(match (pairing.withdrawn_on, waiting) {
        (Some(_), _) => format!("{line}  {}", words.get("pair.withdrawn")),
        (None, 0) => line,
        (None, n) => format!("{line}  {}", words.fill("pair.waiting", &[("n", &n.to_string())])),
    })
}
