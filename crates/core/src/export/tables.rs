//! Tables as comma-separated values for spreadsheets: quoted, and no cell is taken for a formula.

use super::pages::{About, answer_word, status_word};
use crate::books::Books;
use crate::record::v1::{Attachment, JournalEntry};

/// Marks UTF-8 for spreadsheets.
const BOM: char = '\u{feff}';

struct Table(String);

impl Table {
    fn new(head: &[&str]) -> Self {
        let mut table = Self(String::from(BOM));
        table.row(&head.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
        table
    }

    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|c| cell(c)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// A cell that begins like a formula gets an apostrophe before it; the exact text stands in the JSON.
fn cell(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    let guard = if !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !text.contains(['"', ',', '\n', '\r']) {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

/// Every answer of every sheet.
pub(super) fn answers(about: &About<'_>) -> Option<String> {
    let sheets = about.books.sheets_of(about.engagement.id);
    let mut table = Table::new(&["date", "edition", "unit", "question", "text", "answer", "points", "evidence"]);
    for sheet in &sheets {
        let edition = about.pack.map(|p| &p.diagnosis).filter(|d| d.edition == sheet.edition);
        for (number, answer) in &sheet.answers {
            let text =
                edition.and_then(|d| d.questions.iter().find(|q| q.number == *number)).map(|q| q.text.ja.clone());
            table.row(&[
                sheet.taken_on.to_string(),
                sheet.edition.clone(),
                sheet.unit.clone(),
                number.to_string(),
                text.unwrap_or_default(),
                answer_word(*answer).to_owned(),
                or_empty(edition.map(|d| d.points(*answer))),
                sheet.evidence.get(number).cloned().unwrap_or_default(),
            ]);
        }
    }
    (!sheets.is_empty()).then_some(table.0)
}

/// What each attachment is and is about, with its file of the export.
pub(super) fn evidence(attachments: &[&Attachment], paths: &[String]) -> String {
    let mut table = Table::new(&[
        "number",
        "file",
        "name",
        "media",
        "size",
        "sha256",
        "imported_at",
        "dated",
        "note",
        "questions",
        "plan_lines",
        "sessions",
        "pasted",
    ]);
    fn list<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
        all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" ")
    }
    for (number, (a, path)) in (1..).zip(attachments.iter().zip(paths)) {
        table.row(&[
            number.to_string(),
            path.clone(),
            a.name.clone(),
            a.media.clone(),
            a.size.to_string(),
            a.sha256.clone(),
            a.imported_at.to_string(),
            or_empty(a.dated),
            a.note.clone(),
            list(&a.links.questions),
            list(&a.links.plan_lines),
            list(&a.links.sessions),
            a.pasted.to_string(),
        ]);
    }
    table.0
}

/// Every line of the plan.
pub(super) fn plan(about: &About<'_>) -> Option<String> {
    let plan = about.books.plan_of(about.engagement.id)?;
    let mut table = Table::new(&[
        "theme",
        "issue",
        "basis",
        "question",
        "action",
        "owner",
        "support",
        "urgency",
        "importance",
        "difficulty",
        "start",
        "due",
        "cost",
        "done_when",
        "status",
        "moved",
        "moved_because",
    ]);
    for line in &about.lines(plan) {
        table.row(&[
            line.theme.clone(),
            line.issue.clone(),
            line.basis.clone(),
            or_empty(line.question),
            line.action.clone(),
            line.owner.clone(),
            line.support.clone(),
            line.urgency.to_string(),
            line.importance.to_string(),
            line.difficulty.to_string(),
            or_empty(line.start),
            or_empty(line.due),
            line.cost.clone(),
            line.done_when.clone(),
            status_word(line.status).to_owned(),
            or_empty(line.moved.as_ref().map(|m| m.places)),
            line.moved.as_ref().map_or_else(String::new, |m| m.reason.clone()),
        ]);
    }
    Some(table.0)
}

/// One row for each unit of each claim.
pub(super) fn claims(books: &Books) -> String {
    let head = [
        "claim",
        "claimed_on",
        "programme",
        "case_no",
        "client",
        "sessions",
        "held_on",
        "fee",
        "claim_gross",
        "claim_withheld",
        "claim_net",
    ];
    let mut table = Table::new(&head);
    let mut claims: Vec<_> = books.claims.values().collect();
    claims.sort_by_key(|c| c.number);
    for claim in claims {
        for line in &claim.lines {
            let sessions: Vec<String> = line.sessions.iter().map(u8::to_string).collect();
            table.row(&[
                claim.number.to_string(),
                claim.claimed_on.to_string(),
                claim.programme.clone(),
                line.case_no.clone(),
                line.client_name.clone(),
                sessions.join(" "),
                line.held_on.to_string(),
                line.fee.to_string(),
                claim.gross.to_string(),
                claim.withheld.to_string(),
                claim.net.to_string(),
            ]);
        }
    }
    table.0
}

/// One row for each entry of the journal.
pub(super) fn journal(history: &[(u64, JournalEntry)]) -> String {
    let mut table = Table::new(&["number", "at", "command", "undoes", "records"]);
    for (seq, entry) in history {
        let records: Vec<String> = entry.changes.iter().map(|c| c.id.to_string()).collect();
        table.row(&[
            seq.to_string(),
            entry.at.to_string(),
            entry.command.clone(),
            or_empty(entry.undoes),
            records.join(" "),
        ]);
    }
    table.0
}

/// One entry as it is stored, with its number, on one line.
pub(super) fn journal_line(seq: u64, entry: &JournalEntry) -> String {
    format!("{{\"number\":{seq},\"entry\":{}}}\n", entry.encode())
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (text, expected) in [
            ("普通", "普通"),
            ("a,b", "\"a,b\""),
            ("言\"葉", "\"言\"\"葉\""),
            ("二\n行", "\"二\n行\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-1", "-1"),
            ("-1+cmd", "\"'-1+cmd\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
