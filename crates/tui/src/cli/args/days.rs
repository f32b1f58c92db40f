//! Arguments of the commands about the days ahead.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(ClapArgs, Debug)]
pub struct CalendarArgs {
    /// Write a calendar file (RFC 5545) instead; it must not exist yet
    #[arg(long, value_name = "FILE")]
    pub ics: Option<PathBuf>,
    /// Names of firms in the file instead of case numbers
    #[arg(long, requires = "ics")]
    pub names: bool,
}
