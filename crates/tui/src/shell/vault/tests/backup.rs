//! Backups: what they hold, who opens them, and what damage does.

use super::super::backup::{restore, verify};
use super::*;

/// A backup of the sample store for its recovery code.
fn backed_up() -> (TempDir, PathBuf, Contents, RecoveryCode) {
    let (dir, expected, code) = sample();
    let file = dir.path().join("copy.age");
    let made_at = jiff::civil::date(2026, 11, 23).at(9, 0, 0, 0);
    let vault = reopened(&dir).unwrap();
    vault.backup(&file, &[keys::recipient_of(&code).unwrap()], Some(made_at)).unwrap();
    (dir, file, expected, code)
}

#[test]
fn a_backup_opens_by_passphrase_and_by_recovery_code_and_restores_everything() {
    let (dir, file, expected, code) = backed_up();
    let pass = pass();
    for unlock in [Unlock::Passphrase(&pass), Unlock::Identity(&code)] {
        let found = verify(&file, &unlock).unwrap();
        assert_eq!((found.seq, found.records, found.blobs, found.store), (2, 2, 1, 2));
        let home = tempfile::tempdir().unwrap();
        let other = Secret::new("新しい言葉".into());
        let (vault, fresh, manifest) = restore(&file, &unlock, home.path(), &other).unwrap();
        assert_eq!((contents(&vault).unwrap(), manifest), (expected.clone(), found));
        assert_ne!(*vault.dek, *reopened(&dir).unwrap().dek);
        drop(vault);
        assert_eq!(contents(&by_code(&home, &fresh).unwrap()).unwrap(), expected);
        assert_eq!(by_code(&home, &code).unwrap_err(), VaultError::WrongRecovery);
        assert_eq!(restore(&file, &unlock, home.path(), &other).unwrap_err(), VaultError::Exists);
    }
    let wrong = Secret::new("違う".into());
    assert_eq!(verify(&file, &Unlock::Passphrase(&wrong)).unwrap_err(), VaultError::WrongPassphrase);
    let other = keys::fresh_recovery();
    assert_eq!(verify(&file, &Unlock::Identity(&other)).unwrap_err(), VaultError::WrongRecovery);
}

#[test]
fn a_backup_keeps_to_the_passphrase_of_its_day_and_is_never_overwritten() {
    let (dir, file, ..) = backed_up();
    let mut vault = reopened(&dir).unwrap();
    vault.change_passphrase(&Secret::new("あとの言葉".into())).unwrap();
    verify(&file, &Unlock::Passphrase(&pass())).unwrap();
    let before = std::fs::read(&file).unwrap();
    assert_eq!(vault.backup(&file, &[], None), Err(VaultError::FileExists));
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert_eq!(vault.backup(&dir.path().join("b.age"), &["age1x".into()], None), Err(VaultError::Recipient));
    let left: Vec<_> = files(dir.path()).into_iter().filter(|f| f.to_string_lossy().contains(".age.new")).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn every_flipped_byte_and_every_cut_of_a_backup_is_refused_and_nothing_is_written() {
    let (_dir, file, _, code) = backed_up();
    let whole = std::fs::read(&file).unwrap();
    let header = whole.windows(4).position(|w| w == b"--- ").unwrap();
    let damaged = tempfile::tempdir().unwrap();
    let copy = damaged.path().join("copy.age");
    let home = damaged.path().join("home");
    let refused = |bytes: &[u8], what: &str| {
        std::fs::write(&copy, bytes).unwrap();
        let error = restore(&copy, &Unlock::Identity(&code), &home, &pass()).unwrap_err();
        assert!(matches!(error, VaultError::Backup | VaultError::WrongRecovery), "{what}: {error:?}");
        assert!(!home.exists(), "{what}");
    };
    // Every byte of the header, and enough of the encrypted body to hit each of its chunks; all when there is a night for it.
    let step = if std::env::var_os("BANSOU_EVERY_BYTE").is_some() { 1 } else { 97 };
    for at in (0..header + 70).chain((header + 70..whole.len()).step_by(step)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        refused(&bytes, &format!("byte {at}"));
    }
    for cut in [0, 10, header, header + 60, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..cut], &format!("cut at {cut}"));
    }
    let mut longer = whole;
    longer.push(0);
    refused(&longer, "one byte more");
}

#[test]
fn the_stock_age_tool_and_tar_read_a_backup() {
    let (dir, file, _, code) = backed_up();
    let identity = dir.path().join("sheet.txt");
    std::fs::write(&identity, code.expose()).unwrap();
    let opened = std::process::Command::new("age").arg("-d").arg("-i").arg(&identity).arg(&file).output().unwrap();
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    std::fs::write(dir.path().join("copy.tar"), &opened.stdout).unwrap();
    let out = tempfile::tempdir().unwrap();
    let tar = |args: &[&str]| {
        let run = std::process::Command::new("tar").current_dir(out.path()).args(args).output().unwrap();
        assert!(run.status.success());
        String::from_utf8(run.stdout).unwrap()
    };
    let archive = dir.path().join("copy.tar").display().to_string();
    let names = tar(&["-tf", &archive]);
    let blob = format!("blobs/{}", "09".repeat(16));
    assert_eq!(
        names.lines().collect::<Vec<_>>(),
        ["README.txt", "manifest.json", "journal/000001.jsonl", "records/000001.jsonl", &blob]
    );
    tar(&["-xf", &archive]);
    assert_eq!(std::fs::read(out.path().join(&blob)).unwrap(), CANARY.as_bytes());
    let records = std::fs::read_to_string(out.path().join("records/000001.jsonl")).unwrap();
    assert_eq!(records.lines().next().unwrap(), format!(r#"{{"id":"{}","rev":2,"text":"edited"}}"#, "01".repeat(16)));
}
