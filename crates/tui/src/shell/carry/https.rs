//! Carrying by HTTPS: resumable uploads, signed reads of the secretariat, and sentences for what goes wrong.

use std::net::IpAddr;
use std::time::Duration;

use bansou_core::intake::MAX_BUNDLE;
use bansou_core::wire::v1::envelope::{Context, Signed, hex, is_sha256, key_id};
use bansou_core::wire::v1::problem::Problem;
use bansou_core::wire::v1::receipt::{Inbox, InboxEntry, Receipt};
use bansou_core::wire::v1::request::Request;
use reqwest::{Method, StatusCode, Url};
use sha2::{Digest as _, Sha256};

use super::{Carrier, CarryError, Incoming, Sealed, Sent};

/// Largest JSON answer that is read, in bytes.
const MAX_JSON: u64 = 4 * 1024 * 1024;
/// Bytes of one upload request; a broken connection costs at most this much.
const CHUNK: usize = 4 * 1024 * 1024;
/// Attempts of an upload before it is left for later, and the pause between them.
const ATTEMPTS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(300);
/// Time any request gets, and the slowest line it is meant for, in bytes per second.
const BASE_TIME: Duration = Duration::from_secs(30);
const SLOWEST: u64 = 8 * 1024;

/// Makes an Ed25519 signature over a message.
pub type SignBytes = Box<dyn Fn(&[u8]) -> [u8; 64] + Send + Sync>;

/// The signing side of a member of staff or of an expert; the secret stays with the caller.
pub struct Signer {
    /// Ed25519 public key.
    pub key: [u8; 32],
    pub sign: SignBytes,
    /// Unix time in seconds.
    pub now: fn() -> i64,
}

/// A sync server.
pub struct Https {
    base: Url,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    signer: Option<Signer>,
}

/// An answer, read whole.
struct Reply {
    status: StatusCode,
    offset: Option<u64>,
    body: Vec<u8>,
}

