//! Uploads: a ticket announces a bundle, chunks bring it, and the receipt is given when it is whole and durable.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use bansou_core::intake::{Decision, Have, Refusal, accept};
use bansou_core::wire::v1::envelope::{Context, EnvelopeError, Signed, hex, is_sha256, key_id};
use bansou_core::wire::v1::ticket::Ticket;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::answer::{Answer, Refused, UPLOAD_OFFSET, json, offset};
use crate::app::App;
use crate::auth::small_body;
use crate::partial::Claim;
use crate::store::Arrived;

/// Longest silence of a client.
pub const IDLE: Duration = Duration::from_secs(30);
/// Slowest upload that is waited for, in bytes per second.
const SLOWEST: u64 = 1024;
/// Largest ticket, in bytes.
const TICKET_BYTES: usize = 4096;

/// `PUT /v1/tickets/{sha}`: 201 for a new upload, 200 with `Upload-Offset` to go on, 200 with the receipt when done.
pub async fn put_ticket(State(app): State<Arc<App>>, Path(sha256): Path<String>, body: Body) -> Answer {
    let arrived = match read(&small_body(body, TICKET_BYTES).await?) {
        Ok(arrived) if arrived.ticket.sha256 == sha256 => arrived,
        Ok(_) | Err(EnvelopeError::Body(_) | EnvelopeError::Malformed) => return Err(Refusal::TicketForm.into()),
        Err(EnvelopeError::BadSignature) => return Err(Refused::signature()),
    };
    let published = app.published();
    let key = arrived.signed.key_bytes().map_err(|_| Refused::signature())?;
    let signer_known = published.experts.contains(&key);
    if signer_known {
        app.pace(&key)?;
    }
    let already = match app.store.receipt(&sha256)? {
        Some(receipt) => Some(Have::Whole(receipt)),
        None => app.uploads.get(&sha256).map(|(held, offset)| Have::Part {
            same_key: held.key_id == arrived.key_id,
            ticket: held.ticket,
            offset,
        }),
    };
    let limits = app.limits(&arrived.key_id)?;
    match accept(&arrived.ticket, signer_known, published.recipients_version, already, limits) {
        Decision::NewUpload => {
            let size = arrived.ticket.size;
            app.uploads.begin(arrived)?;
            Ok(offset(StatusCode::CREATED, 0, size))
        }
        Decision::Continue(at) => Ok(offset(StatusCode::OK, at, arrived.ticket.size)),
        Decision::AlreadyHave(receipt) => Ok(json(StatusCode::OK, receipt.to_json())),
        Decision::Refuse(refusal) => {
            app.log(&format!("refused {} key={} size={}", refusal.code(), arrived.key_id, arrived.ticket.size));
            Err(refusal.into())
        }
    }
}

fn read(body: &[u8]) -> Result<Arrived, EnvelopeError> {
    let text = std::str::from_utf8(body).map_err(|_| EnvelopeError::Malformed)?;
    let signed = Signed::from_json(text)?;
    let ticket: Ticket = signed.open(Context::Ticket)?;
    let key_id = key_id(&signed.key_bytes()?);
    Ok(Arrived { ticket, signed, key_id })
}

/// `HEAD /v1/bundles/{sha}`: how many bytes are here.
pub async fn head_bundle(State(app): State<Arc<App>>, Path(sha256): Path<String>) -> Answer {
    if let Some((arrived, at)) = app.uploads.get(&sha256) {
        return Ok(offset(StatusCode::OK, at, arrived.ticket.size));
    }
    if !is_sha256(&sha256) || app.store.receipt(&sha256)?.is_none() {
        return Err(Refused::not_found());
    }
    let size = std::fs::metadata(app.store.blob(&sha256))?.len();
    Ok(offset(StatusCode::OK, size, size))
}

/// `PATCH /v1/bundles/{sha}`: 204 with the new offset, or 201 with the receipt when the bundle is whole.
pub async fn patch_bundle(
    State(app): State<Arc<App>>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    // Its own task: a client that breaks off must not stop the writing half way through a step.
    tokio::spawn(bring(app, sha256, headers, body)).await.map_err(io::Error::other)?
}

