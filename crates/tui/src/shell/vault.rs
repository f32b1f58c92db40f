//! The encrypted store of one home: sealed records, sealed attachments and a chained journal, each change one transaction.
//!
//! Byte level only: what a record or an entry means is the caller's. The layout is in `docs/formats.md`.

mod anchor;
pub mod backup;
mod build;
mod database;
mod draft;
mod error;
mod home;
mod journal;
mod keys;
mod ledger;
pub mod padding;
mod passphrase;
mod past;
mod sealed;
mod secret;
#[cfg(test)]
mod tests;
mod walk;
mod ways;
pub mod xchacha;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use bansou_core::record::v1::backup::BackupManifest;
use zeroize::Zeroizing;

use anchor::{Anchor, Marker, Standing};
use build::Pour;
use database::Database;
pub use error::{Fault, Finding, Part, VaultError};
use journal::{Deed, Entry, Mention, sha256};
pub use keys::recipient_of;
use keys::{DataKey, Keys};
use ledger::{Head, Ledger, finding};
pub use passphrase::{Weak, check as check_passphrase};
use sealed::Table;
pub use secret::{RecoveryCode, Secret};

/// Largest record, attachment or journal text, in bytes.
pub const LARGEST: usize = 64 << 20;
/// Lowest and highest log2 of the scrypt cost that a key file may ask for.
const WORK_FLOOR: u8 = 12;
const WORK_CEILING: u8 = 20;

/// Names a record; 16 bytes chosen by the caller.
pub type RecordId = [u8; 16];
/// Names an attachment; 16 random bytes, used once.
pub type BlobId = [u8; 16];

/// Whether a home holds real work. A practice home opens faster and takes any passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Real,
    Practice,
}

impl Kind {
    fn work_factor(self) -> u8 {
        match self {
            Self::Real => 18,
            Self::Practice => WORK_FLOOR,
        }
    }

    fn shortest_passphrase(self) -> usize {
        match self {
            Self::Real => 10,
            Self::Practice => 1,
        }
    }

    fn text(self) -> &'static [u8] {
        match self {
            Self::Real => b"real",
            Self::Practice => b"practice",
        }
    }

    fn of(text: &[u8]) -> Option<Self> {
        [Self::Real, Self::Practice].into_iter().find(|k| k.text() == text)
    }
}

/// Layout of a store. Format 1 is read to be migrated; format 2 chains the hash of a text instead of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell::vault) enum Format {
    One = 1,
    Two = 2,
}

impl Format {
    fn number<N: From<u8>>(self) -> N {
        N::from(self as u8)
    }

    fn of(number: i64) -> Option<Self> {
        [Self::One, Self::Two].into_iter().find(|f| f.number::<i64>() == number)
    }

    fn label(self) -> &'static str {
        match self {
            Self::One => "bansou/vault/v1",
            Self::Two => "bansou/vault/v2",
        }
    }
}

/// What opens a store or a backup.
pub enum Unlock<'a> {
    Passphrase(&'a Secret),
    /// The recovery code, or the identity of another way in (`AGE-SECRET-KEY-1…`).
    Identity(&'a Secret),
}

impl<'a> Unlock<'a> {
    /// Tells a recovery code from a passphrase by how it begins.
    pub fn of(secret: &'a Secret) -> Self {
        const PREFIX: &str = "AGE-SECRET-KEY-1";
        let begins = secret.expose().trim_start().get(..PREFIX.len());
        match begins.is_some_and(|b| b.eq_ignore_ascii_case(PREFIX)) {
            true => Self::Identity(secret),
            false => Self::Passphrase(secret),
        }
    }
}

/// One change to one record; `bytes` none = delete.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    pub id: RecordId,
    pub bytes: Option<&'a [u8]>,
}

/// A first entry of a new store: the records it sets, and its text.
pub type First<'a> = (&'a [(RecordId, &'a [u8])], &'a [u8]);

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Number of the journal entry, from 1.
    pub seq: u64,
    /// False when the data is saved but `state/anchor` could not be moved; the next commit or open moves it.
    pub anchored: bool,
}

/// A journal entry as the caller wrote it.
pub struct JournalRow {
    pub seq: u64,
    pub entry: Zeroizing<Vec<u8>>,
}

/// A copy that is wiped; made in one piece, so that no smaller one is left behind.
fn copy(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut copy = Zeroizing::new(Vec::with_capacity(bytes.len()));
    copy.extend_from_slice(bytes);
    copy
}

