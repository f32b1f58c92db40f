//! Making documents: data from core, pages from the typesetter, bytes into the vault.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use bansou_core::agenda;
use bansou_core::books::Books;
use bansou_core::command::Command;
use bansou_core::document::{self, Request, Sheet};
use bansou_core::ics;
use bansou_core::record::v1::{Artefact, Id};
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::hex;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::clock;
use super::documents::{DocumentKind, Typesetter};
use super::failure::Failure;
use super::home::Home;

/// Sets a document without keeping it.
pub fn render(home: &Home, typesetter: &Typesetter, request: &Request) -> Result<(Sheet, Vec<u8>), Failure> {
    render_from(&home.books, home, typesetter, request)
}

/// Sets a document from other books than the home has now.
fn render_from(
    books: &Books,
    home: &Home,
    typesetter: &Typesetter,
    request: &Request,
) -> Result<(Sheet, Vec<u8>), Failure> {
    let now = home.now();
    let sheet = document::sheet(books, &home.packs, now.date(), request)?;
    let kind = DocumentKind::from_name(&sheet.kind)
        .ok_or_else(|| Failure::Step(format!("no layout for document {}", sheet.kind)))?;
    let bytes = typesetter.render(kind, &sheet.data, clock::stamp(now))?;
    Ok((sheet, bytes))
}

/// Makes a document and keeps it sealed in the vault.
pub fn make(home: &mut Home, typesetter: &Typesetter, request: &Request) -> Result<Artefact, Failure> {
    let (artefact, bytes) = made_from(&home.books, home, typesetter, request)?;
    let command = Command::KeepArtefact(Box::new(artefact.clone()));
    home.apply_with(command, &[(artefact.blob, &bytes)])?;
    Ok(artefact)
}

/// A document set from these books, and the record that will keep it.
pub fn made_from(
    books: &Books,
    home: &Home,
    typesetter: &Typesetter,
    request: &Request,
) -> Result<(Artefact, Vec<u8>), Failure> {
    let (sheet, bytes) = render_from(books, home, typesetter, request)?;
    let seed = clock::seed();
    let (engagement, session, claim) = match request {
        Request::Engagement { engagement, session, .. } => (Some(*engagement), *session, None),
        Request::Claim(id) => (None, None, Some(*id)),
        Request::PaymentList(_) | Request::Statistics => (None, None, None),
    };
    let artefact = Artefact {
        id: Id::grown(&seed, 0),
        engagement,
        document: sheet.kind,
        session,
        claim,
        made_at: home.now(),
        blob: Id::grown(&seed, 1),
        sha256: hex(&Sha256::digest(&bytes)),
        size: bytes.len() as u64,
        editions: sheet.editions,
    };
    Ok((artefact, bytes))
}

/// Writes a kept document to a file that must not exist yet.
pub fn save(home: &Home, blob: Id, file: &Path) -> Result<(), Failure> {
    let bytes: Zeroizing<Vec<u8>> = home.blob(blob)?;
    write_file(file, &bytes)
}

/// Writes the days ahead to a calendar file that must not exist yet.
pub fn save_calendar(home: &Home, file: &Path, names: bool, lang: Lang) -> Result<(), Failure> {
    let now = home.now();
    let events = agenda::events(&home.books, &home.packs, now.date());
    write_file(file, ics::file(&home.books, &events, now, lang, names).as_bytes())
}

/// Writes a new file, readable by its owner only, and sees it onto the disk.
pub fn write_file(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || {
        let mut out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        out.write_all(bytes)?;
        out.sync_all()
    };
    write().map_err(|e| Failure::file(file, &e))
}
