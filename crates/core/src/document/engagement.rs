//! Data sheets of the action plan, the final report and the request to prepare.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Scene, day, month};
use crate::curriculum::{By, CheckItem, SessionPlan};
use crate::deliverable;
use crate::programme::questionnaire::Item;
use crate::record::v1::{ActionPlan, EndingKind, LineStatus, Moved, PlanLine, TwoStar};
use crate::refusal::Refusal;

/// A plan, its last month, and its lines in their order with their scores.
type Planned<'a> = (&'a ActionPlan, Date, Vec<(u32, PlanLine)>);

impl Scene<'_> {
    fn planned(&self) -> Result<Planned<'_>, Refusal> {
        let plan = self.books.plan_of(self.engagement.id).ok_or(Refusal::NotFound { what: "plan" })?;
        Ok((plan, plan.starts.saturating_add(11.months()), crate::planning::ranked(self.books, self.pack, plan)))
    }

    pub(super) fn plan(&self) -> Result<Value, Refusal> {
        let (plan, ends, lines) = self.planned()?;
        let rows: Vec<Value> = lines
            .into_iter()
            .enumerate()
            .map(|(i, (score, line))| {
                let start = line.start.unwrap_or(plan.starts);
                json!({
                    "no": i + 1, "theme": self.pack.plan.theme(&line.theme).map_or("", |t| t.name.ja.as_str()), "issue": line.issue,
                    "basis": self.basis(&line), "action": line.action,
                    "owner": if line.owner.is_empty() { self.terms.get("plan_owner_open") } else { &line.owner },
                    "support": (!line.support.is_empty()).then_some(&line.support),
                    "urgency": line.urgency, "importance": line.importance, "difficulty": line.difficulty,
                    "score": score, "rank": i + 1,
                    "start": month(start), "due": month(line.due.unwrap_or(ends)), "cost": line.cost,
                    "done_when": line.done_when, "status": self.line_word(line.status),
                    "status_on": null, "review": null,
                })
            })
            .collect();
        Ok(json!({
            "starts_on": month(plan.starts), "ends_on": month(ends), "agreed_on": day(plan.agreed_on),
            "goal": self.terms.get("plan_goal"), "scoring": self.terms.get("plan_scoring"), "rows": rows,
        }))
    }

    /// Why the line is there, and why it stands where its score does not put it.
    fn basis(&self, line: &PlanLine) -> String {
        let moved = |m: &Moved| self.terms.fill("plan_moved", &[("reason", &m.reason)]);
        let moved = line.moved.as_ref().map_or_else(String::new, moved);
        format!("{} {moved}", line.basis).trim().to_owned()
    }

    /// The first measures on one page that names nobody, not even the firm: it hangs where visitors pass.
    pub(super) fn plan_page(&self) -> Result<Value, Refusal> {
        let (plan, ends, lines) = self.planned()?;
        let rows: Vec<Value> = lines
            .iter()
            .take(self.pack.plan.page_lines)
            .enumerate()
            .map(|(i, (_, line))| {
                json!({"rank": i + 1, "action": line.action, "start": month(line.start.unwrap_or(plan.starts)),
                    "due": month(line.due.unwrap_or(ends)), "cost": line.cost, "done_when": line.done_when})
            })
            .collect();
        Ok(json!({
            "case_number": null, "company": null,
            "starts_on": month(plan.starts), "ends_on": month(ends), "goal": self.terms.get("plan_goal"),
            "others": lines.len() - rows.len(), "rows": rows,
        }))
    }

    fn line_word(&self, status: LineStatus) -> &str {
        match status {
            LineStatus::Open => self.terms.get("line_open"),
            LineStatus::Started => self.terms.get("line_started"),
            LineStatus::Done => self.terms.get("line_done"),
            LineStatus::OnHold => self.terms.get("line_hold"),
        }
    }

    pub(super) fn final_report(&self) -> Result<Value, Refusal> {
        let report =
            self.books.final_report_of(self.engagement.id).ok_or(Refusal::NotFound { what: "final report" })?;
        let sessions: Vec<Value> = (1..=self.engagement.held_count())
            .filter_map(|n| {
                let held = self.engagement.session(n)?.held.as_ref()?;
                Some(json!({"session": self.terms.session(n), "held_on": held.date.to_string(),
                    "mode": self.mode(held.mode)}))
            })
            .collect();
        let deliverables: Vec<Value> = deliverable::states(self.books, self.pack, self.engagement)
            .into_iter()
            .map(|s| {
                let made = s.documents.iter().filter_map(|d| self.books.artefacts.get(&d.1?)).map(|a| a.made_at).max();
                json!({"name": s.name.ja, "format": self.terms.get("format_pdf"),
                    "submitted_on": day(made.map(|m| m.date()))})
            })
            .collect();
        let questionnaire = &self.pack.final_report;
        let items: Vec<Value> = questionnaire
            .items
            .iter()
            .filter(|item| questionnaire.applies(item, &report.answers))
            .map(|item| {
                let answer = report.answers.get(&item.id).map_or_else(String::new, |a| words(item, a));
                json!({"number": item.id, "question": item.text.ja, "answer": answer, "detail": null})
            })
            .collect();
        Ok(json!({
            "expert_name": self.profile.name, "outcome": self.outcome(),
            "sessions": sessions, "deliverables": deliverables,
            "groups": [{"title": self.pack.final_report.name.ja, "items": items}],
            "declaration": {"status": self.two_star(), "applied_on": null, "id": null, "published_at":
                self.books.policy_of(self.engagement.id).and_then(|p| p.published.as_ref()).map(|p| p.0.clone())},
        }))
    }

    fn outcome(&self) -> String {
        let all = self.engagement.sessions.len().to_string();
        match &self.engagement.ending {
            None if self.engagement.sessions.iter().any(|s| s.held.is_some() && s.combined_reason.is_some()) => {
                self.terms.fill("outcome_combined", &[("n", &all)])
            }
            None => self.terms.fill("outcome_standard", &[("n", &all)]),
            Some(e) if e.kind == EndingKind::Early => self.terms.fill("outcome_early", &[("reason", &e.reason)]),
            Some(e) => self.terms.fill("outcome_shortened", &[("reason", &e.reason)]),
        }
    }

    fn two_star(&self) -> &str {
        match self.engagement.two_star {
            TwoStar::NotStarted => self.terms.get("two_star_not_started"),
            TwoStar::Preparing => self.terms.get("two_star_preparing"),
            TwoStar::Applied => self.terms.get("two_star_applied"),
            TwoStar::Declared => self.terms.get("two_star_declared"),
        }
    }

    pub(super) fn prep_request(&self, number: u8) -> Result<Value, Refusal> {
        let planned = self.form_session(number)?.planned.as_ref();
        let unit = self.pack.curriculum.session(number).ok_or(Refusal::NotFound { what: "session" })?;
        let flow: Vec<Value> = self
            .pack
            .curriculum
            .sessions
            .iter()
            .map(|s| {
                let work: Vec<&str> = of_firm(s).map(|i| i.ask.as_ref().map_or(&*i.ja, |a| &a.ja)).collect();
                let outputs: Vec<&str> = s.outputs.iter().map(|o| o.ja.as_str()).collect();
                json!({"session": self.terms.session(s.number), "aim": s.purpose.ja,
                    "client_work": work.join("、"), "output": outputs.join("、")})
            })
            .collect();
        let preparations: Vec<Value> = self
            .asked_of_firm(number)
            .into_iter()
            .map(|(item, detail)| json!({"item": item, "detail": detail}))
            .collect();
        let agenda: Vec<Value> = unit.agenda.iter().map(|a| json!({"item": a.ja, "minutes": a.minutes})).collect();
        Ok(json!({
            "recipient": self.client.contact.counterpart,
            "session": self.terms.session(number),
            "visit_on": day(planned.map(|p| p.date)), "visit_time": self.visit_time(planned, unit),
            "place": self.place(planned), "expert_name": self.profile.name,
            "expert_contact": self.terms.get("prep_contact"), "purpose": self.terms.fill("prep_intro", &[("session", &self.terms.session(number)), ("text", &unit.purpose.ja)]),
            "flow": flow, "preparations": preparations, "agenda": agenda,
            "burden": self.terms.get("prep_burden"), "benefit": self.terms.get("prep_benefit"),
            "secrecy": self.terms.get("prep_secrecy"),
        }))
    }
}

/// A stored answer in words: the options it names, or the free text itself.
fn words(item: &Item, answer: &str) -> String {
    if item.options.is_empty() {
        return answer.to_owned();
    }
    let chosen = answer.split(',').filter_map(|n| item.options.get(n.trim().parse::<usize>().ok()?.checked_sub(1)?));
    chosen.map(|o| o.ja.as_str()).collect::<Vec<_>>().join("、")
}

fn of_firm(session: &SessionPlan) -> impl Iterator<Item = &CheckItem> {
    session.prep.iter().filter(|i| i.by == By::Firm)
}
