//! What a command is given by hand: the home's place and the passphrase, never by argument or environment.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

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
            return first_line(std::path::Path::new(&format!("/dev/fd/{fd}")));
        }
        if let Some(path) = &self.file {
            let mode = std::fs::metadata(path).map_err(|e| Failure::file(path, &e))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(Failure::input(
                    "パスフレーズのファイルが他人に読めます。chmod 600 にしてください。",
                    "The passphrase file is readable by others. Run chmod 600 on it.",
                ));
            }
            return first_line(path);
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

fn first_line(path: &std::path::Path) -> Result<Secret, Failure> {
    let file = std::fs::File::open(path).map_err(|e| Failure::file(path, &e))?;
    let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize + 1));
    std::io::BufReader::new(file.take(LONGEST)).read_line(&mut text).map_err(|e| Failure::file(path, &e))?;
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

    /// Asks for the passphrase and opens the home.
    pub fn open(&self) -> Result<Home, Failure> {
        let path = self.home_path()?;
        crate::shell::place::must_exist(&path)?;
        crate::shell::memory::warn(self.lang);
        let passphrase = self.passphrase.get(match self.lang {
            bansou_core::text::Lang::Ja => "パスフレーズ",
            bansou_core::text::Lang::En => "Passphrase",
        })?;
        Home::open(&path, &passphrase)
    }
}
