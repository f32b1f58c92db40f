//! The ways in, and what changes them or the data key behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::build::{self, KeyFiles, Pour};
use super::database::Database;
use super::error::VaultError;
use super::journal::sha256;
use super::keys::{self, DataKey};
use super::{Format, RecoveryCode, Secret, Unlock, Vault, home, passphrase, walk};

pub(super) const PASSPHRASE: &str = "passphrase.age";
pub(super) const RECOVERY: &str = "recovery.age";

/// Opens the data key by one of the ways in.
pub(super) fn enter(home: &Path, unlock: &Unlock<'_>) -> Result<DataKey, VaultError> {
    let identity = match unlock {
        Unlock::Passphrase(passphrase) => {
            let file = Vault::key_file(home, &format!("keys/{PASSPHRASE}"))?;
            return keys::unwrap_passphrase(&file, passphrase);
        }
        Unlock::Identity(identity) => identity,
    };
    let mut refused = VaultError::KeyFile;
    for name in files(home)?.into_iter().filter(|n| n != PASSPHRASE) {
        match keys::unwrap_identity(&Vault::key_file(home, &format!("keys/{name}"))?, identity) {
            Ok(dek) => return Ok(dek),
            Err(e @ VaultError::WrongRecovery) => refused = e,
            // One damaged way in does not close the others.
            Err(_) => {}
        }
    }
    Err(refused)
}

/// Names of the key files, in order.
fn files(home: &Path) -> Result<BTreeSet<String>, VaultError> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(home.join("keys"))? {
        let name = entry?.file_name();
        names.extend(name.to_str().filter(|n| n.ends_with(".age")).map(str::to_owned));
    }
    Ok(names)
}

/// File of a further way in; the name is kept to letters, digits, `-` and `_`.
fn file_of(name: &str) -> Result<String, VaultError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 32 || !name.chars().all(plain) || name == "passphrase" {
        return Err(VaultError::Recipient);
    }
    Ok(format!("{name}.age"))
}

impl Vault {
    /// SHA-256 of every key file by the name of its way in (`passphrase`, `recovery`, …).
    pub fn ways(&self) -> Result<BTreeMap<String, [u8; 32]>, VaultError> {
        let mut ways = BTreeMap::new();
        for file in files(&self.home)? {
            let bytes = Self::key_file(&self.home, &format!("keys/{file}"))?;
            ways.insert(file.trim_end_matches(".age").to_owned(), sha256(&bytes));
        }
        Ok(ways)
    }

    /// Replaces the passphrase; the data is not touched, and the other ways in stay.
    pub fn change_passphrase(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        passphrase::check(passphrase, self.kind(), &[])?;
        let file = keys::wrap_passphrase(&self.dek, passphrase, self.kind().work_factor())?;
        home::replace(&self.home.join("keys"), PASSPHRASE, &file)
    }

    /// Replaces the recovery code and gives the new one; the old one opens this store no more.
    pub fn renew_recovery(&mut self) -> Result<RecoveryCode, VaultError> {
        let code = keys::fresh_recovery();
        self.set_way("recovery", &keys::recipient_of(&code)?)?;
        Ok(code)
    }

    /// Whether this is the passphrase of this store.
    pub fn try_passphrase(&self, passphrase: &Secret) -> Result<(), VaultError> {
        keys::unwrap_passphrase(&Self::key_file(&self.home, &format!("keys/{PASSPHRASE}"))?, passphrase).map(drop)
    }

    /// Whether this is the recovery code of this store.
    pub fn try_recovery(&self, code: &Secret) -> Result<(), VaultError> {
        let file = Self::key_file(&self.home, &format!("keys/{RECOVERY}"))?;
        let dek = keys::unwrap_identity(&file, code)?;
        if *dek == *self.dek { Ok(()) } else { Err(VaultError::KeyFile) }
    }

    /// Adds a way in for the holder of an age identity, or gives an existing one another identity.
    pub fn set_way(&mut self, name: &str, recipient: &str) -> Result<(), VaultError> {
        let file = file_of(name)?;
        home::replace(&self.home.join("keys"), &file, &keys::wrap_recipient(&self.dek, recipient)?)
    }

