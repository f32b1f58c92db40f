//! What can be seen once the store is open: damage, backup, enrolment, editions and what waits to be sent.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::{Check, Finding};
use crate::books::Books;
use crate::care::Due;
use crate::command;
use crate::outbox;
use crate::programme::{self, Pack};
use crate::record::v1::Enrolment;
use crate::text::Text;
use crate::wire::v1::enrolment::{Certificate, key_of};
use crate::wire::v1::envelope::{Context, Signed};
use crate::wire::v1::receipt::Receipt;
use crate::wire::v1::recipients::Recipients;

/// Days before its end in which something is said to end soon.
const SOON_DAYS: i32 = 30;
/// Days that a sealed bundle may wait to be sent.
const WAITING_DAYS: i32 = 3;
/// Days that the secretariat's answer may take.
const ANSWER_DAYS: i32 = 14;

/// One damaged thing of the store, or the reason why it does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A row, an entry, an attachment or a file, named without a client.
    Thing(Text),
    /// The text of a journal entry: the records are whole.
    History(Text),
    Older,
    Newer,
    KeyFile,
}

impl Damage {
    pub(super) fn finding(&self) -> Finding {
        match self {
            Self::Thing(about) => Finding { check: Check::StoreDamaged, about: about.clone() },
            Self::History(about) => Finding { check: Check::StoreHistory, about: about.clone() },
            Self::Older => Finding::new(Check::StoreOlder, "state/anchor"),
            Self::Newer => Finding::new(Check::StoreNewer, "vault.db"),
            Self::KeyFile => Finding::new(Check::KeyDamaged, "keys/"),
        }
    }
}

/// An open store.
#[derive(Clone, Debug)]
pub struct Opened<'a> {
    pub books: &'a Books,
    /// When the newest journal entry was written.
    pub newest: Option<DateTime>,
    /// What a walk over every record, entry and attachment found.
    pub damage: Vec<Damage>,
    /// What the owner should do for the store.
    pub due: Vec<Due>,
    /// Ways in whose key file is not the one that was recorded.
    pub strange_keys: Vec<String>,
}

impl Opened<'_> {
    pub(super) fn examine(&self, packs: &[Pack], today: Date, found: &mut Vec<Finding>) {
        found.extend(self.damage.iter().map(Damage::finding));
        found.extend(self.due.iter().map(|due| match due {
            Due::Drill => Finding::new(Check::KeyDrill, ""),
            Due::Backup { last: None } => Finding::new(Check::BackupNone, ""),
            Due::Backup { last: Some(day) } => Finding::new(Check::BackupOld, day.to_string()),
        }));
        found.extend(self.strange_keys.iter().map(|name| Finding::new(Check::KeyChanged, format!("keys/{name}.age"))));
        if let Some(enrolment) = &self.books.enrolment {
            found.extend(dates(enrolment, today));
        }
        self.editions(packs, today, found);
        self.sending(today, found);
    }

    /// The programme years that new and unfinished work is done under, and the tables of today.
    fn editions(&self, packs: &[Pack], today: Date, found: &mut Vec<Finding>) {
        let mut ids: Vec<&str> = self.books.profile.iter().map(|p| p.programme.as_str()).collect();
        ids.extend(self.books.engagements.values().map(|e| e.programme.as_str()));
        ids.sort_unstable();
        ids.dedup();
        let unknown = ids.iter().filter(|id| command::pack(packs, id).is_err());
        found.extend(unknown.map(|id| Finding::new(Check::ProgrammeUnknown, *id)));
        let Some(profile) = &self.books.profile else { return };
        if let Ok(pack) = command::pack(packs, &profile.programme)
            && pack.programme.ends < today
        {
            found.push(Finding::new(Check::ProgrammeEnded, format!("{} ({})", profile.programme, pack.programme.ends)));
        }
        let Some(running) = programme::for_day(packs, today) else { return };
        if running.programme.withholding.tables.iter().all(|t| t.from > today) {
            found.push(Finding::new(Check::TaxTable, running.programme.id.clone()));
        }
        if running.calendar.estimated(today) {
            found.push(Finding::new(Check::Holidays, running.calendar.edition.clone()));
        }
    }

    fn sending(&self, today: Date, found: &mut Vec<Finding>) {
        let waiting = outbox::to_send(self.books);
        if let Some(oldest) = waiting.iter().map(|i| i.sealed_at.date()).min()
            && age(oldest, today) > WAITING_DAYS
        {
            found.push(counted(Check::OutboxWaiting, waiting.len(), oldest));
        }
        let asked: Vec<Date> = outbox::awaiting_reply(self.books)
            .iter()
            .filter(|i| !waiting.iter().any(|w| w.id == i.id))
            .map(|i| i.receipt.as_deref().and_then(received_on).unwrap_or(i.sealed_at.date()))
            .filter(|on| age(*on, today) > ANSWER_DAYS)
            .collect();
        if let Some(oldest) = asked.iter().min() {
            found.push(counted(Check::AnswerMissing, asked.len(), *oldest));
        }
    }
}

fn counted(check: Check, count: usize, since: Date) -> Finding {
    let about = Text { ja: format!("{count}件、{since} から"), en: format!("{count} since {since}") };
    Finding { check, about }
}

/// Whole days from `day` to `today`.
fn age(day: Date, today: Date) -> i32 {
    day.until(today).map_or(0, |span| span.get_days())
}

/// The day the server received a bundle; its receipt was verified when it came.
fn received_on(receipt: &str) -> Option<Date> {
    let receipt: Receipt = Signed::from_json(receipt).ok()?.open(Context::Receipt).ok()?;
    receipt.received_at.get(..10)?.parse().ok()
}

/// Last days of the certificate and of the recipients file; a home that only asked to join has no certificate.
fn dates(enrolment: &Enrolment, today: Date) -> Vec<Finding> {
    let Some((recipients, certificate)) = last_days(enrolment) else {
        return vec![Finding::new(Check::EnrolmentRefused, "")];
    };
    let mut found = Vec::new();
    let kinds = [
        (recipients, Check::Recipients, Check::RecipientsSoon),
        (certificate, Check::Certificate, Check::CertificateSoon),
    ];
    for (day, over, soon) in kinds {
        let Some(day) = day else { continue };
        if day < today {
            found.push(Finding::new(over, day.to_string()));
        } else if today.checked_add(SOON_DAYS.days()).is_ok_and(|limit| day <= limit) {
            found.push(Finding::new(soon, day.to_string()));
        }
    }
    found
}

fn last_days(enrolment: &Enrolment) -> Option<(Option<Date>, Option<Date>)> {
    let root = key_of(&enrolment.root_key).ok()?;
    let signed = |text: &str| Signed::from_json(text).ok();
    let recipients: Recipients = signed(&enrolment.recipients)?.open_by(Context::Recipients, &root).ok()?;
    let certificate = if enrolment.certificate.is_empty() {
        None
    } else {
        let held: Certificate = signed(&enrolment.certificate)?.open_by(Context::Certificate, &root).ok()?;
        Some(held.valid_until)
    };
    Some((Some(recipients.expires.parse().ok()?), certificate))
}
