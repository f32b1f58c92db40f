//! When a client's data may go, and what still stands in the way; the figures come from `templates/retention`.

mod purge;

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::books::Books;
use crate::claim;
use crate::edit::pack;
use crate::payday;
use crate::programme::{Instrument, Pack, TemplateError};
use crate::record::v1::{ClaimState, Engagement, Id, OutboxItem, OutboxState};
use crate::refusal::Refusal;
use crate::text::{Lang, Text};

pub use purge::{Purge, plan};

/// How long what is kept, of one edition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub edition: String,
    pub source: String,
    /// What would hurt the firm: goes as soon as it is no longer needed.
    pub findings: Findings,
    /// What the law wants kept, without the firm's name.
    pub claims: Claims,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Findings {
    pub what: Text,
    /// Days after the end of the engagement.
    pub days: u16,
    pub basis: Basis,
    pub source: Text,
    pub question: Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub what: Text,
    pub years: u16,
    /// Months after the claim at whose end the years begin.
    pub counted_after_months: u16,
    pub basis: Basis,
    pub source: Text,
    pub question: Text,
}

/// Whether a period stands in a law or was proposed by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    Law,
    Proposal,
}

impl Instrument for Retention {
    fn edition(&self) -> &str {
        &self.edition
    }

    fn validate(&self) -> Result<(), TemplateError> {
        if self.claims.years > 0 {
            return Ok(());
        }
        Err(TemplateError::invalid(&self.edition, "claims.years", "1年以上にしてください", "must be at least 1"))
    }
}

/// One thing that stands in the way of erasing a client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    Hold {
        since: Date,
    },
    /// A session that is to take place was not held.
    SessionOpen {
        session: u8,
    },
    /// The report of a session was not made, or was returned.
    ReportOpen {
        session: u8,
    },
    /// A bundle was not sent, or not answered.
    BundleOpen {
        seq: u64,
    },
    /// A session can still be claimed.
    FeeOpen {
        session: u8,
    },
    /// A claim is a draft.
    ClaimOpen {
        number: u32,
    },
    /// An accepted claim is paid on this day at the latest.
    ClaimUnpaid {
        number: u32,
        until: Date,
    },
    /// The days after the end are not over.
    TooEarly {
        until: Date,
    },
}

impl Block {
    /// Stable word for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hold { .. } => "hold",
            Self::SessionOpen { .. } => "session-open",
            Self::ReportOpen { .. } => "report-open",
            Self::BundleOpen { .. } => "bundle-open",
            Self::FeeOpen { .. } => "fee-open",
            Self::ClaimOpen { .. } => "claim-open",
            Self::ClaimUnpaid { .. } => "claim-unpaid",
            Self::TooEarly { .. } => "too-early",
        }
    }

    /// What stands in the way, in a few words.
    pub fn text(&self, lang: Lang) -> String {
        let (ja, en) = match self {
            Self::Hold { since } => (format!("保全の指定({since}から)"), format!("a legal hold since {since}")),
            Self::SessionOpen { session } => (format!("第{session}回が未実施"), format!("session {session} not held")),
            Self::ReportOpen { session } => {
                (format!("第{session}回の報告が未受理"), format!("report {session} not accepted"))
            }
            Self::BundleOpen { seq } => (format!("第{seq}便の返事待ち"), format!("bundle {seq} not answered")),
            Self::FeeOpen { session } => (format!("第{session}回が未請求"), format!("session {session} not claimed")),
            Self::ClaimOpen { number } => (format!("請求{number}が下書き"), format!("claim {number} is a draft")),
            Self::ClaimUnpaid { number, until } => {
                (format!("請求{number}の支払日が{until}"), format!("claim {number} is paid on {until}"))
            }
            Self::TooEarly { until } => (format!("{until}まで保存"), format!("kept until {until}")),
        };
        if lang == Lang::Ja { ja } else { en }
    }
}

/// The programme edition whose rule holds for a client: its engagement's, or the profile's before one was begun.
pub fn pack_of<'a>(books: &Books, packs: &'a [Pack], client: Id) -> Result<&'a Pack, Refusal> {
    let profile = || books.profile.as_ref().map(|p| &p.programme);
    let id = books.engagement_of(client).map(|e| &e.programme).or_else(profile);
    pack(packs, id.ok_or(Refusal::NotFound { what: "profile" })?)
}

/// The word that must be typed to erase a client: its case number, or `erase` when none was given.
pub fn word(books: &Books, client: Id) -> String {
    books.engagement_of(client).map_or_else(|| "erase".to_owned(), |e| e.case_no.clone())
}

/// The claims that hold a line of an engagement.
fn claims_of(books: &Books, engagement: Id) -> BTreeSet<Id> {
    let of = |c: &&crate::record::v1::Claim| c.lines.iter().any(|l| l.engagement == engagement);
    books.claims.values().filter(of).map(|c| c.id).collect()
}

