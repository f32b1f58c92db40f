//! The rules against the published and computed vectors.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bansou_core::calendar::{CalendarKind, Move};
use bansou_core::deadline::deadlines;
use bansou_core::diagnosis::Answer::{self, Done, NotApplicable, Partial, Unknown};
use bansou_core::eligibility::{EligibilityError, Firm};
use bansou_core::ids::{corporate_number, invoice_number, may_hold_personal_number};
use bansou_core::kana::{FieldClass, KanaError, YuchoError, byte_len, normalise, yucho};
use bansou_core::money::{fee, format_yen, tax_inside};
use bansou_core::plan::PlanFinding;
use bansou_core::programme::{Pack, builtin};
use bansou_core::record::v1::{Id, LineStatus, PatternCode, PlanLine, SectionStatus};
use bansou_core::withholding::withhold;
use bansou_core::{calc, payday, region, wareki};
use jiff::civil::{Date, date};
use proptest::prelude::*;

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(builtin);

fn pack(id: &str) -> &'static Pack {
    PACKS.iter().find(|p| p.programme.id == id).unwrap()
}

fn now() -> &'static Pack {
    pack("current-2026")
}

const DAY: Date = date(2026, 11, 22);

#[test]
fn fees_of_the_published_table() {
    let programme = &now().programme;
    for (n, gross, whole, tax, on_fee) in [
        (1, 45_000, 4_594, 4_090, 4_176),
        (2, 90_000, 9_189, 8_181, 8_353),
        (3, 135_000, 13_783, 12_272, 12_530),
        (4, 180_000, 18_378, 16_363, 16_707),
        (8, 360_000, 36_756, 32_727, 33_414),
        (22, 990_000, 101_079, 90_000, 91_890),
        (23, 1_035_000, 109_247, 94_090, 96_066),
        (26, 1_170_000, 136_814, 106_363, 115_094),
    ] {
        let quote = |pattern, separated| fee(programme, n, pattern, separated, DAY).unwrap();
        let a = quote(PatternCode::A, false);
        assert_eq!((a.gross, a.withheld, a.net, a.tax), (gross, whole, gross - whole, tax), "{n}");
        assert_eq!(quote(PatternCode::B, true).withheld, on_fee, "{n}");
        assert_eq!((quote(PatternCode::C, true).withheld, quote(PatternCode::C, false).net), (0, gross));
    }
}

#[test]
fn withholding_at_the_edges_and_the_new_label() {
    let rule = &now().programme.withholding;
    for (base, expected) in [
        (0, 0),
        (100_000, 10_210),
        (110_000, 11_231),
        (999_999, 102_099),
        (1_000_000, 102_100),
        (1_000_001, 102_100),
        (1_035_000, 109_247),
    ] {
        assert_eq!(withhold(rule, base, DAY).unwrap().withheld, expected, "{base}");
    }
    let label = |day| withhold(rule, 1, day).unwrap().label.ja;
    assert!(!label(date(2026, 12, 31)).contains("防衛") && label(date(2027, 1, 1)).contains("防衛"));
    assert_eq!(withhold(rule, 1, date(2012, 12, 31)), None);
}

#[test]
fn holidays_of_three_years() {
    let calendar = &now().calendar;
    for (year, days) in [
        (
            2026,
            "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
        ),
        (2027, "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23"),
        (2028, "01-01 01-10 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 11-03 11-23"),
    ] {
        let all = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() == year);
        let found: Vec<String> = all
            .filter(|d| calendar.holiday(*d).is_some())
            .map(|d| format!("{:02}-{:02}", d.month(), d.day()))
            .collect();
        assert_eq!(found.join(" "), days);
        assert_eq!(calendar.estimated(date(year, 6, 1)), year == 2028);
    }
    for (day, name) in [
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2019, 4, 30), "国民の休日"),
        (date(2019, 10, 22), "即位礼正殿の儀"),
        (date(2021, 8, 9), "振替休日"),
    ] {
        assert_eq!(calendar.holiday(day).unwrap().ja, name);
    }
}

