//! Every data sheet against the contract of its layout: the same names, nothing missing, nothing else.

use bansou_core::command::Command;
use bansou_core::document::{Request, Sheet, sheet};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::office::OfficeCommand;
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{Id, PatternCode, Profile, SectionReview, SectionStatus};
use bansou_core::refusal::Refusal;
use serde_json::Value;

use crate::desk::paid_office;
use crate::world::*;

const CONTRACTS: &str = include_str!("../../../../templates/documents/contracts.json");

/// Puts every place where `data` does not hold what `contract` asks for into `wrong`.
fn compare(at: &str, contract: &Value, data: &Value, wrong: &mut Vec<String>) {
    match (contract, data) {
        (Value::Object(fields), Value::Object(found)) => {
            for (field, shape) in fields {
                let name = field.trim_end_matches('?');
                match found.get(name) {
                    None => wrong.push(format!("{at}.{name} is missing")),
                    Some(Value::Null) if field.ends_with('?') => {}
                    Some(value) => compare(&format!("{at}.{name}"), shape, value, wrong),
                }
            }
            let known = |name: &String| fields.contains_key(name) || fields.contains_key(&format!("{name}?"));
            wrong.extend(found.keys().filter(|n| !known(n)).map(|n| format!("{at}.{n} is not in the contract")));
        }
        (Value::Array(shape), Value::Array(rows)) => {
            rows.iter().enumerate().for_each(|(i, row)| compare(&format!("{at}[{i}]"), &shape[0], row, wrong));
        }
        (Value::String(kind), value) if fits(kind, value) => {}
        _ => wrong.push(format!("{at} does not fit {contract}: {data}")),
    }
}

fn fits(kind: &str, value: &Value) -> bool {
    let digits = |pattern: &str, text: &str| {
        let same = |(p, c): (char, char)| if p == '0' { c.is_ascii_digit() } else { p == c };
        text.len() == pattern.len() && pattern.chars().zip(text.chars()).all(same)
    };
    match (kind, value) {
        ("text", Value::String(_)) | ("boolean", Value::Bool(_)) | ("decimal", Value::Number(_)) => true,
        ("date", Value::String(text)) => digits("0000-00-00", text),
        ("month", Value::String(text)) => digits("0000-00", text),
        ("integer", Value::Number(n)) => n.is_i64(),
        ("yen", Value::Number(n)) => n.is_u64(),
        _ => false,
    }
}

fn check(world: &World, request: &Request) -> Value {
    let made = sheet(&world.books, &PACKS, TODAY, request).unwrap_or_else(|e| panic!("{request:?}: {e:?}"));
    assert_eq!(problems(&made), Vec::<String>::new());
    made.data
}

/// What a data sheet lacks or has too much by its contract.
pub fn problems(made: &Sheet) -> Vec<String> {
    let contracts: Value = serde_json::from_str(CONTRACTS).unwrap();
    let mut contract = contracts["every document"].clone();
    let own = contracts[&made.kind].as_object().unwrap_or_else(|| panic!("no contract for {}", made.kind));
    let shared = contract.as_object_mut().unwrap();
    // A document may ask for more than every document does: a company that is not null.
    own.keys().for_each(|name| drop(shared.remove(&format!("{name}?"))));
    shared.extend(own.clone());
    let mut wrong = Vec::new();
    compare(&made.kind, &contract, &made.data, &mut wrong);
    wrong
}

fn of(engagement: Id, document: &str, session: Option<u8>) -> Request {
    Request::Engagement { engagement, document: document.into(), session }
}

fn find(engagement: Id, action: FindingsAction) -> Command {
    Command::Findings(FindingsCommand { engagement, action })
}

/// As little as a sheet can be made from, or everything that can be filled in.
pub fn written(full: bool) -> (World, Id) {
    let (mut world, e) = if full { World::held(4) } else { World::begun() };
    let section = pack("current-2026").regulations.sections().next().unwrap().number.clone();
    let review =
        |status| SectionReview { status, document: String::new(), finding: String::new(), response: String::new() };
    world.ok(find(e, FindingsAction::Answer { question: 1, answer: None }));
    world.ok(find(e, FindingsAction::PolicyEnacted(Some(TODAY))));
    world.ok(find(e, FindingsAction::Section { section, review: review(SectionStatus::Missing) }));
    world.ok(find(e, FindingsAction::Final { item: "1-1".into(), value: "1".into() }));
    world.ok(Command::Plan(PlanCommand { engagement: e, action: PlanAction::Start(TODAY) }));
    if full {
        crate::properties::answer_all(&mut world, e);
        let again = FindingsAction::NewSheet { taken_on: TODAY, unit: "本社".into(), respondent: "総務".into() };
        world.ok(find(e, again));
        crate::properties::answer_all(&mut world, e);
        world.ok(find(e, FindingsAction::PolicyPublished(Some(("会社案内".into(), TODAY)))));
        for action in [PlanAction::Generate { count: 5 }, PlanAction::Agree(TODAY)] {
            world.ok(Command::Plan(PlanCommand { engagement: e, action }));
        }
        world.papers(e);
    }
    (world, e)
}

