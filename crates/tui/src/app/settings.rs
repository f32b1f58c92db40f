//! What a person may set: the text of `config.toml` becomes values, and every mistake is named by its line.

use std::ops::RangeInclusive;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::key::Key;
use super::keymap::{self, Keymap, Refused};
use super::look::Theme;
use super::textkeys::Profile;
use super::width::Ambiguous;
use crate::words::{Lang, Words};

/// What a setting may be, as it is written in TOML; the first is what holds without the file.
enum Allowed {
    Of(&'static [&'static str]),
    /// A time without a key, such as `"5m"`.
    Pause,
    /// A folder, or nothing.
    Folder,
    /// A program, or nothing.
    Program,
    /// A number of megabytes within `MEGABYTES`.
    Megabytes,
}

/// Every setting but the keys. One that allows a single value has no other yet: better refused than ignored.
const KNOWN: [(&str, &str, Allowed); 18] = [
    ("ui", "lang", Allowed::Of(&["\"auto\"", "\"ja\"", "\"en\""])),
    ("ui", "theme", Allowed::Of(&["\"auto\"", "\"dark\"", "\"light\"", "\"high-contrast\"", "\"mono\""])),
    ("ui", "ambiguous", Allowed::Of(&["\"auto\"", "\"narrow\"", "\"wide\""])),
    ("ui", "mouse", Allowed::Of(&["\"off\""])),
    ("ui", "motion", Allowed::Of(&["false"])),
    ("ui", "clock", Allowed::Of(&["true", "false"])),
    ("ui", "reader", Allowed::Of(&["false", "true"])),
    ("keys", "text", Allowed::Of(&["\"standard\"", "\"emacs\"", "\"vim\""])),
    ("keys", "profile", Allowed::Of(&["\"default\""])),
    ("safety", "lock_after", Allowed::Pause),
    ("safety", "clipboard", Allowed::Of(&["\"app\"", "\"system\""])),
    ("safety", "external_editor", Allowed::Of(&["false"])),
    ("safety", "title", Allowed::Of(&["\"plain\""])),
    ("safety", "viewer", Allowed::Program),
    ("safety", "attachment_mb", Allowed::Megabytes),
    ("sync", "bundle_dir", Allowed::Folder),
    ("ime", "control", Allowed::Of(&["\"off\""])),
    ("ime", "fold_fullwidth_keys", Allowed::Of(&["true", "false"])),
];

/// The whole name of a setting.
fn dotted(known: &(&str, &str, Allowed)) -> String {
    format!("{}.{}", known.0, known.1)
}

/// The code of mistakes in the file.
pub const CODE: &str = "E-CONFIG";

const KEY_MAP: &str = concat!("keys", ".map");

/// The time without a key after which the screens lock, unless set.
pub const LOCK_AFTER: Duration = Duration::from_secs(5 * 60);
/// Shorter would lock while a sentence is thought of, longer would leave an open screen in an empty room.
const LOCK_BOUNDS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(15 * 60));

/// The largest attachment unless set, and what it may be set to: the store takes 64 MiB in one piece.
const ATTACHMENT: u64 = 25;
const MEGABYTES: RangeInclusive<u64> = 1..=60;

/// A mistake in the file. Never holds more of the file than the name of the setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    pub key: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The file cannot be read, with the reason of the system or the parser.
    Unreadable(String),
    /// Nothing has this name; the nearest that has.
    Unknown(Option<String>),
    /// The value is none of these.
    Value(String),
    /// This writes no key.
    NoKey,
    Refused(Refused),
}

