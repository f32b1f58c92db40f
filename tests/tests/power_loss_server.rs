//! The power goes at any moment of the server: every receipt it gave is given again, and the bundle is there byte for byte.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../crates/sync-server/tests/kit/kit.rs"]
mod kit;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use bansou_core::wire::v1::envelope::{Context, Signed};
use bansou_core::wire::v1::receipt::Receipt;
use bansou_tests::chance::{Chance, memory_folder, say, seed, times};
use bansou_tests::program::{binary, run};
use bansou_tests::replay::Tape;
use bansou_tests::strace;
use kit::{Server, bytes, call, expert, public, root, ticket};

/// Each of these many senders uploads so many bundles, one after another.
const SENDERS: u32 = 3;
const BUNDLES: u32 = 5;

/// Receipt texts by the hash of the bundle, as the senders got them; and the bundles.
type Got = BTreeMap<String, (String, Vec<u8>)>;

/// The hash of the bundle that an answer of the server gives a receipt for.
fn receipts(answer: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(answer);
    let Some((_, body)) = text.split_once("\r\n\r\n").filter(|_| text.starts_with("HTTP/1.1 201")) else {
        return Vec::new();
    };
    let receipt = Signed::from_json(body).and_then(|signed| signed.open::<Receipt>(Context::Receipt));
    receipt.into_iter().map(|r| r.sha256).collect()
}

fn serve(tracer: Command, data: &Path) -> Server {
    let mut command = tracer;
    command.arg("--data").arg(data).args(["--listen", "127.0.0.1:0", "--secretariat", &public(&root())]);
    Server::spawn(command)
}

/// Uploads from several connections at once, some bundles in two pieces, and notes every receipt.
fn upload_all(server: &Server) -> Got {
    let got = Mutex::new(Got::new());
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let got = &got;
            scope.spawn(move || {
                for n in 0..BUNDLES {
                    let number = sender * 100 + n;
                    let sealed = bytes(number, 2000 + 3000 * n as usize);
                    let (sha256, ticket) = ticket(&expert(), &sealed);
                    assert_eq!(server.put_ticket(&sha256, &ticket).status, 201);
                    let first = if n % 3 == 1 { sealed.len() / 2 } else { 0 };
                    if first > 0 {
                        assert_eq!(server.patch(&sha256, 0, &sealed[..first]).status, 204);
                    }
                    let reply = server.patch(&sha256, first as u64, &sealed[first..]);
                    assert_eq!(reply.status, 201, "{}", reply.text());
                    got.lock().unwrap().insert(sha256, (reply.text().to_owned(), sealed));
                }
            });
        }
    });
    got.into_inner().unwrap()
}

/// Records a server from its first start on.
fn recorded() -> (Tape, Got) {
    strace::needed();
    let dir = memory_folder();
    let (data, log) = (dir.path().join("data"), dir.path().join("log"));
    std::fs::create_dir(&data).unwrap();
    let mut tape = Tape::new(&data);
    let server = serve(strace::record_beside(&log, binary("bansou-server").as_os_str()), &data);
    server.publish();
    let got = upload_all(&server);
    // It ends by itself: of a killed server the last call, which gave a receipt, may never be written down.
    assert_eq!(server.terminate(), Some(0));
    strace::ended(&log);
    tape.play(&strace::calls(&log), receipts);
    assert_eq!(tape.whole().differs_from(&data), Vec::<std::path::PathBuf>::new(), "a call that the model missed");
    (tape, got)
}

