//! The work: store, sealing, carrying, documents, terminal. Everything that can fail for a reason outside the rules.

pub mod carry;
pub mod documents;
pub mod seal;
pub mod terminal;
pub mod vault;
