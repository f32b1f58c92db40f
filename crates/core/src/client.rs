//! Client firms: registering, correcting, and beginning their engagement.

use jiff::civil::Date;

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, put};
use crate::eligibility::{Decision, Firm};
use crate::programme::Pack;
use crate::record::v1::{Client, Engagement, Hearing, Hold, Id, Record, Session, TwoStar};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, optional, required, within};

/// Changes to clients.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientCommand {
    /// `id` and `added_on` are given by the command.
    Add(Box<Client>),
    Edit(Box<Client>),
    /// Takes it off every list and makes it read-only, until it is brought back.
    Archive(Id),
    Unarchive(Id),
    /// Nothing of it is erased until the hold is released.
    Hold {
        client: Id,
        reason: String,
    },
    Release(Id),
    /// Begins the guided sessions under the programme of the profile.
    Begin {
        client: Id,
        case_no: String,
        matched_on: Date,
    },
}

pub(crate) fn apply(books: &Books, ctx: &Ctx<'_>, command: ClientCommand) -> Edits {
    match command {
        ClientCommand::Add(client) => {
            check(&client)?;
            put(Record::Client(Client { id: ctx.id(0), added_on: ctx.today(), archived: false, ..*client }))
        }
        ClientCommand::Edit(client) => {
            find(books, client.id)?;
            check(&client)?;
            put(Record::Client(*client))
        }
        ClientCommand::Archive(id) => put(Record::Client(Client { archived: true, ..find(books, id)?.clone() })),
        ClientCommand::Unarchive(id) => put(Record::Client(Client { archived: false, ..find(books, id)?.clone() })),
        ClientCommand::Hold { client, reason } => {
            find(books, client)?;
            required("reason", &reason, LINE)?;
            put(Record::Hold(Hold { id: ctx.id(0), client, reason, since: ctx.today(), released_on: None }))
        }
        ClientCommand::Release(id) => release(books, ctx, id),
        ClientCommand::Begin { client, case_no, matched_on } => begin(books, ctx, client, case_no, matched_on),
    }
}

/// The eligibility decision for a client under a programme, with the clause that decides.
pub fn eligibility(pack: &Pack, client: &Client) -> Result<Decision, Refusal> {
    let firm = Firm {
        category: client.category,
        main_industry: client.main_industry,
        capital: (!client.sole_proprietor).then_some(client.capital),
        employees: client.employees,
        sole_proprietor: client.sole_proprietor,
    };
    pack.eligibility.decide(&firm).map_err(|_| Refusal::OutOfRange { field: "category", min: 1, max: 15 })
}

fn release(books: &Books, ctx: &Ctx<'_>, client: Id) -> Edits {
    let released = |h: &Hold| Record::Hold(Hold { released_on: Some(ctx.today()), ..h.clone() });
    let edits: Vec<Edit> = books.holds_on(client).map(released).map(Edit::from).collect();
    if edits.is_empty() { Err(Refusal::NotFound { what: "hold" }) } else { Ok(edits) }
}

/// Refuses a change to what is archived or erased.
pub(crate) fn open(books: &Books, id: Id) -> Result<(), Refusal> {
    match books.clients.get(&id) {
        Some(client) if client.archived => Err(Refusal::Archived),
        _ => Ok(()),
    }
}

fn find(books: &Books, id: Id) -> Result<&Client, Refusal> {
    books.clients.get(&id).ok_or(Refusal::NotFound { what: "client" })
}

pub(crate) fn check(client: &Client) -> Result<(), Refusal> {
    required("name", &client.name, LINE)?;
    optional("kana", &client.kana, LINE)?;
    within("category", client.category.into(), 1, 15)?;
    if client.category >= 12 && client.category <= 15 {
        within("main_industry", client.main_industry.unwrap_or(0).into(), 1, 8)?;
    }
    within("prefecture", client.prefecture.into(), 1, 47)?;
    optional("representative", &client.contact.representative, LINE)?;
    optional("representative_title", &client.contact.representative_title, LINE)?;
    optional("counterpart", &client.contact.counterpart, LINE)
}

fn begin(books: &Books, ctx: &Ctx<'_>, client: Id, case_no: String, matched_on: Date) -> Edits {
    let firm = find(books, client)?;
    required("case_no", &case_no, 20)?;
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    let pack = ctx.pack(&profile.programme)?;
    if books.engagement_of(client).is_some() {
        return Err(Refusal::AlreadyBegun);
    }
    if books.engagements.values().any(|e| e.case_no == case_no) {
        return Err(Refusal::CaseNoTaken);
    }
    let decision = eligibility(pack, firm)?;
    if !decision.eligible {
        return Err(Refusal::NotEligible { clause: decision.clause });
    }
    if pack.programme.security_action.stars_to_enter > 0 && !firm.one_star {
        return Err(Refusal::OneStarMissing);
    }
    put(Record::Engagement(Engagement {
        id: ctx.id(0),
        client,
        case_no,
        programme: profile.programme.clone(),
        matched_on,
        sessions: vec![Session::default(); usize::from(pack.programme.sessions.count)],
        ending: None,
        two_star: TwoStar::default(),
        expectations: String::new(),
        hearing: Hearing::default(),
    }))
}