impl Https {
    /// A server at `https://…`; `http://` is for loopback only.
    pub fn new(url: &str) -> Result<Self, CarryError> {
        let base = address(url)?;
        // Only the first call installs it; later ones find it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10));
        if base.scheme() == "http" {
            // Loopback needs no certificates, and must work where none are installed.
            client = client.tls_certs_only([]);
        }
        let client = client
            .build()
            .map_err(|_| CarryError::Address("no certificate authorities are installed (package ca-certificates)"))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| CarryError::Address("the network layer cannot be set up on this machine"))?;
        Ok(Self { base, client, runtime, signer: None })
    }

    /// Signs reads with a key of the roster, and acknowledgements with a staff key.
    pub fn with_signer(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self
    }

    /// The server's own receipt key (32 bytes), to be pinned in the recipients file after a person compared it.
    pub fn receipt_key(&self) -> Result<[u8; 32], CarryError> {
        #[derive(serde::Deserialize)]
        struct Health {
            receipt_key: String,
        }
        let reply = self.ask(Method::GET, "/healthz", None, &[])?.ok()?;
        let health: Health = serde_json::from_slice(&reply.body).map_err(|_| CarryError::Answer("health"))?;
        bansou_core::wire::v1::envelope::decode_key(&health.receipt_key).map_err(|_| CarryError::Answer("health"))
    }

    /// Every bundle the server ever took from the signing expert, unverified, in log order.
    pub fn mailbox(&self) -> Result<Vec<InboxEntry>, CarryError> {
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let page = self.page("mailbox", after)?;
            let last = page.entries.last().map(|e| position(&e.receipt)).transpose()?;
            entries.extend(page.entries);
            match last.filter(|last| page.more && *last > after) {
                Some(last) => after = last,
                None if page.more => return Err(CarryError::Answer("a list that does not move")),
                None => return Ok(entries),
            }
        }
    }

    fn page(&self, list: &str, after: u64) -> Result<Inbox, CarryError> {
        let reply = self.ask_signed(Method::GET, &format!("/v1/{list}?after={after}"), None)?.ok()?;
        serde_json::from_slice(&reply.body).map_err(|_| CarryError::Answer("a list of bundles"))
    }

    /// Uploads a bundle and returns the receipt as it came, unverified. Goes on where an earlier attempt stopped.
    pub fn deliver(&self, item: &Sealed) -> Result<Signed, CarryError> {
        let mut tries = 1;
        loop {
            match self.attempt(item) {
                Err(error) if tries < ATTEMPTS && worth_another_try(&error) => {
                    std::thread::sleep(PAUSE * tries);
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn attempt(&self, item: &Sealed) -> Result<Signed, CarryError> {
        let target = path("tickets", &item.sha256)?;
        let bundle = path("bundles", &item.sha256)?;
        let mut reply = self.ask(Method::PUT, &target, Some(item.ticket.to_json().into_bytes()), &[])?.ok()?;
        while let Some(offset) = reply.offset {
            let start = usize::try_from(offset).ok().filter(|at| *at <= item.bytes.len());
            let start = start.ok_or(CarryError::Answer("an offset beyond the bundle"))?;
            let chunk = item.bytes[start..item.bytes.len().min(start + CHUNK)].to_vec();
            let sent = chunk.len();
            let headers = [("upload-offset".to_owned(), offset.to_string())];
            reply = self.ask(Method::PATCH, &bundle, Some(chunk), &headers)?.ok()?;
            if reply.offset.is_some_and(|now| now <= offset && sent > 0) || (sent == 0 && reply.offset.is_some()) {
                return Err(CarryError::Answer("an upload that does not move"));
            }
        }
        signed(&reply.body)
    }

    fn get_signed(&self, target: &str) -> Result<Option<Signed>, CarryError> {
        let reply = self.ask(Method::GET, target, None, &[])?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        signed(&reply.ok()?.body).map(Some)
    }

    /// Sends a request signed by the key of the roster.
    fn ask_signed(&self, method: Method, target: &str, body: Option<Vec<u8>>) -> Result<Reply, CarryError> {
        let signer = self.signer.as_ref().ok_or(CarryError::NeedsStaff)?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = Request { method: method.as_str(), path, query, body: body.as_deref() };
        let (params, to_sign) = request.to_sign((signer.now)(), &key_id(&signer.key));
        let made = request.headers(&params, &(signer.sign)(&to_sign));
        let mut headers = vec![("signature-input".to_owned(), made.input), ("signature".to_owned(), made.signature)];
        headers.extend(made.content_digest.map(|digest| ("content-digest".to_owned(), digest)));
        self.ask(method, target, body, &headers)
    }

    fn ask(
        &self,
        method: Method,
        target: &str,
        body: Option<Vec<u8>>,
        headers: &[(String, String)],
    ) -> Result<Reply, CarryError> {
        let url = self.base.join(target).map_err(|_| CarryError::Address("the path cannot be added to it"))?;
        let limit = if method == Method::GET && target.starts_with("/v1/bundles/") { MAX_BUNDLE } else { MAX_JSON };
        let moved = if limit == MAX_BUNDLE { limit } else { body.as_ref().map_or(0, |b| b.len() as u64) };
        let mut request = self.client.request(method, url).timeout(BASE_TIME + Duration::from_secs(moved / SLOWEST));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        self.runtime.block_on(async {
            let mut response = request.send().await.map_err(|e| unreachable_because(&e))?;
            let offset = response.headers().get("upload-offset").and_then(|v| v.to_str().ok()?.parse().ok());
            let mut reply = Reply { status: response.status(), offset, body: Vec::new() };
            while let Some(piece) = response.chunk().await.map_err(|e| unreachable_because(&e))? {
                if (reply.body.len() + piece.len()) as u64 > limit {
                    return Err(CarryError::Answer("it is too long"));
                }
                reply.body.extend_from_slice(&piece);
            }
            Ok(reply)
        })
    }
}

impl Reply {
    /// The reply if it is a success; a refusal keeps the server's sentences.
    fn ok(self) -> Result<Self, CarryError> {
        if self.status.is_success() {
            return Ok(self);
        }
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) if problem.code.starts_with("E-") => Err(CarryError::Refused(problem)),
            _ => Err(CarryError::Answer("a failure without a reason; is this address a Bansou server?")),
        }
    }
}

impl Carrier for Https {
    fn send(&self, item: &Sealed, receipt_key: &[u8; 32]) -> Result<Sent, CarryError> {
        let receipt = self.deliver(item)?;
        Receipt::check(&receipt, receipt_key, &item.ticket)?;
        Ok(Sent::Received(receipt))
    }

    fn receipt(&self, sha256: &str) -> Result<Option<Signed>, CarryError> {
        self.get_signed(&path("receipts", sha256)?)
    }

    fn recipients(&self) -> Result<Option<Signed>, CarryError> {
        self.get_signed("/v1/recipients")
    }

    fn inbox(&self, after: u64) -> Result<Vec<Incoming>, CarryError> {
        let mut incoming: Vec<Incoming> = Vec::new();
        loop {
            let from = incoming.last().map_or(after, |last| last.position);
            let page = self.page("inbox", from)?;
            for entry in page.entries {
                let key = entry.receipt.key_bytes().map_err(|e| CarryError::Receipt(e.into()))?;
                let receipt = Receipt::check(&entry.receipt, &key, &entry.ticket)?;
                if receipt.index <= incoming.last().map_or(after, |last| last.position) {
                    return Err(CarryError::Answer("an inbox that is out of order"));
                }
                incoming.push(Incoming {
                    position: receipt.index,
                    sha256: receipt.sha256,
                    ticket: entry.ticket,
                    receipt: Some(entry.receipt),
                });
            }
            if !page.more || incoming.last().is_none_or(|last| last.position == from) {
                return Ok(incoming);
            }
        }
    }

    fn fetch(&self, sha256: &str) -> Result<Vec<u8>, CarryError> {
        let reply = self.ask_signed(Method::GET, &path("bundles", sha256)?, None)?;
        if reply.status == StatusCode::NOT_FOUND {
            return Err(CarryError::NotFound);
        }
        let bytes = reply.ok()?.body;
        if hex(&Sha256::digest(&bytes)) == sha256 { Ok(bytes) } else { Err(CarryError::Damaged) }
    }

    fn put_ack(&self, sha256: &str, ack: &Signed) -> Result<(), CarryError> {
        let body = ack.to_json().into_bytes();
        self.ask_signed(Method::PUT, &path("acks", sha256)?, Some(body))?.ok().map(drop)
    }

    fn get_ack(&self, sha256: &str) -> Result<Option<Signed>, CarryError> {
        self.get_signed(&path("acks", sha256)?)
    }

    fn publish_recipients(&self, recipients: &Signed) -> Result<(), CarryError> {
        self.ask(Method::PUT, "/v1/recipients", Some(recipients.to_json().into_bytes()), &[])?.ok().map(drop)
    }

    fn publish_roster(&self, roster: &Signed) -> Result<(), CarryError> {
        self.ask(Method::PUT, "/v1/roster", Some(roster.to_json().into_bytes()), &[])?.ok().map(drop)
    }
}

/// Accepts `https://host[:port]`, and `http://` for a loopback address.
fn address(url: &str) -> Result<Url, CarryError> {
    let url = Url::parse(url).map_err(|_| CarryError::Address("write it as https://host or https://host:port"))?;
    if url.path() != "/" || url.query().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(CarryError::Address("write only https://host or https://host:port"));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" if !host.is_empty() => Ok(url),
        "http" if loopback => Ok(url),
        "http" => Err(CarryError::Address("http:// is for this machine only; use https://")),
        _ => Err(CarryError::Address("write it as https://host or https://host:port")),
    }
}

