//! Stores written anew: fresh keys, erased texts, a migration, and a crash at every step of the exchange.

use super::*;

/// A store of format 1 as release 0.1.0 wrote it: one firm, one note, answers, one document.
fn golden() -> (TempDir, RecoveryCode) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/vault/1");
    let copy = tempfile::tempdir().unwrap();
    for folder in ["keys", "state"] {
        std::fs::create_dir(copy.path().join(folder)).unwrap();
    }
    for file in ["keys/passphrase.age", "keys/recovery.age", "state/anchor", "vault.db"] {
        std::fs::copy(source.join(file), copy.path().join(file)).unwrap();
    }
    (copy, Secret::new(std::fs::read_to_string(source.join("recovery.txt")).unwrap()))
}

fn renshu() -> Secret {
    Secret::new("renshu".into())
}

#[test]
fn a_store_of_format_1_is_migrated_and_a_backup_of_it_is_kept() {
    let (dir, code) = golden();
    let before = std::fs::read(dir.path().join("vault.db")).unwrap();
    let vault = Vault::open(dir.path(), &Unlock::Passphrase(&renshu())).unwrap();
    let found = contents(&vault).unwrap();
    assert_eq!((vault.seq(), found.0.len(), found.1.len(), found.2.len()), (9, 7, 9, 1));
    let blob = found.2[0].as_ref().unwrap();
    assert_eq!(hex(&sha256(blob)), "f6cbb6e936176ab19fe71b0f868392f445c754346caefba8c634f184e63bc9e2");
    assert!(found.1.iter().any(|(_, text)| String::from_utf8_lossy(text).contains("心配ごとのメモ")));
    assert_eq!(vault.verify().unwrap(), vec![]);
    drop(vault);
    assert_ne!(std::fs::read(dir.path().join("vault.db")).unwrap(), before);
    for unlock in [Unlock::Passphrase(&renshu()), Unlock::Identity(&code)] {
        let vault = Vault::open(dir.path(), &unlock).unwrap();
        assert_eq!((contents(&vault).unwrap(), vault.put_back()), (found.clone(), false));
    }
    let kept = dir.path().join("backups/before-format-2.age");
    let home = tempfile::tempdir().unwrap();
    let restored = super::super::backup::restore(&kept, &Unlock::Passphrase(&renshu()), home.path(), &renshu());
    let (vault, _, manifest) = restored.unwrap();
    assert_eq!((contents(&vault).unwrap(), manifest.store, manifest.made_at), (found, 1, None));
}

#[test]
fn a_damaged_store_of_format_1_is_not_migrated() {
    let (dir, _) = golden();
    attack(&dir, "DELETE FROM journal WHERE seq = 4");
    let found = Vault::open(dir.path(), &Unlock::Passphrase(&renshu()));
    assert_eq!(faults(found), vec![(Part::Journal, Fault::Missing)]);
    assert!(!dir.path().join("backups").exists() && !dir.path().join("new").exists());
}

fn reseal(vault: &mut Vault, forget: &[u64]) -> Result<(), VaultError> {
    let ways = BTreeMap::from([("recovery".to_owned(), keys::recipient_of(&keys::fresh_recovery()).unwrap())]);
    vault.reseal(&pass(), &ways, &forget.iter().copied().collect())
}

#[test]
fn an_erased_text_is_gone_with_every_hash_of_it_and_the_chain_holds() {
    let (dir, expected, old_code) = sample();
    let old_keys = std::fs::read(dir.path().join("keys/passphrase.age")).unwrap();
    let mut vault = reopened(&dir).unwrap();
    vault.commit(&[Change { id: [2; 16], bytes: None }], &[([9; 16], None)], b"third").unwrap();
    reseal(&mut vault, &[0, 2]).unwrap();
    assert_eq!((vault.erased(1), vault.erased(2), vault.seq()), (false, true, 3));
    assert_eq!(vault.blob(&[9; 16]).unwrap(), None);
    let mut journal = expected.1.clone();
    journal[1].1.clear();
    journal.push((3, b"third".to_vec()));
    assert_eq!(contents(&vault).unwrap().1, journal);
    vault.commit(&[set(4, "four")], &[], b"fourth").unwrap();
    assert_eq!(vault.verify().unwrap(), vec![]);
    drop(vault);
    let vault = reopened(&dir).unwrap();
    let mut hashes = Vec::new();
    vault
        .entries(0, &BTreeSet::new(), |entry, _| {
            hashes.extend(entry.mentions.iter().map(|m| m.hash).chain([entry.digest]));
            Ok(())
        })
        .unwrap();
    // Record 1 as it was at first, the deleted records, the deleted attachment, and the erased text: no guess is confirmed.
    for gone in [CANARY, "two", "gone"] {
        assert!(!hashes.contains(&sha256(gone.as_bytes())), "{gone}");
    }
    assert!(hashes.contains(&sha256(b"edited")) && hashes.contains(&sha256(b"third")));
    drop(vault);
    assert_eq!(by_code(&dir, &old_code).unwrap_err(), VaultError::WrongRecovery);
    std::fs::write(dir.path().join("keys/passphrase.age"), old_keys).unwrap();
    assert!(matches!(reopened(&dir), Err(VaultError::Damaged { .. })), "the old data key opens nothing");
}

