//! Looking after the store of a home: backups, restoring, and the ways in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bansou_core::care::{self, CareCommand, Due};
use bansou_core::command::Command;
use bansou_core::record::v1::Care;
use bansou_core::record::v1::backup::BackupManifest;
use bansou_core::wire::v1::envelope::hex;

use super::Home;
use crate::shell::failure::Failure;
use crate::shell::place;
use crate::shell::vault::{self, RecoveryCode, Secret, Unlock};

impl Home {
    /// Makes a home from a backup, with fresh keys of the store and the keys of its owner. The owner is told what is not
    /// in the copy when the home next meets the server.
    pub fn restore(
        path: &Path,
        file: &Path,
        unlock: &Unlock<'_>,
        passphrase: &Secret,
    ) -> Result<(Self, RecoveryCode, BackupManifest), Failure> {
        place::must_be_local(path)?;
        let (vault, code, manifest) = vault::backup::restore(file, unlock, path, passphrase)?;
        let mut home = Self::of(path, vault)?;
        home.note_ways(&BTreeMap::from([("recovery".to_owned(), vault::recipient_of(&code)?)]))?;
        home.care(CareCommand::Restored { from_seq: manifest.seq })?;
        home.vault.acknowledge()?;
        Ok((home, code, manifest))
    }

    /// Writes a backup and reads it back. Without a place it goes into `backups/` of this home.
    pub fn backup(&mut self, file: Option<&Path>) -> Result<(PathBuf, BackupManifest), Failure> {
        let file = match file {
            Some(file) => file.to_owned(),
            None => {
                let folder = self.path.join("backups");
                place::private_folder(&folder)?;
                folder.join(format!("{}.age", self.now().strftime("%Y-%m-%d-%H%M%S")))
            }
        };
        self.cared()?;
        let manifest = self.vault.backup(&file, &care::recipients(&self.books), Some(self.now()))?;
        self.care(CareCommand::BackedUp { seq: manifest.seq })?;
        Ok((file, manifest))
    }

    /// What the owner should do for the store.
    pub fn care_due(&self) -> Vec<Due> {
        care::due(&self.books, self.now().date(), self.vault.seq())
    }

    /// What is recorded about the store; a home that is older than this record gets it now.
    pub fn cared(&mut self) -> Result<&Care, Failure> {
        if self.books.care.is_none() {
            self.note_ways(&BTreeMap::new())?;
        }
        self.books.care.as_ref().ok_or(Failure::KeysMissing)
    }

    /// Whether backups can be made for the recovery code.
    pub fn recovery_known(&self) -> bool {
        self.books.care.iter().filter_map(|c| c.ways.get("recovery")).any(|way| way.recipient.is_some())
    }

    /// Whether this is the passphrase or the recovery code of this home.
    pub fn try_secret(&self, secret: &Secret) -> Result<(), Failure> {
        let tried = match Unlock::of(secret) {
            Unlock::Passphrase(passphrase) => self.vault.try_passphrase(passphrase),
            Unlock::Identity(code) => self.vault.try_recovery(code),
        };
        Ok(tried?)
    }

    /// Replaces the passphrase.
    pub fn change_passphrase(&mut self, passphrase: &Secret) -> Result<(), Failure> {
        let own = self.profile()?;
        vault::check_passphrase(passphrase, self.vault.kind(), &[&own.name, &own.kana, &own.company])?;
        self.vault.change_passphrase(passphrase)?;
        self.note_ways(&BTreeMap::new())
    }

    /// Makes a new recovery code; the old sheet opens this home no more, but still the backups made for it.
    pub fn renew_recovery(&mut self) -> Result<RecoveryCode, Failure> {
        let code = self.vault.renew_recovery()?;
        self.note_ways(&BTreeMap::from([("recovery".to_owned(), vault::recipient_of(&code)?)]))?;
        Ok(code)
    }

    /// Adds a way in for the holder of an age identity.
    pub fn add_way(&mut self, name: &str, recipient: &str) -> Result<(), Failure> {
        if self.vault.ways()?.contains_key(name) {
            return Err(vault::VaultError::Recipient.into());
        }
        self.vault.set_way(name, recipient)?;
        self.note_ways(&BTreeMap::from([(name.to_owned(), recipient.to_owned())]))
    }

    /// Takes a way in away.
    pub fn remove_way(&mut self, name: &str) -> Result<(), Failure> {
        self.vault.remove_way(name)?;
        self.note_ways(&BTreeMap::new())
    }

    /// Types the recovery code as a drill: it must open the store.
    pub fn drill(&mut self, code: &Secret) -> Result<(), Failure> {
        self.vault.try_recovery(code)?;
        // An older home learns here for whom its backups can be made.
        self.note_ways(&BTreeMap::from([("recovery".to_owned(), vault::recipient_of(code)?)]))?;
        self.care(CareCommand::Drilled)
    }

    /// The journal entries whose text is damaged.
    pub fn damaged_texts(&self) -> Result<BTreeSet<u64>, Failure> {
        Ok(self.vault.damaged_texts()?)
    }

    /// Seals everything again under a fresh data key; the texts of these journal entries are left out.
    pub fn reseal(&mut self, passphrase: &Secret, forget: &BTreeSet<u64>) -> Result<(), Failure> {
        self.cared()?;
        let ways = care::all_recipients(&self.books)?;
        self.vault.reseal(passphrase, &ways, forget)?;
        self.note_ways(&BTreeMap::new())
    }

    /// Names of key files that are not the ones recorded.
    pub fn changed_ways(&self) -> Result<Vec<String>, Failure> {
        let found = self.vault.ways()?;
        let recorded = self.books.care.iter().flat_map(|care| &care.ways);
        let changed = recorded.filter(|(name, way)| found.get(*name).is_some_and(|hash| hex(hash) != way.sha256));
        Ok(changed.map(|(name, _)| name.clone()).collect())
    }

    /// Names of key files that are changed, unknown or missing.
    pub fn strange_ways(&self) -> Result<Vec<String>, Failure> {
        let found = self.vault.ways()?;
        let Some(care) = &self.books.care else { return Ok(Vec::new()) };
        let unknown = found.keys().filter(|name| !care.ways.contains_key(*name));
        let missing = care.ways.keys().filter(|name| !found.contains_key(*name));
        let mut strange = self.changed_ways()?;
        strange.extend(unknown.chain(missing).cloned());
        Ok(strange)
    }

    /// Records the key files as they are now, with the recipients that were just given.
    pub(super) fn note_ways(&mut self, recipients: &BTreeMap<String, String>) -> Result<(), Failure> {
        let found = self.vault.ways()?;
        let ways = found.into_iter().map(|(name, hash)| (name.clone(), recipients.get(&name).cloned(), hex(&hash)));
        self.care(CareCommand::Ways(ways.collect()))
    }

    fn care(&mut self, command: CareCommand) -> Result<(), Failure> {
        self.apply(Command::Care(command)).map(drop)
    }
}
