//! The tar of a backup, written and read strictly in one pass.

use std::io::{Read, Write};

use bansou_core::record::v1::backup::{BackupManifest, Line as _};
use zeroize::Zeroizing;

use super::super::LARGEST;
use super::super::error::VaultError;
use crate::shell::seal::tar_header;

const BLOCK: usize = 512;
/// Lines go into the next file of the archive after so many bytes.
const CHUNK: usize = 4 << 20;
/// A single line may hold the largest text with every character escaped.
const LONGEST: usize = 6 * LARGEST + CHUNK;
const README: &[u8] =
    b"A backup of bansou. journal/: every change, oldest first, one JSON document per line. records/: what the\n\
store holds now, one record per line, its own JSON in \"text\". blobs/: documents and attachments by id.\n\
docs/formats.md of bansou says the rest.\n";

/// A file of the archive: its name and its bytes.
type NamedFile = (String, Zeroizing<Vec<u8>>);

/// Writes the archive.
pub(super) struct Taper<'a> {
    out: &'a mut dyn Write,
    folder: &'static str,
    lines: Zeroizing<Vec<u8>>,
    files: u32,
}

impl<'a> Taper<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, folder: "", lines: Zeroizing::new(Vec::with_capacity(CHUNK + BLOCK)), files: 0 }
    }

    pub(super) fn manifest(&mut self, manifest: &BackupManifest) -> Result<(), VaultError> {
        self.file("README.txt", README)?;
        self.file("manifest.json", &manifest.line())
    }

    /// Adds one line to the files of a folder.
    pub(super) fn line(&mut self, folder: &'static str, line: &[u8]) -> Result<(), VaultError> {
        if !self.lines.is_empty() && self.lines.len() + line.len() > CHUNK {
            self.write_lines()?;
        }
        self.folder = folder;
        self.lines.extend_from_slice(line);
        Ok(())
    }

    /// Ends a folder of lines.
    pub(super) fn cut(&mut self) -> Result<(), VaultError> {
        self.write_lines()?;
        self.files = 0;
        Ok(())
    }

    fn write_lines(&mut self) -> Result<(), VaultError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        self.files += 1;
        let lines = std::mem::replace(&mut self.lines, Zeroizing::new(Vec::with_capacity(CHUNK + BLOCK)));
        self.file(&format!("{}/{:06}.jsonl", self.folder, self.files), &lines)
    }

    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
        self.out.write_all(&tar_header(name, bytes.len()).map_err(|_| VaultError::TooLarge)?)?;
        self.out.write_all(bytes)?;
        Ok(self.out.write_all(&[0; BLOCK][..bytes.len().next_multiple_of(BLOCK) - bytes.len()])?)
    }

    pub(super) fn finish(self) -> Result<(), VaultError> {
        Ok(self.out.write_all(&[0; 2 * BLOCK])?)
    }
}

/// Reads the archive; anything that `Taper` does not write is refused.
pub(super) struct Tape<R>(R);

impl<R: Read> Tape<R> {
    pub(super) fn new(stream: R) -> Self {
        Self(stream)
    }

    pub(super) fn manifest(&mut self) -> Result<BackupManifest, VaultError> {
        match (self.next()?, self.next()?) {
            (Some((readme, _)), Some((name, text))) if readme == "README.txt" && name == "manifest.json" => {
                let manifest = BackupManifest::read(&text).map_err(|_| VaultError::Backup)?;
                if manifest.v == 1 { Ok(manifest) } else { Err(VaultError::Newer) }
            }
            _ => Err(VaultError::Backup),
        }
    }

    /// The next file; none at the proper end of the archive.
    pub(super) fn next(&mut self) -> Result<Option<NamedFile>, VaultError> {
        let head = self.take(BLOCK)?;
        if head.iter().all(|b| *b == 0) {
            let end = self.take(BLOCK)?;
            let more = self.0.read(&mut [0; 1]).map_err(|_| VaultError::Backup)?;
            return if more == 0 && end.iter().all(|b| *b == 0) { Ok(None) } else { Err(VaultError::Backup) };
        }
        let text = |range| std::str::from_utf8(&head[range]).map_err(|_| VaultError::Backup);
        let name = text(0..100)?.trim_end_matches('\0').to_owned();
        let size = usize::from_str_radix(text(124..135)?, 8).map_err(|_| VaultError::Backup)?;
        // Comparing the whole header refuses links, folders, other owners, times and modes at once.
        if size > LONGEST || tar_header(&name, size).ok().as_ref().map(<[u8; BLOCK]>::as_slice) != Some(&head) {
            return Err(VaultError::Backup);
        }
        let mut bytes = self.take(size.next_multiple_of(BLOCK))?;
        if bytes[size..].iter().any(|b| *b != 0) {
            return Err(VaultError::Backup);
        }
        bytes.truncate(size);
        Ok(Some((name, bytes)))
    }

    /// A damaged or cut stream fails here, before its bytes are used.
    fn take(&mut self, size: usize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let mut bytes = Zeroizing::new(vec![0; size]);
        self.0.read_exact(&mut bytes).map_err(|_| VaultError::Backup)?;
        Ok(bytes)
    }
}
