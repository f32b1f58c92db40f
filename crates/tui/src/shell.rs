//! The work: store, sealing, carrying, documents, terminal. Everything that can fail for a reason outside the rules.

pub mod carry;
pub mod clock;
pub mod desk;
pub mod doctor;
pub mod documents;
pub mod enrol;
pub mod evidence;
pub mod export;
pub mod failure;
pub mod home;
pub mod letter;
pub mod memory;
pub mod office;
pub mod papers;
pub mod place;
pub mod post;
pub mod practice;
pub mod resume;
pub mod retention;
pub mod runtime;
pub mod seal;
pub mod share;
pub mod terminal;
pub mod vault;
