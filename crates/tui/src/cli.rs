//! The command line: arguments become the same commands the screens use.

pub mod calc;
