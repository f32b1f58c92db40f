//! Who signed a request, and whether the roster gives that key the role the route needs.

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use bansou_core::wire::v1::envelope::key_id;
use bansou_core::wire::v1::request::{Request, RequestError, SignatureHeaders};

use crate::answer::Refused;
use crate::app::{App, Published};

/// Reads a whole small body, at most `limit` bytes, within the time a slow client is given.
pub async fn small_body(body: Body, limit: usize) -> Result<Bytes, Refused> {
    let read = axum::body::to_bytes(body, limit);
    match tokio::time::timeout(crate::upload::IDLE, read).await {
        Err(_) => Err(Refused::slow()),
        Ok(Err(_)) => Err(Refused::body_too_large()),
        Ok(Ok(bytes)) => Ok(bytes),
    }
}

/// The staff key that signed this request; an expert's key gets 403, every other 401.
pub fn staff(app: &App, parts: &Parts, body: Option<&[u8]>) -> Result<[u8; 32], Refused> {
    signer(
        app,
        parts,
        body,
        |published| &published.staff,
        || {
            Refused::new(
                StatusCode::FORBIDDEN,
                "E-ROLE",
                "事務局の担当者の鍵だけに許された操作です。",
                "Only keys of the secretariat's staff may do this.",
            )
        },
    )
}

/// The expert's key that signed this request; a staff key gets 403, every other 401.
pub fn expert(app: &App, parts: &Parts) -> Result<[u8; 32], Refused> {
    signer(
        app,
        parts,
        None,
        |published| &published.experts,
        || {
            Refused::new(
                StatusCode::FORBIDDEN,
                "E-ROLE",
                "専門家本人の鍵だけに許された操作です。",
                "Only an expert's own key may do this.",
            )
        },
    )
}

fn signer(
    app: &App,
    parts: &Parts,
    body: Option<&[u8]>,
    role: impl Fn(&Published) -> &BTreeSet<[u8; 32]>,
    refused: impl FnOnce() -> Refused,
) -> Result<[u8; 32], Refused> {
    let headers = SignatureHeaders {
        content_digest: header(&parts.headers, "content-digest")?,
        input: header(&parts.headers, "signature-input")?.ok_or(RequestError::Malformed)?,
        signature: header(&parts.headers, "signature")?.ok_or(RequestError::Malformed)?,
    };
    let request = Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        body,
    };
    let published = app.published();
    let known = |id: &str| published.staff.iter().chain(&published.experts).find(|key| key_id(key) == id).copied();
    let key = request.verify(&headers, app.now(), known)?;
    if !role(&published).contains(&key) {
        return Err(refused());
    }
    app.pace(&key)?;
    Ok(key)
}

/// A header that may stand at most once.
fn header(headers: &HeaderMap, name: &str) -> Result<Option<String>, RequestError> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|v| v.to_str().map(str::to_owned)).transpose();
    match (first, values.next()) {
        (Ok(first), None) => Ok(first),
        _ => Err(RequestError::Malformed),
    }
}
