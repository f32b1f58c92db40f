//! What a text field may hold: not empty where it matters, not endless, no control characters.

use crate::refusal::Refusal;

/// Longest single-line text in characters.
pub const LINE: usize = 200;
/// Longest free text in characters.
pub const PROSE: usize = 20_000;

/// Refuses an empty or endless text.
pub(crate) fn required(field: &'static str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty { field });
    }
    optional(field, text, max)
}

/// Refuses an endless text, and characters that steer a terminal or turn its direction round.
pub(crate) fn optional(field: &'static str, text: &str, max: usize) -> Result<(), Refusal> {
    let lines = max > LINE;
    if text.chars().any(|c| steers(c) && !(lines && matches!(c, '\n' | '\t'))) {
        return Err(Refusal::ControlCharacter { field });
    }
    if text.chars().count() > max {
        return Err(Refusal::TooLong { field, max });
    }
    Ok(())
}

/// C0 and C1 controls, and the bidirectional marks, embeddings and isolates.
pub(crate) fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Refuses a number outside its range.
pub(crate) fn within(field: &'static str, value: u64, min: u64, max: u64) -> Result<(), Refusal> {
    if value < min || value > max {
        return Err(Refusal::OutOfRange { field, min, max });
    }
    Ok(())
}
