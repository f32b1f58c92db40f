//! The action plan: lines by priority with scores, the chosen line, its months, and what is still wrong.

use bansou_core::attachment::Of;
use bansou_core::note::Onto;
use bansou_core::plan::PlanFinding;
use bansou_core::planning;
use bansou_core::record::v1::{JournalEntry, LineStatus, Moved, PlanLine, Record};
use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// Candidates added by one press.
pub const CANDIDATES: u8 = 8;
/// From this width on the months stand in the table and the map beside the chosen line.
const WIDE: u16 = 110;
/// Cells of one month.
const MONTH: u16 = 3;
/// Cells of the map's pane.
const PANE: u16 = 45;

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
    if lines.is_empty() {
        let left = planning::candidates(&scene.model.books, scene.pack, scene.engagement).len();
        let text = words.fill("plan.empty", &[("n", &left.to_string()), ("most", &CANDIDATES.to_string())]);
        canvas.text(1, area.y + 1, area.width - 1, &text, Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let wide = area.width >= WIDE;
    let (detail, foot) = if wide { (10, 9) } else { (7, 3) };
    let top = area.height.saturating_sub(detail + foot);
    let table = Rect { height: top, ..area };
    draw_table(scene, &lines, cursor, canvas, table);
    let at = cursor.at(lines.len());
    let y = table.bottom();
    canvas.rule(0, y, area.width);
    let left = if wide { area.width - PANE - 2 } else { area.width };
    let rows = Rect { y: y + 1, width: left, height: detail - 1, ..area };
    chosen_line(scene, at, &lines[at], typed, canvas, rows);
    if wide {
        canvas.wall(left, y + 1, detail - 1);
        map(scene, &lines, canvas, Rect { x: left + 2, width: PANE - 1, ..rows });
    }
    let y = y + detail;
    canvas.rule(0, y, area.width);
    closing(scene, canvas, Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area });
}

/// Places of the columns after the numbers.
struct Columns {
    action: u16,
    action_width: u16,
    owner: u16,
    due: u16,
    cost: u16,
    state: u16,
    months: Option<u16>,
}

impl Columns {
    fn of(scene: &Scene<'_>, width: u16) -> Columns {
        let months = MONTH * u16::from(scene.pack.plan.months) + 1;
        let (end, months, due) = match width >= WIDE {
            true => (width - months, Some(width - months), 0),
            false => (width, None, 8),
        };
        let state = end.saturating_sub(5);
        let cost = state.saturating_sub(7);
        let due_at = cost.saturating_sub(due);
        let owner = due_at.saturating_sub(9);
        let action = 24;
        Columns { action, action_width: owner.saturating_sub(action + 1), owner, due: due_at, cost, state, months }
    }
}

