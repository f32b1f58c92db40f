//! Version 1 of everything that is sent: signed envelopes, tickets, receipts, certificates, manifests.

pub mod ack;
pub mod enrolment;
pub mod envelope;
pub mod manifest;
pub mod payload;
pub mod problem;
pub mod purge;
pub mod receipt;
pub mod recipients;
pub mod reply;
pub mod request;
pub mod share;
pub mod ticket;
