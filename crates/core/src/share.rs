//! Going along (同行, OJT): what a lead agrees and hands out, what a trainee may do with the copy, and what comes back.

pub mod fields;
pub mod merge;
pub mod spoken;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::books::Books;
use crate::claim::ClaimCommand;
use crate::command::Command;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::engagement::{EngagementAction, find};
use crate::findings::FindingsAction;
use crate::planning::PlanAction;
use crate::record::v1::{Engagement, Handout, Id, Pairing, Record, Returned, SharePart, Shared, Take};
use crate::refusal::Refusal;
use crate::session::SessionAction;
use crate::text_rules::{LINE, optional, required, within};
use crate::wire::v1::envelope::Signed;
use crate::wire::v1::share::{Share, ShareError, ShareKey, ShareReturn, check_return};
use fields::{Fields, Notes};

/// Names in the journal of what left this home or came into it; neither is taken back.
pub(crate) const HANDED_OUT: &str = "handout";
pub(crate) const RECEIVED: &str = "received";

/// Every part, in the order in which it is offered.
pub const PARTS: [SharePart; 7] = [
    SharePart::Overview,
    SharePart::Checklist,
    SharePart::Diagnosis,
    SharePart::Policy,
    SharePart::Regulations,
    SharePart::Plan,
    SharePart::Notes,
];

/// What a lead or a trainee does with a share.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareCommand {
    /// The lead's agreement about a trainee; its `id` is given by the command.
    Pair(Box<Pairing>),
    /// No further copy is handed out.
    Withdraw { engagement: Id },
    /// A copy as it is handed out now.
    Offer { engagement: Id },
    /// The trainee takes a verified copy in.
    Receive(Box<Share>),
    /// The lead takes a verified return in.
    TakeIn(Box<Returned>),
    /// What becomes of rows of a return, by their names.
    Decide { returned: Id, takes: BTreeMap<String, Take> },
}

impl ShareCommand {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Pair(_) | Self::Withdraw { .. } | Self::Decide { .. } => "share",
            Self::Offer { .. } => HANDED_OUT,
            Self::Receive(_) | Self::TakeIn(_) => RECEIVED,
        }
    }

    /// The engagement it changes, as far as it names one.
    pub(crate) fn about(&self, books: &Books) -> Option<Id> {
        match self {
            Self::Pair(p) => Some(p.engagement),
            Self::Withdraw { engagement } | Self::Offer { engagement } => Some(*engagement),
            Self::TakeIn(back) => Some(back.engagement),
            Self::Decide { returned, .. } => books.returns.get(returned).map(|r| r.engagement),
            Self::Receive(_) => None,
        }
    }
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: ShareCommand) -> Edits {
    match command {
        ShareCommand::Pair(pairing) => pair(books, ctx, *pairing),
        ShareCommand::Withdraw { engagement } => {
            let pairing = agreed(books, engagement)?.clone();
            put(Record::Pairing(Pairing { withdrawn_on: Some(ctx.today()), ..pairing }))
        }
        ShareCommand::Offer { engagement } => put(Record::Handout(offer(books, ctx, engagement)?)),
        ShareCommand::Receive(share) => receive(books, ctx, *share),
        ShareCommand::TakeIn(back) => {
            find(books, back.engagement)?;
            if books.returns.contains_key(&back.id) {
                return Ok(Vec::new());
            }
            put(Record::Returned(*back))
        }
        ShareCommand::Decide { returned, takes } => merge::decide(books, ctx, returned, &takes),
    }
}

/// An agreement in which nothing was said yet.
pub fn fresh(engagement: Id) -> Pairing {
    Pairing {
        id: engagement,
        engagement,
        trainee: String::new(),
        age_recipient: String::new(),
        signing_key: String::new(),
        consent: None,
        liability_on: None,
        sessions: BTreeSet::new(),
        roles: String::new(),
        dates_by: String::new(),
        handouts: false,
        parts: BTreeSet::new(),
        until: None,
        withdrawn_on: None,
    }
}

fn agreed(books: &Books, engagement: Id) -> Result<&Pairing, Refusal> {
    books.pairing_of(engagement).ok_or(Refusal::NotFound { what: "pairing" })
}

fn pair(books: &Books, ctx: &Ctx<'_>, pairing: Pairing) -> Edits {
    let engagement = find(books, pairing.engagement)?;
    required("trainee", &pairing.trainee, LINE)?;
    optional("roles", &pairing.roles, LINE)?;
    optional("dates_by", &pairing.dates_by, LINE)?;
    let key = ShareKey { age: pairing.age_recipient.clone(), signing: pairing.signing_key.clone() };
    key.checked().map_err(|_| Refusal::Empty { field: "key" })?;
    if let Some(consent) = &pairing.consent {
        required("consent_by", &consent.by, LINE)?;
        required("consent_taken_by", &consent.taken_by, LINE)?;
    }
    let days = [pairing.consent.as_ref().map(|c| c.on), pairing.liability_on];
    if days.into_iter().flatten().any(|day| day > ctx.today()) {
        return Err(Refusal::FutureDate);
    }
    let last = engagement.sessions.len() as u64;
    pairing.sessions.iter().try_for_each(|n| within("session", (*n).into(), 1, last))?;
    let id = books.pairing_of(engagement.id).map_or(ctx.id(0), |known| known.id);
    put(Record::Pairing(Pairing { id, ..pairing }))
}

