//! The desk's work with the files between a lead and a trainee.

use std::path::Path;

use bansou_core::wire::v1::share::{ShareError, ShareKey};

use super::Worker;
use crate::app::effect::Ticket;
use crate::app::msg::Msg;
use crate::app::share::Errand;
use crate::shell::failure::Failure;
use crate::shell::share;
use crate::words::{Lang, Words};

impl Worker {
    /// Does one errand and answers it.
    pub(super) fn share(&mut self, id: Ticket, errand: Errand) {
        match self.run(id, errand) {
            Ok(Some(told)) => self.tell(told),
            done => self.answer(id, done.map(drop)),
        }
    }

    /// What is told beside that it is done.
    fn run(&mut self, id: Ticket, errand: Errand) -> Result<Option<Msg>, Failure> {
        let lang = self.lang;
        let home = self.home()?;
        match errand {
            Errand::Key => return Ok(Some(own_key(id, lang, &share::key(home)))),
            Errand::HandOver { engagement, file } => drop(share::offer(home, engagement, Path::new(&file))?),
            Errand::GiveBack { engagement, file } => drop(share::give_back(home, engagement, Path::new(&file))?),
            Errand::TakeIn { file } => drop(share::take_in(home, Path::new(&file))?),
            Errand::TakeCopy { file, key } => {
                let found = share::look(home, Path::new(&file))?;
                if ShareKey::parse(&key)? != found.from {
                    return Err(ShareError::NotForUs.into());
                }
                share::open(home, found)?;
            }
        }
        Ok(None)
    }
}

/// The key line in pieces that fit any screen, and what is compared by voice.
fn own_key(id: Ticket, lang: Lang, key: &ShareKey) -> Msg {
    let line = key.line();
    let pieces = line.split(' ').map(str::to_owned);
    let lines = pieces.chain([String::new(), key.fingerprint()]).collect();
    Msg::Read { id, title: Words::new(lang).get("pair.key_title").to_owned(), lines }
}
