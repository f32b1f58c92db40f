//! The pure half: model, update, view and keys. It decides nothing about the programme and does no work.

pub mod area;
pub mod canvas;
pub mod draft;
pub mod effect;
pub mod field;
pub mod find;
pub mod form;
pub mod hand;
pub mod key;
pub mod keymap;
pub mod list;
pub mod look;
pub mod model;
pub mod msg;
pub mod office;
pub mod overlay;
pub mod rows;
pub mod screens;
pub mod search;
pub mod text;
pub mod typed;
pub mod update;
pub mod view;
pub mod width;
pub mod writing;
