//! The command line: arguments become the same commands the screens use.

mod about;
pub mod answer;
pub mod args;
pub mod calc;
mod desk;
mod expert;
mod give;
mod help;
mod keeping;
mod secretariat;
mod share;
mod start;
mod tutorial;
pub mod typed;
mod whole;

use std::io::Write as _;

use bansou_core::text::Lang;
use clap::FromArgMatches as _;

use crate::shell::failure::Failure;
use crate::shell::runtime::Wish;
use crate::shell::{place, terminal};
use crate::words::Words;
use answer::Answer;
use args::{Args, Verb};

/// What every command gets: language, home, and how to ask for the passphrase.
pub struct Call {
    pub lang: Lang,
    pub json: bool,
    pub quiet: bool,
    pub reveal: bool,
    pub home: Option<std::path::PathBuf>,
    pub color: args::ColorArg,
    pub reader: bool,
    pub passphrase: give::Passphrase,
}

impl Call {
    /// How the screens are to look.
    fn wish(&self) -> Wish {
        let colour = self.color != args::ColorArg::Never && !terminal::colourless();
        Wish { lang: self.lang, colour, reader: self.reader }
    }
}

/// Runs one command and gives its exit code.
pub fn main() -> u8 {
    let settings = place::settings();
    let matches = help::command(language_of_help(settings.lang)).get_matches();
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|e| e.exit());
    let call = Call {
        lang: args.lang.map(Into::into).or(settings.lang).unwrap_or_else(language_of_terminal),
        json: args.json,
        quiet: args.quiet,
        reveal: args.reveal,
        home: args.home,
        color: args.color,
        reader: args.reader || settings.reader,
        passphrase: give::Passphrase { fd: args.passphrase_fd, file: args.passphrase_file, no_input: args.no_input },
    };
    let verb = args.verb.unwrap_or(Verb::Tui);
    // The screens, the doctor and `config` tell of mistakes themselves.
    let told = matches!(
        verb,
        Verb::Tui | Verb::Demo(_) | Verb::Tutorial(_) | Verb::Config(_) | Verb::Doctor(_) | Verb::PracticeServer(_)
    );
    if !settings.mistakes.is_empty() && !told && !call.quiet {
        let count = settings.mistakes.len().to_string();
        let line = Words::new(call.lang).fill("config.warning", &[("n", &count)]);
        let _ = writeln!(std::io::stderr(), "{line} [{}]", crate::app::settings::CODE);
    }
    match run(&call, verb) {
        Ok(code) => code,
        Err(failure) => complain(&call, &failure),
    }
}

fn run(call: &Call, verb: Verb) -> Result<u8, Failure> {
    let answer: Answer = match verb {
        Verb::Tui => return start::screens(call),
        Verb::Demo(args) => return start::demo(call, &args),
        Verb::Tutorial(args) => return tutorial::run(call, &args),
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
        Verb::Keys(args) => about::keys(call, &args),
        Verb::Config(verb) => about::config(call, &verb)?,
        Verb::Completions(args) => about::completions(call, &args),
        Verb::Man(args) => about::man(&args.dir)?,
        Verb::Version => about::version(call),
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
        Verb::Share(verb) => share::share(call, verb)?,
        other => expert::run(call, other)?,
    };
    answer.print(call)
}

/// The language of help and usage errors, needed before the arguments are parsed.
fn language_of_help(set: Option<Lang>) -> Lang {
    let mut words = std::env::args();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next().unwrap_or_default(),
            Some(rest) => rest.trim_start_matches('=').to_owned(),
            None => continue,
        };
        return if value == "en" { Lang::En } else { Lang::Ja };
    }
    set.unwrap_or_else(language_of_terminal)
}

fn language_of_terminal() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|k| std::env::var(k).ok().filter(|v| !v.is_empty()));
    if set.is_some_and(|v| v.starts_with("en")) { Lang::En } else { Lang::Ja }
}

fn complain(call: &Call, failure: &Failure) -> u8 {
    let _ = writeln!(std::io::stderr(), "{} [{}]", failure.text(call.lang), failure.code());
    failure.exit_code()
}
