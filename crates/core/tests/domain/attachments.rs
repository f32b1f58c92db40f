//! Attachments: taken in, tied, found, taken back, and what becomes of their bytes.

use bansou_core::attachment::{AttachmentAction, AttachmentCommand, NewAttachment, Of, about, clean, lines, media};
use bansou_core::books::Books;
use bansou_core::command::Command;
use bansou_core::export::{self, Content};
use bansou_core::history::{in_bin, reverse};
use bansou_core::record::v1::{Attachment, Id, Links};
use bansou_core::refusal::Refusal;
use bansou_core::retention::plan;
use bansou_core::search::{Index, Query};
use jiff::ToSpan as _;

use crate::world::*;

fn act(engagement: Id, action: AttachmentAction) -> Command {
    Command::Attachment(AttachmentCommand { engagement, action })
}

pub fn new(name: &str, blob: Id) -> NewAttachment {
    let sha256 = format!("{blob}{blob}");
    let media = "application/pdf".to_owned();
    let (note, links) = (String::new(), Links::default());
    NewAttachment { name: name.into(), media, size: 10, sha256, blob, dated: None, note, links, pasted: false }
}

pub fn add(world: &mut World, engagement: Id, new: NewAttachment) -> Attachment {
    let id = world.ok(act(engagement, AttachmentAction::Add(Box::new(new))))[0].id;
    world.books.attachments[&id].clone()
}

#[test]
fn a_name_is_its_last_part_without_what_steers() {
    for (given, kept) in [
        ("/home/u/契約書.pdf", "契約書.pdf"),
        ("C:\\文書\\台帳.xlsx", "台帳.xlsx"),
        ("a/b/", "b"),
        ("gpj.\u{202e}exe", "gpj.exe"),
        ("\u{1b}[2J名\n前", "[2J名前"),
        ("  x  ", "x"),
        ("/", ""),
        ("", ""),
    ] {
        assert_eq!(clean(given), kept, "{given:?}");
    }
    assert_eq!(clean(&"長".repeat(300)).chars().count(), 200);
    let (mut world, e) = World::begun();
    let nameless = act(e, AttachmentAction::Add(Box::new(new("/\u{202e}/", id(50)))));
    assert_eq!(world.no(nameless), Refusal::Empty { field: "name" });
    let empty = AttachmentAction::Add(Box::new(NewAttachment { size: 0, ..new("x", id(50)) }));
    assert_eq!(world.no(act(e, empty)), Refusal::Empty { field: "attachment" });
}

