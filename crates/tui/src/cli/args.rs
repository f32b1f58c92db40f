//! The whole command line as one definition: parser, help and names.

use std::path::PathBuf;

use bansou_core::text::Lang;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::{Date, Time};

use super::calc::Calc;

/// 伴走: guided security sessions for small firms, from the first visit to the paid claim.
#[derive(Parser, Debug)]
#[command(name = "bansou", version, disable_version_flag = true)]
pub struct Args {
    /// Home folder (default: the XDG data folder)
    #[arg(long, global = true, env = "BANSOU_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Language of screens and answers
    #[arg(long, global = true)]
    pub lang: Option<LangArg>,
    /// Answer with one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// Show confidential fields in JSON
    #[arg(long, global = true)]
    pub reveal: bool,
    /// Answer only with the exit code
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Never ask anything
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Read the passphrase from this file descriptor
    #[arg(long, global = true, value_name = "N")]
    pub passphrase_fd: Option<i32>,
    /// Read the passphrase from this file (mode 0600)
    #[arg(long, global = true, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    Ja,
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Ja => Self::Ja,
            LangArg::En => Self::En,
        }
    }
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Open the screens (also without a command)
    Tui,
    /// Try everything on invented firms: real keys, real server, real documents
    Demo(DemoArgs),
    /// Make a new home
    Init(InitArgs),
    /// Open the home and say whether it is whole
    UnlockCheck,
    /// Rules without data
    Calc {
        #[command(subcommand)]
        calc: Calc,
    },
    /// Programme years in this program
    #[command(subcommand)]
    Programme(ProgrammeVerb),
    /// Enrol with a secretariat
    #[command(subcommand)]
    Enrol(EnrolVerb),
    /// Client firms
    #[command(subcommand)]
    Client(ClientVerb),
    /// The guided sessions of a firm
    #[command(subcommand)]
    Session(SessionVerb),
    /// Notes taken while talking
    #[command(subcommand)]
    Note(NoteVerb),
    /// The 25 questions
    #[command(subcommand)]
    Diagnosis(DiagnosisVerb),
    /// The information security policy
    #[command(subcommand)]
    Policy(PolicyVerb),
    /// The review of regulations
    #[command(subcommand)]
    Regulations(RegulationsVerb),
    /// The action plan
    #[command(subcommand)]
    Plan(PlanVerb),
    /// Documents of an engagement
    #[command(subcommand)]
    Deliverable(DeliverableVerb),
    /// The report of a session (forms 5, 6, 7)
    #[command(subcommand)]
    Report(ReportVerb),
    /// The final report
    #[command(subcommand)]
    Final(FinalVerb),
    /// Fee claims (forms 4a, 4b)
    #[command(subcommand)]
    Claim(ClaimVerb),
    /// Sealed bundles that wait or have gone
    #[command(subcommand)]
    Outbox(OutboxVerb),
    /// Send what waits and fetch answers
    Sync,
    /// What is to be done today
    Today,
    /// Take the last change back
    Undo,
    /// Every change so far
    History,
    /// Carry a folder of sealed bundles to the server; needs no home and no key
    Relay(RelayArgs),
    /// The secretariat's commands
    Secretariat {
        #[command(subcommand)]
        verb: super::secretariat::SecretariatVerb,
    },
    /// Every key of every screen
    Keys,
    /// Tell more about an error code
    Explain { code: String },
    /// Version of program, formats and editions
    Version,
    /// The real server, run by `demo` in a process of its own
    #[command(hide = true)]
    PracticeServer(bansou_server::args::ServeArgs),
}

