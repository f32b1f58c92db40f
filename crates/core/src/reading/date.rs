//! Dates as people type them: with a year, by era, without a year, by weekday, by distance.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::{Unread, digits, plain, unread};
use crate::wareki::{self, Era};

/// The date a text means to somebody who reads it `today`. Without a year it is the one nearest to today.
pub fn date(text: &str, today: Date, eras: &[Era]) -> Result<Date, Unread> {
    let text = plain(text);
    if let Some(date) = said(&text, today) {
        return Ok(date);
    }
    let (body, weekday) = match text.strip_suffix(')').and_then(|t| t.split_once('(')) {
        Some((body, day)) => match day_of_week(day) {
            Some(weekday) => (body.to_owned(), Some(weekday)),
            None => return no_date(),
        },
        None => (text, None),
    };
    let date = written(&body, today, eras)?;
    match weekday {
        Some(weekday) if weekday != date.weekday() => {
            let right = letter(date.weekday());
            unread(
                format!("{date} は{right}曜日です。日付か曜日を確かめてください。"),
                format!("{date} is a {:?}. Check the date or the weekday.", date.weekday()),
            )
        }
        _ => Ok(date),
    }
}

fn no_date<T>() -> Result<T, Unread> {
    unread(
        "日付として読めません。2026-10-08、10/8、令和8年10月8日、明日、来週木、+3 のように書いてください。",
        "Not a date. Write it as 2026-10-08, 10/8, R8.10.8, tomorrow, next thu or +3.",
    )
}

const WEEK: [(&str, &str); 7] =
    [("月", "mon"), ("火", "tue"), ("水", "wed"), ("木", "thu"), ("金", "fri"), ("土", "sat"), ("日", "sun")];

fn letter(weekday: Weekday) -> &'static str {
    WEEK[weekday.to_monday_zero_offset() as usize].0
}

fn day_of_week(text: &str) -> Option<Weekday> {
    let text = text.strip_suffix("曜日").or_else(|| text.strip_suffix('曜')).unwrap_or(text).to_lowercase();
    let found = WEEK.iter().position(|(ja, en)| text == *ja || text == *en)?;
    Weekday::from_monday_zero_offset(i8::try_from(found).ok()?).ok()
}

/// A day told by its distance or its weekday.
fn said(text: &str, today: Date) -> Option<Date> {
    let lower = text.to_lowercase();
    let after = |days: i32| today.checked_add(days.days()).ok();
    match lower.as_str() {
        "今日" | "本日" | "きょう" | "today" => return Some(today),
        "明日" | "あした" | "あす" | "tomorrow" => return after(1),
        "明後日" | "あさって" => return after(2),
        "昨日" | "きのう" | "yesterday" => return after(-1),
        "一昨日" | "おととい" => return after(-2),
        _ => {}
    }
    let counted = |count: &str, factor: i32| {
        let days = i32::try_from(digits(count).filter(|_| !count.is_empty())?).ok()?.checked_mul(factor)?;
        (days.abs() <= 36_600).then(|| after(days)).flatten()
    };
    for (prefix, suffix, factor) in
        [("+", "", 1), ("", "日後", 1), ("", "日前", -1), ("", "週間後", 7), ("", "週間前", -7), ("", "週後", 7)]
    {
        if let Some(count) = lower.strip_prefix(prefix).and_then(|t| t.strip_suffix(suffix))
            && prefix.len() + suffix.len() > 0
            && let Some(date) = counted(count, factor)
        {
            return Some(date);
        }
    }
    let monday = after(-i32::from(today.weekday().to_monday_zero_offset()))?;
    for (prefix, weeks) in
        [("再来週", 2), ("来週", 1), ("次週", 1), ("next", 1), ("今週", 0), ("this", 0), ("先週", -1)]
    {
        if let Some(day) = lower.strip_prefix(prefix) {
            let day = day_of_week(day.trim_start_matches('の'))?;
            return monday.checked_add((weeks * 7 + i32::from(day.to_monday_zero_offset())).days()).ok();
        }
    }
    let wanted = day_of_week(&lower)?;
    (0..7).filter_map(after).find(|date| date.weekday() == wanted)
}

/// A day written in numbers, with or without an era.
fn written(text: &str, today: Date, eras: &[Era]) -> Result<Date, Unread> {
    let upper = text.to_uppercase();
    let era = eras.iter().enumerate().find_map(|(at, era)| {
        let rest = upper.strip_prefix(&era.name).or_else(|| upper.strip_prefix(&era.letter))?;
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '元').then(|| (at, rest.to_owned()))
    });
    let (era, rest) = era.map_or((None, upper.as_str()), |(at, rest)| (Some((at, rest)), ""));
    let (era, rest) = match &era {
        Some((at, rest)) => (Some(*at), rest.as_str()),
        None => (None, rest),
    };
    let Some(numbers) = numbers(rest, era.is_some()) else {
        return no_date();
    };
    match (era, numbers.as_slice()) {
        (Some(at), [year, month @ ..]) if month.len() <= 2 => by_era(eras, at, *year, month),
        (None, [month, day]) if !rest.contains('年') => nearest(*month, *day, today),
        (None, [year, _, _]) if *year < 100 => unread(
            format!("{year}年がいつか紛れます。西暦4桁（2026-10-08）か元号（R8.10.8）で書いてください。"),
            format!("The year {year} is unclear. Write four digits (2026-10-08) or an era (R8.10.8)."),
        ),
        (None, [year, month, day]) => day_in(*year, *month, *day),
        (None, [year, month]) => missing_day(&format!("{year}年{month}月"), &format!("{year}-{month:02}")),
        _ => no_date(),
    }
}

