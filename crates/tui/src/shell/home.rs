//! One home: the vault, the books read from it, and the keys; the way every command takes to the disk.

mod care;
mod drafts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bansou_core::as_of::{self, AsOf, NotThen, Then};
use bansou_core::books::Books;
use bansou_core::command::{self, Command, Ctx};
use bansou_core::history;
use bansou_core::programme::{self, Pack};
use bansou_core::record::v1::{Artefact, Change, Engagement, Id, JournalEntry, Profile, PurgeRecord, Record};
use bansou_core::refusal::Refusal;
use bansou_core::resume::ResumeCommand;
use bansou_core::retention::Purge;
use bansou_core::text::Lang;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::{Date, DateTime};
use zeroize::Zeroizing;

use super::clock;
use super::failure::Failure;
use super::place;
use super::seal::keys::KeyRing;
use super::share;
use super::vault::{self, Kind, RecoveryCode, Secret, Unlock, Vault};

/// Vault id of the key ring; it is no domain record and never enters the books.
const KEYS: Id = Id([3; 16]);

/// An unlocked home.
pub struct Home {
    pub path: PathBuf,
    pub books: Books,
    pub packs: Vec<Pack>,
    pub keys: KeyRing,
    vault: Vault,
    /// A practice home may live on another day; a real one always lives on the clock.
    practice_time: Option<DateTime>,
    /// Written since `take_entries`, for the screens to follow.
    entries: Vec<JournalEntry>,
}

impl Home {
    /// Makes a new home with fresh keys and its owner's profile.
    pub fn create(
        path: &Path,
        passphrase: &Secret,
        kind: Kind,
        profile: Profile,
    ) -> Result<(Self, RecoveryCode), Failure> {
        place::must_be_local(path)?;
        vault::check_passphrase(passphrase, kind, &[&profile.name, &profile.kana, &profile.company])?;
        let keys = KeyRing::generate()?.to_bytes();
        let packs = programme::builtin();
        let ctx = Ctx { now: clock::now(), seed: clock::seed(), packs: &packs };
        let command = Command::SetProfile(Box::new(profile));
        let name = command.name();
        let entry = command::entry(ctx.now, name, command::apply(&Books::default(), &ctx, command)?, None);
        let texts: Vec<(Id, Zeroizing<String>)> =
            entry.changes.iter().filter_map(|c| Some((c.id, Zeroizing::new(c.after.as_ref()?.encode())))).collect();
        let records: Vec<(vault::RecordId, &[u8])> = texts.iter().map(|(id, text)| (id.0, text.as_bytes())).collect();
        let text = Zeroizing::new(entry.encode());
        // A home that is there has its keys and its owner, at whatever moment its making was cut short.
        let first: [vault::First<'_>; 2] = [(&[(KEYS.0, &keys)], b""), (&records, text.as_bytes())];
        let (vault, recovery) = Vault::create_with(path, passphrase, kind, &first)?;
        let mut home = Self::of(path, vault)?;
        home.note_ways(&BTreeMap::from([("recovery".to_owned(), vault::recipient_of(&recovery)?)]))?;
        Ok((home, recovery))
    }

    /// Opens a home, by its passphrase or by a recovery code, and reads everything into memory. A state older than the one
    /// last seen opens by the code only, and is marked as put back.
    pub fn open(path: &Path, secret: &Secret) -> Result<Self, Failure> {
        place::must_be_local(path)?;
        let enter = || {
            let mut home = Self::of(path, Vault::open(path, &Unlock::of(secret))?)?;
            // Also after a crash between restoring and saying so.
            if home.vault.put_back() {
                home.apply(Command::Resume(ResumeCommand::Restored))?;
                home.vault.acknowledge()?;
            }
            share::end(&mut home);
            // The books hold what opening wrote.
            home.take_entries();
            Ok(home)
        };
        let mut home = enter()?;
        if matches!(Unlock::of(secret), Unlock::Passphrase(_)) && home.finish_purges(secret).is_err() {
            // A full disk must not shut the owner out: the next opening tries again.
            drop(home);
            return enter();
        }
        Ok(home)
    }

    fn of(path: &Path, vault: Vault) -> Result<Self, Failure> {
        let mut books = Books::default();
        let mut keys = None;
        for (id, _, bytes) in vault.records() {
            if id == KEYS.0 {
                keys = Some(KeyRing::from_bytes(bytes)?);
            } else {
                books.put(Record::decode(bytes)?);
            }
        }
        let keys = keys.ok_or(Failure::KeysMissing)?;
        Ok(Self {
            path: path.to_owned(),
            books,
            packs: programme::builtin(),
            keys,
            vault,
            practice_time: None,
            entries: Vec::new(),
        })
    }

    /// Japan time, or the practice day.
    pub fn now(&self) -> DateTime {
        self.practice_time.unwrap_or_else(clock::now)
    }

    /// Moves a practice home to another day.
    pub fn set_practice_time(&mut self, now: DateTime) -> Result<(), Failure> {
        if !self.profile()?.practice {
            return Err(Refusal::PracticeMixed.into());
        }
        self.practice_time = Some(now);
        Ok(())
    }

    /// The owner of this home.
    pub fn profile(&self) -> Result<&Profile, Failure> {
        Ok(self.books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?)
    }

    /// An engagement by id.
    pub fn engagement(&self, id: Id) -> Result<&Engagement, Failure> {
        Ok(self.books.engagements.get(&id).ok_or(Refusal::NotFound { what: "engagement" })?)
    }

    /// The pack an engagement is pinned to.
    pub fn pack_of(&self, engagement: Id) -> Result<&Pack, Failure> {
        Ok(command::pack(&self.packs, &self.engagement(engagement)?.programme)?)
    }

    /// The number of the newest change.
    pub fn seq(&self) -> u64 {
        self.vault.seq()
    }

    /// What pure code may know of the world for one command.
    pub fn ctx(&self) -> Ctx<'_> {
        Ctx { now: self.now(), seed: clock::seed(), packs: &self.packs }
    }

