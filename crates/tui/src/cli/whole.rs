//! Commands over the whole home: the doctor, the export of everything, and search.

use bansou_core::doctor::{Finding, Inside, Report, Severity, Skipped};
use bansou_core::record::v1::Id;
use bansou_core::search::{Hit, Index};
use bansou_core::text::Lang;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::args::{DoctorArgs, ExportArgs, SearchArgs};
use super::expert::spoken;
use crate::app::find;
use crate::app::width::Ambiguous;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::vault::Vault;
use crate::shell::{doctor, export, place, terminal};
use crate::words::Words;

pub(super) fn doctor(call: &Call, args: &DoctorArgs) -> Result<Answer, Failure> {
    let path = call.home_path()?;
    let home = if !Vault::exists(&path) && !path.join("vault.db").exists() {
        Err(Inside::Skipped(Skipped::NoStore))
    } else if args.no_unlock || !call.passphrase.possible() {
        Err(Inside::Skipped(Skipped::Locked))
    } else {
        match call.open() {
            Ok(home) => Ok(home),
            Err(failure) => Err(doctor::refused(failure)?),
        }
    };
    let seen = doctor::terminal(ambiguous_width(call));
    let report = match &home {
        Ok(home) => doctor::of_home(home, seen),
        Err(inside) => doctor::of_folder(&path, seen, inside),
    };
    let settings = place::config_file().map(|file| file.display().to_string());
    let answer = answer(call.lang, &report).with("home", path.display().to_string()).with("settings", settings);
    let reader = Words::new(call.lang).get(if call.reader { "spoken.on" } else { "spoken.off" });
    Ok(answer.and(reader).with("reader", call.reader))
}

/// Asks the terminal how wide it draws; not for scripts, and not where nobody sees it.
fn ambiguous_width(call: &Call) -> Option<bool> {
    if call.reader || call.json || call.quiet || call.passphrase.no_input || !terminal::present() {
        return None;
    }
    let mut opened = terminal::Terminal::open(false).ok()?;
    let mut input = terminal::Input::open().ok()?;
    // Keys typed meanwhile mean nothing here.
    Some(opened.probe(&mut input, &mut Vec::new()) == Ambiguous::Wide)
}

fn answer(lang: Lang, report: &Report) -> Answer {
    let findings: Vec<Value> = report.findings.iter().map(|f| finding(lang, f)).collect();
    let skipped: Vec<Value> = report.skipped.iter().map(|s| json!({"check": s.word(), "why": s.text(lang)})).collect();
    let mut answer =
        Answer::default().with("healthy", report.healthy()).with("findings", findings).with("skipped", skipped);
    for f in &report.findings {
        let about = if lang == Lang::Ja { &f.about.ja } else { &f.about.en };
        let gap = if about.is_empty() { "" } else { "  " };
        answer = answer.and(format!("[{}] {}{gap}{about}", severity(lang, f.severity()), f.id()));
        answer = answer.and(format!("  {}", f.cause(lang)));
        answer = answer.and(format!("  {}", f.effect(lang)));
        answer = answer.and(format!("  -> {}", f.next(lang)));
    }
    for skipped in &report.skipped {
        answer = answer.and(format!("[-] {}", skipped.text(lang)));
    }
    let last = match (lang, report.healthy()) {
        (Lang::Ja, true) => "することはありません。",
        (Lang::Ja, false) => "上から順に直してください。",
        (Lang::En, true) => "Nothing has to be done.",
        (Lang::En, false) => "Mend these from the top.",
    };
    answer = answer.and(last);
    answer.code = if report.healthy() { 0 } else { 6 };
    answer
}

fn severity(lang: Lang, severity: Severity) -> &'static str {
    match (lang, severity) {
        (Lang::En, severity) => severity.word(),
        (Lang::Ja, Severity::Danger) => "危険",
        (Lang::Ja, Severity::Warning) => "注意",
        (Lang::Ja, Severity::Note) => "参考",
    }
}

fn finding(lang: Lang, f: &Finding) -> Value {
    let about = if lang == Lang::Ja { &f.about.ja } else { &f.about.en };
    json!({"id": f.id(), "severity": f.severity().word(), "about": about, "cause": f.cause(lang),
        "effect": f.effect(lang), "next": f.next(lang)})
}

pub(super) fn export(call: &Call, args: &ExportArgs) -> Result<Answer, Failure> {
    let mut home = call.open()?;
    // What cannot work is said before the question.
    export::check(&home, &args.dir)?;
    let question = match call.lang {
        Lang::Ja => "保管庫の中身すべてを、暗号化せずに書き出します。よければ yes と入力してください",
        Lang::En => "Everything in the store will be written unencrypted. Type yes to go on",
    };
    if !args.yes && call.passphrase.ask(question)? != "yes" {
        return Err(Failure::Place {
            code: "E-EXPORT-UNCONFIRMED",
            ja: "書き出しませんでした。承知のうえなら yes と入力するか、--yes を付けてください。".into(),
            en: "Nothing was written. Type yes, or add --yes, if you mean it.".into(),
        });
    }
    let written = export::write(&mut home, &args.dir)?;
    Ok(Answer::line(args.dir.display().to_string())
        .and(format!("files {} / bytes {}", written.files, written.bytes))
        .with("folder", args.dir.display().to_string())
        .with("files", written.files)
        .with("bytes", written.bytes))
}

pub(super) fn search(call: &Call, args: &SearchArgs) -> Result<Answer, Failure> {
    let text = match args.text.as_deref() {
        None | Some("-") => spoken()?,
        Some(text) => text.to_owned(),
    };
    let home = call.open()?;
    let hits = Index::build(&home.books, &home.packs).find(&find::query(&text));
    let answer = Answer::default();
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for hit in &hits {
        let Some(excerpt) = hit.excerpt(&home.books, &home.packs) else { continue };
        let case = case_of(&home, hit);
        lines.push(format!("{case:10}  {:12}  {}  {}", hit.kind, excerpt.field, excerpt.text));
        rows.push(json!({"record": hit.record.to_string(), "kind": hit.kind, "case": case, "field": excerpt.field,
            "excerpt": excerpt.text}));
    }
    Ok(lines.into_iter().fold(answer, Answer::and).with("count", rows.len()).with("hits", rows))
}

fn case_of(home: &Home, hit: &Hit) -> String {
    let of = |id: Id| home.books.engagements.get(&id).map(|e| e.case_no.clone());
    hit.engagement.and_then(of).unwrap_or_default()
}
