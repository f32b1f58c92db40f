//! The payments: each pay day with one line per payee, and what waits to be paid.

use bansou_core::record::v1::{Id, PayLine, PayRun};
use ratatui::layout::Rect;

use super::{day, experts};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;

/// Cells of an amount.
const AMOUNT: u16 = 11;

/// An amount of yen with its thousands apart.
pub fn yen(amount: u64) -> String {
    let digits = amount.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap_or("")).collect();
    groups.join(",")
}

/// The pay days, newest first, each followed by its lines.
pub fn rows(model: &Model) -> Vec<(&PayRun, Option<&PayLine>)> {
    let mut runs: Vec<&PayRun> = model.books.pay_runs.values().collect();
    runs.sort_by_key(|r| std::cmp::Reverse((r.pay_on, r.id)));
    runs.into_iter().flat_map(|r| std::iter::once((r, None)).chain(r.lines.iter().map(move |l| (r, Some(l))))).collect()
}

/// The pay day under the cursor.
pub fn chosen(model: &Model, cursor: Cursor) -> Option<&PayRun> {
    let rows = rows(model);
    rows.get(cursor.at(rows.len())).map(|r| r.0)
}

/// Accepted claims that no approved payment holds: how many, and their sum in yen.
pub fn waiting(model: &Model) -> (usize, u64) {
    let approved = model.books.pay_runs.values().filter(|r| r.approved_by.is_some());
    let paid: Vec<Id> = approved.flat_map(|r| &r.lines).flat_map(|l| l.claims.iter().copied()).collect();
    let accepted = model.books.deliveries.values().filter(|d| d.review.as_ref().is_some_and(|r| r.accepted));
    let claims = accepted.filter(|d| !paid.contains(&d.id)).filter_map(|d| d.claim.as_ref());
    claims.fold((0, 0), |(count, sum), claim| (count + 1, sum + claim.gross))
}

/// Draws what waits, then the pay days.
pub fn draw(model: &Model, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let (count, sum) = waiting(model);
    let title = words.fill("pay.title", &[("n", &count.to_string()), ("yen", &yen(sum))]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    let rows = rows(model);
    if rows.is_empty() {
        canvas.text(1, area.y + 1, area.width - 1, words.get("pay.empty"), Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    heading(canvas, Rect { y: area.y + 1, ..area });
    let at = cursor.at(rows.len());
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), usize::from(area.height.saturating_sub(2)))) {
        let base = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, base);
        let place = Rect { y, height: 1, ..area };
        match rows[index] {
            (run, None) => draw_run(model, run, canvas, place, if index == at { base } else { Role::Strong }),
            (_, Some(line)) => draw_line(model, line, canvas, place, base),
        }
        if index == at {
            canvas.point(1, y);
        }
    }
}

/// Where the four amounts end, from the right edge.
fn amounts(canvas: &mut Canvas<'_>, area: Rect, texts: [&str; 4], role: Role) {
    let mut x = area.width.saturating_sub(3 * AMOUNT + 7);
    canvas.right(x, area.y, 5, texts[0], role);
    x += 5;
    for text in &texts[1..] {
        canvas.right(x, area.y, AMOUNT, text, role);
        x += AMOUNT;
    }
}

fn heading(canvas: &mut Canvas<'_>, area: Rect) {
    let words = canvas.look.words();
    canvas.text(5, area.y, 20, words.get("pay.payee"), Role::Quiet);
    let texts = ["pay.units", "pay.gross", "pay.withheld", "pay.net"].map(|key| words.get(key));
    amounts(canvas, area, texts, Role::Quiet);
}

fn draw_run(model: &Model, run: &PayRun, canvas: &mut Canvas<'_>, area: Rect, role: Role) {
    let words = model.look.words();
    let closed = run.closed_on.strftime("%Y-%m").to_string();
    let state = match &run.approved_by {
        Some(by) => words.fill("pay.approved", &[("by", by)]),
        None => words.get("pay.not_approved").to_owned(),
    };
    let pay_on = day(words, run.pay_on);
    let count = run.lines.len().to_string();
    let net = yen(run.lines.iter().map(|l| l.net).sum());
    let values = [("closed", closed.as_str()), ("date", &pay_on), ("n", &count), ("yen", &net), ("state", &state)];
    canvas.text(3, area.y, area.width.saturating_sub(3), &words.fill("pay.run", &values), role);
}

fn draw_line(model: &Model, line: &PayLine, canvas: &mut Canvas<'_>, area: Rect, role: Role) {
    let letter = bansou_core::office::pattern_letter(line.pattern);
    let name = format!("{} {letter} {}", experts::number_of(model, line.expert), line.payee);
    canvas.text(5, area.y, area.width.saturating_sub(3 * AMOUNT + 12), &name, role);
    let [gross, withheld, net] = [line.gross, line.withheld, line.net].map(yen);
    amounts(canvas, area, [&line.units.to_string(), &gross, &withheld, &net], role);
}

#[cfg(test)]
mod tests {
    use super::yen;

    #[test]
    fn thousands_are_apart() {
        for (amount, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (45_000, "45,000"), (2_070_000, "2,070,000")] {
            assert_eq!(yen(amount), text);
        }
    }
}
