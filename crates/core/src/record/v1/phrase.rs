//! A phrase that the owner of a home keeps to write with. It belongs to no client.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Id;

/// One own phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnPhrase {
    pub id: Id,
    /// When it was kept.
    pub at: DateTime,
    pub text: String,
}
