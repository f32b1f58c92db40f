//! The expert's and the secretariat's program: a pure screen loop (`app`), a command line (`cli`) and the work (`shell`).

pub mod app;
pub mod cli;
pub mod shell;
pub mod words;
