//! A server in a temporary folder, a plain HTTP client over TCP, and the people of a small programme.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bansou_core::wire::v1::ack::Ack;
use bansou_core::wire::v1::envelope::{Context, Signed, encode_key, key_id, to_json};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use bansou_core::wire::v1::request::Request;
use bansou_core::wire::v1::ticket::Ticket;
use ed25519_dalek::{Signer as _, SigningKey};

pub fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}
pub fn root() -> SigningKey {
    key(1)
}
pub fn expert() -> SigningKey {
    key(2)
}
pub fn staff() -> SigningKey {
    key(3)
}
pub fn stranger() -> SigningKey {
    key(4)
}

pub fn public(key: &SigningKey) -> String {
    encode_key(&key.verifying_key().to_bytes())
}

pub fn sign<T: serde::Serialize>(key: &SigningKey, context: Context, body: &T) -> Signed {
    let body = to_json(body);
    let sig = key.sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &key.verifying_key().to_bytes(), &sig)
}

pub fn recipients(version: u64) -> Recipients {
    Recipients {
        v: 1,
        version,
        expires: "2027-03-31".into(),
        age: vec!["age1example".into()],
        receipt_key: String::new(),
        programme: "r2-2020".into(),
        practice: true,
    }
}

pub fn roster(version: u64, experts: &[&SigningKey]) -> Roster {
    Roster { v: 1, version, experts: experts.iter().map(|k| public(k)).collect(), staff: vec![public(&staff())] }
}

/// Sealed bytes that differ by `n`.
pub fn bytes(n: u32, size: usize) -> Vec<u8> {
    (0..size as u32).map(|i| (i.wrapping_mul(31).wrapping_add(n) >> 3) as u8).chain(n.to_be_bytes()).collect()
}

pub fn ticket(key: &SigningKey, bytes: &[u8]) -> (String, Signed) {
    let ticket = Ticket::for_bytes(bytes, 1);
    (ticket.sha256.clone(), sign(key, Context::Ticket, &ticket))
}

pub fn ack(key: &SigningKey, sha256: &str, sealed: &[u8]) -> Signed {
    sign(key, Context::Ack, &Ack::new(sha256, sealed))
}

pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
    pub fn code(&self) -> String {
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(value["schema"], 1);
        assert!(!value["ja"].as_str().unwrap().is_empty() && !value["en"].as_str().unwrap().is_empty());
        value["code"].as_str().unwrap().to_owned()
    }
    pub fn offset(&self) -> u64 {
        self.headers["upload-offset"].parse().unwrap()
    }
    pub fn signed(&self) -> Signed {
        Signed::from_json(self.text()).unwrap()
    }
}

/// A server process, ended with the test.
pub struct Server {
    child: Child,
    pub addr: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn command(data: &Path) -> Command {
        // Not set for another package that takes this file in and brings a command of its own.
        #[allow(clippy::option_env_unwrap)]
        let mut command = Command::new(option_env!("CARGO_BIN_EXE_bansou-server").expect("cargo names the program"));
        command.arg("--data").arg(data).args(["--listen", "127.0.0.1:0", "--secretariat", &public(&root())]);
        command
    }

    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let addr = first.trim().strip_prefix("listening http://").unwrap_or_else(|| panic!("{first:?}"));
        Self { addr: addr.parse().unwrap(), child }
    }

    pub fn start(data: &Path) -> Self {
        Self::spawn(Self::command(data))
    }

    /// Started, with recipients version 1 and a roster of one expert published.
    pub fn ready(data: &Path) -> Self {
        let server = Self::start(data);
        server.publish();
        server
    }

    pub fn publish(&self) {
        let recipients = sign(&root(), Context::Recipients, &recipients(1)).to_json();
        assert_eq!(self.call("PUT", "/v1/recipients", &[], recipients.as_bytes()).status, 201);
        let roster = sign(&root(), Context::Roster, &roster(1, &[&expert()])).to_json();
        assert_eq!(self.call("PUT", "/v1/roster", &[], roster.as_bytes()).status, 201);
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    pub fn connect(&self) -> TcpStream {
        connect(self.addr)
    }

    pub fn call(&self, method: &str, target: &str, headers: &[(&str, String)], body: &[u8]) -> Reply {
        call(self.addr, method, target, headers, body)
    }

    /// A request signed in the RFC 9421 profile.
    pub fn signed(&self, key: &SigningKey, method: &str, target: &str, body: Option<&[u8]>) -> Reply {
        self.call(method, target, &signature(key, method, target, body, now()), body.unwrap_or_default())
    }

    pub fn put_ticket(&self, sha256: &str, ticket: &Signed) -> Reply {
        self.call("PUT", &format!("/v1/tickets/{sha256}"), &[], ticket.to_json().as_bytes())
    }

    pub fn patch(&self, sha256: &str, offset: u64, bytes: &[u8]) -> Reply {
        let offset = [("Upload-Offset", offset.to_string())];
        self.call("PATCH", &format!("/v1/bundles/{sha256}"), &offset, bytes)
    }

    /// Ticket and bytes in one go; the receipt's JSON.
    pub fn upload(&self, bytes: &[u8]) -> String {
        let (sha256, ticket) = ticket(&expert(), bytes);
        assert_eq!(self.put_ticket(&sha256, &ticket).status, 201);
        let reply = self.patch(&sha256, 0, bytes);
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.text().to_owned()
    }
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

pub fn call(addr: SocketAddr, method: &str, target: &str, headers: &[(&str, String)], body: &[u8]) -> Reply {
    let mut stream = connect(addr);
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    head += &format!("Content-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    // The server may answer and close before the body is through.
    let _ = stream.write_all(body);
    read(stream, method == "HEAD")
}

pub fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64
}

pub fn signature(
    key: &SigningKey,
    method: &str,
    target: &str,
    body: Option<&[u8]>,
    created: i64,
) -> Vec<(&'static str, String)> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let request = Request { method, path, query, body };
    let (params, to_sign) = request.to_sign(created, &key_id(&key.verifying_key().to_bytes()));
    let headers = request.headers(&params, &key.sign(&to_sign).to_bytes());
    let mut out = vec![("Signature-Input", headers.input), ("Signature", headers.signature)];
    out.extend(headers.content_digest.map(|digest| ("Content-Digest", digest)));
    out
}

fn read(stream: TcpStream, head_only: bool) -> Reply {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {line:?}")).parse().unwrap();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = Vec::new();
    if !head_only {
        let length = headers.get("content-length").map_or(0, |n| n.parse().unwrap());
        reader.take(length).read_to_end(&mut body).unwrap();
    }
    Reply { status, headers, body }
}