/// What holds: the file's values, and for the rest what the program begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub lang: Option<Lang>,
    /// `None`: as the terminal's background is.
    pub theme: Option<Theme>,
    /// `None`: as the terminal answers.
    pub ambiguous: Option<Ambiguous>,
    pub clock: bool,
    /// The screens are told as lines.
    pub reader: bool,
    pub fold: bool,
    pub lock_after: Duration,
    /// Where bundles go by hand; empty: asked for.
    pub bundle_dir: String,
    /// Lists may be copied to the terminal's own clipboard.
    pub clip_out: bool,
    /// The program that shows attachments, without arguments; empty: what the desktop has for them.
    pub viewer: String,
    /// The largest attachment, in bytes.
    pub largest_attachment: u64,
    pub keys: Keymap,
    /// Whose keys texts obey.
    pub text: Profile,
    pub mistakes: Vec<Mistake>,
    /// Values of the file that hold: line, setting, value as TOML.
    given: Vec<(usize, String, String)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            lang: None,
            theme: None,
            ambiguous: None,
            clock: true,
            reader: false,
            fold: true,
            lock_after: LOCK_AFTER,
            bundle_dir: String::new(),
            clip_out: false,
            viewer: String::new(),
            largest_attachment: ATTACHMENT << 20,
            keys: Keymap::default(),
            text: Profile::default(),
            mistakes: Vec::new(),
            given: Vec::new(),
        }
    }
}

/// A value of the file with its place.
struct Given {
    line: usize,
    key: String,
    /// As TOML; `None` for what no setting can be.
    value: Option<String>,
    /// The strings of a string or of a list of strings.
    texts: Vec<String>,
}

