//! A home in memory and the shortest ways to bring it into a state.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bansou_core::books::Books;
use bansou_core::bundle;
use bansou_core::claim::ClaimCommand;
use bansou_core::client::ClientCommand;
use bansou_core::command::{Command, Ctx, apply, entry};
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::office::OfficeCommand;
use bansou_core::outbox::{OutboxCommand, OutboxEvent, next_place};
use bansou_core::programme::{Pack, builtin};
use bansou_core::record::v1::{
    Artefact, Assurance, BundleKind, Change, Client, Confirmation, Contact, Delivery, EndingKind, Engagement,
    Enrolment, ExpertEntry, Held, Id, JournalEntry, Mode, OutboxItem, OutboxState, PatternCode, Planned, Profile,
    ReportText,
};
use bansou_core::refusal::Refusal;
use bansou_core::session::{SessionAction, SessionCommand};
use jiff::civil::{Date, DateTime, date, time};

pub static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(builtin);

pub fn pack(id: &str) -> &'static Pack {
    PACKS.iter().find(|p| p.programme.id == id).unwrap()
}

/// Days of a standard engagement: sessions 1 to 4.
pub const DAYS: [Date; 4] = [date(2026, 10, 1), date(2026, 10, 15), date(2026, 10, 29), date(2026, 11, 12)];
pub const TODAY: Date = date(2026, 11, 20);
/// Every document a standard engagement delivers.
pub const PAPERS: [&str; 5] = ["diagnosis", "policy", "regulations", "plan", "final-report"];

pub fn id(n: u8) -> Id {
    Id([n; 16])
}

pub struct World {
    pub books: Books,
    pub now: DateTime,
    pub journal: Vec<JournalEntry>,
    fresh: u64,
}

impl World {
    /// An enrolled expert's home without clients.
    pub fn new() -> Self {
        let mut world =
            Self { books: Books::default(), now: TODAY.to_datetime(time(18, 0, 0, 0)), journal: Vec::new(), fresh: 0 };
        world.ok(Command::SetProfile(Box::new(profile())));
        world.ok(Command::Enrol(Box::new(enrolment())));
        world
    }

    /// A home with one engagement, case K-0001, matched on 2026-09-15.
    pub fn begun() -> (Self, Id) {
        let mut world = Self::new();
        let engagement = world.begin("K-0001");
        (world, engagement)
    }

    /// The same after so many sessions with proof and words.
    pub fn held(sessions: u8) -> (Self, Id) {
        let (mut world, engagement) = Self::begun();
        for n in 1..=sessions {
            world.work(engagement, n, DAYS[usize::from(n) - 1]);
        }
        (world, engagement)
    }

    pub fn seed(&mut self) -> [u8; 16] {
        self.fresh += 1;
        let mut seed = [0; 16];
        seed[..8].copy_from_slice(&self.fresh.to_be_bytes());
        seed
    }

    /// Ids that no other world of a test gives.
    pub fn fresh_from(&mut self, n: u64) {
        self.fresh = n;
    }

    pub fn fresh(&mut self) -> Id {
        Id::grown(&self.seed(), 0)
    }

    pub fn run(&mut self, command: Command) -> Result<Vec<Change>, Refusal> {
        let ctx = Ctx { now: self.now, seed: self.seed(), packs: &PACKS };
        let name = command.name();
        let changes = apply(&self.books, &ctx, command)?;
        self.books.follow(&changes);
        self.journal.push(entry(self.now, name, changes.clone(), None));
        Ok(changes)
    }

    pub fn ok(&mut self, command: Command) -> Vec<Change> {
        self.run(command).unwrap()
    }

    pub fn no(&mut self, command: Command) -> Refusal {
        let before = self.books.clone();
        let refusal = self.run(command).unwrap_err();
        assert_eq!(before, self.books);
        refusal
    }

    pub fn add(&mut self, client: Client) -> Id {
        self.ok(Command::Client(ClientCommand::Add(Box::new(client))))[0].id
    }

    pub fn begin(&mut self, case_no: &str) -> Id {
        let client = self.add(client());
        self.ok(begin(client, case_no))[0].id
    }

    pub fn engagement(&self, id: Id) -> &Engagement {
        &self.books.engagements[&id]
    }

