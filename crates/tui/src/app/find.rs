//! Finding text typed with or without the input method: kana, width and romaji are folded together.

use unicode_normalization::UnicodeNormalization;
use wana_kana::ConvertJapanese;

/// The search form of a text: compatibility-normalised, lower case, hiragana, large kana, no long-vowel mark.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            '\u{30A1}'..='\u{30F6}' => char::from_u32(c as u32 - 0x60),
            '\u{30FC}' => None,
            c => Some(c),
        })
        .map(|c| match c {
            // Small kana stand one code point before their large form.
            '\u{3041}' | '\u{3043}' | '\u{3045}' | '\u{3047}' | '\u{3049}' | '\u{3063}' | '\u{3083}' | '\u{3085}'
            | '\u{3087}' => char::from_u32(c as u32 + 1).unwrap_or(c),
            c => c,
        })
        .collect();
    plain.replace("\u{682A}\u{5F0F}\u{4F1A}\u{793E}", "(\u{682A})")
}

/// True when the query, as typed or read as romaji, occurs in the text.
pub fn found(query: &str, text: &str) -> bool {
    let text = fold(text);
    let query = query.trim();
    text.contains(&fold(query)) || text.contains(&fold(&query.to_hiragana()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_query_finds_every_spelling() {
        for (query, text) in [
            ("nagato", "ナガト"),
            ("ながと", "㈱長戸製作所 ﾅｶﾞﾄ"),
            ("ＮＡＧＡ", "nagato"),
            ("株式会社", "㈱北星精密"),
            ("(株)", "株式会社北星精密"),
            ("kabusiki", "カブシキ"),
            ("kabushiki", "ｶﾌﾞｼｷ"),
            ("tenken", "てんけん"),
            ("", "なんでも"),
        ] {
            assert!(found(query, text), "{query} in {text}");
        }
        assert!(!found("osaka", "ナガト"));
    }
}
