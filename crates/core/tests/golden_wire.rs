//! Every sent format has a golden file that must verify, parse, and encode to the same bytes for ever.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use bansou_core::record::v1::SharePart;
use bansou_core::wire::v1::ack::Ack;
use bansou_core::wire::v1::envelope::{Context, Signed, encode_key, hex, key_id, to_json};
use bansou_core::wire::v1::problem::Problem;
use bansou_core::wire::v1::purge::PurgeCertificate;
use bansou_core::wire::v1::receipt::{FIRST_PREV, Inbox, InboxEntry, Receipt, chain_hash, minute};
use bansou_core::wire::v1::recipients::{Recipients, Roster};
use bansou_core::wire::v1::reply::Reply;
use bansou_core::wire::v1::share::{Share, ShareKey, ShareReturn, check_return, check_share};
use bansou_core::wire::v1::ticket::Ticket;
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::civil::date;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/wire/v1")
}

#[allow(clippy::disallowed_methods, reason = "tests read golden files")]
fn golden(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn public(n: u8) -> [u8; 32] {
    key(n).verifying_key().to_bytes()
}

fn sign<T: Serialize>(n: u8, context: Context, body: &T) -> String {
    let body = to_json(body);
    let sig = key(n).sign(&context.signed_bytes(&body)).to_bytes();
    Signed::new(body, &public(n), &sig).to_json()
}

const SEALED: &[u8] = b"sealed bytes of a golden bundle";

fn ticket() -> Ticket {
    Ticket::for_bytes(SEALED, 7)
}

fn receipt(index: u64, prev: &str) -> Receipt {
    Receipt {
        v: 1,
        sha256: ticket().sha256,
        size: ticket().size,
        key_id: key_id(&public(2)),
        received_at: minute(1_606_716_345),
        index,
        prev: prev.to_owned(),
    }
}

fn recipients() -> Recipients {
    Recipients {
        v: 1,
        version: 7,
        expires: "2021-03-31".into(),
        age: vec!["age1first".into(), "age1second".into()],
        receipt_key: encode_key(&public(5)),
        programme: "r2-2020".into(),
        practice: false,
    }
}

fn roster() -> Roster {
    Roster { v: 1, version: 3, experts: vec![encode_key(&public(2))], staff: vec![encode_key(&public(3))] }
}

fn purge() -> PurgeCertificate {
    PurgeCertificate {
        v: 1,
        id: "16".repeat(16),
        practice: true,
        client: "03".repeat(16),
        case_no: Some("K-0001".into()),
        programme: "current-2026".into(),
        rule: "standard@2026".into(),
        days: 60,
        ended_on: Some(date(2026, 11, 20)),
        erased_on: date(2027, 1, 20),
        by: "山田 花子".into(),
        registration: "R-001".into(),
        removed: [("client".to_owned(), 1), ("note".to_owned(), 12)].into(),
        reduced: [("claim".to_owned(), 1)].into(),
        blobs: 9,
        entries: 120,
        sha256: "ab".repeat(32),
        kept_until: Some(date(2035, 2, 20)),
    }
}

fn reply(seq: Option<u64>) -> Reply {
    let (sha256, bundle_id, note) = (ticket().sha256, "01".repeat(16), "良".to_owned());
    Reply { v: 1, sha256, bundle_id, seq, accepted: true, note, on: jiff::civil::date(2026, 11, 20) }
}

fn share_key(n: u8) -> ShareKey {
    ShareKey { age: format!("age1{}{n}", "q".repeat(57)), signing: encode_key(&public(n)) }
}

fn share() -> Share {
    let text = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    Share {
        v: 1,
        id: "26".repeat(16).parse().unwrap(),
        practice: true,
        programme: "current-2026".into(),
        case_no: "K-0001".into(),
        lead: "山田 花子".into(),
        from: share_key(7),
        trainee: "同行 次郎".into(),
        to: share_key(8),
        made_at: date(2026, 11, 20).at(18, 0, 0, 0),
        until: date(2026, 12, 4),
        sessions: [1, 2].into(),
        roles: "記録を取る".into(),
        dates_by: "指導者".into(),
        handouts: true,
        paid: false,
        parts: [SharePart::Overview, SharePart::Diagnosis].into(),
        fields: [("client/name", "例示工業株式会社"), ("answer/3", "partial")].map(text).into(),
    }
}

fn share_return() -> ShareReturn {
    let fields = [("answer/3".to_owned(), Some("done".to_owned())), ("evidence/3".to_owned(), None)].into();
    let made_at = date(2026, 11, 25).at(9, 0, 0, 0);
    ShareReturn { v: 1, share: share().id, practice: true, made_at, fields }
}

fn made() -> Vec<(&'static str, String)> {
    let first = sign(5, Context::Receipt, &receipt(1, FIRST_PREV));
    let prev = chain_hash(&Signed::from_json(&first).unwrap().body);
    let entry = InboxEntry {
        ticket: Signed::from_json(&sign(2, Context::Ticket, &ticket())).unwrap(),
        receipt: Signed::from_json(&first).unwrap(),
    };
    vec![
        ("ticket.json", sign(2, Context::Ticket, &ticket())),
        ("receipt.json", first),
        ("receipt-next.json", sign(5, Context::Receipt, &receipt(2, &prev))),
        ("recipients.json", sign(1, Context::Recipients, &recipients())),
        ("roster.json", sign(1, Context::Roster, &roster())),
        ("ack.json", sign(3, Context::Ack, &Ack::new(&ticket().sha256, b"an age file"))),
        ("purge.json", sign(6, Context::Purge, &purge())),
        ("reply.json", sign(3, Context::Reply, &reply(None))),
        ("reply-numbered.json", sign(3, Context::Reply, &reply(Some(4)))),
        ("share-key.txt", share_key(8).line() + "\n"),
        ("share.json", sign(7, Context::Share, &share())),
        ("share-return.json", sign(8, Context::ShareReturn, &share_return())),
        ("inbox.json", to_json(&Inbox { schema: 1, entries: vec![entry], more: false })),
        ("problem.json", to_json(&Problem::new("E-EXAMPLE", "例です。", "An example."))),
    ]
}

/// Writes what is missing; a file that exists is never changed. Run with `--ignored` after adding a format.
#[test]
#[ignore = "writes golden files"]
#[allow(clippy::disallowed_methods, reason = "tests write golden files on request")]
fn write_missing_golden_files() {
    for (name, text) in made() {
        let path = folder().join(name);
        if !path.exists() {
            std::fs::write(path, text).unwrap();
        }
    }
}

#[test]
fn this_program_still_writes_the_golden_bytes() {
    for (name, text) in made() {
        assert_eq!(text, golden(name), "{name}");
    }
}

/// Parses, encodes again byte for byte, verifies under the right key, and under no other key or context.
fn opened<T: Serialize + DeserializeOwned>(name: &str, context: Context, n: u8) -> T {
    let text = golden(name);
    let signed = Signed::from_json(&text).unwrap();
    assert_eq!(signed.to_json(), text);
    let value: T = signed.open_by(context, &public(n)).unwrap();
    assert_eq!(to_json(&value), signed.body);
    assert!(signed.open_by::<T>(context, &public(9)).is_err());
    for other in [
        Context::Ticket,
        Context::Receipt,
        Context::Recipients,
        Context::Roster,
        Context::Ack,
        Context::Purge,
        Context::Reply,
        Context::Share,
        Context::ShareReturn,
    ] {
        assert_eq!(signed.open::<T>(other).is_ok(), other == context);
    }
    for at in 0..signed.body.len() {
        let mut body = signed.body.clone().into_bytes();
        body[at] ^= 1;
        if let Ok(body) = String::from_utf8(body) {
            assert!(Signed { body, ..signed.clone() }.open::<T>(context).is_err(), "{name} byte {at}");
        }
    }
    let more = signed.body.replacen('{', "{\"extra\":1,", 1);
    assert!(serde_json::from_str::<T>(&more).is_err(), "{name} takes an unknown field");
    value
}

#[test]
fn golden_envelopes_verify_and_keep_their_bytes() {
    assert_eq!(opened::<Ticket>("ticket.json", Context::Ticket, 2), ticket());
    assert_eq!(opened::<Receipt>("receipt.json", Context::Receipt, 5), receipt(1, FIRST_PREV));
    assert_eq!(opened::<Recipients>("recipients.json", Context::Recipients, 1), recipients());
    assert_eq!(opened::<Roster>("roster.json", Context::Roster, 1), roster());
    assert_eq!(opened::<Ack>("ack.json", Context::Ack, 3).sealed_bytes().unwrap(), b"an age file");
    assert_eq!(opened::<PurgeCertificate>("purge.json", Context::Purge, 6), purge());
    assert_eq!(opened::<Reply>("reply.json", Context::Reply, 3), reply(None));
    assert_eq!(opened::<Reply>("reply-numbered.json", Context::Reply, 3), reply(Some(4)));
    assert_eq!(opened::<Share>("share.json", Context::Share, 7), share());
    assert_eq!(opened::<ShareReturn>("share-return.json", Context::ShareReturn, 8), share_return());
    assert_eq!(ShareKey::parse(&golden("share-key.txt")).unwrap(), share_key(8));
    let signed = Signed::from_json(&golden("share.json")).unwrap();
    assert_eq!(check_share(&signed, &share_key(8), date(2026, 12, 4)).unwrap(), share());
    let signed = Signed::from_json(&golden("share-return.json")).unwrap();
    assert_eq!(check_return(&signed).unwrap(), share_return());
    let inbox: Inbox = serde_json::from_str(&golden("inbox.json")).unwrap();
    assert_eq!(to_json(&inbox), golden("inbox.json"));
}

#[test]
fn golden_receipts_prove_delivery_and_form_a_chain() {
    let ticket = Signed::from_json(&golden("ticket.json")).unwrap();
    let first = Signed::from_json(&golden("receipt.json")).unwrap();
    let next = Signed::from_json(&golden("receipt-next.json")).unwrap();
    let pinned = public(5);
    let receipt = Receipt::check(&first, &pinned, &ticket).unwrap();
    assert_eq!(receipt.received_at, "2020-11-30T06:05:00Z");
    assert!(Receipt::check(&first, &public(9), &ticket).is_err());
    let other = Signed::from_json(&sign(4, Context::Ticket, &self::ticket())).unwrap();
    assert!(Receipt::check(&first, &pinned, &other).is_err(), "another sender's ticket for the same bytes");
    Receipt::follows(&first, &pinned, 1, FIRST_PREV).unwrap();
    Receipt::follows(&next, &pinned, 2, &chain_hash(&first.body)).unwrap();
    assert!(Receipt::follows(&next, &pinned, 2, FIRST_PREV).is_err());
    assert!(Receipt::follows(&next, &pinned, 3, &chain_hash(&first.body)).is_err());
}

#[test]
fn minutes_are_cut_downwards() {
    let table = [
        (0, "1970-01-01T00:00:00Z"),
        (59, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:00Z"),
        (1_606_716_345, "2020-11-30T06:05:00Z"),
    ];
    for (seconds, text) in table {
        assert_eq!(minute(seconds), text);
    }
    assert_eq!(hex(&[0, 255]), "00ff");
}
