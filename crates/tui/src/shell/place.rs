//! Where things lie on this computer: the default home, and what a home must look like.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::vault::Vault;

/// `$XDG_DATA_HOME/bansou`, or `~/.local/share/bansou`.
pub fn default_home() -> Option<PathBuf> {
    let xdg = std::env::var_os("XDG_DATA_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = xdg.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")))?;
    Some(base.join("bansou"))
}

/// Makes a folder that only its owner may enter; one that exists already is left as it is.
pub fn private_folder(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|e| Failure::file(path, &e))
}

/// A clear refusal when there is no home yet.
pub fn must_exist(home: &Path) -> Result<(), Failure> {
    if Vault::exists(home) {
        return Ok(());
    }
    Err(Failure::NoHome { path: home.display().to_string() })
}
