//! A store that was put back, and a desk that lacks numbers, through the real programs over TCP and a folder.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use bansou_tests::program::{Person, Server, copy};
use bansou_tests::world::{World, first_report, hold};
use serde_json::{Value, json};

const CASE: &str = "K-0701";
const FIRM: &str = "㈱再開製作所";

fn column<'a>(rows: &'a Value, key: &str) -> Vec<&'a Value> {
    rows.as_array().unwrap().iter().map(|r| &r[key]).collect()
}

/// Holds the second session and seals its report; gives the number.
fn second(expert: &Person) -> u64 {
    hold(expert, CASE, "2", -1);
    expert.bansou_with_input(["policy", "set", CASE, "assets"], "お客様の図面").ok();
    expert.json(["report", "seal", CASE, "2"])["seq"].as_u64().unwrap()
}

fn begun() -> World {
    let world = World::prepare();
    world.begin(CASE, FIRM, -20);
    first_report(&world.expert, CASE);
    world
}

/// Approves every delivery in the order of the numbers.
fn approve_all(office: &Person) -> Value {
    let inbox = office.json(["secretariat", "inbox"]);
    for id in column(&inbox["deliveries"], "id") {
        office.bansou(["secretariat", "review", "approve", id.as_str().unwrap()]).ok();
    }
    office.json(["secretariat", "inbox"])["deliveries"].clone()
}

#[test]
fn a_home_that_was_copied_back_learns_of_its_own_bundles_at_the_next_sync() {
    let World { office, expert, server: _server } = begun();
    expert.bansou(["sync"]).ok();
    let backup = expert.folder().join("backup");
    copy(&expert.home(), &backup);
    assert_eq!(second(&expert), 2);
    expert.bansou(["sync"]).ok();
    fs::remove_dir_all(expert.home()).unwrap();
    copy(&backup, &expert.home());

    let before = expert.json(["outbox", "list"]);
    assert_eq!((&before["next"], &before["sealed_elsewhere"]), (&json!(2), &json!([])));
    let told = expert.bansou(["--lang", "ja", "sync"]).ok();
    assert!(told.stdout.contains("この保管庫が知らない送信物が1件"), "{}", told.stdout);
    let list = expert.json(["outbox", "list"]);
    let next = list["next"].as_u64().unwrap();
    assert!(next > 2_000_000_000, "{list}");
    assert_eq!(column(&list["sealed_elsewhere"], "state"), ["received"]);
    assert_eq!(second(&expert), next);
    assert_eq!(expert.json(["sync"])["found"], 0);

    assert_eq!(office.json(["secretariat", "pull"])["new"], 3);
    let accepted = approve_all(&office);
    assert_eq!(column(&accepted, "seq"), [&json!(1), &json!(2), &json!(next)]);
    assert_eq!(column(&accepted, "resumed_after"), [&Value::Null, &Value::Null, &json!(1)]);
    assert!(column(&accepted, "state").iter().all(|s| *s == "accepted"), "{accepted}");
    assert_eq!(accepted[2]["findings"], json!(["gap-resumed"]));
    let synced = expert.json(["sync"]);
    let elsewhere = &synced["sealed_elsewhere"][0];
    assert_eq!((&elsewhere["seq"], &elsewhere["state"]), (&json!(2), &json!("accepted")));
    assert!(expert.bansou(["outbox", "list"]).ok().stdout.contains("sealed elsewhere"));
    assert_eq!(expert.json(["unlock-check"])["findings"], json!([]));
}

#[test]
fn a_store_restored_from_its_backup_seals_only_after_it_asked() {
    let World { office, expert, server: _server } = begun();
    expert.bansou(["sync"]).ok();
    let file = expert.folder().join("copy.age").display().to_string();
    expert.bansou(["backup", "create", &file]).ok();
    assert_eq!(second(&expert), 2);
    expert.bansou(["sync"]).ok();
    fs::remove_dir_all(expert.home()).unwrap();
    let restored = expert.bansou(["--lang", "ja", "backup", "restore", &file]).ok();
    assert!(restored.stdout.contains("bansou sync"), "{}", restored.stdout);

    assert_eq!(expert.json(["outbox", "list"])["restored"], true);
    hold(&expert, CASE, "2", -1);
    expert.bansou_with_input(["policy", "set", CASE, "assets"], "お客様の図面").ok();
    let seal = ["--lang", "ja", "report", "seal", CASE, "2"];
    let refused = expert.bansou(seal).refused(8, true);
    assert!(refused.stderr.contains("E-603") && refused.stderr.contains("bansou sync"), "{}", refused.stderr);
    let synced = expert.json(["sync"]);
    assert_eq!((&synced["found"], &synced["restored"]), (&json!(1), &json!(false)));
    let sealed = expert.bansou(["report", "seal", CASE, "2", "--json"]).ok().json();
    assert_eq!(sealed["seq"], synced["next"]);
    expert.bansou(["sync"]).ok();
    office.bansou(["secretariat", "pull"]).ok();
    let accepted = approve_all(&office);
    assert_eq!(column(&accepted, "seq"), [&json!(1), &json!(2), &sealed["seq"]]);
    assert!(column(&accepted, "state").iter().all(|s| *s == "accepted"), "{accepted}");
    assert_eq!(expert.json(["sync"])["sealed_elsewhere"][0]["seq"], 2);
}

