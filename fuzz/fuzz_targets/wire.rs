//! Target `wire`: see `bansou_fuzz::wire`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bansou_fuzz::wire(data));
