//! 今日すること: what an expert has to do, by the rules' deadlines, most urgent first.

use jiff::civil::Date;

use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{EndingKind, Engagement, Id, OutboxState};
use crate::{agenda, care, claim, deadline, deliverable, outbox};

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// 様式6 or 7 of this session.
    Report(u8),
    /// 様式5 of this session.
    Confirmation(u8),
    /// The planned day of this session has passed, or comes soon.
    Hold(u8),
    /// The session has no date.
    Date(u8),
    /// The secretariat returned the report of this session.
    Returned(u8),
    /// This many fee units, worth this much, can be claimed.
    Claim { units: usize, yen: u64 },
    /// So many deliverables are missing after the last session; without them it is not paid.
    Deliverables(usize),
    /// So many sealed bundles have not been sent.
    Send(usize),
    /// Type the recovery code once.
    Drill,
    /// Make a backup of the store.
    Backup,
}

/// How pressing a line is: the word it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    Late,
    Today,
    Tomorrow,
    /// Its reminder has come.
    Soon,
    Other,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// None for what concerns the store itself.
    pub engagement: Option<Id>,
    pub what: What,
    /// Last day by the rule, or the planned day; none when there is no clock.
    pub due: Option<Date>,
    /// When it is called to mind.
    pub remind_on: Option<Date>,
}

impl Todo {
    /// Days until it is due; negative is late.
    pub fn days_left(&self, today: Date) -> Option<i32> {
        self.due.map(|d| today.until(d).map_or(0, |span| span.get_days()))
    }

    /// The word it begins with on a day.
    pub fn urgency(&self, today: Date) -> Urgency {
        match self.days_left(today) {
            Some(..0) => Urgency::Late,
            Some(0) => Urgency::Today,
            Some(1) => Urgency::Tomorrow,
            _ if self.remind_on.is_some_and(|on| on <= today) => Urgency::Soon,
            _ => Urgency::Other,
        }
    }
}

/// Everything to do on a day in a home that is at journal entry `seq`: late first, then by due date; undated last.
pub fn todos(books: &Books, packs: &[Pack], today: Date, seq: u64) -> Vec<Todo> {
    let mut todos: Vec<Todo> = books
        .engagements
        .values()
        .filter(|e| books.listed(e))
        .filter_map(|e| Some((e, crate::edit::pack(packs, &e.programme).ok()?)))
        .flat_map(|(e, pack)| of_engagement(books, pack, e, today))
        .collect();
    todos.extend(of_store(books, packs, today, seq));
    todos.sort_by_key(|t| (t.due.is_none(), t.due, t.what, t.engagement));
    todos
}

/// What waits to be sent, and what is due for the store.
fn of_store(books: &Books, packs: &[Pack], today: Date, seq: u64) -> Vec<Todo> {
    let line = |what, due| Todo { engagement: None, what, due, remind_on: None };
    let waiting = outbox::to_send(books);
    let due = |item: &crate::record::v1::OutboxItem| {
        let engagement = books.engagements.get(&item.engagement?)?;
        let held = engagement.session(item.session?)?.held.as_ref()?.date;
        Some(deadline::report_due(crate::edit::pack(packs, &engagement.programme).ok()?, held))
    };
    let first = waiting.iter().filter_map(|item| due(item)).min();
    let send = (!waiting.is_empty()).then(|| line(What::Send(waiting.len()), first));
    let kept = care::due(books, today, seq).into_iter().map(|found| match found {
        care::Due::Drill => line(What::Drill, care::due_on(books, found)),
        care::Due::Backup { .. } => line(What::Backup, care::due_on(books, found)),
    });
    send.into_iter().chain(kept).collect()
}

/// What one engagement asks for on a day.
pub fn of_engagement(books: &Books, pack: &Pack, engagement: &Engagement, today: Date) -> Vec<Todo> {
    let mut todos = Vec::new();
    // What is due for a copy is due for the lead.
    if books.shared_of(engagement.id).is_some() {
        return todos;
    }
    let mut add = |what, due| {
        let remind_on = agenda::remind(pack, what, due);
        todos.push(Todo { engagement: Some(engagement.id), what, due, remind_on });
    };
    for number in 1..=engagement.held_count() {
        let Some(session) = engagement.session(number) else { continue };
        let Some(held) = &session.held else { continue };
        let report_due = Some(deadline::report_due(pack, held.date));
        if !session.confirmation.as_ref().is_some_and(|c| pack.programme.confirmation_suffices(c.assurance)) {
            add(What::Confirmation(number), Some(held.date));
        }
        match books.report_sent(engagement.id, number) {
            Some(sent) if sent.state == OutboxState::Returned => add(What::Returned(number), report_due),
            _ if !books.reported(engagement, number) => add(What::Report(number), report_due),
            _ => {}
        }
    }
    if let Some(next) = engagement.next_session() {
        match engagement.session(next).and_then(|s| s.planned.as_ref()) {
            Some(planned) => add(What::Hold(next), Some(planned.date)),
            None => add(What::Date(next), None),
        }
    }
    let units: Vec<_> = claim::units(books, pack, engagement).into_iter().filter(|u| u.blocked.is_none()).collect();
    if let Some(first) = units.iter().map(|u| u.due).min() {
        add(What::Claim { units: units.len(), yen: units.iter().map(|u| u.line.fee).sum() }, Some(first));
    }
    let last = engagement.session(engagement.last_session()).and_then(|s| s.held.as_ref());
    let early = engagement.ending.as_ref().is_some_and(|e| e.kind == EndingKind::Early);
    if let (Some(held), false) = (last, early) {
        let missing = pack.programme.deliverables.len() - deliverable::complete(books, pack, engagement).len();
        if missing > 0 {
            add(What::Deliverables(missing), Some(deadline::claim_due(&pack.programme, held.date)));
        }
    }
    // Planned sessions enter the list when they are called to mind; everything else at once.
    todos.retain(|t| !matches!(t.what, What::Hold(_)) || t.remind_on.is_none_or(|on| on <= today));
    todos
}
