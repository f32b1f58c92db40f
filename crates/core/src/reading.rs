//! Reads what people type into fields of a type: dates, times, amounts, readings of names.
//!
//! Nothing is guessed in silence: who asks can show what was read, and what is refused is refused with the reason.

mod date;

use jiff::civil::Time;
use unicode_normalization::UnicodeNormalization as _;

use crate::text::Text;
pub use date::date;

/// Why a text could not be read, and what would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread(pub Text);

fn unread<T>(ja: impl Into<String>, en: impl Into<String>) -> Result<T, Unread> {
    Err(Unread(Text { ja: ja.into(), en: en.into() }))
}

/// Half-width, without any blank, one kind of hyphen.
fn plain(text: &str) -> String {
    let hyphen = |c| if matches!(c, '‐'..='―' | '−' | 'ー' | '－') { '-' } else { c };
    text.nfkc().map(hyphen).filter(|c| !c.is_whitespace()).collect()
}

/// `13:30`, `1330`, `13時半`, `午後1時半`, `1:30pm`, `９：０５`.
pub fn time(text: &str) -> Result<Time, Unread> {
    let text = plain(text).to_lowercase();
    if text == "正午" || text == "noon" {
        return clock(12, 0);
    }
    let marked = |marks: [&str; 2]| {
        marks.iter().find_map(|m| text.strip_prefix(m).or_else(|| text.strip_suffix(m))).map(str::to_owned)
    };
    let (noon, rest) = match (marked(["午後", "pm"]), marked(["午前", "am"])) {
        (Some(rest), _) => (Some(12), rest),
        (None, Some(rest)) => (Some(0), rest),
        (None, None) => (None, text.clone()),
    };
    let Some((hour, minute)) = hour_minute(&rest) else {
        return unread(
            "時刻として読めません。13:30、1330、午後1時半 のように書いてください。",
            "Not a time. Write it as 13:30, 1330 or 1:30pm.",
        );
    };
    match noon {
        Some(_) if hour == 12 => unread(
            "12時は午前か午後か紛れます。昼は 12:00、夜中は 0:00 と書いてください。",
            "12 with am or pm is unclear. Write noon as 12:00 and midnight as 0:00.",
        ),
        Some(add) if hour < 12 => clock(hour + add, minute),
        _ => clock(hour, minute),
    }
}

