//! The action plan: lines by priority with scores, the chosen line, its months, and what is still wrong.

use bansou_core::plan::PlanFinding;
use bansou_core::planning;
use bansou_core::record::v1::{LineStatus, PlanLine};
use jiff::ToSpan;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// The lines in order of priority, each with its score.
pub fn lines(scene: &Scene<'_>) -> Vec<(u32, PlanLine)> {
    match scene.model.books.plan_of(scene.engagement.id) {
        Some(plan) => planning::ranked(&scene.model.books, scene.pack, plan),
        None => Vec::new(),
    }
}

/// The line under the cursor.
pub fn chosen(scene: &Scene<'_>, cursor: Cursor) -> Option<PlanLine> {
    let lines = lines(scene);
    let at = cursor.at(lines.len());
    lines.into_iter().nth(at).map(|l| l.1)
}

/// The word of a line's state.
pub fn status_word(status: LineStatus) -> &'static str {
    match status {
        LineStatus::Open => "state.not_yet",
        LineStatus::Started => "state.doing",
        LineStatus::Done => "state.done",
        LineStatus::OnHold => "state.on_hold",
    }
}

/// Draws the table, the chosen line and the findings. `typed` are the digits of a score being typed.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, typed: Option<&str>, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let lines = lines(scene);
    let left = planning::candidates(&scene.model.books, scene.pack, scene.engagement).len();
    canvas.text(1, area.y, area.width - 1, words.get("plan.head"), Role::Quiet);
    if lines.is_empty() {
        let text = words.fill("plan.empty", &[("n", &left.to_string())]);
        canvas.text(1, area.y + 1, area.width - 1, &text, Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let at = cursor.at(lines.len());
    let height = usize::from(area.height.saturating_sub(8));
    for (y, index) in (area.y + 1..).zip(cursor.window(lines.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        row(scene, index, &lines[index], canvas, y, role);
        if index == at {
            canvas.point(1, y);
        }
    }
    let y = area.bottom().saturating_sub(6);
    canvas.rule(0, y, area.width);
    chosen_line(scene, &lines[at], typed, canvas, Rect { y: y + 1, height: 3, ..area });
    canvas.rule(0, y + 4, area.width);
    canvas.text(1, y + 5, area.width - 1, &findings(scene, &lines, left), Role::Plain);
}

fn row(scene: &Scene<'_>, index: usize, line: &(u32, PlanLine), canvas: &mut Canvas<'_>, y: u16, role: Role) {
    let words = scene.words;
    let (score, line) = line;
    let width = canvas.area().width;
    let numbers = format!("{:>2} {score:>2}  {} {} {}", index + 1, line.urgency, line.importance, line.difficulty);
    canvas.row(1, y, width - 1, &numbers, role);
    let text = width.saturating_sub(50);
    canvas.text(14, y, text, &line.action, role);
    let owner = if line.owner.is_empty() { words.get("plan.nobody") } else { &line.owner };
    canvas.text(15 + text, y, 16, owner, role);
    let due = line.due.map_or_else(String::new, |d| d.strftime("%Y-%m").to_string());
    canvas.text(32 + text, y, 8, &due, role);
    canvas.text(41 + text, y, 8, words.get(status_word(line.status)), role);
}

fn chosen_line(
    scene: &Scene<'_>,
    (score, line): &(u32, PlanLine),
    typed: Option<&str>,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let words = scene.words;
    let issue = words.fill("plan.issue", &[("text", &line.issue), ("basis", &line.basis)]);
    canvas.text(1, area.y, area.width - 1, &issue, Role::Plain);
    let sum = match typed {
        Some(typed) => words.fill("plan.typing", &[("digits", typed)]),
        None => words.fill("plan.score", &[("n", &score.to_string()), ("goal", &line.done_when)]),
    };
    canvas.text(1, area.y + 1, area.width - 1, &sum, Role::Strong);
    let starts = scene.model.books.plan_of(scene.engagement.id).map(|p| p.starts);
    if let Some(starts) = starts {
        let mut x = 1;
        for month in 0..i32::from(scene.pack.plan.months) {
            let first = starts.saturating_add(month.months());
            let from = line.start.map_or(starts, |d| d.first_of_month());
            let busy = from <= first && line.due.is_some_and(|due| first <= due);
            let bar = if busy { "==" } else { ".." };
            canvas.text(x, area.y + 2, 6, &format!("{:>2}{bar}", first.month()), Role::Plain);
            x += 6;
        }
    }
}

fn findings(scene: &Scene<'_>, lines: &[(u32, PlanLine)], left: usize) -> String {
    let words = scene.words;
    let starts = scene.model.books.plan_of(scene.engagement.id).map_or(scene.today, |p| p.starts);
    let plain: Vec<PlanLine> = lines.iter().map(|l| l.1.clone()).collect();
    let found = scene.pack.plan.lint(&plain, starts);
    let first = found.first().map(|f| match f {
        PlanFinding::ThemeMissing(theme) => {
            let name = scene.pack.plan.theme(theme).map_or(theme.as_str(), |t| t.name.get(scene.model.lang()));
            words.fill("plan.no_theme", &[("theme", name)])
        }
        PlanFinding::OwnerMissing(n) => words.fill("plan.no_owner", &[("n", &n.to_string())]),
        PlanFinding::DoneWhenMissing(n) => words.fill("plan.no_goal", &[("n", &n.to_string())]),
        PlanFinding::DueMissing(n) => words.fill("plan.no_due", &[("n", &n.to_string())]),
        PlanFinding::DueOutsideYear(n) => words.fill("plan.due_outside", &[("n", &n.to_string())]),
    });
    let first = first.unwrap_or_else(|| words.get("plan.no_findings").to_owned());
    words.fill("plan.findings", &[("n", &found.len().to_string()), ("first", &first), ("left", &left.to_string())])
}
