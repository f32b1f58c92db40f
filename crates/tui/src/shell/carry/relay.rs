//! The online machine of an air-gapped user: carries a folder to a server and back, with no home and no key.

use std::path::Path;

use bansou_core::wire::v1::problem::Problem;
use bansou_core::wire::v1::receipt::Receipt;

use super::{Carrier, CarryError, Folder, Https, Sealed};

/// What one relay did. Hashes are lower-case hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    /// Bundles that got their receipt in this run.
    pub sent: usize,
    /// Acknowledgements written in this run.
    pub acks: usize,
    /// Receipts now in the folder.
    pub receipts: usize,
    /// Bundles the server did not take, and why.
    pub refused: Vec<(String, Problem)>,
    /// Bundles whose files are missing, damaged or not regular; they were left alone.
    pub damaged: Vec<String>,
}

/// Carries every bundle without a receipt to `server_url`, and brings receipts, acknowledgements and the recipients
/// file back. Running it again does no harm; a server that cannot be reached ends it with `Unreachable`.
pub fn relay(dir: &Path, server_url: &str) -> Result<Relayed, CarryError> {
    let folder = Folder::open(dir)?;
    let server = Https::new(server_url)?;
    let mut done = Relayed::default();
    for sha256 in folder.hashes("ticket")? {
        match one(&folder, &server, &sha256, &mut done) {
            Ok(()) => {}
            Err(CarryError::Refused(problem)) => done.refused.push((sha256, problem)),
            Err(CarryError::Hostile(_) | CarryError::Damaged | CarryError::NotFound) => done.damaged.push(sha256),
            Err(other) => return Err(other),
        }
    }
    if let Some(recipients) = server.recipients()? {
        folder.publish_recipients(&recipients)?;
    }
    Ok(done)
}

fn one(folder: &Folder, server: &Https, sha256: &str, done: &mut Relayed) -> Result<(), CarryError> {
    let ticket = folder.ticket(sha256)?.ok_or(CarryError::NotFound)?;
    if folder.receipt(sha256)?.is_none() {
        let item = Sealed { sha256: sha256.to_owned(), ticket, bytes: folder.fetch(sha256)? };
        let receipt = server.deliver(&item)?;
        // Only the expert knows the pinned key; here a receipt must at least be whole and for this bundle.
        let key = receipt.key_bytes().map_err(|e| CarryError::Receipt(e.into()))?;
        Receipt::check(&receipt, &key, &item.ticket)?;
        folder.put_receipt(sha256, &receipt)?;
        done.sent += 1;
    }
    done.receipts += 1;
    if let Some(ack) = server.get_ack(sha256)?
        && folder.get_ack(sha256)?.as_ref() != Some(&ack)
    {
        folder.put_ack(sha256, &ack)?;
        done.acks += 1;
    }
    Ok(())
}
