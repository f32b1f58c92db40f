//! Forms of the policy, the final report, the engagement as a whole, and files; and the commands they become.

use std::collections::BTreeSet;

use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::programme::questionnaire::Item;
use bansou_core::record::v1::{Hearing, Id, LineStatus, Note, PlanLine, TwoStar};
use jiff::civil::Date;

use super::{Unread, client, date, line, number, plan_fields};
use crate::app::form::{Entry, Form, Purpose};
use crate::app::model::{Model, Work};
use crate::app::screens::{Scene, hearing, overview, plan, policy};

const STARS: [TwoStar; 4] = [TwoStar::NotStarted, TwoStar::Preparing, TwoStar::Applied, TwoStar::Declared];

/// One line of the policy.
pub fn policy(scene: &Scene<'_>, row: policy::Row) -> Form {
    let draft = scene.model.books.policy_of(scene.engagement.id);
    match row {
        policy::Row::Field(id) => {
            let text = policy::fields(scene).get(&id).cloned().unwrap_or_default();
            Form::new(Purpose::PolicyField(id), "policy.edit", vec![Entry::line("field.text", &text)])
        }
        policy::Row::Article(number) => {
            let text = policy::article(scene, number);
            Form::new(Purpose::PolicyArticle(number), "policy.edit", vec![Entry::many("field.text", &text)])
        }
        policy::Row::Enacted => day(Purpose::PolicyEnacted, "policy.enacted", draft.and_then(|d| d.enacted_on), scene),
        policy::Row::Published => {
            let lang = scene.model.lang();
            let published = draft.and_then(|d| d.published.clone());
            let ways = &scene.pack.programme.security_action.publications;
            let ways: Vec<String> = ways.iter().map(|w| w.get(lang).to_owned()).collect();
            let on = published.as_ref().map_or(scene.today, |p| p.1).to_string();
            let place = published.map_or_else(String::new, |p| p.0);
            let entries = vec![
                Entry::pick("policy.way", ways, 0),
                Entry::line("policy.place", &place),
                Entry::line("field.date", &on),
            ];
            Form::new(Purpose::PolicyPublished, "policy.published", entries)
        }
    }
}

fn day(purpose: Purpose, title: &'static str, date: Option<Date>, scene: &Scene<'_>) -> Form {
    Form::new(purpose, title, vec![Entry::line("field.date", &date.unwrap_or(scene.today).to_string())])
}

/// Another place in the plan, and why: one above or below where the line stands, until something else is typed.
pub fn move_line(scene: &Scene<'_>, line: &PlanLine, up: bool) -> Form {
    let lines = plan::lines(scene);
    let at = lines.iter().position(|(_, shown)| shown.id == line.id).unwrap_or(0);
    let to = if up { at.max(1) } else { (at + 2).min(lines.len()) };
    let reason = line.moved.as_ref().map_or("", |m| m.reason.as_str());
    let fields = vec![Entry::line("field.reason", reason), Entry::line("line.place", &to.to_string())];
    Form::new(Purpose::MoveLine(line.id), "form.move_line", fields).about(format!("{} {}", at + 1, line.action))
}

/// The day the owner agreed to the plan.
pub fn agree(scene: &Scene<'_>) -> Form {
    day(Purpose::Agree, "line.agree", None, scene)
}

/// A free answer of the final report, or option numbers.
pub fn final_answer(item: &Item, before: &str) -> Form {
    let field = match item.options.is_empty() {
        true => Entry::many("field.text", before),
        false => Entry::line("final.numbers", before),
    };
    Form::new(Purpose::FinalAnswer(item.id.clone()), "final.edit", vec![field])
}

/// A further sheet of the diagnosis.
pub fn new_sheet(scene: &Scene<'_>) -> Form {
    let entries = vec![
        Entry::line("field.date", &scene.today.to_string()),
        Entry::line("sheet.unit", ""),
        Entry::line("sheet.respondent", ""),
    ];
    Form::new(Purpose::NewSheet, "sheet.new", entries)
}

/// What the owner expects.
pub fn expect(scene: &Scene<'_>) -> Form {
    let entries = vec![Entry::many("field.text", &scene.engagement.expectations)];
    Form::new(Purpose::Expect, "engage.expect", entries)
}

/// The state of the two-star declaration.
pub fn star(scene: &Scene<'_>) -> Form {
    let options = STARS.map(|s| scene.words.get(overview::star_word(s)).to_owned()).to_vec();
    let at = STARS.iter().position(|s| *s == scene.engagement.two_star).unwrap_or(0);
    Form::new(Purpose::Star, "engage.star", vec![Entry::pick("engage.state", options, at)])
}

/// Ending the engagement before its last session.
pub fn end(scene: &Scene<'_>) -> Form {
    let lang = scene.model.lang();
    let reasons = scene.pack.programme.end_reasons.iter().map(|r| r.name.get(lang).to_owned()).collect();
    let entries = vec![Entry::pick("engage.reason", reasons, 0), Entry::line("engage.detail", "")];
    Form::new(Purpose::End, "engage.end", entries)
}

/// Where something is written: a new file of this name.
pub fn file(purpose: Purpose, title: &'static str, name: &str) -> Form {
    Form::new(purpose, title, vec![Entry::line("field.file", name)])
}

