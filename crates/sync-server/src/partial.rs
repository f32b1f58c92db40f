//! Uploads under way: a ticket and the bytes so far, in files that outlive a restart.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bansou_core::wire::v1::envelope::{Context, Signed, is_sha256, key_id};
use bansou_core::wire::v1::ticket::Ticket;

use crate::files::private;
use crate::store::{Arrived, Store, StoreError};

/// An upload without progress for this many seconds is dropped.
const STALE: i64 = 7 * 24 * 3600;

/// Path of the bytes received so far.
pub fn part_path(data: &Path, sha256: &str) -> PathBuf {
    data.join("partial").join(format!("{sha256}.part"))
}

fn ticket_path(data: &Path, sha256: &str) -> PathBuf {
    data.join("partial").join(format!("{sha256}.ticket"))
}

struct Upload {
    arrived: Arrived,
    busy: bool,
}

/// Every upload that was begun and has no receipt yet.
pub struct Uploads {
    data: PathBuf,
    now: fn() -> i64,
    open: Mutex<BTreeMap<String, Upload>>,
}

/// The right to write one upload; given back when dropped.
pub struct Claim<'a> {
    uploads: &'a Uploads,
    pub arrived: Arrived,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(upload) = self.uploads.lock().get_mut(&self.arrived.ticket.sha256) {
            upload.busy = false;
        }
    }
}

impl Uploads {
    /// Reads the uploads an earlier run left behind; drops what is unreadable or already stored.
    pub fn open(data: &Path, store: &Store, now: fn() -> i64) -> Result<Self, StoreError> {
        let uploads = Self { data: data.to_owned(), now, open: Mutex::default() };
        for entry in fs::read_dir(data.join("partial"))? {
            let path = entry?.path();
            let sha256 = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let ticket = fs::read_to_string(ticket_path(data, &sha256)).ok().and_then(|text| read_ticket(&text));
            match ticket {
                Some(arrived) if arrived.ticket.sha256 == sha256 && store.receipt(&sha256)?.is_none() => {
                    uploads.lock().insert(sha256, Upload { arrived, busy: false });
                }
                _ => fs::remove_file(&path)?,
            }
        }
        Ok(uploads)
    }

    /// The ticket and the bytes held of an upload.
    pub fn get(&self, sha256: &str) -> Option<(Arrived, u64)> {
        let arrived = self.lock().get(sha256)?.arrived.clone();
        Some((arrived, self.offset(sha256)))
    }

    /// Bytes held.
    pub fn offset(&self, sha256: &str) -> u64 {
        fs::metadata(part_path(&self.data, sha256)).map_or(0, |m| m.len())
    }

    /// Begins an upload. Its ticket is not fsynced: a client that lost it in a power cut sends it again.
    pub fn begin(&self, arrived: Arrived) -> io::Result<()> {
        self.sweep();
        let sha256 = arrived.ticket.sha256.clone();
        let path = ticket_path(&self.data, &sha256);
        let written = private(OpenOptions::new().create(true).truncate(true))
            .open(&path)
            .and_then(|mut file| file.write_all(arrived.signed.to_json().as_bytes()));
        if let Err(error) = written {
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        self.lock().insert(sha256, Upload { arrived, busy: false });
        Ok(())
    }

    /// Takes the right to write: `None` when the upload is unknown, `Some(None)` when another request writes it.
    pub fn claim(&self, sha256: &str) -> Option<Option<Claim<'_>>> {
        let mut open = self.lock();
        let upload = open.get_mut(sha256)?;
        if upload.busy {
            return Some(None);
        }
        upload.busy = true;
        Some(Some(Claim { uploads: self, arrived: upload.arrived.clone() }))
    }

    /// Forgets an upload and frees its space.
    pub fn drop_upload(&self, sha256: &str) {
        self.lock().remove(sha256);
        let _ = fs::remove_file(ticket_path(&self.data, sha256));
        let _ = fs::remove_file(part_path(&self.data, sha256));
    }

    /// Opens the bytes of an upload for appending.
    pub fn append(&self, sha256: &str) -> io::Result<File> {
        private(OpenOptions::new().create(true).append(true)).open(part_path(&self.data, sha256))
    }

    /// Opens the bytes of an upload for reading.
    pub fn read(&self, sha256: &str) -> io::Result<File> {
        File::open(part_path(&self.data, sha256))
    }

    /// Bundles and bytes a key has announced.
    pub fn usage(&self, key_id: &str) -> (u64, u64) {
        self.lock()
            .values()
            .filter(|u| u.arrived.key_id == key_id)
            .fold((0, 0), |(n, bytes), u| (n + 1, bytes + u.arrived.ticket.size))
    }

    fn sweep(&self) {
        let stale: Vec<String> = self
            .lock()
            .iter()
            .filter(|(sha256, upload)| !upload.busy && self.idle(sha256).is_some_and(|idle| idle > STALE))
            .map(|(sha256, _)| sha256.clone())
            .collect();
        for sha256 in stale {
            self.drop_upload(&sha256);
        }
    }

    /// Seconds since the last byte.
    fn idle(&self, sha256: &str) -> Option<i64> {
        let path = part_path(&self.data, sha256);
        let newest = fs::metadata(path).or_else(|_| fs::metadata(ticket_path(&self.data, sha256))).ok()?;
        let written = newest.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        (self.now)().checked_sub_unsigned(written.as_secs())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Upload>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads and verifies a ticket; `None` when it is not one.
pub fn read_ticket(text: &str) -> Option<Arrived> {
    let signed = Signed::from_json(text).ok()?;
    let ticket: Ticket = signed.open(Context::Ticket).ok()?;
    let key_id = key_id(&signed.key_bytes().ok()?);
    is_sha256(&ticket.sha256).then_some(Arrived { ticket, signed, key_id })
}
