//! What the screens and the command line ask about attachments.

use bansou_core::record::v1::{Id, Links};
use jiff::civil::Date;

/// Evidence as it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub engagement: Id,
    pub source: Source,
    pub dated: Option<Date>,
    pub note: String,
    pub links: Links,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The path of a file.
    File(String),
    Text {
        name: String,
        text: String,
    },
}

/// Work of the shell with the bytes of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    Add(Box<Given>),
    /// Shows a text on the screen.
    Read(Id),
    /// Hands the bytes to a viewer outside.
    View(Id),
}

impl Errand {
    /// Catalogue key of what is waited for.
    pub fn waiting(&self) -> &'static str {
        match self {
            Errand::Add(_) => "waiting.attach",
            Errand::Read(_) | Errand::View(_) => "waiting.open",
        }
    }
}