/// A line of the plan that no diagnosis suggested, or one that the notes lead to: their words are its issue.
pub fn new_line(scene: &Scene<'_>, notes: &[&Note]) -> Form {
    let starts = scene.model.books.plan_of(scene.engagement.id).map(|p| p.starts);
    let question = notes.first().and_then(|n| n.question).filter(|q| notes.iter().all(|n| n.question == Some(*q)));
    let found = question.and_then(|number| scene.pack.diagnosis.question(number));
    let theme = found.map(|q| q.theme.clone()).or(scene.pack.plan.themes.first().map(|t| t.id.clone()));
    let days: BTreeSet<String> = notes.iter().map(|n| n.at.strftime("%m/%d").to_string()).collect();
    let basis = match days.is_empty() {
        true => String::new(),
        false => scene.words.fill("memo.basis", &[("days", &Vec::from_iter(days).join(", "))]),
    };
    let line = PlanLine {
        id: Id([0; 16]),
        theme: theme.unwrap_or_default(),
        issue: notes.iter().map(|n| n.text.replace('\n', " ")).collect::<Vec<_>>().join(" / "),
        basis,
        question,
        action: String::new(),
        owner: String::new(),
        support: String::new(),
        urgency: 2,
        importance: 2,
        difficulty: 2,
        start: starts,
        due: None,
        cost: String::new(),
        done_when: String::new(),
        status: LineStatus::Open,
        moved: None,
    };
    let fields = plan_fields(scene, &line);
    let ids = notes.iter().map(|n| n.id).collect();
    let form = Form::new(Purpose::AddLine { line: Box::new(line), notes: ids }, "line.new", fields);
    // The plan is handed to the firm: what was said in confidence has to be put into other words first.
    let secret = notes.iter().any(|n| !n.leaves).then(|| scene.words.get("memo.secret").to_owned());
    Form { refused: secret, ..form }
}

/// The command of these forms.
pub fn command(model: &Model, form: &Form, work: Option<&Work>) -> Result<Option<Command>, Unread> {
    if let Purpose::EditClient(old) = &form.purpose {
        let edited = client(model, form, Some(old))?;
        return Ok(Some(Command::Client(ClientCommand::Edit(Box::new(edited)))));
    }
    let Some(engagement) = work.map(|w| w.engagement) else {
        return Ok(None);
    };
    let finding = |action| Ok(Some(Command::Findings(FindingsCommand { engagement, action })));
    let whole = |action| Ok(Some(Command::Engagement(EngagementCommand { engagement, action })));
    let plan = |action| Ok(Some(Command::Plan(PlanCommand { engagement, action })));
    match &form.purpose {
        Purpose::PolicyField(name) => {
            finding(FindingsAction::PolicyField { name: name.clone(), value: line(form, "field.text") })
        }
        Purpose::PolicyArticle(number) => {
            finding(FindingsAction::PolicyArticle { number: *number, text: line(form, "field.text") })
        }
        Purpose::PolicyEnacted => finding(FindingsAction::PolicyEnacted(Some(date(form, "field.date")?))),
        Purpose::PolicyPublished => {
            let place = line(form, "policy.place");
            let how = if place.is_empty() { form.text("policy.way").to_owned() } else { place };
            finding(FindingsAction::PolicyPublished(Some((how, date(form, "field.date")?))))
        }
        Purpose::FinalAnswer(item) => {
            let several = super::plain(form.text("final.numbers"));
            let value = if several.is_empty() { line(form, "field.text") } else { several };
            finding(FindingsAction::Final { item: item.clone(), value })
        }
        Purpose::NewSheet => finding(FindingsAction::NewSheet {
            taken_on: date(form, "field.date")?,
            unit: line(form, "sheet.unit"),
            respondent: line(form, "sheet.respondent"),
        }),
        Purpose::Expect => whole(EngagementAction::Expect(line(form, "field.text"))),
        Purpose::Star => whole(EngagementAction::SetTwoStar(STARS[form.picked("engage.state").min(3)])),
        Purpose::End => whole(ending(model, form)?),
        Purpose::Agree => plan(PlanAction::Agree(date(form, "field.date")?)),
        Purpose::MoveLine(id) => {
            let to = match form.text("line.place").trim() {
                "" => None,
                _ => Some((number(form, "line.place")?, line(form, "field.reason"))),
            };
            plan(PlanAction::Move { line: *id, to })
        }
        Purpose::AddLine { line: old, notes } => {
            plan(PlanAction::Add { line: Box::new(super::edited(model, form, old)?), notes: notes.clone() })
        }
        Purpose::Industry => {
            let scene = Scene::of(model).ok_or("hearing.industry")?;
            let chosen = hearing::choices(&scene.pack.hearing).nth(form.picked("hearing.industry")).flatten();
            whole(EngagementAction::Bring(Hearing { industry: chosen, ..scene.engagement.hearing.clone() }))
        }
        _ => Ok(None),
    }
}

/// The official reason is Japanese, as the documents are.
fn ending(model: &Model, form: &Form) -> Result<EngagementAction, Unread> {
    let scene = Scene::of(model).ok_or("engage.reason")?;
    let reason = scene.pack.programme.end_reasons.get(form.picked("engage.reason")).ok_or("engage.reason")?;
    let detail = line(form, "engage.detail");
    let text = if detail.is_empty() { reason.name.ja.clone() } else { format!("{}: {detail}", reason.name.ja) };
    Ok(EngagementAction::End { kind: reason.kind, reason: text })
}
