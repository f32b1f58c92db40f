//! What the desk reads of the past: the journal of a few records, and an engagement as it was.

use bansou_core::as_of::{self, AsOf, Then};
use bansou_core::record::v1::Id;

use super::Worker;
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::shell::failure::Failure;

impl Worker {
    pub(super) fn look_back(&mut self, asked: Effect) {
        let (id, told) = match asked {
            Effect::Past { id, records } => {
                let told = self.home().and_then(|home| home.past(&records));
                (id, told.map(|(entries, erased)| Msg::Past { id, entries, erased }))
            }
            Effect::Then { id, engagement, at } => {
                (id, self.then(engagement, at).map(|then| Msg::Then { id, then: Box::new(then) }))
            }
            _ => return,
        };
        match told {
            Ok(msg) => self.tell(msg),
            Err(failure) => self.fail(id, &failure),
        }
    }

    /// Only what the screens of the engagement show.
    fn then(&mut self, engagement: Id, at: AsOf) -> Result<Then, Failure> {
        let home = self.home()?;
        let then = home.then(home.engagement(engagement)?, at)?;
        Ok(Then { books: as_of::only(&then.books, engagement), ..then })
    }
}
