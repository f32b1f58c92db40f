//! What the server keeps: rows in SQLite, sealed bytes as files named by their hash.

mod schema;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use bansou_core::wire::v1::envelope::Signed;
use bansou_core::wire::v1::receipt::{Inbox, InboxEntry};
use bansou_core::wire::v1::ticket::Ticket;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use tokio::sync::oneshot;

use crate::log;
use writer::{Job, Writer};

/// Entries in one answer of the inbox.
const PAGE: usize = 100;

/// Why the store did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full; free some space, then try again")]
    Full,
    #[error("the file system refused: {0}")]
    Io(String),
    #[error("the database is damaged; run `bansou-server check` and restore the backup")]
    Damaged,
    #[error("the database refused: {0}")]
    Database(String),
    #[error("the database could not be opened with durable settings")]
    Settings,
    #[error("this folder was written by a newer version of the server; install that version")]
    Newer,
    #[error("the server is stopping")]
    Stopping,
}

impl StoreError {
    /// True when stored data is not what was written.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Io(kind.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => Self::Damaged,
            // The text of SQLite may quote values; the code does not.
            Some(code) => Self::Database(format!("{code:?}")),
            None => Self::Damaged,
        }
    }
}

/// A bundle whose bytes lie complete, hashed and fsynced among the partial uploads.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub ticket: Ticket,
    pub signed: Signed,
    pub key_id: String,
}

/// What writing a document or an acknowledgement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    New,
    Replaced,
    Same,
    /// The version held is newer, or the same version with another content.
    Older,
}

/// A stored bundle as the check reads it.
pub struct Row {
    pub index: u64,
    pub sha256: String,
    pub key_id: String,
    pub size: u64,
    pub ticket: String,
    pub receipt: String,
}

