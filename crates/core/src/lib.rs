//! The rules of the programme: every decision, and no effect.
//!
//! Nothing here reads a file, a clock, the network or a source of chance; time and fresh ids arrive as values.

pub mod calc;
pub mod calendar;
pub mod curriculum;
pub mod deadline;
pub mod diagnosis;
pub mod eligibility;
pub mod ids;
pub mod intake;
pub mod kana;
pub mod money;
pub mod payday;
pub mod plan;
pub mod policy;
pub mod programme;
pub mod record;
pub mod region;
pub mod regulations;
pub mod risk;
pub mod text;
pub mod wareki;
pub mod wire;
pub mod withholding;
