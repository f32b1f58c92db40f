//! Uploads through a real server process: receipts, resuming, refusals, crashes.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/kit.rs"]
mod kit;

use std::io::Write as _;

use bansou_core::wire::v1::envelope::{Context, Signed};
use bansou_core::wire::v1::receipt::{FIRST_PREV, Receipt, chain_hash};
use bansou_core::wire::v1::ticket::Ticket;
use kit::*;

fn files(dir: &std::path::Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[test]
fn an_upload_gets_a_receipt_and_every_retry_the_same_one() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(1, 100_000);
    let (sha256, ticket) = ticket(&expert(), &sealed);
    let first = server.upload(&sealed);
    let receipt_key = Signed::from_json(&first).unwrap().key_bytes().unwrap();
    let receipt = Receipt::check(&Signed::from_json(&first).unwrap(), &receipt_key, &ticket).unwrap();
    assert_eq!((receipt.index, receipt.prev.as_str()), (1, FIRST_PREV));
    assert!(receipt.received_at.ends_with(":00Z"));
    assert_eq!(server.put_ticket(&sha256, &ticket).text(), first);
    assert_eq!(server.patch(&sha256, 0, &sealed).text(), first);
    assert_eq!(server.call("GET", &format!("/v1/receipts/{sha256}"), &[], b"").text(), first);
    let head = server.call("HEAD", &format!("/v1/bundles/{sha256}"), &[], b"");
    assert_eq!((head.status, head.offset()), (200, sealed.len() as u64));

    let second = Signed::from_json(&server.upload(&bytes(2, 10))).unwrap();
    let prev = chain_hash(&Signed::from_json(&first).unwrap().body);
    Receipt::follows(&second, &receipt_key, 2, &prev).unwrap();
    assert_eq!(files(&dir.path().join("partial")), 0);
    assert_eq!(files(&dir.path().join("blobs")), 2);
}

#[test]
fn a_truncated_upload_resumes_also_after_a_kill_and_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(3, 300_000);
    let (sha256, ticket) = ticket(&expert(), &sealed);
    assert_eq!(server.put_ticket(&sha256, &ticket).status, 201);
    assert_eq!(server.patch(&sha256, 0, &sealed[..1000]).offset(), 1000);
    assert_eq!(server.patch(&sha256, 0, &sealed).code(), "E-OFFSET");

    // A request that announces more than it brings, and then breaks off.
    let mut half = server.connect();
    let head = format!(
        "PATCH /v1/bundles/{sha256} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 1000\r\nContent-Length: {}\r\n\r\n",
        sealed.len() - 1000
    );
    half.write_all(head.as_bytes()).unwrap();
    half.write_all(&sealed[1000..150_000]).unwrap();
    half.flush().unwrap();
    let part = dir.path().join("partial").join(format!("{sha256}.part"));
    for _ in 0..200 {
        if std::fs::metadata(&part).unwrap().len() == 150_000 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(server.patch(&sha256, 150_000, &sealed).code(), "E-BUSY");
    server.kill();

    let server = Server::start(dir.path());
    let again = server.put_ticket(&sha256, &ticket);
    assert_eq!((again.status, again.offset()), (200, 150_000));
    let done = server.patch(&sha256, 150_000, &sealed[150_000..]);
    assert_eq!(done.status, 201, "{}", done.text());
    assert_eq!(std::fs::read(dir.path().join("blobs").join(&sha256)).unwrap(), sealed);
}

#[test]
fn a_client_that_breaks_off_leaves_an_upload_that_resumes() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(3, 50_000);
    let (sha256, ticket) = ticket(&expert(), &sealed);
    server.put_ticket(&sha256, &ticket);
    let mut half = server.connect();
    half.write_all(
        format!("PATCH /v1/bundles/{sha256} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\nContent-Length: 50000\r\n\r\n")
            .as_bytes(),
    )
    .unwrap();
    half.write_all(&sealed[..20_000]).unwrap();
    drop(half);
    let mut reply = server.put_ticket(&sha256, &ticket);
    for _ in 0..200 {
        if reply.offset() == 20_000 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        reply = server.put_ticket(&sha256, &ticket);
    }
    let mut done = server.patch(&sha256, 20_000, &sealed[20_000..]);
    while done.status == 409 && done.code() == "E-BUSY" {
        done = server.patch(&sha256, 20_000, &sealed[20_000..]);
    }
    assert_eq!(done.status, 201, "{}", done.text());
}

#[test]
fn wrong_bytes_are_dropped_and_the_right_ones_still_arrive() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(4, 5000);
    let (sha256, ticket) = ticket(&expert(), &sealed);
    server.put_ticket(&sha256, &ticket);
    let mut wrong = sealed.clone();
    wrong[77] ^= 1;
    let reply = server.patch(&sha256, 0, &wrong);
    assert_eq!((reply.status, reply.code().as_str()), (422, "E-HASH"));
    assert_eq!(files(&dir.path().join("partial")), 0);
    assert_eq!(server.call("GET", &format!("/v1/receipts/{sha256}"), &[], b"").status, 404);
    let mut long = sealed.clone();
    long.push(0);
    server.put_ticket(&sha256, &ticket);
    assert_eq!(server.patch(&sha256, 0, &long).status, 413);
    let at = server.put_ticket(&sha256, &ticket).offset();
    assert_eq!(server.patch(&sha256, at, &sealed[at as usize..]).status, 201);
}

