//! The command line: arguments become the same commands the screens use.

pub mod answer;
pub mod args;
pub mod calc;
mod desk;
mod expert;
mod give;
mod help;
mod keeping;
mod secretariat;
mod start;
pub mod typed;
mod whole;

use std::io::Write as _;

use bansou_core::text::Lang;
use clap::FromArgMatches as _;

use crate::shell::failure::Failure;
use answer::Answer;
use args::{Args, Verb};

/// What every command gets: language, home, and how to ask for the passphrase.
pub struct Call {
    pub lang: Lang,
    pub json: bool,
    pub quiet: bool,
    pub reveal: bool,
    pub home: Option<std::path::PathBuf>,
    pub passphrase: give::Passphrase,
}

/// Runs one command and gives its exit code.
pub fn main() -> u8 {
    let matches = help::command(language_of_help()).get_matches();
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|e| e.exit());
    let call = Call {
        lang: args.lang.map_or_else(language_of_terminal, Into::into),
        json: args.json,
        quiet: args.quiet,
        reveal: args.reveal,
        home: args.home,
        passphrase: give::Passphrase { fd: args.passphrase_fd, file: args.passphrase_file, no_input: args.no_input },
    };
    match run(&call, args.verb.unwrap_or(Verb::Tui)) {
        Ok(code) => code,
        Err(failure) => complain(&call, &failure),
    }
}

fn run(call: &Call, verb: Verb) -> Result<u8, Failure> {
    let answer: Answer = match verb {
        Verb::Tui => return crate::shell::runtime::run(call.home.as_deref(), call.lang),
        Verb::Demo(args) => return start::demo(call, &args),
        Verb::Calc { calc } => {
            let done = calc::run(calc, call.json, call.lang, &mut std::io::stdout().lock());
            return Ok(done.unwrap_or_else(|refused| {
                let _ = writeln!(std::io::stderr(), "{}", refused.message);
                refused.exit
            }));
        }
        Verb::PracticeServer(args) => return start::practice_server(args),
        Verb::Init(args) => start::init(call, args)?,
        Verb::Relay(args) => start::relay(call, &args)?,
        Verb::Programme(verb) => start::programme(call, &verb)?,
        Verb::Keys => Answer::line(crate::app::keymap::page()),
        Verb::Version => start::version(),
        Verb::Secretariat { verb } => secretariat::run(call, verb)?,
        Verb::Enrol(verb) => desk::enrol(call, verb)?,
        Verb::Outbox(verb) => desk::outbox(call, verb)?,
        Verb::Sync => desk::sync(call)?,
        Verb::Doctor(args) => whole::doctor(call, &args)?,
        Verb::Search(args) => whole::search(call, &args)?,
        Verb::Export(args) => whole::export(call, &args)?,
        Verb::UnlockCheck => desk::unlock_check(call)?,
        Verb::Backup(verb) => keeping::backup(call, verb)?,
        Verb::Key(verb) => keeping::key(call, verb)?,
        Verb::Undo => desk::undo(call)?,
        Verb::Redo => desk::redo(call)?,
        Verb::History => desk::history(call)?,
        other => expert::run(call, other)?,
    };
    answer.print(call)
}

/// The language of help and usage errors, needed before the arguments are parsed.
fn language_of_help() -> Lang {
    let mut words = std::env::args();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next().unwrap_or_default(),
            Some(rest) => rest.trim_start_matches('=').to_owned(),
            None => continue,
        };
        return if value == "en" { Lang::En } else { Lang::Ja };
    }
    language_of_terminal()
}

fn language_of_terminal() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|k| std::env::var(k).ok().filter(|v| !v.is_empty()));
    if set.is_some_and(|v| v.starts_with("en")) { Lang::En } else { Lang::Ja }
}

fn complain(call: &Call, failure: &Failure) -> u8 {
    let _ = writeln!(std::io::stderr(), "{} [{}]", failure.text(call.lang), failure.code());
    failure.exit_code()
}
