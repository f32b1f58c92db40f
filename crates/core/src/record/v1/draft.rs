//! What is being typed into forms and is in no record yet: kept beside the records, never in the journal.

use serde::{Deserialize, Serialize};

use super::{Id, RecordError, shape_of};

/// Everything that was begun in forms and neither saved nor thrown away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafts {
    /// Oldest first; at most one stood open.
    pub forms: Vec<Draft>,
    /// How far the steps of a practice home are done; none in a real one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tutorial: Option<TutorialProgress>,
}

/// How far the steps of the practice are done. What the books show is found there again; this holds what they do not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TutorialProgress {
    /// Ids of the parts that were done, in that order.
    pub done: Vec<String>,
    /// Ids of the steps that were put aside.
    pub skipped: Vec<String>,
    /// True when the screens do not show the steps.
    pub hidden: bool,
}

/// One form with what was typed into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Catalogue key of the form's title, such as `form.note`.
    pub form: String,
    /// What the form is about beyond that: a question, an id; empty when there is only one.
    pub subject: String,
    /// The engagement or the client whose data it would change.
    pub about: Option<Id>,
    pub fields: Vec<DraftField>,
    /// Which field had the focus, from 0.
    pub focus: u16,
    /// Where the form stood open; none once it was left.
    pub place: Option<DraftPlace>,
}

/// One field: its text and the cursor (bytes from its start), or the chosen option alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftField {
    /// Catalogue key.
    pub label: String,
    pub text: String,
    pub at: u32,
}

/// The screen under the form, and the action that opened it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftPlace {
    /// Catalogue key of the screen's name, such as `tab.notes`.
    pub screen: String,
    /// The engagement on the screen.
    pub engagement: Option<Id>,
    /// The session on the screen, from 1; 0 where there is none.
    pub session: u8,
    /// The row under the cursor, from 0.
    pub row: u32,
    /// Catalogue key of the action.
    pub action: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u32,
    drafts: Drafts,
}

#[derive(Serialize)]
struct Versioned<'a> {
    v: u32,
    drafts: &'a Drafts,
}

impl Drafts {
    /// The stored text: one line of JSON with the version first.
    pub fn encode(&self) -> String {
        serde_json::to_string(&Versioned { v: 1, drafts: self }).expect("plain data with text keys")
    }

    /// Reads what `encode` wrote.
    pub fn decode(text: &[u8]) -> Result<Self, RecordError> {
        let stored: Stored = serde_json::from_slice(text).map_err(|e| RecordError::Shape(shape_of(&e)))?;
        if stored.v == 1 { Ok(stored.drafts) } else { Err(RecordError::Newer(stored.v)) }
    }
}
