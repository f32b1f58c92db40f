//! Everything the screens know. Only `update` changes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bansou_core::books::Books;
use bansou_core::doctor::Report;
use bansou_core::programme::Pack;
use bansou_core::record::v1::{Change, Engagement, Id, JournalEntry};
use jiff::civil::DateTime;

use super::area::Area;
use super::effect::Ticket;
use super::form::{Entry, Form, Purpose};
use super::hand::Hand;
use super::keymap::Table;
use super::list::Cursor;
use super::look::Look;
use super::msg::Problem;
use super::notes_view::NotesView;
use super::office::{Office, Room};
use super::overlay::Overlay;
use super::screens::forms::{owner, prefectures};
use super::then::Bygone;
use crate::words::Lang;

/// The root of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub look: Look,
    pub screen: Screen,
    /// A form over the screen; its text is part of the model, so a redraw or a resize loses nothing.
    pub form: Option<Form>,
    pub overlay: Option<Overlay>,
    pub status: Status,
    /// Effects not answered yet.
    pub pending: BTreeMap<Ticket, Pending>,
    pub next_ticket: Ticket,
    pub hand: Hand,
    /// The clock of the title bar; it stands still while a field has the focus.
    pub clock: DateTime,
    pub books: Books,
    pub packs: Arc<Vec<Pack>>,
    /// Committed changes with their place in the journal, newest last: what undo takes back.
    pub history: Vec<(u64, JournalEntry)>,
}

/// An effect that was not answered yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Catalogue key of what is being waited for.
    pub what: &'static str,
    /// The change being saved, taken back when saving fails.
    pub entry: Option<Box<JournalEntry>>,
}

/// The tabs of an engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    Overview,
    Sessions,
    Notes,
    Diagnosis,
    Policy,
    Regulations,
    Plan,
    Deliverables,
    Report,
    Final,
    Evidence,
}

/// The tabs with their digit and the catalogue key of their name, in the order they are shown.
pub const TABS: [(Tab, char, &str); 11] = [
    (Tab::Overview, '1', "tab.overview"),
    (Tab::Sessions, '2', "tab.sessions"),
    (Tab::Notes, '3', "tab.notes"),
    (Tab::Diagnosis, '4', "tab.diagnosis"),
    (Tab::Policy, '6', "tab.policy"),
    (Tab::Regulations, '7', "tab.regulations"),
    (Tab::Plan, '8', "tab.plan"),
    (Tab::Deliverables, '9', "tab.deliverables"),
    (Tab::Report, '0', "tab.report"),
    (Tab::Final, 'f', "tab.final"),
    (Tab::Evidence, 'e', "tab.evidence"),
];

/// An engagement being worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub engagement: Id,
    pub tab: Tab,
    /// The session of the checklist, from 1.
    pub session: u8,
    pub cursors: BTreeMap<Tab, Cursor>,
    pub notes: NotesView,
    /// Digits of a score being typed.
    pub score: Option<String>,
    /// It is shown as it was, not as it is.
    pub then: Option<Bygone>,
}

impl Work {
    /// An engagement on its overview.
    pub fn overview(engagement: &Engagement) -> Work {
        let session = engagement.next_session().unwrap_or(engagement.last_session());
        Work {
            engagement: engagement.id,
            tab: Tab::Overview,
            session,
            cursors: BTreeMap::new(),
            notes: NotesView::default(),
            score: None,
            then: None,
        }
    }

    /// The cursor of the tab on the screen.
    pub fn cursor(&self) -> Cursor {
        self.cursors.get(&self.tab).copied().unwrap_or_default()
    }
}

/// How the list of clients is arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By reading instead of by the next date.
    pub by_name: bool,
    /// With those for whom nothing is left to do.
    pub finished: bool,
}

