//! What the secretariat puts here: the recipients file, the roster, and acknowledgements.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use bansou_core::wire::v1::ack::{Ack, MAX_SEALED};
use bansou_core::wire::v1::envelope::{Context, EnvelopeError, Signed, decode_key, encode_key};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use serde::de::DeserializeOwned;

use crate::answer::{Answer, Refused, json};
use crate::app::{App, RECIPIENTS, ROSTER};
use crate::auth::{small_body, staff};
use crate::store::Stored;

/// Largest recipients file, in bytes.
const RECIPIENTS_BYTES: usize = 64 * 1024;
/// Largest roster, in bytes: some 20,000 keys.
const ROSTER_BYTES: usize = 1024 * 1024;
/// Largest acknowledgement: its sealed bytes in base64, the envelope, and the escapes of the body within it.
const ACK_BYTES: usize = MAX_SEALED / 3 * 4 + 4096;
/// Largest version that every JSON reader keeps exactly.
const MAX_VERSION: u64 = 1 << 53;

/// `PUT /v1/recipients`, signed by the root key.
pub async fn recipients(State(app): State<Arc<App>>, body: Body) -> Answer {
    let (recipients, text): (Recipients, _) = by_root(&app, body, RECIPIENTS_BYTES, Context::Recipients).await?;
    if recipients.v != 1 || recipients.age.is_empty() {
        return Err(Refused::malformed());
    }
    if !recipients.receipt_key.is_empty() && recipients.receipt_key != encode_key(&app.receipt_key) {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "E-RECEIPT-KEY",
            "宛先ファイルの受領印の鍵がこのサーバーのものではありません。/healthz の鍵を確かめて作り直してください。",
            "The receipt key in this file is not this server's. Compare with /healthz and sign the file again.",
        ));
    }
    publish(&app, RECIPIENTS, recipients.version, text).await
}

/// `PUT /v1/roster`, signed by the root key.
pub async fn roster(State(app): State<Arc<App>>, body: Body) -> Answer {
    let (roster, text): (Roster, _) = by_root(&app, body, ROSTER_BYTES, Context::Roster).await?;
    let keys_read = roster.experts.iter().chain(&roster.staff).all(|key| decode_key(key).is_ok());
    if roster.v != 1 || !keys_read {
        return Err(Refused::malformed());
    }
    publish(&app, ROSTER, roster.version, text).await
}

async fn by_root<T: DeserializeOwned>(
    app: &App,
    body: Body,
    limit: usize,
    context: Context,
) -> Result<(T, String), Refused> {
    let body = small_body(body, limit).await?;
    let signed = read(&body)?;
    let value = signed.open_by(context, &app.root).map_err(refuse)?;
    Ok((value, signed.to_json()))
}

async fn publish(app: &Arc<App>, name: &'static str, version: u64, text: String) -> Answer {
    if version > MAX_VERSION {
        return Err(Refused::malformed());
    }
    let stored = app.store.put_document(name, version, text.clone()).await?;
    if stored == Stored::Older {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "E-VERSION",
            "これと同じか新しい版がすでにあります。版を上げて署名し直してください。",
            "The same or a newer version is already here. Raise the version and sign again.",
        ));
    }
    app.reload()?;
    app.log(&format!("published {name} version={version}"));
    Ok(json(status(stored), text))
}

/// `PUT /v1/acks/{sha}`: request and envelope are signed by the same staff key.
pub async fn ack(State(app): State<Arc<App>>, Path(sha256): Path<String>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = small_body(body, ACK_BYTES).await?;
    let key = staff(&app, &parts, Some(&body))?;
    let signed = read(&body)?;
    let ack: Ack = signed.open_by(Context::Ack, &key).map_err(refuse)?;
    if ack.v != 1 || ack.sha256 != sha256 || ack.sealed_bytes().is_err() {
        return Err(Refused::malformed());
    }
    if app.store.receipt(&sha256)?.is_none() {
        return Err(Refused::not_found());
    }
    let text = signed.to_json();
    let stored = app.store.put_ack(sha256, text.clone()).await?;
    Ok(json(status(stored), text))
}

fn read(body: &[u8]) -> Result<Signed, Refused> {
    let text = std::str::from_utf8(body).map_err(|_| Refused::malformed())?;
    Signed::from_json(text).map_err(|_| Refused::malformed())
}

fn refuse(error: EnvelopeError) -> Refused {
    match error {
        EnvelopeError::BadSignature => Refused::signature(),
        EnvelopeError::Malformed | EnvelopeError::Body(_) => Refused::malformed(),
    }
}

fn status(stored: Stored) -> StatusCode {
    if stored == Stored::New { StatusCode::CREATED } else { StatusCode::OK }
}
