//! Names as bank files write them: half-width kana of one byte each, by field class; and Yucho accounts.

use unicode_normalization::UnicodeNormalization;

use crate::ids::half_width;
use crate::text::Text;

/// Which characters a field of the bank file allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldClass {
    /// Account holder and payer names: also `( ) - .`
    Party,
    /// Bank and branch names: also `-`
    Bank,
}

/// Why a name cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KanaError {
    #[error("\"{0}\" cannot stand in this field of a bank file; write the name in kana as on the passbook")]
    Character(char),
    #[error("\"{0}\" follows a character that cannot carry it; correct the kana")]
    StrayMark(char),
    #[error("the name is empty; write it in kana as on the passbook")]
    Empty,
}

impl KanaError {
    /// The sentence in both languages.
    pub fn text(&self) -> Text {
        let ja = match self {
            Self::Character(c) => format!("「{c}」はこの欄に書けません。通帳のカナのとおりに入力してください。"),
            Self::StrayMark(c) => format!("「{c}」が付けられない文字に付いています。カナを直してください。"),
            Self::Empty => "名前が空です。通帳のカナのとおりに入力してください。".to_owned(),
        };
        Text { ja, en: self.to_string() }
    }
}

const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
const VOICED: &str = "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ";
const HALF_VOICED: &str = "ﾊﾋﾌﾍﾎ";

/// The name in half-width characters, each of which is one byte of JIS X 0201; never shortened, never guessed.
pub fn normalise(name: &str, class: FieldClass) -> Result<String, KanaError> {
    // The spacing marks go first: compatibility forms would put a space before them.
    let prepared: String = name.trim().chars().map(before_folding).collect();
    let folded = prepared.nfkc().map(fold).collect::<String>();
    let mut out = String::new();
    for c in folded.nfd().flat_map(char::to_uppercase) {
        let narrow = match c {
            '\u{3099}' | '\u{309A}' => mark(c, out.chars().last())?,
            _ => narrow(c, class).ok_or_else(|| KanaError::Character(shown(c, name)))?,
        };
        if narrow != ' ' || !out.ends_with(' ') {
            out.push(narrow);
        }
    }
    let out = out.trim().to_owned();
    if out.is_empty() { Err(KanaError::Empty) } else { Ok(out) }
}

/// Bytes of a normalised name in the file.
pub fn byte_len(normalised: &str) -> usize {
    normalised.chars().count()
}

fn before_folding(c: char) -> char {
    match c {
        'ー' | '‐' | '‑' | '–' | '—' | '―' | '−' | '－' | 'ｰ' | '～' => '-',
        '゛' => '\u{3099}',
        '゜' => '\u{309A}',
        '・' | '･' | '\u{3000}' => ' ',
        c => c,
    }
}

fn fold(c: char) -> char {
    let katakana = match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        c => c,
    };
    match katakana {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヰ' => 'イ',
        'ヱ' => 'エ',
        c => c,
    }
}

fn narrow(c: char, class: FieldClass) -> Option<char> {
    if let Some((_, half)) = FULL.chars().zip(HALF.chars()).find(|(full, _)| *full == c) {
        return Some(half);
    }
    let symbol = match class {
        FieldClass::Party => "()-.",
        FieldClass::Bank => "-",
    };
    (c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ' || symbol.contains(c)).then_some(c)
}

fn mark(c: char, before: Option<char>) -> Result<char, KanaError> {
    let (half, bearers, shown) = if c == '\u{3099}' { ('ﾞ', VOICED, '゛') } else { ('ﾟ', HALF_VOICED, '゜') };
    let fits = before.is_some_and(|b| bearers.contains(b));
    if fits { Ok(half) } else { Err(KanaError::StrayMark(shown)) }
}

/// The character as the user typed it, if folding only widened or narrowed it.
fn shown(folded: char, name: &str) -> char {
    let same = |c: &char| before_folding(*c).nfkc().map(fold).nfd().flat_map(char::to_uppercase).any(|f| f == folded);
    name.chars().find(same).unwrap_or(folded)
}

/// A Yucho account as other banks address it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Three digits.
    pub branch: String,
    /// 預金種目 of the bank file: 1 普通, 2 当座.
    pub kind: u8,
    /// Seven digits.
    pub account: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YuchoError {
    #[error("the symbol (kigo) has five digits and begins with 0 or 1; copy it from the passbook")]
    Symbol,
    #[error("the number (bango) has up to eight digits ending in 1, or up to seven for a current account")]
    Number,
}

impl YuchoError {
    /// The sentence in both languages.
    pub fn text(&self) -> Text {
        let ja = match self {
            Self::Symbol => "記号は0か1で始まる5桁の数字です。通帳のとおりに入力してください。",
            Self::Number => "番号は末尾が1の8桁まで（振替口座は7桁まで）の数字です。通帳のとおりに入力してください。",
        };
        Text { ja: ja.to_owned(), en: self.to_string() }
    }
}

/// Converts 記号 and 番号; a single digit between them (after the symbol or before the number, with a hyphen) is ignored.
pub fn yucho(symbol: &str, number: &str) -> Result<Transfer, YuchoError> {
    let (symbol, number) = (half_width(symbol), half_width(number));
    let symbol = symbol.split('-').next().unwrap_or_default();
    let number = number.rsplit('-').next().unwrap_or_default();
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if symbol.len() != 5 || !numeric(symbol) {
        return Err(YuchoError::Symbol);
    }
    if !numeric(number) {
        return Err(YuchoError::Number);
    }
    let (kind, last, account) = match &symbol[..1] {
        "1" => (1, '8', number.strip_suffix('1').ok_or(YuchoError::Number)?),
        "0" => (2, '9', number),
        _ => return Err(YuchoError::Symbol),
    };
    if account.is_empty() || account.len() > 7 {
        return Err(YuchoError::Number);
    }
    Ok(Transfer { branch: format!("{}{last}", &symbol[1..3]), kind, account: format!("{account:0>7}") })
}
