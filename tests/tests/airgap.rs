//! Without a network: sealed files go by folder, a machine without home or key carries them, and doing it twice changes nothing.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bansou_tests::leaks;
use bansou_tests::program::{Answer, binary, run};
use bansou_tests::world::{World, first_report};
use serde_json::{Value, json};

const CASE: &str = "K-0601";
const FIRM: &str = "㈱空隙製作所";

/// `bansou relay` where there is no home, no user and no environment.
fn relay(dir: &Path, url: &str) -> Answer {
    let mut command = Command::new(binary("bansou"));
    command.env_clear().args(["--lang", "ja", "--json", "relay"]).arg(dir).args(["--server", url]);
    run(&mut command, "")
}

/// Every file of a folder by name, with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

fn ending<'a>(files: &'a BTreeMap<String, Vec<u8>>, ending: &str) -> Vec<&'a String> {
    files.keys().filter(|n| n.ends_with(ending)).collect()
}

/// A world with one sealed report in the outbox, and the folder it was exported to.
fn exported() -> (World, PathBuf, Value) {
    let world = World::prepare();
    world.begin(CASE, FIRM, -20);
    first_report(&world.expert, CASE);
    let stick = world.expert.folder().join("stick");
    let items = world.expert.json(["outbox", "export", &stick.display().to_string()])["items"].clone();
    assert_eq!(items[0]["state"], "exported", "{items}");
    (world, stick, items)
}

#[test]
fn a_machine_without_keys_carries_the_folder_and_brings_receipts_back() {
    let (world, stick, items) = exported();
    let (expert, office, dir) = (&world.expert, &world.office, stick.display().to_string());
    let before = files(&stick);
    let hash = items[0]["sha256"].as_str().unwrap();
    assert_eq!(before.keys().collect::<Vec<_>>(), [&format!("{hash}.age"), &format!("{hash}.ticket")]);
    assert_eq!(leaks::find(&stick, &[FIRM, CASE, "試験 太郎"]), []);

    let done = relay(&stick, &world.server.url).ok().json();
    assert_eq!((&done["sent"], &done["receipts"]), (&json!(1), &json!(1)));
    let receipted = files(&stick);
    assert_eq!(ending(&receipted, ".receipt").len(), 1);
    let again = relay(&stick, &world.server.url).ok().json();
    assert_eq!((&again["sent"], &again["receipts"]), (&json!(0), &json!(1)));
    assert_eq!(files(&stick), receipted, "the second relay changes nothing");
    for (name, bytes) in &before {
        assert!(receipted[name] == *bytes, "{name} changed on its way");
    }

    let items = expert.json(["outbox", "import-receipts", &dir])["items"].clone();
    assert_eq!((&items[0]["state"], &items[0]["received"]), (&json!("received"), &json!(true)));
    assert_eq!(expert.json(["outbox", "import-receipts", &dir])["items"], items);

    // The server holds the very bytes that were sealed.
    let blob = office.folder().join("server/blobs").join(hash);
    assert!(fs::read(blob).unwrap() == before[&format!("{hash}.age")]);
    assert_eq!(office.json(["secretariat", "pull"])["new"], 1);
    office.bansou(["secretariat", "review", "approve-clean"]).ok();
    assert_eq!(relay(&stick, &world.server.url).ok().json()["acks"], 1);
    assert_eq!(relay(&stick, &world.server.url).ok().json()["acks"], 0);
    let accepted = expert.json(["outbox", "import-receipts", &dir])["items"].clone();
    assert_eq!(accepted[0]["state"], "accepted");
    assert_eq!(expert.json(["outbox", "import-receipts", &dir])["items"], accepted);
    assert_eq!(expert.json(["unlock-check"])["findings"], json!([]));
}

#[test]
fn exporting_twice_writes_the_same_bytes_and_sending_afterwards_gives_one_receipt() {
    let (world, stick, _) = exported();
    let (expert, first) = (&world.expert, files(&stick));
    expert.bansou(["outbox", "export", &stick.display().to_string()]).ok();
    assert!(files(&stick) == first, "a second export into the same folder changes nothing");
    // The exporter's own network comes back: both ways meet in one receipt.
    relay(&stick, &world.server.url).ok();
    let receipt = files(&stick);
    let sent = expert.json(["outbox", "import-receipts", &stick.display().to_string()]);
    assert_eq!(sent["items"][0]["state"], "received");
    assert_eq!(expert.json(["sync"])["items"], sent["items"]);
    assert!(files(&stick) == receipt);
    assert_eq!(world.office.json(["secretariat", "pull"])["new"], 1);
}

#[test]
fn the_secretariat_pulls_the_folder_itself_and_its_answer_comes_back_in_it() {
    let (World { office, expert, server }, stick, items) = exported();
    let dir = stick.display().to_string();
    let pulled = office.json(["secretariat", "pull", "--folder", &dir]);
    assert_eq!((&pulled["new"], &pulled["deliveries"][0]["sha256"]), (&json!(1), &items[0]["sha256"]));
    assert_eq!(office.json(["secretariat", "pull", "--folder", &dir])["new"], 0);
    // The server is gone: the decision stands, and the next visit of the folder carries the answer.
    server.kill();
    let id = pulled["deliveries"][0]["id"].as_str().unwrap();
    office.bansou(["--lang", "ja", "secretariat", "review", "approve", id]).refused(7, true);
    assert_eq!(office.json(["secretariat", "inbox"])["deliveries"][0]["state"], "accepted");
    assert_eq!(office.json(["secretariat", "pull", "--folder", &dir])["new"], 0);
    let carried = files(&stick);
    assert_eq!(ending(&carried, ".ack").len(), 1, "{:?}", carried.keys());
    assert_eq!(leaks::find(&stick, &[FIRM, CASE, "試験 太郎", "試験事務局"]), []);
    assert_eq!(expert.json(["outbox", "import-receipts", &dir])["items"][0]["state"], "accepted");
    office.json(["secretariat", "pull", "--folder", &dir]);
    assert!(files(&stick) == carried, "the last visit changes nothing");
}
