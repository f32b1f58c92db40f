//! The clock of a session: when it runs, how many minutes have passed, and where the timetable should be.

use jiff::Unit;
use jiff::civil::{Date, DateTime, Time};

use crate::curriculum::AgendaItem;
use crate::record::v1::{Clock, Engagement, Pause};
use crate::refusal::Refusal;

/// What a hand does to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tap {
    /// Starts it, or lets it go on after a pause or an end that came too early.
    Start,
    Pause,
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    Paused,
    Ended,
}

impl Clock {
    pub fn state(&self) -> State {
        match (self.ended, self.pauses.last()) {
            (Some(_), _) => State::Ended,
            (None, Some(Pause { until: None, .. })) => State::Paused,
            (None, _) => State::Running,
        }
    }

    /// Whole minutes that have passed until `now`, pauses left out.
    pub fn minutes(&self, now: DateTime) -> u32 {
        let end = self.ended.unwrap_or(now);
        let still: i64 = self.pauses.iter().map(|p| seconds(p.from, p.until.unwrap_or(end))).sum();
        u32::try_from((seconds(self.started, end) - still).max(0) / 60).unwrap_or(u32::MAX)
    }

    /// Day, start and end for the record, to the minute; no end when it is not later on the same day.
    pub fn times(&self, now: DateTime) -> (Date, Time, Option<Time>) {
        let start = to_minute(self.started);
        let end = to_minute(self.ended.unwrap_or(now));
        let same = end > start && end.date() == start.date();
        (start.date(), start.time(), same.then_some(end.time()))
    }
}

fn seconds(from: DateTime, to: DateTime) -> i64 {
    from.until((Unit::Second, to)).map_or(0, |span| span.get_seconds()).max(0)
}

fn to_minute(at: DateTime) -> DateTime {
    at.round(Unit::Minute).unwrap_or(at)
}

/// The session whose clock was started on this day and has not ended, with the clock. One forgotten on a day before
/// tells nothing about today, nor does one of a session that is recorded as held.
pub fn on(engagement: &Engagement, now: DateTime) -> Option<(u8, &Clock)> {
    let clock = |number| {
        let session = engagement.session(number).filter(|s| s.held.is_none())?;
        let clock = session.clock.as_ref()?;
        let runs = clock.state() != State::Ended && clock.started.date() == now.date();
        runs.then_some((number, clock))
    };
    (1..=engagement.sessions.len() as u8).rev().find_map(clock)
}

/// The clock after a tap.
pub(crate) fn tap(clock: Option<Clock>, tap: Tap, now: DateTime) -> Result<Clock, Refusal> {
    let Some(mut clock) = clock else {
        return match tap {
            Tap::Start => Ok(Clock { started: now, ended: None, pauses: Vec::new() }),
            Tap::Pause | Tap::Stop => Err(Refusal::ClockStands),
        };
    };
    match (clock.state(), tap) {
        (State::Running, Tap::Start) => return Err(Refusal::ClockRuns),
        (State::Running, Tap::Pause) => clock.pauses.push(Pause { from: now, until: None }),
        (State::Paused, Tap::Start) => close(&mut clock, now),
        (State::Ended, Tap::Start) => {
            let from = clock.ended.take().unwrap_or(now);
            clock.pauses.push(Pause { from, until: Some(now) });
        }
        // A session ends when its last pause began.
        (State::Paused, Tap::Stop) => clock.ended = clock.pauses.pop().map(|p| p.from),
        (State::Running, Tap::Stop) => clock.ended = Some(now),
        (State::Paused | State::Ended, Tap::Pause) | (State::Ended, Tap::Stop) => return Err(Refusal::ClockStands),
    }
    Ok(clock)
}

fn close(clock: &mut Clock, now: DateTime) {
    if let Some(pause) = clock.pauses.last_mut() {
        pause.until = Some(now);
    }
}

/// Where the timetable should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The item of the timetable for this minute; the last one after the end.
    pub at: usize,
    /// Minutes until the next item; negative after the planned end.
    pub left: i32,
    /// Minutes of the whole timetable.
    pub planned: u32,
    pub elapsed: u32,
}