    /// Applies a command: decided by core, written in one transaction, then followed by the books.
    pub fn apply(&mut self, command: Command) -> Result<Vec<Change>, Failure> {
        self.apply_with(command, &[])
    }

    /// Like `apply`, with blobs that the new records point to.
    pub fn apply_with(&mut self, command: Command, blobs: &[(Id, &[u8])]) -> Result<Vec<Change>, Failure> {
        let name = command.name();
        let changes = command::apply(&self.books, &self.ctx(), command)?;
        self.save(name, changes.clone(), blobs, None)?;
        Ok(changes)
    }

    /// Writes changes that core has already decided, and lets the books follow.
    pub fn save(
        &mut self,
        command: &str,
        changes: Vec<Change>,
        blobs: &[(Id, &[u8])],
        undoes: Option<u64>,
    ) -> Result<u64, Failure> {
        let blobs: Vec<_> = blobs.iter().map(|(id, bytes)| (*id, Some(*bytes))).collect();
        self.write(command, changes, &blobs, undoes)
    }

    /// Like `save`; a blob without bytes is deleted.
    fn write(
        &mut self,
        command: &str,
        changes: Vec<Change>,
        blobs: &[(Id, Option<&[u8]>)],
        undoes: Option<u64>,
    ) -> Result<u64, Failure> {
        if changes.is_empty() && blobs.is_empty() {
            return Ok(self.vault.seq());
        }
        self.append(command::entry(self.now(), command, changes, undoes), blobs)
    }

