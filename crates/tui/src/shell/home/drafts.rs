//! What is being typed and is in no record yet.

use bansou_core::draft;
use bansou_core::record::v1::Drafts;
use zeroize::Zeroizing;

use super::Home;
use crate::shell::failure::Failure;

impl Home {
    /// Keeps the drafts, on the disk when this returns; what is about an erased client goes.
    pub fn keep_drafts(&mut self, drafts: Drafts) -> Result<(), Failure> {
        let drafts = draft::standing(&self.books, drafts);
        let text = Zeroizing::new(drafts.encode());
        Ok(self.vault.keep_draft(Some(text.as_bytes()).filter(|_| drafts != Drafts::default()))?)
    }

    /// The drafts that were kept last.
    pub fn drafts(&self) -> Result<Drafts, Failure> {
        match self.vault.draft()? {
            Some(text) => Ok(draft::standing(&self.books, Drafts::decode(&text)?)),
            None => Ok(Drafts::default()),
        }
    }
}
