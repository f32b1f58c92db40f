//! One spelling for all: width, case, kana, small kana, long vowels, dashes, and the short forms of companies.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Short and long forms of company names, as they are after folding.
const COMPANIES: [(&str, &str); 2] = [("(株)", "株式会社"), ("(有)", "有限会社")];

/// The search form of a text: compatibility form, lower case, large hiragana, no long-vowel mark, one kind of dash.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    out.extend(text.nfkc().flat_map(char::to_lowercase).filter_map(one));
    out
}

fn one(c: char) -> Option<char> {
    let c = match c {
        'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60)?,
        c => c,
    };
    Some(match c {
        'ー' | '\0' => return None,
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' => char::from_u32(c as u32 + 1)?,
        'ゕ' => 'か',
        'ゖ' => 'け',
        'ぢ' => 'じ',
        'づ' => 'ず',
        'ゐ' => 'い',
        'ゑ' => 'え',
        '‐'..='―' | '−' => '-',
        c => c,
    })
}

/// What is looked for: each spelling folded, and again with the other form of a company.
pub fn needles(spellings: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = spellings.iter().map(|s| fold(s.trim())).filter(|s| !s.is_empty()).collect();
    for (short, long) in COMPANIES {
        let other: Vec<String> = all
            .iter()
            .filter(|s| s.contains(short) || s.contains(long))
            .flat_map(|s| [s.replace(short, long), s.replace(long, short)])
            .collect();
        all.extend(other);
    }
    all.sort();
    all.dedup();
    all
}

/// Where the folded byte `offset` comes from, in bytes of the text.
pub(super) fn place(text: &str, offset: usize) -> usize {
    let mut folded = 0;
    let mut starts = text.char_indices().peekable();
    while let Some((at, _)) = starts.next() {
        // Marks that follow are folded together with the character that carries them.
        while starts.peek().is_some_and(|(_, c)| is_combining_mark(*c) || matches!(c, 'ﾞ' | 'ﾟ')) {
            starts.next();
        }
        let end = starts.peek().map_or(text.len(), |(next, _)| *next);
        folded += fold(&text[at..end]).len();
        if folded > offset {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_query_finds_every_spelling() {
        for (query, text) in [
            ("ながと", "㈱長戸製作所 ﾅｶﾞﾄ"),
            ("ＮＡＧＡ", "nagato"),
            ("株式会社", "㈱北星精密"),
            ("(株)", "株式会社北星精密"),
            ("㈲みどり", "有限会社みどり"),
            ("会社", "株式会社北星精密"),
            ("サーバ", "ｻｰﾊﾞｰ室"),
            ("さばあ", "サーバァ"),
            ("チヅル", "ちずる"),
            ("K-0214", "Ｋ―０２１４"),
            ("ヤッキョク", "やつきよく"),
        ] {
            let text = fold(text);
            assert!(needles(&[query]).iter().any(|n| text.contains(n.as_str())), "{query} in {text}");
        }
        assert!(!fold("ナガト").contains(&fold("おおさか")));
        assert!(needles(&["", " ー "]).is_empty(), "nothing is not looked for");
    }

    #[test]
    fn a_place_leads_back_to_the_character_as_it_was_written() {
        let text = "ｶﾞｰか\u{3099}㈱ ABC";
        for (word, expected) in [("がが", "ｶﾞ"), ("(株)", "㈱"), ("abc", "ABC")] {
            let offset = fold(text).find(word).expect("the word stands there");
            assert!(text[place(text, offset)..].starts_with(expected), "{word}");
        }
        assert_eq!(place("", 0), 0);
    }
}
