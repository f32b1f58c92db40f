//! One session's checklist: preparation, the day, afterwards, with the timetable and guidance.

use bansou_core::curriculum::{CheckItem, Link, SessionPlan};
use bansou_core::record::v1::CheckState;
use ratatui::layout::Rect;

use super::{Scene, day, mode_word};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// From this width on the guidance stands beside the list.
const TWO_PANES: u16 = 100;
/// Cells of the right-hand pane.
const PANE: u16 = 45;

/// The item under the cursor.
pub fn chosen<'a>(scene: &Scene<'a>, session: u8, cursor: Cursor) -> Option<&'a CheckItem> {
    let plan = scene.pack.curriculum.session(session)?;
    let count = plan.items().count();
    plan.items().nth(cursor.at(count))
}

/// How an item is ticked.
pub fn state(scene: &Scene<'_>, session: u8, item: &CheckItem) -> Option<CheckState> {
    let session = scene.engagement.session(session)?;
    session.checks.get(&item.id).map(|c| c.state)
}

/// How many items of a session's preparation are done, of how many.
pub fn prepared(scene: &Scene<'_>, session: u8) -> (usize, usize) {
    let items = scene.pack.curriculum.session(session).map_or(&[][..], |plan| &plan.prep);
    (items.iter().filter(|i| state(scene, session, i).is_some()).count(), items.len())
}

/// The items of a session's preparation that are still open.
pub fn left<'a>(scene: &Scene<'a>, session: u8) -> Vec<&'a CheckItem> {
    let items = scene.pack.curriculum.session(session).map_or(&[][..], |plan| &plan.prep);
    items.iter().filter(|i| state(scene, session, i).is_none()).collect()
}

/// The screen an item leads to: its key and the word for it.
fn link_word(link: Link) -> &'static str {
    match link {
        Link::Client => "link.client",
        Link::Diagnosis => "link.diagnosis",
        Link::Policy => "link.policy",
        Link::Regulations => "link.regulations",
        Link::Plan => "link.plan",
        Link::Notes => "link.notes",
        Link::Schedule => "link.schedule",
        Link::Confirmation => "link.confirmation",
        Link::Report => "link.report",
        Link::FinalReport => "link.final_report",
        Link::Deliverables => "link.deliverables",
        Link::Claim => "link.claim",
    }
}

/// One row of the list: a title, or an item with its number.
struct Row<'a> {
    text: String,
    item: Option<(usize, &'a CheckItem)>,
}

fn rows<'a>(scene: &Scene<'a>, session: u8, plan: &'a SessionPlan) -> Vec<Row<'a>> {
    let (words, lang) = (scene.words, scene.model.lang());
    let parts = [("check.prep", &plan.prep), ("check.day", &plan.day), ("check.after", &plan.after)];
    let mut rows = Vec::new();
    let mut index = 0;
    for (title, items) in parts {
        let done = items.iter().filter(|i| state(scene, session, i).is_some()).count();
        let minutes: u16 = items.iter().filter(|i| state(scene, session, i).is_none()).map(|i| i.minutes).sum();
        let left =
            if minutes == 0 { String::new() } else { words.fill("guide.minutes_left", &[("n", &minutes.to_string())]) };
        rows.push(Row { text: format!("{}  {done}/{}  {left}", words.get(title), items.len()), item: None });
        for item in items {
            let mark = match state(scene, session, item) {
                Some(CheckState::Done) => "[x]",
                Some(CheckState::Skipped) => "[-]",
                None => "[ ]",
            };
            rows.push(Row { text: format!("{mark} {}", item.text().get(lang)), item: Some((index, item)) });
            index += 1;
        }
    }
    rows
}

