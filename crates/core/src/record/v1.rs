//! Version 1 of everything that is stored: the state of the work as records, each sealed on its own in the vault.

pub mod attachment;
pub mod backup;
pub mod care;
pub mod client;
pub mod draft;
pub mod engagement;
pub mod findings;
pub mod id;
pub mod journal;
pub mod money;
pub mod office;
pub mod outbox;
pub mod pairing;
pub mod phrase;
pub mod resume;
pub mod retention;

use serde::{Deserialize, Serialize};

pub use attachment::{Attachment, Links};
pub use care::{BackupMade, Care, Restored, Way};
pub use client::{Client, Contact, Enrolment, Profile};
pub use draft::{Draft, DraftField, DraftPlace, Drafts, TutorialProgress};
pub use engagement::{
    Assurance, Check, CheckState, Clock, Confirmation, Ending, EndingKind, Engagement, Hearing, Held, Mode, OwnItem,
    Part, Pause, Planned, ReportText, Session, TwoStar,
};
pub use findings::{
    ActionPlan, AnswerCode, Artefact, FinalReport, LineStatus, Moved, Note, PlanLine, PolicyDraft, RegulationsReview,
    SectionReview, SectionStatus, Sheet,
};
pub use id::Id;
pub use journal::{Change, JournalEntry};
pub use money::{Claim, ClaimLine, ClaimState, PatternCode, PayLine, PayRun};
pub use office::{Case, CaseSession, Delivery, ExpertEntry, FollowUp, Review, Waiver};
pub use outbox::{BundleKind, OutboxItem, OutboxState};
pub use pairing::{Consent, Decided, Handout, Pairing, Returned, SharePart, Shared, Take};
pub use phrase::OwnPhrase;
pub use resume::{Found, PutBack, Raised, RaisedBy, Resumption};
pub use retention::{Hold, PurgeRecord};

/// Any one stored record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    Profile(Profile),
    Enrolment(Enrolment),
    Client(Client),
    Engagement(Engagement),
    Sheet(Sheet),
    Note(Note),
    Policy(PolicyDraft),
    Regulations(RegulationsReview),
    Plan(ActionPlan),
    FinalReport(FinalReport),
    Artefact(Artefact),
    Claim(Claim),
    Outbox(OutboxItem),
    Expert(ExpertEntry),
    Case(Case),
    Delivery(Box<Delivery>),
    PayRun(PayRun),
    Hold(Hold),
    Purge(PurgeRecord),
    Resumption(Resumption),
    Care(Care),
    Attachment(Attachment),
    Pairing(Pairing),
    Handout(Handout),
    Returned(Returned),
    Shared(Shared),
    Phrase(OwnPhrase),
}

impl Record {
    /// The id under which the record is stored.
    pub fn id(&self) -> Id {
        match self {
            Self::Profile(_) => Id::PROFILE,
            Self::Enrolment(_) => Id::ENROLMENT,
            Self::Client(r) => r.id,
            Self::Engagement(r) => r.id,
            Self::Sheet(r) => r.id,
            Self::Note(r) => r.id,
            Self::Policy(r) => r.id,
            Self::Regulations(r) => r.id,
            Self::Plan(r) => r.id,
            Self::FinalReport(r) => r.id,
            Self::Artefact(r) => r.id,
            Self::Claim(r) => r.id,
            Self::Outbox(r) => r.id,
            Self::Expert(r) => r.id,
            Self::Case(r) => r.id,
            Self::Delivery(r) => r.id,
            Self::PayRun(r) => r.id,
            Self::Hold(r) => r.id,
            Self::Purge(r) => r.id,
            Self::Resumption(_) => Id::RESUMPTION,
            Self::Care(_) => Id::CARE,
            Self::Attachment(r) => r.id,
            Self::Pairing(r) => r.id,
            Self::Handout(r) => r.id,
            Self::Returned(r) => r.id,
            Self::Shared(r) => r.id,
            Self::Phrase(r) => r.id,
        }
    }

    /// The name of its kind, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Profile(_) => "profile",
            Self::Enrolment(_) => "enrolment",
            Self::Client(_) => "client",
            Self::Engagement(_) => "engagement",
            Self::Sheet(_) => "sheet",
            Self::Note(_) => "note",
            Self::Policy(_) => "policy",
            Self::Regulations(_) => "regulations",
            Self::Plan(_) => "plan",
            Self::FinalReport(_) => "final-report",
            Self::Artefact(_) => "artefact",
            Self::Claim(_) => "claim",
            Self::Outbox(_) => "outbox",
            Self::Expert(_) => "expert",
            Self::Case(_) => "case",
            Self::Delivery(_) => "delivery",
            Self::PayRun(_) => "pay-run",
            Self::Hold(_) => "hold",
            Self::Purge(_) => "purge",
            Self::Care(_) => "care",
            Self::Attachment(_) => "attachment",
            Self::Pairing(_) => "pairing",
            Self::Handout(_) => "handout",
            Self::Returned(_) => "returned",
            Self::Shared(_) => "shared",
            Self::Phrase(_) => "phrase",
            Self::Resumption(_) => "resumption",
        }
    }

    /// The stored text: one line of JSON with the version first.
    pub fn encode(&self) -> String {
        let versioned = Versioned { v: 1, record: self };
        serde_json::to_string(&versioned).expect("records hold only plain data with text keys")
    }

    /// Reads a stored text; a newer version or an unknown field is an error, never dropped.
    pub fn decode(text: &[u8]) -> Result<Self, RecordError> {
        let parsed: Stored = serde_json::from_slice(text).map_err(|e| refused(text, &e))?;
        if parsed.v != 1 {
            return Err(RecordError::Newer(parsed.v));
        }
        Ok(parsed.record)
    }
}

#[derive(Serialize)]
struct Versioned<'a> {
    v: u32,
    record: &'a Record,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u32,
    record: Record,
}

/// The word under which a value of a closed list is stored.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Why a stored record could not be read. Carries no stored text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error("a record has format {0}, newer than this program; use a newer bansou")]
    Newer(u32),
    #[error("a record does not have the expected shape ({0})")]
    Shape(String),
}

/// What a newer version looks like is not known here: its number decides before its shape.
fn refused(text: &[u8], e: &serde_json::Error) -> RecordError {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    match serde_json::from_slice::<Version>(text) {
        Ok(found) if found.v > 1 => RecordError::Newer(found.v),
        _ => RecordError::Shape(shape_of(e)),
    }
}

/// serde's own message quotes the offending value, which may be a client's; only the place is kept.
fn shape_of(e: &serde_json::Error) -> String {
    format!("line {} column {}", e.line(), e.column())
}
