//! Sealing reports and claims into the outbox, sending them, and taking receipts and answers in.

use std::path::Path;

use bansou_core::bundle;
use bansou_core::claim;
use bansou_core::command::Command;
use bansou_core::document::Request;
use bansou_core::outbox::{self, NextPlace, OutboxCommand, OutboxEvent};
use bansou_core::record::v1::{BundleKind, Claim, ClaimState, Id, OutboxItem, OutboxState};
use bansou_core::refusal::Refusal;
use bansou_core::resume::ResumeCommand;
use bansou_core::wire::v1::ack::Ack;
use bansou_core::wire::v1::envelope::{Context, Signed, to_json};
use bansou_core::wire::v1::manifest::sha256_hex;
use bansou_core::wire::v1::receipt::InboxEntry;
use bansou_core::wire::v1::reply::Reply;

use super::carry::{Carrier, CarryError, Folder, Https, Sealed, Sent};
use super::clock;
use super::documents::Typesetter;
use super::enrol::Enrolled;
use super::failure::Failure;
use super::home::Home;
use super::letter::{Letter, Part, Place, seal_letter};
use super::papers;
use super::resume;
use super::seal;

/// Makes the forms and deliverables that travel with a session's report, then seals it into the outbox.
pub fn seal_report(
    home: &mut Home,
    typesetter: &Typesetter,
    engagement: Id,
    session: u8,
) -> Result<OutboxItem, Failure> {
    if home.books.reported(home.engagement(engagement)?, session) {
        return Err(Refusal::AlreadySent.into());
    }
    Enrolled::of(home)?;
    resume::may_seal(home)?;
    make_missing(home, typesetter, engagement, session)?;
    let found = home.engagement(engagement)?;
    let report = bundle::report(&home.books, home.pack_of(engagement)?, found, session)?;
    bundle::complete(&report)?;
    let supersedes = home.books.report_sent(engagement, session).map(|s| s.id);
    let letter = Letter {
        supersedes,
        kind: BundleKind::Report,
        case_no: Some(found.case_no.clone()),
        programme: found.programme.clone(),
        session: Some(session),
        session_date: Some(report.payload.held_on),
    };
    let mut parts = vec![Part::json("report", to_json(&report.payload))];
    for (role, id) in &report.documents {
        parts.push(document(home, role, *id)?);
    }
    queue(home, &letter, &parts, Some(engagement), None)
}

/// The forms are made anew, so that they say what the records say now; deliverables only if they are missing.
fn make_missing(home: &mut Home, typesetter: &Typesetter, engagement: Id, session: u8) -> Result<(), Failure> {
    let forms = [bundle::form_of(session), "form5"];
    for document in forms {
        let request = Request::Engagement { engagement, document: document.into(), session: Some(session) };
        papers::make(home, typesetter, &request)?;
    }
    let report = bundle::report(&home.books, home.pack_of(engagement)?, home.engagement(engagement)?, session)?;
    for document in report.unmade {
        let request = Request::Engagement { engagement, document, session: None };
        papers::make(home, typesetter, &request)?;
    }
    Ok(())
}

fn document(home: &Home, role: &str, artefact: Id) -> Result<Part, Failure> {
    let made = home.books.artefacts.get(&artefact).ok_or(Refusal::NotFound { what: "document" })?;
    Ok(Part::pdf(role, home.blob(made.blob)?))
}

/// Makes the claim form and seals the claim into the outbox.
pub fn seal_claim(home: &mut Home, typesetter: &Typesetter, claim: Id) -> Result<OutboxItem, Failure> {
    let found: Claim = home.books.claims.get(&claim).ok_or(Refusal::NotFound { what: "claim" })?.clone();
    if found.state == ClaimState::Sent {
        return Err(Refusal::AlreadySent.into());
    }
    Enrolled::of(home)?;
    resume::may_seal(home)?;
    let form = papers::make(home, typesetter, &Request::Claim(claim))?;
    let pack = bansou_core::command::pack(&home.packs, &found.programme)?;
    let payload = claim::payload(&home.books, pack, &found);
    let letter = Letter {
        supersedes: None,
        kind: BundleKind::Claim,
        case_no: None,
        programme: found.programme.clone(),
        session: None,
        session_date: None,
    };
    let parts = vec![Part::json("claim", to_json(&payload)), document(home, &form.document, form.id)?];
    queue(home, &letter, &parts, None, Some(claim))
}

