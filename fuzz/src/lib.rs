//! What each target does with its bytes: no input may panic, and what is accepted must be accepted again the same way.

pub mod share;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use age::{DecryptError, Decryptor, scrypt, x25519};
use bansou::shell::seal::agefile::{self, Policy};
use bansou::shell::seal::{self, Expected};
use bansou::shell::vault;
use bansou_core::calendar::Calendar;
use bansou_core::curriculum::Curriculum;
use bansou_core::diagnosis::Diagnosis;
use bansou_core::eligibility::Eligibility;
use bansou_core::plan::PlanRules;
use bansou_core::policy::PolicyText;
use bansou_core::programme::questionnaire::Questionnaire;
use bansou_core::programme::{self, Instrument, Lang, Pack, Programme, TemplateError};
use bansou_core::record::v1::{JournalEntry, Record};
use bansou_core::region::Prefectures;
use bansou_core::regulations::Regulations;
use bansou_core::risk::RiskScale;
use bansou_core::wire::v1::ack::Ack;
use bansou_core::wire::v1::enrolment::{self, Certificate, Invitation};
use bansou_core::wire::v1::envelope::{Context, Signed};
use bansou_core::wire::v1::manifest::{DetachedSignature, Manifest, check_manifest, sha256_hex};
use bansou_core::wire::v1::payload::{ClaimPayload, ReportPayload};
use bansou_core::wire::v1::receipt::{FIRST_PREV, Receipt};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use bansou_core::wire::v1::reply::Reply;
use bansou_core::wire::v1::request::{Request, SignatureHeaders};
use bansou_core::wire::v1::ticket::Ticket;
use ed25519_dalek::SigningKey;

/// Takes any bytes and panics when it finds a defect.
pub type Target = fn(&[u8]);

/// Every target by its name; `fuzz_targets/` and the replay of the corpus call these.
pub const TARGETS: &[(&str, Target)] = &[
    ("key_file", key_file),
    ("record", record),
    ("bundle", bundle),
    ("backup", backup),
    ("template", template),
    ("wire", wire),
    ("share", share::target),
];

/// The key that the seeds are sealed to.
const IDENTITY: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const PASSPHRASE: &str = "fuzz";

static BY_KEY: LazyLock<x25519::Identity> = LazyLock::new(|| IDENTITY.parse().expect("a constant"));
static BY_PASSPHRASE: LazyLock<scrypt::Identity> =
    LazyLock::new(|| scrypt::Identity::new(PASSPHRASE.to_owned().into()));

