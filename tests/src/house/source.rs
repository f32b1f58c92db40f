//! One source file in three views: as written, without comments and tests, and without strings too. Line numbers agree.

/// A file of the repository with the views the rules read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path from the root, with `/`.
    pub path: String,
    pub text: String,
    /// Comments and test items blanked; strings kept.
    pub live: String,
    /// Comments, test items and the inside of strings blanked.
    pub code: String,
}

/// A path as Rust code names it: `std::fs::read` is three segments. `import` is true inside a `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub segments: Vec<String>,
    pub import: bool,
}

impl Named {
    /// Whether the segments of `path` (written with `::`) occur here one after the other.
    pub fn mentions(&self, path: &str) -> bool {
        let wanted: Vec<&str> = path.split("::").collect();
        self.segments.windows(wanted.len()).any(|w| w.iter().zip(&wanted).all(|(a, b)| a == b))
    }

    /// Whether a crate or module of this name is entered or imported; a variable or method of the name does not count.
    pub fn enters(&self, name: &str) -> bool {
        let until = if self.import { self.segments.len() } else { self.segments.len().saturating_sub(1) };
        self.segments[..until].iter().any(|s| s == name)
    }
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (mut live, mut code) = (text.to_owned(), String::new());
        if path.ends_with(".rs") {
            (live, code) = mask(text);
            for (from, to) in test_items(&code) {
                live = blank(&live, from, to);
                code = blank(&code, from, to);
            }
        }
        Self { path: path.to_owned(), text: text.to_owned(), live, code }
    }

    /// Rust that is shipped: under `crates/*/src`, and not a file of tests.
    pub fn is_production(&self) -> bool {
        self.is_rust() && self.path.starts_with("crates/") && self.path.contains("/src/") && !self.is_test_file()
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_test_file(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.ends_with("_tests.rs") || self.path.contains("/tests/")
    }

    /// Whether the path is one of these, or lies below: `a/b` covers `a/b.rs` and `a/b/…`.
    pub fn within(&self, doors: &[&str]) -> bool {
        doors.iter().any(|d| {
            self.path.strip_prefix(d).is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
        })
    }

    /// Every path the code names, imports with their braces spread out.
    pub fn names(&self) -> Vec<Named> {
        let mut out = Vec::new();
        let bytes = self.code.as_bytes();
        let (mut i, mut line) = (0, 1);
        while i < bytes.len() {
            if bytes[i] == b'\n' {
                line += 1;
            }
            if !is_word(bytes[i]) || (i > 0 && is_word(bytes[i - 1])) {
                i += 1;
                continue;
            }
            let end = path_end(bytes, i);
            let word = self.code[i..end].trim();
            if word == "use" {
                let stop = self.code[end..].find(';').map_or(bytes.len(), |n| end + n);
                spread(&[], &self.code[end..stop], line, &mut out);
                line += self.code[end..stop].matches('\n').count();
                i = stop;
            } else {
                let segments = word.split("::").map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect();
                out.push(Named { line, segments, import: false });
                line += self.code[i..end].matches('\n').count();
                i = end;
            }
        }
        out
    }
}

/// The end of `a::b::c` that begins at `i`.
fn path_end(bytes: &[u8], mut i: usize) -> usize {
    loop {
        while i < bytes.len() && is_word(bytes[i]) {
            i += 1;
        }
        let mut next = i;
        while next < bytes.len() && bytes[next].is_ascii_whitespace() {
            next += 1;
        }
        if !bytes[next..].starts_with(b"::") {
            return i;
        }
        next += 2;
        while next < bytes.len() && bytes[next].is_ascii_whitespace() {
            next += 1;
        }
        if next >= bytes.len() || !is_word(bytes[next]) {
            return i;
        }
        i = next;
    }
}

/// Writes `a::{b, c::{d}}` as the paths `a::b` and `a::c::d`.
fn spread(prefix: &[String], tree: &str, line: usize, out: &mut Vec<Named>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        let own = path.split("::").map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
        out.push(Named { line, segments: prefix.iter().cloned().chain(own).collect(), import: true });
        return;
    };
    let head = tree[..open].split("::").map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
    let prefix: Vec<String> = prefix.iter().cloned().chain(head).collect();
    let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    for part in split_outside_braces(inside) {
        spread(&prefix, part, line, out);
    }
}

