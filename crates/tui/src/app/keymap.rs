//! Every key of every screen, once: dispatch, footer, help, palette and `docs/keys.md` read these tables.

use std::fmt;

use bansou_core::record::v1::{AnswerCode, LineStatus, SectionStatus, Take};

use super::key::{Code, Key};
use super::list::Step;
use super::model::Tab;
use super::office::{Act, Room};
use super::writing::Write;
use crate::words::{Lang, Words};

mod copy;
mod days;
mod evidence;
mod hearing;
mod office;
mod own;
mod papers;
mod share;
mod tables;
mod textkeys;
mod writing;

pub use own::{Refused, key_of, names, own};
pub use tables::{GLOBAL, SCREENS};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Help,
    /// What an experienced expert would say to what the cursor stands on.
    Guidance,
    Palette,
    /// The search over everything.
    Search,
    Keys,
    /// The steps of the practice; puts one aside, and hides them.
    Tutorial,
    SkipStep,
    HideSteps,
    ClientSafe,
    Lock,
    /// Locks and hands the terminal back to the shell.
    Suspend,
    Quit,
    Redraw,
    Back,
    Move(Step),
    Open,
    NextField,
    PreviousField,
    Submit,
    /// Opens the strip of choices of this prefix key.
    Prefix(char),
    Go(Place),
    Undo,
    Redo,
    /// Shows what changed of the thing under the cursor, or of the focused field.
    Past,
    /// Gives a field the value it had before a change.
    PutBack,
    /// Shows the engagement as it was.
    AsOf,
    /// Shows only what was deleted lately, or everything again.
    Deleted,
    Add,
    Edit,
    Delete,
    Filter,
    /// Ticks or unticks an item of the checklist.
    Tick,
    Skip,
    /// Starts and ends the clock of a session.
    Clock,
    Pause,
    /// Puts a session on the day of the one before it.
    Combine,
    /// Opens the line that takes down what is said.
    Memo,
    /// Writes the evidence for an answer.
    Evidence,
    /// Takes in a file as evidence.
    Attach,
    /// Takes in a text as evidence.
    AttachText,
    /// Shows the evidence for what the cursor stands on.
    Attachments,
    /// Changes between the notes and the hearing sheet.
    Sheet,
    MarkRange,
    MarkAll,
    /// Arranges the clients by date or by name; chooses what notes belong to.
    Sort,
    /// Whether the notes may leave.
    Release,
    /// Narrows the notes to what one person said.
    Speaker,
    Industry,
    Schedule,
    Hold,
    Confirm,
    NextSession,
    PreviousSession,
    /// Answers the question under the cursor; `None` takes the answer back.
    Answer(Option<AnswerCode>),
    Section(SectionStatus),
    Score,
    /// Gives a line of the plan the place above.
    Raise,
    /// Gives a line of the plan the place below.
    Lower,
    LineState(LineStatus),
    Make,
    Seal,
    Send,
    Export,
    Import,
    /// An act at the secretariat's desk.
    Office(Act),
    NewSheet,
    NewLine,
    Agree,
    Expect,
    Star,
    /// Ends the engagement early.
    End,
    /// Presses the option of this number.
    Choose(u8),
    Preview,
    SaveAs,
    /// Shows the clients for whom nothing is left to do, or hides them.
    Finished,
    /// Shows the spans of the engagements, or the days ahead.
    Spans,
    /// Shows the archived clients, or the others again.
    Archived,
    /// Erases a client for good.
    Erase,
    Backup,
    /// Types the recovery code as a drill.
    Drill,
    /// Changes the passphrase.
    Passphrase,
    /// Answers the secretariat's invitation; takes its answer in.
    Request,
    Accept,
    /// What was agreed about a trainee.
    Pair,
    /// The line of this home's own keys, for the other.
    OwnKey,
    /// Writes the file for the trainee, or for the lead.
    HandOver,
    /// Reads a return, or a copy.
    TakeIn,
    /// Lays a return beside what stands here.
    Merge,
    /// What becomes of a row of a return.
    Take(Take),
    /// Takes every row that only the trainee changed.
    TakeAll,
    /// Does the last change of a row again.
    Repeat,
    /// Copies from the list, into the program's own clipboard.
    Copy(Copy),
    /// The same to that of the terminal.
    CopyOut(Copy),
    /// About the text that has the focus.
    Write(Write),
}

/// How much of a list is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// What names the row.
    Cell,
    Row,
    /// Every row under headings.
    All,
    /// The engagement in a line that names nobody.
    Summary,
}

