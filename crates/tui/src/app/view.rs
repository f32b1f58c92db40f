//! Draws the model. It cannot change anything.

use bansou_core::care::{self, Due};
use bansou_core::timing::{self, State};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::area::wrap;
use super::canvas::Canvas;
use super::cover;
use super::field::Field;
use super::form::Purpose;
use super::keymap::{self, Action, Binding, Place, Table};
use super::list::Cursor;
use super::look::{PRACTICE_WORD, Role};
use super::model::{Model, Screen, TABS, Tab, Work};
use super::office::{Office, ROOMS, Room};
use super::overlay::{self, Overlay};
use super::screens::{
    Scene, board, checklist, claims, clients, deliverables, diagnosis, doctor, evidence, experts, figures,
    final_report, guidance, hearing, history, inbox, memo, merge, notes, outbox, overview, past, payments, plan,
    policy, regulations, report, search, then, today, tutorial, writing,
};
use super::then as bygone;
use super::typed::Reader;
use super::width::{cells, cut};

/// The smallest size that is drawn.
const SMALLEST: (u16, u16) = (60, 16);

/// True when a terminal of so many columns and rows shows nothing.
pub fn too_small(width: u16, height: u16) -> bool {
    width < SMALLEST.0 || height < SMALLEST.1
}

/// Most cells of a tab's name where the names do not fit.
const SHORT_TAB: usize = 4;

/// Draws one frame; the hardware cursor is set last.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    if let Some(cursor) = render(model, frame.buffer_mut()) {
        frame.set_cursor_position(cursor);
    }
}

/// Draws one frame into a buffer; gives the place of the hardware cursor.
pub fn render(model: &Model, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas::new(buffer, model.look);
    draw(model, &mut canvas);
    canvas.cursor
}

fn draw(model: &Model, canvas: &mut Canvas<'_>) {
    let area = canvas.area();
    let words = model.look.words();
    // A theme with a background of its own has it everywhere.
    canvas.blank(area, Role::Plain);
    if too_small(area.width, area.height) {
        canvas.paragraph(area, words.get("view.too_small"), Role::Plain);
        return canvas.point(0, 0);
    }
    title_bar(model, canvas);
    let steps = tutorial::height(model, area);
    let body = Rect::new(0, 1, area.width, area.height - 3 - steps);
    let slim = model.form.as_ref().filter(|f| f.slim());
    match (&model.screen, model.form.as_ref().filter(|f| !f.slim())) {
        (_, Some(form)) if cover::form(model, form) => covered(model, canvas, body),
        _ if slim.is_none() && model.form.is_none() && cover::screen(model) => covered(model, canvas, body),
        (_, Some(form)) => {
            form.draw(canvas, Rect { y: 2, height: body.height - 1, ..body }, &Reader::of(model));
        }
        (Screen::Clients { cursor, .. }, None) => clients::draw(model, *cursor, canvas, body),
        (Screen::Today { cursor, spans }, None) => today::draw(model, *cursor, *spans, canvas, body),
        (Screen::History { cursor, deleted, .. }, None) => history::draw(model, *cursor, *deleted, canvas, body),
        (Screen::Merge { returned, cursor, .. }, None) => merge::draw(model, *returned, *cursor, canvas, body),
        (Screen::Outbox { cursor }, None) => outbox::draw(model, *cursor, canvas, body),
        (Screen::Office(office), None) => draw_office(model, office, canvas, body),
        (Screen::Doctor { cursor, report }, None) => doctor::draw(model, report.as_ref(), *cursor, canvas, body),
        (Screen::Claims { cursor }, None) => claims::draw(model, *cursor, canvas, body),
        (Screen::Work(work), None) => draw_work(model, work, canvas, body),
        (Screen::Locked { .. }, None) => {}
    }
    if model.locked() && model.look.practice {
        let line = words.fill("unlock.practice", &[("word", PRACTICE_WORD)]);
        canvas.text(1, 6, area.width - 1, &line, Role::Plain);
    }
    if let Some((form, Purpose::Memo(line))) = slim.map(|form| (form, &form.purpose)) {
        memo::draw(model, form, line, canvas, body);
    }
    match &model.overlay {
        Some(overlay) if cover::overlay(model, overlay) => {
            canvas.blank(body, Role::Plain);
            covered(model, canvas, body);
        }
        Some(overlay) => draw_overlay(model, overlay, canvas, body),
        None => {}
    }
    tutorial::strip(model, canvas, Rect { y: body.bottom(), height: steps, ..body });
    status_row(model, canvas);
    let measure = |text: &str| cells(text, model.look.ambiguous);
    // Keys that do nothing here are not offered.
    let looks_on = cover::screen(model) || bygone::shown(model).is_some();
    let table = if looks_on && model.overlay.is_none() && model.form.is_none() { Table::Global } else { model.table() };
    let named = |row: &Binding| overlay::named(model, row);
    let footer = model.look.keys.footer(table, named, words, usize::from(area.width), measure);
    canvas.text(0, area.height - 1, area.width, &footer, Role::Plain);
}

