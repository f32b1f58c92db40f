//! Target `share`: see `bansou_fuzz::share`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bansou_fuzz::share::target(data));
