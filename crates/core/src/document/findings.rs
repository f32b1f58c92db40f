//! Data sheets of the diagnosis, the policy and the review of regulations.

use serde_json::{Value, json};

use super::{Scene, day};
use crate::findings::{answers, policy_fields};
use crate::record::v1::{AnswerCode, SectionStatus};
use crate::refusal::Refusal;

impl Scene<'_> {
    pub(super) fn diagnosis(&self) -> Result<Value, Refusal> {
        let edition = &self.pack.diagnosis;
        let sheets = self.books.sheets_of(self.engagement.id);
        let sheet = sheets.last().ok_or(Refusal::NotFound { what: "diagnosis" })?;
        let before = sheets.len().checked_sub(2).map(|i| sheets[i]);
        let given = answers(edition, sheet);
        let given_before = before.map(|s| answers(edition, s));
        let score = edition.score(&given);
        let axes_before = given_before.as_ref().map(|g| edition.axes(g));
        let word = |a: Option<&AnswerCode>| self.answer_word(a.copied()).to_owned();
        let categories: Vec<Value> = edition
            .axes(&given)
            .into_iter()
            .enumerate()
            .map(|(i, (name, percent))| {
                let previous = axes_before.as_ref().and_then(|b| b.get(i)).and_then(|a| a.1);
                json!({"name": name.ja, "score": percent.unwrap_or(0), "max": 100, "previous": previous})
            })
            .collect();
        let questions: Vec<Value> = edition
            .questions
            .iter()
            .map(|q| {
                let answer = sheet.answers.get(&q.number);
                json!({"no": q.number, "category": q.category.ja, "text": q.text.ja, "answer": word(answer),
                    "points": answer.map(|a| edition.points(*a)),
                    "previous": before.and_then(|b| b.answers.get(&q.number)).map(|a| word(Some(a)))})
            })
            .collect();
        let unknown: Vec<Value> = edition
            .questions
            .iter()
            .filter(|q| score.unknown.contains(&q.number))
            .map(|q| json!({"no": q.number, "text": q.text.ja}))
            .collect();
        let candidates: Vec<Value> = self
            .pack
            .plan
            .candidates(edition, &given)
            .into_iter()
            .take(5)
            .map(|c| json!({"no": c.question, "action": c.action, "reason": c.issue}))
            .collect();
        let respondent =
            if sheet.respondent.is_empty() { self.terms.get("respondent_open") } else { &sheet.respondent };
        Ok(json!({
            "diagnosed_on": sheet.taken_on.to_string(),
            "unit": if sheet.unit.is_empty() { self.terms.get("unit_whole") } else { &sheet.unit },
            "respondent": respondent,
            "method": self.terms.get("diagnosis_method"),
            "total": score.total, "max_total": edition.points.done * edition.questions.len() as i32,
            "band": score.band.meaning.ja, "band_range": score.band.id,
            "previous_total": given_before.as_ref().map(|g| edition.score(g).total),
            "previous_on": day(before.map(|b| b.taken_on)),
            "parts": edition.parts.iter().zip(&score.parts).map(|(part, points)| {
                json!({"name": part.name.ja, "score": points, "max": edition.points.done * i32::from(part.last + 1 - part.first)})
            }).collect::<Vec<_>>(),
            "categories": categories, "questions": questions, "unknown": unknown, "candidates": candidates,
            "comment": null,
        }))
    }

    fn answer_word(&self, answer: Option<AnswerCode>) -> &str {
        match answer {
            Some(AnswerCode::Done) => self.terms.get("answer_done"),
            Some(AnswerCode::Partial) => self.terms.get("answer_partial"),
            Some(AnswerCode::No) => self.terms.get("answer_no"),
            Some(AnswerCode::Unknown) => self.terms.get("answer_unknown"),
            Some(AnswerCode::NotApplicable) => self.terms.get("answer_na"),
            None => self.terms.get("answer_open"),
        }
    }

    pub(super) fn policy(&self) -> Result<Value, Refusal> {
        let draft = self.books.policy_of(self.engagement.id).ok_or(Refusal::NotFound { what: "policy" })?;
        let enacted = draft.enacted_on.ok_or(Refusal::Empty { field: "enacted_on" })?;
        let edition = &self.pack.policy;
        let filled = edition.fill(&policy_fields(self.client, draft), &draft.articles);
        let articles: Vec<Value> = edition
            .articles
            .iter()
            .zip(&filled.articles)
            .map(|(article, body)| json!({"title": article.heading.ja, "body": body}))
            .collect();
        Ok(json!({
            "preamble": filled.preamble,
            "articles": articles,
            "established_on": enacted.to_string(),
            "established_on_wareki": crate::wareki::long(&self.pack.calendar.eras, enacted),
            "revised_on": null,
            "representative_title": self.client.contact.representative_title,
            "representative_name": self.client.contact.representative,
            "contact": draft.published.as_ref().map(|p| p.0.clone()),
        }))
    }

    pub(super) fn regulations(&self) -> Result<Value, Refusal> {
        let review = self.books.regulations_of(self.engagement.id).ok_or(Refusal::NotFound { what: "regulations" })?;
        let mut rows = Vec::new();
        for chapter in &self.pack.regulations.chapters {
            for section in &chapter.sections {
                let Some(seen) = review.sections.get(&section.number) else { continue };
                let (status, response, priority) = self.status_words(seen.status);
                rows.push(json!({
                    "chapter": format!("{} {}", chapter.number, chapter.name.ja),
                    "section": format!("{} {}", section.number, section.ja),
                    "document": seen.document, "status": status, "finding": seen.finding,
                    "gap": if seen.status == SectionStatus::Ready { "" } else { seen.finding.as_str() },
                    "operation": self.terms.get("regulations_operation"),
                    "action": if seen.response.is_empty() { response } else { &seen.response },
                    "priority": priority, "basis": self.terms.get("regulations_basis"), "next_review": null,
                }));
            }
        }
        let statuses =
            [SectionStatus::Ready, SectionStatus::Partial, SectionStatus::Missing, SectionStatus::OutOfScope];
        let summary: Vec<Value> = statuses
            .iter()
            .map(|s| {
                let count = review.sections.values().filter(|r| r.status == *s).count();
                json!({"status": self.status_words(*s).0, "count": count})
            })
            .collect();
        Ok(json!({
            "reviewed_on": self.today.to_string(), "reviewer": self.profile.name,
            "summary": summary, "rows": rows, "comment": null,
        }))
    }

    fn status_words(&self, status: SectionStatus) -> (&str, &str, &str) {
        let t = &self.terms;
        match status {
            SectionStatus::Ready => (t.get("status_ready"), t.get("response_ready"), t.get("priority_low")),
            SectionStatus::Partial => (t.get("status_partial"), t.get("response_partial"), t.get("priority_middle")),
            SectionStatus::Missing => (t.get("status_missing"), t.get("response_missing"), t.get("priority_high")),
            SectionStatus::OutOfScope => (t.get("status_scope"), t.get("response_scope"), t.get("priority_low")),
        }
    }
}
