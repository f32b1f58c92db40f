//! The whole job by hand through the command line, with a real server over TCP: from two new homes to a paid claim.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use bansou_tests::program::Person;
use bansou_tests::world::{ANSWERS, World, begin, day, hold};
use serde_json::{Value, json};

const CASE: &str = "K-0501";
const FIRM: &str = "㈱検査製作所";
/// Days from today on which the sessions are held; the reports are sent the same day as the tests run.
const HELD: [i64; 4] = [-6, -5, -4, -3];

fn column<'a>(rows: &'a Value, key: &str) -> Vec<&'a Value> {
    rows.as_array().unwrap().iter().map(|r| &r[key]).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The firm is registered and its case begun; names are withheld unless asked for.
fn register(world: &World) {
    let expert = &world.expert;
    world.begin(CASE, FIRM, -20);
    let hidden = expert.json(["client", "list"]);
    assert_eq!(hidden["redacted"], true);
    assert_eq!(hidden["clients"][0]["name"], Value::Null);
    assert_eq!(keys(&hidden["clients"][0]), ["case_no", "held", "id", "name", "prefecture"]);
    let shown = expert.json(["client", "list", "--reveal"]);
    assert_eq!(shown["clients"][0]["name"], FIRM);
    assert_eq!(shown.get("redacted"), None);
    let id = shown["clients"][0]["id"].as_str().unwrap();
    let one = expert.json(["client", "show", id]);
    assert_eq!((&one["representative"], &one["capital"]), (&Value::Null, &json!(10_000_000)));
    let decision = expert.json(["client", "eligibility", id]);
    assert_eq!((&decision["eligible"], &decision["clause"]), (&json!(true), &json!("表1 区分1")));
}

/// Every checklist is ticked; one item is skipped with its reason and one is opened again.
fn tick(expert: &Person) {
    for session in ["1", "2", "3", "4"] {
        let list = expert.json(["session", "checklist", CASE, session]);
        assert!(column(&list["items"], "state").iter().all(|s| *s == "open"));
        let items = column(&list["items"], "item");
        for item in items.iter().take(2) {
            expert.bansou(["session", "check", CASE, session, item.as_str().unwrap()]).ok();
        }
        let third = items[2].as_str().unwrap();
        expert.bansou_with_input(["session", "check", CASE, session, third, "--skip"], "先方の都合").ok();
        expert.bansou(["session", "check", CASE, session, items[1].as_str().unwrap(), "--open"]).ok();
        let list = expert.json(["session", "checklist", CASE, session]);
        assert_eq!(column(&list["items"], "state")[..4], ["done", "open", "skipped", "open"]);
    }
}

fn diagnose(expert: &Person) {
    let file = expert.folder().join("answers.json");
    fs::write(&file, ANSWERS).unwrap();
    let score = expert.json(["diagnosis", "import", CASE, &file.display().to_string()]);
    // 2×12 + 4×7 + 0×5 − 1×1, counted here.
    let given: Vec<i64> = serde_json::from_str(ANSWERS).unwrap();
    assert_eq!(score["score"], given.iter().sum::<i64>());
    assert_eq!((&score["answered"], &score["unknown"]), (&json!(25), &json!([21])));
    let better = expert.json(["diagnosis", "answer", CASE, "21", "4"]);
    assert_eq!(better["score"], given.iter().sum::<i64>() + 5);
    expert.bansou(["diagnosis", "answer", CASE, "21", "-1"]).ok();
    expert.bansou_with_input(["note", "add", CASE, "--session", "1", "--who", "社長"], "心配ごとのメモ").ok();
    let notes = expert.json(["note", "list", CASE]);
    assert_eq!((&notes["redacted"], &notes["notes"][0]["text"]), (&json!(true), &Value::Null));
}

fn rules_and_plan(expert: &Person) {
    expert.bansou_with_input(["policy", "set", CASE, "assets"], "お客様の図面").ok();
    let policy = expert.json(["policy", "enact", CASE, &day(HELD[1])]);
    assert_eq!(policy["enacted_on"], day(HELD[1]));
    let sections = expert.json(["regulations", "set", CASE, "2.1", "ready"]);
    let section = sections["sections"].as_array().unwrap().iter().find(|s| s["section"] == "2.1").unwrap();
    assert_ne!(section["status"], Value::Null);
    let plan = expert.json(["plan", "generate", CASE, "--count", "5"]);
    assert_eq!(column(&plan["lines"], "rank"), [&json!(1), &json!(2), &json!(3), &json!(4), &json!(5)]);
    let scored = expert.json(["plan", "score", CASE, "5", "331"]);
    // Urgency 3 + importance 3 + (4 − difficulty 1) is the highest score there is.
    assert_eq!(scored["lines"][0]["score"], 9);
    expert.bansou_with_input(["plan", "owner", CASE, "1"], "総務課長").ok();
    let found = expert.bansou(["plan", "check", CASE, "--json"]).code(6).json();
    let found = found["findings"].as_array().unwrap();
    assert!(!found.contains(&json!("owner-missing 1")) && found.contains(&json!("owner-missing 2")), "{found:?}");
    expert.bansou(["plan", "agree", CASE, &day(HELD[3])]).ok();
}

