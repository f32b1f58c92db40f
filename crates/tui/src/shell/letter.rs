//! A letter to the secretariat: its parts, its place in the expert's chain, sealed with a ticket.

use std::collections::BTreeMap;

use bansou_core::record::v1::{BundleKind, Id};
use bansou_core::wire::v1::enrolment::Audience;
use bansou_core::wire::v1::envelope::{Signed, key_id};
use bansou_core::wire::v1::manifest::{Manifest, ManifestKind, PartEntry, sha256_hex};
use jiff::civil::{Date, DateTime};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::seal::{self, KeyRing, Opened, SealError, SealedBundle};

/// What a letter is about.
pub struct Letter {
    pub kind: BundleKind,
    pub case_no: Option<String>,
    pub programme: String,
    pub session: Option<u8>,
    pub session_date: Option<Date>,
    /// Bundle id of the returned letter it replaces.
    pub supersedes: Option<Id>,
}

/// Where it stands in the chain of its sender.
pub struct Place {
    pub id: Id,
    pub seq: u64,
    pub prev: Option<String>,
    pub resumed_after: Option<u64>,
    pub practice: bool,
    pub claimed_time: DateTime,
}

/// One part, held until it is sealed.
pub struct Part {
    role: String,
    name: String,
    media_type: &'static str,
    bytes: Zeroizing<Vec<u8>>,
}

const JSON: &str = "application/json";
const PDF: &str = "application/pdf";

impl Part {
    /// Data that the secretariat's program reads.
    pub fn json(role: &str, text: String) -> Self {
        let bytes = text.into_bytes().into();
        Self { role: role.into(), name: format!("{role}.json"), media_type: JSON, bytes }
    }

    /// A document.
    pub fn pdf(role: &str, bytes: Zeroizing<Vec<u8>>) -> Self {
        Self { role: role.into(), name: format!("{role}.pdf"), media_type: PDF, bytes }
    }
}

/// Signs and seals a letter; gives the frozen bundle and the ticket that admits it.
pub fn seal_letter(
    letter: &Letter,
    place: Place,
    parts: &[Part],
    keys: &KeyRing,
    audience: &Audience,
) -> Result<(SealedBundle, Signed), Failure> {
    let manifest = Manifest {
        v: 1,
        bundle_id: place.id.to_string(),
        programme: letter.programme.clone(),
        practice: place.practice,
        expert: key_id(&keys.public().signing),
        case: letter.case_no.clone(),
        kind: match letter.kind {
            BundleKind::Report => ManifestKind::Report,
            BundleKind::Claim => ManifestKind::Claim,
        },
        session: letter.session,
        seq: place.seq,
        prev: place.prev,
        resumed_after: place.resumed_after,
        recipients_version: audience.recipients().version,
        recipients_sha256: audience.sha256().to_owned(),
        session_date: letter.session_date,
        claimed_time: place.claimed_time,
        supersedes: letter.supersedes.map(|id| id.to_string()),
        parts: parts.iter().map(entry).collect(),
        templates: BTreeMap::new(),
    };
    let borrowed: Vec<seal::Part<'_>> = parts
        .iter()
        .map(|p| seal::Part { role: &p.role, name: &p.name, media_type: p.media_type, bytes: &p.bytes })
        .collect();
    let bundle = seal::seal(&manifest, &borrowed, &keys.signing, audience)?;
    let ticket = seal::ticket(&bundle, audience, &keys.signing);
    Ok((bundle, ticket))
}

fn entry(part: &Part) -> PartEntry {
    PartEntry {
        role: part.role.clone(),
        name: part.name.clone(),
        media_type: part.media_type.into(),
        size: part.bytes.len() as u64,
        sha256: sha256_hex(&part.bytes),
    }
}

/// The data part of an opened bundle, if it has one of this role; read strictly.
pub fn data<T: DeserializeOwned>(opened: &Opened, role: &str) -> Result<Option<T>, Failure> {
    let mut found = opened.manifest.parts.iter().zip(&opened.parts).filter(|(e, _)| e.role == role);
    match found.next() {
        Some((e, bytes)) if e.media_type == JSON => {
            Ok(Some(serde_json::from_slice(bytes).map_err(|_| SealError::Archive)?))
        }
        _ => Ok(None),
    }
}

/// The documents of an opened bundle by role.
pub fn documents(opened: &Opened) -> Vec<(&str, &[u8])> {
    let all = opened.manifest.parts.iter().zip(&opened.parts);
    all.filter(|(e, _)| e.media_type == PDF).map(|(e, b)| (e.role.as_str(), b.as_slice())).collect()
}
