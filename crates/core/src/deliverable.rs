//! The deliverables of an engagement: which documents they consist of, and what is still missing.

use crate::books::Books;
use crate::programme::{DeliverableDocument, Pack};
use crate::record::v1::{Artefact, Engagement, Id, LineStatus, TwoStar};
use crate::text::Text;

/// State of one deliverable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// 1–4 of the programme.
    pub number: u8,
    pub name: Text,
    /// 0–100: how far the matter itself is.
    pub percent: u8,
    /// Documents (kinds) it consists of, with the newest made one.
    pub documents: Vec<(String, Option<Id>)>,
}

impl State {
    /// Every document was made.
    pub fn complete(&self) -> bool {
        self.documents.iter().all(|(_, made)| made.is_some())
    }
}

/// All deliverables of the programme for an engagement, in order.
pub fn states(books: &Books, pack: &Pack, engagement: &Engagement) -> Vec<State> {
    pack.programme
        .deliverables
        .iter()
        .map(|d| State {
            number: d.number,
            name: d.name.clone(),
            percent: percent(books, pack, engagement, &d.documents),
            documents: d.documents.iter().map(|x| (x.id.clone(), made(books, engagement, &x.id))).collect(),
        })
        .collect()
}

/// The numbers of deliverables that are complete.
pub fn complete(books: &Books, pack: &Pack, engagement: &Engagement) -> Vec<u8> {
    states(books, pack, engagement).iter().filter(|s| s.complete()).map(|s| s.number).collect()
}

fn made(books: &Books, engagement: &Engagement, kind: &str) -> Option<Id> {
    books.artefact(engagement.id, kind, None).map(|a: &Artefact| a.id)
}

fn percent(books: &Books, pack: &Pack, engagement: &Engagement, kinds: &[DeliverableDocument]) -> u8 {
    let sum: usize = kinds.iter().map(|k| document_percent(books, pack, engagement, &k.id)).sum();
    u8::try_from(sum / kinds.len().max(1)).unwrap_or(100)
}

fn share(done: usize, all: usize) -> usize {
    (done * 100).checked_div(all).unwrap_or(0).min(100)
}

fn document_percent(books: &Books, pack: &Pack, engagement: &Engagement, kind: &str) -> usize {
    match kind {
        "diagnosis" => {
            let answered = books.sheets_of(engagement.id).last().map_or(0, |s| s.answers.len());
            share(answered, pack.diagnosis.questions.len())
        }
        "policy" => books.policy_of(engagement.id).zip(books.client_of(engagement)).map_or(0, |(draft, client)| {
            let required = pack.policy.fields.iter().filter(|f| f.required).count();
            let missing = pack.policy.missing(&crate::findings::policy_fields(client, draft)).len();
            share(required - missing, required)
        }),
        "regulations" => {
            let seen = books.regulations_of(engagement.id).map_or(0, |r| r.sections.len());
            share(seen, pack.regulations.sections().count())
        }
        "plan" => books.plan_of(engagement.id).map_or(0, |p| {
            let ready = p.lines.iter().filter(|l| !l.owner.is_empty() && l.due.is_some()).count();
            share(ready + usize::from(p.agreed_on.is_some()), p.lines.len().max(1) + 1)
        }),
        "final-report" => {
            let answered = books.final_report_of(engagement.id).map_or(0, |f| f.answers.len());
            share(answered, pack.final_report.items.len())
        }
        _ => 0,
    }
}

/// Progress of the programme's four goals in percent, as the overview shows them.
pub fn goals(books: &Books, pack: &Pack, engagement: &Engagement) -> [usize; 4] {
    let of = |kind| document_percent(books, pack, engagement, kind);
    let stars = match engagement.two_star {
        TwoStar::NotStarted => 0,
        TwoStar::Preparing => 40,
        TwoStar::Applied => 80,
        TwoStar::Declared => 100,
    };
    let follow_up = books
        .plan_of(engagement.id)
        .map_or(0, |p| share(p.lines.iter().filter(|l| l.status == LineStatus::Done).count(), p.lines.len()));
    [(of("policy") + of("regulations")) / 2, of("diagnosis"), (of("plan") + stars) / 2, follow_up]
}