/// Where `g` and the tabs lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Clients,
    Tab(Tab),
    Outbox,
    /// A room of the secretariat.
    Room(Room),
    Claims,
    Doctor,
    Today,
    History,
}

/// Names of the key tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Keys of every screen.
    Global,
    /// A form with text fields.
    Form,
    /// The line that takes down what is said.
    Memo,
    /// The hearing sheet on the notes tab.
    Hearing,
    /// A window over the screen: help, keys, error.
    Window,
    /// The list of every action.
    Palette,
    Search,
    /// The guidance window.
    Guidance,
    Confirm,
    /// The preview of a paste.
    Paste,
    /// Search and replace in a text.
    Seek,
    Phrases,
    /// The names that a path goes on with.
    Paths,
    /// Keys of Emacs in every text, before those of the table below.
    Emacs,
    /// Keys of vi in a text of several lines while letters are commands; then those of a form.
    Vim,
    /// What changed of one thing.
    Past,
    /// The steps of the practice.
    Tutorial,
    /// The choices after `g`.
    GoTo,
    /// The choices after `y`.
    Copy,
    Clients,
    Today,
    History,
    Overview,
    Sessions,
    Notes,
    Diagnosis,
    Regulations,
    Plan,
    Deliverables,
    Report,
    Outbox,
    /// The secretariat's choices after `g`.
    OfficeGoTo,
    Board,
    Inbox,
    /// One delivery, opened.
    Delivery,
    Payments,
    Figures,
    Experts,
    Policy,
    Final,
    Evidence,
    Claims,
    Doctor,
    /// A return laid beside what stands here.
    Merge,
}

impl Table {
    /// True for the choices after a prefix key: no other letter means anything there.
    pub fn is_strip(self) -> bool {
        matches!(self, Table::GoTo | Table::OfficeGoTo | Table::Copy)
    }
}

/// One row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The first is the one shown in hints.
    pub keys: &'static [Key],
    pub action: Action,
    /// Catalogue key of its name.
    pub word: &'static str,
    /// Shown in the footer.
    pub hint: bool,
}

/// A table with the catalogue key of its title and its rows.
pub type Named = (Table, &'static str, &'static [Binding]);

/// The tables that keys are looked up in: the built-in ones, or those with a person's own keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keymap {
    global: &'static [Binding],
    screens: &'static [Named],
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap { global: GLOBAL, screens: SCREENS }
    }
}

impl fmt::Debug for Keymap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Keymap::default() { "Keymap" } else { "Keymap(own)" })
    }
}

impl Keymap {
    /// Every table, the one of every screen first.
    pub fn tables(self) -> impl Iterator<Item = Named> {
        std::iter::once((Table::Global, title(Table::Global), self.global)).chain(self.screens.iter().copied())
    }

    /// The rows of one table.
    pub fn rows(self, table: Table) -> &'static [Binding] {
        self.screens.iter().find(|(name, _, _)| *name == table).map_or(self.global, |(_, _, rows)| rows)
    }

    /// The rows of every screen that mean something else in no row of this table.
    pub fn global(self, table: Table) -> impl Iterator<Item = &'static Binding> {
        let own = self.rows(table);
        self.global.iter().filter(move |g| !own.iter().any(|o| g.keys.iter().any(|k| o.keys.contains(k))))
    }

    /// What a key means in one table.
    pub fn find(self, table: Table, key: Key) -> Option<Action> {
        self.rows(table).iter().find(|b| b.keys.contains(&key)).map(|b| b.action)
    }

    /// The key of an action that hints show in one table, in words.
    pub fn shown(self, table: Table, action: Action) -> String {
        self.rows(table).iter().find(|b| b.action == action).map_or_else(String::new, |b| shown(b.keys))
    }

    /// Hints for the last row: at most eight, as many as fit in `width` cells. `named` is the word of a row where it
    /// stands now; none for a row that means nothing there.
    pub fn footer(
        self,
        table: Table,
        named: impl Fn(&Binding) -> Option<&'static str>,
        words: &Words,
        width: usize,
        measure: impl Fn(&str) -> usize,
    ) -> String {
        let most = if width < 100 { 8 } else { usize::MAX };
        let own = self.rows(table).iter();
        let global = if table == Table::Global || table.is_strip() { &[] } else { self.global };
        let mut line = String::new();
        let hints = own.chain(global).filter(|b| b.hint).filter_map(|b| Some((b, named(b)?))).take(most);
        for (binding, word) in hints {
            let space = if line.is_empty() { " " } else { "  " };
            let next = format!("{space}{} {}", shown(binding.keys), words.get(word));
            if measure(&line) + measure(&next) > width {
                break;
            }
            line.push_str(&next);
        }
        line
    }

    /// Every key as a page in Markdown, in both languages: `docs/keys.md` for the built-in tables.
    pub fn page(self) -> String {
        let (ja, en) = (Words::new(Lang::Ja), Words::new(Lang::En));
        let mut out = String::from(
            "# Keys / \u{30AD}\u{30FC}\n\nGenerated by `bansou keys --md` from the tables that the screens obey. \
             Do not edit.\n",
        );
        for (_, title, rows) in self.tables() {
            out.push_str(&format!("\n## {} / {}\n\n", en.get(title), ja.get(title)));
            out.push_str("| key | meaning | \u{610F}\u{5473} | `keys.map` |\n|---|---|---|---|\n");
            for row in rows {
                let (keys, name) = (every(row).replace('|', "\\|"), own::name(title, row.word));
                out.push_str(&format!("| {keys} | {} | {} | {name} |\n", en.get(row.word), ja.get(row.word)));
            }
        }
        out
    }

    /// Every key with its action's name, table by table, for programs.
    pub fn listed(self, words: &Words) -> Vec<serde_json::Value> {
        let row = |title, row: &Binding| {
            let keys: Vec<String> = row.keys.iter().map(Key::to_string).collect();
            serde_json::json!({"action": own::name(title, row.word), "keys": keys, "meaning": words.get(row.word)})
        };
        self.tables().flat_map(|(_, title, rows)| rows.iter().map(move |r| row(title, r))).collect()
    }

    /// Every key as lines to read, in one language.
    pub fn lines(self, words: &Words) -> Vec<String> {
        let mut out = Vec::new();
        for (_, title, rows) in self.tables() {
            out.push(format!("{}  [{}]", words.get(title), own::scope(title)));
            out.extend(rows.iter().map(|row| format!("  {:<24}{}", every(row), words.get(row.word))));
        }
        out
    }
}

