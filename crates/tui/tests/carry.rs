//! The carriers against a real server over TCP and a real folder: one suite for both bodies, then what is special.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

use bansou::shell::carry::{Carrier, CarryError, Folder, Https, Relayed, Sealed, Sent, Signer, relay};
use bansou_core::wire::v1::ack::Ack;
use bansou_core::wire::v1::envelope::{Context, Signed, encode_key, key_id, to_json};
use bansou_core::wire::v1::receipt::{FIRST_PREV, Receipt};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use bansou_core::wire::v1::ticket::Ticket;
use bansou_server::{Config, Running};
use ed25519_dalek::{Signer as _, SigningKey};
use tempfile::TempDir;

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn public(n: u8) -> [u8; 32] {
    key(n).verifying_key().to_bytes()
}

const ROOT: u8 = 1;
const EXPERT: u8 = 2;
const STAFF: u8 = 3;

fn sign<T: serde::Serialize>(n: u8, context: Context, body: &T) -> Signed {
    let body = to_json(body);
    let sig = key(n).sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &public(n), &sig)
}

fn recipients() -> Signed {
    let body = Recipients {
        v: 1,
        version: 1,
        expires: "2027-03-31".into(),
        age: vec!["age1example".into()],
        receipt_key: String::new(),
        programme: "r2-2020".into(),
        practice: true,
    };
    sign(ROOT, Context::Recipients, &body)
}

fn roster() -> Signed {
    let (experts, staff) = (vec![encode_key(&public(EXPERT))], vec![encode_key(&public(STAFF))]);
    sign(ROOT, Context::Roster, &Roster { v: 1, version: 1, experts, staff })
}

fn sealed_by(signer: u8, n: u32, size: u32) -> Sealed {
    let bytes = (0..size).map(|i| (i.wrapping_mul(31).wrapping_add(n) >> 3) as u8).chain(n.to_be_bytes()).collect();
    let bytes: Vec<u8> = bytes;
    let ticket = Ticket::for_bytes(&bytes, 1);
    Sealed { sha256: ticket.sha256.clone(), ticket: sign(signer, Context::Ticket, &ticket), bytes }
}

fn sealed(n: u32, size: u32) -> Sealed {
    sealed_by(EXPERT, n, size)
}

fn ack(item: &Sealed, text: &[u8]) -> Signed {
    sign(STAFF, Context::Ack, &Ack::new(&item.sha256, text))
}

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64
}

fn staff() -> Signer {
    Signer { key: public(STAFF), sign: Box::new(|bytes| key(STAFF).sign(bytes).to_bytes()), now }
}

/// A server on a free port, in its own runtime, with its data in a temporary folder.
struct Server {
    runtime: tokio::runtime::Runtime,
    running: Option<Running>,
    url: String,
    receipt_key: [u8; 32],
    _data: TempDir,
}