#[test]
fn business_days_of_banks_and_offices() {
    let calendar = &now().calendar;
    let moved = |d, kind, direction| calendar.business_day(d, kind, direction);
    use CalendarKind::{Bank, Government};
    for (day, before) in [
        (date(2025, 11, 30), date(2025, 11, 28)),
        (date(2026, 2, 28), date(2026, 2, 27)),
        (date(2026, 12, 30), date(2026, 12, 30)),
        (date(2027, 1, 3), date(2026, 12, 30)),
    ] {
        assert_eq!(moved(day, Bank, Move::Previous), before);
    }
    assert_eq!(moved(date(2026, 12, 30), Government, Move::Previous), date(2026, 12, 28));
    assert_eq!(moved(date(2026, 10, 10), Government, Move::Next), date(2026, 10, 13));
    assert_eq!(moved(date(2027, 1, 31), Government, Move::Next), date(2027, 2, 1));
}

#[test]
fn pay_days() {
    let (old, new) = (pack("r2-2020"), now());
    for (month, expected) in [
        (date(2020, 7, 1), date(2020, 7, 22)),
        (date(2021, 7, 9), date(2021, 7, 21)),
        (date(2020, 10, 31), date(2020, 10, 23)),
        (date(2024, 2, 1), date(2024, 2, 22)),
        (date(2026, 1, 1), date(2026, 1, 23)),
        (date(2026, 4, 1), date(2026, 4, 24)),
        (date(2026, 7, 1), date(2026, 7, 24)),
        (date(2026, 10, 1), date(2026, 10, 23)),
    ] {
        assert_eq!(payday::in_month(new, month), expected);
    }
    for (closed, expected) in [
        (date(2020, 10, 31), date(2020, 11, 25)),
        (date(2020, 11, 30), date(2020, 12, 25)),
        (date(2020, 12, 1), date(2021, 1, 25)),
        (date(2021, 1, 25), date(2021, 2, 15)),
    ] {
        assert_eq!(payday::payday(old, closed), expected);
    }
}

#[test]
fn deadlines_after_a_session() {
    let (old, new) = (pack("r2-2020"), now());
    let d = deadlines(old, date(2020, 11, 10));
    assert_eq!((d.report_due, d.follow_up_on, d.pay_within), (date(2020, 11, 17), date(2020, 11, 17), None));
    assert_eq!(deadlines(old, date(2021, 1, 31)).claim_due, date(2021, 2, 28));
    assert_eq!(deadlines(new, date(2026, 7, 1)).pay_within, Some(date(2026, 8, 29)));
}

fn sheet(counts: &[(Answer, usize)]) -> Vec<Option<Answer>> {
    let mut answers: Vec<_> = counts.iter().flat_map(|(a, n)| std::iter::repeat_n(Some(*a), *n)).collect();
    answers.resize(25, Some(Answer::No));
    answers
}

#[test]
fn diagnosis_scores_and_bands() {
    let diagnosis = &now().diagnosis;
    for (counts, total, band) in [
        (vec![(Done, 25)], 100, "100"),
        (vec![(Unknown, 25)], -25, "≤49"),
        (vec![(Done, 24), (Partial, 1)], 98, "70-99"),
        (vec![(Done, 17), (Partial, 1)], 70, "70-99"),
        (vec![(Done, 12), (Partial, 1)], 50, "50-69"),
        (vec![(Done, 12), (Partial, 1), (Unknown, 1)], 49, "≤49"),
    ] {
        let score = diagnosis.score(&sheet(&counts));
        assert_eq!((score.total, score.band.id.as_str(), score.answered), (total, band, 25));
    }
    let full = diagnosis.score(&sheet(&[(Done, 25)]));
    assert_eq!((full.parts, full.max_of_answered), (vec![20, 52, 28], 100));
    let mut answers = vec![None; 25];
    answers[0] = Some(Done);
    answers[8] = Some(NotApplicable);
    answers[9] = Some(Partial);
    answers[10] = Some(Unknown);
    let part = diagnosis.score(&answers);
    assert_eq!((part.total, part.max_of_answered, part.answered), (5, 12, 4));
    assert_eq!((part.unknown, part.not_applicable), (vec![11], vec![9]));
    let axes: Vec<_> =
        diagnosis.axes(&answers).into_iter().map(|(name, percent)| (name.ja.as_str(), percent)).collect();
    assert_eq!(axes[0], ("脆弱性", Some(100)));
    assert_eq!(axes[3], ("ネット", Some(50)));
    assert_eq!(axes[4], ("復旧", Some(0)));
    assert_eq!(axes[6], ("事務所", None));
    let mut lenient = diagnosis.clone();
    lenient.points.not_applicable_as_done = true;
    assert_eq!(lenient.score(&answers).total, 9);
}