fn missing_day<T>(ja: &str, en: &str) -> Result<T, Unread> {
    unread(format!("日がありません。{ja}1日 のように書いてください。"), format!("The day is missing, as in {en}-01."))
}

/// Up to three numbers with signs between them; `None` for anything else.
fn numbers(text: &str, era: bool) -> Option<Vec<u32>> {
    if !era && text.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from: usize, to: usize| text.get(from..to).and_then(digits);
        return match text.len() {
            8 => Some(vec![part(0, 4)?, part(4, 6)?, part(6, 8)?]),
            4 => Some(vec![part(0, 2)?, part(2, 4)?]),
            _ => None,
        };
    }
    let text = text.replace('元', "1");
    let text = text.strip_suffix('日').or_else(|| text.strip_suffix('月')).unwrap_or(&text);
    let text = text.strip_suffix('年').unwrap_or(text);
    let parts: Vec<&str> = text.split(['年', '月', '/', '-', '.']).collect();
    let number = |p: &&str| (!p.is_empty() && p.len() <= 4).then(|| digits(p)).flatten();
    let numbers: Vec<u32> = parts.iter().map(number).collect::<Option<_>>()?;
    (numbers.len() <= 3).then_some(numbers)
}

fn day_in(year: u32, month: u32, day: u32) -> Result<Date, Unread> {
    if !(1..=12).contains(&month) {
        return unread(
            format!("{month}月はありません。月は1から12です。"),
            format!("There is no month {month}. Months go from 1 to 12."),
        );
    }
    let Some(first) = civil(year, month, 1) else {
        return no_date();
    };
    let last = u32::from(first.days_in_month().unsigned_abs());
    match civil(year, month, day) {
        Some(date) => Ok(date),
        None if day == 0 => unread("0日はありません。1日からです。", "There is no day 0; months begin on day 1."),
        None => {
            let next = if month == 12 { 1 } else { month + 1 };
            unread(
                format!("{year}年{month}月は{last}日までです。{month}/{last} か {next}/1 ではありませんか。"),
                format!("Month {month} of {year} ends on day {last}. Did you mean {month}/{last} or {next}/1?"),
            )
        }
    }
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The day of this or a neighbouring year that lies nearest to today; of two as near, the one to come.
fn nearest(month: u32, day: u32, today: Date) -> Result<Date, Unread> {
    let year = u32::from(today.year().unsigned_abs());
    let distance = |date: &Date| today.until(*date).map_or(i32::MAX, |span| span.get_days().abs());
    let found = [year + 1, year, year.saturating_sub(1)].into_iter().filter_map(|y| civil(y, month, day));
    match found.min_by_key(distance) {
        Some(date) => Ok(date),
        None => day_in(year, month, day),
    }
}

/// A year of an era, with its month and day where they were written.
fn by_era(eras: &[Era], at: usize, year: u32, rest: &[u32]) -> Result<Date, Unread> {
    let name = &eras[at].name;
    if year == 0 {
        return unread(
            format!("{name}0年はありません。最初の年は{name}元年です。"),
            format!("Eras have no year 0; the first year is {name}1."),
        );
    }
    let from = eras[at].from;
    let western = u32::from(from.year().unsigned_abs()) + year - 1;
    let said = if year == 1 { "元".to_owned() } else { year.to_string() };
    let (month, day) = match rest {
        [month, day] => (*month, Some(*day)),
        [month] => (*month, None),
        _ => {
            let month = from.month();
            return unread(
                format!("月日がありません。{name}{said}年{month}月1日 のように書いてください。"),
                format!("Month and day are missing: {name}{said} is {western}."),
            );
        }
    };
    let date = day_in(western, month, day.unwrap_or(1))?;
    let ends = eras.get(at + 1).map(|next| next.from).filter(|next| date >= *next);
    let early = date < from && (day.is_some() || date.month() != from.month() || date.year() != from.year());
    let right = wareki::long(eras, date).unwrap_or_else(|| date.to_string());
    let right = if day.is_some() { right } else { right.split_inclusive('月').take(1).collect() };
    match (ends, early) {
        (Some(next), _) => {
            let last = next.yesterday().ok().and_then(|day| wareki::long(eras, day)).unwrap_or_default();
            unread(
                format!("{name}は{last}までです。{right} ではありませんか。"),
                format!("That era ended on {}. Did you mean {right}?", next.yesterday().unwrap_or(next)),
            )
        }
        (None, true) => {
            let first = format!("{}年{}月{}日", from.year(), from.month(), from.day());
            unread(
                format!("{name}は{first}からです。{right} ではありませんか。"),
                format!("That era began on {from}. Did you mean {right}?"),
            )
        }
        (None, false) if day.is_none() => {
            missing_day(&format!("{name}{said}年{month}月"), &format!("{western}-{month:02}"))
        }
        (None, false) => Ok(date),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::programme::builtin;
    use jiff::civil::date as day;
    use proptest::prelude::*;

    /// A Monday.
    const TODAY: Date = day(2026, 10, 5);

    fn eras() -> Vec<Era> {
        builtin().remove(0).calendar.eras
    }

    #[test]
    fn dates_are_read_as_they_are_written_and_said() {
        let eras = eras();
        for (text, expected) in [
            ("2026-10-08", day(2026, 10, 8)),
            ("２０２６／１０／０８", day(2026, 10, 8)),
            ("2026/10/8", day(2026, 10, 8)),
            ("2026.10.8", day(2026, 10, 8)),
            ("2026年10月8日", day(2026, 10, 8)),
            ("2026-10-08(木)", day(2026, 10, 8)),
            ("20261008", day(2026, 10, 8)),
            ("2026ー10ー8", day(2026, 10, 8)),
            ("10/8", day(2026, 10, 8)),
            ("10月8日", day(2026, 10, 8)),
            ("10-8", day(2026, 10, 8)),
            ("1008", day(2026, 10, 8)),
            ("1/8", day(2027, 1, 8)),
            ("5/1", day(2026, 5, 1)),
            ("3/31", day(2027, 3, 31)),
            ("令和8年10月8日", day(2026, 10, 8)),
            ("㋿8年10月8日", day(2026, 10, 8)),
            ("R8.10.8", day(2026, 10, 8)),
            ("r08.10.08", day(2026, 10, 8)),
            ("Ｒ８／１０／８", day(2026, 10, 8)),
            ("令和元年5月1日", day(2019, 5, 1)),
            ("平成31年4月30日", day(2019, 4, 30)),
            ("S64.1.7", day(1989, 1, 7)),
            ("今日", TODAY),
            ("明日", day(2026, 10, 6)),
            ("明後日", day(2026, 10, 7)),
            ("昨日", day(2026, 10, 4)),
            ("来週木", day(2026, 10, 15)),
            ("来週の木曜日", day(2026, 10, 15)),
            ("今週木", day(2026, 10, 8)),
            ("木", day(2026, 10, 8)),
            ("月曜", TODAY),
            ("+3", day(2026, 10, 8)),
            ("＋３", day(2026, 10, 8)),
            ("3日後", day(2026, 10, 8)),
            ("2週間後", day(2026, 10, 19)),
            ("tomorrow", day(2026, 10, 6)),
            ("next thu", day(2026, 10, 15)),
        ] {
            assert_eq!(date(text, TODAY, &eras), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_date_is_told_precisely() {
        let eras = eras();
        for (text, said) in [
            ("2/30", "2026年2月は28日までです。2/28 か 3/1"),
            ("2026-02-29", "28日まで"),
            ("4/31", "4/30 か 5/1"),
            ("13/1", "13月はありません"),
            ("10/0", "0日はありません"),
            ("令和0年", "令和元年"),
            ("令和0年1月1日", "令和元年"),
            ("令和元年", "令和元年5月1日"),
            ("令和8年10月", "令和8年10月1日"),
            ("平成31年5月", "平成31年4月30日までです。令和元年5月 では"),
            ("平成31年5月1日", "令和元年5月1日"),
            ("平成32年10月8日", "令和2年10月8日"),
            ("令和元年4月30日", "平成31年4月30日"),
            ("令和8年2月30日", "28日まで"),
            ("26/10/8", "紛れます"),
            ("2026年10月", "日がありません"),
            ("10/8(金)", "木曜日です"),
            ("そのうち", "日付として読めません"),
            ("", "日付として読めません"),
            ("2026-10-08-1", "日付として読めません"),
            ("+99999999999", "日付として読めません"),
            ("10/8(x)", "日付として読めません"),
        ] {
            let reason = date(text, TODAY, &eras).unwrap_err().0.ja;
            assert!(reason.contains(said), "{text}: {reason}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_the_reader_fail(
            text in "[0-9０-９元年月日令和平成RH/.+()木来週のー-]{0,14}|\\PC{0,20}",
            year in 1i16..9999,
        ) {
            let _ = date(&text, day(year, 2, 28), &eras());
        }

        #[test]
        fn every_form_of_a_date_is_read_back(days in 0i32..80_000, now in 0i32..80_000) {
            let from = day(1873, 1, 1);
            let (wanted, today) = (from + days.days(), from + now.days());
            let eras = eras();
            prop_assert_eq!(date(&wanted.to_string(), today, &eras), Ok(wanted));
            prop_assert_eq!(date(&wareki::long(&eras, wanted).unwrap(), today, &eras), Ok(wanted));
            prop_assert_eq!(date(&wareki::short(&eras, wanted).unwrap(), today, &eras), Ok(wanted));
        }
    }
}
