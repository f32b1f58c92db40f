//! How often one key may ask: a bucket per key that refills evenly.

use std::collections::BTreeMap;

/// Token buckets of the known keys.
#[derive(Debug)]
pub struct Pace {
    per_minute: u32,
    /// Key id to (tokens times 60, Unix second of the last visit).
    buckets: BTreeMap<String, (u64, i64)>,
}

impl Pace {
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, buckets: BTreeMap::new() }
    }

    /// Takes one token at `now` (Unix seconds), or says after how many seconds there is one.
    pub fn take(&mut self, key_id: &str, now: i64) -> Result<(), u64> {
        let rate = u64::from(self.per_minute);
        let full = rate * 60;
        let (tokens, last) = self.buckets.get(key_id).copied().unwrap_or((full, now));
        let elapsed = u64::try_from(now - last).unwrap_or(0);
        let tokens = full.min(tokens.saturating_add(elapsed.saturating_mul(rate)));
        let (left, answer) = match tokens.checked_sub(60) {
            Some(left) => (left, Ok(())),
            None => (tokens, Err((60 - tokens).div_ceil(rate.max(1)))),
        };
        self.buckets.insert(key_id.to_owned(), (left, now));
        answer
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_key_has_its_own_bucket_that_refills() {
        let mut pace = Pace::new(2);
        assert_eq!([pace.take("a", 0), pace.take("a", 0), pace.take("a", 0)], [Ok(()), Ok(()), Err(30)]);
        assert_eq!(pace.take("b", 0), Ok(()));
        assert_eq!(pace.take("a", 29), Err(1));
        assert_eq!(pace.take("a", 30), Ok(()));
        assert_eq!(pace.take("a", 10), Err(30), "a clock that jumps back gives nothing");
    }
}
