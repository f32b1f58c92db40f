//! Archiving, holding and erasing clients, and the certificates of what was erased.

use std::path::Path;

use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::document;
use bansou_core::record::v1::{Id, PurgeRecord};
use bansou_core::refusal::Refusal;
use bansou_core::retention::{self, Block, Purge};
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::{Context, Signed, fingerprint};
use bansou_core::wire::v1::purge::PurgeCertificate;
use serde_json::{Value, json};

use super::{client_id, spoken};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::shell::documents::Typesetter;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::{self, papers};

/// A change of the client itself, answered with its id.
pub(super) fn change(
    home: &mut Home,
    client: &str,
    command: impl FnOnce(Id) -> ClientCommand,
) -> Result<Answer, Failure> {
    let id = client_id(home, client)?;
    home.apply(Command::Client(command(id)))?;
    Ok(Answer::line(id.to_string()).with("id", id.to_string()))
}

/// The reason is read from standard input, so that it never stands in a process list.
pub(super) fn hold(home: &mut Home, client: &str) -> Result<Answer, Failure> {
    let reason = spoken()?;
    change(home, client, |client| ClientCommand::Hold { client, reason })
}

/// The archived clients: when each may go, and what stands in the way today.
pub(super) fn archived(call: &Call, home: &Home) -> Result<Answer, Failure> {
    let today = home.ctx().today();
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for client in home.books.clients.values().filter(|c| c.archived) {
        let case_no = home.books.engagement_of(client.id).map(|e| e.case_no.clone());
        let blocks = retention::blocks(&home.books, &home.packs, client.id, today)?;
        let words: Vec<String> = blocks.iter().map(|b| b.text(call.lang)).collect();
        let case = case_no.as_deref().unwrap_or("-");
        answer = answer.and(format!("{:.8}  {case:8}  {}  {}", client.id.to_string(), client.name, words.join(", ")));
        rows.push(json!({"id": client.id.to_string(), "name": client.name, "case_no": case_no,
            "blocks": blocks_json(&blocks, call.lang)}));
    }
    Ok(answer.with("clients", rows))
}

pub(super) fn erase(call: &Call, client: &str, word: Option<&str>) -> Result<Answer, Failure> {
    let (mut home, secret) = call.open_with()?;
    let id = client_id(&home, client)?;
    let Some(word) = word else { return dry_run(call, &home, id) };
    let record = shell::retention::erase(&mut home, &Typesetter::new()?, id, word)?;
    // What was erased stays erased when this fails: the next opening by passphrase ends it.
    let finished = home.finish_purges(&secret).is_ok();
    let (_, certificate) = read(&record)?;
    let mut answer = told(&certificate);
    if !finished {
        answer = answer.and(match call.lang {
            Lang::Ja => "次にパスフレーズで開けたとき、古い鍵の写しも読めなくなります",
            Lang::En => "opening it by passphrase next makes copies under the old key unreadable too",
        });
    }
    let backups = shell::retention::backups(&home)?;
    let older = if call.lang == Lang::Ja {
        "消去の前の控えに残っています"
    } else {
        "still in a backup made before"
    };
    answer = backups.iter().fold(answer, |a, file| a.and(format!("{older}: {file}")));
    Ok(answer.with("finished", finished).with("backups", backups))
}

/// What would go, and what stands in the way; changes nothing.
fn dry_run(call: &Call, home: &Home, client: Id) -> Result<Answer, Failure> {
    let blocks = retention::blocks(&home.books, &home.packs, client, home.ctx().today())?;
    let Purge { certificate, .. } = shell::retention::plan(home, client)?;
    let mut answer = blocks.iter().fold(told(&certificate), |a, b| a.and(b.text(call.lang)));
    answer.code = if blocks.is_empty() { 0 } else { 6 };
    Ok(answer
        .with("blocks", blocks_json(&blocks, call.lang))
        .with("word", retention::word(&home.books, client))
        .with("dry_run", true))
}

fn blocks_json(blocks: &[Block], lang: Lang) -> Vec<Value> {
    blocks.iter().map(|b| json!({"code": b.code(), "says": b.text(lang)})).collect()
}

fn told(c: &PurgeCertificate) -> Answer {
    let counts = c.removed.iter().map(|(kind, n)| format!("removed  {kind:12} {n}"));
    let counts = counts.chain(c.reduced.iter().map(|(kind, n)| format!("reduced  {kind:12} {n}")));
    let case = c.case_no.as_deref().unwrap_or("-");
    let head = format!("{:.8}  {case}  {}  {}", c.id, c.erased_on, c.rule);
    let answer = counts.fold(Answer::line(head), Answer::and);
    answer
        .and(format!("blobs {}  journal entries {}", c.blobs, c.entries))
        .with("purge", c.id.clone())
        .with("case_no", c.case_no.clone())
        .with("client", c.client.clone())
        .with("removed", json!(c.removed))
        .with("reduced", json!(c.reduced))
        .with("blobs", c.blobs)
        .with("entries", c.entries)
        .with("sha256", c.sha256.clone())
        .with("rule", c.rule.clone())
        .with("ended_on", c.ended_on.map(|d| d.to_string()))
        .with("erased_on", c.erased_on.to_string())
        .with("kept_until", c.kept_until.map(|d| d.to_string()))
}

fn read(record: &PurgeRecord) -> Result<(Signed, PurgeCertificate), Failure> {
    let signed = Signed::from_json(&record.certificate)?;
    let certificate = signed.open(Context::Purge)?;
    Ok((signed, certificate))
}

/// Every purge of this home; each signature is verified.
pub(super) fn purges(home: &Home) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let mut rows = Vec::new();
    for record in home.books.purges.values() {
        let (_, c) = read(record)?;
        let case = c.case_no.as_deref().unwrap_or("-");
        let kept = c.kept_until.map_or_else(|| "-".to_owned(), |d| d.to_string());
        answer = answer.and(format!("{:.8}  {case:8}  {}  {}  {kept}  {:.16}", c.id, c.erased_on, c.rule, c.sha256));
        let mut row = json!(c);
        row["finished"] = json!(home.purge_finished(record));
        rows.push(row);
    }
    Ok(answer.with("purges", rows))
}

/// Writes the certificate of a purge, to be handed to the firm.
pub(super) fn certificate(home: &Home, purge: &str, file: &Path) -> Result<Answer, Failure> {
    let mut found = home.books.purges.values().filter(|p| p.id.to_string().starts_with(purge));
    let (Some(record), None) = (found.next(), found.next()) else {
        return Err(Refusal::NotFound { what: "purge" }.into());
    };
    let text = document::purge_certificate(&Signed::from_json(&record.certificate)?)?;
    papers::write_file(file, text.as_bytes())?;
    Ok(Answer::line(file.display().to_string()).with("file", file.display().to_string()))
}

/// Checks a certificate that was handed over; needs no home.
pub(super) fn check_certificate(file: &Path) -> Result<Answer, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::file(file, &e))?;
    let (signed, found) = document::read_purge_certificate(&text)?;
    let print = fingerprint(&signed.key_bytes()?);
    Ok(told(&found).and(print.clone()).with("fingerprint", print))
}
