//! Numbers after a restore: what other bundles of this key are proved, and from where this home may number on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::books::Books;
use crate::edit::{Ctx, Edits, put};
use crate::record::v1::{Found, OutboxState, PutBack, Raised, RaisedBy, Record, Resumption};
use crate::refusal::Refusal;
use crate::text_rules::{PROSE, required, within};
use crate::wire::v1::envelope::{Context, Signed, is_sha256, key_id};
use crate::wire::v1::receipt::Receipt;
use crate::wire::v1::ticket::Ticket;

/// Numbers left free above everything known, when the clock cannot tell: for bundles that were sealed after the backup
/// and have left no trace.
pub const SAFETY_STEP: u64 = 100;
/// How far a person may raise the number by hand: more is a slip of the finger.
pub const FARTHEST: u64 = 1_000_000;

/// Changes to what is known about numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum ResumeCommand {
    /// An older state was put back: nothing is sealed until one of the following.
    Restored,
    /// A mailbox or a folder was asked; `found` are the bundles it proves, those of this home among them.
    Reconcile { by: RaisedBy, found: BTreeMap<String, Found> },
    /// The user says from which number to go on.
    ByHand { next: u64, reason: String },
    /// The secretariat answered a found bundle.
    Replied { sha256: String, accepted: bool, note: String, seq: Option<u64> },
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: ResumeCommand) -> Edits {
    let mut known = books.resumption.clone().unwrap_or_default();
    match command {
        // A secretariat seals no numbered bundles.
        ResumeCommand::Restored if books.profile.as_ref().is_some_and(|p| p.secretariat) => return Ok(Vec::new()),
        ResumeCommand::Restored => {
            known.restored = Some(PutBack { on: ctx.today(), last: last_used(books) });
        }
        ResumeCommand::Reconcile { by, found } => {
            let new = learn(books, &mut known, found);
            if known.restored.take().is_some() || new > 0 {
                let next = beyond(ctx, last_used(books).saturating_add(new));
                raise(&mut known, ctx, by, new, next, String::new());
            }
        }
        ResumeCommand::ByHand { next, reason } => {
            required("reason", &reason, PROSE)?;
            let least = last_used(books).saturating_add(1);
            within("next", next, least, least.saturating_add(FARTHEST))?;
            known.restored = None;
            raise(&mut known, ctx, RaisedBy::Hand, 0, next, reason);
        }
        ResumeCommand::Replied { sha256, accepted, note, seq } => {
            let found = known.found.get_mut(&sha256).ok_or(Refusal::NotFound { what: "bundle" })?;
            found.state = if accepted { OutboxState::Accepted } else { OutboxState::Returned };
            (found.reply, found.seq) = (Some(note), seq.or(found.seq));
            if let Some(seq) = seq.filter(|seq| *seq > last_used(books)) {
                raise(&mut known, ctx, RaisedBy::Reply, 0, beyond(ctx, seq), String::new());
            }
        }
    }
    put(Record::Resumption(known))
}

/// Adds what this home does not hold itself; gives how many are new.
fn learn(books: &Books, known: &mut Resumption, found: BTreeMap<String, Found>) -> u64 {
    let own: BTreeSet<&str> = books.outbox.values().map(|i| i.sha256.as_str()).collect();
    let mut new = 0;
    for (sha256, seen) in found.into_iter().filter(|(sha256, _)| !own.contains(sha256.as_str())) {
        match known.found.get_mut(&sha256) {
            None => {
                new += 1;
                known.found.insert(sha256, seen);
            }
            Some(held) if held.receipt.is_none() && seen.receipt.is_some() => {
                held.receipt = seen.receipt;
                if held.state == OutboxState::Exported {
                    held.state = OutboxState::Received;
                }
            }
            Some(_) => {}
        }
    }
    new
}

/// The number to go on with above `used`: the present minute in Japan as YYMMDDhhmm, which no bundle of before can have
/// reached; so restoring twice from one backup never gives the same numbers. Where the clock is behind, the safety step.
fn beyond(ctx: &Ctx<'_>, used: u64) -> u64 {
    let now = ctx.now;
    let date = [i32::from(now.year()) - 2000, now.month().into(), now.day().into()];
    let parts = date.into_iter().chain([now.hour().into(), now.minute().into()]);
    let minute = parts.fold(0, |n: u64, part| n * 100 + u64::try_from(part).unwrap_or(0));
    if minute > used { minute } else { used.saturating_add(SAFETY_STEP + 1) }
}

fn raise(known: &mut Resumption, ctx: &Ctx<'_>, by: RaisedBy, found: u64, next: u64, reason: String) {
    known.next = next;
    known.steps.push(Raised { at: ctx.now, by, found, next, reason });
}

/// Whether an older state was put back and nobody was asked since.
pub fn pending(books: &Books) -> bool {
    books.resumption.as_ref().is_some_and(|r| r.restored.is_some())
}

/// The highest number that is known to be taken or was set aside.
pub fn last_used(books: &Books) -> u64 {
    let own = books.outbox.values().map(|i| i.seq).max().unwrap_or(0);
    let other = books.resumption.as_ref().map_or(0, |r| {
        let told = r.found.values().filter_map(|f| f.seq).max().unwrap_or(0);
        told.max(r.next.saturating_sub(1))
    });
    own.max(other)
}

/// Found bundles that may have reached the secretariat and were not answered.
pub fn awaiting_reply(books: &Books) -> impl Iterator<Item = &String> {
    let open = |f: &Found| !matches!(f.state, OutboxState::Accepted | OutboxState::Returned);
    books.resumption.iter().flat_map(|r| &r.found).filter(move |(_, f)| open(f)).map(|(sha256, _)| sha256)
}

/// The bundle of key `own` that a receipt (by the pinned `receipt_key`) or, without one, the own ticket proves.
pub fn proven(
    ticket: Option<&Signed>,
    receipt: Option<&Signed>,
    receipt_key: &[u8; 32],
    own: &[u8; 32],
    on: Date,
) -> Option<(String, Found)> {
    let seen = |size, state, receipt: Option<&Signed>| Found {
        size,
        found_on: on,
        state,
        receipt: receipt.map(Signed::to_json),
        seq: None,
        reply: None,
    };
    if let Some(signed) = receipt
        && let Ok(r) = signed.open_by::<Receipt>(Context::Receipt, receipt_key)
        && (r.v, is_sha256(&r.sha256), r.key_id == key_id(own)) == (1, true, true)
    {
        return Some((r.sha256, seen(r.size, OutboxState::Received, Some(signed))));
    }
    let t: Ticket = ticket?.open_by(Context::Ticket, own).ok()?;
    is_sha256(&t.sha256).then(|| (t.sha256, seen(t.size, OutboxState::Exported, None)))
}
