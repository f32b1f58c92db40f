//! What the memory of the running program holds before and after the lock, and when it locks by itself.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use bansou_tests::keys::{ENTER, F9, F10};
use bansou_tests::memory::{self, Needles};
use bansou_tests::program::{Person, binary, run};
use bansou_tests::screen::Screen;
use bansou_tests::world::{ANSWERS, day};
use hkdf::Hkdf;
use sha2::Sha256;

const WORDS: &str = "tobira no aikotoba 合言葉";
const CASE: &str = "K-0777";
const ASKED: &str = "パスフレーズを入れて";

/// A practice home full of texts that stand nowhere else.
struct Filled {
    expert: Person,
    canaries: Vec<String>,
    recovery: String,
}

fn canary(n: usize) -> String {
    if n.is_multiple_of(2) { format!("QZ-weakness-{n:02}-canary") } else { format!("鑾鷺{n:02}の弱みと控え") }
}

fn filled() -> Filled {
    let expert = Person::new(WORDS);
    let canaries: Vec<String> = (0..40).map(canary).collect();
    let [firm, kana, head, contact, owner, expects] = [1, 2, 3, 4, 5, 6].map(canary);
    let recovery = expert.bansou(["init", "--name", &canary(0), "--practice"]).ok().stderr;
    let firm = format!(
        "name = \"{firm}\"\nkana = \"{kana}\"\ncategory = 1\ncapital = 10000000\nemployees = 20\nprefecture = 13\n\
         representative_title = \"{owner}\"\nrepresentative = \"{head}\"\ncounterpart = \"{contact}\"\none_star = true\n"
    );
    let added = expert.bansou_with_input(["client", "add", "-", "--json"], &firm).ok().json();
    expert.bansou(["client", "begin", added["id"].as_str().unwrap(), "--case", CASE, "--matched", &day(-20)]).ok();
    for note in 0..4 {
        let text: Vec<String> = (0..6).map(|n| canary(7 + note * 6 + n)).collect();
        expert.bansou_with_input(["note", "add", CASE, "--who", &canary(39)], &text.join("、")).ok();
    }
    let answers = expert.folder().join("answers.json");
    fs::write(&answers, ANSWERS).unwrap();
    expert.bansou(["diagnosis", "import", CASE, &answers.display().to_string()]).ok();
    for (n, question) in (31..34).zip(["1", "2", "3"]) {
        expert.bansou_with_input(["diagnosis", "evidence", CASE, question], &canary(n)).ok();
    }
    expert.bansou_with_input(["policy", "set", CASE, "assets"], &canary(34)).ok();
    expert.bansou_with_input(["session", "expect", CASE], &expects).ok();
    let (date, date2) = (day(-2), day(-2));
    expert.bansou(["session", "plan", CASE, "1", &date, "--start", "13:30"]).ok();
    let place = canary(35);
    let done = ["session", "done", CASE, "1", &date, "13:30", "15:30", "--attendees", "2", "--place", &place];
    expert.bansou(done).ok();
    expert.bansou_with_input(["session", "confirm", CASE, "1", &date2], &canary(36)).ok();
    let words = format!("content = \"{}\"\nfocus = \"{}\"\nmessage = \"連絡\"\n", canary(37), canary(38));
    expert.bansou_with_input(["session", "report", CASE, "1", "-"], &words).ok();
    let recovery = recovery.split_whitespace().find(|w| w.starts_with("AGE-SECRET-KEY-1")).unwrap().to_owned();
    Filled { expert, canaries, recovery }
}

impl Filled {
    /// The data key, by the stock tool and the recovery code, and every key derived from it.
    fn keys(&self) -> Vec<(String, Vec<u8>)> {
        let identity = self.expert.folder().join("recovery.key");
        fs::write(&identity, format!("{}\n", self.recovery)).unwrap();
        let files = fs::read_dir(self.expert.home().join("keys")).unwrap().map(|e| e.unwrap().path());
        let data_key = files
            .filter_map(|file| {
                let out = Command::new("age").arg("-d").arg("-i").arg(&identity).arg(&file).output();
                let out = out.expect("age is installed");
                (out.status.success() && out.stdout.len() == 32).then_some(out.stdout)
            })
            .next()
            .expect("the recovery code opens one of the key files");
        fs::remove_file(&identity).unwrap();
        let hkdf = Hkdf::<Sha256>::new(None, &data_key);
        let mut keys = vec![("data key".to_owned(), data_key)];
        for label in ["v1/seal", "v1/name", "v1/anchor", "v2/seal", "v2/name", "v2/anchor"] {
            let mut key = vec![0; 32];
            hkdf.expand(format!("bansou/vault/{label}").as_bytes(), &mut key).unwrap();
            keys.push((label.to_owned(), key));
        }
        keys
    }

