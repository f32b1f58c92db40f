//! Answers of the rules that need no data of anybody: one plain struct per question.

use jiff::civil::Date;

use crate::calendar::{CalendarKind, Move};
use crate::diagnosis::{Answer, Score};
use crate::money::Fee;
use crate::programme::{Pack, Text, risk_scales};
use crate::record::v1::PatternCode;
use crate::risk::{Asset, Risk};
use crate::withholding::{Withheld, withhold};
use crate::{deadline, money, payday, wareki};

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalcError {
    #[error("a sheet has {expected} answers but {found} were given; use 4, 2, 0, -1 or null for each question")]
    AnswerCount { expected: usize, found: usize },
    #[error("answer {0} is none of 4, 2, 0, -1 or null; correct it")]
    AnswerValue(i64),
    #[error("there is no risk scale of edition {0}; use 3, 3.1 or 4.0")]
    RiskEdition(String),
    #[error("a value is outside the scale ({lowest} to {highest}; threat and vulnerability 1 to {levels})")]
    RiskValue { lowest: u8, highest: u8, levels: u8 },
    #[error("urgency, importance and difficulty are 1 to 3 each")]
    PriorityValue,
    #[error("no withholding rate is recorded for {0}; use a later day")]
    NoRate(Date),
    #[error("{0} lies before the eras this program knows")]
    NoEra(Date),
}

impl CalcError {
    /// The sentence in both languages.
    pub fn text(&self) -> Text {
        let ja = match self {
            Self::AnswerCount { expected, found } => {
                format!("回答は{expected}問分必要ですが{found}件です。4・2・0・-1・nullで書いてください。")
            }
            Self::AnswerValue(n) => format!("回答 {n} は4・2・0・-1・nullのどれでもありません。直してください。"),
            Self::RiskEdition(e) => format!("第{e}版の評価尺度はありません。3・3.1・4.0から選んでください。"),
            Self::RiskValue { lowest, highest, levels } => {
                format!("値が尺度の外です（{lowest}から{highest}、脅威と脆弱性は1から{levels}）。")
            }
            Self::PriorityValue => "緊急度・重要度・難易度はそれぞれ1から3です。".to_owned(),
            Self::NoRate(day) => format!("{day} の源泉徴収の税率は登録されていません。後の日付を指定してください。"),
            Self::NoEra(day) => format!("{day} はこのプログラムが知る元号より前です。"),
        };
        Text { ja, en: self.to_string() }
    }
}

/// A business day and what is known about the day asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessDay {
    pub date: Date,
    /// Holiday on the day asked for.
    pub holiday: Option<Text>,
    /// The year's holidays are not officially published.
    pub estimated: bool,
}

/// A date in its era.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wareki {
    pub text: String,
    pub short: String,
}

/// Scores answers given as points in question order; `None` is 該当なし.
pub fn diagnosis(pack: &Pack, points: &[Option<i64>]) -> Result<Score, CalcError> {
    let expected = pack.diagnosis.questions.len();
    if points.len() != expected {
        return Err(CalcError::AnswerCount { expected, found: points.len() });
    }
    let answer = |points: &Option<i64>| match points {
        None => Ok(Some(Answer::NotApplicable)),
        Some(n) => {
            let known = i32::try_from(*n).ok().and_then(|n| pack.diagnosis.answer_worth(n));
            known.map(Some).ok_or(CalcError::AnswerValue(*n))
        }
    };
    let answers: Vec<_> = points.iter().map(answer).collect::<Result<_, _>>()?;
    Ok(pack.diagnosis.score(&answers))
}

/// Assesses an asset on the scale of a guideline edition such as `3.1`.
pub fn risk(edition: &str, asset: &Asset) -> Result<Risk, CalcError> {
    let scales = risk_scales();
    let scale = scales.iter().find(|s| s.guideline == edition);
    let scale = scale.ok_or_else(|| CalcError::RiskEdition(edition.to_owned()))?;
    let (lowest, highest, levels) = (scale.lowest, scale.highest, scale.likelihood_levels);
    scale.assess(asset).ok_or(CalcError::RiskValue { lowest, highest, levels })
}

/// Priority score of a plan line.
pub fn priority(pack: &Pack, urgency: u8, importance: u8, difficulty: u8) -> Result<u32, CalcError> {
    pack.plan.score(urgency, importance, difficulty).ok_or(CalcError::PriorityValue)
}

/// Fee of sessions paid together on `paid_on`.
pub fn fee(pack: &Pack, units: u32, pattern: PatternCode, separated: bool, paid_on: Date) -> Result<Fee, CalcError> {
    money::fee(&pack.programme, units, pattern, separated, paid_on).ok_or(CalcError::NoRate(paid_on))
}

/// Tax withheld from `yen` paid on `paid_on`.
pub fn withholding(pack: &Pack, yen: u64, paid_on: Date) -> Result<Withheld, CalcError> {
    withhold(&pack.programme.withholding, yen, paid_on).ok_or(CalcError::NoRate(paid_on))
}

/// Pay day in the month of `day`.
pub fn payday_in_month(pack: &Pack, day: Date) -> Date {
    payday::in_month(pack, day)
}

/// Pay day of a service held on `day`.
pub fn payday_for_service(pack: &Pack, day: Date) -> Date {
    payday::payday(pack, day)
}

/// `day` or the business day it moves to.
pub fn business_day(pack: &Pack, day: Date, kind: CalendarKind, direction: Move) -> BusinessDay {
    let date = pack.calendar.business_day(day, kind, direction);
    let estimated = pack.calendar.estimated(day) || pack.calendar.estimated(date);
    BusinessDay { date, holiday: pack.calendar.holiday(day), estimated }
}

/// Deadlines of a session held on `held`.
pub fn deadlines(pack: &Pack, held: Date) -> deadline::Deadlines {
    deadline::deadlines(pack, held)
}

/// `day` in its era.
pub fn era(pack: &Pack, day: Date) -> Result<Wareki, CalcError> {
    let eras = &pack.calendar.eras;
    let both = wareki::long(eras, day).zip(wareki::short(eras, day));
    both.map(|(text, short)| Wareki { text, short }).ok_or(CalcError::NoEra(day))
}