#[test]
fn risk_and_priority() {
    use bansou_core::risk::Asset;
    let asset = |c, i, a, threat, vulnerability, personal| Asset {
        confidentiality: c,
        integrity: i,
        availability: a,
        threat,
        vulnerability,
        personal,
    };
    for (edition, known, expected, band) in [
        ("3.1", asset(1, 3, 3, 2, 2, false), (3, 1, 3), "小"),
        ("4.0", asset(1, 3, 3, 2, 3, false), (3, 2, 6), "大"),
        ("4.0", asset(3, 3, 3, 3, 3, false), (3, 3, 9), "大"),
        ("4.0", asset(2, 1, 1, 3, 2, false), (2, 2, 4), "中"),
        ("4.0", asset(1, 1, 1, 1, 1, true), (3, 1, 3), "小"),
        ("3", asset(0, 0, 0, 3, 3, false), (0, 3, 0), "小"),
        ("3", asset(0, 0, 0, 3, 3, true), (2, 3, 6), "大"),
    ] {
        let risk = calc::risk(edition, &known).unwrap();
        assert_eq!(((risk.importance, risk.likelihood, risk.value), risk.band.ja.as_str()), (expected, band));
    }
    let likelihood = |t, v| calc::risk("4.0", &asset(1, 1, 1, t, v, false)).unwrap().likelihood;
    let table: Vec<_> = [3, 2, 1].iter().flat_map(|t| [3, 2, 1].map(|v| likelihood(*t, v))).collect();
    assert_eq!(table, [3, 2, 1, 2, 1, 1, 1, 1, 1]);
    assert!(calc::risk("4.0", &asset(0, 1, 1, 1, 1, false)).is_err());
    assert!(calc::risk("2", &asset(1, 1, 1, 1, 1, false)).is_err());
    for (u, i, d, score) in [(3, 3, 1, 9), (1, 1, 3, 3), (3, 3, 3, 7), (2, 3, 2, 7)] {
        assert_eq!(calc::priority(now(), u, i, d), Ok(score));
    }
    assert!(calc::priority(now(), 0, 1, 1).is_err());
}

#[test]
fn eligibility_limits() {
    let table = &now().eligibility;
    let decide = |category, main_industry, capital, employees, sole_proprietor| {
        table.decide(&Firm { category, main_industry, capital, employees, sole_proprietor }).map(|d| d.eligible)
    };
    assert_eq!(decide(1, None, Some(300_000_000), 300, false), Ok(true));
    assert_eq!(decide(1, None, Some(300_000_001), 301, false), Ok(false));
    assert_eq!(decide(1, None, Some(300_000_001), 300, false), Ok(true));
    assert_eq!(decide(1, None, Some(300_000_000), 301, false), Ok(true));
    assert_eq!(decide(4, None, Some(1), 51, true), Ok(false));
    assert_eq!(decide(9, None, Some(1), 301, false), Ok(false));
    assert_eq!(decide(13, Some(5), None, 900, false), Ok(true));
    assert_eq!(decide(13, Some(2), None, 101, false), Ok(false));
    assert_eq!(decide(12, None, None, 1, false), Err(EligibilityError::MainIndustryNeeded));
    assert_eq!(decide(12, Some(14), None, 1, false), Err(EligibilityError::MainIndustryNeeded));
    assert_eq!(decide(16, None, None, 1, false), Err(EligibilityError::UnknownCategory(16)));
    let limits: Vec<_> =
        table.categories.iter().map(|c| (c.capital.unwrap_or(0) / 1_000_000, c.employees.unwrap_or(0))).collect();
    assert_eq!(
        limits,
        [
            (300, 300),
            (100, 100),
            (50, 100),
            (50, 50),
            (300, 900),
            (300, 300),
            (50, 200),
            (300, 300),
            (0, 300),
            (0, 300),
            (0, 100),
            (0, 0),
            (0, 0),
            (0, 0),
            (0, 0),
        ]
    );
}

#[test]
fn regions_follow_the_published_counts() {
    let pack = now();
    let matched = [
        7, 1, 5, 3, 0, 3, 4, 4, 0, 5, 15, 12, 100, 19, 8, 10, 4, 3, 3, 12, 2, 6, 21, 0, 1, 4, 39, 9, 5, 2, 1, 1, 31,
        11, 3, 6, 1, 6, 0, 6, 5, 1, 1, 2, 1, 5, 7,
    ];
    let inside = (1..).zip(matched).filter(|(code, _)| region::area(&pack.programme, *code).is_some());
    assert_eq!(inside.map(|(_, n)| n).sum::<i32>(), 226);
    assert_eq!(matched.iter().sum::<i32>(), 395);
    assert_eq!(pack.prefectures.name(33).unwrap().ja, "岡山県");
    assert_eq!(pack.prefectures.name(0), None);
}

