//! One session's checklist: what is left over, preparation of both sides, the day, afterwards, with clock and guidance.

pub mod day;
pub mod leads;

use bansou_core::attachment::Of;
use bansou_core::checklist::{self, GROUPS, Group, Line};
use bansou_core::curriculum::SessionPlan;
use bansou_core::record::v1::{CheckState, Part};
use ratatui::layout::Rect;

use super::{Scene, day as date_word, mode_word};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// From this width on the guidance stands beside the list.
const TWO_PANES: u16 = 100;
/// Cells of the right-hand pane.
const PANE: u16 = 45;
/// From this height on the pane has room for the advice itself.
const ADVICE: u16 = 30;
/// Rows of the hint below the list.
const HINT: u16 = 2;

/// Every line of a session's list.
pub fn lines<'a>(scene: &Scene<'a>, session: u8) -> Vec<Line<'a>> {
    checklist::lines(&scene.pack.curriculum, scene.engagement, session)
}

/// The line under the cursor.
pub fn chosen<'a>(scene: &Scene<'a>, session: u8, cursor: Cursor) -> Option<Line<'a>> {
    let lines = lines(scene, session);
    lines.get(cursor.at(lines.len())).copied()
}

/// The mark of a line: open, done, skipped.
pub fn mark(line: &Line<'_>) -> &'static str {
    match line.check.map(|c| c.state) {
        Some(CheckState::Done) => "[x]",
        Some(CheckState::Skipped) => "[-]",
        None => "[ ]",
    }
}

/// What both sides prepare for a session.
pub fn preparation<'a>(scene: &Scene<'a>, session: u8) -> Vec<Line<'a>> {
    let mut lines = lines(scene, session);
    lines.retain(|l| matches!(l.group, Group::Of(Part::Prep | Part::Firm)));
    lines
}

/// How many items of a session's preparation are settled, of how many.
pub fn prepared(scene: &Scene<'_>, session: u8) -> (usize, usize) {
    let lines = preparation(scene, session);
    (lines.iter().filter(|l| l.check.is_some()).count(), lines.len())
}

fn title_word(group: Group) -> &'static str {
    match group {
        Group::Carried => "check.carried",
        Group::Of(Part::Prep) => "check.prep",
        Group::Of(Part::Firm) => "check.firm",
        Group::Of(Part::Day) => "check.day",
        Group::Of(Part::After) => "check.after",
    }
}

/// One row of the list: a title, or a line with its number.
struct Row<'a> {
    text: String,
    line: Option<(usize, Line<'a>)>,
}

fn rows<'a>(scene: &Scene<'a>, plan: &SessionPlan, lines: &[Line<'a>]) -> Vec<Row<'a>> {
    let (words, lang) = (scene.words, scene.model.lang());
    let mut rows = Vec::new();
    let mut index = 0;
    for group in GROUPS {
        let (done, all) = checklist::settled(lines, group);
        if all == 0 {
            continue;
        }
        let minutes = match group {
            Group::Of(Part::Day) if done < all => plan.minutes(),
            _ => checklist::minutes_left(lines, group),
        };
        let word = if group == Group::Of(Part::Day) { "guide.minutes_day" } else { "guide.minutes_left" };
        let left = if minutes == 0 { String::new() } else { words.fill(word, &[("n", &minutes.to_string())]) };
        rows.push(Row { text: format!("{}  {done}/{all}  {left}", words.get(title_word(group))), line: None });
        for line in lines.iter().filter(|l| l.group == group) {
            let text = format!("{} {}", mark(line), line.text().get(lang));
            rows.push(Row { text, line: Some((index, *line)) });
            index += 1;
        }
    }
    rows
}

/// Draws the list with its parts, the clock or the timetable, and the guidance of the chosen line.
pub fn draw(scene: &Scene<'_>, session: u8, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let Some(plan) = scene.pack.curriculum.session(session) else {
        return;
    };
    canvas.text(1, area.y, area.width - 1, &sessions_line(scene, session), Role::Plain);
    let evidence = super::evidence::linked(scene, Of::Session(session)).unwrap_or_default();
    canvas.right(1, area.y, area.width - 2, &evidence, Role::Quiet);
    let number = session.to_string();
    let purpose = words.fill("check.purpose", &[("n", &number), ("text", plan.purpose.get(lang))]);
    canvas.text(1, area.y + 1, area.width - 1, &purpose, Role::Strong);
    let wide = area.width >= TWO_PANES;
    let left = if wide { area.width - PANE - 2 } else { area.width };
    let hint_rows = if wide { 0 } else { HINT };
    let foot = area.bottom().saturating_sub(day::ROWS + hint_rows + 1);
    let list = Rect { y: area.y + 2, width: left, height: foot.saturating_sub(area.y + 2), ..area };
    let lines = lines(scene, session);
    let at = cursor.at(lines.len());
    draw_list(scene, (session, at), &rows(scene, plan, &lines), canvas, list);
    canvas.rule(0, foot, left);
    let chosen = lines.get(at);
    if wide {
        canvas.wall(left, area.y + 2, area.bottom().saturating_sub(area.y + 2));
        let pane = Rect { x: left + 2, y: area.y + 2, width: PANE - 1, height: area.height.saturating_sub(2) };
        guidance(scene, plan, chosen, canvas, pane);
    } else if let Some(line) = chosen {
        let below = Rect { x: 1, y: foot + 1, width: left - 2, height: HINT };
        canvas.paragraph(below, &hint(scene, line), Role::Plain);
    }
    day::draw(scene, plan, canvas, Rect { x: 1, y: foot + 1 + hint_rows, width: left - 2, height: day::ROWS });
}

