//! The desk's work for the secretariat, on the desk's own thread: a save waits until it is done.

use std::path::Path;

use bansou_core::command::Command;
use bansou_core::document::Request;
use bansou_core::office::OfficeCommand;
use bansou_core::record::v1::Id;
use bansou_core::refusal::Refusal;

use super::Worker;
use crate::app::effect::Ticket;
use crate::app::msg::Msg;
use crate::app::office::{Errand, Seen};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::{office, papers};

impl Worker {
    /// Does one errand and answers it.
    pub(super) fn office(&mut self, id: Ticket, errand: Errand) {
        match self.perform_errand(errand) {
            Ok(Some(seen)) => self.tell(Msg::RequestRead { id, seen: Box::new(seen) }),
            Ok(None) => self.answer(id, Ok(())),
            Err(failure) => self.answer(id, Err(failure)),
        }
    }

    fn perform_errand(&mut self, errand: Errand) -> Result<Option<Seen>, Failure> {
        let home = self.home()?;
        match errand {
            Errand::Pull { folder } => office::exchange(home, folder.as_deref().map(Path::new)),
            Errand::Review { delivery, accepted, note } => office::review(home, delivery, accepted, note),
            Errand::ReviewClean => office::review_clean(home),
            Errand::SavePart { delivery, role, file } => {
                let found = home.books.deliveries.get(&delivery).and_then(|d| d.parts.get(&role)).copied();
                papers::save(home, found.ok_or(Refusal::NotFound { what: "part" })?, Path::new(&file))
            }
            Errand::ExportPayments { run, file } => self.print(&Request::PaymentList(run), &file),
            Errand::ExportFigures { file } => self.print(&Request::Statistics, &file),
            Errand::Invite { file } => office::invite(home, Path::new(&file)),
            Errand::ReadRequest { file } => {
                let seen = office::read_request(home, Path::new(&file))?;
                return Ok(Some(Seen { file, name: seen.name, fingerprint: seen.fingerprint }));
            }
            Errand::ApproveExpert { seen, file } => approve(home, &seen, Path::new(&file)).map(drop),
            Errand::RevokeExpert { expert } => {
                home.apply(Command::Office(OfficeCommand::Revoke { expert }))?;
                office::publish(home).map(drop)
            }
        }?;
        Ok(None)
    }

    fn print(&mut self, request: &Request, file: &str) -> Result<(), Failure> {
        let (home, typesetter) = self.tools()?;
        let bytes = papers::render(home, typesetter, request)?.1;
        papers::write_file(Path::new(file), &bytes)
    }
}

/// Approves only the request that was shown: the file may have been replaced meanwhile.
fn approve(home: &mut Home, shown: &Seen, out: &Path) -> Result<Id, Failure> {
    let seen = office::read_request(home, Path::new(&shown.file))?;
    if seen.fingerprint != shown.fingerprint || seen.name != shown.name {
        return Err(Failure::input(
            "申請のファイルが、表示したものと違います。もう一度読んで指紋を確かめてください。",
            "The request file is not the one that was shown. Read it again and compare the fingerprint.",
        ));
    }
    office::approve_seen(home, seen, out)
}
