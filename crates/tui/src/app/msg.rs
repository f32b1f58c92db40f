//! What can happen to the screens: keys, pasted text, time, and answers to effects.

use super::effect::Ticket;
use super::key::Key;

/// One event. All come through one queue, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    Key(Key),
    /// Text pasted by the terminal (bracketed paste).
    Paste(String),
    /// The terminal has a new size; the next frame reads it.
    Resized,
    /// Time has passed.
    Tick,
    /// The store is open.
    Unlocked {
        id: Ticket,
    },
    /// The effect is committed.
    Saved {
        id: Ticket,
    },
    /// The effect failed.
    Failed {
        id: Ticket,
        problem: Box<Problem>,
    },
}

/// A failure in words: what happened, what to do now, and its code (`E-312`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub happened: String,
    pub todo: String,
    pub code: u16,
}
