//! Attacks on the store, and what it promises against them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::os::unix::fs::PermissionsExt as _;

use bansou_core::wire::v1::envelope::hex;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;

mod backup;
mod drafts;
mod exchange;
mod pages;
mod past;

const CANARY: &str = "株式会社カナリア CANARY-3141592653";

fn pass() -> Secret {
    Secret::new("練習用".into())
}

fn set<'a>(id: u8, text: &'a str) -> Change<'a> {
    Change { id: [id; 16], bytes: Some(text.as_bytes()) }
}

type Contents = (Vec<(RecordId, u64, Vec<u8>)>, Vec<(u64, Vec<u8>)>, Vec<Option<Vec<u8>>>);

fn contents(vault: &Vault) -> Result<Contents, VaultError> {
    let records = vault.records().map(|(id, rev, bytes)| (id, rev, bytes.to_vec())).collect();
    let journal = vault.journal(1)?.into_iter().map(|row| (row.seq, row.entry.to_vec())).collect();
    let blobs =
        vault.ledger.blobs.keys().map(|id| vault.blob(id).map(|b| b.map(|b| b.to_vec()))).collect::<Result<_, _>>()?;
    Ok((records, journal, blobs))
}

/// A home with two records (one edited), one deleted record and one attachment, closed.
fn sample() -> (TempDir, Contents, RecoveryCode) {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, code) = Vault::create(dir.path(), &pass(), Kind::Practice).unwrap();
    vault.commit(&[set(1, CANARY), set(2, "two"), set(3, "gone")], &[], b"first").unwrap();
    let change = [set(1, "edited"), Change { id: [3; 16], bytes: None }];
    let done = vault.commit(&change, &[([9; 16], Some(CANARY.as_bytes()))], CANARY.as_bytes()).unwrap();
    assert_eq!(done, Committed { seq: 2, anchored: true });
    let expected = contents(&vault).unwrap();
    (dir, expected, code)
}

fn by_code(dir: &TempDir, code: &RecoveryCode) -> Result<Vault, VaultError> {
    Vault::open(dir.path(), &Unlock::Identity(code))
}

fn reopened(dir: &TempDir) -> Result<Vault, VaultError> {
    Vault::open(dir.path(), &Unlock::Passphrase(&pass()))
}

/// What the disk holds at this instant, as a kill or a power cut would leave it.
fn image(home: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for folder in ["keys", "state"] {
        std::fs::create_dir(copy.path().join(folder)).unwrap();
    }
    for file in files(home) {
        std::fs::copy(home.join(&file), copy.path().join(&file)).unwrap();
    }
    copy
}

fn files(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["", "keys", "state"] {
        for entry in std::fs::read_dir(home.join(folder)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                found.push(Path::new(folder).join(entry.file_name()));
            }
        }
    }
    found
}

fn faults(result: Result<Vault, VaultError>) -> Vec<(Part, Fault)> {
    match result.unwrap_err() {
        VaultError::Damaged { what } => what.iter().map(|f| (f.part, f.fault)).collect(),
        other => panic!("expected damage, got {other:?}"),
    }
}

