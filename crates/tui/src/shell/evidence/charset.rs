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

/// The media type and the text of bytes that are no UTF-8; none when no encoding fits or something in it is no text.
pub fn read(bytes: &[u8]) -> Option<(&'static str, String)> {
    if let Some((mark, encoding, media)) = MARKED.iter().find(|(mark, ..)| bytes.starts_with(mark)) {
        return decoded(encoding, &bytes[mark.len()..]).map(|text| (*media, text));
    }
    let found = UNMARKED.iter().filter_map(|(encoding, media)| Some((*media, decoded(encoding, bytes)?)));
    found.min_by_key(|(_, text)| text.chars().filter(|c| ('\u{ff61}'..='\u{ff9f}').contains(c)).count())
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    (!text.contains(steers)).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_known_by_its_bytes_and_nothing_else_is_text() {
        let text = "退職者のID\r\n2件、ﾊﾝｶｸも①";
        let of = |encoding: &'static Encoding| encoding.encode(text).0.into_owned();
        let wide = |from: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            mark.into_iter().chain(text.encode_utf16().flat_map(from)).collect::<Vec<u8>>()
        };
        for (bytes, charset) in [
            (of(SHIFT_JIS), "shift_jis"),
            (of(EUC_JP), "euc-jp"),
            (wide(u16::to_le_bytes, [0xff, 0xfe]), "utf-16le"),
            (wide(u16::to_be_bytes, [0xfe, 0xff]), "utf-16be"),
        ] {
            let (media, found) = read(&bytes).unwrap_or_default();
            assert_eq!((media.rsplit('=').next(), found.as_str()), (Some(charset), text));
        }
        for bytes in [&b"\x83\x65\x83"[..], b"\x82\xa0\x1b[2J", b"\xff\xfe\x00", b"\x7fELF\x02\x01\x01\x00"] {
            assert_eq!(read(bytes), None);
        }
    }
}