    pub fn pack(&self, engagement: Id) -> &'static Pack {
        pack(&self.engagement(engagement).programme)
    }

    /// Holds and confirms a session and writes its report.
    pub fn work(&mut self, engagement: Id, session: u8, on: Date) {
        self.ok(hold(engagement, session, on, None));
        self.ok(confirm(engagement, session, on, Assurance::Paper));
        self.ok(write(engagement, session));
    }

    pub fn make(&mut self, engagement: Id, document: &str, session: Option<u8>) {
        let made = artefact(self.fresh(), engagement, document, session, self.now);
        self.ok(Command::KeepArtefact(Box::new(made)));
    }

    /// Everything that may be due is made.
    pub fn papers(&mut self, engagement: Id) {
        PAPERS.into_iter().for_each(|kind| self.make(engagement, kind, None));
    }

    pub fn forms(&mut self, engagement: Id, session: u8) {
        self.make(engagement, bundle::form_of(session), Some(session));
        self.make(engagement, "form5", Some(session));
    }

    pub fn report_item(&mut self, engagement: Id, session: u8) -> OutboxItem {
        let id = self.fresh();
        let seq = next_place(&self.books).seq;
        OutboxItem {
            session: Some(session),
            engagement: Some(engagement),
            ..item(id, seq, BundleKind::Report, self.now)
        }
    }

    /// Puts a session's report into the outbox; gives the bundle.
    pub fn seal(&mut self, engagement: Id, session: u8) -> Id {
        let item = self.report_item(engagement, session);
        self.ok(queue(&item));
        item.id
    }

    pub fn seal_claim(&mut self, claim: Id) -> Id {
        let id = self.fresh();
        let seq = next_place(&self.books).seq;
        self.ok(queue(&OutboxItem { claim: Some(claim), ..item(id, seq, BundleKind::Claim, self.now) }));
        id
    }

    pub fn event(&mut self, id: Id, event: OutboxEvent) {
        self.ok(Command::Outbox(OutboxCommand::Event { id, event }));
    }

    pub fn draft(&mut self, units: &[(Id, u8)]) -> Result<Id, Refusal> {
        let claimed_on = self.now.date();
        let changes = self.run(Command::Claim(ClaimCommand::Draft { units: units.to_vec(), claimed_on }))?;
        Ok(changes[0].id)
    }
}

pub fn profile() -> Profile {
    Profile {
        secretariat: false,
        practice: false,
        programme: "current-2026".into(),
        name: "山田 花子".into(),
        kana: "ヤマダ ハナコ".into(),
        registration: "R-001".into(),
        pattern: PatternCode::A,
        prefecture: 13,
        address: "東京都".into(),
        invoice_number: String::new(),
        company: String::new(),
    }
}

pub fn enrolment() -> Enrolment {
    Enrolment {
        root_key: "root".into(),
        certificate: "{}".into(),
        recipients: "{}".into(),
        server: String::new(),
        published: Vec::new(),
        open_tokens: Vec::new(),
    }
}

pub fn client() -> Client {
    Client {
        id: id(0),
        name: "例示工業株式会社".into(),
        kana: "レイジコウギョウ".into(),
        category: 1,
        main_industry: None,
        capital: 10_000_000,
        employees: 25,
        sole_proprietor: false,
        prefecture: 13,
        contact: Contact {
            representative_title: "代表取締役".into(),
            representative: "例示 太郎".into(),
            counterpart: "総務部長".into(),
        },
        one_star: true,
        added_on: TODAY,
        archived: false,
    }
}

pub fn begin(client: Id, case_no: &str) -> Command {
    let matched_on = date(2026, 9, 15);
    Command::Client(ClientCommand::Begin { client, case_no: case_no.into(), matched_on })
}

pub fn session(engagement: Id, session: u8, action: SessionAction) -> Command {
    Command::Session(SessionCommand { engagement, session, action })
}

pub fn plan(engagement: Id, number: u8, on: Date) -> Command {
    let planned = Planned { date: on, start: None, mode: Mode::Visit, moved_because: None };
    session(engagement, number, SessionAction::Plan(planned))
}

pub fn held_on(on: Date) -> Held {
    Held {
        date: on,
        start: time(14, 0, 0, 0),
        end: time(16, 0, 0, 0),
        mode: Mode::Visit,
        attendees: 2,
        management_present: true,
        place: "本社".into(),
    }
}

