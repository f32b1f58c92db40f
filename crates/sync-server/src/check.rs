//! `bansou-server check`: is everything that was receipted still here, unchanged, and is the log whole?

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use bansou_core::wire::v1::envelope::{Context, Signed};
use bansou_core::wire::v1::receipt::{FIRST_PREV, Receipt, chain_hash};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use bansou_core::wire::v1::ticket::Ticket;

use crate::app::{RECIPIENTS, ROSTER};
use crate::store::{Row, Store};
use crate::upload::hash;
use crate::{ServerError, files};

/// Checks a data folder, writes every finding as a line, and returns the number of findings.
pub fn check(data: &Path, out: &mut dyn Write) -> Result<usize, ServerError> {
    if !data.join("server.db").exists() {
        return Err(ServerError::Io("opening the data folder", std::io::ErrorKind::NotFound.into()));
    }
    let key = files::receipt_key(data)?.verifying_key().to_bytes();
    let root = files::secretariat(data, None)?;
    let store = Store::open_to_read(data)?;
    let mut findings = Vec::new();
    if !store.integrity()? {
        findings.push("server.db is damaged: restore the backup".to_owned());
    }
    let rows = store.rows()?;
    let mut prev = FIRST_PREV.to_owned();
    for (position, row) in (1..).zip(&rows) {
        findings.extend(problem_of(&store, row).map(|what| format!("bundle {}: {what}", row.index)));
        // After a break the walk goes on from what is there, so that every break is named once.
        let receipt = Signed::from_json(&row.receipt).ok();
        let whole = row.index == position
            && receipt.as_ref().is_some_and(|r| {
                Receipt::follows(r, &key, row.index, &prev)
                    .is_ok_and(|r| (r.sha256, r.size, r.key_id) == (row.sha256.clone(), row.size, row.key_id.clone()))
            });
        if !whole {
            findings.push(format!("receipt {}: the chain of receipts is broken here", row.index));
        }
        prev = receipt.map(|r| chain_hash(&r.body)).unwrap_or_default();
    }
    let known: BTreeSet<&str> = rows.iter().map(|row| row.sha256.as_str()).collect();
    let strays = store.blob_names()?.iter().filter(|name| !known.contains(name.as_str())).count();
    if strays > 0 {
        findings.push(format!("{strays} file(s) in blobs/ without a receipt: the next start puts them back"));
    }
    let published = |name, opens: fn(&Signed, &[u8; 32]) -> bool| -> Result<bool, ServerError> {
        let text = store.document(name)?;
        Ok(text.is_none_or(|text| Signed::from_json(&text).is_ok_and(|signed| opens(&signed, &root))))
    };
    if !published(RECIPIENTS, |s, root| s.open_by::<Recipients>(Context::Recipients, root).is_ok())? {
        findings.push("the recipients file is not signed by the secretariat: publish it again".to_owned());
    }
    if !published(ROSTER, |s, root| s.open_by::<Roster>(Context::Roster, root).is_ok())? {
        findings.push("the roster is not signed by the secretariat: publish it again".to_owned());
    }
    report(&findings, rows.len(), out).map_err(|e| ServerError::Io("writing the findings", e))?;
    Ok(findings.len())
}

fn problem_of(store: &Store, row: &Row) -> Option<&'static str> {
    let ticket = Signed::from_json(&row.ticket).and_then(|signed| signed.open::<Ticket>(Context::Ticket));
    if !ticket.is_ok_and(|t| t.sha256 == row.sha256 && t.size == row.size) {
        return Some("its ticket was changed: restore the backup");
    }
    match File::open(store.blob(&row.sha256)).and_then(hash) {
        Err(_) => Some("its bytes are missing: restore the backup, or ask its sender to export it again"),
        Ok(digest) if digest != row.sha256 => {
            Some("its bytes were changed: restore the backup, or ask its sender to export it again")
        }
        Ok(_) => None,
    }
}

fn report(findings: &[String], bundles: usize, out: &mut dyn Write) -> std::io::Result<()> {
    for finding in findings {
        writeln!(out, "{finding}")?;
    }
    writeln!(out, "{bundles} bundles, {} findings", findings.len())
}
