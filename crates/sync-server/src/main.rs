//! The program bansou-server.
fn main() {}
