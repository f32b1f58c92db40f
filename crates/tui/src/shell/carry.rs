//! Carrying sealed bundles: one trait, two bodies (HTTPS and a folder), and the relay between them.
//!
//! Everything here blocks: call it from a plain thread, never from inside an async runtime.

pub mod folder;
pub mod https;
pub mod relay;

use bansou_core::wire::v1::envelope::Signed;
use bansou_core::wire::v1::problem::Problem;
use bansou_core::wire::v1::receipt::{Receipt, ReceiptError};

pub use folder::Folder;
pub use https::{Https, Signer};
pub use relay::{Relayed, relay};

/// A sealed bundle ready to leave.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// SHA-256 of `bytes`, hex.
    pub sha256: String,
    /// `Context::Ticket` envelope of the expert.
    pub ticket: Signed,
    /// The sealed bundle, opaque here.
    pub bytes: Vec<u8>,
}

/// Where a bundle is after `send`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A receipt was verified against the pinned key: the server holds the bundle.
    Received(Signed),
    /// The files are written; a receipt comes back with the folder.
    Exported,
}

/// A bundle waiting for the secretariat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Position in the server's log; 0 in a folder, which has no order.
    pub position: u64,
    pub sha256: String,
    pub ticket: Signed,
    /// Absent in a folder that never met a server.
    pub receipt: Option<Signed>,
}

/// One way to bring bundles to the secretariat and its answers back.
pub trait Carrier {
    /// Brings a bundle. `Received` only after its receipt was verified against `receipt_key` (32 bytes, pinned).
    fn send(&self, item: &Sealed, receipt_key: &[u8; 32]) -> Result<Sent, CarryError>;
    /// The receipt lying there, unverified: use `Receipt::check` or `verified_receipt`.
    fn receipt(&self, sha256: &str) -> Result<Option<Signed>, CarryError>;
    /// The published recipients file, unverified (`Context::Recipients` by the root key).
    fn recipients(&self) -> Result<Option<Signed>, CarryError>;
    /// Bundles with a position above `after`, in order; a folder gives all it holds, whatever `after` is.
    fn inbox(&self, after: u64) -> Result<Vec<Incoming>, CarryError>;
    /// The sealed bytes, verified against their hash.
    fn fetch(&self, sha256: &str) -> Result<Vec<u8>, CarryError>;
    /// Leaves the secretariat's answer (`Context::Ack` by a staff key).
    fn put_ack(&self, sha256: &str, ack: &Signed) -> Result<(), CarryError>;
    /// The secretariat's answer, unverified; `None` while there is none.
    fn get_ack(&self, sha256: &str) -> Result<Option<Signed>, CarryError>;
    /// Publishes a recipients file signed by the root key.
    fn publish_recipients(&self, recipients: &Signed) -> Result<(), CarryError>;
    /// Publishes a roster signed by the root key.
    fn publish_roster(&self, roster: &Signed) -> Result<(), CarryError>;

    /// The receipt for `ticket`, verified against the pinned key; `None` while there is none.
    fn verified_receipt(
        &self,
        sha256: &str,
        ticket: &Signed,
        receipt_key: &[u8; 32],
    ) -> Result<Option<Signed>, CarryError> {
        let Some(signed) = self.receipt(sha256)? else { return Ok(None) };
        Receipt::check(&signed, receipt_key, ticket)?;
        Ok(Some(signed))
    }
}

/// Why something was not carried. The text names no client and no expert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarryError {
    #[error("the server address is not usable: {0}")]
    Address(&'static str),
    #[error("the server cannot be reached ({0}). Nothing is lost; try again later or export to a folder.")]
    Unreachable(&'static str),
    #[error("{} ({})", .0.en, .0.code)]
    Refused(Problem),
    #[error("the server gave an answer that this program does not understand: {0}")]
    Answer(&'static str),
    #[error("the receipt was not believed, and the bundle still counts as unsent: {0}")]
    Receipt(#[from] ReceiptError),
    #[error("this needs a key of the roster: an expert's, or one of the secretariat's staff")]
    NeedsStaff,
    #[error("there is no such bundle")]
    NotFound,
    #[error("the bytes of the bundle do not match its hash; ask for it again")]
    Damaged,
    #[error("a file in the folder is not usable ({0}); it was not read")]
    Hostile(&'static str),
    #[error("the folder cannot be read or written: {0}. Check that it is there, writable and not full.")]
    Folder(std::io::ErrorKind),
    #[error("the folder is full. Make room there and try again; nothing was lost.")]
    Full,
}

impl CarryError {
    /// Exit code of the program.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Address(_) | Self::NeedsStaff => 3,
            Self::Unreachable(_) | Self::Answer(_) => 7,
            Self::Refused(_) => 8,
            Self::Receipt(_) | Self::Damaged | Self::Hostile(_) => 9,
            Self::NotFound => 5,
            Self::Folder(_) | Self::Full => 1,
        }
    }

    /// The sentence for a Japanese reader.
    pub fn ja(&self) -> String {
        match self {
            Self::Refused(problem) => format!("{}（{}）", problem.ja, problem.code),
            Self::Address(_) => "サーバーの所在地が使えません。https:// で始まる所在地を設定してください。".into(),
            Self::Unreachable(_) => {
                "サーバーにつながりません。内容は失われていません。後で送り直すか、フォルダーへ書き出してください。"
                    .into()
            }
            Self::Answer(_) => "サーバーの応答を解釈できません。プログラムの版と所在地を確認してください。".into(),
            Self::Receipt(_) => {
                "受領証を確認できませんでした。この封書は未送信のままです。事務局に連絡してください。".into()
            }
            Self::NeedsStaff => "名簿にある鍵(専門家または事務局の担当者)が必要です。".into(),
            Self::NotFound => "その封書はありません。".into(),
            Self::Damaged => "封書の内容がハッシュと一致しません。もう一度受け取ってください。".into(),
            Self::Hostile(_) => "フォルダー内のファイルが通常の形でないため読みませんでした。".into(),
            Self::Folder(_) => "フォルダーを読み書きできません。接続・書込権限・空き容量を確認してください。".into(),
            Self::Full => {
                "フォルダーに空きがありません。空きを作って、もう一度実行してください。何も失われていません。".into()
            }
        }
    }
}

impl From<std::io::Error> for CarryError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Folder(kind),
        }
    }
}
