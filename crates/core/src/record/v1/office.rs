//! The secretariat's side: experts, cases, and the bundles that arrived.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::money::PatternCode;
use super::outbox::BundleKind;
use super::{Id, TwoStar};
use crate::wire::v1::payload::{ClaimPayload, ReportPayload};

/// An enrolled expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertEntry {
    pub id: Id,
    /// E-001 and so on.
    pub number: u32,
    pub name: String,
    pub kana: String,
    pub registration: String,
    pub pattern: PatternCode,
    pub prefecture: u8,
    /// Ed25519 public key, base64.
    pub signing_key: String,
    /// age recipient for acknowledgements and returns.
    pub age_recipient: String,
    /// Signed certificate (wire v1 envelope) as JSON text.
    pub certificate: String,
    pub approved_on: Date,
    pub revoked_on: Option<Date>,
    /// Numbers the secretariat no longer waits for, oldest decision first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<Waiver>,
}

/// A decision not to wait for missing numbers of an expert; one that arrives later is taken in all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Highest number it covers; every lower one is covered too.
    pub through: u64,
    /// The numbers that were missing then, as first and last of each run.
    pub missing: Vec<(u64, u64)>,
    pub at: DateTime,
    /// Name of the secretariat's home that decided.
    pub by: String,
    pub reason: String,
}

/// A case as the secretariat sees it: progress and deliverables, no findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: Id,
    pub case_no: String,
    pub programme: String,
    pub expert: Id,
    pub client_name: String,
    pub prefecture: u8,
    /// By session number.
    pub sessions: BTreeMap<u8, CaseSession>,
    /// Deliverable numbers (1–4) received, and those accepted.
    pub received: BTreeSet<u8>,
    pub accepted: BTreeSet<u8>,
    pub two_star: TwoStar,
    /// Reason, when it ended early or shortened, and after which session.
    pub ended: Option<(u8, String)>,
    pub follow_ups: Vec<FollowUp>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSession {
    pub planned: Option<Date>,
    pub held: Option<Date>,
    pub reported_on: Option<Date>,
    /// 様式5 was confirmed by the firm.
    pub confirmed: bool,
    /// The report was accepted.
    pub accepted: bool,
    /// Held on the same day as the session before: no fee unit of its own.
    pub combined: bool,
    pub paid: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    pub on: Date,
    pub how: String,
    pub note: String,
}

/// A bundle that was pulled, opened and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Bundle id of the manifest.
    pub id: Id,
    pub kind: BundleKind,
    pub expert: Id,
    pub seq: u64,
    pub sha256: String,
    /// The server's log position, from which the next pull goes on.
    pub log_index: Option<u64>,
    pub session_date: Option<Date>,
    pub pulled_at: DateTime,
    pub report: Option<ReportPayload>,
    pub claim: Option<ClaimPayload>,
    /// Document parts by role, each a sealed blob in the vault.
    pub parts: BTreeMap<String, Id>,
    /// Findings of the automatic check, as refusal codes with their arguments.
    pub findings: Vec<String>,
    pub review: Option<Review>,
    /// SHA-256 (hex) of its manifest text and of the one it names before it; none for what was taken in before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// The sender went on from an older state that ended with this number (0: before the first).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_after: Option<u64>,
}

/// The secretariat's decision on a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub accepted: bool,
    pub on: Date,
    pub note: String,
    /// Acknowledgement handed to the server or the folder.
    pub acknowledged: bool,
}
