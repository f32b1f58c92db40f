//! The certificate of a purge: what was removed of a client, by which rule, when and by whom; no text about the firm.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Body of a `Context::Purge` envelope, signed with the key of the home that erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeCertificate {
    /// Always 1.
    pub v: u32,
    /// Random 128 bits, 32 lower-case hex digits.
    pub id: String,
    /// True for practice: no firm was real.
    pub practice: bool,
    /// Pseudonym of the client in this home: 128 random bits in hex.
    pub client: String,
    /// The secretariat's case number; none when no guided sessions were begun.
    pub case_no: Option<String>,
    /// Programme edition whose rule was used, such as `r2-2020`.
    pub programme: String,
    /// Retention edition, such as `standard@2026`, and its days after the end.
    pub rule: String,
    pub days: u16,
    /// The day from which they were counted; none when no guided sessions were begun.
    pub ended_on: Option<Date>,
    pub erased_on: Date,
    /// Name and registration number of the expert.
    pub by: String,
    pub registration: String,
    /// Number of records removed and reduced, by kind.
    pub removed: BTreeMap<String, u32>,
    pub reduced: BTreeMap<String, u32>,
    /// Number of documents and sealed bundles whose bytes were deleted.
    pub blobs: u32,
    /// Number of journal entries whose text was erased.
    pub entries: u32,
    /// SHA-256 (hex) of the sorted hex SHA-256 of every stored text that was removed or reduced, each with a line feed.
    pub sha256: String,
    /// Last day on which the reduced claims are kept by law; none when there is no claim.
    pub kept_until: Option<Date>,
}
