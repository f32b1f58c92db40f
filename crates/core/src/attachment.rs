//! Attachments: taking evidence in, telling what kind it is, and tying it to what it proves something about.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::findings::known_question;
use crate::programme::Pack;
use crate::record::v1::{Attachment, Engagement, Id, Links, Record};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, optional, required, steers, within};

/// Changes to the attachments of an engagement.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachmentCommand {
    pub engagement: Id,
    pub action: AttachmentAction,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AttachmentAction {
    /// The shell has put the bytes into the vault, or does so in the same transaction.
    Add(Box<NewAttachment>),
    Edit {
        attachment: Id,
        dated: Option<Date>,
        note: String,
        links: Links,
    },
    /// Only the record goes. The blob stays for undo and the bin, until its client is erased: see `retention::purge`.
    Remove(Id),
}

/// An attachment as it comes.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAttachment {
    /// Any path or name; only its base name is kept.
    pub name: String,
    pub media: String,
    pub size: u64,
    pub sha256: String,
    /// Where its bytes lie in the vault.
    pub blob: Id,
    pub dated: Option<Date>,
    pub note: String,
    pub links: Links,
    pub pasted: bool,
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: AttachmentCommand) -> Edits {
    let engagement = crate::engagement::find(books, command.engagement)?;
    let pack = ctx.pack(&engagement.programme)?;
    match command.action {
        AttachmentAction::Add(new) => {
            check(books, ctx, pack, engagement, (new.dated, &new.note, &new.links))?;
            let name = clean(&new.name);
            required("name", &name, LINE)?;
            if new.size == 0 {
                return Err(Refusal::Empty { field: "attachment" });
            }
            put(Record::Attachment(Attachment {
                id: ctx.id(0),
                engagement: engagement.id,
                name,
                media: new.media,
                size: new.size,
                sha256: new.sha256,
                blob: new.blob,
                imported_at: after_the_others(books, engagement, ctx.now),
                dated: new.dated,
                note: new.note,
                links: new.links,
                pasted: new.pasted,
            }))
        }
        AttachmentAction::Edit { attachment, dated, note, links } => {
            let old = find(books, engagement.id, attachment)?;
            let fresh = |of: &Links| Links {
                questions: of.questions.difference(&old.links.questions).copied().collect(),
                plan_lines: of.plan_lines.difference(&old.links.plan_lines).copied().collect(),
                sessions: of.sessions.difference(&old.links.sessions).copied().collect(),
            };
            // A link to a line that was deleted since may stay; only new ones have to lead somewhere.
            check(books, ctx, pack, engagement, (dated, &note, &fresh(&links)))?;
            put(Record::Attachment(Attachment { dated, note, links, ..old.clone() }))
        }
        AttachmentAction::Remove(attachment) => Ok(vec![Edit::Remove(find(books, engagement.id, attachment)?.id)]),
    }
}

/// Attachments of one second keep their order, and with it their numbers: each is a millisecond after the one before.
fn after_the_others(books: &Books, engagement: &Engagement, at: DateTime) -> DateTime {
    let others = books.attachments_of(engagement.id).into_iter().map(|a| a.imported_at);
    let last = others.filter(|t| *t >= at && *t < at.saturating_add(1.second())).max();
    last.map_or(at, |last| last.saturating_add(1.millisecond()))
}

fn check(
    books: &Books,
    ctx: &Ctx<'_>,
    pack: &Pack,
    engagement: &Engagement,
    (dated, note, links): (Option<Date>, &str, &Links),
) -> Result<(), Refusal> {
    optional("note", note, LINE)?;
    if dated.is_some_and(|day| day > ctx.today()) {
        return Err(Refusal::FutureDate);
    }
    links.questions.iter().try_for_each(|n| known_question(pack, *n))?;
    let last = engagement.sessions.len() as u64;
    links.sessions.iter().try_for_each(|n| within("session", (*n).into(), 1, last))?;
    let planned = |id: &Id| books.plan_of(engagement.id).is_some_and(|p| p.lines.iter().any(|l| l.id == *id));
    match links.plan_lines.iter().all(planned) {
        true => Ok(()),
        false => Err(Refusal::NotFound { what: "plan line" }),
    }
}

fn find(books: &Books, engagement: Id, id: Id) -> Result<&Attachment, Refusal> {
    books.attachments.get(&id).filter(|a| a.engagement == engagement).ok_or(Refusal::NotFound { what: "attachment" })
}

/// The base name of a path, of whatever system, without what steers a screen; cut to the length of a line.
pub fn clean(path: &str) -> String {
    let base = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = base.chars().filter(|c| !steers(*c)).take(LINE).collect();
    kept.trim().to_owned()
}

/// Which attachments are about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Question(u8),
    Line(Id),
    Session(u8),
}

/// The attachments of an engagement that are tied to something, in the order of their numbers.
pub fn about(books: &Books, engagement: Id, of: Of) -> Vec<&Attachment> {
    let mut all = books.attachments_of(engagement);
    all.retain(|a| match of {
        Of::Question(n) => a.links.questions.contains(&n),
        Of::Line(id) => a.links.plan_lines.contains(&id),
        Of::Session(n) => a.links.sessions.contains(&n),
    });
    all
}

/// Beginnings of files, and what they are.
const MAGIC: [(&[u8], &str); 6] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
];

/// Folders by which an office document inside a ZIP file is known.
const OFFICE: [(&str, &str); 3] = [
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];

/// Plain text, the one kind that is shown on the screens: in UTF-8, unless `; charset=` follows.
pub const TEXT: &str = "text/plain";

/// What kind of file these bytes are, by themselves: a name can say anything.
pub fn media(bytes: &[u8]) -> &'static str {
    match MAGIC.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        Some((_, "application/zip")) => {
            let names = |folder: &str| memchr::memmem::find(bytes, folder.as_bytes()).is_some();
            let office = names("[Content_Types].xml");
            OFFICE.iter().find(|(folder, _)| office && names(folder)).map_or("application/zip", |(_, media)| media)
        }
        Some((_, media)) => media,
        None => match std::str::from_utf8(bytes) {
            Ok(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) => TEXT,
            _ => "application/octet-stream",
        },
    }
}

/// The lines of a text to be shown: nothing in them steers the screen.
pub fn lines(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}').replace('\t', "    ");
    text.lines().map(|line| line.chars().filter(|c| !steers(*c)).collect()).collect()
}
