//! Looks into the memory of a running program for texts and keys, also when their letters lie apart as cells of a screen do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// Widest distance between two letters that is looked at, in bytes: two cells of a screen.
const WIDEST: usize = 160;

/// What is looked for: its letters one after the other.
struct Needle {
    name: String,
    encoding: &'static str,
    letters: Vec<Vec<u8>>,
    whole: Vec<u8>,
}

/// Texts and keys to look for.
#[derive(Default)]
pub struct Needles(Vec<Needle>);

/// Where something was found: its name, its encoding, and the distance of its letters (0: written as a text).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub name: String,
    pub encoding: &'static str,
    pub stride: usize,
    pub place: String,
}

impl Needles {
    /// A text, in UTF-8 and UTF-16LE.
    pub fn text(&mut self, text: &str) -> &mut Self {
        assert!(text.chars().count() >= 6, "chance would find {text:?}");
        let utf8 = text.chars().map(|c| c.to_string().into_bytes()).collect();
        let utf16 = text.encode_utf16().map(|u| u.to_le_bytes().to_vec()).collect();
        for (encoding, letters) in [("UTF-8", utf8), ("UTF-16LE", utf16)] {
            self.add(text, encoding, letters);
        }
        self
    }

    /// The two halves of a key, each as it is: what computes with a key may have moved one of them.
    pub fn key(&mut self, name: &str, key: &[u8]) -> &mut Self {
        let (front, back) = key.split_at(key.len() / 2);
        for (half, bytes) in [("front", front), ("back", back)] {
            self.0.push(Needle {
                name: format!("{name} ({half})"),
                encoding: "bytes",
                letters: bytes.chunks(1).map(<[u8]>::to_vec).collect(),
                whole: bytes.to_vec(),
            });
        }
        self
    }

    fn add(&mut self, name: &str, encoding: &'static str, letters: Vec<Vec<u8>>) {
        let whole = letters.concat();
        self.0.push(Needle { name: name.to_owned(), encoding, letters, whole });
    }

    /// The names, each once.
    pub fn names(&self) -> BTreeSet<&str> {
        self.0.iter().map(|n| n.name.as_str()).collect()
    }

    /// Everything found in these bytes.
    pub fn find(&self, bytes: &[u8], place: &str) -> BTreeSet<Hit> {
        let mut by_first: Vec<Vec<&Needle>> = vec![Vec::new(); 256];
        for needle in &self.0 {
            by_first[usize::from(needle.whole[0])].push(needle);
        }
        let mut out = BTreeSet::new();
        for (i, byte) in bytes.iter().enumerate() {
            let needles = &by_first[usize::from(*byte)];
            if !needles.is_empty() {
                at(needles, &bytes[i..], place, &mut out);
            }
        }
        out
    }
}

/// What begins exactly here. Needles that share their first two letters are told apart only when these are there.
fn at(needles: &[&Needle], bytes: &[u8], place: &str, out: &mut BTreeSet<Hit>) {
    let mut distances: BTreeMap<(&[u8], &[u8]), Vec<usize>> = BTreeMap::new();
    for needle in needles.iter().filter(|n| bytes.starts_with(&n.letters[0])) {
        let hit =
            |stride| Hit { name: needle.name.clone(), encoding: needle.encoding, stride, place: place.to_owned() };
        if bytes.starts_with(&needle.whole) {
            out.insert(hit(0));
        }
        let (first, second) = (needle.letters[0].as_slice(), needle.letters[1].as_slice());
        let distances = distances.entry((first, second)).or_insert_with(|| {
            (first.len() + 1..=WIDEST).filter(|d| bytes.get(*d..).is_some_and(|b| b.starts_with(second))).collect()
        });
        for stride in distances {
            let letter = |(k, l): (usize, &Vec<u8>)| bytes.get(k * *stride..).is_some_and(|b| b.starts_with(l));
            if needle.letters.iter().enumerate().all(letter) {
                out.insert(hit(*stride));
            }
        }
    }
}

/// Everything found in the memory that a process can write: heap, stacks, buffers.
pub fn scan(process: u32, needles: &Needles) -> BTreeSet<Hit> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut out = BTreeSet::new();
    let mut read = 0;
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        let (range, flags, name) = (words.next().unwrap(), words.next().unwrap(), words.nth(3).unwrap_or("anonymous"));
        if !flags.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|n| u64::from_str_radix(n, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // A page may have been given back since the list was read.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            read += bytes.len();
            out.extend(needles.find(&bytes, &format!("{name} {range}")));
        }
    }
    assert!(read > 1 << 20, "only {read} bytes could be read");
    out
}

/// Whether this test may read the memory of programs that refuse it: root, or the right to trace.
/// Under CI it must be able to.
pub fn may_look() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let rights = status.lines().find_map(|l| l.strip_prefix("CapEff:")).unwrap().trim();
    // CAP_SYS_PTRACE is bit 19.
    let may = u64::from_str_radix(rights, 16).unwrap() & 1 << 19 != 0;
    assert!(may || std::env::var_os("CI").is_none(), "CI runs this test as root or with CAP_SYS_PTRACE");
    may
}
