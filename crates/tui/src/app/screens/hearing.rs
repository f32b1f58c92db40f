//! The hearing sheet: what to ask this firm, what was answered, and what is still open.

use bansou_core::hearing::{self, Ask, HearingSheet, NO_INDUSTRY, Topic};
use bansou_core::record::v1::{Client, Engagement, Note};
use bansou_core::text::Lang;
use ratatui::layout::Rect;

use super::Scene;
use crate::app::canvas::Canvas;
use crate::app::form::{Entry, Form, Purpose};
use crate::app::look::Role;
use crate::app::notes_view::NotesView;
use crate::app::width::fit;
use crate::words::Words;

/// From this width on the chosen question stands beside the list.
const WIDE: u16 = 100;
/// Cells of the pane beside the list.
const PANE: u16 = 45;
/// Rows of the chosen question below the list.
const BELOW: u16 = 7;

/// One question with what is known of it.
pub struct Row<'a> {
    pub topic: &'a Topic,
    pub ask: &'a Ask,
    /// False when it stays at home.
    pub brought: bool,
    pub answers: Vec<&'a Note>,
}

/// The questions of the sheet for this firm, in reading order.
pub fn all<'a>(scene: &Scene<'a>) -> Vec<Row<'a>> {
    let chosen = &scene.engagement.hearing;
    let mut answers = hearing::answers(&scene.model.books, scene.engagement.id);
    let questions = scene.pack.hearing.questions(scene.client, chosen).into_iter();
    let row = |(topic, ask): (&'a Topic, &'a Ask)| Row {
        topic,
        ask,
        brought: !chosen.left_out.contains(&ask.id),
        answers: answers.remove(ask.id.as_str()).unwrap_or_default(),
    };
    questions.map(row).collect()
}

/// The questions on the screen.
pub fn shown<'a>(scene: &Scene<'a>, view: &NotesView) -> Vec<Row<'a>> {
    let mut rows = all(scene);
    rows.retain(|row| !view.open_only || (row.brought && row.answers.is_empty()));
    rows
}

/// The question under the cursor.
pub fn chosen<'a>(scene: &Scene<'a>, view: &NotesView) -> Option<Row<'a>> {
    let rows = shown(scene, view);
    let at = view.at.at(rows.len());
    rows.into_iter().nth(at)
}

/// Draws the questions and the chosen one with its answers; the answers are hidden from people looking on.
pub fn draw(scene: &Scene<'_>, view: &NotesView, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let rows = shown(scene, view);
    canvas.text(1, area.y, area.width - 1, &title(scene, view), Role::Strong);
    if rows.is_empty() {
        canvas.text(1, area.y + 1, area.width - 1, words.get("hearing.all_asked"), Role::Good);
        return canvas.point(1, area.y + 1);
    }
    let wide = area.width >= WIDE;
    let (left, below) = if wide { (area.width - PANE - 2, 0) } else { (area.width, BELOW) };
    let table =
        Rect { y: area.y + 1, width: left - u16::from(wide), height: area.height.saturating_sub(1 + below), ..area };
    list(scene, &rows, view, canvas, table);
    let row = &rows[view.at.at(rows.len())];
    if wide {
        canvas.wall(left, area.y + 1, area.height.saturating_sub(1));
        let x = left + 2;
        detail(scene, row, canvas, Rect { x, y: area.y + 1, width: area.right() - x, height: area.height - 1 });
    } else {
        canvas.rule(0, table.bottom(), area.width);
        let y = table.bottom() + 1;
        detail(scene, row, canvas, Rect { x: 1, y, width: area.width - 2, height: area.bottom() - y });
    }
}

/// The industry and how many questions are answered.
fn title(scene: &Scene<'_>, view: &NotesView) -> String {
    let rows = all(scene);
    let brought = rows.iter().filter(|r| r.brought).count();
    let open = rows.iter().filter(|r| r.brought && r.answers.is_empty()).count();
    let counts = [(brought - open).to_string(), brought.to_string(), open.to_string()];
    let [n, of, open] = counts.each_ref().map(String::as_str);
    let values = [("n", n), ("all", of), ("open", open), ("industry", &industry(scene))];
    let mut title = scene.words.fill("hearing.title", &values);
    if view.open_only {
        title.push_str(scene.words.get("hearing.open_only"));
    }
    title
}

/// The industry whose questions are brought, in words.
fn industry(scene: &Scene<'_>) -> String {
    let (words, lang) = (scene.words, scene.model.lang());
    let names = scene.pack.hearing.industries(scene.client, &scene.engagement.hearing);
    let names: Vec<&str> = names.iter().map(|i| i.name.get(lang)).collect();
    match (&scene.engagement.hearing.industry, names.is_empty()) {
        (_, true) => words.get("hearing.common").to_owned(),
        (Some(_), false) => names.join(", "),
        (None, false) => words.fill("hearing.by_category", &[("list", &names.join(", "))]),
    }
}

