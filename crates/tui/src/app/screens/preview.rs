//! A document as text: the data sheet that the layout is given, line by line.

use bansou_core::document::{self, Request};
use bansou_core::money::format_yen;
use bansou_core::record::v1::Id;
use bansou_core::refusal::Refusal;
use serde_json::{Map, Value};

use super::deliverables;
use crate::app::model::Model;
use crate::words::Words;

/// The fields in reading order, with their names; a field without one is shown by its value alone.
const FIELDS: &[(&str, &str)] = &[
    ("case_number", "paper.case_no"),
    ("company", "paper.company"),
    ("issued_on", "paper.issued_on"),
    ("recipient", "paper.recipient"),
    ("expert_name", "paper.expert"),
    ("claimant", "paper.claimant"),
    ("invoice_number", "paper.invoice"),
    ("registration_number", "paper.invoice"),
    ("session", "paper.session"),
    ("held_on", "paper.held_on"),
    ("started", "paper.started"),
    ("ended", "paper.ended"),
    ("mode", "paper.mode"),
    ("place", "paper.place"),
    ("diagnosed_on", "paper.held_on"),
    ("reviewed_on", "paper.held_on"),
    ("unit", "paper.unit"),
    ("respondent", "paper.respondent"),
    ("total", "paper.total"),
    ("max_total", "paper.of"),
    ("band_range", "paper.band"),
    ("band", ""),
    ("previous_total", "paper.previous"),
    ("previous_on", ""),
    ("goal", "paper.goal"),
    ("starts_on", "paper.starts"),
    ("ends_on", "paper.ends"),
    ("agreed_on", "paper.agreed"),
    ("scoring", ""),
    ("preamble", ""),
    ("outcome", "paper.outcome"),
    ("no", ""),
    ("number", ""),
    ("chapter", ""),
    ("section", ""),
    ("category", ""),
    ("title", ""),
    ("name", ""),
    ("role", ""),
    ("theme", ""),
    ("question", ""),
    ("text", ""),
    ("issue", ""),
    ("action", ""),
    ("owner", ""),
    ("answer", ""),
    ("points", ""),
    ("score", ""),
    ("max", ""),
    ("status", ""),
    ("finding", ""),
    ("start", ""),
    ("due", ""),
    ("amount", ""),
    ("gross", "paper.gross"),
    ("withholding", "paper.withheld"),
    ("net", "paper.net"),
    ("focus", "paper.focus"),
    ("content", "paper.content"),
    ("message", "paper.message"),
    ("established_on", "paper.established"),
    ("representative_title", ""),
    ("representative_name", ""),
    ("confirmed_on", "paper.signed_on"),
    ("confirmer_role", ""),
    ("confirmer_name", "paper.signer"),
];

/// The lines of a document, or why it cannot be made yet.
pub fn lines(model: &Model, request: &Request) -> Result<Vec<String>, Refusal> {
    let words = model.look.words();
    let sheet = document::sheet(&model.books, &model.packs, model.clock.date(), request)?;
    let mut out = vec![words.get(deliverables::name(&sheet.kind)).to_owned(), String::new()];
    if let Value::Object(data) = &sheet.data {
        if data.get("practice") == Some(&Value::Bool(true)) {
            out.push(words.get("view.practice").to_owned());
        }
        fields(words, data, 0, &mut out);
    }
    Ok(out)
}

/// The request to prepare as it can be pasted into a mail.
pub fn letter(model: &Model, engagement: Id, session: u8) -> Result<Vec<String>, Refusal> {
    let text = document::letter(&model.books, &model.packs, model.clock.date(), engagement, session)?;
    let how = model.look.words().get("guide.letter").to_owned();
    Ok([how, String::new()].into_iter().chain(text.lines().map(str::to_owned)).collect())
}

fn rank(key: &str) -> usize {
    FIELDS.iter().position(|f| f.0 == key).unwrap_or(FIELDS.len())
}

fn ordered(data: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = data.iter().filter(|(k, v)| !v.is_null() && !is_frame(k)).collect();
    fields.sort_by_key(|(key, value)| (value.is_array(), rank(key)));
    fields
}

/// Fields that the layout puts into its margins.
fn is_frame(key: &str) -> bool {
    matches!(key, "practice" | "edition" | "version" | "note" | "issued_on_wareki" | "established_on_wareki")
}

fn fields(words: &Words, data: &Map<String, Value>, indent: usize, out: &mut Vec<String>) {
    let space = " ".repeat(indent);
    for (key, value) in ordered(data) {
        let label = FIELDS.iter().find(|f| f.0 == key).map_or("", |f| f.1);
        let label = if label.is_empty() { "" } else { words.get(label) };
        match value {
            Value::Array(rows) => {
                out.push(String::new());
                rows.iter().for_each(|row| self::row(words, row, indent + 2, out));
            }
            Value::Object(inner) => {
                out.push(format!("{space}{label}"));
                fields(words, inner, indent + 2, out);
            }
            _ if label.is_empty() => out.push(format!("{space}{}", plain(value))),
            _ => out.push(format!("{space}{label}: {}", plain(value))),
        }
    }
}

/// A row of a table on one line; what hangs below it follows, indented.
fn row(words: &Words, value: &Value, indent: usize, out: &mut Vec<String>) {
    let space = " ".repeat(indent);
    let Value::Object(data) = value else {
        return out.push(format!("{space}- {}", plain(value)));
    };
    let (nested, flat): (Vec<_>, Vec<_>) = ordered(data).into_iter().partition(|(_, v)| v.is_array() || v.is_object());
    let cells: Vec<String> = flat.into_iter().map(|(_, v)| plain(v)).filter(|t| !t.is_empty()).collect();
    out.push(format!("{space}- {}", cells.join(" | ")));
    for (_, value) in nested {
        match value {
            Value::Array(rows) => rows.iter().for_each(|r| row(words, r, indent + 2, out)),
            Value::Object(inner) => fields(words, inner, indent + 2, out),
            _ => {}
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "x".to_owned(),
        Value::Bool(false) => "-".to_owned(),
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), format_yen),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn tables_follow_the_single_fields_and_nothing_is_left_out() {
        let data = serde_json::json!({"rows": [{"no": 1, "action": "x", "items": ["y"]}], "company": "c", "odd": 3, "gone": null});
        let Value::Object(data) = data else { return };
        let mut out = Vec::new();
        fields(Words::new(Lang::En), &data, 0, &mut out);
        assert_eq!(out, ["Firm: c", "3", "", "  - 1 | x", "    - y"]);
    }
}
