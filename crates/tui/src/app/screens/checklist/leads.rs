//! Where a line of the checklist leads: the tab, the row in it, and the words for both.

use bansou_core::checklist::Line;
use bansou_core::curriculum::{Focus, Link};
use bansou_core::diagnosis::Answer;

use crate::app::model::Tab;
use crate::app::screens::{Scene, diagnosis, plan};

/// Numbers shown beside a link.
const SHOWN: usize = 3;

/// A target: its words, and the tab with the row of it, unless a form or another screen is meant.
pub struct Lead {
    pub word: String,
    pub row: Option<(Tab, usize)>,
    pub link: Link,
}

/// Where a line leads, if anywhere.
pub fn lead(scene: &Scene<'_>, line: &Line<'_>) -> Option<Lead> {
    let link = line.link()?;
    let base = scene.words.get(link_word(link));
    let tab = tab(link);
    let numbers = match tab {
        Some(Tab::Diagnosis) => questions(scene, line),
        Some(Tab::Regulations) => sections(scene, line),
        Some(Tab::Plan) => plan_lines(scene, line),
        _ => Vec::new(),
    };
    let shown: Vec<&str> = numbers.iter().take(SHOWN).map(|(_, name)| name.as_str()).collect();
    let mark = if tab == Some(Tab::Diagnosis) { "No." } else { "" };
    let word = if shown.is_empty() { base.to_owned() } else { format!("{base} {mark}{}", shown.join(",")) };
    let row = tab.map(|tab| (tab, numbers.first().map_or(0, |n| n.0)));
    Some(Lead { word, row, link })
}

/// Rows of the diagnosis with their numbers.
fn questions(scene: &Scene<'_>, line: &Line<'_>) -> Vec<(usize, String)> {
    let Some(item) = line.item() else {
        return Vec::new();
    };
    let answers = diagnosis::answers(scene);
    let weight = |answer: Option<Answer>| match (item.focus, answer) {
        (Some(Focus::Unanswered), None) | (Some(Focus::LowAnswers), Some(Answer::No)) => Some(0),
        (Some(Focus::LowAnswers), Some(Answer::Unknown)) => Some(1),
        (Some(Focus::LowAnswers), Some(Answer::Partial)) => Some(2),
        _ => None,
    };
    let all = scene.pack.diagnosis.questions.iter().zip(answers).enumerate();
    let mut found: Vec<_> = all
        .filter_map(|(row, (question, answer))| {
            let named = item.questions.contains(&question.number).then_some(0);
            Some((named.or_else(|| weight(answer))?, row, question.number.to_string()))
        })
        .collect();
    found.sort_by_key(|f| (f.0, f.1));
    found.into_iter().map(|(_, row, name)| (row, name)).collect()
}

/// Rows of the regulations with the numbers of their sections.
fn sections(scene: &Scene<'_>, line: &Line<'_>) -> Vec<(usize, String)> {
    let Some(item) = line.item() else {
        return Vec::new();
    };
    let review = scene.model.books.regulations_of(scene.engagement.id);
    let open = |number: &str| review.is_none_or(|r| !r.sections.contains_key(number));
    let wanted =
        |number: &String| item.sections.contains(number) || item.focus == Some(Focus::OpenSections) && open(number);
    let all = scene.pack.regulations.sections().enumerate();
    all.filter(|(_, s)| wanted(&s.number)).map(|(row, s)| (row, s.number.clone())).collect()
}

/// Rows of the plan that lack an owner or a due month.
fn plan_lines(scene: &Scene<'_>, line: &Line<'_>) -> Vec<(usize, String)> {
    if line.item().is_none_or(|i| i.focus != Some(Focus::OpenLines)) {
        return Vec::new();
    }
    let lines = plan::lines(scene).into_iter().enumerate();
    let open = lines.filter(|(_, (_, l))| l.owner.is_empty() || l.due.is_none());
    open.map(|(row, _)| (row, scene.words.fill("link.row", &[("n", &(row + 1).to_string())]))).collect()
}

fn tab(link: Link) -> Option<Tab> {
    match link {
        Link::Client => Some(Tab::Overview),
        Link::Diagnosis => Some(Tab::Diagnosis),
        Link::Policy => Some(Tab::Policy),
        Link::Regulations => Some(Tab::Regulations),
        Link::Plan => Some(Tab::Plan),
        Link::Notes => Some(Tab::Notes),
        Link::Report => Some(Tab::Report),
        Link::FinalReport => Some(Tab::Final),
        Link::Deliverables => Some(Tab::Deliverables),
        Link::Claim | Link::Schedule | Link::Confirmation => None,
    }
}

/// The screen a line leads to: its key and the word for it.
fn link_word(link: Link) -> &'static str {
    match link {
        Link::Client => "link.client",
        Link::Diagnosis => "link.diagnosis",
        Link::Policy => "link.policy",
        Link::Regulations => "link.regulations",
        Link::Plan => "link.plan",
        Link::Notes => "link.notes",
        Link::Schedule => "link.schedule",
        Link::Confirmation => "link.confirmation",
        Link::Report => "link.report",
        Link::FinalReport => "link.final_report",
        Link::Deliverables => "link.deliverables",
        Link::Claim => "link.claim",
    }
}