/// The header check of every age file, and what the key slots do after it. Costs stay low here, for speed.
pub fn key_file(data: &[u8]) {
    let slots: [(Policy<'_>, &dyn age::Identity); 2] =
        [(agefile::X25519, &*BY_KEY), (Policy::Passphrase(1..=4), &*BY_PASSPHRASE)];
    for (policy, identity) in slots {
        let Ok(length) = agefile::check(data, &policy) else {
            assert!(agefile::open(data, &policy, identity, 32).is_err(), "opened what the check refused");
            continue;
        };
        // We may only be stricter than age itself.
        assert!(length <= data.len() && data[..length].ends_with(b"\n"));
        let known = Decryptor::new_buffered(data);
        assert!(!matches!(known, Err(DecryptError::InvalidHeader | DecryptError::UnknownFormat)), "laxer than age");
        if let Ok(plain) = agefile::open(data, &policy, identity, 32) {
            assert!(plain.len() <= 32);
        }
    }
}

/// Stored records and journal entries: what is read is written and read again as the same.
pub fn record(data: &[u8]) {
    if let Ok(record) = Record::decode(data) {
        assert_eq!(Record::decode(record.encode().as_bytes()).as_ref(), Ok(&record));
    }
    if let Ok(entry) = JournalEntry::decode(data) {
        assert_eq!(JournalEntry::decode(entry.encode().as_bytes()).as_ref(), Ok(&entry));
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn expected() -> Expected {
    Expected {
        programme: "r2-2020".to_owned(),
        practice: true,
        recipients: BTreeSet::from(["ab".repeat(32)]),
        signer: None,
    }
}

/// The archive inside a bundle: as it comes, and behind a signature that holds. The input is two bytes of length, a
/// manifest of that length, and the bytes after it.
pub fn bundle(data: &[u8]) {
    let _ = seal::read(data, &expected());
    let Some((size, rest)) = data.split_at_checked(2) else { return };
    let size = usize::from(u16::from_be_bytes([size[0], size[1]])).min(rest.len());
    let (text, tail) = rest.split_at(size);
    let Ok(text) = String::from_utf8(text.to_vec()) else { return };
    let signed = seal::sign(&key(), Context::Manifest, text);
    let signature = DetachedSignature { key: signed.key.clone(), sig: signed.sig.clone() };
    let signature = serde_json::to_vec(&signature).expect("plain data");
    let mut plain = entry("manifest.json", signed.body.as_bytes());
    plain.extend(entry("manifest.sig", &signature));
    // The tail stands as the parts where the manifest names some, and as it is.
    let mut raw = plain.clone();
    raw.extend_from_slice(tail);
    let _ = seal::read(&raw, &expected());
    let Ok(manifest) = signed.open::<Manifest>(Context::Manifest) else { return };
    let mut left = tail;
    for part in manifest.parts.iter().take(8) {
        let (bytes, rest) = left.split_at(left.len().min(usize::try_from(part.size).unwrap_or(usize::MAX)));
        left = rest;
        plain.extend(entry(&part.name, bytes));
    }
    plain.resize(plain.len() + 1024, 0);
    if let Ok(opened) = seal::read(&plain, &expected()) {
        assert_eq!(check_manifest(&opened.manifest), Ok(()));
        for (part, bytes) in manifest.parts.iter().zip(&opened.parts) {
            assert_eq!((part.size, &part.sha256), (bytes.len() as u64, &sha256_hex(bytes)));
        }
    }
}

/// The archive inside a backup: as it comes, and with the headers of its files made here. For that the input is files
/// with a byte 0xFF between them, each a name on a line and then its bytes.
pub fn backup(data: &[u8]) {
    let _ = vault::backup::read(data);
    let mut tar = Vec::new();
    for file in data.split(|b| *b == 0xff) {
        let end = file.iter().position(|b| *b == b'\n').unwrap_or(file.len());
        let bytes = file.get(end + 1..).unwrap_or_default();
        tar.extend(entry(&String::from_utf8_lossy(&file[..end]), bytes));
    }
    tar.resize(tar.len() + 1024, 0);
    if let Ok(manifest) = vault::backup::read(tar.as_slice()) {
        assert_eq!(vault::backup::read(tar.as_slice()), Ok(manifest));
    }
}

/// One file of a tar as the program writes it; a name that no tar holds gives no header.
fn entry(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    if header.set_path(name).is_err() {
        return Vec::new();
    }
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    let mut out = header.as_bytes().to_vec();
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

/// A template file on its own: read, then checked by its own rules.
type Template = fn(&str) -> Result<(), TemplateError>;

const TEMPLATES: [(&str, Template); 13] = [
    ("programme/r2-2020.toml", |text| Programme::parse(text).map(drop)),
    ("curriculum/standard-4@2020.toml", alone::<Curriculum>),
    ("diagnosis/jishin-25@2020.toml", alone::<Diagnosis>),
    ("policy/five-articles@2020.toml", alone::<PolicyText>),
    ("regulations/guideline@3.toml", alone::<Regulations>),
    ("plan/one-year@2020.toml", alone::<PlanRules>),
    ("risk/guideline@3.1.toml", alone::<RiskScale>),
    ("eligibility/sme@2020.toml", alone::<Eligibility>),
    ("calendar/japan@2027.toml", alone::<Calendar>),
    ("region/japan@2020.toml", alone::<Prefectures>),
    ("final-report/final@2020.toml", alone::<Questionnaire>),
    ("survey/firm@2020.toml", alone::<Questionnaire>),
    ("survey/expert@2020.toml", alone::<Questionnaire>),
];

fn alone<T: Instrument>(text: &str) -> Result<(), TemplateError> {
    programme::parse::<T>("input", text)?.validate()
}

/// A template: the first byte says which. One that stands on its own is then read as part of its programme.
pub fn template(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (changed, read_alone) = TEMPLATES[usize::from(*first) % TEMPLATES.len()];
    let read = |path: &str| {
        if path == changed { Some(text.to_owned()) } else { programme::builtin_text(path).map(str::to_owned) }
    };
    if let Err(error) = read_alone(text).and_then(|()| Pack::load("r2-2020", &read).map(drop)) {
        for lang in [Lang::Ja, Lang::En] {
            assert!(!error.text(lang).is_empty());
        }
    }
}

/// What is sent: as it comes, and as the body of an envelope that is signed by the expected key.
pub fn wire(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let key = key();
    let public = key.verifying_key().to_bytes();
    let today = "2020-11-30".parse().expect("a constant");
    if let Ok(signed) = Signed::from_json(text) {
        assert_eq!(Signed::from_json(&signed.to_json()).as_ref(), Ok(&signed));
        let _ = enrolment::check_invitation(&signed);
        let _ = enrolment::check_request(&signed, &BTreeSet::new());
    }
    bodies(text);
    request(text, &public);
    if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_err() {
        return;
    }
    let sign = |context| seal::sign(&key, context, text.to_owned());
    if let Ok(audience) = enrolment::check_recipients(&sign(Context::Recipients), &public, None) {
        assert!(enrolment::check_recipients(&sign(Context::Recipients), &public, Some(&audience)).is_ok());
        if let Ok(pack) = serde_json::from_str(text) {
            let _ = enrolment::check_pack(&pack, &public, &audience, (&public, ""), today);
        }
    }
    let _ = enrolment::check_invitation(&sign(Context::Enrolment));
    let _ = enrolment::check_request(&sign(Context::Enrolment), &BTreeSet::new());
    let _ = enrolment::check_certificate(&sign(Context::Certificate), &public, "r2-2020", today);
    let ticket = sign(Context::Ticket);
    let _ = Receipt::check(&sign(Context::Receipt), &public, &ticket);
    let _ = Receipt::follows(&sign(Context::Receipt), &public, 1, FIRST_PREV);
    let _ = sign(Context::Roster).open::<Roster>(Context::Roster);
    let _ = sign(Context::Reply).open::<Reply>(Context::Reply);
    if let Ok(ack) = serde_json::from_str::<Ack>(text) {
        let _ = ack.sealed_bytes();
    }
}

/// Types that are read without a signature around them.
fn bodies(text: &str) {
    if let Ok(manifest) = serde_json::from_str::<Manifest>(text) {
        let _ = check_manifest(&manifest);
    }
    let _ = serde_json::from_str::<Recipients>(text);
    let _ = serde_json::from_str::<Ticket>(text);
    let _ = serde_json::from_str::<Invitation>(text);
    let _ = serde_json::from_str::<Certificate>(text);
    let _ = serde_json::from_str::<enrolment::Request>(text);
    let _ = serde_json::from_str::<ReportPayload>(text);
    let _ = serde_json::from_str::<ClaimPayload>(text);
}

/// The headers of a signed request, one a line.
fn request(text: &str, public: &[u8; 32]) {
    let mut lines = text.lines();
    let (Some(input), Some(signature)) = (lines.next(), lines.next()) else { return };
    let headers = SignatureHeaders {
        content_digest: lines.next().map(str::to_owned),
        input: input.to_owned(),
        signature: signature.to_owned(),
    };
    let body = headers.content_digest.as_ref().map(|_| b"{}".as_slice());
    let request = Request { method: "GET", path: "/v1/inbox", query: "", body };
    assert!(request.verify(&headers, 1_606_700_000, |_| Some(*public)).is_err(), "nothing was signed for this");
}
