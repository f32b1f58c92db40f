//! Claims of the expert and payments of the secretariat. All amounts are whole yen.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Id;

/// Commission pattern of the programme (表13): A personal, B personal with a company account, C company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PatternCode {
    #[default]
    A,
    B,
    C,
}

/// A fee claim: 様式4a or 4b.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub id: Id,
    /// The expert's own running number.
    pub number: u32,
    pub programme: String,
    pub pattern: PatternCode,
    pub claimed_on: Date,
    pub lines: Vec<ClaimLine>,
    pub gross: u64,
    /// Tax contained in `gross`.
    pub tax: u64,
    /// 源泉徴収 as the claimant computes it for this claim alone; the payment recomputes it per payee and pay day.
    pub withheld: u64,
    pub net: u64,
    pub state: ClaimState,
}

/// One fee unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimLine {
    pub engagement: Id,
    pub case_no: String,
    pub client_name: String,
    /// Sessions this unit covers: one, or 3 and 4 held on the same day.
    pub sessions: Vec<u8>,
    pub held_on: Date,
    pub fee: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimState {
    Draft,
    Sent,
}

/// What the secretariat pays on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayRun {
    pub id: Id,
    pub programme: String,
    /// Last day of the month the claims were closed with.
    pub closed_on: Date,
    pub pay_on: Date,
    pub lines: Vec<PayLine>,
    pub approved_by: Option<String>,
}

/// One payee on one pay day; withholding is computed once on the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayLine {
    pub expert: Id,
    pub payee: String,
    pub pattern: PatternCode,
    /// Deliveries (claim bundles) paid here.
    pub claims: Vec<Id>,
    /// Number of fee units.
    pub units: u32,
    /// Units among them that are paid later than the programme's payment clock allows.
    pub over_clock: u32,
    pub gross: u64,
    pub tax: u64,
    pub withheld: u64,
    pub net: u64,
}
