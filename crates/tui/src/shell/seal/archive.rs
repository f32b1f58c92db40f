//! The tar inside a bundle: written in one fixed way, and read only when it was written that way.

use zeroize::Zeroizing;

use super::SealError;
use crate::shell::vault::padding::padded;

const BLOCK: usize = 512;
const FLOOR: usize = 64 << 10;

/// Joins named entries, ends the archive and pads it with zeros to a Padmé size of at least 64 KiB.
pub(super) fn pack(entries: &[(&str, &[u8])]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let content: usize = entries.iter().map(|(_, bytes)| BLOCK + bytes.len().next_multiple_of(BLOCK)).sum();
    let size = padded(content + 2 * BLOCK, FLOOR);
    let mut out = Zeroizing::new(Vec::with_capacity(size));
    for (name, bytes) in entries {
        out.extend_from_slice(&header(name, bytes.len())?);
        out.extend_from_slice(bytes);
        let whole = out.len().next_multiple_of(BLOCK);
        out.resize(whole, 0);
    }
    out.resize(size, 0);
    Ok(out)
}

/// A cursor over a tar that must be byte for byte what `pack` writes.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(tar: &'a [u8]) -> Self {
        Self(tar)
    }

    /// Takes the next entry, which must have this name and at most `limit` bytes.
    pub(super) fn entry(&mut self, name: &str, limit: usize) -> Result<&'a [u8], SealError> {
        let (head, rest) = self.0.split_at_checked(BLOCK).ok_or(SealError::Archive)?;
        let digits = std::str::from_utf8(&head[124..135]).map_err(|_| SealError::Archive)?;
        let size = usize::from_str_radix(digits, 8).map_err(|_| SealError::Archive)?;
        // Comparing the whole header refuses links, folders, other owners, times and modes at once.
        if size > limit || head != header(name, size)? {
            return Err(SealError::Archive);
        }
        let (body, rest) = rest.split_at_checked(size.next_multiple_of(BLOCK)).ok_or(SealError::Archive)?;
        let (bytes, fill) = body.split_at(size);
        self.0 = rest;
        if fill.iter().any(|b| *b != 0) {
            return Err(SealError::Archive);
        }
        Ok(bytes)
    }

    /// Requires that only the end of the archive and zero padding are left.
    pub(super) fn finish(self) -> Result<(), SealError> {
        if self.0.len() < 2 * BLOCK || self.0.iter().any(|b| *b != 0) {
            return Err(SealError::Archive);
        }
        Ok(())
    }
}

/// The only header that we write and read: a regular private file without owner and time.
pub(in crate::shell) fn header(name: &str, size: usize) -> Result<[u8; BLOCK], SealError> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name).map_err(|_| SealError::Archive)?;
    header.set_size(size as u64);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(*header.as_bytes())
}
