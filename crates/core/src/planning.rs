//! The action plan of an engagement: candidates from the diagnosis, scores, order and agreement.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::books::Books;
use crate::diagnosis::Answer;
use crate::edit::{Ctx, Edits, put};
use crate::findings::answers;
use crate::note::{self, Onto};
use crate::plan::Candidate;
use crate::programme::Pack;
use crate::record::v1::{ActionPlan, Engagement, Id, LineStatus, Moved, PlanLine, Record};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required, within};

/// Changes to the plan of an engagement.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanCommand {
    pub engagement: Id,
    pub action: PlanAction,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PlanAction {
    /// Adds the best `count` candidates of the newest diagnosis that the plan does not hold yet.
    Generate {
        count: u8,
    },
    /// `id` is given by the command; the notes that led to it are tied to it.
    Add {
        line: Box<PlanLine>,
        notes: Vec<Id>,
    },
    Edit(Box<PlanLine>),
    Score {
        line: Id,
        urgency: u8,
        importance: u8,
        difficulty: u8,
    },
    SetStatus {
        line: Id,
        status: LineStatus,
    },
    Remove(Id),
    /// Gives a line a place of its own, counted from 1, with the reason; `None` gives it back to its score.
    Move {
        line: Id,
        to: Option<(usize, String)>,
    },
    Start(Date),
    Agree(Date),
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: PlanCommand) -> Edits {
    let engagement = crate::engagement::find(books, command.engagement)?;
    let pack = ctx.pack(&engagement.programme)?;
    let mut plan = books.plan_of(engagement.id).cloned().unwrap_or_else(|| ActionPlan {
        id: ctx.id(0),
        engagement: engagement.id,
        edition: pack.plan.edition.clone(),
        starts: default_start(ctx, engagement),
        lines: Vec::new(),
        agreed_on: None,
    });
    match command.action {
        PlanAction::Generate { count } => {
            let wanted = candidates(books, pack, engagement);
            for (n, candidate) in (1..).zip(wanted.into_iter().take(count.into())) {
                plan.lines.push(line_from(ctx.id(n), &plan, candidate));
            }
        }
        PlanAction::Add { line, notes } => {
            check(pack, &line)?;
            let id = ctx.id(1);
            plan.lines.push(PlanLine { id, ..*line });
            let mut edits = note::tie(books, engagement, &notes, &Onto::Line(id))?;
            edits.push(Record::Plan(plan).into());
            return Ok(edits);
        }
        PlanAction::Edit(line) => {
            check(pack, &line)?;
            let id = line.id;
            *find(&mut plan, id)? = *line;
        }
        PlanAction::Score { line, urgency, importance, difficulty } => {
            scores(urgency, importance, difficulty)?;
            let line = find(&mut plan, line)?;
            (line.urgency, line.importance, line.difficulty) = (urgency, importance, difficulty);
        }
        PlanAction::SetStatus { line, status } => find(&mut plan, line)?.status = status,
        PlanAction::Remove(id) => {
            find(&mut plan, id)?;
            plan.lines.retain(|l| l.id != id);
        }
        PlanAction::Move { line, to: None } => find(&mut plan, line)?.moved = None,
        PlanAction::Move { line, to: Some((to, reason)) } => {
            find(&mut plan, line)?;
            required("reason", &reason, LINE)?;
            within("place", to.try_into().unwrap_or(u64::MAX), 1, plan.lines.len() as u64)?;
            place(books, pack, &mut plan, line, to - 1, reason);
        }
        PlanAction::Start(on) => plan.starts = on.first_of_month(),
        PlanAction::Agree(on) => plan.agreed_on = Some(on),
    }
    put(Record::Plan(plan))
}

/// Candidates of the newest diagnosis that the plan does not hold yet, best first.
pub fn candidates(books: &Books, pack: &Pack, engagement: &Engagement) -> Vec<Candidate> {
    let Some(sheet) = books.sheets_of(engagement.id).last().copied() else { return Vec::new() };
    let held: Vec<u8> =
        books.plan_of(engagement.id).map_or_else(Vec::new, |p| p.lines.iter().filter_map(|l| l.question).collect());
    let mut found = pack.plan.candidates(&pack.diagnosis, &answers(&pack.diagnosis, sheet));
    found.retain(|c| !held.contains(&c.question));
    found
}

