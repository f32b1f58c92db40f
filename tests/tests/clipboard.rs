//! The terminal's clipboard through a real terminal: given where a person wants it so, and emptied when the program ends.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use bansou_tests::keys::{ENTER, F9, QUIT};
use bansou_tests::program::binary;
use bansou_tests::screen::Screen;

const GIVEN: &[u8] = b"\x1b]52;c;";
const EMPTIED: &[u8] = b"\x1b]52;c;\x07";

fn count(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).filter(|window| *window == part).count()
}

fn demo(dir: &std::path::Path) -> Screen {
    let (folder, user) = (dir.join("practice").display().to_string(), dir.display().to_string());
    let args = ["--lang", "ja", "demo", "--dir", &folder];
    let settings = dir.join("settings");
    let environment = [("HOME", user.as_str()), ("XDG_CONFIG_HOME", settings.to_str().unwrap()), ("TMUX", "")];
    let screen = Screen::start(&binary("bansou"), args, environment, (80, 24));
    screen.wait_for("さくら会計事務所");
    screen
}

#[test]
fn a_list_reaches_the_terminal_s_clipboard_only_when_it_is_wanted_and_does_not_stay_there() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("settings/bansou")).unwrap();
    fs::write(dir.path().join("settings/bansou/config.toml"), "[safety]\nclipboard = \"system\"\n").unwrap();
    let mut screen = demo(dir.path());
    for (key, seen) in [("y", "行を端末へ"), ("Y", "もう一度同じキー"), ("y", "行を端末へ"), ("Y", "30秒で消します")]
    {
        screen.send(key);
        screen.wait_for(seen);
    }
    assert_eq!((count(&screen.bytes(), GIVEN), count(&screen.bytes(), EMPTIED)), (1, 0));
    screen.send(F9);
    screen.wait_for("パスフレーズを入れて");
    assert_eq!(count(&screen.bytes(), EMPTIED), 1, "the lock empties it");
    screen.send("renshu");
    screen.send(ENTER);
    screen.wait_for("さくら会計事務所");
    for (key, seen) in [("y", "行を端末へ"), ("S", "もう一度同じキー"), ("y", "行を端末へ"), ("S", "30秒で消します")]
    {
        screen.send(key);
        screen.wait_for(seen);
    }
    screen.send(QUIT);
    assert_eq!(screen.wait_exit(), 0);
    assert_eq!((count(&screen.bytes(), GIVEN), count(&screen.bytes(), EMPTIED)), (4, 2), "and so does the end");
}