    /// Writes one entry and what it changes, in one transaction; the books follow.
    fn append(&mut self, entry: JournalEntry, blobs: &[(Id, Option<&[u8]>)]) -> Result<u64, Failure> {
        let texts: Vec<(Id, Option<Zeroizing<String>>)> =
            entry.changes.iter().map(|c| (c.id, c.after.as_ref().map(|r| Zeroizing::new(r.encode())))).collect();
        let writes: Vec<vault::Change<'_>> = texts
            .iter()
            .map(|(id, text)| vault::Change { id: id.0, bytes: text.as_ref().map(|t| t.as_bytes()) })
            .collect();
        let blobs: Vec<([u8; 16], Option<&[u8]>)> = blobs.iter().map(|(id, bytes)| (id.0, *bytes)).collect();
        let text = Zeroizing::new(entry.encode());
        let seq = self.vault.commit(&writes, &blobs, text.as_bytes())?.seq;
        self.books.follow(&entry.changes);
        self.entries.push(entry);
        Ok(seq)
    }

    /// Writes an entry that the screens have already decided through core; gives its journal number.
    pub fn commit(&mut self, entry: &JournalEntry) -> Result<u64, Failure> {
        let seq = self.save(&entry.command, entry.changes.clone(), &[], entry.undoes)?;
        self.entries.pop();
        Ok(seq)
    }

    /// Writes an entry that changes nothing, about something that was done with what the home holds.
    pub fn note(&mut self, command: &str) -> Result<u64, Failure> {
        self.append(command::entry(self.now(), command, Vec::new(), None), &[])
    }

    /// Erases a client: what goes, what stays reduced, papers made anew and the purge record, in one transaction.
    /// `finish_purges` then has to take the texts out of the journal.
    pub fn erase(&mut self, plan: &Purge, record: PurgeRecord, papers: &[(Artefact, Vec<u8>)]) -> Result<(), Failure> {
        let made = papers.iter().map(|(a, _)| Record::Artefact(a.clone()));
        let made = made.map(|r| Change { id: r.id(), before: None, after: Some(r) });
        let changes = plan.changes(record).into_iter().chain(made).collect();
        let new = papers.iter().map(|(a, bytes)| (a.blob, Some(bytes.as_slice())));
        let blobs: Vec<(Id, Option<&[u8]>)> = plan.blobs.iter().map(|id| (*id, None)).chain(new).collect();
        self.write(command::PURGE, changes, &blobs, None)?;
        Ok(())
    }

    /// Ends every purge that was begun: all is sealed again under a fresh data key, without the texts that were to go.
    /// Until then an old copy of a page could still be opened with the present key.
    pub fn finish_purges(&mut self, passphrase: &Secret) -> Result<(), Failure> {
        let forget: BTreeSet<u64> = self.erased().into_keys().filter(|seq| !self.vault.erased(*seq)).collect();
        if forget.is_empty() {
            return Ok(());
        }
        // The drafts are sealed anew too: what is about the erased client must not be among them.
        let drafts = self.drafts().unwrap_or_default();
        self.keep_drafts(drafts)?;
        self.reseal(passphrase, &forget)
    }

    /// Whether the texts that a purge named are gone from the store.
    pub fn purge_finished(&self, purge: &PurgeRecord) -> bool {
        purge.entries.iter().all(|seq| self.vault.erased(*seq))
    }

    /// The journal entries whose text was erased, and when.
    pub fn erased(&self) -> BTreeMap<u64, Date> {
        self.books.purges.values().flat_map(|p| p.entries.iter().map(|seq| (*seq, p.on))).collect()
    }

    /// Entries written since the last call.
    pub fn take_entries(&mut self) -> Vec<JournalEntry> {
        std::mem::take(&mut self.entries)
    }

    /// The age identity of a practice home, for trying other tools on its bundles; a real home never gives it.
    pub fn practice_identity(&self) -> Result<Secret, Failure> {
        if !self.profile()?.practice {
            return Err(Refusal::PracticeMixed.into());
        }
        Ok(self.keys.identity_text())
    }

    /// The Ed25519 key of this home, base64: the root key when it is a secretariat's.
    pub fn root_key(&self) -> String {
        STANDARD.encode(self.keys.public().signing)
    }

