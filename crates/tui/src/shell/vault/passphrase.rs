//! Which passphrases a real home takes: long enough, possible to type again, and not among the first that a thief tries.
//!
//! A text is read as pieces. A letter counts 2, a digit 1, a listed word 4, and a run, a row of keys, a year or a
//! repetition 2 whatever its length; under 16 it is refused, and the kind of piece that covers most of it is the reason.

use std::sync::LazyLock;

use bansou_core::text::Lang;
use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::{Kind, Secret};

/// Longest passphrase in characters, after NFKC.
const LONGEST: usize = 1024;
const ENOUGH: u32 = 16;
const LETTER: u32 = 2;
const DIGIT: u32 = 1;
const PATTERN: u32 = 2;
const WORD: u32 = 4;
const LONGEST_WORD: usize = 15;
const KEY_ROWS: [&str; 6] = [
    "1234567890-^",
    "qwertyuiop",
    "asdfghjkl;",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujm",
];

/// Sorted, without the notice at its head.
static WORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("passphrase/words.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Why a passphrase is too easy; in the order of the sentences below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weak {
    /// Holds a character that cannot be typed again.
    Control,
    /// One character or one short piece over and over.
    Repeated,
    /// Neighbours in the alphabet or on the keyboard.
    Sequence,
    /// Years, dates, telephone numbers.
    Digits,
    /// Words from the list of what is tried first.
    Common,
    /// The name of the owner.
    Own,
}

impl Weak {
    /// What is wrong with it; the advice follows in `ADVICE`.
    pub(super) fn sentences(self) -> (&'static str, &'static str) {
        [
            ("打ち直せない文字（制御文字など）が入っています。", "It holds a character that cannot be typed again."),
            ("同じ文字や並びの繰り返しがほとんどです。", "Most of it is one piece repeated."),
            ("abc や qwerty のような順の並びがほとんどです。", "Most of it is a row, like abc or qwerty."),
            (
                "年月日や電話番号のような数字がほとんどです。",
                "Most of it is digits, like a date or a telephone number.",
            ),
            ("最初に試されるありふれた言葉がほとんどです。", "Most of it is words that are tried first."),
            ("ご自分の名前がほとんどです。", "Most of it is your own name."),
        ][self as usize]
    }
}

/// What to do about a weak passphrase.
pub(super) fn advice(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => {
            "推測されにくいものに変えてください: つながりのない言葉を四つ以上、15文字以上で。何も変えていません。"
        }
        Lang::En => {
            "Choose another: we recommend 15 characters or more, four words that have nothing to do with each other. \
             Nothing was changed."
        }
    }
}

/// The one form in which a passphrase is used (NFKC), so that every keyboard gives the same.
pub(super) fn normalised(passphrase: &Secret) -> SecretString {
    let size = passphrase.expose().nfkc().map(char::len_utf8).sum();
    let mut text = String::with_capacity(size);
    text.extend(passphrase.expose().nfkc());
    SecretString::from(text)
}

/// Refuses what a home of this kind does not take; a practice home takes anything. `own` holds the names of its owner.
pub fn check(passphrase: &Secret, kind: Kind, own: &[&str]) -> Result<(), VaultError> {
    let text = normalised(passphrase);
    let text = text.expose_secret();
    let length = text.chars().count();
    if length < kind.shortest_passphrase() || length > LONGEST {
        return Err(VaultError::PassphraseLength);
    }
    match kind {
        Kind::Practice => Ok(()),
        Kind::Real => weakness(text, own).map_or(Ok(()), |why| Err(VaultError::PassphraseWeak(why))),
    }
}

fn weakness(text: &str, own: &[&str]) -> Option<Weak> {
    let invisible =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if text.chars().any(|c| c.is_control() || invisible(c)) {
        return Some(Weak::Control);
    }
    let plain = fold(text, |c| c);
    let read = fold(text, unmasked);
    let names: Vec<Zeroizing<Vec<char>>> =
        own.iter().flat_map(|name| name.split_whitespace()).map(|name| fold(name, unmasked)).collect();
    let mut covered = [0; 6];
    let (mut points, mut at) = (0, 0);
    while at < plain.len() {
        let found =
            pieces(&plain, &read, at, &names).into_iter().max_by_key(|(length, worth, _)| (*length, u32::MAX - worth));
        let (length, worth, why) = match found {
            Some((length, worth, why)) if length > 0 => (length, worth, Some(why)),
            _ if plain[at].is_ascii_digit() => (1, DIGIT, Some(Weak::Digits)),
            _ => (1, LETTER, None),
        };
        points += worth;
        at += length;
        if points >= ENOUGH {
            return None;
        }
        if let Some(why) = why {
            covered[why as usize] += length;
        }
    }
    let most = (0..covered.len()).rev().max_by_key(|i| covered[*i]);
    most.and_then(|most| {
        [Weak::Control, Weak::Repeated, Weak::Sequence, Weak::Digits, Weak::Common, Weak::Own].get(most).copied()
    })
}

