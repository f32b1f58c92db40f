//! Padded sizes, so that the length of what is sealed says little about it.

/// Next Padmé size at or above `len`: at most 12 % larger, and few distinct sizes.
pub fn padme(len: usize) -> usize {
    if len < 2 {
        return len;
    }
    let exponent = len.ilog2();
    let mask = (1usize << (exponent - (exponent.ilog2() + 1).min(exponent))) - 1;
    (len + mask) & !mask
}

/// Padmé size with a floor, in bytes.
pub fn padded(len: usize, floor: usize) -> usize {
    padme(len).max(floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_sizes() {
        let table = [(0, 0), (1, 1), (2, 2), (9, 10), (511, 512), (512, 512), (513, 544), (65_537, 67_584)];
        for (len, expected) in table {
            assert_eq!(padme(len), expected, "padme({len})");
        }
    }

    proptest! {
        #[test]
        fn never_shorter_and_at_most_an_eighth_longer(len in 0usize..1 << 30) {
            let size = padme(len);
            prop_assert!(size >= len);
            prop_assert!(size - len <= len / 8 + 1);
            prop_assert_eq!(padme(size), size);
        }
    }
}