    /// The screens with this environment besides the person's own, unlocked.
    fn screen(&self, environment: &[(&str, &str)]) -> Screen {
        let own = self.expert.environment().into_iter().map(|(k, v)| (k, v.into_os_string()));
        let environment = own.chain(environment.iter().map(|(k, v)| (*k, (*v).into())));
        let mut screen = Screen::start(&binary("bansou"), ["--lang", "ja"], environment, (120, 40));
        screen.wait_for(ASKED);
        screen.send(&format!("{WORDS}{ENTER}"));
        screen.wait_for("顧客一覧");
        screen
    }
}

/// Goes over the screens that show the texts, and makes a document of them.
fn tour(screen: &mut Screen) {
    screen.wait_for(&canary(1));
    screen.send(ENTER);
    screen.wait_for("> 概要");
    for (keys, shown) in
        [("g3", canary(8)), ("g4", "脆弱性対策".to_owned()), ("g0", canary(37)), ("g9", "成果物と様式".to_owned())]
    {
        // Slower than a paste into the wrong window.
        sleep(Duration::from_millis(100));
        screen.send(keys);
        screen.wait_for(&shown);
    }
    screen.send("p");
    screen.wait_for("文書を作っています");
    screen.wait_gone("文書を作っています");
    screen.wait_for("自動保存");
    screen.send("g3");
    screen.wait_for(&canary(8));
}

fn status(id: u32, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix(field)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

/// The desk wipes after the screen shows the lock: its locked pages are gone when it has done so.
fn wait_wiped(id: u32) {
    let began = Instant::now();
    while status(id, "VmLck") > 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "the pages of the keys are still there");
        sleep(Duration::from_millis(20));
    }
    sleep(Duration::from_millis(200));
}

fn needles(filled: &Filled) -> Needles {
    let mut needles = Needles::default();
    for canary in &filled.canaries {
        needles.text(canary);
    }
    needles.text(WORDS).text(&WORDS[..10]).text("AGE-SECRET-KEY-1");
    for (name, key) in filled.keys() {
        needles.key(&name, &key);
    }
    needles
}

#[test]
fn after_the_lock_nothing_readable_is_left_in_memory() {
    if !memory::may_look() {
        return;
    }
    let filled = filled();
    let needles = needles(&filled);
    let mut screen = filled.screen(&[]);
    tour(&mut screen);

    // The search is not blind: it finds the texts as texts and as cells of the screen, and the keys.
    let before = memory::scan(screen.id(), &needles);
    let names: BTreeSet<&str> = before.iter().map(|h| h.name.as_str()).collect();
    let lost: Vec<_> = filled.canaries.iter().filter(|c| !names.contains(c.as_str())).collect();
    assert!(lost.is_empty(), "not found while open: {lost:?}");
    let apart: BTreeSet<_> = before.iter().filter(|h| h.stride > 0).map(|h| h.stride).collect();
    assert!(!apart.is_empty(), "no text was found as cells of the screen");
    for key in ["data key (front)", "data key (back)", "AGE-SECRET-KEY-1"] {
        assert!(names.contains(key), "not found while open: {key}");
    }
    let derived = names.iter().filter(|n| n.ends_with("/seal (front)") || n.ends_with("/anchor (back)")).count();
    assert_eq!(derived, 2, "derived keys found while open: {names:?}");
    // The passphrase is not needed any more once the store is open.
    assert!(!names.contains(WORDS), "the passphrase is still there: {before:?}");

    screen.send(F9);
    screen.wait_for(ASKED);
    wait_wiped(screen.id());
    let after = memory::scan(screen.id(), &needles);
    assert!(after.is_empty(), "{} left after the lock: {after:#?}", after.len());

    // It comes back to where it was.
    screen.send(&format!("{WORDS}{ENTER}"));
    screen.wait_for("> 聞取");
    screen.wait_for(&canary(8));
}

#[test]
fn what_was_told_as_lines_is_neither_in_memory_nor_on_the_terminal_after_the_lock() {
    if !memory::may_look() {
        return;
    }
    let filled = filled();
    let needles = needles(&filled);
    let mut screen = filled.screen(&[("BANSOU_READER", "1")]);
    screen.wait_for(&canary(1));
    screen.send(ENTER);
    screen.wait_for("、概要");
    screen.send("g3");
    screen.wait_for("、聞取");
    assert!(!memory::scan(screen.id(), &needles).is_empty(), "the search is blind");
    screen.send(F9);
    screen.wait_gone("、聞取");
    screen.wait_for(ASKED);
    wait_wiped(screen.id());
    let after = memory::scan(screen.id(), &needles);
    assert!(after.is_empty(), "{} left after the lock: {after:#?}", after.len());
    let told = screen.text();
    assert!(filled.canaries.iter().all(|canary| !told.contains(canary)), "{told}");
}