/// The known pieces that begin here: length (0 when there is none), worth, and kind.
fn pieces(plain: &[char], read: &[char], at: usize, names: &[Zeroizing<Vec<char>>]) -> [(usize, u32, Weak); 6] {
    let (rest, letters) = (&plain[at..], &read[at..]);
    let name = names.iter().filter(|n| n.len() >= 2 && letters.starts_with(n)).map(|n| n.len()).max().unwrap_or(0);
    let (run, step) = run(rest);
    [
        (run, PATTERN, if step == 0 { Weak::Repeated } else { Weak::Sequence }),
        (KEY_ROWS.iter().map(|row| on_row(rest, row)).max().unwrap_or(0), PATTERN, Weak::Sequence),
        (repeated(plain, at), PATTERN, Weak::Repeated),
        (year(rest), PATTERN, Weak::Digits),
        (word(letters), WORD, Weak::Common),
        (name, PATTERN, Weak::Own),
    ]
}

/// Three or more characters with one step between them: `aaaa`, `abcd`, `2468`.
fn run(rest: &[char]) -> (usize, i64) {
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let Some(first) = rest.windows(2).next().map(step).filter(|s| s.abs() <= 2) else { return (0, 0) };
    let length = 1 + rest.windows(2).take_while(|pair| step(pair) == first).count();
    (if length >= 3 { length } else { 0 }, first)
}

/// Four or more neighbours of a row of keys, either way.
fn on_row(rest: &[char], row: &str) -> usize {
    let along = |keys: &mut dyn Iterator<Item = char>| rest.iter().zip(keys).take_while(|(a, b)| **a == *b).count();
    let starts = row.char_indices().map(|(i, _)| i);
    let best = starts.map(|i| along(&mut row[i..].chars()).max(along(&mut row[..=i].chars().rev()))).max().unwrap_or(0);
    if best >= 4 { best } else { 0 }
}

/// Three or more characters that stood there before.
fn repeated(plain: &[char], at: usize) -> usize {
    let best = (0..at).map(|from| plain[from..].iter().zip(&plain[at..]).take_while(|(a, b)| a == b).count()).max();
    best.filter(|length| *length >= 3).unwrap_or(0)
}

fn year(rest: &[char]) -> usize {
    match rest {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => 4,
        _ => 0,
    }
}

fn word(letters: &[char]) -> usize {
    let listed = |length: &usize| WORDS.binary_search_by(|w| w.chars().cmp(letters[..*length].iter().copied())).is_ok();
    (2..=LONGEST_WORD.min(letters.len())).rev().find(listed).unwrap_or(0)
}

/// Lower case, katakana as hiragana, and each character as `read` takes it; in memory of its final size that is wiped.
fn fold(text: &str, read: fn(char) -> char) -> Zeroizing<Vec<char>> {
    let lower = || text.nfkc().flat_map(char::to_lowercase);
    let mut out = Zeroizing::new(Vec::with_capacity(lower().count()));
    out.extend(lower().map(read).map(|c| match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }));
    out
}

