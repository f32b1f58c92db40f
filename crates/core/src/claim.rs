//! The fee claim: which sessions may be claimed, on what proof, and what they come to.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::books::Books;
use crate::deliverable;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::money;
use crate::programme::Pack;
use crate::record::v1::{Claim, ClaimLine, ClaimState, EndingKind, Engagement, Id, Record};
use crate::refusal::Refusal;
use crate::wire::v1::payload::{ClaimLinePayload, ClaimPayload};

/// Changes to claims.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimCommand {
    /// Drafts a claim for fee units, each named by engagement and its first session.
    Draft { units: Vec<(Id, u8)>, claimed_on: Date },
    /// Throws a draft away.
    Drop(Id),
}

/// One fee unit of an engagement and what stands in its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub line: ClaimLine,
    /// None when it can be claimed today.
    pub blocked: Option<Refusal>,
    /// Last day of the claim month.
    pub due: Date,
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: ClaimCommand) -> Edits {
    match command {
        ClaimCommand::Draft { units, claimed_on } => draft(books, ctx, &units, claimed_on),
        ClaimCommand::Drop(id) => {
            let claim = find(books, id)?;
            if claim.state == ClaimState::Sent {
                return Err(Refusal::AlreadySent);
            }
            Ok(vec![Edit::Remove(id)])
        }
    }
}

/// The claim as it stands once it is sealed into the outbox.
pub(crate) fn sent(books: &Books, id: Id) -> Result<Claim, Refusal> {
    let claim = find(books, id)?;
    if claim.state == ClaimState::Sent {
        return Err(Refusal::AlreadySent);
    }
    Ok(Claim { state: ClaimState::Sent, ..claim.clone() })
}

fn find(books: &Books, id: Id) -> Result<&Claim, Refusal> {
    books.claims.get(&id).ok_or(Refusal::NotFound { what: "claim" })
}

/// Every held fee unit of an engagement that no draft and no sent claim holds; a returned claim gives its units back.
pub fn units(books: &Books, pack: &Pack, engagement: &Engagement) -> Vec<Unit> {
    let client_name = books.client_of(engagement).map_or_else(String::new, |c| c.name.clone());
    let claimed: BTreeSet<u8> = claimed_sessions(books, engagement.id);
    let mut out: Vec<Unit> = Vec::new();
    for number in 1..=engagement.held_count() {
        let Some(session) = engagement.session(number) else { continue };
        let Some(held) = &session.held else { continue };
        // two sessions on one day are one fee unit.
        if session.combined_reason.is_some()
            && let Some(previous) = out.last_mut()
        {
            previous.line.sessions.push(number);
            previous.blocked = previous.blocked.take().or_else(|| blocked(books, pack, engagement, number));
            continue;
        }
        out.push(Unit {
            line: ClaimLine {
                engagement: engagement.id,
                case_no: engagement.case_no.clone(),
                client_name: client_name.clone(),
                sessions: vec![number],
                held_on: held.date,
                fee: pack.programme.fee.per_session,
            },
            blocked: blocked(books, pack, engagement, number),
            due: crate::deadline::claim_due(&pack.programme, held.date),
        });
    }
    out.retain(|u| !u.line.sessions.iter().any(|s| claimed.contains(s)));
    out
}

fn claimed_sessions(books: &Books, engagement: Id) -> BTreeSet<u8> {
    let of_engagement = |l: &&ClaimLine| l.engagement == engagement;
    let standing = books.claims_of(engagement).filter(|c| !books.claim_returned(c.id));
    standing.flat_map(|c| c.lines.iter().filter(of_engagement)).flat_map(|l| l.sessions.iter().copied()).collect()
}

fn blocked(books: &Books, pack: &Pack, engagement: &Engagement, number: u8) -> Option<Refusal> {
    let case_no = engagement.case_no.clone();
    let proof = engagement.session(number).and_then(|s| s.confirmation.as_ref());
    if !proof.is_some_and(|c| pack.programme.confirmation_suffices(c.assurance)) {
        return Some(Refusal::ClaimWithoutProof { case_no, session: number });
    }
    if !books.reported(engagement, number) {
        return Some(Refusal::ReportNotSent { case_no, session: number });
    }
    let all = pack.programme.deliverables.len();
    let early = engagement.ending.as_ref().is_some_and(|e| e.kind == EndingKind::Early);
    if number == engagement.last_session() && !early && deliverable::complete(books, pack, engagement).len() < all {
        return Some(Refusal::DeliverablesMissing { case_no });
    }
    None
}

fn draft(books: &Books, ctx: &Ctx<'_>, wanted: &[(Id, u8)], claimed_on: Date) -> Edits {
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    let mut lines = Vec::new();
    let mut programmes = BTreeSet::new();
    for (id, session) in wanted {
        let engagement = crate::engagement::find(books, *id)?;
        let pack = ctx.pack(&engagement.programme)?;
        programmes.insert(engagement.programme.clone());
        let mut units = units(books, pack, engagement);
        units.retain(|u| u.line.sessions.contains(session));
        let unit = units.pop().ok_or_else(|| not_claimable(books, engagement, *session))?;
        if let Some(refusal) = unit.blocked {
            return Err(refusal);
        }
        lines.push(unit.line);
    }
    let programme = match programmes.len() {
        0 => return Err(Refusal::ClaimEmpty),
        1 => programmes.into_iter().next().unwrap_or_default(),
        _ => return Err(Refusal::MixedProgrammes),
    };
    lines.sort_by(|a, b| (&a.case_no, &a.sessions).cmp(&(&b.case_no, &b.sessions)));
    lines.dedup_by(|a, b| a.case_no == b.case_no && a.sessions == b.sessions);
    let pack = ctx.pack(&programme)?;
    let units = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let amounts = money::fee(&pack.programme, units, profile.pattern, false, claimed_on)
        .ok_or(Refusal::OutOfRange { field: "claimed_on", min: 2013, max: 9999 })?;
    put(Record::Claim(Claim {
        id: ctx.id(0),
        number: books.claims.values().map(|c| c.number).max().unwrap_or(0) + 1,
        programme,
        pattern: profile.pattern,
        claimed_on,
        lines,
        gross: amounts.gross,
        tax: amounts.tax,
        withheld: amounts.withheld,
        net: amounts.net,
        state: ClaimState::Draft,
    }))
}

fn not_claimable(books: &Books, engagement: &Engagement, session: u8) -> Refusal {
    if claimed_sessions(books, engagement.id).contains(&session) {
        return Refusal::AlreadyClaimed { case_no: engagement.case_no.clone(), session };
    }
    Refusal::NotHeldYet { session }
}

/// The claim as the secretariat's programs read it.
pub fn payload(books: &Books, pack: &Pack, claim: &Claim) -> ClaimPayload {
    ClaimPayload {
        form: pack.programme.pattern(claim.pattern).claim_form.clone(),
        number: claim.number,
        claimed_on: claim.claimed_on,
        pattern: claim.pattern,
        lines: claim
            .lines
            .iter()
            .map(|l| ClaimLinePayload {
                case_no: l.case_no.clone(),
                sessions: l.sessions.clone(),
                held_on: l.held_on,
                fee: l.fee,
            })
            .collect(),
        gross: claim.gross,
        tax: claim.tax,
        withheld: claim.withheld,
        net: claim.net,
        invoice_number: books.profile.as_ref().map_or_else(String::new, |p| p.invoice_number.clone()),
    }
}
