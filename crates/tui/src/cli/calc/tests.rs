//! Every `bansou calc` command answers with its fixed keys, and refuses with its exit code.
#![allow(clippy::unwrap_used, clippy::panic)]
use clap::Parser;

use super::*;

#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    calc: Calc,
}

fn ask(line: &str) -> Result<Value, u8> {
    let args = std::iter::once("calc").chain(line.split(' '));
    let program = Program::try_parse_from(args).map_err(|_| 2)?;
    let mut out = Vec::new();
    run(program.calc, true, Lang::Ja, &mut out).map_err(|refused| refused.exit)?;
    Ok(serde_json::from_slice(&out).unwrap())
}

#[test]
fn every_command_answers_with_its_keys() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), serde_json::to_vec(&vec![-1; 25]).unwrap()).unwrap();
    let diagnosis = format!("diagnosis --answers {}", file.path().display());
    for (line, expected) in [
        (
            "eligibility --category 1 --capital 300000000 --employees 301",
            json!({ "eligible": true, "clause": "表1 区分1",
                "reason": "従業員301人は上限300人超、資本金300,000,000円は上限300,000,000円以下" }),
        ),
        (
            &diagnosis,
            json!({ "score": -25, "parts": [-5, -13, -7], "band": "≤49", "unknown": (1..=25).collect::<Vec<u8>>() }),
        ),
        (
            "risk --edition 3.1 --c 1 --i 3 --a 3 --threat 2 --vulnerability 3",
            json!({ "importance": 3, "likelihood": 2, "risk": 6, "band": "大" }),
        ),
        ("priority --urgency 3 --importance 3 --difficulty 3", json!({ "score": 7 })),
        ("fee --sessions 2 --pattern A", json!({ "gross": 90000, "withheld": 9189, "net": 80811, "tax": 8181 })),
        ("withholding 1000001 --on 2026-11-22", json!({ "withheld": 102100, "label": "所得税及び復興特別所得税" })),
        ("payday --month 2026-10", json!({ "payday": "2026-10-23" })),
        ("payday --service-date 2026-07-01", json!({ "payday": "2026-08-25" })),
        (
            "business-day 2026-01-01 --calendar bank --move next",
            json!({ "date": "2026-01-05", "holiday": "元日", "estimated": false }),
        ),
        (
            "deadline --held 2026-07-31",
            json!({ "report_due": "2026-08-07", "claim_due": "2026-08-31", "follow_up_on": "2026-08-07", "pay_within_60_days": "2026-09-28" }),
        ),
        ("kana カ）エービーシー --field party", json!({ "kana": "ｶ)ｴ-ﾋﾞ-ｼ-", "bytes": 9 })),
        ("yucho 10530 12345671", json!({ "branch": "058", "kind": 1, "account": "1234567" })),
        ("wareki 2019-05-01", json!({ "text": "令和元年5月1日", "short": "R01.05.01" })),
    ] {
        let mut expected = expected;
        expected["schema"] = json!(1);
        assert_eq!(ask(line), Ok(expected), "{line}");
    }
    assert_eq!(ask("corporate-number 1234567890123").unwrap()["valid"], json!(false));
    assert_eq!(ask("invoice-number T8700110005901").unwrap()["valid"], json!(true));
}

#[test]
fn refusals_have_their_exit_codes() {
    for (line, exit) in [
        ("eligibility --category 16 --capital 1 --employees 1", 2),
        ("eligibility --category 12 --employees 1", 2),
        ("risk --edition 3 --c 3 --i 0 --a 0 --threat 1 --vulnerability 1", 8),
        ("priority --urgency 4 --importance 1 --difficulty 1", 8),
        ("fee --sessions 0 --pattern A", 2),
        ("withholding 1 --on 1999-01-01", 8),
        ("kana 東京 --field party", 8),
        ("yucho 20530 12345671", 8),
        ("payday", 2),
        ("wareki 1800-01-01", 8),
        ("diagnosis --answers /nonexistent", 5),
        ("priority --urgency 1 --importance 1 --difficulty 1 --programme none", 5),
    ] {
        assert_eq!(ask(line), Err(exit), "{line}");
    }
}

#[test]
fn another_programme_has_its_own_days() {
    let last = ask("payday --month 2021-02 --programme r2-2020").unwrap();
    assert_eq!(last["payday"], json!("2021-02-15"));
    assert_eq!(ask("payday --month 2020-07 --today 2020-10-01").unwrap()["payday"], json!("2020-07-22"));
    assert_eq!(ask("deadline --held 2020-11-10 --today 2020-11-10").unwrap()["pay_within_60_days"], Value::Null);
}
