//! Dates in Japanese eras.

use jiff::civil::Date;
use serde::Deserialize;

use crate::programme::day;

/// An era from its first day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Era {
    pub name: String,
    /// One Latin letter (JIS X 0301).
    pub letter: String,
    #[serde(deserialize_with = "day")]
    pub from: Date,
}

/// `令和8年11月22日`, first years as 元年; `None` before the first era.
pub fn long(eras: &[Era], date: Date) -> Option<String> {
    let (era, year) = year(eras, date)?;
    let year = if year == 1 { "元".to_owned() } else { year.to_string() };
    Some(format!("{}{year}年{}月{}日", era.name, date.month(), date.day()))
}

/// `R08.11.22`; `None` before the first era.
pub fn short(eras: &[Era], date: Date) -> Option<String> {
    let (era, year) = year(eras, date)?;
    Some(format!("{}{year:02}.{:02}.{:02}", era.letter, date.month(), date.day()))
}

fn year(eras: &[Era], date: Date) -> Option<(&Era, i16)> {
    let era = eras.iter().rev().find(|era| era.from <= date)?;
    Some((era, date.year() - era.from.year() + 1))
}
