//! Carrying by folder, such as a USB stick: `<hash>.age`, `.ticket`, `.receipt`, `.ack`, and nothing that names anyone.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bansou_core::intake::MAX_BUNDLE;
use bansou_core::wire::v1::envelope::{Context, Signed, hex, is_sha256};
use bansou_core::wire::v1::ticket::Ticket;
use sha2::{Digest as _, Sha256};

use super::{Carrier, CarryError, Incoming, Sealed, Sent};

/// Largest signed text that is read, in bytes.
const MAX_SIGNED: u64 = 2 * 1024 * 1024;
/// Every file gets the same time (2000-01-01), so that the folder does not tell when something was sealed.
const FILE_TIME: Duration = Duration::from_secs(946_684_800);
const RECIPIENTS: &str = "recipients.signed";
const ROSTER: &str = "roster.signed";

/// A folder that travels.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// A folder that exists already.
    pub fn open(dir: &Path) -> Result<Self, CarryError> {
        if fs::metadata(dir)?.is_dir() {
            Ok(Self { dir: dir.to_owned() })
        } else {
            Err(CarryError::Folder(std::io::ErrorKind::NotADirectory))
        }
    }

    /// Hashes that have a file with this ending, in order. Every other name is passed over.
    pub fn hashes(&self, ending: &str) -> Result<Vec<String>, CarryError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let name = entry?.file_name();
            let hash = name.to_str().and_then(|n| n.strip_suffix(ending)).and_then(|n| n.strip_suffix('.'));
            found.extend(hash.filter(|hash| is_sha256(hash)).map(str::to_owned));
        }
        found.sort();
        Ok(found)
    }

    /// The ticket of a bundle, verified, and naming this hash.
    pub fn ticket(&self, sha256: &str) -> Result<Option<Signed>, CarryError> {
        let Some(signed) = self.read_signed(&name(sha256, "ticket")?)? else { return Ok(None) };
        match signed.open::<Ticket>(Context::Ticket) {
            Ok(ticket) if ticket.sha256 == sha256 => Ok(Some(signed)),
            _ => Err(CarryError::Hostile("a ticket that does not fit its name")),
        }
    }

    /// Stores a receipt beside its bundle.
    pub fn put_receipt(&self, sha256: &str, receipt: &Signed) -> Result<(), CarryError> {
        self.write_signed(&name(sha256, "receipt")?, receipt)
    }

    fn read_signed(&self, name: &str) -> Result<Option<Signed>, CarryError> {
        let Some(bytes) = self.read(name, MAX_SIGNED)? else { return Ok(None) };
        let text = String::from_utf8(bytes).map_err(|_| CarryError::Hostile("not a signed text"))?;
        Signed::from_json(&text).map(Some).map_err(|_| CarryError::Hostile("not a signed text"))
    }

    fn write_signed(&self, name: &str, signed: &Signed) -> Result<(), CarryError> {
        self.write(name, signed.to_json().as_bytes())
    }

    /// Reads a regular file of at most `limit` bytes; never follows a link.
    fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, CarryError> {
        let path = self.dir.join(name);
        let seen = match fs::symlink_metadata(&path) {
            Ok(seen) => seen,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.into()),
        };
        if !seen.is_file() {
            return Err(CarryError::Hostile("not a regular file"));
        }
        if seen.len() > limit {
            return Err(CarryError::Hostile("too large"));
        }
        let file = File::open(&path)?;
        let opened = file.metadata()?;
        // The same file as the one looked at: a link put there in between would show here.
        if (opened.dev(), opened.ino()) != (seen.dev(), seen.ino()) {
            return Err(CarryError::Hostile("replaced while it was read"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(seen.len()).unwrap_or(0));
        file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(CarryError::Hostile("too large")) } else { Ok(Some(bytes)) }
    }

    /// Writes a file whole or not at all, and reads it back: the stick may be pulled at any moment.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), CarryError> {
        let limit = bytes.len() as u64;
        if self.read(name, limit).is_ok_and(|held| held.as_deref() == Some(bytes)) {
            return Ok(());
        }
        let temporary = self.dir.join(format!("{name}.part"));
        let _ = fs::remove_file(&temporary);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        let time = SystemTime::UNIX_EPOCH + FILE_TIME;
        let written = file
            .write_all(bytes)
            .and_then(|()| file.set_times(FileTimes::new().set_modified(time).set_accessed(time)))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&temporary, self.dir.join(name)))
            .and_then(|()| File::open(&self.dir)?.sync_all());
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error.into());
        }
        match self.read(name, limit)? {
            Some(back) if back == bytes => Ok(()),
            _ => Err(CarryError::Damaged),
        }
    }
}

impl Carrier for Folder {
    fn send(&self, item: &Sealed, receipt_key: &[u8; 32]) -> Result<Sent, CarryError> {
        if let Some(receipt) = self.verified_receipt(&item.sha256, &item.ticket, receipt_key)? {
            return Ok(Sent::Received(receipt));
        }
        // The ticket comes last: who finds a ticket finds the whole bundle.
        self.write(&name(&item.sha256, "age")?, &item.bytes)?;
        self.write_signed(&name(&item.sha256, "ticket")?, &item.ticket)?;
        Ok(Sent::Exported)
    }

    fn receipt(&self, sha256: &str) -> Result<Option<Signed>, CarryError> {
        self.read_signed(&name(sha256, "receipt")?)
    }

    fn recipients(&self) -> Result<Option<Signed>, CarryError> {
        self.read_signed(RECIPIENTS)
    }

    fn inbox(&self, _after: u64) -> Result<Vec<Incoming>, CarryError> {
        let mut incoming = Vec::new();
        for sha256 in self.hashes("ticket")? {
            // One bad file must not hide the others.
            let Ok(Some(ticket)) = self.ticket(&sha256) else { continue };
            incoming.push(Incoming { position: 0, receipt: self.receipt(&sha256).ok().flatten(), ticket, sha256 });
        }
        Ok(incoming)
    }

    fn fetch(&self, sha256: &str) -> Result<Vec<u8>, CarryError> {
        let bytes = self.read(&name(sha256, "age")?, MAX_BUNDLE)?.ok_or(CarryError::NotFound)?;
        if hex(&Sha256::digest(&bytes)) == sha256 { Ok(bytes) } else { Err(CarryError::Damaged) }
    }

    fn put_ack(&self, sha256: &str, ack: &Signed) -> Result<(), CarryError> {
        self.write_signed(&name(sha256, "ack")?, ack)
    }

    fn get_ack(&self, sha256: &str) -> Result<Option<Signed>, CarryError> {
        self.read_signed(&name(sha256, "ack")?)
    }

    fn publish_recipients(&self, recipients: &Signed) -> Result<(), CarryError> {
        self.write_signed(RECIPIENTS, recipients)
    }

    fn publish_roster(&self, roster: &Signed) -> Result<(), CarryError> {
        self.write_signed(ROSTER, roster)
    }
}

/// The name of a file; a hash that is not one never reaches a path.
fn name(sha256: &str, ending: &str) -> Result<String, CarryError> {
    if is_sha256(sha256) { Ok(format!("{sha256}.{ending}")) } else { Err(CarryError::NotFound) }
}
