//! Every input that the fuzz targets keep, on the toolchain of everybody; how the corpus grows: `fuzz/README.md`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::path::Path;

#[test]
fn every_kept_input_is_taken_or_refused_without_a_panic() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut known: Vec<String> =
        std::fs::read_dir(&root).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    known.sort();
    let mut named: Vec<&str> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    named.sort();
    assert_eq!(known, named, "a folder of inputs for each target, and no other");
    for (name, target) in targets::TARGETS {
        let mut inputs: Vec<_> = std::fs::read_dir(root.join(name)).unwrap().map(|e| e.unwrap().path()).collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{name} has no inputs");
        for input in &inputs {
            let bytes = std::fs::read(input).unwrap();
            let held = std::panic::catch_unwind(|| target(&bytes));
            assert!(held.is_ok(), "{name}: {}", input.display());
        }
        println!("{name}: {} inputs", inputs.len());
    }
}

/// The largest a corpus may grow in the repository, so that replaying it stays a matter of seconds.
#[test]
fn the_corpus_stays_under_a_megabyte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let folders = std::fs::read_dir(root).unwrap().flat_map(|e| std::fs::read_dir(e.unwrap().path()).unwrap());
    let bytes: u64 = folders.map(|e| e.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 1 << 20, "{bytes} bytes");
}
