//! What stands in the way of a purge, and what stays after one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Id;

/// A legal hold: nothing of this client is erased while it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub id: Id,
    pub client: Id,
    pub reason: String,
    pub since: Date,
    pub released_on: Option<Date>,
}

/// The record of a purge. It stays when everything that it tells of is gone, and holds no text about the firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeRecord {
    pub id: Id,
    pub on: Date,
    /// Signed certificate (wire v1 envelope) as JSON text.
    pub certificate: String,
    /// Journal entries whose text was erased, and blobs that were deleted: what an interrupted purge has to finish.
    pub entries: Vec<u64>,
    pub blobs: Vec<Id>,
}
