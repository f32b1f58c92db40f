//! The figures the secretariat publishes: counts with their n, never stored percentages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::books::Books;
use crate::programme::{Pack, Programme};
use crate::record::v1::{Case, PatternCode};

/// Counts over all cases of a secretariat's books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub cases: usize,
    pub not_started: usize,
    pub running: usize,
    pub finished: usize,
    /// Ended early or shortened.
    pub ended: usize,
    pub late: usize,
    /// Sessions held, by number; a combined session counts once, under its later number's absence.
    pub held: BTreeMap<u8, usize>,
    /// Days from 第1回 to the last session, one per finished case.
    pub days: Vec<i32>,
    /// Cases by prefecture code.
    pub prefectures: BTreeMap<u8, usize>,
    pub metropolitan: usize,
    pub experts: usize,
    pub patterns: BTreeMap<PatternCode, usize>,
    pub diagnosis_done: usize,
    pub paid_yen: u64,
    pub withheld_yen: u64,
    pub deliverables_accepted: BTreeMap<u8, usize>,
}

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    NotStarted,
    Running,
    Finished,
    Ended,
}

/// The state of a case under its programme.
pub fn case_state(case: &Case, programme: &Programme) -> CaseState {
    let held = case.sessions.values().filter(|s| s.held.is_some()).count();
    match (held, &case.ended) {
        (0, None) => CaseState::NotStarted,
        (_, Some(_)) => CaseState::Ended,
        (n, None) if n >= usize::from(programme.sessions.count) => CaseState::Finished,
        _ => CaseState::Running,
    }
}

/// Days a case is behind: past a planned session by more than the follow-up days without a report.
pub fn days_late(case: &Case, pack: &Pack, today: Date) -> Option<(u8, i32)> {
    let last = case.ended.as_ref().map_or(u8::MAX, |(after, _)| *after);
    case.sessions.range(..=last).find_map(|(number, s)| {
        let planned = s.planned.filter(|_| s.held.is_none())?;
        let due = crate::deadline::follow_up_on(pack, planned);
        (today >= due).then(|| (*number, planned.until(today).map_or(0, |span| span.get_days())))
    })
}

/// Computes every figure.
pub fn compute(books: &Books, pack: &Pack, today: Date) -> Statistics {
    let programme = &pack.programme;
    let mut s = Statistics { experts: books.experts.len(), cases: books.cases.len(), ..Statistics::default() };
    for case in books.cases.values() {
        match case_state(case, programme) {
            CaseState::NotStarted => s.not_started += 1,
            CaseState::Running => s.running += 1,
            CaseState::Finished => s.finished += 1,
            CaseState::Ended => s.ended += 1,
        }
        s.late += usize::from(days_late(case, pack, today).is_some());
        for (number, session) in &case.sessions {
            if session.held.is_some() && !session.combined {
                *s.held.entry(*number).or_default() += 1;
            }
        }
        let dates: Vec<Date> = case.sessions.values().filter_map(|x| x.held).collect();
        if case_state(case, programme) == CaseState::Finished
            && let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max())
        {
            s.days.push(first.until(*last).map_or(0, |span| span.get_days()));
        }
        *s.prefectures.entry(case.prefecture).or_default() += 1;
        s.metropolitan += usize::from(crate::region::area(programme, case.prefecture).is_some());
        for number in &case.accepted {
            *s.deliverables_accepted.entry(*number).or_default() += 1;
        }
    }
    for expert in books.experts.values() {
        *s.patterns.entry(expert.pattern).or_default() += 1;
    }
    // A report sent again after a return still tells of one diagnosis.
    let reports = books.deliveries.values().filter_map(|d| d.report.as_ref());
    let diagnosed: BTreeSet<&str> =
        reports.filter(|r| r.diagnosis_score.is_some()).map(|r| r.case_no.as_str()).collect();
    s.diagnosis_done = diagnosed.len();
    for line in books.pay_runs.values().filter(|r| r.approved_by.is_some()).flat_map(|r| &r.lines) {
        s.paid_yen += line.gross;
        s.withheld_yen += line.withheld;
    }
    s.days.sort_unstable();
    s
}

impl Statistics {
    /// The middle number of days, if any case is finished.
    pub fn median_days(&self) -> Option<i32> {
        self.days.get(self.days.len().checked_sub(1)? / 2).copied()
    }

    /// Finished cases by five-day classes: lower bound and count.
    pub fn histogram(&self) -> Vec<(i32, usize)> {
        let mut classes: BTreeMap<i32, usize> = BTreeMap::new();
        for day in &self.days {
            *classes.entry(day / 5 * 5).or_default() += 1;
        }
        classes.into_iter().collect()
    }
}
