//! Who works with whom: the expert's own profile, the enrolment with the secretariat, and client firms.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Id;
use super::money::PatternCode;

/// The owner of this home: an expert, or a member of the secretariat's staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// True for a secretariat's home.
    pub secretariat: bool,
    /// True for a practice home: everything it makes is marked and never paid.
    pub practice: bool,
    /// Programme pinned for new engagements, such as `r2-2020`.
    pub programme: String,
    pub name: String,
    /// Full-width katakana.
    pub kana: String,
    /// 登録番号 (RISS or other), empty for staff.
    pub registration: String,
    pub pattern: PatternCode,
    /// JIS X 0401, 1–47.
    pub prefecture: u8,
    pub address: String,
    /// 適格請求書発行事業者 number with its T, or empty.
    pub invoice_number: String,
    /// Company that is paid under pattern B or C, or empty.
    pub company: String,
}

/// What the secretariat gave this expert: certificate, recipients and server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// Ed25519 root key of the programme, base64; pinned at enrolment.
    pub root_key: String,
    /// Signed certificate (wire v1 envelope) as JSON text.
    pub certificate: String,
    /// Newest signed recipients file (wire v1 envelope) as JSON text.
    pub recipients: String,
    /// Base address of the server; empty means never touch the network.
    pub server: String,
    /// Secretariat only: SHA-256 (hex) of every recipients file it has published, newest last.
    pub published: Vec<String>,
    /// Secretariat only: SHA-256 (hex) of invitation tokens given out and not used.
    pub open_tokens: Vec<String>,
}

/// A client firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub id: Id,
    pub name: String,
    /// Full-width katakana, for sorting and search.
    pub kana: String,
    /// Eligibility category 1–15 of the programme's table.
    pub category: u8,
    /// Main industry 1–8, needed for categories 12–15.
    pub main_industry: Option<u8>,
    /// Capital or total contribution in yen.
    pub capital: u64,
    /// 常時使用する従業員の数.
    pub employees: u32,
    pub sole_proprietor: bool,
    /// JIS X 0401, 1–47.
    pub prefecture: u8,
    pub contact: Contact,
    /// SECURITY ACTION 一つ星 declared.
    pub one_star: bool,
    pub added_on: Date,
    pub archived: bool,
}

/// The people the expert talks to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Title and name of the representative, as they stand on the policy.
    pub representative_title: String,
    pub representative: String,
    /// Role name of the counterpart, such as 総務部長.
    pub counterpart: String,
}
