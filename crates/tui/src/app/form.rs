//! A form: labelled fields, one with the focus. Enter goes on to the next field and never submits more than one field.

use bansou_core::document::Request;
use bansou_core::record::v1::{Client, Id, PlanLine, SectionReview};
use jiff::civil::DateTime;
use ratatui::layout::Rect;

use super::area::{Area, wrap};
use super::canvas::Canvas;
use super::field::{Field, Secret};
use super::key::{Code, Key};
use super::look::Role;
use super::office::Paper;
use super::text::Text;
use super::typed::{self, Kind, Reader, Room};
use super::width::Ambiguous;
use super::writing;

mod entry;

pub use entry::LABEL;

/// What a form is for; decides what its submission means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Unlock,
    /// The first run: makes the home, or leads to the practice.
    Found,
    /// The facts about the owner.
    Owner,
    /// Which invitation is answered, and which answer is taken in.
    Request,
    Accept,
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
    /// The line at the foot of the screen that takes down what is said.
    Memo(Memo),
    EditNote(Id),
    Evidence(u8),
    /// Takes in a file, or a text that was pasted.
    Attach {
        pasted: bool,
    },
    /// What an attachment is about.
    EditAttachment(Id),
    /// What was agreed about a trainee.
    Pair,
    /// Where the file for the trainee or the lead is written.
    HandOver,
    /// Which return, or which copy, is read.
    TakeIn,
    TakeCopy,
    /// The finding about a section of the regulations; the rest of its review stays.
    Section {
        section: String,
        review: SectionReview,
    },
    PlanLine(Box<PlanLine>),
    /// A form of the secretariat.
    Office(Paper),
    /// A line of the plan that is not in it yet.
    AddLine {
        line: Box<PlanLine>,
        /// The notes that led to it.
        notes: Vec<Id>,
    },
    /// Which place a line of the plan is given, and why.
    MoveLine(Id),
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
    /// Where the calendar file is written.
    SaveCalendar,
    /// Where the kept document with this blob is written.
    SaveDocument(Id),
    /// Where a document is written that is made for it.
    MakeFile(Request),
    /// Which industry's questions are brought.
    Industry,
}

/// What is known of the line that is being taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memo {
    pub engagement: Id,
    pub session: Option<u8>,
    /// Item of the hearing sheet that it answers.
    pub hearing: Option<String>,
    /// When its first character was typed.
    pub begun: Option<DateTime>,
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
    /// What it is about, behind the title; may be empty.
    pub about: String,
    pub entries: Vec<Entry>,
    pub at: usize,
    /// Why the last submission was refused.
    pub refused: Option<String>,
    /// The texts at the beginning, to tell whether something was typed.
    pub fresh: Vec<String>,
}

/// Most rows of what is said below the fields.
const FOOT: usize = 2;

/// Cells of a multi-line field, fixed so that Up and Down mean the same rows that are drawn.
pub const AREA_WIDTH: u16 = 54;

impl Form {
    /// A form with the focus on its first field.
    pub fn new(purpose: Purpose, title: &'static str, entries: Vec<Entry>) -> Form {
        let fresh = entries.iter().map(Entry::value).collect();
        let mut form = Form { purpose, title, about: String::new(), entries, at: 0, refused: None, fresh };
        form.arrive();
        form
    }

    /// Says what it is about.
    pub fn about(self, about: String) -> Form {
        Form { about, ..self }
    }

    /// A date or a number that stands there already is selected: what is typed takes its place.
    fn arrive(&mut self) {
        if let Some(entry) = self.entries.get_mut(self.at)
            && matches!(typed::kind(entry.label), Kind::Date | Kind::Time | Kind::Number)
            && let Some(text) = entry.input.edit()
        {
            text.select_all();
        }
    }

    /// The text of the focused field; `None` for a choice or a secret.
    pub fn editing(&mut self) -> Option<&mut Text> {
        self.entries.get_mut(self.at)?.input.edit()
    }

    /// True when the focused field is a single line of text.
    pub fn on_line(&self) -> bool {
        matches!(self.entries.get(self.at), Some(Entry { input: Input::Line(_), .. }))
    }

    /// Writes dates, times and numbers as commands take them; false, with the reason and the focus on the field, when
    /// one cannot be read or a text is too long.
    pub fn settle(&mut self, reader: &Reader<'_>) -> bool {
        for index in 0..self.entries.len() {
            let Entry { label, input } = &self.entries[index];
            let many = matches!(input, Input::Many(_));
            let text = self.text_at(index);
            let read = match over(label, many, text) {
                Some(reason) => Err(reason.fill(reader.words())),
                None => reader.read(label, text),
            };
            match read {
                Ok(read) if read != text && matches!(input, Input::Line(_)) => {
                    self.entries[index].input = Input::Line(Field::new(&read))
                }
                Ok(_) => {}
                Err(reason) => {
                    let field = reader.words().get(label).to_owned();
                    self.refused = Some(format!("{field}: {reason}"));
                    self.at = index;
                    return false;
                }
            }
        }
        true
    }

    /// True for the one line at the foot, which leaves the screen above it seen.
    pub fn slim(&self) -> bool {
        matches!(self.purpose, Purpose::Memo(_))
    }