fn draw_list(scene: &Scene<'_>, (session, at): (u8, usize), rows: &[Row<'_>], canvas: &mut Canvas<'_>, list: Rect) {
    let chosen_row = rows.iter().position(|r| r.line.is_some_and(|l| l.0 == at)).unwrap_or(0);
    // The first line is shown with the title above it.
    let cursor = if chosen_row == 1 { Cursor::on(0) } else { Cursor::on(chosen_row) };
    for (y, index) in (list.y..).zip(cursor.window(rows.len(), usize::from(list.height))) {
        let row = &rows[index];
        let Some((number, line)) = row.line else {
            canvas.row(0, y, list.width, &row.text, Role::Strong);
            continue;
        };
        let role = if number == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, list.width, &format!("{} {}", if number == at { " >" } else { "  " }, row.text), role);
        let side = side(scene, session, &line);
        canvas.right(0, y, list.width - 1, &format!("  {side}"), role);
        if number == at {
            canvas.point(1, y);
        }
    }
}

/// What stands at the right of a line: where it comes from or was settled, and where it leads.
fn side(scene: &Scene<'_>, session: u8, line: &Line<'_>) -> String {
    let words = scene.words;
    let lead = leads::lead(scene, line).map_or_else(String::new, |l| l.word);
    let settled = line.check.and_then(|c| c.carried_to).filter(|n| *n != session);
    match (line.home == session, settled) {
        (false, _) => words.fill("check.from", &[("n", &line.home.to_string()), ("lead", &lead)]),
        (true, Some(n)) => words.fill("check.settled_in", &[("n", &n.to_string())]),
        (true, None) if line.item().is_none() => words.get("check.own").to_owned(),
        (true, None) => lead,
    }
}

/// How to do it: the reason it was skipped, the item's hint, or where the guidance tells of it.
fn hint(scene: &Scene<'_>, line: &Line<'_>) -> String {
    let lang = scene.model.lang();
    if let Some(reason) = line.check.and_then(|c| c.reason.as_ref()) {
        return scene.words.fill("check.skipped_because", &[("text", reason)]);
    }
    let Some(item) = line.item() else {
        return scene.words.get("check.own_hint").to_owned();
    };
    match (&item.hint, scene.pack.guidance.of_item(&item.id)) {
        (Some(hint), _) => hint.get(lang).to_owned(),
        (None, Some(entry)) => scene.words.fill("guide.more", &[("text", entry.title.get(lang))]),
        (None, None) => String::new(),
    }
}

/// Every session with its state, the shown one in brackets.
fn sessions_line(scene: &Scene<'_>, shown: u8) -> String {
    let words = scene.words;
    let one = |number: u8| {
        let name = words.fill("work.session", &[("n", &number.to_string())]);
        let date = scene.engagement.date_of(number).map_or_else(String::new, |d| date_word(words, d));
        let text = format!("{name} {} {date}", words.get(scene.state(number).0));
        if number == shown { format!("[{}]", text.trim_end()) } else { text.trim_end().to_owned() }
    };
    (1..=scene.engagement.sessions.len() as u8).map(one).collect::<Vec<_>>().join("  ")
}

fn guidance(scene: &Scene<'_>, plan: &SessionPlan, line: Option<&Line<'_>>, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let below = |y: u16| Rect { y: y.min(area.bottom()), height: area.bottom().saturating_sub(y), ..area };
    let mut y = day::timetable(scene, plan, canvas, area);
    y = canvas.paragraph(below(y + 1), words.get("guide.title"), Role::Strong);
    if let Some(line) = line {
        y = canvas.paragraph(below(y), line.text().get(lang), Role::Plain);
        let hint = hint(scene, line);
        if !hint.is_empty() {
            y = canvas.paragraph(below(y + 1), &hint, Role::Plain);
        }
        let entry = line.item().and_then(|i| scene.pack.guidance.of_item(&i.id));
        // Advice about people is not for a screen they look at.
        if let Some(entry) = entry.filter(|_| !scene.model.look.client_safe && area.height > ADVICE) {
            for text in entry.text.get(lang).lines() {
                y = canvas.paragraph(below(y), text, Role::Plain);
            }
        }
        if let Some(lead) = leads::lead(scene, line) {
            let text = words.fill("guide.link", &[("screen", &lead.word)]);
            y = canvas.paragraph(below(y), &text, Role::Plain);
        }
    }
    y = canvas.paragraph(below(y + 1), words.get("guide.outputs"), Role::Strong);
    for output in &plan.outputs {
        y = canvas.paragraph(below(y), &format!("- {}", output.get(lang)), Role::Plain);
    }
    if let Some(planned) = scene.engagement.session(plan.number).and_then(|s| s.planned.as_ref()) {
        let time = planned.start.map_or_else(String::new, |t| t.strftime("%H:%M").to_string());
        let text = format!("{} {time} {}", date_word(words, planned.date), words.get(mode_word(planned.mode)));
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
