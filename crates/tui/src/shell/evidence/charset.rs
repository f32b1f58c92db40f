//! Texts in the encodings of older Japanese programs: known by their bytes, read as what they say, never changed.

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_16BE, UTF_16LE};

/// Encodings that carry a mark at the beginning, with it.
const MARKED: [(&[u8], &Encoding, &str); 2] = [
    (&[0xff, 0xfe], UTF_16LE, "text/plain; charset=utf-16le"),
    (&[0xfe, 0xff], UTF_16BE, "text/plain; charset=utf-16be"),
];
/// The others; where the bytes fit both, the text with fewer half-width katakana is what was meant, else the first.
const UNMARKED: [(&Encoding, &str); 2] =
    [(SHIFT_JIS, "text/plain; charset=shift_jis"), (EUC_JP, "text/plain; charset=euc-jp")];

/// Bytes at the beginning that tell UTF-16 without a mark.
const START: usize = 1024;

/// A text that is no UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub media: &'static str,
    pub text: String,
    /// No mark says the encoding: it is the one that fits.
    pub assumed: bool,
}

/// The text of bytes that are no UTF-8; none when no encoding fits or something in it is no text.
pub fn read(bytes: &[u8]) -> Option<Found> {
    if let Some((mark, encoding, media)) = MARKED.iter().find(|(mark, ..)| bytes.starts_with(mark)) {
        return decoded(encoding, &bytes[mark.len()..]).map(|text| Found { media, text, assumed: false });
    }
    let assumed = |(encoding, media): (&'static Encoding, &'static str)| {
        decoded(encoding, bytes).map(|text| Found { media, text, assumed: true })
    };
    let found = UNMARKED.into_iter().filter_map(assumed);
    let fewest = found.min_by_key(|f| f.text.chars().filter(|c| ('\u{ff61}'..='\u{ff9f}').contains(c)).count());
    fewest.or_else(|| assumed(wide(bytes)?))
}

/// UTF-16 without a mark: the upper bytes of the beginning are those of ASCII, kana and kanji, many of them of the
/// first two. The lower bytes of a text are too mixed for that.
fn wide(bytes: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    let start = &bytes[..bytes.len().min(START) & !1];
    let fits = |upper: usize| {
        let uppers = || start.iter().skip(upper).step_by(2);
        let plain = uppers().filter(|b| matches!(b, 0 | 0x30)).count();
        plain * 4 >= start.len() / 2
            && uppers().all(|b| matches!(b, 0 | 0x20..=0x26 | 0x30..=0x33 | 0x4e..=0x9f | 0xff))
    };
    let even = !start.is_empty() && bytes.len().is_multiple_of(2);
    match (even && fits(1), even && fits(0)) {
        (true, false) => Some((MARKED[0].1, MARKED[0].2)),
        (false, true) => Some((MARKED[1].1, MARKED[1].2)),
        _ => None,
    }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    (!text.contains(steers)).then(|| text.into_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "退職者のID\r\n2件、ﾊﾝｶｸも①";

    fn of(encoding: &'static Encoding) -> Vec<u8> {
        encoding.encode(TEXT).0.into_owned()
    }

    fn wide(text: &str, from: fn(u16) -> [u8; 2], mark: &[u8]) -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(from)).collect()
    }

    #[test]
    fn each_encoding_is_known_by_its_bytes_and_nothing_else_is_text() {
        for (bytes, charset, assumed) in [
            (of(SHIFT_JIS), "shift_jis", true),
            (of(EUC_JP), "euc-jp", true),
            (wide(TEXT, u16::to_le_bytes, &[0xff, 0xfe]), "utf-16le", false),
            (wide(TEXT, u16::to_be_bytes, &[0xfe, 0xff]), "utf-16be", false),
            (wide(TEXT, u16::to_le_bytes, &[]), "utf-16le", true),
            (wide(TEXT, u16::to_be_bytes, &[]), "utf-16be", true),
        ] {
            let found = read(&bytes).unwrap();
            assert_eq!((found.media.rsplit('=').next(), found.text.as_str()), (Some(charset), TEXT));
            assert_eq!(found.assumed, assumed, "{charset}");
        }
        for bytes in [&b"\x83\x65\x83"[..], b"\x82\xa0\x1b[2J", b"\xff\xfe\x00", b"\x7fELF\x02\x01\x01\x00"] {
            assert_eq!(read(bytes), None);
        }
    }

    #[test]
    fn wide_text_without_a_mark_is_known_only_where_its_upper_bytes_are_plain() {
        for text in
            ["ログインの記録を確認した。", "Name,ID\r\n氏名,1\r\n", "東京都、大阪府の事業所です。", "第1回\t2026/10/08"]
        {
            for (from, media) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "utf-16le"), (u16::to_be_bytes, "utf-16be")]
            {
                let found = read(&wide(text, from, &[])).unwrap();
                assert!(found.assumed && found.media.ends_with(media) && found.text == text, "{text} {media}");
            }
        }
        for text in ["品番 0001 0020 0300 を確認", "00あ00い00う", "退職者のID、パスワード", "氏名 山田 0000"]
        {
            for (encoding, media) in [(SHIFT_JIS, "shift_jis"), (EUC_JP, "euc-jp")] {
                let found = read(&encoding.encode(text).0).unwrap();
                assert!(found.media.ends_with(media) && found.text == text, "{text} {media}");
            }
        }
    }
}
