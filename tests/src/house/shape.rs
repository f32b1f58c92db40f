//! The shape of every file: its first line, its length, its functions, its names, and what shipped code never says (R6).

use super::source::{Source, is_word, item_stop, line_of, matching, split_outside_braces};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 80;
const MODEL_FIELDS: usize = 12;

/// R6: the first line says the one job of the file, and a file with code is no placeholder.
pub fn files_say_their_job(sources: &[Source]) -> Vec<String> {
    rust(sources)
        .filter_map(|s| {
            let first = s.text.lines().next().unwrap_or_default();
            let job = first.strip_prefix("//! ").unwrap_or_default().trim();
            let unfinished =
                ["being written", "placeholder"].iter().any(|w| job.contains(w)) && !s.code.trim().is_empty();
            (job.is_empty() || unfinished)
                .then(|| format!("{}:1: R6: begin with `//! ` and one sentence on the job of this file", s.path))
        })
        .collect()
}

/// R6: at most 500 lines outside tests.
pub fn files_are_short(sources: &[Source]) -> Vec<String> {
    shipped(sources)
        .filter_map(|s| {
            let tests = s.text.lines().zip(s.live.lines());
            let lines = tests.filter(|(text, live)| !live.trim().is_empty() || is_note(text)).count();
            (lines > FILE_LINES)
                .then(|| format!("{}: R6: {lines} lines, at most {FILE_LINES}; split it by job", s.path))
        })
        .collect()
}

/// A comment or an empty line; a line blanked because it is a test is neither.
fn is_note(text: &str) -> bool {
    text.trim().is_empty() || text.trim_start().starts_with("//")
}

/// R6: at most 80 lines from `fn` to its closing brace.
pub fn functions_are_short(sources: &[Source]) -> Vec<String> {
    shipped(sources).flat_map(long_functions).collect()
}

fn long_functions(source: &Source) -> Vec<String> {
    let code = &source.code;
    let mut out = Vec::new();
    for (at, _) in words(code, "fn") {
        let name: String = code[at + 2..].trim_start().bytes().take_while(|b| is_word(*b)).map(char::from).collect();
        let Some(open) = item_stop(code, at) else { continue };
        if name.is_empty() || code.as_bytes()[open] == b';' {
            continue;
        }
        let (from, to) = (line_of(code, at), line_of(code, matching(code, open)));
        let lines = to + 1 - from;
        if lines > FUNCTION_LINES {
            out.push(format!("{}:{from}: R6: `{name}` has {lines} lines, at most {FUNCTION_LINES}", source.path));
        }
    }
    out
}

/// R6: the root model has at most 12 fields, and a test keeps messages small once there are messages.
pub fn the_model_is_small(sources: &[Source]) -> Vec<String> {
    let app: Vec<&Source> = shipped(sources).filter(|s| s.within(&["crates/tui/src/app"])).collect();
    let mut out = Vec::new();
    for source in &app {
        for (at, _) in source.code.match_indices("struct Model {") {
            let open = at + "struct Model ".len();
            let inside = &source.code[open + 1..matching(&source.code, open) - 1];
            let fields = split_outside_braces(inside).len();
            if fields > MODEL_FIELDS {
                out.push(format!("{}: R6: the root model has {fields} fields, at most {MODEL_FIELDS}", source.path));
            }
        }
    }
    let has_messages = app.iter().any(|s| s.code.contains("enum Msg "));
    let tui = sources.iter().filter(|s| s.is_rust() && s.path.starts_with("crates/tui/"));
    if has_messages && !tui.into_iter().any(|s| s.text.contains("size_of::<Msg>() <= 128")) {
        out.push("crates/tui: R6: no test says `size_of::<Msg>() <= 128`".to_owned());
    }
    out
}

/// No `mod.rs`, and no module whose name says nothing.
pub fn modules_have_names(sources: &[Source]) -> Vec<String> {
    const EMPTY: &[&str] = &["mod", "utils", "util", "helpers", "helper", "manager", "misc", "common"];
    rust(sources)
        .filter(|s| {
            let stem = s.path.rsplit('/').next().and_then(|f| f.strip_suffix(".rs")).unwrap_or_default();
            EMPTY.contains(&stem)
        })
        .map(|s| format!("{}: name the file after its one job", s.path))
        .collect()
}

/// Shipped code does not give up, print, or silence a lint without saying why.
pub fn shipped_code_keeps_its_manners(sources: &[Source]) -> Vec<String> {
    const NEVER: &[(&str, &str)] = &[
        (".unwrap()", "return the error, or `expect` the invariant"),
        ("panic!(", "return an error"),
        ("dbg!(", "remove it"),
        ("println!(", "write to the answer writer"),
        ("unsafe ", "unsafe code is forbidden"),
    ];
    let mut out = Vec::new();
    for source in shipped(sources) {
        for (what, instead) in NEVER {
            for (at, _) in source.code.match_indices(what) {
                let glued = at > 0 && is_word(source.code.as_bytes()[at - 1]) && !what.starts_with('.');
                let inside_other = *what == "println!(" && source.code[..at].ends_with('e');
                if !glued || inside_other {
                    out.push(format!("{}:{}: `{what}`: {instead}", source.path, line_of(&source.code, at)));
                }
            }
        }
        for (at, _) in source.code.match_indices("[allow(").chain(source.code.match_indices("[expect(")) {
            if !source.code[at..matching(&source.code, at)].contains("reason") {
                out.push(format!("{}:{}: a silenced lint says its `reason`", source.path, line_of(&source.code, at)));
            }
        }
    }
    out
}

/// `HashMap` has no order, so nothing that reaches a file, a screen or a rule may iterate one.
pub fn order_is_kept(sources: &[Source]) -> Vec<String> {
    let places = &[
        "crates/core/src",
        "crates/tui/src/app",
        "crates/tui/src/words",
        "crates/tui/src/shell/documents",
        "crates/tui/src/cli",
    ];
    shipped(sources)
        .filter(|s| s.within(places))
        .flat_map(|s| s.names().into_iter().map(move |n| (s, n)))
        .filter(|(_, n)| n.segments.iter().any(|g| g == "HashMap" || g == "HashSet"))
        .map(|(s, n)| format!("{}:{}: HashMap has no order; use BTreeMap or BTreeSet", s.path, n.line))
        .collect()
}

/// Nothing unfinished and nothing of one machine is written anywhere in the repository.
pub fn no_forbidden_words(sources: &[Source]) -> Vec<String> {
    // Split so that this file passes its own rule.
    let forbidden = [concat!("/wo", "rk/"), concat!("TO", "DO:"), concat!("FIX", "ME"), concat!("X", "XX:")];
    let mut out = Vec::new();
    for source in sources {
        for (n, line) in source.text.lines().enumerate() {
            for word in forbidden.iter().filter(|w| line.contains(**w)) {
                out.push(format!("{}:{}: `{word}` does not belong in the repository", source.path, n + 1));
            }
        }
    }
    out
}

fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|s| s.is_rust())
}

fn shipped(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|s| s.is_production())
}

/// Where a whole word stands.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let bytes = code.as_bytes();
    code.match_indices(word).filter(move |(i, w)| {
        let after = bytes.get(i + w.len()).copied().unwrap_or(b' ');
        (*i == 0 || !is_word(bytes[i - 1])) && !is_word(after)
    })
}