impl Server {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut config = Config::new(data.path().join("s"), "127.0.0.1:0".parse().unwrap());
        config.secretariat = Some(encode_key(&public(ROOT)));
        let running = runtime.block_on(bansou_server::start(config)).unwrap();
        let (url, receipt_key) = (running.url(), running.receipt_key);
        Self { runtime, running: Some(running), url, receipt_key, _data: data }
    }

    fn ready() -> Self {
        let server = Self::start();
        let carrier = Https::new(&server.url).unwrap();
        carrier.publish_recipients(&recipients()).unwrap();
        carrier.publish_roster(&roster()).unwrap();
        server
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What every carrier does alike, seen from the expert's and from the secretariat's side.
fn suite(expert: &dyn Carrier, secretariat: &dyn Carrier, receipt_key: &[u8; 32]) {
    assert_eq!(secretariat.recipients().unwrap(), None);
    secretariat.publish_recipients(&recipients()).unwrap();
    secretariat.publish_roster(&roster()).unwrap();
    assert_eq!(expert.recipients().unwrap(), Some(recipients()));
    let items = [sealed(1, 0), sealed(2, 70_000), sealed(3, 5)];
    for item in &items {
        assert_eq!(secretariat.get_ack(&item.sha256).unwrap(), None);
        assert_eq!(expert.receipt(&item.sha256).unwrap(), None);
        let first = expert.send(item, receipt_key).unwrap();
        assert_eq!(expert.send(item, receipt_key).unwrap(), first);
    }
    let incoming = secretariat.inbox(0).unwrap();
    assert_eq!(incoming.len(), items.len());
    for item in &items {
        let found = incoming.iter().find(|i| i.sha256 == item.sha256).unwrap();
        assert_eq!(found.ticket, item.ticket);
        assert_eq!(secretariat.fetch(&item.sha256).unwrap(), item.bytes);
        for text in [b"accepted", b"returned"] {
            secretariat.put_ack(&item.sha256, &ack(item, text)).unwrap();
            secretariat.put_ack(&item.sha256, &ack(item, text)).unwrap();
            assert_eq!(expert.get_ack(&item.sha256).unwrap(), Some(ack(item, text)));
        }
    }
    assert_eq!(secretariat.fetch(&"0".repeat(64)), Err(CarryError::NotFound));
    assert_eq!(secretariat.fetch("../secret"), Err(CarryError::NotFound));
    assert!(expert.get_ack("../secret").is_err());
}

#[test]
fn the_server_carries() {
    let server = Server::start();
    let expert = Https::new(&server.url).unwrap();
    assert_eq!(expert.receipt_key().unwrap(), server.receipt_key);
    suite(&expert, &Https::new(&server.url).unwrap().with_signer(staff()), &server.receipt_key);
    assert_eq!(expert.inbox(0), Err(CarryError::NeedsStaff));
}

/// Loopback must work on a machine without a certificate store: the test runs itself again without one.
#[test]
fn loopback_needs_no_certificate_store() {
    let again = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_server_carries"])
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(again.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn the_folder_carries() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path()).unwrap();
    suite(&folder, &folder, &public(9));
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().mtime(), 946_684_800, "{:?}", entry.file_name());
        let name = entry.file_name().into_string().unwrap();
        assert!(name == "recipients.signed" || name == "roster.signed" || name.as_bytes()[64] == b'.', "{name}");
    }
}

#[test]
fn a_receipt_counts_only_when_the_pinned_key_signed_it_for_this_bundle() {
    let server = Server::ready();
    let carrier = Https::new(&server.url).unwrap();
    let item = sealed(1, 100);
    assert!(matches!(carrier.send(&item, &public(9)), Err(CarryError::Receipt(_))));
    assert!(matches!(carrier.send(&item, &server.receipt_key), Ok(Sent::Received(_))));
    let other = sealed(2, 100);
    assert!(carrier.verified_receipt(&item.sha256, &other.ticket, &server.receipt_key).is_err());
    assert!(carrier.verified_receipt(&item.sha256, &item.ticket, &server.receipt_key).unwrap().is_some());

    // In a folder too: a receipt put there by somebody else is not believed.
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path()).unwrap();
    folder.send(&item, &server.receipt_key).unwrap();
    let forged = Receipt {
        v: 1,
        sha256: item.sha256.clone(),
        size: item.bytes.len() as u64,
        key_id: key_id(&public(EXPERT)),
        received_at: "2020-11-30T06:05:00Z".into(),
        index: 1,
        prev: FIRST_PREV.into(),
    };
    folder.put_receipt(&item.sha256, &sign(9, Context::Receipt, &forged)).unwrap();
    assert_eq!(folder.send(&item, &server.receipt_key).unwrap_err().exit_code(), 9);
    assert!(matches!(folder.send(&item, &public(9)), Ok(Sent::Received(_))));
}

/// Passes bytes to the server and breaks the connection after `budget` of them, once.
fn breaking_proxy(target: String, budget: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut left = Some(budget);
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut server = TcpStream::connect(&target).unwrap();
            let (mut back_from, mut back_to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut back_from, &mut back_to));
            let mut piece = [0; 4096];
            while let Ok(n) = client.read(&mut piece) {
                if n == 0 || server.write_all(&piece[..n]).is_err() {
                    break;
                }
                if let Some(now) = left.map(|l| l.saturating_sub(n)) {
                    left = (now > 0).then_some(now);
                    if now == 0 {
                        break;
                    }
                }
            }
            let _ = server.shutdown(std::net::Shutdown::Both);
            let _ = client.shutdown(std::net::Shutdown::Both);
        }
    });
    url
}

#[test]
fn a_broken_connection_is_taken_up_again_by_itself() {
    let server = Server::ready();
    let url = breaking_proxy(server.url.strip_prefix("http://").unwrap().to_owned(), 2_500_000);
    let item = sealed(7, 6 * 1024 * 1024);
    let sent = Https::new(&url).unwrap().send(&item, &server.receipt_key).unwrap();
    let direct = Https::new(&server.url).unwrap();
    assert_eq!(sent, Sent::Received(direct.receipt(&item.sha256).unwrap().unwrap()));
}

