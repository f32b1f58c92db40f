//! Reads: health, receipts, acknowledgements, for staff the inbox and the bundles, for an expert the own mailbox.

use std::fs::File;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bansou_core::wire::v1::envelope::{encode_key, key_id, to_json};
use hyper::body::Frame;
use tokio::sync::mpsc;

use crate::answer::{Answer, Refused, json};
use crate::app::{App, RECIPIENTS};
use crate::auth::{expert, staff};
use crate::upload::IDLE;

/// `GET /healthz`: alive, and the public key of its receipts, which the secretariat pins.
pub async fn health(State(app): State<Arc<App>>) -> Response {
    let key = encode_key(&app.receipt_key);
    json(StatusCode::OK, format!(r#"{{"schema":1,"status":"ok","receipt_key":"{key}"}}"#))
}

/// `GET /v1/recipients`.
pub async fn recipients(State(app): State<Arc<App>>) -> Answer {
    found(app.store.document(RECIPIENTS)?)
}

/// `GET /v1/receipts/{sha}`.
pub async fn receipt(State(app): State<Arc<App>>, Path(sha256): Path<String>) -> Answer {
    found(app.store.receipt(&sha256)?.map(|receipt| receipt.to_json()))
}

/// `GET /v1/acks/{sha}`: whoever knows the hash may fetch the answer, which only the expert can open.
pub async fn ack(State(app): State<Arc<App>>, Path(sha256): Path<String>) -> Answer {
    found(app.store.ack(&sha256)?)
}

fn found(text: Option<String>) -> Answer {
    text.map(|text| json(StatusCode::OK, text)).ok_or_else(Refused::not_found)
}

/// `GET /v1/inbox?after=N`, staff only.
pub async fn inbox(State(app): State<Arc<App>>, parts: Parts) -> Answer {
    staff(&app, &parts, None)?;
    Ok(json(StatusCode::OK, to_json(&app.store.inbox(after(&parts)?)?)))
}

/// `GET /v1/mailbox?after=N`, experts only: what was received under the key that signs the request.
pub async fn mailbox(State(app): State<Arc<App>>, parts: Parts) -> Answer {
    let key = expert(&app, &parts)?;
    Ok(json(StatusCode::OK, to_json(&app.store.mailbox(&key_id(&key), after(&parts)?)?)))
}

fn after(parts: &Parts) -> Result<u64, Refused> {
    let query = parts.uri.query().unwrap_or_default();
    query.strip_prefix("after=").and_then(|n| n.parse().ok()).ok_or_else(Refused::malformed)
}

/// `GET /v1/bundles/{sha}`, staff only.
pub async fn bundle(State(app): State<Arc<App>>, Path(sha256): Path<String>, parts: Parts) -> Answer {
    staff(&app, &parts, None)?;
    if app.store.receipt(&sha256)?.is_none() {
        return Err(Refused::not_found());
    }
    let file = File::open(app.store.blob(&sha256))?;
    let size = file.metadata()?.len();
    let (pieces, queue) = mpsc::channel(2);
    tokio::spawn(send_file(file, pieces));
    let mut response = Response::new(Body::new(Pieces(queue)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Reads a file piece by piece as the client takes it; stops when the client does not.
async fn send_file(mut file: File, pieces: mpsc::Sender<io::Result<Bytes>>) {
    loop {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; 64 * 1024];
            let read = file.read(&mut piece).map(|n| Bytes::from(piece).slice(..n));
            (file, read)
        });
        let Ok((back, read)) = read.await else { return };
        file = back;
        let last = read.as_ref().map_or(true, Bytes::is_empty);
        if matches!(&read, Ok(piece) if piece.is_empty()) {
            return;
        }
        if !matches!(tokio::time::timeout(IDLE, pieces.send(read)).await, Ok(Ok(()))) || last {
            return;
        }
    }
}

/// A body made of the pieces of a file.
struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|next| next.map(|piece| piece.map(Frame::data)))
    }
}
