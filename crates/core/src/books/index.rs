//! Which records belong to an engagement, a client or a claim, so that none is looked for among those of all.

use std::collections::BTreeMap;

use crate::record::v1::{Claim, Id, Record};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Engagement,
    Sheet,
    Note,
    Policy,
    Regulations,
    Plan,
    FinalReport,
    Artefact,
    Attachment,
    Claim,
    Outbox,
    Pairing,
    Handout,
    Returned,
    Shared,
}

/// Ids by owner and kind, in their order.
#[derive(Clone, Debug, Default)]
pub struct Index(BTreeMap<(Kind, Id), Vec<Id>>);

/// It follows from the records: two books with the same records are the same.
impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Index {
    pub(super) fn of(&self, kind: Kind, owner: Id) -> &[Id] {
        self.0.get(&(kind, owner)).map_or(&[], Vec::as_slice)
    }

    /// A record never changes its engagement; only a claim does, and `forget` goes before.
    pub(super) fn add(&mut self, record: &Record) {
        let Some(kind) = kind(record) else { return };
        for owner in owners(record) {
            let ids = self.0.entry((kind, owner)).or_default();
            if let Err(at) = ids.binary_search(&record.id()) {
                ids.insert(at, record.id());
            }
        }
    }

    pub(super) fn forget(&mut self, record: &Record) {
        let Some(kind) = kind(record) else { return };
        for owner in owners(record) {
            if let Some(ids) = self.0.get_mut(&(kind, owner)) {
                ids.retain(|id| *id != record.id());
            }
        }
    }
}

fn kind(record: &Record) -> Option<Kind> {
    Some(match record {
        Record::Engagement(_) => Kind::Engagement,
        Record::Sheet(_) => Kind::Sheet,
        Record::Note(_) => Kind::Note,
        Record::Policy(_) => Kind::Policy,
        Record::Regulations(_) => Kind::Regulations,
        Record::Plan(_) => Kind::Plan,
        Record::FinalReport(_) => Kind::FinalReport,
        Record::Artefact(_) => Kind::Artefact,
        Record::Attachment(_) => Kind::Attachment,
        Record::Claim(_) => Kind::Claim,
        Record::Outbox(_) => Kind::Outbox,
        Record::Pairing(_) => Kind::Pairing,
        Record::Handout(_) => Kind::Handout,
        Record::Returned(_) => Kind::Returned,
        Record::Shared(_) => Kind::Shared,
        _ => return None,
    })
}

/// Whom a record belongs to: an engagement to its client, a claim to every engagement on its lines, what was sent to its
/// engagement or its claim, everything else to its engagement.
fn owners(record: &Record) -> Vec<Id> {
    match record {
        Record::Engagement(r) => vec![r.client],
        Record::Sheet(r) => vec![r.engagement],
        Record::Note(r) => vec![r.engagement],
        Record::Policy(r) => vec![r.engagement],
        Record::Regulations(r) => vec![r.engagement],
        Record::Plan(r) => vec![r.engagement],
        Record::FinalReport(r) => vec![r.engagement],
        Record::Attachment(r) => vec![r.engagement],
        Record::Pairing(r) => vec![r.engagement],
        Record::Handout(r) => vec![r.engagement],
        Record::Returned(r) => vec![r.engagement],
        Record::Shared(r) => vec![r.engagement],
        Record::Artefact(r) => r.engagement.into_iter().collect(),
        Record::Claim(r) => engagements(r),
        Record::Outbox(r) => r.engagement.into_iter().chain(r.claim).collect(),
        _ => Vec::new(),
    }
}

fn engagements(claim: &Claim) -> Vec<Id> {
    claim.lines.iter().map(|line| line.engagement).collect()
}
