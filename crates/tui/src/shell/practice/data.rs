//! The invented firms and what they are given, from `templates/practice/firms.toml`.

use std::collections::BTreeMap;

use bansou_core::record::v1::PatternCode;
use serde::Deserialize;

use crate::shell::failure::Failure;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    pub expert: Person,
    pub secretariat: Office,
    #[serde(rename = "firm")]
    pub firms: Vec<Firm>,
    pub work: Work,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    pub kana: String,
    pub registration: String,
    pub pattern: PatternCode,
    pub prefecture: u8,
    pub address: String,
    pub invoice_number: String,
    pub company: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    pub name: String,
    pub kana: String,
    pub prefecture: u8,
    pub address: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    BeforeFirst,
    BetweenSecondAndThird,
    Finished,
    Walk,
}

/// Days count from the day the practice begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firm {
    pub case_no: String,
    pub stage: Stage,
    pub name: String,
    pub kana: String,
    pub category: u8,
    pub capital: u64,
    pub employees: u32,
    pub sole_proprietor: bool,
    pub prefecture: u8,
    pub representative_title: String,
    pub representative: String,
    pub counterpart: String,
    pub matched: i32,
    pub planned: Vec<i32>,
    pub held: Vec<i32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// 4, 2, 0 or −1 for each question in order.
    pub answers: Vec<i32>,
    pub respondent: String,
    pub expectations: String,
    pub place: String,
    pub focus: String,
    pub message: String,
    #[serde(rename = "note")]
    pub notes: Vec<WorkNote>,
    /// By session number.
    pub contents: BTreeMap<String, String>,
    pub evidence: BTreeMap<String, String>,
    pub policy: BTreeMap<String, String>,
    pub sections: Sections,
    pub plan: PlanWork,
    pub confirmation: Signer,
    #[serde(rename = "final")]
    pub final_report: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkNote {
    pub session: u8,
    pub who: String,
    pub text: String,
    pub question: Option<u8>,
    /// Item of the hearing sheet that it answers.
    pub hearing: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    pub ready: Vec<String>,
    pub partial: Vec<String>,
    pub missing: Vec<String>,
    pub document: String,
    pub finding: String,
    pub response: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanWork {
    pub lines: u8,
    pub owners: Vec<String>,
    pub work_style_issue: String,
    pub work_style_action: String,
    pub work_style_done: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    pub signer_title: String,
    pub signer: String,
}

/// The practice data built into this program.
pub fn built_in() -> Result<Practice, Failure> {
    toml::from_str(include_str!("../../../../../templates/practice/firms.toml"))
        .map_err(|e| Failure::Step(format!("templates/practice/firms.toml: {}", e.message())))
}

impl Practice {
    /// The firm at this stage.
    pub fn firm(&self, stage: Stage) -> Result<&Firm, Failure> {
        self.firms
            .iter()
            .find(|f| f.stage == stage)
            .ok_or_else(|| Failure::Step("templates/practice/firms.toml lacks a stage".into()))
    }
}
