//! Which file may name what: the pure core, the pure screens, and the one door of each outside power (R1, R3, R4, R5).

use super::source::{Source, line_of};

const CORE: &[&str] = &["crates/core/src"];
const SCREENS: &[&str] = &["crates/tui/src/app", "crates/tui/src/words"];
const CARRIERS: &[&str] = &["crates/tui/src/shell/carry"];
const SEALERS: &[&str] = &["crates/tui/src/shell/seal", "crates/tui/src/shell/vault/keys"];
const STORES: &[&str] = &["crates/tui/src/shell/vault", "crates/sync-server/src/store"];
const RUNTIMES: &[&str] = &[
    "crates/tui/src/shell/runtime",
    "crates/tui/src/shell/clock",
    "crates/sync-server/src/main",
    "crates/sync-server/src/lib",
];
const WORKERS: &[&str] = &["crates/tui/src/shell", "crates/sync-server/src"];
const STORED_OR_SENT: &[&str] = &["crates/core/src/record", "crates/core/src/wire"];

const EFFECTS: &[&str] = &["std::fs", "std::net", "std::process", "std::env", "std::thread", "std::io::stdin"];
const CLOCKS: &[&str] = &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "OffsetDateTime::now"];
const CHANCE: &[&str] = &["rand", "getrandom", "rand_core", "fastrand", "uuid"];

/// R1: `core` has no effect, no clock, no chance, and cannot sign or encrypt.
pub fn core_is_pure(sources: &[Source]) -> Vec<String> {
    let mut out = mentions(sources, CORE, EFFECTS, "R1: core decides and has no effect; take the value as an argument");
    out.extend(mentions(sources, CORE, CLOCKS, "R1: core has no clock; take the time as an argument"));
    out.extend(enters(sources, CORE, CHANCE, "R1: core has no source of chance; take the id as an argument"));
    out.extend(mentions(sources, CORE, &["SigningKey"], "R1: core verifies signatures and never makes one"));
    out
}

/// R3: the screens decide and draw; work is asked for as an effect.
pub fn screens_are_pure(sources: &[Source]) -> Vec<String> {
    let why = "R3: app and words are pure; ask for the work with an effect";
    let work = &["shell", "tokio", "rusqlite", "reqwest", "age", "crossterm"];
    let mut out = enters(sources, SCREENS, work, why);
    out.extend(enters(sources, SCREENS, CHANCE, why));
    out.extend(mentions(sources, SCREENS, EFFECTS, why));
    out.extend(mentions(sources, SCREENS, CLOCKS, "R3: app has no clock; read it from Ctx"));
    out.extend(mentions(sources, SCREENS, &["async"], "R3: no async in app"));
    out
}

/// R4: SQL, age, HTTP and the clock each have one door.
pub fn doors_are_kept(sources: &[Source]) -> Vec<String> {
    let mut out = enters(outside(sources, STORES), CRATES, &["rusqlite"], "R4: SQL lives in shell/vault and store");
    out.extend(outside(sources, STORES).into_iter().flat_map(sql_in_strings));
    out.extend(enters(outside(sources, SEALERS), CRATES, &["age"], "R4: age is used in shell/seal"));
    out.extend(enters(outside(sources, CARRIERS), CRATES, &["reqwest"], "R4: HTTP goes out in shell/carry"));
    out.extend(mentions(outside(sources, RUNTIMES), CRATES, CLOCKS, "R4: only the runtime reads the clock"));
    out.extend(enters(outside(sources, WORKERS), CRATES, CHANCE, "R4: keys and fresh ids are made in the shell"));
    out
}

/// R5: a serialisable type is a promise for ever; only stored and sent types are.
pub fn only_promises_are_serialisable(sources: &[Source]) -> Vec<String> {
    let why = "R5: Serialize belongs in core/src/record or core/src/wire; convert there";
    let answers = &["crates/tui/src/cli", "crates/sync-server/src/answer"];
    let rest: Vec<Source> = outside(sources, STORED_OR_SENT).into_iter().filter(|s| !s.within(answers)).collect();
    mentions(rest, CRATES, &["Serialize"], why)
}

const CRATES: &[&str] = &["crates"];

/// The shipped sources that are not behind these doors.
fn outside(sources: &[Source], doors: &[&str]) -> Vec<Source> {
    sources.iter().filter(|s| !s.within(doors)).cloned().collect()
}

fn mentions(sources: impl AsRef<[Source]>, places: &[&str], paths: &[&str], why: &str) -> Vec<String> {
    named(sources.as_ref(), places, why, |name| paths.iter().find(|p| name.mentions(p)).map(|p| (*p).to_owned()))
}

fn enters(sources: impl AsRef<[Source]>, places: &[&str], crates: &[&str], why: &str) -> Vec<String> {
    named(sources.as_ref(), places, why, |name| crates.iter().find(|c| name.enters(c)).map(|c| (*c).to_owned()))
}

fn named(
    sources: &[Source],
    places: &[&str],
    why: &str,
    find: impl Fn(&super::source::Named) -> Option<String>,
) -> Vec<String> {
    let shipped = sources.iter().filter(|s| s.is_production() && s.within(places));
    shipped
        .flat_map(|s| s.names().into_iter().map(move |n| (s, n)))
        .filter_map(|(s, n)| find(&n).map(|what| format!("{}:{}: names `{what}`. {why}", s.path, n.line)))
        .collect()
}

/// Strings that begin like a statement of SQL.
fn sql_in_strings(source: Source) -> Vec<String> {
    const VERBS: &[&str] = &[
        "SELECT ",
        "INSERT INTO ",
        "INSERT OR ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "CREATE INDEX ",
        "ALTER TABLE ",
        "PRAGMA ",
    ];
    if !source.is_production() {
        return Vec::new();
    }
    let opened = source.live.match_indices('"').filter(|(i, _)| {
        let inside = source.live[i + 1..].trim_start();
        VERBS.iter().any(|v| inside.starts_with(v))
    });
    opened
        .map(|(i, _)| {
            format!("{}:{}: holds SQL. R4: SQL lives in shell/vault and store", source.path, line_of(&source.live, i))
        })
        .collect()
}
