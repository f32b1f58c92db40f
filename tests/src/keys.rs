//! The keys that a test presses, as a terminal of the xterm family sends them.

pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const ESC: &str = "\x1b";
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const RIGHT: &str = "\x1b[C";
pub const F1: &str = "\x1bOP";
pub const F2: &str = "\x1bOQ";
pub const F3: &str = "\x1bOR";
pub const F5: &str = "\x1b[15~";
pub const F9: &str = "\x1b[20~";
pub const F10: &str = "\x1b[21~";
/// Ctrl+S.
pub const FINISH: &str = "\x13";
/// Ctrl+Q.
pub const QUIT: &str = "\x11";
/// Ctrl+N: the steps of the practice.
pub const STEPS: &str = "\x0e";
/// Ctrl+L.
pub const AGAIN: &str = "\x0c";
