//! Shared harness of the acceptance tests: the rules of the house, the real programs, a terminal, and a search for leaks.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a harness stops the test at once and says why")]

pub mod chance;
pub mod house;
pub mod keys;
pub mod leaks;
pub mod memory;
pub mod picture;
pub mod program;
pub mod replay;
pub mod rounds;
pub mod screen;
pub mod small_disk;
pub mod steps;
pub mod strace;
pub mod world;
pub mod written;