/// What still stands in the way of a copy, in the order in which it is settled.
pub fn ready(books: &Books, ctx: &Ctx<'_>, engagement: Id) -> Result<(), Refusal> {
    let pairing = agreed(books, engagement)?;
    if pairing.withdrawn_on.is_some() {
        return Err(Refusal::Withdrawn);
    }
    if pairing.consent.is_none() {
        return Err(Refusal::NoConsent);
    }
    if pairing.liability_on.is_none() {
        return Err(Refusal::LiabilityUnsaid);
    }
    if pairing.sessions.is_empty() {
        return Err(Refusal::Empty { field: "sessions" });
    }
    if pairing.parts.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    if until(ctx, find(books, engagement)?, pairing)? < ctx.today() {
        return Err(Refusal::ShareOver);
    }
    Ok(())
}

/// The last day of a copy that is handed out today.
pub fn until(ctx: &Ctx<'_>, engagement: &Engagement, pairing: &Pairing) -> Result<Date, Refusal> {
    let rule = &ctx.pack(&engagement.programme)?.pairing;
    Ok(pairing.until.unwrap_or_else(|| rule.until(engagement, ctx.today())))
}

fn offer(books: &Books, ctx: &Ctx<'_>, id: Id) -> Result<Handout, Refusal> {
    ready(books, ctx, id)?;
    let (pairing, engagement) = (agreed(books, id)?, find(books, id)?);
    Ok(Handout {
        id: ctx.id(0),
        engagement: id,
        trainee: pairing.trainee.clone(),
        age_recipient: pairing.age_recipient.clone(),
        signing_key: pairing.signing_key.clone(),
        made_at: ctx.now,
        until: until(ctx, engagement, pairing)?,
        parts: pairing.parts.clone(),
        fields: fields::read(books, engagement, &pairing.parts, Notes::Leaving),
    })
}

/// The text of a handout, to be signed with the key `from` and sealed to its recipient.
pub fn text_of(books: &Books, ctx: &Ctx<'_>, handout: &Handout, from: ShareKey) -> Result<Share, Refusal> {
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    let (pairing, engagement) = (agreed(books, handout.engagement)?, find(books, handout.engagement)?);
    Ok(Share {
        v: 1,
        id: handout.id,
        practice: profile.practice,
        programme: engagement.programme.clone(),
        case_no: engagement.case_no.clone(),
        lead: profile.name.clone(),
        from,
        trainee: handout.trainee.clone(),
        to: ShareKey { age: handout.age_recipient.clone(), signing: handout.signing_key.clone() },
        made_at: handout.made_at,
        until: handout.until,
        sessions: pairing.sessions.clone(),
        roles: pairing.roles.clone(),
        dates_by: pairing.dates_by.clone(),
        handouts: pairing.handouts,
        paid: ctx.pack(&engagement.programme)?.pairing.paid,
        parts: handout.parts.clone(),
        fields: handout.fields.clone(),
    })
}

/// Whether a home can take a copy in, and what it then holds: client, engagement and the lead's values beside them.
fn receive(books: &Books, ctx: &Ctx<'_>, share: Share) -> Edits {
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    if profile.practice != share.practice {
        return Err(Refusal::PracticeMixed);
    }
    if share.until < ctx.today() {
        return Err(Refusal::ShareOver);
    }
    let taken = books.engagements.values().find(|e| e.case_no == share.case_no);
    match taken.map(|e| books.shared_of(e.id).is_some()) {
        Some(true) => return Err(Refusal::ShareHeld),
        Some(false) => return Err(Refusal::CaseNoTaken),
        None => {}
    }
    for (field, text) in [("lead", &share.lead), ("roles", &share.roles), ("dates_by", &share.dates_by)] {
        optional(field, text, LINE)?;
    }
    required("case_no", &share.case_no, 20)?;
    if !write::free(books, share.id) {
        return Err(fields::unknown("id"));
    }
    let allowed = |key: &String| fields::place(key).is_some_and(|place| share.parts.contains(&place.part));
    if let Some(key) = share.fields.keys().find(|key| !allowed(key)) {
        return Err(fields::unknown(key));
    }
    let pack = ctx.pack(&share.programme)?;
    let (client, engagement) = write::begun(ctx, pack, &share.case_no, &share.fields)?;
    let values = share.fields.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    let mut edits = write::write(books, ctx, &engagement, &values)?;
    edits.push(Edit::from(Record::Client(client)));
    edits.push(Edit::from(Record::Shared(Shared {
        id: share.id,
        engagement: engagement.id,
        lead: share.lead,
        age_recipient: share.from.age,
        signing_key: share.from.signing,
        received_at: ctx.now,
        until: share.until,
        sessions: share.sessions,
        roles: share.roles,
        dates_by: share.dates_by,
        handouts: share.handouts,
        parts: share.parts,
        base: share.fields,
    })));
    Ok(edits)
}

