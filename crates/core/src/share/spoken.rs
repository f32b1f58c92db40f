//! Keys and values of a share in words, in both languages, for lists and for notes.

use super::fields::{Fields, is_whole, said, stem};
use super::merge::Row;
use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{AnswerCode, Id, LineStatus, SharePart};
use crate::text::Lang;

/// The name of a part.
pub fn part(part: SharePart, lang: Lang) -> &'static str {
    let (ja, en) = match part {
        SharePart::Overview => ("概要", "overview"),
        SharePart::Checklist => ("チェックリスト", "checklist"),
        SharePart::Diagnosis => ("診断", "diagnosis"),
        SharePart::Policy => ("基本方針", "policy"),
        SharePart::Regulations => ("関連規程", "regulations"),
        SharePart::Plan => ("計画", "plan"),
        SharePart::Notes => ("メモ(出してよいもの)", "notes that may leave"),
    };
    pick(lang, ja, en)
}

fn pick(lang: Lang, ja: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::Ja { ja } else { en }
}

/// What a row is about, such as `問3 ウイルス対策`.
/// `title` tells which line of the plan it is.
pub fn label(pack: &Pack, name: &str, title: &str, lang: Lang) -> String {
    let words: Vec<&str> = name.split('/').collect();
    let question = |n: &str| {
        let found = n.parse().ok().and_then(|n| pack.diagnosis.question(n));
        let short = found.map_or("", |q| q.short.get(lang));
        if lang == Lang::Ja { format!("問{n} {short}") } else { format!("Q{n} {short}") }
    };
    match words[..] {
        ["engagement", _] => pick(lang, "経営者の期待", "expectations").to_owned(),
        ["session", n, _, item] => {
            let text = pack.curriculum.item(item).map_or_else(|| item.to_owned(), |i| i.text().get(lang).to_owned());
            if lang == Lang::Ja { format!("第{n}回 {text}") } else { format!("session {n}: {text}") }
        }
        ["answer", n] => question(n),
        ["evidence", n] => format!("{} {}", question(n), pick(lang, "根拠", "evidence")),
        ["policy", "article", n] => {
            if lang == Lang::Ja {
                format!("基本方針 {n}条")
            } else {
                format!("policy, article {n}")
            }
        }
        ["policy", _, field] => {
            let found = pack.policy.fields.iter().find(|f| f.id == field);
            format!("{} {}", pick(lang, "基本方針", "policy:"), found.map_or(field, |f| f.name.get(lang)))
        }
        ["section", number, ref rest @ ..] => {
            let found = pack.regulations.sections().find(|s| s.number == number);
            let name = found.map_or("", |s| pick_owned(lang, &s.ja, &s.en));
            joined(&format!("{number} {name}"), rest, lang)
        }
        ["line", _, ref rest @ ..] => {
            let head = pick(lang, "計画", "plan");
            let title = if title.is_empty() { String::new() } else { format!("「{title}」") };
            joined(&format!("{head}{title}"), rest, lang)
        }
        ["note", ..] => pick(lang, "メモ", "note").to_owned(),
        _ => name.to_owned(),
    }
}

/// The line of the plan that a row is about, by what is to be done; empty for any other row.
pub fn title<'a>(books: &'a Books, engagement: Id, row: &'a Row) -> &'a str {
    let Some(id) = row.name.strip_prefix("line/").and_then(|rest| rest.split('/').next()) else { return "" };
    let line = books.plan_of(engagement).and_then(|p| p.lines.iter().find(|l| l.id.to_string() == id));
    let key = format!("line/{id}/action");
    line.map(|l| l.action.as_str()).or(row.base.get(&key).or(row.theirs.get(&key)).map(String::as_str)).unwrap_or("")
}

fn pick_owned<'a>(lang: Lang, ja: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::Ja { ja } else { en }
}

