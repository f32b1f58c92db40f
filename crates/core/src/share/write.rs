//! Keys and values back into records: a copy is made of them, and what a lead takes over goes the same way.

use std::collections::BTreeMap;

use super::fields::{check, own_item, said, stem, unknown, whole};
use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits};
use crate::programme::Pack;
use crate::record::v1::{
    ActionPlan, Client, Contact, Engagement, Id, LineStatus, Moved, Note, PlanLine, Planned, PolicyDraft, Record,
    RegulationsReview, SectionReview, SectionStatus, Sheet,
};
use crate::refusal::Refusal;
use crate::text_rules::{LINE, PROSE, optional, required};

/// What is to stand under each key; none = nothing.
pub(super) type Values = BTreeMap<String, Option<String>>;

/// One field of a line, a section or a note: its key, the end of it, and what is to stand there.
type Field<'v> = (&'v str, &'v str, Option<&'v str>);

/// The records of one engagement, as they are or as they begin.
struct Desk<'a> {
    ctx: &'a Ctx<'a>,
    pack: &'a Pack,
    engagement: Engagement,
    sheet: Sheet,
    policy: PolicyDraft,
    regulations: RegulationsReview,
    plan: ActionPlan,
    notes: BTreeMap<Id, Option<Note>>,
}

/// The edits that put these values into an engagement, which need not be in the books yet. Values come from others:
/// each is judged as if it had been typed.
pub(super) fn write(books: &Books, ctx: &Ctx<'_>, engagement: &Engagement, values: &Values) -> Edits {
    let pack = ctx.pack(&engagement.programme)?;
    let mut desk = Desk::of(books, ctx, pack, engagement);
    let begun = (desk.sheet.clone(), desk.policy.clone(), desk.regulations.clone(), desk.plan.clone());
    let mut wholes: BTreeMap<&str, Vec<Field<'_>>> = BTreeMap::new();
    for (key, value) in values {
        match whole(key) {
            Some(of) => wholes.entry(of).or_default().push((key, &key[of.len() + 1..], value.as_deref())),
            None => desk.single(key, value.as_deref())?,
        }
    }
    for (of, parts) in &wholes {
        let gone = values.get(&stem(of)).is_some_and(Option::is_none);
        desk.several(books, of, parts, gone)?;
    }
    let mut edits: Vec<Edit> = Vec::new();
    if books.engagements.get(&engagement.id) != Some(&desk.engagement) {
        edits.push(Record::Engagement(desk.engagement).into());
    }
    if begun.0 != desk.sheet {
        edits.push(Record::Sheet(desk.sheet).into());
    }
    if begun.1 != desk.policy {
        edits.push(Record::Policy(desk.policy).into());
    }
    if begun.2 != desk.regulations {
        edits.push(Record::Regulations(desk.regulations).into());
    }
    if begun.3 != desk.plan {
        edits.push(Record::Plan(desk.plan).into());
    }
    edits.extend(desk.notes.into_iter().map(|(id, note)| note.map_or(Edit::Remove(id), |n| Record::Note(n).into())));
    Ok(edits)
}

impl<'a> Desk<'a> {
    fn of(books: &Books, ctx: &'a Ctx<'a>, pack: &'a Pack, engagement: &Engagement) -> Self {
        let id = engagement.id;
        let sheet = books.sheets_of(id).last().map(|s| (*s).clone());
        Self {
            sheet: sheet.unwrap_or_else(|| Sheet {
                id: ctx.id(10),
                engagement: id,
                edition: pack.diagnosis.edition.clone(),
                taken_on: ctx.today(),
                unit: String::new(),
                respondent: String::new(),
                answers: BTreeMap::new(),
                evidence: BTreeMap::new(),
            }),
            policy: books.policy_of(id).cloned().unwrap_or_else(|| PolicyDraft {
                id: ctx.id(11),
                engagement: id,
                edition: pack.policy.edition.clone(),
                fields: BTreeMap::new(),
                articles: BTreeMap::new(),
                enacted_on: None,
                published: None,
            }),
            regulations: books.regulations_of(id).cloned().unwrap_or_else(|| RegulationsReview {
                id: ctx.id(12),
                engagement: id,
                edition: pack.regulations.edition.clone(),
                sections: BTreeMap::new(),
            }),
            plan: books.plan_of(id).cloned().unwrap_or_else(|| ActionPlan {
                id: ctx.id(13),
                engagement: id,
                edition: pack.plan.edition.clone(),
                starts: ctx.today().first_of_month(),
                lines: Vec::new(),
                agreed_on: None,
            }),
            notes: BTreeMap::new(),
            engagement: engagement.clone(),
            ctx,
            pack,
        }
    }