    /// Removes a further way in. Whoever copied its key file before can still open a copy of this store.
    pub fn remove_way(&mut self, name: &str) -> Result<(), VaultError> {
        let path = self.home.join("keys").join(file_of(name)?);
        if name == "recovery" || !path.exists() {
            return Err(VaultError::Recipient);
        }
        home::remove(&path)?;
        home::sync_folder(&self.home.join("keys"))
    }

    /// The journal entries whose text is damaged; until they are forgotten there is no backup and no history.
    pub fn damaged_texts(&self) -> Result<BTreeSet<u64>, VaultError> {
        Ok(walk::texts(&self.db, &self.keys)?.into_keys().collect())
    }

    /// Seals everything again under a fresh data key and leaves out the texts of these journal entries. `ways` names
    /// the recipient of every way in but the passphrase; one that is not named opens the store no more.
    /// Until the last step the store is as it was; a crash leaves the one or the other.
    pub fn reseal(
        &mut self,
        passphrase: &Secret,
        ways: &BTreeMap<String, String>,
        forget: &BTreeSet<u64>,
    ) -> Result<(), VaultError> {
        self.try_passphrase(passphrase)?;
        let dek = keys::fresh()?;
        let mut files: KeyFiles =
            vec![(PASSPHRASE.to_owned(), keys::wrap_passphrase(&dek, passphrase, self.kind().work_factor())?)];
        for (name, recipient) in ways {
            files.push((file_of(name)?, keys::wrap_recipient(&dek, recipient)?));
        }
        self.rebuild(dek, &files, forget)
    }

    /// Brings a store of format 1 to format 2, after an encrypted backup of it was made beside it.
    pub(super) fn migrated(mut self) -> Result<Self, VaultError> {
        let folder = self.home.join("backups");
        home::folder(&folder)?;
        let file = folder.join(format!("before-format-{}.age", Format::Two.number::<u8>()));
        // One that is there already was made by a migration that was cut short: the store is still the same.
        home::remove(&file)?;
        self.backup(&file, &[], None)?;
        let files = files(&self.home)?
            .into_iter()
            .map(|name| Ok((name.clone(), Self::key_file(&self.home, &format!("keys/{name}"))?.to_vec())))
            .collect::<Result<KeyFiles, VaultError>>()?;
        let mut dek = DataKey::zeroed();
        dek.copy_from_slice(self.dek.as_slice());
        self.rebuild(dek, &files, &BTreeSet::new())?;
        Ok(self)
    }

    fn rebuild(&mut self, dek: DataKey, files: &KeyFiles, forget: &BTreeSet<u64>) -> Result<(), VaultError> {
        build::build(&self.home, &dek, files, self.put_back(), |pour| self.pour(pour, forget))?;
        // The old database must be closed before its place is taken; until `load` nothing can be saved.
        drop(std::mem::replace(&mut self.db, Database::nowhere()?));
        build::settle(&self.home)?;
        *self = Self::load(&self.home, self.lock.try_clone()?, dek, false)?;
        Ok(())
    }

    pub(super) fn pour(&self, pour: &mut Pour<'_>, forget: &BTreeSet<u64>) -> Result<(), VaultError> {
        let forget: BTreeSet<u64> = forget.iter().copied().filter(|seq| *seq > 0).collect();
        self.entries(0, &forget, |entry, text| {
            let mut mentions = entry.mentions.clone();
            // The hash of what is gone would confirm a guess of it.
            mentions.iter_mut().filter(|m| !self.ledger.stands(m)).for_each(|m| m.hash = [0; 32]);
            pour.entry(mentions, text)
        })?;
        for (id, rev, bytes) in self.records() {
            pour.record(&id, rev, bytes)?;
        }
        for id in self.ledger.blobs.keys() {
            pour.blob(id, &self.blob(id)?.ok_or(VaultError::KeyFile)?)?;
        }
        // A damaged one is let go: it could never be read again.
        self.draft().ok().flatten().map_or(Ok(()), |bytes| pour.draft(&bytes))
    }
}
