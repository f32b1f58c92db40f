//! Everything one home knows, in memory: the stored records, found by what they are about.

pub mod index;

use std::collections::BTreeMap;

use crate::record::v1::{
    ActionPlan, Artefact, Attachment, Care, Case, Change, Claim, Client, Delivery, Engagement, Enrolment, ExpertEntry,
    FinalReport, Handout, Hold, Id, Note, OutboxItem, OutboxState, OwnPhrase, Pairing, PayRun, PolicyDraft, Profile,
    PurgeRecord, Record, RegulationsReview, Resumption, Returned, Shared, Sheet,
};

use index::{Index, Kind};

/// The state of one home. Changed only by `put` and `remove`, which mirror the vault.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    pub profile: Option<Profile>,
    pub enrolment: Option<Enrolment>,
    pub care: Option<Care>,
    pub clients: BTreeMap<Id, Client>,
    pub engagements: BTreeMap<Id, Engagement>,
    pub sheets: BTreeMap<Id, Sheet>,
    pub notes: BTreeMap<Id, Note>,
    pub policies: BTreeMap<Id, PolicyDraft>,
    pub regulations: BTreeMap<Id, RegulationsReview>,
    pub plans: BTreeMap<Id, ActionPlan>,
    pub final_reports: BTreeMap<Id, FinalReport>,
    pub artefacts: BTreeMap<Id, Artefact>,
    pub attachments: BTreeMap<Id, Attachment>,
    pub claims: BTreeMap<Id, Claim>,
    pub outbox: BTreeMap<Id, OutboxItem>,
    pub experts: BTreeMap<Id, ExpertEntry>,
    pub cases: BTreeMap<Id, Case>,
    pub deliveries: BTreeMap<Id, Delivery>,
    pub pay_runs: BTreeMap<Id, PayRun>,
    pub holds: BTreeMap<Id, Hold>,
    pub purges: BTreeMap<Id, PurgeRecord>,
    pub resumption: Option<Resumption>,
    pub pairings: BTreeMap<Id, Pairing>,
    pub handouts: BTreeMap<Id, Handout>,
    pub returns: BTreeMap<Id, Returned>,
    pub shared: BTreeMap<Id, Shared>,
    pub phrases: BTreeMap<Id, OwnPhrase>,
    /// Follows the records by itself.
    pub index: Index,
}

/// Hands every map of the books, with the kind of its records, to a macro.
macro_rules! every_map {
    ($do:ident) => {
        $do!(clients => Client, engagements => Engagement, sheets => Sheet, notes => Note, policies => Policy,
            regulations => Regulations, plans => Plan, final_reports => FinalReport, artefacts => Artefact,
            attachments => Attachment, claims => Claim, outbox => Outbox, experts => Expert, cases => Case,
            deliveries => Delivery, pay_runs => PayRun, holds => Hold, purges => Purge,
            pairings => Pairing, handouts => Handout, returns => Returned, shared => Shared,
            phrases => Phrase)
    };
}

impl Books {
    /// Adds or replaces one record.
    pub fn put(&mut self, record: Record) {
        if let Record::Claim(new) = &record
            && let Some(old) = self.claims.get(&new.id)
        {
            self.index.forget(&Record::Claim(old.clone()));
        }
        self.index.add(&record);
        match record {
            Record::Profile(r) => self.profile = Some(r),
            Record::Enrolment(r) => self.enrolment = Some(r),
            Record::Care(r) => self.care = Some(r),
            Record::Client(r) => drop(self.clients.insert(r.id, r)),
            Record::Engagement(r) => drop(self.engagements.insert(r.id, r)),
            Record::Sheet(r) => drop(self.sheets.insert(r.id, r)),
            Record::Note(r) => drop(self.notes.insert(r.id, r)),
            Record::Policy(r) => drop(self.policies.insert(r.id, r)),
            Record::Regulations(r) => drop(self.regulations.insert(r.id, r)),
            Record::Plan(r) => drop(self.plans.insert(r.id, r)),
            Record::FinalReport(r) => drop(self.final_reports.insert(r.id, r)),
            Record::Artefact(r) => drop(self.artefacts.insert(r.id, r)),
            Record::Attachment(r) => drop(self.attachments.insert(r.id, r)),
            Record::Claim(r) => drop(self.claims.insert(r.id, r)),
            Record::Outbox(r) => drop(self.outbox.insert(r.id, r)),
            Record::Expert(r) => drop(self.experts.insert(r.id, r)),
            Record::Case(r) => drop(self.cases.insert(r.id, r)),
            Record::Delivery(r) => drop(self.deliveries.insert(r.id, *r)),
            Record::PayRun(r) => drop(self.pay_runs.insert(r.id, r)),
            Record::Hold(r) => drop(self.holds.insert(r.id, r)),
            Record::Purge(r) => drop(self.purges.insert(r.id, r)),
            Record::Resumption(r) => self.resumption = Some(r),
            Record::Pairing(r) => drop(self.pairings.insert(r.id, r)),
            Record::Handout(r) => drop(self.handouts.insert(r.id, r)),
            Record::Returned(r) => drop(self.returns.insert(r.id, r)),
            Record::Shared(r) => drop(self.shared.insert(r.id, r)),
            Record::Phrase(r) => drop(self.phrases.insert(r.id, r)),
        }
    }

