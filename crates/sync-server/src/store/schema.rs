//! The tables of the server and the settings every connection must have.

use rusqlite::Connection;

use super::StoreError;

/// Version in `PRAGMA user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE bundles (
    idx INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    receipt TEXT NOT NULL
) STRICT;
CREATE INDEX bundles_by_key ON bundles (key_id, size);
CREATE TABLE acks (sha256 TEXT PRIMARY KEY REFERENCES bundles (sha256), ack TEXT NOT NULL) STRICT;
CREATE TABLE documents (name TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
PRAGMA user_version = 1;
";

/// Sets and asserts what durability depends on.
pub fn settings(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA busy_timeout = 5000;",
    )?;
    let mode: String = db.pragma_query_value(None, "journal_mode", |r| r.get(0))?;
    let sync: i64 = db.pragma_query_value(None, "synchronous", |r| r.get(0))?;
    let temp: i64 = db.pragma_query_value(None, "temp_store", |r| r.get(0))?;
    if (mode.as_str(), sync, temp) == ("wal", 2, 2) { Ok(()) } else { Err(StoreError::Settings) }
}

/// Creates the tables in an empty file; refuses a file written by a newer program.
pub fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    match db.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0))? {
        0 => {
            let tx = db.transaction()?;
            tx.execute_batch(TABLES)?;
            Ok(tx.commit()?)
        }
        VERSION => Ok(()),
        _ => Err(StoreError::Newer),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    /// What the server can know is exactly this list; a new column needs a line in the threat model first.
    #[test]
    fn every_column_is_listed() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        let mut query = db
            .prepare(
                "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
                 WHERE m.type = 'table' ORDER BY m.name, c.cid",
            )
            .unwrap();
        let columns: Vec<String> = query.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
        let listed = "acks.sha256 acks.ack bundles.idx bundles.sha256 bundles.key_id bundles.size bundles.ticket \
                      bundles.receipt documents.name documents.version documents.text";
        assert_eq!(columns.join(" "), listed);
    }
}
