//! One line per event on stderr: times, key ids and sizes, never a name, an address or content.

use std::io::Write as _;

/// Writes one line with the whole minute of `now` (Unix seconds).
pub fn line(now: i64, text: &str) {
    let minute = bansou_core::wire::v1::receipt::minute(now);
    // A full or closed stderr must not stop the service.
    let _ = writeln!(std::io::stderr(), "{minute} {text}");
}