/// What stands in the place of a screen that is not for the client at the table.
fn covered(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let area = Rect { x: 2, y: body.y + 1, width: body.width - 4, height: body.height - 1 };
    canvas.paragraph(area, model.look.words().get("view.covered"), Role::Plain);
    canvas.point(area.x, area.y);
}

/// The tabs, then the tab that is open.
fn draw_work(model: &Model, work: &Work, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(scene) = Scene::of(model) else {
        return;
    };
    let ambiguous = canvas.look.ambiguous;
    // Of the names of the other tabs stands as much as leaves room for the last tab.
    let shown = |tab: Tab, name, most| {
        let name = scene.words.get(name);
        if tab == work.tab { name } else { cut(name, most, ambiguous) }
    };
    let all = |most: usize| TABS.iter().map(|t| cells(shown(t.0, t.2, most), ambiguous) + 3).sum::<usize>();
    let fits = |most: &usize| all(*most) < usize::from(body.width);
    let most = [usize::MAX].into_iter().chain((1..=SHORT_TAB).rev()).find(fits).unwrap_or(0);
    let mut x = 1;
    for (tab, digit, name) in TABS {
        let role = if tab == work.tab { Role::Bar } else { Role::Plain };
        let name = shown(tab, name, most);
        let name = format!(" {digit}{name} ");
        x = canvas.text(x, body.y, body.width.saturating_sub(x), &name, role);
    }
    let mut area = Rect::new(0, body.y + 1, body.width, body.height - 1);
    if let Some(bygone) = &work.then {
        canvas.row(0, area.y, area.width, &format!(" {}", then::banner(scene.words, bygone)), Role::Bar);
        area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    }
    match work.tab {
        Tab::Overview => overview::draw(&scene, canvas, area),
        Tab::Sessions => checklist::draw(&scene, work.session, work.cursor(), canvas, area),
        Tab::Notes if work.notes.sheet => hearing::draw(&scene, &work.notes, canvas, area),
        Tab::Notes => notes::draw(&scene, work, canvas, area),
        Tab::Diagnosis => diagnosis::draw(&scene, work.cursor(), canvas, area),
        Tab::Policy => policy::draw(&scene, work.cursor(), canvas, area),
        Tab::Final => final_report::draw(&scene, work.cursor(), canvas, area),
        Tab::Evidence => evidence::draw(&scene, work.cursor(), canvas, area),
        Tab::Regulations => regulations::draw(&scene, work.cursor(), canvas, area),
        Tab::Deliverables => deliverables::draw(&scene, work.cursor(), canvas, area),
        Tab::Report => report::draw(&scene, work.session, canvas, area),
        Tab::Plan => plan::draw(&scene, work.cursor(), work.score.as_deref(), canvas, area),
    }
}

