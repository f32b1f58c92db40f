//! What the program tells about itself: version, keys, settings, completions and manual pages, all from one definition.

use std::path::Path;

use bansou_core::programme;
use bansou_core::text::Lang;
use serde_json::{Value, json};

use super::args::{CompletionsArgs, ConfigVerb, KeysArgs};
use super::{Call, answer::Answer, help};
use crate::app::keymap::Keymap;
use crate::app::settings::{CODE, Settings};
use crate::shell::failure::Failure;
use crate::shell::place;
use crate::words::Words;

/// Exit code for mistakes in the settings file.
const CONFIG: u8 = 3;

pub(super) fn version(call: &Call) -> Answer {
    let version = env!("CARGO_PKG_VERSION");
    let packs = programme::builtin();
    let editions: Vec<Value> = packs
        .iter()
        .map(|p| json!({"id": p.programme.id, "programme_name": p.programme.name.get(call.lang)}))
        .collect();
    packs.iter().fold(
        Answer::line(format!("bansou {version}"))
            .with("version", version)
            .with("record", 1)
            .with("wire", 1)
            .with("editions", editions),
        |answer, p| answer.and(format!("  {}  {}", p.programme.id, p.programme.name.get(call.lang))),
    )
}

/// The keys that hold: the built-in ones with the person's own.
pub(super) fn keys(call: &Call, args: &KeysArgs) -> Answer {
    let (keys, words) = (place::settings().keys, Words::new(call.lang));
    let lines = if args.md { vec![keys.page().trim_end().to_owned()] } else { keys.lines(words) };
    let own = keys != Keymap::default();
    lines.into_iter().fold(Answer::default().with("keys", keys.listed(words)).with("own", own), Answer::and)
}

pub(super) fn config(call: &Call, verb: &ConfigVerb) -> Result<Answer, Failure> {
    let file = place::config_file().ok_or_else(|| {
        Failure::input(
            "設定ファイルの場所が分かりません。HOME か XDG_CONFIG_HOME を設定してください。",
            "The place of the settings file is unknown. Set HOME or XDG_CONFIG_HOME.",
        )
    })?;
    let (words, settings) = (Words::new(call.lang), place::settings());
    let path = file.display().to_string();
    let answer = Answer::default().with("path", path.clone()).with("exists", file.exists());
    Ok(match verb {
        ConfigVerb::Path => answer.and(path),
        ConfigVerb::Show => {
            let lines = settings.lines(words);
            let head = if file.exists() { path } else { words.fill("config.absent", &[("path", &path)]) };
            let shown = answer.with("settings", lines.clone()).and(format!("# {head}"));
            mistakes(lines.into_iter().fold(shown, Answer::and), &settings, words)
        }
        ConfigVerb::Check => {
            let head = match (file.exists(), settings.mistakes.is_empty()) {
                (false, _) => words.fill("config.absent", &[("path", &path)]),
                (true, true) => words.fill("config.right", &[("path", &path)]),
                (true, false) => path,
            };
            let fixed = words.fill("config.fixed", &[("all", &Settings::fixed().join(", "))]);
            mistakes(answer.and(head), &settings, words).and(fixed)
        }
    })
}

fn mistakes(answer: Answer, settings: &Settings, words: &Words) -> Answer {
    let told: Vec<String> = settings.mistakes.iter().map(|m| format!("{} [{CODE}]", m.text(words))).collect();
    let mut answer = told.iter().fold(answer, |answer, line| answer.and(format!("# {line}"))).with("mistakes", told);
    answer.code = if settings.mistakes.is_empty() { 0 } else { CONFIG };
    answer
}

/// The completion script of a shell.
pub(super) fn completions(call: &Call, args: &CompletionsArgs) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(call.lang), "bansou", &mut script);
    Answer::line(String::from_utf8_lossy(&script).trim_end())
}

/// Writes a manual page for the program and for each of its commands, English below `man1`, Japanese below `ja/man1`.
pub(super) fn man(dir: &Path) -> Result<Answer, Failure> {
    let mut count = 0;
    for (lang, folder) in [(Lang::En, "man1"), (Lang::Ja, "ja/man1")] {
        let folder = dir.join(folder);
        std::fs::create_dir_all(&folder).map_err(|e| Failure::file(&folder, &e))?;
        let mut command = help::command(lang).disable_help_subcommand(true);
        command.build();
        count += pages(&command, lang, &folder)?;
    }
    Ok(Answer::line(format!("{}  {count}", dir.display())).with("dir", dir.display().to_string()).with("pages", count))
}

fn pages(command: &clap::Command, lang: Lang, folder: &Path) -> Result<usize, Failure> {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let file = folder.join(format!("{name}.1"));
    let mut page = Vec::new();
    let made = clap_mangen::Man::new(command.clone()).render(&mut page);
    let title = format!(".TH {} 1 \"\" \"bansou {}\" \"Bansou\"", name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    let text = help::man(lang, &title, &String::from_utf8_lossy(&page));
    made.and_then(|()| std::fs::write(&file, text)).map_err(|e| Failure::file(&file, &e))?;
    let below = command.get_subcommands().filter(|c| !c.is_hide_set());
    below.map(|sub| pages(sub, lang, folder)).try_fold(1, |sum, count| Ok(sum + count?))
}