/// The bundles that told of an engagement.
fn bundles_of(books: &Books, engagement: Id) -> impl Iterator<Item = &OutboxItem> {
    let claims = claims_of(books, engagement);
    let of = move |i: &&OutboxItem| i.engagement == Some(engagement) || i.claim.is_some_and(|c| claims.contains(&c));
    books.outbox.values().filter(of)
}

/// The day an engagement ended: its last report was accepted, or nothing took place and the last planned day passed.
pub fn ended_on(books: &Books, engagement: &Engagement) -> Option<Date> {
    if engagement.held_count() == 0 {
        let planned = engagement.sessions.iter().filter_map(|s| s.planned.as_ref()).map(|p| p.date);
        return planned.chain([engagement.matched_on]).max();
    }
    let last = books.report_sent(engagement.id, engagement.last_session())?;
    let accepted = engagement.all_held() && last.state == OutboxState::Accepted;
    // A bundle answered by an older program has no day of its answer.
    accepted.then(|| last.answered_on.unwrap_or(last.sealed_at.date()))
}

/// The last day on which a client's data must stay, once its engagement has ended; none when none was begun.
pub fn kept_to(books: &Books, pack: &Pack, client: Id) -> Option<Date> {
    let ended = ended_on(books, books.engagement_of(client)?)?;
    Some(ended.saturating_add(i32::from(pack.retention.findings.days).days()))
}

/// The last day on which the claims of an engagement are kept by law; none when nothing was claimed.
pub fn claims_kept_to(books: &Books, pack: &Pack, engagement: Id) -> Option<Date> {
    let rule = &pack.retention.claims;
    let claimed = claims_of(books, engagement).into_iter().filter_map(|id| books.claims.get(&id)).map(|c| c.claimed_on);
    let counted = claimed.max()?.saturating_add(i32::from(rule.counted_after_months).months());
    Some(counted.saturating_add(i32::from(rule.years).years()))
}

/// Everything that stands in the way of erasing a client on a day; empty when it may go.
pub fn blocks(books: &Books, packs: &[Pack], client: Id, today: Date) -> Result<Vec<Block>, Refusal> {
    let pack = pack_of(books, packs, client)?;
    let mut found: Vec<Block> = books.holds_on(client).map(|h| Block::Hold { since: h.since }).collect();
    let Some(engagement) = books.engagement_of(client) else { return Ok(found) };
    // What a lead shared may go at any time: the lead has it.
    if books.shared_of(engagement.id).is_some() {
        return Ok(found);
    }
    if engagement.held_count() > 0 {
        sessions(books, engagement, &mut found);
        fees(books, packs, engagement, today, &mut found)?;
    }
    let open = |i: &&OutboxItem| !matches!(i.state, OutboxState::Accepted | OutboxState::Returned);
    found.extend(bundles_of(books, engagement.id).filter(open).map(|i| Block::BundleOpen { seq: i.seq }));
    if let Some(until) = kept_to(books, pack, client).filter(|until| today <= *until) {
        found.push(Block::TooEarly { until });
    }
    Ok(found)
}

fn sessions(books: &Books, engagement: &Engagement, found: &mut Vec<Block>) {
    if let Some(session) = engagement.next_session() {
        found.push(Block::SessionOpen { session });
    }
    for session in 1..=engagement.held_count() {
        match books.report_sent(engagement.id, session).map(|i| i.state) {
            None | Some(OutboxState::Returned) => found.push(Block::ReportOpen { session }),
            _ if !books.reported(engagement, session) => found.push(Block::ReportOpen { session }),
            _ => {}
        }
    }
}

/// Money that is still to come. What can no longer be claimed in time does not keep a client's data for ever.
fn fees(
    books: &Books,
    packs: &[Pack],
    engagement: &Engagement,
    today: Date,
    found: &mut Vec<Block>,
) -> Result<(), Refusal> {
    let units = claim::units(books, pack(packs, &engagement.programme)?, engagement);
    let first = |u: claim::Unit| u.line.sessions.first().copied().unwrap_or(0);
    let open = units.into_iter().filter(|u| today <= u.due);
    found.extend(open.map(|u| Block::FeeOpen { session: first(u) }));
    for claim in claims_of(books, engagement.id).into_iter().filter_map(|id| books.claims.get(&id)) {
        let number = claim.number;
        if claim.state == ClaimState::Draft {
            found.push(Block::ClaimOpen { number });
        } else if !books.claim_returned(claim.id) {
            let until = payday::payday(pack(packs, &claim.programme)?, claim.claimed_on);
            if today <= until {
                found.push(Block::ClaimUnpaid { number, until });
            }
        }
    }
    Ok(())
}

/// Refuses to erase while something stands in the way, or another word was typed.
pub fn allowed(books: &Books, packs: &[Pack], client: Id, today: Date, typed: &str) -> Result<(), Refusal> {
    if !books.clients.contains_key(&client) {
        return Err(Refusal::NotFound { what: "client" });
    }
    let blocks = blocks(books, packs, client, today)?;
    if !blocks.is_empty() {
        return Err(Refusal::EraseBlocked { blocks });
    }
    if typed != word(books, client) {
        return Err(Refusal::WordDiffers);
    }
    Ok(())
}
