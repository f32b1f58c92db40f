//! The guidance of the programme: what the cursor stands on first, then all the rest, narrowed by what is typed.

use bansou_core::guidance::{About, Entry, Guidance, Place};
use ratatui::layout::Rect;

use super::{Scene, checklist, diagnosis, plan, regulations};
use crate::app::canvas::Canvas;
use crate::app::field::Field;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::{Model, Screen, Tab, Work};

/// From this width on the text stands beside the titles.
const TWO_PANES: u16 = 100;
/// Cells of the titles beside the text.
const TITLES: u16 = 54;
/// Rows of the titles above the text.
const ROWS: u16 = 7;

/// The guidance for the engagement on the screen, or of the home's programme.
pub fn edition(model: &Model) -> Option<&Guidance> {
    if model.secretariat() {
        return None;
    }
    let pack = match Scene::of(model) {
        Some(scene) => Some(scene.pack),
        None => {
            let profile = model.books.profile.as_ref()?;
            bansou_core::command::pack(&model.packs, &profile.programme).ok()
        }
    };
    pack.map(|p| &p.guidance)
}

/// What the cursor stands on.
pub fn about(model: &Model) -> About {
    let (Screen::Work(work), Some(scene)) = (&model.screen, Scene::of(model)) else {
        return About::default();
    };
    let cursor = work.cursor();
    let mut about = About { category: Some(category(&scene)), place: Some(place(work)), ..About::default() };
    match work.tab {
        Tab::Sessions => {
            about.session = Some(work.session);
            about.item = checklist::chosen(&scene, work.session, cursor).map(|l| l.id().to_owned());
        }
        Tab::Report => about.session = Some(work.session),
        Tab::Diagnosis => about.question = Some(diagnosis::chosen(&scene, cursor)),
        Tab::Regulations => about.section = regulations::chosen(&scene, cursor),
        Tab::Plan => about.question = plan::chosen(&scene, cursor).and_then(|l| l.question),
        _ => {}
    }
    about
}

/// The category that says most about the trade.
fn category(scene: &Scene<'_>) -> u8 {
    scene.client.main_industry.unwrap_or(scene.client.category)
}

fn place(work: &Work) -> Place {
    match work.tab {
        Tab::Overview => Place::Overview,
        Tab::Sessions => Place::Sessions,
        Tab::Notes | Tab::Evidence => Place::Notes,
        Tab::Diagnosis => Place::Diagnosis,
        Tab::Policy => Place::Policy,
        Tab::Regulations => Place::Regulations,
        Tab::Plan => Place::Plan,
        Tab::Deliverables => Place::Deliverables,
        Tab::Report => Place::Report,
        Tab::Final => Place::Final,
    }
}

/// The entries that match what is typed, the nearest first, with whether they are about this place.
pub fn entries<'a>(model: &'a Model, about: &About, query: &str) -> Vec<(&'a Entry, bool)> {
    let Some(guidance) = edition(model) else {
        return Vec::new();
    };
    let mut all = guidance.nearest(about);
    let lang = model.lang();
    let topic = |e: &Entry| guidance.topic(&e.topic).map_or("", |t| t.name.get(lang));
    all.retain(|(e, _)| [e.title.get(lang), e.text.get(lang), topic(e)].iter().any(|text| find::found(query, text)));
    all
}

/// Draws the query, the titles and the text of the chosen entry.
pub fn draw(model: &Model, about: &About, query: &Field, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (model.look.words(), model.lang());
    let found = entries(model, about, query.text());
    let near = found.iter().filter(|(_, here)| *here).count();
    let values = [("here", near.to_string()), ("n", found.len().to_string())];
    let count = words.fill("guide.found", &[("here", &values[0].1), ("n", &values[1].1)]);
    canvas.text(area.x, area.y, 2, ">", Role::Strong);
    let (seen, column) = query.window(usize::from(area.width.saturating_sub(40)), model.look.ambiguous);
    let empty = query.text().is_empty();
    canvas.text(area.x + 2, area.y, area.width - 2, seen, Role::Plain);
    if empty {
        canvas.text(area.x + 3, area.y, area.width - 3, words.get("guide.search"), Role::Quiet);
    }
    canvas.right(area.x, area.y, area.width, &count, Role::Quiet);
    canvas.point(area.x + 2 + column as u16, area.y);
    let wide = area.width >= TWO_PANES - 2;
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let titles = if wide { Rect { width: TITLES, ..rest } } else { Rect { height: ROWS.min(rest.height), ..rest } };
    let at = cursor.at(found.len());
    let topics = edition(model);
    for (y, index) in (titles.y..).zip(cursor.window(found.len(), usize::from(titles.height))) {
        let (entry, _) = found[index];
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(titles.x, y, titles.width, entry.title.get(lang), role);
        let topic = topics.and_then(|g| g.topic(&entry.topic)).map_or("", |t| t.name.get(lang));
        canvas.right(titles.x, y, titles.width, &format!("  {topic}"), role);
    }
    let body = if wide {
        canvas.wall(titles.right() + 1, rest.y, rest.height);
        Rect { x: titles.right() + 3, width: area.width.saturating_sub(TITLES + 3), ..rest }
    } else {
        canvas.rule(0, titles.bottom(), area.width + 2);
        Rect { y: titles.bottom() + 1, height: rest.bottom().saturating_sub(titles.bottom() + 1), ..rest }
    };
    match found.get(at) {
        Some((entry, _)) => text(entry, lang, canvas, body),
        None => drop(canvas.paragraph(body, words.get("guide.none"), Role::Plain)),
    }
}

fn text(entry: &Entry, lang: crate::words::Lang, canvas: &mut Canvas<'_>, area: Rect) {
    let mut y = canvas.paragraph(area, entry.title.get(lang), Role::Strong);
    for line in entry.text.get(lang).lines() {
        if y >= area.bottom() {
            return;
        }
        y = canvas.paragraph(Rect { y, height: area.bottom() - y, ..area }, line, Role::Plain);
    }
}
