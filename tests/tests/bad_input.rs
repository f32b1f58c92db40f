//! Bad input: a sentence in the user's language, the documented exit code, nothing half-written, never a panic.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bansou_tests::house;
use bansou_tests::program::{Person, Server, binary, copy, run};
use bansou_tests::screen::Screen;
use bansou_tests::world::{World, begin, day, firm, first_report, hold};
use serde_json::json;

const CASE: &str = "K-0701";
const FIRM: &str = "㈱悪条件工業";

/// An expert's light home with one begun case, not enrolled.
fn alone() -> Person {
    let expert = Person::new("senmonka no kotoba");
    expert.bansou(["init", "--name", "試験 太郎", "--practice"]).ok();
    begin(&expert, CASE, FIRM, -10);
    expert
}

fn changes(person: &Person) -> usize {
    person.json(["history"])["entries"].as_array().unwrap().len()
}

/// Every line of the table is refused in both languages; afterwards the home is whole and nothing was added.
fn refused(person: &Person, table: &[(&[&str], &str, i32)]) {
    let before = changes(person);
    for (args, input, code) in table {
        for (lang, japanese) in [("ja", true), ("en", false)] {
            let answer = person.bansou_with_input(["--lang", lang].iter().chain(*args), input);
            assert_eq!(answer.code, *code, "{args:?} {input:?}: {}", answer.stderr);
            answer.refused(*code, japanese);
        }
    }
    assert_eq!(changes(person), before);
    assert_eq!(person.json(["unlock-check"])["findings"], json!([]));
}

