//! Golden texts of enrolment, and who is believed.
#![allow(clippy::unwrap_used)]

use ed25519_dalek::{Signer as _, SigningKey};

use super::*;

const CERTIFICATE: &str = include_str!("../../../../../../tests/golden/wire/v1/certificate.json");
const INVITATION: &str = include_str!("../../../../../../tests/golden/wire/v1/invitation.json");

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn public(n: u8) -> [u8; 32] {
    key(n).verifying_key().to_bytes()
}

fn sign(n: u8, context: Context, body: &impl Serialize) -> Signed {
    let body = serde_json::to_string(body).unwrap();
    let sig = key(n).sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &public(n), &sig)
}

const ROOT: u8 = 1;
const EXPERT: u8 = 2;

fn age(fill: &str) -> String {
    format!("age1{}", fill.repeat(58))
}

fn recipients() -> Recipients {
    Recipients {
        v: 1,
        version: 3,
        expires: "2021-03-31".into(),
        age: vec![age("q"), age("p")],
        receipt_key: String::new(),
        programme: "r2-2020".into(),
        practice: true,
    }
}

fn invitation() -> Invitation {
    Invitation {
        v: 1,
        programme: "r2-2020".into(),
        practice: true,
        server: "https://127.0.0.1:8443".into(),
        root_key: STANDARD.encode(public(ROOT)),
        recipients: sign(ROOT, Context::Recipients, &recipients()),
        token: "5a".repeat(16),
    }
}

fn certificate() -> Certificate {
    Certificate {
        v: 1,
        expert_id: "E-001".into(),
        signing_key: STANDARD.encode(public(EXPERT)),
        age_recipient: age("z"),
        pattern: PatternCode::A,
        programme: "r2-2020".into(),
        valid_until: jiff::civil::date(2021, 3, 31),
    }
}

fn request() -> Request {
    Request {
        v: 1,
        token: "5a".repeat(16),
        signing_key: STANDARD.encode(public(EXPERT)),
        age_recipient: age("z"),
        name: "見本 太郎".into(),
        kana: "ミホン タロウ".into(),
        riss_number: "000001".into(),
        pattern: PatternCode::A,
        prefecture: 13,
    }
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

#[test]
fn golden_texts_are_written_and_read_as_they_stand() {
    assert_eq!(pretty(&sign(ROOT, Context::Certificate, &certificate())), CERTIFICATE);
    assert_eq!(pretty(&sign(ROOT, Context::Enrolment, &invitation())), INVITATION);
    let (read, audience) = check_invitation(&serde_json::from_str(INVITATION).unwrap()).unwrap();
    assert_eq!((&read, audience.recipients()), (&invitation(), &recipients()));
    let signed = serde_json::from_str(CERTIFICATE).unwrap();
    let last_day = jiff::civil::date(2021, 3, 31);
    assert_eq!(check_certificate(&signed, &public(ROOT), "r2-2020", last_day), Ok(certificate()));
    let next = last_day.tomorrow().unwrap();
    assert_eq!(check_certificate(&signed, &public(ROOT), "r2-2020", next), Err(EnrolmentError::Expired));
    assert_eq!(check_certificate(&signed, &public(ROOT), "r3-2021", last_day), Err(EnrolmentError::Programme));
    let forged = sign(EXPERT, Context::Certificate, &certificate());
    assert!(check_certificate(&forged, &public(ROOT), "r2-2020", last_day).is_err());
}

#[test]
fn recipients_files_never_go_back() {
    let held = check_recipients(&sign(ROOT, Context::Recipients, &recipients()), &public(ROOT), None).unwrap();
    type Edit = fn(&mut Recipients);
    let table: [(Edit, Result<u64, EnrolmentError>); 8] = [
        (|_| (), Ok(3)),
        (|r| r.version = 4, Ok(4)),
        (|r| r.version = 2, Err(EnrolmentError::Rollback)),
        (|r| r.age.truncate(1), Err(EnrolmentError::Rollback)),
        (|r| r.age.clear(), Err(EnrolmentError::NoRecipients)),
        (|r| r.age[0] = "ssh-ed25519 AAAA".into(), Err(EnrolmentError::Malformed)),
        (|r| r.programme = "r3-2021".into(), Err(EnrolmentError::Programme)),
        (|r| r.v = 2, Err(EnrolmentError::Newer)),
    ];
    for (number, (edit, expected)) in table.into_iter().enumerate() {
        let mut file = recipients();
        edit(&mut file);
        let signed = sign(ROOT, Context::Recipients, &file);
        let found = check_recipients(&signed, &public(ROOT), Some(&held)).map(|a| a.recipients().version);
        assert_eq!(found, expected, "case {number}");
    }
    let forged = sign(EXPERT, Context::Recipients, &recipients());
    assert_eq!(check_recipients(&forged, &public(ROOT), None), Err(EnvelopeError::BadSignature.into()));
}

#[test]
fn invitations_are_whole_or_refused() {
    let mut other = invitation();
    other.practice = false;
    assert_eq!(check_invitation(&sign(ROOT, Context::Enrolment, &other)), Err(EnrolmentError::Programme));
    let by_another = sign(EXPERT, Context::Enrolment, &invitation());
    assert_eq!(check_invitation(&by_another), Err(EnvelopeError::BadSignature.into()));
    let mut mixed = invitation();
    mixed.recipients = sign(EXPERT, Context::Recipients, &recipients());
    assert_eq!(check_invitation(&sign(ROOT, Context::Enrolment, &mixed)), Err(EnvelopeError::BadSignature.into()));
}

#[test]
fn requests_need_their_own_signature_and_an_open_token() {
    let open = BTreeSet::from([sha256_hex("5a".repeat(16).as_bytes())]);
    let signed = sign(EXPERT, Context::Enrolment, &request());
    assert_eq!(check_request(&signed, &open), Ok(request()));
    assert_eq!(check_request(&signed, &BTreeSet::new()), Err(EnrolmentError::Token));
    let stolen = sign(3, Context::Enrolment, &request());
    assert_eq!(check_request(&stolen, &open), Err(EnvelopeError::BadSignature.into()));
}

#[test]
fn packs_are_for_these_keys_only() {
    let held = check_recipients(&invitation().recipients, &public(ROOT), None).unwrap();
    let pack = Pack {
        certificate: sign(ROOT, Context::Certificate, &certificate()),
        recipients: invitation().recipients,
        server: String::new(),
    };
    let today = jiff::civil::date(2020, 10, 1);
    let check = |key: [u8; 32], age: &str| check_pack(&pack, &public(ROOT), &held, (&key, age), today);
    assert_eq!(check(public(EXPERT), &age("z")), Ok((certificate(), held.clone())));
    assert_eq!(check(public(3), &age("z")), Err(EnrolmentError::OtherKeys));
    assert_eq!(check(public(EXPERT), &age("x")), Err(EnrolmentError::OtherKeys));
}