/// As of today it is what it is; as of session 1, held before anything was found, it is not yet.
fn as_of(expert: &Person) {
    let today = expert.json(["client", "show", CASE, "--as-of", &day(0), "--reveal"]);
    let now = expert.json(["diagnosis", "show", CASE, "--reveal"]);
    assert_eq!((&today["answers"], &today["score"]), (&now["answers"], &now["score"]));
    assert_eq!(now["answers"][20]["answer"], -1);
    let lines = expert.json(["plan", "list", CASE, "--reveal"]);
    assert_eq!(column(&today["plan"], "line"), column(&lines["lines"], "rank"));
    assert_eq!(column(&today["plan"], "action"), column(&lines["lines"], "action"));
    assert_eq!(today["plan"][0]["score"], "331", "the line of the highest score is the first");
    assert!(column(&today["sessions"], "date").iter().all(|d| **d != Value::Null));
    let first = expert.json(["client", "show", CASE, "--as-of", "1", "--reveal"]);
    let dates = column(&first["sessions"], "date");
    assert_eq!((dates[0], dates[3]), (&json!(day(HELD[0])), &Value::Null), "{first}");
    assert_eq!((&first["answers"], &first["plan"]), (&Value::Null, &json!([])));
    assert_eq!(expert.json(["client", "show", CASE, "--as-of", "1"])["redacted"], true);
    expert.bansou(["--lang", "en", "client", "show", CASE, "--as-of", "2020-01-01"]).refused(2, false);
}

fn conclude(expert: &Person) {
    expert.bansou(["session", "two-star", CASE, "applied"]).ok();
    expert.bansou_with_input(["final", "set", CASE, "1-1"], "1").ok();
    // An answer can bring a further question; all of them are answered in a few rounds.
    for _ in 0..4 {
        let report = expert.json(["final", "show", CASE, "--reveal"]);
        for item in report["items"].as_array().unwrap().iter().filter(|i| i["answers"].is_null()) {
            let value = if item["options"] == 0 { "工夫したこと" } else { "1" };
            expert.bansou_with_input(["final", "set", CASE, item["item"].as_str().unwrap()], value).ok();
        }
    }
    assert_eq!(expert.json(["final", "show", CASE])["missing"], 0);
}

