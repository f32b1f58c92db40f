//! Reads one template file: errors name the file, the line, the key and the nearest key that exists.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::text::{Lang, Text};

/// Why a template was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("{file}, line {line}: unknown key \"{key}\"{}; correct the name or remove the line", hint(.nearest))]
    UnknownKey { file: String, line: usize, key: String, nearest: Option<String> },
    #[error("{file}, line {line}: {detail}; correct the line and check again")]
    Unreadable { file: String, line: usize, detail: String },
    #[error("{file}: \"{key}\" {}; correct the value", .reason.en)]
    Invalid { file: String, key: String, reason: Text },
    #[error("template {path} does not exist; add the file or name another edition")]
    Missing { path: String },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|key| format!(" (did you mean \"{key}\"?)")).unwrap_or_default()
}

impl TemplateError {
    /// A value that reads well but cannot be right; `ja` and `en` say why.
    pub fn invalid(file: &str, key: &str, ja: &str, en: &str) -> Self {
        let reason = Text { ja: ja.to_owned(), en: en.to_owned() };
        Self::Invalid { file: file.to_owned(), key: key.to_owned(), reason }
    }

    /// The same error about the file `name`.
    pub fn in_file(mut self, name: &str) -> Self {
        match &mut self {
            Self::UnknownKey { file, .. } | Self::Unreadable { file, .. } | Self::Invalid { file, .. } => {
                name.clone_into(file);
            }
            Self::Missing { .. } => {}
        }
        self
    }

    /// The sentence in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::UnknownKey { file, line, key, nearest } => {
                let hint = nearest.as_ref().map(|k| format!("（「{k}」ではありませんか）")).unwrap_or_default();
                format!(
                    "{file} の{line}行目: 「{key}」という項目はありません{hint}。名前を直すか、行を消してください。"
                )
            }
            Self::Unreadable { file, line, detail } => {
                format!("{file} の{line}行目を読めません（{detail}）。直してからもう一度確かめてください。")
            }
            Self::Invalid { file, key, reason } => format!("{file} の「{key}」: {}。値を直してください。", reason.ja),
            Self::Missing { path } => {
                format!("ひな形 {path} がありません。ファイルを置くか、別の版を指定してください。")
            }
        }
    }
}

/// Reads `text` as the template `file` (a name for the error text only).
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, TemplateError> {
    toml::from_str(text).map_err(|error| explain(file, text, &error))
}

fn explain(file: &str, text: &str, error: &toml::de::Error) -> TemplateError {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).unwrap_or(text).matches('\n').count() + 1;
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
    if message.starts_with("unknown field") {
        let key = quoted.next().unwrap_or_default();
        let nearest = quoted
            .map(|known| (distance(&key, &known), known))
            .filter(|(steps, known)| steps * 2 <= known.chars().count().max(2))
            .min()
            .map(|(_, known)| known);
        return TemplateError::UnknownKey { file: file.to_owned(), line, key, nearest };
    }
    TemplateError::Unreadable { file: file.to_owned(), line, detail: message.replace('\n', " ") }
}

/// Edit distance in single-character changes.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Reads a date written as a `"2026-04-01"` string.
pub(crate) fn day<'de, D: Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
    String::deserialize(input)?.parse().map_err(|_| serde::de::Error::custom("expected a date such as \"2026-04-01\""))
}
