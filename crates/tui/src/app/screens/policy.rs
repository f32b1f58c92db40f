//! The basic policy: the blanks of the edition's text, its articles, enactment, publication and check list.

use std::collections::BTreeMap;

use bansou_core::record::v1::PolicyDraft;
use ratatui::layout::Rect;

use super::{Scene, day};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// From this width on the text stands beside the fields.
const TWO_PANES: u16 = 100;
/// Cells of a field's name.
const NAME: u16 = 24;

/// One line of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A blank, by id.
    Field(String),
    /// An article, from 1.
    Article(u8),
    Enacted,
    Published,
}

/// The lines in the order they are shown.
pub fn rows(scene: &Scene<'_>) -> Vec<Row> {
    let policy = &scene.pack.policy;
    // The day of enactment has its own row: it is a date, not a text.
    let fields = policy.fields.iter().filter(|f| f.id != "enacted").map(|f| Row::Field(f.id.clone()));
    let articles = (1..).take(policy.articles.len()).map(Row::Article);
    fields.chain([Row::Enacted, Row::Published]).chain(articles).collect()
}

/// The line under the cursor.
pub fn chosen(scene: &Scene<'_>, cursor: Cursor) -> Option<Row> {
    let rows = rows(scene);
    let at = cursor.at(rows.len());
    rows.into_iter().nth(at)
}

fn draft<'a>(scene: &Scene<'a>) -> Option<&'a PolicyDraft> {
    scene.model.books.policy_of(scene.engagement.id)
}

/// The values of the blanks: what was typed, else what the records already say.
pub fn fields(scene: &Scene<'_>) -> BTreeMap<String, String> {
    let contact = &scene.client.contact;
    let enacted = draft(scene).and_then(|d| d.enacted_on).map_or_else(String::new, |d| d.to_string());
    let known = [
        ("company", scene.client.name.clone()),
        ("representative_title", contact.representative_title.clone()),
        ("representative", contact.representative.clone()),
        ("enacted", enacted),
    ];
    let mut fields: BTreeMap<String, String> = known.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    let typed = draft(scene).map(|d| d.fields.clone()).unwrap_or_default();
    fields.extend(typed.into_iter().filter(|f| !f.1.is_empty()));
    fields
}

/// The text of an article as the firm has it, or the edition's.
pub fn article(scene: &Scene<'_>, number: u8) -> String {
    let own = draft(scene).and_then(|d| d.articles.get(&number)).cloned();
    let given = scene.pack.policy.articles.get(usize::from(number).wrapping_sub(1)).map(|a| a.text.clone());
    own.or(given).unwrap_or_default()
}

/// The filled text, one paragraph per line.
pub fn text(scene: &Scene<'_>) -> Vec<String> {
    let articles = draft(scene).map(|d| d.articles.clone()).unwrap_or_default();
    let edition = &scene.pack.policy;
    let filled = edition.fill(&fields(scene), &articles);
    let mut lines = vec![filled.title, String::new(), filled.preamble, String::new()];
    for (number, (heading, body)) in (1..).zip(edition.articles.iter().map(|a| &a.heading).zip(filled.articles)) {
        lines.push(format!("{number}. {}", heading.ja));
        lines.push(body);
    }
    lines.push(String::new());
    lines.extend(filled.closing);
    lines
}

/// Whether a line of the check list is fulfilled; `None` when only a person can tell.
fn checked(scene: &Scene<'_>, id: &str) -> Option<bool> {
    let draft = draft(scene);
    let fields = fields(scene);
    let filled = |id: &str| fields.get(id).is_some_and(|v| !v.is_empty());
    match id {
        "preamble" => Some(draft.is_some() && filled("company")),
        "articles" => Some((1..).take(scene.pack.policy.articles.len()).all(|n| !article(scene, n).trim().is_empty())),
        "enacted" => Some(draft.is_some_and(|d| d.enacted_on.is_some())),
        "signed" => Some(filled("company") && filled("representative")),
        "published" => Some(draft.is_some_and(|d| d.published.is_some())),
        _ => None,
    }
}

