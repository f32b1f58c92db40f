//! The review of the regulations: one row per section with its state in words.

use bansou_core::note::Onto;
use ratatui::layout::Rect;

use super::{Scene, notes};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// Draws the sections; a section not reviewed yet shows what the diagnosis suggests, in brackets.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let sections: Vec<_> = scene.pack.regulations.sections().collect();
    let review = scene.model.books.regulations_of(scene.engagement.id);
    let answers = super::diagnosis::answers(scene);
    let suggested = scene.pack.regulations.suggest(&answers);
    let reviewed = review.map_or(0, |r| r.sections.len());
    let counts = [("n", reviewed.to_string()), ("all", sections.len().to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    canvas.text(1, area.y, area.width - 1, &words.fill("regulations.title", &counts), Role::Strong);
    let at = cursor.at(sections.len());
    let linked = sections.get(at).and_then(|s| notes::linked(scene, &Onto::Section(s.number.clone())));
    if let Some(linked) = &linked {
        canvas.text(1, area.bottom() - 1, area.width - 1, linked, Role::Plain);
    }
    let height = usize::from(area.height.saturating_sub(1 + u16::from(linked.is_some())));
    for (y, index) in (area.y + 1..).zip(cursor.window(sections.len(), height)) {
        let section = sections[index];
        let name = section.name(lang);
        let found = review.and_then(|r| r.sections.get(&section.number));
        let shown = match found {
            Some(review) => scene.pack.regulations.status(review.status).name.get(lang).to_owned(),
            None => suggested
                .get(section.number.as_str())
                .map_or_else(String::new, |s| format!("({})", scene.pack.regulations.status(*s).name.get(lang))),
        };
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(1, y, area.width - 1, &format!("{:<6}{name}", section.number), role);
        canvas.right(1, y, area.width - 2, &format!("  {shown}"), role);
        if index == at {
            canvas.point(1, y);
        }
    }
}

/// The number of the section under the cursor.
pub fn chosen(scene: &Scene<'_>, cursor: Cursor) -> Option<String> {
    let count = scene.pack.regulations.sections().count();
    let section = scene.pack.regulations.sections().nth(cursor.at(count))?;
    Some(section.number.clone())
}