fn attack(dir: &TempDir, sql: &str) {
    Connection::open(dir.path().join("vault.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn keeps_what_was_committed() {
    let (dir, expected, code) = sample();
    assert_eq!(expected.0, vec![([1; 16], 2, b"edited".to_vec()), ([2; 16], 1, b"two".to_vec())]);
    assert_eq!(expected.1, vec![(1, b"first".to_vec()), (2, CANARY.as_bytes().to_vec())]);
    let mut vault = reopened(&dir).unwrap();
    assert_eq!((vault.kind(), vault.seq(), vault.put_back()), (Kind::Practice, 2, false));
    assert_eq!(contents(&vault).unwrap(), expected);
    assert_eq!(vault.verify().unwrap(), vec![]);
    vault.commit(&[set(3, "back")], &[], b"third").unwrap();
    assert_eq!(vault.records().last().map(|(id, rev, _)| (id, rev)), Some(([3; 16], 3)));
    drop(vault);
    let typed = Secret::new(format!(" {}\n", code.expose().to_lowercase()));
    let vault = by_code(&dir, &typed).unwrap();
    assert_eq!(vault.record(&[3; 16]), Some(&b"back"[..]));
    assert!(!vault.put_back());
}

#[test]
fn many_changes_to_one_record_in_one_commit_keep_the_last() {
    let (dir, ..) = sample();
    let mut vault = reopened(&dir).unwrap();
    vault.commit(&[set(5, "a"), set(5, "b"), set(2, "x"), Change { id: [2; 16], bytes: None }], &[], b"").unwrap();
    let expected = contents(&vault).unwrap();
    assert_eq!(vault.record(&[5; 16]), Some(&b"b"[..]));
    drop(vault);
    assert_eq!(contents(&reopened(&dir).unwrap()).unwrap(), expected);
}

#[test]
fn refuses_wrong_keys_and_says_which() {
    let (dir, _, code) = sample();
    let wrong = Vault::open(dir.path(), &Unlock::Passphrase(&Secret::new("練習用 ".into()))).unwrap_err();
    assert_eq!((wrong.code(), wrong.exit_code()), ("E-VAULT-PASSPHRASE", 4));
    let other = keys::fresh_recovery();
    assert_eq!(by_code(&dir, &other).unwrap_err(), VaultError::WrongRecovery);
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(Vault::open(empty.path(), &Unlock::Passphrase(&pass())).unwrap_err().exit_code(), 5);
    assert_eq!(Vault::create(dir.path(), &pass(), Kind::Practice).unwrap_err(), VaultError::Exists);
    let short = Vault::create(empty.path(), &Secret::new("九文字のパスフレー".into()), Kind::Real).unwrap_err();
    assert_eq!(short, VaultError::PassphraseLength);
    assert!(!Vault::exists(empty.path()));
    assert_eq!(format!("{code:?}"), "***");
}

#[test]
fn one_passphrase_in_every_unicode_form() {
    let dir = tempfile::tempdir().unwrap();
    drop(Vault::create(dir.path(), &Secret::new("ガラス ABC 1".into()), Kind::Practice).unwrap());
    Vault::open(dir.path(), &Unlock::Passphrase(&Secret::new("ｶﾞﾗｽ　ＡＢＣ　１".into()))).unwrap();
}

#[test]
fn real_homes_pay_the_full_cost_and_costs_out_of_bounds_are_refused() {
    let dek = keys::fresh().unwrap();
    let passphrase = Secret::new("とても長い合言葉です".into());
    let real = keys::wrap_passphrase(&dek, &passphrase, Kind::Real.work_factor()).unwrap();
    let header = String::from_utf8_lossy(&real).into_owned();
    assert!(header.lines().nth(1).unwrap().ends_with(" 18"), "{header}");
    let practice = keys::wrap_passphrase(&dek, &passphrase, WORK_FLOOR).unwrap();
    for (cost, expected) in
        [("11", VaultError::KeyFile), ("21", VaultError::KeyFile), ("13", VaultError::WrongPassphrase)]
    {
        let mut file = practice.clone();
        let at = file.windows(4).position(|w| w == b" 12\n").unwrap();
        file[at + 1..at + 3].copy_from_slice(cost.as_bytes());
        assert_eq!(keys::unwrap_passphrase(&file, &passphrase).unwrap_err(), expected, "cost {cost}");
    }
}

#[test]
fn a_new_passphrase_replaces_the_old_one_only() {
    let (dir, expected, code) = sample();
    let mut vault = by_code(&dir, &code).unwrap();
    vault.change_passphrase(&Secret::new("新しい".into())).unwrap();
    drop(vault);
    assert_eq!(reopened(&dir).unwrap_err(), VaultError::WrongPassphrase);
    assert_eq!(
        contents(&Vault::open(dir.path(), &Unlock::Passphrase(&Secret::new("新しい".into()))).unwrap()).unwrap(),
        expected
    );
    by_code(&dir, &code).unwrap();
}

#[test]
fn one_process_at_a_time() {
    let (dir, ..) = sample();
    let vault = reopened(&dir).unwrap();
    let second = reopened(&dir).unwrap_err();
    assert_eq!((second.clone(), second.exit_code()), (VaultError::InUse, 8));
    drop(vault);
    reopened(&dir).unwrap();
}

#[test]
fn files_are_private_and_hold_nothing_readable() {
    let (dir, ..) = sample();
    let vault = reopened(&dir).unwrap();
    for file in files(dir.path()) {
        let path = dir.path().join(&file);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
        let bytes = std::fs::read(&path).unwrap();
        let utf16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for needle in [CANARY.as_bytes(), &utf16, b"CANARY", b"edited", b"first", &[1; 16], &[9; 16]] {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle), "readable in {file:?}");
        }
    }
    for folder in ["keys", "state"] {
        assert_eq!(dir.path().join(folder).metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
    drop(vault);
}

#[test]
fn sizes_tell_only_the_bucket() {
    let (dir, ..) = sample();
    let mut vault = reopened(&dir).unwrap();
    vault.commit(&[set(6, &"x".repeat(505)), set(7, &"y".repeat(530))], &[], b"").unwrap();
    drop(vault);
    let db = Connection::open(dir.path().join("vault.db")).unwrap();
    let mut query = db.prepare("SELECT length(sealed) FROM record").unwrap();
    for size in query.query_map((), |r| r.get::<_, i64>(0)).unwrap().map(Result::unwrap) {
        assert!([40 + 512, 40 + 544].contains(&size), "{size}");
    }
}

#[test]
fn a_flipped_byte_is_an_error_or_nothing_never_other_data() {
    let (dir, expected, code) = sample();
    let mut refused = 0;
    // Every single byte when there is a night for it.
    let every = std::env::var_os("BANSOU_EVERY_BYTE").is_some();
    for file in files(dir.path()).into_iter().filter(|f| f != Path::new("lock")) {
        let path = dir.path().join(&file);
        let good = std::fs::read(&path).unwrap();
        let anchor = std::fs::read(dir.path().join("state/anchor")).unwrap();
        let database = file == Path::new("vault.db");
        let step = if every { 1 } else { 13 };
        for at in (0..good.len()).step_by(step) {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            std::fs::write(&path, &bad).unwrap();
            // The code opens a hundred times faster than the passphrase.
            let opened = if database { by_code(&dir, &code) } else { reopened(&dir) };
            match opened.and_then(|v| contents(&v)) {
                Ok(found) => assert!(found == expected, "{file:?} byte {at} changed the data"),
                Err(_) => refused += 1,
            }
            std::fs::write(&path, &good).unwrap();
            std::fs::write(dir.path().join("state/anchor"), &anchor).unwrap();
        }
    }
    assert!(refused > 100, "only {refused} flips were noticed");
    assert_eq!(contents(&reopened(&dir).unwrap()).unwrap(), expected);
}

#[test]
fn rows_changed_removed_added_or_put_back_are_named() {
    let table: [(&str, (Part, Fault)); 7] = [
        (
            "UPDATE record SET sealed = (SELECT sealed FROM old.record o WHERE o.name = record.name), rev = 1 WHERE rev = 2",
            (Part::Record, Fault::Older),
        ),
        ("UPDATE record SET rev = 1 WHERE rev = 2", (Part::Record, Fault::Changed)),
        ("DELETE FROM record WHERE rev = 1", (Part::Record, Fault::Missing)),
        ("INSERT INTO record SELECT randomblob(16), rev, sealed FROM record LIMIT 1", (Part::Record, Fault::Foreign)),
        (
            "UPDATE journal SET sealed = (SELECT sealed FROM journal WHERE seq = 1) WHERE seq = 2",
            (Part::Journal, Fault::Changed),
        ),
        ("DELETE FROM journal WHERE seq = 1", (Part::Journal, Fault::Missing)),
        ("DELETE FROM blob", (Part::Blob, Fault::Missing)),
    ];
    for (sql, expected) in table {
        let dir = tempfile::tempdir().unwrap();
        let (mut vault, _) = Vault::create(dir.path(), &pass(), Kind::Practice).unwrap();
        vault.commit(&[set(1, "old"), set(2, "two")], &[([9; 16], Some(b"blob"))], b"first").unwrap();
        drop(vault);
        let old = dir.path().join("old.db");
        std::fs::copy(dir.path().join("vault.db"), &old).unwrap();
        reopened(&dir).unwrap().commit(&[set(1, "new")], &[], b"second").unwrap();
        attack(&dir, &format!("ATTACH '{}' AS old; {sql};", old.display()));
        assert!(faults(reopened(&dir)).contains(&expected), "{sql}");
    }
}

#[test]
fn a_text_changed_removed_added_or_put_elsewhere_is_named_when_it_is_read() {
    let table = [
        ("UPDATE text SET sealed = zeroblob(length(sealed)) WHERE seq = 2", "2", Fault::Changed),
        ("UPDATE text SET sealed = (SELECT sealed FROM text WHERE seq = 1) WHERE seq = 2", "2", Fault::Changed),
        ("DELETE FROM text WHERE seq = 1", "1", Fault::Missing),
        ("INSERT INTO text SELECT 7, sealed FROM text WHERE seq = 1", "?", Fault::Foreign),
    ];
    for (sql, item, fault) in table {
        let (dir, expected, _) = sample();
        attack(&dir, sql);
        let vault = reopened(&dir).unwrap();
        let finding = Finding::new(Part::Text, fault, item);
        assert_eq!(vault.verify().unwrap(), std::slice::from_ref(&finding), "{sql}");
        match contents(&vault) {
            Ok(found) => assert!(item == "?" && found == expected, "{sql}"),
            Err(error) => assert_eq!(error, VaultError::Damaged { what: vec![finding] }, "{sql}"),
        }
    }
}

#[test]
fn a_deleted_record_put_back_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, _) = Vault::create(dir.path(), &pass(), Kind::Practice).unwrap();
    vault.commit(&[set(1, "old")], &[], b"").unwrap();
    drop(vault);
    let old = dir.path().join("old.db");
    std::fs::copy(dir.path().join("vault.db"), &old).unwrap();
    reopened(&dir).unwrap().commit(&[Change { id: [1; 16], bytes: None }], &[], b"").unwrap();
    attack(&dir, &format!("ATTACH '{}' AS old; INSERT INTO record SELECT * FROM old.record;", old.display()));
    assert_eq!(faults(reopened(&dir)), vec![(Part::Record, Fault::Older)]);
}

