//! One engagement: a firm's guided sessions under one programme edition.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::Id;

/// A firm's guided sessions. `programme` is pinned when it begins and never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engagement {
    pub id: Id,
    pub client: Id,
    /// The secretariat's case number, such as K-0214; the only name used in file names and boards.
    pub case_no: String,
    pub programme: String,
    pub matched_on: Date,
    /// One per session of the programme, in order; index 0 is 第1回.
    pub sessions: Vec<Session>,
    pub ending: Option<Ending>,
    pub two_star: TwoStar,
    /// What the owner expects, in the owner's words (stays here).
    pub expectations: String,
}

/// One session, from its plan to its proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub planned: Option<Planned>,
    pub held: Option<Held>,
    /// By curriculum item id.
    pub checks: BTreeMap<String, Check>,
    pub confirmation: Option<Confirmation>,
    pub report: ReportText,
    /// Set on 第4回 when it was held on the same day as 第3回: why.
    pub combined_reason: Option<String>,
    /// The clock that ran on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// Items that the expert added to the checklist, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<OwnItem>,
}

/// When the session really began, stood still and ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub started: DateTime,
    pub ended: Option<DateTime>,
    /// In order; only the last can be open.
    pub pauses: Vec<Pause>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    pub from: DateTime,
    pub until: Option<DateTime>,
}

/// An item that is not in the edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnItem {
    /// Such as `s2.own.1`.
    pub id: String,
    pub part: Part,
    pub text: String,
    /// Expected minutes; 0 when not said.
    pub minutes: u16,
}

/// The part of the checklist that an item stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What the expert prepares.
    Prep,
    /// What the firm is asked to prepare.
    Firm,
    Day,
    After,
}

/// When and how a session is to be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    pub date: Date,
    pub start: Option<Time>,
    pub mode: Mode,
    /// Why the date moved, if it did.
    pub moved_because: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    #[default]
    Visit,
    Online,
    Mixed,
}

/// What happened on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    pub date: Date,
    pub start: Time,
    pub end: Time,
    pub mode: Mode,
    /// People from the firm.
    pub attendees: u8,
    pub management_present: bool,
    pub place: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub state: CheckState,
    /// Why it was skipped; required then.
    pub reason: Option<String>,
    /// The later session in whose list it was settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_to: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    Done,
    Skipped,
}

/// 様式5: the firm's confirmation that the session took place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    pub signed_on: Date,
    pub signer_title: String,
    pub signer: String,
    pub assurance: Assurance,
    /// When the paper original was posted to the secretariat.
    pub original_posted_on: Option<Date>,
    /// SHA-256 (hex) of an attached scan, signed PDF or mail.
    pub evidence_sha256: Option<String>,
}

/// How strong the confirmation is, strongest first (domain notes on 様式5 without a seal).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    Paper,
    SignedPdf,
    Mail,
    OnTerminal,
}

/// The free parts of 様式6 and 様式7.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportText {
    /// What was done, for the secretariat (no findings).
    pub content: String,
    /// 重点領域 (様式6).
    pub focus: String,
    /// 事務局への連絡事項.
    pub message: String,
}

/// Why an engagement ended otherwise than after all its sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    pub kind: EndingKind,
    /// Last session that took place.
    pub after: u8,
    pub reason: String,
    pub on: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndingKind {
    /// 途中終了.
    Early,
    /// 短縮: goals reached in fewer sessions.
    Shortened,
}

/// SECURITY ACTION 二つ星.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TwoStar {
    #[default]
    NotStarted,
    Preparing,
    Applied,
    Declared,
}
