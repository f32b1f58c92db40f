//! Which records belong to an engagement, a client or a claim, so that none is looked for among those of all.

use std::collections::BTreeMap;

use crate::history::told_of;
use crate::record::v1::{ClaimLine, Id, Record};

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
        for place in places(record) {
            let ids = self.0.entry(place).or_default();
            if let Err(at) = ids.binary_search(&record.id()) {
                ids.insert(at, record.id());
            }
        }
    }

    pub(super) fn forget(&mut self, record: &Record) {
        for place in places(record) {
            if let Some(ids) = self.0.get_mut(&place) {
                ids.retain(|id| *id != record.id());
            }
        }
    }
}

/// Where a record is found: an engagement under its client, a claim under every engagement on its lines, what was sent
/// under its engagement or its claim, everything else under its engagement.
fn places(record: &Record) -> impl Iterator<Item = (Kind, Id)> {
    let (mut of, mut beside, mut lines): (_, _, &[ClaimLine]) = (told_of(record), None, &[]);
    let kind = match record {
        Record::Engagement(r) => {
            of = Some(r.client);
            Some(Kind::Engagement)
        }
        Record::Claim(r) => {
            lines = &r.lines;
            Some(Kind::Claim)
        }
        Record::Outbox(r) => {
            beside = r.claim;
            Some(Kind::Outbox)
        }
        Record::Sheet(_) => Some(Kind::Sheet),
        Record::Note(_) => Some(Kind::Note),
        Record::Policy(_) => Some(Kind::Policy),
        Record::Regulations(_) => Some(Kind::Regulations),
        Record::Plan(_) => Some(Kind::Plan),
        Record::FinalReport(_) => Some(Kind::FinalReport),
        Record::Artefact(_) => Some(Kind::Artefact),
        Record::Attachment(_) => Some(Kind::Attachment),
        Record::Pairing(_) => Some(Kind::Pairing),
        Record::Handout(_) => Some(Kind::Handout),
        Record::Returned(_) => Some(Kind::Returned),
        Record::Shared(_) => Some(Kind::Shared),
        _ => None,
    };
    let owners = of.into_iter().chain(beside).chain(lines.iter().map(|line| line.engagement));
    owners.filter_map(move |owner| Some((kind?, owner)))
}