/// Splits at commas that are not inside brackets of any kind; empty parts are dropped.
pub fn split_outside_braces(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0i32, 0, Vec::new());
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '{' | '(' | '[' | '<' => depth += 1,
            '>' if before == '-' || before == '=' => {}
            '}' | ')' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[from..i]);
                from = i + 1;
            }
            _ => {}
        }
        before = c;
    }
    parts.push(&text[from..]);
    parts.into_iter().filter(|p| !p.trim().is_empty()).collect()
}

pub fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// The line number of a byte offset, from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// The offset just after the bracket that closes the one at `open`, or the end of the text.
pub fn matching(code: &str, open: usize) -> usize {
    let mut depth = 0i32;
    for (i, b) in code.bytes().enumerate().skip(open) {
        match b {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// The `{` that opens the body of the item at `from`, or the `;` that ends it; those inside brackets do not count.
pub fn item_stop(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0i32;
    for (i, b) in code.bytes().enumerate().skip(from) {
        match b {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' | b';' if depth == 0 => return Some(i),
            _ => {}
        }
    }
    None
}

fn blank(text: &str, from: usize, to: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[from..to].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
    String::from_utf8(bytes).expect("items begin and end at ASCII")
}

/// Byte ranges of items under `#[cfg(test)]` or `#[test]`, attribute included.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for attribute in ["#[cfg(test)]", "#[test]"] {
        for (from, _) in code.match_indices(attribute) {
            let Some(at) = item_stop(code, from + attribute.len()) else { continue };
            let stop = code.as_bytes()[at];
            out.push((from, if stop == b'{' { matching(code, at) } else { at + 1 }));
        }
    }
    out
}

/// Blanks comments (first result), and comments and string contents (second).
fn mask(text: &str) -> (String, String) {
    let src = text.as_bytes();
    let (mut live, mut code) = (src.to_vec(), src.to_vec());
    let mut i = 0;
    while i < src.len() {
        let (end, comment) = match src[i] {
            b'/' if src[i..].starts_with(b"//") => (until(src, i, b"\n"), true),
            b'/' if src[i..].starts_with(b"/*") => (block_comment_end(src, i), true),
            b'"' => (string_end(src, i), false),
            b'r' if i == 0 || !is_word(src[i - 1]) || src[i - 1] == b'b' => match raw_string_end(src, i) {
                Some(end) => (end, false),
                None => (i, false),
            },
            b'\'' => (char_end(src, i), false),
            _ => (i, false),
        };
        if end == i {
            i += 1;
            continue;
        }
        let (from, to) = if comment { (i, end) } else { (i + 1, end.saturating_sub(1).max(i + 1)) };
        for at in (from..to.min(src.len())).filter(|at| src[*at] != b'\n') {
            code[at] = b' ';
            if comment {
                live[at] = b' ';
            }
        }
        i = end;
    }
    let whole = "whole literals and comments were replaced";
    (String::from_utf8(live).expect(whole), String::from_utf8(code).expect(whole))
}

fn until(src: &[u8], from: usize, stop: &[u8]) -> usize {
    src[from..].windows(stop.len()).position(|w| w == stop).map_or(src.len(), |n| from + n)
}

fn block_comment_end(src: &[u8], from: usize) -> usize {
    let (mut depth, mut i) = (0, from);
    while i < src.len() {
        if src[i..].starts_with(b"/*") {
            depth += 1;
            i += 2;
        } else if src[i..].starts_with(b"*/") {
            depth -= 1;
            i += 2;
            if depth == 0 {
                return i;
            }
        } else {
            i += 1;
        }
    }
    i
}

fn string_end(src: &[u8], from: usize) -> usize {
    let mut i = from + 1;
    while i < src.len() {
        match src[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    src.len()
}

/// The end of `r#"…"#` that begins at the `r`, if one does.
fn raw_string_end(src: &[u8], from: usize) -> Option<usize> {
    let hashes = src[from + 1..].iter().take_while(|b| **b == b'#').count();
    let quote = from + 1 + hashes;
    if src.get(quote) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.extend(std::iter::repeat_n(b'#', hashes));
    Some((until(src, quote + 1, &close) + close.len()).min(src.len()))
}

/// The end of a character literal; a lifetime returns `from`.
fn char_end(src: &[u8], from: usize) -> usize {
    if src.get(from + 1) == Some(&b'\\') {
        return (until(src, from + 3, b"'") + 1).min(src.len());
    }
    let width = match src.get(from + 1) {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(0xc0..) => 2,
        _ => 1,
    };
    if src.get(from + 1 + width) == Some(&b'\'') { from + 2 + width } else { from }
}
