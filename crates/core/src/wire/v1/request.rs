//! Signed requests of the secretariat's staff: a small fixed profile of HTTP Message Signatures (RFC 9421).
//!
//! Covered: `@method`, `@path`, `@query` and, when there is a body, `content-digest` (RFC 9530, sha-256).
//! Parameters: `created`, `keyid` (see `envelope::key_id`) and `tag="bansou"`, in this order and no others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// Seconds a request's `created` may differ from the server's clock, either way.
pub const MAX_SKEW: i64 = 300;

/// The part of a request that is signed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Upper case, such as `GET`.
    pub method: &'a str,
    /// Absolute path without the query.
    pub path: &'a str,
    /// The query without its `?`; empty when there is none.
    pub query: &'a str,
    /// Exact bytes of the body, when the request has one.
    pub body: Option<&'a [u8]>,
}

/// The three headers that carry a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Content-Digest`; present exactly when the request has a body.
    pub content_digest: Option<String>,
    /// `Signature-Input`.
    pub input: String,
    /// `Signature`.
    pub signature: String,
}

/// Why a signed request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    #[error("the request is not signed in the way this server expects")]
    Malformed,
    #[error("the request was signed more than five minutes away from the server's clock: check the date and time")]
    Clock,
    #[error("the key that signed the request is not known here")]
    UnknownKey,
    #[error("the body does not match its digest")]
    Digest,
    #[error("the signature of the request does not match")]
    BadSignature,
}

/// `Content-Digest` of a body.
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