/// The keys' pages: in none of the places that reach a disk.
#[test]
fn keys_lie_on_locked_pages_that_no_dump_holds() {
    let expert = Person::new(WORDS);
    expert.bansou(["init", "--name", "頁 一郎", "--practice"]).ok();
    let filled = Filled { expert, canaries: Vec::new(), recovery: String::new() };
    let screen = filled.screen(&[]);
    let process = Path::new("/proc").join(screen.id().to_string());
    let locked = status(screen.id(), "VmLck");
    assert!((1..=8192).contains(&locked), "{locked} KiB are locked");
    let limits = fs::read_to_string(process.join("limits")).unwrap();
    let core = limits.lines().find(|l| l.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"]);
    if !memory::may_look() {
        return;
    }
    let areas = fs::read_to_string(process.join("smaps")).unwrap();
    let flags = areas.lines().filter_map(|l| l.strip_prefix("VmFlags:"));
    let locked: Vec<&str> = flags.filter(|f| f.split_whitespace().any(|w| w == "lo")).collect();
    assert!(!locked.is_empty() && locked.iter().all(|f| f.split_whitespace().any(|w| w == "dd")), "{locked:?}");
}

/// Starts the program as somebody without rights, with a practice home of its own; the arguments follow a shell line.
fn as_nobody(dir: &Path, line: &str) -> Command {
    const NOBODY: u32 = 65_534;
    let program = dir.join("bansou");
    if !program.exists() {
        fs::copy(binary("bansou"), &program).unwrap();
        fs::write(dir.join("words"), WORDS).unwrap();
    }
    let mut command = Command::new("sh");
    command.args(["-c", line, "sh"]).arg(&program).current_dir(dir).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", dir).env("BANSOU_HOME", dir.join("home"));
    if memory::may_look() {
        for file in [dir, &program, &dir.join("words")] {
            chown(file, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

#[test]
fn another_program_of_the_same_user_cannot_read_the_memory() {
    let dir = tempfile::tempdir().unwrap();
    let said = |target: u32| {
        let line = format!("cat /proc/{target}/mem /proc/{target}/environ");
        run(&mut as_nobody(dir.path(), &line), "").stderr
    };
    // It waits for the passphrase on its input.
    let line = "exec \"$1\" --passphrase-fd 0 today";
    let mut program =
        as_nobody(dir.path(), &format!("\"$1\" --passphrase-fd 0 init --name x --practice <words; {line}"))
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
    let comm = format!("/proc/{}/comm", program.id());
    let began = Instant::now();
    while fs::read_to_string(&comm).unwrap().trim() != "bansou" {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not start");
        sleep(Duration::from_millis(20));
    }
    sleep(Duration::from_millis(300));
    let refused = said(program.id());
    assert_eq!(refused.matches("Permission denied").count(), 2, "{refused}");
    // The same reader is not blind: it opens the memory of an ordinary program of the same user.
    let mut other = as_nobody(dir.path(), "exec sleep 60").spawn().unwrap();
    let read = said(other.id());
    assert!(!read.contains("Permission denied"), "{read}");
    for child in [&mut program, &mut other] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn without_the_right_to_lock_pages_the_program_warns_and_works() {
    let dir = tempfile::tempdir().unwrap();
    let words = "--lang en --passphrase-file words";
    let line =
        format!("chmod 600 words; \"$1\" {words} init --name x --practice; ulimit -l $LIMIT; \"$1\" {words} today");
    let warned = run(as_nobody(dir.path(), &line).env("LIMIT", "0"), "").ok();
    assert!(warned.stderr.contains("[W-MEMORY]"), "{}", warned.stderr);
    let quiet = run(as_nobody(dir.path(), &format!("\"$1\" {words} today")).env("LIMIT", "64"), "").ok();
    assert!(!quiet.stderr.contains("[W-MEMORY]"), "{}", quiet.stderr);
}

/// A practice home with one firm.
fn small() -> Filled {
    let expert = Person::new(WORDS);
    expert.bansou(["init", "--name", "小 太郎", "--practice"]).ok();
    bansou_tests::world::begin(&expert, CASE, &canary(1), -20);
    Filled { expert, canaries: Vec::new(), recovery: String::new() }
}

#[test]
fn an_idle_screen_warns_then_locks_by_itself() {
    let filled = small();
    let mut screen = filled.screen(&[("BANSOU_PRACTICE_LOCK_AFTER", "4")]);
    screen.wait_for(&canary(1));
    screen.wait_for("でロックします");
    screen.wait_for(ASKED);
    screen.wait_gone(&canary(1));
    wait_wiped(screen.id());
    screen.send(&format!("{WORDS}{ENTER}"));
    screen.wait_for(&canary(1));
}

#[test]
fn stopping_the_program_locks_it_first_and_gives_the_terminal_back() {
    let filled = small();
    let mut screen = filled.screen(&[]);
    let stopped = |screen: &Screen| {
        let began = Instant::now();
        let stat = format!("/proc/{}/stat", screen.id());
        while !fs::read_to_string(&stat).unwrap().contains(" T ") {
            assert!(began.elapsed() < Duration::from_secs(60), "it does not stop:\n{}", screen.text());
            sleep(Duration::from_millis(20));
        }
        screen.wait_restored();
        assert!(!screen.text().contains(&canary(1)), "{}", screen.text());
        assert_eq!(status(screen.id(), "VmLck"), 0, "it stands still with its keys in memory");
    };
    for way in ["F10", "TSTP"] {
        screen.wait_for(&canary(1));
        if way == "F10" {
            screen.send(F10)
        } else {
            screen.signal(way)
        }
        stopped(&screen);
        screen.signal("CONT");
        screen.wait_for(ASKED);
        screen.send(&format!("{WORDS}{ENTER}"));
    }
    screen.wait_for(&canary(1));
}

/// After whatever end: the terminal is the shell's, nothing of the firms stays on it, and the home is whole and free.
fn ended(filled: &Filled, screen: &Screen) {
    screen.wait_restored();
    assert!(!screen.text().contains(&canary(1)), "{}", screen.text());
    assert_eq!(filled.expert.json(["unlock-check"])["findings"], serde_json::json!([]));
}

#[test]
fn a_hang_up_or_an_end_from_outside_restores_the_terminal_and_closes_the_home() {
    let filled = small();
    for (signal, code) in [("HUP", 129), ("TERM", 143), ("INT", 130)] {
        let mut screen = filled.screen(&[]);
        screen.wait_for(&canary(1));
        screen.signal(signal);
        assert_eq!(screen.wait_exit(), code, "{signal}");
        ended(&filled, &screen);
    }
}

#[test]
fn a_panic_restores_the_terminal_says_one_line_and_ends_the_program() {
    let filled = small();
    for part in ["screens", "desk"] {
        let mut screen = filled.screen(&[("BANSOU_PRACTICE_LOCK_AFTER", "2"), ("BANSOU_PRACTICE_PANIC", part)]);
        assert_eq!(screen.wait_exit(), 1, "{part}");
        screen.wait_for("予期しない誤り");
        assert!(!screen.text().contains("asked for"), "{}", screen.text());
        ended(&filled, &screen);
    }
}

#[test]
fn a_closed_terminal_ends_the_program_and_its_scrollback_holds_nothing() {
    let filled = small();
    let socket = filled.expert.folder().join("tmux").display().to_string();
    let tmux = |args: &[&str]| {
        let mut command = Command::new("tmux");
        command.args(["-S", &socket, "-f", "/dev/null"]).args(args).env("LANG", "C.UTF-8");
        for (name, value) in filled.expert.environment() {
            command.env(name, value);
        }
        run(&mut command, "").ok().stdout
    };
    let pane = || tmux(&["capture-pane", "-p", "-t", "0", "-S", "-"]);
    let wait = |text: &str| {
        let began = Instant::now();
        while !pane().contains(text) {
            assert!(began.elapsed() < Duration::from_secs(60), "no {text:?} in\n{}", pane());
            sleep(Duration::from_millis(50));
        }
    };
    let open = || {
        let program = format!("{} --lang ja; echo ended-$((1+1))", binary("bansou").display());
        tmux(&["send-keys", "-t", "0", &program, "Enter"]);
        wait(ASKED);
        tmux(&["send-keys", "-t", "0", WORDS, "Enter"]);
        wait(&canary(1));
    };
    tmux(&["-u", "new-session", "-d", "-x", "100", "-y", "30", "sh"]);
    open();
    tmux(&["send-keys", "-t", "0", "q"]);
    wait("ended-2");
    assert!(!pane().contains("鑾鷺"), "{}", pane());
    tmux(&["send-keys", "-t", "0", "clear", "Enter"]);
    open();
    tmux(&["kill-server"]);
    let began = Instant::now();
    // The home is free again as soon as the program has ended.
    while filled.expert.bansou(["today"]).code != 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "the program goes on without its terminal");
    }
}
