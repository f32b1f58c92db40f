//! The 143 age files of C2SP/CCTV: first through the program's own policies, then with the policy as wide as the vector.

use std::collections::BTreeMap;

use age::secrecy::SecretString;
use age::{DecryptError, Identity, scrypt, x25519};
use age_core::format::{FileKey, Stanza};
use bansou::shell::seal::agefile::{self, Flaw, Policy};
use sha2::{Digest as _, Sha256};

use crate::hybrid::Hybrid;

const LIMIT: usize = 64 << 20;

/// One file: what is expected, the keys to try, and the age file itself.
struct Vector {
    name: String,
    expect: String,
    payload: Option<String>,
    identities: Vec<String>,
    passphrases: Vec<String>,
    armored: bool,
    file: Vec<u8>,
}

fn vectors() -> Vec<Vector> {
    let mut names: Vec<_> = std::fs::read_dir(super::folder("age")).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|path| path.file_name().unwrap() != ".gitattributes");
    names.sort();
    assert_eq!(names.len(), 143);
    names
        .iter()
        .map(|path| vector(path.file_name().unwrap().to_str().unwrap(), &std::fs::read(path).unwrap()))
        .collect()
}

fn vector(name: &str, text: &[u8]) -> Vector {
    let end = text.windows(2).position(|w| w == b"\n\n").unwrap();
    let (head, file) = (std::str::from_utf8(&text[..end]).unwrap(), &text[end + 2..]);
    let all = |key: &str| -> Vec<String> {
        let pairs = head.lines().map(|line| line.split_once(": ").unwrap());
        pairs.filter(|(k, _)| *k == key).map(|(_, value)| value.to_owned()).collect()
    };
    let one = |key: &str| all(key).pop();
    let file = match one("compressed").as_deref() {
        None => file.to_vec(),
        Some(kind) => {
            assert_eq!(kind, "zlib");
            miniz_oxide::inflate::decompress_to_vec_zlib(file).unwrap()
        }
    };
    Vector {
        name: name.to_owned(),
        expect: one("expect").unwrap(),
        payload: one("payload"),
        identities: all("identity"),
        passphrases: all("passphrase"),
        armored: one("armored").is_some(),
        file,
    }
}

/// Tries its keys one after the other, as a program with several would.
struct Keys(Vec<Box<dyn Identity>>);

impl Identity for Keys {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.0.iter().find_map(|identity| identity.unwrap_stanza(stanza))
    }
}

impl Vector {
    fn keys(&self) -> Keys {
        let parse = |text: &String| -> Box<dyn Identity> {
            match text.parse::<x25519::Identity>() {
                Ok(identity) => Box::new(identity),
                Err(_) => Box::new(Hybrid::parse(text).unwrap()),
            }
        };
        let mut keys: Vec<_> = self.identities.iter().map(parse).collect();
        if keys.is_empty() {
            keys.push(Box::new(x25519::Identity::generate()));
        }
        Keys(keys)
    }

    fn passphrase(&self) -> Keys {
        let identity = |text: &String| -> Box<dyn Identity> {
            let mut identity = scrypt::Identity::new(SecretString::from(text.clone()));
            identity.set_max_work_factor(20);
            Box::new(identity)
        };
        Keys(self.passphrases.iter().map(identity).collect())
    }

    /// Opens it the way it asks for; a file with both kinds of key must get the same answer either way.
    fn open(&self, keys: &Policy<'_>, passphrase: &Policy<'_>) -> Result<Vec<u8>, Flaw> {
        let by_key = || agefile::open(&self.file, keys, &self.keys(), LIMIT).map(|plain| plain.to_vec());
        if self.passphrases.is_empty() {
            return by_key();
        }
        let result = agefile::open(&self.file, passphrase, &self.passphrase(), LIMIT).map(|plain| plain.to_vec());
        assert!(self.identities.is_empty() || (result.is_err() && by_key().is_err()), "{}", self.name);
        result
    }

