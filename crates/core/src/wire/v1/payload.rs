//! The structured part of a bundle: what the secretariat's programs read beside the documents.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::record::v1::{Assurance, Mode, PatternCode, TwoStar};

/// 様式6 or 様式7 with 様式5, as data. Progress only: findings and notes never enter here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportPayload {
    /// `form6` or `form7`.
    pub form: String,
    pub case_no: String,
    pub client_name: String,
    pub prefecture: u8,
    pub session: u8,
    pub held_on: Date,
    pub start: Time,
    pub end: Time,
    pub mode: Mode,
    pub attendees: u8,
    pub management_present: bool,
    /// 様式6 only: official score of the self-diagnosis, if it was done.
    pub diagnosis_score: Option<i32>,
    /// Planned dates of the sessions still to come, by number.
    pub planned: Vec<(u8, Date)>,
    /// Session held on the same day as the one before, and why.
    pub combined_reason: Option<String>,
    /// Early or shortened end, and why.
    pub ended_reason: Option<String>,
    /// Deliverable numbers (1–4) that travel in this bundle.
    pub deliverables: Vec<u8>,
    pub two_star: TwoStar,
    pub confirmation: Option<ConfirmationPayload>,
    pub content: String,
    pub focus: String,
    pub message: String,
    /// Answers of the final report, when it travels with this bundle.
    pub final_report: Option<std::collections::BTreeMap<String, String>>,
}

/// 様式5 as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationPayload {
    pub signed_on: Date,
    pub signer_title: String,
    pub signer: String,
    pub assurance: Assurance,
    pub evidence_sha256: Option<String>,
}

/// 様式4a or 4b as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimPayload {
    /// `form4a` or `form4b`.
    pub form: String,
    pub number: u32,
    pub claimed_on: Date,
    pub pattern: PatternCode,
    pub lines: Vec<ClaimLinePayload>,
    pub gross: u64,
    pub tax: u64,
    pub withheld: u64,
    pub net: u64,
    pub invoice_number: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimLinePayload {
    pub case_no: String,
    pub sessions: Vec<u8>,
    pub held_on: Date,
    pub fee: u64,
}
