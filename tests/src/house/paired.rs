//! Things that must agree with each other: two languages, and documents with the code they describe (R8, R9, R10).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::source::Source;

/// R8: once there are keys, their generated page exists and the map of the project names it.
pub fn the_key_page_is_listed(sources: &[Source]) -> Vec<String> {
    let has = |path: &str| sources.iter().any(|s| s.path == path);
    let keys = ["crates/tui/src/app/key.rs", "crates/tui/src/app/keys.rs", "crates/tui/src/app/keymap.rs"];
    if !keys.iter().any(|k| has(k)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    if !has("docs/keys.md") {
        out.push("R8: docs/keys.md is missing; it is generated from the key tables".to_owned());
    }
    if !sources.iter().any(|s| s.path == "ARCHITECTURE.md" && s.text.contains("docs/keys.md")) {
        out.push("R8: ARCHITECTURE.md does not name docs/keys.md".to_owned());
    }
    out
}

/// R9: Japanese and English have the same keys, the same placeholders, and no empty text.
pub fn languages_agree(sources: &[Source]) -> Vec<String> {
    let mut words: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    let mut out = Vec::new();
    for source in sources {
        let Some(rest) = source.path.strip_prefix("crates/tui/locales/").and_then(|r| r.strip_suffix(".toml")) else {
            continue;
        };
        let language = match rest.split(['/', '-', '.']).next() {
            Some("ja") => "ja",
            Some("en") => "en",
            _ => {
                out.push(format!("{}: R9: the name begins with neither `ja` nor `en`", source.path));
                continue;
            }
        };
        match source.text.parse::<toml::Table>() {
            Ok(table) => flatten(&rest[2..], &toml::Value::Table(table), words.entry(language).or_default()),
            Err(e) => out.push(format!("{}: R9: {e}", source.path)),
        }
    }
    if words.is_empty() {
        return out;
    }
    let (ja, en) = (words.remove("ja").unwrap_or_default(), words.remove("en").unwrap_or_default());
    let all: BTreeSet<&String> = ja.keys().chain(en.keys()).collect();
    for key in all {
        match (ja.get(key), en.get(key)) {
            (Some(a), Some(b)) if placeholders(a) != placeholders(b) => {
                out.push(format!("locales: R9: `{key}` has different placeholders in ja and en"));
            }
            (Some(a), Some(b)) if a.trim().is_empty() || b.trim().is_empty() => {
                out.push(format!("locales: R9: `{key}` is empty"));
            }
            (Some(_), Some(_)) => {}
            (None, _) => out.push(format!("locales: R9: `{key}` is missing in ja")),
            (_, None) => out.push(format!("locales: R9: `{key}` is missing in en")),
        }
    }
    out
}

fn flatten(prefix: &str, value: &toml::Value, out: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(k, v)| flatten(&format!("{prefix}.{k}"), v, out)),
        toml::Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| flatten(&format!("{prefix}.{i}"), v, out));
        }
        toml::Value::String(text) => {
            out.insert(prefix.trim_start_matches(['/', '.', '-']).to_owned(), text.clone());
        }
        other => {
            out.insert(prefix.trim_start_matches(['/', '.', '-']).to_owned(), other.to_string());
        }
    }
}

/// The names between braces, each as often as it stands there.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split('{').skip(1).filter_map(|p| p.split_once('}').map(|(name, _)| name)).collect();
    names.sort_unstable();
    names
}

/// R10: `docs/protocol.md` carries the hash of the wire types, `docs/formats.md` that of the record types.
pub fn documents_describe_the_types(sources: &[Source]) -> Vec<String> {
    let pairs = [
        ("docs/protocol.md", "types-sha256:", "crates/core/src/wire/v1", "crates/sync-server/src"),
        ("docs/formats.md", "record-sha256:", "crates/core/src/record/v1", "crates/tui/src/shell"),
    ];
    let mut out = Vec::new();
    for (page, mark, types, user) in pairs {
        let hash = types_hash(sources, types);
        let used = sources.iter().any(|s| s.is_production() && s.path.starts_with(user) && uses(s, types));
        let Some(text) = sources.iter().find(|s| s.path == page).map(|s| &s.text) else {
            // A page is due when a second crate speaks the types.
            if used {
                out.push(format!("R10: {page} is missing; it carries `{mark} {hash}`"));
            }
            continue;
        };
        if !text.lines().any(|l| l.trim().strip_prefix(mark).is_some_and(|h| h.trim() == hash)) {
            out.push(format!("R10: {types} changed: bring {page} up to date, then write `{mark} {hash}` in it"));
        }
    }
    out
}

fn uses(source: &Source, types: &str) -> bool {
    let family = types.rsplit('/').nth(1).unwrap_or_default();
    source.names().iter().any(|n| n.mentions(&format!("bansou_core::{family}")))
}

/// SHA-256 over the files right in a folder of types, put together in the order of their names.
fn types_hash(sources: &[Source], folder: &str) -> String {
    let inside = |s: &&Source| s.path.rsplit_once('/').is_some_and(|(dir, _)| dir == folder) && s.is_rust();
    let mut files: Vec<&Source> = sources.iter().filter(inside).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hasher = Sha256::new();
    files.iter().for_each(|s| hasher.update(s.text.as_bytes()));
    hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Every relative link of a Markdown page leads to a file of the repository.
pub fn links_lead_somewhere(sources: &[Source]) -> Vec<String> {
    let mut out = Vec::new();
    for page in sources.iter().filter(|s| s.path.ends_with(".md")) {
        let folder = page.path.rsplit_once('/').map_or("", |(dir, _)| dir);
        for (n, line) in page.text.lines().enumerate() {
            for target in line.split("](").skip(1).filter_map(|t| t.split(')').next()) {
                let target = target.split('#').next().unwrap_or_default();
                if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                    continue;
                }
                let wanted = resolve(folder, target);
                if !sources.iter().any(|s| s.path == wanted || s.path.starts_with(&format!("{wanted}/"))) {
                    out.push(format!("{}:{}: the link to {target} leads nowhere", page.path, n + 1));
                }
            }
        }
    }
    out
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Each promise in the first table of `docs/threat-model.md` names, last in its row, tests that exist.
pub fn promises_name_their_tests(sources: &[Source]) -> Vec<String> {
    let Some(page) = sources.iter().find(|s| s.path == "docs/threat-model.md") else {
        return vec!["docs/threat-model.md is missing".to_owned()];
    };
    let kept = page.text.split("\n## ").find(|part| part.starts_with("Promises kept")).unwrap_or_default();
    let rows: Vec<&str> = kept.lines().filter(|l| l.starts_with("| P")).collect();
    if rows.is_empty() {
        return vec!["docs/threat-model.md: the section `Promises kept` has no row `| P…`".to_owned()];
    }
    let mut out = Vec::new();
    for row in rows {
        let last = row.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let tests: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        let exists = |t: &&str| {
            let call = format!("fn {}(", t.rsplit("::").next().unwrap_or_default());
            sources.iter().any(|s| s.is_rust() && s.text.contains(&call))
        };
        if tests.is_empty() {
            out.push(format!("docs/threat-model.md: a promise without a test: {row}"));
        }
        out.extend(tests.iter().filter(|t| !exists(t)).map(|t| format!("docs/threat-model.md: there is no test {t}")));
    }
    out
}
