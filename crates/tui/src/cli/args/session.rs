//! The words after `session`.

use std::path::PathBuf;

use super::super::typed::{Day, Hour};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{AssuranceArg, ModeArg, TwoStarArg};

#[derive(Subcommand, Debug)]
pub enum SessionVerb {
    /// The sessions of a case with their dates and states
    List { case: String },
    /// Set or move the date of a session
    Plan {
        case: String,
        session: u8,
        date: Day,
        #[arg(long)]
        start: Option<Hour>,
        #[arg(long, default_value = "visit")]
        mode: ModeArg,
        #[arg(long)]
        because: Option<String>,
    },
    /// Tick a checklist item, or skip it with a reason
    Check {
        case: String,
        session: u8,
        item: String,
        /// Skip it; the reason is read from standard input
        #[arg(long)]
        skip: bool,
        /// Make it open again
        #[arg(long)]
        open: bool,
    },
    /// The checklist with its state
    Checklist { case: String, session: u8 },
    /// Start the clock of the session, or let it go on
    Start { case: String, session: u8 },
    /// A break: the clock stands still until `start`
    Pause { case: String, session: u8 },
    /// End the clock of the session
    Stop { case: String, session: u8 },
    /// Add an item of your own to the checklist; its text is read from standard input
    AddItem {
        case: String,
        session: u8,
        #[arg(long, default_value = "day")]
        part: PartArg,
        /// Expected minutes
        #[arg(long, default_value_t = 0)]
        minutes: u16,
    },
    /// Take an item of your own back
    RemoveItem { case: String, session: u8, item: String },
    /// Put the session on the day of the one before it; the reason is read from standard input
    Combine { case: String, session: u8 },
    /// The request to prepare, as text for a mail
    Prep {
        case: String,
        session: u8,
        /// Write it as a PDF to this new file instead
        #[arg(long, value_name = "FILE")]
        pdf: Option<PathBuf>,
    },
    /// Record that the session was held
    Done {
        case: String,
        session: u8,
        /// Without day and times those of the clock are taken
        date: Option<Day>,
        start: Option<Hour>,
        end: Option<Hour>,
        #[arg(long, default_value = "visit")]
        mode: ModeArg,
        #[arg(long, default_value_t = 1)]
        attendees: u8,
        #[arg(long)]
        management: bool,
        #[arg(long, default_value = "")]
        place: String,
        /// It shares its day with the session before; the reason is read from standard input
        #[arg(long)]
        combined: bool,
    },
    /// The firm's confirmation (form 5); the signer's name is read from standard input
    Confirm {
        case: String,
        session: u8,
        date: Day,
        #[arg(long, default_value = "")]
        title: String,
        #[arg(long, default_value = "paper")]
        assurance: AssuranceArg,
    },
    /// Words of the report: TOML with content, focus, message (`-`: standard input)
    Report { case: String, session: u8, file: PathBuf },
    /// End before the last session; the reason is read from standard input
    End {
        case: String,
        #[arg(long)]
        shortened: bool,
    },
    /// What the owner expects, from standard input
    Expect { case: String },
    /// State of SECURITY ACTION two stars
    TwoStar { case: String, state: TwoStarArg },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PartArg {
    Prep,
    Firm,
    Day,
    After,
}

#[derive(ClapArgs, Debug)]
pub struct GuidanceArgs {
    /// Any part of a word, also as romaji; without it the titles of all
    pub text: Option<String>,
    /// Programme year (default: the newest)
    #[arg(long)]
    pub programme: Option<String>,
}