#[test]
fn a_wrong_passphrase_or_a_full_disk_leaves_the_store_as_it_was() {
    let (dir, expected, code) = sample();
    let mut vault = reopened(&dir).unwrap();
    let wrong = vault.reseal(&Secret::new("別の言葉".into()), &BTreeMap::new(), &BTreeSet::new());
    assert_eq!(wrong, Err(VaultError::WrongPassphrase));
    let bad = BTreeMap::from([("../x".to_owned(), String::new())]);
    assert_eq!(vault.reseal(&pass(), &bad, &BTreeSet::new()), Err(VaultError::Recipient));
    // A file in the way of the new store's folder stands for any failure while it is written.
    std::fs::write(dir.path().join("new"), "").unwrap();
    assert!(reseal(&mut vault, &[]).is_err());
    std::fs::remove_file(dir.path().join("new")).unwrap();
    vault.commit(&[], &[], b"still open").unwrap();
    drop(vault);
    assert_eq!(contents(&by_code(&dir, &code).unwrap()).unwrap().0, expected.0);
}

/// The steps of `settle`, each as it leaves the disk.
const STEPS: [&str; 8] = [
    "",
    "rm vault.db-wal",
    "mv state new/old-state",
    "mv new/state state",
    "mv new/vault.db vault.db",
    "mv keys new/old-keys",
    "mv new/keys keys",
    "rm new/ready",
];

#[test]
fn a_crash_at_any_step_of_the_exchange_ends_in_the_new_store() {
    for last in 0..STEPS.len() {
        let (dir, expected, _) = sample();
        let vault = reopened(&dir).unwrap();
        let dek = keys::fresh().unwrap();
        let files = vec![(ways::PASSPHRASE.to_owned(), keys::wrap_passphrase(&dek, &pass(), WORK_FLOOR).unwrap())];
        build::build(dir.path(), &dek, &files, false, |pour| vault.pour(pour, &BTreeSet::new())).unwrap();
        // Not closed in order: the old log stays behind, as after a kill.
        let log = std::fs::read(dir.path().join("vault.db-wal")).unwrap_or_default();
        drop(vault);
        std::fs::write(dir.path().join("vault.db-wal"), log).unwrap();
        for step in &STEPS[1..=last] {
            let words: Vec<&str> = step.split(' ').collect();
            let path = |name: &str| dir.path().join(name);
            match words[0] {
                "mv" => std::fs::rename(path(words[1]), path(words[2])).unwrap(),
                _ => std::fs::remove_file(path(words[1])).unwrap(),
            }
        }
        assert!(Vault::exists(dir.path()), "after {:?}", STEPS[last]);
        let found = reopened(&dir).unwrap();
        assert_eq!((contents(&found).unwrap(), *found.dek), (expected, *dek), "after {:?}", STEPS[last]);
        assert!(last == STEPS.len() - 1 || !dir.path().join("new").exists());
    }
}

#[test]
fn ways_in_come_and_go_and_the_data_stays() {
    let (dir, expected, code) = sample();
    let stick = keys::fresh_recovery();
    let mut vault = reopened(&dir).unwrap();
    vault.set_way("usb-stick", &keys::recipient_of(&stick).unwrap()).unwrap();
    for bad in ["", "passphrase", "Ｕ", "../x", "a/b", &"x".repeat(33)] {
        assert_eq!(vault.set_way(bad, &keys::recipient_of(&stick).unwrap()), Err(VaultError::Recipient), "{bad}");
    }
    assert_eq!(vault.set_way("other", "age1nonsense"), Err(VaultError::Recipient));
    assert_eq!(vault.remove_way("recovery"), Err(VaultError::Recipient));
    assert_eq!(vault.ways().unwrap().into_keys().collect::<Vec<_>>(), ["passphrase", "recovery", "usb-stick"]);
    let renewed = vault.renew_recovery().unwrap();
    drop(vault);
    assert_eq!(by_code(&dir, &code).unwrap_err(), VaultError::WrongRecovery);
    for identity in [&renewed, &stick] {
        assert_eq!(contents(&by_code(&dir, identity).unwrap()).unwrap(), expected);
    }
    let mut vault = reopened(&dir).unwrap();
    vault.remove_way("usb-stick").unwrap();
    assert_eq!(vault.remove_way("usb-stick"), Err(VaultError::Recipient));
    drop(vault);
    assert_eq!(by_code(&dir, &stick).unwrap_err(), VaultError::WrongRecovery);
}
