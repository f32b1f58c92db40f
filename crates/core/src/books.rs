//! Everything one home knows, in memory: the stored records, found by what they are about.

use std::collections::BTreeMap;

use crate::record::v1::{
    ActionPlan, Artefact, Attachment, Care, Case, Change, Claim, Client, Delivery, Engagement, Enrolment, ExpertEntry,
    FinalReport, Handout, Hold, Id, Note, OutboxItem, OutboxState, Pairing, PayRun, PolicyDraft, Profile, PurgeRecord,
    Record, RegulationsReview, Resumption, Returned, Shared, Sheet,
};

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
}

/// Hands every map of the books, with the kind of its records, to a macro.
macro_rules! every_map {
    ($do:ident) => {
        $do!(clients => Client, engagements => Engagement, sheets => Sheet, notes => Note, policies => Policy,
            regulations => Regulations, plans => Plan, final_reports => FinalReport, artefacts => Artefact,
            attachments => Attachment, claims => Claim, outbox => Outbox, experts => Expert, cases => Case,
            deliveries => Delivery, pay_runs => PayRun, holds => Hold, purges => Purge,
            pairings => Pairing, handouts => Handout, returns => Returned, shared => Shared)
    };
}

impl Books {
    /// Adds or replaces one record.
    pub fn put(&mut self, record: Record) {
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

    /// The engagement of a client.
    pub fn engagement_of(&self, client: Id) -> Option<&Engagement> {
        self.engagements.values().find(|e| e.client == client)
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
        let mut sheets: Vec<_> = self.sheets.values().filter(|s| s.engagement == engagement).collect();
        sheets.sort_by_key(|s| (s.taken_on, s.id));
        sheets
    }

    /// Notes of an engagement, oldest first.
    pub fn notes_of(&self, engagement: Id) -> Vec<&Note> {
        let mut notes: Vec<_> = self.notes.values().filter(|n| n.engagement == engagement).collect();
        notes.sort_by_key(|n| (n.at, n.id));
        notes
    }

    /// Attachments of an engagement in the order they came: their numbers, from 1.
    pub fn attachments_of(&self, engagement: Id) -> Vec<&Attachment> {
        let mut all: Vec<_> = self.attachments.values().filter(|a| a.engagement == engagement).collect();
        all.sort_by_key(|a| (a.imported_at, a.id));
        all
    }

    pub fn policy_of(&self, engagement: Id) -> Option<&PolicyDraft> {
        self.policies.values().find(|p| p.engagement == engagement)
    }

    pub fn regulations_of(&self, engagement: Id) -> Option<&RegulationsReview> {
        self.regulations.values().find(|r| r.engagement == engagement)
    }

    /// Who comes along to an engagement.
    pub fn pairing_of(&self, engagement: Id) -> Option<&Pairing> {
        self.pairings.values().find(|p| p.engagement == engagement)
    }

    /// The copies of an engagement that were handed out, oldest first.
    pub fn handouts_of(&self, engagement: Id) -> Vec<&Handout> {
        let mut all: Vec<_> = self.handouts.values().filter(|h| h.engagement == engagement).collect();
        all.sort_by_key(|h| (h.made_at, h.id));
        all
    }

    /// What came back of an engagement, oldest first.
    pub fn returns_of(&self, engagement: Id) -> Vec<&Returned> {
        let mut all: Vec<_> = self.returns.values().filter(|r| r.engagement == engagement).collect();
        all.sort_by_key(|r| (r.made_at, r.id));
        all
    }

    /// The share that an engagement of this home is the copy of.
    pub fn shared_of(&self, engagement: Id) -> Option<&Shared> {
        self.shared.values().find(|s| s.engagement == engagement)
    }

    pub fn plan_of(&self, engagement: Id) -> Option<&ActionPlan> {
        self.plans.values().find(|p| p.engagement == engagement)
    }

    pub fn final_report_of(&self, engagement: Id) -> Option<&FinalReport> {
        self.final_reports.values().find(|f| f.engagement == engagement)
    }

    /// The newest artefact of a document kind for an engagement (and session, for forms made once per session).
    pub fn artefact(&self, engagement: Id, document: &str, session: Option<u8>) -> Option<&Artefact> {
        self.artefacts
            .values()
            .filter(|a| a.engagement == Some(engagement) && a.document == document && a.session == session)
            .max_by_key(|a| (a.made_at, a.id))
    }

    /// The newest sealed report of a session.
    pub fn report_sent(&self, engagement: Id, session: u8) -> Option<&OutboxItem> {
        self.outbox
            .values()
            .filter(|o| o.engagement == Some(engagement) && o.session == Some(session))
            .max_by_key(|o| o.seq)
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
        self.outbox.values().any(|o| o.claim == Some(claim) && o.state == OutboxState::Returned)
    }

    /// The expert whose certificate names this Ed25519 key (base64).
    pub fn expert_by_key(&self, key: &str) -> Option<&ExpertEntry> {
        self.experts.values().find(|e| e.signing_key == key)
    }

    pub fn case_by_no(&self, case_no: &str) -> Option<&Case> {
        self.cases.values().find(|c| c.case_no == case_no)
    }
}
