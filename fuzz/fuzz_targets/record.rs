//! Target `record`: see `bansou_fuzz::record`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bansou_fuzz::record(data));
