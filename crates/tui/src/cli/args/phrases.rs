//! The second words for own phrases.

use clap::Subcommand;

#[derive(Subcommand, Debug)]
pub enum PhraseVerb {
    /// Your own phrases, newest first
    #[command(alias = "ls")]
    List,
    /// Text is read from standard input, so that it never stands in a process list
    Add,
    /// Delete a phrase; undo brings it back
    #[command(alias = "rm")]
    Remove {
        /// First digits of the phrase's id
        phrase: String,
    },
}
