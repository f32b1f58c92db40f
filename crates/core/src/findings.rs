//! What is found out: answers and evidence, notes, policy values, regulation reviews, final-report answers.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::books::Books;
use crate::diagnosis::Diagnosis;
use crate::edit::{Ctx, Edits, put};
use crate::engagement::find;
use crate::note::NoteAction;
use crate::programme::Pack;
use crate::record::v1::{
    AnswerCode, Client, Engagement, FinalReport, Id, PolicyDraft, Record, RegulationsReview, SectionReview, Sheet,
};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional};

/// Changes to what was found out in an engagement.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingsCommand {
    pub engagement: Id,
    pub action: FindingsAction,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FindingsAction {
    /// Begins a further sheet (re-diagnosis); the first one begins with the first answer.
    NewSheet {
        taken_on: Date,
        unit: String,
        respondent: String,
    },
    /// Answers on the newest sheet; `None` takes the answer back.
    Answer {
        question: u8,
        answer: Option<AnswerCode>,
    },
    /// Every answer at once, as read from a file; what is missing stays open.
    Answers(BTreeMap<u8, AnswerCode>),
    Evidence {
        question: u8,
        text: String,
    },
    Note(NoteAction),
    PolicyField {
        name: String,
        value: String,
    },
    PolicyArticle {
        number: u8,
        text: String,
    },
    PolicyEnacted(Option<Date>),
    PolicyPublished(Option<(String, Date)>),
    Section {
        section: String,
        review: SectionReview,
    },
    Final {
        item: String,
        value: String,
    },
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: FindingsCommand) -> Edits {
    // An ending closes the sessions, not the papers: a shortened engagement still owes its deliverables.
    let engagement = find(books, command.engagement)?;
    let pack = ctx.pack(&engagement.programme)?;
    match command.action {
        FindingsAction::NewSheet { taken_on, unit, respondent } => {
            optional("unit", &unit, LINE)?;
            optional("respondent", &respondent, LINE)?;
            put(Record::Sheet(Sheet { taken_on, unit, respondent, ..new_sheet(ctx, pack, engagement) }))
        }
        FindingsAction::Answer { question, answer } => {
            let answers = answer.map(|a| (question, a));
            answer_sheet(books, ctx, pack, engagement, &[question], answers.into_iter().collect())
        }
        FindingsAction::Answers(answers) => {
            let asked: Vec<u8> = answers.keys().copied().collect();
            answer_sheet(books, ctx, pack, engagement, &asked, answers)
        }
        FindingsAction::Evidence { question, text } => {
            optional("evidence", &text, PROSE)?;
            known_question(pack, question)?;
            let mut sheet = newest_sheet(books, ctx, pack, engagement);
            sheet.evidence.insert(question, text);
            put(Record::Sheet(sheet))
        }
        FindingsAction::Note(action) => crate::note::apply(books, ctx, pack, engagement, action),
        FindingsAction::Section { section, review } => review_section(books, ctx, pack, engagement, section, review),
        FindingsAction::Final { item, value } => final_answer(books, ctx, pack, engagement, item, value),
        policy => edit_policy(books, ctx, pack, engagement, policy),
    }
}

/// The answers of a sheet in the order of the edition's questions; the first answers question 1.
pub fn answers(edition: &Diagnosis, sheet: &Sheet) -> Vec<Option<AnswerCode>> {
    edition.questions.iter().map(|q| sheet.answers.get(&q.number).copied()).collect()
}

/// The blanks of the policy: as drafted, and from what the records already say where nothing was typed.
pub fn policy_fields(client: &Client, draft: &PolicyDraft) -> BTreeMap<String, String> {
    let enacted = draft.enacted_on.map_or_else(String::new, |d| d.to_string());
    let known = [
        ("company", client.name.clone()),
        ("representative_title", client.contact.representative_title.clone()),
        ("representative", client.contact.representative.clone()),
        ("enacted", enacted),
    ];
    let mut fields: BTreeMap<String, String> = known.into_iter().map(|(id, value)| (id.to_owned(), value)).collect();
    fields.extend(draft.fields.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.clone(), v.clone())));
    fields
}