/// The catalogue key of a table's title.
pub fn title(table: Table) -> &'static str {
    SCREENS.iter().find(|(name, _, _)| *name == table).map_or("table.global", |(_, title, _)| title)
}

/// The first key of a binding; a pair of arrows when it moves both ways.
fn shown(keys: &[Key]) -> String {
    keys.first().map(Key::to_string).unwrap_or_default()
}

/// All keys of a binding, written one after the other.
pub fn every(binding: &Binding) -> String {
    let keys: Vec<String> = binding.keys.iter().map(Key::to_string).collect();
    keys.join(" / ")
}

const fn bind(keys: &'static [Key], action: Action, word: &'static str) -> Binding {
    Binding { keys, action, word, hint: false }
}

const fn hint(keys: &'static [Key], action: Action, word: &'static str) -> Binding {
    Binding { keys, action, word, hint: true }
}

const UP: Key = Key::plain(Code::Up);
const DOWN: Key = Key::plain(Code::Down);
const ENTER: Key = Key::plain(Code::Enter);
const ESC: Key = Key::plain(Code::Esc);
const CANCEL: Key = Key::ctrl('c');

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_one_table() {
        let global = (Table::Global, "", GLOBAL);
        for (name, _, rows) in std::iter::once(&global).chain(SCREENS) {
            let mut seen = BTreeSet::new();
            for key in rows.iter().flat_map(|b| b.keys) {
                assert!(seen.insert(*key), "{key} twice in {name:?}");
            }
        }
    }

    #[test]
    fn no_key_is_one_that_terminals_or_multiplexers_take() {
        // Who asks for the keys of Emacs has a terminal that sends them; every one has another way (decision 0026).
        let tables = SCREENS.iter().filter(|s| s.0 != Table::Emacs);
        for key in tables.flat_map(|s| s.2).chain(GLOBAL).flat_map(|b| b.keys) {
            assert!(!key.alt, "{key}: Alt types characters on macOS");
            if key.ctrl {
                let taken = ['a', 'b', 'j', 'm', 'i', 'h', ' ', '\\'];
                assert!(!matches!(key.code, Code::Char(c) if taken.contains(&c)), "{key} is taken");
                assert!(key.code != Code::Enter, "{key} needs the kitty protocol");
            }
        }
    }

    #[test]
    fn every_table_has_a_way_out_that_works_with_the_input_method_on() {
        // The keys of Emacs lie over another table, whose way out stays.
        for (name, _, rows) in SCREENS.iter().filter(|s| s.0 != Table::Emacs) {
            let out = rows.iter().any(|b| b.action == Action::Back && b.keys.iter().any(|k| k.works_in_text()));
            assert!(out, "{name:?}");
        }
    }
}
