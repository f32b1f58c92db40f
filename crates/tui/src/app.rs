//! The pure half: model, update, view and keys. It decides nothing about the programme and does no work.

pub mod area;
pub mod field;
pub mod key;
pub mod text;
pub mod width;
