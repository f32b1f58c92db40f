//! Withholding tax of one payment to one person.

use jiff::civil::Date;

use crate::programme::{Text, WithholdingRule};

/// What is kept back, in whole yen, and the tax's name on that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    pub withheld: u64,
    pub label: Text,
}

/// Tax on `base` yen paid at one time on `paid_on`, below 1 yen dropped; `None` before the first table.
pub fn withhold(rule: &WithholdingRule, base: u64, paid_on: Date) -> Option<Withheld> {
    let table = rule.tables.iter().rev().find(|table| table.from <= paid_on)?;
    let band = table.bands.iter().rev().find(|band| band.over < base).or(table.bands.first())?;
    let rated = u128::from(base - band.over.min(base)) * u128::from(band.rate) / 10_000;
    let withheld = u64::try_from(rated).ok()?.checked_add(band.base)?;
    Some(Withheld { withheld, label: table.label.clone() })
}