#[test]
fn a_dead_server_and_a_refusal_are_clear_errors() {
    let mut server = Server::ready();
    let carrier = Https::new(&server.url).unwrap();
    let error = carrier.send(&sealed_by(8, 1, 10), &server.receipt_key).unwrap_err();
    assert!(matches!(&error, CarryError::Refused(p) if p.code == "E-UNKNOWN-KEY"));
    assert_eq!(error.exit_code(), 8);
    assert!(error.ja().contains("E-UNKNOWN-KEY"));
    let wrong = Sealed { bytes: vec![0; sealed(1, 100).bytes.len()], ..sealed(1, 100) };
    assert!(matches!(carrier.send(&wrong, &server.receipt_key), Err(CarryError::Refused(p)) if p.code == "E-HASH"));
    server.stop();
    let error = carrier.send(&sealed(1, 10), &server.receipt_key).unwrap_err();
    assert!(matches!(error, CarryError::Unreachable(_)), "{error}");
    assert_eq!(error.exit_code(), 7);
    let dir = tempfile::tempdir().unwrap();
    Folder::open(dir.path()).unwrap().send(&sealed(1, 10), &server.receipt_key).unwrap();
    assert_eq!(relay(dir.path(), &server.url).unwrap_err().exit_code(), 7);
}

/// A peer that answers every request with the same text.
fn hostile_server(status: &'static str, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            client.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
            // The whole request first: closing with unread bytes would reset the connection.
            let mut piece = [0; 4096];
            let mut seen = Vec::new();
            while let Ok(n) = client.read(&mut piece) {
                seen.extend_from_slice(&piece[..n]);
                if n == 0 {
                    break;
                }
            }
            let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
            let _ = client.write_all(format!("{head}\r\n{body}").as_bytes());
        }
    });
    url
}

#[test]
fn answers_of_a_hostile_server_are_not_believed() {
    let item = sealed(1, 100);
    for (status, body) in [
        ("200 OK", "{}".to_owned()),
        ("200 OK", "not json".to_owned()),
        ("200 OK", sign(9, Context::Ack, &Ack::new(&item.sha256, b"x")).to_json()),
        ("200 OK", "9".repeat(5 * 1024 * 1024)),
        ("200 OK\r\nUpload-Offset: 999999", String::new()),
        ("200 OK\r\nUpload-Offset: 0", String::new()),
        ("302 Found\r\nLocation: http://127.0.0.1:1/", String::new()),
        ("500 Oops", "<html>".to_owned()),
    ] {
        let carrier = Https::new(&hostile_server(status, body)).unwrap();
        let error = carrier.send(&item, &public(9)).unwrap_err();
        assert!(matches!(error, CarryError::Answer(_) | CarryError::Receipt(_)), "{status}: {error:?}");
    }
}

#[test]
fn a_relay_brings_bundles_out_and_receipts_and_acks_back() {
    let server = Server::ready();
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path()).unwrap();
    let (one, two) = (sealed(1, 1000), sealed(2, 2000));
    // One that is refused, one whose bytes were damaged on the way, one that lost its bundle.
    let (stranger, bad, lost) = (sealed_by(8, 5, 10), sealed(3, 100), sealed(4, 100));
    for item in [&one, &two, &stranger, &bad, &lost] {
        assert_eq!(folder.send(item, &server.receipt_key).unwrap(), Sent::Exported);
    }
    fs::write(dir.path().join(format!("{}.age", bad.sha256)), b"damaged").unwrap();
    fs::remove_file(dir.path().join(format!("{}.age", lost.sha256))).unwrap();

    let first = relay(dir.path(), &server.url).unwrap();
    let mut damaged = vec![bad.sha256, lost.sha256];
    damaged.sort();
    assert_eq!((first.sent, first.receipts, first.acks, &first.damaged), (2, 2, 0, &damaged));
    assert_eq!(first.refused.len(), 1);
    assert_eq!((first.refused[0].0.as_str(), first.refused[0].1.code.as_str()), (&*stranger.sha256, "E-UNKNOWN-KEY"));
    assert_eq!(folder.recipients().unwrap(), Some(recipients()));
    let receipt = folder.verified_receipt(&one.sha256, &one.ticket, &server.receipt_key).unwrap().unwrap();
    assert_eq!(folder.send(&one, &server.receipt_key).unwrap(), Sent::Received(receipt));

    let secretariat = Https::new(&server.url).unwrap().with_signer(staff());
    secretariat.put_ack(&one.sha256, &ack(&one, b"accepted")).unwrap();
    let second = relay(dir.path(), &server.url).unwrap();
    assert_eq!(second, Relayed { sent: 0, acks: 1, receipts: 2, ..first.clone() });
    assert_eq!(folder.get_ack(&one.sha256).unwrap(), Some(ack(&one, b"accepted")));
    assert_eq!(relay(dir.path(), &server.url).unwrap(), Relayed { sent: 0, acks: 0, receipts: 2, ..first });
    assert_eq!(secretariat.inbox(0).unwrap().len(), 2);
    assert_eq!(secretariat.inbox(1).unwrap().len(), 1);
}