/// Draws the fields, the check list, and beside them the text where there is room.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let rows = rows(scene);
    let wide = area.width >= TWO_PANES;
    let left = if wide { area.width / 2 } else { area.width };
    let missing = scene.pack.policy.missing(&fields(scene)).len().to_string();
    let title = words.fill("policy.title", &[("n", &missing)]);
    canvas.text(1, area.y, left - 1, &title, Role::Strong);
    let checks = scene.pack.policy.checks.len() as u16;
    let foot = area.bottom().saturating_sub(checks.min(area.height / 2) + 2);
    let at = cursor.at(rows.len());
    let height = usize::from(foot.saturating_sub(area.y + 1));
    for (y, index) in (area.y + 1..).zip(cursor.window(rows.len(), height)) {
        let base = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, left, if index == at { " >" } else { "" }, base);
        row(scene, &rows[index], canvas, Rect { y, width: left, height: 1, ..area }, base);
        if index == at {
            canvas.point(1, y);
        }
    }
    canvas.rule(0, foot, left);
    canvas.text(1, foot + 1, left - 1, words.get("policy.checks"), Role::Strong);
    for (y, check) in (foot + 2..area.bottom()).zip(&scene.pack.policy.checks) {
        let (word, role) = match checked(scene, &check.id) {
            Some(true) => ("state.done", Role::Good),
            Some(false) => ("policy.needed", Role::Bad),
            None => ("policy.look", Role::Quiet),
        };
        canvas.text(2, y, 6, words.get(word), role);
        canvas.text(9, y, left.saturating_sub(10), check.text.get(scene.model.lang()), Role::Plain);
    }
    if wide {
        canvas.wall(left, area.y, area.height);
        let mut y = area.y;
        for line in text(scene) {
            let room = Rect { x: left + 2, y, width: area.width - left - 3, height: area.bottom().saturating_sub(y) };
            y = canvas.paragraph(room, &line, Role::Plain).max(y + 1);
        }
    }
}

fn row(scene: &Scene<'_>, row: &Row, canvas: &mut Canvas<'_>, area: Rect, base: Role) {
    let (words, lang) = (scene.words, scene.model.lang());
    let open = || words.get("policy.open").to_owned();
    let (name, value) = match row {
        Row::Field(id) => {
            let field = scene.pack.policy.fields.iter().find(|f| f.id == *id);
            let name = field.map_or("", |f| f.name.get(lang));
            let value = fields(scene).get(id).filter(|v| !v.is_empty()).cloned();
            let default = field.map(|f| f.default.clone()).filter(|d| !d.is_empty());
            let none = if field.is_some_and(|f| f.required) { open() } else { String::new() };
            (name.to_owned(), value.or(default).unwrap_or(none))
        }
        Row::Article(number) => {
            let heading = scene.pack.policy.articles.get(usize::from(*number) - 1).map_or("", |a| a.heading.get(lang));
            let own = draft(scene).is_some_and(|d| d.articles.contains_key(number));
            let mark = if own { words.get("policy.own") } else { "" };
            (format!("{number}. {heading}"), format!("{mark}{}", article(scene, *number)))
        }
        Row::Enacted => {
            let date = draft(scene).and_then(|d| d.enacted_on);
            (words.get("policy.enacted").to_owned(), date.map_or_else(open, |d| format!("{d} {}", day(words, d))))
        }
        Row::Published => {
            let published = draft(scene).and_then(|d| d.published.as_ref());
            let text = published.map_or_else(open, |(how, on)| format!("{how}  {on}"));
            (words.get("policy.published").to_owned(), text)
        }
    };
    canvas.text(3, area.y, NAME - 1, &name, base);
    canvas.text(3 + NAME, area.y, area.width.saturating_sub(4 + NAME), &value, base);
}
