//! Power loss without hardware: the recorded writes of a program become a disk of which any moment can be looked at.
//!
//! The model is harder than common file systems. Bytes are safe only when a later fsync of the same file covers them; a
//! name (made, moved, removed) only when a later fsync of its folder covers it. What is not safe may be there, torn or lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use crate::chance::Chance;
use crate::strace::Call;

/// The unit in which a disk writes all or nothing.
const SECTOR: u64 = 512;

type Node = usize;

#[derive(Clone, Debug)]
enum Inode {
    Folder,
    File(Vec<u8>),
}

#[derive(Clone, Debug)]
enum Bytes {
    Write { at: u64, data: Vec<u8> },
    Size(u64),
}

/// Names that change together: (folder, name, what it names from now on).
type Names = Vec<(Node, String, Option<Node>)>;

#[derive(Clone, Debug)]
enum Deed {
    Bytes(Node, Bytes),
    Names(Names),
    /// Everything about this file or folder that happened before event `since` is safe.
    Sync {
        node: Node,
        since: usize,
    },
    /// What the program told the world.
    Said(String),
}

/// A recorded run (or several after one another) over one folder.
pub struct Tape {
    root: PathBuf,
    inodes: Vec<Inode>,
    /// The names at the beginning, which are safe.
    begin: BTreeMap<(Node, String), Node>,
    names: BTreeMap<(Node, String), Node>,
    deeds: Vec<Deed>,
}

/// An open descriptor.
#[derive(Clone)]
struct Handle {
    node: Node,
    at: u64,
    append: bool,
    /// Which of the calls made it.
    made: usize,
}

/// How the names that no fsync covers fare in one crash.
#[derive(Clone, Copy)]
enum Unsynced {
    /// All lost.
    Lost,
    /// In the order in which they were made, up to some moment: a journal of the file system.
    Ordered,
    /// The same for each folder on its own.
    EachFolder,
}

impl Tape {
    /// Begins with what lies in `root` now, which counts as safe. `root` exists and holds nothing but what is watched.
    pub fn new(root: &Path) -> Self {
        let (inodes, names) = (vec![Inode::Folder], BTreeMap::new());
        let mut tape = Self { root: root.to_owned(), inodes, names, begin: BTreeMap::new(), deeds: Vec::new() };
        tape.take_in(root, 0);
        tape.begin = tape.names.clone();
        tape
    }