/// Seals a letter and puts it into the outbox, bytes and row in one transaction.
fn queue(
    home: &mut Home,
    letter: &Letter,
    parts: &[Part],
    engagement: Option<Id>,
    claim: Option<Id>,
) -> Result<OutboxItem, Failure> {
    let enrolled = Enrolled::of(home)?;
    let NextPlace { seq, prev, resumed_after } = outbox::next_place(&home.books);
    let seed = clock::seed();
    let id = Id::grown(&seed, 0);
    let practice = home.profile()?.practice;
    let place = Place { id, seq, prev, resumed_after, practice, claimed_time: home.now() };
    let (sealed, ticket) = seal_letter(letter, place, parts, &home.keys, &enrolled.audience)?;
    let blob = Id::grown(&seed, 1);
    let item = OutboxItem {
        id,
        kind: letter.kind,
        engagement,
        claim,
        session: letter.session,
        seq,
        manifest_sha256: sha256_hex(sealed.manifest_text.as_bytes()),
        sha256: sealed.sha256,
        size: sealed.size,
        blob: Some(blob),
        ticket: ticket.to_json(),
        sealed_at: home.now(),
        state: OutboxState::Queued,
        attempts: 0,
        receipt: None,
        reply: None,
        answered_on: None,
    };
    let command = Command::Outbox(OutboxCommand::Queue(Box::new(item.clone())));
    home.apply_with(command, &[(blob, &sealed.bytes)])?;
    Ok(item)
}

fn event(home: &mut Home, id: Id, event: OutboxEvent) -> Result<(), Failure> {
    home.apply(Command::Outbox(OutboxCommand::Event { id, event })).map(drop)
}

/// What waits, with its frozen bytes.
pub fn waiting(home: &Home) -> Result<Vec<(Id, Sealed)>, Failure> {
    outbox::to_send(&home.books).into_iter().map(|item| Ok((item.id, frozen(home, item)?))).collect()
}

fn frozen(home: &Home, item: &OutboxItem) -> Result<Sealed, Failure> {
    Ok(Sealed {
        sha256: item.sha256.clone(),
        ticket: Signed::from_json(&item.ticket)?,
        bytes: home.blob(item.blob.ok_or(Refusal::NotFound { what: "bundle" })?)?.to_vec(),
    })
}

/// Sends everything that waits; gives how many receipts were verified. Stops at the first failure, losing nothing.
pub fn send(home: &mut Home) -> Result<usize, Failure> {
    let enrolled = Enrolled::of(home)?;
    let server = Https::new(&enrolled.server)?;
    let key = enrolled.receipt_key()?;
    let mut received = 0;
    for (id, sealed) in waiting(home)? {
        received += usize::from(settle_sent(home, id, server.send(&sealed, &key))?);
    }
    Ok(received)
}

/// Records how sending a bundle went; true when a receipt came back.
pub fn settle_sent(home: &mut Home, id: Id, sent: Result<Sent, CarryError>) -> Result<bool, Failure> {
    event(home, id, OutboxEvent::SendingStarted)?;
    match sent {
        Ok(sent) => settle(home, id, sent),
        Err(e) => {
            event(home, id, OutboxEvent::SendingFailed)?;
            Err(e.into())
        }
    }
}

fn settle(home: &mut Home, id: Id, sent: Sent) -> Result<bool, Failure> {
    match sent {
        Sent::Received(receipt) => {
            event(home, id, OutboxEvent::Received(receipt.to_json()))?;
            Ok(true)
        }
        Sent::Exported => {
            event(home, id, OutboxEvent::Exported)?;
            Ok(false)
        }
    }
}

/// Writes everything that waits into a folder; gives how many bundles lie there now.
pub fn export(home: &mut Home, dir: &Path) -> Result<usize, Failure> {
    let key = Enrolled::of(home)?.receipt_key()?;
    std::fs::create_dir_all(dir).map_err(|e| Failure::file(dir, &e))?;
    let folder = Folder::open(dir)?;
    let waiting = waiting(home)?;
    for (id, sealed) in &waiting {
        let sent = folder.send(sealed, &key)?;
        settle(home, *id, sent)?;
    }
    Ok(waiting.len())
}

/// What a round of sending or importing brought.
#[derive(Debug, Default)]
pub struct Synced {
    pub receipts: usize,
    pub replies: usize,
    /// Bundles of this home's key that it did not know: sealed after its backup, or by another copy of it.
    pub found: usize,
    /// Why the server did not list this key's bundles, when it was asked and refused.
    pub unlisted: Option<CarryError>,
}

