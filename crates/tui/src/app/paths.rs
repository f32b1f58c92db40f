//! Paths in fields: what a typed beginning asks of a folder, and which of its names go on from there.

use bansou_core::search::fold;
use unicode_normalization::UnicodeNormalization;

use super::find::as_romaji;
use super::list::Cursor;
use super::text::boundary_before;

/// Names that are kept of one folder.
pub const MOST: usize = 200;
/// Rows of the strip below a field.
pub const ROWS: u16 = 8;

/// A folder that is asked for its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The folder as it is typed, with its last `/`; empty for where the program was started.
    pub folder: String,
    /// What was typed behind it: how the name begins.
    pub begun: String,
    /// The same folder, for the system.
    pub at: String,
    /// Only folders are wanted.
    pub folders: bool,
}

impl Ask {
    /// What a typed path asks; `home` is what `~` stands for.
    pub fn of(typed: &str, folders: bool, home: &str) -> Ask {
        let typed = if typed == "~" { "~/" } else { typed };
        let (folder, begun) = typed.split_at(typed.rfind('/').map_or(0, |at| at + 1));
        let at = if folder.is_empty() { "./".to_owned() } else { at_home(folder, home) };
        Ask { folder: folder.to_owned(), begun: begun.to_owned(), at, folders }
    }
}

fn at_home(path: &str, home: &str) -> String {
    match path.strip_prefix('~').filter(|rest| !home.is_empty() && (rest.is_empty() || rest.starts_with('/'))) {
        Some(rest) => format!("{home}{rest}"),
        None => path.to_owned(),
    }
}

/// A path as it was typed, pasted or dropped, for the system: without the quotes that terminals put around it.
pub fn given(typed: &str, home: &str) -> String {
    let text = typed.trim();
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    at_home(inner('\'').or(inner('"')).unwrap_or(text), home)
}

/// Names of a folder that begin as was typed. Those of folders end with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub names: Vec<String>,
    /// How many there are; more than are kept when the folder is large.
    pub all: usize,
    /// How far they are the same.
    pub common: String,
}

impl Names {
    /// The names among `all` that go on from `begun`, sorted: as it is typed, else in another spelling or in romaji.
    /// Those that begin with a dot have to be asked for with one.
    pub fn of(all: &[String], begun: &str) -> Names {
        let asked = |name: &&String| !name.starts_with('.') || begun.starts_with('.');
        let composed = |text: &str| text.nfc().collect::<String>();
        let typed = composed(begun);
        let mut names: Vec<&String> = all.iter().filter(asked).filter(|n| composed(n).starts_with(&typed)).collect();
        if names.is_empty() {
            let folded = fold(begun);
            let read = as_romaji(&folded);
            let begins = |name: &&String| [&folded, &read].iter().any(|b| fold(name).starts_with(b.as_str()));
            names = all.iter().filter(asked).filter(begins).collect();
        }
        names.sort();
        let common = match (names.first(), names.last()) {
            (Some(first), Some(last)) => {
                let same = first.char_indices().zip(last.chars()).find(|((_, a), b)| a != b);
                let most = same.map_or(first.len().min(last.len()), |((at, _), _)| at);
                // A mark that belongs to the letter before it is not torn off.
                first[..boundary_before(first, most).min(boundary_before(last, most))].to_owned()
            }
            _ => String::new(),
        };
        Names { all: names.len(), common, names: names.into_iter().take(MOST).cloned().collect() }
    }
}

/// What the shell answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub ask: Ask,
    /// Or why the folder cannot be read, in words.
    pub found: Result<Names, String>,
}

/// The names below a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    pub ask: Ask,
    pub found: Names,
    pub cursor: Cursor,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str], begun: &str) -> (Vec<String>, String) {
        let found = Names::of(&all.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), begun);
        (found.names, found.common)
    }

    #[test]
    fn a_typed_path_is_a_folder_and_a_beginning() {
        for (typed, folder, begun, at) in [
            ("", "", "", "./"),
            ("様", "", "様", "./"),
            ("~", "~/", "", "/home/me/"),
            ("~/Doc", "~/", "Doc", "/home/me/"),
            ("~other/x", "~other/", "x", "~other/"),
            ("/srv/共有/見", "/srv/共有/", "見", "/srv/共有/"),
            ("../", "../", "", "../"),
        ] {
            let ask = Ask::of(typed, false, "/home/me");
            assert_eq!((&ask.folder[..], &ask.begun[..], &ask.at[..]), (folder, begun, at), "{typed}");
        }
        assert_eq!(given("~/x", ""), "~/x");
        assert_eq!(given(" '~/見 積.pdf' ", "/home/me"), "/home/me/見 積.pdf");
    }

    #[test]
    fn names_go_on_from_the_beginning_in_every_spelling() {
        let all = ["Documents/", "Downloads/", ".ssh/", "手引き.pdf", "手順書.pdf", "ナガト.pdf", "か\u{3099}く.txt"];
        for (begun, expected, common) in [
            ("Doc", &["Documents/"][..], "Documents/"),
            ("Do", &["Documents/", "Downloads/"], "Do"),
            ("do", &["Documents/", "Downloads/"], "Do"),
            ("手", &["手引き.pdf", "手順書.pdf"], "手"),
            ("が", &["か\u{3099}く.txt"], "か\u{3099}く.txt"),
            ("か\u{3099}", &["か\u{3099}く.txt"], "か\u{3099}く.txt"),
            ("naga", &["ナガト.pdf"], "ナガト.pdf"),
            (".", &[".ssh/"], ".ssh/"),
            ("x", &[], ""),
        ] {
            assert_eq!(
                names(&all, begun),
                (expected.iter().map(|n| (*n).to_owned()).collect(), common.into()),
                "{begun}"
            );
        }
        assert!(!names(&all, "").0.contains(&".ssh/".to_owned()));
    }

    #[test]
    fn what_is_common_ends_between_letters_and_counts_names_that_are_not_kept() {
        assert_eq!(names(&["か\u{3099}a", "かb"], "").1, "");
        let many: Vec<String> = (0..MOST + 5).map(|n| format!("写真{n:04}.jpg")).collect();
        let found = Names::of(&many, "写");
        assert_eq!((found.names.len(), found.all, &found.common[..]), (MOST, MOST + 5, "写真0"));
    }
}
