//! What is stored, by version. A stored type is a promise: golden files keep every version readable for ever.

pub mod v1;
