//! The rules of the house, run over the repository; and for each rule a sample that breaks it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

use bansou_tests::house::source::Source;
use bansou_tests::house::{arrows, layers, paired, root, shape, tree};

type Rule = fn(&[Source]) -> Vec<String>;

/// Every rule that reads the text of the repository.
const RULES: &[(&str, Rule)] = &[
    ("R1 core is pure", layers::core_is_pure),
    ("R3 screens are pure", layers::screens_are_pure),
    ("R4 one door each", layers::doors_are_kept),
    ("R5 only promises are serialisable", layers::only_promises_are_serialisable),
    ("R6 first line", shape::files_say_their_job),
    ("R6 file length", shape::files_are_short),
    ("R6 function length", shape::functions_are_short),
    ("R6 root model", shape::the_model_is_small),
    ("R7 decisions", arrows::decisions_are_written),
    ("R8 key page", paired::the_key_page_is_listed),
    ("R9 languages", paired::languages_agree),
    ("R10 documents", paired::documents_describe_the_types),
    ("module names", shape::modules_have_names),
    ("manners", shape::shipped_code_keeps_its_manners),
    ("order", shape::order_is_kept),
    ("words", shape::no_forbidden_words),
    ("lints", arrows::lints_are_inherited),
    ("links", paired::links_lead_somewhere),
    ("promises", paired::promises_name_their_tests),
];

