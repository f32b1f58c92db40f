//! `bansou calc`: the rules of a programme applied to numbers on the command line; needs no home and no key.

use std::io::Write;
use std::path::PathBuf;

use bansou_core::calendar::{CalendarKind, Move};
use bansou_core::eligibility::{EligibilityError, Firm};
use bansou_core::ids::{self, Verdict};
use bansou_core::kana::{self, FieldClass};
use bansou_core::money::format_yen;
use bansou_core::programme::{Lang, Pack, Text, builtin, for_day};
use bansou_core::record::v1::PatternCode;
use bansou_core::risk::Asset;
use bansou_core::{calc, text};
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::typed::Day;

/// Which programme's rules apply: by name, else by day, else the present one.
#[derive(Args, Clone, Debug)]
pub struct Rules {
    /// Programme id, such as current-2026
    #[arg(long, value_name = "ID")]
    pub programme: Option<String>,
    /// Day whose programme and rates apply
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Day>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PatternArg {
    #[value(name = "A", alias = "a")]
    A,
    #[value(name = "B", alias = "b")]
    B,
    #[value(name = "C", alias = "c")]
    C,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CalendarArg {
    Bank,
    Government,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MoveArg {
    Previous,
    Next,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FieldArg {
    Party,
    Bank,
}

/// A question about the rules.
#[derive(Clone, Debug, Subcommand)]
pub enum Calc {
    /// Whether a firm counts as small (表1)
    Eligibility {
        #[arg(long, value_name = "1..15")]
        category: u8,
        #[arg(long, value_name = "1..8")]
        main_industry: Option<u8>,
        /// Yen
        #[arg(long, value_name = "YEN")]
        capital: Option<u64>,
        #[arg(long, value_name = "N")]
        employees: u32,
        /// Judged by employees alone
        #[arg(long)]
        sole_proprietor: bool,
        #[command(flatten)]
        rules: Rules,
    },
    /// Score of a self-diagnosis
    Diagnosis {
        /// JSON array of 25: 4, 2, 0, -1, or null for 該当なし
        #[arg(long, value_name = "FILE")]
        answers: PathBuf,
        #[command(flatten)]
        rules: Rules,
    },
    /// Risk of an information asset
    Risk {
        /// Guideline edition: 3, 3.1 or 4.0
        #[arg(long)]
        edition: String,
        #[arg(long)]
        c: u8,
        #[arg(long)]
        i: u8,
        #[arg(long)]
        a: u8,
        #[arg(long)]
        threat: u8,
        #[arg(long)]
        vulnerability: u8,
        /// Holds personal data
        #[arg(long)]
        personal: bool,
    },
    /// Priority score of a plan line
    Priority {
        #[arg(long)]
        urgency: u8,
        #[arg(long)]
        importance: u8,
        #[arg(long)]
        difficulty: u8,
        #[command(flatten)]
        rules: Rules,
    },
    /// Fee of sessions paid together
    Fee {
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        sessions: u32,
        #[arg(long)]
        pattern: PatternArg,
        /// The claim states the consumption tax apart
        #[arg(long)]
        tax_separated: bool,
        #[command(flatten)]
        rules: Rules,
    },
    /// Tax withheld from one payment
    Withholding {
        #[arg(value_name = "YEN", value_parser = clap::value_parser!(u64).range(..=1_000_000_000_000))]
        yen: u64,
        /// Day of payment
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<Day>,
        #[command(flatten)]
        rules: Rules,
    },
    /// Pay day of a month, or of a session
    Payday {
        #[arg(long, value_name = "YYYY-MM", value_parser = month, required_unless_present = "service_date")]
        month: Option<Date>,
        #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "month")]
        service_date: Option<Day>,
        #[command(flatten)]
        rules: Rules,
    },
    /// A day, moved to a business day
    BusinessDay {
        day: Day,
        #[arg(long)]
        calendar: CalendarArg,
        #[arg(long = "move")]
        direction: MoveArg,
        #[command(flatten)]
        rules: Rules,
    },
    /// What is due after a session
    Deadline {
        #[arg(long, value_name = "YYYY-MM-DD")]
        held: Day,
        #[command(flatten)]
        rules: Rules,
    },
    /// A name as a bank file writes it
    Kana {
        text: String,
        #[arg(long)]
        field: FieldArg,
    },
    /// A Yucho account as other banks address it
    Yucho { kigo: String, bango: String },
    /// Check a corporate number
    CorporateNumber { number: String },
    /// Check an invoice issuer's number
    InvoiceNumber { number: String },
    /// A date in its era
    Wareki {
        day: Day,
        #[command(flatten)]
        rules: Rules,
    },
}

/// Why there is no answer; `exit` is the exit code and the text is the sentence for the user.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    pub exit: u8,
    pub message: String,
}

/// An answer: its JSON object and its readable lines.
struct Answer(Value, String);

/// Answers `cmd` on `out`: a JSON document or one or two lines. `Ok` holds the exit code.
pub fn run(cmd: Calc, json: bool, lang: Lang, out: &mut dyn Write) -> Result<u8, Refused> {
    let Answer(mut value, lines) = answer(cmd, lang)?;
    value["schema"] = json!(1);
    let written = if json { writeln!(out, "{value}") } else { writeln!(out, "{lines}") };
    written.map(|()| 0).map_err(|error| Refused { exit: 1, message: error.to_string() })
}

fn answer(cmd: Calc, lang: Lang) -> Result<Answer, Refused> {
    match cmd {
        Calc::Eligibility { category, main_industry, capital, employees, sole_proprietor, rules } => eligibility(
            &rules.pack(lang)?,
            &Firm { category, main_industry, capital, employees, sole_proprietor },
            lang,
        ),
        Calc::Diagnosis { answers, rules } => diagnosis(&rules.pack(lang)?, &answers, lang),
        Calc::Risk { edition, c, i, a, threat, vulnerability, personal } => {
            let asset = Asset { confidentiality: c, integrity: i, availability: a, threat, vulnerability, personal };
            risk(&edition, &asset, lang)
        }
        Calc::Priority { urgency, importance, difficulty, rules } => {
            let score = refuse(calc::priority(&rules.pack(lang)?, urgency, importance, difficulty), lang)?;
            Ok(Answer(json!({ "score": score }), score.to_string()))
        }
        Calc::Fee { sessions, pattern, tax_separated, rules } => fee(&rules, sessions, pattern, tax_separated, lang),
        Calc::Withholding { yen, on, rules } => {
            let pack = rules.pack(lang)?;
            let on = on.or(rules.today).map_or(pack.programme.starts, |day| day.0);
            let found = refuse(calc::withholding(&pack, yen, on), lang)?;
            let label = found.label.get(lang);
            let line = format!("{label}: {}", format_yen(found.withheld));
            Ok(Answer(json!({ "withheld": found.withheld, "label": label }), line))
        }
        Calc::Payday { month, service_date, rules } => {
            let pack = rules.pack(lang)?;
            let of_month = month.map(|m| calc::payday_in_month(&pack, m));
            let day = of_month.or(service_date.map(|d| calc::payday_for_service(&pack, d.0)));
            let day = day.ok_or_else(|| {
                refused(2, "--month か --service-date が必要です。", "give --month or --service-date", lang)
            })?;
            Ok(Answer(json!({ "payday": day.to_string() }), day.to_string()))
        }
        Calc::BusinessDay { day: Day(day), calendar, direction, rules } => {
            Ok(business_day(&rules.pack(lang)?, day, calendar, direction, lang))
        }
        Calc::Deadline { held: Day(held), rules } => Ok(deadline(&rules.pack(lang)?, held, lang)),
        Calc::Kana { text, field } => {
            let class = match field {
                FieldArg::Party => FieldClass::Party,
                FieldArg::Bank => FieldClass::Bank,
            };
            let found = kana::normalise(&text, class).map_err(|e| by_rule(&e.text(), lang))?;
            let bytes = kana::byte_len(&found);
            Ok(Answer(json!({ "kana": found, "bytes": bytes }), format!("{found} ({bytes})")))
        }
        Calc::Yucho { kigo, bango } => {
            let found = kana::yucho(&kigo, &bango).map_err(|e| by_rule(&e.text(), lang))?;
            let line = format!("{} {} {}", found.branch, found.kind, found.account);
            Ok(Answer(json!({ "branch": found.branch, "kind": found.kind, "account": found.account }), line))
        }
        Calc::CorporateNumber { number } => Ok(verdict(&ids::corporate_number(&number), lang)),
        Calc::InvoiceNumber { number } => Ok(verdict(&ids::invoice_number(&number), lang)),
        Calc::Wareki { day: Day(day), rules } => {
            let found = refuse(calc::era(&rules.pack(lang)?, day), lang)?;
            let line = format!("{} ({})", found.text, found.short);
            Ok(Answer(json!({ "text": found.text, "short": found.short }), line))
        }
    }
}

fn eligibility(pack: &Pack, firm: &Firm, lang: Lang) -> Result<Answer, Refused> {
    let found = pack
        .eligibility
        .decide(firm)
        .map_err(|error: EligibilityError| Refused { exit: 2, message: error.text().get(lang).to_owned() })?;
    let reason = found.reason.get(lang);
    let mark = match (found.eligible, lang) {
        (true, Lang::Ja) => "対象です",
        (false, Lang::Ja) => "対象外です",
        (true, Lang::En) => "eligible",
        (false, Lang::En) => "not eligible",
    };
    let line = format!("{mark} ({})\n{reason}", found.clause);
    Ok(Answer(json!({ "eligible": found.eligible, "clause": found.clause, "reason": reason }), line))
}

fn diagnosis(pack: &Pack, file: &PathBuf, lang: Lang) -> Result<Answer, Refused> {
    let unreadable = |_| {
        refused(
            5,
            "回答のファイルを読めません。場所を確かめてください。",
            "the answers file cannot be read; check its path",
            lang,
        )
    };
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let points: Vec<Option<i64>> = serde_json::from_slice(&bytes).map_err(|_| {
        refused(
            2,
            "回答は4・2・0・-1・nullのJSON配列で書いてください。",
            "answers must be a JSON array of 4, 2, 0, -1 or null",
            lang,
        )
    })?;
    let score = refuse(calc::diagnosis(pack, &points), lang)?;
    let line = format!("{} ({})\n{}", score.total, score.band.id, score.band.meaning.get(lang));
    let value = json!({ "score": score.total, "parts": score.parts, "band": score.band.id, "unknown": score.unknown });
    Ok(Answer(value, line))
}

fn risk(edition: &str, asset: &Asset, lang: Lang) -> Result<Answer, Refused> {
    let found = refuse(calc::risk(edition, asset), lang)?;
    let band = found.band.get(lang);
    let value = json!({
        "importance": found.importance, "likelihood": found.likelihood, "risk": found.value, "band": band,
    });
    Ok(Answer(value, format!("{} = {} × {} ({band})", found.value, found.importance, found.likelihood)))
}

fn fee(rules: &Rules, sessions: u32, pattern: PatternArg, separated: bool, lang: Lang) -> Result<Answer, Refused> {
    let pack = rules.pack(lang)?;
    let pattern = match pattern {
        PatternArg::A => PatternCode::A,
        PatternArg::B => PatternCode::B,
        PatternArg::C => PatternCode::C,
    };
    let on = rules.today.map_or(pack.programme.starts, |day| day.0);
    let found = refuse(calc::fee(&pack, sessions, pattern, separated, on), lang)?;
    let [gross, tax, withheld, net] = [found.gross, found.tax, found.withheld, found.net].map(format_yen);
    let line = match lang {
        Lang::Ja => format!("請求 {gross}円（うち消費税 {tax}円）\n源泉徴収 {withheld}円、差引 {net}円"),
        Lang::En => format!("claim {gross} yen (consumption tax {tax})\nwithheld {withheld}, paid {net}"),
    };
    let value = json!({ "gross": found.gross, "withheld": found.withheld, "net": found.net, "tax": found.tax });
    Ok(Answer(value, line))
}

fn business_day(pack: &Pack, day: Date, calendar: CalendarArg, direction: MoveArg, lang: Lang) -> Answer {
    let kind = match calendar {
        CalendarArg::Bank => CalendarKind::Bank,
        CalendarArg::Government => CalendarKind::Government,
    };
    let direction = match direction {
        MoveArg::Previous => Move::Previous,
        MoveArg::Next => Move::Next,
    };
    let found = calc::business_day(pack, day, kind, direction);
    let holiday = found.holiday.as_ref().map(|name| name.get(lang));
    let mut line = found.date.to_string();
    if let Some(name) = holiday {
        line += &format!(" ({day}: {name})");
    }
    if found.estimated {
        line += if lang == Lang::Ja { " 推定" } else { " estimated" };
    }
    Answer(json!({ "date": found.date.to_string(), "holiday": holiday, "estimated": found.estimated }), line)
}

fn deadline(pack: &Pack, held: Date, lang: Lang) -> Answer {
    let found = calc::deadlines(pack, held);
    let within = found.pay_within.map(|day| day.to_string());
    let line = match lang {
        Lang::Ja => format!(
            "報告 {}、請求 {}、督促 {}\n60日以内の支払 {}",
            found.report_due,
            found.claim_due,
            found.follow_up_on,
            within.as_deref().unwrap_or("（規則なし）")
        ),
        Lang::En => format!(
            "report {}, claim {}, follow-up {}\npay within 60 days: {}",
            found.report_due,
            found.claim_due,
            found.follow_up_on,
            within.as_deref().unwrap_or("(no such rule)")
        ),
    };
    let value = json!({
        "report_due": found.report_due.to_string(),
        "claim_due": found.claim_due.to_string(),
        "follow_up_on": found.follow_up_on.to_string(),
        "pay_within_60_days": within,
    });
    Answer(value, line)
}

fn verdict(found: &Verdict, lang: Lang) -> Answer {
    let reason = found.reason.get(lang);
    Answer(json!({ "valid": found.valid, "reason": reason }), reason.to_owned())
}

impl Rules {
    fn pack(&self, lang: Lang) -> Result<Pack, Refused> {
        let packs = builtin();
        let found = match (&self.programme, self.today) {
            (Some(id), _) => packs.iter().find(|p| p.programme.id == *id),
            (None, Some(day)) => for_day(&packs, day.0),
            (None, None) => packs.iter().max_by_key(|p| p.programme.ends),
        };
        found.cloned().ok_or_else(|| {
            refused(
                5,
                "その年度の規則はありません。idを確かめてください。",
                "there is no such programme; check the id",
                lang,
            )
        })
    }
}

fn month(text: &str) -> Result<Date, String> {
    format!("{text}-01").parse().map_err(|_| "expected a month such as 2026-10".to_owned())
}

fn refuse<T>(answer: Result<T, calc::CalcError>, lang: Lang) -> Result<T, Refused> {
    answer.map_err(|error| by_rule(&error.text(), lang))
}

fn by_rule(text: &Text, lang: Lang) -> Refused {
    Refused { exit: 8, message: text.get(lang).to_owned() }
}

fn refused(exit: u8, ja: &str, en: &str, lang: Lang) -> Refused {
    let sentence = text::Text { ja: ja.to_owned(), en: en.to_owned() };
    Refused { exit, message: sentence.get(lang).to_owned() }
}

#[cfg(test)]
mod tests;
