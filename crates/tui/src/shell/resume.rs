//! After a restore: asks the server or a folder which bundles of this key exist, and takes in what this home never saw.

use std::collections::BTreeMap;

use bansou_core::command::Command;
use bansou_core::record::v1::{Found, RaisedBy};
use bansou_core::refusal::Refusal;
use bansou_core::resume::{self, ResumeCommand};
use bansou_core::wire::v1::receipt::{InboxEntry, Receipt};
use ed25519_dalek::Signer as _;

use super::carry::{Carrier as _, CarryError, Folder, Https, Signer};
use super::clock;
use super::enrol::Enrolled;
use super::failure::Failure;
use super::home::Home;

/// A server that this home's key signs requests to.
pub fn server(home: &Home, address: &str) -> Result<Https, Failure> {
    let signing = home.keys.signing.clone();
    let key = signing.verifying_key().to_bytes();
    let sign = Box::new(move |message: &[u8]| signing.sign(message).to_bytes());
    Ok(Https::new(address)?.with_signer(Signer { key, sign, now: clock::unix_seconds }))
}

/// Refuses while an older state was put back and nobody was asked since.
pub fn may_seal(home: &Home) -> Result<(), Refusal> {
    if resume::pending(&home.books) { Err(Refusal::NotReconciled) } else { Ok(()) }
}

/// Takes in the server's list of this key's bundles; gives how many this home did not know. A list with an entry that
/// is not proved is refused whole.
pub fn by_mailbox(home: &mut Home, entries: &[InboxEntry]) -> Result<usize, Failure> {
    let receipt_key = Enrolled::of(home)?.receipt_key()?;
    let own = home.keys.public().signing;
    let mut found = BTreeMap::new();
    for entry in entries {
        Receipt::check(&entry.receipt, &receipt_key, &entry.ticket).map_err(CarryError::from)?;
        let proved = resume::proven(None, Some(&entry.receipt), &receipt_key, &own, home.now().date());
        found.extend([proved.ok_or(CarryError::Answer("a list with bundles of another key"))?]);
    }
    take_in(home, RaisedBy::Mailbox, found)
}

/// Takes in what lies in a folder under this home's key; everything else there is passed over. A folder without
/// anything of this key tells nothing and changes nothing.
pub fn by_folder(home: &mut Home, folder: &Folder) -> Result<usize, Failure> {
    let receipt_key = Enrolled::of(home)?.receipt_key()?;
    let own = home.keys.public().signing;
    let mut found = BTreeMap::new();
    for sha256 in folder.hashes("ticket")?.into_iter().chain(folder.hashes("receipt")?) {
        let (ticket, receipt) = (folder.ticket(&sha256).ok().flatten(), folder.receipt(&sha256).ok().flatten());
        let proved = resume::proven(ticket.as_ref(), receipt.as_ref(), &receipt_key, &own, home.now().date());
        found.extend(proved.filter(|(named, _)| *named == sha256));
    }
    if found.is_empty() { Ok(0) } else { take_in(home, RaisedBy::Folder, found) }
}

fn take_in(home: &mut Home, by: RaisedBy, found: BTreeMap<String, Found>) -> Result<usize, Failure> {
    let before = known(home);
    home.apply(Command::Resume(ResumeCommand::Reconcile { by, found }))?;
    Ok(known(home) - before)
}

fn known(home: &Home) -> usize {
    home.books.resumption.as_ref().map_or(0, |r| r.found.len())
}