    /// The record stored under `id`, whatever its kind.
    pub fn record(&self, id: Id) -> Option<Record> {
        macro_rules! find {
            ($($map:ident => $kind:ident),*) => {
                $(if let Some(r) = self.$map.get(&id) { return Some(Record::$kind(r.clone().into())); })*
            };
        }
        match id {
            Id::PROFILE => return self.profile.clone().map(Record::Profile),
            Id::ENROLMENT => return self.enrolment.clone().map(Record::Enrolment),
            Id::RESUMPTION => return self.resumption.clone().map(Record::Resumption),
            Id::CARE => return self.care.clone().map(Record::Care),
            _ => {}
        }
        every_map!(find);
        None
    }

    /// Every record, kind by kind in order of id.
    pub fn records(&self) -> Vec<Record> {
        let mut all: Vec<Record> = self.profile.iter().cloned().map(Record::Profile).collect();
        all.extend(self.enrolment.iter().cloned().map(Record::Enrolment));
        all.extend(self.care.iter().cloned().map(Record::Care));
        all.extend(self.resumption.iter().cloned().map(Record::Resumption));
        macro_rules! take {
            ($($map:ident => $kind:ident),*) => {
                $(all.extend(self.$map.values().map(|r| Record::$kind(r.clone().into())));)*
            };
        }
        every_map!(take);
        all
    }

    /// Forgets the record stored under `id`.
    pub fn remove(&mut self, id: Id) {
        if let Some(old) = self.record(id) {
            self.index.forget(&old);
        }
        match id {
            Id::PROFILE => self.profile = None,
            Id::ENROLMENT => self.enrolment = None,
            Id::RESUMPTION => self.resumption = None,
            Id::CARE => self.care = None,
            _ => {}
        }
        macro_rules! forget {
            ($($map:ident => $kind:ident),*) => { $(self.$map.remove(&id);)* };
        }
        every_map!(forget);
    }

    /// Follows changes that the vault has accepted.
    pub fn follow(&mut self, changes: &[Change]) {
        for change in changes {
            match &change.after {
                Some(record) => self.put(record.clone()),
                None => self.remove(change.id),
            }
        }
    }

    /// The records of a kind that belong to an owner, in order of id.
    fn of<'a, T>(&'a self, kind: Kind, owner: Id, all: &'a BTreeMap<Id, T>) -> impl Iterator<Item = &'a T> {
        self.index.of(kind, owner).iter().filter_map(|id| all.get(id))
    }

    /// The claims that have a line of an engagement.
    pub fn claims_of(&self, engagement: Id) -> impl Iterator<Item = &Claim> {
        self.of(Kind::Claim, engagement, &self.claims)
    }

    /// The engagement of a client.
    pub fn engagement_of(&self, client: Id) -> Option<&Engagement> {
        self.of(Kind::Engagement, client, &self.engagements).next()
    }

    /// The client of an engagement.
    pub fn client_of(&self, engagement: &Engagement) -> Option<&Client> {
        self.clients.get(&engagement.client)
    }

    /// True while the client of an engagement is on the list: neither archived nor erased.
    pub fn listed(&self, engagement: &Engagement) -> bool {
        self.client_of(engagement).is_some_and(|c| !c.archived)
    }

    /// The legal holds that stand on a client.
    pub fn holds_on(&self, client: Id) -> impl Iterator<Item = &Hold> {
        self.holds.values().filter(move |h| h.client == client && h.released_on.is_none())
    }

