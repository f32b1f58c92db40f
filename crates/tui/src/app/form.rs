//! A form: labelled fields, one with the focus. Enter goes on to the next field and never submits more than one field.

use bansou_core::record::v1::{Client, Id, PlanLine, SectionReview};
use ratatui::layout::Rect;

use super::area::Area;
use super::canvas::Canvas;
use super::field::{Field, Secret};
use super::key::{Code, Key};
use super::look::Role;
use super::office::Paper;
use super::width::Ambiguous;

/// What a form is for; decides what its submission means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Unlock,
    /// What the list of clients is narrowed to.
    Filter,
    /// Into which folder the outbox is written.
    Export,
    /// From which folder receipts are read.
    Import,
    /// The words of a session's report.
    Report,
    AddClient,
    /// Begins the engagement of this client.
    Begin(Id),
    Schedule,
    Hold,
    Confirm,
    /// An item of the checklist that is not in the edition.
    AddItem,
    /// Why this session shares the day of the one before it.
    Combine(u8),
    /// Skips an item of the checklist, with the reason.
    Skip(String),
    Note {
        question: Option<u8>,
    },
    EditNote(Id),
    Evidence(u8),
    /// The finding about a section of the regulations; the rest of its review stays.
    Section {
        section: String,
        review: SectionReview,
    },
    PlanLine(Box<PlanLine>),
    /// A form of the secretariat.
    Office(Paper),
    /// A line of the plan that is not in it yet.
    AddLine(Box<PlanLine>),
    Agree,
    EditClient(Box<Client>),
    /// A blank of the policy, by id.
    PolicyField(String),
    PolicyArticle(u8),
    PolicyEnacted,
    PolicyPublished,
    /// An item of the final report, by id.
    FinalAnswer(String),
    NewSheet,
    Expect,
    Star,
    End,
    Drill,
    Passphrase,
    /// Where the kept document with this blob is written.
    SaveDocument(Id),
}

/// One field's editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Line(Field),
    Many(Area),
    /// One of several; left and right change it.
    Pick {
        options: Vec<String>,
        at: usize,
    },
    Secret(Secret),
}

/// A labelled field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Catalogue key.
    pub label: &'static str,
    pub input: Input,
}

/// Fields under edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub purpose: Purpose,
    /// Catalogue key.
    pub title: &'static str,
    pub entries: Vec<Entry>,
    pub at: usize,
    /// Why the last submission was refused.
    pub refused: Option<String>,
    /// The texts at the beginning, to tell whether something was typed.
    pub fresh: Vec<String>,
}

/// Rows of a multi-line field.
const AREA_ROWS: u16 = 6;
/// Cells of a multi-line field, fixed so that Up and Down mean the same rows that are drawn.
pub const AREA_WIDTH: u16 = 54;
/// Cells before the fields.
const LABEL: u16 = 24;

impl Form {
    /// A form with the focus on its first field.
    pub fn new(purpose: Purpose, title: &'static str, entries: Vec<Entry>) -> Form {
        let fresh = entries.iter().map(Entry::value).collect();
        Form { purpose, title, entries, at: 0, refused: None, fresh }
    }

    /// The text of a field; empty for a secret.
    pub fn text(&self, label: &str) -> &str {
        match self.entries.iter().find(|e| e.label == label).map(|e| &e.input) {
            Some(Input::Line(field)) => field.text(),
            Some(Input::Many(area)) => area.text(),
            Some(Input::Pick { options, at }) => options.get(*at).map_or("", String::as_str),
            Some(Input::Secret(_)) | None => "",
        }
    }

    /// The position chosen in a list field.
    pub fn picked(&self, label: &str) -> usize {
        match self.entries.iter().find(|e| e.label == label).map(|e| &e.input) {
            Some(Input::Pick { at, .. }) => *at,
            _ => 0,
        }
    }

    /// Takes the secrets out of the form.
    pub fn take_secrets(&mut self) -> Vec<Secret> {
        let secret = |entry: &mut Entry| match &mut entry.input {
            Input::Secret(secret) => Some(std::mem::take(secret)),
            _ => None,
        };
        self.entries.iter_mut().filter_map(secret).collect()
    }

    /// True when Enter belongs to the focused field (a multi-line text).
    pub fn wants_enter(&self) -> bool {
        matches!(self.entries.get(self.at), Some(Entry { input: Input::Many(_), .. }))
    }

    /// True when a field holds something else than at the beginning.
    pub fn touched(&self) -> bool {
        !self.entries.iter().map(Entry::value).eq(self.fresh.iter().cloned())
    }

    /// Moves the focus around the ring of fields.
    pub fn next(&mut self, back: bool) {
        let count = self.entries.len().max(1);
        self.at = (self.at + if back { count - 1 } else { 1 }) % count;
    }