#[test]
fn foreign_tables_triggers_and_newer_formats_are_refused() {
    let (dir, ..) = sample();
    let untouched = image(dir.path());
    attack(&dir, "CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM record; END");
    assert_eq!(faults(reopened(&dir)), vec![(Part::File, Fault::Foreign)]);
    attack(&untouched, "PRAGMA user_version = 3");
    assert_eq!(reopened(&untouched).unwrap_err().exit_code(), 10);
}

#[test]
fn an_attachment_that_was_changed_is_not_given_out() {
    let (dir, ..) = sample();
    attack(&dir, "UPDATE blob SET sealed = zeroblob(length(sealed))");
    let vault = reopened(&dir).unwrap();
    assert_eq!(vault.blob(&[9; 16]).unwrap_err().exit_code(), 9);
    assert_eq!(vault.blob(&[8; 16]).unwrap(), None);
    assert_eq!(
        vault.verify().unwrap().iter().map(|f| (f.part, f.fault)).collect::<Vec<_>>(),
        [(Part::Blob, Fault::Changed)]
    );
}

#[test]
fn an_older_store_is_noticed_and_only_the_recovery_code_goes_on_from_it() {
    let (dir, expected, code) = sample();
    let older = image(dir.path());
    reopened(&dir).unwrap().commit(&[set(1, "newer")], &[], b"third").unwrap();
    std::fs::copy(older.path().join("vault.db"), dir.path().join("vault.db")).unwrap();
    assert_eq!(reopened(&dir).unwrap_err(), VaultError::RolledBack);
    let vault = by_code(&dir, &code).unwrap();
    assert!(vault.put_back());
    assert_eq!(contents(&vault).unwrap(), expected);
    drop(vault);
    // Whoever crashes before its records say so is told again.
    let mut vault = reopened(&dir).unwrap();
    assert!(vault.put_back());
    vault.acknowledge().unwrap();
    drop(vault);
    assert!(!reopened(&dir).unwrap().put_back());
    std::fs::remove_file(dir.path().join("state/anchor")).unwrap();
    assert_eq!(reopened(&dir).unwrap_err(), VaultError::RolledBack);
}

