//! The templates that ship inside the program.

use super::Pack;
use super::pack::instrument;
use crate::risk::RiskScale;

macro_rules! shipped {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../templates/", $path)))),*]
    };
}

const FILES: &[(&str, &str)] = shipped![
    "calendar/japan@2027.toml",
    "curriculum/standard-4@2020.toml",
    "diagnosis/jishin-25@2020.toml",
    "eligibility/sme@2020.toml",
    "final-report/final@2020.toml",
    "pairing/ojt@2020.toml",
    "phrases/standard@2020.toml",
    "hearing/interview@2020.toml",
    "plan/one-year@2020.toml",
    "policy/five-articles@2020.toml",
    "guidance/expert@2020.toml",
    "programme/current-2026.toml",
    "programme/r2-2020.toml",
    "region/japan@2020.toml",
    "regulations/guideline@3.toml",
    "regulations/guideline@4.0.toml",
    "retention/standard@2026.toml",
    "risk/guideline@3.toml",
    "risk/guideline@3.1.toml",
    "risk/guideline@4.0.toml",
    "survey/expert@2020.toml",
    "survey/firm@2020.toml",
];

/// The text of a shipped template by its path below `templates/`.
pub fn builtin_text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Every shipped programme, in order of id.
pub fn builtin() -> Vec<Pack> {
    let ids = FILES.iter().filter_map(|(path, _)| path.strip_prefix("programme/")?.strip_suffix(".toml"));
    ids.map(|id| Pack::load(id, &read).expect("shipped programmes are loaded by a test")).collect()
}

/// Every shipped risk scale, in order of edition.
pub fn risk_scales() -> Vec<RiskScale> {
    let names = FILES.iter().filter_map(|(path, _)| path.strip_prefix("risk/")?.strip_suffix(".toml"));
    names.map(|name| instrument(&read, "risk", name).expect("shipped scales are loaded by a test")).collect()
}

fn read(path: &str) -> Option<String> {
    builtin_text(path).map(str::to_owned)
}
