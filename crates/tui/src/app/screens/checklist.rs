//! One session's checklist: preparation, the day, afterwards.

use bansou_core::curriculum::CheckItem;
use bansou_core::record::v1::CheckState;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// The item under the cursor.
pub fn chosen<'a>(scene: &Scene<'a>, session: u8, cursor: Cursor) -> Option<&'a CheckItem> {
    let plan = scene.pack.curriculum.session(session)?;
    let count = plan.items().count();
    plan.items().nth(cursor.at(count))
}

/// Draws the checklist with its three parts and the hint of the chosen item.
pub fn draw(scene: &Scene<'_>, session: u8, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let Some(plan) = scene.pack.curriculum.session(session) else {
        return;
    };
    let number = session.to_string();
    let purpose = words.fill("check.purpose", &[("n", &number), ("text", plan.purpose.get(lang))]);
    canvas.text(1, area.y, area.width - 1, &purpose, Role::Strong);
    let at = cursor.at(plan.items().count());
    let parts = [("check.prep", &plan.prep), ("check.day", &plan.day), ("check.after", &plan.after)];
    let mut lines: Vec<(String, Option<usize>)> = Vec::new();
    let mut index = 0;
    for (title, items) in parts {
        let done = items.iter().filter(|i| state(scene, session, i).is_some()).count();
        lines.push((format!("{}  {done}/{}", words.get(title), items.len()), None));
        for item in items {
            let mark = match state(scene, session, item) {
                Some(CheckState::Done) => "[x]",
                Some(CheckState::Skipped) => "[-]",
                None => "[ ]",
            };
            lines.push((format!("{mark} {}", item.text().get(lang)), Some(index)));
            index += 1;
        }
    }
    let height = usize::from(area.height.saturating_sub(4));
    let row = lines.iter().position(|l| l.1 == Some(at)).unwrap_or(0);
    for (y, line) in (area.y + 1..).zip(Cursor::on(row).window(lines.len(), height)) {
        let (text, item) = &lines[line];
        match item {
            None => canvas.row(0, y, area.width, text, Role::Strong),
            Some(item) if *item == at => {
                canvas.row(0, y, area.width, &format!(" > {text}"), Role::Bar);
                canvas.point(1, y);
            }
            Some(_) => canvas.row(3, y, area.width - 3, text, Role::Plain),
        }
    }
    let foot = area.bottom().saturating_sub(2);
    canvas.rule(0, foot, area.width);
    if let Some(hint) = chosen(scene, session, cursor).and_then(|i| i.hint.as_ref()) {
        canvas.text(1, foot + 1, area.width - 1, hint.get(lang), Role::Plain);
    }
}

/// How an item is ticked.
pub fn state(scene: &Scene<'_>, session: u8, item: &CheckItem) -> Option<CheckState> {
    let session = scene.engagement.session(session)?;
    session.checks.get(&item.id).map(|c| c.state)
}
