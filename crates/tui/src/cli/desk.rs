//! Commands about the home itself: enrolment, outbox, sync, undo and history.

use bansou_core::outbox::state_word;
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::fingerprint;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::args::{EnrolVerb, OutboxVerb};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
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
            let print = fingerprint(&home.keys.public().signing);
            Ok(Answer::line(print.clone()).with("fingerprint", print).with("file", out.display().to_string()))
        }
        EnrolVerb::Accept { pack } => {
            let number = enrol::accept(&mut home, &pack)?;
            Ok(Answer::line(number.clone()).with("expert", number))
        }
        EnrolVerb::Fingerprint => {
            let print = fingerprint(&home.keys.public().signing);
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
        OutboxVerb::ImportReceipts { dir } => drop(post::import(&mut home, &dir)?),
    }
    Ok(list(&home))
}

pub(super) fn sync(call: &Call) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    post::send(&mut home)?;
    post::fetch_replies(&mut home)?;
    Ok(list(&home))
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
    items.iter().fold(Answer::default().with("items", rows), |a, i| {
        a.and(format!("{:4}  {:9} {:8} bytes  {:.16}", i.seq, state_word(i.state), i.size, i.sha256))
    })
}