#[test]
fn a_fork_of_the_same_length_is_noticed() {
    let (dir, ..) = sample();
    let fork = image(dir.path());
    reopened(&dir).unwrap().commit(&[set(1, "this")], &[], b"").unwrap();
    reopened(&fork).unwrap().commit(&[set(1, "that")], &[], b"").unwrap();
    std::fs::copy(fork.path().join("vault.db"), dir.path().join("vault.db")).unwrap();
    assert_eq!(reopened(&dir).unwrap_err(), VaultError::RolledBack);
}

#[test]
fn a_kill_between_commit_and_anchor_loses_nothing() {
    let (dir, ..) = sample();
    let mut vault = reopened(&dir).unwrap();
    let anchor = std::fs::read(dir.path().join("state/anchor")).unwrap();
    vault.commit(&[set(1, "saved")], &[], b"third").unwrap();
    let killed = image(dir.path());
    std::fs::write(killed.path().join("state/anchor"), anchor).unwrap();
    let after = reopened(&killed).unwrap();
    assert_eq!((after.record(&[1; 16]), after.seq(), after.put_back()), (Some(&b"saved"[..]), 3, false));
    assert_eq!(after.verify().unwrap(), vec![]);
}

#[test]
fn a_torn_log_is_the_state_before_or_a_noticed_rollback() {
    let (dir, before, _) = sample();
    let mut vault = reopened(&dir).unwrap();
    let anchor = std::fs::read(dir.path().join("state/anchor")).unwrap();
    vault.commit(&[set(1, "after"), set(4, "four")], &[], b"third").unwrap();
    let after = contents(&vault).unwrap();
    let whole = std::fs::metadata(dir.path().join("vault.db-wal")).unwrap().len();
    let mut seen = [0; 2];
    for cut in (0..=whole).step_by(1031).chain([whole]) {
        let killed = image(dir.path());
        let log = std::fs::OpenOptions::new().write(true).open(killed.path().join("vault.db-wal")).unwrap();
        log.set_len(cut).unwrap();
        if cut < whole {
            assert_eq!(reopened(&killed).unwrap_err(), VaultError::RolledBack, "cut at {cut}");
        }
        std::fs::write(killed.path().join("state/anchor"), &anchor).unwrap();
        let found = contents(&reopened(&killed).unwrap()).unwrap();
        assert!(found == before || found == after, "cut at {cut}: neither before nor after");
        seen[usize::from(found == after)] += 1;
    }
    assert!(seen[0] > 1 && seen[1] > 0, "{seen:?}");
}

