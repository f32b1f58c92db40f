//! The second words of the command line, noun by noun.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::super::typed::{AsOf, Day};

#[derive(Subcommand, Debug)]
pub enum ProgrammeVerb {
    /// The programme years in this program
    List,
    /// One programme year: fees, days, forms and editions
    Show { id: String },
    /// Check a programme file
    Check { file: PathBuf },
}

#[derive(ClapArgs, Debug)]
pub struct DoctorArgs {
    /// Only what can be seen without the passphrase
    #[arg(long)]
    pub no_unlock: bool,
}

#[derive(ClapArgs, Debug)]
pub struct SearchArgs {
    /// Any part of a word, also as romaji; without it or with `-` read from standard input
    pub text: Option<String>,
}

#[derive(ClapArgs, Debug)]
pub struct ExportArgs {
    /// A new or empty folder
    pub dir: PathBuf,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Subcommand, Debug)]
pub enum EnrolVerb {
    /// Answer an invitation with a sealed request
    Request {
        #[arg(long)]
        invitation: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// Take in the secretariat's certificate
    Accept { pack: PathBuf },
    /// Compare the fingerprint of your key by voice
    Fingerprint,
}

#[derive(Subcommand, Debug)]
pub enum BackupVerb {
    /// Write a backup and read it back (default: a new file in `backups/` of the home)
    Create { file: Option<PathBuf> },
    /// Open a backup and check all of it; needs no home
    Verify { file: PathBuf },
    /// Make a new home (`--home`) from a backup
    Restore {
        file: PathBuf,
        /// When opened by the recovery code: read the new passphrase from this file (mode 0600)
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
}

#[derive(Subcommand, Debug)]
pub enum KeyVerb {
    /// The ways in: passphrase, recovery sheet, others
    List,
    /// Change the passphrase
    Passphrase {
        /// Read the new passphrase from this file (mode 0600)
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Type the recovery code once, to be sure of the sheet
    Drill {
        /// Read the code from this file (mode 0600)
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
    /// Make a new recovery sheet; the old one opens the home no more
    RenewRecovery,
    /// Add a way in for the holder of an age identity
    Add { name: String, recipient: String },
    /// Take a way in away
    Remove { name: String },
    /// Seal everything again under a fresh data key
    Reseal {
        /// Let go of texts of the history that are damaged, as the doctor found them
        #[arg(long)]
        without_damaged_history: bool,
    },
}

#[derive(Subcommand, Debug)]
pub enum ClientVerb {
    /// Register a firm from a TOML text (`-`: standard input), so that names never stand in a process list
    Add { file: PathBuf },
    /// The firms, without names unless --reveal
    List {
        /// The archived ones, when each may go and what stands in the way
        #[arg(long)]
        archived: bool,
    },
    /// One firm and where its sessions stand
    Show {
        client: String,
        /// As it was at the end of this session (1) or day (2026-10-08), wound back through the history; also by case number
        #[arg(long, value_name = "SESSION|DATE")]
        as_of: Option<AsOf>,
    },
    /// Take it off every list and make it read-only
    Archive { client: String },
    /// Bring an archived client back
    Unarchive { client: String },
    /// Nothing of it is erased until released; the reason is read from standard input
    Hold { client: String },
    /// End every hold on a client
    Release { client: String },
    /// Erase a client after its retention time; its claims stay without its name
    Erase {
        client: String,
        /// Only say what would go and what stands in the way
        #[arg(long, conflicts_with = "confirm")]
        dry_run: bool,
        /// The case number, or `erase` when no sessions were begun
        #[arg(long, value_name = "WORD", required_unless_present = "dry_run")]
        confirm: Option<String>,
    },
    /// What was erased, each signature verified
    Purges,
    /// Write the certificate of a purge for the firm
    Certificate { purge: String, file: PathBuf },
    /// Check a certificate of a purge; needs no home
    CheckCertificate { file: PathBuf },
    /// Record that the firm has declared SECURITY ACTION one star
    OneStar { client: String },
    /// Eligibility under the programme, with the clause that decides
    Eligibility { client: String },
    /// Begin the guided sessions
    Begin {
        client: String,
        #[arg(long)]
        case: String,
        #[arg(long)]
        matched: Day,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ModeArg {
    Visit,
    Online,
    Mixed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AssuranceArg {
    Paper,
    SignedPdf,
    Mail,
    OnTerminal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum TwoStarArg {
    NotStarted,
    Preparing,
    Applied,
    Declared,
}

#[derive(Subcommand, Debug)]
pub enum DiagnosisVerb {
    /// Answer one question: 4, 2, 0, -1 or na
    Answer {
        case: String,
        question: u8,
        #[arg(allow_hyphen_values = true)]
        answer: String,
    },
    /// The answers with score and coverage
    Show { case: String },
    /// JSON array of 25: 4, 2, 0, -1, or null for not applicable
    Import { case: String, file: PathBuf },
    /// Evidence for one answer, from standard input
    Evidence { case: String, question: u8 },
    /// Begin a further sheet
    Again { case: String },
}

#[derive(Subcommand, Debug)]
pub enum PolicyVerb {
    /// The policy as it stands, and what is missing
    Show { case: String },
    /// Value from standard input
    Set { case: String, field: String },
    /// The day on which the firm enacted the policy
    Enact { case: String, date: Day },
    /// Where it is published, from standard input
    Publish { case: String, date: Day },
}

#[derive(Subcommand, Debug)]
pub enum RegulationsVerb {
    /// The sections with their states and findings
    Show { case: String },
    /// The state of a section
    Set { case: String, section: String, status: SectionArg },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SectionArg {
    Ready,
    Partial,
    Missing,
    OutOfScope,
}

#[derive(Subcommand, Debug)]
pub enum PlanVerb {
    /// The lines in their order, with scores
    List { case: String },
    /// Add the best candidates of the diagnosis
    Generate {
        case: String,
        #[arg(long, default_value_t = 8)]
        count: u8,
    },
    /// Three digits: urgency, importance, difficulty
    Score { case: String, line: usize, score: String },
    /// Another place in the order, with the reason on standard input; without a place, back to where its score puts it
    Move { case: String, line: usize, to: Option<usize> },
    /// One field of a line from standard input: issue, action, owner, support, cost, done_when, start, due
    Set { case: String, line: usize, field: String },
    /// A line of its own from a TOML text (`-`: standard input): theme, action, issue, urgency, importance, difficulty
    Add { case: String, file: PathBuf },
    /// Role that does it, from standard input
    Owner { case: String, line: usize },
    /// What the plan lacks before it is agreed
    Check { case: String },
    /// The day on which the owner agreed the plan
    Agree { case: String, date: Day },
}

#[derive(Subcommand, Debug)]
pub enum DeliverableVerb {
    /// The documents of a case: made, in work, missing
    List { case: String },
    /// Make the PDF of a document
    Make {
        case: String,
        document: String,
        #[arg(long)]
        session: Option<u8>,
    },
    /// Write a made document to a file
    Save {
        case: String,
        document: String,
        file: PathBuf,
        #[arg(long)]
        session: Option<u8>,
    },
}

#[derive(Subcommand, Debug)]
pub enum ReportVerb {
    /// What will leave, and what is missing
    Check { case: String, session: u8 },
    /// Make the forms and seal the report into the outbox
    Seal { case: String, session: u8 },
}

#[derive(Subcommand, Debug)]
pub enum FinalVerb {
    /// The final report with what is not filled in
    Show { case: String },
    /// Value from standard input
    Set { case: String, item: String },
}

#[derive(Subcommand, Debug)]
pub enum ClaimVerb {
    /// What can be claimed, and what stands in the way
    Open,
    /// Draft a claim for everything that can be claimed, or for one case
    Draft {
        #[arg(long)]
        case: Option<String>,
        #[arg(long)]
        on: Option<Day>,
    },
    /// The claims with their states
    List,
    /// Throw a draft away
    Drop { number: u32 },
    /// Make the form and seal the claim into the outbox
    Seal { number: u32 },
}

#[derive(Subcommand, Debug)]
pub enum OutboxVerb {
    /// What waits and what was sent
    List,
    /// Send what waits to the server
    Send,
    /// Write sealed bundles to a folder for an online machine
    Export { dir: PathBuf },
    /// Take receipts and answers back from the folder
    ImportReceipts { dir: PathBuf },
    /// After a restore with neither server nor folder: go on from this number
    Resume {
        /// Above every number that may have been used
        #[arg(long, value_name = "N")]
        next: u64,
        /// Recorded with the time
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(ClapArgs, Debug)]
pub struct RelayArgs {
    pub dir: PathBuf,
    #[arg(long)]
    pub server: String,
}
