//! A programme year as data: every number, list and rule of the year, read from `templates/programme/<id>.toml`.

mod builtin;
mod pack;
pub mod questionnaire;
mod read;
mod terms;

pub use crate::text::{Lang, Text};
pub use builtin::{builtin, builtin_text, risk_scales};
pub use pack::{Instrument, Instruments, Pack, for_day};
pub(crate) use read::day;
pub use read::{TemplateError, parse};
pub use terms::*;

use jiff::civil::Date;
use serde::Deserialize;

use crate::record::v1::{Assurance, PatternCode};

/// One programme year. Amounts are whole yen including consumption tax unless a field says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// The file's name without its ending, such as `current-2026`.
    pub id: String,
    pub name: Text,
    /// First and last day of the programme.
    #[serde(deserialize_with = "day")]
    pub starts: Date,
    #[serde(deserialize_with = "day")]
    pub ends: Date,
    /// Where the numbers come from.
    pub source: String,
    pub instruments: Instruments,
    pub fee: FeeRule,
    pub withholding: WithholdingRule,
    pub sessions: SessionRule,
    pub deadlines: DeadlineRule,
    pub payment: PaymentRule,
    pub confirmation: ConfirmationRule,
    /// Rules for claims of invoice issuers; absent before 2023-10.
    pub invoice: Option<InvoiceRule>,
    pub security_action: SecurityAction,
    #[serde(rename = "deliverable")]
    pub deliverables: Vec<Deliverable>,
    #[serde(rename = "pattern")]
    pub patterns: Vec<Pattern>,
    #[serde(rename = "form")]
    pub forms: Vec<Form>,
    #[serde(rename = "area")]
    pub areas: Vec<Area>,
    /// 5か条 or 6か条, in order.
    #[serde(rename = "article")]
    pub articles: Vec<Text>,
    #[serde(rename = "end_reason")]
    pub end_reasons: Vec<EndReason>,
}

impl Programme {
    /// Reads and validates one programme file; the error names the key and the line.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let programme: Self = parse("programme", text)?;
        programme.validate()?;
        Ok(programme)
    }

    /// The commission pattern `code`; every valid programme defines all three.
    pub fn pattern(&self, code: PatternCode) -> &Pattern {
        self.patterns.iter().find(|p| p.id == code).expect("validation requires every pattern")
    }

    /// The deliverable numbered 1–4.
    pub fn deliverable(&self, number: u8) -> Option<&Deliverable> {
        self.deliverables.iter().find(|d| d.number == number)
    }

    /// The form with an id such as `4a`.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|f| f.id == id)
    }

    /// Whether a confirmation of this strength is enough to be paid.
    pub fn confirmation_suffices(&self, assurance: Assurance) -> bool {
        assurance <= self.confirmation.least
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let need = |ok: bool, key: &str, why: (&str, &str)| {
            if ok { Ok(()) } else { Err(TemplateError::invalid(&self.id, key, why.0, why.1)) }
        };
        let numbers: Vec<u8> = self.deliverables.iter().map(|d| d.number).collect();
        need(self.starts <= self.ends, "starts", ("開始日が終了日より後です", "the first day is after the last day"))?;
        need(self.fee.per_session > 0, "fee.per_session", ("1円以上にしてください", "must be at least 1 yen"))?;
        need(self.fee.tax_percent <= 100, "fee.tax_percent", ("0から100にしてください", "must be 0 to 100"))?;
        need(self.sessions.count >= 1, "sessions.count", ("1回以上にしてください", "must be at least 1"))?;
        need(
            self.sessions.weeks_before.len() == usize::from(self.sessions.count)
                && self.sessions.weeks_before.iter().all(|w| w.0 <= w.1),
            "sessions.weeks_before",
            ("回の数だけ[最短, 最長]を書いてください", "needs one [least, most] for each session"),
        )?;
        need(
            self.sessions.same_day.iter().all(|pair| pair.0 < pair.1 && pair.1 <= self.sessions.count),
            "sessions.same_day",
            ("前の回, 後の回の順に書いてください", "must name an earlier and a later session"),
        )?;
        need((1..=28).contains(&self.payment.day), "payment.day", ("1から28にしてください", "must be 1 to 28"))?;
        need(
            self.payment.last.as_ref().is_none_or(|last| last.claims_by <= last.pay_on),
            "payment.last",
            ("請求の締切が支払日より後です", "claims close after the payment"),
        )?;
        need(
            !numbers.is_empty() && numbers.iter().copied().eq(1..=self.deliverables.len() as u8),
            "deliverable.number",
            ("1から順に書いてください", "must count up from 1"),
        )?;
        for code in [PatternCode::A, PatternCode::B, PatternCode::C] {
            let found = self.patterns.iter().filter(|p| p.id == code);
            let known = |id: &str| self.forms.iter().any(|f| f.id == id);
            let mut count = 0;
            for pattern in found {
                count += 1;
                need(
                    known(&pattern.claim_form) && pattern.consent_form.as_deref().is_none_or(known),
                    "pattern.claim_form",
                    ("様式の一覧にない様式です", "is not in the list of forms"),
                )?;
            }
            need(count == 1, "pattern.id", ("A・B・Cを1つずつ書いてください", "needs A, B and C once each"))?;
        }
        need(
            self.areas.iter().flat_map(|a| &a.prefectures).all(|code| (1..=47).contains(code)),
            "area.prefectures",
            ("都道府県番号は1から47です", "prefecture codes are 1 to 47"),
        )?;
        self.validate_money()
    }

    fn validate_money(&self) -> Result<(), TemplateError> {
        let bad = |key: &str, ja: &str, en: &str| Err(TemplateError::invalid(&self.id, key, ja, en));
        let tables = &self.withholding.tables;
        if tables.is_empty() || !tables.is_sorted_by(|a, b| a.from < b.from) {
            return bad(
                "withholding.table.from",
                "適用開始日の順に書いてください",
                "must be in order of their first day",
            );
        }
        for table in tables {
            let starts_at_zero = table.bands.first().is_some_and(|band| band.over == 0);
            let rates = table.bands.iter().all(|band| band.rate <= 10_000);
            if !starts_at_zero || !rates || !table.bands.is_sorted_by(|a, b| a.over < b.over) {
                return bad(
                    "withholding.table.bands",
                    "0円から順に、税率は10000分の幾つかで書いてください",
                    "must start at 0, rise, and state rates in parts of 10000",
                );
            }
        }
        let credits = self.invoice.iter().flat_map(|i| &i.credits);
        if !credits.clone().is_sorted_by(|a, b| a.from < b.from) || credits.clone().any(|c| c.percent > 100) {
            return bad(
                "invoice.credit",
                "開始日の順に、0から100で書いてください",
                "must be in order of days, 0 to 100",
            );
        }
        Ok(())
    }
}
