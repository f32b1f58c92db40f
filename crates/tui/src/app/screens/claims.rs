//! Fee claims: what can be claimed, what stands in the way, drafts and what was sent.

use bansou_core::claim::{self, Unit};
use bansou_core::money::{self, format_yen};
use bansou_core::record::v1::{Claim, ClaimLine, ClaimState, Engagement, Id};
use bansou_core::{calc, command};
use ratatui::layout::Rect;

use super::today::whose;
use super::{day, distance};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;

/// One row of the screen.
pub enum Row<'a> {
    Unit(Unit),
    Claim(&'a Claim),
}

/// The fee units not claimed yet by their last day, then the claims, newest first.
pub fn rows(model: &Model) -> Vec<Row<'_>> {
    let claims = model.books.claims.values();
    let mut claims: Vec<&Claim> = claims.collect();
    claims.sort_by_key(|c| std::cmp::Reverse(c.number));
    units(model).into_iter().map(Row::Unit).chain(claims.into_iter().map(Row::Claim)).collect()
}

fn units(model: &Model) -> Vec<Unit> {
    let mut units: Vec<Unit> = model.books.engagements.values().flat_map(|e| units_of(model, e)).collect();
    units.sort_by(|a, b| (a.due, &a.line.case_no, &a.line.sessions).cmp(&(b.due, &b.line.case_no, &b.line.sessions)));
    units
}

fn units_of(model: &Model, engagement: &Engagement) -> Vec<Unit> {
    model.pack(engagement).map_or_else(Vec::new, |pack| claim::units(&model.books, pack, engagement))
}

/// Every fee unit that can be claimed today, named as a draft names them.
pub fn claimable(model: &Model) -> Vec<(Id, u8)> {
    units(model).iter().filter(|u| u.blocked.is_none()).map(named).collect()
}

/// Those of one engagement.
pub fn claimable_of(model: &Model, engagement: Id) -> Vec<(Id, u8)> {
    claimable(model).into_iter().filter(|(of, _)| *of == engagement).collect()
}

/// A unit as a draft names it.
pub fn named(unit: &Unit) -> (Id, u8) {
    (unit.line.engagement, unit.line.sessions.first().copied().unwrap_or(0))
}

/// From this width on a row has all its columns.
const FULL: u16 = 80;

/// And from this one on the tax as well.
const WITH_TAX: u16 = 100;

/// The row under the cursor.
pub fn chosen(model: &Model, cursor: Cursor) -> Option<Row<'_>> {
    let rows = rows(model);
    let at = cursor.at(rows.len());
    rows.into_iter().nth(at)
}

fn sessions(unit: &[u8]) -> String {
    unit.iter().map(u8::to_string).collect::<Vec<_>>().join("+")
}

/// Draws the units, the claims, and the chosen one in sentences.
pub fn draw(model: &Model, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let rows = rows(model);
    canvas.text(1, area.y, area.width - 1, words.get("claims.title"), Role::Strong);
    if rows.is_empty() {
        canvas.paragraph(
            Rect { x: 1, y: area.y + 1, width: area.width - 2, ..area },
            words.get("claims.empty"),
            Role::Plain,
        );
        return canvas.point(1, area.y + 1);
    }
    if area.width >= FULL {
        canvas.text(3, area.y + 1, area.width - 4, words.get("claims.head"), Role::Quiet);
    }
    let foot = area.bottom().saturating_sub(6);
    let at = cursor.at(rows.len());
    let height = usize::from(foot.saturating_sub(area.y + 2));
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), height)) {
        let base = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, base);
        match &rows[index] {
            Row::Unit(unit) => unit_row(model, unit, canvas, y, base),
            Row::Claim(claim) => claim_row(model, claim, canvas, y, base),
        }
        if index == at {
            canvas.point(1, y);
        }
    }
    canvas.rule(0, foot, area.width);
    let pane = Rect { x: 1, y: foot + 1, width: area.width - 2, height: area.bottom().saturating_sub(foot + 1) };
    match &rows[at] {
        Row::Unit(unit) => unit_detail(model, unit, canvas, pane),
        Row::Claim(claim) => claim_detail(model, claim, canvas, pane),
    }
}

fn unit_row(model: &Model, unit: &Unit, canvas: &mut Canvas<'_>, y: u16, base: Role) {
    let words = model.look.words();
    let (word, role) = match unit.blocked {
        None => ("claims.open", Role::Good),
        Some(_) => ("claims.blocked", Role::Bad),
    };
    canvas.text(3, y, 8, words.get(word), if base == Role::Bar { base } else { role });
    let name = whose(model, Some(unit.line.engagement));
    let session = words.fill("work.session", &[("n", &sessions(&unit.line.sessions))]);
    let due = format!("{} {}", day(words, unit.due), distance(words, unit.due, model.clock.date()));
    let width = canvas.area().width;
    // State, name and date stay; the case number and the fee give way.
    if width < FULL {
        canvas.text(12, y, 19, name, base);
        canvas.text(32, y, 11, &session, base);
        canvas.text(44, y, width.saturating_sub(44), &due, base);
        return;
    }
    canvas.text(11, y, 8, &unit.line.case_no, base);
    canvas.text(20, y, 17, name, base);
    canvas.text(38, y, 11, &session, base);
    canvas.right(49, y, 9, &format_yen(unit.line.fee), base);
    canvas.text(60, y, width - 60, &due, base);
}

