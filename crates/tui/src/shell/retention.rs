//! Erasing a client: the plan of core, signed with the key of the home, carried out in one transaction.

use bansou_core::document::Request;
use bansou_core::record::v1::{Artefact, Id, PurgeRecord, Record};
use bansou_core::retention::{self, Purge};
use bansou_core::wire::v1::envelope::{Context, to_json};

use super::clock;
use super::documents::Typesetter;
use super::failure::Failure;
use super::home::Home;
use super::{papers, seal};

/// What erasing a client would do now, whether or not it is allowed.
pub fn plan(home: &Home, client: Id) -> Result<Purge, Failure> {
    let id = Id::grown(&clock::seed(), 0);
    Ok(retention::plan(&home.books, &home.packs, client, &home.history()?, id, home.now().date())?)
}

/// Erases a client after its retention time, when its word was typed; gives the record that stays.
pub fn erase(home: &mut Home, typesetter: &Typesetter, client: Id, typed: &str) -> Result<PurgeRecord, Failure> {
    retention::allowed(&home.books, &home.packs, client, home.now().date(), typed)?;
    let purge = plan(home, client)?;
    let signed = seal::sign(&home.keys.signing, Context::Purge, to_json(&purge.certificate));
    let record = purge.record(signed.to_json());
    let forms = claim_forms(home, typesetter, &purge, &record)?;
    home.erase(&purge, record.clone(), &forms)?;
    Ok(record)
}

/// Backups in the folder of the home: those made before a purge still hold what it erased, until somebody deletes them.
pub fn backups(home: &Home) -> Result<Vec<String>, Failure> {
    let folder = home.path.join("backups");
    let Ok(found) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in found {
        files.push(entry.map_err(|e| Failure::file(&folder, &e))?.path().display().to_string());
    }
    files.sort();
    Ok(files)
}

/// The claim forms that go with the firm's name in them, made anew without it.
fn claim_forms(
    home: &Home,
    typesetter: &Typesetter,
    purge: &Purge,
    record: &PurgeRecord,
) -> Result<Vec<(Artefact, Vec<u8>)>, Failure> {
    let mut after = home.books.clone();
    after.follow(&purge.changes(record.clone()));
    let had_form = |claim: &Id| home.books.artefacts.values().any(|a| a.claim == Some(*claim));
    let claims = purge.reduce.iter().filter_map(|r| match r {
        Record::Claim(c) => Some(c.id),
        _ => None,
    });
    claims.filter(had_form).map(|claim| papers::made_from(&after, home, typesetter, &Request::Claim(claim))).collect()
}
