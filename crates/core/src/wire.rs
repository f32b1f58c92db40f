//! What is sent between programs, by version; the only serialisable types besides `record`.

pub mod v1;
