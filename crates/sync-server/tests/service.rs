//! The service around uploads: roles, acknowledgements, restart, start-up refusals, the check, a full disk.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/kit.rs"]
mod kit;

use std::io::{Read as _, Write as _};
use std::process::Command;

use bansou_core::wire::v1::envelope::Context;
use bansou_core::wire::v1::receipt::{Inbox, Receipt};
use kit::*;

#[test]
fn every_route_answers_each_role_as_the_table_says() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(1, 100);
    server.upload(&sealed);
    let (sha, held) = ticket(&expert(), &sealed);
    let ack = ack(&staff(), &sha, b"sealed").to_json();
    let by_root = sign(&root(), Context::Recipients, &recipients(1)).to_json();
    let roster_by_root = sign(&root(), Context::Roster, &roster(1, &[&expert()])).to_json();
    let by_staff = sign(&staff(), Context::Recipients, &recipients(9)).to_json();
    let roster_by_expert = sign(&expert(), Context::Roster, &roster(9, &[&stranger()])).to_json();
    // method, target, body, then the status for: no signature, stranger, expert, staff.
    let table: &[(&str, String, Option<&str>, [u16; 4])] = &[
        ("GET", "/healthz".into(), None, [200; 4]),
        ("GET", "/v1/recipients".into(), None, [200; 4]),
        ("PUT", "/v1/recipients".into(), Some(&by_root), [200; 4]),
        ("PUT", "/v1/recipients".into(), Some(&by_staff), [403; 4]),
        ("PUT", "/v1/roster".into(), Some(&roster_by_root), [200; 4]),
        ("PUT", "/v1/roster".into(), Some(&roster_by_expert), [403; 4]),
        ("GET", "/v1/roster".into(), None, [405; 4]),
        ("PUT", format!("/v1/tickets/{sha}"), Some(&held.to_json()), [200; 4]),
        ("GET", format!("/v1/tickets/{sha}"), None, [405; 4]),
        ("HEAD", format!("/v1/bundles/{sha}"), None, [200; 4]),
        ("GET", format!("/v1/bundles/{sha}"), None, [401, 401, 403, 200]),
        ("GET", format!("/v1/bundles/{}", "0".repeat(64)), None, [401, 401, 403, 404]),
        ("DELETE", format!("/v1/bundles/{sha}"), None, [405; 4]),
        ("GET", format!("/v1/receipts/{sha}"), None, [200; 4]),
        ("GET", format!("/v1/receipts/{}", "0".repeat(64)), None, [404; 4]),
        ("GET", format!("/v1/acks/{sha}"), None, [404; 4]),
        ("PUT", format!("/v1/acks/{sha}"), Some(&ack), [401, 401, 403, 201]),
        ("GET", "/v1/inbox?after=0".into(), None, [401, 401, 403, 200]),
        ("GET", "/v1/inbox".into(), None, [401, 401, 403, 400]),
        ("GET", "/v1/inbox?after=-1".into(), None, [401, 401, 403, 400]),
        ("GET", "/v1/mailbox?after=0".into(), None, [401, 401, 200, 403]),
        ("GET", "/v1/mailbox".into(), None, [401, 401, 400, 403]),
        ("GET", "/v1/mailbox?after=x".into(), None, [401, 401, 400, 403]),
        ("PUT", "/v1/mailbox".into(), Some("{}"), [405; 4]),
        ("OPTIONS", "/v1/inbox".into(), None, [405; 4]),
        ("POST", "/v1/inbox".into(), None, [405; 4]),
        ("GET", "/".into(), None, [404; 4]),
        ("GET", "/v1/bundles/../server.db".into(), None, [404; 4]),
        ("GET", "/v1/receipts/%2e%2e%2fserver.db".into(), None, [404; 4]),
    ];
    for (method, target, body, expected) in table {
        let body = body.map(str::as_bytes);
        let mut got = vec![server.call(method, target, &[], body.unwrap_or_default())];
        for key in [stranger(), expert(), staff()] {
            got.push(server.signed(&key, method, target, body));
        }
        let statuses: Vec<u16> = got.iter().map(|r| r.status).collect();
        assert_eq!(statuses, expected, "{method} {target}");
        for reply in got.iter().filter(|r| r.status >= 400 && *method != "HEAD") {
            assert!(reply.code().starts_with("E-"));
        }
    }
}

