//! What the doctor is told: facts of the machine, of the home folder, and of the open store.

mod folder;
mod host;

use std::path::Path;

use bansou_core::doctor::{Damage, Inside, Opened, Outside, Report, Skipped, Terminal, examine};
use bansou_core::programme;
use bansou_core::text::{Lang, Text};
use jiff::civil::DateTime;

use super::failure::Failure;
use super::home::Home;
use super::vault::{Finding, Part, VaultError};
use super::{clock, place};
use crate::app::settings::Mistake;
use crate::words::Words;
pub use host::{free, terminal};

/// The ways in that every home has.
const WAYS: [&str; 2] = ["passphrase", "recovery"];

/// Examines a home that is open.
pub fn of_home(home: &Home, terminal: Option<Terminal>) -> Report {
    let mut outside = outside(&home.path, home.now(), terminal);
    if let Some(care) = &home.books.care {
        outside.ways = care.ways.keys().cloned().collect();
    }
    let looked = home.damage().and_then(|damage| Ok((damage, home.changed_ways()?)));
    let (damage, strange) = match looked {
        Ok(found) => found,
        Err(failure) => return examine(&home.packs, &outside, &broken(&failure)),
    };
    let opened = Opened {
        books: &home.books,
        // A damaged text has its own finding.
        newest: home.recent(1).ok().and_then(|recent| recent.last().map(|(_, entry)| entry.at)),
        damage: damage.iter().map(thing).collect(),
        due: home.care_due(),
        strange_keys: strange,
    };
    examine(&home.packs, &outside, &Inside::Open(opened))
}

/// Examines a home without opening it.
pub fn of_folder(path: &Path, terminal: Option<Terminal>, inside: &Inside<'_>) -> Report {
    examine(&programme::builtin(), &outside(path, clock::now(), terminal), inside)
}

/// What an opening that failed tells of the store; an error of the caller's own (a wrong passphrase) is handed back.
pub fn refused(failure: Failure) -> Result<Inside<'static>, Failure> {
    match failure {
        Failure::Vault(VaultError::InUse) => Ok(Inside::Skipped(Skipped::Busy)),
        Failure::Vault(VaultError::WrongPassphrase | VaultError::PassphraseLength) => Err(failure),
        Failure::Place { .. } => Ok(Inside::Skipped(Skipped::Unreadable)),
        Failure::Vault(_) | Failure::Record(_) | Failure::KeysMissing => Ok(broken(&failure)),
        other => Err(other),
    }
}

fn broken(failure: &Failure) -> Inside<'static> {
    Inside::Broken(match failure {
        Failure::Vault(VaultError::Damaged { what }) => what.iter().map(thing).collect(),
        Failure::Vault(VaultError::RolledBack) => vec![Damage::Older],
        Failure::Vault(VaultError::Newer) => vec![Damage::Newer],
        Failure::Vault(VaultError::KeyFile) => vec![Damage::KeyFile],
        other => vec![Damage::Thing(Text { ja: other.text(Lang::Ja), en: other.text(Lang::En) })],
    })
}

fn thing(finding: &Finding) -> Damage {
    let about = Text { ja: finding.text(Lang::Ja), en: finding.text(Lang::En) };
    match finding.part {
        Part::Text => Damage::History(about),
        _ => Damage::Thing(about),
    }
}

fn outside(path: &Path, now: DateTime, terminal: Option<Terminal>) -> Outside {
    let (entries, used) = folder::entries(path);
    Outside {
        now,
        terminal,
        disk: host::disk(path, used),
        ways: ways(&entries),
        entries,
        memory: host::memory(),
        place: place::look(path),
        settings: place::settings().mistakes.iter().map(mistake).collect(),
    }
}

fn mistake(mistake: &Mistake) -> Text {
    let text = |lang| mistake.text(Words::new(lang));
    Text { ja: text(Lang::Ja), en: text(Lang::En) }
}

/// The ways in as the folder shows them; which of them the store knows is seen once it is open.
fn ways(entries: &[bansou_core::doctor::Entry]) -> Vec<String> {
    let found = entries.iter().filter_map(|e| e.path.strip_prefix("keys/")?.strip_suffix(".age"));
    WAYS.into_iter().chain(found).map(str::to_owned).collect()
}