fn draw_table(scene: &Scene<'_>, lines: &[(u32, PlanLine)], cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let columns = Columns::of(scene, area.width);
    let mut heads = vec![
        (1, "line.rank"),
        (8, "line.scores"),
        (15, "line.theme"),
        (columns.action, "line.action"),
        (columns.owner, "line.owner"),
        (columns.cost, "line.cost"),
        (columns.state, "line.state"),
    ];
    if columns.months.is_none() {
        heads.push((columns.due, "line.due"));
    }
    for (x, word) in heads {
        canvas.text(x, area.y, area.width.saturating_sub(x), words.get(word), Role::Quiet);
    }
    if let Some(x) = columns.months {
        month_names(scene, canvas, x, area.y);
    }
    let at = cursor.at(lines.len());
    let height = usize::from(area.height.saturating_sub(1));
    for (y, index) in (area.y + 1..).zip(cursor.window(lines.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        row(scene, index, &lines[index], &columns, canvas, y, role);
        if index == at {
            canvas.point(1, y);
        }
    }
}

fn row(
    scene: &Scene<'_>,
    index: usize,
    (score, line): &(u32, PlanLine),
    columns: &Columns,
    canvas: &mut Canvas<'_>,
    y: u16,
    role: Role,
) {
    let words = scene.words;
    let width = canvas.area().width;
    let moved = if line.moved.is_some() { '*' } else { ' ' };
    let numbers =
        format!("{:>2}{moved}{score:>2}  {} {} {}", index + 1, line.urgency, line.importance, line.difficulty);
    canvas.row(1, y, width - 1, &numbers, role);
    let theme = scene.pack.plan.theme(&line.theme).map_or("", |t| t.name.get(scene.model.lang()));
    canvas.text(15, y, 8, theme, role);
    canvas.text(columns.action, y, columns.action_width, &line.action, role);
    let owner = if line.owner.is_empty() { words.get("plan.nobody") } else { &line.owner };
    canvas.text(columns.owner, y, 8, owner, role);
    if columns.months.is_none() {
        let due = line.due.map_or_else(String::new, |d| d.strftime("%Y-%m").to_string());
        canvas.text(columns.due, y, 7, &due, role);
    }
    canvas.text(columns.cost, y, 6, &line.cost, role);
    canvas.text(columns.state, y, 4, words.get(status_word(line.status)), role);
    if let Some(x) = columns.months {
        bar(scene, line, canvas, x, y, role);
    }
}

fn starts(scene: &Scene<'_>) -> Date {
    scene.model.books.plan_of(scene.engagement.id).map_or(scene.today, |p| p.starts)
}

fn months(scene: &Scene<'_>) -> impl Iterator<Item = Date> + use<> {
    let starts = starts(scene);
    (0..i32::from(scene.pack.plan.months)).map(move |n| starts.saturating_add(n.months()))
}

fn month_names(scene: &Scene<'_>, canvas: &mut Canvas<'_>, x: u16, y: u16) {
    for (n, month) in (0..).zip(months(scene)) {
        canvas.text(x + MONTH * n, y, 2, &format!("{:>2}", month.month()), Role::Quiet);
    }
}

/// The months in which a line is worked on.
fn bar(scene: &Scene<'_>, line: &PlanLine, canvas: &mut Canvas<'_>, x: u16, y: u16, role: Role) {
    let from = line.start.map_or(starts(scene), |d| d.first_of_month());
    for (n, first) in (0..).zip(months(scene)) {
        let busy = from <= first && line.due.is_some_and(|due| first <= due);
        canvas.text(x + MONTH * n, y, 2, if busy { "==" } else { ".." }, role);
    }
}

fn chosen_line(
    scene: &Scene<'_>,
    at: usize,
    (score, line): &(u32, PlanLine),
    typed: Option<&str>,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let words = scene.words;
    let below = |y: u16| Rect { x: 1, y, width: area.width - 2, height: area.bottom().saturating_sub(y) };
    let one = |y: u16| Rect { height: 1, ..below(y) };
    canvas.paragraph(one(area.y), &format!("{} {}", at + 1, line.action), Role::Strong);
    let weights = &scene.pack.plan.weights;
    let values = [
        ("n", score.to_string()),
        ("urgency", format!("{}x{}", line.urgency, weights.urgency)),
        ("importance", format!("{}x{}", line.importance, weights.importance)),
        ("difficulty", format!("({}-{})x{}", weights.difficulty_from, line.difficulty, weights.difficulty)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let sum = match typed {
        Some(typed) => words.fill("plan.typing", &[("digits", typed)]),
        None => match &line.moved {
            Some(Moved { places, reason }) => {
                let moved = words.fill("line.moved", &[("n", &format!("{places:+}")), ("reason", reason)]);
                format!("{}  {moved}", words.fill("line.sum", &values))
            }
            None => words.fill("line.sum", &values),
        },
    };
    canvas.paragraph(one(area.y + 1), &sum, if typed.is_some() { Role::Bad } else { Role::Plain });
    let rows = [("line.issue", &line.issue), ("line.basis", &line.basis), ("line.done_when", &line.done_when)];
    let mut y = area.y + 2;
    for (label, text) in rows {
        let line = words.fill(label, &[("text", text)]);
        let row = if area.height > 7 { below(y) } else { one(y) };
        y = canvas.paragraph(row, &line, Role::Plain);
    }
    let linked = super::notes::linked(scene, &Onto::Line(line.id)).unwrap_or_default();
    let linked = super::evidence::beside(scene, Of::Line(line.id), linked);
    if area.width < WIDE && canvas.area().width < WIDE {
        let x = area.width.saturating_sub(MONTH * u16::from(scene.pack.plan.months) + 1);
        canvas.text(1, area.y + 5, x.saturating_sub(2), &linked, Role::Plain);
        month_names(scene, canvas, x, area.y + 4);
        bar(scene, line, canvas, x, area.y + 5, Role::Plain);
    } else {
        y = canvas.paragraph(below(y), &words.fill("line.support", &[("text", &line.support)]), Role::Plain);
        canvas.paragraph(below(y), &linked, Role::Plain);
    }
}

/// Importance against difficulty, each line by its number.
fn map(scene: &Scene<'_>, lines: &[(u32, PlanLine)], canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    canvas.text(area.x, area.y, area.width, words.get("line.map"), Role::Strong);
    for (row, importance) in (0..).zip([3_u8, 2, 1]) {
        let y = area.y + 1 + row * 2;
        canvas.text(area.x, y, 12, &words.fill("line.importance", &[("n", &importance.to_string())]), Role::Quiet);
        canvas.wall(area.x + 12, y, 2);
        for difficulty in 1..=3_u8 {
            let here = |l: &(usize, &(u32, PlanLine))| l.1.1.importance == importance && l.1.1.difficulty == difficulty;
            let numbers: Vec<String> = (1..).zip(lines).filter(here).map(|(n, _): (usize, _)| n.to_string()).collect();
            let x = area.x + 14 + 10 * (u16::from(difficulty) - 1);
            canvas.text(x, y, 9, &numbers.join(" "), Role::Plain);
        }
    }
    let y = area.y + 7;
    canvas.rule(area.x + 12, y, area.width.saturating_sub(13));
    canvas.text(area.x + 13, y + 1, area.width.saturating_sub(13), words.get("line.difficulty"), Role::Quiet);
}

/// What is still wrong with the plan, in sentences.
pub fn findings(scene: &Scene<'_>) -> Vec<String> {
    let words = scene.words;
    let Some(plan) = scene.model.books.plan_of(scene.engagement.id) else {
        return Vec::new();
    };
    let lines: Vec<PlanLine> = lines(scene).into_iter().map(|l| l.1).collect();
    let about = |key, n: usize| words.fill(key, &[("n", &n.to_string())]);
    let sentence = |finding: PlanFinding| match finding {
        PlanFinding::ThemeMissing(theme) => {
            let name = scene.pack.plan.theme(&theme).map_or(theme.as_str(), |t| t.name.get(scene.model.lang()));
            words.fill("plan.no_theme", &[("theme", name)])
        }
        PlanFinding::OwnerMissing(n) => about("plan.no_owner", n),
        PlanFinding::DoneWhenMissing(n) => about("plan.no_goal", n),
        PlanFinding::DueMissing(n) => about("plan.no_due", n),
        PlanFinding::DueOutsideYear(n) => about("plan.due_outside", n),
    };
    scene.pack.plan.lint(&lines, plan.starts).into_iter().map(sentence).collect()
}

/// The findings, the candidates that are left, and whether the plan was agreed on.
fn closing(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let found = findings(scene);
    let left = planning::candidates(&scene.model.books, scene.pack, scene.engagement);
    let first = found.first().map_or(words.get("plan.no_findings"), String::as_str);
    let counts = [("n", found.len().to_string()), ("left", left.len().to_string())];
    let summary = words.fill("plan.findings", &[("n", &counts[0].1), ("first", first), ("left", &counts[1].1)]);
    let agreed = scene.model.books.plan_of(scene.engagement.id).and_then(|p| p.agreed_on);
    let agreed = match agreed {
        Some(on) => words.fill("line.agreed", &[("date", &on.to_string())]),
        None => words.get("line.not_agreed").to_owned(),
    };
    canvas.text(1, area.y, area.width - 1, &summary, Role::Plain);
    canvas.text(1, area.y + 1, area.width - 1, &agreed, Role::Plain);
    let half = area.width / 2;
    for (y, line) in (area.y + 3..area.bottom()).zip(found) {
        canvas.text(1, y, half - 2, &line, Role::Plain);
    }
    for (y, candidate) in (area.y + 3..area.bottom()).zip(left) {
        canvas.text(half, y, area.width - half, &format!("{} {}", candidate.basis, candidate.action), Role::Plain);
    }
}

/// How many lines a change added to a plan.
pub fn added(entry: &JournalEntry) -> usize {
    let lines = |record: &Option<Record>| match record {
        Some(Record::Plan(plan)) => plan.lines.len(),
        _ => 0,
    };
    entry.changes.iter().map(|c| lines(&c.after).saturating_sub(lines(&c.before))).sum()
}
