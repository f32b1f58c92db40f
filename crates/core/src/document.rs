//! The data sheet of every official document, built from the books; the layout lies in `templates/documents`.
//!
//! What the sheet must hold is the layout's contract (`templates/documents/contracts.json`).

mod engagement;
mod findings;
mod forms;
mod letter;
mod money;
mod purge;
mod terms;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::books::Books;
use crate::edit::pack;
use crate::programme::Pack;
use crate::record::v1::{Claim, Client, Engagement, Id, PayRun, Profile};
use crate::refusal::Refusal;
pub use letter::draft;
pub use purge::{purge_certificate, read_purge_certificate};
use terms::Terms;

/// Which document is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// A document of an engagement; `session` for forms made once per session.
    Engagement {
        engagement: Id,
        document: String,
        session: Option<u8>,
    },
    /// 様式4a or 4b.
    Claim(Id),
    PaymentList(Id),
    Statistics,
}

/// A data sheet and the kind of document it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub kind: String,
    pub data: Value,
    /// Editions it was made from.
    pub editions: Vec<String>,
}

/// The request to prepare for a session as plain text, in Japanese as the page is.
pub fn letter(books: &Books, packs: &[Pack], today: Date, engagement: Id, session: u8) -> Result<String, Refusal> {
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    let engagement = crate::engagement::find(books, engagement)?;
    let pack = pack(packs, &engagement.programme)?;
    let client = books.client_of(engagement).ok_or(Refusal::NotFound { what: "client" })?;
    Scene { books, pack, engagement, client, profile, terms: Terms::built_in(), today }.letter(session)
}

/// What builders of an engagement's documents look at.
struct Scene<'a> {
    books: &'a Books,
    pack: &'a Pack,
    engagement: &'a Engagement,
    client: &'a Client,
    profile: &'a Profile,
    terms: Terms,
    today: Date,
}

/// Builds the data sheet of a document.
pub fn sheet(books: &Books, packs: &[Pack], today: Date, request: &Request) -> Result<Sheet, Refusal> {
    let profile = books.profile.as_ref().ok_or(Refusal::NotFound { what: "profile" })?;
    match request {
        Request::Engagement { engagement, document, session } => {
            crate::share::own(books, *engagement)?;
            let engagement = crate::engagement::find(books, *engagement)?;
            let pack = pack(packs, &engagement.programme)?;
            let client = books.client_of(engagement).ok_or(Refusal::NotFound { what: "client" })?;
            let scene = Scene { books, pack, engagement, client, profile, terms: Terms::built_in(), today };
            scene.sheet(document, *session)
        }
        Request::Claim(id) => {
            let claim: &Claim = books.claims.get(id).ok_or(Refusal::NotFound { what: "claim" })?;
            money::claim(books, pack(packs, &claim.programme)?, profile, claim)
        }
        Request::PaymentList(id) => {
            let run: &PayRun = books.pay_runs.get(id).ok_or(Refusal::NotFound { what: "payment" })?;
            Ok(money::payment_list(books, pack(packs, &run.programme)?, profile, run, today))
        }
        Request::Statistics => Ok(money::statistics(books, pack(packs, &profile.programme)?, profile, today)),
    }
}

impl Scene<'_> {
    fn sheet(&self, document: &str, session: Option<u8>) -> Result<Sheet, Refusal> {
        let number = session.unwrap_or(0);
        let (data, editions) = match document {
            "diagnosis" => (self.diagnosis()?, vec![self.pack.diagnosis.edition.clone()]),
            "policy" => (self.policy()?, vec![self.pack.policy.edition.clone()]),
            "regulations" => (self.regulations()?, vec![self.pack.regulations.edition.clone()]),
            "plan" => (self.plan()?, vec![self.pack.plan.edition.clone()]),
            "plan-page" => (self.plan_page()?, vec![self.pack.plan.edition.clone()]),
            "form5" => (self.form5(number)?, Vec::new()),
            "form6" if number == 1 => (self.form6()?, Vec::new()),
            "form7" if number > 1 => (self.form7(number)?, Vec::new()),
            "final-report" => (self.final_report()?, vec![self.pack.final_report.edition.clone()]),
            "prep-request" => (self.prep_request(number)?, vec![self.pack.curriculum.edition.clone()]),
            other => return Err(Refusal::UnknownItem { item: other.to_owned() }),
        };
        let note = if document == "diagnosis" { "note" } else { "note_plain" };
        let mut all = common(self.profile, &self.terms, self.pack, self.today, note);
        all.insert("case_number".into(), json!(self.engagement.case_no));
        all.insert("company".into(), json!(self.client.name));
        let editions = [vec![self.engagement.programme.clone()], editions].concat();
        Ok(Sheet { kind: document.to_owned(), data: merged(all, data), editions })
    }

    fn form_session(&self, number: u8) -> Result<&crate::record::v1::Session, Refusal> {
        self.engagement.session(number).ok_or(Refusal::NotFound { what: "session" })
    }
}

/// Fields that every document has.
fn common(profile: &Profile, terms: &Terms, pack: &Pack, today: Date, note: &str) -> Map<String, Value> {
    let Value::Object(map) = json!({
        "practice": profile.practice,
        "edition": pack.programme.id,
        "version": terms.get("version"),
        "issued_on": today.to_string(),
        "issued_on_wareki": crate::wareki::long(&pack.calendar.eras, today),
        "case_number": null,
        "company": null,
        "note": terms.get(note),
    }) else {
        return Map::new();
    };
    map
}

fn merged(mut common: Map<String, Value>, own: Value) -> Value {
    if let Value::Object(own) = own {
        common.extend(own);
    }
    Value::Object(common)
}

/// `YYYY-MM-DD`, or null.
fn day(date: Option<Date>) -> Value {
    date.map_or(Value::Null, |d| json!(d.to_string()))
}

/// `YYYY-MM`.
fn month(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// `HH:MM`.
fn clock(time: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
