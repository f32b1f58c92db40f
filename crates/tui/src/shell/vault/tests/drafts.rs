//! What is typed and not yet saved, as the store keeps it.

use super::*;

#[test]
fn a_draft_is_sealed_replaced_whole_and_read_after_reopening() {
    let (dir, _, _) = sample();
    let mut vault = reopened(&dir).unwrap();
    assert!(vault.draft().unwrap().is_none());
    for text in [CANARY, "kurz", CANARY] {
        vault.keep_draft(Some(text.as_bytes())).unwrap();
        assert_eq!(vault.draft().unwrap().unwrap().as_slice(), text.as_bytes());
    }
    drop(vault);
    let file = std::fs::read(dir.path().join("state/draft")).unwrap();
    assert!(!file.windows(6).any(|w| w == "CANARY".as_bytes()) && !dir.path().join("state/draft.new").exists());
    let mut vault = reopened(&dir).unwrap();
    assert_eq!(vault.draft().unwrap().unwrap().as_slice(), CANARY.as_bytes());
    assert_eq!(vault.verify().unwrap(), []);
    let huge = vec![0; draft::LARGEST_DRAFT + 1];
    assert!(matches!(vault.keep_draft(Some(&huge)), Err(VaultError::TooLarge)));
    assert!(vault.draft().unwrap().is_some(), "a refusal leaves the one before");
    vault.keep_draft(None).unwrap();
    assert!(vault.draft().unwrap().is_none());
}

#[test]
fn a_damaged_draft_is_named_and_the_store_opens() {
    let (dir, expected, _) = sample();
    let mut vault = reopened(&dir).unwrap();
    vault.keep_draft(Some(CANARY.as_bytes())).unwrap();
    drop(vault);
    let path = dir.path().join("state/draft");
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        if at % 97 == 0 {
            let vault = reopened(&dir).unwrap();
            assert_eq!(contents(&vault).unwrap(), expected);
            assert!(vault.draft().is_err());
            assert_eq!(vault.verify().unwrap(), [draft::damaged()]);
        }
    }
}

#[test]
fn a_draft_goes_with_the_store_when_everything_is_sealed_anew() {
    let (dir, _, code) = sample();
    let mut vault = reopened(&dir).unwrap();
    vault.keep_draft(Some(CANARY.as_bytes())).unwrap();
    let before = std::fs::read(dir.path().join("state/draft")).unwrap();
    let ways = BTreeMap::from([("recovery".to_owned(), recipient_of(&code).unwrap())]);
    vault.reseal(&pass(), &ways, &BTreeSet::new()).unwrap();
    assert_eq!(vault.draft().unwrap().unwrap().as_slice(), CANARY.as_bytes());
    std::fs::write(dir.path().join("state/draft"), before).unwrap();
    assert!(vault.draft().is_err(), "the one from before opens no more");
}
