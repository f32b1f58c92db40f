//! The secretariat's side: founding, inviting, approving, pulling, reviewing and answering.

use std::collections::BTreeMap;
use std::path::Path;

use bansou_core::command::Command;
use bansou_core::office::OfficeCommand;
use bansou_core::record::v1::{BundleKind, Delivery, Enrolment, ExpertEntry, Id};
use bansou_core::refusal::Refusal;
use bansou_core::wire::v1::ack::Ack;
use bansou_core::wire::v1::enrolment::{Certificate, Invitation, Pack, Request, check_request, key_of};
use bansou_core::wire::v1::envelope::{Context, Signed, fingerprint, hex, to_json};
use bansou_core::wire::v1::manifest::sha256_hex;
use bansou_core::wire::v1::payload::{ClaimPayload, ReportPayload};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use bansou_core::wire::v1::reply::Reply;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::ToSpan as _;

use super::carry::{Carrier, CarryError, Folder, Https, Incoming};
use super::clock;
use super::failure::Failure;
use super::home::Home;
use super::letter;
use super::papers;
use super::resume;
use super::seal::{self, Expected, Opened, SealError};

/// Gives a new secretariat's home its own recipients file; the server's receipt key is pinned by `publish`.
pub fn found(home: &mut Home, server: &str) -> Result<(), Failure> {
    let profile = home.profile()?;
    let recipients = Recipients {
        v: 1,
        version: 1,
        expires: expiry(home),
        age: vec![home.keys.public().age.clone()],
        receipt_key: String::new(),
        programme: profile.programme.clone(),
        practice: profile.practice,
    };
    let signed = sign(home, Context::Recipients, to_json(&recipients));
    keep(home, &signed, server.to_owned())
}

fn sign(home: &Home, context: Context, body: String) -> Signed {
    seal::sign(&home.keys.signing, context, body)
}

fn keep(home: &mut Home, recipients: &Signed, server: String) -> Result<(), Failure> {
    let before = home.books.enrolment.clone();
    let (mut published, open_tokens) = before.map_or_else(Default::default, |e| (e.published, e.open_tokens));
    let hash = sha256_hex(recipients.body.as_bytes());
    if !published.contains(&hash) {
        published.push(hash);
    }
    let root_key = STANDARD.encode(home.keys.public().signing);
    let (certificate, recipients) = (String::new(), recipients.to_json());
    let enrolment = Enrolment { root_key, certificate, recipients, server, published, open_tokens };
    home.apply(Command::Enrol(Box::new(enrolment))).map(drop)
}

/// Recipients files are renewed at least every quarter.
fn expiry(home: &Home) -> String {
    home.now().date().saturating_add(90.days()).to_string()
}

fn own(home: &Home) -> Result<(Enrolment, Recipients), Failure> {
    if !home.profile()?.secretariat {
        return Err(Refusal::NotFound { what: "secretariat" }.into());
    }
    let enrolment = home.books.enrolment.clone().ok_or(Refusal::NotEnrolled)?;
    let signed = Signed::from_json(&enrolment.recipients)?;
    let body = signed.open_by(Context::Recipients, &home.keys.public().signing)?;
    Ok((enrolment, body))
}

fn server(home: &Home) -> Result<Https, Failure> {
    let (enrolment, _) = own(home)?;
    resume::server(home, &enrolment.server)
}

/// Pins the server's receipt key and hands it the recipients file and the roster; gives the new version.
pub fn publish(home: &mut Home) -> Result<u64, Failure> {
    let address = own(home)?.0.server;
    publish_to(home, address)
}

