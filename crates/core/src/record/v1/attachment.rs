//! Evidence that somebody gave: a file or a pasted text, whose bytes lie in the vault as a sealed blob.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Id;

/// One attachment of an engagement. Two with the same bytes share their blob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub id: Id,
    pub engagement: Id,
    /// The base name as it was given, without what steers a screen.
    pub name: String,
    /// By its content, such as `application/pdf`.
    pub media: String,
    /// Bytes.
    pub size: u64,
    pub sha256: String,
    pub blob: Id,
    /// Japan time.
    pub imported_at: DateTime,
    /// The day the evidence itself bears, apart from its import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default, skip_serializing_if = "Links::is_empty")]
    pub links: Links,
    /// It came as text, not as a file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pasted: bool,
}

/// What an attachment proves something about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// Questions of the diagnosis.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub questions: BTreeSet<u8>,
    /// Lines of the action plan.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub plan_lines: BTreeSet<Id>,
    /// 1–4.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sessions: BTreeSet<u8>,
}

impl Links {
    /// True when it is about nothing in particular.
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty() && self.plan_lines.is_empty() && self.sessions.is_empty()
    }
}
