//! The parts of a programme year, field by field as its file writes them.

use jiff::civil::Date;
use serde::Deserialize;

use super::read::day;
use crate::calendar::{CalendarKind, Move};
use crate::record::v1::{Assurance, EndingKind, PatternCode};
use crate::text::Text;

/// The fee of one session (委嘱条件1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// Yen for one fee unit, consumption tax and all expenses included.
    pub per_session: u64,
    /// Consumption tax inside the fee, percent.
    pub tax_percent: u64,
}

/// What the withholding tax is computed on, unless the claim states the consumption tax apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaxBase {
    /// The whole amount.
    Gross,
    /// The amount without consumption tax.
    Net,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithholdingRule {
    pub base: TaxBase,
    /// A claim that states the consumption tax apart may be taxed on the rest only.
    pub separated_tax_allowed: bool,
    /// In order of first day.
    #[serde(rename = "table")]
    pub tables: Vec<TaxTable>,
}

/// The rates in force from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxTable {
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// Name of the tax on claims and statements.
    pub label: Text,
    pub bands: Vec<TaxBand>,
}

/// For an amount above `over` yen: `base` yen plus `rate`/10000 of what exceeds `over`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxBand {
    pub over: u64,
    pub base: u64,
    pub rate: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    pub count: u8,
    /// Least and most weeks of preparation before each session (図9).
    pub weeks_before: Vec<(u8, u8)>,
    /// Days from matching to the last session that the programme aims at.
    pub within_days: u16,
    /// Pairs of sessions that may share a day and are then one fee unit.
    pub same_day: Vec<(u8, u8)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Days after a session within which its report is due.
    pub report_days: u16,
    pub report_counts: Counted,
    /// Days after the planned date from which a missing report is followed up.
    pub follow_up_days: u16,
    pub follow_up_counts: Counted,
    /// Months after a session within which it is claimed.
    pub claim_months: u8,
    pub remind: Reminders,
}

/// Which days a number of days counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    Calendar,
    /// Only the business days of these offices.
    Bank,
    Government,
}

/// Calendar days before a date on which it is called to mind; a closed day gives way to the business day before it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminders {
    pub report: u16,
    pub claim: u16,
    /// A planned session enters the list this early.
    pub session: u16,
    pub offices: CalendarKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRule {
    /// Which event's month is closed at its end.
    pub closes: Closing,
    /// Months after the closed month.
    pub months_after: u8,
    pub day: u8,
    #[serde(rename = "move")]
    pub direction: Move,
    pub calendar: CalendarKind,
    /// The last payment of a programme that ends.
    pub last: Option<LastPayment>,
    pub clock: Option<PaymentClock>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    ClaimMonth,
    ServiceMonth,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastPayment {
    #[serde(deserialize_with = "day")]
    pub claims_by: Date,
    #[serde(deserialize_with = "day")]
    pub pay_on: Date,
}

/// The legal limit counted from the day of service, that day being day 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentClock {
    pub days: u16,
    /// Day on which an unpaid service is brought up.
    pub alert_day: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationRule {
    /// Weakest 様式5 that is enough for payment.
    pub least: Assurance,
    /// The paper original is posted to the secretariat.
    pub original_by_post: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvoiceRule {
    /// A claim by an unregistered issuer still yields this share of input tax.
    #[serde(rename = "credit")]
    pub credits: Vec<Credit>,
}

/// Input tax credit for unregistered issuers from a day on, percent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    #[serde(deserialize_with = "day")]
    pub from: Date,
    pub percent: u8,
}

/// SECURITY ACTION as the programme asks for it: a self-declaration, never a certification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityAction {
    /// Stars to be declared before applying.
    pub stars_to_enter: u8,
    pub stars_at_end: u8,
    /// How the declaration is made that year.
    pub procedure: Text,
    /// Ways to publish the basic policy.
    #[serde(rename = "publication")]
    pub publications: Vec<Text>,
    /// Expressions to replace, with the proper one.
    #[serde(rename = "wording")]
    pub wordings: Vec<Wording>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    pub improper: String,
    pub proper: String,
}

/// One of ①–④ (表14).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deliverable {
    pub number: u8,
    pub name: Text,
    /// Goal of the programme it shows (表5).
    pub goal: Text,
    /// Session by which it is agreed.
    pub session: u8,
    #[serde(rename = "document")]
    pub documents: Vec<DeliverableDocument>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverableDocument {
    pub id: String,
    pub name: Text,
    /// Accepted file formats, preferred first.
    pub formats: Vec<FileFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFormat {
    Pdf,
    Xlsx,
}

/// A commission pattern (表13).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    pub id: PatternCode,
    pub name: Text,
    pub withholds: bool,
    /// Form id of the claim.
    pub claim_form: String,
    /// Form id of the consent that the pattern needs.
    pub consent_form: Option<String>,
}

/// A form of the programme (表15).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub id: String,
    pub name: Text,
    pub from: Party,
    pub to: Party,
    /// Sessions it reports; empty for forms that belong to no session.
    #[serde(default)]
    pub sessions: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    Expert,
    Firm,
    Secretariat,
}

/// A metropolitan area by prefecture codes (JIS X 0401).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub id: String,
    pub name: Text,
    pub prefectures: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndReason {
    pub id: String,
    pub kind: EndingKind,
    pub name: Text,
}
