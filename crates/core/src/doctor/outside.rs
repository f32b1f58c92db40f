//! What can be seen without the passphrase: terminal, clock, disk, files of the home, swap, and where the home lies.

use jiff::civil::DateTime;

use super::{Check, Finding, Report, Skipped};
use crate::programme::Pack;
use crate::text::Text;

/// Columns and rows that the screens are made for.
const SCREEN: (u16, u16) = (80, 24);
/// Room below which the next save may fail, in bytes.
const HARDLY_ANY: u64 = 16 << 20;
/// Room for ordinary work beside a second copy of the store, in bytes.
const WORKING_ROOM: u64 = 64 << 20;
/// Years after the newest programme of this program in which nobody should still use it.
const LONGEST_USE: i16 = 20;
/// Files that a whole home consists of, beside one file for each way in.
const KNOWN: [&str; 11] = [
    ".",
    "backups",
    "keys",
    "lock",
    "state",
    "state/anchor",
    "state/draft",
    "state/put-back",
    "vault.db",
    "vault.db-shm",
    "vault.db-wal",
];

/// What the shell saw of machine and folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// Japan time; the practice day in a practice home.
    pub now: DateTime,
    /// None when not run at a terminal.
    pub terminal: Option<Terminal>,
    pub disk: Option<Disk>,
    /// Everything in the home folder, the folder itself as `.`; empty when there is none.
    pub entries: Vec<Entry>,
    /// Names of the ways in that have a file in `keys/`, such as `passphrase`.
    pub ways: Vec<String>,
    /// None where the system does not tell.
    pub memory: Option<Memory>,
    pub place: Place,
    /// Mistakes in the settings file, in words.
    pub settings: Vec<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The locale speaks UTF-8.
    pub utf8: bool,
    pub colours: bool,
    /// tmux or screen.
    pub multiplexer: bool,
    pub ssh: bool,
    /// Characters of ambiguous width take two cells; none when it was not asked.
    pub wide: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Bytes that this user may still write.
    pub free: u64,
    /// Bytes of the home's files.
    pub used: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    Folder,
    File,
    /// A link, a socket, a device.
    Other,
}

/// One thing in the home folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Below the home, with `/`.
    pub path: String,
    pub kind: EntryKind,
    /// The nine permission bits; none where the system has no such bits.
    pub mode: Option<u32>,
    /// It belongs to the user who runs this program.
    pub own: bool,
}

/// What may carry memory to the disk or to onlookers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub swaps: Vec<Swap>,
    /// The machine can write its whole memory to a swap space.
    pub hibernates: bool,
    /// A crash leaves no image.
    pub core_dumps_off: bool,
    /// Other programs of this user cannot read this one's memory.
    pub undumpable: bool,
    /// Pages of keys can be kept out of the swap space.
    pub keys_locked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    pub name: String,
    pub kind: SwapKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapKind {
    /// In memory, compressed.
    Zram,
    Encrypted,
    Open,
}

/// Where the home lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File system type, when it is one of a network.
    pub network: Option<String>,
    /// File system type, when nobody can tell what is behind it.
    pub unclear: Option<String>,
    /// The service that copies this folder elsewhere.
    pub synced: Option<String>,
}

impl Outside {
    pub(super) fn examine(&self, report: &mut Report) {
        let wrong = self.settings.iter().map(|about| Finding { check: Check::SettingsWrong, about: about.clone() });
        report.findings.extend(wrong);
        let found = &mut report.findings;
        match &self.terminal {
            Some(terminal) => terminal.examine(found),
            None => report.skipped.push(Skipped::Terminal),
        }
        match self.disk {
            Some(disk) => found.extend(disk.finding()),
            None => report.skipped.push(Skipped::Disk),
        }
        match &self.memory {
            Some(memory) => memory.examine(found),
            None => report.skipped.push(Skipped::Memory),
        }
        self.entries.iter().for_each(|e| e.examine(&self.ways, found));
        self.missing(found);
        let place = [
            (Check::PlaceNetwork, &self.place.network),
            (Check::PlaceUnclear, &self.place.unclear),
            (Check::PlaceSynced, &self.place.synced),
        ];
        found.extend(place.into_iter().filter_map(|(check, name)| Some(Finding::new(check, name.clone()?))));
    }