impl Settings {
    /// What a file says. A mistake leaves only its own setting as it is without the file.
    pub fn read(text: &str) -> Settings {
        let mut settings = Settings::default();
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(e) => {
                let line = line_at(text, e.span().map_or(0, |span| span.start));
                settings.mistakes.push(Mistake {
                    line,
                    key: String::new(),
                    what: What::Unreadable(e.message().into()),
                });
                return settings;
            }
        };
        let mut all = Vec::new();
        flatten(text, "", table.get_ref(), &mut all);
        let names = keymap::names();
        let mut keys = Vec::new();
        for given in all {
            match given.key.strip_prefix(KEY_MAP).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned) {
                Some(action) => settings.take_key(given, action, &names, &mut keys),
                None => settings.take(given, &names),
            }
        }
        settings.take_keys(keys);
        settings.mistakes.sort_by_key(|m| m.line);
        settings
    }

    /// The settings when the file is there and cannot be read.
    pub fn unreadable(reason: impl Into<String>) -> Settings {
        let mistake = Mistake { line: 1, key: String::new(), what: What::Unreadable(reason.into()) };
        Settings { mistakes: vec![mistake], ..Settings::default() }
    }

    fn take(&mut self, given: Given, names: &[String]) {
        let Some((_, name, allowed)) = KNOWN.iter().find(|known| dotted(known) == given.key) else {
            let near = nearest(&given.key, names);
            return self.mistake(given.line, given.key, What::Unknown(near));
        };
        let text = given.texts.first().map_or("", String::as_str);
        let right = match allowed {
            Allowed::Of(values) => given.value.as_deref().is_some_and(|v| values.contains(&v)),
            Allowed::Pause => pause(text).is_some(),
            Allowed::Megabytes => megabytes(given.value.as_deref()).is_some(),
            Allowed::Folder | Allowed::Program => given.value.as_deref().is_some_and(|v| v.starts_with('\u{22}')),
        };
        if !right {
            return self.mistake(given.line, given.key, What::Value(allowed.text()));
        }
        match *name {
            "lang" => self.lang = [("ja", Lang::Ja), ("en", Lang::En)].into_iter().find_map(named(text)),
            "theme" => self.theme = Theme::NAMES.into_iter().find_map(named(text)),
            "ambiguous" => {
                let widths = [("narrow", Ambiguous::Narrow), ("wide", Ambiguous::Wide)];
                self.ambiguous = widths.into_iter().find_map(named(text));
            }
            "text" => self.text = Profile::NAMES.into_iter().find_map(named(text)).unwrap_or_default(),
            "clock" => self.clock = given.value.as_deref() == Some("true"),
            "reader" => self.reader = given.value.as_deref() == Some("true"),
            "fold_fullwidth_keys" => self.fold = given.value.as_deref() == Some("true"),
            "lock_after" => self.lock_after = pause(text).unwrap_or(LOCK_AFTER),
            "bundle_dir" => text.clone_into(&mut self.bundle_dir),
            "clipboard" => self.clip_out = text == "system",
            "viewer" => text.clone_into(&mut self.viewer),
            "attachment_mb" => {
                self.largest_attachment = megabytes(given.value.as_deref()).unwrap_or(ATTACHMENT) << 20;
            }
            _ => {}
        }
        self.given.push((given.line, given.key, given.value.unwrap_or_default()));
    }

    fn take_key(&mut self, given: Given, action: String, names: &[String], keys: &mut Vec<(Given, String, Vec<Key>)>) {
        if !names.contains(&action) {
            let near = nearest(&given.key, names);
            return self.mistake(given.line, given.key, What::Unknown(near));
        }
        let parsed: Result<Vec<Key>, ()> = given.texts.iter().map(|text| text.parse()).collect();
        match parsed {
            Ok(parsed) if !parsed.is_empty() => keys.push((given, action, parsed)),
            _ => self.mistake(given.line, given.key, What::NoKey),
        }
    }

    /// Gives the person's keys; one that is refused is left out and the others hold.
    fn take_keys(&mut self, mut keys: Vec<(Given, String, Vec<Key>)>) {
        loop {
            let wanted: Vec<(String, Vec<Key>)> =
                keys.iter().map(|(_, name, keys)| (name.clone(), keys.clone())).collect();
            match keymap::own(&wanted) {
                Ok(_) if keys.is_empty() => return,
                Ok(own) => self.keys = own,
                Err((at, refused)) => {
                    let (given, _, _) = keys.remove(at);
                    self.mistake(given.line, given.key, What::Refused(refused));
                    continue;
                }
            }
            self.given.extend(keys.into_iter().map(|(g, _, _)| (g.line, g.key, g.value.unwrap_or_default())));
            return;
        }
    }

    fn mistake(&mut self, line: usize, key: String, what: What) {
        self.mistakes.push(Mistake { line, key, what });
    }

    /// The settings that allow one value only so far.
    pub fn fixed() -> Vec<String> {
        KNOWN.iter().filter(|known| matches!(known.2, Allowed::Of([_]))).map(dotted).collect()
    }

    /// Every setting as a line of TOML with where it comes from: the file's, then the rest.
    pub fn lines(&self, words: &Words) -> Vec<String> {
        let line = |key: &str, value: &str, from: String| format!("{:<46}# {from}", format!("{key} = {value}"));
        let mut out: Vec<String> = KNOWN
            .iter()
            .map(|known| match self.given.iter().find(|g| g.1 == dotted(known)) {
                Some((at, key, value)) => line(key, value, words.fill("config.line", &[("line", &at.to_string())])),
                None => line(&dotted(known), known.2.first(), words.get(known.2.origin()).to_owned()),
            })
            .collect();
        for (at, key, value) in self.given.iter().filter(|g| g.1.starts_with(KEY_MAP)) {
            let action = &key[KEY_MAP.len() + 1..];
            let from = words.fill("config.line", &[("line", &at.to_string())]);
            out.push(line(&format!("{KEY_MAP}.\"{action}\""), value, from));
        }
        out
    }
}

impl Allowed {
    /// What may be written, for a person to read.
    fn text(&self) -> String {
        match self {
            Allowed::Of(values) => values.join(", "),
            Allowed::Pause => "\"1m\" - \"15m\", \"90s\"".to_owned(),
            Allowed::Folder => "\"/media/usb\", \"\"".to_owned(),
            Allowed::Program => "\"/usr/bin/evince\", \"\"".to_owned(),
            Allowed::Megabytes => format!("{} - {}", MEGABYTES.start(), MEGABYTES.end()),
        }
    }

    /// What holds without the file.
    fn first(&self) -> &'static str {
        match self {
            Allowed::Of(values) => values.first().copied().unwrap_or_default(),
            Allowed::Pause => "\"5m\"",
            Allowed::Folder | Allowed::Program => "\"\"",
            Allowed::Megabytes => "25",
        }
    }

    fn origin(&self) -> &'static str {
        match self {
            Allowed::Of([_]) => "config.only",
            _ => "config.builtin",
        }
    }
}