#[test]
fn signed_requests_are_bound_to_their_time_target_and_body() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(1, 100);
    server.upload(&sealed);
    let (sha, _) = ticket(&expert(), &sealed);
    let inbox = "/v1/inbox?after=0";
    for (skew, status) in [(-400, 401), (-200, 200), (200, 200), (400, 401)] {
        let headers = signature(&staff(), "GET", inbox, None, now() + skew);
        assert_eq!(server.call("GET", inbox, &headers, b"").status, status);
    }
    let headers = signature(&staff(), "GET", inbox, None, now());
    assert_eq!(server.call("GET", "/v1/inbox?after=1", &headers, b"").status, 401);
    assert_eq!(server.call("GET", &format!("/v1/bundles/{sha}"), &headers, b"").status, 401);
    let target = format!("/v1/acks/{sha}");
    let good = ack(&staff(), &sha, b"yes").to_json();
    let headers = signature(&staff(), "PUT", &target, Some(good.as_bytes()), now());
    let other = ack(&staff(), &sha, b"no!").to_json();
    assert_eq!(server.call("PUT", &target, &headers, other.as_bytes()).code(), "E-SIGNATURE");
    let by_expert = ack(&expert(), &sha, b"yes").to_json();
    assert_eq!(server.signed(&staff(), "PUT", &target, Some(by_expert.as_bytes())).code(), "E-SIGNATURE");
    let elsewhere = ack(&staff(), &"0".repeat(64), b"yes").to_json();
    assert_eq!(server.signed(&staff(), "PUT", &target, Some(elsewhere.as_bytes())).code(), "E-MALFORMED");
}

#[test]
fn the_secretariat_pulls_acknowledges_and_a_restart_keeps_everything() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let receipts: Vec<String> = (0..102).map(|n| server.upload(&bytes(n, 200))).collect();
    let (sha, _) = ticket(&expert(), &bytes(5, 200));
    let ack = ack(&staff(), &sha, b"accepted").to_json();
    let target = format!("/v1/acks/{sha}");
    assert_eq!(server.signed(&staff(), "PUT", &target, Some(ack.as_bytes())).status, 201);
    assert_eq!(server.terminate(), Some(0));

    let server = Server::spawn({
        let mut command = Command::new(env!("CARGO_BIN_EXE_bansou-server"));
        command.arg("--data").arg(dir.path()).args(["--listen", "127.0.0.1:0"]);
        command
    });
    assert_eq!(server.signed(&staff(), "PUT", &target, Some(ack.as_bytes())).status, 200);
    assert_eq!(server.call("GET", &target, &[], b"").text(), ack);
    let page = |after: u64| -> Inbox {
        let reply = server.signed(&staff(), "GET", &format!("/v1/inbox?after={after}"), None);
        serde_json::from_slice(&reply.body).unwrap()
    };
    let (first, second) = (page(0), page(100));
    assert!(first.more && !second.more);
    let listed: Vec<String> = first.entries.iter().chain(&second.entries).map(|e| e.receipt.to_json()).collect();
    assert_eq!(listed, receipts);
    assert_eq!(server.signed(&staff(), "GET", &format!("/v1/bundles/{sha}"), None).body, bytes(5, 200));
    assert!(page(102).entries.is_empty());
    assert_eq!(Server::command(dir.path()).output().unwrap().status.code(), Some(8), "one server per folder");
}

#[test]
fn an_expert_sees_every_own_bundle_page_by_page_and_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let other = key(9);
    let both = sign(&root(), Context::Roster, &roster(2, &[&expert(), &other])).to_json();
    assert_eq!(server.call("PUT", "/v1/roster", &[], both.as_bytes()).status, 200);
    let page = |who: &ed25519_dalek::SigningKey, after: u64| -> Inbox {
        let reply = server.signed(who, "GET", &format!("/v1/mailbox?after={after}"), None);
        assert_eq!(reply.status, 200, "{}", reply.text());
        serde_json::from_slice(&reply.body).unwrap()
    };
    let mut own = Vec::new();
    for n in 0..103 {
        own.push(server.upload(&bytes(n, 200)));
        // Another expert's bundles lie between them in the log.
        if n % 50 == 0 {
            let sealed = bytes(1000 + n, 200);
            let (sha, ticket) = ticket(&other, &sealed);
            assert_eq!(server.put_ticket(&sha, &ticket).status, 201);
            assert_eq!(server.patch(&sha, 0, &sealed).status, 201);
        }
    }
    let first = page(&expert(), 0);
    let last: Receipt = serde_json::from_str(&first.entries.last().unwrap().receipt.body).unwrap();
    let second = page(&expert(), last.index);
    assert_eq!((first.entries.len(), first.more, second.more), (100, true, false));
    let listed: Vec<String> = first.entries.iter().chain(&second.entries).map(|e| e.receipt.to_json()).collect();
    assert_eq!(listed, own);
    let others = page(&other, 0);
    assert_eq!((others.entries.len(), others.more), (3, false));
    assert!(others.entries.iter().all(|e| e.ticket.key == public(&other)));
    // The answer is bound to its own query, and an expert who was taken off the roster sees nothing any more.
    let headers = signature(&expert(), "GET", "/v1/mailbox?after=0", None, now());
    assert_eq!(server.call("GET", "/v1/mailbox?after=1", &headers, b"").status, 401);
    let revoked = sign(&root(), Context::Roster, &roster(3, &[&other])).to_json();
    assert_eq!(server.call("PUT", "/v1/roster", &[], revoked.as_bytes()).status, 200);
    assert_eq!(server.signed(&expert(), "GET", "/v1/mailbox?after=0", None).code(), "E-UNKNOWN-KEY");
}