/// The rooms of the secretariat, then the room that is open.
fn draw_office(model: &Model, office: &Office, canvas: &mut Canvas<'_>, body: Rect) {
    let words = model.look.words();
    let mut x = 1;
    for (room, digit, name) in ROOMS {
        let role = if room == office.room { Role::Bar } else { Role::Plain };
        let name = format!(" {digit}{} ", words.get(name));
        x = canvas.text(x, body.y, body.width.saturating_sub(x), &name, role);
    }
    let area = Rect::new(0, body.y + 1, body.width, body.height - 1);
    match office.room {
        Room::Board => board::draw(model, office, canvas, area),
        Room::Inbox => inbox::draw(model, office, canvas, area),
        Room::Payments => payments::draw(model, office.cursor(), canvas, area),
        Room::Figures => figures::draw(model, office.cursor(), canvas, area),
        Room::Experts => experts::draw(model, office, canvas, area),
    }
}

fn title_bar(model: &Model, canvas: &mut Canvas<'_>) {
    let words = model.look.words();
    let width = canvas.area().width;
    let practice = if model.look.practice { words.get("view.practice") } else { "" };
    let name = match (&model.screen, Scene::of(model)) {
        _ if matches!(model.overlay, Some(Overlay::Search(_))) => words.get("find.title").to_owned(),
        (Screen::Work(work), Some(scene)) => {
            let tab = TABS.iter().find(|t| t.0 == work.tab).map_or("", |t| words.get(t.2));
            if model.look.client_safe {
                tab.to_owned()
            } else {
                let copy = model.books.shared_of(scene.engagement.id).is_some();
                let mark = if copy { words.get("pair.mark") } else { "" };
                format!("{mark}{} > {tab}", scene.client.name)
            }
        }
        (Screen::Outbox { .. }, _) => words.get("table.outbox").to_owned(),
        (Screen::Doctor { .. }, _) => words.get("key.doctor").to_owned(),
        (Screen::Office(office), _) => {
            let room = ROOMS.iter().find(|r| r.0 == office.room).map_or("", |r| words.get(r.2));
            format!("{} > {room}", words.get("room.office"))
        }
        (Screen::Claims { .. }, _) => words.get("act.claims").to_owned(),
        (Screen::Clients { .. }, _) => words.get("table.clients").to_owned(),
        (Screen::Today { .. }, _) => words.get("key.today").to_owned(),
        (Screen::History { .. }, _) => words.get("key.history").to_owned(),
        (Screen::Merge { .. }, _) => words.get("pair.merge").to_owned(),
        _ => words.get("unlock.screen").to_owned(),
    };
    canvas.row(0, 0, width, &format!("{practice} {name}"), Role::Bar);
    if !model.look.client_safe {
        let now = model.clock;
        let day = super::screens::day(words, now.date());
        let clock = match model.look.clock {
            true => format!("{}{day} {}", session_clock(model), now.strftime("%H:%M")),
            false => String::new(),
        };
        let waiting = bansou_core::outbox::to_send(&model.books).len();
        let waiting =
            if waiting == 0 { String::new() } else { words.fill("act.unsent", &[("n", &waiting.to_string())]) };
        canvas.right(0, 0, width, &format!("  {waiting}{clock}"), Role::Bar);
    }
}

/// The clock of the session that is on, whatever screen is shown; it stands still with the clock of the title bar.
fn session_clock(model: &Model) -> String {
    let Some((session, clock)) = model.books.engagements.values().find_map(|e| timing::on(e, model.clock)) else {
        return String::new();
    };
    let word = if clock.state() == State::Paused { "clock.title_paused" } else { "clock.title" };
    let values = [("n", session.to_string()), ("m", clock.minutes(model.clock).to_string())];
    model.look.words().fill(word, &values.each_ref().map(|(key, value)| (*key, value.as_str())))
}

