//! Dates and times of arguments, read as the fields of the screens read them.

use std::str::FromStr;

use bansou_core::as_of;
use bansou_core::programme::{builtin, for_day};
use bansou_core::reading::{self, Unread};
use jiff::civil::{Date, Time};

use super::language_of_help;
use crate::shell::clock;

/// A day: `2026-10-08`, `10/8`, `R8.10.8`, `明日`, `来週木`, `+3`.
#[derive(Clone, Copy, Debug)]
pub struct Day(pub Date);

/// A time of day: `13:30`, `1330`, `午後1時半`.
#[derive(Clone, Copy, Debug)]
pub struct Hour(pub Time);

/// A point in time of an engagement: the end of a session, or of a day.
#[derive(Clone, Copy, Debug)]
pub struct AsOf(pub as_of::AsOf);

/// Why an argument could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

fn why(unread: Unread) -> Unreadable {
    Unreadable(unread.0.get(language_of_help(None)).to_owned())
}

impl FromStr for Day {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        // A date as the program writes it needs neither the day nor the eras.
        if let Ok(date) = text.parse() {
            return Ok(Self(date));
        }
        let (today, packs) = (clock::now().date(), builtin());
        let eras = for_day(&packs, today).map_or(&[][..], |pack| &pack.calendar.eras);
        reading::date(text, today, eras).map(Self).map_err(why)
    }
}

impl FromStr for AsOf {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        // One digit alone is no day that anybody means here.
        match text.parse::<u8>() {
            Ok(n @ 1..=9) if text.len() == 1 => Ok(Self(as_of::AsOf::Session(n))),
            _ => text.parse().map(|Day(day)| Self(as_of::AsOf::Day(day))),
        }
    }
}

impl FromStr for Hour {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        reading::time(text).map(Self).map_err(why)
    }
}