/// The letter that a digit or sign often stands for.
fn unmasked(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn verdict(text: &str) -> Result<(), VaultError> {
        check(&Secret::new(text.to_owned()), Kind::Real, &["情報 太郎", "Joho Taro", "カミシマ"])
    }

    #[test]
    fn easy_passphrases_are_refused_with_the_reason() {
        use Weak::{Common, Control, Digits, Own, Repeated, Sequence};
        for (text, why) in [
            ("aaaaaaaaaaaaaaaaaaaa", Repeated),
            ("あああああああああああああ", Repeated),
            ("kwzkwzkwzkwzkwzkwzkwz", Repeated),
            ("abcabcabcabcabcabc", Repeated),
            ("1234567890", Sequence),
            ("0987654321", Sequence),
            ("abcdefghijklmnopqrstuvwxyz", Sequence),
            ("qwertyuiop", Sequence),
            ("ＱＷＥＲＴＹＵＩＯＰ", Sequence),
            ("1qaz2wsx3edc", Sequence),
            ("asdfghjkl;zxcvbnm", Sequence),
            ("あぃいぅうぇえぉおかがき", Sequence),
            ("1985031420", Digits),
            ("03-9274-5618", Digits),
            ("090-8273-6415", Digits),
            ("2026/11/23 2020", Digits),
            ("password123", Common),
            ("Passw0rd2020!", Common),
            ("p@$$w0rd 1", Common),
            ("パスワード2020年", Common),
            ("ぱすわーどぱすわーど", Repeated),
            ("bansou2020!", Common),
            ("伴走セキュリティ2020", Common),
            ("sekyuriti2026", Common),
            ("ありがとうございます", Common),
            ("おはようございます!!", Common),
            ("sakura-sakura-sakura", Repeated),
            ("suzuki tanaka", Common),
            ("johotaro2020", Own),
            ("かみしまかみしまかみしま", Repeated),
            ("kamishima\u{7}tegami", Control),
            ("六甲おろし\u{200b}の風と海", Control),
            ("line\nbreak in the middle", Control),
        ] {
            assert_eq!(verdict(text), Err(VaultError::PassphraseWeak(why)), "{text:?}");
        }
    }

    #[test]
    fn hard_ones_of_any_script_and_up_to_1024_characters_are_taken() {
        for text in [
            "correct horse battery staple",
            "senmonka no kotoba",
            "jimukyoku no kotoba",
            "とても長い合言葉です",
            "六甲おろし 傘 七時の汽車",
            "ねこ そら みどり ふね とけい",
            "x7!Qm2#vLp",
            "8305172946618427",
            "пароль это не слово",
            "🦊🌊🪁🧦🍋🚲🎈🥁🪴🧭",
        ] {
            assert_eq!(verdict(text), Ok(()), "{text:?}");
        }
        let long = |n: usize| "六甲おろし傘七時の汽車".chars().cycle().take(n).collect::<String>();
        assert_eq!(verdict(&long(1024)), Ok(()));
        assert_eq!(verdict(&long(1025)), Err(VaultError::PassphraseLength));
        assert_eq!(verdict("六甲おろし傘七時の"), Err(VaultError::PassphraseLength));
        // Longest with the least in it: still read to its end.
        assert_eq!(verdict(&"a".repeat(1024)), Err(VaultError::PassphraseWeak(Weak::Repeated)));
    }

    #[test]
    fn a_practice_home_takes_any_passphrase() {
        for text in ["a", "password", "1234567890", "aaaaaaaaaa"] {
            assert_eq!(check(&Secret::new(text.to_owned()), Kind::Practice, &[]), Ok(()));
        }
        assert_eq!(check(&Secret::new(String::new()), Kind::Practice, &[]), Err(VaultError::PassphraseLength));
    }

    #[test]
    fn each_refusal_says_why_and_what_to_do_in_both_languages() {
        for why in [Weak::Control, Weak::Repeated, Weak::Sequence, Weak::Digits, Weak::Common, Weak::Own] {
            let error = VaultError::PassphraseWeak(why);
            assert_eq!((error.exit_code(), error.code()), (2, "E-VAULT-PASSPHRASE-WEAK"));
            assert!(error.text(Lang::En).contains(why.sentences().1) && error.text(Lang::En).contains("15 characters"));
            assert!(error.text(Lang::Ja).contains(why.sentences().0) && error.text(Lang::Ja).contains("15文字以上"));
        }
    }

    #[test]
    fn the_list_is_sorted_and_in_the_form_that_is_looked_up() {
        assert!(WORDS.len() > 6_000 && WORDS.is_sorted());
        assert!(WORDS.iter().all(|w| (2..=LONGEST_WORD).contains(&w.chars().count())));
        let odd: Vec<_> = WORDS.iter().filter(|w| *fold(w, |c| c) != w.chars().collect::<Vec<_>>()).collect();
        assert!(odd.is_empty(), "{odd:?}");
    }
}