/// What just happened, or what is being waited for: never "saved" before the store said so.
fn status_row(model: &Model, canvas: &mut Canvas<'_>) {
    let area = canvas.area();
    let words = model.look.words();
    let waiting = model.pending.values().next();
    let text = match (&model.status.notice, waiting, model.status.saved) {
        (Some(notice), _, _) => notice.clone(),
        (None, Some(what), _) => words.get(what.what).to_owned(),
        (None, None, Some(at)) => words.fill("view.saved", &[("time", &at.strftime("%H:%M:%S").to_string())]),
        (None, None, None) => String::new(),
    };
    // A notice or what is waited for has the row to itself.
    let alone = model.status.notice.is_some() || waiting.is_some() || model.locked() || model.look.client_safe;
    let (kept, role) = if alone { (String::new(), Role::Plain) } else { care_line(model) };
    let room = usize::from(area.width).saturating_sub(cells(&kept, model.look.ambiguous) + 2);
    let text = if kept.is_empty() { &text[..] } else { cut(&text, room, model.look.ambiguous) };
    // A long notice goes up over the screen, but never over a line that is typed into.
    let most = if model.status.notice.is_some() && !model.typing() { 3 } else { 1 };
    let lines = wrap(text, usize::from(area.width) - 2, model.look.ambiguous);
    let lines = if lines.len() > most { vec![(0, text.len())] } else { lines };
    for (y, (from, to)) in (0..area.height - 1).rev().zip(lines.iter().rev()) {
        canvas.row(0, y, area.width, &format!(" {}", &text[*from..*to]), Role::Plain);
    }
    canvas.right(0, area.height - 2, area.width, &kept, role);
}

/// The last backup, or what is due for the store.
fn care_line(model: &Model) -> (String, Role) {
    let words = model.look.words();
    let day = |on| super::screens::day(words, on);
    let due = care::due(&model.books, model.clock.date(), model.seq());
    let last = model.books.care.as_ref().and_then(|care| care.backup).map(|b| day(b.on));
    match (due.first(), last) {
        (Some(Due::Drill), _) => (words.get("view.drill").to_owned(), Role::Busy),
        (Some(Due::Backup { last: None }), _) => (words.get("view.backup_none").to_owned(), Role::Busy),
        (Some(Due::Backup { last: Some(on) }), _) => (words.fill("view.backup_old", &[("day", &day(*on))]), Role::Busy),
        (None, Some(last)) => (words.fill("view.backup", &[("day", &last)]), Role::Plain),
        (None, None) => (String::new(), Role::Plain),
    }
}