    /// A key that is a field of its own.
    fn single(&mut self, key: &str, value: Option<&str>) -> Result<(), Refusal> {
        let text = value.unwrap_or_default();
        let words: Vec<&str> = key.split('/').collect();
        match words[..] {
            // The firm's facts and dates are read when a copy is made, and never given back.
            ["client", _] | ["engagement", "matched"] => {}
            ["session", n, "date" | "start" | "mode"] => drop(session(&mut self.engagement, key, n)?),
            ["engagement", "expectations"] => {
                optional("expectations", text, PROSE)?;
                self.engagement.expectations = text.to_owned();
            }
            ["session", n, "item", id] => {
                let item = own_item(key, id, text)?;
                required("text", &item.text, LINE)?;
                let session = session(&mut self.engagement, key, n)?;
                session.own.retain(|own| own.id != id);
                session.own.push(item);
            }
            ["session", n, "check", item] => {
                let known = self.pack.curriculum.item(item).is_some();
                let session = session(&mut self.engagement, key, n)?;
                if !known && !session.own.iter().any(|own| own.id == item) {
                    return Err(unknown(key));
                }
                match value.map(|value| check(key, value)).transpose()? {
                    Some(check) => {
                        optional("reason", check.reason.as_deref().unwrap_or_default(), LINE)?;
                        session.checks.insert(item.to_owned(), check);
                    }
                    None => drop(session.checks.remove(item)),
                }
            }
            ["answer", n] => {
                let question = self.question(key, n)?;
                match value {
                    Some(answer) => drop(self.sheet.answers.insert(question, said(key, answer)?)),
                    None => drop(self.sheet.answers.remove(&question)),
                }
            }
            ["evidence", n] => {
                optional("evidence", text, PROSE)?;
                let question = self.question(key, n)?;
                self.sheet.evidence.insert(question, text.to_owned());
            }
            ["policy", "field", name] => {
                optional("policy", text, PROSE)?;
                if !self.pack.policy.fields.iter().any(|f| f.id == name) {
                    return Err(unknown(key));
                }
                self.policy.fields.insert(name.to_owned(), text.to_owned());
            }
            ["policy", "article", n] => {
                optional("policy", text, PROSE)?;
                let number: u8 = number(key, n)?;
                if number == 0 || usize::from(number) > self.pack.policy.articles.len() {
                    return Err(unknown(key));
                }
                match value {
                    Some(_) => drop(self.policy.articles.insert(number, text.to_owned())),
                    None => drop(self.policy.articles.remove(&number)),
                }
            }
            ["plan", "starts"] => self.plan.starts = text.parse().map_err(|_| unknown(key))?,
            _ => return Err(unknown(key)),
        }
        Ok(())
    }