#[test]
fn what_breaks_a_rule_is_refused_and_changes_nothing() {
    let expert = alone();
    let id = expert.json(["client", "list"])["clients"][0]["id"].as_str().unwrap().to_owned();
    let (past, before, tomorrow) = (day(-3), day(-11), day(1));
    let unknown = firm(FIRM) + "passport = 1\n";
    let (no_name, far) = (firm(""), firm(FIRM).replace("prefecture = 13", "prefecture = 99"));
    let file = |name: &str, text: &str| {
        let path = expert.folder().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (short, garbage) = (file("short.json", "[4, 2]"), file("garbage.json", "{\"x\":"));
    let missing = expert.folder().join("nothing").display().to_string();
    refused(
        &expert,
        &[
            (&["client", "add", "-"], &unknown, 2),
            (&["client", "add", "-"], "name = \"x", 2),
            (&["client", "add", &missing], "", 1),
            (&["client", "add", "-"], &no_name, 8),
            (&["client", "add", "-"], &far, 8),
            (&["client", "show", "ffff"], "", 5),
            (&["client", "begin", &id, "--case", "K-0702", "--matched", &past], "", 8),
            (&["session", "plan", "K-9999", "1", &past], "", 5),
            (&["session", "plan", CASE, "9", &past], "", 5),
            (&["session", "done", CASE, "1", &tomorrow, "10:00", "12:00"], "", 8),
            (&["session", "done", CASE, "1", &before, "10:00", "12:00"], "", 8),
            (&["session", "done", CASE, "1", &past, "12:00", "10:00"], "", 8),
            (&["session", "done", CASE, "2", &past, "10:00", "12:00"], "", 8),
            (&["session", "confirm", CASE, "1", &past], "確認 花子", 8),
            (&["session", "check", CASE, "1", "s1.nothing"], "", 8),
            (&["diagnosis", "answer", CASE, "26", "4"], "", 8),
            (&["diagnosis", "answer", CASE, "1", "3"], "", 2),
            (&["diagnosis", "import", CASE, &short], "", 2),
            (&["diagnosis", "import", CASE, &garbage], "", 2),
            (&["diagnosis", "show", CASE], "", 5),
            (&["policy", "set", CASE, "nothing"], "x", 8),
            (&["regulations", "set", CASE, "99.9", "ready"], "", 8),
            (&["plan", "list", CASE], "", 5),
            (&["deliverable", "save", CASE, "plan", &missing], "", 5),
            (&["report", "seal", CASE, "1"], "", 8),
            (&["claim", "draft"], "", 8),
            (&["claim", "seal", "7"], "", 5),
            (&["sync"], "", 8),
            (&["outbox", "export", &missing], "", 8),
            (&["enrol", "request", "--invitation", &garbage, "--out", &missing], "", 9),
            (&["enrol", "accept", &garbage], "", 9),
            (&["secretariat", "invite", &missing], "", 5),
        ],
    );
    assert!(!Path::new(&missing).exists());
    // What the parser refuses has no code of ours, and says nothing on stdout either.
    for args in [["session", "plan", CASE, "1", "2026-02-30"], ["session", "plan", CASE, "eins", &past]] {
        let answer = expert.bansou(args).code(2);
        assert!(answer.stdout.is_empty() && !answer.stderr.is_empty() && !answer.stderr.contains("panicked"));
    }
}

#[test]
fn a_report_without_enrolment_and_a_claim_without_proof_are_refused() {
    let expert = alone();
    hold(&expert, CASE, "1", -2);
    refused(&expert, &[(&["report", "seal", CASE, "1"], "", 8), (&["claim", "draft", "--case", CASE], "", 8)]);
    begin(&expert, "K-0702", "㈱証拠無し", -10);
    let on = day(-4);
    expert.bansou(["session", "done", "K-0702", "1", &on, "10:00", "12:00"]).ok();
    refused(&expert, &[(&["claim", "draft", "--case", "K-0702"], "", 8)]);
}

#[test]
fn a_programme_file_with_an_unknown_key_or_cut_short_is_refused_with_its_line() {
    let text = fs::read_to_string(house::root().join("templates/programme/current-2026.toml")).unwrap();
    let person = Person::new("unused words");
    let cut = text.chars().take(text.chars().count() / 2).collect::<String>() + "\nname = ";
    let unknown = text.replacen('\n', "\nsurprise = 1\n", 1);
    for (name, text, code, word) in [("unknown.toml", &unknown, 3, "surprise"), ("cut.toml", &cut, 3, "")] {
        let file = person.folder().join(name);
        fs::write(&file, text).unwrap();
        for (lang, japanese) in [("ja", true), ("en", false)] {
            let answer = person.bansou(["--lang", lang, "programme", "check", &file.display().to_string()]);
            assert!(answer.refused(code, japanese).stderr.contains(word));
        }
    }
    let good = person.folder().join("good.toml");
    fs::write(&good, text).unwrap();
    person.bansou(["programme", "check", &good.display().to_string()]).ok();
    person.bansou(["--lang", "ja", "programme", "check", "/nowhere/at/all.toml"]).refused(1, true);
}

#[test]
fn a_wrong_missing_or_public_passphrase_and_a_missing_home_each_have_their_own_answer() {
    let expert = alone();
    let list = ["--lang", "ja", "client", "list"];
    let stranger = Person::of_home(&expert.home(), "chigau kotoba desu");
    let wrong = stranger.bansou(list).refused(4, true).stderr;
    stranger.bansou(["--lang", "en", "client", "list"]).refused(4, false);
    let nowhere = Person::new("senmonka no kotoba").bansou(list).refused(5, true).stderr;
    let mut command = Command::new(binary("bansou"));
    command.args(["--lang", "ja", "--no-input", "--home"]).arg(expert.home()).args(["client", "list"]);
    let none = run(&mut command, "").refused(2, true).stderr;
    let public = Person::of_home(&expert.home(), "senmonka no kotoba");
    let mode = |mode: &str| {
        let changed = Command::new("chmod").arg(mode).arg(public.passphrase_file()).status().unwrap();
        assert!(changed.success());
    };
    mode("644");
    let open = public.bansou(list).refused(2, true).stderr;
    mode("600");
    public.bansou(list).ok();
    let all = [wrong, nowhere, none, open];
    assert!(all.iter().enumerate().all(|(i, a)| !all[..i].contains(a)), "{all:?}");
    refused(&expert, &[(&["init", "--name", "x", "--practice"], "", 8)]);
}

#[test]
fn a_second_process_is_refused_while_one_holds_the_home() {
    let expert = alone();
    let mut screen = Screen::bansou(&expert, &["--lang", "ja"], (80, 24));
    screen.wait_for("パスフレーズ");
    screen.send("senmonka no kotoba\r");
    screen.wait_for(FIRM);
    expert.bansou(["--lang", "ja", "client", "list"]).refused(8, true);
    expert.bansou(["--lang", "en", "client", "list"]).refused(8, false);
    drop(screen);
    refused(&expert, &[]);
}

/// A copy of a home that a test may break.
fn copy_of(person: &Person, to: &Path) -> Person {
    copy(&person.home(), to);
    Person::of_home(to, "senmonka no kotoba")
}

#[test]
fn a_changed_byte_of_the_vault_is_noticed_and_never_read_as_data() {
    let expert = alone();
    let clean = expert.json(["client", "list", "--reveal"]);
    let whole = fs::read(expert.home().join("vault.db")).unwrap();
    // Large parts of the pages are empty.
    let filled: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
    let mut noticed = 0;
    for n in 0..16 {
        let at = filled[filled.len() * n / 16 + filled.len() / 32];
        let to = expert.folder().join(format!("broken-{n}"));
        let broken = copy_of(&expert, &to);
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(to.join("vault.db"), bytes).unwrap();
        let answer = broken.bansou(["--lang", "ja", "--json", "--reveal", "client", "list"]);
        match answer.code {
            // A byte that no record uses: what is read is what was written.
            0 => assert_eq!(answer.json(), clean, "byte {at}"),
            _ => {
                noticed += 1;
                answer.refused(9, true);
            }
        }
    }
    assert!(noticed >= 4, "only {noticed} of 16 changed bytes were noticed");
    let to = expert.folder().join("cut");
    let cut = copy_of(&expert, &to);
    fs::write(to.join("vault.db"), &whole[..whole.len() / 2]).unwrap();
    cut.bansou(["--lang", "en", "client", "list"]).refused(9, false);
    let to = expert.folder().join("keyless");
    let keyless = copy_of(&expert, &to);
    fs::write(to.join("keys/passphrase.age"), "not a key").unwrap();
    keyless.bansou(["--lang", "ja", "client", "list"]).refused(9, true);
}

/// A report exported to a folder by the expert of a world.
fn exported(world: &World) -> (PathBuf, String) {
    world.begin(CASE, FIRM, -20);
    first_report(&world.expert, CASE);
    let stick = world.expert.folder().join("stick");
    let items = world.expert.json(["outbox", "export", &stick.display().to_string()]);
    (stick, items["items"][0]["sha256"].as_str().unwrap().to_owned())
}

#[test]
fn a_truncated_bundle_is_left_behind_and_named() {
    let world = World::prepare();
    let (stick, hash) = exported(&world);
    let (bundle, dir) = (stick.join(format!("{hash}.age")), stick.display().to_string());
    let whole = fs::read(&bundle).unwrap();
    fs::write(&bundle, &whole[..whole.len() / 2]).unwrap();
    let relay = ["--json", "relay", &dir, "--server", &world.server.url];
    let left = world.expert.bansou(relay).code(6).json();
    assert_eq!((&left["sent"], &left["damaged"]), (&json!(0), &json!([hash])));
    refused(&world.office, &[(&["secretariat", "pull", "--folder", &dir], "", 9)]);
    assert_eq!(world.office.json(["secretariat", "inbox"])["deliveries"], json!([]));
    // Exporting again mends it from the bytes in the vault.
    world.expert.bansou(["outbox", "export", &dir]).ok();
    assert!(fs::read(&bundle).unwrap() == whole);
    assert_eq!(world.expert.bansou(relay).ok().json()["sent"], 1);
}

#[test]
fn a_bundle_for_another_secretariat_is_refused() {
    let (world, other) = (World::prepare(), World::prepare());
    let (stick, _) = exported(&world);
    let dir = stick.display().to_string();
    let refusal = other.office.bansou(["--lang", "ja", "secretariat", "pull", "--folder", &dir]);
    assert!([4, 9].contains(&refusal.code), "{refusal:?}");
    let code = refusal.code;
    refusal.refused(code, true);
    assert_eq!(other.office.json(["secretariat", "inbox"])["deliveries"], json!([]));
    // Its server knows neither the expert nor the bundle.
    let left =
        world.expert.bansou(["--lang", "ja", "--json", "relay", &dir, "--server", &other.server.url]).code(6).json();
    assert_eq!((&left["sent"], left["refused"].as_array().unwrap().len()), (&json!(0), 1));
}

#[test]
fn a_dead_server_loses_nothing() {
    let World { office, expert, server } = World::prepare();
    begin(&expert, CASE, FIRM, -20);
    first_report(&expert, CASE);
    let (url, data) = (server.url.clone(), office.folder().join("server"));
    server.kill();
    for (lang, japanese) in [("ja", true), ("en", false)] {
        expert.bansou(["--lang", lang, "outbox", "send"]).refused(7, japanese);
        expert.bansou(["--lang", lang, "sync"]).refused(7, japanese);
        office.bansou(["--lang", lang, "secretariat", "pull"]).refused(7, japanese);
    }
    assert_eq!(expert.json(["outbox", "list"])["items"][0]["state"], "queued");
    // The server comes back where it was, with the root key it remembers.
    let server = Server::start_at(url.strip_prefix("http://").unwrap(), &data, &[]);
    assert_eq!(expert.json(["sync"])["items"][0]["state"], "received");
    server.kill();
}

/// Fills a small disk under a home, adds firms until it fails, makes room and counts what is there.
const FULL_DISK: &str = r#"
set -e
mount -t tmpfs -o size=4m tmpfs "$1"
run() { "$BANSOU" --home "$DISK/home" --passphrase-file "$WORDS" --no-input --lang ja "$@"; }
DISK=$1 BANSOU=$2 WORDS=$3 FIRM=$4
run init --name x --practice >/dev/null 2>&1
dd if=/dev/zero of="$DISK/fill" bs=4096 2>/dev/null || true
truncate -s -65536 "$DISK/fill"
n=0; code=0
while [ $n -lt 500 ]; do
  run client add "$FIRM" >"$DISK.out" 2>"$DISK.err" || { code=$?; break; }
  n=$((n+1))
done
echo "code $code"
echo "stdout $(wc -c <"$DISK.out")"
echo "stderr $(tr '\n' ' ' <"$DISK.err")"
rm "$DISK/fill"
echo "acknowledged $n"
echo "there $(run client list | wc -l)"
run unlock-check >/dev/null && echo whole
"#;

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let person = Person::new("senmonka no kotoba");
    let disk = person.folder().join("disk");
    fs::create_dir(&disk).unwrap();
    let toml = person.folder().join("firm.toml");
    fs::write(&toml, firm(FIRM)).unwrap();
    let allowed = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs"]).arg(&disk).output();
    if !allowed.is_ok_and(|o| o.status.success()) {
        note("skipped: this machine does not let a test mount a small disk");
        return;
    }
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", FULL_DISK, "sh"]).arg(&disk).arg(binary("bansou"));
    command.arg(person.passphrase_file()).arg(&toml);
    let answer = run(&mut command, "").ok();
    let line = |name: &str| {
        let found = answer.stdout.lines().find_map(|l| l.strip_prefix(name));
        found.unwrap_or_else(|| panic!("no {name}: {answer:?}")).trim().to_owned()
    };
    assert_eq!((line("code"), line("stdout")), ("1".into(), "0".into()), "{answer:?}");
    assert!(line("stderr").contains("。") && !line("stderr").contains("panicked"), "{answer:?}");
    assert_eq!(line("acknowledged"), line("there"), "{answer:?}");
    assert_eq!(line("whole"), "");
}

/// A line for whoever reads the log; a skipped test must not look like a passed one.
fn note(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
