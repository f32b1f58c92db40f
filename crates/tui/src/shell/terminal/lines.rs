//! The screens as lines on the real terminal: only ever added to, wrapped by our own rules.

use std::fs::File;
use std::io::{self, Write as _, stdout};
use std::os::fd::AsFd as _;

use crate::app::area::wrap;
use crate::app::model::Model;
use crate::app::spoken::{Speaker, Told};
use crate::app::width::Ambiguous;

/// Cells of a line where the terminal does not say how wide it is.
const WIDTH: u16 = 80;

/// What was told, and whether its last line goes on.
#[derive(Default)]
pub struct Lines {
    speaker: Speaker,
    open: bool,
}

impl Lines {
    /// Tells what is new.
    pub fn tell(&mut self, model: &Model) -> io::Result<()> {
        let mut out = String::new();
        match self.speaker.listen(model) {
            Told::Typed(text) => {
                out.push_str(&text);
                self.open |= !text.is_empty();
            }
            Told::Lines(lines) if lines.is_empty() => return Ok(()),
            Told::Lines(lines) => {
                if self.open {
                    out.push_str("\r\n");
                }
                let width = crossterm::terminal::size().map_or(WIDTH, |(width, _)| width.max(2));
                for line in &lines {
                    for (from, to) in wrap(line, usize::from(width) - 1, Ambiguous::Narrow) {
                        out.push_str(&line[from..to]);
                        out.push_str("\r\n");
                    }
                }
                self.open = false;
            }
        }
        past_the_buffer(out.as_bytes())
    }

    /// It is asked for again.
    pub fn again(&mut self) {
        self.speaker.again();
    }
}

/// Empties screen and scrollback, the one thing that is not added at the end: after a lock nothing of a client is left to
/// be read where the terminal obeys.
pub fn wipe() -> io::Result<()> {
    past_the_buffer(b"\x1b[2J\x1b[3J\x1b[H")
}

/// Writes past the buffer of the standard output, which is never given back and would keep what came last.
pub fn past_the_buffer(bytes: &[u8]) -> io::Result<()> {
    File::from(stdout().as_fd().try_clone_to_owned()?).write_all(bytes)
}