    /// Gives a key to the focused field; false when it is not an editing key.
    pub fn press(&mut self, key: Key, now: u64, ambiguous: Ambiguous) -> bool {
        let Some(entry) = self.entries.get_mut(self.at) else {
            return false;
        };
        match &mut entry.input {
            Input::Line(field) => field.press(key, now),
            Input::Many(area) => area.press(key, now, usize::from(AREA_WIDTH), ambiguous),
            Input::Pick { options, at } => {
                let count = options.len().max(1);
                match key.code {
                    Code::Right | Code::Char(' ') | Code::Down => *at = (*at + 1) % count,
                    Code::Left | Code::Up => *at = (*at + count - 1) % count,
                    _ => return key.typed().is_some(),
                }
                true
            }
            Input::Secret(secret) => match (key.typed(), key.code) {
                (Some(c), _) => {
                    secret.push(c.encode_utf8(&mut [0; 4]));
                    true
                }
                (None, Code::Backspace) => {
                    secret.pop();
                    true
                }
                _ => false,
            },
        }
    }

    /// Pastes into the focused field.
    pub fn paste(&mut self, text: &str) {
        match self.entries.get_mut(self.at).map(|e| &mut e.input) {
            Some(Input::Line(field)) => field.paste(text),
            Some(Input::Many(area)) => area.paste(text),
            Some(Input::Secret(secret)) => secret.push(text.trim_end_matches(['\r', '\n'])),
            Some(Input::Pick { .. }) | None => {}
        }
    }

    /// Draws the form and points the hardware cursor into the focused field.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let words = canvas.look.words();
        canvas.blank(area, Role::Plain);
        canvas.text(area.x + 1, area.y, area.width, words.get(self.title), Role::Strong);
        let heights: Vec<u16> = self.entries.iter().map(Entry::height).collect();
        let room = area.height.saturating_sub(3);
        let mut first = self.at.min(heights.len());
        let mut used = heights.get(self.at).copied().unwrap_or(0);
        while first > 0 && used + heights[first - 1] <= room {
            first -= 1;
            used += heights[first];
        }
        let mut y = area.y + 2;
        for (index, entry) in self.entries.iter().enumerate().skip(first) {
            if y + entry.height() > area.bottom().saturating_sub(1) && index != self.at {
                break;
            }
            entry.draw(canvas, Rect { y, ..area }, index == self.at);
            y += entry.height();
        }
        if let Some(reason) = &self.refused {
            let last = area.bottom().saturating_sub(1);
            canvas.row(area.x, last, area.width, &format!(" {reason}"), Role::Bad);
        }
    }
}

impl Entry {
    /// A single-line field that starts with `text`.
    pub fn line(label: &'static str, text: &str) -> Entry {
        Entry { label, input: Input::Line(Field::new(text)) }
    }

    /// A multi-line field that starts with `text`.
    pub fn many(label: &'static str, text: &str) -> Entry {
        Entry { label, input: Input::Many(Area::new(text)) }
    }

    /// A choice.
    pub fn pick(label: &'static str, options: Vec<String>, at: usize) -> Entry {
        Entry { label, input: Input::Pick { options, at } }
    }

    /// A passphrase.
    pub fn secret(label: &'static str) -> Entry {
        Entry { label, input: Input::Secret(Secret::default()) }
    }

    /// The text, or the position chosen; nothing of a secret.
    fn value(&self) -> String {
        match &self.input {
            Input::Line(field) => field.text().to_owned(),
            Input::Many(area) => area.text().to_owned(),
            Input::Pick { at, .. } => at.to_string(),
            Input::Secret(_) => String::new(),
        }
    }

    fn height(&self) -> u16 {
        match self.input {
            Input::Many(_) => AREA_ROWS,
            _ => 1,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let words = canvas.look.words();
        let ambiguous = canvas.look.ambiguous;
        let mark = if focused { ">" } else { " " };
        let role = if focused { Role::Strong } else { Role::Plain };
        canvas.text(area.x + 1, area.y, 1, mark, role);
        canvas.text(area.x + 3, area.y, LABEL - 4, words.get(self.label), role);
        let x = area.x + LABEL;
        let width = area.width.saturating_sub(LABEL + 1);
        let column = match &self.input {
            Input::Line(field) => {
                let (seen, column) = field.window(usize::from(width), ambiguous);
                canvas.text(x, area.y, width, seen, Role::Plain);
                column
            }
            Input::Many(text) => {
                let height = usize::from(AREA_ROWS - 1);
                let (seen, cursor) = text.window(usize::from(AREA_WIDTH), height, ambiguous);
                for (y, line) in (area.y + 1..).zip(&seen) {
                    canvas.text(area.x + 3, y, AREA_WIDTH, line, Role::Plain);
                }
                if focused {
                    canvas.point(area.x + 3 + cursor.0 as u16, area.y + 1 + cursor.1 as u16);
                }
                return;
            }
            Input::Pick { options, at } => {
                let shown = options.get(*at).map_or("", String::as_str);
                canvas.text(x, area.y, width, &format!("< {shown} >"), Role::Plain);
                2
            }
            Input::Secret(secret) => {
                let stars = "*".repeat(secret.count().min(usize::from(width.saturating_sub(1))));
                canvas.text(x, area.y, width, &stars, Role::Plain);
                stars.len()
            }
        };
        if focused {
            canvas.point(x + column as u16, area.y);
        }
    }
}
