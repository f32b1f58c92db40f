//! The encrypted store of one home: sealed records, sealed attachments and a chained journal, each change one transaction.
//!
//! Byte level only: what a record or an entry means is the caller's. The layout is in `docs/formats.md`.

mod anchor;
mod database;
mod error;
mod home;
mod journal;
mod keys;
pub mod padding;
mod passphrase;
mod sealed;
mod secret;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use bansou_core::wire::v1::envelope::hex;
use zeroize::Zeroizing;

use anchor::{Anchor, Head};
use database::Database;
pub use error::{Fault, Finding, Part, VaultError};
use journal::{Deed, Mention, sha256};
use keys::{DataKey, Keys};
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

/// One change to one record; `bytes` none = delete.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    pub id: RecordId,
    pub bytes: Option<&'a [u8]>,
}

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
    kind: Kind,
    head: Head,
    records: BTreeMap<RecordId, Row>,
    mentions: BTreeMap<RecordId, Mention>,
    blobs: BTreeMap<BlobId, [u8; 32]>,
    reanchored: bool,
    _lock: File,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(***)")
    }
}

impl Vault {
    /// Whether `home` holds a store.
    pub fn exists(home: &Path) -> bool {
        home.join("keys").exists()
    }

    /// Makes a store and the recovery code that opens it without the passphrase. The code is not kept anywhere.
    pub fn create(home: &Path, passphrase: &Secret, kind: Kind) -> Result<(Self, RecoveryCode), VaultError> {
        if Self::exists(home) {
            return Err(VaultError::Exists);
        }
        // Before anything is written, so that a refused passphrase leaves no folder behind.
        let dek = keys::fresh()?;
        let by_passphrase = keys::wrap_passphrase(&dek, passphrase, kind)?;
        home::folder(home)?;
        let lock = home::lock(home)?;
        let fresh = home.join("new");
        let unfinished = fresh.exists();
        if Self::exists(home) || (!unfinished && home.join("vault.db").exists()) {
            return Err(VaultError::Exists);
        }
        let (by_recovery, code) = keys::wrap_recovery(&dek)?;
        if unfinished {
            std::fs::remove_dir_all(&fresh)?;
        }
        home::folder(&fresh.join("keys"))?;
        home::folder(&fresh.join("state"))?;
        home::write_new(&fresh.join("keys/passphrase.age"), &by_passphrase)?;
        home::write_new(&fresh.join("keys/recovery.age"), &by_recovery)?;
        let keys = Keys::derive(&dek);
        home::write_new(&fresh.join("vault.db"), &[])?;
        let mut db = Database::create(&fresh.join("vault.db"))?;
        let genesis = journal::encode(0, &[0; 32], &[], kind.text());
        let write = db.begin()?;
        write.add_entry(0, &sealed::seal(&keys, Table::Journal, &0u64.to_be_bytes(), 0, &[&genesis])?)?;
        write.commit()?;
        drop(db);
        anchor::write(&fresh, &keys, Head { seq: 0, hash: sha256(&genesis) })?;
        settle(home, &fresh)?;
        Ok((Self::load(home, lock, dek, false)?, code))
    }

    /// Opens a store: every record is read and compared with the journal before anything is given out.
    pub fn open(home: &Path, passphrase: &Secret) -> Result<Self, VaultError> {
        let lock = Self::enter(home)?;
        let file = Self::key_file(home, "keys/passphrase.age")?;
        let dek = keys::unwrap_passphrase(&file, passphrase)?;
        Self::load(home, lock, dek, false)
    }

    /// Opens with the recovery code. Whoever holds it may also go on from an older copy: see `reanchored`.
    pub fn open_with_recovery(home: &Path, code: &RecoveryCode) -> Result<Self, VaultError> {
        let lock = Self::enter(home)?;
        let file = Self::key_file(home, "keys/recovery.age")?;
        let dek = keys::unwrap_recovery(&file, code)?;
        Self::load(home, lock, dek, true)
    }

    fn enter(home: &Path) -> Result<File, VaultError> {
        if !Self::exists(home) {
            return Err(VaultError::NotFound);
        }
        home::lock(home)
    }

    fn key_file(home: &Path, name: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        home::read_small(&home.join(name), 16 << 10)?.ok_or(VaultError::KeyFile)
    }

