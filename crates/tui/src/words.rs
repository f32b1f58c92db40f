//! Screen words in Japanese and English, looked up by key.

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use bansou_core::text::Lang;

/// The words of one language: dotted key to text. A text may carry its reading after `|`.
#[derive(Debug)]
pub struct Words(BTreeMap<String, String>);

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::String(text) => {
                into.insert(key, text.clone());
            }
            _ => {}
        }
    }
}

impl Words {
    /// The catalogue built into the program.
    pub fn new(lang: Lang) -> &'static Words {
        static JA: OnceLock<Words> = OnceLock::new();
        static EN: OnceLock<Words> = OnceLock::new();
        let (cell, source) = match lang {
            Lang::Ja => (&JA, include_str!("../locales/ja.toml")),
            Lang::En => (&EN, include_str!("../locales/en.toml")),
        };
        cell.get_or_init(|| {
            let table: toml::Table = source.parse().expect("the built-in catalogue is valid TOML");
            let mut all = BTreeMap::new();
            flatten("", &table, &mut all);
            Words(all)
        })
    }

    /// The text of a key; the key itself when it is missing (a test finds those).
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, |t| t.split('|').next().unwrap_or(t))
    }

    /// The reading of a key's text for searching, empty when the text is its own reading.
    pub fn reading(&self, key: &str) -> &str {
        self.0.get(key).and_then(|t| t.split_once('|')).map_or("", |(_, reading)| reading)
    }

    /// The text of a key with `{name}` replaced by each value.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.get(key);
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(values.iter().find(|v| v.0 == name).map_or("", |v| v.1));
            rest = tail;
        }
        out + rest
    }

    /// Every key with its raw text, in order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, t)| (k.as_str(), t.as_str()))
    }
}
