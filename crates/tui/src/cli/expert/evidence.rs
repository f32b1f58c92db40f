//! Attachments on the command line.

use bansou_core::attachment::{AttachmentAction, AttachmentCommand};
use bansou_core::command::Command;
use bansou_core::planning;
use bansou_core::record::v1::{Attachment, Id, Links};
use bansou_core::refusal::Refusal;
use serde_json::{Value, json};

use super::{case, spoken};
use crate::app::evidence::{Given, Source};
use crate::cli::Call;
use crate::cli::answer::Answer;
use crate::cli::args::{AttachmentVerb, LinkArgs};
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::{evidence, papers};
use crate::words::Words;

pub(super) fn attachment(call: &Call, verb: AttachmentVerb) -> Result<Answer, Failure> {
    let words = Words::new(call.lang);
    let mut home = call.open()?;
    match verb {
        AttachmentVerb::Add { case: c, file, text, name, links, dated, note } => {
            let engagement = case(&home, &c)?.0.id;
            let source = match file {
                Some(path) if !text => Source::File(path.to_str().ok_or_else(unreadable)?.to_owned()),
                _ => Source::Text { name, text: spoken()? },
            };
            let links = linked(&home, &c, &links)?;
            let dated = dated.map(|day| day.0);
            let given = Given { engagement, source, dated, note, links };
            let (added, known) = evidence::add(&mut home, given)?;
            let key = if known { "attach.twice" } else { "attach.added" };
            Ok(one(&home, &added).and(words.get(key)).with("stored_before", known))
        }
        AttachmentVerb::List { case: c } => {
            let all = home.books.attachments_of(case(&home, &c)?.0.id);
            let rows: Vec<Value> = (1..).zip(&all).map(|(number, a)| row(number, a)).collect();
            let lines = (1..).zip(&all).map(|(number, a)| line(number, a));
            Ok(lines.fold(Answer::default().with("attachments", rows), Answer::and))
        }
        AttachmentVerb::Show { case: c, number } => {
            let found = numbered(&home, &c, number)?;
            let dated = found.dated.map_or_else(|| words.get("attach.no_day").to_owned(), |on| on.to_string());
            let came = if found.pasted { "attach.came_text" } else { "attach.came_file" };
            let when = found.imported_at.strftime("%Y-%m-%d %H:%M").to_string();
            let answer = one(&home, found).and(words.fill(came, &[("when", &when), ("day", &dated)]));
            let answer = if found.note.is_empty() { answer } else { answer.and(found.note.clone()) };
            Ok(answer.and(words.fill("attach.hash", &[("hash", &found.sha256)])))
        }
        AttachmentVerb::Link { case: c, number, links } => tie(&mut home, &c, number, &links, true),
        AttachmentVerb::Unlink { case: c, number, links } => tie(&mut home, &c, number, &links, false),
        AttachmentVerb::Export { case: c, number, file } => {
            let found = numbered(&home, &c, number)?;
            papers::save(&home, found.blob, &file)?;
            Ok(one(&home, found).and(words.get("attach.exported")))
        }
        AttachmentVerb::Open { case: c, number, yes } => open(call, words, &home, numbered(&home, &c, number)?, yes),
        AttachmentVerb::Remove { case: c, number } => {
            let (attachment, answer) = {
                let found = numbered(&home, &c, number)?;
                (found.id, one(&home, found))
            };
            change(&mut home, &c, AttachmentAction::Remove(attachment))?;
            Ok(answer.and(words.get("attach.removed")))
        }
    }
}

/// A text is shown here; anything else in the viewer, after a word.
fn open(call: &Call, words: &'static Words, home: &Home, found: &Attachment, yes: bool) -> Result<Answer, Failure> {
    if let Some((_, lines)) = evidence::text(home, found, call.lang)? {
        let answer = Answer::default().with("text", lines.join("\n"));
        return Ok(lines.into_iter().fold(answer, Answer::and));
    }
    let warning = format!("{} {}", words.get("attach.sure_1"), words.get("attach.sure_2"));
    if !yes && call.passphrase.ask(&format!("{warning} (yes)"))? != "yes" {
        return Err(Failure::input(
            "開きませんでした。開くには yes と入れるか --yes を付けてください。",
            "Not opened. Type yes, or give --yes.",
        ));
    }
    let mut look = evidence::look(home, found)?;
    look.wait();
    // A program that hands the file on to another ends at once: what is looked at must stay until it was read.
    call.passphrase.ask(words.get("attach.until_enter"))?;
    Ok(one(home, found))
}

