//! Pages of an older or of another store put into this one: an error, or no effect.

use super::*;

const PAGE: usize = 16384;

/// A closed store with a few entries, its database as it was some entries ago, and what it holds now.
fn grown() -> (TempDir, Vec<u8>, Contents) {
    let (dir, ..) = sample();
    let older = std::fs::read(dir.path().join("vault.db")).unwrap();
    let mut vault = reopened(&dir).unwrap();
    for n in 0..12 {
        let text = format!("note {n} {}", "長い文".repeat(400));
        vault.commit(&[set(1, &text), set(20 + n, "new")], &[([100 + n; 16], Some(text.as_bytes()))], b"more").unwrap();
    }
    let expected = contents(&vault).unwrap();
    drop(vault);
    (dir, older, expected)
}

/// Opens what is left after an attack; true when it was refused.
fn refused(dir: &TempDir, expected: &Contents, what: &str) -> bool {
    // Attachments are read when asked for, and are part of what is compared.
    match reopened(dir).and_then(|vault| contents(&vault)) {
        Ok(found) => {
            assert!(found == *expected, "{what}: altered data was given out");
            false
        }
        Err(VaultError::Damaged { .. } | VaultError::RolledBack | VaultError::Newer | VaultError::Store(_)) => true,
        Err(other) => panic!("{what}: {other:?}"),
    }
}

#[test]
fn older_and_foreign_pages_are_noticed_or_have_no_effect() {
    let (dir, older, expected) = grown();
    let (other, ..) = grown();
    let foreign = std::fs::read(other.path().join("vault.db")).unwrap();
    let whole = std::fs::read(dir.path().join("vault.db")).unwrap();
    let anchor = std::fs::read(dir.path().join("state/anchor")).unwrap();
    let mut seen = [0; 2];
    for source in [&older, &foreign] {
        for (page, bytes) in source.chunks(PAGE).enumerate().filter(|(page, _)| (page + 1) * PAGE <= whole.len()) {
            let mut mixed = whole.clone();
            mixed[page * PAGE..][..PAGE].copy_from_slice(bytes);
            std::fs::write(dir.path().join("vault.db"), &mixed).unwrap();
            std::fs::write(dir.path().join("state/anchor"), &anchor).unwrap();
            let changed = mixed != whole;
            let was_refused = refused(&dir, &expected, &format!("page {page}"));
            seen[usize::from(was_refused)] += usize::from(changed);
        }
    }
    assert!(seen[1] > 10, "pages exchanged: {seen:?}");
}

#[test]
fn zeroed_pages_are_noticed_or_have_no_effect() {
    let (dir, _, expected) = grown();
    let whole = std::fs::read(dir.path().join("vault.db")).unwrap();
    let mut noticed = 0;
    for page in 0..whole.len() / PAGE {
        let mut mixed = whole.clone();
        mixed[page * PAGE..][..PAGE].fill(0);
        std::fs::write(dir.path().join("vault.db"), &mixed).unwrap();
        noticed += usize::from(refused(&dir, &expected, &format!("page {page}")));
    }
    assert!(noticed * 2 > whole.len() / PAGE, "{noticed}");
}
