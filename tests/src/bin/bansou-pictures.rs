//! Makes the pictures of the README from the program that was built: `cargo build --workspace --bins`, then
//! `cargo run -p bansou-tests --bin bansou-pictures`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for the hand: it stops where it cannot go on")]

use std::fs;

use bansou_tests::house;
use bansou_tests::screen::Screen;

const F3: &str = "\x1bOR";
const F8: &str = "\x1b[19~";
const DOWN: &str = "\x1b[B";

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let mut screen = Screen::demo(dir.path());
    // Keys, what is waited for, the picture's file and its words.
    let steps: [(&[&str], &str, &str, &str); 6] = [
        (&[], "今日すること", "clients", "List of client firms with what is late"),
        (
            &[DOWN, "\r"],
            "> 概要",
            "overview",
            "One firm: its four sessions on a line of weeks, the next step, goals, deliverables",
        ),
        (&["2"], "第3回 目的", "session", "Checklist of a session with its agenda"),
        (&["4", "\x1b[H"], "1 / 25", "diagnosis", "The 25 questions, one key for each answer"),
        (&["g", "8", "a"], "合意はまだ", "plan", "The action plan ranked by its scores"),
        (&[F3, "バ", "ッ", "ク", "ア", "ッ", "プ"], "組", "search", "Search over all firms"),
    ];
    for (keys, wanted, name, title) in steps {
        keys.iter().for_each(|key| screen.send(key));
        screen.wait_for(wanted);
        screen.wait_still();
        picture(&screen, name, title);
    }
    screen.send("\x1b");
    std::thread::sleep(std::time::Duration::from_millis(300));
    screen.send("2");
    screen.send(F8);
    screen.wait_still();
    picture(&screen, "guidance", "Guidance beside the checklist");
    screen.kill();
}

fn picture(screen: &Screen, name: &str, title: &str) {
    let file = house::root().join(format!("docs/pictures/{name}.svg"));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, screen.svg(title)).unwrap();
    println!("{}", file.display());
}