    /// True when it shows what people looking on must not see.
    pub fn confidential(&self) -> bool {
        match &self.purpose {
            Purpose::EditNote(_) | Purpose::Evidence(_) | Purpose::Expect => true,
            Purpose::Attach { .. } | Purpose::EditAttachment(_) => true,
            Purpose::AddLine { notes, .. } => !notes.is_empty(),
            _ => false,
        }
    }

    /// The text of a field; empty for a secret.
    pub fn text(&self, label: &str) -> &str {
        self.entries.iter().position(|e| e.label == label).map_or("", |index| self.text_at(index))
    }

    fn text_at(&self, index: usize) -> &str {
        match self.entries.get(index).map(|e| &e.input) {
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

    /// True when Enter belongs to the focused field: a text of several lines that is being written into.
    pub fn wants_enter(&self) -> bool {
        self.area().is_some_and(|area| !area.normal())
    }

    /// The focused text of several lines.
    pub fn area(&self) -> Option<&Area> {
        match &self.entries.get(self.at)?.input {
            Input::Many(area) => Some(area),
            _ => None,
        }
    }

    /// The focused text of several lines, to change it.
    pub fn area_mut(&mut self) -> Option<&mut Area> {
        match &mut self.entries.get_mut(self.at)?.input {
            Input::Many(area) => Some(area),
            _ => None,
        }
    }

    /// What Enter means where the focus is, as a catalogue key.
    pub fn enter_word(&self) -> &'static str {
        match (self.wants_enter(), self.entries.len()) {
            (true, _) => "key.line_break",
            (false, 1) => "key.submit",
            (false, _) => "key.next_field",
        }
    }

    /// True when a field holds something else than at the beginning.
    pub fn touched(&self) -> bool {
        // Whom the line is from is no work until something stands on it.
        let from = usize::from(self.slim());
        !self.entries.iter().skip(from).map(Entry::value).eq(self.fresh.iter().skip(from).cloned())
    }

    /// Moves the focus around the ring of fields.
    pub fn next(&mut self, back: bool) {
        if self.slim() {
            // The line keeps the focus; what goes around is who said it.
            if let Some(Entry { input: Input::Pick { options, at }, .. }) = self.entries.first_mut() {
                let count = options.len().max(1);
                *at = (*at + if back { count - 1 } else { 1 }) % count;
            }
            return;
        }
        let count = self.entries.len().max(1);
        self.at = (self.at + if back { count - 1 } else { 1 }) % count;
        self.arrive();
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
                    _ => match key.folded().unwrap_or(key).typed().and_then(|c| c.to_digit(10)) {
                        Some(digit) => *at = numbered(*at, digit as usize, count),
                        None => return key.typed().is_some(),
                    },
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
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, reader: &Reader<'_>) {
        let words = canvas.look.words();
        canvas.blank(area, Role::Plain);
        let x = canvas.text(area.x + 1, area.y, area.width, words.get(self.title), Role::Strong) + 2;
        canvas.text(x, area.y, area.right().saturating_sub(x + 1), &self.about, Role::Plain);
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
            entry.draw(canvas, Rect { y, ..area }, index == self.at, reader);
            y += entry.height();
        }
        if let Some((line, role)) = self.foot(reader) {
            let rows = wrap(&line, usize::from(area.width.saturating_sub(2)), canvas.look.ambiguous);
            for (y, (from, to)) in (area.y..area.bottom()).rev().zip(rows.iter().take(FOOT).rev()) {
                canvas.row(area.x, y, area.width, &format!(" {}", &line[*from..*to]), role);
            }
        }
    }
}

impl Form {
    /// Why the form was refused, or what is to be said about the focused field.
    fn foot(&self, reader: &Reader<'_>) -> Option<(String, Role)> {
        if let Some(reason) = &self.refused {
            return Some((reason.clone(), Role::Bad));
        }
        let entry = self.entries.get(self.at)?;
        let text = self.text_at(self.at);
        if let Some(room) = typed::room(entry.label, self.area().is_some(), text) {
            return Some((room.fill(reader.words()), if room.over() { Role::Bad } else { Role::Busy }));
        }
        if let Some(Err(reason)) = reader.beside(entry.label, text) {
            return Some((reason, Role::Busy));
        }
        let choice = matches!(entry.input, Input::Pick { .. }).then_some("write.hint_pick");
        let hint = typed::hint(entry.label)
            .or(choice)
            .or_else(|| writing::place(&self.purpose).map(|_| "write.hint_phrases"))?;
        Some((reader.words().get(hint).to_owned(), Role::Quiet))
    }
}

/// The choice of `count` that a digit means behind the number chosen so far, or by itself.
fn numbered(at: usize, digit: usize, count: usize) -> usize {
    let number = [(at + 1) * 10 + digit, digit].into_iter().find(|n| (1..=count).contains(n));
    number.map_or(at, |n| n - 1)
}

/// How far a text is beyond its limit, if it is.
fn over(label: &str, many: bool, text: &str) -> Option<Room> {
    typed::room(label, many, text).filter(Room::over)
}

impl Input {
    /// The text under edit; `None` for a choice or a secret.
    pub fn edit(&mut self) -> Option<&mut Text> {
        match self {
            Input::Line(field) => Some(field.edit()),
            Input::Many(area) => Some(area.edit()),
            Input::Pick { .. } | Input::Secret(_) => None,
        }
    }
}
