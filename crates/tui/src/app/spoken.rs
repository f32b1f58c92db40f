//! The screens as lines: each frame is drawn where nobody sees it, and what is new in it is told. Decision 0024.

mod row;

use jiff::civil::DateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cover;
use super::form::{Form, Input};
use super::keymap::Table;
use super::look::Role;
use super::model::{Model, Screen};
use super::overlay::Overlay;
use super::screens;
use super::view;
use crate::words::Words;
use row::Row;

/// Cells and rows of the frame that is read: too narrow for two panes, and high enough that lists are whole.
const FRAME: (u16, u16) = (99, 200);
/// Most lines that are told of a new screen before the chosen row, and of what else has changed.
const FIRST: usize = 12;

/// What a reader is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Whole lines.
    Lines(Vec<String>),
    /// What was typed, to go on with the line that is open.
    Typed(String),
}

/// One frame as it is listened to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Heard {
    /// What keys mean here.
    table: Option<Table>,
    title: String,
    /// Everything below the title.
    rows: Vec<String>,
    /// How many of the rows stand before the chosen one and its list.
    before: usize,
    /// How many of the rows are told by themselves when they change.
    live: usize,
    /// The chosen row among the rows, and how it is told.
    at: usize,
    chosen: String,
    /// The chosen row is one of a list: what else changes with it is told when it is asked for.
    listed: bool,
    window: Window,
    /// Label and text of the field with the focus; a secret shows none.
    field: Option<(String, String)>,
    notice: Option<String>,
    saved: Option<DateTime>,
}

/// What lies over the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Window {
    #[default]
    Nothing,
    /// A form, or a window with a line to type into.
    Form,
    /// A text, read from its beginning.
    Page,
}

/// What was asked for beside the news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Place,
    Everything,
}

/// Tells the screens one after the other.
#[derive(Debug, Default)]
pub struct Speaker {
    last: Heard,
    asked: Option<Asked>,
    /// The place was asked for and told last.
    placed: bool,
}

impl Speaker {
    /// Asks where one is; asked again at once, for everything on the screen.
    pub fn again(&mut self) {
        self.asked = Some(if self.placed { Asked::Everything } else { Asked::Place });
    }

    /// What is new since the last frame, or what was asked for.
    pub fn listen(&mut self, model: &Model) -> Told {
        let now = hear(model);
        let asked = self.asked.take();
        let told = match asked {
            Some(Asked::Place) => Told::Lines(vec![now.title.clone(), now.chosen.clone()]),
            Some(Asked::Everything) => Told::Lines(std::iter::once(&now.title).chain(&now.rows).cloned().collect()),
            None => news(&self.last, &now, model.look.words()),
        };
        if asked.is_some() || told != Told::Lines(Vec::new()) {
            self.placed = asked == Some(Asked::Place);
        }
        self.last = now;
        told
    }
}

fn hear(model: &Model) -> Heard {
    let area = Rect::new(0, 0, FRAME.0, FRAME.1);
    let mut buffer = Buffer::empty(area);
    let cursor = view::render(model, &mut buffer).map_or(0, |at| at.y);
    let (words, quiet) = (model.look.words(), model.look.style(Role::Quiet));
    let pause = words.get("spoken.pause");
    // The tabs say what the title says; the last two rows are the notice and the keys.
    let tabbed = matches!(model.screen, Screen::Work(_) | Screen::Office(_)) && model.form.is_none();
    let strip = matches!(model.overlay, Some(Overlay::Choices(_)));
    let first = match () {
        // Choices stand below a line at the foot of the screen.
        () if strip => (1..area.height).rev().find(|y| Row::is_rule(&buffer, *y)).unwrap_or(1),
        () if tabbed && model.overlay.is_none() => 2,
        () => 1,
    };
    let body: Vec<(u16, Row)> = (first..area.height - 2).map(|y| (y, Row::read(&buffer, y, quiet))).collect();
    let below_form = model.form.is_none() || model.overlay.is_some();
    let bar = body.iter().find(|(_, row)| row.chosen()).map(|(y, _)| *y).filter(|_| below_form);
    let at = bar.unwrap_or(cursor);
    let row = Row::read(&buffer, at, quiet);
    let said = |text: String| {
        let boxes = [("[ ]", "spoken.unticked"), ("[x]", "spoken.ticked"), ("[-]", "spoken.left_out")];
        boxes.iter().fold(text, |text, (drawn, word)| text.replace(drawn, words.get(word)))
    };
    let listed = bar.is_some() && model.overlay.is_none();
    let heads = body.iter().rev().filter(|(y, _)| *y < at).find(|(_, row)| row.heads()).filter(|_| listed);
    let mut chosen = heads.map_or_else(|| row.text(pause), |(_, heads)| row.below(heads, pause));
    // The questions stand below a line as a table for the eye; the one that is asked is marked there with its answer.
    let asking = model.table() == Table::Diagnosis;
    let table = (first..area.height).find(|y| asking && Row::is_rule(&buffer, *y));
    // Above it the answer is marked among the choices.
    let asked = body.iter().rev().filter(|_| asking).find_map(|(_, row)| row.marked(pause));
    // A point is a question without an answer.
    let asked = asked.map(|marked| match marked.strip_suffix('.') {
        Some(bare) => format!("{bare}{}", words.get("spoken.unanswered")),
        None => marked,
    });
    if let Some(marked) = asked.or_else(|| row.marked(pause)).filter(|_| below_form) {
        chosen = words.fill("spoken.marked", &[("row", &chosen), ("marked", &marked)]);
    }
    let told: Vec<(u16, String)> =
        body.iter().filter(|(_, row)| !row.is_empty()).map(|(y, row)| (*y, said(row.text(pause)))).collect();
    let rows_before = |y: u16| told.iter().filter(|(row, _)| *row < y).count();
    let slim = model.form.as_ref().is_some_and(Form::slim);
    Heard {
        table: Some(model.table()),
        title: Row::read(&buffer, 0, quiet).text(pause),
        before: if slim { 0 } else { rows_before(heads.map_or(at, |(y, _)| *y)) },
        live: table.map_or(told.len(), rows_before),
        at: rows_before(at),
        rows: told.into_iter().map(|(_, text)| text).collect(),
        chosen: numbered(model, said(chosen)),
        listed,
        window: window(model),
        field: field(model),
        notice: model.status.notice.clone(),
        saved: model.status.saved,
    }
}