    fn load(home: &Path, lock: File, dek: DataKey, accept_older: bool) -> Result<Self, VaultError> {
        let path = home.join("vault.db");
        if !path.exists() {
            return Err(VaultError::Damaged { what: vec![Finding::new(Part::File, Fault::Missing, "vault.db")] });
        }
        let keys = Keys::derive(&dek);
        let db = Database::open(&path)?;
        let anchor = Anchor::read(home)?;
        let walk = walk::walk(&db, &keys, anchor.as_ref().map(|a| a.seq))?;
        if !walk.findings.is_empty() {
            return Err(VaultError::Damaged { what: walk.findings });
        }
        let known = anchor.zip(walk.anchored).is_some_and(|(anchor, head)| anchor.is_of(&keys, head));
        if !known && !accept_older {
            return Err(VaultError::RolledBack);
        }
        // A crash between commit and anchor leaves the anchor behind the journal; that is no rollback.
        if !known || walk.anchored != Some(walk.head) {
            anchor::write(home, &keys, walk.head)?;
        }
        Ok(Self {
            db,
            home: home.to_owned(),
            dek,
            keys,
            kind: walk.kind,
            head: walk.head,
            records: walk.records,
            mentions: walk.mentions,
            blobs: walk.blobs,
            reanchored: !known,
            _lock: lock,
        })
    }

    /// Real or practice, as chosen at creation.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// True when this opening (by recovery code) accepted a state that the anchor did not vouch for: say so.
    pub fn reanchored(&self) -> bool {
        self.reanchored
    }

    /// Number of the newest journal entry; 0 when nothing was committed yet.
    pub fn seq(&self) -> u64 {
        self.head.seq
    }

    /// Every live record: id, revision (from 1), bytes.
    pub fn records(&self) -> impl Iterator<Item = (RecordId, u64, &Zeroizing<Vec<u8>>)> {
        self.records.iter().map(|(id, row)| (*id, row.rev, &row.bytes))
    }

    /// The bytes of one record.
    pub fn record(&self, id: &RecordId) -> Option<&[u8]> {
        self.records.get(id).map(|row| row.bytes.as_slice())
    }

