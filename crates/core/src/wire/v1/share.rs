//! What a lead and a trainee hand each other: a key as one line, a share of an engagement, and what comes back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::enrolment::{is_age_recipient, key_of};
use super::envelope::{Context, EnvelopeError, Signed, fingerprint};
use crate::record::v1::{Id, SharePart};
use crate::text_rules::steers;

/// The first word of a key line.
const LINE: &str = "bansou-key-v1";

/// Both public keys of a person; as a line `bansou-key-v1 age1… <Ed25519 key, base64>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareKey {
    /// `age1…`.
    pub age: String,
    /// Ed25519, base64.
    pub signing: String,
}

impl ShareKey {
    /// The line that is handed over.
    pub fn line(&self) -> String {
        format!("{LINE} {} {}", self.age, self.signing)
    }

    /// Reads a line, as it was pasted.
    pub fn parse(line: &str) -> Result<Self, ShareError> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [LINE, age, signing] => Self { age: age.to_owned(), signing: signing.to_owned() }.checked(),
            [first, ..] if first.starts_with("bansou-key-v") && first != LINE => Err(ShareError::Newer),
            _ => Err(ShareError::Key),
        }
    }

    /// Refuses keys that are not well formed.
    pub fn checked(self) -> Result<Self, ShareError> {
        let good = is_age_recipient(&self.age) && key_of(&self.signing).is_ok();
        if good { Ok(self) } else { Err(ShareError::Key) }
    }

    /// What two people compare by voice; it fixes both keys.
    pub fn fingerprint(&self) -> String {
        fingerprint(&Sha256::digest(self.line()).into())
    }
}

/// Body of a `Context::Share` envelope signed by the lead; sealed to the trainee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Always 1.
    pub v: u32,
    /// Random 128 bits, 32 lower-case hex digits.
    pub id: Id,
    pub practice: bool,
    /// Programme edition, such as `r2-2020`.
    pub programme: String,
    pub case_no: String,
    /// Name and keys of the lead; the signing key is the one that signed this.
    pub lead: String,
    pub from: ShareKey,
    /// Name and keys of the trainee: it is for nobody else, also when it is sealed again.
    pub trainee: String,
    pub to: ShareKey,
    /// Japan time, as the lead's clock had it.
    pub made_at: DateTime,
    /// The last day on which it may be opened.
    pub until: Date,
    /// What was agreed.
    pub sessions: BTreeSet<u8>,
    pub roles: String,
    pub dates_by: String,
    pub handouts: bool,
    pub paid: bool,
    pub parts: BTreeSet<SharePart>,
    pub fields: BTreeMap<String, String>,
}

/// Body of a `Context::ShareReturn` envelope signed by the trainee; sealed to the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareReturn {
    /// Always 1.
    pub v: u32,
    /// The share it answers.
    pub share: Id,
    pub practice: bool,
    /// Japan time, as the trainee's clock had it.
    pub made_at: DateTime,
    /// What differs from the share; null = taken away.
    pub fields: BTreeMap<String, Option<String>>,
}

/// Why a share, a return or a key was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("{0}")]
    Envelope(#[from] EnvelopeError),
    #[error("this has a newer format; use a newer bansou")]
    Newer,
    #[error("this is no key line; paste the whole line that `bansou share key` printed")]
    Key,
    #[error("this was made for another person or signed by another key than it says; do not accept it")]
    NotForUs,
    #[error("this copy ended on {0}; ask the lead for a new one")]
    Over(Date),
    #[error("this holds something that was not to be shared; do not accept it and tell the sender")]
    Content,
    #[error("this answers no share of this home, or another person signed it; do not accept it")]
    NotOurs,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// Verifies a signed text and looks at its version before its shape.
fn open<T: serde::de::DeserializeOwned>(signed: &Signed, context: Context) -> Result<T, ShareError> {
    if signed.open::<Version>(context)?.v != 1 {
        return Err(ShareError::Newer);
    }
    Ok(signed.open(context)?)
}

/// Verifies a share that was sealed to `own`, on `today`.
pub fn check_share(signed: &Signed, own: &ShareKey, today: Date) -> Result<Share, ShareError> {
    let share: Share = open(signed, Context::Share)?;
    let from = share.from.clone().checked()?;
    if share.to != *own || signed.key != from.signing {
        return Err(ShareError::NotForUs);
    }
    let names = [&share.programme, &share.case_no, &share.lead, &share.trainee, &share.roles, &share.dates_by];
    let fields = share.fields.iter().flat_map(|(key, value)| [key, value]);
    if !names.into_iter().chain(fields).all(|text| calm(text)) {
        return Err(ShareError::Content);
    }
    if share.until < today {
        return Err(ShareError::Over(share.until));
    }
    Ok(share)
}

/// Verifies a return; whether its signer is the one the share went to is for the caller, who knows the share.
pub fn check_return(signed: &Signed) -> Result<ShareReturn, ShareError> {
    let back: ShareReturn = open(signed, Context::ShareReturn)?;
    let texts = back.fields.iter().flat_map(|(key, value)| [Some(key), value.as_ref()]).flatten();
    if texts.into_iter().all(|text| calm(text)) { Ok(back) } else { Err(ShareError::Content) }
}

/// Whether a text can be shown before anybody has judged it: nothing in it steers a terminal.
fn calm(text: &str) -> bool {
    !text.chars().any(|c| steers(c) && !matches!(c, '\n' | '\t'))
}