#[test]
fn a_number_lost_for_good_is_waived_with_a_reason_and_taken_in_when_it_comes_after_all() {
    let World { office, expert, server: _server } = begun();
    assert_eq!(second(&expert), 2);
    let stick = expert.folder().join("stick");
    let dir = stick.display().to_string();
    let items = expert.json(["outbox", "export", &dir])["items"].clone();
    let first = items[0]["sha256"].as_str().unwrap();
    let drawer = expert.folder().join("drawer");
    fs::create_dir(&drawer).unwrap();
    for ending in ["age", "ticket"] {
        let name = format!("{first}.{ending}");
        fs::rename(stick.join(&name), drawer.join(&name)).unwrap();
    }
    let inbox = office.json(["secretariat", "pull", "--folder", &dir]);
    let id = inbox["deliveries"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(inbox["deliveries"][0]["findings"], json!(["gap"]));
    let approve = ["--lang", "ja", "secretariat", "review", "approve", &id];
    assert!(office.bansou(approve).refused(8, true).stderr.contains("inbox waive"));
    let waive = |through: &str, reason: &str| {
        let args = ["secretariat", "inbox", "waive", "--expert", "E-001", "--through", through, "--reason", reason];
        office.bansou(args.into_iter().chain(["--lang", "en", "--json"]))
    };
    waive("2", "too far").refused(8, false);
    waive("1", "").refused(8, false);
    let done = waive("1", "端末の紛失").ok().json();
    let w = &done["waived"][0];
    assert_eq!((&w["expert"], &w["through"], &w["missing"]), (&json!("E-001"), &json!(1), &json!([[1, 1]])));
    assert_eq!((&w["by"], &w["reason"]), (&json!("試験事務局"), &json!("端末の紛失")));
    assert_eq!(done["deliveries"][0]["findings"], json!(["gap-waived"]));
    office.bansou(approve).ok();
    waive("1", "again").refused(8, false);
    // It turns up in a drawer.
    let late = office.json(["secretariat", "pull", "--folder", &drawer.display().to_string()]);
    assert_eq!((&late["new"], column(&late["deliveries"], "seq")), (&json!(1), vec![&json!(1), &json!(2)]));
    assert!(column(&approve_all(&office), "state").iter().all(|s| *s == "accepted"));
}

#[test]
fn a_decision_stands_without_the_server_and_its_answer_leaves_once_it_is_back() {
    let World { office, expert, server } = begun();
    expert.bansou(["sync"]).ok();
    let id = office.json(["secretariat", "pull"])["deliveries"][0]["id"].as_str().unwrap().to_owned();
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    server.kill();
    let approve = ["--lang", "ja", "secretariat", "review", "approve", &id];
    for _ in 0..2 {
        assert!(office.bansou(approve).refused(7, true).stderr.contains("判定は記録しました"));
    }
    assert_eq!(office.json(["secretariat", "inbox"])["deliveries"][0]["state"], "accepted");
    let server = Server::start_at(&address, &office.folder().join("server"), &[]);
    office.bansou(approve).ok();
    assert_eq!(expert.json(["sync"])["items"][0]["state"], "accepted");
    office.bansou(approve).ok();
    office.bansou_with_input(["--lang", "ja", "secretariat", "review", "return", &id], "やはり").refused(8, true);
    drop(server);
}

#[test]
fn another_servers_address_is_kept_only_when_it_has_the_pinned_key() {
    let World { office, expert, server: _server } = begun();
    let root = ["--lang", "en", "secretariat", "publish", "--server"];
    let other_data = office.folder().join("other");
    fs::create_dir_all(&other_data).unwrap();
    let pin = fs::read_to_string(office.folder().join("server/secretariat.pub")).unwrap();
    let other = Server::start(&other_data, &["--secretariat", pin.trim()]);
    office.bansou(root.into_iter().chain([other.url.as_str()])).refused(2, false);
    other.kill();
    office.bansou(root.into_iter().chain(["http://127.0.0.1:1"])).refused(7, false);
    // The first server is still the one that is talked to.
    office.bansou(["secretariat", "publish"]).ok();
    expert.bansou(["sync"]).ok();
    assert_eq!(office.json(["secretariat", "pull"])["new"], 1);
}

#[test]
fn the_user_names_the_next_number_when_nothing_else_can() {
    let World { expert, server: _server, .. } = begun();
    let resume = |next: &str, reason: &str| {
        expert.bansou(["--lang", "ja", "outbox", "resume", "--next", next, "--reason", reason, "--json"])
    };
    resume("1", "控えから戻した").refused(8, true);
    resume("9", " ").refused(8, true);
    assert_eq!(resume("9", "控えから戻した").ok().json()["next"], 9);
    assert_eq!(second(&expert), 9);
    assert_eq!(
        expert.json(["history"])["entries"].as_array().unwrap().iter().filter(|e| e["command"] == "resume").count(),
        1
    );
}
