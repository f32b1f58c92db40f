//! The inbox: what arrived, what the automatic check found in it, and each delivery opened.

use bansou_core::office::waiver_before;
use bansou_core::record::v1::{Assurance, Case, Delivery, Id, Mode, TwoStar};
use bansou_core::wire::v1::payload::{ClaimPayload, ReportPayload};
use jiff::civil::Time;
use ratatui::layout::Rect;

use super::{day, deliverables, experts, payments};
use crate::app::area::wrap;
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::office::Office;
use crate::words::Words;

/// Cells of the names and of the values of an opened delivery: together they fit the smallest screen.
const LABEL: u16 = 18;
const VALUE: u16 = 40;
/// Rows below the list for the findings of the chosen delivery.
const BELOW: u16 = 6;

/// The deliveries: those that wait, oldest first, then the decided ones, newest first.
pub fn deliveries(model: &Model) -> Vec<&Delivery> {
    let mut decided: Vec<&Delivery> = model.books.deliveries.values().filter(|d| d.review.is_some()).collect();
    decided.sort_by_key(|d| std::cmp::Reverse((d.pulled_at, d.seq, d.id)));
    let mut all: Vec<&Delivery> = waiting(model).collect();
    all.sort_by_key(|d| (d.pulled_at, d.expert, d.seq));
    all.extend(decided);
    all
}

/// The deliveries that wait for a decision.
pub fn waiting(model: &Model) -> impl Iterator<Item = &Delivery> {
    model.books.deliveries.values().filter(|d| d.review.is_none())
}

/// Those of them the automatic check found nothing in.
pub fn clean(model: &Model) -> impl Iterator<Item = &Delivery> {
    waiting(model).filter(|d| d.findings.is_empty())
}

/// What arrived for a case, oldest first.
pub fn of_case<'a>(model: &'a Model, case: &Case) -> Vec<&'a Delivery> {
    let about = |d: &&Delivery| d.expert == case.expert && cases(d).contains(&case.case_no.as_str());
    let mut all: Vec<&Delivery> = model.books.deliveries.values().filter(about).collect();
    all.sort_by_key(|d| (d.pulled_at, d.seq));
    all
}

/// The delivery under the cursor of the list.
pub fn chosen(model: &Model, cursor: Cursor) -> Option<Id> {
    let all = deliveries(model);
    all.get(cursor.at(all.len())).map(|d| d.id)
}

/// The case numbers a delivery is about.
fn cases(d: &Delivery) -> Vec<&str> {
    let of_claim = d.claim.iter().flat_map(|c| &c.lines).map(|l| l.case_no.as_str());
    let mut all: Vec<&str> = d.report.iter().map(|r| r.case_no.as_str()).chain(of_claim).collect();
    all.dedup();
    all
}

/// The word of a delivery's state: good, to look at, accepted, returned.
fn state(d: &Delivery) -> (&'static str, Role) {
    match &d.review {
        None if d.findings.is_empty() => ("inbox.good", Role::Good),
        None => ("inbox.look", Role::Bad),
        Some(review) if review.accepted => ("inbox.accepted", Role::Plain),
        Some(_) => ("inbox.returned", Role::Busy),
    }
}

/// The catalogue key of a finding's sentence.
pub fn finding(code: &str) -> &'static str {
    match code {
        "gap" => "finding.gap",
        "gap-waived" => "finding.gap_waived",
        "gap-resumed" => "finding.gap_resumed",
        "chain" => "finding.chain",
        "number-used" => "finding.number_used",
        "unknown-session" => "finding.unknown_session",
        "unknown-case" => "finding.unknown_case",
        "future-date" => "finding.future_date",
        "no-confirmation" => "finding.no_confirmation",
        "confirmation-date" => "finding.confirmation_date",
        "date-order" => "finding.date_order",
        "deliverable-missing" => "finding.deliverable_missing",
        "late" => "finding.late",
        "sum" => "finding.sum",
        "pattern" => "finding.pattern",
        "not-reported" => "finding.not_reported",
        "paid-twice" => "finding.paid_twice",
        _ => "finding.other",
    }
}

