//! What the doctor says about each check: its stable id, its severity, and cause, effect and next command as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Check;
use super::Severity::{self, Danger, Note, Warning};

/// Every check with its stable id and its severity, in the order of a report.
pub(super) const CHECKS: [(Check, &str, Severity); 46] = [
    (Check::StoreDamaged, "store.damaged", Danger),
    (Check::StoreOlder, "store.older", Danger),
    (Check::StoreNewer, "store.newer", Warning),
    (Check::StoreHistory, "store.history", Danger),
    (Check::KeyDamaged, "key.damaged", Danger),
    (Check::KeyMissing, "key.missing", Danger),
    (Check::KeyUnknown, "key.unknown", Danger),
    (Check::KeyChanged, "key.changed", Danger),
    (Check::KeyDrill, "key.drill", Note),
    (Check::FileMode, "file.mode", Danger),
    (Check::FileOwner, "file.owner", Danger),
    (Check::FileKind, "file.kind", Danger),
    (Check::FileUnfinished, "file.unfinished", Warning),
    (Check::FileStray, "file.stray", Warning),
    (Check::PlaceNetwork, "place.network", Danger),
    (Check::PlaceUnclear, "place.unclear", Warning),
    (Check::PlaceSynced, "place.synced", Warning),
    (Check::ClockImplausible, "clock.implausible", Danger),
    (Check::ClockBehind, "clock.behind", Danger),
    (Check::DiskFull, "disk.full", Danger),
    (Check::DiskShort, "disk.short", Warning),
    (Check::BackupNone, "backup.none", Warning),
    (Check::BackupOld, "backup.old", Warning),
    (Check::SwapOpen, "swap.open", Warning),
    (Check::Hibernation, "swap.hibernation", Warning),
    (Check::CoreDumps, "memory.dump", Warning),
    (Check::Onlookers, "memory.onlookers", Warning),
    (Check::LockedMemory, "memory.lock", Warning),
    (Check::EnrolmentRefused, "enrolment.refused", Danger),
    (Check::Certificate, "enrolment.certificate", Warning),
    (Check::CertificateSoon, "enrolment.certificate_soon", Note),
    (Check::Recipients, "edition.recipients", Warning),
    (Check::RecipientsSoon, "edition.recipients_soon", Note),
    (Check::ProgrammeUnknown, "edition.unknown", Danger),
    (Check::ProgrammeEnded, "edition.programme", Warning),
    (Check::TaxTable, "edition.tax", Danger),
    (Check::Holidays, "edition.holidays", Warning),
    (Check::OutboxWaiting, "outbox.waiting", Warning),
    (Check::AnswerMissing, "outbox.unanswered", Warning),
    (Check::SettingsWrong, "settings.wrong", Warning),
    (Check::TerminalSize, "terminal.size", Warning),
    (Check::TerminalEncoding, "terminal.encoding", Warning),
    (Check::TerminalWide, "terminal.wide", Note),
    (Check::TerminalColours, "terminal.colours", Note),
    (Check::TerminalMultiplexer, "terminal.multiplexer", Note),
    (Check::TerminalRemote, "terminal.remote", Note),
];

/// [cause, effect, next] in each language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentences {
    pub ja: [String; 3],
    pub en: [String; 3],
}

static ALL: LazyLock<BTreeMap<String, Sentences>> =
    LazyLock::new(|| toml::from_str(include_str!("sentences.toml")).expect("a test reads the built-in sentences"));

/// The id and the severity of a check.
pub(super) fn of(check: Check) -> (&'static str, Severity) {
    let (_, id, severity) = CHECKS[check as usize];
    (id, severity)
}

/// What is said about a check.
pub(super) fn say(check: Check) -> &'static Sentences {
    ALL.get(of(check).0).expect("a test finds the sentences of every check")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_row_and_its_sentences_and_no_sentence_is_left_over() {
        for (at, (check, id, _)) in CHECKS.iter().enumerate() {
            assert_eq!(*check as usize, at, "{id} stands in the order of the checks");
            let said = say(*check);
            for sentence in said.ja.iter().chain(&said.en) {
                assert!(
                    sentence.ends_with(|c: char| !c.is_whitespace()) && sentence.chars().count() >= 8,
                    "{id}: {sentence}"
                );
            }
            assert!(said.ja.iter().all(|s| s.chars().any(|c| ('ぁ'..='ん').contains(&c))), "{id}");
            assert!(said.en.iter().all(|s| s.is_ascii()), "{id}");
        }
        let ids: std::collections::BTreeSet<&str> = CHECKS.iter().map(|c| c.1).collect();
        assert_eq!((ids.len(), ALL.len()), (CHECKS.len(), CHECKS.len()));
    }
}
