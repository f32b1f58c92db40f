//! The second words for attachments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::super::typed::Day;

#[derive(Subcommand, Debug)]
pub enum AttachmentVerb {
    /// Take a file in, or with --text a text from standard input
    Add {
        case: String,
        #[arg(required_unless_present = "text", conflicts_with = "text")]
        file: Option<PathBuf>,
        /// Read a text from standard input instead of a file
        #[arg(long)]
        text: bool,
        /// Name of the text
        #[arg(long, default_value = "text.txt", requires = "text")]
        name: String,
        #[command(flatten)]
        links: LinkArgs,
        /// The day the evidence bears
        #[arg(long, value_name = "DATE")]
        dated: Option<Day>,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// The evidence of a case with its numbers
    #[command(alias = "ls")]
    List { case: String },
    /// One piece of evidence: kind, size, date, what it belongs to
    Show {
        case: String,
        /// Number in the list
        number: usize,
    },
    /// Tie an attachment to what it proves something about
    Link {
        case: String,
        /// Number in the list
        number: usize,
        #[command(flatten)]
        links: LinkArgs,
    },
    /// Take such ties away
    Unlink {
        case: String,
        /// Number in the list
        number: usize,
        #[command(flatten)]
        links: LinkArgs,
    },
    /// Write a copy to a new file. Nothing protects the copy
    Export {
        case: String,
        /// Number in the list
        number: usize,
        file: PathBuf,
    },
    /// Show a text here, or anything else in the viewer, without writing a file
    Open {
        case: String,
        /// Number in the list
        number: usize,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Delete an attachment; for 30 days it can be put back
    #[command(alias = "rm")]
    Remove {
        case: String,
        /// Number in the list
        number: usize,
    },
}

/// What an attachment is about.
#[derive(ClapArgs, Debug)]
pub struct LinkArgs {
    /// Question of the diagnosis
    #[arg(long, value_name = "N")]
    pub question: Vec<u8>,
    /// Line of the plan, by its number in the list
    #[arg(long, value_name = "N")]
    pub line: Vec<usize>,
    /// Session, 1 to 4
    #[arg(long, value_name = "N")]
    pub session: Vec<u8>,
}
