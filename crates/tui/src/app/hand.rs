//! What the hands on the keyboard are doing, whatever screen is shown.

use bansou_core::record::v1::{Draft, DraftPlace, Drafts, Id, TutorialProgress};
use bansou_core::search::Index;

use super::draft::Name;
use super::effect::Ticket;
use super::keymap::Action;
use super::model::Screen;
use super::search::Search;

/// What is known of the hands; forgotten at the lock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    pub burst: Burst,
    /// What was copied or cut; it never leaves the program.
    pub clip: String,
    /// The file or folder that something is being written to.
    pub file: String,
    /// What was looked for last in a text.
    pub wanted: String,
    /// Who said the last line that was taken down.
    pub speaker: String,
    /// Lines of the plan that were scored one after the other.
    pub scored: Vec<Id>,
    /// Screens that were left, with their cursors and filters, each once.
    pub screens: Vec<Screen>,
    /// The action that was asked for last.
    pub pressed: Option<Action>,
    /// The open form, when what is typed into it is kept, and where it was opened.
    pub open: Option<Name>,
    pub place: Option<DraftPlace>,
    /// Forms that were left, or that are on their way to the store.
    pub left: Vec<Left>,
    /// When (milliseconds) the drafts have to be kept.
    pub due: Option<u64>,
    /// The drafts as the store has them; none when that is not known.
    pub kept: Option<Drafts>,
    /// Every text of the books, folded when it is first searched; follows them from then on.
    pub index: Option<Index>,
    /// The last search, to come back to.
    pub search: Option<Box<Search>>,
    pub jump: Option<Box<Jump>>,
    /// What was chosen in the palette, newest first.
    pub recent: Vec<Action>,
    /// How far the steps of a practice home are done; none where they are not followed.
    pub tutorial: Option<TutorialProgress>,
}

/// A form with what was typed into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    pub draft: Draft,
    /// The effect that saves it; none when it waits for its form to open again.
    pub sent: Option<Ticket>,
}

/// A jump from the search.
#[derive(Clone, Debug, PartialEq)]
pub struct Jump {
    /// The screen the search was opened on.
    pub from: Screen,
    /// Where the hit led.
    pub to: Screen,
}

/// How many choices of the palette are remembered.
const RECENT: usize = 8;

impl Hand {
    /// Remembers a choice of the palette.
    pub fn chose(&mut self, action: Action) {
        self.recent.retain(|a| *a != action);
        self.recent.insert(0, action);
        self.recent.truncate(RECENT);
    }
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
