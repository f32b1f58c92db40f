//! Where things lie on this computer: the default home, and what a home must look like.

use std::path::{Path, PathBuf};

use super::failure::Failure;

/// `$XDG_DATA_HOME/bansou`, or `~/.local/share/bansou`.
pub fn default_home() -> Option<PathBuf> {
    let xdg = std::env::var_os("XDG_DATA_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = xdg.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")))?;
    Some(base.join("bansou"))
}

/// A clear refusal when there is no home yet.
pub fn must_exist(home: &Path) -> Result<(), Failure> {
    if home.join("vault.db").exists() {
        return Ok(());
    }
    Err(Failure::NoHome { path: home.display().to_string() })
}