/// The plan's lines in order of priority, each with its score.
pub fn ranked(books: &Books, pack: &Pack, plan: &ActionPlan) -> Vec<(u32, PlanLine)> {
    let mut lines = plan.lines.clone();
    pack.plan.order(&mut lines, &pack.diagnosis, &newest(books, pack, plan));
    let score = |l: &PlanLine| pack.plan.score(l.urgency, l.importance, l.difficulty).unwrap_or(0);
    lines.into_iter().map(|l| (score(&l), l)).collect()
}

fn newest(books: &Books, pack: &Pack, plan: &ActionPlan) -> Vec<Option<Answer>> {
    books.sheets_of(plan.engagement).last().map_or_else(Vec::new, |sheet| answers(&pack.diagnosis, sheet))
}

/// Puts a line at a place of the shown order. The others keep their order among each other, and a mark stays only where
/// the order would be another one without it.
fn place(books: &Books, pack: &Pack, plan: &mut ActionPlan, line: Id, to: usize, reason: String) {
    let answers = newest(books, pack, plan);
    let order = |lines: &[PlanLine]| {
        let mut lines = lines.to_vec();
        pack.plan.order(&mut lines, &pack.diagnosis, &answers);
        lines.iter().map(|l| l.id).collect::<Vec<Id>>()
    };
    let mut wanted = order(&plan.lines);
    wanted.retain(|id| *id != line);
    wanted.insert(to, line);
    let mut computed = plan.lines.clone();
    pack.plan.rank(&mut computed, &pack.diagnosis, &answers);
    let places = |id: Id| {
        let place = |found: Option<usize>| i16::try_from(found.unwrap_or(0)).unwrap_or(i16::MAX);
        place(wanted.iter().position(|w| *w == id)) - place(computed.iter().position(|c| c.id == id))
    };
    for held in &mut plan.lines {
        if held.id == line {
            held.moved = Some(Moved { places: 0, reason: reason.clone() });
        }
        if let Some(moved) = &mut held.moved {
            moved.places = places(held.id);
        }
    }
    for at in 0..plan.lines.len() {
        let mark = plan.lines[at].moved.take();
        if order(&plan.lines) != wanted {
            plan.lines[at].moved = mark;
        }
    }
}

fn default_start(ctx: &Ctx<'_>, engagement: &Engagement) -> Date {
    let last = engagement.date_of(engagement.last_session()).unwrap_or(ctx.today());
    last.first_of_month().saturating_add(1.month())
}

fn line_from(id: Id, plan: &ActionPlan, c: Candidate) -> PlanLine {
    PlanLine {
        id,
        theme: c.theme,
        issue: c.issue,
        basis: c.basis,
        question: Some(c.question),
        action: c.action,
        owner: String::new(),
        support: String::new(),
        urgency: c.urgency,
        importance: c.importance,
        difficulty: c.difficulty,
        start: Some(plan.starts),
        due: Some(plan.starts.saturating_add(months_for(c.urgency).months()).last_of_month()),
        cost: String::new(),
        done_when: String::new(),
        status: LineStatus::Open,
        moved: None,
    }
}

/// A first guess that the expert corrects: the more urgent, the sooner.
fn months_for(urgency: u8) -> i32 {
    9 - 2 * i32::from(urgency)
}

fn find(plan: &mut ActionPlan, id: Id) -> Result<&mut PlanLine, Refusal> {
    plan.lines.iter_mut().find(|l| l.id == id).ok_or(Refusal::NotFound { what: "plan line" })
}

fn scores(urgency: u8, importance: u8, difficulty: u8) -> Result<(), Refusal> {
    within("urgency", urgency.into(), 1, 3)?;
    within("importance", importance.into(), 1, 3)?;
    within("difficulty", difficulty.into(), 1, 3)
}

pub(crate) fn check(pack: &Pack, line: &PlanLine) -> Result<(), Refusal> {
    required("action", &line.action, PROSE)?;
    optional("issue", &line.issue, PROSE)?;
    optional("owner", &line.owner, LINE)?;
    if let Some(moved) = &line.moved {
        required("reason", &moved.reason, LINE)?;
    }
    scores(line.urgency, line.importance, line.difficulty)?;
    if pack.plan.theme(&line.theme).is_none() {
        return Err(Refusal::UnknownItem { item: line.theme.clone() });
    }
    if let (Some(start), Some(due)) = (line.start, line.due)
        && due < start
    {
        return Err(Refusal::TimeOrder);
    }
    Ok(())
}