impl Request<'_> {
    /// The signature parameters and the exact bytes to sign with Ed25519. `created` is Unix time in seconds.
    pub fn to_sign(&self, created: i64, key_id: &str) -> (String, Vec<u8>) {
        let digest = self.body.map(content_digest);
        let query = format!("?{}", self.query);
        let mut parts = vec![("@method", self.method), ("@path", self.path), ("@query", query.as_str())];
        if let Some(digest) = &digest {
            parts.push(("content-digest", digest));
        }
        let params = params(&parts, &format!(r#"created={created};keyid="{key_id}";tag="bansou""#));
        let base = base(&parts, &params);
        (params, base.into_bytes())
    }

    /// The headers to send with a signature made over `to_sign`.
    pub fn headers(&self, params: &str, signature: &[u8; 64]) -> SignatureHeaders {
        SignatureHeaders {
            content_digest: self.body.map(content_digest),
            input: format!("bansou={params}"),
            signature: format!("bansou=:{}:", STANDARD.encode(signature)),
        }
    }

    /// Verifies the headers against `now` (Unix seconds) and a look-up from key id to key; returns the signing key.
    pub fn verify(
        &self,
        headers: &SignatureHeaders,
        now: i64,
        key_of: impl Fn(&str) -> Option<[u8; 32]>,
    ) -> Result<[u8; 32], RequestError> {
        let (created, key_id) = parse_input(&headers.input).ok_or(RequestError::Malformed)?;
        let (params, to_sign) = self.to_sign(created, key_id);
        // Rebuilding the header and comparing leaves no second way to write the same thing.
        if headers.input.strip_prefix("bansou=") != Some(params.as_str()) {
            return Err(RequestError::Malformed);
        }
        if headers.content_digest != self.body.map(content_digest) {
            return Err(RequestError::Digest);
        }
        if now.abs_diff(created) > MAX_SKEW.unsigned_abs() {
            return Err(RequestError::Clock);
        }
        let key = key_of(key_id).ok_or(RequestError::UnknownKey)?;
        let signature = parse_signature(&headers.signature).ok_or(RequestError::Malformed)?;
        let verifying = VerifyingKey::from_bytes(&key).map_err(|_| RequestError::UnknownKey)?;
        verifying.verify_strict(&to_sign, &signature).map_err(|_| RequestError::BadSignature)?;
        Ok(key)
    }
}

fn parse_input(input: &str) -> Option<(i64, &str)> {
    let (_, rest) = input.split_once(";created=")?;
    let (created, rest) = rest.split_once(r#";keyid=""#)?;
    let key_id = rest.strip_suffix(r#"";tag="bansou""#)?;
    let plain = key_id.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then_some((created.parse().ok()?, key_id))
}

fn parse_signature(text: &str) -> Option<Signature> {
    let encoded = text.strip_prefix("bansou=:")?.strip_suffix(':')?;
    let bytes: [u8; 64] = STANDARD.decode(encoded).ok()?.try_into().ok()?;
    Some(Signature::from_bytes(&bytes))
}

/// The inner list of covered components followed by the parameters (RFC 9421, 2.3).
fn params(parts: &[(&str, &str)], rest: &str) -> String {
    let names: Vec<String> = parts.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    format!("({});{rest}", names.join(" "))
}

/// The signature base (RFC 9421, 2.5).
fn base(parts: &[(&str, &str)], params: &str) -> String {
    let mut out = String::new();
    for (name, value) in parts {
        out.push_str(&format!("\"{name}\": {value}\n"));
    }
    out.push_str(&format!("\"@signature-params\": {params}"));
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    /// RFC 9421 B.2.6: the ed25519 test key over its example request.
    #[test]
    fn the_base_matches_the_published_vector() {
        let parts = [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        let params = params(&parts, r#"created=1618884473;keyid="test-key-ed25519""#);
        let key: [u8; 32] =
            STANDARD.decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").unwrap().try_into().unwrap();
        let text = "bansou=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
        let signature = parse_signature(text).unwrap();
        let verifying = VerifyingKey::from_bytes(&key).unwrap();
        verifying.verify_strict(base(&parts, &params).as_bytes(), &signature).unwrap();
        assert!(verifying.verify_strict(base(&parts[1..], &params).as_bytes(), &signature).is_err());
    }

    /// The example of RFC 9530, appendix B.
    #[test]
    fn the_digest_matches_the_published_vector() {
        let body = b"{\"hello\": \"world\"}\n";
        assert_eq!(content_digest(body), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    }

    const NOW: i64 = 1_606_694_400;

    fn signed(request: &Request<'_>, created: i64) -> SignatureHeaders {
        let key = SigningKey::from_bytes(&[7; 32]);
        let (params, bytes) = request.to_sign(created, "k1");
        request.headers(&params, &key.sign(&bytes).to_bytes())
    }

    fn known(id: &str) -> Option<[u8; 32]> {
        (id == "k1").then(|| SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes())
    }

    const GET: Request<'_> = Request { method: "GET", path: "/v1/inbox", query: "after=3", body: None };
    const PUT: Request<'_> = Request { method: "PUT", path: "/v1/acks/ab", query: "", body: Some(b"{}") };

    #[test]
    fn a_signed_request_is_accepted_within_five_minutes_either_way() {
        for request in [GET, PUT] {
            for (skew, ok) in
                [(0, true), (300, true), (-300, true), (301, false), (-301, false), (i64::MAX - NOW, false)]
            {
                let result = request.verify(&signed(&request, NOW + skew), NOW, known);
                if ok { assert!(result.is_ok()) } else { assert_eq!(result, Err(RequestError::Clock)) }
            }
        }
    }

    #[test]
    fn every_covered_part_is_protected() {
        let headers = signed(&PUT, NOW);
        let other = |change: fn(&mut Request<'static>)| {
            let mut request = PUT;
            change(&mut request);
            request.verify(&headers, NOW, known)
        };
        assert_eq!(other(|r| r.method = "POST"), Err(RequestError::BadSignature));
        assert_eq!(other(|r| r.path = "/v1/acks/ac"), Err(RequestError::BadSignature));
        assert_eq!(other(|r| r.query = "a"), Err(RequestError::BadSignature));
        assert_eq!(other(|r| r.body = Some(b"{ }")), Err(RequestError::Digest));
        assert_eq!(other(|r| r.body = None), Err(RequestError::Malformed));
        assert_eq!(PUT.verify(&headers, NOW, |_| None), Err(RequestError::UnknownKey));
        let other_key = SigningKey::from_bytes(&[9; 32]).verifying_key().to_bytes();
        assert_eq!(PUT.verify(&headers, NOW, |_| Some(other_key)), Err(RequestError::BadSignature));
    }

    #[test]
    fn another_spelling_of_the_input_is_refused() {
        let good = signed(&GET, NOW);
        for (from, to) in [
            ("bansou=(", "bansou= ("),
            ("\"@path\" ", "\"@path\"  "),
            (";tag=\"bansou\"", ";tag=\"other\""),
            ("created=1", "created=+1"),
            ("created=1", "created=01"),
            (";tag=", ";alg=\"ed25519\";tag="),
            (" \"@query\"", ""),
        ] {
            let headers = SignatureHeaders { input: good.input.replacen(from, to, 1), ..good.clone() };
            assert_ne!(headers.input, good.input);
            assert_eq!(GET.verify(&headers, NOW, known), Err(RequestError::Malformed), "{}", headers.input);
        }
    }
}