fn draw_overlay(model: &Model, overlay: &Overlay, canvas: &mut Canvas<'_>, body: Rect) {
    let words = model.look.words();
    if matches!(overlay, Overlay::Choices(_)) {
        return strip(model, canvas, body);
    }
    if let Overlay::Paths(names) = overlay {
        return writing::names(names, canvas, body);
    }
    canvas.blank(body, Role::Plain);
    canvas.rule(0, body.y, body.width);
    let inner = Rect::new(1, body.y + 1, body.width - 2, body.height - 1);
    match overlay {
        Overlay::Help { of, cursor } => {
            canvas.text(1, inner.y, inner.width, words.get(keymap::title(*of)), Role::Strong);
            canvas.text(1, inner.y + 1, inner.width, words.get(purpose(*of)), Role::Plain);
            let rest = Rect { y: inner.y + 3, height: inner.height - 3, ..inner };
            key_rows(model, *of, cursor.at(usize::MAX), canvas, rest);
        }
        Overlay::Keys { of, cursor } => key_rows(model, *of, cursor.at(usize::MAX), canvas, inner),
        Overlay::Palette { query, cursor } => palette(model, query, *cursor, canvas, inner),
        Overlay::Search(found) => search::draw(model, found, canvas, inner),
        Overlay::Guidance { about, query, cursor } => guidance::draw(model, about, query, *cursor, canvas, inner),
        Overlay::Sort { notes: chosen, query, cursor } => {
            let title = words.fill("notes.sort_title", &[("n", &chosen.len().to_string())]);
            canvas.text(1, inner.y, inner.width, &title, Role::Strong);
            canvas.text(1, inner.y + 1, 2, ">", Role::Strong);
            let (seen, column) = query.window(usize::from(inner.width - 3), model.look.ambiguous);
            canvas.text(3, inner.y + 1, inner.width - 3, seen, Role::Plain);
            let rows = Scene::of(model).map_or_else(Vec::new, |scene| notes::targets(&scene, query.text()));
            let at = cursor.at(rows.len());
            for (y, index) in (inner.y + 3..).zip(cursor.window(rows.len(), usize::from(inner.height - 3))) {
                let role = if index == at { Role::Bar } else { Role::Plain };
                canvas.row(1, y, inner.width, &rows[index].1, role);
            }
            canvas.point(3 + column as u16, inner.y + 1);
        }
        Overlay::Choices(_) | Overlay::Paths(_) => {}
        Overlay::AsOf { query, cursor } => then::draw(model, query, *cursor, canvas, inner),
        Overlay::Past(changes) => past::draw(model, changes, canvas, inner),
        Overlay::Confirm { question, about, expected, typed, .. } => {
            let line = words.fill(question, &[("word", expected)]);
            canvas.text(1, inner.y, inner.width, &line, Role::Bad);
            let mut y = inner.y + 1;
            for line in about {
                let below = Rect { y, height: inner.bottom().saturating_sub(y), ..inner };
                y = canvas.paragraph(below, line, Role::Plain).max(y + 1);
            }
            let (seen, column) = typed.window(usize::from(inner.width - 3), model.look.ambiguous);
            canvas.text(3, y + 1, inner.width - 3, seen, Role::Plain);
            canvas.point(3 + column as u16, y + 1);
        }
        Overlay::Paste(pasting) => writing::paste(model, pasting, canvas, inner),
        Overlay::Seek(seek) => writing::seek(model, seek, canvas, inner),
        Overlay::Phrases { query, cursor } => writing::choose(model, query, *cursor, canvas, inner),
        Overlay::Page { title, lines, cursor } => page(title, lines, *cursor, canvas, inner),
        Overlay::Tutorial { cursor } => {
            let lines = tutorial::lines(model.look, model.hand.tutorial.as_ref());
            page(words.get("key.tutorial"), &lines, *cursor, canvas, inner);
        }
        Overlay::Problem(problem) => {
            let code = problem.code.clone();
            canvas.text(1, inner.y, inner.width, &code, Role::Strong);
            let below = |y: u16| Rect { y, height: inner.bottom().saturating_sub(y), ..inner };
            let y = canvas.paragraph(below(inner.y + 2), &problem.happened, Role::Bad);
            canvas.paragraph(below(y + 1), &problem.todo, Role::Plain);
            canvas.point(1, inner.y);
        }
    }
}

/// The choices after a prefix key, over the lower part of the screen: each in a row, those of the tabs together in one.
fn strip(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let words = model.look.words();
    let rows = model.look.keys.rows(model.table());
    let (tabs, others): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| matches!(row.action, Action::Go(Place::Tab(_) | Place::Room(_))));
    let others = others.iter().map(|row| format!("{:<14}{}", keymap::every(row), words.get(row.word)));
    let mut lines: Vec<String> = others.chain([String::new()]).collect();
    for tab in tabs.iter().map(|row| format!("{} {}  ", keymap::every(row), words.get(row.word))) {
        let line = lines.last().map_or("", String::as_str);
        if canvas.cells(line) + canvas.cells(&tab) > body.width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&tab);
        }
    }
    let height = u16::try_from(lines.len() + 1).unwrap_or(body.height).min(body.height);
    let area = Rect { y: body.bottom() - height, height, ..body };
    canvas.blank(area, Role::Plain);
    canvas.rule(0, area.y, area.width);
    for (y, line) in (area.y + 1..area.bottom()).zip(&lines) {
        canvas.text(1, y, area.width - 1, line, Role::Plain);
    }
    canvas.point(1, area.y + 1);
}

