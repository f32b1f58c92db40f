//! Commands that look after the home: backups and the ways in.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use bansou_core::record::v1::backup::BackupManifest;
use bansou_core::text::Lang;
use serde_json::json;

use super::Call;
use super::answer::Answer;
use super::args::{BackupVerb, KeyVerb};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::resume;
use crate::shell::vault::{self, RecoveryCode, Unlock};

pub(super) fn backup(call: &Call, verb: BackupVerb) -> Result<Answer, Failure> {
    match verb {
        BackupVerb::Create { file } => {
            let mut home = call.open()?;
            let (file, manifest) = home.backup(file.as_deref())?;
            let answer = told(call, &file, &manifest);
            // A home of an earlier format does not know its recovery code's recipient until it was typed once.
            Ok(match (home.recovery_known(), call.lang) {
                (true, _) => answer,
                (false, Lang::Ja) => {
                    answer.and("復旧コードでは開けない控えです。`bansou key drill` のあとで作り直してください。")
                }
                (false, Lang::En) => answer
                    .and("The recovery code does not open this backup. Run `bansou key drill`, then make another."),
            })
        }
        BackupVerb::Verify { file } => {
            let secret = call.secret()?;
            let manifest = vault::backup::verify(&file, &Unlock::of(&secret))?;
            Ok(told(call, &file, &manifest))
        }
        BackupVerb::Restore { file, new_passphrase_file } => {
            let path = call.home_path()?;
            if vault::Vault::exists(&path) {
                return Err(vault::VaultError::Exists.into());
            }
            let secret = call.secret()?;
            let unlock = Unlock::of(&secret);
            let fresh = match (&unlock, &new_passphrase_file) {
                (Unlock::Passphrase(_), None) => None,
                (_, file) => Some(call.new_passphrase(file.as_deref())?),
            };
            let passphrase = fresh.as_ref().unwrap_or(&secret);
            let (home, code, manifest) = Home::restore(&path, &file, &unlock, passphrase)?;
            show_code(call.lang, &code);
            let answer = told(call, &home.path, &manifest);
            Ok(match resume::may_seal(&home) {
                Err(next) if home.books.enrolment.is_some() => answer.and(next.text(call.lang)),
                _ => answer,
            })
        }
    }
}

/// The code is shown once, on the terminal only.
pub(super) fn show_code(lang: Lang, code: &RecoveryCode) {
    let line = match lang {
        Lang::Ja => "復旧コード(紙に書き、金庫に。二度と表示しません):",
        Lang::En => "Recovery code (write it on paper, keep it in a safe; it is never shown again):",
    };
    let _ = writeln!(std::io::stderr(), "{line}\n{}", code.expose());
}

fn told(call: &Call, file: &Path, manifest: &BackupManifest) -> Answer {
    let (records, blobs, seq) = (manifest.records, manifest.blobs, manifest.seq);
    let made = manifest.made_at.map(|at| at.to_string()).unwrap_or_default();
    let counts = match call.lang {
        Lang::Ja => format!("{made}  変更 {seq} 件まで / 記録 {records} 件 / 書類・添付 {blobs} 件"),
        Lang::En => format!("{made}  up to change {seq} / {records} records / {blobs} documents and attachments"),
    };
    Answer::line(file.display().to_string())
        .and(counts)
        .with("file", file.display().to_string())
        .with("kind", manifest.kind.clone())
        .with("made_at", manifest.made_at.map(|at| at.to_string()))
        .with("seq", seq)
        .with("records", records)
        .with("blobs", blobs)
}

pub(super) fn key(call: &Call, verb: KeyVerb) -> Result<Answer, Failure> {
    let (mut home, secret) = call.open_with()?;
    match verb {
        KeyVerb::List => {}
        KeyVerb::Passphrase { new_passphrase_file } => {
            home.change_passphrase(&call.new_passphrase(new_passphrase_file.as_deref())?)?;
        }
        KeyVerb::Drill { code_file } => home.drill(&call.code(code_file.as_deref())?)?,
        KeyVerb::RenewRecovery => show_code(call.lang, &home.renew_recovery()?),
        KeyVerb::Add { name, recipient } => home.add_way(&name, &recipient)?,
        KeyVerb::Remove { name } => home.remove_way(&name)?,
        KeyVerb::Reseal { without_damaged_history } => {
            let forget = if without_damaged_history { home.damaged_texts()? } else { BTreeSet::new() };
            home.reseal(&secret, &forget)?;
        }
    }
    list(&mut home)
}

fn list(home: &mut Home) -> Result<Answer, Failure> {
    let strange = home.strange_ways()?;
    let care = home.cared()?;
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for (name, way) in &care.ways {
        let recipient = way.recipient.as_deref().unwrap_or("");
        answer = answer.and(format!("{name:12}  {}  {recipient}", way.since));
        rows.push(json!({"way": name, "since": way.since.to_string(), "recipient": way.recipient}));
    }
    answer = strange.iter().fold(answer, |a, name| a.and(format!("? keys/{name}.age")));
    answer.code = if strange.is_empty() { 0 } else { 6 };
    let drilled = care.drilled_on.map(|day| day.to_string());
    Ok(answer.with("ways", rows).with("drilled_on", drilled).with("strange", strange))
}
