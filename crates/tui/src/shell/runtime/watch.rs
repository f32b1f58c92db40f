//! When the screens lock by themselves: after some time without a key, and when the machine has slept.

use std::panic::panic_any;
use std::time::Duration;

use crate::app::msg::Msg;

/// The warning comes this long before the lock.
const WARNING: Duration = Duration::from_secs(60);
/// The clock of the title moves this often.
const TICK: Duration = Duration::from_secs(30);
/// A sleep of the machine is noticed at the latest after this time awake.
const NAP: Duration = Duration::from_secs(2);
/// The two clocks may drift apart by this much without a sleep.
const DRIFT: Duration = Duration::from_secs(1);
/// Seconds until the lock, for tests on practice homes; a real home does not look at it.
const PRACTICE_LOCK_AFTER: &str = "BANSOU_PRACTICE_LOCK_AFTER";
/// What panics instead of that lock, `screens` or `desk`; for practice homes likewise.
const PRACTICE_PANIC: &str = "BANSOU_PRACTICE_PANIC";

/// Watches the time. All times are those of `clock::uptime`.
pub(super) struct Watch {
    /// Time without a key after which the screens lock.
    lock_after: Duration,
    touched: Duration,
    ticked: Duration,
    slept: Duration,
    warned: bool,
    fault: Option<Fault>,
}

/// A part that panics because a test wants to see what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Screens,
    Desk,
}

/// Panics where a test wants it.
#[allow(clippy::panic, reason = "a test on a practice home asks for it, to see what is left")]
pub(in crate::shell) fn fail() -> ! {
    panic_any("asked for")
}

impl Watch {
    pub(super) fn start((boot, awake): (Duration, Duration), lock_after: Duration) -> Self {
        let slept = boot.saturating_sub(awake);
        Self { lock_after, touched: boot, ticked: boot, slept, warned: false, fault: None }
    }

    /// A practice home may lock sooner.
    pub(super) fn practise(&mut self) {
        if let Some(seconds) = std::env::var(PRACTICE_LOCK_AFTER).ok().and_then(|s| s.parse().ok()) {
            self.lock_after = Duration::from_secs(seconds);
        }
        self.fault = match std::env::var(PRACTICE_PANIC).as_deref() {
            Ok("screens") => Some(Fault::Screens),
            Ok("desk") => Some(Fault::Desk),
            _ => None,
        };
    }

    /// What is to panic now that it is time to lock.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Somebody is here.
    pub(super) fn touch(&mut self, boot: Duration) {
        self.touched = boot;
        self.warned = false;
    }

    /// How long to wait for a message before looking at the clock again.
    pub(super) fn patience(&self) -> Duration {
        NAP.min(self.lock_after / 4)
    }

    /// What the time asks for.
    pub(super) fn look(&mut self, (boot, awake): (Duration, Duration)) -> Option<Msg> {
        let slept = boot.saturating_sub(awake);
        let woke = slept > self.slept + DRIFT;
        self.slept = slept;
        let idle = boot.saturating_sub(self.touched);
        if woke || idle >= self.lock_after {
            self.touch(boot);
            return Some(Msg::Lock);
        }
        let warning = WARNING.min(self.lock_after / 2);
        if idle >= self.lock_after.saturating_sub(warning) && !self.warned {
            self.warned = true;
            return Some(Msg::Idle { left: (self.lock_after - idle).as_secs() });
        }
        if boot.saturating_sub(self.ticked) >= TICK {
            self.ticked = boot;
            return Some(Msg::Tick);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::settings::LOCK_AFTER;

    fn at(seconds: u64) -> (Duration, Duration) {
        (Duration::from_secs(1000 + seconds), Duration::from_secs(900 + seconds))
    }

    #[test]
    fn five_minutes_without_a_key_lock_after_a_warning_of_one_minute() {
        let mut watch = Watch::start(at(0), LOCK_AFTER);
        assert_eq!(watch.look(at(29)), None);
        assert_eq!(watch.look(at(30)), Some(Msg::Tick));
        assert_eq!(watch.look(at(240)), Some(Msg::Idle { left: 60 }));
        assert_eq!(watch.look(at(241)), Some(Msg::Tick), "the warning is given once");
        assert_eq!(watch.look(at(300)), Some(Msg::Lock));
        assert_eq!(watch.look(at(301)), Some(Msg::Tick), "and the time begins anew");
    }

    #[test]
    fn the_time_is_the_one_the_person_has_set() {
        let mut watch = Watch::start(at(0), Duration::from_secs(15 * 60));
        watch.look(at(600));
        assert_eq!(watch.look(at(840)), Some(Msg::Idle { left: 60 }));
        assert_eq!(watch.look(at(900)), Some(Msg::Lock));
    }

    #[test]
    fn a_key_begins_the_time_anew() {
        let mut watch = Watch::start(at(0), LOCK_AFTER);
        assert_eq!(watch.look(at(250)), Some(Msg::Idle { left: 50 }));
        watch.touch(at(260).0);
        assert_eq!(watch.look(at(301)), Some(Msg::Tick));
        assert_eq!(watch.look(at(505)), Some(Msg::Idle { left: 55 }));
        assert_eq!(watch.look(at(560)), Some(Msg::Lock));
    }

    #[test]
    fn a_sleep_of_the_machine_locks_at_once_and_a_drift_does_not() {
        let mut watch = Watch::start(at(0), LOCK_AFTER);
        let (boot, awake) = at(5);
        assert_eq!(watch.look((boot + Duration::from_millis(900), awake)), None);
        assert_eq!(watch.look((boot + Duration::from_secs(20), awake)), Some(Msg::Lock));
        let later = Duration::from_secs(1);
        assert_eq!(watch.look((boot + Duration::from_secs(20) + later, awake + later)), None);
    }
}
