//! The command line's help in Japanese, put over the one definition; English is the definition's own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bansou_core::text::Lang;
use clap::{Command, CommandFactory as _};

use super::args::Args;

/// Words by path: `client add` for a command, `client add --file` for one of its arguments.
static JAPANESE: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("help/ja.toml")).expect("a test reads the built-in help"));

/// The parser with its help in a language.
pub fn command(lang: Lang) -> Command {
    let command = Args::command();
    match lang {
        Lang::En => command,
        Lang::Ja => in_japanese(command, ""),
    }
}

/// The headings of a manual page.
const HEADINGS: [(&str, &str); 7] = [
    (".SH NAME", ".SH 名前"),
    (".SH SYNOPSIS", ".SH 書式"),
    (".SH DESCRIPTION", ".SH 説明"),
    (".SH OPTIONS", ".SH オプション"),
    (".SH SUBCOMMANDS", ".SH 下位の命令"),
    (".SH EXTRA", ".SH 補足"),
    (".SH VERSION", ".SH 版"),
];

/// A manual page with its headings in a language, under this title line: the made one has places that mean nothing.
pub fn man(lang: Lang, title: &str, page: &str) -> String {
    let heading = |line: &str| HEADINGS.iter().find(|h| h.0 == line).map(|h| h.1.to_owned());
    let lines = page.lines().map(|line| match line {
        line if line.starts_with(".TH ") => title.to_owned(),
        line => heading(line).filter(|_| lang == Lang::Ja).unwrap_or_else(|| line.to_owned()),
    });
    lines.map(|line| line + "\n").collect()
}

fn in_japanese(command: Command, path: &str) -> Command {
    let command = match JAPANESE.get(path) {
        Some(about) => command.about(about.as_str()),
        None => command,
    };
    let command = command.mut_args(|arg| match JAPANESE.get(&key(path, arg.get_id().as_str())) {
        Some(help) => arg.help(help.as_str()),
        None => arg,
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    names.iter().fold(command, |command, name| {
        let below = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command.mut_subcommand(name, |sub| in_japanese(sub, &below))
    })
}

fn key(path: &str, argument: &str) -> String {
    format!("{path} --{argument}").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn keys(command: &Command, path: &str, into: &mut Vec<String>) {
        if command.is_hide_set() {
            return;
        }
        if command.get_about().is_some() {
            into.push(path.to_owned());
        }
        for arg in command.get_arguments().filter(|a| a.get_help().is_some() && !a.is_global_set()) {
            into.push(key(path, arg.get_id().as_str()));
        }
        for sub in command.get_subcommands() {
            let below = if path.is_empty() { sub.get_name().to_owned() } else { format!("{path} {}", sub.get_name()) };
            keys(sub, &below, into);
        }
    }

    #[test]
    fn every_english_help_has_its_japanese() {
        let mut wanted = Vec::new();
        keys(&Args::command(), "", &mut wanted);
        for arg in Args::command().get_arguments().filter(|a| a.get_help().is_some()) {
            wanted.push(key("", arg.get_id().as_str()));
        }
        wanted.sort();
        wanted.dedup();
        let missing: Vec<&String> = wanted.iter().filter(|k| !JAPANESE.contains_key(*k)).collect();
        assert!(missing.is_empty(), "no Japanese help for: {missing:#?}");
        let unused: Vec<&String> = JAPANESE.keys().filter(|k| !wanted.contains(k)).collect();
        assert!(unused.is_empty(), "Japanese help for nothing: {unused:#?}");
    }

    #[test]
    fn every_command_says_what_it_does() {
        fn silent(command: &Command, path: &str, into: &mut Vec<String>) {
            for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
                let below = format!("{path} {}", sub.get_name());
                if sub.get_about().is_none() {
                    into.push(below.clone());
                }
                silent(sub, &below, into);
            }
        }
        let mut found = Vec::new();
        silent(&Args::command(), "", &mut found);
        assert!(found.is_empty(), "no help for: {found:#?}");
    }

    #[test]
    fn the_help_speaks_the_language_asked_for() {
        let text = |lang| command(lang).render_long_help().to_string();
        assert!(text(Lang::Ja).contains("顧客") && !text(Lang::En).contains("顧客"));
    }
}
