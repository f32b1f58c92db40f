//! The terminal's clipboard (OSC 52 of xterm's control sequences): given a text, and emptied again.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::lines::past_the_buffer;

/// How long a text stays there.
const STAYS: Duration = Duration::from_secs(30);

/// What was given to the clipboard and not taken back. Emptied when it goes.
#[derive(Default)]
pub struct Clip {
    /// By the clock of the runtime.
    until: Option<Duration>,
}

impl Clip {
    /// Gives a text; the one before is gone with it.
    pub fn give(&mut self, text: &str, now: Duration) {
        put(text);
        self.until = Some(now + STAYS);
    }

    /// How long the text still stays.
    pub fn patience(&self, now: Duration) -> Option<Duration> {
        self.until.map(|until| until.saturating_sub(now))
    }

    /// Empties it when its time is over.
    pub fn look(&mut self, now: Duration) {
        if self.until.is_some_and(|until| until <= now) {
            self.empty();
        }
    }

    /// Empties it, if it was given something.
    pub fn empty(&mut self) {
        if self.until.take().is_some() {
            put("");
        }
    }
}

impl Drop for Clip {
    fn drop(&mut self) {
        self.empty();
    }
}

fn put(text: &str) {
    let inside = std::env::var_os("TMUX").is_some_and(|v| !v.is_empty());
    // A terminal that is gone has no clipboard either.
    let _ = past_the_buffer(sequence(text, inside).as_bytes());
}

/// tmux hands on what stands in its own wrapping, where that is allowed.
fn sequence(text: &str, inside_tmux: bool) -> String {
    let plain = format!("\u{1b}]52;c;{}\u{7}", STANDARD.encode(text));
    if inside_tmux { format!("\u{1b}Ptmux;\u{1b}{plain}\u{1b}\\") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_wrapped_for_the_terminal_and_for_tmux() {
        assert_eq!(sequence("計画", false), "\u{1b}]52;c;6KiI55S7\u{7}");
        assert_eq!(sequence("", false), "\u{1b}]52;c;\u{7}");
        assert_eq!(sequence("a", true), "\u{1b}Ptmux;\u{1b}\u{1b}]52;c;YQ==\u{7}\u{1b}\\");
    }

    #[test]
    fn nothing_is_taken_back_that_was_not_given() {
        let mut clip = Clip::default();
        clip.look(STAYS);
        assert!(clip.patience(STAYS).is_none() && clip.until.is_none());
    }
}
