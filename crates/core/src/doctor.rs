//! What is wrong with this machine, this folder and this store: facts in, findings out, each with the next command.

mod inside;
mod outside;
mod sentences;

use crate::programme::Pack;
use crate::text::{Lang, Text};
pub use inside::{Damage, Opened};
pub use outside::{Disk, Entry, EntryKind, Memory, Outside, Place, Swap, SwapKind, Terminal};

/// What can be found. The order is the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    StoreDamaged,
    StoreOlder,
    StoreNewer,
    StoreHistory,
    KeyDamaged,
    KeyMissing,
    KeyUnknown,
    KeyChanged,
    KeyDrill,
    FileMode,
    FileOwner,
    FileKind,
    FileUnfinished,
    FileStray,
    PlaceNetwork,
    PlaceUnclear,
    PlaceSynced,
    ClockImplausible,
    ClockBehind,
    DiskFull,
    DiskShort,
    BackupNone,
    BackupOld,
    SwapOpen,
    Hibernation,
    CoreDumps,
    Onlookers,
    LockedMemory,
    EnrolmentRefused,
    Certificate,
    CertificateSoon,
    Recipients,
    RecipientsSoon,
    ProgrammeUnknown,
    ProgrammeEnded,
    TaxTable,
    Holidays,
    OutboxWaiting,
    AnswerMissing,
    SettingsWrong,
    TerminalSize,
    TerminalEncoding,
    TerminalWide,
    TerminalColours,
    TerminalMultiplexer,
    TerminalRemote,
}

/// How much a finding matters. A note is worth knowing and asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Danger,
}

impl Severity {
    /// Stable word for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// One thing that was found. Never holds client data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub check: Check,
    /// The file, row, date or number it is about; may be empty.
    pub about: Text,
}

impl Finding {
    pub(crate) fn new(check: Check, about: impl Into<String>) -> Self {
        let ja: String = about.into();
        Self { check, about: Text { en: ja.clone(), ja } }
    }

    /// Stable name, such as `file.mode`.
    pub fn id(&self) -> &'static str {
        sentences::of(self.check).0
    }

    pub fn severity(&self) -> Severity {
        sentences::of(self.check).1
    }

    /// What is wrong.
    pub fn cause(&self, lang: Lang) -> &'static str {
        self.sentence(lang, 0)
    }

    /// What it can lead to.
    pub fn effect(&self, lang: Lang) -> &'static str {
        self.sentence(lang, 1)
    }

    /// What to do now.
    pub fn next(&self, lang: Lang) -> &'static str {
        self.sentence(lang, 2)
    }

    fn sentence(&self, lang: Lang, n: usize) -> &'static str {
        let all = sentences::say(self.check);
        match lang {
            Lang::Ja => &all.ja[n],
            Lang::En => &all.en[n],
        }
    }
}

/// A part of the examination that could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// Not run at a terminal.
    Terminal,
    /// The system does not tell about swap, core dumps and locked pages.
    Memory,
    /// The system does not tell how much room is left.
    Disk,
    /// There is no store at this place.
    NoStore,
    /// The store was not to be opened, or no passphrase was given.
    Locked,
    /// Another program has the store open.
    Busy,
    /// The store could not be opened: its records, dates and bundles were not looked at.
    Unreadable,
}

impl Skipped {
    /// Stable word for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::NoStore => "no-store",
            Self::Locked => "locked",
            Self::Busy => "busy",
            Self::Unreadable => "unreadable",
        }
    }

    /// What was not looked at, and why.
    pub fn text(self, lang: Lang) -> &'static str {
        let (ja, en) = match self {
            Self::Terminal => ("端末: 端末で実行していないため見ていません", "terminal: not run at one"),
            Self::Memory => {
                ("スワップ・コアダンプ: この機械は教えてくれません", "swap and core dumps: the system does not tell")
            }
            Self::Disk => ("ディスクの空き: この機械は教えてくれません", "free space: the system does not tell"),
            Self::NoStore => ("保管庫: この場所にはありません", "store: there is none at this place"),
            Self::Locked => (
                "保管庫の中: 開けていません(パスフレーズが要ります)",
                "inside the store: not opened (needs the passphrase)",
            ),
            Self::Busy => ("保管庫の中: 別の bansou が使っています", "inside the store: another bansou has it open"),
            Self::Unreadable => (
                "控え・登録・版・未送信: 保管庫を開けないため見ていません",
                "backup, enrolment, editions, outbox: the store does not open",
            ),
        };
        if lang == Lang::Ja { ja } else { en }
    }
}

/// What is known of the inside of the store.
#[derive(Clone, Debug)]
pub enum Inside<'a> {
    /// It was not looked at.
    Skipped(Skipped),
    /// It refuses to open.
    Broken(Vec<Damage>),
    Open(Opened<'a>),
}

/// The whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The gravest kinds first.
    pub findings: Vec<Finding>,
    pub skipped: Vec<Skipped>,
}

impl Report {
    /// False when something asks to be done; notes do not.
    pub fn healthy(&self) -> bool {
        self.findings.iter().all(|f| f.severity() == Severity::Note)
    }
}

/// Examines everything that is known; `packs` are the programmes of this program.
pub fn examine(packs: &[Pack], outside: &Outside, inside: &Inside<'_>) -> Report {
    let mut report = Report::default();
    outside.examine(&mut report);
    let newest = if let Inside::Open(opened) = inside { opened.newest } else { None };
    report.findings.extend(outside.clock(packs, newest));
    match inside {
        Inside::Skipped(why) => report.skipped.push(*why),
        Inside::Broken(damage) => {
            report.findings.extend(damage.iter().map(Damage::finding));
            report.skipped.push(Skipped::Unreadable);
        }
        Inside::Open(opened) => opened.examine(packs, outside.now.date(), &mut report.findings),
    }
    report.findings.sort_by_key(|f| (std::cmp::Reverse(f.severity()), f.check));
    report.skipped.sort();
    report
}