    fn take_in(&mut self, folder: &Path, node: Node) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            let made = if path.is_dir() { Inode::Folder } else { Inode::File(fs::read(&path).unwrap()) };
            let fresh = self.add(made);
            self.names.insert((node, entry.file_name().into_string().unwrap()), fresh);
            if path.is_dir() {
                self.take_in(&path, fresh);
            }
        }
    }

    fn add(&mut self, inode: Inode) -> Node {
        self.inodes.push(inode);
        self.inodes.len() - 1
    }

    /// Notes something that was acknowledged now.
    pub fn say(&mut self, what: impl Into<String>) {
        self.deeds.push(Deed::Said(what.into()));
    }

    /// Takes in the calls of one process. Whatever `said` makes of bytes sent elsewhere (standard output, a socket) is noted.
    pub fn play(&mut self, calls: &[Call], said: impl Fn(&[u8]) -> Vec<String>) {
        let mut open: BTreeMap<i64, Handle> = BTreeMap::new();
        // Calls are counted as finished events; a sync covers what had finished when it began.
        let mut after = vec![self.deeds.len()];
        for (nth, call) in calls.iter().enumerate() {
            if call.done() {
                let since = after[call.began.min(after.len() - 1)];
                self.step(call, nth, since, &mut open, &said);
            }
            after.push(self.deeds.len());
        }
    }

    fn step(
        &mut self,
        call: &Call,
        nth: usize,
        since: usize,
        open: &mut BTreeMap<i64, Handle>,
        said: &impl Fn(&[u8]) -> Vec<String>,
    ) {
        let fd = call.descriptor(0).unwrap_or(-1);
        let result = call.result.unwrap();
        match call.name.as_str() {
            "openat" => drop(self.open(call, nth, result, open)),
            // Another thread may be given the number while this close has not returned yet.
            "close" if open.get(&fd).is_some_and(|h| h.made >= call.began) => {}
            "close" => drop(open.remove(&fd)),
            "dup" | "dup2" | "dup3" => twin(open, fd, result, nth),
            "fcntl" if call.arg(1).starts_with("F_DUPFD") => twin(open, fd, result, nth),
            "fcntl" | "pread64" => {}
            "lseek" => drop(open.get_mut(&fd).map(|h| h.at = result.cast_unsigned())),
            "read" => drop(open.get_mut(&fd).map(|h| h.at += result.cast_unsigned())),
            "write" | "sendto" => match open.get_mut(&fd) {
                Some(handle) => {
                    let at = if handle.append { self.size(handle.node) } else { handle.at };
                    handle.at = at + result.cast_unsigned();
                    let node = handle.node;
                    self.write(node, at, call.bytes(1), result);
                }
                None => said(&call.bytes(1)).into_iter().for_each(|what| self.say(what)),
            },
            "writev" if !open.contains_key(&fd) => {
                said(call_text(call).as_bytes()).into_iter().for_each(|what| self.say(what));
            }
            "pwrite64" => {
                if let Some(handle) = open.get(&fd) {
                    self.write(handle.node, call.number(3), call.bytes(1), result);
                }
            }
            "ftruncate" => {
                if let Some(handle) = open.get(&fd) {
                    self.deeds.push(Deed::Bytes(handle.node, Bytes::Size(call.number(1))));
                }
            }
            "fsync" | "fdatasync" => {
                if let Some(handle) = open.get(&fd) {
                    self.deeds.push(Deed::Sync { node: handle.node, since });
                }
            }
            _ => self.rename_or_remove(call, open),
        }
    }

    fn open(&mut self, call: &Call, made: usize, fd: i64, open: &mut BTreeMap<i64, Handle>) -> Option<()> {
        let flags = call.arg(2);
        let (folder, name) = self.find(call, 0, 1, open)?;
        let held = if name.is_empty() { Some(folder) } else { self.names.get(&(folder, name.clone())).copied() };
        let node = match held {
            Some(node) => node,
            None => {
                assert!(flags.contains("O_CREAT"), "opened, though the model has no such file: {name}");
                let fresh = self.add(Inode::File(Vec::new()));
                self.rename(vec![(folder, name, Some(fresh))]);
                fresh
            }
        };
        if flags.contains("O_TRUNC") {
            self.deeds.push(Deed::Bytes(node, Bytes::Size(0)));
        }
        open.insert(fd, Handle { node, at: 0, append: flags.contains("O_APPEND"), made });
        Some(())
    }

    fn rename_or_remove(&mut self, call: &Call, open: &BTreeMap<i64, Handle>) {
        let at = |fd: usize, path: usize, tape: &Self| tape.find(call, fd, path, open);
        let (from, to) = match call.name.as_str() {
            "rename" => (at(9, 0, self), at(9, 1, self)),
            "renameat" | "renameat2" => (at(0, 1, self), at(2, 3, self)),
            "unlink" | "rmdir" => (at(9, 0, self), None),
            "unlinkat" => (at(0, 1, self), None),
            "mkdir" | "mkdirat" => {
                let named = if call.name == "mkdir" { at(9, 0, self) } else { at(0, 1, self) };
                if let Some((folder, name)) = named {
                    let fresh = self.add(Inode::Folder);
                    self.rename(vec![(folder, name, Some(fresh))]);
                }
                return;
            }
            "link" | "linkat" => {
                let (from, to) = if call.name == "link" {
                    (at(9, 0, self), at(9, 1, self))
                } else {
                    (at(0, 1, self), at(2, 3, self))
                };
                if let (Some(from), Some((folder, name))) = (from, to) {
                    let node = self.names.get(&from).copied();
                    self.rename(vec![(folder, name, node)]);
                }
                return;
            }
            other => {
                let below = call.file().starts_with(&self.root);
                assert!(!below, "the model does not know {other} of {}", call.file().display());
                return;
            }
        };
        let Some((folder, name)) = from else {
            assert!(to.is_none(), "moved in from outside");
            return;
        };
        let node = self.names.get(&(folder, name.clone())).copied();
        // The place it ends in comes first: its folder is the one that makes the move safe.
        let mut names: Names = to.into_iter().map(|(folder, name)| (folder, name, node)).collect();
        names.push((folder, name, None));
        self.rename(names);
    }

    fn rename(&mut self, names: Names) {
        apply(&mut self.names, &names);
        self.deeds.push(Deed::Names(names));
    }

    /// The folder and the name that a call is about (no name: the folder itself); nothing when it lies elsewhere.
    fn find(&self, call: &Call, fd: usize, path: usize, open: &BTreeMap<i64, Handle>) -> Option<(Node, String)> {
        let path = call.path(path);
        let (mut folder, rest) = match open.get(&call.descriptor(fd).unwrap_or(-1)) {
            Some(handle) if path.is_relative() => (handle.node, path),
            _ => (0, path.strip_prefix(&self.root).ok()?.to_owned()),
        };
        let parts: Vec<String> = rest
            .components()
            .filter(|c| *c != Component::CurDir)
            .map(|c| c.as_os_str().to_str().unwrap().to_owned())
            .collect();
        let Some((last, way)) = parts.split_last() else { return Some((folder, String::new())) };
        for part in way {
            folder = *self.names.get(&(folder, part.clone())).unwrap_or_else(|| panic!("no folder {part}"));
        }
        Some((folder, last.clone()))
    }

    fn write(&mut self, node: Node, at: u64, mut data: Vec<u8>, written: i64) {
        data.truncate(usize::try_from(written).unwrap());
        self.deeds.push(Deed::Bytes(node, Bytes::Write { at, data }));
    }

    /// The size of a file now: only files that are appended to are asked.
    fn size(&self, node: Node) -> u64 {
        let begin = match &self.inodes[node] {
            Inode::File(bytes) => bytes.len() as u64,
            Inode::Folder => 0,
        };
        self.deeds.iter().fold(begin, |size, deed| match deed {
            Deed::Bytes(n, Bytes::Write { at, data }) if *n == node => size.max(at + data.len() as u64),
            Deed::Bytes(n, Bytes::Size(to)) if *n == node => *to,
            _ => size,
        })
    }

    /// Number of moments at which the power can go.
    pub fn moments(&self) -> usize {
        self.deeds.len() + 1
    }

    /// What had been acknowledged at a moment.
    pub fn said(&self, moment: usize) -> Vec<&str> {
        let said = self.deeds[..moment].iter();
        said.filter_map(|deed| if let Deed::Said(what) = deed { Some(what.as_str()) } else { None }).collect()
    }

    /// The power goes at a moment; what the disk holds afterwards.
    pub fn crash(&self, moment: usize, chance: &mut Chance) -> Disk {
        let deeds = &self.deeds[..moment];
        let mut safe: BTreeMap<Node, usize> = BTreeMap::new();
        for deed in deeds {
            if let Deed::Sync { node, since } = deed {
                safe.entry(*node).and_modify(|s| *s = *since.max(s)).or_insert(*since);
            }
        }
        let covered = |node: Node, at: usize| safe.get(&node).is_some_and(|since| at < *since);
        let names = self.surviving_names(deeds, &covered, chance);
        // Now and then everything that was under way arrives, or nothing of it.
        let share = [(40, 10), (40, 10), (40, 10), (90, 5), (100, 0), (0, 0)][chance.below(6)];
        let mut disk = Disk { inodes: self.inodes.clone(), names: self.begin.clone() };
        for (at, deed) in deeds.iter().enumerate() {
            match deed {
                Deed::Names(change) if names.contains(&at) => apply(&mut disk.names, change),
                Deed::Bytes(node, bytes) if covered(*node, at) => disk.put(*node, bytes),
                Deed::Bytes(node, bytes) => {
                    let drawn = chance.below(100);
                    if drawn < share.0 {
                        disk.put(*node, bytes);
                    } else if drawn < share.0 + share.1 {
                        disk.put_torn(*node, bytes, chance);
                    }
                }
                _ => {}
            }
        }
        disk
    }

    fn surviving_names(
        &self,
        deeds: &[Deed],
        covered: &impl Fn(Node, usize) -> bool,
        chance: &mut Chance,
    ) -> BTreeSet<usize> {
        let all: Vec<(usize, Node, bool)> = deeds
            .iter()
            .enumerate()
            .filter_map(|(at, deed)| match deed {
                Deed::Names(names) => Some((at, names[0].0, names.iter().any(|(f, _, _)| covered(*f, at)))),
                _ => None,
            })
            .collect();
        let last = |folder: Option<Node>| {
            let of = all.iter().filter(|(_, f, safe)| *safe && folder.is_none_or(|folder| folder == *f));
            of.map(|(at, _, _)| at + 1).max().unwrap_or(0)
        };
        match [Unsynced::Lost, Unsynced::Ordered, Unsynced::EachFolder][chance.below(3)] {
            Unsynced::Lost => all.iter().filter(|(_, _, safe)| *safe).map(|(at, _, _)| *at).collect(),
            Unsynced::Ordered => {
                let least = last(None);
                let until = least + chance.below(deeds.len() - least + 1);
                all.iter().map(|(at, _, _)| *at).filter(|at| *at < until).collect()
            }
            Unsynced::EachFolder => {
                let folders: BTreeSet<Node> = all.iter().map(|(_, f, _)| *f).collect();
                let until: BTreeMap<Node, usize> = folders
                    .into_iter()
                    .map(|f| (f, last(Some(f))))
                    .map(|(f, least)| (f, least + chance.below(deeds.len() - least + 1)))
                    .collect();
                all.iter().filter(|(at, f, safe)| *safe || *at < until[f]).map(|(at, _, _)| *at).collect()
            }
        }
    }

    /// The disk when everything arrives: what the program itself sees.
    pub fn whole(&self) -> Disk {
        let mut disk = Disk { inodes: self.inodes.clone(), names: self.begin.clone() };
        for deed in &self.deeds {
            match deed {
                Deed::Names(change) => apply(&mut disk.names, change),
                Deed::Bytes(node, bytes) => disk.put(*node, bytes),
                _ => {}
            }
        }
        disk
    }
}

