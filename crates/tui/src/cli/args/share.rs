//! The second words for sharing an engagement with a trainee.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand, Debug)]
pub enum ShareVerb {
    /// The line with your public keys, to hand to the other; compare the fingerprint by voice
    Key,
    /// What was agreed about a trainee: TOML (`-`: standard input) with trainee, key, consent_by, consent_on,
    /// consent_taken_by, liability_on, sessions, roles, dates_by, handouts, parts, until; what is left out stays
    Agree { case: String, file: PathBuf },
    /// Who comes along, what was handed out, what came back
    Show { case: String },
    /// Write a copy of the chosen parts for the trainee: one age file
    Offer { case: String, file: PathBuf },
    /// Hand out no further copy
    Withdraw { case: String },
    /// Take a copy from a lead into this home, after a look at it
    Open {
        file: PathBuf,
        /// The lead's key line, to compare it with the file's
        #[arg(long, value_name = "LINE")]
        from: Option<String>,
        /// Take it in without asking; the fingerprint was compared
        #[arg(long)]
        yes: bool,
    },
    /// Write your drafts of a copy for the lead: one age file
    Return { case: String, file: PathBuf },
    /// Lay a return beside what stands here, and say which rows to take over
    Merge {
        file: PathBuf,
        /// Take theirs, by number in the list
        #[arg(long, value_name = "N", num_args = 1..)]
        take: Vec<usize>,
        /// Keep mine
        #[arg(long, value_name = "N", num_args = 1..)]
        mine: Vec<usize>,
        /// Keep both
        #[arg(long, value_name = "N", num_args = 1..)]
        both: Vec<usize>,
        /// Take every row that only the trainee changed
        #[arg(long)]
        all_new: bool,
    },
}
