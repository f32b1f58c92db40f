//! What the screens ask about going along (OJT).

use bansou_core::record::v1::Id;

/// Work of the shell with the files that go between a lead and a trainee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Tells the line of this home's keys and its fingerprint.
    Key,
    /// Writes a copy of an engagement for the trainee.
    HandOver { engagement: Id, file: String },
    /// Writes the drafts of a copy for the lead.
    GiveBack { engagement: Id, file: String },
    /// Reads a return.
    TakeIn { file: String },
    /// Takes a copy in, if it is from whom this key line says.
    TakeCopy { file: String, key: String },
}

impl Errand {
    /// Catalogue key of what is waited for.
    pub fn waiting(&self) -> &'static str {
        match self {
            Errand::Key => "waiting.own_key",
            Errand::HandOver { .. } => "waiting.hand_over",
            Errand::GiveBack { .. } => "waiting.give_back",
            Errand::TakeIn { .. } => "waiting.take_in",
            Errand::TakeCopy { .. } => "waiting.take_copy",
        }
    }
}