/// A second descriptor of what `fd` is open on.
fn twin(open: &mut BTreeMap<i64, Handle>, fd: i64, second: i64, made: usize) {
    if let Some(handle) = open.get(&fd) {
        open.insert(second, Handle { made, ..handle.clone() });
    }
}

/// The strings of a `writev` in one.
fn call_text(call: &Call) -> String {
    let parts = (1..).map(|n| call.arg(n)).take_while(|a| !a.is_empty());
    let bytes: Vec<u8> = parts
        .filter_map(|a| a.split_once("iov_base=\"")?.1.split('"').next())
        .flat_map(|hex| hex.split("\\x").skip(1).map(|h| u8::from_str_radix(h, 16).unwrap()))
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn apply(names: &mut BTreeMap<(Node, String), Node>, change: &Names) {
    for (folder, name, node) in change {
        match node {
            Some(node) => drop(names.insert((*folder, name.clone()), *node)),
            None => drop(names.remove(&(*folder, name.clone()))),
        }
    }
}

/// What a disk holds.
pub struct Disk {
    inodes: Vec<Inode>,
    names: BTreeMap<(Node, String), Node>,
}

impl Disk {
    fn put(&mut self, node: Node, bytes: &Bytes) {
        let Inode::File(file) = &mut self.inodes[node] else { panic!("a folder has no bytes") };
        match bytes {
            Bytes::Size(size) => file.resize(usize::try_from(*size).unwrap(), 0),
            Bytes::Write { at, data } => {
                let at = usize::try_from(*at).unwrap();
                file.resize(file.len().max(at + data.len()), 0);
                file[at..at + data.len()].copy_from_slice(data);
            }
        }
    }

    /// Some sectors from the first on, not all.
    fn put_torn(&mut self, node: Node, bytes: &Bytes, chance: &mut Chance) {
        let Bytes::Write { at, data } = bytes else { return };
        let cuts = (at + data.len() as u64 - 1) / SECTOR - at / SECTOR;
        let cut = (at / SECTOR + 1 + chance.next() % cuts.max(1)) * SECTOR;
        if cuts > 0 {
            let data = data[..usize::try_from(cut - at).unwrap()].to_vec();
            self.put(node, &Bytes::Write { at: *at, data });
        }
    }

    /// Every file and folder by its path; the shared memory of SQLite does not outlive a process.
    pub fn files(&self) -> BTreeMap<PathBuf, Option<&[u8]>> {
        let mut out = BTreeMap::new();
        self.walk(0, Path::new(""), &mut out);
        out
    }

    fn walk<'a>(&'a self, folder: Node, path: &Path, out: &mut BTreeMap<PathBuf, Option<&'a [u8]>>) {
        for ((_, name), node) in self.names.range((folder, String::new())..(folder + 1, String::new())) {
            let path = path.join(name);
            match &self.inodes[*node] {
                Inode::File(_) if name.ends_with("-shm") => {}
                Inode::File(bytes) => drop(out.insert(path, Some(bytes))),
                Inode::Folder => {
                    self.walk(*node, &path, out);
                    out.insert(path, None);
                }
            }
        }
    }

    /// Writes the disk into a folder, which is emptied first.
    pub fn write_to(&self, folder: &Path) {
        if folder.exists() {
            fs::remove_dir_all(folder).unwrap();
        }
        fs::create_dir_all(folder).unwrap();
        for (path, bytes) in self.files() {
            let path = folder.join(path);
            match bytes {
                Some(bytes) => {
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(&path, bytes).unwrap();
                    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
                }
                None => fs::create_dir_all(&path).unwrap(),
            }
        }
    }

    /// Where this disk and a real folder differ: a call that the model missed.
    pub fn differs_from(&self, folder: &Path) -> Vec<PathBuf> {
        let real = Tape::new(folder).whole();
        let (ours, real) = (self.files(), real.files());
        let paths: BTreeSet<&PathBuf> = ours.keys().chain(real.keys()).collect();
        paths.into_iter().filter(|p| ours.get(*p) != real.get(*p)).cloned().collect()
    }
}
