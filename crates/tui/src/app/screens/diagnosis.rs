//! The diagnosis: one question at a time, all answers, and the axes as live bars.

use bansou_core::attachment::Of;
use bansou_core::diagnosis::Answer;
use bansou_core::note::Onto;
use bansou_core::text::Text;
use bansou_core::{findings, planning};
use ratatui::layout::Rect;

use super::{Scene, evidence, notes, radar};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::words::Words;

/// From this width on the radar stands beside the questions.
const WITH_RADAR: u16 = 110;
/// Cells of the right-hand pane.
const PANE: u16 = 45;
/// Rows of the radar.
const RADAR: u16 = 15;

/// The answers of the newest sheet in the order of the questions.
pub fn answers(scene: &Scene<'_>) -> Vec<Option<Answer>> {
    sheet(scene, 0).unwrap_or_else(|| vec![None; scene.pack.diagnosis.questions.len()])
}

/// The answers of the sheet `back` sheets before the newest.
fn sheet(scene: &Scene<'_>, back: usize) -> Option<Vec<Option<Answer>>> {
    let sheets = scene.model.books.sheets_of(scene.engagement.id);
    let index = sheets.len().checked_sub(1 + back)?;
    Some(findings::answers(&scene.pack.diagnosis, sheets[index]))
}

/// The number of the question under the cursor.
pub fn chosen(scene: &Scene<'_>, cursor: Cursor) -> u8 {
    let questions = &scene.pack.diagnosis.questions;
    questions.get(cursor.at(questions.len())).map_or(0, |q| q.number)
}

