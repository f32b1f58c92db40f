//! SQLite as a crash-safe container of sealed rows; it never sees a readable byte.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::Format;
use super::error::{Fault, Finding, Part, VaultError};

const APPLICATION: i64 = 0x4241_4e53;
const OLDEST_SQLITE: i32 = 3_051_003;
/// In the order of their texts. Format 1 has no table of texts, the last.
const SCHEMA: [&str; 4] = [
    "CREATE TABLE blob(name BLOB PRIMARY KEY, sealed BLOB NOT NULL)",
    "CREATE TABLE journal(seq INTEGER PRIMARY KEY, sealed BLOB NOT NULL)",
    "CREATE TABLE record(name BLOB PRIMARY KEY, rev INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE text(seq INTEGER PRIMARY KEY, sealed BLOB NOT NULL)",
];
/// A page holds a note and its row, so that reading all of them follows few chains of pages.
const PAGE: u32 = 16384;
/// Set and then read back at every open; the last column is what must come back.
const PRAGMAS: [(&str, &str, &str); 8] = [
    // Before WAL: its index then lies in this process, and a nearly full disk has no file to fail on.
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("temp_store", "MEMORY", "2"),
    ("secure_delete", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("mmap_size", "0", "0"),
    ("cell_size_check", "ON", "1"),
];

pub(super) struct Database(Connection);

impl Database {
    /// Makes the tables in an empty file that exists already (so that its mode is ours).
    pub(super) fn create(path: &Path) -> Result<Self, VaultError> {
        let db = Self(Connection::open(path)?);
        db.0.pragma_update(None, "page_size", PAGE)?;
        db.set_pragmas()?;
        for sql in SCHEMA {
            db.0.execute(sql, ())?;
        }
        db.0.pragma_update(None, "application_id", APPLICATION)?;
        db.0.pragma_update(None, "user_version", Format::Two.number::<i64>())?;
        Ok(db)
    }

    /// Opens a store, says its format, and refuses anything but exactly our tables.
    pub(super) fn open(path: &Path) -> Result<(Self, Format), VaultError> {
        let db = Self(Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?);
        let number = |name| db.0.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
        let (application, version) = (number("application_id")?, number("user_version")?);
        if application != APPLICATION {
            return Err(foreign_file());
        }
        if version > Format::Two.number() {
            return Err(VaultError::Newer);
        }
        let format = Format::of(version).ok_or_else(foreign_file)?;
        db.set_pragmas()?;
        let mut tables: Vec<String> = {
            let mut query = db.0.prepare("SELECT coalesce(sql, '') FROM sqlite_schema WHERE sql IS NOT NULL")?;
            query.query_map((), |r| r.get(0))?.collect::<Result<_, _>>()?
        };
        tables.sort();
        let expected = if format == Format::One { &SCHEMA[..3] } else { &SCHEMA };
        if tables != expected {
            return Err(foreign_file());
        }
        Ok((db, format))
    }

    /// A database without tables, in which nothing can be saved: holds the place while files are exchanged.
    pub(super) fn nowhere() -> Result<Self, VaultError> {
        Ok(Self(Connection::open_in_memory()?))
    }

    fn set_pragmas(&self) -> Result<(), VaultError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(VaultError::Store(rusqlite::version_number()));
        }
        for (name, value, expected) in PRAGMAS {
            self.0.pragma_update_and_check(None, name, value, |_| Ok(())).or_else(|e| match e {
                rusqlite::Error::QueryReturnedNoRows => Ok(()),
                other => Err(other),
            })?;
            let found: rusqlite::types::Value = self.0.pragma_query_value(None, name, |r| r.get(0))?;
            let found = match found {
                rusqlite::types::Value::Integer(n) => n.to_string(),
                rusqlite::types::Value::Text(t) => t,
                _ => String::new(),
            };
            if found != expected {
                return Err(VaultError::Store(rusqlite::ffi::SQLITE_MISUSE));
            }
        }
        Ok(())
    }

    pub(super) fn begin(&mut self) -> Result<Write<'_>, VaultError> {
        let behaviour = rusqlite::TransactionBehavior::Immediate;
        Ok(Write(self.0.transaction_with_behavior(behaviour)?))
    }

    /// Every record row: name, revision, sealed bytes.
    pub(super) fn each_record(&self, mut row: impl FnMut(&[u8], u64, &[u8])) -> Result<(), VaultError> {
        let mut query = self.0.prepare("SELECT name, rev, sealed FROM record")?;
        let mut rows = query.query(())?;
        while let Some(r) = rows.next()? {
            row(bytes(r, 0)?, number(r, 1)?, bytes(r, 2)?);
        }
        Ok(())
    }

    /// Journal rows from `seq` on, in order; stops early when `row` says false.
    pub(super) fn each_entry(&self, seq: u64, mut row: impl FnMut(u64, &[u8]) -> bool) -> Result<(), VaultError> {
        let mut query = self.0.prepare("SELECT seq, sealed FROM journal WHERE seq >= ?1 ORDER BY seq")?;
        let mut rows = query.query([seq.cast_signed()])?;
        while let Some(r) = rows.next()? {
            if !row(number(r, 0)?, bytes(r, 1)?) {
                break;
            }
        }
        Ok(())
    }

    /// One journal row.
    pub(super) fn entry(&self, seq: u64) -> Result<Option<Vec<u8>>, VaultError> {
        let mut query = self.0.prepare_cached("SELECT sealed FROM journal WHERE seq = ?1")?;
        Ok(query.query_row([seq.cast_signed()], |r| r.get(0)).optional()?)
    }

    /// The text row of a journal entry.
    pub(super) fn text(&self, seq: u64) -> Result<Option<Vec<u8>>, VaultError> {
        let mut query = self.0.prepare_cached("SELECT sealed FROM text WHERE seq = ?1")?;
        Ok(query.query_row([seq.cast_signed()], |r| r.get(0)).optional()?)
    }

    /// Number of text rows.
    pub(super) fn texts(&self) -> Result<u64, VaultError> {
        Ok(self.0.query_row("SELECT count(*) FROM text", (), |r| r.get::<_, i64>(0))?.cast_unsigned())
    }

    /// Every blob name.
    pub(super) fn blob_names(&self) -> Result<Vec<Vec<u8>>, VaultError> {
        let mut query = self.0.prepare("SELECT name FROM blob NOT INDEXED")?;
        let mut rows = query.query(())?;
        let mut names = Vec::new();
        while let Some(r) = rows.next()? {
            names.push(bytes(r, 0)?.to_vec());
        }
        Ok(names)
    }

    pub(super) fn blob(&self, name: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        let query = "SELECT sealed FROM blob WHERE name = ?1";
        Ok(self.0.query_row(query, [name], |r| r.get(0)).optional()?)
    }

    /// Lets the file grow no more, or grow again.
    #[cfg(test)]
    pub(super) fn limit_pages(&self, limit: bool) -> Result<(), VaultError> {
        let pages: i64 = self.0.pragma_query_value(None, "page_count", |r| r.get(0))?;
        let most = if limit { pages } else { i64::from(u32::MAX - 1) };
        Ok(self.0.pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))?)
    }

    /// Closes the file and reports what only then fails.
    pub(super) fn close(self) -> Result<(), VaultError> {
        Ok(self.0.close().map_err(|(_, e)| e)?)
    }

    /// SQLite's own check of its pages and indexes.
    pub(super) fn sound(&self) -> Result<bool, VaultError> {
        let answer: String = self.0.pragma_query_value(None, "integrity_check", |r| r.get(0))?;
        Ok(answer == "ok")
    }
}

