//! Attacks on bundles, and what sealing promises against them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use bansou_core::wire::v1::enrolment::check_recipients;
use bansou_core::wire::v1::manifest::{ManifestKind, PartEntry};
use bansou_core::wire::v1::recipients::Recipients;
use proptest::prelude::*;

use super::*;

const PARTS: [Part<'static>; 2] = [
    Part { role: "form6", name: "form6.pdf", media_type: "application/pdf", bytes: b"%PDF-1.7 CANARY" },
    Part { role: "data", name: "report.json", media_type: "application/json", bytes: b"{\"v\":1}" },
];

struct Scene {
    expert: KeyRing,
    office: KeyRing,
    spare: KeyRing,
    audience: Audience,
}

fn scene() -> Scene {
    let [expert, office, spare, root] = std::array::from_fn(|_| KeyRing::generate().unwrap());
    let file = Recipients {
        v: 1,
        version: 3,
        expires: "2021-03-31".into(),
        age: vec![office.public().age, spare.public().age],
        receipt_key: String::new(),
        programme: "r2-2020".into(),
        practice: true,
    };
    let signed = sign(&root.signing, Context::Recipients, serde_json::to_string(&file).unwrap());
    let audience = check_recipients(&signed, &root.public().signing, None).unwrap();
    Scene { expert, office, spare, audience }
}

fn entries(parts: &[Part<'_>]) -> Vec<PartEntry> {
    let entry = |p: &Part<'_>| PartEntry {
        role: p.role.into(),
        name: p.name.into(),
        media_type: p.media_type.into(),
        size: p.bytes.len() as u64,
        sha256: sha256_hex(p.bytes),
    };
    parts.iter().map(entry).collect()
}

impl Scene {
    fn manifest(&self, parts: &[Part<'_>]) -> Manifest {
        Manifest {
            v: 1,
            bundle_id: "ab".repeat(16),
            programme: "r2-2020".into(),
            practice: true,
            expert: key_id(&self.expert.public().signing),
            case: Some("K-1".into()),
            kind: ManifestKind::Report,
            session: Some(1),
            seq: 1,
            prev: None,
            resumed_after: None,
            recipients_version: 3,
            recipients_sha256: self.audience.sha256().into(),
            session_date: None,
            claimed_time: "2020-10-16T09:30:00".parse().unwrap(),
            supersedes: None,
            parts: entries(parts),
            templates: [("form6".to_owned(), "2020-1".to_owned())].into(),
        }
    }

    fn sealed(&self) -> SealedBundle {
        seal(&self.manifest(&PARTS), &PARTS, &self.expert.signing, &self.audience).unwrap()
    }

    fn expected(&self) -> Expected {
        Expected {
            programme: "r2-2020".into(),
            practice: true,
            recipients: [self.audience.sha256().to_owned()].into(),
            signer: Some(self.expert.public().signing),
        }
    }

    fn plain(&self) -> Vec<u8> {
        agefile::open(&self.sealed().bytes, &X25519, &self.office.identity, LARGEST).unwrap().to_vec()
    }

    /// Opens a tar that a hostile sender who knows the recipients could have encrypted.
    fn open_plain(&self, plain: &[u8]) -> SealError {
        let bytes = agefile::encrypt(plain, &self.audience.recipients().age).unwrap();
        open(&bytes, &self.office.identity, &self.expected()).map(|_| ()).unwrap_err()
    }
}

#[test]
fn every_recipient_opens_what_was_sealed() {
    let scene = scene();
    let bundle = scene.sealed();
    assert_eq!((bundle.size, &bundle.sha256), (bundle.bytes.len() as u64, &sha256_hex(&bundle.bytes)));
    for identity in [&scene.office.identity, &scene.spare.identity] {
        let opened = open(&bundle.bytes, identity, &scene.expected()).unwrap();
        assert_eq!(opened.manifest, scene.manifest(&PARTS));
        assert_eq!(opened.manifest_text, bundle.manifest_text);
        assert_eq!(opened.signer, scene.expert.public().signing);
        assert_eq!(opened.parts.iter().map(|p| p.as_slice()).collect::<Vec<_>>(), PARTS.map(|p| p.bytes));
    }
    let ticket: Ticket = ticket(&bundle, &scene.audience, &scene.expert.signing)
        .open_by(Context::Ticket, &scene.expert.public().signing)
        .unwrap();
    assert_eq!((ticket.sha256, ticket.size, ticket.recipients_version), (bundle.sha256, bundle.size, 3));
    assert!(!bundle.bytes.windows(6).any(|w| w == b"CANARY"));
}

#[test]
fn nobody_else_opens_it_and_is_told_so() {
    let scene = scene();
    let stranger = KeyRing::generate().unwrap();
    let refused = open(&scene.sealed().bytes, &stranger.identity, &scene.expected()).map(|_| ()).unwrap_err();
    assert_eq!(refused, SealError::WrongRecipient);
    assert_ne!(refused.text(Lang::Ja), refused.text(Lang::En));
}

#[test]
fn a_changed_byte_never_opens() {
    let scene = scene();
    let good = scene.sealed().bytes;
    // Every byte of the header and the first chunk's beginning, then samples.
    for at in (0..900).chain((900..good.len()).step_by(971)).chain([good.len() - 1]) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(open(&bad, &scene.office.identity, &scene.expected()).is_err(), "byte {at}");
    }
    for length in [0, 10, 500, good.len() / 2, good.len() - 1] {
        assert!(open(&good[..length], &scene.office.identity, &scene.expected()).is_err(), "cut to {length}");
    }
    let longer = [good.as_slice(), b"x"].concat();
    assert!(open(&longer, &scene.office.identity, &scene.expected()).is_err());
}