/// Like `publish`, to the server that the secretariat talks to from now on; it is remembered only when it has the
/// pinned receipt key and took both files.
pub fn publish_to(home: &mut Home, address: String) -> Result<u64, Failure> {
    let (_, mut body) = own(home)?;
    let server = resume::server(home, &address)?;
    let receipt_key = STANDARD.encode(server.receipt_key()?);
    if !body.receipt_key.is_empty() && body.receipt_key != receipt_key {
        return Err(Failure::input(
            "サーバーの受領鍵が前と違います。サーバーの管理者に確かめてください。",
            "The server's receipt key has changed. Ask the server's administrator.",
        ));
    }
    body.version += 1;
    body.receipt_key = receipt_key;
    body.expires = expiry(home);
    let recipients = sign(home, Context::Recipients, to_json(&body));
    let active = home.books.experts.values().filter(|e| e.revoked_on.is_none());
    let roster = Roster {
        v: 1,
        version: body.version,
        experts: active.map(|e| e.signing_key.clone()).collect(),
        staff: vec![STANDARD.encode(home.keys.public().signing)],
    };
    server.publish_recipients(&recipients)?;
    server.publish_roster(&sign(home, Context::Roster, to_json(&roster)))?;
    keep(home, &recipients, address)?;
    Ok(body.version)
}

/// Writes an invitation; its token names this one expert's request.
pub fn invite(home: &mut Home, out: &Path) -> Result<(), Failure> {
    let (mut enrolment, body) = own(home)?;
    let token = hex(&clock::seed());
    let invitation = Invitation {
        root_key: enrolment.root_key.clone(),
        v: 1,
        programme: body.programme,
        practice: body.practice,
        server: enrolment.server.clone(),
        recipients: Signed::from_json(&enrolment.recipients)?,
        token: token.clone(),
    };
    let signed = sign(home, Context::Enrolment, to_json(&invitation));
    papers::write_file(out, signed.to_json().as_bytes())?;
    enrolment.open_tokens.push(sha256_hex(token.as_bytes()));
    home.apply(Command::Enrol(Box::new(enrolment))).map(drop)
}

/// A request as the secretariat sees it before deciding.
pub struct Seen {
    pub name: String,
    pub fingerprint: String,
    request: Request,
}

/// Opens an expert's request and verifies that the key in it signed it.
pub fn read_request(home: &Home, file: &Path) -> Result<Seen, Failure> {
    let (enrolment, _) = own(home)?;
    let sealed = std::fs::read(file).map_err(|e| Failure::file(file, &e))?;
    let signed = seal::open_text(&sealed, &home.keys.identity)?;
    let request = check_request(&signed, &enrolment.open_tokens.into_iter().collect())?;
    let key = key_of(&request.signing_key)?;
    Ok(Seen { name: request.name.clone(), fingerprint: fingerprint(&key), request })
}

/// Signs a certificate for the expert and writes the pack only that expert can open; gives the expert's id.
pub fn approve(home: &mut Home, file: &Path, out: &Path) -> Result<Id, Failure> {
    let seen = read_request(home, file)?;
    approve_seen(home, seen, out)
}

/// The same for a request that was read already.
pub fn approve_seen(home: &mut Home, seen: Seen, out: &Path) -> Result<Id, Failure> {
    let (enrolment, body) = own(home)?;
    let request = seen.request;
    if let Some(known) = home.books.expert_by_key(&request.signing_key) {
        return Ok(known.id);
    }
    let id = Id::grown(&clock::seed(), 0);
    let pack = bansou_core::command::pack(&home.packs, &body.programme)?;
    let number = home.books.experts.values().map(|e| e.number).max().unwrap_or(0) + 1;
    let certificate = Certificate {
        v: 1,
        expert_id: format!("E-{number:03}"),
        signing_key: request.signing_key.clone(),
        age_recipient: request.age_recipient.clone(),
        pattern: request.pattern,
        programme: body.programme.clone(),
        valid_until: pack.programme.ends,
    };
    let certificate = sign(home, Context::Certificate, to_json(&certificate));
    let entry = ExpertEntry {
        id,
        number,
        name: request.name,
        kana: request.kana,
        registration: request.riss_number,
        pattern: request.pattern,
        prefecture: request.prefecture,
        signing_key: request.signing_key,
        age_recipient: request.age_recipient,
        certificate: certificate.to_json(),
        approved_on: home.now().date(),
        revoked_on: None,
        waived: Vec::new(),
    };
    let used = sha256_hex(request.token.as_bytes());
    home.apply(Command::Office(OfficeCommand::Approve(Box::new(entry))))?;
    let (mut spent, _) = own(home)?;
    spent.open_tokens.retain(|t| *t != used);
    home.apply(Command::Enrol(Box::new(spent)))?;
    if !enrolment.server.is_empty() {
        publish(home)?;
    }
    let (enrolment, _) = own(home)?;
    let recipients = Signed::from_json(&enrolment.recipients)?;
    let pack = Pack { certificate, recipients, server: enrolment.server };
    papers::write_file(out, to_json(&pack).as_bytes())?;
    Ok(id)
}