/// Draws the list with the findings of the chosen delivery, or the delivery that is open.
pub fn draw(model: &Model, office: &Office, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    if let Some((id, cursor)) = office.open {
        return draw_open(model, id, cursor, canvas, area);
    }
    let all = deliveries(model);
    let (count, good) = (waiting(model).count(), clean(model).count());
    let counts = [count, good, count - good].map(|n| n.to_string());
    let title = words.fill("inbox.title", &[("n", &counts[0]), ("good", &counts[1]), ("look", &counts[2])]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    if all.is_empty() {
        canvas.text(1, area.y + 1, area.width - 1, words.get("inbox.empty"), Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(BELOW + 2), ..area };
    let at = office.cursor().at(all.len());
    draw_list(model, &all, office.cursor(), canvas, list);
    canvas.rule(0, list.bottom(), area.width);
    draw_chosen(model, all[at], canvas, Rect { y: list.bottom() + 1, height: BELOW, ..area });
    let row = office.cursor().window(all.len(), usize::from(list.height)).take_while(|i| *i != at).count();
    canvas.point(1, list.y + row as u16);
}

fn draw_list(model: &Model, all: &[&Delivery], cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let at = cursor.at(all.len());
    for (y, index) in (area.y..).zip(cursor.window(all.len(), usize::from(area.height))) {
        let d = all[index];
        let base = if index == at { Role::Bar } else { Role::Plain };
        let (word, role) = state(d);
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, base);
        canvas.text(3, y, 8, words.get(word), if index == at { base } else { role });
        canvas.text(12, y, 8, &kind(words, d), base);
        let session = d.report.as_ref().map(|r| words.fill("work.session", &[("n", &r.session.to_string())]));
        let cases = cases(d).join(" ");
        canvas.text(21, y, 19, &format!("{cases} {}", session.unwrap_or_default()), base);
        canvas.text(41, y, 6, &experts::number_of(model, d.expert), base);
        canvas.text(48, y, area.width.saturating_sub(48), &first_finding(words, d), base);
    }
}

/// The form of a delivery in words.
fn kind(words: &Words, d: &Delivery) -> String {
    let form = d.report.as_ref().map(|r| r.form.as_str()).or(d.claim.as_ref().map(|c| c.form.as_str()));
    words.fill("inbox.form", &[("form", form.unwrap_or("-").trim_start_matches("form"))])
}

fn first_finding(words: &Words, d: &Delivery) -> String {
    match (d.findings.first(), d.findings.len()) {
        (None, _) => String::new(),
        (Some(code), 1) => words.get(finding(code)).to_owned(),
        (Some(code), n) => {
            let more = (n - 1).to_string();
            words.fill("inbox.and_more", &[("finding", words.get(finding(code))), ("n", &more)])
        }
    }
}

fn draw_chosen(model: &Model, d: &Delivery, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let mut lines: Vec<(String, Role)> = vec![(heading(model, d), Role::Strong)];
    match &d.review {
        Some(review) => {
            let sent = words.get(if review.acknowledged { "inbox.answered" } else { "inbox.not_answered" });
            lines.push((format!("{} {} {sent}", day(words, review.on), words.get(state(d).0)), Role::Plain));
            lines.push((review.note.clone(), Role::Plain));
        }
        None if d.findings.is_empty() => lines.push((words.get("inbox.nothing_found").to_owned(), Role::Good)),
        None => {}
    }
    let found = d.findings.iter().map(|code| words.fill("inbox.found", &[("finding", words.get(finding(code)))]));
    lines.extend(found.map(|line| (line, Role::Bad)));
    lines.extend(waived(model, d).map(|text| (text, Role::Plain)));
    let room = usize::from(area.height);
    let hidden = lines.len().saturating_sub(room);
    if hidden > 0 {
        lines.truncate(room - 1);
        lines.push((words.fill("inbox.more", &[("n", &(hidden + 1).to_string())]), Role::Bad));
    }
    for (y, (line, role)) in (area.y..area.bottom()).zip(&lines) {
        canvas.text(1, y, area.width - 1, line, *role);
    }
}

/// Who no longer waits for the number right before a delivery, when and why.
fn waived(model: &Model, d: &Delivery) -> Option<String> {
    let w = waiver_before(&model.books, d).filter(|_| d.findings.iter().any(|f| f == "gap-waived"))?;
    let (words, through) = (model.look.words(), w.through.to_string());
    let values = [("n", through.as_str()), ("by", &w.by), ("reason", &w.reason), ("date", &day(words, w.at.date()))];
    Some(words.fill("inbox.waived", &values))
}

fn heading(model: &Model, d: &Delivery) -> String {
    let words = model.look.words();
    let expert = model.books.experts.get(&d.expert).map_or("", |e| e.name.as_str());
    let pulled = day(words, d.pulled_at.date());
    let seq = d.seq.to_string();
    let arrived = words.fill("inbox.arrived", &[("date", &pulled), ("seq", &seq)]);
    format!("{}  {}  {} {expert}  {arrived}", kind(words, d), cases(d).join(" "), experts::number_of(model, d.expert))
}

/// One row of an opened delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A document that came with it, by its role.
    Part(String),
    /// A finding of the automatic check, as a catalogue key.
    Finding(&'static str),
    /// A line of a field: catalogue key of its name on its first line, and text.
    Field(&'static str, String),
}

/// The rows of an opened delivery: documents, findings, then every field, wrapped.
pub fn rows(model: &Model, id: Id) -> Vec<Row> {
    let Some(d) = model.books.deliveries.get(&id) else {
        return Vec::new();
    };
    let words = model.look.words();
    let parts = d.parts.keys().map(|role| Row::Part(role.clone()));
    let mut rows: Vec<Row> = parts.chain(d.findings.iter().map(|code| Row::Finding(finding(code)))).collect();
    let report = d.report.iter().flat_map(|r| report_fields(model, words, r));
    let waived = waived(model, d).map(|text| ("inbox.waiver", text));
    for (label, text) in waived.into_iter().chain(report).chain(d.claim.iter().flat_map(|c| claim_fields(words, c))) {
        for (from, to) in wrap(&text, usize::from(VALUE), model.look.ambiguous) {
            rows.push(Row::Field(if from == 0 { label } else { "" }, text[from..to].to_owned()));
        }
    }
    rows
}

/// The role of the document under the cursor of an opened delivery.
pub fn part(model: &Model, id: Id, cursor: Cursor) -> Option<String> {
    let rows = rows(model, id);
    match rows.get(cursor.at(rows.len())) {
        Some(Row::Part(role)) => Some(role.clone()),
        _ => None,
    }
}

fn report_fields(model: &Model, words: &Words, r: &ReportPayload) -> Vec<(&'static str, String)> {
    let hidden = words.get("view.hidden");
    let mode = match r.mode {
        Mode::Visit => "mode.visit",
        Mode::Online => "mode.online",
        Mode::Mixed => "mode.mixed",
    };
    let time = |t: Time| t.strftime("%H:%M").to_string();
    let held = format!("{} {}-{} {}", r.held_on, time(r.start), time(r.end), words.get(mode));
    let present = words.get(if r.management_present { "form.yes" } else { "form.no" });
    let planned: Vec<String> = r.planned.iter().map(|(n, d)| format!("{n}: {d}")).collect();
    let numbers: Vec<String> = r.deliverables.iter().map(|n| format!("({n})")).collect();
    let star = match r.two_star {
        TwoStar::NotStarted => "star.not_started",
        TwoStar::Preparing => "star.preparing",
        TwoStar::Applied => "star.applied",
        TwoStar::Declared => "star.declared",
    };
    let confirmed = r.confirmation.as_ref().map_or_else(
        || words.get("inbox.none").to_owned(),
        |c| {
            let kind = match c.assurance {
                Assurance::Paper => "assurance.paper",
                Assurance::SignedPdf => "assurance.signed_pdf",
                Assurance::Mail => "assurance.mail",
                Assurance::OnTerminal => "assurance.terminal",
            };
            format!("{} {} {} {}", c.signed_on, c.signer_title, c.signer, words.get(kind))
        },
    );
    let mut fields = vec![
        ("field.case_no", r.case_no.clone()),
        ("field.name", if model.look.client_safe { hidden } else { &r.client_name }.to_owned()),
        ("inbox.session", r.session.to_string()),
        ("report.held", held),
        ("field.attendees", r.attendees.to_string()),
        ("field.management", present.to_owned()),
        ("report.confirmation", confirmed),
        ("report.score", r.diagnosis_score.map_or_else(|| "-".to_owned(), |n| n.to_string())),
        ("inbox.planned", planned.join("  ")),
        ("work.deliverables", numbers.join(" ")),
        ("inbox.two_star", words.get(star).to_owned()),
        ("field.combined", r.combined_reason.clone().unwrap_or_default()),
        ("inbox.ended", r.ended_reason.clone().unwrap_or_default()),
        ("report.focus", r.focus.clone()),
        ("report.message", r.message.clone()),
        ("report.content", r.content.clone()),
    ];
    let answers = r.final_report.iter().flatten().map(|(item, text)| ("inbox.final_report", format!("{item}: {text}")));
    fields.extend(answers);
    fields.retain(|(_, text)| !text.is_empty());
    fields
}

fn claim_fields(words: &Words, c: &ClaimPayload) -> Vec<(&'static str, String)> {
    let lines = c.lines.iter().map(|l| {
        let sessions: Vec<String> = l.sessions.iter().map(u8::to_string).collect();
        let values = [l.case_no.clone(), sessions.join("+"), l.held_on.to_string(), payments::yen(l.fee)];
        let [case, sessions, date, yen] = &values;
        let values = [("case", case.as_str()), ("sessions", sessions), ("date", date), ("yen", yen)];
        ("inbox.line", words.fill("inbox.claim_line", &values))
    });
    let mut fields = vec![
        ("inbox.number", c.number.to_string()),
        ("inbox.claimed_on", c.claimed_on.to_string()),
        ("pay.pattern", bansou_core::office::pattern_letter(c.pattern).to_owned()),
        ("inbox.invoice", c.invoice_number.clone()),
    ];
    fields.extend(lines);
    fields.extend([
        ("pay.gross", payments::yen(c.gross)),
        ("pay.tax", payments::yen(c.tax)),
        ("pay.withheld", payments::yen(c.withheld)),
        ("pay.net", payments::yen(c.net)),
    ]);
    fields.retain(|(_, text)| !text.is_empty());
    fields
}

/// The name of a document by its role.
fn part_name(words: &Words, role: &str) -> String {
    let kind = match role.strip_prefix("deliverable-") {
        Some(rest) => rest.split_once('-').map_or(rest, |(_, kind)| kind),
        None => role,
    };
    format!("{}  {role}.pdf", words.get(deliverables::name(kind)))
}

fn draw_open(model: &Model, id: Id, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let Some(d) = model.books.deliveries.get(&id) else {
        return;
    };
    let (word, role) = state(d);
    let x = canvas.text(1, area.y, 9, words.get(word), role);
    canvas.text(x + 2, area.y, area.width.saturating_sub(x + 2), &heading(model, d), Role::Strong);
    canvas.rule(0, area.y + 1, area.width);
    let rows = rows(model, id);
    let at = cursor.at(rows.len());
    let height = usize::from(area.height.saturating_sub(2));
    for (y, index) in (area.y + 2..).zip(cursor.window(rows.len(), height)) {
        let base = if index == at { Role::Bar } else { Role::Plain };
        let colour = |role| if index == at { base } else { role };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, base);
        let (label, text, role) = match &rows[index] {
            Row::Part(role) => ("inbox.part", part_name(words, role), Role::Plain),
            Row::Finding(key) => ("inbox.look", words.get(key).to_owned(), Role::Bad),
            Row::Field(label, text) => (*label, text.clone(), Role::Plain),
        };
        canvas.text(3, y, LABEL - 2, words.get(label), colour(Role::Quiet));
        canvas.text(LABEL + 2, y, area.width.saturating_sub(LABEL + 2), &text, colour(role));
        if index == at {
            canvas.point(1, y);
        }
    }
}
