//! The basic policy (情報セキュリティ基本方針): text with blanks, and what a deliverable must show.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::programme::{Instrument, TemplateError, Text};

/// One edition of the policy text. The document itself is Japanese; blanks are `{field}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyText {
    pub edition: String,
    pub name: Text,
    pub source: String,
    /// Title of the document.
    pub title: String,
    pub preamble: String,
    #[serde(rename = "article")]
    pub articles: Vec<Article>,
    /// Lines under the articles.
    pub closing: Vec<String>,
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    #[serde(rename = "check")]
    pub checks: Vec<PolicyCheck>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    pub heading: Text,
    pub text: String,
}

/// A blank of the text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub name: Text,
    pub required: bool,
    /// Filled in when the user leaves it empty.
    #[serde(default)]
    pub default: String,
}

/// One line of the deliverable's check list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyCheck {
    pub id: String,
    pub text: Text,
}

/// The filled document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub title: String,
    pub preamble: String,
    /// Numbered from 1.
    pub articles: Vec<String>,
    pub closing: Vec<String>,
}

impl PolicyText {
    /// Fills the blanks; `own` replaces the article of that number. Empty blanks stay visible as `{field}`.
    pub fn fill(&self, fields: &BTreeMap<String, String>, own: &BTreeMap<u8, String>) -> Policy {
        let put = |text: &str| self.put(text, fields);
        let article = |(number, a): (u8, &Article)| put(own.get(&number).unwrap_or(&a.text));
        let used = |line: &&String| !self.is_unused(line, fields);
        Policy {
            title: self.title.clone(),
            preamble: put(&self.preamble),
            articles: (1..).zip(&self.articles).map(article).collect(),
            closing: self.closing.iter().filter(used).map(|line| put(line)).collect(),
        }
    }

    /// Required blanks that have neither a value nor a default.
    pub fn missing(&self, fields: &BTreeMap<String, String>) -> Vec<&Field> {
        self.fields.iter().filter(|f| f.required && self.value(f, fields).is_empty()).collect()
    }

    fn value<'a>(&'a self, field: &'a Field, fields: &'a BTreeMap<String, String>) -> &'a str {
        fields.get(&field.id).map(|v| v.trim()).filter(|v| !v.is_empty()).unwrap_or(&field.default)
    }

    fn put(&self, text: &str, fields: &BTreeMap<String, String>) -> String {
        // One pass over the template, so that braces inside a value are never filled again.
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((id, tail)) = after.split_once('}') else { break };
            let found = self.fields.iter().find(|f| f.id == id).map(|f| self.value(f, fields));
            out += before;
            match found.filter(|v| !v.is_empty()) {
                Some(value) => out += value,
                None => out += &format!("{{{id}}}"),
            }
            rest = tail;
        }
        out + rest
    }

    /// A closing line whose every blank is optional and empty is left out.
    fn is_unused(&self, line: &str, fields: &BTreeMap<String, String>) -> bool {
        let mut blanks = self.fields.iter().filter(|f| line.contains(&format!("{{{}}}", f.id))).peekable();
        blanks.peek().is_some() && blanks.all(|f| !f.required && self.value(f, fields).is_empty())
    }
}

impl Instrument for PolicyText {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        let texts = self.articles.iter().map(|a| &a.text).chain([&self.preamble]).chain(&self.closing);
        for text in texts {
            for after in text.split('{').skip(1) {
                let id = after.split('}').next().unwrap_or_default();
                if !self.fields.iter().any(|f| f.id == id) {
                    let (ja, en) = ("は field にない空欄です", "is a blank without a field");
                    return Err(TemplateError::invalid(&self.edition, &format!("{{{id}}}"), ja, en));
                }
            }
        }
        Ok(())
    }
}