/// Fetches, opens and checks everything new, from the server or a folder; gives how many deliveries are new.
/// A revoked expert's or a damaged bundle is refused without holding up the others.
pub fn pull(home: &mut Home, folder: Option<&Path>) -> Result<usize, Failure> {
    let carrier: Box<dyn Carrier> = match folder {
        Some(dir) => Box::new(Folder::open(dir)?),
        None => Box::new(server(home)?),
    };
    let after = home.books.deliveries.values().filter_map(|d| d.log_index).max().unwrap_or(0);
    let known: Vec<String> = home.books.deliveries.values().map(|d| d.sha256.clone()).collect();
    let mut opened = Vec::new();
    let mut first = None;
    for incoming in carrier.inbox(if folder.is_some() { 0 } else { after })? {
        if !known.contains(&incoming.sha256) {
            match open_one(home, carrier.as_ref(), &incoming) {
                Ok(one) => opened.push((incoming.position, incoming.sha256, one)),
                Err(failure) => drop(first.get_or_insert(failure)),
            }
        }
    }
    // A folder has no order of its own; the experts' sequence numbers have.
    opened.sort_by_key(|(position, _, o)| (*position, o.manifest.seq));
    let new = opened.len();
    for (position, sha256, opened) in opened {
        if let Err(failure) = take(home, position, sha256, opened) {
            first.get_or_insert(failure);
        }
    }
    // One bundle that is refused holds up no other; the first refusal is told after the rest is in.
    first.map_or(Ok(new), Err)
}

fn open_one(home: &Home, carrier: &dyn Carrier, incoming: &Incoming) -> Result<Opened, Failure> {
    let bytes = carrier.fetch(&incoming.sha256)?;
    let expected = expected(home, incoming.ticket.key_bytes()?)?;
    Ok(seal::open(&bytes, &home.keys.identity, &expected)?)
}

/// Pulls, then hands over the answers that have not left yet.
pub fn exchange(home: &mut Home, folder: Option<&Path>) -> Result<(), Failure> {
    pull(home, folder)?;
    match folder {
        Some(dir) => acknowledge_all(home, &Folder::open(dir)?).map(drop),
        None => acknowledge_all(home, &server(home)?).map(drop),
    }
}

fn expected(home: &Home, signer: [u8; 32]) -> Result<Expected, Failure> {
    let (enrolment, body) = own(home)?;
    let recipients = enrolment.published.into_iter().collect();
    Ok(Expected { programme: body.programme, practice: body.practice, recipients, signer: Some(signer) })
}

fn take(home: &mut Home, position: u64, sha256: String, opened: Opened) -> Result<(), Failure> {
    let signer = STANDARD.encode(opened.signer);
    // The server admitted what it logged before a revocation; a folder has no such witness.
    let known = home.books.expert_by_key(&signer).filter(|e| position > 0 || e.revoked_on.is_none());
    let expert = known.ok_or(Refusal::UnknownExpert)?.id;
    let manifest = &opened.manifest;
    let seed = clock::seed();
    let mut parts = BTreeMap::new();
    let mut blobs: Vec<(Id, &[u8])> = Vec::new();
    for (n, (role, bytes)) in (0u8..).zip(letter::documents(&opened)) {
        let blob = Id::grown(&seed, n);
        parts.insert(role.to_owned(), blob);
        blobs.push((blob, bytes));
    }
    let report: Option<ReportPayload> = letter::data(&opened, "report")?;
    let claim: Option<ClaimPayload> = letter::data(&opened, "claim")?;
    let delivery = Delivery {
        id: manifest.bundle_id.parse().map_err(|_| SealError::Manifest)?,
        kind: if claim.is_some() { BundleKind::Claim } else { BundleKind::Report },
        expert,
        seq: manifest.seq,
        sha256,
        log_index: (position > 0).then_some(position),
        session_date: report.as_ref().map(|r| r.held_on),
        pulled_at: home.now(),
        report,
        claim,
        parts,
        findings: Vec::new(),
        review: None,
        manifest_sha256: Some(sha256_hex(opened.manifest_text.as_bytes())),
        prev: manifest.prev.clone(),
        resumed_after: manifest.resumed_after,
    };
    home.apply_with(Command::Office(OfficeCommand::Receive(Box::new(delivery))), &blobs).map(drop)
}

