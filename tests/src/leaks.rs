//! Looks for texts that must not be readable anywhere below a folder, in the encodings a leak would have.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use encoding_rs::SHIFT_JIS;

use crate::memory::Needles;

/// Where a secret text was found: file, encoding, and which text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    pub path: String,
    pub encoding: &'static str,
    pub text: String,
}

/// Every place below `dir` (file contents and file names) that shows one of `texts`.
///
/// Encodings: UTF-8, UTF-16LE, Shift_JIS, base64 at each of its three alignments, hexadecimal in both cases, and letters
/// that lie apart at an equal distance.
/// Texts shorter than 6 bytes are refused, because chance would find them.
pub fn find(dir: &Path, texts: &[&str]) -> Vec<Leak> {
    assert!(texts.iter().all(|t| t.len() >= 6), "a sentinel needs at least 6 bytes");
    let search = Search::new(texts);
    let mut out = Vec::new();
    walk(dir, &mut |path| {
        let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
        let mut places = vec![name.clone().into_bytes()];
        if path.is_file() {
            places.push(fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
        }
        places.iter().for_each(|bytes| search.look(&name, bytes, &mut out));
    });
    out
}

/// Texts in every encoding, ready to be looked for.
pub struct Search {
    needles: Vec<Needle>,
    apart: Needles,
}

impl Search {
    pub fn new(texts: &[&str]) -> Self {
        let mut apart = Needles::default();
        // Fewer letters at any of many distances are found by chance.
        for text in texts.iter().filter(|t| t.chars().count() >= 6) {
            apart.text(text);
        }
        Self { needles: texts.iter().flat_map(|t| needles(t)).collect(), apart }
    }

    /// Adds what these bytes show, each place, text and encoding once.
    pub fn look(&self, path: &str, bytes: &[u8], out: &mut Vec<Leak>) {
        let mut by_first: Vec<Vec<&Needle>> = vec![Vec::new(); 256];
        for needle in &self.needles {
            by_first[usize::from(needle.bytes[0])].push(needle);
        }
        let whole = search(bytes, &by_first).into_iter().map(|n| (n.encoding, n.text.clone()));
        let apart =
            self.apart.find(bytes, path).into_iter().filter(|h| h.stride > 0).map(|h| ("letters apart", h.name));
        for (encoding, text) in whole.chain(apart) {
            let leak = Leak { path: path.to_owned(), encoding, text };
            if !out.contains(&leak) {
                out.push(leak);
            }
        }
    }
}

struct Needle {
    bytes: Vec<u8>,
    encoding: &'static str,
    text: String,
}

fn needles(text: &str) -> Vec<Needle> {
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    let mut encoded = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hex", hex.clone().into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
    ];
    let (japanese, _, unmapped) = SHIFT_JIS.encode(text);
    // A text of ASCII is the same in both.
    if !unmapped && !text.is_ascii() {
        encoded.push(("Shift_JIS", japanese.into_owned()));
    }
    encoded.extend((0..3).map(|shift| ("base64", base64_core(text, shift))));
    encoded.into_iter().map(|(encoding, bytes)| Needle { bytes, encoding, text: text.to_owned() }).collect()
}

/// The base64 characters that depend on the text alone when `shift` unknown bytes stand before it.
fn base64_core(text: &str, shift: usize) -> Vec<u8> {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(text.as_bytes());
    let whole = bytes.len() * 8 / 6;
    let first = (shift * 8).div_ceil(6);
    STANDARD_NO_PAD.encode(&bytes).into_bytes()[first..whole].to_vec()
}

fn search<'a>(bytes: &[u8], by_first: &[Vec<&'a Needle>]) -> Vec<&'a Needle> {
    let starts = bytes.iter().enumerate().filter(|(_, b)| !by_first[usize::from(**b)].is_empty());
    starts
        .flat_map(|(i, b)| by_first[usize::from(*b)].iter().filter(move |n| bytes[i..].starts_with(&n.bytes)))
        .copied()
        .collect()
}

fn walk(dir: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
        let path = entry.unwrap().path();
        visit(&path);
        if path.is_dir() && !path.is_symlink() {
            walk(&path, visit);
        }
    }
}