struct Row {
    rev: u64,
    bytes: Zeroizing<Vec<u8>>,
}

/// An open store. Dropping it wipes the keys and the records and lets the next process in.
pub struct Vault {
    // Declared first: the database closes before the lock is released.
    db: Database,
    home: PathBuf,
    dek: DataKey,
    keys: Keys,
    ledger: Ledger,
    records: BTreeMap<RecordId, Row>,
    erased: BTreeSet<u64>,
    marker: Marker,
    lock: File,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(***)")
    }
}

impl Vault {
    /// Whether `home` holds a store.
    pub fn exists(home: &Path) -> bool {
        home.join("keys").exists() || build::pending(home)
    }

    /// Makes a store and the recovery code that opens it without the passphrase. The code is not kept anywhere.
    pub fn create(home: &Path, passphrase: &Secret, kind: Kind) -> Result<(Self, RecoveryCode), VaultError> {
        Self::create_with(home, passphrase, kind, &[])
    }

    /// Like `create`, with first entries and what they set: a store that is there holds them, whenever it was cut short.
    pub fn create_with(
        home: &Path,
        passphrase: &Secret,
        kind: Kind,
        first: &[First<'_>],
    ) -> Result<(Self, RecoveryCode), VaultError> {
        Self::found(home, passphrase, kind, false, |pour| {
            pour.entry(Vec::new(), Some(kind.text()))?;
            for (records, text) in first {
                let set =
                    |(id, bytes): &(RecordId, &[u8])| Mention { deed: Deed::Set, id: *id, rev: 1, hash: sha256(bytes) };
                pour.entry(records.iter().map(set).collect(), Some(text))?;
                records.iter().try_for_each(|(id, bytes)| pour.record(id, 1, bytes))?;
            }
            Ok(())
        })
    }

    /// Makes a store with these rows under fresh keys.
    fn found(
        home: &Path,
        passphrase: &Secret,
        kind: Kind,
        put_back: bool,
        pour: impl FnOnce(&mut Pour<'_>) -> Result<(), VaultError>,
    ) -> Result<(Self, RecoveryCode), VaultError> {
        if Self::exists(home) {
            return Err(VaultError::Exists);
        }
        // Before anything is written, so that a refused passphrase leaves no folder behind.
        passphrase::check(passphrase, kind, &[])?;
        let dek = keys::fresh()?;
        let code = keys::fresh_recovery();
        let files = vec![
            (ways::PASSPHRASE.to_owned(), keys::wrap_passphrase(&dek, passphrase, kind.work_factor())?),
            (ways::RECOVERY.to_owned(), keys::wrap_recipient(&dek, &keys::recipient_of(&code)?)?),
        ];
        home::folder(home)?;
        let lock = home::lock(home)?;
        // A creation that was cut short leaves no database under its name.
        if Self::exists(home) || home.join("vault.db").exists() {
            return Err(VaultError::Exists);
        }
        build::build(home, &dek, &files, put_back, pour)?;
        build::settle(home)?;
        Ok((Self::load(home, lock, dek, false)?, code))
    }

    /// Opens a store: every record is read and compared with the journal before anything is given out.
    /// Whoever opens it with an identity may also go on from an older copy: see `put_back`.
    pub fn open(home: &Path, unlock: &Unlock<'_>) -> Result<Self, VaultError> {
        if !Self::exists(home) {
            return Err(VaultError::NotFound);
        }
        let lock = home::lock(home)?;
        build::settle(home)?;
        let dek = ways::enter(home, unlock)?;
        Self::load(home, lock, dek, matches!(unlock, Unlock::Identity(_)))
    }

    fn key_file(home: &Path, name: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        home::read_small(&home.join(name), 16 << 10)?.ok_or(VaultError::KeyFile)
    }

    fn load(home: &Path, lock: File, dek: DataKey, accept_older: bool) -> Result<Self, VaultError> {
        let path = home.join("vault.db");
        if !path.exists() {
            return Err(VaultError::Damaged { what: vec![Finding::new(Part::File, Fault::Missing, "vault.db")] });
        }
        let (db, format) = Database::open(&path)?;
        let keys = Keys::derive(&dek, format);
        let walk = walk::walk(&db, &keys, &Anchor::read(home, format)?)?;
        let Some(head) = walk.ledger.head.filter(|_| walk.findings.is_empty()) else {
            return Err(VaultError::Damaged { what: walk.findings });
        };
        if walk.standing == Standing::Lost && !accept_older {
            return Err(VaultError::RolledBack);
        }
        let marker = Marker::open(home, &keys, head, walk.standing)?;
        let vault = Self {
            db,
            home: home.to_owned(),
            dek,
            keys,
            ledger: walk.ledger,
            records: walk.records,
            erased: walk.erased,
            marker,
            lock,
        };
        match format {
            Format::One => vault.migrated(),
            Format::Two => Ok(vault),
        }
    }

    /// Real or practice, as chosen at creation.
    pub fn kind(&self) -> Kind {
        self.ledger.kind
    }

    /// True when this store comes from a backup, or from an older copy that a recovery code accepted, until that is
    /// acknowledged.
    pub fn put_back(&self) -> bool {
        anchor::put_back(&self.home)
    }

    /// Takes note that it was put back; whoever calls this has saved what follows from it.
    pub fn acknowledge(&mut self) -> Result<(), VaultError> {
        anchor::forget_put_back(&self.home)
    }

    /// Number of the newest journal entry; 0 when nothing was committed yet.
    pub fn seq(&self) -> u64 {
        self.head().seq
    }

    fn head(&self) -> Head {
        self.ledger.head.expect("a store without its first entry does not open")
    }

    /// Every live record: id, revision (from 1), bytes.
    pub fn records(&self) -> impl Iterator<Item = (RecordId, u64, &Zeroizing<Vec<u8>>)> {
        self.records.iter().map(|(id, row)| (*id, row.rev, &row.bytes))
    }

    /// The bytes of one record.
    pub fn record(&self, id: &RecordId) -> Option<&[u8]> {
        self.records.get(id).map(|row| row.bytes.as_slice())
    }

    /// Saves changes, attachments (none = delete) and one journal entry together. When this returns an error, nothing
    /// was saved.
    pub fn commit(
        &mut self,
        changes: &[Change<'_>],
        blobs: &[(BlobId, Option<&[u8]>)],
        entry: &[u8],
    ) -> Result<Committed, VaultError> {
        let sizes = changes.iter().filter_map(|c| c.bytes).chain(blobs.iter().filter_map(|b| b.1)).chain([entry]);
        if sizes.map(<[u8]>::len).any(|n| n > LARGEST) {
            return Err(VaultError::TooLarge);
        }
        let last = self.head();
        let seq = last.seq + 1;
        let mut revs: BTreeMap<RecordId, u64> = BTreeMap::new();
        let mut mentions = Vec::with_capacity(changes.len() + blobs.len());
        let write = self.db.begin()?;
        for change in changes {
            let next = self.ledger.next_rev(&change.id);
            let rev = *revs.entry(change.id).and_modify(|r| *r += 1).or_insert(next);
            let name = sealed::name(&self.keys, Table::Record, &change.id);
            let (deed, hash) = match change.bytes {
                Some(bytes) => {
                    write.put_record(&name, rev, &sealed::seal(&self.keys, Table::Record, &name, rev, bytes)?)?;
                    (Deed::Set, sha256(bytes))
                }
                None => {
                    write.delete_record(&name)?;
                    (Deed::Deleted, [0; 32])
                }
            };
            mentions.push(Mention { deed, id: change.id, rev, hash });
        }
        for (id, bytes) in blobs {
            let name = sealed::name(&self.keys, Table::Blob, id);
            let (deed, hash) = match bytes {
                Some(bytes) => {
                    write.add_blob(&name, &sealed::seal(&self.keys, Table::Blob, &name, 1, bytes)?)?;
                    (Deed::Blob, sha256(bytes))
                }
                None => {
                    write.delete_blob(&name)?;
                    (Deed::BlobDeleted, [0; 32])
                }
            };
            mentions.push(Mention { deed, id: *id, rev: 1, hash });
        }
        let seal = |table, bytes: &[u8]| sealed::seal(&self.keys, table, &seq.to_be_bytes(), 0, bytes);
        let text = seal(Table::Text, entry)?;
        let entry = Entry { seq, prev: last.hash, mentions, digest: sha256(entry) };
        let bytes = entry.encode();
        write.add_entry(seq, &seal(Table::Journal, &bytes)?, Some(&text))?;
        write.commit()?;
        let head = Head { seq, hash: sha256(&bytes) };
        self.ledger.head = Some(head);
        self.remember(changes, seq, &entry.mentions);
        let anchored = self.marker.write(&self.keys, head).is_ok();
        Ok(Committed { seq, anchored })
    }

    fn remember(&mut self, changes: &[Change<'_>], seq: u64, mentions: &[Mention]) {
        for (change, mention) in changes.iter().zip(mentions) {
            match change.bytes {
                Some(bytes) => drop(self.records.insert(change.id, Row { rev: mention.rev, bytes: copy(bytes) })),
                None => drop(self.records.remove(&change.id)),
            }
        }
        mentions.iter().for_each(|mention| self.ledger.mention(seq, mention));
    }

    /// Every journal entry from number `from` on with its text, oldest first; the texts of some are not even looked at.
    fn entries(
        &self,
        from: u64,
        without: &BTreeSet<u64>,
        mut take: impl FnMut(&Entry, Option<&[u8]>) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let mut stopped = Ok(());
        self.db.each_entry(from, |seq, row| {
            stopped = walk::told(&self.db, &self.keys, seq, row, !without.contains(&seq))
                .and_then(|(entry, text)| take(&entry, text.as_ref().map(|text| text.as_slice())));
            stopped.is_ok()
        })?;
        stopped
    }

    /// Journal entries from number `from` on, oldest first; the text of one that was erased is empty.
    pub fn journal(&self, from: u64) -> Result<Vec<JournalRow>, VaultError> {
        let mut rows = Vec::new();
        self.entries(from.max(1), &BTreeSet::new(), |entry, text| {
            rows.push(JournalRow { seq: entry.seq, entry: copy(text.unwrap_or_default()) });
            Ok(())
        })?;
        Ok(rows)
    }

    /// Whether the text of this entry was erased.
    pub fn erased(&self, seq: u64) -> bool {
        self.erased.contains(&seq)
    }

    /// Reads an attachment; nothing when there is none of that id.
    pub fn blob(&self, id: &BlobId) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some(hash) = self.ledger.blobs.get(id) else { return Ok(None) };
        let name = sealed::name(&self.keys, Table::Blob, id);
        let damaged = |fault| VaultError::Damaged { what: vec![finding(Part::Blob, fault, &name)] };
        let row = self.db.blob(&name)?.ok_or_else(|| damaged(Fault::Missing))?;
        let bytes = sealed::open(&self.keys, Table::Blob, &name, 1, &row).filter(|b| sha256(b) == *hash);
        bytes.map(Some).ok_or_else(|| damaged(Fault::Changed))
    }

    /// The attachment with these bytes, by their SHA-256.
    pub fn holding(&self, hash: &[u8; 32]) -> Option<BlobId> {
        self.ledger.blobs.iter().find(|(_, held)| *held == hash).map(|(id, _)| *id)
    }

    /// Reads everything again from disk, attachments too, and lists all that is wrong.
    pub fn verify(&self) -> Result<Vec<Finding>, VaultError> {
        let walk = walk::walk(&self.db, &self.keys, &Anchor::read(&self.home, self.keys.format)?)?;
        let mut findings = walk.findings;
        if findings.is_empty() {
            findings.extend(walk::texts(&self.db, &self.keys)?.into_values());
        }
        if walk.standing != Standing::Level {
            findings.push(Finding::new(Part::File, Fault::Changed, "state/anchor"));
        }
        if walk.ledger.head != self.ledger.head {
            findings.push(Finding::new(Part::Journal, Fault::Missing, self.seq().to_string()));
        }
        if !self.db.sound()? {
            findings.push(Finding::new(Part::File, Fault::Changed, "vault.db"));
        }
        if self.draft().is_err() {
            findings.push(draft::damaged());
        }
        for id in self.ledger.blobs.keys() {
            match self.blob(id) {
                Err(VaultError::Damaged { what }) => {
                    findings.extend(what.into_iter().filter(|f| f.fault == Fault::Changed))
                }
                other => drop(other?),
            }
        }
        Ok(findings)
    }

    /// Writes a backup into a new file, for the passphrase and for these recipients (`age1…`).
    pub fn backup(
        &self,
        file: &Path,
        recipients: &[String],
        made_at: Option<jiff::civil::DateTime>,
    ) -> Result<BackupManifest, VaultError> {
        backup::write(self, file, recipients, made_at)
    }
}
