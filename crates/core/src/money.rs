//! Whole yen: the fee of a claim, its tax and what is paid out.

use jiff::civil::Date;

use crate::programme::{Programme, TaxBase};
use crate::record::v1::PatternCode;
use crate::withholding::withhold;

/// A claim in whole yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// Consumption tax included.
    pub gross: u64,
    /// Consumption tax inside `gross`, rounded down.
    pub tax: u64,
    pub withheld: u64,
    pub net: u64,
}

/// The fee of `units` sessions paid together on `paid_on`; `None` before the first withholding table.
/// `tax_separated`: the claim states the consumption tax apart.
pub fn fee(programme: &Programme, units: u32, pattern: PatternCode, tax_separated: bool, paid_on: Date) -> Option<Fee> {
    let gross = programme.fee.per_session * u64::from(units);
    let tax = tax_inside(gross, programme.fee.tax_percent);
    let rule = &programme.withholding;
    let net_base = rule.base == TaxBase::Net || tax_separated && rule.separated_tax_allowed;
    let base = if net_base { gross - tax } else { gross };
    let withheld = if programme.pattern(pattern).withholds { withhold(rule, base, paid_on)?.withheld } else { 0 };
    Some(Fee { gross, tax, withheld, net: gross - withheld })
}

/// Consumption tax contained in a tax-inclusive amount, rounded down.
pub fn tax_inside(gross: u64, percent: u64) -> u64 {
    (u128::from(gross) * u128::from(percent) / (100 + u128::from(percent))) as u64
}

/// `1234567` as `1,234,567`.
pub fn format_yen(amount: u64) -> String {
    let digits = amount.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