fn unreadable() -> Failure {
    Failure::input("ファイル名がUTF-8ではありません。", "The file name is not UTF-8.")
}

fn change(home: &mut Home, case_no: &str, action: AttachmentAction) -> Result<(), Failure> {
    let engagement = case(home, case_no)?.0.id;
    home.apply(Command::Attachment(AttachmentCommand { engagement, action })).map(drop)
}

fn tie(home: &mut Home, case_no: &str, number: usize, args: &LinkArgs, on: bool) -> Result<Answer, Failure> {
    let asked = linked(home, case_no, args)?;
    if asked.is_empty() {
        return Err(Failure::input(
            "--question、--line、--session のどれかを付けてください。",
            "Give --question, --line or --session.",
        ));
    }
    let found = numbered(home, case_no, number)?.clone();
    let mut links = found.links.clone();
    if on {
        links.questions.extend(&asked.questions);
        links.plan_lines.extend(&asked.plan_lines);
        links.sessions.extend(&asked.sessions);
    } else {
        links.questions.retain(|n| !asked.questions.contains(n));
        links.plan_lines.retain(|id| !asked.plan_lines.contains(id));
        links.sessions.retain(|n| !asked.sessions.contains(n));
    }
    let action = AttachmentAction::Edit { attachment: found.id, dated: found.dated, note: found.note, links };
    change(home, case_no, action)?;
    Ok(one(home, evidence::named(home, found.id)?))
}

fn linked(home: &Home, case_no: &str, args: &LinkArgs) -> Result<Links, Failure> {
    let (engagement, pack) = case(home, case_no)?;
    let plan = home.books.plan_of(engagement.id);
    let lines = plan.map_or_else(Vec::new, |p| planning::ranked(&home.books, pack, p));
    let line = |number: &usize| -> Result<Id, Failure> {
        let found = number.checked_sub(1).and_then(|at| lines.get(at));
        Ok(found.ok_or(Refusal::NotFound { what: "plan line" })?.1.id)
    };
    Ok(Links {
        questions: args.question.iter().copied().collect(),
        plan_lines: args.line.iter().map(line).collect::<Result<_, _>>()?,
        sessions: args.session.iter().copied().collect(),
    })
}

fn numbered<'a>(home: &'a Home, case_no: &str, number: usize) -> Result<&'a Attachment, Failure> {
    let all = home.books.attachments_of(case(home, case_no)?.0.id);
    let found = number.checked_sub(1).and_then(|at| all.get(at)).copied();
    Ok(found.ok_or(Refusal::NotFound { what: "attachment" })?)
}

/// One attachment, by the number it has in the list.
fn one(home: &Home, a: &Attachment) -> Answer {
    let number = home.books.attachments_of(a.engagement).iter().position(|o| o.id == a.id).map_or(0, |at| at + 1);
    Answer::line(line(number, a)).with("attachment", row(number, a))
}

fn line(number: usize, a: &Attachment) -> String {
    let list = |label: &str, all: Vec<String>| match all.is_empty() {
        true => String::new(),
        false => format!("  {label}{}", all.join(",")),
    };
    let questions = list("Q", a.links.questions.iter().map(u8::to_string).collect());
    let lines = list("P", a.links.plan_lines.iter().map(|id| id.to_string()[..8].to_owned()).collect());
    let sessions = list("S", a.links.sessions.iter().map(u8::to_string).collect());
    let dated = a.dated.map_or_else(|| "-".to_owned(), |d| d.to_string());
    format!("{number:>3}  {dated:<10}  {:>9}  {}  {}{questions}{lines}{sessions}", a.size, a.media, a.name)
}

fn row(number: usize, a: &Attachment) -> Value {
    let lines: Vec<String> = a.links.plan_lines.iter().map(Id::to_string).collect();
    json!({"number": number, "id": a.id.to_string(), "name": a.name, "media": a.media, "size": a.size,
        "sha256": a.sha256, "imported_at": a.imported_at.to_string(), "dated": a.dated.map(|d| d.to_string()),
        "note": a.note, "questions": a.links.questions, "lines": lines, "sessions": a.links.sessions,
        "pasted": a.pasted})
}