#[test]
fn truncated_files_are_refused() {
    for file in ["vault.db", "keys/passphrase.age", "state/anchor"] {
        let (dir, expected, _) = sample();
        let path = dir.path().join(file);
        let length = path.metadata().unwrap().len();
        for cut in [length - 1, length / 2, 1, 0] {
            let copy = image(dir.path());
            std::fs::OpenOptions::new().write(true).open(copy.path().join(file)).unwrap().set_len(cut).unwrap();
            match reopened(&copy) {
                // The end of the last page may be empty.
                Ok(vault) => assert!(
                    file == "vault.db" && cut == length - 1 && contents(&vault).unwrap() == expected,
                    "{file} to {cut}"
                ),
                Err(e) => assert_eq!(e.exit_code(), 9, "{file} to {cut}"),
            }
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(reopened(&dir).unwrap_err().exit_code(), 9, "{file} removed");
    }
}

#[test]
fn a_creation_that_was_cut_short_can_be_repeated() {
    let (dir, ..) = sample();
    assert_eq!(Vault::create(dir.path(), &pass(), Kind::Practice).unwrap_err(), VaultError::Exists);
    let unfinished = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(unfinished.path().join("new/keys")).unwrap();
    std::fs::write(unfinished.path().join("new/vault.db"), "half").unwrap();
    let (vault, _) = Vault::create(unfinished.path(), &pass(), Kind::Practice).unwrap();
    assert_eq!((vault.seq(), vault.records().count()), (0, 0));
    drop(vault);
    reopened(&unfinished).unwrap();
    assert!(!unfinished.path().join("new").exists());
}

#[test]
fn a_commit_that_fails_changes_nothing() {
    let (dir, expected, _) = sample();
    let mut vault = reopened(&dir).unwrap();
    let again = vault.commit(&[set(1, "lost")], &[([9; 16], Some(b"same id"))], b"");
    assert!(matches!(again, Err(VaultError::Store(_))), "{again:?}");
    assert_eq!(contents(&vault).unwrap(), expected);
    let full = vault.fill_disk(&[set(1, &"x".repeat(1 << 20))]);
    assert_eq!(full, Err(VaultError::DiskFull));
    assert_eq!(contents(&vault).unwrap(), expected);
    vault.commit(&[set(1, "after")], &[], b"").unwrap();
    assert_eq!(vault.verify().unwrap(), vec![]);
}

impl Vault {
    /// Commits while the database may not grow, which SQLite reports as it reports a full disk.
    fn fill_disk(&mut self, changes: &[Change<'_>]) -> Result<Committed, VaultError> {
        self.db.limit_pages(true)?;
        let result = self.commit(changes, &[], b"");
        self.db.limit_pages(false)?;
        result
    }
}

#[test]
fn the_stock_age_tool_opens_the_recovery_slot() {
    let (dir, _, code) = sample();
    let identity = dir.path().join("identity");
    std::fs::write(&identity, code.expose()).unwrap();
    let run = std::process::Command::new("age")
        .args(["-d", "-i"])
        .args([&identity, &dir.path().join("keys/recovery.age")])
        .output();
    match run {
        Ok(out) => {
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            let vault = reopened(&dir).unwrap();
            assert_eq!(out.stdout, vault.dek.as_slice());
        }
        Err(e) => eprintln!("skipped: the age tool is not here ({e})"),
    }
}

#[test]
fn every_error_speaks_both_languages() {
    let errors = [
        VaultError::NotFound,
        VaultError::Exists,
        VaultError::KeyFile,
        VaultError::DiskFull,
        VaultError::Damaged { what: vec![Finding::new(Part::Record, Fault::Older, "ab")] },
    ];
    use bansou_core::text::Lang;
    for error in errors {
        assert_ne!(error.text(Lang::Ja), error.text(Lang::En));
        assert!(error.code().starts_with("E-VAULT-"));
    }
}
