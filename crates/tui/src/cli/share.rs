//! Sharing with a trainee on the command line, from either side.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bansou_core::command::Command;
use bansou_core::record::v1::{Consent, Id, Pairing, Returned, SharePart, Take};
use bansou_core::refusal::Refusal;
use bansou_core::share::fields::word;
use bansou_core::share::merge::{self, Row, State};
use bansou_core::share::{self, ShareCommand, spoken};
use bansou_core::wire::v1::share::{Share, ShareKey};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::args::ShareVerb;
use super::expert::{case, document};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::share as files;
use crate::words::Words;

/// What a person writes about an agreement; what is left out stays as it was.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    trainee: Option<String>,
    key: Option<String>,
    consent_by: Option<String>,
    consent_on: Option<Date>,
    consent_taken_by: Option<String>,
    liability_on: Option<Date>,
    sessions: Option<BTreeSet<u8>>,
    roles: Option<String>,
    dates_by: Option<String>,
    handouts: Option<bool>,
    parts: Option<BTreeSet<SharePart>>,
    until: Option<Date>,
}

pub(super) fn share(call: &Call, verb: ShareVerb) -> Result<Answer, Failure> {
    let words = Words::new(call.lang);
    let mut home = call.open()?;
    match verb {
        ShareVerb::Key => Ok(key(&files::key(&home))),
        ShareVerb::Agree { case: c, file } => {
            let engagement = case(&home, &c)?.0.id;
            agree(&mut home, engagement, document(&file)?)?;
            show(call, words, &home, &c)
        }
        ShareVerb::Show { case: c } => show(call, words, &home, &c),
        ShareVerb::Offer { case: c, file } => {
            let engagement = case(&home, &c)?.0.id;
            let share = files::offer(&mut home, engagement, &file)?;
            let said = words.fill("share.handed", &[("until", &share.until.to_string()), ("name", &share.trainee)]);
            Ok(contents(call, words, &share).and(said).and(file.display().to_string()).with("file", named(&file)))
        }
        ShareVerb::Withdraw { case: c } => {
            let engagement = case(&home, &c)?.0.id;
            home.apply(Command::Share(ShareCommand::Withdraw { engagement }))?;
            Ok(show(call, words, &home, &c)?.and(words.get("share.withdrawn_says")))
        }
        ShareVerb::Open { file, from, yes } => open(call, words, &mut home, &file, from.as_deref(), yes),
        ShareVerb::Return { case: c, file } => {
            let engagement = case(&home, &c)?.0.id;
            let values = files::give_back(&mut home, engagement, &file)?;
            let said = words.fill("share.given_back", &[("n", &values.to_string())]);
            Ok(Answer::line(said).and(named(&file)).with("file", named(&file)).with("drafts", values))
        }
        ShareVerb::Merge { file, take, mine, both, all_new } => {
            let returned = files::take_in(&mut home, &file)?;
            let asked = [(Take::Theirs, take), (Take::Mine, mine), (Take::Both, both)];
            decide(&mut home, &returned, &asked, all_new)?;
            list(call, words, &home, returned.id)
        }
    }
}

fn named(file: &Path) -> String {
    file.display().to_string()
}

fn key(key: &ShareKey) -> Answer {
    let print = key.fingerprint();
    Answer::line(key.line()).and(print.clone()).with("key", key.line()).with("fingerprint", print)
}

fn agree(home: &mut Home, engagement: Id, given: Agreement) -> Result<(), Failure> {
    let known = home.books.pairing_of(engagement).cloned().unwrap_or_else(|| share::fresh(engagement));
    let key = given.key.as_deref().map(ShareKey::parse).transpose()?;
    let consent = match (known.consent, given.consent_by, given.consent_on, given.consent_taken_by) {
        (None, None, None, None) => None,
        (old, by, on, taken_by) => {
            let old = old.map_or((String::new(), None, String::new()), |c| (c.by, Some(c.on), c.taken_by));
            let on = on.or(old.1).ok_or(Refusal::Empty { field: "consent_on" })?;
            Some(Consent { by: by.unwrap_or(old.0), on, taken_by: taken_by.unwrap_or(old.2) })
        }
    };
    let pairing = Pairing {
        trainee: given.trainee.unwrap_or(known.trainee),
        age_recipient: key.as_ref().map_or(known.age_recipient, |k| k.age.clone()),
        signing_key: key.map_or(known.signing_key, |k| k.signing),
        consent,
        liability_on: given.liability_on.or(known.liability_on),
        sessions: given.sessions.unwrap_or(known.sessions),
        roles: given.roles.unwrap_or(known.roles),
        dates_by: given.dates_by.unwrap_or(known.dates_by),
        handouts: given.handouts.unwrap_or(known.handouts),
        parts: given.parts.unwrap_or(known.parts),
        until: given.until.or(known.until),
        // An agreement that is written anew stands again.
        withdrawn_on: None,
        ..known
    };
    home.apply(Command::Share(ShareCommand::Pair(Box::new(pairing)))).map(drop)
}

