//! The clock and fresh chance: the only place of this program that reads either.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use rustix::time::{ClockId, clock_gettime};

/// The programme runs on Japan time wherever the computer stands.
pub fn now() -> DateTime {
    let japan = TimeZone::fixed(Offset::constant(9));
    let now = jiff::Timestamp::now().to_zoned(japan).datetime();
    now.with().subsec_nanosecond(0).build().unwrap_or(now)
}

/// The instant of a Japan time, as documents carry it.
pub fn stamp(at: DateTime) -> jiff::Timestamp {
    TimeZone::fixed(Offset::constant(9)).to_timestamp(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// Seconds since 1970, for signed requests.
pub fn unix_seconds() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Time since the start of the machine: with the time it has slept, and without.
pub fn uptime() -> (Duration, Duration) {
    let read = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    #[cfg(target_os = "linux")]
    let with_sleep = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let with_sleep = ClockId::Monotonic;
    (read(with_sleep), read(ClockId::Monotonic))
}

/// How long something has taken.
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Whole milliseconds since the start or the last call.
    pub fn lap(&mut self) -> u128 {
        let took = self.0.elapsed().as_millis();
        self.0 = std::time::Instant::now();
        took
    }
}

/// Fresh random bytes from the operating system.
pub fn seed() -> [u8; 16] {
    let mut seed = [0; 16];
    getrandom::fill(&mut seed).expect("the operating system gives random bytes");
    seed
}
