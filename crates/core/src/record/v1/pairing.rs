//! Going along (同行, OJT): the agreement, what was handed out, what came back, and a copy received from a lead.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Id;

/// A part of an engagement that the lead can share; nothing else ever is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharePart {
    Overview,
    Checklist,
    Diagnosis,
    Policy,
    Regulations,
    Plan,
    /// Only notes that may leave.
    Notes,
}

/// The lead's record of a trainee who comes along to an engagement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairing {
    pub id: Id,
    pub engagement: Id,
    pub trainee: String,
    /// `age1…`.
    pub age_recipient: String,
    /// Ed25519, base64.
    pub signing_key: String,
    pub consent: Option<Consent>,
    /// Day on which the liability for leaks was explained to the trainee.
    pub liability_on: Option<Date>,
    /// The sessions the trainee comes along to, from 1.
    pub sessions: BTreeSet<u8>,
    /// Who does what.
    pub roles: String,
    /// Who arranges the dates.
    pub dates_by: String,
    /// Whether handouts may be given to the trainee.
    pub handouts: bool,
    pub parts: BTreeSet<SharePart>,
    /// Last day of the copy; by the rule of the edition when none is chosen.
    pub until: Option<Date>,
    pub withdrawn_on: Option<Date>,
}

/// The firm's consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who of the firm agreed.
    pub by: String,
    pub on: Date,
    /// Who obtained it.
    pub taken_by: String,
}

/// A copy that was handed out, as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handout {
    pub id: Id,
    pub engagement: Id,
    pub trainee: String,
    /// `age1…`.
    pub age_recipient: String,
    /// Ed25519, base64; only what this key signed is accepted as its return.
    pub signing_key: String,
    /// Japan time.
    pub made_at: DateTime,
    pub until: Date,
    pub parts: BTreeSet<SharePart>,
    /// Every value that was handed out, by the key of docs/protocol.md.
    pub fields: BTreeMap<String, String>,
}

/// What a trainee gave back, and what became of each row of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// From the hash of the signed text: the same return is one record.
    pub id: Id,
    pub engagement: Id,
    pub handout: Id,
    pub trainee: String,
    /// Japan time, as the trainee's clock had it.
    pub made_at: DateTime,
    /// What differs from the handout; none = taken away.
    pub fields: BTreeMap<String, Option<String>>,
    /// By the name of the row.
    pub decided: BTreeMap<String, Decided>,
}

/// What the lead did with one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    pub take: Take,
    /// Japan time.
    pub at: DateTime,
    /// What stood there before, so that neither value is lost.
    pub mine: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    Theirs,
    Mine,
    Both,
}

/// The trainee's side: an engagement of this home is the copy of a lead's; what the lead wrote stays as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// The id of the handout.
    pub id: Id,
    pub engagement: Id,
    pub lead: String,
    /// `age1…`, for the return.
    pub age_recipient: String,
    /// Ed25519, base64.
    pub signing_key: String,
    /// Japan time.
    pub received_at: DateTime,
    /// The last day on which it can be opened.
    pub until: Date,
    pub sessions: BTreeSet<u8>,
    pub roles: String,
    pub dates_by: String,
    pub handouts: bool,
    pub parts: BTreeSet<SharePart>,
    /// The lead's values, by the key of docs/protocol.md.
    pub base: BTreeMap<String, String>,
}