fn joined(head: &str, rest: &[&str], lang: Lang) -> String {
    let Some(field) = rest.first() else { return head.to_owned() };
    let (ja, en) = match *field {
        "theme" => ("分野", "theme"),
        "issue" => ("課題", "issue"),
        "basis" => ("根拠", "basis"),
        "question" => ("設問", "question"),
        "action" => ("対策", "action"),
        "owner" => ("担当", "owner"),
        "support" => ("支援", "support"),
        "urgency" => ("緊急度", "urgency"),
        "importance" => ("重要度", "importance"),
        "difficulty" => ("難易度", "difficulty"),
        "start" => ("開始", "start"),
        "due" => ("期限", "due"),
        "cost" => ("費用", "cost"),
        "done-when" => ("完了の条件", "done when"),
        "status" => ("状態", "state"),
        "moved" => ("手で決めた順位", "place by hand"),
        "document" => ("現在の文書", "document"),
        "finding" => ("所見", "finding"),
        _ => ("対応案", "response"),
    };
    format!("{head} {}", pick(lang, ja, en))
}

/// What one side of a row says; empty where it has nothing.
pub fn value(pack: &Pack, row: &Row, side: &Fields, lang: Lang) -> String {
    if is_whole(&row.name) {
        return told(pack, &row.name, side, lang);
    }
    side.iter().next().map_or_else(String::new, |(key, value)| word(pack, key, value, lang))
}

/// A whole line, section or note in one text.
fn told(pack: &Pack, name: &str, side: &Fields, lang: Lang) -> String {
    let get = |field: &str| side.get(&format!("{name}/{field}")).map_or("", String::as_str);
    if !side.contains_key(&stem(name)) {
        return String::new();
    }
    match name.split('/').next() {
        Some("line") => get("action").to_owned(),
        Some("section") => {
            let status = status(pack, name, get("status"), lang);
            [status.as_str(), get("document"), get("finding"), get("response")]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" / ")
        }
        _ => get("text").to_owned(),
    }
}

fn status(pack: &Pack, key: &str, value: &str, lang: Lang) -> String {
    said(key, value).map_or_else(|_| value.to_owned(), |s| pack.regulations.status(s).name.get(lang).to_owned())
}

/// A single value in words.
fn word(pack: &Pack, key: &str, value: &str, lang: Lang) -> String {
    let words: Vec<&str> = key.split('/').collect();
    match words[..] {
        ["answer", _] => said(key, value).map_or_else(|_| value.to_owned(), |a| answer(a, lang).to_owned()),
        ["section", _, "status"] => status(pack, key, value, lang),
        ["line", _, "status"] => said(key, value).map_or_else(|_| value.to_owned(), |s| line(s, lang).to_owned()),
        ["line", _, "theme"] => pack.plan.theme(value).map_or(value, |t| t.name.get(lang)).to_owned(),
        ["session", _, "check", _] => {
            let (state, reason) = value.split_once(' ').unwrap_or((value, ""));
            let skipped = state.starts_with("skipped");
            let state = if skipped { pick(lang, "省略", "skipped") } else { pick(lang, "済", "done") };
            if reason.is_empty() { state.to_owned() } else { format!("{state} {reason}") }
        }
        _ => value.to_owned(),
    }
}

fn answer(answer: AnswerCode, lang: Lang) -> &'static str {
    let (ja, en) = match answer {
        AnswerCode::Done => ("実施", "done"),
        AnswerCode::Partial => ("一部", "partly"),
        AnswerCode::No => ("なし", "not done"),
        AnswerCode::Unknown => ("わからない", "unknown"),
        AnswerCode::NotApplicable => ("該当なし", "not applicable"),
    };
    pick(lang, ja, en)
}

fn line(status: LineStatus, lang: Lang) -> &'static str {
    let (ja, en) = match status {
        LineStatus::Open => ("未着手", "open"),
        LineStatus::Started => ("着手", "started"),
        LineStatus::Done => ("完了", "done"),
        LineStatus::OnHold => ("保留", "on hold"),
    };
    pick(lang, ja, en)
}
