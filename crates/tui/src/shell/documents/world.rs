//! The typesetter's whole world: built-in templates, fonts and one data sheet. No file, no clock, no network.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{DiagSpan, FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use super::fonts::{self, Case};
use super::kind::{DocumentKind, SHARED};

/// What all documents share, kept warm.
pub(super) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    case: Case,
    shared: Source,
    data_id: FileId,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(fonts::book()),
            case: Case::new(),
            shared: Source::new(file_id("lib.typ"), SHARED.to_owned()),
            data_id: file_id("data.json"),
        }
    }

    pub(super) fn warm(&self) {
        self.case.warm();
    }
}

/// One document on the desk: its template and its data.
pub(super) struct Sheet<'a> {
    desk: &'a Desk,
    main: Source,
    data: Bytes,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(desk: &'a Desk, kind: DocumentKind, data: Vec<u8>) -> Self {
        let id = file_id(&format!("{}.typ", kind.name()));
        Self { desk, main: Source::new(id, kind.template().to_owned()), data: Bytes::new(data) }
    }

    /// The template file and line (from 1; 0 when unknown) of a complaint.
    pub(super) fn place(&self, span: DiagSpan) -> (String, usize) {
        let id = span.id().unwrap_or_else(|| self.main.id());
        let line = self
            .range(span)
            .zip(self.source(id).ok())
            .and_then(|(range, source)| source.lines().byte_to_line(range.start))
            .map_or(0, |line| line + 1);
        (id.get().vpath().get_without_slash().to_owned(), line)
    }

    /// The first character of the data that no face can print, as `U+XXXX`.
    pub(super) fn unprintable(&self) -> Option<String> {
        let text = self.data.as_str().ok()?;
        let found = text.chars().find(|c| !c.is_control() && !self.desk.case.prints(*c))?;
        Some(format!("U+{:04X}", u32::from(found)))
    }
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.desk.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.desk.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.desk.shared].into_iter().find(|source| source.id() == id).cloned().ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.desk.data_id { Ok(self.data.clone()) } else { Err(absent(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.desk.case.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("built-in names hold no path steps");
    RootedPath::new(VirtualRoot::Project, path).intern()
}
