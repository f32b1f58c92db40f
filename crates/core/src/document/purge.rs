//! 消去証明書: the certificate of a purge as a text that can be handed to the firm and checked by anybody.

use std::collections::BTreeMap;

use super::terms::Terms;
use crate::wire::v1::envelope::{Context, EnvelopeError, Signed, fingerprint};
use crate::wire::v1::purge::PurgeCertificate;

const LAYOUT: &str = include_str!("../../../../templates/documents/purge-certificate.md");

/// The text around a signed certificate; only one whose signature holds is written.
pub fn purge_certificate(signed: &Signed) -> Result<String, EnvelopeError> {
    let found: PurgeCertificate = signed.open(Context::Purge)?;
    let terms = Terms::built_in();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| terms.get("purge_none").to_owned());
    let values = [
        ("practice", if found.practice { terms.get("purge_practice").to_owned() } else { String::new() }),
        ("erased_on", found.erased_on.to_string()),
        ("case_no", or_none(found.case_no)),
        ("client", found.client),
        ("ended_on", or_none(found.ended_on.map(|d| d.to_string()))),
        ("by", cell(&found.by)),
        ("registration", cell(&found.registration)),
        ("rule", found.rule),
        ("programme", found.programme),
        ("days", found.days.to_string()),
        ("removed", counts(&terms, &found.removed)),
        ("blobs", found.blobs.to_string()),
        ("entries", found.entries.to_string()),
        ("reduced", counts(&terms, &found.reduced)),
        ("kept_until", or_none(found.kept_until.map(|d| d.to_string()))),
        ("sha256", found.sha256),
        ("id", found.id),
        ("fingerprint", fingerprint(&signed.key_bytes()?)),
        // Last, so that no braces of the signed text are taken for a blank.
        ("signed", signed.to_json()),
    ];
    Ok(values.iter().fold(LAYOUT.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value)))
}

/// Reads a certificate back: its signature holds and its readable part says what was signed, byte for byte.
pub fn read_purge_certificate(text: &str) -> Result<(Signed, PurgeCertificate), EnvelopeError> {
    let line = text.lines().find(|l| l.starts_with("{\"body\":")).ok_or(EnvelopeError::Malformed)?;
    let signed = Signed::from_json(line)?;
    let found = signed.open(Context::Purge)?;
    if purge_certificate(&signed)? != text {
        return Err(EnvelopeError::BadSignature);
    }
    Ok((signed, found))
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn counts(terms: &Terms, kinds: &BTreeMap<String, u32>) -> String {
    let one = |(kind, n): (&String, &u32)| {
        let name = terms.get(&format!("kind_{kind}"));
        terms.fill("purge_count", &[("kind", name), ("n", &n.to_string())])
    };
    let list: Vec<String> = kinds.iter().map(one).collect();
    if list.is_empty() { terms.get("purge_none").to_owned() } else { list.join("、") }
}