/// Where a receipt stands in the log; only to ask on from there.
fn position(receipt: &Signed) -> Result<u64, CarryError> {
    let key = receipt.key_bytes().map_err(|e| CarryError::Receipt(e.into()))?;
    let receipt: Receipt = receipt.open_by(Context::Receipt, &key).map_err(|e| CarryError::Receipt(e.into()))?;
    Ok(receipt.index)
}

fn path(kind: &str, sha256: &str) -> Result<String, CarryError> {
    if is_sha256(sha256) { Ok(format!("/v1/{kind}/{sha256}")) } else { Err(CarryError::NotFound) }
}

fn signed(body: &[u8]) -> Result<Signed, CarryError> {
    let text = std::str::from_utf8(body).map_err(|_| CarryError::Answer("not a signed text"))?;
    Signed::from_json(text).map_err(|_| CarryError::Answer("not a signed text"))
}

fn worth_another_try(error: &CarryError) -> bool {
    match error {
        CarryError::Unreachable(_) => true,
        CarryError::Refused(p) => {
            matches!(p.code.as_str(), "E-BUSY" | "E-OFFSET" | "E-SLOW" | "E-STOPPING" | "E-NO-TICKET")
        }
        _ => false,
    }
}

fn unreachable_because(error: &reqwest::Error) -> CarryError {
    CarryError::Unreachable(if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off"
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::address;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in [
            "https://sync.example.jp",
            "https://192.0.2.1:8443/",
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://localhost:1",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://sync.example.jp",
            "http://192.168.0.2",
            "http://127.0.0.1.example.jp",
            "http://localhost.example.jp",
            "http://127.0.0.1@example.jp",
            "https://user:secret@sync.example.jp",
            "https://sync.example.jp/path",
            "https://sync.example.jp/?a",
            "ftp://127.0.0.1",
            "file:///etc",
            "sync.example.jp",
            "",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