/// One transaction; rolled back unless committed.
pub(super) struct Write<'a>(Transaction<'a>);

impl Write<'_> {
    pub(super) fn put_record(&self, name: &[u8], rev: u64, sealed: &[u8]) -> Result<(), VaultError> {
        let sql = "INSERT OR REPLACE INTO record(name, rev, sealed) VALUES (?1, ?2, ?3)";
        self.0.execute(sql, params![name, rev.cast_signed(), sealed])?;
        Ok(())
    }

    pub(super) fn delete_record(&self, name: &[u8]) -> Result<(), VaultError> {
        self.0.execute("DELETE FROM record WHERE name = ?1", [name])?;
        Ok(())
    }

    pub(super) fn add_blob(&self, name: &[u8], sealed: &[u8]) -> Result<(), VaultError> {
        self.0.execute("INSERT INTO blob(name, sealed) VALUES (?1, ?2)", params![name, sealed])?;
        Ok(())
    }

    pub(super) fn delete_blob(&self, name: &[u8]) -> Result<(), VaultError> {
        self.0.execute("DELETE FROM blob WHERE name = ?1", [name])?;
        Ok(())
    }

    pub(super) fn add_entry(&self, seq: u64, sealed: &[u8], text: Option<&[u8]>) -> Result<(), VaultError> {
        self.0.execute("INSERT INTO journal(seq, sealed) VALUES (?1, ?2)", params![seq.cast_signed(), sealed])?;
        if let Some(text) = text {
            self.0.execute("INSERT INTO text(seq, sealed) VALUES (?1, ?2)", params![seq.cast_signed(), text])?;
        }
        Ok(())
    }

    pub(super) fn commit(self) -> Result<(), VaultError> {
        Ok(self.0.commit()?)
    }
}

fn bytes<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<&'r [u8], VaultError> {
    row.get_ref(column)?.as_blob().map_err(|_| foreign_file())
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> Result<u64, VaultError> {
    Ok(row.get_ref(column)?.as_i64().map_err(|_| foreign_file())?.cast_unsigned())
}

fn foreign_file() -> VaultError {
    VaultError::Damaged { what: vec![Finding::new(Part::File, Fault::Foreign, "vault.db")] }
}

impl From<rusqlite::Error> for VaultError {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::{ErrorCode, ffi};
        match e.sqlite_error() {
            // A full disk where the log of WAL was to grow.
            Some(f) if f.code == ErrorCode::DiskFull || f.extended_code == ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull,
            Some(f) if f.code == ErrorCode::ReadOnly => Self::Permission,
            Some(f) if f.code == ErrorCode::NotADatabase || f.code == ErrorCode::DatabaseCorrupt => {
                Self::Damaged { what: vec![Finding::new(Part::File, Fault::Changed, "vault.db")] }
            }
            Some(f) => Self::Store(f.extended_code),
            // Only reading a value of the wrong type gets here: the columns are not what we wrote.
            None => foreign_file(),
        }
    }
}
