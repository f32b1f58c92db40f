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

#[derive(ClapArgs, Debug)]
pub struct TutorialArgs {
    /// Folder of the practice (default: beside the default home)
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Remove the practice and begin again
    #[arg(long)]
    pub restart: bool,
    /// Print the steps and how far they are
    #[arg(long, visible_alias = "list", conflicts_with = "restart")]
    pub status: bool,
}
