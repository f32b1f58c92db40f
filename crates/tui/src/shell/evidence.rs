//! Evidence on its way in and out: files read with care, bytes kept once, and a look at them that leaves no file behind.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use bansou_core::attachment::{self, AttachmentAction, AttachmentCommand, NewAttachment, TEXT};
use bansou_core::command::Command;
use bansou_core::record::v1::{Attachment, Id};
use bansou_core::refusal::Refusal;
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::hex;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::clock;
use super::failure::Failure;
use super::home::Home;
use super::place;
use crate::app::evidence::{Given, Source};
use crate::words::Words;

mod charset;
mod look;

pub use look::{Look, look};

/// Takes evidence in; gives the record, and whether the store held these bytes already. Bytes that it holds, also of an
/// attachment that was deleted, are not stored again.
pub fn add(home: &mut Home, given: Given) -> Result<(Attachment, bool), Failure> {
    let most = place::settings().largest_attachment;
    let (name, bytes, pasted) = match given.source {
        Source::File(path) => (path.clone(), read(Path::new(&path), most)?, false),
        Source::Text { name, text } => (name, Zeroizing::new(text.into_bytes()), true),
    };
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    let hash = Sha256::digest(&bytes);
    let stored = home.holding(&hash.into());
    let blob = stored.unwrap_or_else(|| Id::grown(&clock::seed(), 0));
    let new = NewAttachment {
        name,
        // What was typed or pasted is text, whatever steers in it; it is left out where it is shown.
        media: if pasted { TEXT } else { media(&bytes) }.to_owned(),
        size: bytes.len() as u64,
        sha256: hex(&hash),
        blob,
        dated: given.dated,
        note: given.note,
        links: given.links,
        pasted,
    };
    let action = AttachmentAction::Add(Box::new(new));
    let command = Command::Attachment(AttachmentCommand { engagement: given.engagement, action });
    let fresh: &[(Id, &[u8])] = if stored.is_some() { &[] } else { &[(blob, &bytes)] };
    let changes = home.apply_with(command, fresh)?;
    let id = changes.first().map(|c| c.id).ok_or(Refusal::NotFound { what: "attachment" })?;
    Ok((named(home, id)?.clone(), stored.is_some()))
}

/// An attachment by its id.
pub fn named(home: &Home, id: Id) -> Result<&Attachment, Failure> {
    Ok(home.books.attachments.get(&id).ok_or(Refusal::NotFound { what: "attachment" })?)
}

/// The title and the lines of an attachment that is text, without what steers a screen; none of any other kind. The
/// title says the encoding where that is not UTF-8, and whether it is only the one that fits.
pub fn text(home: &Home, of: &Attachment, lang: Lang) -> Result<Option<(String, Vec<String>)>, Failure> {
    if !of.media.starts_with(TEXT) {
        return Ok(None);
    }
    let bytes = home.blob(of.blob)?;
    let Some((_, charset)) = of.media.split_once("charset=") else {
        return Ok(std::str::from_utf8(&bytes).ok().map(|text| (of.name.clone(), attachment::lines(text))));
    };
    Ok(charset::read(&bytes).map(|found| {
        let word = if found.assumed { "attach.assumed" } else { "attach.encoded" };
        let title = Words::new(lang).fill(word, &[("name", &of.name), ("charset", charset)]);
        (title, attachment::lines(&found.text))
    }))
}

/// What kind of file these bytes are; a text in an older encoding says in which.
fn media(bytes: &[u8]) -> &'static str {
    match attachment::media(bytes) {
        "application/octet-stream" => charset::read(bytes).map_or("application/octet-stream", |found| found.media),
        other => other,
    }
}

fn refused(ja: impl Into<String>, en: impl Into<String>) -> Failure {
    Failure::Place { code: "E-ATTACH", ja: ja.into(), en: en.into() }
}

fn too_large(most: u64) -> Failure {
    let most = most >> 20;
    refused(
        format!(
            "証拠が大きすぎます({most} MBまで)。要る部分だけにするか、設定 safety.attachment_mb を変えてください。"
        ),
        format!(
            "The evidence is too large (at most {most} MB). Take the part that is needed, or change the setting safety.attachment_mb."
        ),
    )
}

/// The bytes of an ordinary file that is not being written meanwhile. Nothing is followed or waited for: what a name
/// leads to must be what the person sees there.
fn read(path: &Path, most: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let mut file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        Err(Errno::LOOP) => {
            return Err(refused(
                "シンボリックリンクは取り込みません。指しているファイルそのものを指定してください。",
                "A symbolic link is not taken in. Name the file that it leads to.",
            ));
        }
        // A socket cannot be opened.
        Err(Errno::NXIO) => return Err(not_a_file()),
        Err(e) => return Err(Failure::file(path, &e.into())),
    };
    let wrong = |e: std::io::Error| Failure::file(path, &e);
    let before = file.metadata().map_err(wrong)?;
    let kind = before.file_type();
    if kind.is_dir() {
        return Err(refused(
            "フォルダーは取り込みません。中のファイルを一つずつ指定してください。",
            "A folder is not taken in. Name its files one by one.",
        ));
    }
    if !kind.is_file() {
        return Err(not_a_file());
    }
    if before.len() > most {
        return Err(too_large(most));
    }
    // One piece, so that no smaller copy is left behind; a byte more tells that the file has grown.
    let mut bytes = Zeroizing::new(Vec::with_capacity(before.len() as usize + 1));
    (&mut file).take(before.len() + 1).read_to_end(&mut bytes).map_err(wrong)?;
    let after = file.metadata().map_err(wrong)?;
    let moment = |m: &std::fs::Metadata| (m.len(), m.mtime(), m.mtime_nsec());
    if bytes.len() as u64 != before.len() || moment(&before) != moment(&after) {
        return Err(refused(
            "読んでいる間にファイルが変わりました。書き終わってからもう一度取り込んでください。",
            "The file changed while it was read. Take it in again when it is finished.",
        ));
    }
    Ok(bytes)
}

fn not_a_file() -> Failure {
    refused(
        "ふつうのファイルではありません。装置・パイプ・ソケットは取り込みません。",
        "This is no ordinary file. Devices, pipes and sockets are not taken in.",
    )
}