#[test]
fn tickets_are_refused_with_a_status_and_a_code() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(5, 100);
    let (sha256, good) = ticket(&expert(), &sealed);
    let tampered = Signed { body: good.body.replace("\"size\":104", "\"size\":105"), ..good.clone() };
    assert_ne!(tampered, good);
    let other_context = sign(&expert(), Context::Receipt, &Ticket::for_bytes(&sealed, 1));
    let edited = |change: fn(&mut Ticket)| {
        let mut t = Ticket::for_bytes(&sealed, 1);
        change(&mut t);
        sign(&expert(), Context::Ticket, &t)
    };
    let table = [
        (ticket(&stranger(), &sealed).1, 403, "E-UNKNOWN-KEY"),
        (ticket(&staff(), &sealed).1, 403, "E-UNKNOWN-KEY"),
        (tampered, 403, "E-SIGNATURE"),
        (other_context, 403, "E-SIGNATURE"),
        (edited(|t| t.size = 64 * 1024 * 1024 + 1), 413, "E-TOO-LARGE"),
        (edited(|t| t.size = 0), 400, "E-TICKET-FORM"),
        (edited(|t| t.v = 2), 400, "E-TICKET-FORM"),
        (edited(|t| t.sha256 = "00".repeat(32)), 400, "E-TICKET-FORM"),
        (edited(|t| t.recipients_version = 2), 409, "E-RECIPIENTS-AHEAD"),
    ];
    for (ticket, status, code) in table {
        let reply = server.put_ticket(&sha256, &ticket);
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
        assert_eq!(files(&dir.path().join("partial")), 0);
    }
    assert_eq!(server.call("PUT", &format!("/v1/tickets/{sha256}"), &[], b"{").code(), "E-TICKET-FORM");
    assert_eq!(server.call("PUT", &format!("/v1/tickets/{sha256}"), &[], &[b' '; 5000]).code(), "E-BODY-TOO-LARGE");
    assert_eq!(server.patch(&sha256, 0, &sealed).code(), "E-NO-TICKET");
    assert_eq!(server.put_ticket(&sha256, &good).status, 201);
    assert_eq!(server.put_ticket(&sha256, &edited(|t| t.size = 9)).code(), "E-TICKET-CONFLICT");
}

#[test]
fn rotation_refuses_old_seals_and_revocation_keeps_receipts() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(6, 100);
    let first = server.upload(&sealed);
    let publish = |version| {
        let text = sign(&root(), Context::Recipients, &recipients(version)).to_json();
        server.call("PUT", "/v1/recipients", &[], text.as_bytes())
    };
    assert_eq!(publish(2).status, 200);
    server.upload(&bytes(7, 100));
    assert_eq!(publish(3).status, 200);
    assert_eq!(publish(3).status, 200, "the same text again is no conflict");
    assert_eq!(publish(1).code(), "E-VERSION");
    let (sha256, late) = ticket(&expert(), &bytes(8, 100));
    assert_eq!(server.put_ticket(&sha256, &late).code(), "E-RECIPIENTS-OLD");
    let nobody = sign(&root(), Context::Roster, &roster(2, &[])).to_json();
    assert_eq!(server.call("PUT", "/v1/roster", &[], nobody.as_bytes()).status, 200);
    let (sha256, revoked) = ticket(&expert(), &sealed);
    assert_eq!(server.put_ticket(&sha256, &revoked).text(), first);
    let (sha256, new) = ticket(&expert(), &bytes(9, 100));
    assert_eq!(server.put_ticket(&sha256, &new).code(), "E-UNKNOWN-KEY");
}

#[test]
fn quotas_and_pace_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Server::command(dir.path());
    command.args(["--quota-bundles", "2", "--quota-bytes", "1000"]);
    let server = Server::spawn(command);
    server.publish();
    server.upload(&bytes(1, 500));
    let (sha256, big) = ticket(&expert(), &bytes(2, 600));
    let reply = server.put_ticket(&sha256, &big);
    assert_eq!((reply.status, reply.code().as_str()), (429, "E-QUOTA"));
    let (sha256, pending) = ticket(&expert(), &bytes(3, 10));
    assert_eq!(server.put_ticket(&sha256, &pending).status, 201);
    let (third, more) = ticket(&expert(), &bytes(4, 10));
    assert_eq!(server.put_ticket(&third, &more).code(), "E-QUOTA", "announced uploads count");
    drop(server);

    let mut command = Server::command(dir.path());
    command.args(["--per-minute", "1"]);
    let server = Server::spawn(command);
    assert_eq!(server.put_ticket(&sha256, &pending).status, 200);
    let reply = server.put_ticket(&sha256, &pending);
    assert_eq!((reply.status, reply.code().as_str()), (429, "E-TOO-OFTEN"));
    assert!(reply.headers["retry-after"].parse::<u64>().unwrap() <= 60);
}

#[test]
fn many_uploads_at_once_form_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    std::thread::scope(|scope| {
        for n in 0..24 {
            let server = &server;
            scope.spawn(move || server.upload(&bytes(n, 3000)));
        }
    });
    assert_eq!(server.terminate(), Some(0));
    let mut out = Vec::new();
    assert_eq!(bansou_server::check::check(dir.path(), &mut out).unwrap(), 0);
    assert_eq!(String::from_utf8(out).unwrap(), "24 bundles, 0 findings\n");
}
