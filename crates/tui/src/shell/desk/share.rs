//! The desk's work with the files between a lead and a trainee.

use std::path::Path;

use bansou_core::wire::v1::share::{ShareError, ShareKey};

use super::Worker;
use crate::app::effect::Ticket;
use crate::app::share::Errand;
use crate::shell::failure::Failure;
use crate::shell::share;

impl Worker {
    /// Does one errand and answers it.
    pub(super) fn share(&mut self, id: Ticket, errand: Errand) {
        let done = self.run(errand);
        self.answer(id, done);
    }

    fn run(&mut self, errand: Errand) -> Result<(), Failure> {
        let home = self.home()?;
        match errand {
            Errand::HandOver { engagement, file } => share::offer(home, engagement, Path::new(&file)).map(drop),
            Errand::GiveBack { engagement, file } => share::give_back(home, engagement, Path::new(&file)).map(drop),
            Errand::TakeIn { file } => share::take_in(home, Path::new(&file)).map(drop),
            Errand::TakeCopy { file, key } => {
                let found = share::look(home, Path::new(&file))?;
                if ShareKey::parse(&key)? != found.from {
                    return Err(ShareError::NotForUs.into());
                }
                share::open(home, found)
            }
        }
    }
}
