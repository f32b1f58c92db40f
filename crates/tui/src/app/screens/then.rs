//! Choosing a point in time of an engagement, and saying which one is shown.

use bansou_core::as_of::AsOf;
use bansou_core::reading;
use ratatui::layout::Rect;

use super::{Scene, day};
use crate::app::canvas::Canvas;
use crate::app::field::Field;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::then::{Bygone, shown};
use crate::words::Words;

/// The points in time on offer, none for now: the sessions that were held, or the day that is typed.
pub fn choices(model: &Model, query: &str) -> Vec<(Option<AsOf>, String)> {
    let words = model.look.words();
    let Some(engagement) = Scene::of(model).and_then(|s| model.books.engagements.get(&s.engagement.id)) else {
        return Vec::new();
    };
    let held =
        (1..).zip(&engagement.sessions).filter_map(|(n, session): (u8, _)| Some((n, session.held.as_ref()?.date)));
    let sessions = held.map(|(n, date)| {
        let text = words.fill("then.session", &[("n", &n.to_string()), ("day", &day(words, date))]);
        (Some(AsOf::Session(n)), text)
    });
    let now = (None, words.get("then.now").to_owned());
    let mut rows: Vec<_> = std::iter::once(now).chain(sessions).collect();
    rows.retain(|(_, text)| find::found(query, text));
    let today = model.clock.date();
    let eras = model.pack(engagement).map_or(&[][..], |pack| &pack.calendar.eras);
    let typed = reading::date(query, today, eras).ok().filter(|on| !query.trim().is_empty() && *on <= today);
    if let Some(on) = typed {
        rows.push((Some(AsOf::Day(on)), words.fill("then.day", &[("day", &on.to_string())])));
    }
    rows
}

/// Draws the choice.
pub fn draw(model: &Model, query: &Field, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    canvas.text(1, area.y, area.width, words.get("then.title"), Role::Strong);
    canvas.text(1, area.y + 1, 2, ">", Role::Strong);
    let (seen, column) = query.window(usize::from(area.width - 3), model.look.ambiguous);
    canvas.text(3, area.y + 1, area.width - 3, seen, Role::Plain);
    let rows = choices(model, query.text());
    if rows.is_empty() {
        canvas.text(1, area.y + 3, area.width, words.get("then.none"), Role::Plain);
    }
    let at = cursor.at(rows.len());
    for (y, index) in (area.y + 3..).zip(cursor.window(rows.len(), usize::from(area.height - 3))) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(1, y, area.width, &rows[index].1, role);
    }
    canvas.point(3 + column as u16, area.y + 1);
}

/// Which point in time is shown.
fn named(words: &Words, then: &Bygone) -> String {
    match then.at {
        AsOf::Session(n) => words.fill("then.at_session", &[("n", &n.to_string()), ("day", &then.day.to_string())]),
        AsOf::Day(on) => words.fill("then.at_day", &[("day", &on.to_string())]),
    }
}

/// The row that says that this is not now.
pub fn banner(words: &Words, then: &Bygone) -> String {
    words.fill("then.banner", &[("when", &named(words, then))])
}

/// The title of a page, with the point in time it tells of.
pub fn titled(model: &Model, title: &str) -> String {
    match shown(model) {
        Some(then) => format!("{title}  {}", named(model.look.words(), then)),
        None => title.to_owned(),
    }
}
