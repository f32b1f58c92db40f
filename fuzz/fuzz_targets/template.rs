//! Target `template`: see `bansou_fuzz::template`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bansou_fuzz::template(data));
