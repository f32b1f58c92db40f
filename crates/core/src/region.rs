//! Prefectures and the metropolitan areas of a programme.

use serde::Deserialize;

use crate::programme::{Area, Instrument, Programme, TemplateError, Text};

/// The 47 prefectures in the order of their codes (JIS X 0401).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefectures {
    pub edition: String,
    /// Index 0 has code 1.
    pub prefectures: Vec<Text>,
}

impl Prefectures {
    /// Name of the prefecture with code 1–47.
    pub fn name(&self, code: u8) -> Option<&Text> {
        self.prefectures.get(usize::from(code).checked_sub(1)?)
    }
}

/// The metropolitan area of a prefecture; `None` outside all of them (36道県).
pub fn area(programme: &Programme, prefecture: u8) -> Option<&Area> {
    programme.areas.iter().find(|a| a.prefectures.contains(&prefecture))
}

impl Instrument for Prefectures {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        if self.prefectures.len() == 47 {
            return Ok(());
        }
        Err(TemplateError::invalid(&self.edition, "prefectures", "47件にしてください", "must name all 47"))
    }
}