#[test]
fn the_kind_is_what_the_bytes_say() {
    let office = |folder: &str| [b"PK\x03\x04..[Content_Types].xml..", folder.as_bytes()].concat();
    for (bytes, kind) in [
        (b"%PDF-1.7".to_vec(), "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...".to_vec(), "image/png"),
        (b"\xff\xd8\xff\xe0".to_vec(), "image/jpeg"),
        (b"PK\x03\x04other".to_vec(), "application/zip"),
        (b"PK\x03\x04xl/ in a name".to_vec(), "application/zip"),
        (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("退職者のID\r\n\t2件".into(), "text/plain"),
        (b"\x1b[2J".to_vec(), "application/octet-stream"),
        (vec![0x83, 0x65, 0x83], "application/octet-stream"),
    ] {
        assert_eq!(media(&bytes), kind);
    }
    assert_eq!(lines("\u{feff}一\t二\r\n\u{202e}三\u{7}\n\n四"), ["一    二", "三", "", "四"]);
}

#[test]
fn it_is_tied_only_to_what_is_there_and_found_there() {
    let (mut world, e) = World::begun();
    let tied = |links| NewAttachment { links, ..new("台帳.pdf", id(50)) };
    let questions = |n| Links { questions: [n].into(), ..Links::default() };
    for (links, refusal) in [
        (questions(99), Refusal::UnknownItem { item: "99".into() }),
        (Links { sessions: [5].into(), ..Links::default() }, Refusal::OutOfRange { field: "session", min: 1, max: 4 }),
        (Links { plan_lines: [id(9)].into(), ..Links::default() }, Refusal::NotFound { what: "plan line" }),
    ] {
        assert_eq!(world.no(act(e, AttachmentAction::Add(Box::new(tied(links))))), refusal);
    }
    let tomorrow = world.now.date().checked_add(1.day()).unwrap();
    let to_come = NewAttachment { dated: Some(tomorrow), ..new("x", id(50)) };
    assert_eq!(world.no(act(e, AttachmentAction::Add(Box::new(to_come)))), Refusal::FutureDate);
    let first = add(&mut world, e, tied(questions(5)));
    let links = Links { sessions: [1].into(), ..questions(5) };
    let edit = AttachmentAction::Edit { attachment: first.id, dated: Some(TODAY), note: "控え".into(), links };
    world.ok(act(e, edit));
    let found = |of| about(&world.books, e, of).len();
    assert_eq!((found(Of::Question(5)), found(Of::Question(6)), found(Of::Session(1))), (1, 0, 1));
    let index = Index::build(&world.books, &PACKS);
    for word in ["台帳", "控え"] {
        let hits = index.find(&Query::new(word, str::to_owned));
        assert!(hits.iter().any(|hit| hit.record == first.id && hit.engagement == Some(e)), "{word}");
    }
    assert!(index.find(&Query::new(&first.sha256[..8], str::to_owned)).is_empty(), "a hash is nobody's word");
    assert_eq!(world.no(act(e, AttachmentAction::Remove(id(1)))), Refusal::NotFound { what: "attachment" });
}

#[test]
fn attachments_of_one_second_keep_their_order() {
    let (mut world, e) = World::begun();
    let came: Vec<Id> = (50..60).map(|n| add(&mut world, e, new("x", id(n))).id).collect();
    let listed: Vec<Id> = world.books.attachments_of(e).iter().map(|a| a.id).collect();
    assert_eq!(listed, came);
}

#[test]
fn adding_tying_and_deleting_are_taken_back_and_the_bin_has_what_was_deleted() {
    let (mut world, e) = World::begun();
    let first = add(&mut world, e, new("a.pdf", id(50)));
    let added = world.journal.last().unwrap().clone();
    let links = Links { questions: [3].into(), ..Links::default() };
    let edit = AttachmentAction::Edit { attachment: first.id, dated: None, note: String::new(), links };
    world.ok(act(e, edit));
    let tied = world.journal.last().unwrap().clone();
    world.ok(act(e, AttachmentAction::Remove(first.id)));
    let removed = world.journal.last().unwrap().clone();
    assert!(world.books.attachments.is_empty() && in_bin(&world.books, &removed, world.now.date()));
    for entry in [&removed, &tied] {
        let changes = reverse(&world.books, entry).unwrap();
        world.books.follow(&changes);
    }
    assert_eq!(world.books.attachments[&first.id], first, "with the blob it had");
    let changes = reverse(&world.books, &added).unwrap();
    world.books.follow(&changes);
    assert!(world.books.attachments.is_empty());
}

/// What the purge of the first engagement's client does to blobs.
fn erased(world: &World, engagement: Id) -> Vec<Id> {
    let journal: Vec<_> = (1..).zip(world.journal.iter().cloned()).collect();
    let client = world.books.engagements[&engagement].client;
    plan(&world.books, &PACKS, client, &journal, id(77), TODAY).unwrap().blobs
}

#[test]
fn an_erased_client_takes_its_bytes_along_also_from_the_bin_but_not_those_of_others() {
    let (mut world, one) = World::begun();
    let two = world.begin("K-0002");
    add(&mut world, one, new("own.pdf", id(50)));
    let deleted = add(&mut world, one, new("deleted.pdf", id(51)));
    world.ok(act(one, AttachmentAction::Remove(deleted.id)));
    add(&mut world, one, new("shared.pdf", id(52)));
    add(&mut world, two, new("shared.pdf", id(52)));
    // The other firm deleted its copy: it can still be put back there.
    add(&mut world, one, new("bin.pdf", id(53)));
    let binned = add(&mut world, two, new("bin.pdf", id(53)));
    world.ok(act(two, AttachmentAction::Remove(binned.id)));
    assert_eq!(erased(&world, one), [id(50), id(51)]);
    assert_eq!(erased(&world, two), []);
}

#[test]
fn an_export_has_the_files_under_their_names_and_a_table() {
    let (mut world, e) = World::begun();
    for (name, blob) in [("契約.pdf", 50), ("契約.pdf", 51), ("../-x y.tar.gz", 52), ("no ending", 53)] {
        add(&mut world, e, new(name, id(blob)));
    }
    let files = export::files(&world.books, &PACKS, &[]);
    let kept = files.iter().filter(|f| matches!(f.content, Content::Blob(_)) && f.path.contains("/evidence/"));
    let names: Vec<&str> = kept.map(|f| f.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(names.len(), 4);
    assert!(
        names.contains(&"契約.pdf") && names.contains(&"_-x y.tar.gz") && names.contains(&"no ending"),
        "{names:?}"
    );
    let table = files.iter().find(|f| f.path.ends_with("/evidence.csv")).unwrap();
    let Content::Text(table) = &table.content else { panic!("a text") };
    assert!(names.iter().all(|name| table.contains(&format!("evidence/{name}"))), "{table}");
    assert!(!export::files(&Books::default(), &PACKS, &[]).iter().any(|f| f.path.contains("evidence")));
}
