//! The program bansou-server: reads its arguments, runs, and turns failures into a sentence and an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use bansou_server::args::{Cli, Command};
use bansou_server::{ServerError, check, run};
use clap::{CommandFactory as _, Parser as _};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match (cli.command, cli.serve) {
        (Some(Command::Check(args)), _) => check::check(&args.data, &mut std::io::stdout()).map(|damage| damage > 0),
        (None, Some(args)) => run(args.into()).map(|()| false),
        (None, None) => Cli::command().error(clap::error::ErrorKind::MissingRequiredArgument, "--data DIR").exit(),
    };
    match done {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(9),
        Err(e) => report(&e),
    }
}

fn report(error: &ServerError) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "bansou-server: {error}");
    ExitCode::from(error.exit_code())
}
