//! Practice: invented firms taken through the same commands as real ones, in a home that is marked everywhere.

pub mod data;
pub mod office;
pub mod stage;
pub mod tutorial;
pub mod walk;
