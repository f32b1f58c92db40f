//! The settings file: what holds, and how mistakes are told.

use std::time::Duration;

use bansou::app::key::Key;
use bansou::app::keymap::{Action, Table};
use bansou::app::look::Theme;
use bansou::app::settings::Settings;
use bansou::app::width::Ambiguous;
use bansou::words::{Lang, Words};

fn told(text: &str) -> Vec<String> {
    Settings::read(text).mistakes.iter().map(|m| m.text(Words::new(Lang::En))).collect()
}

#[test]
fn an_empty_file_changes_nothing() {
    assert!(
        Settings::default()
            .lines(Words::new(Lang::En))
            .iter()
            .any(|l| l.starts_with("ui.theme") && l.ends_with("# built in"))
    );
    assert_eq!(Settings::read(""), Settings::default());
    assert_eq!(Settings::read("[ui]\n[keys]\n[keys.map]\n# nothing\n"), Settings::default());
}

#[test]
fn what_is_written_holds() {
    let settings = Settings::read(
        "[ui]\nlang = \"en\"\ntheme = \"high-contrast\"\nambiguous = \"wide\"\nclock = false\n[safety]\n\
         lock_after = \"90s\"\ntitle = \"plain\"\n[sync]\nbundle_dir = \"/media/usb\"\n[ime]\n\
         fold_fullwidth_keys = false\n[keys.map]\n\"notes.delete\" = \"r\"\nglobal.lock = [\"F9\", \"Ctrl+O\"]\n",
    );
    assert_eq!(settings.mistakes, []);
    assert_eq!((settings.lang, settings.theme), (Some(Lang::En), Some(Theme::Contrast)));
    assert_eq!((settings.ambiguous, settings.clock, settings.fold), (Some(Ambiguous::Wide), false, false));
    assert_eq!((settings.lock_after, &settings.bundle_dir[..]), (Duration::from_secs(90), "/media/usb"));
    assert_eq!(settings.keys.find(Table::Notes, Key::char('r')), Some(Action::Delete));
    assert_eq!(settings.keys.find(Table::Global, Key::ctrl('o')), Some(Action::Lock));
    let lines = settings.lines(Words::new(Lang::En)).join("\n");
    for part in ["ui.lang = \"en\"", "# line 2", "# the only value so far", "keys.map.\"notes.delete\" = \"r\""] {
        assert!(lines.contains(part), "{part} in\n{lines}");
    }
}

#[test]
fn a_mistake_names_its_line_and_what_was_meant_and_leaves_the_rest() {
    for (text, parts) in [
        ("\n[ui]\ntehme = \"dark\"", ["line 3 ui.tehme", "ui.theme"]),
        ("[ui]\nlock_after = \"5m\"", ["line 2 ui.lock_after", "safety.lock_after"]),
        ("[ui]\ntheme = \"drak\"", ["line 2 ui.theme", "\"high-contrast\""]),
        ("[ui]\nclock = \"true\"", ["ui.clock", "true, false"]),
        ("[ui]\nmouse = \"on\"", ["ui.mouse", "\"off\""]),
        ("[keys]\ntext = \"vi\"", ["keys.text", "\"standard\", \"emacs\", \"vim\""]),
        ("[keys]\ntxet = \"vim\"", ["line 2 keys.txet", "keys.text"]),
        ("[keys]\nmap = 3", ["line 2 keys.map", "nothing is called so"]),
        ("[safety]\nlock_after = \"59s\"", ["safety.lock_after", "\"1m\" - \"15m\""]),
        ("[safety]\nlock_after = \"16m\"", ["safety.lock_after", "\"1m\" - \"15m\""]),
        ("[safety]\nlock_after = 300", ["safety.lock_after", "\"1m\" - \"15m\""]),
        ("[sync]\nbundle_dir = 3", ["sync.bundle_dir", "\"\""]),
        ("[zz]", ["line 1 zz", "nothing is called so"]),
        ("[keys.map]\n\"notes.delet\" = \"x\"", ["keys.map.notes.delet", "keys.map.notes.delete"]),
        ("[keys.map]\n\"notes.delete\" = \"Hyper\"", ["keys.map.notes.delete", "no key"]),
        ("[keys.map]\n\"notes.delete\" = []", ["keys.map.notes.delete", "no key"]),
        ("[keys.map]\n\"notes.delete\" = \"Ctrl+B\"", ["Ctrl+B", "terminals"]),
        ("[keys.map]\n\"notes.delete\" = \"e\"", ["e already means", "Notes"]),
        ("[keys.map]\n\"form.submit\" = \"e\"", ["keys.map.form.submit", "is text"]),
        ("[ui\n", ["line 1", "cannot be read"]),
    ] {
        let told = told(text);
        assert_eq!(told.len(), 1, "{text}: {told:?}");
        assert!(parts.iter().all(|p| told[0].contains(p)), "{text}: {told:?}");
    }
    let settings =
        Settings::read("[ui]\nclock = 1\nlang = \"en\"\n[keys.map]\n\"notes.delete\" = \"e\"\n\"notes.memo\" = \"b\"");
    assert_eq!((settings.mistakes.len(), settings.lang, settings.clock), (2, Some(Lang::En), true));
    assert_eq!(settings.keys.find(Table::Notes, Key::char('b')), Some(Action::Memo));
    assert_eq!(settings.keys.find(Table::Notes, Key::char('d')), Some(Action::Delete));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reading_fail(text in "(\\[|\\]|ui|keys|map|\\.|=|\"|\n|theme|dark|list|delete|x| |[a-z0-9あ]){0,40}") {
        let settings = Settings::read(&text);
        for mistake in &settings.mistakes {
            proptest::prop_assert!(mistake.line >= 1 && mistake.line <= text.lines().count().max(1) + 1);
        }
    }
}
