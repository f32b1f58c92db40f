//! The domain from its one door: commands on books, on both sides of the wire.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "domain/as_of.rs"]
mod as_of;
#[path = "domain/attachments.rs"]
mod attachments;
#[path = "domain/claims.rs"]
mod claims;
#[path = "domain/days.rs"]
mod days;
#[path = "domain/desk.rs"]
mod desk;
#[path = "domain/doctor.rs"]
mod doctor;
#[path = "domain/documents.rs"]
mod documents;
#[path = "domain/endings.rs"]
mod endings;
#[path = "domain/golden.rs"]
mod golden;
#[path = "domain/guide.rs"]
mod guide;
#[path = "domain/history.rs"]
mod history;
#[path = "domain/lists.rs"]
mod lists;
#[path = "domain/notes.rs"]
mod notes;
#[path = "domain/order.rs"]
mod order;
#[path = "domain/past.rs"]
mod past;
#[path = "domain/properties.rs"]
mod properties;
#[path = "domain/refusals.rs"]
mod refusals;
#[path = "domain/resume.rs"]
mod resume;
#[path = "domain/retention.rs"]
mod retention;
#[path = "domain/search.rs"]
mod search;
#[path = "domain/sessions.rs"]
mod sessions;
#[path = "domain/share.rs"]
mod share;
#[path = "domain/tutorial.rs"]
mod tutorial;
#[path = "domain/world.rs"]
mod world;