#[test]
fn the_repository_keeps_every_rule() {
    let tree = tree();
    assert!(tree.iter().any(|s| s.is_production()), "the walk found no source");
    let broken: Vec<String> =
        RULES.iter().flat_map(|(name, rule)| rule(&tree).into_iter().map(move |v| format!("[{name}] {v}"))).collect();
    assert!(broken.is_empty(), "{} broken rules:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn the_crates_keep_their_arrows() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let mut broken = arrows::direct_dependencies(&serde_json::from_str(&metadata).unwrap());
    for (name, _) in arrows::NEVER_REACHES {
        let reached = cargo(&["tree", "--package", name, "--edges", "normal", "--prefix", "none"]);
        assert!(reached.lines().count() > 10, "{reached}");
        broken.extend(arrows::reachable_dependencies(name, &reached));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn licences_are_on_the_list() {
    let deny = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let mut broken = Vec::new();
    for program in ["bansou", "bansou-server"] {
        let arguments =
            ["tree", "--package", program, "--edges", "normal,build", "--prefix", "none", "--format", "{p}|{l}"];
        let listed = cargo(&arguments);
        let licences: Vec<(&str, &str)> =
            listed.lines().filter_map(|l| l.trim_end_matches(" (*)").split_once('|')).collect();
        assert!(licences.len() > 50, "{listed}");
        broken.extend(arrows::licences_are_allowed(&licences, &deny));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_licence_outside_the_list_breaks_its_rule() {
    let deny = "[licenses]\nallow = [\"MIT\", \"ISC\", \"Apache-2.0\"]";
    let broken = |text: &str| !arrows::licences_are_allowed(&[("x", text)], deny).is_empty();
    for text in [
        "MIT",
        "MIT OR GPL-3.0",
        "MIT/Apache-2.0",
        "MIT AND ISC",
        "(MIT OR GPL-2.0) AND ISC",
        "GPL-2.0 OR (MIT AND ISC)",
    ] {
        assert!(!broken(text), "{text}");
    }
    for text in ["", "GPL-3.0-only", "MIT AND GPL-2.0", "(MIT OR ISC) AND GPL-2.0", "Apache-2.0 WITH LLVM-exception"] {
        assert!(broken(text), "{text}");
    }
}

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(args).arg("--offline").current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A file that breaks a rule, and whether it does.
struct Sample {
    rule: Rule,
    path: &'static str,
    text: &'static str,
    breaks: bool,
}

const fn breaks(rule: Rule, path: &'static str, text: &'static str) -> Sample {
    Sample { rule, path, text, breaks: true }
}

const fn keeps(rule: Rule, path: &'static str, text: &'static str) -> Sample {
    Sample { rule, path, text, breaks: false }
}

const CORE: &str = "crates/core/src/x.rs";
const APP: &str = "crates/tui/src/app/x.rs";
const SHELL: &str = "crates/tui/src/shell/x.rs";

const SAMPLES: &[Sample] = &[
    breaks(layers::core_is_pure, CORE, "fn f() { std::fs::read(p); }"),
    breaks(layers::core_is_pure, CORE, "use std::{fmt, fs::File};"),
    breaks(layers::core_is_pure, CORE, "use std::\n  { collections::BTreeMap,\n net };"),
    breaks(layers::core_is_pure, CORE, "fn f() { let t = SystemTime::now(); }"),
    breaks(layers::core_is_pure, CORE, "fn f() { jiff::Zoned::now() }"),
    breaks(layers::core_is_pure, CORE, "fn f() { getrandom::fill(b) }"),
    breaks(layers::core_is_pure, CORE, "use ed25519_dalek::{Signature, SigningKey};"),
    breaks(layers::core_is_pure, "crates/core/src/wire/v1.rs", "fn f() { std::env::var(n) }"),
    keeps(layers::core_is_pure, CORE, "//! std::fs\n/* std::env */ fn f() { g(\"std::fs\", r#\"std::net\"#, '\"') }"),
    keeps(layers::core_is_pure, CORE, "#[cfg(test)]\nmod tests { use std::fs; #[test] fn f() { fs::read(p) } }"),
    breaks(layers::core_is_pure, CORE, "#[cfg(test)]\nmod tests;\nuse std::fs;"),
    keeps(layers::core_is_pure, "crates/core/tests/golden.rs", "use std::fs;"),
    keeps(layers::core_is_pure, CORE, "use std::collections::BTreeMap; fn f<'a>(x: &'a str) { x.now() }"),
    breaks(layers::screens_are_pure, APP, "use crate::shell::vault;"),
    breaks(layers::screens_are_pure, APP, "use super::super::{shell, words};"),
    breaks(layers::screens_are_pure, APP, "fn f() { tokio::spawn(x) }"),
    breaks(layers::screens_are_pure, APP, "use ratatui::crossterm::event::KeyCode;"),
    breaks(layers::screens_are_pure, APP, "use age as a;"),
    breaks(layers::screens_are_pure, APP, "async fn f() {}"),
    breaks(layers::screens_are_pure, "crates/tui/src/app.rs", "fn f() { Instant::now() }"),
    breaks(layers::screens_are_pure, "crates/tui/src/words.rs", "fn f() { std::fs::read(p) }"),
    keeps(layers::screens_are_pure, APP, "fn f(age: u8) { c.age(); age + 1 }"),
    keeps(layers::screens_are_pure, SHELL, "use crossterm::event; fn f() { tokio::spawn(x) }"),
    breaks(layers::doors_are_kept, SHELL, "fn f(c: &rusqlite::Connection) {}"),
    breaks(layers::doors_are_kept, SHELL, "const Q: &str = \"SELECT id FROM t\";"),
    breaks(layers::doors_are_kept, "crates/sync-server/src/auth.rs", "const Q: &str = \"\n  INSERT INTO t\";"),
    breaks(layers::doors_are_kept, "crates/sync-server/src/storefront.rs", "use rusqlite::Connection;"),
    breaks(layers::doors_are_kept, "crates/tui/src/shell/vault/rows.rs", "use age::Encryptor;"),
    breaks(layers::doors_are_kept, SHELL, "fn f() { age::Decryptor::new(r) }"),
    breaks(layers::doors_are_kept, "crates/tui/src/cli/x.rs", "use reqwest::Client;"),
    breaks(layers::doors_are_kept, "crates/sync-server/src/intake.rs", "fn f() { Timestamp::now() }"),
    breaks(layers::doors_are_kept, "crates/tui/src/cli/x.rs", "fn f() { getrandom::fill(b) }"),
    keeps(layers::doors_are_kept, "crates/sync-server/src/store/sqlite.rs", "use rusqlite::Connection;"),
    keeps(layers::doors_are_kept, "crates/tui/src/shell/vault/keys.rs", "use age::scrypt;"),
    keeps(layers::doors_are_kept, "crates/tui/src/shell/seal.rs", "use age::Encryptor;"),
    keeps(layers::doors_are_kept, "crates/tui/src/shell/carry/https.rs", "use reqwest::Client;"),
    keeps(layers::doors_are_kept, "crates/tui/src/shell/runtime.rs", "fn f() { Timestamp::now() }"),
    keeps(layers::doors_are_kept, SHELL, "const Q: &str = \"Select a firm\"; // SELECT x"),
    breaks(layers::only_promises_are_serialisable, CORE, "#[derive(Serialize)] struct Firm;"),
    breaks(layers::only_promises_are_serialisable, CORE, "impl serde::Serialize for Firm {}"),
    breaks(layers::only_promises_are_serialisable, SHELL, "use serde::{Deserialize, Serialize};"),
    keeps(layers::only_promises_are_serialisable, "crates/core/src/wire/v1/x.rs", "use serde::Serialize;"),
    keeps(layers::only_promises_are_serialisable, "crates/core/src/record.rs", "use serde::Serialize;"),
    keeps(layers::only_promises_are_serialisable, CORE, "use serde::Deserialize;"),
    breaks(shape::files_say_their_job, CORE, "use std::fmt;"),
    breaks(shape::files_say_their_job, CORE, "\n//! Late."),
    breaks(shape::files_say_their_job, CORE, "//! \nfn f() {}"),
    breaks(shape::files_say_their_job, CORE, "//! placeholder\nfn f() {}"),
    keeps(shape::files_say_their_job, CORE, "//! Days on which banks are open."),
    breaks(shape::the_model_is_small, APP, "struct Model {a:A,b:A,c:A,d:A,e:A,f:A,g:A,h:A,i:A,j:A,k:A,l:A,m:A}"),
    keeps(shape::the_model_is_small, APP, "struct Model {a:A,b:A,c:A,d:A,e:A,f:A,g:A,h:A,i:A,j:A,k:A,l:F<A, B>,}"),
    breaks(shape::the_model_is_small, APP, "pub enum Msg { A }"),
    keeps(shape::the_model_is_small, APP, "pub enum Msg { A }\n// assert!(size_of::<Msg>() <= 128)"),
    breaks(shape::modules_have_names, "crates/core/src/x/mod.rs", ""),
    breaks(shape::modules_have_names, "crates/tui/src/utils.rs", ""),
    keeps(shape::modules_have_names, "crates/tui/src/keymap.rs", ""),
    breaks(shape::shipped_code_keeps_its_manners, SHELL, "fn f() { x.unwrap() }"),
    breaks(shape::shipped_code_keeps_its_manners, SHELL, "fn f() { panic!(\"x\") }"),
    breaks(shape::shipped_code_keeps_its_manners, SHELL, "fn f() { dbg!(1) }"),
    breaks(shape::shipped_code_keeps_its_manners, SHELL, "fn f() { println!(\"x\") }"),
    breaks(shape::shipped_code_keeps_its_manners, SHELL, "fn f() { eprintln!(\"x\") }"),
    breaks(shape::shipped_code_keeps_its_manners, SHELL, "#[allow(clippy::panic)] fn f() {}"),
    keeps(
        shape::shipped_code_keeps_its_manners,
        SHELL,
        "#[allow(dead_code, reason = \"x\")] fn f() { x.unwrap_or(1) }",
    ),
    keeps(shape::shipped_code_keeps_its_manners, SHELL, "#[test]\nfn f() { x.unwrap() }"),
    breaks(shape::order_is_kept, CORE, "use std::collections::{BTreeMap, HashMap};"),
    breaks(shape::order_is_kept, APP, "fn f(m: std::collections::HashSet<u8>) {}"),
    keeps(shape::order_is_kept, CORE, "use std::collections::BTreeMap;"),
    breaks(shape::no_forbidden_words, "README.md", concat!("see /wo", "rk/main")),
    breaks(shape::no_forbidden_words, CORE, concat!("// TO", "DO: later")),
    keeps(shape::no_forbidden_words, "README.md", "see docs/"),
    breaks(arrows::lints_are_inherited, "crates/x/Cargo.toml", "[package]\nname = \"x\""),
    keeps(arrows::lints_are_inherited, "crates/x/Cargo.toml", "[package]\nname = \"x\"\n[lints]\nworkspace = true"),
    breaks(arrows::lints_are_inherited, "Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"warn\""),
    breaks(arrows::decisions_are_written, "docs/decisions/0001.md", "nothing"),
    breaks(paired::languages_agree, "crates/tui/locales/ja.toml", "a = \"あ\""),
    breaks(paired::languages_agree, "crates/tui/locales/fr.toml", "a = \"b\""),
    breaks(paired::links_lead_somewhere, "README.md", "[a](docs/none.md)"),
    keeps(paired::links_lead_somewhere, "README.md", "[a](https://example.jp) [b](#top) [c](README.md)"),
    breaks(paired::promises_name_their_tests, "docs/threat-model.md", "\n## Promises kept\n| P1 | it holds | none |"),
    breaks(
        paired::promises_name_their_tests,
        "docs/threat-model.md",
        "\n## Promises kept\n| P1 | it holds | `no_such_test` |",
    ),
    breaks(paired::the_key_page_is_listed, "crates/tui/src/app/keymap.rs", ""),
];

#[test]
fn every_rule_fails_when_it_is_broken() {
    for sample in SAMPLES {
        let found = (sample.rule)(&[Source::new(sample.path, sample.text)]);
        assert_eq!(!found.is_empty(), sample.breaks, "{}: {:?} found {found:?}", sample.path, sample.text);
    }
    for (name, rule) in RULES {
        // The rules about lengths and pairs of files have samples of their own below.
        let elsewhere = ["R6 file length", "R6 function length", "R10 documents"].contains(name);
        let shown = SAMPLES.iter().any(|s| s.breaks && std::ptr::fn_addr_eq(s.rule, *rule));
        assert!(elsewhere || shown, "no sample breaks {name}");
    }
}

#[test]
fn a_long_file_breaks_its_rule() {
    let lines = |n: usize| "static A: u8 = 1;\n".repeat(n);
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", lines(600));
    let check = |path: &str, text: String| shape::files_are_short(&[Source::new(path, &text)]);
    assert_eq!(check(CORE, lines(501)).len(), 1);
    assert_eq!(check(CORE, "// note\n".repeat(501)).len(), 1);
    assert!(check(CORE, lines(500)).is_empty());
    assert!(check(CORE, lines(400) + &tests).is_empty(), "tests in the file do not count");
    assert!(check("tests/tests/x.rs", lines(900)).is_empty(), "files of tests may be longer");
}

#[test]
fn a_long_function_breaks_its_rule() {
    let function = |lines: usize| {
        let body = "    g(\"}\"); // }\n".repeat(lines - 2);
        format!("pub fn f<'a>(x: [u8; 2]) -> Option<&'a str>\n{{\n{body}}}\n").replacen("\n{", " {", 1)
    };
    let check = |text: &str| shape::functions_are_short(&[Source::new(CORE, text)]);
    assert_eq!(check(&function(81)).len(), 1);
    assert!(check(&function(80)).is_empty());
    assert!(check(&format!("trait T {{ fn a(); }}\n{}", "static A: u8 = 1;\n".repeat(90))).is_empty());
    let long_test = format!("#[cfg(test)]\nmod tests {{\n{}}}", function(200));
    assert!(check(&long_test).is_empty());
}

#[test]
fn words_that_differ_break_their_rule() {
    let check = |ja: &str, en: &str| {
        let file = |l: &str, t: &str| Source::new(&format!("crates/tui/locales/{l}/home.toml"), t);
        paired::languages_agree(&[file("ja", ja), file("en", en)])
    };
    assert!(check("[a]\nb = \"{n}件 {m}\"", "[a]\nb = \"{m} of {n}\"").is_empty());
    assert_eq!(check("a = \"{n}件\"", "a = \"items\"").len(), 1);
    assert_eq!(check("a = \"あ\"\nb = \"い\"", "a = \"a\"").len(), 1);
    assert_eq!(check("a = \"あ\"", "a = \" \"").len(), 1);
}

#[test]
fn a_changed_type_breaks_its_document() {
    let wire = |text: &str| Source::new("crates/core/src/wire/v1/ticket.rs", text);
    let server = Source::new("crates/sync-server/src/auth.rs", "use bansou_core::wire::v1::Ticket;");
    let empty = paired::documents_describe_the_types(&[wire("a"), server.clone()]);
    assert_eq!(empty.len(), 1, "the page is due once the server speaks the types");
    // SHA-256 of the letter a.
    let page = "types-sha256: ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\n";
    let page = Source::new("docs/protocol.md", page);
    assert!(paired::documents_describe_the_types(&[wire("a"), server.clone(), page.clone()]).is_empty());
    assert_eq!(paired::documents_describe_the_types(&[wire("b"), server, page]).len(), 1);
}

#[test]
fn a_forbidden_arrow_breaks_its_rule() {
    let metadata = |server: &str, core: &str| -> serde_json::Value {
        let package = |name: &str, dependency: &str| serde_json::json!({ "name": name, "dependencies": [{ "name": dependency, "kind": null }, { "name": "tempfile", "kind": "dev" }] });
        serde_json::json!({ "packages": [package("bansou-core", core), package("bansou-server", server), package("bansou", "bansou-core")] })
    };
    assert!(arrows::direct_dependencies(&metadata("bansou-core", "serde")).is_empty());
    assert_eq!(arrows::direct_dependencies(&metadata("bansou", "serde")).len(), 1);
    assert_eq!(arrows::direct_dependencies(&metadata("bansou-core", "rand")).len(), 1);
    assert!(!arrows::direct_dependencies(&metadata("bansou-core", "bansou-server")).is_empty());
    assert_eq!(arrows::reachable_dependencies("bansou-server", "axum v0.8.9\nage v0.12.1\n").len(), 1);
    assert!(arrows::reachable_dependencies("bansou-server", "axum v0.8.9\nage-core v0.12.1 (*)\n").is_empty());
}