#[test]
fn forwarded_or_misdirected_bundles_are_noticed() {
    let scene = scene();
    let other = self::scene();
    // The first addressee seals the signed contents again, to somebody else.
    let forwarded = agefile::encrypt(&scene.plain(), &other.audience.recipients().age).unwrap();
    let mut expected = other.expected();
    expected.signer = None;
    let result = open(&forwarded, &other.office.identity, &expected).map(|_| ());
    assert_eq!(result, Err(SealError::Forwarded));
    let spoilers: [fn(&mut Expected); 3] =
        [|e| e.signer = Some([7; 32]), |e| e.practice = false, |e| e.programme = "r3-2021".into()];
    for spoil in spoilers {
        let mut expected = scene.expected();
        spoil(&mut expected);
        let result = open(&scene.sealed().bytes, &scene.office.identity, &expected).map(|_| ());
        assert_eq!(result, Err(SealError::Forwarded));
    }
}

#[test]
fn a_manifest_signed_by_another_or_changed_is_refused() {
    let scene = scene();
    let plain = scene.plain();
    let mut reader = Reader::new(&plain);
    let text = reader.entry("manifest.json", MANIFEST_LIMIT).unwrap();
    let sig = reader.entry("manifest.sig", 512).unwrap();
    let changed = String::from_utf8(text.to_vec()).unwrap().replace("\"seq\":1", "\"seq\":2");
    let with = |text: &[u8], sig: &[u8]| {
        let mut entries = vec![("manifest.json", text), ("manifest.sig", sig)];
        entries.extend(PARTS.iter().map(|p| (p.name, p.bytes)));
        archive::pack(&entries).unwrap()
    };
    assert_eq!(scene.open_plain(&with(changed.as_bytes(), sig)), SealError::Signature);
    let thief = KeyRing::generate().unwrap();
    for (context, expected) in [(Context::Manifest, SealError::Forwarded), (Context::Ticket, SealError::Signature)] {
        let stolen = sign(&thief.signing, context, String::from_utf8(text.to_vec()).unwrap());
        let sig = serde_json::to_vec(&DetachedSignature { key: stolen.key, sig: stolen.sig }).unwrap();
        assert_eq!(scene.open_plain(&with(text, &sig)), expected);
    }
}

