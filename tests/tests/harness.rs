//! The harness itself: it must see what it is there to see.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use bansou_tests::leaks;
use bansou_tests::program::{Person, Server, run};
use bansou_tests::replay::Tape;
use bansou_tests::screen::Screen;
use bansou_tests::strace;
use base64::Engine as _;

const SENTINEL: &str = "株式会社ひみつ製作所";

#[test]
fn a_planted_text_is_found_in_every_encoding() {
    let base64 =
        |before: &str| base64::engine::general_purpose::STANDARD.encode(format!("{before}{SENTINEL}!")).into_bytes();
    let hex: String = SENTINEL.bytes().map(|b| format!("{b:02X}")).collect();
    let utf16: Vec<u8> = SENTINEL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // 株式会社ひみつ製作所, from the code table.
    let shift_jis = b"\x8a\x94\x8e\xae\x89\xef\x8e\xd0\x82\xd0\x82\xdd\x82\xc2\x90\xbb\x8d\xec\x8f\x8a".to_vec();
    let apart = SENTINEL.chars().flat_map(|c| format!("{c}-----------").into_bytes()).collect();
    let cases = [
        ("UTF-8", SENTINEL.as_bytes().to_vec()),
        ("UTF-16LE", utf16),
        ("base64", base64("")),
        ("base64", base64("x")),
        ("base64", base64("xy")),
        ("hex", hex.to_lowercase().into_bytes()),
        ("HEX", hex.into_bytes()),
        ("Shift_JIS", shift_jis),
        ("letters apart", apart),
    ];
    for (encoding, planted) in cases {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/b")).unwrap();
        let noise = [&[0xff, 0x00, 0xe6][..], &planted, &[0xe6, 0xa0][..]].concat();
        fs::write(dir.path().join("a/b/file"), noise).unwrap();
        let found = leaks::find(dir.path(), &[SENTINEL]);
        assert_eq!(found.iter().map(|l| l.encoding).collect::<Vec<_>>(), [encoding], "{found:?}");
    }
}

#[test]
fn a_file_name_leaks_too_and_other_text_does_not() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("other"), "株式会社ひみ つ製作所").unwrap();
    assert_eq!(leaks::find(dir.path(), &[SENTINEL]), []);
    fs::write(dir.path().join(SENTINEL), "").unwrap();
    assert_eq!(leaks::find(dir.path(), &[SENTINEL]).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_command_gets_its_input_and_gives_its_code() {
    let answer = run(Command::new("sh").args(["-c", "cat; echo talk >&2; exit 6"]), "{\"schema\": 1}").code(6);
    assert_eq!((answer.json()["schema"].as_i64(), answer.stderr.as_str()), (Some(1), "talk\n"));
    // More input than a pipe holds, to a program that reads none.
    run(&mut Command::new("true"), &"x".repeat(1 << 20)).ok();
}

#[cfg(unix)]
#[test]
fn a_person_has_a_private_passphrase_file_and_an_own_environment() {
    use std::os::unix::fs::PermissionsExt;
    let person = Person::new("六甲おろし 42");
    assert_eq!(fs::read_to_string(person.passphrase_file()).unwrap(), "六甲おろし 42\n");
    assert_eq!(fs::metadata(person.passphrase_file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(person.environment().iter().all(|(_, path)| path.starts_with(person.folder())));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_says_where_it_listens_and_ends_with_the_test() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo listening http://127.0.0.1:4321; exec sleep 60"]);
    let server = Server::spawn(command);
    assert_eq!(server.url, "http://127.0.0.1:4321");
    let process = format!("/proc/{}", server.id());
    assert!(fs::exists(&process).unwrap());
    drop(server);
    assert!(!fs::exists(&process).unwrap(), "the server was left running");
}

#[cfg(unix)]
#[test]
fn a_terminal_shows_japanese_takes_keys_and_ends() {
    let script = "printf '第%s回'; read line; printf '\\033[2Janswer:%s' \"$line\"; read line; exit 3";
    let mut screen = Screen::start("/bin/sh".as_ref(), ["-c", script], [("LANG", "C.UTF-8")], (80, 24));
    screen.wait_for("第回");
    assert_eq!(screen.cursor(), Some((4, 0)), "two wide characters fill four cells");
    screen.send("はい\r");
    screen.wait_for("answer:はい");
    screen.wait_gone("第回");
    screen.resize(120, 40);
    screen.send("\r");
    assert_eq!(screen.wait_exit(), 3);
}

#[cfg(target_os = "linux")]
#[test]
fn a_number_given_anew_while_its_close_has_not_returned_stays_open() {
    let dir = tempfile::tempdir().unwrap();
    let (log, root) = (dir.path().join("log"), dir.path().join("root"));
    fs::create_dir(&root).unwrap();
    let hex = |name: &str| root.join(name).to_str().unwrap().bytes().map(|b| format!("\\x{b:02x}")).collect::<String>();
    let open = |thread: u32, name: &str| {
        let path = hex(name);
        format!("{thread} openat(AT_FDCWD, \"{path}\", O_WRONLY|O_CREAT, 0600) = 4<{path}>\n")
    };
    let text = [
        open(7, "a"),
        format!("7 close(4<{}> <unfinished ...>\n", hex("a")),
        open(8, "b"),
        "7 <... close resumed>) = 0\n".into(),
        format!("8 write(4<{}>, \"\\x41\", 1) = 1\n", hex("b")),
    ];
    fs::write(&log, text.concat()).unwrap();
    let mut tape = Tape::new(&root);
    tape.play(&strace::calls(&log), |_| Vec::new());
    assert_eq!(tape.whole().files()[Path::new("b")], Some(&b"A"[..]));
}
