//! The program bansou.
fn main() {}
