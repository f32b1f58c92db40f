//! The second words for notes and the hearing sheet.

use clap::{Args as ClapArgs, Subcommand};

#[derive(Subcommand, Debug)]
pub enum NoteVerb {
    /// Text is read from standard input, so that it never stands in a process list
    Add {
        case: String,
        /// The session that is on, if one is held or planned today and none is named
        #[arg(long)]
        session: Option<u8>,
        #[arg(long, default_value = "")]
        who: String,
        #[arg(long)]
        question: Option<u8>,
        /// Item of the hearing sheet that it answers, such as cloud.2
        #[arg(long)]
        hearing: Option<String>,
        /// It may stand in a report; otherwise it is confidential
        #[arg(long)]
        may_leave: bool,
    },
    /// The notes of a case, oldest first
    #[command(alias = "ls")]
    List {
        case: String,
        /// Only those that have found no place
        #[arg(long)]
        unsorted: bool,
    },
    /// Sort a note onto what it is about
    Sort {
        case: String,
        /// First digits of the note's id
        note: String,
        #[command(flatten)]
        onto: OntoArgs,
    },
    /// Say whether a note may stand in a report
    Mark {
        case: String,
        /// First digits of the note's id
        note: String,
        #[arg(long)]
        may_leave: bool,
    },
}

/// One place.
#[derive(ClapArgs, Debug)]
#[group(required = true, multiple = false)]
pub struct OntoArgs {
    /// Question of the diagnosis
    #[arg(long)]
    pub question: Option<u8>,
    /// Line of the plan, by its number in the list
    #[arg(long)]
    pub line: Option<usize>,
    /// Section of the regulations, such as 3.4
    #[arg(long)]
    pub section: Option<String>,
    /// Take it off everything
    #[arg(long)]
    pub nothing: bool,
}

#[derive(Subcommand, Debug)]
pub enum HearingVerb {
    /// The questions for this firm with the answers, as plain text to print
    Show {
        case: String,
        /// Without the answers, with room to write
        #[arg(long)]
        blank: bool,
    },
}