    /// A clock before the programmes of this program began, or long after they have ended, is wrong.
    pub(super) fn clock(&self, packs: &[Pack], newest: Option<DateTime>) -> Option<Finding> {
        let newest_pack = packs.iter().max_by_key(|p| p.programme.starts)?;
        let today = self.now.date();
        let last_year = newest_pack.programme.ends.year().saturating_add(LONGEST_USE);
        if today < newest_pack.programme.starts || today.year() > last_year {
            return Some(Finding::new(Check::ClockImplausible, self.now.to_string()));
        }
        newest.filter(|entry| *entry > self.now).map(|entry| {
            let (ja, en) =
                (format!("{} (最後の記録は {entry})", self.now), format!("{} (newest entry {entry})", self.now));
            Finding { check: Check::ClockBehind, about: Text { ja, en } }
        })
    }

    /// A home that has a store needs a file for each way in.
    fn missing(&self, found: &mut Vec<Finding>) {
        let has = |path: &str| self.entries.iter().any(|e| e.path == path);
        if has("vault.db") {
            let paths = self.ways.iter().map(|way| format!("keys/{way}.age"));
            found.extend(paths.filter(|p| !has(p)).map(|p| Finding::new(Check::KeyMissing, p)));
        }
    }
}

impl Terminal {
    fn examine(&self, found: &mut Vec<Finding>) {
        let (columns, rows) = self.size;
        if columns < SCREEN.0 || rows < SCREEN.1 {
            found.push(Finding::new(Check::TerminalSize, format!("{columns}x{rows}")));
        }
        let plain = [
            (Check::TerminalEncoding, !self.utf8),
            (Check::TerminalWide, self.wide == Some(true)),
            (Check::TerminalColours, !self.colours),
            (Check::TerminalMultiplexer, self.multiplexer),
            (Check::TerminalRemote, self.ssh),
        ];
        found.extend(plain.into_iter().filter(|p| p.1).map(|(check, _)| Finding::new(check, "")));
    }
}

impl Disk {
    fn finding(self) -> Option<Finding> {
        let check = match self.free {
            free if free < HARDLY_ANY => Check::DiskFull,
            // A new copy of the whole store is made beside the old one when keys are changed or a backup is restored.
            free if free < self.used.saturating_add(WORKING_ROOM) => Check::DiskShort,
            _ => return None,
        };
        Some(Finding::new(check, format!("{} MiB", self.free >> 20)))
    }
}

impl Memory {
    fn examine(&self, found: &mut Vec<Finding>) {
        let open: Vec<&Swap> = self.swaps.iter().filter(|s| s.kind == SwapKind::Open).collect();
        found.extend(open.iter().map(|s| Finding::new(Check::SwapOpen, &s.name)));
        let plain = [
            (Check::Hibernation, self.hibernates && !open.is_empty()),
            (Check::CoreDumps, !self.core_dumps_off && !self.undumpable),
            (Check::Onlookers, !self.undumpable),
            (Check::LockedMemory, !self.keys_locked),
        ];
        found.extend(plain.into_iter().filter(|p| p.1).map(|(check, _)| Finding::new(check, "")));
    }
}

impl Entry {
    fn examine(&self, ways: &[String], found: &mut Vec<Finding>) {
        let whole = match self.kind {
            EntryKind::Folder => 0o700,
            EntryKind::File => 0o600,
            EntryKind::Other => return found.push(Finding::new(Check::FileKind, &self.path)),
        };
        if let Some(mode) = self.mode.filter(|mode| *mode != whole) {
            found.push(Finding::new(Check::FileMode, format!("{} ({mode:o})", self.path)));
        }
        if !self.own {
            found.push(Finding::new(Check::FileOwner, &self.path));
        }
        if let Some(check) = self.stray(ways) {
            found.push(Finding::new(check, &self.path));
        }
    }

    /// What a path that does not belong to a whole home is taken for.
    fn stray(&self, ways: &[String]) -> Option<Check> {
        let way = self.path.strip_prefix("keys/");
        if self.path.strip_prefix("backups/").is_some_and(|name| name.ends_with(".age")) {
            return None;
        }
        if KNOWN.contains(&self.path.as_str()) || way.is_some_and(|w| is_way(w, ways)) {
            return None;
        }
        Some(if self.path == "new" || self.path.ends_with(".new") {
            Check::FileUnfinished
        } else if self.path.starts_with("new/") {
            return None;
        } else if way.is_some() {
            Check::KeyUnknown
        } else {
            Check::FileStray
        })
    }
}

fn is_way(name: &str, ways: &[String]) -> bool {
    name.strip_suffix(".age").is_some_and(|stem| ways.iter().any(|w| w == stem))
}