/// Restarts the server over a crash state; an error names the promise that was broken.
fn look(data: &Path, said: &[&str], got: &Got) -> Result<(), String> {
    let server = serve(Command::new(binary("bansou-server")), data);
    for sha256 in said {
        let (receipt, sealed) = &got[*sha256];
        let reply = call(server.addr, "GET", &format!("/v1/receipts/{sha256}"), &[], b"");
        if reply.status != 200 || reply.text() != receipt {
            return Err(format!("receipt lost ({})", reply.status));
        }
        if std::fs::read(data.join("blobs").join(sha256)).ok().as_ref() != Some(sealed) {
            return Err("bundle lost".into());
        }
    }
    // Whatever had no receipt yet can be sent again, to its end.
    if let Some((sha256, (_, sealed))) = got.iter().find(|(sha256, _)| !said.contains(&sha256.as_str())) {
        // The secretariat publishes again what it cannot see.
        publish(&server);
        let receipt = send(&server, sealed).and_then(|receipt| receipt.open::<Receipt>(Context::Receipt).ok());
        if receipt.is_none_or(|r| r.sha256 != *sha256) {
            return Err("a bundle without a receipt cannot be sent again".into());
        }
    }
    server.kill();
    // It reads and verifies everything, which takes its time: at one in five.
    if !said.len().is_multiple_of(5) {
        return Ok(());
    }
    let mut check = Command::new(binary("bansou-server"));
    let answer = run(check.arg("check").arg("--data").arg(data), "");
    if answer.code == 0 { Ok(()) } else { Err(format!("not whole: {}", answer.stdout)) }
}

/// The recipients and the roster, whether they are there or not.
fn publish(server: &Server) {
    for (target, signed) in [
        ("/v1/recipients", kit::sign(&root(), Context::Recipients, &kit::recipients(1))),
        ("/v1/roster", kit::sign(&root(), Context::Roster, &kit::roster(1, &[&expert()]))),
    ] {
        let status = server.call("PUT", target, &[], signed.to_json().as_bytes()).status;
        assert!([200, 201].contains(&status), "{target}: {status}");
    }
}

/// Goes on where the server stands; the receipt when it gives one.
fn send(server: &Server, sealed: &[u8]) -> Option<Signed> {
    let (sha256, ticket) = ticket(&expert(), sealed);
    let announced = server.put_ticket(&sha256, &ticket);
    let Some(at) = announced.headers.get("upload-offset").and_then(|at| at.parse::<usize>().ok()) else {
        return Signed::from_json(announced.text()).ok();
    };
    let mut reply = server.patch(&sha256, at as u64, &sealed[at..]);
    if reply.status == 422 {
        // A power cut can leave holes in what was not yet safe: the server has dropped it and wants it anew.
        assert_eq!(server.put_ticket(&sha256, &ticket).status, 201);
        reply = server.patch(&sha256, 0, sealed);
    }
    Signed::from_json(reply.text()).ok()
}

#[test]
fn a_power_cut_takes_no_receipt_and_no_bundle_from_the_server() {
    let (tape, got) = recorded();
    let all = tape.said(tape.moments() - 1).len();
    assert_eq!((all, got.len()), ((SENDERS * BUNDLES) as usize, (SENDERS * BUNDLES) as usize));
    let (seed, count) = (seed(), times("BANSOU_STATES", 1000) / 8);
    let (tape, got) = (&tape, &got);
    let half = |part: u64| {
        let mut chance = Chance::new(seed + part);
        let (dir, mut figures) = (memory_folder(), BTreeMap::<String, usize>::new());
        for _ in 0..count / 2 {
            let moment = chance.below(tape.moments());
            tape.crash(moment, &mut chance).write_to(dir.path());
            let said = tape.said(moment);
            let outcome = look(dir.path(), &said, got).err().unwrap_or_else(|| "kept".into());
            *figures.entry(outcome).or_default() += 1;
        }
        figures
    };
    let figures = thread::scope(|scope| {
        let other = scope.spawn(move || half(1_000_003));
        let mut figures = half(0);
        other.join().unwrap().into_iter().for_each(|(what, n)| *figures.entry(what).or_default() += n);
        figures
    });
    say(&format!("power cut of the server: {count} states, {all} receipts, seed {seed}: {figures:?}"));
    assert_eq!(figures.keys().collect::<Vec<_>>(), ["kept"], "seed {seed}");
}
