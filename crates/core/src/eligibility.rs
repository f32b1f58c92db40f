//! Who counts as a small firm for the programme (表1).

use serde::Deserialize;

use crate::money::format_yen;
use crate::programme::{Instrument, TemplateError, Text};

/// One edition of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    pub edition: String,
    pub name: Text,
    pub source: String,
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub number: u8,
    pub name: Text,
    /// Most yen of capital; the firm qualifies by capital or by employees.
    pub capital: Option<u64>,
    /// Most regular employees; absent when the main industry's limit applies.
    pub employees: Option<u32>,
}

/// A firm as its category needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firm {
    /// 1–15.
    pub category: u8,
    /// 1–8, for the categories without a limit of their own.
    pub main_industry: Option<u8>,
    /// Yen; `None` if there is none.
    pub capital: Option<u64>,
    /// 常時使用する従業員, without directors and the proprietor.
    pub employees: u32,
    pub sole_proprietor: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub eligible: bool,
    /// Line of the table, such as `表1 区分3`.
    pub clause: String,
    pub reason: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EligibilityError {
    #[error("there is no category {0}; use a number of the table")]
    UnknownCategory(u8),
    #[error("this category is judged by its main industry; give one that has limits of its own")]
    MainIndustryNeeded,
}

impl EligibilityError {
    /// The sentence in both languages.
    pub fn text(&self) -> Text {
        let ja = match self {
            Self::UnknownCategory(n) => format!("区分 {n} はありません。表の番号を指定してください。"),
            Self::MainIndustryNeeded => {
                "この区分は主たる業種で判定します。上限のある業種の番号を指定してください。".into()
            }
        };
        Text { ja, en: self.to_string() }
    }
}

impl Eligibility {
    /// The category numbered `number`.
    pub fn category(&self, number: u8) -> Option<&Category> {
        self.categories.iter().find(|c| c.number == number)
    }

    /// Decides whether the firm may take part.
    pub fn decide(&self, firm: &Firm) -> Result<Decision, EligibilityError> {
        let category = self.category(firm.category).ok_or(EligibilityError::UnknownCategory(firm.category))?;
        let mut clause = format!("表1 区分{}", category.number);
        let limit = match (category.employees, firm.main_industry) {
            (Some(limit), _) => limit,
            (None, Some(number)) => {
                clause += &format!("（主たる業種 区分{number}）");
                let industry = self.category(number).ok_or(EligibilityError::UnknownCategory(number))?;
                industry.employees.ok_or(EligibilityError::MainIndustryNeeded)?
            }
            (None, None) => return Err(EligibilityError::MainIndustryNeeded),
        };
        let by_capital = category.capital.zip(firm.capital).filter(|_| !firm.sole_proprietor);
        let few = firm.employees <= limit;
        let small = by_capital.is_some_and(|(most, capital)| capital <= most);
        Ok(Decision { eligible: few || small, clause, reason: reason(firm.employees, limit, by_capital) })
    }
}

fn reason(employees: u32, limit: u32, capital: Option<(u64, u64)>) -> Text {
    let (ja, en) = if employees <= limit { ("以下", "within") } else { ("超", "above") };
    let mut text = Text {
        ja: format!("従業員{employees}人は上限{limit}人{ja}"),
        en: format!("{employees} employees are {en} the limit of {limit}"),
    };
    if let Some((most, capital)) = capital {
        let (ja, en) = if capital <= most { ("以下", "within") } else { ("超", "above") };
        let (most, capital) = (format_yen(most), format_yen(capital));
        text.ja += &format!("、資本金{capital}円は上限{most}円{ja}");
        text.en += &format!("; capital of {capital} yen is {en} the limit of {most}");
    }
    text
}

impl Instrument for Eligibility {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        if (1..).zip(&self.categories).all(|(n, c)| c.number == n) && !self.categories.is_empty() {
            return Ok(());
        }
        Err(TemplateError::invalid(&self.edition, "category.number", "1から順に書いてください", "must count up from 1"))
    }
}
