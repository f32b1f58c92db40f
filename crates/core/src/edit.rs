//! What every command handler shares: what it may know of the world, and the edits it answers with.

use jiff::civil::{Date, DateTime};

use crate::programme::Pack;
use crate::record::v1::{Id, Record};
use crate::refusal::Refusal;

/// What a command may know of the world: the time in Japan, fresh chance, and the programme packs.
#[derive(Clone, Copy, Debug)]
pub struct Ctx<'a> {
    /// Japan time (UTC+9).
    pub now: DateTime,
    /// Fresh random bytes, from which ids are grown.
    pub seed: [u8; 16],
    pub packs: &'a [Pack],
}

impl<'a> Ctx<'a> {
    /// Today in Japan.
    pub fn today(&self) -> Date {
        self.now.date()
    }

    /// The `n`th fresh id of this command.
    pub fn id(&self, n: u8) -> Id {
        Id::grown(&self.seed, n)
    }

    /// The programme pack with this id.
    pub fn pack(&self, id: &str) -> Result<&'a Pack, Refusal> {
        pack(self.packs, id)
    }
}

/// The pack with this programme id among `packs`.
pub fn pack<'a>(packs: &'a [Pack], id: &str) -> Result<&'a Pack, Refusal> {
    packs.iter().find(|p| p.programme.id == id).ok_or_else(|| Refusal::UnknownEdition { id: id.to_owned() })
}

/// One change a handler asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    Put(Box<Record>),
    Remove(Id),
}

impl From<Record> for Edit {
    fn from(record: Record) -> Self {
        Self::Put(Box::new(record))
    }
}

/// What a handler answers.
pub type Edits = Result<Vec<Edit>, Refusal>;

/// A single new or replaced record.
pub(crate) fn put(record: Record) -> Edits {
    Ok(vec![Edit::from(record)])
}
