//! Which crate may depend on which: the arrows of the workspace and the allow-list of the pure core (R1, R2, R7).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::source::Source;

/// What `core` may use. A new entry has a page in `docs/decisions/`.
pub const CORE_MAY_USE: &[&str] = &[
    "base64",
    "ed25519-dalek",
    "jiff",
    "memchr",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "toml",
    "unicode-normalization",
];

/// The arrows between the crates of the workspace that ship.
const ARROWS: &[(&str, &[&str])] =
    &[("bansou-core", &[]), ("bansou-server", &["bansou-core"]), ("bansou", &["bansou-core", "bansou-server"])];

/// What must not be reachable from a crate, however far away.
pub const NEVER_REACHES: &[(&str, &[&str])] = &[
    (
        "bansou-core",
        &[
            "tokio",
            "rusqlite",
            "reqwest",
            "age",
            "rand",
            "getrandom",
            "crossterm",
            "mio",
            "chacha20poly1305",
            "chacha20",
        ],
    ),
    (
        "bansou-server",
        &["bansou", "age", "chacha20poly1305", "chacha20", "secrecy", "ratatui", "crossterm", "typst", "reqwest"],
    ),
];

/// Normal dependencies of each workspace package, from `cargo metadata --no-deps`.
fn direct(metadata: &Value) -> BTreeMap<&str, Vec<&str>> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages
        .iter()
        .map(|p| {
            let dependencies = p["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
            let normal = dependencies.iter().filter(|d| d["kind"].is_null());
            (text(&p["name"]), normal.map(|d| text(&d["name"])).collect())
        })
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// R1 and R2: the direct dependencies of the shipped crates.
pub fn direct_dependencies(metadata: &Value) -> Vec<String> {
    let direct = direct(metadata);
    let mut out = Vec::new();
    for (name, arrows) in ARROWS {
        let Some(dependencies) = direct.get(name) else {
            out.push(format!("R2: the package {name} is not in the workspace"));
            continue;
        };
        let foreign = dependencies.iter().filter(|d| direct.contains_key(*d) && !arrows.contains(d));
        out.extend(foreign.map(|d| format!("R2: {name} must not depend on {d}")));
    }
    let core = direct.get("bansou-core").map(Vec::as_slice).unwrap_or_default();
    let unlisted = core.iter().filter(|d| !CORE_MAY_USE.contains(d));
    out.extend(
        unlisted.map(|d| format!("R1: core must not depend on {d}; the allow-list is in tests/src/house/arrows.rs")),
    );
    out
}

/// R1 and R2: what a crate reaches through others, from the lines of `cargo tree --prefix none`.
pub fn reachable_dependencies(name: &str, tree: &str) -> Vec<String> {
    let reached: BTreeSet<&str> = tree.lines().filter_map(|l| l.split(' ').next()).collect();
    let never = NEVER_REACHES.iter().find(|(n, _)| *n == name).map(|(_, never)| *never).unwrap_or_default();
    never.iter().filter(|n| reached.contains(*n)).map(|n| format!("R1/R2: {name} reaches {n}")).collect()
}

/// Each package carries a licence that `deny.toml` allows, without any other tool. `licences` are names with SPDX texts.
pub fn licences_are_allowed(licences: &[(&str, &str)], deny: &str) -> Vec<String> {
    let deny: toml::Table = deny.parse().unwrap_or_default();
    let allow = deny.get("licenses").and_then(|l| l.get("allow")).and_then(toml::Value::as_array);
    let allow: Vec<&str> = allow.into_iter().flatten().filter_map(toml::Value::as_str).collect();
    let refused = licences.iter().filter(|(_, text)| !is_allowed(text, &allow));
    refused.map(|(name, text)| format!("{name}: its licence `{text}` is not in deny.toml")).collect()
}

/// Whether a SPDX expression can be met from the list: one side of OR, each side of AND. Old texts write OR as `/`.
fn is_allowed(text: &str, allow: &[&str]) -> bool {
    let text = text.replace('/', " OR ");
    let (mut depth, mut parts) = (0i32, [vec![String::new()], vec![String::new()]]);
    for word in text.replace('(', " ( ").replace(')', " ) ").split_whitespace() {
        match word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        for (list, joint) in parts.iter_mut().zip(["OR", "AND"]) {
            if depth == 0 && word == joint {
                list.push(String::new());
            } else if let Some(last) = list.last_mut() {
                *last = format!("{last} {word}").trim().to_owned();
            }
        }
    }
    let [either, each] = parts;
    if either.len() > 1 {
        return either.iter().any(|t| is_allowed(t, allow));
    }
    if each.len() > 1 {
        return each.iter().all(|t| is_allowed(t, allow));
    }
    match text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inside) => is_allowed(inside, allow),
        None => allow.contains(&text.trim()),
    }
}

/// Every shipped package takes the lints of the workspace, and those forbid what the house forbids.
pub fn lints_are_inherited(sources: &[Source]) -> Vec<String> {
    let mut out = Vec::new();
    for manifest in sources.iter().filter(|s| s.path.ends_with("/Cargo.toml")) {
        let table: toml::Table = manifest.text.parse().unwrap_or_default();
        let inherits = table.get("lints").and_then(|l| l.get("workspace")).and_then(toml::Value::as_bool);
        let member = table.contains_key("package") && !table.contains_key("workspace");
        if member && inherits != Some(true) {
            out.push(format!("{}: add `[lints] workspace = true`", manifest.path));
        }
    }
    let Some(root) = sources.iter().find(|s| s.path == "Cargo.toml") else { return out };
    let table: toml::Table = root.text.parse().unwrap_or_default();
    let lints = table.get("workspace").and_then(|w| w.get("lints"));
    let level = |tool: &str, lint: &str| {
        let value = lints.and_then(|l| l.get(tool)).and_then(|t| t.get(lint));
        value.and_then(|v| v.as_str().or_else(|| v.get("level")?.as_str())).unwrap_or_default().to_owned()
    };
    if level("rust", "unsafe_code") != "forbid" {
        out.push("Cargo.toml: `unsafe_code` is not forbidden".to_owned());
    }
    for lint in ["unwrap_used", "panic", "todo", "dbg_macro", "print_stdout", "too_many_lines"] {
        if !["deny", "forbid"].contains(&level("clippy", lint).as_str()) {
            out.push(format!("Cargo.toml: `clippy::{lint}` is not denied"));
        }
    }
    out
}

/// R7: each arrow and each entry of the allow-list is named on a page of `docs/decisions/`.
pub fn decisions_are_written(sources: &[Source]) -> Vec<String> {
    let pages: String =
        sources.iter().filter(|s| s.path.starts_with("docs/decisions/")).map(|s| s.text.as_str()).collect();
    let arrows = ARROWS.iter().flat_map(|(from, to)| to.iter().map(move |to| format!("{from} -> {to}")));
    let entries = CORE_MAY_USE.iter().map(|e| (*e).to_owned());
    entries
        .chain(arrows)
        .filter(|e| !pages.contains(&format!("`{e}`")))
        .map(|e| format!("docs/decisions: R7: no page names `{e}`"))
        .collect()
}