#[derive(ClapArgs, Debug)]
pub struct DemoArgs {
    /// Do every step without hands and exit
    #[arg(long)]
    pub walk: bool,
    /// Folder for everything the practice makes (default: a new one beside the default home)
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub struct InitArgs {
    #[arg(long)]
    pub name: String,
    #[arg(long, default_value = "")]
    pub kana: String,
    /// Registration number
    #[arg(long, default_value = "")]
    pub registration: String,
    /// Commission pattern
    #[arg(long, default_value = "A")]
    pub pattern: PatternArg,
    /// Prefecture code 1–47
    #[arg(long, default_value_t = 13)]
    pub prefecture: u8,
    #[arg(long, default_value = "")]
    pub address: String,
    /// T and 13 digits
    #[arg(long, default_value = "")]
    pub invoice_number: String,
    #[arg(long, default_value = "")]
    pub company: String,
    /// Programme year
    #[arg(long, default_value = "current-2026")]
    pub programme: String,
    /// A practice home: marked on every screen and page, with a light key derivation
    #[arg(long)]
    pub practice: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum PatternArg {
    A,
    B,
    C,
}

#[derive(Subcommand, Debug)]
pub enum ProgrammeVerb {
    List,
    Show {
        id: String,
    },
    /// Check a programme file
    Check {
        file: PathBuf,
    },
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
pub enum ClientVerb {
    /// Register a firm from a TOML text (`-`: standard input), so that names never stand in a process list
    Add {
        file: PathBuf,
    },
    List,
    Show {
        client: String,
    },
    Archive {
        client: String,
    },
    /// Record that the firm has declared SECURITY ACTION one star
    OneStar {
        client: String,
    },
    /// Eligibility under the programme, with the clause that decides
    Eligibility {
        client: String,
    },
    /// Begin the guided sessions
    Begin {
        client: String,
        #[arg(long)]
        case: String,
        #[arg(long)]
        matched: Date,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ModeArg {
    Visit,
    Online,
    Mixed,
}

#[derive(Subcommand, Debug)]
pub enum SessionVerb {
    List {
        case: String,
    },
    Plan {
        case: String,
        session: u8,
        date: Date,
        #[arg(long)]
        start: Option<Time>,
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
    Checklist {
        case: String,
        session: u8,
    },
    /// Record that the session was held
    Done {
        case: String,
        session: u8,
        date: Date,
        start: Time,
        end: Time,
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
        date: Date,
        #[arg(long, default_value = "")]
        title: String,
        #[arg(long, default_value = "paper")]
        assurance: AssuranceArg,
    },
    /// Words of the report: TOML with content, focus, message (`-`: standard input)
    Report {
        case: String,
        session: u8,
        file: PathBuf,
    },
    /// End before the last session; the reason is read from standard input
    End {
        case: String,
        #[arg(long)]
        shortened: bool,
    },
    /// State of SECURITY ACTION two stars
    TwoStar {
        case: String,
        state: TwoStarArg,
    },
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
pub enum NoteVerb {
    /// Text is read from standard input, so that it never stands in a process list
    Add {
        case: String,
        #[arg(long)]
        session: Option<u8>,
        #[arg(long, default_value = "")]
        who: String,
        #[arg(long)]
        question: Option<u8>,
    },
    List {
        case: String,
    },
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
    Show {
        case: String,
    },
    /// JSON array of 25: 4, 2, 0, -1, or null for not applicable
    Import {
        case: String,
        file: PathBuf,
    },
    /// Begin a further sheet
    Again {
        case: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum PolicyVerb {
    Show {
        case: String,
    },
    /// Value from standard input
    Set {
        case: String,
        field: String,
    },
    Enact {
        case: String,
        date: Date,
    },
    /// Where it is published, from standard input
    Publish {
        case: String,
        date: Date,
    },
}

#[derive(Subcommand, Debug)]
pub enum RegulationsVerb {
    Show { case: String },
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
    List {
        case: String,
    },
    /// Add the best candidates of the diagnosis
    Generate {
        case: String,
        #[arg(long, default_value_t = 8)]
        count: u8,
    },
    /// Three digits: urgency, importance, difficulty
    Score {
        case: String,
        line: usize,
        score: String,
    },
    /// Role that does it, from standard input
    Owner {
        case: String,
        line: usize,
    },
    Check {
        case: String,
    },
    Agree {
        case: String,
        date: Date,
    },
}

#[derive(Subcommand, Debug)]
pub enum DeliverableVerb {
    List {
        case: String,
    },
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
    Show {
        case: String,
    },
    /// Value from standard input
    Set {
        case: String,
        item: String,
    },
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
        on: Option<Date>,
    },
    List,
    Drop {
        number: u32,
    },
    /// Make the form and seal the claim into the outbox
    Seal {
        number: u32,
    },
}

#[derive(Subcommand, Debug)]
pub enum OutboxVerb {
    List,
    Send,
    /// Write sealed bundles to a folder for an online machine
    Export {
        dir: PathBuf,
    },
    /// Take receipts and answers back from the folder
    ImportReceipts {
        dir: PathBuf,
    },
}

#[derive(ClapArgs, Debug)]
pub struct RelayArgs {
    pub dir: PathBuf,
    #[arg(long)]
    pub server: String,
}
