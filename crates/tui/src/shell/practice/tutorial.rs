//! The lasting practice of `bansou tutorial`: made once, opened again where one was, made anew when that is asked for.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bansou_core::record::v1::TutorialProgress;
use bansou_core::tutorial::Tutorial;

use super::office::{PASSPHRASE, Server, World};
use crate::shell::enrol::Enrolled;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::runtime::{self, Wish};
use crate::shell::vault::Secret;
use crate::shell::{place, terminal};
use crate::words::Words;

/// Says in a folder that this program made it, and then that it is whole.
const MARK: &str = "bansou-tutorial.txt";
const MAKING: &str = "making\n";
const WHOLE: &str = "whole\n";
/// Everything that may be removed from such a folder; the mark goes last.
const MADE: [&str; 8] = ["expert", "secretariat", "server", "usb", "invitation.json", "request.age", "pack.json", MARK];

/// What lies in the folder of the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A practice whose making was cut short.
    Half,
    Whole,
}

/// The folder that was named, or the one beside the default home.
fn folder(dir: Option<&Path>) -> Result<PathBuf, Failure> {
    let own = || place::default_home()?.parent().map(|homes| homes.join("bansou-practice").join("tutorial"));
    dir.map(Path::to_owned).or_else(own).ok_or_else(|| Failure::NoHome { path: "~/.local/share".into() })
}

/// Refuses a folder that holds anything but this practice: a real home above all.
fn look(dir: &Path) -> Result<Found, Failure> {
    match std::fs::read_to_string(dir.join(MARK)).ok().as_deref() {
        Some(WHOLE) => return Ok(Found::Whole),
        Some(_) => return Ok(Found::Half),
        None => {}
    }
    if std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        let dir = dir.display();
        return Err(Failure::Place {
            code: "E-TUTORIAL-PLACE",
            ja: format!(
                "{dir} は練習の保管庫ではありません。何も変えていません。--dir に空のフォルダーを指定するか、--dir なしで始めてください。"
            ),
            en: format!(
                "{dir} is not a practice home. Nothing was changed. Name an empty folder with --dir, or leave --dir out."
            ),
        });
    }
    Ok(Found::Nothing)
}

fn mark(dir: &Path, state: &str) -> Result<(), Failure> {
    let file = dir.join(MARK);
    std::fs::write(&file, state).map_err(|e| Failure::file(&file, &e))
}

/// Opens the expert's home, which proves that it is one of practice and that nobody works in it.
fn open(dir: &Path) -> Result<Home, Failure> {
    let home = Home::open(&dir.join("expert"), &Secret::new(PASSPHRASE.to_owned()))?;
    if home.profile()?.practice { Ok(home) } else { Err(bansou_core::refusal::Refusal::PracticeMixed.into()) }
}

fn make(dir: &Path) -> Result<(), Failure> {
    place::private_folder(dir)?;
    mark(dir, MAKING)?;
    let mut world = World::prepare(dir)?;
    world.load_firms()?;
    drop(world);
    mark(dir, WHOLE)
}

/// Removes what this program made there, and nothing else.
fn clear(dir: &Path) -> Result<(), Failure> {
    for path in MADE.iter().map(|name| dir.join(name)) {
        let gone = match std::fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => std::fs::remove_dir_all(&path),
            Ok(_) => std::fs::remove_file(&path),
            Err(_) => continue,
        };
        gone.map_err(|e| Failure::file(&path, &e))?;
    }
    Ok(())
}

/// The practice server at the address that the expert knows; none when another program has it, or the store is in use.
fn serve(dir: &Path, expert: &Home) -> Option<Server> {
    let address = Enrolled::of(expert).ok()?.server.strip_prefix("http://")?.to_owned();
    let office = Home::open(&dir.join("secretariat"), &Secret::new(PASSPHRASE.to_owned())).ok()?;
    Server::start(&dir.join("server"), &office.root_key(), &address).ok()
}

/// Makes the practice when there is none, and opens the screens with its steps.
pub fn screens(wish: Wish, dir: Option<&Path>, anew: bool) -> Result<u8, Failure> {
    if !terminal::present() {
        return Err(Failure::input(
            "端末ではありません。進み具合は bansou tutorial --status で見られます。",
            "This is not a terminal. bansou tutorial --status says how far you are.",
        ));
    }
    let (given, dir, words) = (dir.is_some(), folder(dir)?, Words::new(wish.lang));
    let shown = dir.display().to_string();
    let tell = |key, more: &[(&str, &str)]| {
        let values = [&[("dir", shown.as_str())], more].concat();
        // Nobody listening is no failure.
        let _ = writeln!(std::io::stderr(), "{}", words.fill(key, &values));
    };
    let found = look(&dir)?;
    if found == Found::Whole && anew {
        drop(open(&dir)?);
        tell("tutorial.anew", &[]);
    }
    if found == Found::Half || anew {
        clear(&dir)?;
    }
    if found != Found::Whole || anew {
        tell("tutorial.making", &[]);
        make(&dir)?;
    }
    let mut home = open(&dir)?;
    let mut drafts = home.drafts()?;
    drafts.tutorial.get_or_insert_default().hidden = false;
    home.keep_drafts(drafts)?;
    let server = serve(&dir, &home);
    let code = runtime::practice(home, wish, Some(&dir.join("usb")));
    drop(server);
    let args = if given { format!(" --dir {shown}") } else { String::new() };
    tell("tutorial.again", &[("args", &args)]);
    code
}

/// Where the practice lies and how far it is; no progress when it was not begun.
pub fn progress(dir: Option<&Path>) -> Result<(PathBuf, Option<TutorialProgress>), Failure> {
    let dir = folder(dir)?;
    if look(&dir)? != Found::Whole {
        return Ok((dir, None));
    }
    let home = open(&dir)?;
    let mut progress = home.drafts()?.tutorial.unwrap_or_default();
    // What the last moments before a power cut left only in the store.
    Tutorial::built_in().follow(&mut progress, &home.books, &home.history()?, &[]);
    Ok((dir, Some(progress)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::shell::practice::data::{Stage, built_in};

    #[test]
    fn the_steps_know_the_cases_that_the_practice_brings() {
        let brought = built_in().unwrap().firms;
        let brought: Vec<String> = brought.into_iter().filter(|f| f.stage != Stage::Walk).map(|f| f.case_no).collect();
        assert_eq!(Tutorial::built_in().given, brought);
    }

    #[test]
    fn clearing_takes_what_was_made_and_leaves_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(look(dir.path()).unwrap(), Found::Nothing);
        std::fs::create_dir_all(dir.path().join("expert/state")).unwrap();
        look(dir.path()).unwrap_err();
        mark(dir.path(), MAKING).unwrap();
        assert_eq!(look(dir.path()).unwrap(), Found::Half);
        std::fs::write(dir.path().join("own.txt"), "own").unwrap();
        clear(dir.path()).unwrap();
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["own.txt"]);
    }
}
