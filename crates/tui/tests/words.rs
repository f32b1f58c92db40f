//! The catalogue of screen words: complete in both languages, used, narrow-safe and short enough.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bansou::app::width::{Ambiguous, cells};
use bansou::words::{Lang, Words};

fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            into.push((path.display().to_string(), code));
        }
    }
}

fn code(folder: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    all
}

/// String literals shaped like a catalogue key.
fn keys_in(source: &str) -> BTreeSet<&str> {
    source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| {
            let parts: Vec<&str> = text.split('.').collect();
            let name = |p: &&str| {
                p.starts_with(|c: char| c.is_ascii_lowercase())
                    && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            };
            parts.len() == 2 && parts.iter().all(name)
        })
        .collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|t| t.split('}').next()).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let ja: Vec<_> = Words::new(Lang::Ja).all().map(|(k, t)| (k, placeholders(t))).collect();
    let en: Vec<_> = Words::new(Lang::En).all().map(|(k, t)| (k, placeholders(t))).collect();
    assert!(!ja.is_empty());
    assert_eq!(ja, en);
}

#[test]
fn every_key_used_exists_and_every_key_is_used() {
    let known: BTreeSet<&str> = Words::new(Lang::Ja).all().map(|(k, _)| k).collect();
    let all = code("src");
    let used: BTreeSet<&str> = all.iter().flat_map(|(_, text)| keys_in(text)).collect();
    let screens = code("src/app");
    for (file, text) in &screens {
        for key in keys_in(text) {
            assert!(known.contains(key), "{key} in {file} is in no catalogue");
        }
    }
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(unused.is_empty(), "never used: {unused:?}");
}

#[test]
fn screen_words_have_the_same_width_on_every_terminal() {
    for lang in [Lang::Ja, Lang::En] {
        for (key, text) in Words::new(lang).all() {
            assert_eq!(
                cells(text, Ambiguous::Narrow),
                cells(text, Ambiguous::Wide),
                "{key} has a character of ambiguous width: {text}"
            );
        }
    }
}

#[test]
fn words_keep_to_the_cells_of_their_place() {
    let budgets = [
        ("key.", 20),
        ("state.", 7),
        ("tab.", 11),
        ("head.", 14),
        ("day.", 3),
        ("notice.", 79),
        ("waiting.", 79),
        ("form.", 76),
        ("config.", 140),
    ];
    for lang in [Lang::Ja, Lang::En] {
        let words = Words::new(lang);
        for (key, _) in words.all() {
            let wide = cells(words.get(key), Ambiguous::Narrow);
            let budget = budgets.iter().find(|b| key.starts_with(b.0)).map_or(100, |b| b.1);
            assert!(wide <= budget, "{key} takes {wide} of {budget} cells");
        }
    }
}

#[test]
fn no_japanese_is_written_in_the_code_of_the_screens() {
    for (file, text) in code("src/app") {
        for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
            let found = line.chars().find(|c| ('\u{3040}'..='\u{9FFF}').contains(c));
            assert_eq!(found, None, "{file}: {line}");
        }
    }
}

#[test]
fn a_filled_text_takes_its_values_by_name() {
    let text = Words::new(Lang::En).fill("view.saved", &[("time", "14:05:12")]);
    assert_eq!(text, "Saved 14:05:12  encrypted on this machine");
}
