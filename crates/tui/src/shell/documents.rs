//! Official documents: a data sheet and a built-in template become a PDF/A file in memory, never on disk.

mod contract;
mod fonts;
mod kind;
#[cfg(test)]
mod tests;
mod world;

pub use kind::DocumentKind;

use serde_json::Value;
use sha2::{Digest, Sha256};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use contract::Contracts;
use world::{Desk, Sheet};

/// Why a document could not be made. Names templates, lines and fields, never the values in them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error(
        "The document {kind} needs the field {field}, which was not given. Fill it in (or pass null where it may be empty).\n文書 {kind} に必要な項目 {field} がありません。入力してからやり直してください。"
    )]
    Missing { kind: &'static str, field: String },
    #[error(
        "The document {kind} does not know the field {field}. Remove it or correct its name.\n文書 {kind} に項目 {field} はありません。名前を確かめてください。"
    )]
    Unknown { kind: &'static str, field: String },
    #[error(
        "In the document {kind} the field {field} must be {expected}.\n文書 {kind} の項目 {field} の形が違います（必要な形: {expected}）。"
    )]
    Shape { kind: &'static str, field: String, expected: &'static str },
    #[error(
        "The document {kind} holds the character {character}, which no built-in font can print. Replace it.\n文書 {kind} に印字できない文字 {character} があります。別の文字に直してください。"
    )]
    Unprintable { kind: &'static str, character: String },
    #[error(
        "The template {template}, line {line}, could not be set: {reason}. Report this with the edition number of the program.\n様式 {template} の {line} 行目を組めません。プログラムの版とともに知らせてください。"
    )]
    Template { template: String, line: usize, reason: String },
    #[error(
        "A part built into this program is damaged: {part}. Install the program again.\n組み込みの部品 {part} が壊れています。プログラムを入れ直してください。"
    )]
    Damaged { part: &'static str },
    #[error(
        "The time of issue cannot be written into the document. Use a date between the years 1 and 9999.\n発行日時を文書に書き込めません。"
    )]
    Stamp,
}

/// How many documents a cached part of the layout outlives its last use.
const CACHE_AGE: usize = 4;

/// A warm typesetter: fonts, templates and contracts are read once and shared by every document.
pub struct Typesetter {
    desk: Desk,
    contracts: Contracts,
    standards: PdfStandards,
}

impl Typesetter {
    /// Reads the built-in contracts and templates; the fonts are unpacked when a document first needs them.
    pub fn new() -> Result<Self, DocumentError> {
        Ok(Self {
            desk: Desk::new(),
            contracts: Contracts::built_in()?,
            standards: PdfStandards::new(&[PdfStandard::A_2b, PdfStandard::Ua_1])
                .map_err(|_| DocumentError::Damaged { part: "PDF standards" })?,
        })
    }

    /// Typesets `data` (shape: `templates/documents/contracts.json`) as a PDF/A-2b and PDF/UA-1 file.
    ///
    /// The same kind, data and stamp give the same bytes. `stamp` is the moment of issue, passed in by the caller.
    pub fn render(&self, kind: DocumentKind, data: &Value, stamp: jiff::Timestamp) -> Result<Vec<u8>, DocumentError> {
        self.contracts.check(kind, data)?;
        let bytes = data.to_string().into_bytes();
        let options = PdfOptions {
            ident: Smart::Custom(format!("{} {}", kind.name(), hex(&Sha256::digest(&bytes)))),
            creator: Smart::Custom(Some("Bansou".to_owned())),
            timestamp: Some(moment(stamp).ok_or(DocumentError::Stamp)?),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        self.warm_up();
        let sheet = Sheet::new(&self.desk, kind, bytes);
        let outcome = typst::compile::<PagedDocument>(&sheet)
            .output
            .and_then(|document| typst_pdf::pdf(&document, &options))
            .map_err(|errors| explain(&sheet, kind, errors.first()));
        // What the last few documents did not use is let go, so that the cache does not grow.
        typst::comemo::evict(CACHE_AGE);
        outcome
    }

    /// Unpacks the typefaces, so that the first document need not wait for them. May run on any thread beforehand.
    pub fn warm_up(&self) {
        self.desk.warm();
    }

    /// Empties the layout cache, which holds what recent documents said. Call it whenever the store is locked.
    pub fn forget() {
        typst::comemo::evict(0);
    }
}

/// The moment of issue in the form the PDF writer wants (UTC, whole seconds).
fn moment(stamp: jiff::Timestamp) -> Option<Timestamp> {
    let at = stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |value: i8| u8::try_from(value).ok();
    Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .map(Timestamp::new_utc)
}

/// Turns the typesetter's first complaint into one of ours, without the data it may quote.
fn explain(sheet: &Sheet<'_>, kind: DocumentKind, error: Option<&SourceDiagnostic>) -> DocumentError {
    let Some(error) = error else {
        return DocumentError::Damaged { part: "layout" };
    };
    if error.message.contains("could not be displayed") {
        let character = sheet.unprintable().unwrap_or_else(|| "?".to_owned());
        return DocumentError::Unprintable { kind: kind.name(), character };
    }
    let (template, line) = sheet.place(error.span);
    DocumentError::Template { template, line, reason: without_quotes(&error.message) }
}

/// A message with everything between quotation marks left out, because that may be client data.
fn without_quotes(message: &str) -> String {
    message.split(['"', '`']).step_by(2).collect::<Vec<_>>().join("…")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
