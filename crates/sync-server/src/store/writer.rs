//! The one thread that writes: many waiting requests share one commit, and nobody is answered before it.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use bansou_core::wire::v1::envelope::{Context, Signed, to_json};
use bansou_core::wire::v1::receipt::{FIRST_PREV, Receipt, chain_hash, minute};
use ed25519_dalek::{Signer as _, SigningKey};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use tokio::sync::oneshot;

use super::{Arrived, StoreError, Stored};
use crate::files::sync_dir;
use crate::partial::part_path;

/// Most jobs in one commit.
const GROUP: usize = 64;

/// Something to write, and where to answer.
pub(super) enum Job {
    Bundle(Box<Arrived>, oneshot::Sender<Result<Signed, StoreError>>),
    Ack { sha256: String, ack: String, reply: oneshot::Sender<Result<Stored, StoreError>> },
    Document { name: &'static str, version: u64, text: String, reply: oneshot::Sender<Result<Stored, StoreError>> },
}

/// What one job came to; it is told only after the commit.
enum Outcome {
    Receipt(Signed),
    Stored(Stored),
}

/// Where the receipt log stands.
struct Head {
    index: u64,
    prev: String,
}

pub(super) struct Writer {
    pub(super) db: Connection,
    pub(super) data: PathBuf,
    pub(super) key: SigningKey,
    pub(super) now: fn() -> i64,
}

impl Writer {
    /// Works until every sender is gone.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let mut group = vec![first];
            while group.len() < GROUP {
                let Ok(next) = jobs.try_recv() else { break };
                group.push(next);
            }
            self.write(group);
        }
    }

    fn write(&mut self, group: Vec<Job>) {
        let mut moved = Vec::new();
        match self.commit(&group, &mut moved) {
            Ok(done) => {
                for (job, outcome) in group.into_iter().zip(done) {
                    answer(job, outcome);
                }
            }
            Err(error) => {
                // Back to the partial uploads, so that a retry finds every byte again.
                for sha256 in &moved {
                    let _ = std::fs::rename(self.blob(sha256), self.part(sha256));
                }
                for job in group {
                    fail(job, error.clone());
                }
            }
        }
    }

    fn commit(&mut self, group: &[Job], moved: &mut Vec<String>) -> Result<Vec<Outcome>, StoreError> {
        for job in group {
            if let Job::Bundle(arrived, _) = job {
                let sha256 = &arrived.ticket.sha256;
                std::fs::rename(self.part(sha256), self.blob(sha256))?;
                moved.push(sha256.clone());
            }
        }
        if !moved.is_empty() {
            sync_dir(&self.data.join("blobs"))?;
        }
        let received_at = minute((self.now)());
        let tx = self.db.transaction()?;
        let mut head = head(&tx)?;
        let mut done = Vec::with_capacity(group.len());
        for job in group {
            done.push(match job {
                Job::Bundle(arrived, _) => Outcome::Receipt(bundle(&tx, &self.key, &mut head, arrived, &received_at)?),
                Job::Ack { sha256, ack, .. } => Outcome::Stored(put_ack(&tx, sha256, ack)?),
                Job::Document { name, version, text, .. } => Outcome::Stored(document(&tx, name, *version, text)?),
            });
        }
        tx.commit()?;
        Ok(done)
    }

    fn blob(&self, sha256: &str) -> PathBuf {
        self.data.join("blobs").join(sha256)
    }

    fn part(&self, sha256: &str) -> PathBuf {
        part_path(&self.data, sha256)
    }
}

fn answer(job: Job, outcome: Outcome) {
    // A client that has gone away is no error: its retry finds what was stored.
    match (job, outcome) {
        (Job::Bundle(_, reply), Outcome::Receipt(receipt)) => drop(reply.send(Ok(receipt))),
        (Job::Ack { reply, .. } | Job::Document { reply, .. }, Outcome::Stored(stored)) => drop(reply.send(Ok(stored))),
        (job, _) => fail(job, StoreError::Stopping),
    }
}

fn fail(job: Job, error: StoreError) {
    match job {
        Job::Bundle(_, reply) => drop(reply.send(Err(error))),
        Job::Ack { reply, .. } | Job::Document { reply, .. } => drop(reply.send(Err(error))),
    }
}

fn head(tx: &Transaction<'_>) -> Result<Head, StoreError> {
    let last = tx
        .query_row("SELECT idx, receipt FROM bundles ORDER BY idx DESC LIMIT 1", [], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?))
        })
        .optional()?;
    Ok(match last {
        None => Head { index: 0, prev: FIRST_PREV.to_owned() },
        Some((index, receipt)) => {
            let receipt = Signed::from_json(&receipt).map_err(|_| StoreError::Damaged)?;
            Head { index: index.unsigned_abs(), prev: chain_hash(&receipt.body) }
        }
    })
}

fn bundle(
    tx: &Transaction<'_>,
    key: &SigningKey,
    head: &mut Head,
    arrived: &Arrived,
    received_at: &str,
) -> Result<Signed, StoreError> {
    let receipt = Receipt {
        v: 1,
        sha256: arrived.ticket.sha256.clone(),
        size: arrived.ticket.size,
        key_id: arrived.key_id.clone(),
        received_at: received_at.to_owned(),
        index: head.index + 1,
        prev: head.prev.clone(),
    };
    let body = to_json(&receipt);
    let signature = key.sign(&Context::Receipt.signed_bytes(&body)).to_bytes();
    let signed = Signed::new(body, &key.verifying_key().to_bytes(), &signature);
    tx.execute(
        "INSERT INTO bundles (idx, sha256, key_id, size, ticket, receipt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            receipt.index.cast_signed(),
            receipt.sha256,
            receipt.key_id,
            receipt.size.cast_signed(),
            arrived.signed.to_json(),
            signed.to_json()
        ],
    )?;
    *head = Head { index: receipt.index, prev: chain_hash(&signed.body) };
    Ok(signed)
}

fn put_ack(tx: &Transaction<'_>, sha256: &str, ack: &str) -> Result<Stored, StoreError> {
    let held: Option<String> =
        tx.query_row("SELECT ack FROM acks WHERE sha256 = ?1", [sha256], |r| r.get(0)).optional()?;
    if held.as_deref() == Some(ack) {
        return Ok(Stored::Same);
    }
    tx.execute("INSERT OR REPLACE INTO acks (sha256, ack) VALUES (?1, ?2)", [sha256, ack])?;
    Ok(if held.is_some() { Stored::Replaced } else { Stored::New })
}

fn document(tx: &Transaction<'_>, name: &str, version: u64, text: &str) -> Result<Stored, StoreError> {
    let held = tx
        .query_row("SELECT version, text FROM documents WHERE name = ?1", [name], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?))
        })
        .optional()?;
    match held {
        Some((_, held)) if held == text => return Ok(Stored::Same),
        Some((held, _)) if held.unsigned_abs() >= version => return Ok(Stored::Older),
        _ => {}
    }
    tx.execute(
        "INSERT OR REPLACE INTO documents (name, version, text) VALUES (?1, ?2, ?3)",
        params![name, version.cast_signed(), text],
    )?;
    Ok(if held.is_some() { Stored::Replaced } else { Stored::New })
}
