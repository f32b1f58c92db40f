//! The diagnosis: one question at a time, all answers, and the axes as live bars.

use bansou_core::diagnosis::Answer;
use bansou_core::findings;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// The answers of the newest sheet in the order of the questions.
pub fn answers(scene: &Scene<'_>) -> Vec<Option<Answer>> {
    let sheets = scene.model.books.sheets_of(scene.engagement.id);
    match sheets.last() {
        Some(sheet) => findings::answers(&scene.pack.diagnosis, sheet),
        None => vec![None; scene.pack.diagnosis.questions.len()],
    }
}

/// The number of the question under the cursor.
pub fn chosen(scene: &Scene<'_>, cursor: Cursor) -> u8 {
    let questions = &scene.pack.diagnosis.questions;
    questions.get(cursor.at(questions.len())).map_or(0, |q| q.number)
}

/// What stands in the table for an answer.
fn mark(answer: Option<Answer>) -> &'static str {
    match answer {
        Some(Answer::Done) => "4",
        Some(Answer::Partial) => "2",
        Some(Answer::No) => "0",
        Some(Answer::Unknown) => "-",
        Some(Answer::NotApplicable) => "n",
        None => ".",
    }
}

/// Draws the question, the table of answers, the bars and the sum.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let sheet = answers(scene);
    let questions = &scene.pack.diagnosis.questions;
    let at = cursor.at(questions.len());
    let Some(question) = questions.get(at) else {
        return;
    };
    let score = scene.pack.diagnosis.score(&sheet);
    let place = format!(" {} / {}  {}", question.number, questions.len(), question.category.get(lang));
    canvas.text(0, area.y, area.width, &place, Role::Strong);
    let sum =
        words.fill("diagnosis.sum", &[("n", &score.total.to_string()), ("max", &score.max_of_answered.to_string())]);
    canvas.right(0, area.y, area.width - 1, &sum, Role::Strong);
    canvas.text(3, area.y + 2, area.width - 3, question.text.get(lang), Role::Plain);
    let look = words.fill("diagnosis.look", &[("text", question.look.get(lang))]);
    canvas.text(3, area.y + 3, area.width - 3, &look, Role::Quiet);
    let earlier = earlier_line(scene, question.number);
    canvas.text(3, area.y + 4, area.width - 3, &earlier, Role::Plain);
    canvas.text(3, area.y + 6, area.width - 3, words.get("diagnosis.choices"), Role::Strong);
    canvas.point(3, area.y + 6);
    canvas.rule(0, area.y + 7, area.width);
    let rest = Rect { y: area.y + 8, height: area.height.saturating_sub(8), ..area };
    table(scene, &sheet, at, canvas, rest);
    bars(scene, &sheet, canvas, rest);
}

fn earlier_line(scene: &Scene<'_>, question: u8) -> String {
    let sheets = scene.model.books.sheets_of(scene.engagement.id);
    let evidence = sheets.last().and_then(|s| s.evidence.get(&question));
    let earlier = sheets.len().checked_sub(2).map(|n| sheets[n]);
    let before = earlier.map(|s| {
        let given = mark(s.answers.get(&question).copied());
        let date = s.taken_on.strftime("%m/%d").to_string();
        scene.words.fill("diagnosis.before", &[("date", &date), ("answer", given)])
    });
    let memo = evidence.map(|e| scene.words.fill("diagnosis.evidence", &[("text", e)]));
    [before, memo].into_iter().flatten().collect::<Vec<_>>().join("  ")
}

/// Cells of one column of the table.
const COLUMN: u16 = 18;

fn table(scene: &Scene<'_>, sheet: &[Option<Answer>], at: usize, canvas: &mut Canvas<'_>, area: Rect) {
    let lang = scene.model.lang();
    let height = usize::from(area.height).clamp(1, 9);
    for (index, question) in scene.pack.diagnosis.questions.iter().enumerate() {
        let x = 1 + COLUMN * (index / height) as u16;
        let y = area.y + (index % height) as u16;
        if x + COLUMN > area.width.saturating_sub(24) || y >= area.bottom() {
            break;
        }
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(x, y, COLUMN - 1, &format!("{:>2} {}", question.number, question.short.get(lang)), role);
        canvas.right(x, y, COLUMN - 1, &format!(" {}", mark(sheet.get(index).copied().flatten())), role);
    }
}

fn bars(scene: &Scene<'_>, sheet: &[Option<Answer>], canvas: &mut Canvas<'_>, area: Rect) {
    let lang = scene.model.lang();
    let x = area.width - 23;
    canvas.wall(x - 1, area.y, area.height);
    for (y, (name, percent)) in (area.y..area.bottom()).zip(scene.pack.diagnosis.axes(sheet)) {
        canvas.text(x, y, 8, name.get(lang), Role::Plain);
        canvas.bar(x + 8, y, 10, percent.unwrap_or(0).into(), 100);
        let shown = percent.map_or_else(|| "-".to_owned(), |p| p.to_string());
        canvas.right(x + 18, y, 4, &shown, Role::Plain);
    }
}
