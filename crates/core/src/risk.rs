//! Risk of an information asset: importance, likelihood and band, by edition of the guideline.

use serde::Deserialize;

use crate::programme::{Instrument, TemplateError, Text};

/// One edition of the scale.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskScale {
    pub edition: String,
    pub name: Text,
    pub source: String,
    /// The guideline's edition number as people say it: `3`, `3.1`, `4.0`.
    pub guideline: String,
    /// Lowest and highest value of confidentiality, integrity and availability.
    pub lowest: u8,
    pub highest: u8,
    /// Highest threat and vulnerability; both begin at 1.
    pub likelihood_levels: u8,
    /// Highest first.
    #[serde(rename = "band")]
    pub bands: Vec<RiskBand>,
    /// The guideline's appendices.
    #[serde(rename = "appendix")]
    pub appendices: Vec<Appendix>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskBand {
    pub name: Text,
    pub from: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appendix {
    pub number: u8,
    pub name: Text,
}

/// What is known about an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    pub confidentiality: u8,
    pub integrity: u8,
    pub availability: u8,
    pub threat: u8,
    pub vulnerability: u8,
    /// Holds personal data, or an accident would have grave consequences: importance is the highest.
    pub personal: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    pub importance: u8,
    pub likelihood: u8,
    pub value: u8,
    pub band: Text,
}

impl RiskScale {
    /// Assesses an asset; `None` if a value is outside the scale.
    pub fn assess(&self, asset: &Asset) -> Option<Risk> {
        let values = [asset.confidentiality, asset.integrity, asset.availability];
        let on_scale = values.iter().all(|v| (self.lowest..=self.highest).contains(v));
        let levels = 1..=self.likelihood_levels;
        if !on_scale || !levels.contains(&asset.threat) || !levels.contains(&asset.vulnerability) {
            return None;
        }
        let importance = if asset.personal { self.highest } else { values.into_iter().max()? };
        let likelihood = asset.threat.div_ceil(self.likelihood_levels + 1 - asset.vulnerability);
        let value = importance * likelihood;
        let band = self.bands.iter().find(|band| value >= band.from)?;
        Some(Risk { importance, likelihood, value, band: band.name.clone() })
    }
}

impl Instrument for RiskScale {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let bad = |key: &str, ja: &str, en: &str| Err(TemplateError::invalid(&self.edition, key, ja, en));
        if self.lowest > self.highest || self.highest > 9 || !(1..=9).contains(&self.likelihood_levels) {
            return bad("highest", "0から9の範囲で、最低以上にしてください", "must be 0 to 9 and not below lowest");
        }
        let reaches_lowest = self.bands.last().is_some_and(|band| band.from <= self.lowest);
        if !reaches_lowest || !self.bands.is_sorted_by(|a, b| a.from > b.from) {
            return bad("band.from", "高い順に、最低の値まで書いてください", "must fall to the lowest value");
        }
        Ok(())
    }
}