/// What the trainee changed against the lead's values; none = taken away.
pub fn changed(books: &Books, shared: &Shared) -> Result<BTreeMap<String, Option<String>>, Refusal> {
    let now = fields::read(books, find(books, shared.engagement)?, &shared.parts, Notes::All);
    Ok(difference(&shared.base, &now))
}

/// How many rows a lead will see of what was changed.
pub fn drafts(changed: &BTreeMap<String, Option<String>>) -> usize {
    changed.keys().map(|key| fields::whole(key).unwrap_or(key)).collect::<BTreeSet<_>>().len()
}

fn difference(base: &Fields, now: &Fields) -> BTreeMap<String, Option<String>> {
    let keys: BTreeSet<&String> = base.keys().chain(now.keys()).collect();
    let draft = |key: &&String| fields::place(key).is_some_and(|p| p.draft);
    let differs = |key: &&String| base.get(*key) != now.get(*key);
    keys.into_iter().filter(draft).filter(differs).map(|key| (key.clone(), now.get(key).cloned())).collect()
}

/// The text of a return, to be signed with the trainee's key and sealed to the lead.
pub fn answer(books: &Books, ctx: &Ctx<'_>, shared: &Shared) -> Result<ShareReturn, Refusal> {
    let practice = books.profile.as_ref().is_some_and(|p| p.practice);
    if shared.until < ctx.today() {
        return Err(Refusal::ShareOver);
    }
    Ok(ShareReturn { v: 1, share: shared.id, practice, made_at: ctx.now, fields: changed(books, shared)? })
}

/// Verifies a return against the copies that this home handed out.
pub fn accept(books: &Books, signed: &Signed) -> Result<Returned, ShareError> {
    let back = check_return(signed)?;
    let handout = books.handouts.get(&back.share).filter(|h| h.signing_key == signed.key);
    let handout = handout.ok_or(ShareError::NotOurs)?;
    let practice = books.profile.as_ref().is_some_and(|p| p.practice);
    let allowed = |key: &String| fields::place(key).is_some_and(|p| p.draft && handout.parts.contains(&p.part));
    if back.practice != practice || !back.fields.keys().all(allowed) {
        return Err(ShareError::Content);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(signed.body.as_bytes())[..16]);
    Ok(Returned {
        id: Id(id),
        engagement: handout.engagement,
        handout: handout.id,
        trainee: handout.trainee.clone(),
        made_at: back.made_at,
        fields: back.fields,
        decided: BTreeMap::new(),
    })
}

/// The one rule about a copy: only drafts of what was shared are written, until its last day; nothing official.
pub(crate) fn permits(books: &Books, ctx: &Ctx<'_>, about: Option<Id>, command: &Command) -> Result<(), Refusal> {
    let claimed = match command {
        Command::Claim(ClaimCommand::Draft { units, .. }) => units.iter().find_map(|(id, _)| books.shared_of(*id)),
        _ => None,
    };
    let Some(shared) = claimed.or_else(|| books.shared_of(about?)) else { return Ok(()) };
    if shared.until < ctx.today() {
        return Err(Refusal::ShareOver);
    }
    let part = match command {
        Command::Engagement(c) => match c.action {
            EngagementAction::Expect(_) => SharePart::Overview,
            _ => return Err(Refusal::SharedCopy),
        },
        Command::Session(c) => match c.action {
            SessionAction::Check { .. } => SharePart::Checklist,
            _ => return Err(Refusal::SharedCopy),
        },
        Command::Findings(c) => match c.action {
            FindingsAction::Answer { .. } | FindingsAction::Answers(_) | FindingsAction::Evidence { .. } => {
                SharePart::Diagnosis
            }
            FindingsAction::Note(_) => SharePart::Notes,
            FindingsAction::PolicyField { .. } | FindingsAction::PolicyArticle { .. } => SharePart::Policy,
            FindingsAction::Section { .. } => SharePart::Regulations,
            _ => return Err(Refusal::SharedCopy),
        },
        Command::Plan(c) => match c.action {
            PlanAction::Start(_) | PlanAction::Agree(_) => return Err(Refusal::SharedCopy),
            _ => SharePart::Plan,
        },
        _ => return Err(Refusal::SharedCopy),
    };
    if shared.parts.contains(&part) { Ok(()) } else { Err(Refusal::NotShared { part: fields::word(&part) }) }
}

/// Refuses to make a paper or a report from a copy.
pub fn own(books: &Books, engagement: Id) -> Result<(), Refusal> {
    if books.shared_of(engagement).is_some() { Err(Refusal::SharedCopy) } else { Ok(()) }
}

/// The clients whose copy has ended before a day: they are erased at the next unlock.
pub fn over(books: &Books, today: Date) -> Vec<Id> {
    let ended = books.shared.values().filter(|s| s.until < today);
    ended.filter_map(|s| books.engagements.get(&s.engagement)).map(|e| e.client).collect()
}
