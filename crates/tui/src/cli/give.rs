//! What a command is given by hand: the home's place and the passphrase, never by argument or environment.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use bansou_core::text::Lang;
use zeroize::Zeroizing;

use super::Call;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::vault::Secret;

/// Where the passphrase comes from.
pub struct Passphrase {
    pub fd: Option<i32>,
    pub file: Option<PathBuf>,
    pub no_input: bool,
}

/// Longest passphrase file that is read, in bytes.
const LONGEST: u64 = 16 * 1024;

impl Passphrase {
    /// Asks once.
    pub fn get(&self, prompt: &str) -> Result<Secret, Failure> {
        if let Some(fd) = self.fd {
            return first_line(Path::new(&format!("/dev/fd/{fd}")));
        }
        if let Some(path) = &self.file {
            return private_line(path);
        }
        if self.no_input || !std::io::stdin().is_terminal() {
            return Err(Failure::input(
                "パスフレーズがありません。端末で入力するか --passphrase-fd か --passphrase-file を使ってください。",
                "No passphrase. Type it at a terminal, or use --passphrase-fd or --passphrase-file.",
            ));
        }
        let _ = write!(std::io::stderr(), "{prompt}: ");
        let typed = crate::shell::terminal::read_hidden_line()
            .map_err(|e| Failure::File { path: "tty".into(), kind: e.kind() })?;
        let _ = writeln!(std::io::stderr());
        Ok(Secret::new(typed))
    }

    /// True when it is given or can be typed.
    pub fn possible(&self) -> bool {
        self.fd.is_some() || self.file.is_some() || (!self.no_input && std::io::stdin().is_terminal())
    }

    /// Asks a question that is answered in the open; empty when nobody can answer.
    pub fn ask(&self, question: &str) -> Result<String, Failure> {
        if self.no_input || !std::io::stdin().is_terminal() {
            return Ok(String::new());
        }
        let _ = write!(std::io::stderr(), "{question}: ");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(|e| Failure::File { path: "tty".into(), kind: e.kind() })?;
        Ok(line.trim().to_owned())
    }

    /// Asks twice when typed by hand.
    pub fn get_new(&self, prompt: &str, again: &str) -> Result<Secret, Failure> {
        let first = self.get(prompt)?;
        if self.fd.is_none() && self.file.is_none() && self.get(again)?.expose() != first.expose() {
            return Err(Failure::input(
                "二つのパスフレーズが違います。もう一度実行してください。",
                "The two passphrases differ. Run it again.",
            ));
        }
        Ok(first)
    }
}

/// The secret in a file that only its owner can read.
fn private_line(path: &Path) -> Result<Secret, Failure> {
    let mode = std::fs::metadata(path).map_err(|e| Failure::file(path, &e))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Failure::input(
            "パスフレーズのファイルが他人に読めます。chmod 600 にしてください。",
            "The passphrase file is readable by others. Run chmod 600 on it.",
        ));
    }
    first_line(path)
}

/// The first line; before an age identity there may be comments.
fn first_line(path: &Path) -> Result<Secret, Failure> {
    let file = std::fs::File::open(path).map_err(|e| Failure::file(path, &e))?;
    let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize + 1));
    let mut reader = std::io::BufReader::new(file.take(LONGEST));
    while reader.read_line(&mut text).map_err(|e| Failure::file(path, &e))? > 0 && text.starts_with("# ") {
        text.clear();
    }
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

impl Call {
    /// The home of this call: `--home`, `BANSOU_HOME` (read by the parser), or the XDG data folder.
    pub fn home_path(&self) -> Result<PathBuf, Failure> {
        if let Some(home) = &self.home {
            return Ok(home.clone());
        }
        crate::shell::place::default_home().ok_or_else(|| {
            Failure::input(
                "保管庫の場所が分かりません。--home を指定してください。",
                "The home folder is unknown. Give --home.",
            )
        })
    }

    /// Asks for the passphrase; a recovery code may be given in its place.
    pub fn secret(&self) -> Result<Secret, Failure> {
        self.passphrase.get(if self.lang == Lang::Ja { "パスフレーズ" } else { "Passphrase" })
    }

    /// A new passphrase: from a file, or typed twice.
    pub fn new_passphrase(&self, file: Option<&Path>) -> Result<Secret, Failure> {
        if let Some(file) = file {
            return private_line(file);
        }
        if self.passphrase.no_input || !std::io::stdin().is_terminal() {
            return Err(Failure::input(
                "新しいパスフレーズがありません。端末で入力するか --new-passphrase-file を使ってください。",
                "No new passphrase. Type it at a terminal, or use --new-passphrase-file.",
            ));
        }
        let typed = Passphrase { fd: None, file: None, no_input: false };
        match self.lang {
            Lang::Ja => typed.get_new("新しいパスフレーズ", "もう一度"),
            Lang::En => typed.get_new("New passphrase", "Again"),
        }
    }

    /// A recovery code: from a file, or typed.
    pub fn code(&self, file: Option<&Path>) -> Result<Secret, Failure> {
        let ask = Passphrase { fd: None, file: file.map(Path::to_owned), no_input: self.passphrase.no_input };
        ask.get(if self.lang == Lang::Ja { "復旧コード" } else { "Recovery code" })
    }

    /// Asks for the passphrase and opens the home.
    pub fn open(&self) -> Result<Home, Failure> {
        Ok(self.open_with()?.0)
    }

    /// Like `open`, and gives what opened it for a step that needs it again.
    pub fn open_with(&self) -> Result<(Home, Secret), Failure> {
        let path = self.home_path()?;
        crate::shell::place::must_exist(&path)?;
        crate::shell::memory::warn(self.lang);
        let secret = self.secret()?;
        Ok((Home::open(&path, &secret)?, secret))
    }
}