/// The screen under any form and overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nothing is open; the unlock form is shown. Ids and row numbers of where it was, for after the unlocking.
    Locked {
        back: Option<Box<Screen>>,
    },
    Clients {
        cursor: Cursor,
        filter: String,
        /// The archived clients are shown instead.
        archived: bool,
        order: Order,
    },
    /// Everything that is to do, with the days ahead or the spans of the engagements.
    Today {
        cursor: Cursor,
        spans: bool,
    },
    /// What was changed, newest first, over the screen it was opened from.
    History {
        cursor: Cursor,
        /// Only what was deleted lately.
        deleted: bool,
        from: Box<Screen>,
    },
    Work(Work),
    Outbox {
        cursor: Cursor,
    },
    /// The secretariat's rooms.
    Office(Office),
    Claims {
        cursor: Cursor,
    },
    /// A return laid beside what stands here, over the engagement it belongs to.
    Merge {
        returned: Id,
        cursor: Cursor,
        from: Box<Screen>,
    },
    /// What is wrong with machine and store; no report while it is being examined.
    Doctor {
        cursor: Cursor,
        report: Option<Report>,
    },
}

impl Screen {
    /// The cursor of the screen's list; the rooms of the secretariat move their own.
    pub fn cursor(&self) -> Option<Cursor> {
        match self {
            Screen::Work(work) if work.tab == Tab::Notes && work.notes.sheet => Some(work.notes.at),
            Screen::Work(work) => Some(work.cursor()),
            Screen::Clients { cursor, .. }
            | Screen::Today { cursor, .. }
            | Screen::History { cursor, .. }
            | Screen::Outbox { cursor }
            | Screen::Claims { cursor }
            | Screen::Doctor { cursor, .. }
            | Screen::Merge { cursor, .. } => Some(*cursor),
            Screen::Locked { .. } | Screen::Office(_) => None,
        }
    }

    /// The same cursor, to be moved.
    pub fn cursor_mut(&mut self) -> Option<&mut Cursor> {
        match self {
            Screen::Work(work) => Some(match work.tab {
                Tab::Notes if work.notes.sheet => &mut work.notes.at,
                tab => work.cursors.entry(tab).or_default(),
            }),
            Screen::Clients { cursor, .. }
            | Screen::Today { cursor, .. }
            | Screen::History { cursor, .. }
            | Screen::Outbox { cursor }
            | Screen::Claims { cursor }
            | Screen::Doctor { cursor, .. }
            | Screen::Merge { cursor, .. } => Some(cursor),
            Screen::Locked { .. } | Screen::Office(_) => None,
        }
    }

    /// Where to come back to after a lock: no text of any firm, only ids and row numbers.
    pub fn place(self) -> Option<Box<Screen>> {
        match self {
            Screen::Locked { back } => back,
            Screen::Clients { cursor, archived, order, .. } => {
                Some(Screen::Clients { cursor, filter: String::new(), archived, order }.into())
            }
            Screen::Doctor { .. } => None,
            Screen::History { from, .. } | Screen::Merge { from, .. } => from.place(),
            Screen::Work(work) => {
                Some(Screen::Work(Work { score: None, then: None, notes: work.notes.place(), ..work }).into())
            }
            Screen::Office(office) => {
                Some(Screen::Office(Office { filter: String::new(), request: None, ..office }).into())
            }
            screen @ (Screen::Outbox { .. } | Screen::Claims { .. } | Screen::Today { .. }) => Some(screen.into()),
        }
    }
}

/// What just happened, for the last row but one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    pub notice: Option<String>,
    /// When the store last confirmed a save.
    pub saved: Option<DateTime>,
    /// True once the notice about the input method has been given.
    pub folded: bool,
}

/// What surrounds an update: the time and a clock that only goes forward.
#[derive(Clone, Copy, Debug)]
pub struct Ctx {
    pub now: DateTime,
    /// Milliseconds since any fixed moment.
    pub millis: u64,
    /// Fresh random bytes for the ids of one command.
    pub seed: [u8; 16],
}

impl Model {
    /// The locked program.
    pub fn new(look: Look, now: DateTime, packs: Arc<Vec<Pack>>) -> Model {
        Model {
            look,
            screen: Screen::Locked { back: None },
            form: Some(if look.first { owner::first(look, prefectures(&packs, look.lang)) } else { unlock_form() }),
            overlay: None,
            status: Status::default(),
            pending: BTreeMap::new(),
            next_ticket: 1,
            hand: Hand::default(),
            clock: now,
            books: Books::default(),
            packs,
            history: Vec::new(),
        }
    }

    /// The table that the next key is looked up in.
    pub fn table(&self) -> Table {
        match &self.overlay {
            Some(Overlay::Choices(_)) => self.go_to(),
            Some(overlay) => overlay.table(),
            None => self.table_below(),
        }
    }

