//! The engagement at a glance: the sessions in time, next steps, goals, deliverables, two-star declaration.

use bansou_core::record::v1::TwoStar;
use bansou_core::{deliverable, today};
use ratatui::layout::Rect;

use super::{Scene, diagnosis, distance, glance, percent_word, timeline};
use crate::app::canvas::Canvas;
use crate::app::look::Role;

/// From this width on there are three columns.
const THREE: u16 = 110;

/// Goals of the programme in the order of `deliverable::goals`.
const GOALS: [&str; 4] = ["goal.policy", "goal.diagnosis", "goal.plan", "goal.follow_up"];

/// The word of a two-star state.
pub fn star_word(state: TwoStar) -> &'static str {
    match state {
        TwoStar::NotStarted => "star.not_started",
        TwoStar::Preparing => "star.preparing",
        TwoStar::Applied => "star.applied",
        TwoStar::Declared => "star.declared",
    }
}

/// Draws the sessions over the weeks, what to do next, goals and deliverables.
pub fn draw(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let y = timeline::draw(scene, canvas, area);
    canvas.rule(0, y, area.width);
    let y = next_steps(scene, canvas, Rect { y: y + 1, ..area });
    canvas.rule(0, y, area.width);
    // Who comes along stands in the rule: the rows below are taken.
    if let Some(line) = super::merge::line(scene) {
        canvas.text(2, y, area.width - 4, &format!(" {line} "), Role::Strong);
    }
    let rest = Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area };
    if area.width >= THREE {
        let third = area.width / 3;
        for column in 1..3 {
            canvas.wall(third * column, rest.y, rest.height);
        }
        let pane = |n: u16| Rect { x: third * n + 2, width: third - 3, ..rest };
        goals_with_bars(scene, canvas, Rect { x: 1, ..pane(0) });
        papers(scene, canvas, pane(1));
        change(scene, canvas, pane(2));
    } else {
        let half = area.width / 2;
        goals(scene, canvas, Rect { x: 1, width: half - 2, ..rest });
        papers(scene, canvas, Rect { x: half, width: area.width - half, ..rest });
    }
}

fn next_steps(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let words = scene.words;
    canvas.text(1, area.y, 12, words.get("work.next"), Role::Strong);
    canvas.point(1, area.y);
    let mut todos = today::of_engagement(&scene.model.books, scene.pack, scene.engagement, scene.today);
    todos.sort_by_key(|t| (t.due.is_none(), t.due));
    let mut y = area.y;
    for todo in todos.iter().take(2) {
        let when = todo.due.map_or_else(String::new, |d| distance(words, d, scene.today));
        let role = if todo.days_left(scene.today).is_some_and(|d| d < 0) { Role::Bad } else { Role::Plain };
        canvas.text(14, y, area.width - 14, &format!("{}  {when}", super::today::sentence(scene.model, todo)), role);
        y += 1;
    }
    if let Some(ending) = &scene.engagement.ending {
        let text = words.fill("work.ended", &[("n", &ending.after.to_string()), ("reason", &ending.reason)]);
        canvas.text(14, y, area.width - 14, &text, Role::Plain);
        return y + 1;
    }
    let prep = glance::preparation(scene);
    let text = if todos.is_empty() && prep.is_empty() { words.get("work.nothing").to_owned() } else { prep };
    canvas.text(14, y, area.width - 14, &text, Role::Plain);
    y + 1
}

fn goals(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(area.x, area.y, area.width, scene.words.get("goal.title"), Role::Strong);
    let percents = deliverable::goals(&scene.model.books, scene.pack, scene.engagement);
    for (y, (word, percent)) in (area.y + 1..area.bottom()).zip(GOALS.iter().zip(percents)) {
        goal_row(scene, canvas, Rect { y, ..area }, word, percent);
    }
}

