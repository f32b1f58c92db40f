//! 今日すること: what an expert has to do, by the rules' deadlines, most urgent first.

use jiff::civil::Date;

use crate::books::Books;
use crate::programme::Pack;
use crate::record::v1::{Engagement, Id, OutboxState};
use crate::{claim, deadline};

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
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    pub engagement: Id,
    pub what: What,
    /// Last day by the rule, or the planned day; none when there is no clock.
    pub due: Option<Date>,
}

impl Todo {
    /// Days until it is due; negative is late.
    pub fn days_left(&self, today: Date) -> Option<i32> {
        self.due.map(|d| today.until(d).map_or(0, |span| span.get_days()))
    }
}

/// Everything to do on a day, late first, then by due date; undated last.
pub fn todos(books: &Books, packs: &[Pack], today: Date) -> Vec<Todo> {
    let mut todos: Vec<Todo> = books
        .engagements
        .values()
        .filter(|e| books.listed(e))
        .filter_map(|e| Some((e, crate::edit::pack(packs, &e.programme).ok()?)))
        .flat_map(|(e, pack)| of_engagement(books, pack, e, today))
        .collect();
    todos.sort_by_key(|t| (t.due.is_none(), t.due, t.what));
    todos
}

/// What one engagement asks for on a day.
pub fn of_engagement(books: &Books, pack: &Pack, engagement: &Engagement, today: Date) -> Vec<Todo> {
    let mut todos = Vec::new();
    let mut add = |what, due| todos.push(Todo { engagement: engagement.id, what, due });
    for number in 1..=engagement.held_count() {
        let Some(session) = engagement.session(number) else { continue };
        let Some(held) = &session.held else { continue };
        let report_due = Some(deadline::report_due(&pack.programme, held.date));
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
    todos.retain(|t| soon(t, today));
    todos
}

/// Planned sessions enter the list two weeks before; everything else at once.
fn soon(todo: &Todo, today: Date) -> bool {
    match todo.what {
        What::Hold(_) => todo.days_left(today).is_none_or(|d| d <= 14),
        _ => true,
    }
}
