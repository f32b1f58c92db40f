//! The outbox: how far each sealed bundle has come, and what goes next.

use jiff::civil::Date;

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::record::v1::{BundleKind, Id, OutboxItem, OutboxState, Record};
use crate::refusal::Refusal;
use crate::text_rules::within;

/// Changes to the outbox.
#[derive(Clone, Debug, PartialEq)]
pub enum OutboxCommand {
    /// A bundle was sealed; its bytes go into the vault in the same transaction.
    Queue(Box<OutboxItem>),
    Event {
        id: Id,
        event: OutboxEvent,
    },
}

/// What happened to a bundle.
#[derive(Clone, Debug, PartialEq)]
pub enum OutboxEvent {
    Exported,
    SendingStarted,
    SendingFailed,
    /// A verified receipt, as its JSON text.
    Received(String),
    Accepted(String),
    Returned(String),
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: OutboxCommand) -> Edits {
    match command {
        OutboxCommand::Queue(item) => queue(books, *item),
        OutboxCommand::Event { id, event } => {
            let item = books.outbox.get(&id).ok_or(Refusal::NotFound { what: "bundle" })?;
            put(Record::Outbox(step(item, event, ctx.today())?))
        }
    }
}

/// A claim is sent by the same change that queues its bundle, so that no crash leaves it to be sealed twice.
fn queue(books: &Books, item: OutboxItem) -> Edits {
    if books.enrolment.is_none() {
        return Err(Refusal::NotEnrolled);
    }
    if crate::resume::pending(books) {
        return Err(Refusal::NotReconciled);
    }
    let seq = next_place(books).seq;
    within("seq", item.seq, seq, seq)?;
    if let (Some(engagement), Some(session)) = (item.engagement, item.session) {
        let engagement = crate::engagement::find(books, engagement)?;
        if engagement.session(session).is_none_or(|s| s.held.is_none()) {
            return Err(Refusal::NotHeldYet { session });
        }
        if books.reported(engagement, session) {
            return Err(Refusal::AlreadySent);
        }
    }
    let claim = item.claim.map(|id| crate::claim::sent(books, id)).transpose()?;
    Ok(claim.map(Record::Claim).into_iter().chain([Record::Outbox(item)]).map(Edit::from).collect())
}

/// The only place where a bundle changes state. A receipt may arrive late or twice and never moves it back.
fn step(item: &OutboxItem, event: OutboxEvent, today: Date) -> Result<OutboxItem, Refusal> {
    use OutboxState as S;
    let mut next = item.clone();
    let refused = |event| Err(Refusal::BadTransition { from: state_word(item.state), event });
    match event {
        OutboxEvent::Exported => match item.state {
            S::Queued | S::Sending | S::Exported => next.state = S::Exported,
            _ => return refused("export"),
        },
        OutboxEvent::SendingStarted => match item.state {
            S::Queued | S::Exported | S::Sending => {
                next.state = S::Sending;
                next.attempts += 1;
            }
            _ => return refused("send"),
        },
        OutboxEvent::SendingFailed => {
            if item.state == S::Sending {
                next.state = S::Queued;
            }
        }
        OutboxEvent::Received(receipt) => {
            next.receipt.get_or_insert(receipt);
            if !matches!(item.state, S::Accepted | S::Returned) {
                next.state = S::Received;
            }
        }
        OutboxEvent::Accepted(reply) => match item.state {
            S::Returned => return refused("accept"),
            _ => answer(&mut next, S::Accepted, reply, today),
        },
        OutboxEvent::Returned(reply) => match item.state {
            S::Accepted => return refused("return"),
            _ => answer(&mut next, S::Returned, reply, today),
        },
    }
    Ok(next)
}

/// The day of a decision that arrives twice stays the first one.
fn answer(item: &mut OutboxItem, state: OutboxState, reply: String, today: Date) {
    (item.state, item.reply) = (state, Some(reply));
    item.answered_on.get_or_insert(today);
}

/// Name of a state in answers and refusals.
pub fn state_word(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Queued => "queued",
        OutboxState::Exported => "exported",
        OutboxState::Sending => "sending",
        OutboxState::Received => "received",
        OutboxState::Accepted => "accepted",
        OutboxState::Returned => "returned",
    }
}

/// What to send, in order: small claims first, then by sequence. A crash while sending is tried again.
pub fn to_send(books: &Books) -> Vec<&OutboxItem> {
    let mut waiting: Vec<_> = books
        .outbox
        .values()
        .filter(|i| matches!(i.state, OutboxState::Queued | OutboxState::Sending | OutboxState::Exported))
        .collect();
    waiting.sort_by_key(|i| (i.kind != BundleKind::Claim, i.seq));
    waiting
}

/// Bundles that may have reached the secretariat and whose acknowledgement has not come back. One that was exported
/// and then failed to be sent counts: its file may have travelled.
pub fn awaiting_reply(books: &Books) -> Vec<&OutboxItem> {
    let open = |i: &&OutboxItem| !matches!(i.state, OutboxState::Accepted | OutboxState::Returned);
    books.outbox.values().filter(open).filter(|i| i.attempts > 0 || i.state != OutboxState::Queued).collect()
}

/// Where the next bundle stands in this expert's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPlace {
    /// Its number.
    pub seq: u64,
    /// SHA-256 (hex) of the manifest before it, as far as this home knows.
    pub prev: Option<String>,
    /// The number of that manifest, when the numbers in between were or may have been used elsewhere.
    pub resumed_after: Option<u64>,
}

/// Place in the chain for the next bundle.
pub fn next_place(books: &Books) -> NextPlace {
    let last = books.outbox.values().max_by_key(|i| i.seq);
    let (known, prev) = last.map_or((0, None), |last| (last.seq, Some(last.manifest_sha256.clone())));
    let seq = crate::resume::last_used(books).saturating_add(1);
    NextPlace { seq, prev, resumed_after: (seq > known + 1).then_some(known) }
}
