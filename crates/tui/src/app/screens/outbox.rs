//! The outbox: each sealed bundle and how far it has come, in ticks and in words.

use bansou_core::record::v1::{OutboxItem, OutboxState};
use bansou_core::resume::pending;
use ratatui::layout::Rect;

use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;

/// The bundles, newest first.
pub fn items(model: &Model) -> Vec<&OutboxItem> {
    let mut items: Vec<&OutboxItem> = model.books.outbox.values().collect();
    items.sort_by_key(|i| std::cmp::Reverse(i.seq));
    items
}

/// Ticks and word of a state: one tick is sealed here, two the server holds it, three the secretariat accepted it.
pub fn state(state: OutboxState) -> (&'static str, &'static str, Role) {
    match state {
        OutboxState::Queued => ("\u{2714}", "outbox.queued", Role::Busy),
        OutboxState::Exported => ("\u{2714}", "outbox.exported", Role::Busy),
        OutboxState::Sending => ("\u{2714}", "outbox.sending", Role::Busy),
        OutboxState::Received => ("\u{2714}\u{2714}", "outbox.received", Role::Plain),
        OutboxState::Accepted => ("\u{2714}\u{2714}\u{2714}", "outbox.accepted", Role::Good),
        OutboxState::Returned => ("", "outbox.returned", Role::Bad),
    }
}

/// Draws the bundles.
pub fn draw(model: &Model, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let items = items(model);
    let x = canvas.text(1, area.y, area.width - 1, words.get("outbox.title"), Role::Strong) + 2;
    let elsewhere = model.books.resumption.as_ref().map_or(0, |r| r.found.len());
    if pending(&model.books) {
        canvas.text(x, area.y, area.width.saturating_sub(x), words.get("outbox.restored"), Role::Bad);
    } else if elsewhere > 0 {
        let told = words.fill("outbox.elsewhere", &[("n", &elsewhere.to_string())]);
        canvas.text(x, area.y, area.width.saturating_sub(x), &told, Role::Plain);
    }
    if items.is_empty() {
        let rest = Rect { x: 1, y: area.y + 1, width: area.width - 2, height: area.height.saturating_sub(1) };
        canvas.paragraph(rest, words.get("outbox.empty"), Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let at = cursor.at(items.len());
    // Numbers after a restore are long.
    let wide = if items[0].seq > 9999 { 7 } else { 0 };
    for (y, index) in (area.y + 1..).zip(cursor.window(items.len(), usize::from(area.height - 1))) {
        let item = items[index];
        let chosen = index == at;
        let (ticks, word, role) = state(item.state);
        let case = item.engagement.and_then(|id| model.books.engagements.get(&id)).map_or("", |e| e.case_no.as_str());
        let case = if item.claim.is_some() { words.get("act.claims") } else { case };
        let session = item.session.map_or_else(String::new, |n| words.fill("work.session", &[("n", &n.to_string())]));
        let base = if chosen { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if chosen { " >" } else { "" }, base);
        canvas.text(3, y, 6 + wide, &format!("{:>4}", item.seq), base);
        canvas.text(10 + wide, y, 12, case, base);
        canvas.text(23 + wide, y, 12, &session, base);
        let role = if chosen { base } else { role };
        canvas.text(36 + wide, y, 4, ticks, role);
        let end = canvas.text(41 + wide, y, 24, words.get(word), role);
        // In a narrow window the time, then the date, give way to the state.
        let when = match area.width.saturating_sub(end) {
            ..8 => "",
            8..14 => "%m/%d",
            _ => "%m/%d %H:%M",
        };
        canvas.right(1, y, area.width - 2, &item.sealed_at.strftime(when).to_string(), base);
        if chosen {
            canvas.point(1, y);
        }
    }
}