/// Draws the checklist with its three parts, the timetable and the guidance of the chosen item.
pub fn draw(scene: &Scene<'_>, session: u8, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let Some(plan) = scene.pack.curriculum.session(session) else {
        return;
    };
    canvas.text(1, area.y, area.width - 1, &sessions_line(scene, session), Role::Plain);
    let number = session.to_string();
    let purpose = words.fill("check.purpose", &[("n", &number), ("text", plan.purpose.get(lang))]);
    canvas.text(1, area.y + 1, area.width - 1, &purpose, Role::Strong);
    let wide = area.width >= TWO_PANES;
    let left = if wide { area.width - PANE - 2 } else { area.width };
    let foot = area.bottom().saturating_sub(3);
    let list = Rect { y: area.y + 2, width: left, height: foot.saturating_sub(area.y + 2), ..area };
    let rows = rows(scene, session, plan);
    let at = cursor.at(plan.items().count());
    let chosen_row = rows.iter().position(|r| r.item.is_some_and(|i| i.0 == at)).unwrap_or(0);
    for (y, index) in (list.y..).zip(Cursor::on(chosen_row).window(rows.len(), usize::from(list.height))) {
        let row = &rows[index];
        let Some((number, item)) = row.item else {
            canvas.row(0, y, left, &row.text, Role::Strong);
            continue;
        };
        let role = if number == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, left, &format!("{} {}", if number == at { " >" } else { "  " }, row.text), role);
        let side = item.link.map_or("", |l| words.get(link_word(l)));
        canvas.right(0, y, left - 1, &format!("  {side}"), role);
        if number == at {
            canvas.point(1, y);
        }
    }
    canvas.rule(0, foot, left);
    canvas.text(1, foot + 2, left - 1, &agenda(scene, plan), Role::Plain);
    let item = chosen(scene, session, cursor);
    let hint = item.and_then(|i| i.hint.as_ref());
    if wide {
        canvas.wall(left, area.y + 2, area.bottom().saturating_sub(area.y + 2));
        let pane = Rect { x: left + 2, y: area.y + 2, width: PANE - 1, height: area.height.saturating_sub(2) };
        guidance(scene, plan, item, canvas, pane);
    } else if let Some(hint) = hint {
        canvas.text(1, foot + 1, left - 1, hint.get(lang), Role::Plain);
    }
}

/// Every session with its state, the shown one in brackets.
fn sessions_line(scene: &Scene<'_>, shown: u8) -> String {
    let words = scene.words;
    let one = |number: u8| {
        let name = words.fill("work.session", &[("n", &number.to_string())]);
        let date = scene.engagement.date_of(number).map_or_else(String::new, |d| day(words, d));
        let text = format!("{name} {} {date}", words.get(scene.state(number).0));
        if number == shown { format!("[{}]", text.trim_end()) } else { text.trim_end().to_owned() }
    };
    (1..=scene.engagement.sessions.len() as u8).map(one).collect::<Vec<_>>().join("  ")
}

fn agenda(scene: &Scene<'_>, plan: &SessionPlan) -> String {
    let lang = scene.model.lang();
    let name = |a: &bansou_core::curriculum::AgendaItem| match lang {
        bansou_core::text::Lang::Ja => format!("{} {}", a.ja, a.minutes),
        bansou_core::text::Lang::En => format!("{} {}", a.en, a.minutes),
    };
    let parts: Vec<String> = plan.agenda.iter().map(name).collect();
    let sum: u16 = plan.agenda.iter().map(|a| a.minutes).sum();
    scene.words.fill("guide.agenda", &[("list", &parts.join(" / ")), ("n", &sum.to_string())])
}

fn guidance(scene: &Scene<'_>, plan: &SessionPlan, item: Option<&CheckItem>, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let mut y = canvas.paragraph(area, words.get("guide.title"), Role::Strong);
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    if let Some(item) = item {
        y = canvas.paragraph(below(y), item.text().get(lang), Role::Plain);
        if let Some(hint) = &item.hint {
            y = canvas.paragraph(below(y + 1), hint.get(lang), Role::Plain);
        }
        if let Some(link) = item.link {
            let text = words.fill("guide.link", &[("screen", words.get(link_word(link)))]);
            y = canvas.paragraph(below(y + 1), &text, Role::Plain);
        }
    }
    y = canvas.paragraph(below(y + 1), words.get("guide.outputs"), Role::Strong);
    for output in &plan.outputs {
        y = canvas.paragraph(below(y), &format!("- {}", output.get(lang)), Role::Plain);
    }
    if let Some(planned) = scene.engagement.session(plan.number).and_then(|s| s.planned.as_ref()) {
        let time = planned.start.map_or_else(String::new, |t| t.strftime("%H:%M").to_string());
        let text = format!("{} {time} {}", day(words, planned.date), words.get(mode_word(planned.mode)));
        y = canvas.paragraph(below(y + 1), &text, Role::Plain);
    }
    if scene.model.look.client_safe || y + 2 >= area.bottom() {
        return;
    }
    canvas.rule(area.x, y + 1, area.width);
    y = canvas.paragraph(below(y + 2), words.get("notes.title"), Role::Strong);
    for note in scene.model.books.notes_of(scene.engagement.id).iter().rev().take(6) {
        let line = format!("{} {}", note.at.strftime("%m/%d"), note.text);
        y = canvas.paragraph(below(y), &line, Role::Plain);
    }
}
