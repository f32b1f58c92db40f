//! Key files as somebody who wants to stop, slow or fool the program would write them.

use std::path::Path;
use std::time::{Duration, Instant};

use age::secrecy::ExposeSecret as _;
use age::{Encryptor, scrypt, x25519};
use bansou::shell::failure::Failure;
use bansou::shell::seal::agefile::{self, Flaw, Policy};
use bansou::shell::vault::{Kind, Secret, Unlock, Vault, VaultError, Weak};
use bansou_core::record::v1::Profile;

use crate::people::owner;

const PASSPHRASE: &str = "れんしゅう";
/// One honest derivation at the highest cost that is accepted takes longer than this; a refusal takes none.
const AT_ONCE: Duration = Duration::from_millis(500);

struct Home {
    dir: tempfile::TempDir,
    code: Secret,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (_, code) = Vault::create(dir.path(), &secret(PASSPHRASE), Kind::Practice).unwrap();
        Self { dir, code }
    }

    fn slot(&self, name: &str) -> std::path::PathBuf {
        Path::new(self.dir.path()).join("keys").join(name)
    }

    /// What opening says when `keys/passphrase.age` holds these bytes, and that it said so at once.
    fn by_passphrase(&self, file: &[u8]) -> VaultError {
        std::fs::write(self.slot("passphrase.age"), file).unwrap();
        at_once(|| Vault::open(self.dir.path(), &Unlock::Passphrase(&secret(PASSPHRASE))).unwrap_err())
    }

    fn by_code(&self, file: &[u8]) -> VaultError {
        std::fs::write(self.slot("recovery.age"), file).unwrap();
        at_once(|| Vault::open(self.dir.path(), &Unlock::Identity(&self.code)).unwrap_err())
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn at_once<T>(run: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = run();
    assert!(began.elapsed() < AT_ONCE, "worked for {:?}", began.elapsed());
    result
}

fn sealed(recipient: &dyn age::Recipient, plain: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = Encryptor::with_recipients(std::iter::once(recipient)).unwrap().wrap_output(&mut file).unwrap();
    std::io::Write::write_all(&mut writer, plain).unwrap();
    writer.finish().unwrap();
    file
}

fn by_scrypt(plain: &[u8]) -> Vec<u8> {
    let mut recipient = scrypt::Recipient::new(PASSPHRASE.to_owned().into());
    recipient.set_work_factor(12);
    sealed(&recipient, plain)
}

/// The good file with its first scrypt line replaced.
fn with_line(good: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let start = good.windows(3).position(|w| w == b"-> ").unwrap();
    let end = start + good[start..].iter().position(|b| *b == b'\n').unwrap();
    let line = change(std::str::from_utf8(&good[start..end]).unwrap());
    [&good[..start], line.as_bytes(), &good[end..]].concat()
}

#[test]
fn a_cost_out_of_bounds_is_refused_before_any_work() {
    let home = Home::new();
    let good = std::fs::read(home.slot("passphrase.age")).unwrap();
    for cost in
        ["11", "21", "30", "63", "64", "255", "256", "4294967308", "012", "+12", "0xc", "-12", "", "12 12", "１２"]
    {
        let file = with_line(&good, |line| format!("{} {cost}", line.rsplit_once(' ').unwrap().0));
        assert_eq!(home.by_passphrase(&file), VaultError::KeyFile, "cost {cost:?}");
    }
    // Within bounds the file is only wrong, not refused: the bounds are what decided above.
    assert_eq!(home.by_passphrase(&with_line(&good, |l| l.replace(" 12", " 13"))), VaultError::WrongPassphrase);
    std::fs::write(home.slot("passphrase.age"), &good).unwrap();
    Vault::open(home.dir.path(), &Unlock::Passphrase(&secret(PASSPHRASE))).unwrap();
}

#[test]
fn stanzas_that_do_not_belong_are_refused_before_any_work() {
    let home = Home::new();
    let good = std::fs::read(home.slot("passphrase.age")).unwrap();
    let body = "A".repeat(43);
    let x25519 = format!("-> X25519 {body}\n{body}\n");
    for (what, extra) in [
        ("twice", format!("-> scrypt {} 20\n{body}\n", "A".repeat(22))),
        ("key beside it", x25519.clone()),
        ("grease beside it", "-> x-grease\n\n".to_owned()),
        ("many", format!("-> scrypt {} 20\n{body}\n", "A".repeat(22)).repeat(80)),
    ] {
        let file = with_line(&good, |line| format!("{extra}{line}"));
        assert_eq!(home.by_passphrase(&file), VaultError::KeyFile, "{what} before");
        let end = good.windows(4).position(|w| w == b"--- ").unwrap();
        let file = [&good[..end], extra.as_bytes(), &good[end..]].concat();
        assert_eq!(home.by_passphrase(&file), VaultError::KeyFile, "{what} after");
    }
    let recovery = std::fs::read(home.slot("recovery.age")).unwrap();
    assert_eq!(home.by_passphrase(&recovery), VaultError::KeyFile, "the other slot");
    assert_eq!(home.by_code(&good), VaultError::KeyFile, "the other slot");
    let pq = with_line(&recovery, |line| format!("-> mlkem768x25519 {body}\n{body}\n{line}"));
    assert_eq!(home.by_code(&pq), VaultError::KeyFile, "another kind of key");
}

#[test]
fn sizes_and_shapes_out_of_bounds_are_refused_before_any_work() {
    let home = Home::new();
    let good = std::fs::read(home.slot("passphrase.age")).unwrap();
    let recovery = std::fs::read(home.slot("recovery.age")).unwrap();
    let grease = format!("-> x-grease\n{}\n", format!("{}\n", "A".repeat(64)).repeat(17_000));
    let huge = with_line(&recovery, |line| format!("{grease}{line}"));
    assert!(huge.len() > 1 << 20);
    assert_eq!(home.by_code(&huge), VaultError::KeyFile);
    assert_eq!(home.by_passphrase(&huge), VaultError::KeyFile);
    for policy in [agefile::X25519, Policy::Passphrase(12..=20)] {
        assert_eq!(at_once(|| agefile::check(&vec![b'x'; 1 << 20], &policy)), Err(Flaw::Size));
        assert!(at_once(|| agefile::check(&huge, &policy)).is_err());
    }
    assert_eq!(agefile::check(&huge, &agefile::X25519), Err(Flaw::Size));
    let many = with_line(&recovery, |line| format!("{}{line}", "-> x-grease\n\n".repeat(16)));
    assert_eq!(agefile::check(&many, &agefile::X25519), Err(Flaw::Size));
    for length in 0..good.len() {
        assert_eq!(home.by_passphrase(&good[..length]), VaultError::KeyFile, "cut to {length}");
    }
    for length in 0..recovery.len() {
        assert_eq!(home.by_code(&recovery[..length]), VaultError::KeyFile, "cut to {length}");
    }
}

#[test]
fn a_key_file_for_somebody_else_or_of_another_length_opens_nothing() {
    let home = Home::new();
    let stranger = x25519::Identity::generate();
    assert_eq!(home.by_code(&sealed(&stranger.to_public(), &[7; 32])), VaultError::WrongRecovery);
    let ours: x25519::Identity = home.code.expose().parse().unwrap();
    assert_eq!(ours.to_string().expose_secret(), home.code.expose());
    for length in [0, 31, 33, 64, 1 << 12] {
        assert_eq!(home.by_code(&sealed(&ours.to_public(), &vec![7; length])), VaultError::KeyFile, "{length}");
        assert_eq!(home.by_passphrase(&by_scrypt(&vec![7; length])), VaultError::KeyFile, "{length}");
    }
}

#[test]
fn a_real_home_is_not_made_with_a_passphrase_that_is_tried_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("home");
    for (text, why) in [
        ("password2026", Weak::Common),
        ("bansou2020!", Weak::Common),
        ("1qaz2wsx3edc", Weak::Sequence),
        ("aaaaaaaaaaaaaaaa", Weak::Repeated),
        ("ふじみや_藤宮2020年", Weak::Own),
    ] {
        let profile = Profile { practice: false, name: "藤宮".into(), kana: "フジミヤ".into(), ..owner() };
        let refused = bansou::shell::home::Home::create(&path, &secret(text), Kind::Real, profile).map(|_| ());
        let refused = refused.unwrap_err();
        assert_eq!(refused.exit_code(), 2, "{text}");
        assert!(
            matches!(refused, Failure::Vault(VaultError::PassphraseWeak(found)) if found == why),
            "{text}: {refused:?}"
        );
        assert!(!path.exists(), "a refusal leaves no folder");
    }
}
