//! Everything of a home as readable files: which file stands where, and what is in it. The shell writes them.

mod names;
mod pages;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{Artefact, Delivery, Engagement, Id, JournalEntry, Record};
pub use names::safe;

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Below the folder of the export, with `/`; every part is a safe name.
    pub path: String,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// The bytes of a sealed attachment, as they are.
    Blob(Id),
}

/// Every file of a home but the list of them; `history` is the journal, oldest first. No key is among them.
pub fn files(books: &Books, packs: &[Pack], history: &[(u64, JournalEntry)]) -> Vec<File> {
    let mut tree = Tree::default();
    let folders = tree.folders(books);
    for record in books.records() {
        tree.record(books, &folders, &record);
    }
    for engagement in books.engagements.values() {
        tree.engagement(books, packs, &folders[&engagement.id], engagement);
    }
    tree.text("", "claims", "csv", tables::claims(books));
    tree.text("", "journal", "csv", tables::journal(history));
    let lines: String = history.iter().map(|(seq, entry)| tables::journal_line(*seq, entry)).collect();
    tree.text("", "journal", "jsonl", lines);
    tree.text("", "README", "txt", pages::README.to_owned());
    tree.files
}

#[derive(Default)]
struct Tree {
    files: Vec<File>,
    used: BTreeSet<String>,
}

impl Tree {
    /// A name that nothing in the folder has yet, also where case does not count; the id makes it one of its kind.
    fn free(&mut self, folder: &str, stem: &str, ending: &str, id: Id) -> String {
        let stem = safe(stem);
        let short = &id.to_string()[..8];
        let slash = if folder.is_empty() { "" } else { "/" };
        let candidates = [stem.clone(), format!("{stem}-{short}"), format!("{stem}-{id}")];
        let paths = candidates.map(|name| format!("{folder}{slash}{name}{ending}"));
        let mut paths = paths.into_iter();
        let found = paths.find(|path| self.used.insert(names::folded(path)));
        found.unwrap_or_else(|| format!("{folder}{slash}{id}-{}{ending}", self.used.len()))
    }

    fn text(&mut self, folder: &str, stem: &str, ending: &str, text: String) {
        let path = self.free(folder, stem, &format!(".{ending}"), Id([0; 16]));
        self.files.push(File { path, content: Content::Text(text) });
    }

    fn blob(&mut self, folder: &str, stem: &str, ending: &str, blob: Id) {
        let path = self.free(folder, stem, ending, blob);
        self.files.push(File { path, content: Content::Blob(blob) });
    }

    /// The folder of each client and of each engagement.
    fn folders(&mut self, books: &Books) -> BTreeMap<Id, String> {
        let mut folders = BTreeMap::new();
        for client in books.clients.values() {
            folders.insert(client.id, self.free("clients", &client.name, "", client.id));
        }
        for engagement in books.engagements.values() {
            let parent = folders.get(&engagement.client).map_or("other", String::as_str).to_owned();
            folders.insert(engagement.id, self.free(&parent, &engagement.case_no, "", engagement.id));
        }
        folders
    }

