//! What leaves the machine: the contents of a report bundle, and what is still missing from it.

use crate::books::Books;
use crate::deliverable;
use crate::programme::Pack;
use crate::record::v1::{EndingKind, Engagement, Id};
use crate::refusal::Refusal;
use crate::wire::v1::payload::{ConfirmationPayload, ReportPayload};

/// The contents of one report bundle, shown in the preview exactly as they are sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub payload: ReportPayload,
    /// Documents that travel: role (`form6`, `deliverable-1-diagnosis` …) and artefact.
    pub documents: Vec<(String, Id)>,
    /// What must be there before it can be sealed.
    pub missing: Vec<String>,
    /// Deliverable documents among them that can be made from the records.
    pub unmade: Vec<String>,
}

/// The form of the programme that reports a session: 様式6 for the first, 様式7 for the others.
pub fn form_of(session: u8) -> &'static str {
    if session == 1 { "form6" } else { "form7" }
}

/// Builds the report of a session. Findings, notes and evidence never enter it.
pub fn report(books: &Books, pack: &Pack, engagement: &Engagement, number: u8) -> Result<Report, Refusal> {
    crate::share::own(books, engagement.id)?;
    let session = engagement.session(number).ok_or(Refusal::NotFound { what: "session" })?;
    let held = session.held.as_ref().ok_or(Refusal::NotHeldYet { session: number })?;
    let client = books.client_of(engagement).ok_or(Refusal::NotFound { what: "client" })?;
    let form = form_of(number);
    let mut missing = Vec::new();
    let mut documents = Vec::new();
    let mut unmade = Vec::new();
    let mut take = |role: String, kind: &str, session: Option<u8>| match books.artefact(engagement.id, kind, session) {
        Some(made) => documents.push((role, made.id)),
        None => missing.push(kind.to_owned()),
    };
    take(form.to_owned(), form, Some(number));
    take("form5".to_owned(), "form5", Some(number));
    let due = due_with(books, pack, engagement, number);
    for d in pack.programme.deliverables.iter().filter(|d| due.contains(&d.number)) {
        for document in &d.documents {
            take(format!("deliverable-{}-{}", d.number, document.id), &document.id, None);
            if books.artefact(engagement.id, &document.id, None).is_none() {
                unmade.push(document.id.clone());
            }
        }
    }
    if session.confirmation.is_none() {
        missing.push("confirmation".to_owned());
    }
    if session.report.content.trim().is_empty() {
        missing.push("content".to_owned());
    }
    let final_report = due.iter().any(|n| is_final(pack, *n)).then(|| books.final_report_of(engagement.id)).flatten();
    let payload = ReportPayload {
        form: form.to_owned(),
        case_no: engagement.case_no.clone(),
        client_name: client.name.clone(),
        prefecture: client.prefecture,
        session: number,
        held_on: held.date,
        start: held.start,
        end: held.end,
        mode: held.mode,
        attendees: held.attendees,
        management_present: held.management_present,
        diagnosis_score: (number == 1).then(|| score(books, pack, engagement)).flatten(),
        planned: planned_after(engagement, number),
        combined_reason: session.combined_reason.clone(),
        ended_reason: ended_after(engagement, number),
        deliverables: due,
        two_star: engagement.two_star,
        confirmation: session.confirmation.as_ref().map(|c| ConfirmationPayload {
            signed_on: c.signed_on,
            signer_title: c.signer_title.clone(),
            signer: c.signer.clone(),
            assurance: c.assurance,
            evidence_sha256: c.evidence_sha256.clone(),
        }),
        content: session.report.content.clone(),
        focus: session.report.focus.clone(),
        message: session.report.message.clone(),
        final_report: final_report.map(|f| f.answers.clone()),
    };
    Ok(Report { payload, documents, missing, unmade })
}

/// Deliverables that must travel with the report of a session: those the curriculum brings out in it, and with the
/// last session every one not yet sent. An early end owes only what was made.
pub fn due_with(books: &Books, pack: &Pack, engagement: &Engagement, number: u8) -> Vec<u8> {
    let last = number == engagement.last_session();
    let early = engagement.ending.as_ref().is_some_and(|e| e.kind == EndingKind::Early);
    let made = deliverable::complete(books, pack, engagement);
    pack.programme
        .deliverables
        .iter()
        .filter(|d| d.session == number || (last && d.session > number && (!early || made.contains(&d.number))))
        .map(|d| d.number)
        .collect()
}

fn is_final(pack: &Pack, number: u8) -> bool {
    pack.programme.deliverables.iter().any(|d| d.number == number && d.documents.iter().any(|k| k.id == "final-report"))
}

fn planned_after(engagement: &Engagement, number: u8) -> Vec<(u8, jiff::civil::Date)> {
    (number + 1..=engagement.last_session()).filter_map(|n| Some((n, engagement.date_of(n)?))).collect()
}

fn ended_after(engagement: &Engagement, number: u8) -> Option<String> {
    engagement.ending.as_ref().filter(|e| e.after == number).map(|e| e.reason.clone())
}

/// The official score of the newest sheet, when every question was answered.
pub fn score(books: &Books, pack: &Pack, engagement: &Engagement) -> Option<i32> {
    let sheet = books.sheets_of(engagement.id).last().copied()?;
    let score = pack.diagnosis.score(&crate::findings::answers(&pack.diagnosis, sheet));
    (score.answered == pack.diagnosis.questions.len()).then_some(score.total)
}

/// Refuses to seal while something is missing.
pub fn complete(report: &Report) -> Result<(), Refusal> {
    if report.missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::ReportIncomplete { missing: report.missing.clone() })
}
