//! Finding text typed with or without the input method: kana, width and romaji are folded together.

pub use bansou_core::search::fold;
use bansou_core::search::{Query, needles};
use wana_kana::ConvertJapanese;

/// True when the query, as typed or read as romaji, occurs in the text.
pub fn found(query: &str, text: &str) -> bool {
    let (text, query) = (fold(text), query.trim());
    query.is_empty() || needles(&[query, &as_romaji(&fold(query))]).iter().any(|n| text.contains(n.as_str()))
}

/// A text read as romaji. Half-width kana are none, and a lone mark among them stops the reading for good.
pub fn as_romaji(text: &str) -> String {
    let half_width = |c: char| ('\u{FF61}'..='\u{FF9F}').contains(&c);
    if text.contains(half_width) { text.to_owned() } else { text.to_hiragana() }
}

/// What a typed line asks for: every word, as typed or read as romaji.
pub fn query(line: &str) -> Query {
    Query::new(line, |word| as_romaji(&fold(word)))
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
            ("ｎａｇａｔｏ", "ナガト"),
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
        for lone in ["ﾞ", "ﾟ", "aﾞ", "ｱﾞ", "｡"] {
            assert!(!found(lone, "ナガト"), "{lone}");
        }
    }
}
