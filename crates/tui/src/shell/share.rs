//! Sharing with a trainee: sealing and opening the files that go between two homes, and ending a copy on its day.

use std::io::Read as _;
use std::path::Path;

use bansou_core::command::{self, Command};
use bansou_core::record::v1::{Id, Record, Returned};
use bansou_core::refusal::Refusal;
use bansou_core::share::{self, ShareCommand};
use bansou_core::wire::v1::envelope::{Context, Signed, encode_key, to_json};
use bansou_core::wire::v1::share::{Share, ShareKey, check_share};

use super::failure::Failure;
use super::home::Home;
use super::{papers, retention, seal};

/// A share on the disk: its text, the padding and what age puts around it.
const LARGEST_FILE: u64 = seal::SHARE_LIMIT as u64 + (1 << 20);

/// The public keys of this home.
pub fn key(home: &Home) -> ShareKey {
    let public = home.keys.public();
    ShareKey { age: public.age, signing: encode_key(&public.signing) }
}

/// Hands a copy of an engagement out: one age file for the trainee. Nothing is recorded when it cannot be
/// sealed.
pub fn offer(home: &mut Home, engagement: Id, file: &Path) -> Result<Share, Failure> {
    let ctx = home.ctx();
    let command = Command::Share(ShareCommand::Offer { engagement });
    let name = command.name();
    let changes = command::apply(&home.books, &ctx, command)?;
    let Some(Record::Handout(handout)) = changes.first().and_then(|c| c.after.as_ref()) else {
        return Err(Refusal::NotFound { what: "handout" }.into());
    };
    let share = share::text_of(&home.books, &ctx, handout, key(home))?;
    let signed = seal::sign(&home.keys.signing, Context::Share, to_json(&share));
    let sealed = seal::seal_share(&signed, &share.to.age)?;
    if file.exists() {
        return Err(Failure::file(file, &std::io::ErrorKind::AlreadyExists.into()));
    }
    // On record first: a copy that nobody knows of must not be on its way.
    home.save(name, changes, &[], None)?;
    papers::write_file(file, &sealed)?;
    Ok(share)
}

/// Opens the file of a share and verifies it, without taking it in.
pub fn look(home: &Home, file: &Path) -> Result<Share, Failure> {
    let signed = opened(home, file)?;
    Ok(check_share(&signed, &key(home), home.now().date())?)
}

/// Takes a verified share in.
pub fn open(home: &mut Home, share: Share) -> Result<(), Failure> {
    home.apply(Command::Share(ShareCommand::Receive(Box::new(share)))).map(drop)
}

/// Gives the trainee's drafts back: one age file for the lead. Gives how many rows the lead will see.
pub fn give_back(home: &mut Home, engagement: Id, file: &Path) -> Result<usize, Failure> {
    let shared = home.books.shared_of(engagement).ok_or(Refusal::NotFound { what: "share" })?;
    let answer = share::answer(&home.books, &home.ctx(), shared)?;
    let signed = seal::sign(&home.keys.signing, Context::ShareReturn, to_json(&answer));
    let sealed = seal::seal_share(&signed, &shared.age_recipient)?;
    papers::write_file(file, &sealed)?;
    home.note("share-return")?;
    Ok(share::drafts(&answer.fields))
}

/// Takes a return in, once; gives its record.
pub fn take_in(home: &mut Home, file: &Path) -> Result<Returned, Failure> {
    let returned = share::accept(&home.books, &opened(home, file)?)?;
    let id = returned.id;
    home.apply(Command::Share(ShareCommand::TakeIn(Box::new(returned))))?;
    Ok(home.books.returns.get(&id).ok_or(Refusal::NotFound { what: "return" })?.clone())
}

fn opened(home: &Home, file: &Path) -> Result<Signed, Failure> {
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).map_err(|e| Failure::file(file, &e))?;
    opened.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|e| Failure::file(file, &e))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(seal::SealError::TooLarge.into());
    }
    Ok(seal::open_share(&bytes, &home.keys.identity)?)
}

/// Erases the copies whose last day has passed, with a record of each. Where the disk refuses, they are at least not
/// in the books: a copy that ended is not opened.
pub fn end(home: &mut Home) {
    for client in share::over(&home.books, home.now().date()) {
        let Ok(purge) = retention::plan(home, client) else { continue };
        let signed = seal::sign(&home.keys.signing, Context::Purge, to_json(&purge.certificate));
        let record = purge.record(signed.to_json());
        if home.erase(&purge, record.clone(), &[]).is_err() {
            home.books.follow(&purge.changes(record));
        }
    }
}
