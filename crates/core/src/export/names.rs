//! File names from what people wrote: no way out of the folder, nothing that steers, short enough everywhere.

use unicode_normalization::UnicodeNormalization as _;

use crate::text_rules::steers;

/// Longest name in characters; four bytes each stay below the 255 of file systems with what is added.
const LONGEST: usize = 48;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name for one part of a path: never empty, never `.` or `..`, without separators and control characters.
pub fn safe(text: &str) -> String {
    let kept = text.nfc().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if steers(c) || is_invisible(c) => '_',
        c => c,
    });
    let loose = |c: char| c == '.' || c.is_whitespace();
    let name: String = kept.collect();
    let name = name.trim_matches(loose);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|d| stem.strip_prefix(d).is_some_and(|n| n.len() == 1));
    let told_apart = name.is_empty() || name.starts_with('-') || numbered || DEVICES.contains(&stem.as_str());
    let name: String = told_apart.then_some('_').into_iter().chain(name.chars()).take(LONGEST).collect();
    name.trim_end_matches(loose).to_owned()
}

/// What two names have in common when a file system takes them for one.
pub(super) fn folded(path: &str) -> String {
    path.nfkc().flat_map(char::to_lowercase).collect()
}

/// Characters that are not seen and may hide a difference.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_names_become_harmless() {
        for (text, expected) in [
            ("㈱北星精密", "㈱北星精密"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "_"),
            ("", "_"),
            (" . ", "_"),
            ("a/b\\c:d", "a_b_c_d"),
            ("x\u{0}y\nz\u{1b}[2J", "x_y_z_[2J"),
            ("gpj.\u{202e}exe", "gpj._exe"),
            ("zero\u{200b}width", "zero_width"),
            ("con", "_con"),
            ("CON.txt", "_CON.txt"),
            ("Lpt1", "_Lpt1"),
            ("Console", "Console"),
            ("-rf", "_-rf"),
            ("か\u{3099}", "が"),
        ] {
            assert_eq!(safe(text), expected, "{text:?}");
        }
        assert_eq!(safe(&"漢".repeat(500)).chars().count(), LONGEST);
        assert_eq!(safe(&"-".repeat(500)), format!("_{}", "-".repeat(LONGEST - 1)));
    }

    proptest! {
        #[test]
        fn no_text_leads_out_of_its_folder(text in "\\PC*|[./\\\\]{0,9}|.{0,80}") {
            let name = safe(&text);
            prop_assert!(!name.is_empty() && name.len() <= 4 * LONGEST);
            prop_assert!(name != "." && name != ".." && !name.contains(['/', '\\', '\0']));
            prop_assert!(!name.chars().any(steers));
            prop_assert_eq!(safe(&name), name.clone(), "once is enough");
        }
    }
}