fn list(scene: &Scene<'_>, rows: &[Row<'_>], view: &NotesView, canvas: &mut Canvas<'_>, area: Rect) {
    let lang = scene.model.lang();
    let ambiguous = canvas.look.ambiguous;
    let at = view.at.at(rows.len());
    let mut before = "";
    for (y, index) in (area.y..area.bottom()).zip(view.at.window(rows.len(), usize::from(area.height))) {
        let row = &rows[index];
        // A topic is named once, where it begins on the screen.
        let topic = if row.topic.id == before { "" } else { row.topic.name.get(lang) };
        before = &row.topic.id;
        let role = match (index == at, row.brought) {
            (true, _) => Role::Bar,
            (false, true) => Role::Plain,
            (false, false) => Role::Quiet,
        };
        let state = fit(scene.words.get(state_word(row)), 4, ambiguous);
        let line = format!("{} {state} {}", fit(topic, 16, ambiguous), row.ask.text().get(lang));
        canvas.row(1, y, area.width - 1, &line, role);
        if index == at {
            canvas.point(1, y);
        }
    }
}

fn state_word(row: &Row<'_>) -> &'static str {
    match (row.brought, row.answers.is_empty()) {
        (_, false) => "hearing.answered",
        (true, true) => "hearing.to_ask",
        (false, true) => "hearing.left_out",
    }
}

fn detail(scene: &Scene<'_>, row: &Row<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    let mut y = canvas.paragraph(area, row.ask.text().get(lang), Role::Strong);
    let question = row.ask.question.and_then(|n| scene.pack.diagnosis.question(n));
    if let Some(question) = question {
        let number = question.number.to_string();
        let text = words.fill("notes.on_question", &[("n", &number), ("text", question.short.get(lang))]);
        y = canvas.paragraph(below(y), &text, Role::Quiet);
    }
    if scene.model.look.client_safe {
        return;
    }
    for note in row.answers.iter().rev() {
        let line = format!("{} {} {}", note.at.strftime("%m/%d %H:%M"), note.who, note.text);
        y = canvas.paragraph(below(y), &line, Role::Plain);
    }
    if row.answers.is_empty() {
        canvas.paragraph(below(y), words.get("hearing.no_answer"), Role::Quiet);
    }
}

/// The sheet as plain text to print: with the answers, or with room to write.
pub fn page(
    words: &Words,
    lang: Lang,
    sheet: &HearingSheet,
    (client, engagement): (&Client, &Engagement),
    answers: &std::collections::BTreeMap<&str, Vec<&Note>>,
    blank: bool,
) -> Vec<String> {
    let mut lines = vec![format!("{}  {}", client.name, engagement.case_no)];
    let mut topic = "";
    let chosen = &engagement.hearing;
    let brought = sheet.questions(client, chosen).into_iter().filter(|(_, ask)| !chosen.left_out.contains(&ask.id));
    for (number, (of, ask)) in (1..).zip(brought) {
        if of.id != topic {
            topic = &of.id;
            lines.extend([String::new(), format!("## {}", of.name.get(lang)), String::new()]);
        }
        let question = ask.question.map_or_else(String::new, |n| words.fill("hearing.see", &[("n", &n.to_string())]));
        lines.push(format!("{number:>2}. {}{question}", ask.text().get(lang)));
        let given = answers.get(ask.id.as_str()).filter(|_| !blank);
        match given {
            Some(notes) => lines.extend(notes.iter().map(|n| said(words, n))),
            None => lines.push(format!("    {}", "_".repeat(60))),
        }
    }
    lines
}

fn said(words: &Words, note: &Note) -> String {
    let secret = words.get(if note.leaves { "notes.leaves_short" } else { "notes.stays_short" });
    let text = note.text.replace('\n', "\n        ");
    format!("    {} {} [{secret}] {text}", note.at.strftime("%m/%d"), note.who)
}

/// The choice of the industry.
pub fn industry_form(scene: &Scene<'_>) -> Form {
    let (words, lang) = (scene.words, scene.model.lang());
    let sheet = &scene.pack.hearing;
    let by_category = sheet.industries(scene.client, &Default::default());
    let by_category: Vec<&str> = by_category.iter().map(|i| i.name.get(lang)).collect();
    let mut options = vec![words.fill("hearing.by_category", &[("list", &by_category.join(", "))])];
    options.push(words.get("hearing.common").to_owned());
    options.extend(sheet.industries.iter().map(|i| i.name.get(lang).to_owned()));
    let at = choices(sheet).position(|id| id == scene.engagement.hearing.industry).unwrap_or(0);
    Form::new(Purpose::Industry, "hearing.industry", vec![Entry::pick("hearing.industry", options, at)])
}

/// What can be chosen: by the category, none, or one industry.
pub fn choices(sheet: &HearingSheet) -> impl Iterator<Item = Option<String>> {
    let own = sheet.industries.iter().map(|i| Some(i.id.clone()));
    [None, Some(NO_INDUSTRY.to_owned())].into_iter().chain(own)
}