    /// A record as it is stored, and the attachments it names.
    fn record(&mut self, books: &Books, folders: &BTreeMap<Id, String>, record: &Record) {
        let of = |id: &Id| folders.get(id).cloned().unwrap_or_else(|| "other".to_owned());
        let (folder, stem) = match record {
            Record::Profile(_) => (String::new(), "profile"),
            Record::Enrolment(_) => (String::new(), "enrolment"),
            Record::Care(_) => (String::new(), "care"),
            Record::Hold(r) => (of(&r.client), "hold"),
            Record::Purge(_) => ("purges".to_owned(), "purge"),
            Record::Resumption(_) => (String::new(), "resumption"),
            Record::Phrase(_) => ("phrases".to_owned(), "phrase"),
            Record::Pairing(r) => (of(&r.engagement) + "/records", "pairing"),
            Record::Handout(r) => (of(&r.engagement) + "/records", "handout"),
            Record::Returned(r) => (of(&r.engagement) + "/records", "returned"),
            Record::Shared(r) => (of(&r.engagement) + "/records", "shared"),
            Record::Client(r) => (of(&r.id), "client"),
            Record::Engagement(r) => (of(&r.id), "engagement"),
            Record::Sheet(r) => (of(&r.engagement) + "/records", "sheet"),
            Record::Note(r) => (of(&r.engagement) + "/records", "note"),
            Record::Policy(r) => (of(&r.engagement) + "/records", "policy"),
            Record::Regulations(r) => (of(&r.engagement) + "/records", "regulations"),
            Record::Plan(r) => (of(&r.engagement) + "/records", "plan"),
            Record::FinalReport(r) => (of(&r.engagement) + "/records", "final-report"),
            Record::Artefact(r) => (papers_of(r, folders), "document"),
            Record::Attachment(r) => (of(&r.engagement) + "/records", "attachment"),
            Record::Claim(_) => ("claims".to_owned(), "claim"),
            Record::Outbox(_) => ("outbox".to_owned(), "bundle"),
            Record::Expert(_) => ("secretariat/experts".to_owned(), "expert"),
            Record::Case(_) => ("secretariat/cases".to_owned(), "case"),
            Record::Delivery(_) => ("secretariat/deliveries".to_owned(), "delivery"),
            Record::PayRun(_) => ("secretariat/payments".to_owned(), "pay-run"),
        };
        let path = self.free(&folder, stem, ".json", record.id());
        self.files.push(File { path, content: Content::Text(pretty(record)) });
        match record {
            Record::Artefact(r) => self.paper(&folder, r),
            Record::Outbox(r) => r.blob.iter().for_each(|b| self.blob(&folder, &format!("{:06}", r.seq), ".age", *b)),
            Record::Delivery(r) => self.parts(books, &folder, r),
            _ => {}
        }
    }

    fn paper(&mut self, folder: &str, paper: &Artefact) {
        let session = paper.session.map_or_else(String::new, |n| format!("-{n}"));
        let stem = format!("{}{session}-{}", paper.document, paper.made_at.date());
        self.blob(folder, &stem, ".pdf", paper.blob);
    }

    fn parts(&mut self, books: &Books, folder: &str, delivery: &Delivery) {
        let expert = books.experts.get(&delivery.expert).map_or(0, |e| e.number);
        for (role, blob) in &delivery.parts {
            self.blob(folder, &format!("E-{expert:03}-{:06}-{role}", delivery.seq), ".pdf", *blob);
        }
    }

    /// The attachments under the names they came with, and the table that says what each is.
    fn evidence(&mut self, about: &pages::About<'_>, folder: &str) {
        let attachments = about.books.attachments_of(about.engagement.id);
        let evidence = format!("{folder}/evidence");
        let mut paths = Vec::new();
        for attachment in &attachments {
            // Programs know a file by a short ending; what is behind any other dot is part of the name.
            let plain = |end: &str| (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric());
            let (stem, ending) = match attachment.name.rsplit_once('.').filter(|(_, end)| plain(end)) {
                Some((stem, end)) => (stem, format!(".{end}")),
                None => (attachment.name.as_str(), String::new()),
            };
            self.blob(&evidence, stem, &ending, attachment.blob);
            paths.extend(self.files.last().map(|f| f.path[folder.len() + 1..].to_owned()));
        }
        if !attachments.is_empty() {
            self.text(folder, "evidence", "csv", tables::evidence(&attachments, &paths));
        }
    }

    /// What a person reads of an engagement.
    fn engagement(&mut self, books: &Books, packs: &[Pack], folder: &str, engagement: &Engagement) {
        let pack = crate::command::pack(packs, &engagement.programme).ok();
        let about = pages::About { books, pack, engagement };
        let pages = [
            ("notes", about.notes()),
            ("diagnosis", about.diagnosis()),
            ("policy", about.policy()),
            ("plan", about.plan()),
        ];
        for (stem, page) in pages {
            if let Some(page) = page {
                self.text(folder, stem, "md", page);
            }
        }
        self.evidence(&about, folder);
        for (stem, table) in [("answers", tables::answers(&about)), ("plan", tables::plan(&about))] {
            if let Some(table) = table {
                self.text(folder, stem, "csv", table);
            }
        }
    }
}

fn papers_of(paper: &Artefact, folders: &BTreeMap<Id, String>) -> String {
    match paper.engagement {
        Some(id) => folders.get(&id).map_or("other", String::as_str).to_owned() + "/documents",
        None => "claims".to_owned(),
    }
}

/// The stored text, on many lines.
fn pretty(record: &Record) -> String {
    let stored: serde_json::Value = serde_json::from_str(&record.encode()).expect("a record encodes to JSON");
    format!("{stored:#}\n")
}
