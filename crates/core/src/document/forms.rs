//! Data sheets of the session forms: 様式5, 様式6 and 様式7. Findings stay at home; progress goes out.

use serde_json::{Value, json};

use super::{Scene, clock, day};
use crate::deliverable;
use crate::record::v1::{Assurance, Held, Mode};
use crate::refusal::Refusal;

impl Scene<'_> {
    pub(super) fn mode(&self, mode: Mode) -> &str {
        match mode {
            Mode::Visit => self.terms.get("mode_visit"),
            Mode::Online => self.terms.get("mode_online"),
            Mode::Mixed => self.terms.get("mode_mixed"),
        }
    }

    fn held(&self, number: u8) -> Result<&Held, Refusal> {
        self.form_session(number)?.held.as_ref().ok_or(Refusal::NotHeldYet { session: number })
    }

    fn attendees(&self, held: &Held) -> Value {
        let count = self.terms.fill("attendees_count", &[("n", &held.attendees.to_string())]);
        let mut rows = vec![json!({"role": self.terms.get("attendees_role"), "name": count})];
        if held.management_present {
            rows.push(json!({"role": self.terms.get("management_role"), "name": self.terms.get("management_present")}));
        }
        Value::Array(rows)
    }

    pub(super) fn form5(&self, number: u8) -> Result<Value, Refusal> {
        let held = self.held(number)?;
        let confirmation = self.form_session(number)?.confirmation.as_ref();
        let assurance = confirmation.map_or(Assurance::Paper, |c| c.assurance);
        let assurance = match assurance {
            Assurance::Paper => self.terms.get("assurance_paper"),
            Assurance::SignedPdf => self.terms.get("assurance_signed_pdf"),
            Assurance::Mail => self.terms.get("assurance_mail"),
            Assurance::OnTerminal => self.terms.get("assurance_on_terminal"),
        };
        Ok(json!({
            "number": self.terms.fill("form5_number",
                &[("case", &self.engagement.case_no), ("n", &number.to_string())]),
            "session": self.terms.session(number), "held_on": held.date.to_string(),
            "started": clock(held.start), "ended": clock(held.end), "mode": self.mode(held.mode),
            "place": held.place, "attendees": self.attendees(held), "expert_name": self.profile.name,
            "items": [self.terms.get("form5_item_1"), self.terms.get("form5_item_2")],
            "confirmed_on": day(confirmation.map(|c| c.signed_on)),
            "confirmer_role": confirmation.map(|c| c.signer_title.clone()),
            "confirmer_name": confirmation.map(|c| c.signer.clone()),
            "assurance": assurance, "confirmation_code": null,
            "original_posted_on": day(confirmation.and_then(|c| c.original_posted_on)),
        }))
    }

    pub(super) fn form6(&self) -> Result<Value, Refusal> {
        let held = self.held(1)?;
        let report = &self.form_session(1)?.report;
        let answered = self.books.sheets_of(self.engagement.id).last().map_or(0, |s| s.answers.len());
        let all = self.pack.diagnosis.questions.len();
        let total = crate::bundle::score(self.books, self.pack, self.engagement);
        let status = match total {
            Some(_) => self.terms.get("form6_diagnosis_done").to_owned(),
            None => {
                self.terms.fill("form6_diagnosis_part", &[("done", &answered.to_string()), ("all", &all.to_string())])
            }
        };
        let schedule: Vec<Value> = (2..=self.engagement.last_session())
            .filter_map(|n| {
                let date = self.engagement.date_of(n)?;
                let purpose = self.pack.curriculum.session(n).map(|s| s.purpose.ja.clone());
                let content = purpose.unwrap_or_else(|| self.terms.get("form6_schedule").to_owned());
                Some(json!({"session": self.terms.session(n), "planned_on": date.to_string(), "content": content}))
            })
            .collect();
        let focus: Vec<&str> = report.focus.split(['、', '\n']).map(str::trim).filter(|f| !f.is_empty()).collect();
        Ok(json!({
            "expert_name": self.profile.name, "held_on": held.date.to_string(),
            "started": clock(held.start), "ended": clock(held.end), "mode": self.mode(held.mode),
            "participants": held.attendees, "management_present": held.management_present,
            "diagnosis_status": status, "diagnosis_total": total,
            "issues": [{"text": self.terms.get("form6_issue"),
                "confidentiality": self.terms.get("form6_confidential")}],
            "expectation": self.terms.get("form6_expectation"), "schedule": schedule, "focus": focus,
            "message": (!report.message.is_empty()).then_some(&report.message),
        }))
    }

    pub(super) fn form7(&self, number: u8) -> Result<Value, Refusal> {
        let held = self.held(number)?;
        let session = self.form_session(number)?;
        let deliverables: Vec<Value> = deliverable::states(self.books, self.pack, self.engagement)
            .into_iter()
            .map(|s| {
                let progress = self.terms.fill("progress", &[("percent", &s.percent.to_string())]);
                json!({"name": s.name.ja, "progress": progress, "note": ""})
            })
            .collect();
        let next = (number < self.engagement.last_session()).then_some(number + 1);
        let moved = next.and_then(|n| self.engagement.session(n)?.planned.as_ref()?.moved_because.clone());
        Ok(json!({
            "expert_name": self.profile.name, "session": self.terms.session(number),
            "held_on": held.date.to_string(), "started": clock(held.start), "ended": clock(held.end),
            "mode": self.mode(held.mode), "attendees": self.attendees(held), "content": session.report.content,
            "deliverables": deliverables, "next_session": next.map(|n| self.terms.session(n)),
            "next_on": day(next.and_then(|n| self.engagement.date_of(n))),
            "change_reason": moved.or_else(|| session.combined_reason.clone()),
            "remarks": (!session.report.message.is_empty()).then_some(&session.report.message),
        }))
    }
}
