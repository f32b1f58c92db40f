//! What the server says: JSON answers, and refusals with a code and a sentence in each language.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bansou_core::intake::Refusal;
use bansou_core::wire::v1::envelope::to_json;
use bansou_core::wire::v1::problem::Problem;
use bansou_core::wire::v1::request::RequestError;

use crate::store::StoreError;

/// How far an upload has come, in bytes.
pub const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// Bytes of the whole bundle.
pub const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// Either an answer or a refusal.
pub type Answer = Result<Response, Refused>;

/// A refusal: status, sentences, and what the client needs to go on.
#[derive(Debug)]
pub struct Refused {
    status: StatusCode,
    problem: Problem,
    retry_after: Option<u64>,
    offset: Option<u64>,
}

impl Refused {
    pub fn new(status: StatusCode, code: &str, ja: &str, en: &str) -> Self {
        Self { status, problem: Problem::new(code, ja, en), retry_after: None, offset: None }
    }

    /// Tells where the upload stands.
    pub fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    pub fn code(&self) -> &str {
        &self.problem.code
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "E-NOT-FOUND",
            "ここにはありません。宛先と番号を確認してください。",
            "There is nothing here under that name. Check the address.",
        )
    }

    pub fn bad_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "E-METHOD",
            "この操作は受け付けていません。プログラムの版を確認してください。",
            "This address does not take that method. Check the version of your program.",
        )
    }

    pub fn malformed() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "E-MALFORMED",
            "受け取った内容の形式が正しくありません。プログラムの版を確認してください。",
            "What arrived is not well formed. Check the version of your program.",
        )
    }

    pub fn signature() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E-SIGNATURE",
            "署名が合いません。送信元でもう一度作り直してください。",
            "The signature does not match. Make it again on the machine it came from.",
        )
    }

    pub fn too_fast(seconds: u64) -> Self {
        let mut refused = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "E-TOO-OFTEN",
            "短い時間に多くの要求がありました。少し待ってからやり直してください。",
            "Too many requests in a short time. Wait a little and try again.",
        );
        refused.retry_after = Some(seconds);
        refused
    }

    pub fn body_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "E-BODY-TOO-LARGE",
            "送られた内容が大きすぎます。プログラムの版を確認してください。",
            "The body is too large for this address. Check the version of your program.",
        )
    }

    pub fn slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "E-SLOW",
            "通信が途切れたか遅すぎます。続きから送り直してください。",
            "The connection was idle or too slow. Send again; the upload continues where it stopped.",
        )
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::TicketForm => StatusCode::BAD_REQUEST,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::UnknownSigner => StatusCode::FORBIDDEN,
            Refusal::Quota => StatusCode::TOO_MANY_REQUESTS,
            Refusal::NoRecipients | Refusal::RecipientsOld | Refusal::RecipientsAhead | Refusal::TicketConflict => {
                StatusCode::CONFLICT
            }
        };
        Self { status, problem: refusal.problem(), retry_after: None, offset: None }
    }
}

impl From<RequestError> for Refused {
    fn from(error: RequestError) -> Self {
        let (code, ja) = match error {
            RequestError::Malformed => ("E-NOT-SIGNED", "署名のある要求だけを受け付けます。"),
            RequestError::Clock => ("E-CLOCK", "時計が5分以上ずれています。日付と時刻を直してください。"),
            RequestError::UnknownKey => ("E-UNKNOWN-KEY", "この鍵は登録されていません。名簿を公開してください。"),
            RequestError::Digest | RequestError::BadSignature => ("E-SIGNATURE", "要求の署名が合いません。"),
        };
        Self::new(StatusCode::UNAUTHORIZED, code, ja, &format!("Refused: {error}."))
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "E-DISK-FULL",
                "サーバーの空き容量がありません。何も保存されていません。事務局に連絡し、後で送り直してください。",
                "The server's disk is full and nothing was stored. Tell the secretariat, and send again later.",
            ),
            StoreError::Stopping => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "E-STOPPING",
                "サーバーが停止中です。少し待って送り直してください。",
                "The server is stopping. Wait a little and send again.",
            ),
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "E-SERVER",
                "サーバー内部で失敗しました。事務局に連絡してください。",
                "The server failed. Tell the secretariat; its log says more.",
            ),
        }
    }
}

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = json(self.status, to_json(&self.problem));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(offset) = self.offset {
            response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(offset));
        }
        response
    }
}

/// An answer of JSON text.
pub fn json(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An answer without a body that says where an upload stands.
pub fn offset(status: StatusCode, offset: u64, length: u64) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(offset));
    response.headers_mut().insert(UPLOAD_LENGTH, HeaderValue::from(length));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
