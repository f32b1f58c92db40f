//! The plan of a purge: which records go, which stay in a reduced form, which journal texts and blobs are erased.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::{claims_kept_to, ended_on, pack_of};
use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{
    Change, Claim, ClaimLine, Confirmation, Ending, Engagement, Hearing, Held, Id, JournalEntry, OutboxItem,
    PurgeRecord, Record, ReportText, Session, TwoStar,
};
use crate::refusal::Refusal;
use crate::wire::v1::envelope::hex;
use crate::wire::v1::purge::PurgeCertificate;

/// Everything that a purge does, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purge {
    pub id: Id,
    pub delete: Vec<Id>,
    /// Records that stay without the firm's words, as they will be stored.
    pub reduce: Vec<Record>,
    /// Documents and sealed bundles whose bytes go.
    pub blobs: Vec<Id>,
    /// Journal numbers of the entries whose text goes: every one that says something about the firm, now or before.
    pub entries: Vec<u64>,
    /// What is signed and stays.
    pub certificate: PurgeCertificate,
}

/// Plans the purge of a client. `journal` is the whole journal; an entry whose text is gone already is left out of it.
pub fn plan(
    books: &Books,
    packs: &[Pack],
    client: Id,
    journal: &[(u64, JournalEntry)],
    id: Id,
    today: Date,
) -> Result<Purge, Refusal> {
    books.clients.get(&client).ok_or(Refusal::NotFound { what: "client" })?;
    let scope = Scope::of(books, client, journal);
    let mut purge = Purge {
        id,
        delete: Vec::new(),
        reduce: Vec::new(),
        blobs: Vec::new(),
        entries: scope.entries(journal),
        certificate: certificate(books, packs, client, id, today)?,
    };
    let mut hashes = BTreeSet::new();
    for record in books.records() {
        let Some(fate) = scope.fate(&record) else { continue };
        hashes.insert(hex(&Sha256::digest(record.encode())));
        let counts = match fate {
            Fate::Deleted => {
                purge.delete.push(record.id());
                &mut purge.certificate.removed
            }
            Fate::Reduced(reduced) => {
                purge.reduce.push(*reduced);
                &mut purge.certificate.reduced
            }
        };
        *counts.entry(record.kind().to_owned()).or_default() += 1;
    }
    purge.blobs = scope.blobs(books, journal);
    let lines: String = hashes.iter().map(|h| format!("{h}\n")).collect();
    purge.certificate.sha256 = hex(&Sha256::digest(lines));
    purge.certificate.blobs = count(purge.blobs.len());
    purge.certificate.entries = count(purge.entries.len());
    Ok(purge)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Purge {
    /// The record that stays, around the signed certificate.
    pub fn record(&self, certificate: String) -> PurgeRecord {
        let on = self.certificate.erased_on;
        PurgeRecord { id: self.id, on, certificate, entries: self.entries.clone(), blobs: self.blobs.clone() }
    }

    /// The changes of the purge. They hold nothing of what stood before, so that the journal does not keep it.
    pub fn changes(&self, record: PurgeRecord) -> Vec<Change> {
        let gone = self.delete.iter().map(|id| Change { id: *id, before: None, after: None });
        let stays = self.reduce.iter().cloned().chain([Record::Purge(record)]);
        gone.chain(stays.map(|r| Change { id: r.id(), before: None, after: Some(r) })).collect()
    }
}

fn certificate(books: &Books, packs: &[Pack], client: Id, id: Id, today: Date) -> Result<PurgeCertificate, Refusal> {
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    let pack = pack_of(books, packs, client)?;
    let engagement = books.engagement_of(client);
    // A copy goes by the rule of the pairing, on the day after its last.
    let copy = engagement.and_then(|e| books.shared_of(e.id));
    Ok(PurgeCertificate {
        v: 1,
        id: id.to_string(),
        practice: profile.practice,
        client: client.to_string(),
        case_no: engagement.map(|e| e.case_no.clone()),
        programme: pack.programme.id.clone(),
        rule: copy.map_or(&pack.retention.edition, |_| &pack.pairing.edition).clone(),
        days: copy.map_or(pack.retention.findings.days, |_| 0),
        ended_on: copy.map(|c| c.until).or_else(|| engagement.and_then(|e| ended_on(books, e))),
        erased_on: today,
        by: profile.name.clone(),
        registration: profile.registration.clone(),
        removed: BTreeMap::new(),
        reduced: BTreeMap::new(),
        blobs: 0,
        entries: 0,
        sha256: String::new(),
        kept_until: engagement.and_then(|e| claims_kept_to(books, pack, e.id)),
    })
}

enum Fate {
    Deleted,
    Reduced(Box<Record>),
}

/// What belongs to a client, today or at any time that the journal remembers.
struct Scope {
    client: Id,
    engagements: BTreeSet<Id>,
    /// Copies that a lead shared: nothing of them has to stay.
    copies: BTreeSet<Id>,
    claims: BTreeSet<Id>,
}

impl Scope {
    fn of(books: &Books, client: Id, journal: &[(u64, JournalEntry)]) -> Self {
        let mut scope = Self { client, engagements: BTreeSet::new(), copies: BTreeSet::new(), claims: BTreeSet::new() };
        let now = books.records();
        let before = journal.iter().flat_map(|(_, e)| &e.changes).flat_map(|c| [&c.before, &c.after]).flatten();
        let all: Vec<&Record> = now.iter().chain(before).collect();
        for record in &all {
            if let Record::Engagement(e) = record
                && e.client == client
            {
                scope.engagements.insert(e.id);
            }
            if let Record::Shared(copy) = record {
                scope.copies.insert(copy.engagement);
            }
        }
        for record in &all {
            if let Record::Claim(c) = record
                && c.lines.iter().any(|l| scope.engagements.contains(&l.engagement))
            {
                scope.claims.insert(c.id);
            }
        }
        scope
    }

    /// What becomes of a record; none when it is not this client's. A new kind does not compile until it is decided.
    fn fate(&self, record: &Record) -> Option<Fate> {
        let of = |engagement: &Id| self.engagements.contains(engagement);
        let of_claim = |claim: Option<Id>| claim.is_some_and(|c| self.claims.contains(&c));
        let deleted = |belongs: bool| belongs.then_some(Fate::Deleted);
        let reduced = |belongs: bool, to: &dyn Fn() -> Record| belongs.then(|| Fate::Reduced(Box::new(to())));
        match record {
            Record::Client(r) => deleted(r.id == self.client),
            Record::Hold(r) => deleted(r.client == self.client),
            Record::Sheet(r) => deleted(of(&r.engagement)),
            Record::Note(r) => deleted(of(&r.engagement)),
            Record::Attachment(r) => deleted(of(&r.engagement)),
            Record::Policy(r) => deleted(of(&r.engagement)),
            Record::Regulations(r) => deleted(of(&r.engagement)),
            Record::Plan(r) => deleted(of(&r.engagement)),
            Record::FinalReport(r) => deleted(of(&r.engagement)),
            Record::Artefact(r) => deleted(r.engagement.as_ref().is_some_and(of) || of_claim(r.claim)),
            Record::Pairing(r) => deleted(of(&r.engagement)),
            Record::Handout(r) => deleted(of(&r.engagement)),
            Record::Returned(r) => deleted(of(&r.engagement)),
            Record::Shared(r) => deleted(of(&r.engagement)),
            Record::Engagement(r) if self.copies.contains(&r.id) => deleted(of(&r.id)),
            Record::Engagement(r) => reduced(of(&r.id), &|| Record::Engagement(bare_engagement(r))),
            Record::Claim(r) => {
                reduced(self.claims.contains(&r.id), &|| Record::Claim(bare_claim(r, &self.engagements)))
            }
            Record::Outbox(r) => {
                let belongs = r.engagement.as_ref().is_some_and(of) || of_claim(r.claim);
                reduced(belongs, &|| Record::Outbox(bare_bundle(r)))
            }
            Record::Profile(_)
            | Record::Enrolment(_)
            | Record::Purge(_)
            | Record::Care(_)
            | Record::Resumption(_)
            | Record::Phrase(_)
            | Record::Expert(_)
            | Record::Case(_)
            | Record::Delivery(_)
            | Record::PayRun(_) => None,
        }
    }

    /// The blobs that go: those of the client's records, and of its attachments that were deleted and could still be put
    /// back until now. What another firm has too, today or in its bin, stays: the same bytes are stored once.
    fn blobs(&self, books: &Books, journal: &[(u64, JournalEntry)]) -> Vec<Id> {
        let told = journal.iter().flat_map(|(_, e)| &e.changes).flat_map(|c| [&c.before, &c.after]).flatten();
        let deleted = told.filter(|r| matches!(r, Record::Attachment(_))).cloned();
        let mut go: BTreeMap<Id, bool> = BTreeMap::new();
        for record in books.records().into_iter().chain(deleted) {
            let own = self.fate(&record).is_some();
            blobs(&record).into_iter().for_each(|id| *go.entry(id).or_insert(true) &= own);
        }
        go.into_iter().filter(|(_, own)| *own).map(|(id, _)| id).collect()
    }

    fn entries(&self, journal: &[(u64, JournalEntry)]) -> Vec<u64> {
        let about = |record: &Option<Record>| record.as_ref().is_some_and(|r| self.fate(r).is_some());
        let tells = |entry: &JournalEntry| entry.changes.iter().any(|c| about(&c.before) || about(&c.after));
        journal.iter().filter(|(_, entry)| tells(entry)).map(|(seq, _)| *seq).collect()
    }
}

fn blobs(record: &Record) -> Vec<Id> {
    match record {
        Record::Artefact(r) => vec![r.blob],
        Record::Attachment(r) => vec![r.blob],
        Record::Outbox(r) => r.blob.into_iter().collect(),
        Record::Delivery(r) => r.parts.values().copied().collect(),
        _ => Vec::new(),
    }
}

/// What a claim needs of an engagement: its number and when its sessions were held and confirmed. Every field is
/// named here, so that a new one has to be decided.
fn bare_engagement(e: &Engagement) -> Engagement {
    let ending = e.ending.as_ref();
    Engagement {
        id: e.id,
        client: e.client,
        case_no: e.case_no.clone(),
        programme: e.programme.clone(),
        matched_on: e.matched_on,
        sessions: e.sessions.iter().map(bare_session).collect(),
        ending: ending.map(|x| Ending { kind: x.kind, after: x.after, reason: String::new(), on: x.on }),
        two_star: TwoStar::NotStarted,
        expectations: String::new(),
        hearing: Hearing::default(),
    }
}

fn bare_session(s: &Session) -> Session {
    let held = s.held.as_ref();
    Session {
        planned: None,
        held: held.map(|h| Held {
            date: h.date,
            start: h.start,
            end: h.end,
            mode: h.mode,
            attendees: 0,
            management_present: false,
            place: String::new(),
        }),
        checks: BTreeMap::new(),
        confirmation: s.confirmation.as_ref().map(|c| Confirmation {
            signed_on: c.signed_on,
            signer_title: String::new(),
            signer: String::new(),
            assurance: c.assurance,
            original_posted_on: c.original_posted_on,
            evidence_sha256: c.evidence_sha256.clone(),
        }),
        report: ReportText::default(),
        // Whether two sessions shared a day decides the fee; why they did is the firm's.
        combined_reason: s.combined_reason.as_ref().map(|_| String::new()),
        clock: None,
        own: Vec::new(),
    }
}

fn bare_claim(c: &Claim, engagements: &BTreeSet<Id>) -> Claim {
    let line = |l: &ClaimLine| ClaimLine {
        engagement: l.engagement,
        case_no: l.case_no.clone(),
        client_name: if engagements.contains(&l.engagement) { String::new() } else { l.client_name.clone() },
        sessions: l.sessions.clone(),
        held_on: l.held_on,
        fee: l.fee,
    };
    Claim {
        id: c.id,
        number: c.number,
        programme: c.programme.clone(),
        pattern: c.pattern,
        claimed_on: c.claimed_on,
        lines: c.lines.iter().map(line).collect(),
        gross: c.gross,
        tax: c.tax,
        withheld: c.withheld,
        net: c.net,
        state: c.state,
    }
}

/// A bundle's place in the chain, its hashes and its receipt prove that it was sent.
fn bare_bundle(i: &OutboxItem) -> OutboxItem {
    OutboxItem {
        id: i.id,
        kind: i.kind,
        engagement: i.engagement,
        claim: i.claim,
        session: i.session,
        seq: i.seq,
        manifest_sha256: i.manifest_sha256.clone(),
        sha256: i.sha256.clone(),
        size: i.size,
        blob: None,
        ticket: i.ticket.clone(),
        sealed_at: i.sealed_at,
        state: i.state,
        attempts: i.attempts,
        receipt: i.receipt.clone(),
        reply: None,
        answered_on: i.answered_on,
    }
}
