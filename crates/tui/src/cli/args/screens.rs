//! What the command line says about the screens and about itself: keys, settings, completions, manual pages.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

#[derive(ClapArgs, Debug)]
pub struct KeysArgs {
    /// As a page in Markdown, in both languages
    #[arg(long)]
    pub md: bool,
}

#[derive(Subcommand, Debug)]
pub enum ConfigVerb {
    /// Where the file lies, or would lie
    Path,
    /// Every setting that holds, and where it comes from
    Show,
    /// Name every mistake of the file; exit code 3 when there is one
    Check,
}

#[derive(ClapArgs, Debug)]
pub struct CompletionsArgs {
    pub shell: clap_complete::Shell,
}

#[derive(ClapArgs, Debug)]
pub struct ManArgs {
    pub dir: PathBuf,
}
