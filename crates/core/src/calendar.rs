//! National holidays by rule, and business days of banks and of government offices.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::programme::{Instrument, TemplateError, Text};
use crate::wareki::Era;

/// Whose business day is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalendarKind {
    Bank,
    Government,
}

/// Where a day off moves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    Previous,
    Next,
}

/// Holiday rules of Japan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub edition: String,
    pub source: String,
    /// First year the rules describe.
    pub first_year: i16,
    /// Last year whose holidays are officially published; later ones are estimated.
    pub horizon: i16,
    pub substitute: Text,
    pub between: Text,
    #[serde(rename = "holiday")]
    pub holidays: Vec<Holiday>,
    #[serde(rename = "closed")]
    pub closures: Vec<Closure>,
    #[serde(rename = "era")]
    pub eras: Vec<Era>,
}

/// One holiday for a span of years; exactly one of `day`, `monday`, `equinox` says which day of `month`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub ja: String,
    pub en: String,
    pub month: i8,
    pub day: Option<i8>,
    /// n-th Monday.
    pub monday: Option<i8>,
    /// Constant A of day = floor(A + 0.242194·(year − 1980) − floor((year − 1980)/4)).
    pub equinox: Option<f64>,
    pub from: Option<i16>,
    pub to: Option<i16>,
    /// Years in which another entry replaces this one.
    #[serde(default)]
    pub not_in: Vec<i16>,
}

/// Days of the year on which offices of a kind are closed, as (month, day) spans.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    pub calendar: CalendarKind,
    pub month: i8,
    pub from: i8,
    pub to: i8,
}

impl Calendar {
    /// Name of the holiday on `date`, substitutes included.
    pub fn holiday(&self, date: Date) -> Option<Text> {
        if let Some(holiday) = self.named(date) {
            return Some(Text { ja: holiday.ja.clone(), en: holiday.en.clone() });
        }
        if self.is_substitute(date) {
            return Some(self.substitute.clone());
        }
        let neighbour = |days: i32| date.checked_add(days.days()).is_ok_and(|d| self.named(d).is_some());
        let between = date.weekday() != Weekday::Sunday && neighbour(-1) && neighbour(1);
        between.then(|| self.between.clone())
    }

    /// Whether offices of `kind` work on `date`.
    pub fn is_business_day(&self, date: Date, kind: CalendarKind) -> bool {
        let closed =
            |c: &Closure| c.calendar == kind && c.month == date.month() && (c.from..=c.to).contains(&date.day());
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.closures.iter().any(closed) && self.holiday(date).is_none()
    }

    /// `date` itself if it is a business day, else the nearest one in the direction.
    pub fn business_day(&self, date: Date, kind: CalendarKind, direction: Move) -> Date {
        let mut day = date;
        while !self.is_business_day(day, kind) {
            let step = if direction == Move::Previous { day.yesterday() } else { day.tomorrow() };
            match step {
                Ok(next) => day = next,
                Err(_) => return day,
            }
        }
        day
    }

    /// Whether the holidays of that year are not officially published (or lie before the rules).
    pub fn estimated(&self, date: Date) -> bool {
        !(self.first_year..=self.horizon).contains(&date.year())
    }

    fn named(&self, date: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| holiday.falls_on(date))
    }

    /// 祝日法3条2項: the nearest following day that is not itself a holiday, after one on a Sunday.
    fn is_substitute(&self, date: Date) -> bool {
        let mut day = date;
        while let Ok(before) = day.yesterday() {
            if self.named(before).is_none() {
                return false;
            }
            if before.weekday() == Weekday::Sunday {
                return true;
            }
            day = before;
        }
        false
    }
}

impl Holiday {
    fn falls_on(&self, date: Date) -> bool {
        let year = date.year();
        date.month() == self.month
            && self.from.is_none_or(|from| from <= year)
            && self.to.is_none_or(|to| year <= to)
            && !self.not_in.contains(&year)
            && self.day_in(date) == Some(date.day())
    }

    fn day_in(&self, date: Date) -> Option<i8> {
        if let Some(constant) = self.equinox {
            let years = f64::from(date.year() - 1980);
            return Some((constant + 0.242_194 * years - (years / 4.0).floor()).floor() as i8);
        }
        match self.monday {
            Some(nth) => date.nth_weekday_of_month(nth, Weekday::Monday).ok().map(Date::day),
            None => self.day,
        }
    }
}

impl Instrument for Calendar {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let one = |h: &&Holiday| {
            let ways = [h.day.is_some(), h.monday.is_some(), h.equinox.is_some()];
            ways.iter().filter(|w| **w).count() != 1 || !(1..=12).contains(&h.month)
        };
        if let Some(holiday) = self.holidays.iter().find(one) {
            let (ja, en) = ("日・月曜日・分点のどれか1つで書いてください", "needs exactly one of day, monday, equinox");
            return Err(TemplateError::invalid(&self.edition, &holiday.ja, ja, en));
        }
        if self.eras.is_empty() || !self.eras.is_sorted_by(|a, b| a.from < b.from) {
            return Err(TemplateError::invalid(&self.edition, "era", "古い順に書いてください", "must be oldest first"));
        }
        Ok(())
    }
}
