//! A fixed series of changes to a store, and what must be there after each: records, attachments, journal texts.

use std::collections::BTreeMap;

use crate::chance::Chance;

/// The passphrase before and after `CHANGED`.
pub const PASSPHRASES: [&str; 2] = ["mae no kotoba", "ato no kotoba"];
/// The passphrase of the golden homes.
pub const GOLDEN: &str = "renshu";
/// After this step the passphrase is changed.
pub const CHANGED: usize = 12;
/// After this step the store is closed and opened again.
pub const REOPENED: usize = 8;
/// After this step everything is sealed again under a fresh key.
pub const RESEALED: usize = 17;

/// Each commit of a multiple of this number has an attachment.
const EVERY: usize = 5;

/// One commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// None deletes.
    pub records: Vec<([u8; 16], Option<Vec<u8>>)>,
    pub attachments: Vec<([u8; 16], Option<Vec<u8>>)>,
    pub text: Vec<u8>,
}

/// Everything a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub records: BTreeMap<[u8; 16], Vec<u8>>,
    pub attachments: BTreeMap<[u8; 16], Vec<u8>>,
    pub texts: Vec<Vec<u8>>,
}

/// The commit of this number, from 1: a new record, a changed one, now and then a deleted one or an attachment.
pub fn step(i: usize) -> Step {
    let mut chance = Chance::new(i as u64);
    let mut bytes = |most: usize| {
        let length = 1 + chance.below(most);
        (0..length).map(|_| chance.next().to_le_bytes()[0]).collect::<Vec<u8>>()
    };
    let mut step = Step { text: format!("entry {i}").into_bytes(), ..Step::default() };
    step.records.push((id(1, i), Some(bytes(1500))));
    step.records.push((id(2, i % 3), Some(bytes(6000))));
    if i.is_multiple_of(4) {
        step.records.push((id(1, i - 2), None));
    }
    if i.is_multiple_of(EVERY) {
        step.attachments.push((id(3, i), Some(bytes(20_000))));
    }
    if i.is_multiple_of(3 * EVERY) {
        step.attachments.push((id(3, i - EVERY), None));
    }
    step
}

fn id(kind: u8, n: usize) -> [u8; 16] {
    let mut id = [kind; 16];
    id[8..].copy_from_slice(&(n as u64).to_be_bytes());
    id
}

/// The attachments of the first `n` commits, deleted ones too.
pub fn attached(n: usize) -> Vec<[u8; 16]> {
    (1..=n).filter(|i| i.is_multiple_of(EVERY)).map(|i| id(3, i)).collect()
}

/// What is there after the first `n` commits.
pub fn held_after(n: usize) -> Held {
    let mut held = Held::default();
    for step in (1..=n).map(step) {
        for (map, changes) in [(&mut held.records, step.records), (&mut held.attachments, step.attachments)] {
            for (id, bytes) in changes {
                match bytes {
                    Some(bytes) => drop(map.insert(id, bytes)),
                    None => drop(map.remove(&id)),
                }
            }
        }
        held.texts.push(step.text);
    }
    held
}
