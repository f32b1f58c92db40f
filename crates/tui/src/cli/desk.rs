//! Commands about the home itself: enrolment, outbox, sync, undo and history.

use bansou_core::command::Command;
use bansou_core::outbox::{next_place, state_word};
use bansou_core::resume::{ResumeCommand, pending};
use bansou_core::text::Lang;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::args::{EnrolVerb, OutboxVerb};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::post::Synced;
use crate::shell::{enrol, post};

pub(super) fn unlock_check(call: &Call) -> Result<Answer, Failure> {
    let home = call.open()?;
    let found = home.verify(call.lang)?;
    let mut answer = found.iter().fold(Answer::default(), |a, f| a.and(f.clone()));
    answer.code = if found.is_empty() { 0 } else { 9 };
    let clients = home.books.clients.len();
    Ok(answer.and(format!("clients {clients}")).with("findings", found).with("clients", clients))
}

pub(super) fn undo(call: &Call) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let changes = home.undo()?;
    Ok(Answer::line(format!("{} changes taken back", changes.len())).with("changes", changes.len()))
}

pub(super) fn redo(call: &Call) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let changes = home.redo()?;
    Ok(Answer::line(format!("{} changes done again", changes.len())).with("changes", changes.len()))
}

pub(super) fn history(call: &Call) -> Result<Answer, Failure> {
    let home = call.open()?;
    let entries = home.history()?;
    let rows: Vec<Value> = entries
        .iter()
        .map(|(seq, e)| json!({"seq": seq, "at": e.at.to_string(), "command": e.command, "undoes": e.undoes}))
        .collect();
    let gone = home.erased();
    let gone_rows: Vec<Value> = gone.iter().map(|(seq, on)| json!({"seq": seq, "erased_on": on.to_string()})).collect();
    let mut lines: Vec<(u64, String)> =
        entries.iter().map(|(seq, e)| (*seq, format!("{seq:5}  {}  {}", e.at, e.command))).collect();
    lines.extend(gone.iter().map(|(seq, on)| {
        let said =
            if call.lang == Lang::Ja { format!("{on} に本文を消去") } else { format!("text erased on {on}") };
        (*seq, format!("{seq:5}  {said}"))
    }));
    lines.sort();
    let answer = Answer::default().with("entries", rows).with("erased", gone_rows);
    Ok(lines.into_iter().fold(answer, |a, (_, line)| a.and(line)))
}

pub(super) fn enrol(call: &Call, verb: EnrolVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        EnrolVerb::Request { invitation, out } => {
            enrol::request(&mut home, &invitation, &out)?;
            let print = enrol::own_fingerprint(&home);
            Ok(Answer::line(print.clone()).with("fingerprint", print).with("file", out.display().to_string()))
        }
        EnrolVerb::Accept { pack } => {
            let number = enrol::accept(&mut home, &pack)?;
            Ok(Answer::line(number.clone()).with("expert", number))
        }
        EnrolVerb::Fingerprint => {
            let print = enrol::own_fingerprint(&home);
            Ok(Answer::line(print.clone()).with("fingerprint", print))
        }
    }
}

pub(super) fn outbox(call: &Call, verb: OutboxVerb) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    match verb {
        OutboxVerb::List => {}
        OutboxVerb::Send => drop(post::send(&mut home)?),
        OutboxVerb::Export { dir } => drop(post::export(&mut home, &dir)?),
        OutboxVerb::ImportReceipts { dir } => {
            let synced = post::import(&mut home, &dir)?;
            return Ok(told(call, &home, &synced));
        }
        OutboxVerb::Resume { next, reason } => {
            home.apply(Command::Resume(ResumeCommand::ByHand { next, reason }))?;
        }
    }
    Ok(list(&home))
}

pub(super) fn sync(call: &Call) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    let synced = post::sync(&mut home)?;
    Ok(told(call, &home, &synced))
}

/// The outbox, and what a round noticed about bundles that this home did not seal.
fn told(call: &Call, home: &Home, synced: &Synced) -> Answer {
    let mut answer = list(home).with("found", synced.found);
    if synced.found > 0 {
        let (n, next) = (synced.found, next_place(&home.books).seq);
        answer = answer.and(match call.lang {
            Lang::Ja => format!(
                "この保管庫が知らない送信物が{n}件ありました(控えのあとに封をしたか、別の写しが使われています)。次の便番号は{next}です。別の写しは使わないでください。"
            ),
            Lang::En => format!(
                "{n} bundles of this key were unknown here: sealed after the backup, or by another copy of this store. The next number is {next}. Use only one copy."
            ),
        });
    }
    if let Some(e) = &synced.unlisted {
        let why = if call.lang == Lang::Ja { e.ja() } else { e.to_string() };
        answer = answer.and(match call.lang {
            Lang::Ja => format!("サーバーの受領一覧は確かめられませんでした: {why}"),
            Lang::En => format!("The server's list of received bundles could not be checked: {why}"),
        });
    }
    answer.with("unlisted", synced.unlisted.as_ref().map(ToString::to_string))
}

fn list(home: &Home) -> Answer {
    let mut items: Vec<_> = home.books.outbox.values().collect();
    items.sort_by_key(|i| i.seq);
    let rows: Vec<Value> = items
        .iter()
        .map(|i| {
            json!({"seq": i.seq, "state": state_word(i.state), "sha256": i.sha256, "size": i.size,
                "session": i.session, "attempts": i.attempts, "received": i.receipt.is_some()})
        })
        .collect();
    let known = home.books.resumption.iter().flat_map(|r| &r.found);
    let elsewhere: Vec<Value> = known
        .clone()
        .map(|(sha256, f)| {
            json!({"seq": f.seq, "state": state_word(f.state), "sha256": sha256, "size": f.size,
                "received": f.receipt.is_some()})
        })
        .collect();
    let next = next_place(&home.books);
    let answer = Answer::default()
        .with("items", rows)
        .with("sealed_elsewhere", elsewhere)
        .with("next", next.seq)
        .with("restored", pending(&home.books));
    let answer = items.iter().fold(answer, |a, i| {
        a.and(format!("{:4}  {:9} {:8} bytes  {:.16}", i.seq, state_word(i.state), i.size, i.sha256))
    });
    known.fold(answer, |a, (sha256, f)| {
        let seq = f.seq.map_or_else(|| "?".to_owned(), |n| n.to_string());
        a.and(format!("{seq:>4}  {:9} {:8} bytes  {sha256:.16}  sealed elsewhere", state_word(f.state), f.size))
    })
}
