//! The experts: who may report, and the request that waits for approval.

use bansou_core::record::v1::{ExpertEntry, Id};
use ratatui::layout::Rect;

use super::{board, day};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::office::{Office, Seen};

/// Rows of the request below the list.
const REQUEST: u16 = 5;

/// E-001 and so on.
pub fn number(expert: &ExpertEntry) -> String {
    format!("E-{:03}", expert.number)
}

/// The number of an expert by id; `E-?` when there is none.
pub fn number_of(model: &Model, id: Id) -> String {
    model.books.experts.get(&id).map_or_else(|| "E-?".to_owned(), number)
}

/// The experts by number.
fn all(model: &Model) -> Vec<&ExpertEntry> {
    let mut all: Vec<&ExpertEntry> = model.books.experts.values().collect();
    all.sort_by_key(|e| e.number);
    all
}

/// The expert under the cursor.
pub fn chosen(model: &Model, cursor: Cursor) -> Option<&ExpertEntry> {
    let all = all(model);
    all.get(cursor.at(all.len())).copied()
}

/// Draws the experts and the request that was read.
pub fn draw(model: &Model, office: &Office, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let all = all(model);
    let active = all.iter().filter(|e| e.revoked_on.is_none()).count();
    let counts = [all.len(), active].map(|n| n.to_string());
    let title = words.fill("experts.title", &[("n", &counts[0]), ("active", &counts[1])]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    canvas.point(1, area.y);
    let below = if office.request.is_some() { REQUEST + 1 } else { 0 };
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(below + 1), ..area };
    if all.is_empty() {
        canvas.text(1, list.y, area.width - 1, words.get("experts.empty"), Role::Plain);
    }
    let at = office.cursor().at(all.len());
    for (y, index) in (list.y..).zip(office.cursor().window(all.len(), usize::from(list.height))) {
        row(model, all[index], index == at, canvas, Rect { y, height: 1, ..list });
    }
    if let Some(seen) = &office.request {
        canvas.rule(0, list.bottom(), area.width);
        request(model, seen, canvas, Rect { y: list.bottom() + 1, height: REQUEST, ..area });
    }
}

fn row(model: &Model, expert: &ExpertEntry, chosen: bool, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let y = area.y;
    let base = if chosen { Role::Bar } else { Role::Plain };
    canvas.row(0, y, area.width, if chosen { " >" } else { "" }, base);
    canvas.text(3, y, 6, &number(expert), base);
    let (state, role) = match expert.revoked_on {
        None => (words.get("experts.active").to_owned(), Role::Good),
        Some(on) => (words.fill("experts.revoked", &[("date", &day(words, on))]), Role::Bad),
    };
    canvas.text(10, y, 17, &expert.name, base);
    let letter = bansou_core::office::pattern_letter(expert.pattern);
    canvas.text(28, y, 2, letter, base);
    let place = board::pack(model).and_then(|p| p.prefectures.name(expert.prefecture));
    canvas.text(31, y, 10, place.map_or("", |n| n.get(model.lang())), base);
    let cases = model.books.cases.values().filter(|c| c.expert == expert.id).count().to_string();
    let newest = model.books.deliveries.values().filter(|d| d.expert == expert.id).map(|d| d.pulled_at.date()).max();
    let newest = newest.map_or_else(|| "-".to_owned(), |d| d.strftime("%m/%d").to_string());
    let text = words.fill("experts.work", &[("cases", &cases), ("date", &newest)]);
    let x = canvas.text(42, y, 22, &text, base);
    canvas.text(x.max(60) + 1, y, area.width, &state, if chosen { base } else { role });
    if chosen {
        canvas.point(1, y);
    }
}

/// The request with the fingerprint that is compared by voice before it is approved.
fn request(model: &Model, seen: &Seen, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let lines = [
        (words.fill("experts.request", &[("name", &seen.name), ("file", &seen.file)]), Role::Strong),
        (words.get("experts.compare").to_owned(), Role::Plain),
        (seen.fingerprint.clone(), Role::Strong),
        (words.get("experts.then").to_owned(), Role::Plain),
    ];
    for (y, (line, role)) in (area.y..area.bottom()).zip(&lines) {
        canvas.text(1, y, area.width - 1, line, *role);
    }
}