    /// Takes the newest change back that was not yet taken back.
    pub fn undo(&mut self) -> Result<Vec<Change>, Failure> {
        let entries = self.history()?;
        let next = history::stacks(&entries).undo.pop().ok_or(Refusal::NothingToUndo)?;
        self.reverse(&entries, next, history::UNDO)
    }

    /// Does again what was last taken back, if nothing was changed since.
    pub fn redo(&mut self) -> Result<Vec<Change>, Failure> {
        let entries = self.history()?;
        let next = history::stacks(&entries).redo.pop().ok_or(Refusal::NothingToRedo)?;
        self.reverse(&entries, next, history::REDO)
    }

    fn reverse(&mut self, entries: &[(u64, JournalEntry)], seq: u64, name: &str) -> Result<Vec<Change>, Failure> {
        let (_, entry) = entries.iter().find(|(s, _)| *s == seq).ok_or(Refusal::NothingToUndo)?;
        let changes = history::reverse(&self.books, entry)?;
        self.save(name, changes.clone(), &[], Some(seq))?;
        Ok(changes)
    }

    /// The journal, oldest first, without the vault's own entries and those whose text was erased.
    pub fn history(&self) -> Result<Vec<(u64, JournalEntry)>, Failure> {
        self.recent(self.vault.seq())
    }

    /// Like `history`, of the newest `count` entries only.
    pub fn recent(&self, count: u64) -> Result<Vec<(u64, JournalEntry)>, Failure> {
        let erased = self.erased();
        let mut out = Vec::new();
        for row in self.vault.journal(self.vault.seq().saturating_sub(count) + 1)? {
            if !row.entry.is_empty() && !erased.contains_key(&row.seq) {
                out.push((row.seq, JournalEntry::decode(&row.entry)?));
            }
        }
        Ok(out)
    }

    /// The entries about some records, oldest first, and how many more there are whose text was erased.
    pub fn past(&self, records: &[Id]) -> Result<(Vec<(u64, JournalEntry)>, usize), Failure> {
        let ids: Vec<_> = records.iter().map(|id| id.0).collect();
        let (purged, mut out, mut erased) = (self.erased(), Vec::new(), 0);
        for row in self.vault.past(&ids)? {
            match row.entry.is_empty() || purged.contains_key(&row.seq) {
                true => erased += 1,
                false => out.push((row.seq, JournalEntry::decode(&row.entry)?)),
            }
        }
        Ok((out, erased))
    }

    /// An engagement as it stood at a point in time.
    pub fn then(&self, engagement: &Engagement, at: AsOf) -> Result<Then, Failure> {
        as_of::then(&self.books, &self.history()?, engagement, at).map_err(|why| match why {
            NotThen::NotHeld(n) => Failure::input(
                format!("第{n}回はまだ実施されていません。"),
                format!("Session {n} has not been held yet."),
            ),
            NotThen::Erased => Failure::input(
                "履歴の一部が消去されているため、その時点までさかのぼれません。",
                "Part of the history was erased, so that it cannot be wound back to then.",
            ),
            NotThen::NotBegun => {
                Failure::input("そのときはまだ指導が始まっていません。", "The engagement had not begun then.")
            }
        })
    }

    /// A sealed blob, opened.
    pub fn blob(&self, id: Id) -> Result<Zeroizing<Vec<u8>>, Failure> {
        Ok(self.vault.blob(&id.0)?.ok_or(Refusal::NotFound { what: "document" })?)
    }

    /// The blob with these bytes, by their SHA-256, if the store has one.
    pub fn holding(&self, hash: &[u8; 32]) -> Option<Id> {
        self.vault.holding(hash).map(Id)
    }

    /// Walks every record and blob; an empty list is a whole vault.
    pub fn verify(&self, lang: Lang) -> Result<Vec<String>, Failure> {
        Ok(self.damage()?.into_iter().map(|f| f.text(lang)).collect())
    }

    /// What a walk over every record, entry and blob finds wrong.
    pub fn damage(&self) -> Result<Vec<vault::Finding>, Failure> {
        Ok(self.vault.verify()?)
    }
}
