//! How a command answers: one JSON document, or readable lines. Confidential fields are withheld unless asked for.

use std::io::{ErrorKind, Write as _};

use serde_json::{Map, Value, json};

use super::Call;
use crate::shell::failure::Failure;

/// The answer of a command: the JSON document, and the same for people.
#[derive(Debug, Default)]
pub struct Answer {
    fields: Map<String, Value>,
    lines: Vec<String>,
    /// Exit code when nothing went wrong but a check found problems.
    pub code: u8,
}

impl Answer {
    /// An answer that begins with one readable line.
    pub fn line(text: impl Into<String>) -> Self {
        Self { lines: vec![text.into()], ..Self::default() }
    }

    /// Adds a readable line.
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.lines.push(text.into());
        self
    }

    /// Adds a field of the JSON document.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(key.to_owned(), value.into());
        self
    }

    /// Writes the answer to stdout.
    pub fn print(self, call: &Call) -> Result<u8, Failure> {
        let mut out = std::io::stdout().lock();
        let written = if call.json {
            let mut document = self.fields;
            document.insert("schema".to_owned(), json!(1));
            if !call.reveal && hide(&mut document) {
                document.insert("redacted".to_owned(), json!(true));
            }
            writeln!(out, "{}", Value::Object(document))
        } else if call.quiet {
            Ok(())
        } else {
            self.lines.iter().try_for_each(|l| writeln!(out, "{l}"))
        };
        match written {
            // Who reads only the first lines, as `head` does, has seen enough.
            Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(Failure::File { path: "stdout".into(), kind: e.kind() }),
            _ => Ok(self.code),
        }
    }
}

/// Keys whose values are a client's: names, words and findings.
const CONFIDENTIAL: [&str; 23] = [
    "client_name",
    "name",
    "kana",
    "representative",
    "counterpart",
    "who",
    "expectations",
    "text",
    "evidence",
    "finding",
    "issue",
    "action",
    "document",
    "response",
    "answers",
    "excerpt",
    "note",
    "trainee",
    "lead",
    "about",
    "base",
    "mine",
    "theirs",
];

/// Replaces confidential values by null; true if there were any.
fn hide(fields: &mut Map<String, Value>) -> bool {
    let mut any = false;
    for (key, value) in fields.iter_mut() {
        if CONFIDENTIAL.contains(&key.as_str()) && !value.is_null() {
            *value = Value::Null;
            any = true;
        } else {
            any |= hide_in(value);
        }
    }
    any
}

fn hide_in(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => hide(map),
        Value::Array(items) => items.iter_mut().fold(false, |any, v| hide_in(v) | any),
        _ => false,
    }
}