fn new_sheet(ctx: &Ctx<'_>, pack: &Pack, engagement: &Engagement) -> Sheet {
    Sheet {
        id: ctx.id(0),
        engagement: engagement.id,
        edition: pack.diagnosis.edition.clone(),
        taken_on: ctx.today(),
        unit: String::new(),
        respondent: String::new(),
        answers: BTreeMap::new(),
        evidence: BTreeMap::new(),
    }
}

fn newest_sheet(books: &Books, ctx: &Ctx<'_>, pack: &Pack, engagement: &Engagement) -> Sheet {
    books.sheets_of(engagement.id).last().map_or_else(|| new_sheet(ctx, pack, engagement), |s| (*s).clone())
}

pub(crate) fn known_question(pack: &Pack, question: u8) -> Result<(), Refusal> {
    pack.diagnosis.question(question).map(|_| ()).ok_or(Refusal::UnknownItem { item: question.to_string() })
}

fn answer_sheet(
    books: &Books,
    ctx: &Ctx<'_>,
    pack: &Pack,
    engagement: &Engagement,
    asked: &[u8],
    answers: BTreeMap<u8, AnswerCode>,
) -> Edits {
    let mut sheet = newest_sheet(books, ctx, pack, engagement);
    for question in asked {
        known_question(pack, *question)?;
        match answers.get(question) {
            Some(answer) => drop(sheet.answers.insert(*question, *answer)),
            None => drop(sheet.answers.remove(question)),
        }
    }
    put(Record::Sheet(sheet))
}

fn edit_policy(books: &Books, ctx: &Ctx<'_>, pack: &Pack, engagement: &Engagement, action: FindingsAction) -> Edits {
    let mut policy = books.policy_of(engagement.id).cloned().unwrap_or_else(|| PolicyDraft {
        id: ctx.id(0),
        engagement: engagement.id,
        edition: pack.policy.edition.clone(),
        fields: BTreeMap::new(),
        articles: BTreeMap::new(),
        enacted_on: None,
        published: None,
    });
    match action {
        FindingsAction::PolicyField { name, value } => {
            optional("policy", &value, PROSE)?;
            if !pack.policy.fields.iter().any(|f| f.id == name) {
                return Err(Refusal::UnknownItem { item: name });
            }
            policy.fields.insert(name, value);
        }
        FindingsAction::PolicyArticle { number, text } => {
            optional("policy", &text, PROSE)?;
            if number == 0 || usize::from(number) > pack.policy.articles.len() {
                return Err(Refusal::UnknownItem { item: number.to_string() });
            }
            policy.articles.insert(number, text);
        }
        FindingsAction::PolicyEnacted(on) => policy.enacted_on = on,
        FindingsAction::PolicyPublished(how) => policy.published = how,
        _ => return Err(Refusal::NotFound { what: "policy" }),
    }
    put(Record::Policy(policy))
}

fn review_section(
    books: &Books,
    ctx: &Ctx<'_>,
    pack: &Pack,
    engagement: &Engagement,
    section: String,
    review: SectionReview,
) -> Edits {
    for (field, text) in [("document", &review.document), ("finding", &review.finding), ("response", &review.response)]
    {
        optional(field, text, PROSE)?;
    }
    if !pack.regulations.sections().any(|s| s.number == section) {
        return Err(Refusal::UnknownItem { item: section });
    }
    let mut regulations = books.regulations_of(engagement.id).cloned().unwrap_or_else(|| RegulationsReview {
        id: ctx.id(0),
        engagement: engagement.id,
        edition: pack.regulations.edition.clone(),
        sections: BTreeMap::new(),
    });
    regulations.sections.insert(section, review);
    put(Record::Regulations(regulations))
}

fn final_answer(
    books: &Books,
    ctx: &Ctx<'_>,
    pack: &Pack,
    engagement: &Engagement,
    item: String,
    value: String,
) -> Edits {
    optional("answer", &value, PROSE)?;
    if !pack.final_report.items.iter().any(|i| i.id == item && i.accepts(&value)) {
        return Err(Refusal::UnknownItem { item });
    }
    let mut report = books.final_report_of(engagement.id).cloned().unwrap_or_else(|| FinalReport {
        id: ctx.id(0),
        engagement: engagement.id,
        edition: pack.final_report.edition.clone(),
        answers: BTreeMap::new(),
    });
    report.answers.insert(item, value);
    put(Record::FinalReport(report))
}
