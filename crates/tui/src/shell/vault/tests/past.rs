//! The journal about a few records: the same while it grows, after a restart, and when a text is gone.

use super::*;

fn told(vault: &Vault, ids: &[u8]) -> Vec<(u64, String)> {
    let ids: Vec<RecordId> = ids.iter().map(|n| [*n; 16]).collect();
    let text = |row: JournalRow| (row.seq, String::from_utf8(row.entry.to_vec()).unwrap());
    vault.past(&ids).unwrap().into_iter().map(text).collect()
}

#[test]
fn the_entries_about_a_record_are_found_and_no_others() {
    let (dir, _, _) = sample();
    let mut vault = reopened(&dir).unwrap();
    let (first, second) = ((1, "first".to_owned()), (2, CANARY.to_owned()));
    assert_eq!(told(&vault, &[1]), [first.clone(), second.clone()]);
    assert_eq!(told(&vault, &[2]), std::slice::from_ref(&first));
    assert_eq!(told(&vault, &[3]), [first.clone(), second], "its deletion too");
    assert_eq!((told(&vault, &[9]), told(&vault, &[])), (vec![], vec![]), "an attachment is no record");
    vault.commit(&[set(2, "later")], &[], b"third").unwrap();
    let third = (3, "third".to_owned());
    assert_eq!(told(&vault, &[2]), [first.clone(), third.clone()]);
    assert_eq!(told(&vault, &[1, 2, 3]).len(), 3, "each entry once");
    let ways = BTreeMap::from([("recovery".to_owned(), keys::recipient_of(&keys::fresh_recovery()).unwrap())]);
    vault.reseal(&pass(), &ways, &[1].into()).unwrap();
    drop(vault);
    let vault = reopened(&dir).unwrap();
    assert_eq!(told(&vault, &[2])[..2], [(1, String::new()), third], "what was erased is told of, without its text");
}
