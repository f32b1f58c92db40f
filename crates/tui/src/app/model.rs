//! Everything the screens know. Only `update` changes it.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::effect::Ticket;
use super::form::{Entry, Form, Purpose};
use super::keymap::Table;
use super::list::Cursor;
use super::look::Look;
use super::msg::Problem;
use super::overlay::Overlay;

/// The root of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub look: Look,
    pub screen: Screen,
    /// A form over the screen; its text is part of the model, so a redraw or a resize loses nothing.
    pub form: Option<Form>,
    pub overlay: Option<Overlay>,
    pub status: Status,
    /// Effects not answered yet, with the catalogue key of what is being waited for.
    pub pending: BTreeMap<Ticket, &'static str>,
    pub next_ticket: Ticket,
    pub burst: Burst,
    /// The clock of the title bar; it stands still while a field has the focus.
    pub clock: DateTime,
}

/// The screen under any form and overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nothing is open; the unlock form is shown.
    Locked,
    Clients {
        cursor: Cursor,
    },
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

/// Counts command keys that arrive faster than fingers: such a run is a paste into the wrong window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Burst {
    since: u64,
    keys: u32,
}

/// Milliseconds in which at most `BURST_KEYS` command keys are believed.
const BURST_WINDOW: u64 = 60;
const BURST_KEYS: u32 = 8;

impl Burst {
    /// Counts a key at `now` (milliseconds); true when it belongs to a burst.
    pub fn hit(&mut self, now: u64) -> bool {
        if now.saturating_sub(self.since) > BURST_WINDOW {
            *self = Burst { since: now, keys: 0 };
        }
        self.keys += 1;
        self.keys > BURST_KEYS
    }
}

/// What surrounds an update: the time and a clock that only goes forward.
#[derive(Clone, Copy, Debug)]
pub struct Ctx {
    pub now: DateTime,
    /// Milliseconds since any fixed moment.
    pub millis: u64,
}

impl Model {
    /// The locked program.
    pub fn new(look: Look, now: DateTime) -> Model {
        Model {
            look,
            screen: Screen::Locked,
            form: Some(unlock_form()),
            overlay: None,
            status: Status::default(),
            pending: BTreeMap::new(),
            next_ticket: 1,
            burst: Burst::default(),
            clock: now,
        }
    }

    /// The table that the next key is looked up in.
    pub fn table(&self) -> Table {
        match (&self.overlay, &self.form, &self.screen) {
            (Some(overlay), _, _) => overlay.table(),
            (None, Some(_), _) | (None, None, Screen::Locked) => Table::Form,
            (None, None, Screen::Clients { .. }) => Table::Clients,
        }
    }

    /// The table below any overlay: what help explains and the palette runs.
    pub fn table_below(&self) -> Table {
        match (&self.form, &self.screen) {
            (Some(_), _) | (None, Screen::Locked) => Table::Form,
            (None, Screen::Clients { .. }) => Table::Clients,
        }
    }

    /// True when typed letters belong to a text field.
    pub fn typing(&self) -> bool {
        match &self.overlay {
            Some(overlay) => overlay.takes_text(),
            None => self.form.is_some(),
        }
    }

    /// A new ticket, remembered as waiting for `what` (a catalogue key).
    pub fn wait(&mut self, what: &'static str) -> Ticket {
        let id = self.next_ticket;
        self.next_ticket += 1;
        self.pending.insert(id, what);
        id
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
