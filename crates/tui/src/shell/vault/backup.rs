//! A backup: one age file around a tar of JSON lines and attachments, readable without this program.

mod lines;
mod tape;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _};
use std::path::Path;

use bansou_core::record::v1::backup::BackupManifest;
use bansou_core::wire::v1::envelope::hex;
use jiff::civil::DateTime;

use super::build::Pour;
use super::error::VaultError;
use super::journal::sha256;
use super::keys::{self, Slot};
use super::ledger::{Ledger, agrees};
use super::{BlobId, Format, Kind, RecoveryCode, Secret, Unlock, Vault, home};
use crate::shell::seal::agefile::{self, Policy};
use tape::{Tape, Taper};

/// Bytes in which the header of a backup must end.
const HEADER: usize = 64 << 10;

/// Opens a backup and reads all of it: every entry, record and attachment against the journal.
pub fn verify(file: &Path, unlock: &Unlock<'_>) -> Result<BackupManifest, VaultError> {
    read(keys::open_stream(unlock, reader(file)?)?)
}

/// Reads the inside of a backup that was opened, as `verify` does; with stock age anybody can put one there.
pub fn read(tar: impl Read) -> Result<BackupManifest, VaultError> {
    walk(tar, None)
}

/// Opens the file after a strict look at its header.
fn reader(file: &Path) -> Result<BufReader<File>, VaultError> {
    let mut file = File::open(file)?;
    let mut head = Vec::with_capacity(HEADER);
    file.by_ref().take(HEADER as u64).read_to_end(&mut head)?;
    agefile::check(&head, &Policy::Keys(&["X25519", keys::TAG])).map_err(|_| VaultError::Backup)?;
    file.rewind()?;
    Ok(BufReader::new(file))
}

/// Makes a store at `home` from a backup, under a fresh data key and a fresh recovery code.
pub fn restore(
    file: &Path,
    unlock: &Unlock<'_>,
    home: &Path,
    passphrase: &Secret,
) -> Result<(Vault, RecoveryCode, BackupManifest), VaultError> {
    if Vault::exists(home) {
        return Err(VaultError::Exists);
    }
    // Read once before anything is written: a damaged or foreign file leaves no trace.
    let kind = Kind::of(verify(file, unlock)?.kind.as_bytes()).ok_or(VaultError::Backup)?;
    let mut manifest = None;
    let (vault, code) = Vault::found(home, passphrase, kind, true, |pour| {
        manifest = Some(walk(keys::open_stream(unlock, reader(file)?)?, Some(pour))?);
        Ok(())
    })?;
    Ok((vault, code, manifest.ok_or(VaultError::Backup)?))
}

/// Writes a backup of an open store and reads it back. It appears under its name only when it is on the disk.
pub(super) fn write(
    vault: &Vault,
    file: &Path,
    recipients: &[String],
    made_at: Option<DateTime>,
) -> Result<BackupManifest, VaultError> {
    let slot = Slot::new(&vault.dek, Vault::key_file(&vault.home, "keys/passphrase.age")?);
    let manifest = BackupManifest {
        v: 1,
        store: vault.keys.format.number(),
        kind: String::from_utf8_lossy(vault.kind().text()).into_owned(),
        made_at,
        seq: vault.seq(),
        records: vault.records.len() as u64,
        blobs: vault.ledger.blobs.len() as u64,
    };
    home::write_whole(file, |out| {
        keys::seal_stream(&slot, recipients, out, |stream| {
            let mut tape = Taper::new(stream);
            tape.manifest(&manifest)?;
            vault.entries(0, &BTreeSet::new(), |entry, text| tape.line("journal", &lines::of_entry(entry, text)?))?;
            tape.cut()?;
            for (id, rev, bytes) in vault.records() {
                tape.line("records", &lines::of_record(&id, rev, bytes))?;
            }
            tape.cut()?;
            for id in vault.ledger.blobs.keys() {
                let bytes = vault.blob(id)?.ok_or(VaultError::Backup)?;
                tape.file(&format!("blobs/{}", hex(id)), &bytes)?;
            }
            tape.finish()
        })
    })?;
    let found = walk(keys::open_own(&slot, reader(file)?)?, None)?;
    if found == manifest { Ok(manifest) } else { Err(VaultError::Backup) }
}

/// Reads a backup from its beginning to its end; the journal comes first and says what everything else must be.
fn walk(stream: impl Read, mut pour: Option<&mut Pour<'_>>) -> Result<BackupManifest, VaultError> {
    let mut tape = Tape::new(stream);
    let manifest = tape.manifest()?;
    let format = Format::of(manifest.store.into()).ok_or(VaultError::Newer)?;
    let mut ledger = Ledger::new();
    let mut left = Vec::new();
    let mut blobs = std::collections::BTreeMap::<BlobId, [u8; 32]>::new();
    let mut records = 0;
    while let Some((name, bytes)) = tape.next()? {
        match name.split_once('/') {
            Some(("journal", _)) if records == 0 => {
                for line in lines::split(&bytes) {
                    let (entry, text) = lines::entry(line)?;
                    let text = text.as_ref().map(|text| text.as_slice());
                    let hash = entry.hash(format, text.unwrap_or_default());
                    ledger.take(&entry, hash).map_err(|_| VaultError::Backup)?;
                    if let Some(pour) = pour.as_deref_mut() {
                        pour.entry(entry.mentions, text)?;
                    }
                }
                (left, blobs) = (ledger.live().map(|m| m.id).collect(), ledger.blobs.clone());
            }
            Some(("records", _)) => {
                for line in lines::split(&bytes) {
                    let (id, rev, bytes) = lines::record(line)?;
                    let mention = ledger.mentions.get(&id).ok_or(VaultError::Backup)?;
                    agrees(mention, rev, &bytes).map_err(|_| VaultError::Backup)?;
                    let at = left.binary_search(&id).map_err(|_| VaultError::Backup)?;
                    left.remove(at);
                    records += 1;
                    if let Some(pour) = pour.as_deref_mut() {
                        pour.record(&id, rev, &bytes)?;
                    }
                }
            }
            Some(("blobs", id)) => {
                let id = lines::id(id)?;
                if blobs.remove(&id) != Some(sha256(&bytes)) {
                    return Err(VaultError::Backup);
                }
                if let Some(pour) = pour.as_deref_mut() {
                    pour.blob(&id, &bytes)?;
                }
            }
            _ => return Err(VaultError::Backup),
        }
    }
    let seq = ledger.head.map(|head| head.seq);
    let whole = left.is_empty() && blobs.is_empty() && seq == Some(manifest.seq) && records == manifest.records;
    let same_kind = ledger.kind.text() == manifest.kind.as_bytes();
    if whole && same_kind { Ok(manifest) } else { Err(VaultError::Backup) }
}
