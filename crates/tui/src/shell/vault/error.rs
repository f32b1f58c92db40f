//! Why the store did not do what was asked, in sentences that say what happened and what to do.

use std::fmt;
use std::io::ErrorKind;

use bansou_core::text::Lang;

use super::passphrase::{self, Weak};

/// Which part of the store a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Record,
    Journal,
    Blob,
    File,
    /// The text of a journal entry, which is read on its own.
    Text,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Changed,
    Missing,
    Older,
    Foreign,
}

/// One damaged thing. `name` is the sealed name in hex, or the journal number: it says nothing about a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub part: Part,
    pub fault: Fault,
    pub name: String,
}

impl Finding {
    pub(super) fn new(part: Part, fault: Fault, name: impl Into<String>) -> Self {
        Self { part, fault, name: name.into() }
    }

    /// One line for a list of findings.
    pub fn text(&self, lang: Lang) -> String {
        let (part, fault) = match lang {
            Lang::Ja => (
                ["記録", "履歴", "添付", "ファイル", "履歴の文"][self.part as usize],
                [
                    "が書き換えられています",
                    "がありません",
                    "が古いものに戻されています",
                    "は、この保管庫のものではありません",
                ][self.fault as usize],
            ),
            Lang::En => (
                ["record", "journal entry", "attachment", "file", "text of journal entry"][self.part as usize],
                ["was changed", "is missing", "is an older copy", "does not belong to this store"][self.fault as usize],
            ),
        };
        match lang {
            Lang::Ja => format!("{part} {}{fault}", self.name),
            Lang::En => format!("{part} {} {fault}", self.name),
        }
    }
}

/// Why the store refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    NotFound,
    Exists,
    InUse,
    PassphraseLength,
    PassphraseWeak(Weak),
    WrongPassphrase,
    WrongRecovery,
    KeyFile,
    Damaged {
        what: Vec<Finding>,
    },
    RolledBack,
    /// A backup that does not open into a whole store.
    Backup,
    /// A file of this name is there already.
    FileExists,
    /// Not an age recipient (`age1…`), or a way in of that name that is not there or may not go.
    Recipient,
    DiskFull,
    Newer,
    TooLarge,
    Permission,
    Io(ErrorKind),
    /// Extended result code of SQLite.
    Store(i32),
}