/// Percent reached in each part of the sheet.
pub fn parts<'a>(scene: &Scene<'a>) -> Vec<(&'a Text, u64)> {
    let edition = &scene.pack.diagnosis;
    let score = edition.score(&answers(scene));
    let percent = |(part, sum): (&'a bansou_core::diagnosis::Part, &i32)| {
        let most = edition.points.done * i32::from(part.last + 1 - part.first);
        (&part.name, u64::try_from(sum * 100 / most.max(1)).unwrap_or(0))
    };
    edition.parts.iter().zip(&score.parts).map(percent).collect()
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

/// The answer to the question under the cursor in words, such as 「1 脆弱性対策: 4 実施」.
pub fn said(scene: &Scene<'_>, cursor: Cursor, answer: Answer) -> String {
    let questions = &scene.pack.diagnosis.questions;
    let question = questions.get(cursor.at(questions.len()));
    let asked = question.map_or_else(String::new, |q| format!("{} {}", q.number, q.short.get(scene.model.lang())));
    let choice = choices(scene.words).find(|choice| choice.starts_with(mark(Some(answer)))).unwrap_or("");
    format!("{asked}: {choice}")
}

fn choices(words: &'static Words) -> impl Iterator<Item = &'static str> {
    words.get("diagnosis.choices").split("   ")
}

/// Draws the question, the table of answers, the bars and what follows from them.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let given = answers(scene);
    let at = cursor.at(given.len());
    let wide = area.width >= WITH_RADAR;
    let left = if wide { area.width - PANE - 2 } else { area.width };
    ask(scene, &given, at, canvas, Rect { width: left, ..area });
    canvas.rule(0, area.y + 7, left);
    let rest = Rect { y: area.y + 8, width: left, height: area.height.saturating_sub(8), ..area };
    if wide {
        let rows = 13;
        table(scene, &given, at, canvas, Rect { height: rest.height.min(rows), ..rest }, left / 2);
        let below = Rect { y: rest.y + rows + 1, height: rest.height.saturating_sub(rows + 1), ..rest };
        canvas.rule(0, below.y.saturating_sub(1), left);
        follows(scene, &given, canvas, below);
        canvas.wall(left, area.y, area.height);
        pane(scene, &given, canvas, Rect { x: left + 2, width: PANE - 1, ..area });
    } else {
        let foot = rest.bottom().saturating_sub(3);
        let grid = Rect { height: foot.saturating_sub(rest.y), ..rest };
        table(scene, &given, at, canvas, Rect { width: left.saturating_sub(24), ..grid }, 18);
        canvas.wall(left - 24, grid.y, grid.height);
        bars(scene, &given, canvas, Rect { x: left - 23, width: 22, ..grid });
        canvas.rule(0, foot, left);
        follows(scene, &given, canvas, Rect { y: foot + 1, height: 2, ..rest });
    }
}

fn ask(scene: &Scene<'_>, given: &[Option<Answer>], at: usize, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let questions = &scene.pack.diagnosis.questions;
    let Some(question) = questions.get(at) else {
        return;
    };
    let score = scene.pack.diagnosis.score(given);
    let place = format!(" {} / {}  {}", question.number, questions.len(), question.category.get(lang));
    canvas.text(0, area.y, area.width, &place, Role::Strong);
    let sum =
        words.fill("diagnosis.sum", &[("n", &score.total.to_string()), ("max", &score.max_of_answered.to_string())]);
    canvas.right(0, area.y, area.width - 1, &sum, Role::Strong);
    let width = area.width - 3;
    // The question is never cut; what does not fit any more below it gives way.
    let earlier = earlier_line(scene, question.number);
    let end = area.y + if earlier.is_empty() { 6 } else { 5 };
    let below = |y: u16| Rect { x: 3, y, width, height: end.saturating_sub(y) };
    let y = canvas.paragraph(below(area.y + 1), question.text.get(lang), Role::Strong);
    let look = words.fill("diagnosis.look", &[("text", question.look.get(lang))]);
    let y = canvas.paragraph(below(y), &look, Role::Plain);
    let risk = words.fill("sheet.consequence", &[("text", question.consequence.get(lang))]);
    let y = canvas.paragraph(below(y), &risk, Role::Quiet);
    canvas.text(3, y, width, &earlier, Role::Plain);
    let linked = notes::linked(scene, &Onto::Question(question.number)).unwrap_or_default();
    let linked = evidence::beside(scene, Of::Question(question.number), linked);
    canvas.text(3, y + u16::from(!earlier.is_empty()), width, &linked, Role::Plain);
    let (mut x, own) = (3, mark(given[at]));
    for choice in choices(words) {
        let role = if choice.starts_with(own) { Role::Bar } else { Role::Strong };
        x = canvas.text(x, area.y + 6, width.saturating_sub(x - 3), choice, role) + 3;
    }
    canvas.point(3, area.y + 6);
}

fn earlier_line(scene: &Scene<'_>, question: u8) -> String {
    let sheets = scene.model.books.sheets_of(scene.engagement.id);
    let evidence = sheets.last().and_then(|s| s.evidence.get(&question)).filter(|_| !scene.model.look.client_safe);
    let earlier = sheets.len().checked_sub(2).map(|n| sheets[n]);
    let before = earlier.map(|s| {
        let given = mark(s.answers.get(&question).copied());
        let date = s.taken_on.strftime("%m/%d").to_string();
        scene.words.fill("diagnosis.before", &[("date", &date), ("answer", given)])
    });
    let memo = evidence.map(|e| scene.words.fill("diagnosis.evidence", &[("text", e)]));
    [before, memo].into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn table(scene: &Scene<'_>, given: &[Option<Answer>], at: usize, canvas: &mut Canvas<'_>, area: Rect, column: u16) {
    let lang = scene.model.lang();
    let height = usize::from(area.height).max(1);
    // Where not all columns fit, the one with the question that is asked is the last.
    let most = usize::from((area.width + 1) / column).max(1);
    let first = (at / height).saturating_sub(most - 1) * height;
    for (index, question) in scene.pack.diagnosis.questions.iter().enumerate().skip(first) {
        let x = 1 + column * ((index - first) / height) as u16;
        let y = area.y + (index % height) as u16;
        if x + column > area.width + 1 || y >= area.bottom() {
            break;
        }
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(x, y, column - 1, &format!("{:>2} {}", question.number, question.short.get(lang)), role);
        canvas.right(x, y, column - 1, &format!(" {}", mark(given.get(index).copied().flatten())), role);
    }
}

fn bars(scene: &Scene<'_>, given: &[Option<Answer>], canvas: &mut Canvas<'_>, area: Rect) {
    let lang = scene.model.lang();
    let before = sheet(scene, 1).map(|s| scene.pack.diagnosis.axes(&s));
    let wide = area.width >= 40;
    let last = if wide { 12 } else { 5 };
    let (x, name) = (area.x, if wide { 10 } else { 8 });
    for (index, (y, (axis, percent))) in (area.y..area.bottom()).zip(scene.pack.diagnosis.axes(given)).enumerate() {
        canvas.text(x, y, name, axis.get(lang), Role::Plain);
        canvas.bar(x + name, y, area.width.saturating_sub(name + last), percent.unwrap_or(0).into(), 100);
        let shown = percent.map_or_else(|| "-".to_owned(), |p| p.to_string());
        canvas.right(x + area.width - last, y, 4, &shown, Role::Plain);
        let earlier = before.as_ref().and_then(|b| b.get(index)).and_then(|a| a.1).filter(|_| wide);
        if let Some(earlier) = earlier {
            let text = scene.words.fill("sheet.earlier", &[("n", &earlier.to_string())]);
            canvas.right(x + area.width - last + 4, y, last - 4, &text, Role::Quiet);
        }
    }
}

/// What the answers so far mean: answers worth nothing, unknown ones, the total if the rest stays as before.
fn follows(scene: &Scene<'_>, given: &[Option<Answer>], canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let edition = &scene.pack.diagnosis;
    let score = edition.score(given);
    let none = |q: &&bansou_core::diagnosis::Question| {
        given.get(usize::from(q.number) - 1).copied().flatten() == Some(Answer::No)
    };
    let zero: Vec<String> =
        edition.questions.iter().filter(none).map(|q| format!("{} {}", q.number, q.short.get(lang))).collect();
    let shown = match zero.len() {
        0 => words.get("sheet.no_zero").to_owned(),
        n => words.fill("sheet.zero_count", &[("n", &n.to_string()), ("list", &zero.join(", "))]),
    };
    let zeros = words.fill("sheet.zero", &[("list", &shown)]);
    canvas.text(1, area.y, area.width - 1, &zeros, Role::Plain);
    let unknown = score.unknown.len().to_string();
    let mut line = words.fill("sheet.unknown", &[("n", &unknown)]);
    if let Some(before) = sheet(scene, 1) {
        let all: Vec<_> = given.iter().zip(&before).map(|(now, then)| now.or(*then)).collect();
        let total = edition.score(&all).total.to_string();
        line.push_str(&words.fill("sheet.as_before", &[("n", &total)]));
    }
    canvas.text(1, area.y + 1, area.width - 1, &line, Role::Plain);
    if area.height < 6 {
        return;
    }
    canvas.text(1, area.y + 3, area.width - 1, words.get("sheet.candidates"), Role::Strong);
    let candidates = planning::candidates(&scene.model.books, scene.pack, scene.engagement);
    for (y, candidate) in (area.y + 4..area.bottom()).zip(candidates) {
        let short = edition.question(candidate.question).map_or("", |q| q.short.get(lang));
        canvas.text(2, y, 24, &format!("No.{:<3} {short}", candidate.question), Role::Plain);
        let answer = mark(given.get(usize::from(candidate.question) - 1).copied().flatten());
        canvas.text(27, y, 3, answer, Role::Plain);
        canvas.text(30, y, area.width.saturating_sub(31), &candidate.action, Role::Plain);
    }
}

fn pane(scene: &Scene<'_>, given: &[Option<Answer>], canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let score = scene.pack.diagnosis.score(given);
    let total = words.fill("sheet.total", &[("n", &score.total.to_string()), ("band", &score.band.id)]);
    canvas.text(area.x, area.y, area.width, &total, Role::Strong);
    canvas.text(area.x, area.y + 1, area.width, score.band.meaning.get(scene.model.lang()), Role::Plain);
    let mut y = area.y + 3;
    if area.height >= RADAR + 16 {
        let now = scene.pack.diagnosis.axes(given);
        let before = sheet(scene, 1).map(|s| scene.pack.diagnosis.axes(&s));
        let place = Rect { y, height: RADAR, ..area };
        radar::draw(scene, &now, before.as_deref(), canvas, place);
        y += RADAR;
        let legend = if before.is_some() { "sheet.legend" } else { "sheet.legend_one" };
        canvas.text(area.x, y, area.width, words.get(legend), Role::Quiet);
        y += 2;
    }
    bars(scene, given, canvas, Rect { y, height: area.bottom().saturating_sub(y), ..area });
}