fn seal(expert: &Person) {
    let before = expert.bansou(["report", "check", CASE, "1", "--json"]).json();
    assert_eq!(before["schema"], 1);
    for (seq, session) in (1..).zip(["1", "2", "3", "4"]) {
        let sealed = expert.json(["report", "seal", CASE, session]);
        assert_eq!(sealed["seq"], seq);
        let check = expert.json(["report", "check", CASE, session]);
        assert_eq!(check["missing"], json!([]));
        expert.bansou(["--lang", "ja", "report", "seal", CASE, session]).refused(8, true);
    }
    let made = expert.json(["deliverable", "list", CASE]);
    assert_eq!(column(&made["deliverables"], "number").len(), 4);
    let pdf = expert.folder().join("final.pdf");
    expert.bansou(["deliverable", "save", CASE, "final-report", &pdf.display().to_string()]).ok();
    assert!(fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
}

/// Sends, and lets the secretariat open, check and approve everything.
fn deliver(world: &World, kinds: &[&str]) {
    let (expert, office) = (&world.expert, &world.office);
    let sent = expert.json(["outbox", "send"]);
    assert!(sent["items"].as_array().unwrap().iter().all(|i| i["received"] == true), "{sent}");
    let pulled = office.json(["secretariat", "pull"]);
    assert_eq!(pulled["new"], kinds.len(), "{pulled}");
    assert_eq!(office.json(["secretariat", "pull"])["new"], 0);
    let clean = office.json(["secretariat", "review", "approve-clean"]);
    assert!(column(&clean["deliveries"], "state").iter().all(|s| *s == "accepted"), "{clean}");
    assert!(
        column(&clean["deliveries"], "kind")
            .ends_with(&kinds.iter().map(|k| json!(k)).collect::<Vec<_>>().iter().collect::<Vec<_>>())
    );
    let synced = expert.json(["sync"]);
    assert!(column(&synced["items"], "state").iter().all(|s| *s == "accepted"), "{synced}");
}

fn claim_and_pay(world: &World) {
    let (expert, office) = (&world.expert, &world.office);
    let open = expert.json(["claim", "open"]);
    assert!(column(&open["units"], "code").iter().all(|c| c.is_null()), "{open}");
    let draft = expert.json(["claim", "draft"]);
    let (gross, withheld) = (4 * 45_000, 4 * 45_000 * 1021 / 10_000);
    let expected = json!({"number": 1, "state": "draft", "gross": gross, "withheld": withheld, "net": gross - withheld,
        "tax": draft["claims"][0]["tax"], "units": 4});
    assert_eq!(draft["claims"][0], expected);
    expert.bansou(["--lang", "en", "claim", "draft"]).refused(8, false);
    expert.bansou(["claim", "seal", "1"]).ok();
    deliver(world, &["claim"]);
    let run = office.json(["secretariat", "pay", "plan", &day(0), "--reveal"]);
    let line = &run["lines"][0];
    assert_eq!([&line["gross"], &line["withheld"], &line["units"]], [&json!(gross), &json!(withheld), &json!(4)]);
    assert_eq!((&line["approved"], &line["name"]), (&json!(false), &json!("試験 太郎")));
    assert_eq!(office.json(["secretariat", "pay", "approve", "--by", "係長"])["lines"][0]["approved"], true);
    assert_eq!(office.json(["secretariat", "pay", "list"])["lines"][0]["name"], Value::Null);
    for (args, name) in [(vec!["pay", "export"], "pay.pdf"), (vec!["statistics", "--pdf"], "figures.pdf")] {
        let file = office.folder().join(name);
        let path = file.display().to_string();
        office.bansou(["secretariat"].into_iter().chain(args).chain([path.as_str()])).ok();
        assert!(fs::read(&file).unwrap().starts_with(b"%PDF-"));
    }
    let figures = office.json(["secretariat", "statistics"]);
    assert_eq!([&figures["cases"], &figures["finished"], &figures["paid_yen"]], [&json!(1), &json!(1), &json!(gross)]);
}

#[test]
fn the_whole_job_goes_by_hand_from_new_homes_to_a_paid_claim() {
    let world = World::prepare();
    let (expert, office) = (&world.expert, &world.office);
    register(&world);
    tick(expert);
    for (session, on) in ["1", "2", "3", "4"].into_iter().zip(HELD) {
        hold(expert, CASE, session, on);
    }
    diagnose(expert);
    rules_and_plan(expert);
    as_of(expert);
    conclude(expert);
    seal(expert);
    deliver(&world, &["report"; 4]);
    let board = office.json(["secretariat", "board"]);
    assert_eq!((&board["cases"][0]["held"], &board["cases"][0]["late_days"]), (&json!(4), &Value::Null));
    claim_and_pay(&world);
    let sessions = expert.json(["session", "list", CASE]);
    assert!(column(&sessions["sessions"], "status").iter().all(|s| *s == "done"), "{sessions}");
    for person in [expert, office] {
        assert_eq!(person.json(["unlock-check"])["findings"], json!([]));
    }
    assert!(expert.json(["history"])["entries"].as_array().unwrap().len() > 50);
    assert_eq!(expert.json(["today"])["todo"], json!([]));
}

#[test]
fn a_returned_report_is_put_right_and_sent_again() {
    let world = World::prepare();
    let (expert, office) = (&world.expert, &world.office);
    world.begin(CASE, FIRM, -20);
    bansou_tests::world::first_report(expert, CASE);
    expert.bansou(["sync"]).ok();
    let id = office.json(["secretariat", "pull"])["deliveries"][0]["id"].as_str().unwrap().to_owned();
    office.bansou_with_input(["secretariat", "review", "return", &id], "日付を確かめてください").ok();
    office.bansou(["--lang", "ja", "secretariat", "review", "approve", &id]).refused(8, true);
    assert_eq!(expert.json(["sync"])["items"][0]["state"], "returned");
    assert!(column(&expert.json(["today"])["todo"], "what").contains(&&json!("returned")));
    expert.bansou(["report", "seal", CASE, "1"]).ok();
    expert.bansou(["sync"]).ok();
    assert_eq!(office.json(["secretariat", "pull"])["new"], 1);
    office.bansou(["secretariat", "review", "approve-clean"]).ok();
    assert_eq!(expert.json(["sync"])["items"][1]["state"], "accepted");
}

#[test]
fn a_single_use_invitation_and_a_revoked_expert_are_refused() {
    let world = World::prepare();
    let (expert, office) = (&world.expert, &world.office);
    let again = expert.folder().join("request.age").display().to_string();
    let out = office.folder().join("again.json").display().to_string();
    office.bansou(["--lang", "en", "secretariat", "experts", "approve", &again, "--out", &out]).refused(9, false);
    assert!(!office.folder().join("again.json").exists());
    begin(expert, CASE, FIRM, -20);
    bansou_tests::world::first_report(expert, CASE);
    office.bansou(["secretariat", "experts", "revoke", "E-001"]).ok();
    let refused = expert.bansou(["--lang", "ja", "outbox", "send"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (8, ""), "{refused:?}");
    assert_eq!(expert.json(["outbox", "list"])["items"][0]["state"], "queued");
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let expert = Person::new("senmonka no kotoba");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut about = std::process::Command::new(bansou_tests::program::binary("bansou"));
    let out = about.args(["programme", "list"]).envs(expert.environment()).stdout(writer).output().unwrap();
    assert_eq!((out.status.code(), String::from_utf8(out.stderr).unwrap().as_str()), (Some(0), ""));
}