impl VaultError {
    /// Stable code for lists and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "E-VAULT-NONE",
            Self::Exists => "E-VAULT-EXISTS",
            Self::InUse => "E-VAULT-IN-USE",
            Self::PassphraseLength => "E-VAULT-PASSPHRASE-LENGTH",
            Self::PassphraseWeak(_) => "E-VAULT-PASSPHRASE-WEAK",
            Self::WrongPassphrase => "E-VAULT-PASSPHRASE",
            Self::WrongRecovery => "E-VAULT-RECOVERY",
            Self::KeyFile => "E-VAULT-KEY-FILE",
            Self::Damaged { .. } => "E-VAULT-DAMAGED",
            Self::RolledBack => "E-VAULT-ROLLED-BACK",
            Self::Backup => "E-VAULT-BACKUP",
            Self::FileExists => "E-VAULT-FILE-EXISTS",
            Self::Recipient => "E-VAULT-RECIPIENT",
            Self::DiskFull => "E-VAULT-DISK-FULL",
            Self::Newer => "E-VAULT-NEWER",
            Self::TooLarge => "E-VAULT-TOO-LARGE",
            Self::Permission => "E-VAULT-PERMISSION",
            Self::Io(_) => "E-VAULT-FILE",
            Self::Store(_) => "E-VAULT-STORE",
        }
    }

    /// Exit code of the command line.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::DiskFull | Self::Permission | Self::Io(_) | Self::Store(_) => 1,
            Self::PassphraseLength | Self::PassphraseWeak(_) | Self::Recipient => 2,
            Self::WrongPassphrase | Self::WrongRecovery => 4,
            Self::NotFound => 5,
            Self::Exists | Self::FileExists | Self::InUse | Self::TooLarge => 8,
            Self::KeyFile | Self::Backup | Self::Damaged { .. } | Self::RolledBack => 9,
            Self::Newer => 10,
        }
    }

    /// What happened and what to do.
    pub fn text(&self, lang: Lang) -> String {
        let (ja, en) = self.sentences();
        let mut text = match lang {
            Lang::Ja => ja.to_owned(),
            Lang::En => en.to_owned(),
        };
        match self {
            Self::Damaged { what } => what.iter().for_each(|f| {
                text.push_str("\n  ");
                text.push_str(&f.text(lang));
            }),
            Self::PassphraseWeak(_) => {
                text.push_str(if lang == Lang::En { " " } else { "" });
                text.push_str(passphrase::advice(lang));
            }
            Self::Io(kind) => text.push_str(&format!(" ({kind})")),
            Self::Store(code) => text.push_str(&format!(" (SQLite {code})")),
            _ => {}
        }
        text
    }

    fn sentences(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => (
                "ここには保管庫がありません。`bansou init` で作るか、控えから戻すか（`bansou backup restore`）、場所（--home）を確かめてください。",
                "There is no store here. Make one with `bansou init`, restore one with `bansou backup restore`, or check the place (--home).",
            ),
            Self::Exists => (
                "ここには既に保管庫があります。何も変えていません。別の場所を指定してください。",
                "There is already a store here. Nothing was changed; name another place.",
            ),
            Self::InUse => (
                "この保管庫は別の bansou が使っています。そちらを終了してから、もう一度実行してください。",
                "Another bansou is using this store. Close it and try again.",
            ),
            Self::Damaged { .. } => (
                "保管庫の中身が記録と一致しません。何も変えていません。`bansou doctor` が全部を挙げます。控えから戻してください。",
                "The store does not match its own journal. Nothing was changed; `bansou doctor` lists it all. Restore a backup.",
            ),
            Self::RolledBack => (
                "保管庫が前回より古い状態か、目印（state/anchor）が失われています。最新の控えを戻してください。\
                 承知のうえで古い状態から続けるときは、復旧コードで開いてください。",
                "The store is older than when it was last used, or its mark (state/anchor) is lost. Put the newest copy \
                 back; to go on from the older state knowingly, open it with the recovery code.",
            ),
            Self::DiskFull => (
                "ディスクに空きがないため、保存しませんでした。保存済みの内容は無事です。空きを作って、もう一度実行してください。",
                "The disk is full, so this was not saved. What was saved before is intact; make room and try again.",
            ),
            Self::Newer => (
                "この保管庫は、より新しい bansou で作られています。新しい版の bansou で開いてください。",
                "This store was written by a newer bansou. Open it with that edition.",
            ),
            Self::TooLarge => (
                "一つの記録または添付が大きすぎます（上限 64 MiB）。保存していません。分けてください。",
                "One record or attachment is too large (limit 64 MiB). It was not saved; split it.",
            ),
            Self::Permission => (
                "保管庫のファイルを読み書きする許可がありません。フォルダーの所有者と権限を確かめてください。",
                "The files of the store may not be read or written. Check the owner and permissions of its folder.",
            ),
            Self::Io(_) => (
                "保管庫のファイルを読み書きできませんでした。ディスクとフォルダーを確かめてください。",
                "A file of the store could not be read or written. Check the disk and the folder.",
            ),
            Self::Store(_) => (
                "保管庫のデータベースが処理を断りました。保存済みの内容は無事です。もう一度実行してください。",
                "The database of the store refused. What was saved before is intact; try again.",
            ),
            _ => self.about_keys(),
        }
    }

    /// Keys, backups and the ways in.
    fn about_keys(&self) -> (&'static str, &'static str) {
        match self {
            Self::PassphraseWeak(why) => why.sentences(),
            Self::PassphraseLength => (
                "パスフレーズは10文字以上1024文字以下（15文字以上を推奨）にしてください。何も変えていません。",
                "A passphrase has 10 to 1024 characters (15 or more are better). Nothing was changed; choose another.",
            ),
            Self::WrongPassphrase => (
                "パスフレーズが違います。入力し直してください。忘れたときは、同じところに復旧コードを入力すると開けます。",
                "The passphrase is wrong. Type it again; if it is lost, type the recovery code in its place.",
            ),
            Self::WrongRecovery => (
                "復旧コードが違います。復旧シートのとおりに、AGE-SECRET-KEY-1 から全部入力してください。",
                "The recovery code is wrong. Type it as on the recovery sheet, from AGE-SECRET-KEY-1 to its end.",
            ),
            Self::KeyFile => (
                "鍵ファイル（keys/）が壊れているか、許されない設定です。バックアップから keys/ を戻してください。",
                "A key file (keys/) is damaged or has settings that are not allowed. Put keys/ back from a backup.",
            ),
            Self::Backup => (
                "このファイルは控えとして開けません。壊れているか、途中で切れているか、bansou の控えではありません。\
                 何も変えていません。別の控えを使ってください。",
                "This file does not open as a backup: it is damaged, cut short, or none of bansou's. Nothing was changed; \
                 use another backup.",
            ),
            Self::FileExists => (
                "その名前のファイルが既にあります。上書きしません。別の名前にしてください。",
                "There is already a file of that name. It is not overwritten; give another name.",
            ),
            _ => (
                "その鍵は使えません。age1 で始まる受取人か、一覧にある鍵の名前を指定してください（`bansou key list`）。",
                "That key cannot be used. Give a recipient that begins with age1, or the name of a way in (`bansou key list`).",
            ),
        }
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl From<std::io::Error> for VaultError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Permission,
            kind => Self::Io(kind),
        }
    }
}
