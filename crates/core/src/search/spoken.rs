//! What answers say in the words of their edition, in both languages, so that a question can be asked in words.

use super::texts::Text;
use crate::books::Books;
use crate::diagnosis::Answer;
use crate::programme::Pack;
use crate::programme::questionnaire::Kind;
use crate::record::v1::{FinalReport, Record, RegulationsReview, Sheet};
use crate::text::Lang;

/// The spoken texts of a record; those of a sheet only while it is the newest of its engagement.
pub(super) fn texts(books: &Books, packs: &[Pack], record: &Record) -> Vec<Text> {
    match record {
        Record::Sheet(sheet) if books.sheets_of(sheet.engagement).last().is_some_and(|s| s.id == sheet.id) => {
            answers(packs, sheet)
        }
        Record::Regulations(review) => sections(packs, review),
        Record::FinalReport(report) => items(packs, report),
        _ => Vec::new(),
    }
}

fn text(row: String, text: String) -> Text {
    Text { field: row.clone(), row, text }
}

/// Such as 「問11=0 バックアップ 0点 なし」.
fn answers(packs: &[Pack], sheet: &Sheet) -> Vec<Text> {
    let Some(edition) = packs.iter().map(|p| &p.diagnosis).find(|d| d.edition == sheet.edition) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (number, answer) in &sheet.answers {
        let Some(question) = edition.question(*number) else { continue };
        let (ja, en) = words(*answer);
        let (short, points) = (&question.short, edition.points(*answer));
        let said = match answer {
            Answer::NotApplicable => [format!("問{number} {} {ja}", short.ja), format!("Q{number} {} {en}", short.en)],
            _ => [
                format!("問{number}={points} {} {points}点 {ja}", short.ja),
                format!("Q{number}={points} {} {points}pt {en}", short.en),
            ],
        };
        out.extend(said.map(|said| text(format!("answers.{number}"), said)));
    }
    out
}

fn words(answer: Answer) -> (&'static str, &'static str) {
    match answer {
        Answer::Done => ("実施", "done"),
        Answer::Partial => ("一部", "partly"),
        Answer::No => ("なし", "not done"),
        Answer::Unknown => ("わからない", "unknown"),
        Answer::NotApplicable => ("該当なし", "not applicable"),
    }
}

fn sections(packs: &[Pack], review: &RegulationsReview) -> Vec<Text> {
    let Some(edition) = packs.iter().map(|p| &p.regulations).find(|r| r.edition == review.edition) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for section in edition.sections() {
        let Some(found) = review.sections.get(&section.number) else { continue };
        let state = &edition.status(found.status).name;
        for (name, state) in [(&section.ja, &state.ja), (&section.en, &state.en)] {
            out.push(text(format!("sections.{}", section.number), format!("{} {name} {state}", section.number)));
        }
    }
    out
}

/// The options that were chosen.
fn items(packs: &[Pack], report: &FinalReport) -> Vec<Text> {
    let Some(edition) = packs.iter().map(|p| &p.final_report).find(|f| f.edition == report.edition) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for item in edition.items.iter().filter(|item| item.kind != Kind::Free) {
        let Some(given) = report.answers.get(&item.id) else { continue };
        let numbers = given.split(',').filter_map(|n| n.trim().parse::<usize>().ok()?.checked_sub(1));
        let chosen: Vec<_> = numbers.filter_map(|n| item.options.get(n)).collect();
        for lang in [Lang::Ja, Lang::En] {
            let options: Vec<&str> = chosen.iter().map(|option| option.get(lang)).collect();
            out.push(text(format!("answers.{}", item.id), format!("{} {}", item.id, options.join(", "))));
        }
    }
    out
}