fn hostile(result: Result<impl std::fmt::Debug, CarryError>) {
    assert!(matches!(result, Err(CarryError::Hostile(_) | CarryError::Damaged)), "{result:?}");
}

fn replace(path: &Path, make: impl Fn(&Path)) {
    fs::remove_file(path).or_else(|_| fs::remove_dir(path)).unwrap();
    make(path);
}

#[test]
fn a_hostile_folder_is_read_strictly() {
    let outside = tempfile::tempdir().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path()).unwrap();
    let (item, other) = (sealed(1, 100), sealed(2, 100));
    fs::write(outside.path().join("age"), &item.bytes).unwrap();
    fs::write(outside.path().join("ticket"), item.ticket.to_json()).unwrap();
    let age = dir.path().join(format!("{}.age", item.sha256));
    let ticket = dir.path().join(format!("{}.ticket", item.sha256));
    symlink(outside.path().join("age"), &age).unwrap();
    symlink(outside.path().join("ticket"), &ticket).unwrap();
    hostile(folder.fetch(&item.sha256));
    hostile(folder.ticket(&item.sha256));

    replace(&age, |p| fs::create_dir(p).unwrap());
    hostile(folder.fetch(&item.sha256));
    replace(&age, |p| assert!(std::process::Command::new("mkfifo").arg(p).status().unwrap().success()));
    hostile(folder.fetch(&item.sha256));
    replace(&age, |p| fs::File::create(p).unwrap().set_len(10 << 30).unwrap());
    hostile(folder.fetch(&item.sha256));
    replace(&age, |p| fs::write(p, b"other bytes").unwrap());
    hostile(folder.fetch(&item.sha256));
    for text in [String::new(), "{}".into(), "\u{feff}{}".into(), other.ticket.to_json(), "9".repeat(3 << 20)] {
        replace(&ticket, |p| fs::write(p, &text).unwrap());
        hostile(folder.ticket(&item.sha256));
    }
    // Writing never goes through a link that lies in the way.
    replace(&age, |p| symlink(outside.path().join("age"), p).unwrap());
    fs::remove_file(&ticket).unwrap();
    fs::write(outside.path().join("age"), b"untouched").unwrap();
    folder.send(&item, &public(9)).unwrap();
    assert_eq!(fs::read(outside.path().join("age")).unwrap(), b"untouched");
    assert_eq!(folder.fetch(&item.sha256).unwrap(), item.bytes);
}

#[test]
fn foreign_names_are_passed_over_and_one_bad_file_does_not_hide_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path()).unwrap();
    let item = sealed(1, 100);
    folder.send(&item, &public(9)).unwrap();
    let hash = &item.sha256;
    for name in [
        "readme.txt".to_owned(),
        "autorun.inf".into(),
        format!("{}.ticket", hash.to_uppercase()),
        format!("{}.ticket", &hash[1..]),
        format!("{hash}.ticket.exe"),
        format!("{hash}.TICKET"),
        format!(" {hash}.ticket"),
        format!("{hash}\u{202e}.ticket"),
        format!("{hash}.ticket.part"),
        ".ticket".into(),
    ] {
        fs::write(dir.path().join(name), b"x").unwrap();
    }
    assert_eq!(folder.hashes("ticket").unwrap(), std::slice::from_ref(hash));
    fs::write(dir.path().join(format!("{}.ticket", "0".repeat(64))), b"x").unwrap();
    assert_eq!(folder.inbox(0).unwrap().len(), 1);
    assert!(Folder::open(&dir.path().join("readme.txt")).is_err());
    assert!(Folder::open(&dir.path().join("nowhere")).is_err());
}
