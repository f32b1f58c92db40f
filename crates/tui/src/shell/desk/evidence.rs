//! The desk's work with the bytes of attachments.

use bansou_core::record::v1::Id;

use super::Worker;
use crate::app::effect::Ticket;
use crate::app::evidence::{Errand, Given};
use crate::app::msg::Msg;
use crate::shell::evidence;
use crate::shell::failure::Failure;

impl Worker {
    /// Does one errand and answers it.
    pub(super) fn evidence(&mut self, id: Ticket, errand: Errand) {
        let answer = match errand {
            Errand::Add(given) => self.attach(id, *given),
            Errand::Read(attachment) => self.read(id, attachment),
            Errand::View(attachment) => self.view(attachment).map(|()| Msg::Done { id, entries: Vec::new() }),
        };
        match answer {
            Ok(msg) => self.tell(msg),
            Err(failure) => self.fail(id, &failure),
        }
    }

    fn attach(&mut self, id: Ticket, given: Given) -> Result<Msg, Failure> {
        let home = self.home()?;
        evidence::add(home, given)?;
        let seq = home.seq();
        let entry = home.take_entries().pop().ok_or(Failure::Locked)?;
        Ok(Msg::Attached { id, seq, entry: Box::new(entry) })
    }

    fn read(&mut self, id: Ticket, attachment: Id) -> Result<Msg, Failure> {
        let lang = self.lang;
        let home = self.home()?;
        let found = evidence::named(home, attachment)?;
        let (title, lines) = evidence::text(home, found, lang)?.unwrap_or_else(|| (found.name.clone(), Vec::new()));
        Ok(Msg::Read { id, title, lines })
    }

    /// What is looked at stays readable for its viewer until the lock.
    fn view(&mut self, attachment: Id) -> Result<(), Failure> {
        let home = self.home()?;
        let look = evidence::look(home, evidence::named(home, attachment)?)?;
        self.looks.push(look);
        Ok(())
    }
}
