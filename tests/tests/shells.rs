//! What the program gives to shells and readers: completions that real shells accept, manual pages, settings, exit codes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::fs;
use std::path::Path;
use std::process::Command;

use bansou_tests::program::{Answer, Person, binary, run};

/// The program with its settings in this folder.
fn bansou(dir: &Path, args: &[&str]) -> Answer {
    let mut command = Command::new(binary("bansou"));
    command.args(args).env("XDG_CONFIG_HOME", dir).env("HOME", dir).env("LANG", "C.UTF-8");
    run(&mut command, "")
}

/// Runs a script in a shell; none when this machine does not have it.
fn shell(name: &str, args: &[&str]) -> Option<String> {
    match Command::new(name).args(args).output() {
        Ok(done) => {
            assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
            Some(String::from_utf8(done.stdout).unwrap())
        }
        Err(_) => {
            eprintln!("{name} is not on this machine; its completions were not tried");
            None
        }
    }
}

#[test]
fn real_shells_complete_commands_from_the_generated_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let script = |shell: &str| {
        let file = dir.path().join(format!("_bansou.{shell}"));
        fs::write(&file, bansou(dir.path(), &["--lang", "en", "completions", shell]).ok().stdout).unwrap();
        file.display().to_string()
    };
    let complete =
        "source \"$0\"; COMP_WORDS=(bansou con); COMP_CWORD=1; _bansou bansou con bansou; echo \"${COMPREPLY[@]}\"";
    let bash = shell("bash", &["-c", complete, &script("bash")]).unwrap();
    assert_eq!(bash.trim(), "config");
    if let Some(zsh) =
        shell("zsh", &["-fc", "autoload -U compinit; compinit -u -D; source $0; whence -w _bansou", &script("zsh")])
    {
        assert_eq!(zsh.trim(), "_bansou: function");
    }
    if let Some(fish) =
        shell("fish", &["--no-config", "-c", &format!("source {}; complete -C 'bansou con'", script("fish"))])
    {
        assert!(fish.starts_with("config\tYour settings file"), "{fish}");
    }
    for other in ["powershell", "elvish"] {
        assert!(fs::read_to_string(script(other)).unwrap().contains("completions"));
    }
    let japanese = bansou(dir.path(), &["--lang", "ja", "completions", "fish"]).ok().stdout;
    assert!(japanese.contains("設定ファイル"), "the words are those of the language");
}

#[test]
fn manual_pages_are_written_for_every_command_in_both_languages_and_read_without_complaint() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("man");
    bansou(dir.path(), &["man", out.to_str().unwrap()]).ok();
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(out.join(folder)).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("man1"), names("ja/man1"));
    assert!(
        names("man1").len() > 100 && !names("man1").iter().any(|n| n.to_string_lossy().contains("practice-server"))
    );
    let page = |folder: &str| fs::read_to_string(out.join(folder).join("bansou-config-check.1")).unwrap();
    assert!(page("man1").contains(".SH SYNOPSIS") && page("ja/man1").contains(".SH 書式"));
    for folder in ["man1", "ja/man1"] {
        for name in names(folder) {
            let file = out.join(folder).join(name).display().to_string();
            if shell("mandoc", &["-Tlint", "-Kutf-8", "-W", "error", &file]).is_none() {
                return;
            }
        }
    }
}

#[test]
fn a_wrong_settings_file_is_told_everywhere_and_stops_nothing() {
    let person = Person::new("senmonka no kotoba");
    let dir = tempfile::tempdir().unwrap();
    let home = person.home().display().to_string();
    person.bansou(["init", "--name", "試験 太郎", "--practice"]).ok();
    bansou(dir.path(), &["config", "check"]).ok();
    fs::create_dir_all(dir.path().join("bansou")).unwrap();
    let write = |text: &str| fs::write(dir.path().join("bansou/config.toml"), text).unwrap();
    write("[ui]\nlang = \"en\"\n[keys.map]\n\"notes.delete\" = \"r\"\n");
    bansou(dir.path(), &["config", "check"]).ok();
    let keys = bansou(dir.path(), &["keys"]).ok().stdout;
    assert!(keys.contains("On every screen") && keys.contains("  r                       delete"), "{keys}");
    write("[ui]\nlang = \"en\"\ntehme = \"dark\"\n");
    let check = bansou(dir.path(), &["config", "check"]).code(3).stdout;
    assert!(
        check.contains("config.toml") && check.contains("line 3 ui.tehme") && check.contains("ui.theme?"),
        "{check}"
    );
    assert_eq!(
        bansou(dir.path(), &["--json", "config", "show"]).code(3).json()["mistakes"].as_array().unwrap().len(),
        1
    );
    let version = bansou(dir.path(), &["version"]).ok();
    assert!(version.stderr.contains("[E-CONFIG]") && version.stdout.starts_with("bansou "));
    let doctor = bansou(dir.path(), &["--json", "--home", &home, "doctor", "--no-unlock"]).code(6).json();
    assert!(doctor["findings"].as_array().unwrap().iter().any(|f| f["id"] == "settings.wrong"), "{doctor}");
    fs::remove_file(dir.path().join("bansou/config.toml")).unwrap();
    fs::create_dir(dir.path().join("bansou/config.toml")).unwrap();
    assert!(bansou(dir.path(), &["--lang", "en", "config", "check"]).code(3).stdout.contains("cannot be read"));
}

#[test]
fn the_version_names_the_editions_for_programs() {
    let dir = tempfile::tempdir().unwrap();
    let version = bansou(dir.path(), &["--json", "version"]).ok().json();
    assert_eq!(version["schema"], 1);
    assert!(version["editions"].as_array().unwrap().iter().any(|e| e["id"] == "current-2026"));
}