fn parts(call: &Call, all: &BTreeSet<SharePart>) -> String {
    all.iter().map(|part| spoken::part(*part, call.lang)).collect::<Vec<_>>().join(", ")
}

fn sessions(all: &BTreeSet<u8>) -> String {
    all.iter().map(u8::to_string).collect::<Vec<_>>().join("・")
}

/// The state of an engagement: what was agreed here, or what it is a copy of.
fn show(call: &Call, words: &'static Words, home: &Home, case_no: &str) -> Result<Answer, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    if let Some(shared) = home.books.shared_of(engagement.id) {
        let changed = share::drafts(&share::changed(&home.books, shared)?);
        let said = words.fill("share.copy_of", &[("name", &shared.lead), ("until", &shared.until.to_string())]);
        return Ok(Answer::line(said)
            .and(parts(call, &shared.parts))
            .and(words.fill("share.changed", &[("n", &changed.to_string())]))
            .with("lead", shared.lead.clone())
            .with("until", shared.until.to_string())
            .with("parts", json!(shared.parts))
            .with("changed", changed));
    }
    let p = home.books.pairing_of(engagement.id).ok_or(Refusal::NotFound { what: "pairing" })?;
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |d| d.to_string());
    let ready = share::ready(&home.books, &home.ctx(), engagement.id);
    let until = share::until(&home.ctx(), engagement, p)?;
    let consent = p.consent.as_ref();
    let line = words.fill(
        "share.agreed",
        &[
            ("name", &p.trainee),
            ("sessions", &sessions(&p.sessions)),
            ("consent", &day(consent.map(|c| c.on))),
            ("liability", &day(p.liability_on)),
            ("until", &until.to_string()),
        ],
    );
    let key = ShareKey { age: p.age_recipient.clone(), signing: p.signing_key.clone() };
    let paid = if pack.pairing.paid { "share.paid" } else { "share.unpaid" };
    let mut answer = Answer::line(line).and(parts(call, &p.parts)).and(words.get(paid)).and(key.fingerprint());
    if let Err(refusal) = &ready {
        answer = answer.and(refusal.text(call.lang));
    }
    let mut handed = Vec::new();
    for out in home.books.handouts_of(engagement.id) {
        let made = out.made_at.date().to_string();
        answer = answer.and(words.fill("share.out", &[("on", &made), ("until", &out.until.to_string())]));
        handed.push(json!({"id": out.id.to_string(), "made_on": made, "until": out.until.to_string(),
            "parts": out.parts}));
    }
    let mut came = Vec::new();
    for back in home.books.returns_of(engagement.id) {
        let (made, open) = (back.made_at.date().to_string(), merge::waiting(&home.books, back));
        answer = answer.and(words.fill("share.back", &[("on", &made), ("n", &open.to_string())]));
        came.push(json!({"id": back.id.to_string(), "made_on": made, "open": open}));
    }
    Ok(answer
        .with("trainee", p.trainee.clone())
        .with("sessions", json!(p.sessions))
        .with("parts", json!(p.parts))
        .with("consent_on", consent.map(|c| c.on.to_string()))
        .with("liability_on", p.liability_on.map(|d| d.to_string()))
        .with("handouts", p.handouts)
        .with("paid", pack.pairing.paid)
        .with("until", until.to_string())
        .with("withdrawn_on", p.withdrawn_on.map(|d| d.to_string()))
        .with("fingerprint", key.fingerprint())
        .with("ready", ready.is_ok())
        .with("handed_out", handed)
        .with("returned", came))
}

/// What is in a share, as both sides see it.
fn contents(call: &Call, words: &'static Words, share: &Share) -> Answer {
    let mut counts: BTreeMap<SharePart, usize> = share.parts.iter().map(|part| (*part, 0)).collect();
    for key in share.fields.keys() {
        if let Some(place) = share::fields::place(key) {
            *counts.entry(place.part).or_default() += 1;
        }
    }
    let lines = counts.iter().map(|(part, n)| format!("{n:>4}  {}", spoken::part(*part, call.lang)));
    let yes = |yes: bool| words.get(if yes { "share.yes" } else { "share.no" });
    let head = words.fill(
        "share.head",
        &[
            ("case", &share.case_no),
            ("sessions", &sessions(&share.sessions)),
            ("until", &share.until.to_string()),
            ("handouts", yes(share.handouts)),
        ],
    );
    let answer = lines.fold(Answer::line(head), Answer::and);
    let count = |(part, n): (SharePart, usize)| (word(&part), json!(n));
    let counts: serde_json::Map<String, Value> = counts.into_iter().map(count).collect();
    answer
        .with("case_no", share.case_no.clone())
        .with("lead", share.lead.clone())
        .with("trainee", share.trainee.clone())
        .with("until", share.until.to_string())
        .with("sessions", json!(share.sessions))
        .with("handouts", share.handouts)
        .with("paid", share.paid)
        .with("parts", counts)
}