    /// The fields of one line, section or note.
    fn several(&mut self, books: &Books, of: &str, parts: &[Field<'_>], gone: bool) -> Result<(), Refusal> {
        let (kind, name) = of.split_once('/').ok_or_else(|| unknown(of))?;
        match kind {
            "section" if gone => drop(self.regulations.sections.remove(name)),
            "section" => self.section(name, parts)?,
            "line" if gone => {
                let id = id(of, name)?;
                self.plan.lines.retain(|line| line.id != id);
            }
            "line" => self.line(id(of, name)?, parts)?,
            _ if gone => drop(self.notes.insert(id(of, name)?, None)),
            _ => self.note(books, id(of, name)?, parts)?,
        }
        Ok(())
    }

    fn section(&mut self, number: &str, parts: &[Field<'_>]) -> Result<(), Refusal> {
        if !self.pack.regulations.sections().any(|s| s.number == number) {
            return Err(unknown(number));
        }
        let (status, nothing) = (SectionStatus::Missing, String::new());
        let fresh = SectionReview { status, document: nothing.clone(), finding: nothing.clone(), response: nothing };
        let review = self.regulations.sections.entry(number.to_owned()).or_insert(fresh);
        for (key, part, value) in parts {
            let text = value.unwrap_or_default();
            optional("finding", text, PROSE)?;
            match *part {
                "status" => review.status = said(key, text)?,
                "document" => review.document = text.to_owned(),
                "finding" => review.finding = text.to_owned(),
                "response" => review.response = text.to_owned(),
                _ => return Err(unknown(key)),
            }
        }
        Ok(())
    }

    fn line(&mut self, id: Id, parts: &[Field<'_>]) -> Result<(), Refusal> {
        let at = self.plan.lines.iter().position(|line| line.id == id);
        let mut line = at.map_or_else(|| empty_line(id), |at| self.plan.lines[at].clone());
        for (key, part, value) in parts {
            let text = value.unwrap_or_default().to_owned();
            let date = || value.map(str::parse).transpose().map_err(|_| unknown(key));
            match *part {
                "theme" => line.theme = text,
                "issue" => line.issue = text,
                "basis" => line.basis = text,
                "question" => line.question = value.map(|n| self.question(key, n)).transpose()?,
                "action" => line.action = text,
                "owner" => line.owner = text,
                "support" => line.support = text,
                "urgency" => line.urgency = number(key, &text)?,
                "importance" => line.importance = number(key, &text)?,
                "difficulty" => line.difficulty = number(key, &text)?,
                "start" => line.start = date()?,
                "due" => line.due = date()?,
                "cost" => line.cost = text,
                "done-when" => line.done_when = text,
                "status" => line.status = said(key, &text)?,
                "moved" => line.moved = value.map(|text| moved(key, text)).transpose()?,
                _ => return Err(unknown(key)),
            }
        }
        for text in [&line.basis, &line.support, &line.cost, &line.done_when] {
            optional("plan", text, PROSE)?;
        }
        crate::planning::check(self.pack, &line)?;
        match at {
            Some(at) => self.plan.lines[at] = line,
            None => self.plan.lines.push(line),
        }
        Ok(())
    }

    fn note(&mut self, books: &Books, id: Id, parts: &[Field<'_>]) -> Result<(), Refusal> {
        let known = books.notes.get(&id);
        if known.map_or(!free(books, id), |n| n.engagement != self.engagement.id) {
            return Err(unknown("note"));
        }
        let mut note = known.cloned().unwrap_or_else(|| empty_note(self.ctx, self.engagement.id, id));
        for (key, part, value) in parts {
            let text = || value.map(str::to_owned);
            match *part {
                "text" => note.text = text().unwrap_or_default(),
                "at" => note.at = value.unwrap_or_default().parse().map_err(|_| unknown(key))?,
                "session" => note.session = value.map(|n| number(key, n)).transpose()?,
                "who" => note.who = text().unwrap_or_default(),
                "question" => note.question = value.map(|n| self.question(key, n)).transpose()?,
                "section" => note.section = text(),
                "hearing" => note.hearing = text(),
                "leaves" => note.leaves = *value == Some("true"),
                _ => return Err(unknown(key)),
            }
        }
        crate::note::check(&self.engagement, note.session, &note.who, &note.text)?;
        if note.section.as_ref().is_some_and(|n| !self.pack.regulations.sections().any(|s| s.number == *n))
            || note.hearing.as_ref().is_some_and(|item| self.pack.hearing.item(item).is_none())
        {
            return Err(unknown("note"));
        }
        self.notes.insert(id, Some(note));
        Ok(())
    }

    fn question(&self, key: &str, n: &str) -> Result<u8, Refusal> {
        let question = number(key, n)?;
        crate::findings::known_question(self.pack, question).map(|()| question)
    }
}

/// Whether a record may be stored under an id that somebody else chose: all records share one space of ids, and those of
/// sixteen equal bytes are the home's own, of which the books do not know every one.
pub(super) fn free(books: &Books, id: Id) -> bool {
    books.record(id).is_none() && id.0.iter().any(|byte| *byte != id.0[0])
}

fn number<T: std::str::FromStr>(key: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| unknown(key))
}

/// How many places, then the reason.
fn moved(key: &str, text: &str) -> Result<Moved, Refusal> {
    let (places, reason) = text.split_once(' ').ok_or_else(|| unknown(key))?;
    Ok(Moved { places: number(key, places)?, reason: reason.to_owned() })
}

fn id(key: &str, text: &str) -> Result<Id, Refusal> {
    text.parse().map_err(|_| unknown(key))
}

fn session<'e>(
    engagement: &'e mut Engagement,
    key: &str,
    n: &str,
) -> Result<&'e mut crate::record::v1::Session, Refusal> {
    let n: usize = number(key, n)?;
    n.checked_sub(1).and_then(|at| engagement.sessions.get_mut(at)).ok_or_else(|| unknown(key))
}

pub(super) fn empty_note(ctx: &Ctx<'_>, engagement: Id, id: Id) -> Note {
    Note {
        id,
        engagement,
        at: ctx.now,
        session: None,
        who: String::new(),
        text: String::new(),
        question: None,
        line: None,
        section: None,
        hearing: None,
        leaves: false,
    }
}

fn empty_line(id: Id) -> PlanLine {
    let nothing = String::new;
    PlanLine {
        id,
        theme: nothing(),
        issue: nothing(),
        basis: nothing(),
        question: None,
        action: nothing(),
        owner: nothing(),
        support: nothing(),
        urgency: 0,
        importance: 0,
        difficulty: 0,
        start: None,
        due: None,
        cost: nothing(),
        done_when: nothing(),
        status: LineStatus::Open,
        moved: None,
    }
}

/// The client and the engagement of a copy; what was not shared stays empty.
pub(super) fn begun(
    ctx: &Ctx<'_>,
    pack: &Pack,
    case_no: &str,
    base: &BTreeMap<String, String>,
) -> Result<(Client, Engagement), Refusal> {
    let get = |key: &str| base.get(key).map(String::as_str);
    let text = |name: &str| get(&format!("client/{name}")).unwrap_or_default().to_owned();
    let fact = |name: &str| -> Result<Option<u64>, Refusal> {
        let key = format!("client/{name}");
        get(&key).map(|n| number(&key, n)).transpose()
    };
    let small = |name: &str, none: u64| -> Result<u8, Refusal> {
        u8::try_from(fact(name)?.unwrap_or(none)).map_err(|_| unknown(name))
    };
    let yes = |name: &str| text(name) == "true";
    let name = Some(text("name")).filter(|n| !n.is_empty()).unwrap_or_else(|| case_no.to_owned());
    let client = Client {
        id: ctx.id(0),
        name,
        kana: text("kana"),
        category: small("category", 1)?,
        main_industry: fact("main-industry")?.map(|_| small("main-industry", 0)).transpose()?,
        capital: fact("capital")?.unwrap_or_default(),
        employees: u32::try_from(fact("employees")?.unwrap_or_default()).map_err(|_| unknown("employees"))?,
        sole_proprietor: yes("sole-proprietor"),
        prefecture: small("prefecture", 13)?,
        contact: Contact {
            representative_title: text("representative-title"),
            representative: text("representative"),
            counterpart: text("counterpart"),
        },
        one_star: yes("one-star"),
        added_on: ctx.today(),
        archived: false,
    };
    crate::client::check(&client)?;
    let date = |key: &str| get(key).map(|d| d.parse().map_err(|_| unknown(key))).transpose();
    let mut engagement = Engagement {
        id: ctx.id(1),
        client: client.id,
        case_no: case_no.to_owned(),
        programme: pack.programme.id.clone(),
        matched_on: date("engagement/matched")?.unwrap_or(ctx.today()),
        sessions: vec![crate::record::v1::Session::default(); usize::from(pack.programme.sessions.count)],
        ending: None,
        two_star: crate::record::v1::TwoStar::default(),
        expectations: String::new(),
        hearing: crate::record::v1::Hearing::default(),
    };
    for (n, session) in (1u8..).zip(&mut engagement.sessions) {
        let (start, mode) = (format!("session/{n}/start"), format!("session/{n}/mode"));
        session.planned = match date(&format!("session/{n}/date"))? {
            Some(date) => Some(Planned {
                date,
                start: get(&start).map(|t| t.parse().map_err(|_| unknown(&start))).transpose()?,
                mode: get(&mode).map(|m| said(&mode, m)).transpose()?.unwrap_or_default(),
                moved_because: None,
            }),
            None => None,
        };
    }
    Ok((client, engagement))
}