fn window(model: &Model) -> Window {
    match &model.overlay {
        Some(
            Overlay::Help { .. }
            | Overlay::Keys { .. }
            | Overlay::Page { .. }
            | Overlay::Problem(_)
            | Overlay::Tutorial { .. }
            | Overlay::Confirm { .. }
            | Overlay::Paste(_)
            | Overlay::Choices(_),
        ) => Window::Page,
        Some(_) => Window::Form,
        None if model.form.is_some() => Window::Form,
        None => Window::Nothing,
    }
}

/// The chosen row with its number, such as `3/12`.
fn numbered(model: &Model, chosen: String) -> String {
    let place = match (&model.overlay, &model.form) {
        (Some(_), _) => None,
        (None, Some(form)) => Some((form.at, form.entries.len())).filter(|(_, all)| *all > 1 && !form.slim()),
        (None, None) => screens::place(model),
    };
    place.map_or(chosen.clone(), |(at, all)| format!("{}/{all} {chosen}", at + 1))
}

/// The field that takes the letters. What people looking on may not see is not told either.
fn field(model: &Model) -> Option<(String, String)> {
    let words = model.look.words();
    if let Some(overlay) = &model.overlay {
        let text = overlay.query().filter(|_| !cover::overlay(model, overlay))?;
        return Some((String::new(), text.to_owned()));
    }
    let form = model.form.as_ref().filter(|form| !cover::form(model, form))?;
    let entry = form.entries.get(form.at)?;
    let text = match &entry.input {
        Input::Secret(_) => "",
        Input::Line(_) | Input::Many(_) | Input::Pick { .. } => entry.text(),
    };
    Some((words.get(entry.label).to_owned(), text.to_owned()))
}

/// What is told of a frame after another.
fn news(last: &Heard, now: &Heard, words: &Words) -> Told {
    let pause = words.get("spoken.pause");
    let mut lines = Vec::new();
    let same_field = last.field.as_ref().map(|f| &f.0) == now.field.as_ref().map(|f| &f.0);
    if (last.table, &last.title, last.window) != (now.table, &now.title, now.window) {
        lines.extend(arrival(last, now));
    } else if let (Some((label, text)), Some((_, old))) = (&now.field, &last.field)
        && same_field
    {
        match text.strip_prefix(old.as_str()) {
            _ if label.is_empty() && text != old => lines.push(format!("{text}{pause}{}", now.chosen)),
            _ if label.is_empty() && last.chosen != now.chosen => lines.push(now.chosen.clone()),
            Some("") => lines.extend(fresh(last, now)),
            Some(typed) if now.notice.is_none() => {
                return Told::Typed(typed.chars().filter(|c| !c.is_control()).collect());
            }
            // Something was taken away, or another choice was made.
            _ => {
                let text = if text.is_empty() { words.get("spoken.empty") } else { text };
                lines.push(format!("{label}{pause}{text}"));
            }
        }
    } else if now.field.is_some() {
        // What a date or a number was read as is told when its field is left.
        let left = last.field.as_ref().map(|(label, text)| format!("{label}{pause}{text}"));
        lines.extend(
            now.rows.get(last.at).filter(|row| left.as_ref().is_some_and(|left| row.len() > left.len())).cloned(),
        );
        lines.push(now.chosen.clone());
    } else {
        if !now.listed {
            lines.extend(fresh(last, now));
        }
        lines.extend(Some(now.chosen.clone()).filter(|chosen| *chosen != last.chosen));
    }
    lines.extend(now.notice.clone().filter(|notice| last.notice.as_ref() != Some(notice)));
    // In a form it is the draft that was kept.
    let told = now.window == Window::Nothing || now.table == Some(Table::Memo) && lines.is_empty();
    if now.saved != last.saved && now.notice.is_none() && told {
        lines.push(words.get("spoken.saved").to_owned());
    }
    lines.retain(|line| !line.is_empty());
    Told::Lines(lines.into_iter().map(|line| line.replace('\n', " ").replace(char::is_control, "")).collect())
}

/// What is told first of another screen, form or window.
fn arrival(last: &Heard, now: &Heard) -> Vec<String> {
    let back = now.window == Window::Nothing && last.window != Window::Nothing && last.title == now.title;
    let first = match now.window {
        Window::Page => return std::iter::once(&now.title).chain(&now.rows).cloned().collect(),
        _ if back => 0,
        _ => now.before.min(FIRST),
    };
    let title = Some(&now.title).filter(|title| back || **title != last.title);
    title.into_iter().chain(&now.rows[..first]).chain([&now.chosen]).cloned().collect()
}

/// Rows that were not there before, without the chosen one.
fn fresh(last: &Heard, now: &Heard) -> Vec<String> {
    let live = now.rows.iter().take(now.live).enumerate().filter(|(at, _)| *at != now.at);
    // A long notice goes up over the rows; it is told by itself.
    let noticed = |row: &str| now.notice.as_ref().is_some_and(|notice| notice.contains(row));
    live.map(|(_, row)| row).filter(|row| !last.rows.contains(row) && !noticed(row)).take(FIRST).cloned().collect()
}