/// Shows a share and from whom it is; takes it in once its sender was compared.
fn open(
    call: &Call,
    words: &'static Words,
    home: &mut Home,
    file: &Path,
    from: Option<&str>,
    yes: bool,
) -> Result<Answer, Failure> {
    let share = files::look(home, file)?;
    let print = share.from.fingerprint();
    let sender = words.fill("share.from", &[("name", &share.lead), ("print", &print)]);
    let compared = match from {
        Some(line) if ShareKey::parse(line)? != share.from => {
            return Err(Failure::Share(bansou_core::wire::v1::share::ShareError::NotForUs));
        }
        Some(_) => true,
        None => yes,
    };
    let mut answer = contents(call, words, &share).and(sender.clone()).with("fingerprint", print);
    if !compared && call.passphrase.ask(&format!("{sender}\n{}", words.get("share.sure")))? != "yes" {
        answer.code = 8;
        return Ok(answer.and(words.get("share.not_taken")).with("taken", false));
    }
    files::open(home, share)?;
    Ok(answer.and(words.get("share.taken")).with("taken", true))
}

fn decide(home: &mut Home, returned: &Returned, asked: &[(Take, Vec<usize>)], all_new: bool) -> Result<(), Failure> {
    let rows = merge::rows(&home.books, returned)?;
    let mut takes = BTreeMap::new();
    if all_new {
        takes.extend(
            rows.iter().filter(|r| r.open() && r.state == State::Theirs).map(|r| (r.name.clone(), Take::Theirs)),
        );
    }
    for (take, numbers) in asked {
        for number in numbers {
            let row = number.checked_sub(1).and_then(|at| rows.get(at)).ok_or(Refusal::NotFound { what: "row" })?;
            takes.insert(row.name.clone(), *take);
        }
    }
    if !takes.is_empty() {
        home.apply(Command::Share(ShareCommand::Decide { returned: returned.id, takes }))?;
    }
    Ok(())
}

/// Every row of a return, with what became of it.
fn list(call: &Call, words: &'static Words, home: &Home, returned: Id) -> Result<Answer, Failure> {
    let returned = home.books.returns.get(&returned).ok_or(Refusal::NotFound { what: "return" })?;
    let pack = home.pack_of(returned.engagement)?;
    let rows = merge::rows(&home.books, returned)?;
    let (mut answer, mut out) = (Answer::default(), Vec::new());
    for (number, row) in (1..).zip(&rows) {
        let title = spoken::title(&home.books, returned.engagement, row);
        let label = spoken::label(pack, &row.name, title, call.lang);
        let said = |side| spoken::value(pack, row, side, call.lang);
        let (base, mine, theirs) = (said(&row.base), said(&row.mine), said(&row.theirs));
        answer = answer.and(format!("{number:>3}  {}  {label}", words.get(state(row))));
        for (key, text) in [("share.base", &base), ("share.mine", &mine), ("share.theirs", &theirs)] {
            let text = if text.is_empty() { words.get("share.nothing") } else { text };
            answer = answer.and(format!("     {}  {}", words.get(key), text.replace('\n', " / ")));
        }
        out.push(json!({"number": number, "key": row.name, "part": row.part, "about": label,
            "state": match row.state { State::Same => "same", State::Theirs => "theirs", State::Both => "both" },
            "decided": row.decided, "base": base, "mine": mine, "theirs": theirs}));
    }
    let open = rows.iter().filter(|r| r.open()).count();
    let end = words.fill("share.open_rows", &[("n", &open.to_string())]);
    Ok(answer.and(end).with("trainee", returned.trainee.clone()).with("open", open).with("rows", out))
}

/// The word for what became of a row, or waits for it.
pub fn state(row: &Row) -> &'static str {
    match (row.decided, row.state) {
        (Some(Take::Theirs), _) => "share.took_theirs",
        (Some(Take::Mine), _) => "share.kept_mine",
        (Some(Take::Both), _) => "share.kept_both",
        (None, State::Same) => "share.same",
        (None, State::Theirs) => "share.only_theirs",
        (None, State::Both) => "share.differ",
    }
}