#[test]
fn the_papers_of_an_engagement_keep_their_contract() {
    for full in [false, true] {
        let (mut world, e) = written(full);
        PAPERS.into_iter().for_each(|kind| drop(check(&world, &of(e, kind, None))));
        let page = check(&world, &of(e, "plan-page", None));
        assert!(page["company"].is_null() && page["case_number"].is_null(), "it hangs where visitors pass");
        for n in 1..=4 {
            if !full {
                world.ok(hold(e, n, DAYS[usize::from(n) - 1], None));
            }
            check(&world, &of(e, "form5", Some(n)));
            check(&world, &of(e, bansou_core::bundle::form_of(n), Some(n)));
        }
    }
}

#[test]
fn a_request_to_prepare_keeps_its_contract() {
    let (mut world, e) = World::begun();
    for n in 1..=4 {
        let request = of(e, "prep-request", Some(n));
        let open = check(&world, &request);
        assert!(open["visit_on"].is_null(), "it can be asked before the day is fixed");
        world.ok(plan(e, n, DAYS[usize::from(n) - 1]));
        let dated = check(&world, &request);
        assert_eq!(dated["visit_on"], DAYS[usize::from(n) - 1].to_string());
    }
}

#[test]
fn a_claim_keeps_its_contract_under_every_pattern() {
    for (pattern, invoice_number, kind) in [
        (PatternCode::A, "", "form4a"),
        (PatternCode::B, "", "form4a"),
        (PatternCode::C, "", "form4b"),
        (PatternCode::C, "T1234567890123", "form4b"),
    ] {
        let (mut world, e) = World::held(1);
        let profile = Profile { pattern, invoice_number: invoice_number.into(), ..profile() };
        world.ok(Command::SetProfile(Box::new(profile)));
        world.seal(e, 1);
        let claim = world.draft(&[(e, 1)]).unwrap();
        let data = check(&world, &Request::Claim(claim));
        assert_eq!(data["total"], 45_000);
        let made = sheet(&world.books, &PACKS, TODAY, &Request::Claim(claim)).unwrap();
        assert_eq!(made.kind, kind);
    }
}

#[test]
fn the_desks_papers_keep_their_contract() {
    let (mut office, run) = paid_office();
    for _ in 0..2 {
        let data = check(&office, &Request::PaymentList(run));
        assert_eq!((&data["totals"]["gross"], &data["totals"]["withholding"]), (&180_000.into(), &18_378.into()));
        check(&office, &Request::Statistics);
        if office.books.pay_runs[&run].approved_by.is_none() {
            let approve = OfficeCommand::ApprovePay { run, by: "事務局".into() };
            office.ok(crate::world::office(approve));
        }
    }
    let empty = crate::desk::desk("r2-2020");
    check(&empty, &Request::Statistics);
}

#[test]
fn a_sheet_that_cannot_be_made_is_refused() {
    let (world, e) = World::begun();
    for (request, expected) in [
        (of(e, "diagnosis", None), Refusal::NotFound { what: "diagnosis" }),
        (of(e, "policy", None), Refusal::NotFound { what: "policy" }),
        (of(e, "regulations", None), Refusal::NotFound { what: "regulations" }),
        (of(e, "plan", None), Refusal::NotFound { what: "plan" }),
        (of(e, "final-report", None), Refusal::NotFound { what: "final report" }),
        (of(e, "form6", Some(1)), Refusal::NotHeldYet { session: 1 }),
        (of(e, "form7", Some(2)), Refusal::NotHeldYet { session: 2 }),
        (of(e, "form5", Some(9)), Refusal::NotFound { what: "session" }),
        (of(e, "form6", Some(2)), Refusal::UnknownItem { item: "form6".into() }),
        (of(e, "form7", Some(1)), Refusal::UnknownItem { item: "form7".into() }),
        (of(e, "letter", None), Refusal::UnknownItem { item: "letter".into() }),
        (of(id(9), "plan", None), Refusal::NotFound { what: "engagement" }),
        (Request::Claim(id(9)), Refusal::NotFound { what: "claim" }),
        (Request::PaymentList(id(9)), Refusal::NotFound { what: "payment" }),
    ] {
        assert_eq!(sheet(&world.books, &PACKS, TODAY, &request), Err(expected));
    }
}

#[test]
fn the_comparison_sees_what_is_wrong() {
    let contract: Value = serde_json::from_str(r#"{"a":"text","b?":"date","c":[{"d":"yen"}]}"#).unwrap();
    for (data, count) in [
        (r#"{"a":"x","b":null,"c":[]}"#, 0),
        (r#"{"a":"x","b":"2026-11-20","c":[{"d":1}]}"#, 0),
        (r#"{"a":null,"b":null,"c":[]}"#, 1),
        (r#"{"a":"x","c":[]}"#, 1),
        (r#"{"a":"x","b":"11/20","c":[{"d":-1},{"e":1}]}"#, 4),
        (r#"{"a":"x","b":null,"c":{},"z":1}"#, 2),
    ] {
        let mut wrong = Vec::new();
        compare("x", &contract, &serde_json::from_str(data).unwrap(), &mut wrong);
        assert_eq!(wrong.len(), count, "{wrong:?}");
    }
}
