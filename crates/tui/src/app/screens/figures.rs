//! The figures: every count with its n and a bar.

use bansou_core::statistics;
use ratatui::layout::Rect;

use super::{board, payments};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;

/// One figure: its name, its count, and of how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub name: String,
    pub count: u64,
    /// The n, where the figure is a part of something.
    pub of: Option<u64>,
}

/// Every figure, in the order it is shown.
pub fn rows(model: &Model) -> Vec<Figure> {
    let words = model.look.words();
    let Some(pack) = board::pack(model) else {
        return Vec::new();
    };
    let s = statistics::compute(&model.books, pack, model.clock.date());
    let of_cases = |name: String, count: usize| Figure { name, count: count as u64, of: Some(s.cases as u64) };
    let part = |key, count| of_cases(words.get(key).to_owned(), count);
    let mut rows = vec![
        part("figures.not_started", s.not_started),
        part("figures.running", s.running),
        part("figures.finished", s.finished),
        part("figures.ended", s.ended),
        part("figures.late", s.late),
        part("figures.metropolitan", s.metropolitan),
        part("figures.regions", s.cases - s.metropolitan),
        part("figures.diagnosis", s.diagnosis_done),
    ];
    for number in 1..=pack.programme.sessions.count {
        let name = words.fill("figures.session", &[("n", &number.to_string())]);
        rows.push(of_cases(name, s.held.get(&number).copied().unwrap_or(0)));
    }
    for deliverable in &pack.programme.deliverables {
        let number = deliverable.number;
        let values = [("n", &*number.to_string()), ("name", deliverable.name.get(model.lang()))];
        let name = words.fill("figures.deliverable", &values);
        rows.push(of_cases(name, s.deliverables_accepted.get(&number).copied().unwrap_or(0)));
    }
    for (pattern, count) in &s.patterns {
        let name = words.fill("figures.pattern", &[("letter", bansou_core::office::pattern_letter(*pattern))]);
        rows.push(Figure { name, count: *count as u64, of: Some(s.experts as u64) });
    }
    for (from, count) in s.histogram() {
        let name = words.fill("figures.days", &[("from", &from.to_string()), ("to", &(from + 4).to_string())]);
        rows.push(Figure { name, count: count as u64, of: Some(s.days.len() as u64) });
    }
    let median = s.median_days().map(|d| Figure {
        name: words.get("figures.median").to_owned(),
        count: u64::from(d.unsigned_abs()),
        of: None,
    });
    rows.extend(median);
    for (key, count) in [("figures.paid", s.paid_yen), ("figures.withheld", s.withheld_yen)] {
        rows.push(Figure { name: words.get(key).to_owned(), count, of: None });
    }
    rows
}

/// Draws the figures; the cursor goes through them.
pub fn draw(model: &Model, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let date = model.clock.date().to_string();
    canvas.text(1, area.y, area.width - 1, &words.fill("figures.title", &[("date", &date)]), Role::Strong);
    let rows = rows(model);
    let at = cursor.at(rows.len());
    let name = (area.width / 2).min(44);
    let bar = area.width.saturating_sub(name + 22).min(60);
    for (y, index) in (area.y + 1..).zip(cursor.window(rows.len(), usize::from(area.height.saturating_sub(1)))) {
        let figure = &rows[index];
        canvas.text(1, y, 1, if index == at { ">" } else { "" }, Role::Strong);
        canvas.text(3, y, name - 3, &figure.name, Role::Plain);
        canvas.right(name, y, 11, &payments::yen(figure.count), Role::Strong);
        if let Some(of) = figure.of {
            canvas.text(name + 12, y, 9, &format!("n={of}"), Role::Plain);
            canvas.bar(name + 21, y, bar, figure.count, of);
        }
        if index == at {
            canvas.point(1, y);
        }
    }
}