fn hour_minute(text: &str) -> Option<(u32, u32)> {
    let number = |t: &str| (!t.is_empty() && t.len() <= 2).then(|| digits(t)).flatten();
    if let Some((hour, rest)) = text.split_once('時') {
        let minute = match rest.strip_suffix('分').unwrap_or(rest) {
            "" if !rest.ends_with('分') => 0,
            "半" => 30,
            minute => number(minute)?,
        };
        return Some((number(hour)?, minute));
    }
    if let Some((hour, minute)) = text.split_once([':', '.']) {
        return Some((number(hour)?, if minute.len() == 2 { number(minute)? } else { return None }));
    }
    match text.len() {
        1 | 2 => Some((number(text)?, 0)),
        3 | 4 if text.is_ascii() => {
            let (hour, minute) = text.split_at(text.len() - 2);
            Some((number(hour)?, number(minute)?))
        }
        _ => None,
    }
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn clock(hour: u32, minute: u32) -> Result<Time, Unread> {
    let part = |n: u32| i8::try_from(n).ok();
    let read = part(hour).zip(part(minute)).and_then(|(h, m)| Time::new(h, m, 0, 0).ok());
    match read {
        Some(time) => Ok(time),
        None if hour > 23 => unread(
            format!("{hour}時はありません。0:00 から 23:59 で書いてください。"),
            format!("There is no hour {hour}. Write a time from 0:00 to 23:59."),
        ),
        None => unread(
            format!("{minute}分はありません。分は 00 から 59 です。"),
            format!("There is no minute {minute}. Minutes go from 00 to 59."),
        ),
    }
}

/// `1,200,000円`, `１２０万`, `3億5000万`, `12名`.
pub fn number(text: &str) -> Result<u64, Unread> {
    let text = plain(text);
    let bare = text.trim_start_matches(['¥', '\\']).trim_end_matches(['円', '人', '名', '社', '台']);
    let mut rest = bare;
    let mut sum: Option<u64> = None;
    for (unit, factor) in [('億', 100_000_000), ('万', 10_000)] {
        if let Some((count, after)) = rest.split_once(unit) {
            sum = Some(add(sum, group(count)?, factor)?);
            rest = after;
        }
    }
    match (rest, sum) {
        ("", Some(sum)) => Ok(sum),
        (rest, sum) => add(sum, group(rest)?, 1),
    }
}

fn add(sum: Option<u64>, count: u64, factor: u64) -> Result<u64, Unread> {
    match count.checked_mul(factor).and_then(|more| sum.unwrap_or(0).checked_add(more)) {
        Some(total) => Ok(total),
        None => unread("数が大きすぎます。", "The number is too large."),
    }
}

/// Digits, with or without commas between thousands.
fn group(text: &str) -> Result<u64, Unread> {
    if text.starts_with('-') {
        return unread("0以上の数で書いてください。", "Write a number that is not below zero.");
    }
    let parts: Vec<&str> = text.split([',', '、']).collect();
    let numeric = parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    if !numeric {
        return unread(
            "数として読めません。1200000、1,200,000円、120万 のように書いてください。",
            "Not a number. Write it as 1200000 or 1,200,000.",
        );
    }
    if parts.len() > 1 && (parts[0].len() > 3 || parts[1..].iter().any(|p| p.len() != 3)) {
        return unread(
            "カンマの位置が合いません。3桁ごとに入れるか、なしで書いてください。",
            "The commas do not stand between thousands. Put one every three digits, or none.",
        );
    }
    match parts.concat().parse() {
        Ok(number) => Ok(number),
        Err(_) => unread("数が大きすぎます。", "The number is too large."),
    }
}

/// The reading of a name in full-width katakana; blanks, Latin letters and signs stay.
pub fn kana(text: &str) -> Result<String, Unread> {
    let katakana = |c: char| match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        '゛' => '\u{3099}',
        '゜' => '\u{309A}',
        c => c,
    };
    // The spacing marks go first: their compatibility forms would put a blank before them.
    let read: String = text.chars().map(katakana).nfkc().map(katakana).nfc().collect();
    match read.chars().find(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..)) {
        None => Ok(read.trim().to_owned()),
        Some(c) => unread(
            format!("「{c}」は仮名ではありません。読みを仮名で書いてください。"),
            format!("\"{c}\" is not kana. Write how the name is read, in kana."),
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_as_they_are_said() {
        for (text, hour, minute) in [
            ("1330", 13, 30),
            ("13:30", 13, 30),
            ("１３：３０", 13, 30),
            ("午後1時半", 13, 30),
            ("午前９時", 9, 0),
            ("午後0時", 12, 0),
            ("13時05分", 13, 5),
            ("930", 9, 30),
            ("9", 9, 0),
            ("1:30pm", 13, 30),
            ("正午", 12, 0),
            ("0:00", 0, 0),
        ] {
            assert_eq!(time(text), Ok(Time::constant(hour, minute, 0, 0)), "{text}");
        }
        for (text, said) in [
            ("24:00", "24時はありません"),
            ("13:60", "60分"),
            ("午後12時", "紛れます"),
            ("夕方", "13:30"),
            ("", "13:30"),
        ] {
            assert!(time(text).unwrap_err().0.ja.contains(said), "{text}");
        }
        for text in ["13:5", "1:2:3", "12345", "13時分", "時半", "+1:30"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_read_with_units_and_commas() {
        for (text, value) in [
            ("1200000", 1_200_000),
            ("1,200,000円", 1_200_000),
            ("￥１，２００，０００", 1_200_000),
            ("120万", 1_200_000),
            ("1億2000万円", 120_000_000),
            ("3万500", 30_500),
            ("12名", 12),
            ("０", 0),
        ] {
            assert_eq!(number(text), Ok(value), "{text}");
        }
        for (text, said) in [
            ("1,20", "カンマ"),
            ("-5", "0以上"),
            ("たくさん", "読めません"),
            ("", "読めません"),
            ("万", "読めません"),
            ("99999999999999999999", "大きすぎ"),
            ("18446744073709551615億", "大きすぎ"),
        ] {
            assert!(number(text).unwrap_err().0.ja.contains(said), "{text}");
        }
    }

    #[test]
    fn readings_become_full_width_katakana() {
        for (text, read) in [
            ("ながとせいさくしょ", "ナガトセイサクショ"),
            ("ﾅｶﾞﾄ ﾊｼﾞﾒ", "ナガト ハジメ"),
            ("か\u{3099}", "ガ"),
            ("ABC・ｻｰﾋﾞｽ", "ABC・サービス"),
            ("", ""),
        ] {
            assert_eq!(kana(text), Ok(read.to_owned()), "{text}");
        }
        assert!(kana("長戸").unwrap_err().0.ja.contains("長"));
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_a_reader_fail(text in "\\PC{0,24}") {
            let _ = (time(&text), number(&text), kana(&text));
        }

        #[test]
        fn what_is_shown_is_read_back(hour in 0i8..24, minute in 0i8..60, amount in any::<u64>()) {
            let at = Time::constant(hour, minute, 0, 0);
            prop_assert_eq!(time(&at.strftime("%H:%M").to_string()), Ok(at));
            prop_assert_eq!(number(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn a_reading_is_read_once(text in "[ぁ-ゖァ-ヶｦ-ﾟ゛゜ー ]{0,12}") {
            let once = kana(&text).unwrap();
            prop_assert_eq!(kana(&once).unwrap(), once);
        }
    }
}
