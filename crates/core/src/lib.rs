//! The rules of the programme: every decision, and no effect.
//!
//! Nothing here reads a file, a clock, the network or a source of chance; time and fresh ids arrive as values.

pub mod books;
pub mod bundle;
pub mod calc;
pub mod calendar;
pub mod care;
pub mod claim;
pub mod client;
pub mod command;
pub mod curriculum;
pub mod deadline;
pub mod deliverable;
pub mod diagnosis;
pub mod doctor;
pub mod document;
pub mod edit;
pub mod eligibility;
pub mod engagement;
pub mod export;
pub mod findings;
pub mod ids;
pub mod intake;
pub mod kana;
pub mod money;
pub mod office;
pub mod outbox;
pub mod payday;
pub mod plan;
pub mod planning;
pub mod policy;
pub mod programme;
pub mod record;
pub mod refusal;
pub mod region;
pub mod regulations;
pub mod retention;
pub mod risk;
pub mod search;
pub mod session;
pub mod statistics;
pub mod text;
mod text_rules;
pub mod today;
pub mod wareki;
pub mod wire;
pub mod withholding;