fn goal_row(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect, word: &str, percent: usize) {
    let (state, role) = percent_word(percent);
    canvas.text(area.x, area.y, 5, scene.words.get(state), role);
    canvas.text(area.x + 5, area.y, area.width.saturating_sub(10), scene.words.get(word), Role::Plain);
    canvas.right(area.x, area.y, area.width, &format!("{percent}%"), Role::Plain);
}

fn goals_with_bars(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(area.x, area.y, area.width, scene.words.get("goal.title"), Role::Strong);
    let percents = deliverable::goals(&scene.model.books, scene.pack, scene.engagement);
    let mut y = area.y + 1;
    for (word, percent) in GOALS.iter().zip(percents) {
        if y + 1 >= area.bottom() {
            return;
        }
        goal_row(scene, canvas, Rect { y, ..area }, word, percent);
        canvas.bar(area.x + 5, y + 1, area.width.saturating_sub(11), percent as u64, 100);
        y += 2;
    }
    let star = scene.words.get(star_word(scene.engagement.two_star));
    let text = scene.words.fill("star.line", &[("state", star)]);
    canvas.paragraph(below(area, y + 1), &text, Role::Plain);
}

fn below(area: Rect, y: u16) -> Rect {
    let top = y.min(area.bottom());
    Rect { y: top, height: area.bottom() - top, ..area }
}

fn papers(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    canvas.text(area.x, area.y, area.width, words.get("work.deliverables"), Role::Strong);
    let wide = canvas.area().width >= THREE;
    let star = words.get(star_word(scene.engagement.two_star));
    if !wide {
        canvas.right(area.x, area.y, area.width - 1, &words.fill("star.line", &[("state", star)]), Role::Plain);
    }
    let mut y = area.y + 1;
    for state in deliverable::states(&scene.model.books, scene.pack, scene.engagement) {
        if y >= area.bottom() {
            return;
        }
        let (word, role) = match state.complete() {
            true => ("state.done", Role::Good),
            false => percent_word(usize::from(state.percent).min(99)),
        };
        canvas.text(area.x, y, 5, words.get(word), role);
        let name = format!("({}) {}", state.number, state.name.get(lang));
        canvas.text(area.x + 5, y, area.width.saturating_sub(11), &name, Role::Plain);
        canvas.right(area.x, y, area.width - 1, &format!("{}%", state.percent), Role::Plain);
        y += 1;
    }
    if !wide {
        return;
    }
    let gaps = super::plan::findings(scene);
    let rest = below(area, y + 1);
    canvas.text(rest.x, rest.y, rest.width, &words.fill("work.lint", &[("n", &gaps.len().to_string())]), Role::Strong);
    for (y, gap) in (rest.y + 1..rest.bottom()).zip(gaps) {
        canvas.text(rest.x, y, rest.width, &gap, Role::Plain);
    }
}

fn change(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(area.x, area.y, area.width, &glance::score_line(scene), Role::Strong);
    let mut y = area.y + 1;
    for (name, percent) in diagnosis::parts(scene) {
        if y >= area.bottom() {
            return;
        }
        canvas.text(area.x, y, 12, name.get(scene.model.lang()), Role::Plain);
        canvas.bar(area.x + 13, y, area.width.saturating_sub(19), percent, 100);
        canvas.right(area.x, y, area.width - 1, &format!("{percent}%"), Role::Plain);
        y += 1;
    }
    let rest = below(area, y + 1);
    if rest.height == 0 || scene.model.look.client_safe {
        return;
    }
    canvas.text(rest.x, rest.y, rest.width, scene.words.get("notes.title"), Role::Strong);
    let mut y = rest.y + 1;
    for note in scene.model.books.notes_of(scene.engagement.id).iter().rev().take(4) {
        y = canvas.paragraph(below(rest, y), &note.text, Role::Plain);
    }
    if !scene.engagement.expectations.is_empty() {
        let text = scene.words.fill("work.expects", &[("text", &scene.engagement.expectations)]);
        canvas.paragraph(below(rest, y + 1), &text, Role::Plain);
    }
}