    /// The sheets of an engagement, oldest first.
    pub fn sheets_of(&self, engagement: Id) -> Vec<&Sheet> {
        let mut sheets: Vec<_> = self.of(Kind::Sheet, engagement, &self.sheets).collect();
        sheets.sort_by_key(|s| (s.taken_on, s.id));
        sheets
    }

    /// Notes of an engagement, oldest first.
    pub fn notes_of(&self, engagement: Id) -> Vec<&Note> {
        let mut notes: Vec<_> = self.of(Kind::Note, engagement, &self.notes).collect();
        notes.sort_by_key(|n| (n.at, n.id));
        notes
    }

    /// Attachments of an engagement in the order they came: their numbers, from 1.
    pub fn attachments_of(&self, engagement: Id) -> Vec<&Attachment> {
        let mut all: Vec<_> = self.of(Kind::Attachment, engagement, &self.attachments).collect();
        all.sort_by_key(|a| (a.imported_at, a.id));
        all
    }

    pub fn policy_of(&self, engagement: Id) -> Option<&PolicyDraft> {
        self.of(Kind::Policy, engagement, &self.policies).next()
    }

    pub fn regulations_of(&self, engagement: Id) -> Option<&RegulationsReview> {
        self.of(Kind::Regulations, engagement, &self.regulations).next()
    }

    /// Who comes along to an engagement.
    pub fn pairing_of(&self, engagement: Id) -> Option<&Pairing> {
        self.of(Kind::Pairing, engagement, &self.pairings).next()
    }

    /// The copies of an engagement that were handed out, oldest first.
    pub fn handouts_of(&self, engagement: Id) -> Vec<&Handout> {
        let mut all: Vec<_> = self.of(Kind::Handout, engagement, &self.handouts).collect();
        all.sort_by_key(|h| (h.made_at, h.id));
        all
    }

    /// What came back of an engagement, oldest first.
    pub fn returns_of(&self, engagement: Id) -> Vec<&Returned> {
        let mut all: Vec<_> = self.of(Kind::Returned, engagement, &self.returns).collect();
        all.sort_by_key(|r| (r.made_at, r.id));
        all
    }

    /// The share that an engagement of this home is the copy of.
    pub fn shared_of(&self, engagement: Id) -> Option<&Shared> {
        self.of(Kind::Shared, engagement, &self.shared).next()
    }

    pub fn plan_of(&self, engagement: Id) -> Option<&ActionPlan> {
        self.of(Kind::Plan, engagement, &self.plans).next()
    }

    pub fn final_report_of(&self, engagement: Id) -> Option<&FinalReport> {
        self.of(Kind::FinalReport, engagement, &self.final_reports).next()
    }

    /// The newest artefact of a document kind for an engagement (and session, for forms made once per session).
    pub fn artefact(&self, engagement: Id, document: &str, session: Option<u8>) -> Option<&Artefact> {
        self.of(Kind::Artefact, engagement, &self.artefacts)
            .filter(|a| a.document == document && a.session == session)
            .max_by_key(|a| (a.made_at, a.id))
    }

    /// The newest sealed report of a session.
    pub fn report_sent(&self, engagement: Id, session: u8) -> Option<&OutboxItem> {
        let sent = self.of(Kind::Outbox, engagement, &self.outbox);
        sent.filter(|o| o.session == Some(session)).max_by_key(|o| o.seq)
    }

    /// Whether the report of a session stands: sealed, not returned, and not older than the ending it has to tell of.
    pub fn reported(&self, engagement: &Engagement, session: u8) -> bool {
        let ended = engagement.ending.as_ref().filter(|e| e.after == session).map(|e| e.on);
        self.report_sent(engagement.id, session).is_some_and(|sent| {
            sent.state != OutboxState::Returned && ended.is_none_or(|on| sent.sealed_at.date() >= on)
        })
    }

    /// Whether the secretariat returned a claim: what it claimed may be claimed again.
    pub fn claim_returned(&self, claim: Id) -> bool {
        self.of(Kind::Outbox, claim, &self.outbox).any(|o| o.state == OutboxState::Returned)
    }

    /// The expert whose certificate names this Ed25519 key (base64).
    pub fn expert_by_key(&self, key: &str) -> Option<&ExpertEntry> {
        self.experts.values().find(|e| e.signing_key == key)
    }

    pub fn case_by_no(&self, case_no: &str) -> Option<&Case> {
        self.cases.values().find(|c| c.case_no == case_no)
    }
}
