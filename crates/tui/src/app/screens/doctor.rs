//! The doctor's report: what was found and what could not be looked at, with cause, effect and next command below.

use bansou_core::doctor::{Finding, Report, Severity};
use ratatui::layout::Rect;

use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::words::Lang;

/// Rows of the part below the list.
const DETAIL: u16 = 9;

/// How many rows the list has.
pub fn rows(report: &Report) -> usize {
    report.findings.len() + report.skipped.len()
}

fn severity(severity: Severity) -> (&'static str, Role) {
    match severity {
        Severity::Danger => ("doctor.danger", Role::Bad),
        Severity::Warning => ("doctor.warning", Role::Busy),
        Severity::Note => ("doctor.note", Role::Quiet),
    }
}

/// What it is about, then what is wrong with it.
fn what(finding: &Finding, lang: Lang) -> String {
    let about = finding.about.get(lang);
    let gap = if about.is_empty() { "" } else { "  " };
    format!("{about}{gap}{}", finding.cause(lang))
}

/// Draws the report, or that it is being made.
pub fn draw(model: &Model, report: Option<&Report>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (model.look.words(), model.lang());
    let title = match report {
        None => words.get("doctor.looking").to_owned(),
        Some(report) if report.findings.is_empty() => words.get("doctor.clean").to_owned(),
        Some(report) => words.fill("doctor.title", &[("n", &report.findings.len().to_string())]),
    };
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    canvas.point(1, area.y);
    let Some(report) = report.filter(|r| rows(r) > 0) else { return };
    let at = cursor.at(rows(report));
    let height = area.height.saturating_sub(DETAIL + 1);
    for (y, row) in (area.y + 1..).zip(cursor.window(rows(report), usize::from(height))) {
        let base = if row == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if row == at { " >" } else { "" }, base);
        let (word, role, text) = match report.findings.get(row) {
            Some(finding) => {
                let (word, role) = severity(finding.severity());
                (words.get(word), role, what(finding, lang))
            }
            None => {
                let skipped = report.skipped[row - report.findings.len()];
                (words.get("doctor.skipped"), Role::Quiet, skipped.text(lang).to_owned())
            }
        };
        canvas.text(3, y, 8, word, if row == at { base } else { role });
        canvas.text(12, y, area.width - 12, &text, base);
        if row == at {
            canvas.point(1, y);
        }
    }
    let Some(finding) = report.findings.get(at) else { return };
    let top = area.y + 1 + height;
    canvas.rule(0, top, area.width);
    canvas.text(1, top + 1, area.width - 1, finding.id(), Role::Quiet);
    let mut y = top + 2;
    for (name, text) in [
        ("doctor.cause", what(finding, lang)),
        ("doctor.effect", finding.effect(lang).to_owned()),
        ("doctor.next", finding.next(lang).to_owned()),
    ] {
        let rest = area.bottom().saturating_sub(y);
        if rest == 0 {
            break;
        }
        canvas.text(1, y, 9, words.get(name), Role::Strong);
        y = canvas.paragraph(Rect::new(11, y, area.width - 12, rest), &text, Role::Plain);
    }
}