/// Every action by name with its key, or why it cannot be done now.
fn palette(model: &Model, query: &Field, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    canvas.text(1, area.y, 2, ">", Role::Strong);
    let (seen, column) = query.window(usize::from(area.width - 3), model.look.ambiguous);
    canvas.text(3, area.y, area.width - 3, seen, Role::Plain);
    let rows = overlay::choices(model, query.text());
    let at = cursor.at(rows.len());
    if rows.is_empty() {
        canvas.text(1, area.y + 2, area.width - 1, words.get("find.nothing"), Role::Plain);
    }
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), usize::from(area.height - 2))) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(1, y, area.width, words.get(rows[index].word), role);
        let reason = overlay::blocked(model, rows[index].action);
        let beside = reason.map_or_else(|| keymap::every(rows[index]), |key| words.get(key).to_owned());
        canvas.right(1, y, area.width, &beside, if reason.is_some() && index != at { Role::Quiet } else { role });
    }
    canvas.point(3 + column as u16, area.y);
}

/// A text to read, wrapped; the cursor counts rows from the top.
fn page(title: &str, lines: &[String], cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(1, area.y, area.width, title, Role::Strong);
    let width = usize::from(area.width.saturating_sub(2));
    let ambiguous = canvas.look.ambiguous;
    let rows: Vec<&str> =
        lines.iter().flat_map(|l| wrap(l, width, ambiguous).into_iter().map(|(from, to)| &l[from..to])).collect();
    let height = usize::from(area.height.saturating_sub(2));
    let top = cursor.at(rows.len()).min(rows.len().saturating_sub(height));
    for (y, row) in (area.y + 2..area.bottom()).zip(rows.iter().skip(top)) {
        canvas.text(1, y, area.width, row, Role::Plain);
    }
    let last = (top + height).min(rows.len());
    canvas.right(1, area.y, area.width - 1, &format!("  {last}/{}", rows.len()), Role::Quiet);
    canvas.point(1, area.y);
}

fn purpose(table: Table) -> &'static str {
    match table {
        Table::Clients => "purpose.clients",
        Table::Today => "purpose.today",
        Table::History => "purpose.history",
        Table::Overview => "purpose.overview",
        Table::Sessions => "purpose.sessions",
        Table::Notes => "purpose.notes",
        Table::Hearing => "purpose.hearing",
        Table::Memo => "purpose.memo",
        Table::Diagnosis => "purpose.diagnosis",
        Table::Regulations => "purpose.regulations",
        Table::Plan => "purpose.plan",
        Table::Deliverables => "purpose.deliverables",
        Table::Report => "purpose.report",
        Table::Outbox => "purpose.outbox",
        Table::Board => "purpose.board",
        Table::Inbox | Table::Delivery => "purpose.inbox",
        Table::Payments => "purpose.payments",
        Table::Figures => "purpose.figures",
        Table::Experts => "purpose.experts",
        Table::Policy => "about.policy",
        Table::Final => "about.final_report",
        Table::Evidence => "purpose.evidence",
        Table::Claims => "about.claims",
        Table::Doctor => "doctor.purpose",
        Table::Past => "past.about",
        _ => "purpose.form",
    }
}

fn key_rows(model: &Model, of: Table, from: usize, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let rows = overlay::help_rows(model, of);
    let from = from.min(rows.len().saturating_sub(1));
    for (y, (keys, word)) in (area.y..area.bottom()).zip(rows.iter().skip(from)) {
        canvas.text(area.x, y, 22, keys, Role::Strong);
        canvas.text(area.x + 24, y, area.width.saturating_sub(24), words.get(word), Role::Plain);
    }
    canvas.point(area.x, area.y);
}
