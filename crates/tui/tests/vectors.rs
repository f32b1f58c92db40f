//! Vectors of other people: age files through our open path, and the primitives that sealing and signing stand on.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "vectors/cctv.rs"]
mod cctv;
#[path = "vectors/hostile.rs"]
mod hostile;
#[path = "vectors/hybrid.rs"]
mod hybrid;
#[path = "kit/people.rs"]
mod people;
#[path = "vectors/primitives.rs"]
mod primitives;

use std::path::PathBuf;

/// A folder of `tests/golden/vectors`.
fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/vectors").join(name)
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}
