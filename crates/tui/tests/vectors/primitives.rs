//! Wycheproof, CCTV and RFC vectors for the primitives that sealing, signing and the key files stand on.

use bansou::shell::vault::xchacha;
use bansou_core::wire::v1::request::content_digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use ed25519_dalek::{Signature, VerifyingKey};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::{folder, unhex};

pub fn hex(bytes: &[u8]) -> String {
    bansou_core::wire::v1::envelope::hex(bytes)
}

/// Reads one set and judges each test; `judge` says whether what was computed agrees with "valid" or "invalid".
fn run(set: &str, expected: usize, mut judge: impl FnMut(&Value, &Value, bool) -> bool) {
    let text = std::fs::read_to_string(folder("wycheproof").join(format!("{set}_test.json"))).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for group in all["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            count += 1;
            if !judge(group, test, test["result"] != "invalid") {
                wrong.push(format!("{} {}", test["tcId"], test["comment"]));
            }
        }
    }
    println!("wycheproof {set}: {count} tests, {} wrong", wrong.len());
    assert_eq!((count, wrong), (expected, vec![]));
}

fn bytes(test: &Value, key: &str) -> Vec<u8> {
    unhex(test[key].as_str().unwrap())
}

fn verifies(key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = Signature::from_slice(signature).ok();
    key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(text, &signature).is_ok())
}

#[test]
fn wycheproof_ed25519() {
    run("ed25519", 151, |group, test, valid| {
        let key = bytes(&group["publicKey"], "pk");
        verifies(&key, &bytes(test, "msg"), &bytes(test, "sig")) == valid
    });
}

#[test]
fn wycheproof_x25519() {
    run("x25519", 518, |_, test, valid| {
        let secret = StaticSecret::from(<[u8; 32]>::try_from(bytes(test, "private")).unwrap());
        let Ok(public) = <[u8; 32]>::try_from(bytes(test, "public")) else { return !valid };
        let shared = secret.diffie_hellman(&PublicKey::from(public));
        let zero = bytes(test, "shared").iter().all(|b| *b == 0);
        shared.as_bytes().as_slice() == bytes(test, "shared") && shared.was_contributory() != zero
    });
}

/// Opening gives the text back exactly when the test is valid; sealing then gives the same bytes.
fn chacha(test: &Value, valid: bool) -> bool {
    let (key, iv, aad) = (bytes(test, "key"), bytes(test, "iv"), bytes(test, "aad"));
    let (text, sealed) = (bytes(test, "msg"), [bytes(test, "ct"), bytes(test, "tag")].concat());
    if iv.len() != 12 {
        return !valid;
    }
    let cipher = ChaCha20Poly1305::new_from_slice(&key).unwrap();
    let opened = cipher.decrypt(iv.as_slice().into(), Payload { msg: &sealed, aad: &aad });
    if !valid {
        return opened.is_err();
    }
    let again = cipher.encrypt(iv.as_slice().into(), Payload { msg: &text, aad: &aad });
    opened.is_ok_and(|plain| plain == text) && again.is_ok_and(|bytes| bytes == sealed)
}

/// The same of our own, which seals in place and keeps the tag apart.
fn xchacha(test: &Value, valid: bool) -> bool {
    let (key, tag) = (bytes(test, "key").try_into().unwrap(), bytes(test, "tag"));
    let (Ok(nonce), Ok(tag)) = (bytes(test, "iv").try_into(), tag.try_into()) else { return !valid };
    let (aad, text, sealed) = (bytes(test, "aad"), bytes(test, "msg"), bytes(test, "ct"));
    let mut opened = sealed.clone();
    if !xchacha::open(&key, &nonce, &aad, &tag, &mut opened) {
        return !valid && (text.is_empty() || opened != text);
    }
    let mut again = text.clone();
    let made = xchacha::seal(&key, &nonce, &aad, &mut again);
    valid && opened == text && again == sealed && made == Some(tag)
}

#[test]
fn wycheproof_chacha20_poly1305() {
    run("chacha20_poly1305", 325, |_, test, valid| chacha(test, valid));
}

#[test]
fn wycheproof_xchacha20_poly1305() {
    run("xchacha20_poly1305", 315, |_, test, valid| xchacha(test, valid));
}

#[test]
fn wycheproof_hkdf_sha256() {
    run("hkdf_sha256", 86, |_, test, valid| {
        let mut out = vec![0; usize::try_from(test["size"].as_u64().unwrap()).unwrap()];
        let made = Hkdf::<Sha256>::new(Some(&bytes(test, "salt")), &bytes(test, "ikm"))
            .expand(&bytes(test, "info"), &mut out)
            .is_ok();
        if valid { made && out == bytes(test, "okm") } else { !made }
    });
}

#[test]
fn wycheproof_hmac_sha256() {
    run("hmac_sha256", 174, |_, test, valid| {
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&bytes(test, "key")).unwrap();
        mac.update(&bytes(test, "msg"));
        mac.verify_truncated_left(&bytes(test, "tag")).is_ok() == valid
    });
}

/// Strict verification refuses every point of low order and every second way to write one.
#[test]
fn cctv_ed25519_edge_cases() {
    let text = std::fs::read_to_string(folder("ed25519").join("ed25519vectors.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut accepted = 0;
    for test in &all {
        let flags: Vec<&str> =
            test["flags"].as_array().map_or(vec![], |f| f.iter().filter_map(Value::as_str).collect());
        let refused = |flag: &&str| !matches!(*flag, "low_order_component_A" | "low_order_component_R");
        let expected = !flags.iter().any(refused);
        let message = test["msg"].as_str().unwrap().as_bytes();
        assert_eq!(verifies(&bytes(test, "key"), message, &bytes(test, "sig")), expected, "{}", test["number"]);
        accepted += usize::from(expected);
    }
    println!("cctv ed25519: {} signatures, {accepted} accepted, {} refused", all.len(), all.len() - accepted);
    assert_eq!(all.len(), 914);
    assert!(accepted > 0);
}

/// RFC 7914 §12, without the case that needs a gibibyte.
#[test]
fn rfc_7914_scrypt() {
    let table = [
        (
            ("", "", 4, 1, 1),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
             fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
        ),
        (
            ("password", "NaCl", 10, 8, 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
             2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
        ),
        (
            ("pleaseletmein", "SodiumChloride", 14, 8, 1),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
             d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
        ),
    ];
    for ((passphrase, salt, log_n, r, p), expected) in table {
        let mut out = [0; 64];
        let params = scrypt::Params::new(log_n, r, p, 64).unwrap();
        scrypt::scrypt(passphrase.as_bytes(), salt.as_bytes(), &params, &mut out).unwrap();
        assert_eq!(hex(&out), expected);
    }
}

/// RFC 9421 B.2.6 under its key B.1.4, and the digest of its body. Our own profile covers other fields (`request.rs`).
#[test]
fn rfc_9421_ed25519() {
    let base = "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n\
                \"content-type\": application/json\n\"content-length\": 18\n\
                \"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")\
                ;created=1618884473;keyid=\"test-key-ed25519\"";
    let decode = |text: &str| STANDARD.decode(text).unwrap();
    let key = decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");
    let signature = decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
    assert!(verifies(&key, base.as_bytes(), &signature));
    assert!(!verifies(&key, base.replace("/foo", "/fooo").as_bytes(), &signature));
    let digest = content_digest(b"{\"hello\": \"world\"}");
    assert_eq!(digest, "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
}
