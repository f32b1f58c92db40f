//! What a programme year says about going along (同行, OJT), from `templates/pairing`.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use crate::programme::{Instrument, TemplateError};
use crate::record::v1::Engagement;
use crate::retention::Basis;
use crate::text::Text;

/// The rules of one edition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairingRules {
    pub edition: String,
    pub source: String,
    /// Whether the one who comes along is paid.
    pub paid: bool,
    pub share: ShareRule,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRule {
    /// Days after the last session until a copy ends.
    pub days_after_end: u16,
    pub basis: Basis,
    pub question: Text,
}

impl PairingRules {
    /// The last day of a copy when none is chosen: counted from the last session that has a date, or from today.
    pub fn until(&self, engagement: &Engagement, today: Date) -> Date {
        let last = (1..=engagement.last_session()).filter_map(|n| engagement.date_of(n)).max();
        last.map_or(today, |day| day.max(today)).saturating_add(i32::from(self.share.days_after_end).days())
    }
}

impl Instrument for PairingRules {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        Ok(())
    }
}
