//! One spelling for all: width, case, kana, small kana, long vowels, dashes, and the short forms of companies.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Short and long forms of company names, as they are after folding.
const COMPANIES: [(&str, &str); 2] = [("(株)", "株式会社"), ("(有)", "有限会社")];

/// The search form of a text: compatibility form, lower case, large hiragana, no long-vowel mark, one kind of dash.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let easy = rest.char_indices().find(|(_, c)| !plain(*c)).map_or(rest.len(), |(at, _)| at);
        // A mark that follows is composed with the last plain character.
        let last = rest[..easy].chars().next_back().map_or(0, char::len_utf8);
        let alone = if easy < rest.len() { easy - last } else { easy };
        out.extend(rest[..alone].chars().map(narrow).filter_map(one));
        let hard = rest[easy..].char_indices().find(|(_, c)| plain(*c)).map_or(rest.len(), |(at, _)| easy + at);
        out.extend(rest[alone..hard].nfkc().flat_map(char::to_lowercase).filter_map(one));
        rest = &rest[hard..];
    }
    out
}

/// Most of Japanese: characters whose compatibility form is themselves or ASCII, and which join nothing before them.
fn plain(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{3000}'..='\u{3002}' | '\u{300c}'..='\u{300f}' | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fc}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
}

/// The compatibility form of a plain character, in lower case.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).map_or(c, |c| c.to_ascii_lowercase()),
        c => c.to_ascii_lowercase(),
    }
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

/// The pieces of a text that are folded as one: a character with the marks that follow it.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut starts = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (at, _) = starts.next()?;
        while starts.next_if(|(_, c)| is_combining_mark(*c) || matches!(c, 'ﾞ' | 'ﾟ')).is_some() {}
        Some(at..starts.peek().map_or(text.len(), |(next, _)| *next))
    })
}

/// Where the folded byte `offset` comes from, in bytes of the text.
pub(super) fn place(text: &str, offset: usize) -> usize {
    let mut folded = 0;
    for piece in pieces(text) {
        folded += fold(&text[piece.clone()]).len();
        if folded > offset {
            return piece.start;
        }
    }
    text.len()
}

/// Where any of the needles stands in a text, in bytes; places that touch or overlap are one.
pub(super) fn spans<'a>(text: &str, needles: impl Iterator<Item = &'a String>) -> Vec<Range<usize>> {
    let (mut folded, mut from) = (String::new(), Vec::new());
    for piece in pieces(text) {
        let before = folded.len();
        folded.push_str(&fold(&text[piece.clone()]));
        if folded.len() > before {
            from.push((before, piece));
        }
    }
    let piece = |at: usize| from[from.partition_point(|(start, _)| *start <= at) - 1].1.clone();
    let mut found: Vec<Range<usize>> = Vec::new();
    for needle in needles {
        let places = folded.match_indices(needle.as_str());
        found.extend(places.map(|(at, word)| piece(at).start..piece(at + word.len() - 1).end));
    }
    found.sort_by_key(|span| span.start);
    let mut spans: Vec<Range<usize>> = Vec::new();
    for span in found {
        match spans.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => spans.push(span),
        }
    }
    spans
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

    #[test]
    fn the_places_of_several_words_are_marked_as_they_were_written() {
        let text = "ｻｰﾊﾞｰ室と㈱北星のサーバー";
        let all: Vec<String> = needles(&["サーバ"]).into_iter().chain(needles(&["株式会社"])).collect();
        let marked: Vec<&str> = spans(text, all.iter()).into_iter().map(|span| &text[span]).collect();
        assert_eq!(marked, ["ｻｰﾊﾞ", "㈱", "サーバ"]);
    }

    /// Characters that are folded in every way, also together.
    const CHARS: &str =
        "aZ09 -\0\n　ーかガｶﾞﾟ\u{3099}\u{309a}\u{301}ヴヶヷ・々〆漢字Ａ１～＼㈱①℃ﬁ가\u{1161}İßΣé—\u{200d}👍葛\u{e0100}";

    proptest::proptest! {
        #[test]
        fn the_short_way_folds_as_the_long_way(
            chars in proptest::collection::vec(proptest::sample::select(CHARS.chars().collect::<Vec<_>>()), 0..24)
        ) {
            let text: String = chars.into_iter().collect();
            let long: String = text.nfkc().flat_map(char::to_lowercase).filter_map(one).collect();
            proptest::prop_assert_eq!(fold(&text), long);
        }
    }
}
