//! The desk's work for the owner of the home: making it, its keys and backups, joining a programme.

use std::path::Path;

use super::{Worker, problem, typed};
use crate::app::effect::{Chore, Effect, Founder, Ticket};
use crate::app::field;
use crate::app::msg::{Founded, Msg, Problem};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::vault::Kind;
use crate::shell::{enrol, place};
use crate::words::Words;

impl Worker {
    /// Does what the owner asks.
    pub(super) fn owner(&mut self, asked: Effect) {
        match asked {
            Effect::Found { id, founder } => self.found(id, *founder),
            Effect::Fingerprint { id } => self.fingerprint(id),
            Effect::Care { id, chore } => {
                let done = self.home().and_then(|home| care(home, chore));
                self.answer(id, done);
            }
            _ => {}
        }
    }

    /// Makes the home and opens it. What comes after the making can fail without it: the code is told in any case.
    fn found(&mut self, id: Ticket, founder: Founder) {
        let made = Home::create(&self.path, &typed(&founder.passphrase), Kind::Real, founder.profile);
        let (mut home, code) = match made {
            Ok(made) => made,
            Err(failure) => return self.fail(id, &failure),
        };
        let asked = Some(&founder.invitation).filter(|file| !file.is_empty());
        let request = asked.map(|file| self.requested(&mut home, Path::new(file)));
        // The screens get the books as they are then.
        home.take_entries();
        self.home = Some(home);
        let code = field::Secret::new(code.expose());
        let aloud = founder.aloud.then(place::set_reader);
        let folder = self.path.display().to_string();
        self.tell(Msg::Founded(Box::new(Founded { folder, code, request, aloud })));
        self.announce(id);
    }

    fn requested(&self, home: &mut Home, invitation: &Path) -> Result<(String, String), Problem> {
        let file = enrol::answer(home, invitation).map_err(|failure| problem(&failure, self.lang))?;
        Ok((file.display().to_string(), enrol::own_fingerprint(home)))
    }

    /// What is compared by voice.
    fn fingerprint(&mut self, id: Ticket) {
        let title = Words::new(self.lang).get("owner.compare").to_owned();
        match self.home().map(|home| enrol::own_fingerprint(home)) {
            Ok(print) => self.tell(Msg::Read { id, title, lines: vec![print] }),
            Err(failure) => self.fail(id, &failure),
        }
    }
}

/// Does one chore.
fn care(home: &mut Home, chore: Chore) -> Result<(), Failure> {
    match chore {
        Chore::Backup => home.backup(None).map(drop),
        Chore::Drill(code) => home.drill(&typed(&code)),
        Chore::Passphrase { now, new } => {
            home.try_secret(&typed(&now))?;
            home.change_passphrase(&typed(&new))
        }
        Chore::Request { invitation } => enrol::answer(home, Path::new(&invitation)).map(drop),
        Chore::Accept { pack } => enrol::accept(home, Path::new(&pack)).map(drop),
    }
}