#[test]
fn a_large_bundle_streams_in_and_out() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let sealed = bytes(1, 9 * 1024 * 1024);
    server.upload(&sealed);
    let (sha, _) = ticket(&expert(), &sealed);
    assert!(server.signed(&staff(), "GET", &format!("/v1/bundles/{sha}"), None).body == sealed);
}

#[test]
fn it_refuses_to_start_unsafely_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bansou-server"));
        let out = command.arg("--data").arg(dir.path().join("s")).args(args).output().unwrap();
        (out.status.code().unwrap(), String::from_utf8(out.stderr).unwrap())
    };
    let (code, text) = run(&["--listen", "127.0.0.1:0"]);
    assert!(code == 3 && text.contains("bansou secretariat init"), "{text}");
    let (code, text) = run(&["--listen", "0.0.0.0:0", "--secretariat", &public(&root())]);
    assert!(code == 3 && text.contains("--behind-tls-proxy"), "{text}");
    assert_eq!(run(&["--secretariat", "nonsense"]).0, 3);
    assert_eq!(Command::new(env!("CARGO_BIN_EXE_bansou-server")).output().unwrap().status.code(), Some(2));
    drop(Server::start(&dir.path().join("s")));
    assert_eq!(run(&["--listen", "127.0.0.1:0", "--secretariat", &public(&stranger())]).0, 3);
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("s"), mode("s/receipt.key"), mode("s/blobs")), (0o700, 0o600, 0o700));
}

#[test]
fn the_check_names_what_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    for n in 0..3 {
        server.upload(&bytes(n, 200));
    }
    server.terminate();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bansou-server"));
        let out = command.arg("check").arg("--data").arg(dir.path()).output().unwrap();
        (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap())
    };
    assert_eq!(run(), (0, "3 bundles, 0 findings\n".into()));
    let (sha, _) = ticket(&expert(), &bytes(1, 200));
    let blob = dir.path().join("blobs").join(&sha);
    let mut damaged = bytes(1, 200);
    damaged[0] ^= 1;
    std::fs::write(&blob, &damaged).unwrap();
    let (code, text) = run();
    assert!(code == 9 && text.contains("bundle 2: its bytes were changed"), "{text}");
    std::fs::write(&blob, bytes(1, 200)).unwrap();
    std::fs::write(dir.path().join("blobs/stray"), b"x").unwrap();
    assert!(run().1.contains("1 file(s) in blobs/"));
    std::fs::remove_file(dir.path().join("blobs/stray")).unwrap();
    let deleted =
        Command::new("sqlite3").arg(dir.path().join("server.db")).arg("DELETE FROM bundles WHERE idx=2").status();
    if deleted.is_ok_and(|s| s.success()) {
        let (code, text) = run();
        assert!(code == 9 && text.contains("receipt 3: the chain of receipts is broken"), "{text}");
    }
}

#[test]
fn large_headers_and_broken_requests_are_cut() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::ready(dir.path());
    let big = [("X-Big", "a".repeat(40_000))];
    assert_eq!(server.call("GET", "/healthz", &big, b"").status, 431);
    let mut stream = server.connect();
    stream.write_all(b"nonsense\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
    assert_eq!(server.call("GET", "/healthz", &[], b"").status, 200);
}

/// A tmpfs of 1.5 MiB in a private mount namespace; skipped where that is not permitted.
#[test]
fn a_full_disk_refuses_with_507_and_stores_nothing_by_halves() {
    let dir = tempfile::tempdir().unwrap();
    let may = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs"]).arg(dir.path()).output();
    if !may.is_ok_and(|o| o.status.success()) {
        return;
    }
    let mut command = Command::new("unshare");
    let script = "mount -t tmpfs -o size=1536k tmpfs \"$0\" && exec \"$@\"";
    let plain = Server::command(&dir.path().join("s"));
    command.args(["-rm", "sh", "-c", script]).arg(dir.path()).arg(plain.get_program()).args(plain.get_args());
    let server = Server::spawn(command);
    server.publish();
    let kept = server.upload(&bytes(0, 300_000));
    let big = bytes(1, 2_000_000);
    let (sha, held) = ticket(&expert(), &big);
    assert_eq!(server.put_ticket(&sha, &held).status, 201);
    let reply = server.patch(&sha, 0, &big);
    assert_eq!((reply.status, reply.code().as_str()), (507, "E-DISK-FULL"));
    assert_eq!(server.call("HEAD", &format!("/v1/bundles/{sha}"), &[], b"").status, 404);
    let (sha, _) = ticket(&expert(), &bytes(0, 300_000));
    assert_eq!(server.call("GET", &format!("/v1/receipts/{sha}"), &[], b"").text(), kept);
    // The space came back: what fits is taken.
    server.upload(&bytes(2, 300_000));
    let reply = server.signed(&staff(), "GET", "/v1/inbox?after=0", None);
    assert_eq!(serde_json::from_slice::<Inbox>(&reply.body).unwrap().entries.len(), 2);
}