/// Asks for the list of this key's bundles, sends what waits and fetches the answers.
pub fn sync(home: &mut Home) -> Result<Synced, Failure> {
    let server = resume::server(home, &Enrolled::of(home)?.server)?;
    let (found, unlisted) = take_mailbox(home, server.mailbox())?;
    let receipts = send(home)?;
    Ok(Synced { receipts, replies: fetch_replies(home)?, found, unlisted })
}

/// Takes the server's list in; a refusal to give it holds up only a home that has to know.
pub fn take_mailbox(
    home: &mut Home,
    listed: Result<Vec<InboxEntry>, CarryError>,
) -> Result<(usize, Option<CarryError>), Failure> {
    match listed {
        Ok(entries) => Ok((resume::by_mailbox(home, &entries)?, None)),
        Err(refused @ CarryError::Refused(_)) if resume::may_seal(home).is_ok() => Ok((0, Some(refused))),
        Err(e) => Err(e.into()),
    }
}

/// Takes receipts and answers from a folder that came back.
pub fn import(home: &mut Home, dir: &Path) -> Result<Synced, Failure> {
    let key = Enrolled::of(home)?.receipt_key()?;
    let folder = Folder::open(dir)?;
    let found = resume::by_folder(home, &folder)?;
    let mut receipts = 0;
    let open: Vec<(Id, String, Signed)> = home
        .books
        .outbox
        .values()
        .filter(|i| i.receipt.is_none())
        .map(|i| Ok((i.id, i.sha256.clone(), Signed::from_json(&i.ticket)?)))
        .collect::<Result<_, Failure>>()?;
    for (id, sha256, ticket) in open {
        if let Some(receipt) = folder.verified_receipt(&sha256, &ticket, &key)? {
            event(home, id, OutboxEvent::Received(receipt.to_json()))?;
            receipts += 1;
        }
    }
    Ok(Synced { receipts, replies: take_replies(home, &folder)?, found, unlisted: None })
}

/// Asks the server for the secretariat's answers; gives how many came.
pub fn fetch_replies(home: &mut Home) -> Result<usize, Failure> {
    let server = Https::new(&Enrolled::of(home)?.server)?;
    take_replies(home, &server)
}

fn take_replies(home: &mut Home, carrier: &dyn Carrier) -> Result<usize, Failure> {
    let mut taken = 0;
    for sha256 in unanswered(home) {
        if let Some(ack) = carrier.get_ack(&sha256)? {
            take_reply(home, &sha256, &ack)?;
            taken += 1;
        }
    }
    Ok(taken)
}

/// Hashes of the bundles whose answer is still to come.
pub fn unanswered(home: &Home) -> Vec<String> {
    let own = outbox::awaiting_reply(&home.books).into_iter().map(|i| &i.sha256);
    own.chain(bansou_core::resume::awaiting_reply(&home.books)).cloned().collect()
}

/// Takes one answer in, after both of its signatures were verified.
pub fn take_reply(home: &mut Home, sha256: &str, ack: &Signed) -> Result<(), Failure> {
    let Reply { accepted, note, seq, .. } = read_reply(home, sha256, ack)?;
    let Some(item) = home.books.outbox.values().find(|i| i.sha256 == sha256) else {
        let replied = ResumeCommand::Replied { sha256: sha256.to_owned(), accepted, note, seq };
        return home.apply(Command::Resume(replied)).map(drop);
    };
    if seq.is_some_and(|seq| seq != item.seq) {
        return Err(CarryError::Answer("the answer names another number for this bundle").into());
    }
    let id = item.id;
    let outcome = if accepted { OutboxEvent::Accepted(note) } else { OutboxEvent::Returned(note) };
    event(home, id, outcome)
}

/// An answer is believed only when the secretariat's key signed it, inside and outside, and it names this bundle.
fn read_reply(home: &Home, sha256: &str, ack: &Signed) -> Result<Reply, Failure> {
    let staff = Enrolled::of(home)?.staff_key();
    let outer: Ack = ack.open_by(Context::Ack, &staff)?;
    let inner = seal::open_text(&outer.sealed_bytes()?, &home.keys.identity)?;
    let reply: Reply = inner.open_by(Context::Reply, &staff)?;
    if outer.sha256 != sha256 || reply.sha256 != sha256 {
        return Err(CarryError::Answer("the answer is for another bundle").into());
    }
    Ok(reply)
}