async fn bring(app: Arc<App>, sha256: String, headers: HeaderMap, body: Body) -> Answer {
    if let Some(receipt) = app.store.receipt(&sha256)? {
        return Ok(json(StatusCode::OK, receipt.to_json()));
    }
    let claim = match app.uploads.claim(&sha256) {
        None => return Err(no_ticket()),
        Some(None) => return Err(busy().at(app.uploads.offset(&sha256))),
        Some(Some(claim)) => claim,
    };
    let at = app.uploads.offset(&sha256);
    let asked = headers.get(UPLOAD_OFFSET).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    match asked {
        Some(asked) if asked == at => {}
        Some(_) => return Err(wrong_offset().at(at)),
        None => return Err(Refused::malformed()),
    }
    let size = claim.arrived.ticket.size;
    let received = receive(&app, &sha256, body, size - at.min(size)).await;
    if let Err(refused) = received {
        if refused.code() == "E-DISK-FULL" {
            app.uploads.drop_upload(&sha256);
        }
        return Err(refused);
    }
    let at = app.uploads.offset(&sha256);
    if at < size { Ok(offset(StatusCode::NO_CONTENT, at, size)) } else { finish(&app, claim).await }
}

/// Streams a body into the upload; memory holds a few frames. What arrived before a failure stays.
async fn receive(app: &Arc<App>, sha256: &str, mut body: Body, room: u64) -> Result<(), Refused> {
    let file = app.uploads.append(sha256)?;
    let (frames, queue) = mpsc::channel::<Bytes>(4);
    let writer = tokio::task::spawn_blocking(move || write_all(file, queue));
    let longest = IDLE + Duration::from_secs(room / SLOWEST);
    let outcome = tokio::time::timeout(longest, pump(&mut body, &frames, room)).await;
    drop(frames);
    writer.await.map_err(io::Error::other)??;
    outcome.unwrap_or_else(|_| Err(Refused::slow()))
}

/// Hands the frames of a body on, at most `room` bytes, until it ends or stalls.
async fn pump(body: &mut Body, frames: &mpsc::Sender<Bytes>, mut room: u64) -> Result<(), Refused> {
    loop {
        let next = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
        let data = match tokio::time::timeout(IDLE, next).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
            Ok(Some(Err(_))) | Err(_) => return Err(Refused::slow()),
        };
        room = room.checked_sub(data.len() as u64).ok_or_else(Refused::body_too_large)?;
        if frames.send(data).await.is_err() {
            // The writer stopped; its own error says why.
            return Ok(());
        }
    }
}

fn write_all(mut file: File, mut queue: mpsc::Receiver<Bytes>) -> io::Result<()> {
    while let Some(data) = queue.blocking_recv() {
        file.write_all(&data)?;
    }
    Ok(())
}

/// The bundle has all its bytes: check the hash, make it durable, give the receipt.
async fn finish(app: &Arc<App>, claim: Claim<'_>) -> Answer {
    let sha256 = claim.arrived.ticket.sha256.clone();
    let file = app.uploads.read(&sha256)?;
    let digest = tokio::task::spawn_blocking(move || sync_and_hash(file)).await.map_err(io::Error::other)?;
    let digest = digest.inspect_err(|e| app.log(&format!("fsync failed: {}", e.kind())))?;
    if digest != sha256 {
        app.uploads.drop_upload(&sha256);
        app.log(&format!("refused E-HASH key={} size={}", claim.arrived.key_id, claim.arrived.ticket.size));
        return Err(wrong_hash());
    }
    let receipt = app.store.add(claim.arrived.clone()).await.map_err(|e| {
        app.log(&format!("not stored: {e}"));
        Refused::from(e)
    })?;
    app.uploads.drop_upload(&sha256);
    app.log(&format!("received key={} size={}", claim.arrived.key_id, claim.arrived.ticket.size));
    Ok(json(StatusCode::CREATED, receipt.to_json()))
}

fn sync_and_hash(file: File) -> io::Result<String> {
    file.sync_all()?;
    hash(file)
}

/// SHA-256 of a file in hex, read piece by piece.
pub fn hash(mut file: File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&piece[..n]);
    }
}

fn no_ticket() -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "E-NO-TICKET",
        "この封書の送付票がありません。送付票から送り直してください。",
        "No ticket announced this bundle. Send its ticket first.",
    )
}

fn busy() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "E-BUSY",
        "同じ封書を別の接続が送信中です。少し待って送り直してください。",
        "Another connection is sending the same bundle. Wait a little and send again.",
    )
}

fn wrong_offset() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "E-OFFSET",
        "送信位置が合いません。示された位置から続けてください。",
        "The upload does not stand at that offset. Continue from the offset given.",
    )
}

fn wrong_hash() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "E-HASH",
        "届いた内容が送付票と一致しません。届いた分は破棄しました。最初から送り直してください。",
        "What arrived does not match the ticket and was dropped. Send it again from the start.",
    )
}
