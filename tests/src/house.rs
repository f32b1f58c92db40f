//! The rules of the house as pure checks over the text of the repository; `tests/tests/architecture.rs` runs them.

pub mod arrows;
pub mod layers;
pub mod paired;
pub mod shape;
pub mod source;

use std::fs;
use std::path::{Path, PathBuf};

use source::Source;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests crate is a folder of the workspace").to_path_buf()
}

/// Every text file of the repository in path order; build output and version control are left out.
pub fn tree() -> Vec<Source> {
    tree_at(&root())
}

/// Like `tree`, for a repository somewhere else.
pub fn tree_at(root: &Path) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let text = String::from_utf8(fs::read(&path).expect("a listed file can be read")).ok()?;
            let name = path.strip_prefix(root).expect("the walk began at the root");
            Some(Source::new(&name.to_string_lossy().replace('\\', "/"), &text))
        })
        .collect()
}

fn collect(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder of the repository can be listed") {
        let entry = entry.expect("an entry can be read");
        let name = entry.file_name();
        let kind = entry.file_type().expect("an entry has a type");
        if name == ".git" || name == "target" || (name == "out" && dir.ends_with("tests")) {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), out);
        } else if kind.is_file() {
            out.push(entry.path());
        }
    }
}
