//! What the hands on the keyboard are doing, whatever screen is shown.

use super::model::Screen;

/// What is known of the hands; forgotten at the lock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    pub burst: Burst,
    /// Screens that were left, with their cursors and filters, each once.
    pub left: Vec<Screen>,
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