/// Reads on one connection, writes through the writer thread.
pub struct Store {
    data: PathBuf,
    reader: Mutex<Connection>,
    jobs: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    /// Opens or creates the store and starts its writer.
    pub fn open(data: &Path, key: SigningKey, now: fn() -> i64) -> Result<Self, StoreError> {
        let path = data.join("server.db");
        let mut db = Connection::open(&path)?;
        schema::settings(&db)?;
        schema::migrate(&mut db)?;
        let reader = open_reader(&path)?;
        let (jobs, queue) = channel();
        let writer = Writer { db, data: data.to_owned(), key, now };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || writer.run(&queue))?;
        let store = Self {
            data: data.to_owned(),
            reader: Mutex::new(reader),
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
        };
        store.recover(now)?;
        Ok(store)
    }

    /// Opens an existing store to look at it; nothing can be written through it.
    pub fn open_to_read(data: &Path) -> Result<Self, StoreError> {
        let reader = open_reader(&data.join("server.db"))?;
        Ok(Self { data: data.to_owned(), reader: Mutex::new(reader), jobs: Mutex::new(None), thread: Mutex::new(None) })
    }

    /// A blob without a row was moved but never receipted: give it back to the uploads, or drop it.
    fn recover(&self, now: fn() -> i64) -> Result<(), StoreError> {
        for name in self.blob_names()? {
            if self.receipt(&name)?.is_none() {
                log::line(now(), "a bundle without a receipt was put back among the uploads");
                std::fs::rename(self.blob(&name), crate::partial::part_path(&self.data, &name))?;
            }
        }
        Ok(())
    }

    /// Path of the sealed bytes.
    pub fn blob(&self, sha256: &str) -> PathBuf {
        self.data.join("blobs").join(sha256)
    }

    /// Names of all files among the blobs.
    pub fn blob_names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.data.join("blobs"))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// Makes a bundle durable and returns its receipt.
    pub async fn add(&self, arrived: Arrived) -> Result<Signed, StoreError> {
        self.ask(|reply| Job::Bundle(Box::new(arrived), reply)).await
    }

    /// Stores the acknowledgement of a bundle; a later one takes its place.
    pub async fn put_ack(&self, sha256: String, ack: String) -> Result<Stored, StoreError> {
        self.ask(|reply| Job::Ack { sha256, ack, reply }).await
    }

    /// Stores a published document if its version is higher than the one held.
    pub async fn put_document(&self, name: &'static str, version: u64, text: String) -> Result<Stored, StoreError> {
        self.ask(|reply| Job::Document { name, version, text, reply }).await
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        {
            let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
            jobs.as_ref().and_then(|jobs| jobs.send(job(reply)).ok()).ok_or(StoreError::Stopping)?;
        }
        answer.await.unwrap_or(Err(StoreError::Stopping))
    }

    /// Lets the writer finish what is queued, and waits for it.
    pub fn close(&self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }

    /// The receipt given for a bundle.
    pub fn receipt(&self, sha256: &str) -> Result<Option<Signed>, StoreError> {
        let sql = "SELECT receipt FROM bundles WHERE sha256 = ?1";
        self.text(sql, sha256)?.map(|text| signed(&text)).transpose()
    }

    /// The acknowledgement of a bundle, as JSON text.
    pub fn ack(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        self.text("SELECT ack FROM acks WHERE sha256 = ?1", sha256)
    }

    /// A published document, as JSON text.
    pub fn document(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.text("SELECT text FROM documents WHERE name = ?1", name)
    }

    /// Bundles and bytes stored for a key.
    pub fn usage(&self, key_id: &str) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM bundles WHERE key_id = ?1";
        let row = self.db().query_row(sql, [key_id], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?;
        Ok((row.0.unsigned_abs(), row.1.unsigned_abs()))
    }

    /// Bundles with a position above `after`, in order.
    pub fn inbox(&self, after: u64) -> Result<Inbox, StoreError> {
        self.page(
            "SELECT ticket, receipt FROM bundles WHERE idx > ?1 AND ?3 IS NULL ORDER BY idx LIMIT ?2",
            after,
            None,
        )
    }

    /// Those of them that this key sent.
    pub fn mailbox(&self, key_id: &str, after: u64) -> Result<Inbox, StoreError> {
        let sql = "SELECT ticket, receipt FROM bundles WHERE idx > ?1 AND key_id = ?3 ORDER BY idx LIMIT ?2";
        self.page(sql, after, Some(key_id))
    }

    fn page(&self, sql: &str, after: u64, key_id: Option<&str>) -> Result<Inbox, StoreError> {
        let db = self.db();
        let mut query = db.prepare_cached(sql)?;
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let rows = query.query_map(params![i64::try_from(after).unwrap_or(i64::MAX), limit, key_id], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))
        })?;
        let mut entries = Vec::new();
        for row in rows {
            let (ticket, receipt) = row?;
            entries.push(InboxEntry { ticket: signed(&ticket)?, receipt: signed(&receipt)? });
        }
        let more = entries.len() > PAGE;
        entries.truncate(PAGE);
        Ok(Inbox { schema: 1, entries, more })
    }

    /// Every bundle in log order, for the check.
    pub fn rows(&self) -> Result<Vec<Row>, StoreError> {
        let db = self.db();
        let mut query = db.prepare("SELECT idx, sha256, key_id, size, ticket, receipt FROM bundles ORDER BY idx")?;
        let rows = query.query_map([], |r| {
            Ok(Row {
                index: r.get::<_, i64>(0)?.unsigned_abs(),
                sha256: r.get(1)?,
                key_id: r.get(2)?,
                size: r.get::<_, i64>(3)?.unsigned_abs(),
                ticket: r.get(4)?,
                receipt: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// SQLite's own verdict about the file.
    pub fn integrity(&self) -> Result<bool, StoreError> {
        let verdict: String = self.db().pragma_query_value(None, "integrity_check", |r| r.get(0))?;
        Ok(verdict == "ok")
    }

    fn text(&self, sql: &str, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.db().prepare_cached(sql)?.query_row([key], |r| r.get(0)).optional()?)
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    schema::settings(&db)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

fn signed(text: &str) -> Result<Signed, StoreError> {
    Signed::from_json(text).map_err(|_| StoreError::Damaged)
}
