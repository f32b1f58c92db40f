//! What a bundle says about itself: who, for whom, in which order, and the hash of every part.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::envelope::hex;

/// Body of a `Context::Manifest` envelope: the exact text of `manifest.json` in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always 1.
    pub v: u32,
    /// Random 128 bits, 32 lower-case hex digits. The same when a bundle is sealed again after a key rotation.
    pub bundle_id: String,
    /// Programme edition, such as `r2-2020`.
    pub programme: String,
    /// True for practice: never paid.
    pub practice: bool,
    /// `key_id` of the expert's signing key.
    pub expert: String,
    /// Pseudonym of the engagement; none for a claim over several.
    pub case: Option<String>,
    pub kind: ManifestKind,
    pub session: Option<u8>,
    /// Position in this expert's chain, from 1.
    pub seq: u64,
    /// SHA-256 (hex) of the manifest text before; none only for the first.
    pub prev: Option<String>,
    /// The number of that manifest (0: none), only when numbers were left out because the sender went on from an older
    /// state: those in between were or may have been used by bundles that the sender no longer knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_after: Option<u64>,
    pub recipients_version: u64,
    /// SHA-256 (hex) of the body of the signed recipients file.
    pub recipients_sha256: String,
    pub session_date: Option<Date>,
    /// Japan time of sealing, as the sender's clock had it; never decides an order.
    pub claimed_time: DateTime,
    /// Bundle id of the one this replaces.
    pub supersedes: Option<String>,
    /// In the order in which they stand in the bundle.
    pub parts: Vec<PartEntry>,
    /// Template id to edition.
    pub templates: BTreeMap<String, String>,
}

/// What a bundle is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ManifestKind {
    Report,
    Claim,
    FinalReport,
    Registration,
    Withdrawal,
}

/// One part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartEntry {
    /// What it is, such as `form6` or `data`.
    pub role: String,
    /// File name inside the bundle: lower-case letters, digits, `.`, `_` and `-`, 1 to 64 of them.
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// `manifest.sig`: the signature over `manifest.json`, kept apart so that the text exists once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetachedSignature {
    /// Ed25519 public key, base64.
    pub key: String,
    /// Ed25519 signature, base64.
    pub sig: String,
}

/// A manifest that no bundle may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("the manifest has a newer format; use a newer bansou")]
    Newer,
    #[error("a name or hash in the manifest is not well formed")]
    Malformed,
    #[error("the names of the parts are not allowed, or one is used twice")]
    PartNames,
    #[error("the first bundle of a chain names one before it, or a later one names none")]
    Chain,
}

/// Lower-case hex SHA-256 of a text, as manifests and tickets name each other.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Checks everything that a manifest alone can show.
pub fn check_manifest(manifest: &Manifest) -> Result<(), ManifestError> {
    if manifest.v != 1 {
        return Err(ManifestError::Newer);
    }
    let hashes = [Some(&manifest.recipients_sha256), manifest.prev.as_ref()];
    let ids = [Some(&manifest.bundle_id), Some(&manifest.expert), manifest.supersedes.as_ref()];
    if !hashes.into_iter().flatten().chain(manifest.parts.iter().map(|p| &p.sha256)).all(|h| is_hex(h, 64))
        || !ids.into_iter().flatten().all(|id| is_hex(id, 32))
    {
        return Err(ManifestError::Malformed);
    }
    let names: BTreeSet<&str> = manifest.parts.iter().map(|p| p.name.as_str()).collect();
    if names.len() != manifest.parts.len() || !names.iter().all(|n| is_part_name(n)) {
        return Err(ManifestError::PartNames);
    }
    // The number the bundle follows; a resumption leaves out at least one.
    let follows = match manifest.resumed_after {
        None => manifest.seq.checked_sub(1),
        Some(known) => manifest.seq.checked_sub(2).filter(|highest| known <= *highest).map(|_| known),
    };
    if follows.is_none_or(|known| (known == 0) != manifest.prev.is_none()) {
        return Err(ManifestError::Chain);
    }
    Ok(())
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_part_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !name.starts_with("manifest.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const GOLDEN: &str = include_str!("../../../../../tests/golden/wire/v1/manifest.json");
    const RESUMED: &str = include_str!("../../../../../tests/golden/wire/v1/manifest-resumed.json");

    #[test]
    fn golden_text_is_read_and_written_as_it_stands() {
        for (golden, resumed_after) in [(GOLDEN, None), (RESUMED, Some(7))] {
            let manifest: Manifest = serde_json::from_str(golden).unwrap();
            check_manifest(&manifest).unwrap();
            assert_eq!(manifest.resumed_after, resumed_after);
            assert_eq!(serde_json::to_string_pretty(&manifest).unwrap() + "\n", golden);
        }
        assert!(serde_json::from_str::<Manifest>(&GOLDEN.replacen("\"v\"", "\"x\": 0, \"v\"", 1)).is_err());
    }

    #[test]
    fn a_resumption_names_what_it_follows_and_leaves_numbers_out() {
        let golden: Manifest = serde_json::from_str(GOLDEN).unwrap();
        let prev = golden.prev.clone();
        for (seq, prev, resumed_after, good) in [
            (104, prev.clone(), Some(3), true),
            (2, None, Some(0), true),
            (104, None, Some(0), true),
            (104, None, Some(3), false),
            (104, prev.clone(), Some(0), false),
            (4, prev.clone(), Some(3), false),
            (3, prev.clone(), Some(3), false),
            (1, None, Some(0), false),
            (0, None, Some(0), false),
            (104, prev.clone(), Some(u64::MAX), false),
            (4, prev, None, true),
        ] {
            let manifest = Manifest { seq, prev, resumed_after, ..golden.clone() };
            assert_eq!(check_manifest(&manifest).is_ok(), good, "{seq} {resumed_after:?}");
            let text = serde_json::to_string(&manifest).unwrap();
            assert_eq!(text.contains("resumed_after"), resumed_after.is_some());
            assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
        }
    }

    #[test]
    fn bad_manifests_are_refused() {
        type Break = fn(&mut Manifest);
        let table: [(Break, ManifestError); 9] = [
            (|m| m.v = 2, ManifestError::Newer),
            (|m| m.bundle_id = "AB".repeat(16), ManifestError::Malformed),
            (|m| m.parts[0].sha256.truncate(63), ManifestError::Malformed),
            (|m| m.parts[1].name = m.parts[0].name.clone(), ManifestError::PartNames),
            (|m| m.parts[0].name = "../form6.pdf".into(), ManifestError::PartNames),
            (|m| m.parts[0].name = "manifest.json".into(), ManifestError::PartNames),
            (|m| m.parts[0].name = ".hidden".into(), ManifestError::PartNames),
            (|m| m.prev = None, ManifestError::Chain),
            (|m| m.seq = 1, ManifestError::Chain),
        ];
        for (number, (spoil, expected)) in table.into_iter().enumerate() {
            let mut manifest: Manifest = serde_json::from_str(GOLDEN).unwrap();
            spoil(&mut manifest);
            assert_eq!(check_manifest(&manifest), Err(expected), "case {number}");
        }
    }
}