/// Decides on a delivery and hands the answer, sealed to the expert, to the server when there is one. The same decision
/// again only hands over an answer that has not left yet.
pub fn review(home: &mut Home, delivery: Id, accepted: bool, note: String) -> Result<(), Failure> {
    let decided = home.books.deliveries.get(&delivery).and_then(|d| d.review.as_ref());
    if decided.is_none_or(|r| (r.accepted, &r.note) != (accepted, &note)) {
        home.apply(Command::Office(OfficeCommand::Review { delivery, accepted, note }))?;
    }
    answer(home, &[delivery])
}

/// Hands answers that have not left yet to the server when there is one. The decisions stand whatever the server does.
fn answer(home: &mut Home, decided: &[Id]) -> Result<(), Failure> {
    let open = |id: &&Id| {
        let review = home.books.deliveries.get(*id).and_then(|d| d.review.as_ref());
        review.is_some_and(|r| !r.acknowledged)
    };
    let open: Vec<Id> = decided.iter().filter(open).copied().collect();
    if own(home)?.0.server.is_empty() {
        return Ok(());
    }
    let handed = server(home).and_then(|server| open.iter().try_for_each(|id| acknowledge(home, *id, &server)));
    handed.map_err(|failure| match failure {
        Failure::Carry(e) => Failure::Unanswered(e),
        other => other,
    })
}

/// Accepts everything that waits and that the automatic check found nothing in.
pub fn review_clean(home: &mut Home) -> Result<(), Failure> {
    let waiting = home.books.deliveries.values().filter(|d| d.review.is_none() && d.findings.is_empty());
    let clean: Vec<Id> = waiting.map(|d| d.id).collect();
    for delivery in &clean {
        let review = OfficeCommand::Review { delivery: *delivery, accepted: true, note: String::new() };
        home.apply(Command::Office(review))?;
    }
    answer(home, &clean)
}

/// Hands answers that have not left yet to a carrier; gives how many.
pub fn acknowledge_all(home: &mut Home, carrier: &dyn Carrier) -> Result<usize, Failure> {
    let waiting: Vec<Id> = home
        .books
        .deliveries
        .values()
        .filter(|d| d.review.as_ref().is_some_and(|r| !r.acknowledged))
        .map(|d| d.id)
        .collect();
    for id in &waiting {
        acknowledge(home, *id, carrier)?;
    }
    Ok(waiting.len())
}

fn acknowledge(home: &mut Home, id: Id, carrier: &dyn Carrier) -> Result<(), Failure> {
    let delivery = home.books.deliveries.get(&id).ok_or(Refusal::NotFound { what: "delivery" })?;
    let review = delivery.review.as_ref().ok_or(Refusal::NotFound { what: "review" })?;
    let expert = home.books.experts.get(&delivery.expert).ok_or(Refusal::UnknownExpert)?;
    let reply = Reply {
        v: 1,
        sha256: delivery.sha256.clone(),
        bundle_id: id.to_string(),
        seq: Some(delivery.seq),
        accepted: review.accepted,
        note: review.note.clone(),
        on: review.on,
    };
    let signed = sign(home, Context::Reply, to_json(&reply));
    let sealed = seal::seal_text(&signed, std::slice::from_ref(&expert.age_recipient))?;
    let ack = sign(home, Context::Ack, to_json(&Ack::new(&delivery.sha256, &sealed)));
    match carrier.put_ack(&delivery.sha256, &ack) {
        // It came in a folder and never met the server: its answer waits for the folder.
        Err(CarryError::Refused(p)) if p.code == "E-NOT-FOUND" && delivery.log_index.is_none() => return Ok(()),
        handed => handed?,
    }
    home.apply(Command::Office(OfficeCommand::Acknowledged { delivery: id })).map(drop)
}
