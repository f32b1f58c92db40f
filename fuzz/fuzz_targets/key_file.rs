//! Target `key_file`: see `bansou_fuzz::key_file`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bansou_fuzz::key_file(data));
