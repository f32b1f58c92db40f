//! The whole command line as one definition: parser, help and names.

use std::path::PathBuf;

use bansou_core::text::Lang;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

mod days;
mod evidence;
mod notes;
mod phrases;
mod screens;
mod session;
mod share;
mod verbs;

use super::calc::Calc;
pub use days::*;
pub use evidence::{AttachmentVerb, LinkArgs};
pub use notes::{HearingVerb, NoteVerb, OntoArgs};
pub use phrases::PhraseVerb;
pub use screens::*;
pub use session::*;
pub use share::ShareVerb;
pub use verbs::*;

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
    /// Colours of the screens
    #[arg(long, global = true, default_value = "auto")]
    pub color: ColorArg,
    /// The screens as lines, for a screen reader
    #[arg(long, global = true, env = "BANSOU_READER", value_parser = clap::builder::FalseyValueParser::new())]
    pub reader: bool,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    Auto,
    Never,
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
    /// Learn the work in twelve steps, in a practice home that stays
    Tutorial(TutorialArgs),
    /// Make a new home
    Init(InitArgs),
    /// Open the home and say whether it is whole
    UnlockCheck,
    /// Examine machine, folder and store; every finding names its cause, its effect and the next command
    Doctor(DoctorArgs),
    /// Find a text in everything that was written
    Search(SearchArgs),
    /// Write everything as readable files: JSON, Markdown, CSV, PDF. Not encrypted
    Export(ExportArgs),
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
    /// What experience says: to firms, owners, trades, sessions and questions
    Guidance(GuidanceArgs),
    /// Notes taken while talking
    #[command(subcommand)]
    Note(NoteVerb),
    /// Your own phrases to write with; they stay when a client is erased
    #[command(subcommand)]
    Phrase(PhraseVerb),
    /// Evidence: files and texts that a firm gave
    #[command(subcommand)]
    Attachment(AttachmentVerb),
    /// What to ask a firm
    #[command(subcommand)]
    Hearing(HearingVerb),
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
    /// Going along (OJT): a copy of one engagement for a trainee, and what comes back
    #[command(subcommand)]
    Share(ShareVerb),
    /// Sealed bundles that wait or have gone
    #[command(subcommand)]
    Outbox(OutboxVerb),
    /// Send what waits and fetch answers
    Sync,
    /// Encrypted copies of the home, each one age file
    #[command(subcommand)]
    Backup(BackupVerb),
    /// The ways into the home
    #[command(subcommand)]
    Key(KeyVerb),
    /// What is to be done today
    Today,
    /// The two weeks ahead: sessions and last days, business days and holidays
    Calendar(CalendarArgs),
    /// Take the last change back
    Undo,
    /// Do again what was last taken back
    Redo,
    /// Every change so far
    History,
    /// Carry a folder of sealed bundles to the server; needs no home and no key
    Relay(RelayArgs),
    /// The secretariat's commands
    Secretariat {
        #[command(subcommand)]
        verb: super::secretariat::SecretariatVerb,
    },
    /// Every key of every screen, with your own
    Keys(KeysArgs),
    /// Your settings file
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Completion of commands for a shell, to standard output
    Completions(CompletionsArgs),
    /// Write the manual pages into a folder, in English and in Japanese
    Man(ManArgs),
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
    /// Your name
    #[arg(long)]
    pub name: String,
    #[arg(long, default_value = "")]
    pub kana: String,
    /// Registration number
    #[arg(long, default_value = "")]
    pub registration: String,
    /// Commission: A to a person, B to a person paid to a firm, C between firms
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
    /// Make it here although a service copies this folder elsewhere
    #[arg(long)]
    pub here_anyway: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum PatternArg {
    A,
    B,
    C,
}
