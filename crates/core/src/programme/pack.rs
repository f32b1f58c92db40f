//! A programme year together with the editions of every instrument it uses.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::questionnaire::Questionnaire;
use super::{Programme, TemplateError, parse};
use crate::calendar::Calendar;
use crate::curriculum::Curriculum;
use crate::diagnosis::Diagnosis;
use crate::eligibility::Eligibility;
use crate::guidance::Guidance;
use crate::hearing::HearingSheet;
use crate::pairing::PairingRules;
use crate::phrases::Phrases;
use crate::plan::PlanRules;
use crate::policy::PolicyText;
use crate::region::Prefectures;
use crate::regulations::Regulations;
use crate::retention::Retention;
use crate::risk::RiskScale;

/// The edition of each instrument, as `name@edition`: the file is `templates/<instrument>/<name@edition>.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Instruments {
    pub curriculum: String,
    pub guidance: String,
    pub diagnosis: String,
    pub hearing: String,
    pub policy: String,
    pub regulations: String,
    pub plan: String,
    pub risk: String,
    pub eligibility: String,
    pub calendar: String,
    pub retention: String,
    pub region: String,
    pub final_report: String,
    pub firm_survey: String,
    pub expert_survey: String,
    pub phrases: String,
    pub pairing: String,
}

/// Everything a year decides, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    pub programme: Programme,
    pub curriculum: Curriculum,
    pub guidance: Guidance,
    pub diagnosis: Diagnosis,
    pub hearing: HearingSheet,
    pub policy: PolicyText,
    pub regulations: Regulations,
    pub plan: PlanRules,
    pub risk: RiskScale,
    pub eligibility: Eligibility,
    pub calendar: Calendar,
    pub retention: Retention,
    pub prefectures: Prefectures,
    pub final_report: Questionnaire,
    pub firm_survey: Questionnaire,
    pub expert_survey: Questionnaire,
    pub phrases: Phrases,
    pub pairing: PairingRules,
}

impl Pack {
    /// Reads `programme/<id>.toml` and all it names; `read` maps a path below `templates/` to its text.
    pub fn load(id: &str, read: &dyn Fn(&str) -> Option<String>) -> Result<Self, TemplateError> {
        let path = format!("programme/{id}.toml");
        let text = read(&path).ok_or_else(|| TemplateError::Missing { path: path.clone() })?;
        let programme = Programme::parse(&text).map_err(|e| e.in_file(&path))?;
        let names = programme.instruments.clone();
        let pack = Self {
            curriculum: instrument(read, "curriculum", &names.curriculum)?,
            guidance: instrument(read, "guidance", &names.guidance)?,
            diagnosis: instrument(read, "diagnosis", &names.diagnosis)?,
            hearing: instrument(read, "hearing", &names.hearing)?,
            policy: instrument(read, "policy", &names.policy)?,
            regulations: instrument(read, "regulations", &names.regulations)?,
            plan: instrument(read, "plan", &names.plan)?,
            risk: instrument(read, "risk", &names.risk)?,
            eligibility: instrument(read, "eligibility", &names.eligibility)?,
            calendar: instrument(read, "calendar", &names.calendar)?,
            retention: instrument(read, "retention", &names.retention)?,
            prefectures: instrument(read, "region", &names.region)?,
            final_report: instrument(read, "final-report", &names.final_report)?,
            firm_survey: instrument(read, "survey", &names.firm_survey)?,
            expert_survey: instrument(read, "survey", &names.expert_survey)?,
            phrases: instrument(read, "phrases", &names.phrases)?,
            pairing: instrument(read, "pairing", &names.pairing)?,
            programme,
        };
        pack.agree(&path)?;
        Ok(pack)
    }

    /// What only the whole can tell: the parts must fit each other.
    fn agree(&self, path: &str) -> Result<(), TemplateError> {
        if self.curriculum.sessions.len() != usize::from(self.programme.sessions.count) {
            return Err(TemplateError::invalid(
                path,
                "instruments.curriculum",
                "カリキュラムの回数が sessions.count と違います",
                "has another number of sessions than sessions.count",
            ));
        }
        let unknown = self.diagnosis.questions.iter().find(|q| self.plan.theme(&q.theme).is_none());
        if let Some(question) = unknown {
            return Err(TemplateError::invalid(
                path,
                "instruments.plan",
                &format!("診断No.{}の分類 {} がありません", question.number, question.theme),
                &format!("lacks the theme {} of diagnosis question {}", question.theme, question.number),
            ));
        }
        self.hearing.agree(&self.diagnosis, &self.eligibility).map_err(|e| e.in_file(path))?;
        self.pointers(path)
    }

    /// What the checklist and the guidance point at must exist in the instruments of the same year.
    fn pointers(&self, path: &str) -> Result<(), TemplateError> {
        let question = |n: &u8| self.diagnosis.questions.iter().any(|q| q.number == *n);
        let section = |n: &String| self.regulations.sections().any(|s| s.number == *n);
        let broken = |key: &str, at: &str| {
            let (ja, en) =
                (format!("{at} の指す先がありません"), format!("points from {at} at something that is not there"));
            Err(TemplateError::invalid(path, key, &ja, &en))
        };
        for item in self.curriculum.sessions.iter().flat_map(|s| s.items()) {
            if !item.questions.iter().all(question) || !item.sections.iter().all(section) {
                return broken("instruments.curriculum", &item.id);
            }
        }
        for entry in &self.guidance.entries {
            let items = entry.items.iter().all(|id| self.curriculum.item(id).is_some());
            let categories =
                entry.categories.iter().all(|n| self.eligibility.categories.iter().any(|c| c.number == *n));
            let sessions = entry.sessions.iter().all(|n| self.curriculum.session(*n).is_some());
            let rest = entry.questions.iter().all(question) && entry.sections.iter().all(section);
            if !(items && categories && sessions && rest) {
                return broken("instruments.guidance", &entry.id);
            }
        }
        Ok(())
    }
}

/// An instrument file: readable as data, then checked by its own rules.
pub trait Instrument: DeserializeOwned {
    /// The `name@edition` the file states.
    fn edition(&self) -> &str;
    /// Checks what the data format cannot say.
    fn validate(&self) -> Result<(), TemplateError>;
}

/// Reads one instrument file and checks that it states the edition it was asked for.
pub(super) fn instrument<T: Instrument>(
    read: &dyn Fn(&str) -> Option<String>,
    kind: &str,
    name: &str,
) -> Result<T, TemplateError> {
    let path = format!("{kind}/{name}.toml");
    let text = read(&path).ok_or_else(|| TemplateError::Missing { path: path.clone() })?;
    let found: T = parse(&path, &text)?;
    if found.edition() != name {
        return Err(TemplateError::invalid(&path, "edition", "ファイル名と違います", "differs from the file's name"));
    }
    found.validate().map_err(|e| e.in_file(&path))?;
    Ok(found)
}

/// The pack whose programme runs on `day`, else the one that ends last.
pub fn for_day(packs: &[Pack], day: Date) -> Option<&Pack> {
    let running = packs.iter().find(|p| p.programme.starts <= day && day <= p.programme.ends);
    running.or_else(|| packs.iter().max_by_key(|p| p.programme.ends))
}
