//! The body of every refusal the server sends: a code and one sentence in each language.

use serde::{Deserialize, Serialize};

/// JSON body of an answer with a status of 400 or more. The sentences never contain data of a client or an expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Always 1.
    pub schema: u32,
    /// `E-…`, explained in `docs/protocol.md`.
    pub code: String,
    pub ja: String,
    pub en: String,
}

impl Problem {
    /// A refusal with its sentences.
    pub fn new(code: &str, ja: &str, en: &str) -> Self {
        Self { schema: 1, code: code.to_owned(), ja: ja.to_owned(), en: en.to_owned() }
    }
}