pub fn hold(engagement: Id, number: u8, on: Date, reason: Option<&str>) -> Command {
    let combined_reason = reason.map(str::to_owned);
    session(engagement, number, SessionAction::Hold { held: held_on(on), combined_reason })
}

pub fn confirm(engagement: Id, number: u8, on: Date, assurance: Assurance) -> Command {
    let confirmation = Confirmation {
        signed_on: on,
        signer_title: "総務部長".into(),
        signer: "例示 次郎".into(),
        assurance,
        original_posted_on: None,
        evidence_sha256: None,
    };
    session(engagement, number, SessionAction::Confirm(confirmation))
}

pub fn write(engagement: Id, number: u8) -> Command {
    let text = ReportText { content: "実施した".into(), focus: "体制".into(), message: String::new() };
    session(engagement, number, SessionAction::Report(text))
}

pub fn end(engagement: Id, kind: EndingKind, reason: &str) -> Command {
    let action = EngagementAction::End { kind, reason: reason.into() };
    Command::Engagement(EngagementCommand { engagement, action })
}

pub fn artefact(id: Id, engagement: Id, document: &str, session: Option<u8>, made_at: DateTime) -> Artefact {
    Artefact {
        id,
        engagement: Some(engagement),
        document: document.into(),
        session,
        claim: None,
        made_at,
        blob: id,
        sha256: "00".repeat(32),
        size: 1000,
        editions: vec!["current-2026".into()],
    }
}

pub fn item(id: Id, seq: u64, kind: BundleKind, sealed_at: DateTime) -> OutboxItem {
    OutboxItem {
        id,
        kind,
        engagement: None,
        claim: None,
        session: None,
        seq,
        manifest_sha256: format!("{seq:064}"),
        sha256: format!("{seq:064}"),
        size: 1000,
        blob: Some(id),
        ticket: "{}".into(),
        sealed_at,
        state: OutboxState::Queued,
        attempts: 0,
        receipt: None,
        reply: None,
        answered_on: None,
    }
}

pub fn queue(item: &OutboxItem) -> Command {
    Command::Outbox(OutboxCommand::Queue(Box::new(item.clone())))
}

/// What the secretariat gets when a session's report arrives.
pub fn report_delivery(world: &World, engagement: Id, session: u8, bundle: Id, seq: u64, expert: Id) -> Delivery {
    let found = world.engagement(engagement);
    let report = bundle::report(&world.books, world.pack(engagement), found, session).unwrap();
    let parts: BTreeMap<String, Id> = report.documents.into_iter().collect();
    Delivery {
        session_date: Some(report.payload.held_on),
        report: Some(report.payload),
        parts,
        ..delivery(bundle, seq, expert, BundleKind::Report, world.now)
    }
}

pub fn delivery(bundle: Id, seq: u64, expert: Id, kind: BundleKind, pulled_at: DateTime) -> Delivery {
    Delivery {
        id: bundle,
        kind,
        expert,
        seq,
        sha256: format!("{seq:064}"),
        log_index: Some(seq),
        session_date: None,
        pulled_at,
        report: None,
        claim: None,
        parts: BTreeMap::new(),
        findings: Vec::new(),
        review: None,
        manifest_sha256: None,
        prev: None,
        resumed_after: None,
    }
}

pub fn expert_entry(id: Id, name: &str) -> ExpertEntry {
    ExpertEntry {
        id,
        number: 0,
        name: name.into(),
        kana: "ヤマダ".into(),
        registration: "R-001".into(),
        pattern: PatternCode::A,
        prefecture: 13,
        signing_key: format!("key-{id}"),
        age_recipient: "age1".into(),
        certificate: "{}".into(),
        approved_on: TODAY,
        revoked_on: None,
        waived: Vec::new(),
    }
}

pub fn office(command: OfficeCommand) -> Command {
    Command::Office(command)
}

pub fn receive(delivery: &Delivery) -> Command {
    office(OfficeCommand::Receive(Box::new(delivery.clone())))
}

pub fn review(delivery: Id, accepted: bool, note: &str) -> Command {
    office(OfficeCommand::Review { delivery, accepted, note: note.into() })
}