impl Mistake {
    /// What is wrong and what may stand there instead.
    pub fn text(&self, words: &Words) -> String {
        let what = match &self.what {
            What::Unreadable(reason) => words.fill("config.unreadable", &[("reason", reason)]),
            What::Unknown(Some(near)) => words.fill("config.did_you_mean", &[("near", near)]),
            What::Unknown(None) => words.get("config.unknown").to_owned(),
            What::Value(allowed) => words.fill("config.value", &[("allowed", allowed)]),
            What::NoKey => words.get("config.no_key").to_owned(),
            What::Refused(Refused::Taken(key)) => words.fill("config.taken", &[("key", &key.to_string())]),
            What::Refused(Refused::Text(key)) => words.fill("config.letter", &[("key", &key.to_string())]),
            What::Refused(Refused::Twice { key, title, word }) => words.fill(
                "config.twice",
                &[("key", &key.to_string()), ("table", words.get(title)), ("action", words.get(word))],
            ),
        };
        let line = words.fill("config.line", &[("line", &self.line.to_string())]);
        if self.key.is_empty() { format!("{line}: {what}") } else { format!("{line} {}: {what}", self.key) }
    }
}

fn named<T>(text: &str) -> impl Fn((&'static str, T)) -> Option<T> {
    let text = text.to_owned();
    move |(name, value)| (name == text).then_some(value)
}

/// A time such as `5m` or `90s` within the bounds.
fn pause(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "s" => number,
        "m" => number.checked_mul(60)?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds)).filter(|p| (LOCK_BOUNDS.0..=LOCK_BOUNDS.1).contains(p))
}

/// A number of megabytes within the bounds.
fn megabytes(value: Option<&str>) -> Option<u64> {
    value?.parse().ok().filter(|n| MEGABYTES.contains(n))
}

/// The line, from 1, of a byte.
fn line_at(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count() + 1
}

/// The values of a table by their dotted names. An empty table counts as a value when nothing is known by its name.
fn flatten(text: &str, above: &str, table: &DeTable<'_>, into: &mut Vec<Given>) {
    for (name, value) in table {
        let key = if above.is_empty() { name.get_ref().to_string() } else { format!("{above}.{}", name.get_ref()) };
        match value.get_ref() {
            DeValue::Table(below) if !below.is_empty() => flatten(text, &key, below, into),
            DeValue::Table(_) if is_section(&key) => {}
            value => {
                let (literal, texts) = spelled(value);
                into.push(Given { line: line_at(text, name.span().start), key, value: literal, texts });
            }
        }
    }
}

fn is_section(key: &str) -> bool {
    key == KEY_MAP || KNOWN.iter().any(|known| known.0 == key)
}

/// A value as TOML and its strings.
fn spelled(value: &DeValue<'_>) -> (Option<String>, Vec<String>) {
    match value {
        DeValue::String(text) => (Some(toml::Value::from(text.as_ref()).to_string()), vec![text.to_string()]),
        DeValue::Integer(number) => (Some(number.to_string()), Vec::new()),
        DeValue::Boolean(yes) => (Some(yes.to_string()), Vec::new()),
        DeValue::Array(all) => {
            let texts: Vec<String> =
                all.iter().filter_map(|v| Spanned::get_ref(v).as_str().map(str::to_owned)).collect();
            let whole = texts.len() == all.len();
            (whole.then(|| toml::Value::from(texts.clone()).to_string()), if whole { texts } else { Vec::new() })
        }
        _ => (None, Vec::new()),
    }
}

/// The known name most like an unknown one, by the whole or by its last part.
fn nearest(key: &str, actions: &[String]) -> Option<String> {
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let like = |known: &str| {
        let whole = strsim::normalized_damerau_levenshtein(known, key);
        whole.max(0.9 * strsim::normalized_damerau_levenshtein(&last(known), &last(key)))
    };
    let actions = actions.iter().map(|a| format!("{KEY_MAP}.{a}"));
    // An action is only meant where keys are given.
    let all = KNOWN.iter().map(dotted).chain(actions.filter(|_| key.starts_with("keys.")));
    let best = all.map(|known| (like(&known), known)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.6).then_some(best.1)
}
