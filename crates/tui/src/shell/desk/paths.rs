//! The names of a folder, for a path that is being typed.

use std::fs::read_dir;
use std::io::{Error, ErrorKind, Result};

use super::Worker;
use crate::app::msg::Msg;
use crate::app::paths::{Ask, Listed, Names};
use crate::words::Words;

impl Worker {
    /// Reads a folder beside the desk: one that another machine serves must not delay a save.
    pub(super) fn list(&self, ask: Ask) {
        let (app, lang) = (self.app.clone(), self.lang);
        std::thread::spawn(move || {
            let found = names(&ask).map_err(|e| Words::new(lang).get(why(&e)).to_owned());
            // The screens are gone only when the program ends.
            let _ = app.send(Msg::Listed(Box::new(Listed { ask, found })));
        });
    }
}

/// The folders and ordinary files in a folder; nothing in it is opened. A name that is no text cannot be typed either.
fn names(ask: &Ask) -> Result<Names> {
    let mut all = Vec::new();
    for entry in read_dir(&ask.at)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // What a link leads to counts; one that leads nowhere is not offered.
        let kind = entry.file_type().and_then(|kind| match kind.is_symlink() {
            true => std::fs::metadata(entry.path()).map(|found| found.file_type()),
            false => Ok(kind),
        });
        match kind {
            Ok(kind) if kind.is_dir() => all.push(name + "/"),
            Ok(kind) if kind.is_file() && !ask.folders => all.push(name),
            _ => {}
        }
    }
    Ok(Names::of(&all, &ask.begun))
}

/// Why a folder cannot be read, as a catalogue key.
fn why(e: &Error) -> &'static str {
    match e.kind() {
        ErrorKind::NotFound => "path.missing",
        ErrorKind::NotADirectory => "path.not_a_folder",
        ErrorKind::PermissionDenied => "path.forbidden",
        _ => "path.unread",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_files_are_offered_and_nothing_that_could_block() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::create_dir(path("書類")).unwrap();
        std::fs::write(path("か\u{3099}くせい.pdf"), "").unwrap();
        std::fs::write(path(".隠し"), "").unwrap();
        std::os::unix::fs::symlink(path("書類"), path("近道")).unwrap();
        std::os::unix::fs::symlink(path("無い"), path("切れた道")).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, path("管"), rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        let at = dir.path().display().to_string();
        let found = |begun: &str, folders| names(&Ask::of(&format!("{at}/{begun}"), folders, "")).unwrap().names;
        assert_eq!(found("", false), ["か\u{3099}くせい.pdf", "書類/", "近道/"]);
        assert_eq!(found("", true), ["書類/", "近道/"]);
        assert_eq!(found("が", false), ["か\u{3099}くせい.pdf"]);
        assert_eq!(found(".", false), [".隠し"]);
        for (folder, reason) in [("無い/", "path.missing"), ("管/", "path.not_a_folder")] {
            assert_eq!(why(&names(&Ask::of(&format!("{at}/{folder}"), false, "")).unwrap_err()), reason);
        }
    }
}
