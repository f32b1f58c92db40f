//! What the sessions bring to light and produce: answers, notes, policy, regulations, plan, final report, documents.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Id;

/// One filled self-diagnosis, scored for ever under the edition it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    pub id: Id,
    pub engagement: Id,
    /// Such as `jishin-25@2020`.
    pub edition: String,
    pub taken_on: Date,
    /// Site or department; empty for the whole firm.
    pub unit: String,
    pub respondent: String,
    /// By question number.
    pub answers: BTreeMap<u8, AnswerCode>,
    pub evidence: BTreeMap<u8, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerCode {
    Done,
    Partial,
    No,
    Unknown,
    NotApplicable,
}

/// A line taken down while talking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub id: Id,
    pub engagement: Id,
    /// Japan time.
    pub at: DateTime,
    /// 1–4, or none between sessions.
    pub session: Option<u8>,
    pub who: String,
    pub text: String,
    /// Diagnosis question it belongs to.
    pub question: Option<u8>,
    /// Line of the action plan that it led to or belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Id>,
    /// Section of the regulations it belongs to, such as `3.4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Item of the hearing sheet that it answers, such as `cloud.2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing: Option<String>,
    /// True when it may leave with a report; a note is 社外秘 until somebody says otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaves: bool,
}

/// 情報セキュリティ基本方針 in the making: values for the placeholders of the edition's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDraft {
    pub id: Id,
    pub engagement: Id,
    pub edition: String,
    /// By placeholder name.
    pub fields: BTreeMap<String, String>,
    /// Article texts where the firm changed them, by article number.
    pub articles: BTreeMap<u8, String>,
    pub enacted_on: Option<Date>,
    /// How it was made public (URL, 会社案内, 掲示 …) and when.
    pub published: Option<(String, Date)>,
}

/// 関連規程の点検結果.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegulationsReview {
    pub id: Id,
    pub engagement: Id,
    pub edition: String,
    /// By section number such as `3.4`.
    pub sections: BTreeMap<String, SectionReview>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionReview {
    pub status: SectionStatus,
    /// Current document and article.
    pub document: String,
    pub finding: String,
    pub response: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionStatus {
    Ready,
    Partial,
    Missing,
    OutOfScope,
}

/// 情報セキュリティ対策実行計画.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionPlan {
    pub id: Id,
    pub engagement: Id,
    pub edition: String,
    /// First day of the first month of the plan's year.
    pub starts: Date,
    pub lines: Vec<PlanLine>,
    /// Day the owner agreed to it (第4回).
    pub agreed_on: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLine {
    pub id: Id,
    /// Theme id of the edition, such as `people` or `work-style`.
    pub theme: String,
    pub issue: String,
    pub basis: String,
    /// Diagnosis question that led here, if any.
    pub question: Option<u8>,
    pub action: String,
    pub owner: String,
    pub support: String,
    /// 1–3 each.
    pub urgency: u8,
    pub importance: u8,
    pub difficulty: u8,
    pub start: Option<Date>,
    pub due: Option<Date>,
    pub cost: String,
    pub done_when: String,
    pub status: LineStatus,
    /// Set when a person gave the line another place than its score does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// 手動の順位: how far from its computed place a line stands, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// Places below the computed one; above when negative.
    pub places: i16,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineStatus {
    #[default]
    Open,
    Started,
    Done,
    OnHold,
}

/// 指導最終報告: answers by item id of the edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinalReport {
    pub id: Id,
    pub engagement: Id,
    pub edition: String,
    pub answers: BTreeMap<String, String>,
}

/// A document that was made: its bytes lie in the vault as a sealed blob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artefact {
    pub id: Id,
    /// None for a claim form.
    pub engagement: Option<Id>,
    /// Document kind, such as `diagnosis` or `form6`.
    pub document: String,
    pub session: Option<u8>,
    pub claim: Option<Id>,
    pub made_at: DateTime,
    pub blob: Id,
    pub sha256: String,
    pub size: u64,
    /// Editions it was made from, such as `jishin-25@2020`.
    pub editions: Vec<String>,
}