#[test]
fn hostile_archives_are_refused() {
    let scene = scene();
    let plain = scene.plain();
    let mut reader = Reader::new(&plain);
    let head = [
        ("manifest.json", reader.entry("manifest.json", MANIFEST_LIMIT).unwrap()),
        ("manifest.sig", reader.entry("manifest.sig", 512).unwrap()),
    ];
    let [form, data] = PARTS.map(|p| (p.name, p.bytes));
    type Entries<'a> = Vec<(&'a str, &'a [u8])>;
    let table: [(&str, Entries<'_>); 7] = [
        ("extra", vec![head[0], head[1], form, data, ("more", b"x")]),
        ("missing", vec![head[0], head[1], form]),
        ("parts swapped", vec![head[0], head[1], data, form]),
        ("heads swapped", vec![head[1], head[0], form, data]),
        ("other bytes", vec![head[0], head[1], (form.0, b"%PDF-1.7 canary"), data]),
        ("shorter", vec![head[0], head[1], (form.0, b"%PDF"), data]),
        ("twice", vec![head[0], head[1], form, form, data]),
    ];
    for (what, entries) in table {
        assert_eq!(scene.open_plain(&archive::pack(&entries).unwrap()), SealError::Archive, "{what}");
    }
    let at = plain.windows(9).position(|w| w == b"form6.pdf").unwrap();
    let form_header = (at..plain.len()).find(|i| i % 512 == 0 && plain[*i..].starts_with(b"form6.pdf")).unwrap();
    type Edit = fn(&mut tar::Header);
    let edits: [(&str, Edit); 5] = [
        ("link", |h| h.set_entry_type(tar::EntryType::Symlink)),
        ("hard link", |h| h.set_entry_type(tar::EntryType::Link)),
        ("folder", |h| h.set_entry_type(tar::EntryType::Directory)),
        ("traversal", |h| h.as_old_mut().name[..9].copy_from_slice(b"../../pdf")),
        ("mode", |h| h.set_mode(0o4755)),
    ];
    for (what, edit) in edits {
        let mut hostile = plain.clone();
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes().copy_from_slice(&hostile[form_header..form_header + 512]);
        edit(&mut header);
        header.set_cksum();
        hostile[form_header..form_header + 512].copy_from_slice(header.as_bytes());
        assert_eq!(scene.open_plain(&hostile), SealError::Archive, "{what}");
    }
    let mut tail = plain.clone();
    *tail.last_mut().unwrap() = 1;
    assert_eq!(scene.open_plain(&tail), SealError::Archive);
}

#[test]
fn headers_out_of_bounds_are_refused() {
    let scene = scene();
    let good = scene.sealed().bytes;
    let stanza = good.windows(6).position(|w| w == b"X25519").unwrap() - 3;
    let with = |inserted: &str| [&good[..stanza], inserted.as_bytes(), &good[stanza..]].concat();
    let body = "A".repeat(43);
    // A whole grease stanza is allowed, so only the header's own MAC stops this one.
    let grease = open(&with(&format!("-> x-grease\n{body}\n")), &scene.office.identity, &scene.expected());
    assert_eq!(grease.map(|_| ()), Err(SealError::Changed));
    for inserted in [
        format!("-> scrypt AAAA 12\n{body}\n"),
        format!("-> ssh-ed25519 AAAA BBBB\n{body}\n"),
        format!("-> x-grease\n{body}\n").repeat(16),
        format!("-> x-grease\n{}\n", format!("{}\n", "A".repeat(64)).repeat(1100)),
        "-> x-grease\n".to_owned(),
    ] {
        let result = open(&with(&inserted), &scene.office.identity, &scene.expected()).map(|_| ());
        assert_eq!(result, Err(SealError::NotABundle), "{}", &inserted[..20.min(inserted.len())]);
    }
}

#[test]
fn a_manifest_that_does_not_match_is_not_sealed() {
    let scene = scene();
    let spoilers: [fn(&mut Manifest); 7] = [
        |m| m.expert = "00".repeat(16),
        |m| m.recipients_version = 4,
        |m| m.recipients_sha256 = "00".repeat(32),
        |m| m.practice = false,
        |m| m.parts[0].size += 1,
        |m| m.parts[0].sha256 = "00".repeat(32),
        |m| drop(m.parts.pop()),
    ];
    for (number, spoil) in spoilers.into_iter().enumerate() {
        let mut manifest = scene.manifest(&PARTS);
        spoil(&mut manifest);
        let result = seal(&manifest, &PARTS, &scene.expert.signing, &scene.audience).map(|_| ());
        assert_eq!(result, Err(SealError::Manifest), "case {number}");
    }
}

#[test]
fn small_texts_travel_padded() {
    let scene = scene();
    let ack = sign(&scene.office.signing, Context::Ack, "{\"accepted\":true}".into());
    let sealed = seal_text(&ack, &[scene.expert.public().age]).unwrap();
    assert!(sealed.len() > TEXT_FLOOR);
    assert_eq!(open_text(&sealed, &scene.expert.identity).unwrap(), ack);
    assert_eq!(open_text(&sealed, &scene.office.identity), Err(SealError::WrongRecipient));
    assert_eq!(seal_text(&ack, &[]), Err(SealError::Recipients));
}

#[test]
fn keys_survive_storage_and_are_never_shown() {
    let keys = KeyRing::generate().unwrap();
    let back = KeyRing::from_bytes(&keys.to_bytes()).unwrap();
    assert_eq!(back.public(), keys.public());
    assert_eq!(format!("{back:?}"), "KeyRing(***)");
    assert_eq!(KeyRing::from_bytes(&keys.to_bytes()[..80]).unwrap_err(), SealError::Keys);
}

#[test]
fn stock_tools_open_a_bundle() {
    let scene = scene();
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("identity"), &scene.office.to_bytes()[33..]).unwrap();
    std::fs::write(path("bundle.age"), scene.sealed().bytes).unwrap();
    let age = std::process::Command::new("age")
        .arg("-d")
        .args(["-i".as_ref(), path("identity").as_os_str()])
        .args(["-o".as_ref(), path("bundle.tar").as_os_str()])
        .arg(path("bundle.age"))
        .output();
    let Ok(age) = age else {
        eprintln!("skipped: the age tool is not here");
        return;
    };
    assert!(age.status.success(), "{}", String::from_utf8_lossy(&age.stderr));
    let list = std::process::Command::new("tar").arg("-tf").arg(path("bundle.tar")).output().unwrap();
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    assert_eq!(String::from_utf8(list.stdout).unwrap(), "manifest.json\nmanifest.sig\nform6.pdf\nreport.json\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn any_parts_come_back_and_sizes_are_padded(sizes in proptest::collection::vec(0usize..40_000, 0..5)) {
        let scene = scene();
        let names: Vec<String> = (0..sizes.len()).map(|n| format!("part-{n}")).collect();
        let bodies: Vec<Vec<u8>> = sizes.iter().map(|n| vec![b'x'; *n]).collect();
        let parts: Vec<Part<'_>> = names
            .iter()
            .zip(&bodies)
            .map(|(name, bytes)| Part { role: "artefact", name, media_type: "text/plain", bytes })
            .collect();
        let bundle = seal(&scene.manifest(&parts), &parts, &scene.expert.signing, &scene.audience).unwrap();
        let plain = agefile::open(&bundle.bytes, &X25519, &scene.office.identity, LARGEST).unwrap();
        prop_assert!(plain.len() >= 64 << 10 && padded(plain.len(), 0) == plain.len());
        let opened = open(&bundle.bytes, &scene.office.identity, &scene.expected()).unwrap();
        prop_assert!(opened.parts.iter().map(|p| p.as_slice()).eq(bodies.iter().map(Vec::as_slice)));
    }
}