    /// Whether the answer is the expected one, for the expected reason.
    fn agrees(&self, result: &Result<Vec<u8>, Flaw>) -> bool {
        match (self.expect.as_str(), result) {
            ("success", Ok(plain)) => Some(super::primitives::hex(&Sha256::digest(plain))) == self.payload,
            ("no match", Err(flaw)) => *flaw == Flaw::NoMatch,
            ("HMAC failure" | "payload failure", Err(flaw)) => *flaw == Flaw::Changed,
            ("armor failure", Err(flaw)) => matches!(flaw, Flaw::Armor | Flaw::Header),
            ("header failure", Err(flaw)) => {
                matches!(flaw, Flaw::Armor | Flaw::Header | Flaw::Size | Flaw::Kind | Flaw::Cost)
            }
            (_, Err(_)) => false,
            (expect, Ok(_)) => panic!("{}: opened, but expected {expect}", self.name),
        }
    }
}

fn names(list: &str) -> Vec<&str> {
    list.split_whitespace().collect()
}

/// What the program's own policies refuse although the vector is good for somebody: the whole list, each with its reason.
fn refused_by_policy() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        (
            "text armor",
            names(
                "armor_crlf armor_full_last_line armor_garbage_encoded armor_hybrid armor_no_eol armor_no_match \
                 armor_scrypt armor_whitespace_outside armor_x25519",
            ),
        ),
        (
            "post-quantum stanza",
            names(
                "hybrid hybrid_and_x25519 hybrid_bad_tag hybrid_currupted_enc_mlkem hybrid_currupted_enc_x25519 \
                 hybrid_grease hybrid_multiple_recipients hybrid_no_match hybrid_uppercase",
            ),
        ),
        ("scrypt cost under 2^12", names("scrypt scrypt_bad_tag scrypt_no_match scrypt_work_factor_wrong")),
        (
            "unknown stanza",
            names(
                "scrypt_uppercase stanza_empty_body stanza_empty_last_line stanza_valid_characters x25519_grease \
                 x25519_lowercase",
            ),
        ),
    ])
}

#[test]
fn every_age_vector_has_its_verdict_or_a_named_refusal() {
    let refused = refused_by_policy();
    let mut differ: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut conform = 0;
    for vector in vectors() {
        let result = vector.open(&agefile::X25519, &Policy::Passphrase(12..=20));
        if vector.agrees(&result) {
            conform += 1;
            continue;
        }
        let reason = match result {
            Err(Flaw::Armor) => "text armor",
            Err(Flaw::Cost) => "scrypt cost under 2^12",
            Err(Flaw::Kind) if vector.name.starts_with("hybrid") => "post-quantum stanza",
            Err(Flaw::Kind) => "unknown stanza",
            other => panic!("{}: expected {}, got {other:?}", vector.name, vector.expect),
        };
        differ.entry(reason).or_default().push(vector.name);
    }
    println!("age vectors, the program's policies: {conform} conform");
    for (reason, names) in &differ {
        println!("  {:3} refused by policy: {reason}", names.len());
    }
    let counted: BTreeMap<&str, Vec<&str>> =
        differ.iter().map(|(reason, names)| (*reason, names.iter().map(String::as_str).collect())).collect();
    assert_eq!(counted, refused);
}

#[test]
fn with_a_policy_as_wide_as_the_vectors_all_but_the_armored_conform() {
    let mut armored = Vec::new();
    let mut conform = 0;
    for vector in vectors() {
        let named = kinds(&vector.file);
        let kinds: Vec<&str> = named.iter().map(String::as_str).filter(|k| *k != "scrypt").collect();
        let mut result = vector.open(&Policy::Keys(&kinds), &Policy::Passphrase(1..=20));
        if vector.name == "scrypt_uppercase" {
            result =
                agefile::open(&vector.file, &Policy::Keys(&kinds), &vector.passphrase(), LIMIT).map(|p| p.to_vec());
        }
        if vector.agrees(&result) {
            conform += 1;
        } else {
            assert!(vector.armored && result == Err(Flaw::Armor), "{}: {result:?}", vector.name);
            armored.push(vector.name);
        }
    }
    println!("age vectors, kinds and costs as the vector has them: {conform} conform, {} armored", armored.len());
    assert_eq!(armored, refused_by_policy()["text armor"]);
}

/// The kinds that a file's header names.
fn kinds(file: &[u8]) -> Vec<String> {
    let lines = file.split(|b| *b == b'\n').map_while(|line| std::str::from_utf8(line).ok());
    lines.filter_map(|line| line.strip_prefix("-> ")?.split(' ').next().map(str::to_owned)).collect()
}