/// The word and the role of a claim's state.
pub fn state_word(state: ClaimState) -> (&'static str, Role) {
    match state {
        ClaimState::Draft => ("claims.draft", Role::Busy),
        ClaimState::Sent => ("claims.sent", Role::Good),
    }
}

fn claim_row(model: &Model, claim: &Claim, canvas: &mut Canvas<'_>, y: u16, base: Role) {
    let words = model.look.words();
    let (word, role) = state_word(claim.state);
    canvas.text(3, y, 8, words.get(word), if base == Role::Bar { base } else { role });
    let name =
        words.fill("claims.number", &[("n", &claim.number.to_string()), ("units", &claim.lines.len().to_string())]);
    canvas.text(11, y, 30, &name, base);
    let width = canvas.area().width;
    if width < FULL {
        return canvas.right(44, y, 9, &format_yen(claim.gross), base);
    }
    canvas.right(49, y, 9, &format_yen(claim.gross), base);
    let key = if width < WITH_TAX { "claims.net_only" } else { "claims.net" };
    let net = words.fill(key, &[("withheld", &format_yen(claim.withheld)), ("net", &format_yen(claim.net))]);
    canvas.text(60, y, width - 60, &net, base);
}

fn unit_detail(model: &Model, unit: &Unit, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let held = day(words, unit.line.held_on);
    let text = words.fill("claims.held", &[("date", &held), ("due", &day(words, unit.due))]);
    let y = canvas.paragraph(area, &text, Role::Plain);
    let area = Rect { y, height: area.bottom().saturating_sub(y), ..area };
    match &unit.blocked {
        Some(refusal) => {
            canvas.paragraph(area, &format!("{} {}", refusal.code(), refusal.text(model.lang())), Role::Bad);
        }
        None => {
            let all = claimable(model);
            let own = all.iter().filter(|(of, _)| *of == unit.line.engagement).count().to_string();
            let line = words.fill("claims.can", &[("n", &all.len().to_string()), ("own", &own)]);
            canvas.paragraph(area, &line, Role::Good);
        }
    }
}

fn claim_detail(model: &Model, claim: &Claim, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let of_one = |lines: &[ClaimLine]| {
        let case = format!("{} {}", lines[0].case_no, whose(model, Some(lines[0].engagement)));
        let numbers: Vec<String> = lines.iter().map(|l| sessions(&l.sessions)).collect();
        words.fill("claims.case", &[("case", &case), ("n", &numbers.join(","))])
    };
    let cases: Vec<String> = claim.lines.chunk_by(|a, b| a.engagement == b.engagement).map(of_one).collect();
    let y = canvas.paragraph(area, &cases.join("  "), Role::Plain);
    let values = [
        ("gross", format_yen(claim.gross)),
        ("tax", format_yen(claim.tax)),
        ("withheld", format_yen(claim.withheld)),
        ("net", format_yen(claim.net)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    let mut y = canvas.paragraph(below(y), &words.fill("claims.amounts", &values), Role::Strong);
    if let Ok(pack) = command::pack(&model.packs, &claim.programme) {
        let paid = calc::payday_for_service(pack, claim.claimed_on);
        y = canvas.paragraph(below(y), &words.fill("claims.payday", &[("date", &day(words, paid))]), Role::Plain);
    }
    let next = match claim.state {
        ClaimState::Draft => "claims.draft_next",
        ClaimState::Sent => "claims.sent_next",
    };
    canvas.paragraph(below(y), words.get(next), Role::Plain);
}

/// What can be claimed per engagement, for the list of clients.
pub fn block(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    if area.height == 0 {
        return;
    }
    canvas.text(1, area.y, area.width - 1, words.get("claims.block"), Role::Strong);
    let mut y = area.y + 1;
    for engagement in model.books.engagements.values() {
        let open: Vec<Unit> = units_of(model, engagement).into_iter().filter(|u| u.blocked.is_none()).collect();
        let (Some(pack), Some(profile)) = (model.pack(engagement), &model.books.profile) else {
            continue;
        };
        let count = u32::try_from(open.len()).unwrap_or(0);
        let fee = money::fee(&pack.programme, count, profile.pattern, false, model.clock.date());
        let Some(fee) = fee.filter(|_| count > 0 && y < area.bottom()) else {
            continue;
        };
        let name = whose(model, Some(engagement.id));
        let values = [
            ("name", name.to_owned()),
            ("n", count.to_string()),
            ("gross", format_yen(fee.gross)),
            ("withheld", format_yen(fee.withheld)),
            ("net", format_yen(fee.net)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        canvas.text(3, y, area.width - 4, &words.fill("claims.block_line", &values), Role::Plain);
        y += 1;
    }
    if y == area.y + 1 && y < area.bottom() {
        canvas.text(3, y, area.width - 4, words.get("claims.block_none"), Role::Plain);
    }
}