/// Where a timetable should be after so many minutes; `None` when it is empty.
pub fn pace(agenda: &[AgendaItem], elapsed: u32) -> Option<Pace> {
    let planned = agenda.iter().map(|a| u32::from(a.minutes)).sum();
    let mut until = 0;
    for (at, item) in agenda.iter().enumerate() {
        until += u32::from(item.minutes);
        if elapsed < until || at + 1 == agenda.len() {
            let left = i32::try_from(until).unwrap_or(0) - i32::try_from(elapsed).unwrap_or(i32::MAX);
            return Some(Pace { at, left, planned, elapsed });
        }
    }
    None
}

impl Pace {
    /// Minutes behind (positive) or ahead (negative), judged by how many of the day's items are settled.
    pub fn behind(&self, settled: usize, items: usize) -> i32 {
        let due = u64::from(self.planned) * settled as u64 / items.max(1) as u64;
        i32::try_from(i64::from(self.elapsed) - due as i64).unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(hour: i8, minute: i8, second: i8) -> DateTime {
        date(2026, 10, 8).at(hour, minute, second, 0)
    }

    /// Taps at times; the clock, or the refusal of the last tap.
    fn run(taps: &[(Tap, DateTime)]) -> Result<Clock, Refusal> {
        let mut clock = None;
        for (what, when) in taps {
            clock = Some(tap(clock, *what, *when)?);
        }
        Ok(clock.unwrap())
    }

    #[test]
    fn pauses_do_not_count_and_an_end_too_early_goes_on() {
        use Tap::{Pause, Start, Stop};
        let (a, b, c, d) = (at(13, 32, 10), at(14, 0, 10), at(14, 10, 10), at(14, 40, 10));
        for (taps, state, minutes, end) in [
            (vec![(Start, a)], State::Running, 68, Some(at(14, 40, 0).time())),
            (vec![(Start, a), (Pause, b)], State::Paused, 28, Some(at(14, 40, 0).time())),
            (vec![(Start, a), (Pause, b), (Start, c)], State::Running, 58, Some(at(14, 40, 0).time())),
            (vec![(Start, a), (Pause, b), (Stop, c)], State::Ended, 28, Some(at(14, 0, 0).time())),
            (vec![(Start, a), (Stop, b)], State::Ended, 28, Some(at(14, 0, 0).time())),
            (vec![(Start, a), (Stop, b), (Start, c)], State::Running, 58, Some(at(14, 40, 0).time())),
        ] {
            let clock = run(&taps).unwrap();
            assert_eq!((clock.state(), clock.minutes(d)), (state, minutes), "{taps:?}");
            assert_eq!(clock.times(d), (date(2026, 10, 8), at(13, 32, 0).time(), end), "{taps:?}");
        }
    }

    #[test]
    fn a_tap_that_means_nothing_is_refused() {
        use Tap::{Pause, Start, Stop};
        let (a, b) = (at(13, 30, 0), at(14, 0, 0));
        assert_eq!(run(&[(Stop, a)]), Err(Refusal::ClockStands));
        assert_eq!(run(&[(Pause, a)]), Err(Refusal::ClockStands));
        assert_eq!(run(&[(Start, a), (Start, b)]), Err(Refusal::ClockRuns));
        assert_eq!(run(&[(Start, a), (Stop, b), (Stop, b)]), Err(Refusal::ClockStands));
    }

    #[test]
    fn times_are_rounded_and_midnight_gives_no_end() {
        let clock = run(&[(Tap::Start, at(13, 29, 31))]).unwrap();
        assert_eq!(clock.times(at(13, 29, 50)), (date(2026, 10, 8), at(13, 30, 0).time(), None));
        assert_eq!(clock.times(date(2026, 10, 9).at(0, 5, 0, 0)).2, None);
    }

    #[test]
    fn the_timetable_says_where_one_should_be() {
        let item = |minutes| AgendaItem { ja: String::new(), en: String::new(), minutes };
        let agenda = [item(10), item(30), item(20)];
        for (elapsed, at, left) in
            [(0, 0, 10), (9, 0, 1), (10, 1, 30), (39, 1, 1), (59, 2, 1), (60, 2, 0), (75, 2, -15)]
        {
            let pace = pace(&agenda, elapsed).unwrap();
            assert_eq!((pace.at, pace.left, pace.planned), (at, left, 60), "{elapsed}");
        }
        assert_eq!(pace(&agenda, 30).unwrap().behind(1, 4), 15);
        assert_eq!(pace(&agenda, 30).unwrap().behind(3, 4), -15);
        assert_eq!(pace(&[], 5), None);
    }
}