    /// Saves changes, attachments and one journal entry together. When this returns an error, nothing was saved.
    pub fn commit(
        &mut self,
        changes: &[Change<'_>],
        blobs: &[(BlobId, &[u8])],
        entry: &[u8],
    ) -> Result<Committed, VaultError> {
        let sizes = changes.iter().filter_map(|c| c.bytes).chain(blobs.iter().map(|b| b.1)).chain([entry]);
        if sizes.map(<[u8]>::len).any(|n| n > LARGEST) {
            return Err(VaultError::TooLarge);
        }
        let seq = self.head.seq + 1;
        let mut revs: BTreeMap<RecordId, u64> = BTreeMap::new();
        let mut mentions = Vec::with_capacity(changes.len() + blobs.len());
        let write = self.db.begin()?;
        for change in changes {
            let last = self.mentions.get(&change.id).map_or(0, |m| m.rev);
            let rev = *revs.entry(change.id).and_modify(|r| *r += 1).or_insert(last + 1);
            let name = sealed::name(&self.keys, Table::Record, &change.id);
            let (deed, hash) = match change.bytes {
                Some(bytes) => {
                    write.put_record(&name, rev, &sealed::seal(&self.keys, Table::Record, &name, rev, &[bytes])?)?;
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
            write.add_blob(&name, &sealed::seal(&self.keys, Table::Blob, &name, 1, &[bytes])?)?;
            mentions.push(Mention { deed: Deed::Blob, id: *id, rev: 1, hash: sha256(bytes) });
        }
        let frame = journal::encode(seq, &self.head.hash, &mentions, entry);
        write.add_entry(seq, &sealed::seal(&self.keys, Table::Journal, &seq.to_be_bytes(), 0, &[&frame])?)?;
        write.commit()?;
        self.head = Head { seq, hash: sha256(&frame) };
        self.remember(changes, &mentions);
        let anchored = anchor::write(&self.home, &self.keys, self.head).is_ok();
        Ok(Committed { seq, anchored })
    }

    fn remember(&mut self, changes: &[Change<'_>], mentions: &[Mention]) {
        for (change, mention) in changes.iter().zip(mentions) {
            match change.bytes {
                Some(bytes) => {
                    let mut copy = Zeroizing::new(Vec::with_capacity(bytes.len()));
                    copy.extend_from_slice(bytes);
                    self.records.insert(change.id, Row { rev: mention.rev, bytes: copy });
                }
                None => drop(self.records.remove(&change.id)),
            }
        }
        for mention in mentions {
            match mention.deed {
                Deed::Blob => drop(self.blobs.insert(mention.id, mention.hash)),
                Deed::Set | Deed::Deleted => drop(self.mentions.insert(mention.id, *mention)),
            }
        }
    }

    /// Journal entries from number `from` on, oldest first.
    pub fn journal(&self, from: u64) -> Result<Vec<JournalRow>, VaultError> {
        let mut rows = Vec::new();
        let mut damaged = None;
        self.db.each_entry(from.max(1), |seq, row| {
            let bytes = sealed::open(&self.keys, Table::Journal, &seq.to_be_bytes(), 0, row);
            let prev = bytes.as_ref().and_then(|b| b.get(8..40)?.try_into().ok());
            let entry = bytes.zip(prev).and_then(|(b, prev)| journal::decode(seq, &prev, &b));
            match entry {
                Some(entry) => rows.push(JournalRow { seq, entry: entry.text }),
                None => damaged = Some(Finding::new(Part::Journal, Fault::Changed, seq.to_string())),
            }
            damaged.is_none()
        })?;
        damaged.map_or(Ok(rows), |finding| Err(VaultError::Damaged { what: vec![finding] }))
    }

    /// Reads an attachment; nothing when there is none of that id.
    pub fn blob(&self, id: &BlobId) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some(hash) = self.blobs.get(id) else { return Ok(None) };
        let name = sealed::name(&self.keys, Table::Blob, id);
        let finding = |fault| VaultError::Damaged { what: vec![Finding::new(Part::Blob, fault, hex(&name))] };
        let row = self.db.blob(&name)?.ok_or_else(|| finding(Fault::Missing))?;
        let bytes = sealed::open(&self.keys, Table::Blob, &name, 1, &row).filter(|b| sha256(b) == *hash);
        bytes.map(Some).ok_or_else(|| finding(Fault::Changed))
    }

    /// Reads everything again from disk, attachments too, and lists all that is wrong.
    pub fn verify(&self) -> Result<Vec<Finding>, VaultError> {
        let anchor = Anchor::read(&self.home)?;
        let walk = walk::walk(&self.db, &self.keys, anchor.as_ref().map(|a| a.seq))?;
        let mut findings = walk.findings;
        if !anchor.is_some_and(|a| a.is_of(&self.keys, self.head)) {
            findings.push(Finding::new(Part::File, Fault::Changed, "state/anchor"));
        }
        if walk.head != self.head {
            findings.push(Finding::new(Part::Journal, Fault::Missing, self.head.seq.to_string()));
        }
        if !self.db.sound()? {
            findings.push(Finding::new(Part::File, Fault::Changed, "vault.db"));
        }
        for id in self.blobs.keys() {
            match self.blob(id) {
                Err(VaultError::Damaged { what }) => {
                    findings.extend(what.into_iter().filter(|f| f.fault == Fault::Changed))
                }
                other => drop(other?),
            }
        }
        Ok(findings)
    }

    /// Replaces the passphrase; the data is not touched, and the recovery code stays.
    pub fn change_passphrase(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        let file = keys::wrap_passphrase(&self.dek, passphrase, self.kind)?;
        home::replace(&self.home.join("keys"), "passphrase.age", &file)
    }
}

/// Moves a finished new store into place, the keys last: a home with keys is complete.
fn settle(home: &Path, fresh: &Path) -> Result<(), VaultError> {
    home::sync_folder(&fresh.join("keys"))?;
    for stale in ["vault.db-wal", "vault.db-shm"] {
        if home.join(stale).exists() {
            std::fs::remove_file(home.join(stale))?;
        }
    }
    if home.join("state").exists() {
        std::fs::remove_dir_all(home.join("state"))?;
    }
    for name in ["state", "vault.db", "keys"] {
        std::fs::rename(fresh.join(name), home.join(name))?;
        home::sync_folder(home)?;
    }
    std::fs::remove_dir(fresh)?;
    Ok(())
}