#[test]
fn names_for_the_bank_file() {
    for (name, expected) in [
        ("ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("キャノン", "ｷﾔﾉﾝ"),
        ("やまだ はなこ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("ガクブチ", "ｶﾞｸﾌﾞﾁ"),
        ("ﾔﾏﾀﾞｰﾀﾛｳ", "ﾔﾏﾀﾞ-ﾀﾛｳ"),
        ("ヨーコ", "ﾖ-ｺ"),
        ("カ）エービーシー", "ｶ)ｴ-ﾋﾞ-ｼ-"),
        ("ＡＢＣ（カ", "ABC(ｶ"),
        ("abcxyz", "ABCXYZ"),
        ("あいうえおわゐゑんゔ", "ｱｲｳｴｵﾜｲｴﾝｳﾞ"),
        ("ぁぃぅぇぉっゃゅょゎゕゖ", "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ"),
        ("ハ゜ン", "ﾊﾟﾝ"),
        ("パ\u{309A}".trim_end_matches('\u{309A}'), "ﾊﾟ"),
        ("ハ\u{309A}", "ﾊﾟ"),
        ("ﾊﾟ", "ﾊﾟ"),
        ("ア・・イ", "ｱ ｲ"),
    ] {
        assert_eq!(normalise(name, FieldClass::Party).as_deref(), Ok(expected), "{name}");
    }
    assert_eq!(byte_len(&normalise("ヤマダ　タロウ", FieldClass::Party).unwrap()), 8);
    for (name, class, error) in [
        ("ワ゛", FieldClass::Party, KanaError::StrayMark('゛')),
        ("゜", FieldClass::Party, KanaError::StrayMark('゜')),
        ("東京", FieldClass::Party, KanaError::Character('東')),
        ("ヲ", FieldClass::Party, KanaError::Character('ヲ')),
        ("を", FieldClass::Party, KanaError::Character('を')),
        ("ア,イ", FieldClass::Party, KanaError::Character(',')),
        ("トウキョウ（ホンテン）", FieldClass::Bank, KanaError::Character('（')),
        ("　", FieldClass::Bank, KanaError::Empty),
    ] {
        assert_eq!(normalise(name, class), Err(error), "{name}");
    }
}

#[test]
fn yucho_accounts() {
    let transfer = |k, b| yucho(k, b).map(|t| format!("{}/{}/{}", t.branch, t.kind, t.account));
    assert_eq!(transfer("10530", "12345671").as_deref(), Ok("058/1/1234567"));
    assert_eq!(transfer("１０５３０", "12341").as_deref(), Ok("058/1/0001234"));
    for (kigo, bango) in [("01310", "57890"), ("01310-1", "57890"), ("01310", "1-57890")] {
        assert_eq!(transfer(kigo, bango).as_deref(), Ok("139/2/0057890"));
    }
    for (kigo, bango, error) in [
        ("20530", "12345671", YuchoError::Symbol),
        ("1053", "12345671", YuchoError::Symbol),
        ("10530", "12345672", YuchoError::Number),
        ("10530", "1", YuchoError::Number),
        ("10530", "123456781", YuchoError::Number),
        ("10530", "abc1", YuchoError::Number),
    ] {
        assert_eq!(yucho(kigo, bango), Err(error), "{kigo} {bango}");
    }
}

#[test]
fn check_digits() {
    for good in ["7123456789012", "4011001098993", "8700110005901", "７１２３４５６７８９０１２"] {
        assert!(corporate_number(good).valid, "{good}");
    }
    let bad = corporate_number("1234567890123");
    assert!(!bad.valid && bad.reason.en.contains('9'));
    assert!(!corporate_number("712345678901").valid);
    assert!(invoice_number("T7123456789012").valid && invoice_number("Ｔ1234567890123").valid);
    assert!(!invoice_number("7123456789012").valid && !invoice_number("T123").valid);
    for yes in ["123456789018", "番号は0234-5678-9013です", "983205673214", "1234 5678 9000"] {
        assert!(may_hold_personal_number(yes), "{yes}");
    }
    for no in ["123456789012", "1234567890180", "12345678901", "1234--56789018", ""] {
        assert!(!may_hold_personal_number(no), "{no}");
    }
}

#[test]
fn eras() {
    let eras = &now().calendar.eras;
    for (day, text, short) in [
        (date(2026, 11, 22), "令和8年11月22日", "R08.11.22"),
        (date(2019, 5, 1), "令和元年5月1日", "R01.05.01"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.04.30"),
        (date(1989, 1, 8), "平成元年1月8日", "H01.01.08"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.01.07"),
        (date(1926, 12, 25), "昭和元年12月25日", "S01.12.25"),
        (date(1912, 7, 30), "大正元年7月30日", "T01.07.30"),
        (date(1912, 7, 29), "明治45年7月29日", "M45.07.29"),
    ] {
        assert_eq!(wareki::long(eras, day).as_deref(), Some(text));
        assert_eq!(wareki::short(eras, day).as_deref(), Some(short));
    }
    assert_eq!(wareki::long(eras, date(1868, 1, 24)), None);
}

#[test]
fn yen_are_grouped() {
    for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
        assert_eq!(format_yen(n), text);
    }
    assert_eq!(tax_inside(45_000, 10), 4_090);
}

proptest! {
    #[test]
    fn withholding_is_exact_and_monotonic(base in 0_u64..3_000_000) {
        let rule = &now().programme.withholding;
        let tax = |n| withhold(rule, n, DAY).unwrap().withheld;
        let exact = if base <= 1_000_000 { base * 1021 / 10_000 } else { (base - 1_000_000) * 2042 / 10_000 + 102_100 };
        prop_assert_eq!(tax(base), exact);
        prop_assert!(tax(base) <= tax(base + 1) && tax(base) <= base);
    }

    #[test]
    fn a_business_day_is_the_nearest_one(offset in 0_i32..10_000, forward: bool, bank: bool) {
        let calendar = &now().calendar;
        let day = date(2007, 1, 1).saturating_add(jiff::Span::new().days(offset));
        let kind = if bank { CalendarKind::Bank } else { CalendarKind::Government };
        let found = calendar.business_day(day, kind, if forward { Move::Next } else { Move::Previous });
        prop_assert!(calendar.is_business_day(found, kind));
        let mut between = day;
        while between != found {
            prop_assert!(!calendar.is_business_day(between, kind));
            between = if forward { between.tomorrow().unwrap() } else { between.yesterday().unwrap() };
        }
    }

    #[test]
    fn a_service_is_paid_within_the_lawful_days(offset in 0_i32..2_000) {
        let pack = now();
        let held = date(2026, 4, 1).saturating_add(jiff::Span::new().days(offset));
        let paid = payday::payday(pack, held);
        prop_assert!(paid > held && Some(paid) <= deadlines(pack, held).pay_within);
    }

    #[test]
    fn a_normalised_name_stays_as_it_is(name in "[ァ-ワガ-ポA-Za-zー（）・ ]{1,20}") {
        if let Ok(once) = normalise(&name, FieldClass::Party) {
            prop_assert_eq!(normalise(&once, FieldClass::Party), Ok(once.clone()));
        }
    }
}

fn line(theme: &str, score: (u8, u8, u8), due: Option<Date>, question: Option<u8>) -> PlanLine {
    PlanLine {
        id: Id([0; 16]),
        theme: theme.into(),
        issue: String::new(),
        basis: String::new(),
        question,
        action: String::new(),
        owner: "総務部長".into(),
        support: String::new(),
        urgency: score.0,
        importance: score.1,
        difficulty: score.2,
        start: None,
        due,
        cost: String::new(),
        done_when: "一覧".into(),
        status: LineStatus::Open,
        moved: None,
    }
}

#[test]
fn plan_lines_are_ordered_by_score_due_and_answer() {
    let pack = now();
    let mut answers = vec![None; 25];
    answers[2] = Some(Partial);
    answers[3] = Some(Unknown);
    let (early, late) = (Some(date(2026, 12, 31)), Some(date(2027, 3, 31)));
    let mut lines = vec![
        line("people", (2, 3, 2), None, None),
        line("people", (2, 3, 2), late, Some(3)),
        line("people", (2, 3, 2), late, Some(4)),
        line("people", (3, 3, 3), early, None),
        line("people", (3, 3, 1), late, None),
    ];
    pack.plan.order(&mut lines, &pack.diagnosis, &answers);
    let order: Vec<_> = lines.iter().map(|l| (l.urgency, l.due, l.question)).collect();
    assert_eq!(order, [(3, late, None), (3, early, None), (2, late, Some(4)), (2, late, Some(3)), (2, None, None)]);
}

#[test]
fn a_sheet_suggests_candidates() {
    let pack = now();
    let mut answers = vec![Some(Done); 25];
    answers[4] = Some(Partial);
    answers[10] = Some(Answer::No);
    answers[20] = Some(Unknown);
    answers[8] = Some(NotApplicable);
    answers[0] = None;
    let found = pack.plan.candidates(&pack.diagnosis, &answers);
    let numbers: Vec<_> = found.iter().map(|c| c.question).collect();
    assert_eq!(numbers, [21, 11, 5]);
    assert_eq!((found[1].basis.as_str(), found[1].urgency, found[2].urgency), ("診断No.11", 3, 2));
    assert!(found[0].theme == "work-style" && found[1].issue.contains("業務停止"));
}

#[test]
fn a_draft_plan_is_checked() {
    let plan = &now().plan;
    let starts = date(2026, 11, 1);
    let mut lines =
        vec![line("people", (1, 1, 1), Some(date(2027, 11, 1)), None), line("rules", (1, 1, 1), None, None)];
    lines[1].owner = " ".into();
    lines[1].done_when.clear();
    assert_eq!(
        plan.lint(&lines, starts),
        [
            PlanFinding::ThemeMissing("work-style".into()),
            PlanFinding::DueOutsideYear(1),
            PlanFinding::OwnerMissing(2),
            PlanFinding::DoneWhenMissing(2),
            PlanFinding::DueMissing(2),
        ]
    );
    assert_eq!(plan.lint(&[line("work-style", (1, 1, 1), Some(date(2027, 10, 31)), None)], starts), []);
}

#[test]
fn the_policy_is_filled_once_and_shows_its_blanks() {
    let text = &now().policy;
    let mut fields = BTreeMap::from([("company".to_owned(), "{enacted}商店".to_owned())]);
    let own = BTreeMap::from([(2, "{company}の決まりを守ります。".to_owned())]);
    let policy = text.fill(&fields, &own);
    assert!(policy.preamble.starts_with("{enacted}商店は、お客様から"));
    assert_eq!((policy.articles.len(), policy.articles[1].as_str()), (5, "{enacted}商店の決まりを守ります。"));
    assert_eq!(policy.closing, ["制定 {enacted}", "{enacted}商店", "{representative_title} {representative}"]);
    let missing: Vec<_> = text.missing(&fields).iter().map(|f| f.id.as_str()).collect();
    assert_eq!(missing, ["enacted", "representative_title", "representative"]);
    for id in missing {
        fields.insert(id.to_owned(), "値".to_owned());
    }
    assert!(text.missing(&fields).is_empty());
}

#[test]
fn regulations_follow_the_worst_answer() {
    let regulations = &pack("r2-2020").regulations;
    let mut answers = vec![None; 25];
    answers[0] = Some(Done);
    answers[1] = Some(Partial);
    answers[2] = Some(Done);
    answers[17] = Some(Unknown);
    let found = regulations.suggest(&answers);
    for (section, status) in [
        ("6.1", SectionStatus::Partial),
        ("4.5", SectionStatus::Ready),
        ("3.3", SectionStatus::Missing),
        ("1.2", SectionStatus::Missing),
        ("8.1", SectionStatus::OutOfScope),
    ] {
        assert_eq!(found[section], status, "{section}");
    }
    assert_eq!(regulations.chapters.len(), 11);
    assert_eq!(now().regulations.chapters[10].name.ja, "テレワークにおける対策");
}

#[test]
fn a_final_report_knows_what_is_missing() {
    let report = &now().final_report;
    let mut answers = BTreeMap::new();
    assert_eq!(report.missing(&answers).len(), 14);
    answers.insert("2-1".to_owned(), "2".to_owned());
    answers.insert("3-4".to_owned(), "4".to_owned());
    let missing: Vec<_> = report.missing(&answers).iter().map(|i| i.id.as_str()).collect();
    assert!(missing.contains(&"2-2") && missing.contains(&"3-4") && !missing.contains(&"2-3"));
    answers.insert("3-4".to_owned(), "1".to_owned());
    answers.insert("3-5".to_owned(), "1,3".to_owned());
    assert!(!report.missing(&answers).iter().any(|i| i.id.starts_with("3-4") || i.id == "3-5"));
}