    /// The table below any overlay: what help explains and the palette runs.
    pub fn table_below(&self) -> Table {
        match &self.form {
            Some(form) if form.slim() => Table::Memo,
            Some(form) if form.area().is_some_and(Area::normal) => Table::Vim,
            Some(_) => Table::Form,
            None => self.screen_table(),
        }
    }

    /// The table of the screen, below any form.
    pub fn screen_table(&self) -> Table {
        match &self.screen {
            Screen::Locked { .. } => Table::Form,
            Screen::Clients { .. } => Table::Clients,
            Screen::Today { .. } => Table::Today,
            Screen::History { .. } => Table::History,
            Screen::Outbox { .. } => Table::Outbox,
            Screen::Office(office) => match office.room {
                Room::Board => Table::Board,
                Room::Inbox if office.open.is_some() => Table::Delivery,
                Room::Inbox => Table::Inbox,
                Room::Payments => Table::Payments,
                Room::Figures => Table::Figures,
                Room::Experts => Table::Experts,
            },
            Screen::Claims { .. } => Table::Claims,
            Screen::Doctor { .. } => Table::Doctor,
            Screen::Merge { .. } => Table::Merge,
            Screen::Work(work) => match work.tab {
                Tab::Overview => Table::Overview,
                Tab::Sessions => Table::Sessions,
                Tab::Notes if work.notes.sheet => Table::Hearing,
                Tab::Notes => Table::Notes,
                Tab::Diagnosis => Table::Diagnosis,
                Tab::Policy => Table::Policy,
                Tab::Final => Table::Final,
                Tab::Evidence => Table::Evidence,
                Tab::Regulations => Table::Regulations,
                Tab::Plan => Table::Plan,
                Tab::Deliverables => Table::Deliverables,
                Tab::Report => Table::Report,
            },
        }
    }

    /// The choices after `g` in this home.
    pub fn go_to(&self) -> Table {
        if self.secretariat() { Table::OfficeGoTo } else { Table::GoTo }
    }

    /// True in a secretariat's home: the expert's screens are not for it.
    pub fn secretariat(&self) -> bool {
        self.books.profile.as_ref().is_some_and(|p| p.secretariat)
    }

    /// True while nothing is open.
    pub fn locked(&self) -> bool {
        matches!(self.screen, Screen::Locked { .. })
    }

    /// True when typed letters belong to a text field.
    pub fn typing(&self) -> bool {
        match &self.overlay {
            Some(overlay) => overlay.takes_text(),
            None => self.form.is_some(),
        }
    }

    /// Follows changes that the store has or will have, and so does what was folded of them.
    pub fn follow(&mut self, changes: &[Change]) {
        self.books.follow(changes);
        if let Some(index) = &mut self.hand.index {
            index.follow(changes, &self.books, &self.packs);
        }
        super::search::refresh(self);
    }

    /// A new ticket, remembered as waiting for `what` (a catalogue key).
    pub fn wait(&mut self, what: &'static str) -> Ticket {
        let id = self.next_ticket;
        self.next_ticket += 1;
        self.pending.insert(id, Pending { what, entry: None });
        id
    }

    /// True while an effect of this kind (a catalogue key) is not answered.
    pub fn waits_for(&self, what: &str) -> bool {
        self.pending.values().any(|p| p.what == what)
    }

    /// The number of the newest change that the store holds.
    pub fn seq(&self) -> u64 {
        self.history.last().map_or(0, |(seq, _)| *seq)
    }

    /// The programme pack of an engagement.
    pub fn pack(&self, engagement: &Engagement) -> Option<&Pack> {
        bansou_core::command::pack(&self.packs, &engagement.programme).ok()
    }

    /// The language of the screens.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// Shows a sentence in the status row.
    pub fn say(&mut self, key: &str) {
        self.status.notice = Some(self.look.words().get(key).to_owned());
    }

    /// Shows a problem over everything.
    pub fn fail(&mut self, problem: Problem) {
        self.overlay = Some(Overlay::Problem(Box::new(problem)));
    }
}

/// The form shown while locked.
pub fn unlock_form() -> Form {
    Form::new(Purpose::Unlock, "unlock.title", vec![Entry::secret("unlock.passphrase")])
}
