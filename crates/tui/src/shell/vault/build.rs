//! A store made anew beside the old one, and moved into its place so that a crash leaves the one or the other.

use std::path::Path;

use super::anchor::{self, Anchor, Marker};
use super::database::{Database, Write};
use super::draft;
use super::error::VaultError;
use super::home;
use super::journal::{Entry, Mention, sha256};
use super::keys::{DataKey, Keys};
use super::ledger::{Head, Ledger};
use super::sealed::{self, Table};
use super::walk::walk;
use super::{BlobId, Format, RecordId};

/// Where the new store grows.
const NEW: &str = "new";
/// Written last, after all else is on the disk: from then on the new store is the store.
const READY: &str = "new/ready";

/// Key files of a store: name without folder, bytes.
pub(super) type KeyFiles = Vec<(String, Vec<u8>)>;

/// Takes the rows of a new store.
pub(super) struct Pour<'a> {
    fresh: &'a Path,
    write: Write<'a>,
    keys: &'a Keys,
    ledger: Ledger,
}

impl Pour<'_> {
    /// The next journal entry: these mentions, and a text unless it was erased. The chain begins anew with the store.
    pub(super) fn entry(&mut self, mentions: Vec<Mention>, text: Option<&[u8]>) -> Result<(), VaultError> {
        let (seq, prev) = self.ledger.head.map_or((0, [0; 32]), |head| (head.seq + 1, head.hash));
        let entry = Entry { seq, prev, mentions, digest: text.map_or([0; 32], sha256) };
        let bytes = entry.encode();
        self.ledger.take(&entry, sha256(&bytes)).map_err(|_| VaultError::Backup)?;
        let seal = |table, bytes: &[u8]| sealed::seal(self.keys, table, &seq.to_be_bytes(), 0, bytes);
        let text = text.map(|text| seal(Table::Text, text)).transpose()?;
        self.write.add_entry(seq, &seal(Table::Journal, &bytes)?, text.as_deref())
    }

    pub(super) fn record(&self, id: &RecordId, rev: u64, bytes: &[u8]) -> Result<(), VaultError> {
        let name = sealed::name(self.keys, Table::Record, id);
        self.write.put_record(&name, rev, &sealed::seal(self.keys, Table::Record, &name, rev, bytes)?)
    }

    pub(super) fn draft(&self, bytes: &[u8]) -> Result<(), VaultError> {
        draft::write(self.fresh, self.keys, bytes)
    }

    pub(super) fn blob(&self, id: &BlobId, bytes: &[u8]) -> Result<(), VaultError> {
        let name = sealed::name(self.keys, Table::Blob, id);
        self.write.add_blob(&name, &sealed::seal(self.keys, Table::Blob, &name, 1, bytes)?)
    }
}

/// Builds a store of format 2 under `dek` in `new/` and reads it back; `put_back` marks it as a restored one. An error
/// leaves the old store as it was; after success `settle` puts the new one in its place, now or at the next open.
pub(super) fn build(
    home: &Path,
    dek: &DataKey,
    key_files: &KeyFiles,
    put_back: bool,
    pour: impl FnOnce(&mut Pour<'_>) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let fresh = home.join(NEW);
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh)?;
    }
    let built = fill(&fresh, dek, key_files, pour).and_then(|()| {
        if put_back {
            anchor::note_put_back(&fresh)?;
        }
        home::sync_folder(&fresh)?;
        home::write_new(&home.join(READY), &[])?;
        home::sync_folder(&fresh)?;
        home::sync_folder(home)
    });
    if built.is_err() {
        // A full disk gets its space back; what cannot be removed now is removed by the next build.
        let _ = std::fs::remove_dir_all(&fresh);
    }
    built
}

fn fill(
    fresh: &Path,
    dek: &DataKey,
    key_files: &KeyFiles,
    pour: impl FnOnce(&mut Pour<'_>) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let keys = Keys::derive(dek, Format::Two);
    home::folder(&fresh.join("keys"))?;
    home::folder(&fresh.join("state"))?;
    for (name, bytes) in key_files {
        home::write_new(&fresh.join("keys").join(name), bytes)?;
    }
    home::sync_folder(&fresh.join("keys"))?;
    home::write_new(&fresh.join("vault.db"), &[])?;
    let mut db = Database::create(&fresh.join("vault.db"))?;
    let head = {
        let mut rows = Pour { fresh, write: db.begin()?, keys: &keys, ledger: Ledger::new() };
        pour(&mut rows)?;
        rows.write.commit()?;
        rows.ledger.head
    };
    // Closing moves everything from the log into the database, so that the log need not travel.
    db.close()?;
    let head: Head = head.ok_or(VaultError::Backup)?;
    Marker::create(fresh, &keys, head)?;
    let (db, _) = Database::open(&fresh.join("vault.db"))?;
    let findings = walk(&db, &keys, &Anchor::read(fresh, Format::Two)?)?.findings;
    db.close()?;
    if findings.is_empty() { Ok(()) } else { Err(VaultError::Damaged { what: findings }) }
}

/// Whether a new store is complete and only its place is to be taken.
pub(super) fn pending(home: &Path) -> bool {
    home.join(READY).exists()
}

/// Finishes an exchange that was begun; each step may be repeated. What is unfinished without it stays aside.
pub(super) fn settle(home: &Path) -> Result<(), VaultError> {
    if !pending(home) {
        return Ok(());
    }
    let fresh = home.join(NEW);
    if fresh.join("vault.db").exists() {
        // An old log beside the new database would be taken for its own.
        home::remove(&home.join("vault.db-wal"))?;
        home::remove(&home.join("vault.db-shm"))?;
        home::sync_folder(home)?;
    }
    for name in ["state", "vault.db", "keys"] {
        let (from, to) = (fresh.join(name), home.join(name));
        if !from.exists() {
            continue;
        }
        if to.is_dir() {
            let aside = fresh.join(format!("old-{name}"));
            if aside.exists() {
                std::fs::remove_dir_all(&aside)?;
            }
            std::fs::rename(&to, &aside)?;
        }
        std::fs::rename(&from, &to)?;
        home::sync_folder(home)?;
        home::sync_folder(&fresh)?;
    }
    for leftover in ["old-state", "old-keys", "vault.db-wal", "vault.db-shm"] {
        let path = fresh.join(leftover);
        if path.is_dir() {
            std::fs::remove_dir_all(&path)?;
        } else {
            home::remove(&path)?;
        }
    }
    home::remove(&home.join(READY))?;
    std::fs::remove_dir(fresh)?;
    home::sync_folder(home)
}
